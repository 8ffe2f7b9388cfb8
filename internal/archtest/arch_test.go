package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// project reads every Go file of the project.
func project(t *testing.T) (sources []source) {
	t.Helper()
	fset := token.NewFileSet()
	walk(t, ".go", func(path, text string) {
		f, err := parser.ParseFile(fset, path, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, source{path: path, test: strings.HasSuffix(path, "_test.go"), ast: f, fset: fset, text: text})
	})
	if len(sources) < 20 {
		t.Fatalf("found only %d files: is the root still %s?", len(sources), root)
	}
	return sources
}

// walk calls with the path from the root and the text of each file that ends so.
func walk(t *testing.T, ending string, do func(path, text string)) {
	t.Helper()
	for _, top := range []string{"cmd", "internal", "locales", "migrations", "web"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() && d.Name() == "testdata" {
				if err == nil {
					err = filepath.SkipDir
				}
				return err
			}
			if d.IsDir() || !strings.HasSuffix(path, ending) {
				return nil
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(root, path)
			do(filepath.ToSlash(rel), string(text))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestArrowsAndHabits(t *testing.T) {
	excused := map[string]bool{}
	for _, s := range project(t) {
		for _, rule := range rules {
			for _, breach := range rule(s) {
				breach = s.path + ": " + breach
				if _, ok := exceptions[breach]; ok {
					excused[breach] = true
					continue
				}
				t.Error(breach)
			}
		}
	}
	for breach := range exceptions {
		if !excused[breach] {
			t.Errorf("no longer occurs, so take it out of the exceptions: %s", breach)
		}
	}
}

func TestRoomsImportNoRoomThatImportsThem(t *testing.T) {
	var visit func(room string, above []string)
	visit = func(room string, above []string) {
		if slices.Contains(above, room) {
			t.Errorf("a circle: %s", strings.Join(append(above, room), " → "))
			return
		}
		for _, next := range rooms[room] {
			visit(next, append(slices.Clone(above), room))
		}
	}
	for room := range rooms {
		visit(room, nil)
	}
}

func TestNoRawHTMLInViews(t *testing.T) {
	raw := regexp.MustCompile(`templ\.Raw\(`)
	walk(t, ".templ", func(path, text string) {
		if raw.MatchString(text) {
			t.Errorf("%s: templ.Raw writes what nobody escaped", path)
		}
	})
}

// A view whose source is gone would live on in its generated half.
func TestEachGeneratedViewHasItsSource(t *testing.T) {
	walk(t, "_templ.go", func(path, _ string) {
		if _, err := os.Stat(filepath.Join(root, strings.TrimSuffix(path, "_templ.go")+".templ")); err != nil {
			t.Error(err)
		}
	})
	walk(t, ".templ", func(path, _ string) {
		if _, err := os.Stat(filepath.Join(root, strings.TrimSuffix(path, ".templ")+"_templ.go")); err != nil {
			t.Errorf("run make generate: %v", err)
		}
	})
}

func TestMigrationsRunInATransaction(t *testing.T) {
	seen := 0
	walk(t, ".sql", func(path, text string) {
		if !strings.HasPrefix(path, "migrations/") {
			return
		}
		seen++
		if strings.Contains(strings.ToUpper(text), "NO TRANSACTION") {
			t.Errorf("%s: outside a transaction pgx can run a statement twice", path)
		}
	})
	if seen == 0 {
		t.Error("found no migrations")
	}
}

func TestThePictureShowsEveryPackage(t *testing.T) {
	picture, err := os.ReadFile(filepath.Join(root, "internal/ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, s := range project(t) {
		pkg := strings.TrimPrefix(s.pkg(), "internal/")
		if seen[pkg] {
			continue
		}
		seen[pkg] = true
		if !strings.Contains(string(picture), "`"+pkg+"`") {
			t.Errorf("internal/ARCHITECTURE.md does not speak of `%s`", pkg)
		}
	}
}

// A second look is asked for above these sizes; it is no fault.
func TestSizesAreTold(t *testing.T) {
	const fileLines, functionLines = 400, 60
	for _, s := range project(t) {
		if s.generated() {
			continue
		}
		if n := strings.Count(s.text, "\n"); n > fileLines {
			t.Logf("%s has %d lines", s.path, n)
		}
		for _, d := range s.ast.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && !s.test {
				from, to := s.fset.Position(f.Pos()).Line, s.fset.Position(f.End()).Line
				if to-from > functionLines {
					t.Logf("%s:%d: %s has %d lines", s.path, from, f.Name.Name, to-from)
				}
			}
		}
	}
}
