package site

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"jalon/internal/calendar"
	"jalon/internal/store"
)

func button(values ...string) url.Values {
	form := url.Values{"idempotency_key": {uuid.NewString()}}
	for i := 0; i+1 < len(values); i += 2 {
		form.Set(values[i], values[i+1])
	}
	return form
}

// withRecords gives an office with a half-year sealed a hundred days ago, drafts
// of it and of the running one, and mails of long ago and of today.
func withRecords(t *testing.T, change ...func(*Options)) *office {
	t.Helper()
	o := newOffice(t, change...)
	o.sql(`INSERT INTO wording DEFAULT VALUES`)
	o.sql(`INSERT INTO objective (mandate_id, kind, code, position, wording_id) SELECT m.id, 'strategic', 'S1', 1, w.id FROM mandate m, wording w WHERE m.code = 'ACTIRIS-A4'`)
	o.sql(`INSERT INTO measurement_point (mandate_id, objective_id, code, position, wording_id) SELECT mandate_id, id, 'S1.1', 1, wording_id FROM objective`)
	o.sql(`INSERT INTO target (mandate_id, measurement_point_id, code, position, wording_id) SELECT mandate_id, id, 'S1.1-1', 1, wording_id FROM measurement_point`)
	o.sql(`INSERT INTO progress_entry (mandate_id, target_id, as_of, author_id, lang, status) SELECT mandate_id, id, '2026-03-01', $1, 'nl', 'on_track' FROM target`, o.id["director"])
	o.sql(`INSERT INTO body (institution_id, code, name_nl, name_fr) SELECT id, 'DR', 'Directieraad', 'Conseil de direction' FROM institution WHERE code = 'ACTIRIS'`)
	o.sql(`INSERT INTO seal (mandate_id, body_id, period, number, sealed_at, sealed_by, document, sha256, signature, key_id, public_key)
		SELECT m.id, b.id, '2026-01-01', 'DR-2026-H1-001', $1, $2, 'x', sha256('x'), '', '', '' FROM mandate m JOIN body b ON b.institution_id = m.institution_id`, noon.AddDate(0, 0, -100), o.id["secretary"])
	for _, period := range []string{"2026-01-01", "2026-07-01"} {
		o.sql(`INSERT INTO report_draft (mandate_id, period, target_id, fields, saved_by) SELECT mandate_id, $1, id, '{}', $2 FROM target`, period, o.id["director"])
	}
	for i, at := range []time.Time{noon.AddDate(0, 0, -200), noon} {
		o.sql(`INSERT INTO outgoing_mail (person_id, kind, key, day, subject, text, html, unsubscribe_url, message_id, state, queued_at) VALUES ($1, 'digest', $2, '2026-10-01', 'Onderwerp', 'tekst', '<p>tekst</p>', '', $3, 'kept', $4)`,
			o.id["director"], fmt.Sprint(i), fmt.Sprintf("m%d@jalon.example", i), at)
	}
	return o
}

const retention = "/nl/admin/retention"

func TestNothingGoesUnlessAPersonSaidSo(t *testing.T) {
	o := withRecords(t)
	hr, admin := o.as("hr"), o.as("admin")
	counts := func() string {
		return value[string](o, `SELECT format('drafts %s mails %s with text %s seals %s entries %s', (SELECT count(*) FROM report_draft), (SELECT count(*) FROM outgoing_mail),
			(SELECT count(*) FROM outgoing_mail WHERE text <> '' AND html <> ''), (SELECT count(*) FROM seal), (SELECT count(*) FROM progress_entry))`)
	}
	all := "drafts 2 mails 2 with text 2 seals 1 entries 1"
	wantCode(t, "a list before any rule", hr.post(retention+"/list", button()), http.StatusSeeOther)
	if n := value[int](o, `SELECT count(*) FROM deletion_list`); n != 0 {
		t.Errorf("%d lists without a rule", n)
	}
	for class, days := range map[string]string{"draft": "90", "mail": "90"} {
		wantCode(t, "an administrator decides", admin.post(retention, button("class", class, "days", days)), http.StatusForbidden)
		wantCode(t, class, hr.post(retention, button("class", class, "days", days)), http.StatusSeeOther)
	}
	for class, days := range map[string]string{"entry": "1", "sealed_table": "1", "audit_event": "365", "nothing": "1", "draft": "0", "mail": "36501", "": "90"} {
		wantCode(t, class+" after "+days, hr.post(retention, button("class", class, "days", days)), http.StatusUnprocessableEntity)
	}
	for range 2 {
		wantCode(t, "list", hr.post(retention+"/list", button()), http.StatusSeeOther)
	}
	if n := value[int](o, `SELECT count(*) FROM deletion_list`); n != 1 || counts() != all {
		t.Fatalf("%d lists, %s", n, counts())
	}
	page := admin.get(retention).Body.String()
	if !strings.Contains(page, "Naam hr") || strings.Contains(page, "/approve") || strings.Contains(page, `name="class"`) {
		t.Error("the administrator's page lets them decide, or does not say who did")
	}
	wantCode(t, "an administrator approves", admin.post(retention+"/1/approve", button()), http.StatusForbidden)
	wantCode(t, "a list that is not there", hr.post(retention+"/9/approve", button()), http.StatusNotFound)
	approve := button()
	for range 2 {
		wantCode(t, "approve", hr.post(retention+"/1/approve", approve), http.StatusSeeOther)
	}
	if got := counts(); got != "drafts 1 mails 2 with text 1 seals 1 entries 1" {
		t.Error(got)
	}
	if left := value[string](o, `SELECT period::text FROM report_draft`); left != "2026-07-01" {
		t.Errorf("the draft of %s is left", left)
	}
	wantCode(t, "decided twice", hr.post(retention+"/1/drop", button()), http.StatusNotFound)
	if got := o.lastEvent("approve deletions"); !strings.Contains(got, `"draft": 1`) || !strings.Contains(got, `"mail": 1`) {
		t.Errorf("the certificate: %s", got)
	}
	if got := o.lastEvent("set retention"); !strings.Contains(got, `"before": {"days": 0}`) {
		t.Error(got)
	}
	if r, err := o.Store.CheckTrail(store.AsSystem(t.Context()), calendar.Date{}, calendar.Date{}); err != nil || !r.Intact() {
		t.Errorf("the chain: %v %+v", err, r)
	}
	wantCode(t, "keep again", hr.post(retention, button("class", "draft")), http.StatusSeeOther)
	if n := value[int](o, `SELECT count(*) FROM retention_rule WHERE days IS NULL AND class = 'draft' AND approved_by IS NOT NULL`); n != 1 {
		t.Error("the rule does not say who wants drafts kept")
	}
}

// What the application must never remove, its role cannot, whatever it asks for.
func TestSealedTablesAndEntriesCannotBeRemoved(t *testing.T) {
	o := withRecords(t)
	for _, sql := range []string{
		`DELETE FROM seal`, `DELETE FROM progress_entry`, `UPDATE seal SET document = ''`, `DELETE FROM audit_event`, `DELETE FROM duty_answer`,
		`UPDATE retention_rule SET days = 1, approved_by = 1, approved_at = now() WHERE class = 'sealed_table'`, `UPDATE retention_rule SET removable = true`,
		`INSERT INTO retention_rule (position, class, removable) VALUES (9, 'person', true)`, `DELETE FROM deletion_list`,
	} {
		if _, err := o.Store.Pool().Exec(store.AsSystem(context.Background()), sql); err == nil {
			t.Errorf("%s: done", sql)
		}
	}
}

func TestSecondPersonApprovesWhereThatIsAsked(t *testing.T) {
	o := withRecords(t, func(op *Options) { op.SecondPerson = true })
	o.sql(`INSERT INTO role_grant (person_id, role, starts_on) VALUES ($1, 'hr_officer', '2026-01-01')`, o.id["nobody"])
	o.sql(`INSERT INTO role_grant (person_id, role, institution_id, starts_on) SELECT $1, 'hr_officer', id, '2026-01-01' FROM institution WHERE code = 'ACTIRIS'`, o.id["evaluator"])
	hr, other, scoped := o.as("hr"), o.as("nobody"), o.as("evaluator")
	wantCode(t, "an officer of one institution", scoped.post(retention, button("class", "draft", "days", "9")), http.StatusForbidden)
	wantCode(t, "looking", scoped.get(retention), http.StatusOK)
	wantCode(t, "rule", hr.post(retention, button("class", "draft", "days", "90")), http.StatusSeeOther)
	wantCode(t, "list", hr.post(retention+"/list", button()), http.StatusSeeOther)
	wantCode(t, "the same person", hr.post(retention+"/1/approve", button()), http.StatusForbidden)
	if n := value[int](o, `SELECT count(*) FROM report_draft`); n != 2 {
		t.Errorf("%d drafts left", n)
	}
	wantCode(t, "another", other.post(retention+"/1/approve", button()), http.StatusSeeOther)
	if n := value[int](o, `SELECT count(*) FROM report_draft`); n != 1 {
		t.Errorf("%d drafts left", n)
	}
}

// An account that is closed leaves the name with what the person recorded, and gets no mail.
func TestClosedAccountKeepsItsNameAndGetsNoMail(t *testing.T) {
	o := withRecords(t)
	if err := o.Store.SetDisabled(store.AsSystem(t.Context()), store.Submission{Action: "disable person"}, o.id["director"], true, noon, ""); err != nil {
		t.Fatal(err)
	}
	o.sql(`INSERT INTO wording_version (wording_id, valid_from, nl, nl_state) SELECT id, '2024-01-01', 'woorden', 'original' FROM wording`)
	o.sql(`INSERT INTO deadline (mandate_id, target_id, valid_from, phrase_nl, phrase_nl_state, reading) SELECT mandate_id, id, '2024-01-01', 'doorlopend', 'original', '{}' FROM target`)
	r := o.as("committee").get("/nl/mandates/ACTIRIS-A4/targets/S1.1-1")
	wantCode(t, "target", r, http.StatusOK)
	if !strings.Contains(r.Body.String(), "Naam director") {
		t.Error("the entry has lost its author")
	}
	for _, id := range []int64{1, 2} {
		if m, err := o.Store.MailToSend(store.AsSystem(t.Context()), id); err != nil || !m.Unwanted {
			t.Errorf("mail %d would be sent: %v", id, err)
		}
	}
}
