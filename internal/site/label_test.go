package site

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"jalon/internal/bilingual"
)

// nameless are the fields that must be filled in and that nobody sees, and those
// of forms of which the summary does not tell one field from another: who cannot
// sign in is not told what was wrong.
var nameless = map[string]bool{
	"signInForm.email": true, "signInForm.password": true,
	"decisionForm.mandate": true, "decisionForm.target": true, "noteForm.note_version": true, "evaluationStepForm.from_stage": true,
	"stepForm.from": true, "stepForm.to": true, "confirmForm.name": true, "changeFactorForm.do": true, "translationForm.lang": true,
	"exportForm.kind": true, "exportForm.parameters": true,
	"opinionForm.opinion_lang": true, "opinionReplyForm.reply_lang": true, "conclusionForm.motivation_lang": true,
}

// The summary of errors names the field that it leads to, by words of the catalogues.
func TestFieldsThatMustBeFilledInHaveNames(t *testing.T) {
	seen := 0
	for form, field := range formFields(t) {
		tag := strings.Split(field.Get("form"), ",")
		key := field.Get("label")
		switch required := tag[len(tag)-1] == "required"; {
		case key == "" && required && !nameless[form]:
			t.Errorf("%s must be filled in and has no label", form)
		case key != "":
			seen++
			for _, lang := range bilingual.Langs {
				if words := catalogues().In(lang).T(key); strings.ContainsAny(words, "⟨<{") {
					t.Errorf("%s: the label %s reads %q in %s", form, key, words, lang)
				}
			}
		}
	}
	if seen < 100 {
		t.Errorf("%d labels found, the forms have more", seen)
	}
}

// formFields gives the tags of each field that decode reads, by type and name of the field.
func formFields(t *testing.T) map[string]reflect.StructTag {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]reflect.StructTag{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			structure, ok := spec.Type.(*ast.StructType)
			if !ok {
				return true
			}
			for _, f := range structure.Fields.List {
				if f.Tag == nil {
					continue
				}
				quoted, err := strconv.Unquote(f.Tag.Value)
				if err != nil {
					t.Fatal(err)
				}
				if tag := reflect.StructTag(quoted); tag.Get("form") != "" {
					fields[spec.Name.Name+"."+strings.Split(tag.Get("form"), ",")[0]] = tag
				}
			}
			return true
		})
	}
	return fields
}
