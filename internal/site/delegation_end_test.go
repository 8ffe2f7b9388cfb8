package site

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/store"
)

// The days of a delegation count in Brussels: from midnight on the first day to
// midnight after the last, in winter and on the day on which the clock changes.
func TestADelegationBeginsAndEndsAtMidnightInBrussels(t *testing.T) {
	for name, c := range map[string]struct{ from, until, begins, ends string }{
		"winter":                    {"2026-11-25", "2026-12-31", "2026-11-24T23:00:00Z", "2026-12-31T23:00:00Z"},
		"the last day is 23 hours":  {"2026-11-25", "2027-03-28", "2026-11-24T23:00:00Z", "2027-03-28T22:00:00Z"},
		"the last day is 25 hours":  {"2027-03-29", "2027-10-31", "2027-03-28T22:00:00Z", "2027-10-31T23:00:00Z"},
		"the first day is 25 hours": {"2027-10-31", "2027-11-01", "2027-10-30T22:00:00Z", "2027-11-01T23:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			o := followed(t)
			wantCode(t, "give", o.as("director").post(delegations, giving(set("from", c.from), set("until", c.until))), http.StatusSeeOther)
			for at, want := range map[time.Time]int{
				instant(c.begins).Add(-time.Second): 403, instant(c.begins): 200, instant(c.ends).Add(-time.Second): 200, instant(c.ends): 403,
			} {
				o.mu.Lock()
				o.now = at
				o.mu.Unlock()
				wantCode(t, at.Format(time.RFC3339), o.as("nobody").get("/nl/mandates/LETTER"), want)
			}
		})
	}
}

func instant(s string) time.Time {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return at
}

// Before the first day, after the last one, after it was revoked and after the
// holder has left, no route is open that the delegation opened; nothing is stored.
func TestADelegationThatDoesNotCountOpensNoRoute(t *testing.T) {
	o := delegatedInPart(t)
	o.sql(`INSERT INTO delegation (mandate_id, granted_by, person_id, starts_on, ends_on) SELECT id, $1, $2, '2026-01-01', '2027-12-31' FROM mandate WHERE code = 'ELDERS-A4'`, o.id["director2"], o.id["hr"])
	nobody := strconv.FormatInt(o.id["nobody"], 10)
	states := map[string]string{
		"coming":  `UPDATE delegation SET starts_on = '2026-11-25' WHERE person_id = ` + nobody,
		"ended":   `UPDATE delegation SET starts_on = '2026-01-01', ends_on = '2026-11-23' WHERE person_id = ` + nobody,
		"revoked": `UPDATE delegation SET revoked_at = '2026-11-24T10:59:59Z' WHERE person_id = ` + nobody,
		"left":    `UPDATE tenure SET ends_on = '2026-11-23' WHERE mandate_id = (SELECT id FROM mandate WHERE code = 'LETTER')`, // of the holder
	}
	sample := map[string]string{
		"m": "LETTER", "p": "2026-H2", "code": "S3.2-2", "event": value[string](o, `SELECT id::text FROM event WHERE title = 'Bezoek breed'`), "delegation": value[string](o, `SELECT max(id)::text FROM delegation WHERE person_id = $1`, o.id["nobody"]),
	}
	open := o.as("nobody").reportForm("/nl/mandates/LETTER/report/2026-H2") // before the end, and sent after it
	open.Set("do", "report")
	open.Set("row.S3.2-2.achieved", "te laat")
	for state, sql := range states {
		t.Run(state, func(t *testing.T) {
			o.sql(`UPDATE delegation SET starts_on = '2026-11-24', ends_on = '2026-12-31', revoked_at = NULL WHERE person_id = $1`, o.id["nobody"])
			o.sql(sql)
			before := o.written()
			for _, also := range []string{"", "another delegation"} {
				if also != "" { // who has a delegation elsewhere passes the first door
					o.sql(`UPDATE delegation SET person_id = $1 WHERE mandate_id = (SELECT id FROM mandate WHERE code = 'ELDERS-A4')`, o.id["nobody"])
				}
				b := o.as("nobody")
				for _, rt := range o.routes() {
					if rt.action == "" || !strings.Contains(rt.pattern, "{m}") {
						continue
					}
					path := "/nl" + filledWith(sample, rt.pattern)
					var w *httptest.ResponseRecorder
					if rt.method == http.MethodGet {
						w = b.get(path)
					} else if strings.Contains(rt.pattern, "/report/") {
						w = b.post(path, open)
					} else {
						w = b.post(path, url.Values{"idempotency_key": {uuid.NewString()}})
					}
					if w.Code != http.StatusForbidden && w.Code != http.StatusNotFound && (also == "" || w.Code != http.StatusBadRequest) {
						t.Errorf("%s %s with %q: %d, want 403 or 404", rt.method, path, also, w.Code)
					}
				}
				for _, path := range []string{"/nl/due", "/nl/calendar", "/nl/mandates"} {
					if strings.Contains(b.get(path).Body.String(), "LETTER") {
						t.Errorf("%s with %q: shows the mandate", path, also)
					}
				}
				if home := b.get("/nl/preferences").Body.String(); strings.Contains(home, `/mandates/LETTER"`) || also == "" && strings.Contains(home, `href="/nl/due"`) {
					t.Errorf("with %q the menu leads there", also)
				}
			}
			o.sql(`UPDATE delegation SET person_id = $1 WHERE mandate_id = (SELECT id FROM mandate WHERE code = 'ELDERS-A4')`, o.id["hr"])
			if now := o.written(); now != before {
				t.Errorf("written: %v, before %v", now, before)
			}
			o.sql(`UPDATE tenure SET ends_on = '2029-09-30' WHERE mandate_id = (SELECT id FROM mandate WHERE code = 'LETTER')`)
		})
	}
}

func filledWith(values map[string]string, pattern string) string {
	return parameter.ReplaceAllStringFunc(pattern, func(p string) string {
		m := parameter.FindStringSubmatch(p)
		if v, known := values[m[1]]; known {
			return v
		}
		if v, known := sample[m[1]]; known {
			return v
		}
		return m[2]
	})
}

// A delegate reports and nothing else, and says for whom.
func TestWhatADelegateNeverDoes(t *testing.T) {
	o := delegatedInPart(t)
	wantCode(t, "to the whole mandate", o.as("director").post(delegations, giving(whole, set("email", "delegate@jalon.example"))), http.StatusSeeOther)
	for _, name := range []string{"nobody", "delegate"} {
		b := o.as(name)
		for _, path := range []string{
			"/targets/S3.2-2/deadline", "/monitoring/2026-H2/seal", "/delegations",
		} {
			wantCode(t, path+" as "+name, b.get("/nl/mandates/LETTER"+path), http.StatusForbidden)
			wantCode(t, path+" as "+name, b.post("/nl/mandates/LETTER"+path, url.Values{"idempotency_key": {uuid.NewString()}}), http.StatusForbidden)
		}
		account, err := o.Store.Account(store.AsSystem(t.Context()), o.id[name])
		if err != nil {
			t.Fatal(err)
		}
		object := access.Object{MandateID: value[int64](o, `SELECT id FROM mandate WHERE code = 'LETTER'`), InstitutionID: value[int64](o, `SELECT id FROM institution WHERE code = 'ACTIRIS'`)}
		for _, action := range []access.Action{access.ImportLetter, access.ConfirmReading, access.AmendLetter, access.SealTable, access.GiveDelegation, access.ViewDelegations, access.WaiveDuty, access.ViewEvaluation, access.ManageEvaluation} {
			if got := access.Decide(account.Viewer, calendar.DateOf(noon), action, object); got != access.Forbidden {
				t.Errorf("%s may %s: %d", name, action, got)
			}
		}
	}
	const words = "Naam delegate voor Naam director"
	for _, path := range []string{"/nl/mandates/LETTER", "/nl/mandates/LETTER/targets/S3.2-2", "/nl/mandates/LETTER/report/2026-H2", "/nl/mandates/LETTER/monitoring/2026-H2"} {
		if !strings.Contains(o.as("director").get(path).Body.String(), words) {
			t.Errorf("%s does not say %q", path, words)
		}
		french := strings.Replace(path, "/nl/", "/fr/", 1)
		if !strings.Contains(o.as("director").get(french).Body.String(), "Naam delegate pour Naam director") {
			t.Errorf("%s does not say for whom", french)
		}
	}
}
