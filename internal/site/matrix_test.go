package site

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/demo"
	"jalon/internal/store"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The mandate that everybody below stands in some relation to, and one of
// another institution that none of them has to do with, but for the last two.
const (
	ownMandate     = "ACTIRIS-A4-EL"
	foreignMandate = "VOORBEELD-A4P-LD"
)

// persona is one relation to the mandate: who they are is made with SQL, in
// which $1 stands for the person, $2 for the mandate, $3 for its institution and $4 for its holder.
type persona struct{ name, sql string }

const (
	holds     = `INSERT INTO tenure (mandate_id, person_id, starts_on, ends_on) VALUES ($2, $1, %s)`
	delegated = `INSERT INTO delegation (mandate_id, granted_by, person_id, starts_on, ends_on, revoked_at) VALUES ($2, $4, $1, %s)`
	granted   = `INSERT INTO role_grant (person_id, role, institution_id, starts_on, ends_on) VALUES ($1, '%s', %s)`
	named     = `INSERT INTO evaluator (mandate_id, evaluation_id, person_id, starts_on, ends_on, named_by) SELECT mandate_id, id, $1, %s, $1 FROM evaluation WHERE mandate_id = $2`
)

// Spells around noon of 24 November 2026.
const (
	inPast   = `'2025-01-01', '2026-11-23'`
	atNoon   = `'2026-01-01', '2026-11-24'`
	inFuture = `'2026-11-25', '2027-12-31'`
)

var personas = []persona{
	{"nobody", ""},
	{"former holder", fmt.Sprintf(holds, `'2015-01-01', '2019-12-31'`)},
	{"delegate", fmt.Sprintf(delegated, atNoon+`, NULL`)},
	{"former delegate", fmt.Sprintf(delegated, inPast+`, NULL`)},
	{"coming delegate", fmt.Sprintf(delegated, inFuture+`, NULL`)},
	{"revoked delegate", fmt.Sprintf(delegated, atNoon+`, '2026-11-24 08:00+01'`)},
	{"committee", fmt.Sprintf(granted, access.CommitteeMember, `$3, `+atNoon)},
	{"strategic committee", `INSERT INTO role_grant (person_id, role, institution_id, body_id, starts_on, ends_on) SELECT $1, 'committee_member', $3, id, ` + atNoon + ` FROM body WHERE institution_id = $3 AND code = 'CSO'`},
	{"former committee", fmt.Sprintf(granted, access.CommitteeMember, `$3, `+inPast)},
	{"secretary", fmt.Sprintf(granted, access.Secretary, `$3, `+atNoon)},
	{"coming secretary", fmt.Sprintf(granted, access.Secretary, `$3, `+inFuture)},
	{"hr", fmt.Sprintf(granted, access.HROfficer, `$3, `+atNoon)},
	{"former hr", fmt.Sprintf(granted, access.HROfficer, `$3, `+inPast)},
	{"evaluator", fmt.Sprintf(named, atNoon)},
	{"former evaluator", fmt.Sprintf(named, inPast)},
	{"administrator", fmt.Sprintf(granted, access.Administrator, `NULL, `+atNoon)},
	{"former administrator", fmt.Sprintf(granted, access.Administrator, `NULL, `+inPast)},
}

// region is the example office with one person for every relation.
type region struct {
	*office
	browsers map[string]*browser
	ids      map[string]int64
	objects  map[string]access.Object // by the code of the mandate
	samples  map[string]map[string]string
}

func newRegion(t *testing.T) *region {
	o := newOfficeWith(t, func(o *office) {
		if _, err := demo.Load(store.AsSystem(t.Context()), o.Store, o.Shelf, o.Signer, noon, func(string) string { return passwordHash() }); err != nil {
			t.Fatal(err)
		}
	}, withDoor)
	r := &region{office: o, browsers: map[string]*browser{"": o.browser()}, ids: map[string]int64{}, objects: map[string]access.Object{}, samples: map[string]map[string]string{}}
	for _, code := range []string{ownMandate, foreignMandate} {
		object, _, err := o.Store.MandateObject(store.AsSystem(t.Context()), code)
		if err != nil {
			t.Fatal(err)
		}
		r.objects[code] = object
	}
	own := r.objects[ownMandate]
	today := calendar.DateOf(noon)
	holder := value[int64](o, `SELECT person_id FROM tenure WHERE mandate_id = $1 AND starts_on <= $2 AND (ends_on IS NULL OR ends_on >= $2)`, own.MandateID, today)
	o.sql(`INSERT INTO evaluation (mandate_id, tenure_id, kind, starts_on, ends_on, planned_on, created_by, lang)
		SELECT mandate_id, id, 'final', starts_on, '2026-12-31', '2027-01-15', person_id, 'nl' FROM tenure t
		WHERE NOT EXISTS (SELECT FROM evaluation e WHERE e.mandate_id = t.mandate_id) AND starts_on <= $1 AND (ends_on IS NULL OR ends_on >= $1)`, today)
	sum, err := o.Shelf.Put([]byte("proof"))
	if err != nil {
		t.Fatal(err)
	}
	o.sql(`WITH a AS (
			INSERT INTO duty_answer (mandate_id, target_id, due, timing, done_on, lang, author_id, files)
			SELECT DISTINCT ON (g.mandate_id) g.mandate_id, g.id, DATE '2024-01-01', 'date', DATE '2024-01-01', 'nl', t.person_id, 1
			FROM target g JOIN tenure t USING (mandate_id) ORDER BY g.mandate_id, g.id RETURNING *)
		INSERT INTO evidence (mandate_id, target_id, answer_id, sha256, size, kind, name, confidential, added_by, added_at)
		SELECT mandate_id, target_id, id, decode($1, 'hex'), 5, 'txt', 'bewijs.txt', false, author_id, now() FROM a`, sum)
	// a scoreboard of the Directieraad with an indicator of the mandate, and a measure about it
	o.sql(`WITH b AS (INSERT INTO scoreboard (body_id, code) SELECT id, 'S1-1' FROM body WHERE institution_id = $1 AND code = 'DR' RETURNING id),
		v AS (INSERT INTO scoreboard_version (scoreboard_id, valid_from, name_nl, name_fr, check_every, recorded_by, recorded_at) SELECT id, '2026-01-01', 'x', 'x', 'yearly', $2, now() FROM b RETURNING id)
		INSERT INTO scoreboard_item (version_id, mandate_id, indicator_id, position) SELECT v.id, i.mandate_id, i.id, 1 FROM v, indicator i WHERE i.mandate_id = $3 AND i.code = 'S1-1'`, own.InstitutionID, holder, own.MandateID)
	r.ids["holder"] = holder
	r.ids["holder elsewhere"] = value[int64](o, `SELECT person_id FROM tenure WHERE mandate_id = $1 AND starts_on <= $2 AND (ends_on IS NULL OR ends_on >= $2)`, r.objects[foreignMandate].MandateID, today)
	for _, p := range personas {
		address := strings.ReplaceAll(p.name, " ", "-")
		id := value[int64](o, `INSERT INTO person (email, name, lang, password_hash) VALUES ($1, $2, 'nl', $3) RETURNING id`, address+"@matrix.jalon.example", "Naam "+p.name, passwordHash())
		r.ids[p.name] = id
		if p.sql != "" {
			o.sql(strings.NewReplacer("$1", num(id), "$2", num(own.MandateID), "$3", num(own.InstitutionID), "$4", num(holder)).Replace(p.sql))
		}
	}
	for who, id := range r.ids {
		r.browsers[who] = o.signedIn(value[string](o, `SELECT email FROM person WHERE id = $1`, id))
	}
	for code, object := range r.objects {
		r.samples[code] = r.sampleOf(code, object)
	}
	return r
}

var (
	codeParameter = regexp.MustCompile(`/(objectives|targets|indicators)/\{code`)
	firstDutyLink = regexp.MustCompile(`/duties/([^"?#]+)`)
)

// sampleOf finds an object of a mandate for each parameter of an address.
func (r *region) sampleOf(code string, o access.Object) map[string]string {
	number := func(sql string) string {
		return strconv.FormatInt(value[int64](r.office, `SELECT COALESCE((`+sql+`), 987654321)`, o.MandateID), 10)
	}
	s := map[string]string{
		"m": code, "p": "2026-H2", "objectives": "T4", "targets": "T4.7-1", "indicators": "S1-1", "kind": "meeting",
		"event":       number(`SELECT min(id) FROM event WHERE mandate_id = $1`),
		"evidence":    number(`SELECT min(id) FROM evidence WHERE mandate_id = $1`),
		"evaluation":  number(`SELECT min(id) FROM evaluation WHERE mandate_id = $1`),
		"evaluator":   number(`SELECT min(id) FROM evaluator WHERE mandate_id = $1`),
		"delegation":  number(`SELECT min(id) FROM delegation WHERE mandate_id = $1`),
		"tenure":      number(`SELECT min(id) FROM tenure WHERE mandate_id = $1`),
		"person":      number(`SELECT min(person_id) FROM tenure WHERE mandate_id = $1`),
		"question":    number(`SELECT min(id) FROM decision WHERE mandate_id = $1 AND kind = 'asks'`),
		"addressee":   number(`SELECT min(id) FROM addressee WHERE mandate_id = $1`),
		"measure":     number(`SELECT min(id) FROM measure WHERE mandate_id = $1`),
		"grant":       number(`SELECT max(r.id) FROM role_grant r JOIN mandate m ON m.institution_id = r.institution_id WHERE m.id = $1`),
		"document":    number(`SELECT min(id) FROM evaluation_document WHERE mandate_id = $1`),
		"version":     number(`SELECT min(number) FROM activity_report WHERE mandate_id = $1`),
		"institution": value[string](r.office, `SELECT i.code FROM institution i JOIN mandate m ON m.institution_id = i.id WHERE m.id = $1`, o.MandateID),
	}
	holder := "holder"
	if code == foreignMandate {
		holder = "holder elsewhere"
	}
	due := r.browsers[holder].get("/nl/due")
	if m := firstDutyLink.FindStringSubmatch(due.Body.String()); m != nil {
		s["duty"] = m[1]
	}
	return s
}

// address fills the parameters of a pattern with objects of one mandate.
func (r *region) address(t *testing.T, pattern, mandate string) string {
	t.Helper()
	kind := ""
	if m := codeParameter.FindStringSubmatch(pattern); m != nil {
		kind = m[1]
	}
	return "/nl" + parameter.ReplaceAllStringFunc(pattern, func(p string) string {
		m := parameter.FindStringSubmatch(p)
		name := m[1]
		if name == "code" && kind != "" {
			name = kind
		}
		if name == "body" && strings.HasPrefix(pattern, "/bodies/{body}/mandates/") {
			return "ACTIRIS-CSO" // the other one gets everything, and has no table but the whole
		}
		if v, ok := r.samples[mandate][name]; ok {
			return v
		}
		if v, ok := sample[name]; ok {
			return v
		}
		if m[2] == "" {
			t.Errorf("%s: give its parameter %s a sample", pattern, name)
		}
		return m[2]
	})
}

func num(n int64) string { return strconv.FormatInt(n, 10) }

// verdict is what an answer says of a right: in, or why not.
func verdict(w *httptest.ResponseRecorder) string {
	switch {
	case w.Code == http.StatusSeeOther && strings.HasPrefix(w.Header().Get("Location"), "/nl/login"):
		return "sign-in"
	case w.Code == http.StatusForbidden:
		return "403"
	case w.Code == http.StatusNotFound:
		return "404"
	case w.Code >= 500 || w.Code == http.StatusTooManyRequests:
		return fmt.Sprintf("FAULT %d", w.Code)
	}
	return "in"
}

// Every route is asked by everybody: the holder, people with every other
// relation to the mandate in the past, now and in the future, and strangers; for
// an object of the mandate and for one of a mandate elsewhere. What they get is
// written down in testdata/matrix.tsv, to be read by people; and whoever gets in
// is somebody whom the table of rights lets in. A new route is a new line there.
func TestEveryRouteForEveryRelation(t *testing.T) {
	r := newRegion(t)
	columns := []string{"", "holder", "holder elsewhere"}
	for _, p := range personas {
		columns = append(columns, p.name)
	}
	var lines []string
	before := r.rows()
	for _, rt := range r.routes() {
		if rt.action == "" {
			continue // open to everybody, or to whoever knows a secret
		}
		for _, mandate := range []string{ownMandate, foreignMandate} {
			path := r.address(t, rt.pattern, mandate)
			if mandate == foreignMandate && path == r.address(t, rt.pattern, ownMandate) {
				continue // is about no mandate
			}
			got := map[string][]string{}
			for _, who := range columns {
				answer := verdict(r.ask(who, rt, path))
				got[answer] = append(got[answer], orAnonymous(who))
				r.compare(t, who, rt, mandate, path, answer)
			}
			where := "here"
			if mandate == foreignMandate {
				where = "elsewhere"
			}
			lines = append(lines, strings.Join([]string{rt.method, rt.pattern, where, string(rt.action), summary(got)}, "\t"))
		}
	}
	for table, n := range r.rows() {
		if n != before[table] {
			t.Errorf("%s: %d rows, %d before: somebody changed something by asking", table, n, before[table])
		}
	}
	golden(t, "matrix.tsv", "method\tpage\tobject\taction\tgets in\tfinds nothing (everybody else: forbidden)\n"+strings.Join(lines, "\n")+"\n")
}

func (r *region) ask(who string, rt route, path string) *httptest.ResponseRecorder {
	b := r.browsers[who]
	if rt.method == http.MethodGet {
		return b.get(path)
	}
	return b.post(path, url.Values{"idempotency_key": {"no key"}})
}

// compare holds an answer against the table of rights. Who is let in must be
// allowed; who is not let in must not be, unless the page asks for more than a
// right, such as an object that has another state.
func (r *region) compare(t *testing.T, who string, rt route, mandate, path, answer string) {
	t.Helper()
	if strings.HasPrefix(answer, "FAULT") {
		t.Errorf("%s %s as %q: %s", rt.method, path, who, answer)
	}
	if who == "" {
		if answer != "sign-in" {
			t.Errorf("%s %s: a stranger gets %s", rt.method, path, answer)
		}
		return
	}
	account, err := r.Store.Account(store.AsSystem(t.Context()), r.ids[who])
	if err != nil {
		t.Fatal(err)
	}
	object := access.Object{}
	if strings.Contains(rt.pattern, "{m}") {
		object = r.objects[mandate]
	}
	decision := access.Decide(account.Viewer, calendar.DateOf(noon), rt.action, object)
	anywhere := access.Decide(account.Viewer, calendar.DateOf(noon), rt.action, access.Object{})
	switch {
	case answer == "in" && decision != access.Allowed:
		t.Errorf("%s %s: %s gets in, and may not %s", rt.method, path, who, rt.action)
	case answer == "403" && decision == access.Allowed && (object != access.Object{} || access.ScopeOf(account.Viewer, calendar.DateOf(noon), rt.action).All):
		t.Errorf("%s %s: %s is forbidden what the table allows", rt.method, path, who)
	case answer == "403" && decision == access.Hidden && anywhere == access.Allowed:
		t.Errorf("%s %s: %s is told that it exists", rt.method, path, who)
	}
}

func orAnonymous(who string) string {
	if who == "" {
		return "anonymous"
	}
	return who
}

// summary names who gets in and who is told that there is nothing. Everybody
// else is forbidden (403); a stranger is asked to sign in.
func summary(got map[string][]string) string {
	return strings.Join(got["in"], ", ") + "\t" + strings.Join(got["404"], ", ")
}

// golden compares a text with a file of testdata, or writes it anew.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("testdata/%s (-want, +got):\n%s", name, diff)
	}
}
