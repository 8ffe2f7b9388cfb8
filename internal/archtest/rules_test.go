// Package archtest holds the arrows of the house as tests: which room may
// import which, and the habits that keep them apart. internal/ARCHITECTURE.md
// draws the same picture.
package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// core packages are pure: no HTTP, no SQL, no files, no clock of their own.
var core = []string{
	"internal/bilingual", "internal/calendar", "internal/deadline", "internal/mandate", "internal/duty",
	"internal/progress", "internal/indicator", "internal/scoreboard", "internal/chart", "internal/monitoring", "internal/trail", "internal/evaluation", "internal/access", "internal/onetime", "internal/evidence", "internal/search",
}

// rooms stand around the core. Each may import the core and what is listed here.
var rooms = map[string][]string{
	"internal/intake":        {},
	"internal/letter":        {"internal/intake"},
	"internal/eventlist":     {"internal/intake", "internal/locale"},
	"internal/reportlist":    {"internal/intake", "internal/locale"},
	"internal/valuelist":     {"internal/intake", "internal/locale"},
	"internal/document":      {},
	"internal/locale":        {"locales"},
	"internal/shelf":         {},
	"internal/archive":       {},
	"internal/report":        {"internal/archive", "internal/document", "internal/locale"},
	"internal/store":         {"internal/store/db", "migrations"},
	"internal/store/db":      {},
	"internal/store/localpg": {},
	"internal/sso":           {},
	"internal/demo":          {"internal/document", "internal/letter", "internal/shelf", "internal/store"},
	"internal/generate":      {"internal/store"},
	"internal/job":           {"internal/locale", "internal/report", "internal/shelf", "internal/store"},
	"internal/qr":            {},
	"internal/secret":        {},
	"internal/site":          {"internal/document", "internal/eventlist", "internal/intake", "internal/letter", "internal/locale", "internal/qr", "internal/report", "internal/reportlist", "internal/secret", "internal/shelf", "internal/sso", "internal/store", "internal/valuelist", "web"},
	"web":                    {"internal/locale"},
	"locales":                {},
	"migrations":             {},
	"internal/archtest":      {},
}

// coreModules are the pure libraries that the core may use.
var coreModules = []string{
	"github.com/shopspring/decimal", "github.com/rickar/cal/v2", "github.com/teambition/rrule-go",
	"github.com/gowebpki/jcs", "aead.dev/minisign", "golang.org/x/text", "github.com/gabriel-vasile/mimetype",
}

// notInCore are the parts of the standard library that reach outside.
var notInCore = []string{"net", "net/http", "database/sql", "os", "os/exec", "os/user", "os/signal", "log", "log/slog", "flag", "syscall", "html/template"}

// exceptions are breaches with a reason. One that no longer occurs fails the test.
var exceptions = map[string]string{
	"internal/monitoring/key.go: core imports os":                           "the sealing key is a file, and is read, checked and made in one place",
	"internal/site/problem.go: SQL outside the store: pgx/v5/pgconn import": "turns the refusals of PostgreSQL into pages, in one place",
}

// source is one Go file of the project.
type source struct {
	path string // from the root of the project
	test bool
	ast  *ast.File
	fset *token.FileSet
	text string
}

func (s source) pkg() string     { return path.Dir(s.path) }
func (s source) generated() bool { return ast.IsGenerated(s.ast) }
func (s source) inCore() bool    { return slices.Contains(core, s.pkg()) }
func (s source) forTests() bool  { return s.test || strings.HasPrefix(s.path, "internal/testing/") }
func (s source) command() bool   { return strings.HasPrefix(s.path, "cmd/") }

func (s source) imports() (paths []string) {
	for _, i := range s.ast.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			panic(err) // the parser has read it
		}
		paths = append(paths, p)
	}
	return paths
}

// rules each give the breaches of one file.
var rules = []func(source) []string{arrows, pureCore, sqlInStore, environment, rawHTML, names, noSkips, database, noInit}

func arrows(s source) (breaches []string) {
	if s.forTests() || s.command() {
		return nil // these may know every room; that no room knows them, the rooms' own lists say
	}
	allowed, known := rooms[s.pkg()]
	if !known && !s.inCore() {
		return []string{"package without a place: give it one in rooms, and in ARCHITECTURE.md"}
	}
	for _, p := range s.imports() {
		inner, ours := strings.CutPrefix(p, "jalon/")
		if ours && !slices.Contains(core, inner) && !slices.Contains(allowed, inner) {
			breaches = append(breaches, "arrow against the house: imports "+inner)
		}
	}
	return breaches
}

func pureCore(s source) (breaches []string) {
	if s.test || !s.inCore() {
		return nil
	}
	for _, p := range s.imports() {
		first, _, _ := strings.Cut(p, "/")
		switch {
		case slices.Contains(notInCore, p):
			breaches = append(breaches, "core imports "+p)
		case strings.Contains(first, ".") && !slices.ContainsFunc(coreModules, func(m string) bool { return p == m || strings.HasPrefix(p, m+"/") }):
			breaches = append(breaches, "core imports "+p)
		}
	}
	for _, call := range []string{"Now", "Since", "Until"} {
		if uses(s, "time", call) {
			breaches = append(breaches, "core reads the clock: time."+call)
		}
	}
	return breaches
}

var (
	databaseModules = regexp.MustCompile(`^(database/sql|github\.com/jackc/(pgx/v5.*)|github\.com/pressly/goose/v3.*)$`)
	statement       = regexp.MustCompile(`(?s)^\s*(SELECT\s.*\sFROM\s|INSERT INTO\s|UPDATE\s\S+\sSET\s|DELETE FROM\s|WITH\s\S+\sAS\s*\(|CREATE (TABLE|INDEX|ROLE)\s)`)
)

func sqlInStore(s source) (breaches []string) {
	if s.test || s.command() || s.forTests() || s.pkg() == "internal/job" || strings.HasPrefix(s.path, "internal/store/") {
		return nil
	}
	for _, p := range s.imports() {
		if databaseModules.MatchString(p) {
			breaches = append(breaches, "SQL outside the store: "+strings.TrimPrefix(p, "github.com/jackc/")+" import")
		}
	}
	ast.Inspect(s.ast, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && len(lit.Value) > 1 && statement.MatchString(lit.Value[1:]) {
			breaches = append(breaches, fmt.Sprintf("SQL outside the store: %.40s…", lit.Value))
		}
		return true
	})
	return breaches
}

// environment: settings are read in cmd and handed down. The launcher of
// PostgreSQL passes the environment on without reading it.
func environment(s source) (breaches []string) {
	if s.command() || s.forTests() {
		return nil
	}
	for _, call := range []string{"Getenv", "LookupEnv", "Environ", "ExpandEnv"} {
		if uses(s, "os", call) && (call != "Environ" || s.pkg() != "internal/store/localpg") {
			breaches = append(breaches, "reads the environment below cmd: os."+call)
		}
	}
	return breaches
}

func rawHTML(s source) []string {
	if !s.test && !s.generated() && uses(s, "templ", "Raw") {
		return []string{"templ.Raw writes what nobody escaped"}
	}
	return nil
}

var vagueNames = []string{"util", "utils", "common", "helper", "helpers", "manager", "service", "services", "misc", "base"}

func names(s source) (breaches []string) {
	file := strings.TrimSuffix(strings.TrimSuffix(path.Base(s.path), ".go"), "_test")
	for _, name := range []string{s.ast.Name.Name, path.Base(s.pkg()), file} {
		if slices.Contains(vagueNames, name) {
			breaches = append(breaches, "a name that says nothing: "+name)
		}
	}
	return breaches
}

// noSkips: a test that skips itself where something is missing reports
// success. (A property may still discard a drawn case: that is rapid's Skip.)
func noSkips(s source) (breaches []string) {
	if !s.forTests() {
		return nil
	}
	drawn := map[string]bool{}
	ast.Inspect(s.ast, func(n ast.Node) bool {
		if f, ok := n.(*ast.FuncType); ok {
			for _, p := range f.Params.List {
				if star, ok := p.Type.(*ast.StarExpr); ok && isSelector(star.X, "rapid", "T") {
					for _, name := range p.Names {
						drawn[name.Name] = true
					}
				}
			}
		}
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		on, _ := sel.X.(*ast.Ident)
		switch {
		case on == nil || drawn[on.Name]:
		case sel.Sel.Name == "Skip" || sel.Sel.Name == "Skipf" || sel.Sel.Name == "SkipNow":
			breaches = append(breaches, "a test that can skip itself")
		case on.Name == "testing" && sel.Sel.Name == "Short":
			breaches = append(breaches, "a test that is shorter than it says")
		}
		return true
	})
	return breaches
}

// database: with pgx 5.12 the simple protocol can run a statement twice, and
// several migrating processes collide without the session lock.
func database(s source) (breaches []string) {
	if s.pkg() == "internal/archtest" {
		return nil
	}
	if strings.Contains(s.text, "simple_protocol") || strings.Contains(s.text, "QueryExecModeSimpleProtocol") {
		breaches = append(breaches, "the simple protocol of pgx")
	}
	if !s.test && strings.Contains(s.text, "goose.NewProvider(") && !strings.Contains(s.text, "goose.WithSessionLocker(") {
		breaches = append(breaches, "goose without its session lock")
	}
	return breaches
}

func noInit(s source) []string {
	for _, d := range s.ast.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
			return []string{"work in init"}
		}
	}
	return nil
}

// uses reports whether the file mentions pkg.name.
func uses(s source, pkg, name string) (found bool) {
	ast.Inspect(s.ast, func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok && isSelector(e, pkg, name) {
			found = true
		}
		return !found
	})
	return found
}

func isSelector(e ast.Expr, pkg, name string) bool {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != name {
		return false
	}
	on, ok := sel.X.(*ast.Ident)
	return ok && on.Name == pkg
}
