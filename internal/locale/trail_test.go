package locale

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/trail"
)

// actions gives every action that the program writes into the audit trail, with
// the file that does: what is assigned to a field Action of an Event or a
// Submission, or named when a form is read.
func actions(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, root := range []string{"../../cmd", "../../internal"} {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "/testing/") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				for _, e := range actionsOf(n) {
					if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
						action, err := strconv.Unquote(lit.Value)
						if err != nil {
							t.Fatal(err)
						}
						found[action] = path
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// naming are the functions that take the name of an action, and at which place.
var naming = map[string]int{"submission": 1, "button": 0, "openDutyForm": 4}

func actionsOf(n ast.Node) (found []ast.Expr) {
	switch n := n.(type) {
	case *ast.CompositeLit:
		name := ""
		switch t := n.Type.(type) {
		case *ast.Ident:
			name = t.Name
		case *ast.SelectorExpr:
			name = t.Sel.Name
		}
		if name != "Event" && name != "Submission" {
			return nil
		}
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok && isNamed(kv.Key, "Action") {
				found = append(found, kv.Value)
			}
		}
	case *ast.CallExpr:
		name := ""
		switch f := n.Fun.(type) {
		case *ast.Ident:
			name = f.Name
		case *ast.SelectorExpr:
			name = f.Sel.Name
		}
		if at, ok := naming[name]; ok && at < len(n.Args) {
			found = append(found, n.Args[at])
		}
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			sel, ok := left.(*ast.SelectorExpr)
			if i < len(n.Rhs) && (ok && sel.Sel.Name == "Action" || isNamed(left, "action")) {
				found = append(found, n.Rhs[i])
			}
		}
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if strings.HasPrefix(name.Name, "Action") && i < len(n.Values) {
				found = append(found, n.Values[i])
			}
		}
	}
	return found
}

func isNamed(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

// What the trail says, a reader can understand: also what was written by a part
// of the program that is new.
func TestEveryActionOfTheTrailHasWords(t *testing.T) {
	all := actions(t)
	for _, known := range []string{"seal table", "sign in", "refused", "drop held mail", "disable person", "grant role", "read dossier"} {
		if all[known] == "" {
			t.Errorf("%q is not found in the code", known)
		}
	}
	for _, lang := range bilingual.Langs {
		p := MustLoad().In(lang)
		for action, path := range all {
			key := "audit.did." + strings.NewReplacer(" ", "_", "-", "_").Replace(action)
			if !p.Has(key) {
				t.Errorf("%s: %s writes %q, which has no words: %s", lang, path, action, key)
			}
		}
	}
}

func TestEveryFindingOfTheTrailHasWords(t *testing.T) {
	for _, lang := range bilingual.Langs {
		p := MustLoad().In(lang)
		for _, kind := range trail.Kinds {
			for _, f := range []trail.Finding{{Kind: kind, Seq: 3, EventID: 17}, {Kind: kind, Seq: 3, Until: 5}, {Kind: kind}} {
				words := p.TrailFinding(f)
				if strings.Contains(words, "⟨") || strings.Contains(words, "no value") {
					t.Errorf("%s %+v: %q", lang, f, words)
				}
			}
		}
	}
}
