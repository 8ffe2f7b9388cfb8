package store

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/indicator"
)

func defined(code string, change func(*indicator.Indicator)) indicator.Indicator {
	i := indicator.Indicator{Code: code, Objective: "S1", Definition: indicator.Definition{
		ValidFrom: calendar.MustDate(2025, 1, 1), Name: plainText("Naam", "Nom"), Direction: indicator.Up, Cadence: indicator.Yearly, Origin: indicator.Measured,
	}}
	if change != nil {
		change(&i)
	}
	return i
}

func TestAnIndicatorIsWhatItWasOnTheDay(t *testing.T) {
	s := open(t)
	all := region(t, s)
	holder := scan[int64](t, s, `SELECT person_id FROM tenure WHERE mandate_id = $1`, all[0])
	ctx := As(context.Background(), holder, today)
	define := func(i indicator.Indicator) error {
		_, _, err := s.DefineIndicator(ctx, Submission{Key: uuid.New(), PersonID: holder, Action: "define indicator"}, all[0], i, time.Now(), "")
		return err
	}
	upper := decimal.RequireFromString("12.50")
	first := defined("S1-1", func(i *indicator.Indicator) {
		i.Direction, i.MinGroup = indicator.Between, 10
		i.Milestones = []indicator.Milestone{{On: calendar.MustDate(2026, 12, 31), Value: decimal.RequireFromString("-3"), Upper: upper}}
	})
	if err := define(first); err != nil {
		t.Fatal(err)
	}
	if err := define(first); !errors.Is(err, ErrExists) {
		t.Errorf("the same code again: %v", err)
	}
	second := defined("S1-1", func(i *indicator.Indicator) {
		i.ValidFrom, i.Name = calendar.MustDate(2026, 3, 1), plainText("Nieuw", "Nouveau")
	})
	second.ID = scan[int64](t, s, `SELECT id FROM indicator WHERE code = 'S1-1'`)
	if err := define(second); !errors.Is(err, ErrConflict) {
		t.Errorf("over a definition that was not seen: %v", err)
	}
	second.Newest = scan[int64](t, s, `SELECT max(id) FROM indicator_version`)
	if err := define(second); err != nil {
		t.Fatal(err)
	}
	if err := define(defined("S1-2", func(i *indicator.Indicator) { i.Origin, i.Parts = indicator.InParts, []string{"S1-1", "Q"} })); !errors.Is(err, ErrNotFound) {
		t.Errorf("a part that is not there: %v", err)
	}
	for _, c := range []struct {
		on   calendar.Date
		name string
	}{{calendar.MustDate(2024, 12, 31), ""}, {calendar.MustDate(2026, 2, 28), "Naam"}, {calendar.MustDate(2026, 3, 1), "Nieuw"}} {
		sheets, err := s.Indicators(ctx, DutyQuestion{Scope: access.Scope{Mandates: []int64{all[0]}}, AsOf: c.on})
		if err != nil {
			t.Fatal(err)
		}
		one, name := sheets[0].Sheet.Find("S1-1"), ""
		if one != nil {
			name = one.Name.NL
			if one.MinGroup != 10 { // the definition of 2026 asks for none
				t.Errorf("on %s the minimum group is %d", c.on, one.MinGroup)
			}
		}
		if name != c.name {
			t.Errorf("on %s it is called %q, want %q", c.on, name, c.name)
		}
	}
}

// Parts that added up once tell each other still, whatever is said of them later:
// what is kept back beside a small group stays so.
func TestWhatAddedUpOnceIsKeptBackStill(t *testing.T) {
	s := open(t)
	all := region(t, s)
	holder := scan[int64](t, s, `SELECT person_id FROM tenure WHERE mandate_id = $1`, all[0])
	ctx := As(context.Background(), holder, today)
	id := func(code string) int64 {
		return scan[int64](t, s, `SELECT id FROM indicator WHERE mandate_id = $1 AND code = $2`, all[0], code)
	}
	define := func(i indicator.Indicator) {
		t.Helper()
		if _, _, err := s.DefineIndicator(ctx, Submission{Key: uuid.New(), PersonID: holder, Action: "define indicator"}, all[0], i, time.Now(), ""); err != nil {
			t.Fatal(err)
		}
	}
	for code, people := range map[string]int{"S1-P": 4, "S1-Q": 60, "S1-R": 100, "S1-T": 164, "S1-X": 70, "S1-Y": 90} {
		define(defined(code, func(i *indicator.Indicator) { i.MinGroup = map[string]int{"S1-P": 10}[code] }))
		n := decimal.NewFromInt(int64(people))
		if _, _, _, err := s.RecordValues(ctx, Submission{Key: uuid.New(), PersonID: holder, Action: "record values"}, ValueBatch{
			MandateID: all[0], IndicatorID: id(code), Code: code, Channel: "page", Lang: "nl", ByID: holder, At: time.Now(),
			Values: []indicator.Measurement{{On: calendar.MustDate(2026, 6, 30), Value: &n, People: people}},
		}); err != nil {
			t.Fatal(err)
		}
	}
	whole := func(parts ...string) {
		define(defined("S1-T", func(i *indicator.Indicator) {
			i.ID, i.AddsUp, i.Parts = id("S1-T"), len(parts) > 0, parts
			i.Newest = scan[int64](t, s, `SELECT max(id) FROM indicator_version WHERE indicator_id = $1`, i.ID)
		}))
	}
	for _, c := range []struct {
		parts []string
		shown string
	}{
		{nil, "QRTXY"},
		{[]string{"S1-P", "S1-Q", "S1-R"}, "RTXY"},
		{nil, "RTXY"},
		{[]string{"S1-P", "S1-X", "S1-Y"}, "RTY"}, // in another way as well
		{nil, "RTY"},
	} {
		whole(c.parts...)
		sheets, err := s.Indicators(ctx, DutyQuestion{Scope: access.Scope{Mandates: all[:1]}, AsOf: today})
		if err != nil {
			t.Fatal(err)
		}
		shown := ""
		for _, letter := range []string{"P", "Q", "R", "T", "X", "Y"} {
			if p := sheets[0].Sheet.Find("S1-" + letter).Points; len(p) == 1 && !p[0].Hidden {
				shown += letter
			}
		}
		if shown != c.shown {
			t.Errorf("with the parts %v: shows %s, want %s", c.parts, shown, c.shown)
		}
	}
}

func TestAValueOfADayIsSupersededAndKept(t *testing.T) {
	s := open(t)
	all := region(t, s)
	holder := scan[int64](t, s, `SELECT person_id FROM tenure WHERE mandate_id = $1`, all[0])
	ctx := As(context.Background(), holder, today)
	id := scan[int64](t, s, `SELECT id FROM indicator WHERE mandate_id = $1`, all[0])
	other := scan[int64](t, s, `SELECT id FROM indicator WHERE mandate_id = $1`, all[1])
	on := calendar.MustDate(2026, 6, 30) // region has the value 3 of that day
	first := scan[int64](t, s, `SELECT id FROM measurement WHERE indicator_id = $1`, id)
	record := func(seen bool, supersedes int64, value string) (string, error) {
		n := decimal.RequireFromString(value)
		outcomes, _, _, err := s.RecordValues(ctx, Submission{Key: uuid.New(), PersonID: holder, Action: "record values"}, ValueBatch{
			MandateID: all[0], IndicatorID: id, Code: "A", Seen: seen, Channel: "page", Lang: "nl", ByID: holder, At: time.Now(),
			Values: []indicator.Measurement{{On: on, Value: &n, Supersedes: supersedes}},
		})
		if len(outcomes) == 0 {
			return "", err
		}
		return outcomes[0], err
	}
	if _, err := record(true, 0, "4"); !errors.Is(err, ErrConflict) {
		t.Errorf("over a value nobody saw: %v", err)
	}
	for _, c := range []struct {
		seen  bool
		value string
		want  string
	}{{true, "3.0", ValueUnchanged}, {true, "4", ValueReplaced}, {false, "5", ValueReplaced}, {false, "5", ValueUnchanged}} {
		if got, err := record(c.seen, first, c.value); got != c.want || err != nil {
			t.Errorf("%s: %s %v, want %s", c.value, got, err, c.want)
		}
	}
	if n := scan[int](t, s, `SELECT count(*) FROM measurement WHERE indicator_id = $1`, id); n != 3 {
		t.Errorf("%d values are kept, want 3", n)
	}
	if n := scan[int](t, s, `SELECT count(*) FROM audit_event WHERE action = 'record values'`); n != 2 {
		t.Errorf("%d lines in the trail: what changes nothing is none", n)
	}
	for what, sql := range map[string]string{
		"change a value":         `UPDATE measurement SET value = 9`,
		"remove a value":         `DELETE FROM measurement`,
		"two of one day":         `INSERT INTO measurement (mandate_id, indicator_id, on_date, value, lang, channel, recorded_by, recorded_at) SELECT mandate_id, indicator_id, on_date, 1, 'nl', 'page', recorded_by, now() FROM measurement LIMIT 1`,
		"a value of two kinds":   `INSERT INTO measurement (mandate_id, indicator_id, on_date, value, numerator, denominator, lang, channel, recorded_by, recorded_at) SELECT mandate_id, indicator_id, '2020-01-01', 1, 1, 1, 'nl', 'page', recorded_by, now() FROM measurement LIMIT 1`,
		"a machine that reads":   `INSERT INTO api_token (mandate_id, name, secret_hash, hint, scopes, created_by, created_at, expires_on) SELECT mandate_id, 'x', sha256('x'), 'abcd', ARRAY['read'], recorded_by, now(), '2030-01-01' FROM measurement LIMIT 1`,
		"somebody else's token":  `INSERT INTO api_token (person_id, name, secret_hash, hint, scopes, created_by, created_at, expires_on) SELECT a.id, 'x', sha256('x'), 'abcd', ARRAY['read'], b.id, now(), '2030-01-01' FROM person a, person b WHERE a.id <> b.id LIMIT 1`,
		"a value of nobody":      `INSERT INTO measurement (mandate_id, indicator_id, on_date, value, lang, channel, recorded_at) SELECT mandate_id, indicator_id, '2020-01-01', 1, 'nl', 'page', now() FROM measurement LIMIT 1`,
		"not a number":           `INSERT INTO milestone (mandate_id, version_id, on_date, value) SELECT mandate_id, id, '2020-01-01', 'NaN' FROM indicator_version LIMIT 1`,
		"a definition rewritten": `UPDATE indicator_version SET direction = 'down'`,
	} {
		if _, err := s.pool.Exec(AsSystem(context.Background()), sql); err == nil {
			t.Errorf("the database lets somebody %s", what)
		}
	}
	_, _, _, err := s.RecordValues(ctx, Submission{Key: uuid.New(), PersonID: holder, Action: "record values"}, ValueBatch{
		MandateID: all[1], IndicatorID: other, Channel: "page", Lang: "nl", ByID: holder, At: time.Now(), Values: []indicator.Measurement{{On: on, Value: &decimal.Zero}},
	})
	if err == nil {
		t.Error("a value of another's mandate is taken")
	}
}
