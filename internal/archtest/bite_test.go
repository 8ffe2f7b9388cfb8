package archtest

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// Each rule must see the breach that it is for, and leave the neighbour alone.
func TestRulesBite(t *testing.T) {
	for _, tc := range []struct {
		path, body string
		want       string // part of the one breach; empty: none
	}{
		{"internal/progress/x.go", `import "jalon/internal/calendar"`, ""},
		{"internal/progress/x.go", `import "jalon/internal/store"`, "arrow against the house"},
		{"internal/progress/x.go", `import "net/http"`, "core imports net/http"},
		{"internal/calendar/x.go", `import "database/sql/driver"`, ""},
		{"internal/progress/x.go", `import "github.com/go-chi/chi/v5"`, "core imports github.com/go-chi"},
		{"internal/progress/x.go", `import "github.com/shopspring/decimal"`, ""},
		{"internal/progress/x.go", `import "time"; var x = time.Now()`, "reads the clock"},
		{"internal/site/x.go", `import "time"; var x = time.Now()`, ""},
		{"internal/progress/x_test.go", `import "os"`, ""},
		{"web/x.go", `import "jalon/internal/store"`, "arrow against the house"},
		{"web/x.go", `import "jalon/internal/site"`, "arrow against the house"},
		{"internal/store/x.go", `import "jalon/internal/site"`, "arrow against the house"},
		{"internal/site/x.go", `import "jalon/internal/testing/pgtest"`, "arrow against the house"},
		{"internal/site/x.go", `import "github.com/jackc/pgx/v5/pgxpool"`, "SQL outside the store"},
		{"internal/store/x.go", `import "github.com/jackc/pgx/v5/pgxpool"`, ""},
		{"internal/site/x.go", "const q = `\n\tSELECT id\n\tFROM mandate`", "SQL outside the store"},
		{"internal/site/x.go", "const q = `UPDATE mandate SET version = 1`", "SQL outside the store"},
		{"internal/site/x.go", `const q = "select a file from your computer"`, ""},
		{"internal/letter/x.go", `import "os"; var x = os.Getenv("HOME")`, "reads the environment"},
		{"internal/store/localpg/x.go", `import "os"; var x = os.Environ()`, ""},
		{"cmd/jalon/x.go", `import "os"; var x = os.Getenv("LANG")`, ""},
		{"web/x.go", `import "github.com/a-h/templ"; var x = templ.Raw("<b>")`, "templ.Raw"},
		{"internal/newroom/x.go", ``, "package without a place"},
		{"internal/site/util.go", ``, "says nothing"},
		{"internal/site/x_test.go", `import "testing"; func TestX(t *testing.T) { t.Skip("no browser") }`, "skip itself"},
		{"internal/testing/browser/x.go", `import "testing"; func New(t testing.TB) { t.Skipf("no browser") }`, "skip itself"},
		{"internal/site/x_test.go", `import "testing"; var x = testing.Short()`, "shorter than it says"},
		{"internal/site/x_test.go", `import "pgregory.net/rapid"; func x(r *rapid.T) { r.Skip() }`, ""},
		{"internal/store/x.go", `const x = "default_query_exec_mode=simple_protocol"`, "simple protocol"},
		{"internal/store/x.go", `import "github.com/pressly/goose/v3"; var x, _ = goose.NewProvider(a, b, c)`, "session lock"},
		{"internal/site/x.go", `func init() {}`, "work in init"},
	} {
		pkg := "package x\n"
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, tc.path, pkg+tc.body, parser.ParseComments)
		if err != nil {
			t.Fatalf("%s: %v", tc.body, err)
		}
		s := source{path: tc.path, test: strings.HasSuffix(tc.path, "_test.go"), ast: f, fset: fset, text: pkg + tc.body}
		var got []string
		for _, rule := range rules {
			got = append(got, rule(s)...)
		}
		if tc.want == "" && len(got) != 0 || tc.want != "" && (len(got) != 1 || !strings.Contains(got[0], tc.want)) {
			t.Errorf("%s: %s\n got %q\nwant %q", tc.path, tc.body, got, tc.want)
		}
	}
}
