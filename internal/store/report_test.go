package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
)

var (
	firstHalf  = calendar.HalfYear{Year: 2026, Half: 1}
	secondHalf = calendar.HalfYear{Year: 2026, Half: 2}
)

// large is a letter with n targets.
func large(mandateCode string, n int) mandate.Mandate {
	places := []string{"S1 Dienst"}
	for i := range n {
		if i%10 == 0 {
			places = append(places, fmt.Sprintf("S1.%d Punt", i/10+1))
		}
		places = append(places, fmt.Sprintf("S1.%d-%d Doel @ doorlopend", i/10+1, i%10+1))
	}
	return tree(mandateCode, places...)
}

func (b bench) wholeReport(m mandate.Mandate, asOf calendar.Date) (entries []progress.Entry) {
	for _, target := range m.Targets() {
		entries = append(entries, b.entry(target.ID, progress.OnTrack, asOf))
	}
	return entries
}

var progressTables = []string{"progress_entry", "audit_event", "submission", "mandate", "mandate_period_cells", "report_draft", "seal"}

func TestAReportOfManyEntriesIsOneTransaction(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, large("MA", 28))
	drafts := []progress.Draft{{TargetID: m.Targets()[0].ID, Fields: map[string]string{"achieved": "half"}}, {TargetID: m.Targets()[5].ID, Fields: map[string]string{}}}
	if _, _, err := b.SaveDrafts(AsSystem(context.Background()), m.ID, firstHalf, b.by, time.Now(), drafts); err != nil {
		t.Fatal(err)
	}
	entries := b.wholeReport(m, day("2026-05-31"))
	before := dump(t, b.Store, progressTables...)

	for name, fault := range map[string]func(*progress.Entry){
		"nothing to report without a reason": func(e *progress.Entry) { e.Status = progress.NothingToReport },
		"a target of nobody":                 func(e *progress.Entry) { e.TargetID = 999999 },
		"support of nobody":                  func(e *progress.Entry) { e.Status = progress.SupportNeeded },
		"a percentage of 101":                func(e *progress.Entry) { e.Percentage = number(decimalOf("101")) },
	} {
		faulty := append([]progress.Entry(nil), entries...)
		fault(&faulty[14])
		if err := b.record(m.ID, firstHalf, faulty...); err == nil {
			t.Errorf("%s was recorded", name)
		}
		if diff := cmp.Diff(before, dump(t, b.Store, progressTables...)); diff != "" {
			t.Errorf("%s: before (-) after (+)\n%s", name, diff)
		}
	}

	if err := b.record(m.ID, firstHalf, entries...); err != nil {
		t.Fatal(err)
	}
	for sql, want := range map[string]int{
		`SELECT count(*) FROM progress_entry`:                             28,
		`SELECT count(*) FROM audit_event WHERE action = 'record report'`: 1,
		`SELECT count(*) FROM submission WHERE action = 'record report'`:  1,
		`SELECT count(*) FROM report_draft`:                               0,
		`SELECT count(*) FROM mandate_period_cells`:                       1,
		`SELECT version::int FROM mandate`:                                2,
		`SELECT jsonb_array_length(detail->'entries') FROM audit_event
			WHERE action = 'record report'`: 28,
	} {
		if got := count(t, b.Store, sql); got != want {
			t.Errorf("%s: %d, want %d", sql, got, want)
		}
	}
}

func TestAReportSentTwiceIsOneWrite(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, large("MA", 28))
	sub := b.sub("record report")
	r := Report{MandateID: m.ID, Period: firstHalf, Entries: b.wholeReport(m, day("2026-05-31")), Location: "/nl/due"}
	type answer struct {
		location string
		repeated bool
	}
	answers := make(chan answer, 6)
	for range cap(answers) {
		go func() {
			location, repeated, err := b.RecordReport(AsSystem(context.Background()), sub, r)
			if err != nil {
				location = err.Error()
			}
			answers <- answer{location, repeated}
		}()
	}
	first := 0
	for range cap(answers) {
		a := <-answers
		if a.location != "/nl/due" {
			t.Errorf("sent to %q", a.location)
		}
		if !a.repeated {
			first++
		}
	}
	if n := count(t, b.Store, `SELECT count(*) FROM progress_entry`); n != 28 || first != 1 {
		t.Errorf("%d entries, stored %d times", n, first)
	}
}

func TestATargetOfAnotherMandateIsRefused(t *testing.T) {
	b := newBench(t)
	own, foreign := b.aMandate(t, small("MA")), b.aMandate(t, small("MB"))
	if err := b.record(own.ID, firstHalf, b.entry(foreign.Targets()[0].ID, progress.OnTrack, day("2026-01-01"))); err == nil {
		t.Error("an entry on another mandate's target was recorded")
	}
}

func TestACorrectionSupersedesOnce(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, small("MA"))
	target := m.Targets()[0].ID
	if err := b.record(m.ID, firstHalf, b.entry(target, progress.OnTrack, day("2026-05-31"))); err != nil {
		t.Fatal(err)
	}
	correction := b.entry(target, progress.Attention, day("2026-05-31"))
	correction.Supersedes, correction.CorrectionReason = sheetOf(t, b.Store, SheetQuestion{Code: "MA", AsOf: day("2026-05-31")}).Latest[target].ID, "verkeerd cijfer"
	if err := b.record(m.ID, firstHalf, correction); err != nil {
		t.Fatal(err)
	}
	sheet, told, err := b.Sheet(AsSystem(context.Background()), SheetQuestion{Code: "MA", AsOf: day("2026-05-31"), HistoryOf: "S1.1-1"})
	if err != nil {
		t.Fatal(err)
	}
	if sheet.Latest[target].Status != progress.Attention || len(told) != 2 || told[0].Supersedes != told[1].ID {
		t.Errorf("latest %+v, history of %d", sheet.Latest[target], len(told))
	}
	if err := b.record(m.ID, firstHalf, correction); !errors.Is(err, ErrExists) {
		t.Errorf("a second correction of the same entry: %v", err)
	}
}

// pgCode gives the code of what PostgreSQL refused; "" when it did not.
func pgCode(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	return ""
}

func TestASealedHalfYearTakesNoEntry(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, small("MA"))
	target := m.Targets()[0].ID
	if err := b.seal(t, m, firstHalf); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		asOf  string
		taken bool
	}{{"2025-12-31", true}, {"2026-01-01", false}, {"2026-03-15", false}, {"2026-06-30", false}, {"2026-07-01", true}} {
		asOf := day(c.asOf)
		err := b.record(m.ID, calendar.HalfYearOf(asOf), b.entry(target, progress.OnTrack, asOf))
		if c.taken != (err == nil) || !c.taken && !errors.Is(err, ErrSealed) {
			t.Errorf("as of %s: %v", c.asOf, err)
		}
		// around the application, also as owner
		for _, role := range []string{appRole, "none"} {
			err = asRole(t, b.Store, role, `
				INSERT INTO progress_entry (mandate_id, target_id, as_of, author_id, lang, status)
				VALUES ($1, $2, $3, $4, 'nl', 'on_track')`, m.ID, target, asOf, b.by)
			if c.taken != (err == nil) || !c.taken && pgCode(err) != "JA001" {
				t.Errorf("INSERT of %s as %s: %v", c.asOf, role, err)
			}
		}
	}
	// half of a report may lie in the sealed half-year: then none of it is stored
	before := count(t, b.Store, `SELECT count(*) FROM progress_entry`)
	err := b.record(m.ID, secondHalf, b.entry(target, progress.OnTrack, day("2026-07-01")), b.entry(target, progress.OnTrack, day("2026-06-30")))
	if after := count(t, b.Store, `SELECT count(*) FROM progress_entry`); !errors.Is(err, ErrSealed) || after != before {
		t.Errorf("%v, entries from %d to %d", err, before, after)
	}
}

// asRole runs a statement as the application ("jalon_app") or as the owner ("none").
func asRole(t testing.TB, s *Store, role, sql string, args ...any) error {
	t.Helper()
	return pgx.BeginFunc(AsSystem(context.Background()), s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(AsSystem(context.Background()), `SET LOCAL ROLE `+role); err != nil {
			t.Fatal(err)
		}
		_, err := tx.Exec(AsSystem(context.Background()), sql, args...)
		return err
	})
}

func TestWhatWasRecordedStays(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, small("MA"))
	if err := b.record(m.ID, firstHalf, b.entry(m.Targets()[0].ID, progress.OnTrack, day("2026-05-31"))); err != nil {
		t.Fatal(err)
	}
	if err := b.seal(t, m, firstHalf); err != nil {
		t.Fatal(err)
	}
	before := dump(t, b.Store, "progress_entry", "audit_event", "seal", "submission")
	change := map[string]string{"progress_entry": "achieved = 'x'", "audit_event": "action = 'x'", "seal": "number = 'x'", "submission": "location = 'x'"}
	for table, set := range change {
		for _, sql := range []string{"UPDATE " + table + " SET " + set, "DELETE FROM " + table, "TRUNCATE " + table + " CASCADE"} {
			if err := asRole(t, b.Store, appRole, sql); pgCode(err) != "42501" {
				t.Errorf("the application: %s: %v", sql, err)
			}
			if table == "submission" {
				continue // the owner may clean it up
			}
			if err := asRole(t, b.Store, "none", sql); pgCode(err) != "JA002" {
				t.Errorf("the owner: %s: %v", sql, err)
			}
		}
	}
	for _, sql := range []string{
		"ALTER TABLE progress_entry DISABLE TRIGGER append_only", "DROP TRIGGER sealed_period ON progress_entry",
		"DROP TABLE seal", "SET session_replication_role = replica", "UPDATE goose_db_version SET is_applied = false",
	} {
		if err := asRole(t, b.Store, appRole, sql); pgCode(err) != "42501" {
			t.Errorf("the application: %s: %v", sql, err)
		}
	}
	if diff := cmp.Diff(before, dump(t, b.Store, "progress_entry", "audit_event", "seal", "submission")); diff != "" {
		t.Errorf("before (-) after (+)\n%s", diff)
	}
}

func TestDraftsOfTwoPeopleAreBothKept(t *testing.T) {
	b := newBench(t)
	ctx := AsSystem(context.Background())
	other := person(t, b.Store, "bo@jalon.example")
	m := b.aMandate(t, small("MA"))
	first, second := m.Targets()[0].ID, m.Targets()[1].ID
	save := func(by int64, rows ...progress.Draft) (map[int64]int, []int64) {
		t.Helper()
		versions, conflicts, err := b.SaveDrafts(ctx, m.ID, firstHalf, by, time.Now(), rows)
		if err != nil {
			t.Fatal(err)
		}
		return versions, conflicts
	}
	row := func(target int64, version int, words string) progress.Draft {
		return progress.Draft{TargetID: target, Version: version, Fields: map[string]string{"achieved": words, "percentage": "abc"}}
	}
	if v, c := save(b.by, row(first, 0, "van An"), row(second, 0, "ook van An")); v[first] != 1 || v[second] != 1 || len(c) != 0 {
		t.Errorf("new rows: %v %v", v, c)
	}
	// Bo has not seen the first row, and has seen the second
	if v, c := save(other, row(first, 0, "van Bo"), row(second, 1, "van Bo")); v[first] != 0 || v[second] != 2 || !cmp.Equal(c, []int64{first}) {
		t.Errorf("after somebody else: %v %v", v, c)
	}
	written, err := b.Written(ctx, m.ID, firstHalf, day("2026-06-30"))
	drafts := written.Drafts
	if err != nil {
		t.Fatal(err)
	}
	if d := drafts[first]; d.Fields["achieved"] != "van An" || d.SavedByID != b.by || d.SavedBy != "An Peeters" || d.Version != 1 {
		t.Errorf("first row: %+v", d)
	}
	if d := drafts[second]; d.Fields["achieved"] != "van Bo" || d.SavedByID != other || d.Fields["percentage"] != "abc" {
		t.Errorf("second row: %+v", d)
	}
	if none, err := b.Written(ctx, m.ID, secondHalf, day("2026-06-30")); err != nil || len(none.Drafts) != 0 {
		t.Errorf("drafts of another half-year: %v, %v", none, err)
	}
}

// A draft that somebody saved after the report was read does not go with it.
func TestAReportEndsOnlyTheDraftsThatItsWriterSaw(t *testing.T) {
	b := newBench(t)
	ctx := AsSystem(context.Background())
	other := person(t, b.Store, "bo@jalon.example")
	m := b.aMandate(t, small("MA"))
	first, second := m.Targets()[0].ID, m.Targets()[1].ID
	row := func(target int64, version int, words string) progress.Draft {
		return progress.Draft{TargetID: target, Version: version, Fields: map[string]string{"achieved": words}}
	}
	if _, _, err := b.SaveDrafts(ctx, m.ID, firstHalf, other, time.Now(), []progress.Draft{row(first, 0, "van Bo")}); err != nil {
		t.Fatal(err)
	}
	report := Report{MandateID: m.ID, Period: firstHalf, Entries: []progress.Entry{b.entry(first, progress.OnTrack, day("2026-05-31"))}, Location: "/nl"}
	before := dump(t, b.Store, append(progressTables, "report_draft_text")...)
	for name, seen := range map[string]func(*Report){
		"a draft that was not there": func(r *Report) { r.Versions = map[int64]int{} },
		"a draft saved again since":  func(r *Report) { r.Versions = map[int64]int{first: 7} },
		"a row over another version": func(r *Report) {
			r.Versions, r.Rows = map[int64]int{first: 7}, []progress.Draft{row(first, 7, "van An")}
		},
		"a row that somebody has now": func(r *Report) {
			r.Versions, r.Rows = map[int64]int{first: 1}, []progress.Draft{row(second, 3, "van An")}
		},
	} {
		r := report
		seen(&r)
		if _, _, err := b.RecordReport(ctx, b.sub("record report"), r); !errors.Is(err, ErrChanged) {
			t.Errorf("%s: %v, want ErrChanged", name, err)
		}
		if diff := cmp.Diff(before, dump(t, b.Store, append(progressTables, "report_draft_text")...)); diff != "" {
			t.Errorf("%s: before (-) after (+)\n%s", name, diff)
		}
	}
	report.Versions, report.Rows = map[int64]int{first: 1}, []progress.Draft{row(first, 1, "van An"), row(second, 0, "nog niet klaar")}
	if _, _, err := b.RecordReport(ctx, b.sub("record report"), report); err != nil {
		t.Fatal(err)
	}
	for sql, want := range map[string]int{
		`SELECT count(*) FROM progress_entry`:                                                                                     1,
		`SELECT count(*) FROM report_draft_text WHERE fields->>'achieved' = 'van Bo'`:                                             1, // it can be found again
		`SELECT count(*) FROM report_draft WHERE fields->>'achieved' = 'nog niet klaar'`:                                          1,
		`SELECT count(*) FROM report_draft`:                                                                                       1,
		`SELECT count(*) FROM audit_event WHERE action = 'record report'`:                                                         1,
		`SELECT count(*) FROM audit_event WHERE action = 'save draft' AND actor_id = (SELECT max(author_id) FROM progress_entry)`: 1,
	} {
		if got := count(t, b.Store, sql); got != want {
			t.Errorf("%s: %d, want %d", sql, got, want)
		}
	}
}

func TestAHolderAtATime(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, small("MA"))
	other := b.aMandate(t, small("MB"))
	tenure := func(from, until string) mandate.Tenure {
		tenure := mandate.Tenure{PersonID: b.by, From: day(from)}
		if until != "" {
			tenure.Until = day(until)
		}
		return tenure
	}
	for _, c := range []struct {
		mandate int64
		tenure  mandate.Tenure
		refused bool
	}{
		{m.ID, tenure("2025-01-01", "2025-12-31"), false},
		{m.ID, tenure("2025-12-31", "2026-06-30"), true}, // one day together
		{m.ID, tenure("2024-01-01", "2025-01-01"), true},
		{m.ID, tenure("2024-01-01", ""), true}, // without an end
		{m.ID, tenure("2026-01-01", ""), false},
		{m.ID, tenure("2030-01-01", "2030-12-31"), true},
		{other.ID, tenure("2025-06-01", "2026-06-30"), false}, // another mandate
	} {
		err := b.Appoint(AsSystem(context.Background()), b.sub("appoint"), c.mandate, c.tenure)
		if c.refused != errors.Is(err, ErrOverlap) || !c.refused && err != nil {
			t.Errorf("from %s until %s: %v", c.tenure.From, c.tenure.Until, err)
		}
	}
}

func TestNarrativeIsKeptToTheLetter(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, small("MA"))
	target := m.Targets()[0].ID
	for i, words := range []string{"é als één teken", "=SOM(A1)", "<b>vet</b>", "a\n\n\tb", strings.Repeat("ë", progress.MaxNarrative), "'; DROP TABLE seal; --", "🙂 zero\u200bwidth"} {
		e := b.entry(target, progress.OnTrack, day("2026-01-01").AddDays(i))
		e.Achieved, e.Lang = words, bilingual.FR
		if err := b.record(m.ID, firstHalf, e); err != nil {
			t.Fatal(err)
		}
		if got := sheetOf(t, b.Store, SheetQuestion{Code: "MA", AsOf: e.AsOf}).Latest[target]; got.Achieved != words || got.Lang != bilingual.FR {
			t.Errorf("%.40q came back as %.40q", words, got.Achieved)
		}
	}
	e := b.entry(target, progress.OnTrack, day("2026-02-01"))
	e.Achieved = strings.Repeat("ë", progress.MaxNarrative+1)
	if err := b.record(m.ID, firstHalf, e); err == nil {
		t.Error("a narrative over the limit was recorded")
	}
}

func (b bench) seal(t testing.TB, m mandate.Mandate, period calendar.HalfYear) error {
	t.Helper()
	_, _, err := b.SealTable(AsSystem(context.Background()), b.sub("seal table"), SealRequest{
		Code: m.Code, ID: m.ID, Period: period, At: period.End().End().Add(240 * time.Hour), By: "An Peeters", Software: "test", Signer: signer(t), Location: "/nl",
	})
	return err
}

func signer(t testing.TB) monitoring.Signer {
	t.Helper()
	s, err := monitoring.NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	return s
}
