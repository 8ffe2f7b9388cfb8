package store

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// secondClock is the step that keeps what tenures and the ends of steps were.
const secondClock = 32

// What was recorded before counts as known from the start, or since it was set;
// what changes afterwards is kept with the instants between which it was known,
// and nobody alters that.
func TestTenuresAndStepsOfBeforeAreKnownFromTheStart(t *testing.T) {
	ctx := AsSystem(context.Background())
	dsn := emptyDatabase(t)
	migrateTo(t, dsn, secondClock-1)
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	do := func(sql string) error {
		_, err := conn.Exec(ctx, sql)
		return err
	}
	lines := func(sql string) []string {
		t.Helper()
		rows, _ := conn.Query(ctx, sql)
		all, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if err := do(`
		INSERT INTO person (email, name, lang) VALUES ('an@jalon.example', 'An Voorbeeld', 'nl');
		INSERT INTO institution (code, name_nl, name_fr) VALUES ('ACTIRIS', 'x', 'x');
		INSERT INTO framework (code, name_nl, name_fr, adopted_on) VALUES ('F', 'F', 'F', '2024-01-01');
		INSERT INTO mandate (institution_id, framework_id, code, title_nl, position) VALUES (1, 1, 'A4', 'x', 1);
		INSERT INTO tenure (mandate_id, person_id, starts_on, ends_on) VALUES (1, 1, '2020-01-01', '2024-12-31'), (1, 1, '2999-01-01', NULL);
		INSERT INTO body (institution_id, code, name_nl, name_fr, scope) VALUES (1, 'CSO', 'x', 'x', 'addressed');
		INSERT INTO wording (framework_id, framework_key) VALUES (NULL, NULL);
		INSERT INTO objective (mandate_id, kind, code, position, wording_id) VALUES (1, 'strategic', 'S1', 1, 1);
		INSERT INTO measurement_point (mandate_id, objective_id, code, position, wording_id) VALUES (1, 1, 'S1.1', 1, 1);
		INSERT INTO target (mandate_id, measurement_point_id, code, position, wording_id) VALUES (1, 1, 'S1.1-1', 1, 1);
		INSERT INTO addressee (mandate_id, target_id, body_id, form, cadence, valid_from, valid_until, set_at) VALUES
			(1, 1, 1, 'table', 'year', '2024-01-01', '2025-12-31', '2024-01-05'), (1, 1, 1, 'note', 'year', '2024-01-01', NULL, '2024-02-05')`); err != nil {
		t.Fatal(err)
	}
	migrateTo(t, dsn, secondClock)
	if err := do(`
		BEGIN;
		SELECT set_config('jalon.told_at', '2026-03-01 12:00+00', true);
		UPDATE tenure SET ends_on = '2024-06-30' WHERE id = 1;
		DELETE FROM tenure WHERE id = 2;
		INSERT INTO tenure (mandate_id, person_id, starts_on) VALUES (1, 1, '2025-01-01');
		UPDATE addressee SET valid_until = '2026-06-30' WHERE id = 2;
		COMMIT`); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"1 2020-01-01 2024-06-30 2026-03-01 infinity", "1 2020-01-01 2024-12-31 -infinity 2026-03-01",
		"2 2999-01-01 - -infinity 2026-03-01", "3 2025-01-01 - 2026-03-01 infinity",
	}
	got := lines(`SELECT concat_ws(' ', id, starts_on, COALESCE(ends_on::text, '-'), ` + instantText("told_from") + `, ` + instantText("told_until") + `) FROM tenure_told ORDER BY 1`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tenures: want -, got +\n%s", diff)
	}
	want = []string{"note - 2024-02-05 2026-03-01", "note 2026-06-30 2026-03-01 infinity", "table 2025-12-31 2024-01-05 infinity"}
	got = lines(`SELECT concat_ws(' ', form, COALESCE(valid_until::text, '-'), ` + instantText("told_from") + `, ` + instantText("told_until") + `) FROM addressee_told ORDER BY 1`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("steps: want -, got +\n%s", diff)
	}
	for _, table := range []string{"tenure_past", "addressee_past"} {
		if do(`UPDATE `+table+` SET told_until = now()`) == nil || do(`DELETE FROM `+table) == nil || do(`TRUNCATE `+table) == nil {
			t.Errorf("%s can be altered", table)
		}
	}
	migrateTo(t, dsn, secondClock-1)
	if held := lines(`SELECT starts_on || ' ' || COALESCE(ends_on::text, '-') FROM tenure ORDER BY 1`); len(held) != 2 {
		t.Errorf("after the step back: %v", held)
	}
}

// places is the step that gives the places of a letter a day.
const places = 33

// The places of before were there from the start. One that is added moves those
// after it up, all at once.
func TestPlacesOfBeforeAreThereFromTheStart(t *testing.T) {
	ctx := AsSystem(context.Background())
	dsn := emptyDatabase(t)
	migrateTo(t, dsn, places-1)
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	do := func(sql string) {
		t.Helper()
		if _, err := conn.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	do(`
		INSERT INTO institution (code, name_nl, name_fr) VALUES ('ACTIRIS', 'x', 'x');
		INSERT INTO framework (code, name_nl, name_fr, adopted_on) VALUES ('F', 'F', 'F', '2024-01-01');
		INSERT INTO mandate (institution_id, framework_id, code, title_nl, position) VALUES (1, 1, 'A4', 'x', 1);
		INSERT INTO wording (framework_id, framework_key) VALUES (NULL, NULL);
		INSERT INTO objective (mandate_id, kind, code, position, wording_id) VALUES (1, 'strategic', 'S1', 1, 1), (1, 'transversal', 'T1', 2, 1);
		INSERT INTO passage (objective_id, kind, position, wording_id) VALUES (1, 'goal', 1, 1);
		INSERT INTO kpi (mandate_id, objective_id, code, position, wording_id) VALUES (1, 1, 'S1-K1', 1, 1);
		INSERT INTO measurement_point (mandate_id, objective_id, code, position, wording_id) VALUES (1, 1, 'S1.1', 1, 1);
		INSERT INTO target (mandate_id, measurement_point_id, code, position, wording_id) VALUES (1, 1, 'S1.1-1', 1, 1)`)
	migrateTo(t, dsn, places)
	for _, table := range []string{"objective", "passage", "kpi", "measurement_point", "target"} {
		var from, told string
		if err := conn.QueryRow(ctx, `SELECT DISTINCT valid_from::text, told_from::text FROM `+table).Scan(&from, &told); err != nil || from != since.String() || told != "-infinity" {
			t.Errorf("%s of before: from %s, told %s, %v", table, from, told, err)
		}
	}
	do(`UPDATE objective SET position = position + 1`)
	migrateTo(t, dsn, places-1)
	do(`INSERT INTO objective (mandate_id, kind, code, position, wording_id) VALUES (1, 'strategic', 'S2', 1, 1)`)
}

// cellsHold is the step that tells from which day cells hold.
const cellsHold = 37

// Cells of before hold from the last day on which a deadline began within their half-year.
func TestCellsOfBeforeHoldFromWhatBeganLast(t *testing.T) {
	ctx := AsSystem(context.Background())
	dsn := emptyDatabase(t)
	migrateTo(t, dsn, cellsHold-1)
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `
		INSERT INTO institution (code, name_nl, name_fr) VALUES ('ACTIRIS', 'x', 'x');
		INSERT INTO framework (code, name_nl, name_fr, adopted_on) VALUES ('F', 'F', 'F', '2024-01-01');
		INSERT INTO mandate (institution_id, framework_id, code, title_nl, position) VALUES (1, 1, 'A4', 'x', 1);
		INSERT INTO wording (framework_id, framework_key) VALUES (NULL, NULL);
		INSERT INTO objective (mandate_id, kind, code, position, wording_id) VALUES (1, 'strategic', 'S1', 1, 1);
		INSERT INTO measurement_point (mandate_id, objective_id, code, position, wording_id) VALUES (1, 1, 'S1.1', 1, 1);
		INSERT INTO target (mandate_id, measurement_point_id, code, position, wording_id) VALUES (1, 1, 'S1.1-1', 1, 1);
		INSERT INTO deadline (mandate_id, target_id, valid_from, phrase_nl, phrase_fr, phrase_nl_state, phrase_fr_state, reading)
		SELECT 1, 1, d::date, 'x', 'x', 'original', 'original', '{}' FROM unnest(ARRAY['2025-07-01', '2026-02-01', '2026-05-15']) d;
		INSERT INTO mandate_period_cells (period, mandate_id, codes, cells, late_from)
		SELECT p::date, 1, '{}', '{}', '{}' FROM unnest(ARRAY['2025-07-01', '2026-01-01', '2026-07-01']) p`); err != nil {
		t.Fatal(err)
	}
	migrateTo(t, dsn, cellsHold)
	rows, _ := conn.Query(ctx, `SELECT period || ' ' || COALESCE(holds_from::text, 'always') FROM mandate_period_cells ORDER BY period`)
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if diff := cmp.Diff([]string{"2025-07-01 always", "2026-01-01 2026-05-15", "2026-07-01 always"}, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

// owedOnceHeld is the step after which nothing is owed before somebody held the mandate.
const owedOnceHeld = 39

// Cells of half-years that ended before the first tenure go: they are looked up from then on.
func TestCellsOfBeforeTheFirstTenureGo(t *testing.T) {
	ctx := AsSystem(context.Background())
	dsn := emptyDatabase(t)
	migrateTo(t, dsn, owedOnceHeld-1)
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `
		INSERT INTO person (email, name, lang) VALUES ('an@jalon.example', 'An Voorbeeld', 'nl');
		INSERT INTO institution (code, name_nl, name_fr) VALUES ('ACTIRIS', 'x', 'x');
		INSERT INTO framework (code, name_nl, name_fr, adopted_on) VALUES ('F', 'F', 'F', '2024-01-01');
		INSERT INTO mandate (institution_id, framework_id, code, title_nl, position) VALUES (1, 1, 'A4', 'x', 1), (1, 1, 'A5', 'vacant', 2);
		INSERT INTO tenure (mandate_id, person_id, starts_on, ends_on) VALUES (1, 1, '2026-06-30', '2026-12-31'), (1, 1, '2027-01-01', NULL);
		INSERT INTO mandate_period_cells (period, mandate_id, codes, cells, late_from)
		SELECT p::date, m, '{}', '{}', '{}' FROM unnest(ARRAY['2025-07-01', '2026-01-01', '2026-07-01']) p, generate_series(1, 2) m`); err != nil {
		t.Fatal(err)
	}
	migrateTo(t, dsn, owedOnceHeld)
	rows, _ := conn.Query(ctx, `SELECT mandate_id || ' ' || period FROM mandate_period_cells ORDER BY 1`)
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if diff := cmp.Diff([]string{"1 2026-01-01", "1 2026-07-01", "2 2025-07-01", "2 2026-01-01", "2 2026-07-01"}, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

// instantText writes an instant of a column by its day.
func instantText(column string) string {
	return `CASE WHEN isfinite(` + column + `) THEN to_char(` + column + ` AT TIME ZONE 'UTC', 'YYYY-MM-DD') ELSE ` + column + `::text END`
}
