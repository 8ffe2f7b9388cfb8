package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"pgregory.net/rapid"

	"jalon/internal/access"
	"jalon/internal/calendar"
)

// guarded are the tables that show a person only what is theirs to see.
var guarded = []string{
	"progress_entry", "report_draft", "event", "event_list", "event_target", "duty_answer", "evidence", "duty_waiver", "seal", "erratum", "mandate_period_cells", "evaluation", "decision", "decision_answer", "transmission",
	"evidence_link", "report_draft_evidence", "report_draft_text",
	"indicator", "indicator_version", "indicator_component", "milestone", "measurement",
	"scoreboard_item", "indicator_remark", "measure", "measure_step",
	"round_mandate", "part_step", "part_return_row",
	"evaluation_step", "activity_draft", "activity_report", "activity_quote", "evaluation_opinion", "evaluation_conclusion", "evaluation_reply", "evaluation_document", "evaluation_reminder",
}

// ofEvaluation says what of an evaluation whom it is about sees before anything was shown.
var ofEvaluation = map[string]bool{
	"evaluation": true, "evaluation_step": true, "activity_draft": true, "activity_report": true, "activity_quote": true, "evaluation_reply": true,
	"evaluation_opinion": false, "evaluation_conclusion": false, "evaluation_document": false, "evaluation_reminder": false,
}

// region makes two institutions with two mandates each, every one with a holder
// and a row in each guarded table, and gives the numbers of the mandates.
func region(t *testing.T, s *Store) (mandates []int64) {
	t.Helper()
	exec(t, s, `INSERT INTO institution (code, name_nl, name_fr) VALUES ('ACTIRIS', 'Actiris', 'Actiris'), ('ELDERS', 'Elders', 'Ailleurs')`)
	exec(t, s, `INSERT INTO body (institution_id, code, name_nl, name_fr) SELECT id, 'DR', 'Directieraad', 'Conseil de direction' FROM institution`)
	exec(t, s, `INSERT INTO framework (code, name_nl, name_fr, adopted_on) VALUES ('F', 'Kader', 'Cadre', '2024-01-01')`)
	exec(t, s, `INSERT INTO mandate (institution_id, framework_id, code, title_nl, position)
		SELECT i.id, f.id, i.code || n, 'x', n FROM institution i, framework f, generate_series(1, 2) n ORDER BY i.id, n`)
	exec(t, s, `INSERT INTO person (email, name, lang) SELECT 'holder' || id || '@jalon.example', 'Houder ' || id, 'nl' FROM mandate`)
	exec(t, s, `INSERT INTO tenure (mandate_id, person_id, starts_on) SELECT m.id, p.id, '2024-01-01' FROM mandate m JOIN person p ON p.email = 'holder' || m.id || '@jalon.example'`)
	exec(t, s, `INSERT INTO wording (framework_id, framework_key) VALUES (NULL, NULL)`)
	exec(t, s, `INSERT INTO objective (mandate_id, kind, code, position, wording_id) SELECT m.id, 'strategic', 'S1', 1, w.id FROM mandate m, wording w`)
	exec(t, s, `INSERT INTO measurement_point (mandate_id, objective_id, code, position, wording_id) SELECT o.mandate_id, o.id, 'S1.1', 1, o.wording_id FROM objective o`)
	exec(t, s, `INSERT INTO target (mandate_id, measurement_point_id, code, position, wording_id) SELECT p.mandate_id, p.id, 'S1.1-1', 1, p.wording_id FROM measurement_point p`)
	exec(t, s, `INSERT INTO progress_entry (mandate_id, target_id, as_of, author_id, lang, status) SELECT g.mandate_id, g.id, '2026-06-30', n.person_id, 'nl', 'on_track' FROM target g JOIN tenure n USING (mandate_id)`)
	exec(t, s, `INSERT INTO report_draft (mandate_id, period, target_id, fields, saved_by) SELECT g.mandate_id, '2026-07-01', g.id, '{}', n.person_id FROM target g JOIN tenure n USING (mandate_id)`)
	exec(t, s, `INSERT INTO evidence_link (mandate_id, target_id, entry_id, url, title, added_by, added_at) SELECT e.mandate_id, e.target_id, e.id, 'https://actiris.example/x', 'x', e.author_id, now() FROM progress_entry e`)
	exec(t, s, `INSERT INTO report_draft_evidence (mandate_id, period, target_id, url, name, added_by, added_at) SELECT d.mandate_id, d.period, d.target_id, 'https://actiris.example/x', 'x', d.saved_by, now() FROM report_draft d`)
	exec(t, s, `INSERT INTO report_draft_text (mandate_id, period, target_id, fields, written_by, written_at) SELECT d.mandate_id, d.period, d.target_id, '{}', d.saved_by, now() FROM report_draft d`)
	exec(t, s, `INSERT INTO event (mandate_id, kind, title, lang, starts_on, ends_on, recorded_by) SELECT n.mandate_id, 'other', 'x', 'nl', '2026-05-01', '2026-05-01', n.person_id FROM tenure n`)
	exec(t, s, `INSERT INTO event_list (mandate_id, file_name, sha256, recorded, cancelled, imported_by, imported_at) SELECT n.mandate_id, 'x.ics', sha256('x'), 1, 0, n.person_id, now() FROM tenure n`)
	exec(t, s, `INSERT INTO event_target (mandate_id, event_id, target_id) SELECT e.mandate_id, e.id, g.id FROM event e JOIN target g USING (mandate_id)`)
	exec(t, s, `INSERT INTO duty_answer (mandate_id, target_id, due, timing, done_on, note, lang, author_id) SELECT g.mandate_id, g.id, '2026-06-30', 'date', '2026-06-01', 'x', 'nl', n.person_id FROM target g JOIN tenure n USING (mandate_id)`)
	exec(t, s, `WITH a AS (INSERT INTO duty_answer (mandate_id, target_id, due, timing, done_on, note, lang, author_id, files) SELECT g.mandate_id, g.id, '2026-12-31', 'date', '2026-06-01', 'x', 'nl', n.person_id, 1 FROM target g JOIN tenure n USING (mandate_id) RETURNING *)
		INSERT INTO evidence (mandate_id, target_id, answer_id, sha256, size, kind, name, confidential, added_by, added_at) SELECT mandate_id, target_id, id, decode(repeat('ab', 32), 'hex'), 1, 'pdf', 'x.pdf', false, author_id, recorded_at FROM a`)
	exec(t, s, `INSERT INTO duty_waiver (mandate_id, target_id, due, reason, lang, waived_by) SELECT g.mandate_id, g.id, '2026-06-30', 'x', 'nl', n.person_id FROM target g JOIN tenure n USING (mandate_id)`)
	exec(t, s, `INSERT INTO seal (mandate_id, body_id, period, number, sealed_at, sealed_by, document, sha256, signature, key_id, public_key)
		SELECT m.id, b.id, '2026-01-01', m.code, now(), n.person_id, 'x', sha256('x'), '', '', '' FROM mandate m JOIN body b USING (institution_id) JOIN tenure n ON n.mandate_id = m.id`)
	exec(t, s, `INSERT INTO erratum (mandate_id, seal_id, number, recorded_by, recorded_at, document, signature, key_id, public_key) SELECT mandate_id, id, 1, sealed_by, now(), 'x', '', '', '' FROM seal`)
	exec(t, s, `INSERT INTO mandate_period_cells (period, mandate_id, codes, cells, late_from) SELECT '2026-01-01', id, '{}', '{}', '{}' FROM mandate`)
	exec(t, s, `INSERT INTO evaluation (mandate_id, tenure_id, kind, starts_on, ends_on, planned_on, created_by, lang) SELECT n.mandate_id, n.id, 'interim', '2024-01-01', '2026-12-31', '2026-12-01', n.person_id, 'nl' FROM tenure n`)
	exec(t, s, `INSERT INTO evaluation_step (mandate_id, evaluation_id, from_stage, to_stage, on_day, by, at) SELECT mandate_id, id, 'planned', 'preparing', '2026-09-01', created_by, now() FROM evaluation`)
	exec(t, s, `INSERT INTO activity_draft (mandate_id, evaluation_id, part, version, texts, saved_by, saved_at) SELECT mandate_id, id, 'S1', 1, '{}', created_by, now() FROM evaluation`)
	exec(t, s, `INSERT INTO activity_report (mandate_id, evaluation_id, number, lang, sections, texts, submitted_by, submitted_at) SELECT mandate_id, id, 1, 'nl', '[]', '[]', created_by, now() FROM evaluation`)
	exec(t, s, `INSERT INTO activity_quote (mandate_id, evaluation_id, report_id, number, target_id, entry_id, version) SELECT r.mandate_id, r.evaluation_id, r.id, 1, e.target_id, e.id, 1 FROM activity_report r JOIN progress_entry e USING (mandate_id)`)
	exec(t, s, `INSERT INTO evaluation_opinion (mandate_id, evaluation_id, capacity, author, given_on, text, lang, recorded_by, recorded_at) SELECT mandate_id, id, 'superior', 'x', '2026-11-01', 'x', 'nl', created_by, now() FROM evaluation`)
	exec(t, s, `INSERT INTO evaluation_conclusion (mandate_id, evaluation_id, grade_id, decided_on, text, lang, recorded_by, recorded_at) SELECT e.mandate_id, e.id, g.id, '2026-11-01', 'x', 'nl', e.created_by, now() FROM evaluation e, (SELECT min(id) AS id FROM evaluation_grade) g`)
	exec(t, s, `INSERT INTO evaluation_reply (mandate_id, evaluation_id, text, lang, author_id, recorded_at) SELECT mandate_id, id, 'x', 'nl', created_by, now() FROM evaluation`)
	exec(t, s, `INSERT INTO evaluation_document (mandate_id, evaluation_id, about, sha256, size, kind, name, compared, added_by, added_at) SELECT mandate_id, id, 'opinion', sha256('x'), 1, 'pdf', 'x.pdf', false, created_by, now() FROM evaluation`)
	exec(t, s, `INSERT INTO evaluation_reminder (mandate_id, evaluation_id, day, by, at) SELECT mandate_id, id, '2026-11-01', created_by, now() FROM evaluation`)
	exec(t, s, `INSERT INTO round (body_id, period, state, opens_on, due_on, grace_until, opened_at, opened_by) SELECT b.id, '2026-07-01', 'collecting', '2027-01-01', '2027-01-10', '2027-01-31', now(), p.id FROM body b, (SELECT min(id) AS id FROM person) p`)
	exec(t, s, `INSERT INTO round_mandate (round_id, mandate_id) SELECT r.id, m.id FROM round r JOIN body b ON b.id = r.body_id JOIN mandate m USING (institution_id)`)
	exec(t, s, `INSERT INTO round_step (round_id, from_state, to_state, at, by) SELECT id, '', 'open', now(), opened_by FROM round`)
	exec(t, s, `INSERT INTO part_step (round_id, mandate_id, round_step_id, step, by, at, reason)
		SELECT rm.round_id, rm.mandate_id, s.id, 'returned', s.by, now(), 'x' FROM round_mandate rm JOIN round_step s USING (round_id)`)
	exec(t, s, `INSERT INTO part_return_row (part_step_id, mandate_id, target_id, reason) SELECT p.id, p.mandate_id, g.id, 'x' FROM part_step p JOIN target g USING (mandate_id)`)
	// a second target in each mandate, which goes to the strategic committee, and entries on it
	exec(t, s, `INSERT INTO body (institution_id, code, name_nl, name_fr, scope) SELECT id, 'CSO', 'Strategisch', 'Stratégique', 'addressed' FROM institution`)
	exec(t, s, `INSERT INTO target (mandate_id, measurement_point_id, code, position, wording_id) SELECT p.mandate_id, p.id, 'S1.1-2', 2, p.wording_id FROM measurement_point p`)
	exec(t, s, `INSERT INTO progress_entry (mandate_id, target_id, as_of, author_id, lang, status) SELECT g.mandate_id, g.id, '2026-07-31', n.person_id, 'nl', 'on_track' FROM target g JOIN tenure n USING (mandate_id) WHERE g.code = 'S1.1-2'`)
	exec(t, s, `WITH a AS (INSERT INTO addressee (mandate_id, target_id, body_id, form, cadence, valid_from, valid_until)
			SELECT g.mandate_id, g.id, b.id, 'report', 'year', '2026-01-01', '2026-11-30' FROM target g JOIN mandate m ON m.id = g.mandate_id JOIN body b ON b.institution_id = m.institution_id AND b.code = 'CSO' WHERE g.code = 'S1.1-2' RETURNING *)
		INSERT INTO transmission (mandate_id, target_id, addressee_id, covers, given_on, recorded_by) SELECT a.mandate_id, a.target_id, a.id, '2025', '2026-03-01', n.person_id FROM a JOIN tenure n USING (mandate_id)`)
	exec(t, s, `WITH d AS (INSERT INTO decision (mandate_id, target_id, body_id, period, kind, text, lang, due, recorded_by, recorded_at)
			SELECT a.mandate_id, a.target_id, a.body_id, '2026-07-01', 'asks', 'x', 'nl', '2026-12-01', n.person_id, '2026-11-01' FROM addressee a JOIN tenure n USING (mandate_id) RETURNING *)
		INSERT INTO decision_answer (decision_id, mandate_id, target_id, text, lang, author_id) SELECT id, mandate_id, target_id, 'x', 'nl', recorded_by FROM d`)
	exec(t, s, `INSERT INTO indicator (mandate_id, code) SELECT id, 'A' FROM mandate`)
	exec(t, s, `INSERT INTO indicator_version (mandate_id, indicator_id, valid_from, name_nl, name_fr, unit_nl, unit_fr, direction, per, decimals, cadence, origin, recorded_by, recorded_at)
		SELECT i.mandate_id, i.id, '2024-01-01', 'x', 'x', '', '', 'up', 0, 0, 'yearly', 'measured', n.person_id, now() FROM indicator i JOIN tenure n USING (mandate_id)`)
	exec(t, s, `INSERT INTO indicator_component (mandate_id, version_id, part_id, position) SELECT v.mandate_id, v.id, v.indicator_id, 1 FROM indicator_version v`)
	exec(t, s, `INSERT INTO milestone (mandate_id, version_id, on_date, value) SELECT v.mandate_id, v.id, '2026-12-31', 5 FROM indicator_version v`)
	exec(t, s, `INSERT INTO measurement (mandate_id, indicator_id, on_date, value, lang, channel, recorded_by, recorded_at) SELECT i.mandate_id, i.id, '2026-06-30', 3, 'nl', 'page', n.person_id, now() FROM indicator i JOIN tenure n USING (mandate_id)`)
	exec(t, s, `WITH b AS (INSERT INTO scoreboard (body_id, code) SELECT id, 'S1-1' FROM body WHERE code = 'DR' RETURNING *),
		v AS (INSERT INTO scoreboard_version (scoreboard_id, valid_from, name_nl, name_fr, check_every, recorded_by, recorded_at) SELECT b.id, '2026-01-01', 'x', 'x', 'yearly', p.id, now() FROM b, (SELECT min(id) AS id FROM person) p RETURNING *)
		INSERT INTO scoreboard_item (version_id, mandate_id, indicator_id, position)
		SELECT v.id, i.mandate_id, i.id, row_number() OVER (PARTITION BY v.id ORDER BY i.id) FROM v JOIN b ON b.id = v.scoreboard_id JOIN body y ON y.id = b.body_id JOIN mandate m USING (institution_id) JOIN indicator i ON i.mandate_id = m.id`)
	exec(t, s, `INSERT INTO indicator_remark (mandate_id, indicator_id, on_date, text, lang, recorded_by, recorded_at) SELECT i.mandate_id, i.id, '2026-06-30', 'x', 'nl', n.person_id, now() FROM indicator i JOIN tenure n USING (mandate_id)`)
	exec(t, s, `INSERT INTO measure (mandate_id, indicator_id, taken_on, cause, action, owner_id, due, lang, recorded_by, recorded_at) SELECT i.mandate_id, i.id, '2026-06-30', 'x', 'x', n.person_id, '2026-12-31', 'nl', n.person_id, now() FROM indicator i JOIN tenure n USING (mandate_id)`)
	exec(t, s, `INSERT INTO measure_step (mandate_id, measure_id, kind, on_date, text, lang, recorded_by, recorded_at) SELECT m.mandate_id, m.id, 'done', '2026-07-31', 'x', 'nl', m.owner_id, now() FROM measure m`)
	rows, _ := s.pool.Query(AsSystem(context.Background()), `SELECT id FROM mandate ORDER BY id`)
	mandates, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		t.Fatal(err)
	}
	return mandates
}

// seen asks a guarded table whose rows it shows, without any condition: the
// careless query that a page must never be able to leak with.
func seen(ctx context.Context, t testing.TB, s *Store, table string) []int64 {
	t.Helper()
	rows, _ := s.pool.Query(ctx, `SELECT DISTINCT mandate_id FROM `+table+` ORDER BY mandate_id`)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		t.Fatalf("%s: %v", table, err)
	}
	return ids
}

func TestACarelessQueryShowsNothingOfAnothersMandate(t *testing.T) {
	s := open(t)
	all := region(t, s)
	first, actiris, elders := all[:1], all[:2], all[2:]
	system := AsSystem(context.Background())
	member := func(name string, role access.Role, institution string) int64 {
		id := person(t, s, name+"@jalon.example")
		if role != "" {
			exec(t, s, `INSERT INTO role_grant (person_id, role, institution_id, starts_on) VALUES ($1, $2, (SELECT id FROM institution WHERE code = $3), '2026-01-01')`, id, role, institution)
		}
		return id
	}
	holder := scan[int64](t, s, `SELECT person_id FROM tenure WHERE mandate_id = $1`, all[0])
	delegate := member("delegate", "", "")
	exec(t, s, `INSERT INTO delegation (mandate_id, granted_by, person_id, starts_on, ends_on) VALUES ($1, $2, $3, '2026-11-01', '2026-11-30')`, all[0], holder, delegate)
	revoked := member("revoked", "", "")
	exec(t, s, `INSERT INTO delegation (mandate_id, granted_by, person_id, starts_on, ends_on, revoked_at) VALUES ($1, $2, $3, '2026-11-01', '2026-11-30', now())`, all[0], holder, revoked)
	const seat = `INSERT INTO role_grant (person_id, role, institution_id, body_id, starts_on) SELECT $1, $2, b.institution_id, b.id, '2026-01-01' FROM body b JOIN institution i ON i.id = b.institution_id WHERE i.code = 'ACTIRIS' AND b.code = 'CSO'`
	strategist, strategySecretary := member("strategist", "", ""), member("strategysecretary", "", "")
	exec(t, s, seat, strategist, "committee_member")
	exec(t, s, seat, strategySecretary, "secretary")
	evaluator := member("evaluator", "", "")
	exec(t, s, `INSERT INTO evaluator (mandate_id, evaluation_id, person_id, starts_on, ends_on, named_by) SELECT mandate_id, id, $2, '2026-11-01', '2026-11-30', created_by FROM evaluation WHERE mandate_id = $1`, all[0], evaluator)
	none := []int64{}
	for name, c := range map[string]struct {
		who                         int64
		on                          calendar.Date
		progress, draft, evaluation []int64
	}{
		"holder":                         {holder, today, first, first, none},
		"holder before the tenure":       {holder, calendar.MustDate(2023, 12, 31), none, none, none},
		"delegate on the last day":       {delegate, calendar.MustDate(2026, 11, 30), first, first, none},
		"delegate on the day after":      {delegate, calendar.MustDate(2026, 12, 1), none, none, none},
		"delegate on the day before":     {delegate, calendar.MustDate(2026, 10, 31), none, none, none},
		"revoked delegate":               {revoked, today, none, none, none},
		"committee member":               {member("committee", access.CommitteeMember, "ACTIRIS"), today, actiris, none, none},
		"secretary of everything":        {member("secretary", access.Secretary, ""), today, all, none, none},
		"secretary before their time":    {member("later", access.Secretary, ""), calendar.MustDate(2025, 12, 31), none, none, none},
		"HR officer":                     {member("hr", access.HROfficer, "ELDERS"), today, elders, none, elders},
		"administrator":                  {member("admin", access.Administrator, ""), today, none, none, none},
		"evaluator":                      {evaluator, today, none, none, first},
		"evaluator after their last":     {evaluator, calendar.MustDate(2026, 12, 1), none, none, none},
		"member of a strategic body":     {strategist, today, actiris, none, none},
		"its secretary":                  {strategySecretary, today, actiris, none, none},
		"its member after the addressee": {strategist, calendar.MustDate(2026, 12, 1), none, none, none},
		"somebody without any office":    {member("nobody", "", ""), today, none, none, none},
		"a person that does not exist":   {1 << 40, today, none, none, none},
	} {
		ctx := As(context.Background(), c.who, c.on)
		for _, table := range guarded {
			want := c.progress
			if (c.who == strategist || c.who == strategySecretary) && !slices.Contains([]string{"progress_entry", "decision", "decision_answer", "transmission"}, table) {
				want = none // of other targets, or of whole mandates
			}
			switch table {
			case "report_draft", "report_draft_evidence", "report_draft_text":
				want = c.draft
			}
			if own, is := ofEvaluation[table]; is {
				want = c.evaluation
				if c.who == holder && own { // of themself, whatever the day
					want = first
				} else if table == "activity_draft" {
					want = none // nobody else reads what is being written
				}
			}
			if got := seen(ctx, t, s, table); !slices.Equal(got, want) {
				t.Errorf("%s sees %s of %v, want %v", name, table, got, want)
			}
		}
	}
	for _, table := range guarded {
		if got := seen(system, t, s, table); !slices.Equal(got, all) {
			t.Errorf("the system sees %s of %v, want %v", table, got, all)
		}
		_, err := s.pool.Exec(context.Background(), `SELECT FROM `+table)
		if pg := (*pgconn.PgError)(nil); !errors.As(err, &pg) || pg.Code != "JA006" {
			t.Errorf("nobody asks for %s: %v, want an error that says so", table, err)
		}
	}
}

// Who sits on a body that gets single targets sees what was said and done about
// those, on the days on which they go to it, and of a sealed table those rows.
func TestACarelessQueryShowsABodyWhatIsAddressedToIt(t *testing.T) {
	s := open(t)
	all := region(t, s)
	actiris, none := all[:2], []int64{}
	who := person(t, s, "strategist@jalon.example")
	exec(t, s, `INSERT INTO role_grant (person_id, role, institution_id, body_id, starts_on, ends_on)
		SELECT $1, 'committee_member', b.institution_id, b.id, '2026-01-01', '2026-12-31' FROM body b JOIN institution i ON i.id = b.institution_id WHERE i.code = 'ACTIRIS' AND b.code = 'CSO'`, who)
	document := `{"schema":"jalon/monitoring/2","rows":[{"code":"S1.1-1"},{"code":"S1.1-2"}],"questions":[{"target":"S1.1-1"},{"target":"S1.1-2"}]}`
	exec(t, s, `INSERT INTO seal (mandate_id, body_id, period, number, sealed_at, sealed_by, document, sha256, signature, key_id, public_key)
		SELECT m.id, b.id, '2025-07-01', m.code || '-2', now(), n.person_id, $1, sha256($1), '', '', '' FROM mandate m JOIN body b USING (institution_id) JOIN tenure n ON n.mandate_id = m.id WHERE b.code = 'DR'`, []byte(document))
	for _, c := range []struct {
		name string
		on   calendar.Date
		want []int64
	}{
		{"today", today, actiris},
		{"on the last day of the addressee", calendar.MustDate(2026, 11, 30), actiris},
		{"on the day after", calendar.MustDate(2026, 12, 1), none},
		{"before the seat", calendar.MustDate(2025, 12, 31), none},
	} {
		ctx := As(context.Background(), who, c.on)
		for _, table := range []string{"progress_entry", "decision", "decision_answer", "transmission"} {
			if got := seen(ctx, t, s, table); !slices.Equal(got, c.want) {
				t.Errorf("%s: %s of %v, want %v", c.name, table, got, c.want)
			}
		}
		for _, table := range []string{"report_draft", "event_list", "seal", "mandate_period_cells", "evaluation", "duty_answer", "duty_waiver", "event", "event_target", "evidence"} {
			if got := seen(ctx, t, s, table); len(got) > 0 {
				t.Errorf("%s: %s of %v, which is of other targets or of whole mandates", c.name, table, got)
			}
		}
		rows, _ := s.pool.Query(ctx, `SELECT DISTINCT g.code FROM progress_entry e JOIN target g ON g.id = e.target_id`)
		if codes, err := pgx.CollectRows(rows, pgx.RowTo[string]); err != nil || len(c.want) > 0 && !slices.Equal(codes, []string{"S1.1-2"}) || len(c.want) == 0 && len(codes) > 0 {
			t.Errorf("%s: entries on %v, %v", c.name, codes, err)
		}
		var sealed string
		if err := s.pool.QueryRow(ctx, `SELECT COALESCE(convert_from(sealed_document($1, '2025-07-01'), 'UTF8'), '')`, all[0]).Scan(&sealed); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(sealed, "S1.1-1") || strings.Contains(sealed, "S1.1-2") != (len(c.want) > 0) {
			t.Errorf("%s: the sealed table shows %s", c.name, sealed)
		}
	}
	// the other targets of the mandates, which go to nobody in particular, are whole for the Directieraad
	if got := scan[string](t, s, `SELECT convert_from(sealed_document($1, '2025-07-01'), 'UTF8')`, all[0]); got != document {
		t.Errorf("the system sees %s", got)
	}
}

// What somebody may not see they cannot write either, nor move there.
func TestACarelessWriteReachesNoOthersMandate(t *testing.T) {
	s := open(t)
	all := region(t, s)
	holder := scan[int64](t, s, `SELECT person_id FROM tenure WHERE mandate_id = $1`, all[0])
	secretary := person(t, s, "secretary@jalon.example")
	exec(t, s, `INSERT INTO role_grant (person_id, role, starts_on) VALUES ($1, 'secretary', '2026-01-01')`, secretary)
	const entry = `INSERT INTO progress_entry (mandate_id, target_id, as_of, author_id, lang, status) SELECT g.mandate_id, g.id, '2026-11-24', $2, 'nl', 'on_track' FROM target g WHERE g.mandate_id = $1`
	const event = `INSERT INTO event (mandate_id, kind, title, lang, starts_on, ends_on, recorded_by) VALUES ($1, 'other', 'x', 'nl', '2026-11-01', '2026-11-01', $2)`
	const draft = `INSERT INTO report_draft (mandate_id, period, target_id, fields, saved_by) SELECT g.mandate_id, '2027-01-01', g.id, '{}', $2 FROM target g WHERE g.mandate_id = $1`
	const answer = `INSERT INTO duty_answer (mandate_id, target_id, due, timing, done_on, note, lang, author_id) SELECT g.mandate_id, g.id, '2026-12-31', 'date', '2026-11-01', 'x', 'nl', $2 FROM target g WHERE g.mandate_id = $1`
	for what, sql := range map[string]string{"entry": entry, "event": event, "draft": draft, "answer": answer} {
		for _, c := range []struct {
			name         string
			who, mandate int64
			may          bool
		}{
			{"holder in their own mandate", holder, all[0], true},
			{"holder in a sibling's", holder, all[1], false},
			{"holder elsewhere", holder, all[2], false},
			{"secretary, who sees all", secretary, all[0], false},
		} {
			_, err := s.pool.Exec(As(context.Background(), c.who, today), sql, c.mandate, c.who)
			if (err == nil) != c.may {
				t.Errorf("%s: %s: %v", what, c.name, err)
			}
		}
	}
	tag, err := s.pool.Exec(As(context.Background(), holder, today), `UPDATE event SET cancelled_at = now(), cancelled_by = $1`, holder)
	if err != nil || tag.RowsAffected() != 2 { // the one of before and the one of above
		t.Errorf("a careless UPDATE reaches %d events (%v), want 2", tag.RowsAffected(), err)
	}
}

// The two locks have one rule: what the database shows is what access allows.
func TestTheDatabaseAgreesWithTheTableOfRights(t *testing.T) {
	s := open(t)
	all := region(t, s)
	system := AsSystem(context.Background())
	var round int
	rapid.Check(t, func(r *rapid.T) {
		round++
		id := person(t, s, "p"+string(rune('a'+round%26))+calendar.MustDate(2026, 1, 1).AddDays(round).String()+"@jalon.example")
		day := rapid.Custom(func(r *rapid.T) calendar.Date { return today.AddDays(rapid.IntRange(-3, 3).Draw(r, "day")) })
		for range rapid.IntRange(0, 4).Draw(r, "rights") {
			from, until := day.Draw(r, "from"), day.Draw(r, "until")
			if until.Before(from) {
				from, until = until, from
			}
			m := rapid.SampledFrom(all).Draw(r, "mandate")
			var err error
			switch kind := rapid.SampledFrom([]string{"delegate", "evaluator", "committee_member", "secretary", "hr_officer", "administrator", "seat"}).Draw(r, "kind"); kind {
			case "seat":
				_, err = s.pool.Exec(system, `INSERT INTO role_grant (person_id, role, institution_id, body_id, starts_on, ends_on) SELECT $2, 'committee_member', b.institution_id, b.id, $3, $4 FROM body b JOIN mandate m USING (institution_id) WHERE m.id = $1 AND b.code = 'CSO'`, m, id, from, until)
			case "delegate":
				_, err = s.pool.Exec(system, `INSERT INTO delegation (mandate_id, granted_by, person_id, starts_on, ends_on, revoked_at) SELECT mandate_id, person_id, $2, $3, $4, CASE WHEN $5 THEN now() END FROM tenure WHERE mandate_id = $1`,
					m, id, from, until, rapid.Bool().Draw(r, "revoked"))
			case "evaluator":
				_, err = s.pool.Exec(system, `INSERT INTO evaluator (mandate_id, evaluation_id, person_id, starts_on, ends_on, named_by) SELECT mandate_id, id, $2, $3, $4, created_by FROM evaluation WHERE mandate_id = $1`, m, id, from, until)
			default:
				_, err = s.pool.Exec(system, `INSERT INTO role_grant (person_id, role, institution_id, starts_on, ends_on) VALUES ($1, $2, (SELECT institution_id FROM mandate WHERE id = $3 AND $4), $5, $6)`,
					id, kind, m, kind != "administrator" && rapid.Bool().Draw(r, "scoped"), from, until)
			}
			var pg *pgconn.PgError
			if errors.As(err, &pg) && (pg.Code == "23P01" || pg.Code == "JA003") {
				continue // the same right twice, or an own evaluation: refused
			}
			if err != nil {
				r.Fatal(err)
			}
		}
		account, err := s.Account(system, id)
		if err != nil {
			r.Fatal(err)
		}
		as := As(context.Background(), id, today)
		for table, action := range map[string]access.Action{"progress_entry": access.ViewMandate, "report_draft": access.ReportProgress, "evaluation": access.ViewEvaluation} {
			shown := seen(as, t, s, table)
			for i, m := range all {
				o := access.Object{MandateID: m, InstitutionID: scan[int64](t, s, `SELECT institution_id FROM mandate WHERE id = $1`, m)}
				if table == "evaluation" {
					o.EvaluationID = scan[int64](t, s, `SELECT id FROM evaluation WHERE mandate_id = $1`, m)
				}
				if table == "progress_entry" { // target by target
					for _, code := range []string{"S1.1-1", "S1.1-2"} {
						one := o
						one.Target = code
						var n int
						if err := s.pool.QueryRow(as, `SELECT count(*) FROM progress_entry e JOIN target g ON g.id = e.target_id WHERE g.mandate_id = $1 AND g.code = $2`, m, code).Scan(&n); err != nil {
							r.Fatal(err)
						}
						if allowed := access.Decide(account.Viewer, today, action, one) == access.Allowed; allowed != (n > 0) {
							r.Fatalf("%s of mandate %d: access allows %v, the database shows %d entries; grants %+v", code, i, allowed, n, account.Grants)
						}
					}
				}
				if allowed := access.Decide(account.Viewer, today, action, o) == access.Allowed; allowed != slices.Contains(shown, m) {
					r.Fatalf("%s of mandate %d: access allows %v, the database shows %v; grants %+v", table, i, allowed, !allowed, account.Grants)
				}
			}
		}
	})
}

// scan asks the database for one value, in the name of the system.
func scan[T any](t testing.TB, s *Store, sql string, args ...any) (v T) {
	t.Helper()
	if err := s.pool.QueryRow(AsSystem(context.Background()), sql, args...).Scan(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// Whom an evaluation is about sees opinions from the stage on that was settled
// for it, and the conclusion once told of it; a step back hides nothing again.
func TestTheDatabaseShowsTheHolderWhatTheStageShows(t *testing.T) {
	s := open(t)
	m := region(t, s)[0]
	holder := scan[int64](t, s, `SELECT person_id FROM tenure WHERE mandate_id = $1`, m)
	ctx := As(context.Background(), holder, today)
	step := func(from, to string) {
		exec(t, s, `INSERT INTO evaluation_step (mandate_id, evaluation_id, from_stage, to_stage, on_day, by, at) SELECT mandate_id, id, $2, $3, '2026-11-01', created_by, now() FROM evaluation WHERE mandate_id = $1`, m, from, to)
	}
	sees := func(when string, opinions, conclusion int) {
		t.Helper()
		for table, want := range map[string]int{"evaluation_opinion": opinions, "evaluation_document": opinions, "evaluation_conclusion": conclusion} {
			if got := len(seen(ctx, t, s, table)); got != want {
				t.Errorf("%s: %d of %s, want %d", when, got, table, want)
			}
		}
	}
	sees("in preparation", 0, 0)
	step("preparing", "report_in")
	sees("the report is in", 0, 0)
	step("report_in", "opinions_in")
	sees("opinions are in", 1, 0)
	step("opinions_in", "concluded")
	sees("concluded", 1, 1)
	step("concluded", "preparing")
	sees("taken back", 1, 1)
	if _, err := s.pool.Exec(AsSystem(context.Background()), `INSERT INTO evaluation_step (mandate_id, evaluation_id, from_stage, to_stage, on_day, by, at) SELECT mandate_id, id, 'interview', 'closed', '2026-11-01', created_by, now() FROM evaluation WHERE mandate_id = $1`, m); err == nil {
		t.Error("a step from where the evaluation is not was taken")
	}
	if _, err := s.pool.Exec(ctx, `INSERT INTO evaluation_opinion (mandate_id, evaluation_id, capacity, author, given_on, text, lang, recorded_by, recorded_at) SELECT mandate_id, id, 'superior', 'x', '2026-11-01', 'x', 'nl', $1, now() FROM evaluation`, holder); err == nil {
		t.Error("the holder wrote an opinion about themself")
	}
}

// The content of an evaluation goes after it was closed, and never during an appeal.
func TestAnEvaluationInAppealIsHeld(t *testing.T) {
	s := open(t)
	m := region(t, s)[0]
	ctx := AsSystem(context.Background())
	path := []string{"preparing", "concluded", "closed", "appeal", "closed"}
	remove := func(counting bool) (n int64) {
		if err := s.pool.QueryRow(ctx, `SELECT remove_evaluations(now() + interval '1 day', $1)`, counting).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for i := 1; i < len(path); i++ {
		exec(t, s, `INSERT INTO evaluation_step (mandate_id, evaluation_id, from_stage, to_stage, on_day, by, at) SELECT mandate_id, id, $2, $3, '2026-11-01', created_by, now() FROM evaluation WHERE mandate_id = $1`, m, path[i-1], path[i])
		want := int64(0)
		if path[i] == "closed" {
			want = 1
		}
		if got := remove(true); got != want {
			t.Errorf("after %s: %d evaluations could go, want %d", path[i], got, want)
		}
	}
	if _, err := s.pool.Exec(ctx, `DELETE FROM evaluation_opinion WHERE mandate_id = $1`, m); err == nil {
		t.Error("the application removed an opinion by itself")
	}
	if got := remove(false); got != 1 {
		t.Errorf("%d removed", got)
	}
	for table, want := range map[string]int{"evaluation_opinion": 0, "activity_report": 0, "evaluation_conclusion": 0, "evaluation_step": 5, "evaluation": 1} {
		if got := scan[int](t, s, `SELECT count(*) FROM `+table+` WHERE mandate_id = $1`, m); got != want {
			t.Errorf("%s: %d rows left, want %d", table, got, want)
		}
	}
	if remove(true) != 0 {
		t.Error("what is empty is counted again")
	}
}

// A document that was asked for is seen by its asker alone, whoever else sees the mandates in it.
func TestACarelessQueryShowsNoDocumentOfAnother(t *testing.T) {
	s := open(t)
	anna, ben := person(t, s, "anna@jalon.example"), person(t, s, "ben@jalon.example")
	exec(t, s, `INSERT INTO role_grant (person_id, role, starts_on) VALUES ($1, 'secretary', '2026-01-01')`, ben)
	exec(t, s, `INSERT INTO export_job (person_id, kind, parameters, lang, asked_at, touched_at, expires_at) VALUES ($1, 'tables', '{}', 'nl', now(), now(), now() + interval '1 day')`, anna)
	for who, want := range map[int64]int{anna: 1, ben: 0} {
		ctx := As(context.Background(), who, today)
		var n int
		if err := s.pool.QueryRow(ctx, `SELECT count(*) FROM export_job`).Scan(&n); err != nil || n != want {
			t.Errorf("person %d sees %d, want %d (%v)", who, n, want, err)
		}
		if tag, err := s.pool.Exec(ctx, `UPDATE export_job SET done = 0`); err != nil || tag.RowsAffected() != int64(want) {
			t.Errorf("person %d changes %d, want %d (%v)", who, tag.RowsAffected(), want, err)
		}
	}
	if _, err := s.pool.Exec(As(context.Background(), ben, today), `INSERT INTO export_job (person_id, kind, parameters, lang, asked_at, touched_at, expires_at) VALUES ($1, 'tables', '{}', 'nl', now(), now(), now() + interval '1 day')`, anna); err == nil {
		t.Error("one orders in the name of another")
	}
}
