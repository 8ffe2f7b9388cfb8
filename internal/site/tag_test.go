package site

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"jalon/internal/calendar"
	"jalon/internal/store"
)

// having asks for a page as a browser does that has it with an ETag.
func (b *browser) having(tag, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("If-None-Match", tag)
	return b.send(r)
}

// overMany are the pages that are known by the state of their scope.
var overMany = []string{
	"/nl/overview", "/fr/overview?institution=ACTIRIS&sort=name", "/nl/overview?body=ACTIRIS-DR&changed=1", "/nl/overview?asof=2026-10-01", "/nl/overview?known=2026-11-20",
	"/nl/overview/targets?show=silent", "/nl/overview/objectives/T4", "/nl/overview/changes?since=2026-07-01",
}

type write struct {
	name string
	do   func() *httptest.ResponseRecorder
}

// writes are what changes a page over many mandates, each by the way that leads to it.
func (o *office) writes() []write {
	const letter = "/nl/mandates/LETTER"
	post := func(who, path string, form url.Values) func() *httptest.ResponseRecorder {
		return func() *httptest.ResponseRecorder { return o.as(who).post(path, key(form)) }
	}
	byHand := func(sql string) func() *httptest.ResponseRecorder {
		return func() *httptest.ResponseRecorder { o.sql(sql); return nil }
	}
	return []write{
		{"a report", func() *httptest.ResponseRecorder {
			b := o.as("director")
			return b.post(reportPage, b.reportForm(reportPage))
		}},
		{"a question", post("secretary", "/nl/bodies/ACTIRIS-DR/meeting/2026-H1", deciding("S1.1-1", "asks", "Hoe komt dat?", "15/12/2026"))},
		{"a deadline", post("director", letter+"/targets/S2.1-1/deadline", url.Values{"do": {"confirm"}, "choice": {"other"}, "words": {"uiterlijk 31 maart 2026"}})},
		{"an addressee", post("secretary", letter+"/targets/S1.1-1/addressees", o.addressing("CSO"))},
		{"an amendment", post("secretary", amendments, amendingForm("store", nil))},
		{"a translation", post("secretary", amendments+"/translation", url.Values{"place": {"target:S1.2-1"}, "lang": {"fr"}, "words": {"la valeur cible"}})},
		{"another letter", func() *httptest.ResponseRecorder {
			raw, err := os.ReadFile(theLetter)
			if err != nil {
				o.t.Fatal(err)
			}
			return o.as("admin").post("/nl/import/confirm", key(url.Values{"text": {string(raw)}, "institution": {"ACTIRIS"}, "mandate": {"LETTER-2"}, "lang": {"nl"}}))
		}},
		{"a seal", post("secretary", letter+"/monitoring/2026-H1/seal", url.Values{"confirm": {"yes"}})},
		{"a round", post("secretary", "/nl/rounds/new", url.Values{"body": {"ACTIRIS-DR"}, "period": {"2026-H2"}, "mandate.LETTER": {"yes"}, "meets": {"15/02/2027"}})},
		{"another meeting", post("secretary", theRound+"/change", url.Values{"opens": {"01/01/2027"}, "due": {"10/01/2027"}, "grace": {"31/01/2027"}, "meets": {"16/02/2027"}, "mandate.LETTER": {"yes"}, "reason": {"Een dag later."}})},
		{"a new holder", post("hr", "/nl/mandates/ELDERS-A4/tenures/"+o.tenure("ELDERS-A4")+"/end", url.Values{"until": {"30/11/2026"}})},
		{"a holder's language", post("director", "/nl/preferences", url.Values{"lang": {"fr"}, "digest": {"on"}})},
		{"a body", post("admin", "/nl/admin/bodies", url.Values{"institution": {"ACTIRIS"}, "code": {"RVB"}, "name_nl": {"Raad van bestuur"}, "name_fr": {"Conseil d’administration"}})},
		{"the name of a body", byHand(`UPDATE body SET name_nl = 'Raad' WHERE code = 'DR'`)},
		{"the name of an institution", byHand(`UPDATE institution SET name_fr = 'Actiris Bruxelles' WHERE code = 'ACTIRIS'`)},
		{"the name of a holder", byHand(`UPDATE person SET name = 'Naam directeur' WHERE email = 'director2@jalon.example'`)},
		{"the cells of a half-year", func() *httptest.ResponseRecorder {
			o.sql(`DELETE FROM mandate_period_cells WHERE period = '2026-07-01'`)
			if _, err := o.Store.FillCells(store.AsSystem(context.Background()), calendar.HalfYearOf(calendar.DateOf(noon))); err != nil {
				o.t.Fatal(err)
			}
			return nil
		}},
	}
}

// A page over many mandates is sent again only after a write that it can show.
func TestAPageOverManyMandatesIsSentAgainOnlyWhenItChanged(t *testing.T) {
	o := withLetter(t)
	o.body()
	o.sql(`INSERT INTO body (institution_id, code, name_nl, name_fr, scope) SELECT institution_id, 'CSO', 'Comité', 'Comité', 'addressed' FROM mandate WHERE code = 'LETTER'`)
	committee := o.as("committee")
	tags := map[string]string{}
	learn := func() {
		for _, path := range overMany {
			w := committee.get(path)
			wantCode(t, path, w, http.StatusOK)
			tags[path] = w.Header().Get("ETag")
		}
	}
	for _, write := range o.writes() {
		name := write.name
		learn()
		for path, tag := range tags {
			o.count.taken()
			w := committee.having(tag, path)
			wantCode(t, "before "+name+": "+path, w, http.StatusNotModified)
			if got := o.count.taken(); w.Body.Len() > 0 || w.Header().Get("ETag") != tag || len(got) > 2 {
				t.Errorf("%s: %d bytes, ETag %s, %d statements", path, w.Body.Len(), w.Header().Get("ETag"), len(got))
			}
		}
		if w := write.do(); w != nil {
			wantCode(t, name, w, http.StatusSeeOther)
		}
		for path, tag := range tags {
			w := committee.having(tag, path)
			wantCode(t, "after "+name+": "+path, w, http.StatusOK)
			if again := w.Header().Get("ETag"); again == tag || again == "" {
				t.Errorf("after %s: %s has ETag %q", name, path, again)
			}
		}
	}
	learn()
	for path, tag := range tags {
		wantCode(t, "another reader of "+path, o.as("secretary").having(tag, path), http.StatusOK)
		wantCode(t, "another question than "+path, committee.having(tag, path+map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]+"by=mandate"), http.StatusOK)
		wantCode(t, "several tags of "+path, committee.having(`"other", `+tag, path), http.StatusNotModified)
	}
	wantCode(t, "the other language", committee.having(tags["/nl/overview"], "/fr/overview"), http.StatusOK)
	o.sql(`UPDATE role_grant SET institution_id = (SELECT id FROM institution WHERE code = 'ACTIRIS') WHERE role = 'committee_member' AND body_id IS NULL`)
	wantCode(t, "fewer rights", committee.having(tags["/nl/overview"], "/nl/overview"), http.StatusOK)
	learn()
	o.sql(`UPDATE person SET name = 'Naam lid' WHERE email = 'committee@jalon.example'`)
	wantCode(t, "the reader's name", committee.having(tags["/nl/overview"], "/nl/overview"), http.StatusOK)
	learn()
	o.pass(13 * time.Hour)
	committee = o.as("committee")
	for path, tag := range tags {
		wantCode(t, "the next day: "+path, committee.having(tag, path), http.StatusOK)
	}
}

// What a page says once is not what it says when it is asked again, and a page that is not there has no tag.
func TestANoticeAndAMissingPageHaveNoTag(t *testing.T) {
	o := withLetter(t)
	committee := o.as("committee")
	tag := committee.get("/nl/overview").Header().Get("ETag")
	wantCode(t, "preferences", committee.post("/nl/preferences", key(url.Values{"lang": {"nl"}, "digest": {"off"}})), http.StatusSeeOther)
	w := committee.having(tag, "/nl/overview")
	wantCode(t, "with a notice", w, http.StatusOK)
	if got := w.Header().Get("ETag"); got != "" {
		t.Errorf("the page with a notice has ETag %s", got)
	}
	wantCode(t, "without it", committee.having(tag, "/nl/overview"), http.StatusNotModified)
	for _, path := range []string{"/nl/overview/objectives/T99", "/nl/overview/targets?show=silent&page=99", "/nl/overview?sort=none"} {
		if w := committee.get(path); w.Code < 400 || w.Header().Get("ETag") != "" {
			t.Errorf("%s: %d with ETag %q", path, w.Code, w.Header().Get("ETag"))
		}
	}
}
