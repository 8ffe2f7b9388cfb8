package store

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/evaluation"
	"jalon/internal/evidence"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

// The record of an evaluation holds what was recorded as of its days, with the
// files and the sealed tables of its half-years: nothing of the days before and
// after, nothing of another mandate.
func TestTheRecordOfAnEvaluationHoldsItsDaysAlone(t *testing.T) {
	b, ctx := newBench(t), AsSystem(context.Background())
	m, other := b.aMandate(t, small("MA")), b.aMandate(t, small("MB"))
	target := targetID(t, m, "S1.1-1")
	o := b.planned(t, m) // from 2025-01-01 until 2026-12-31
	evaluated := b.evaluationOf(t, o)

	file := evidence.File{SHA256: fmt.Sprintf("%064x", 7), Size: 12, Kind: evidence.CSV, Name: "lijst.csv"}
	for _, asOf := range []string{"2024-12-31", "2025-03-31", "2025-06-30", "2026-06-30", "2027-01-01"} {
		period := calendar.HalfYearOf(day(asOf))
		if asOf == "2025-06-30" {
			chosen := map[int64]evidence.Set{target: {Files: []evidence.File{file}}}
			if err := b.ChooseEvidence(ctx, m.ID, period, b.by, time.Now(), chosen); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.record(m.ID, period, b.entry(target, progress.Attention, day(asOf))); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.record(other.ID, firstHalf, b.entry(targetID(t, other, "S1.1-1"), progress.OnTrack, day("2026-02-01"))); err != nil {
		t.Fatal(err)
	}
	for _, period := range []calendar.HalfYear{{Year: 2024, Half: 2}, {Year: 2025, Half: 1}, firstHalf} {
		if err := b.seal(t, m, period); err != nil {
			t.Fatal(err)
		}
	}

	for _, c := range []struct {
		name, today, asOf string
		entries, tables   []string
		halves, files     int
	}{
		{"long after", "2027-06-01", "2026-12-31", []string{"2025-03-31", "2025-06-30", "2026-06-30"}, []string{"2025-H1", "2026-H1"}, 4, 1},
		{"half-way", "2025-12-31", "2025-12-31", []string{"2025-03-31", "2025-06-30"}, []string{"2025-H1"}, 2, 1},
		{"the day before an entry", "2025-06-29", "2025-06-29", []string{"2025-03-31"}, []string{"2025-H1"}, 1, 0},
		{"before it begins", "2024-06-01", "2025-01-01", nil, []string{"2025-H1"}, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := b.EvaluationRecord(ctx, evaluated, day(c.today))
			if err != nil {
				t.Fatal(err)
			}
			if r.AsOf != day(c.asOf) || r.From != day("2025-01-01") || len(r.Halves) != c.halves || r.Mandate.Code != "MA" || r.Mandate.Holder.PersonID != b.by {
				t.Errorf("as of %s from %s, %d half-years of %s held by %d", r.AsOf, r.From, len(r.Halves), r.Mandate.Code, r.Mandate.Holder.PersonID)
			}
			var entries, tables []string
			for _, one := range r.Targets {
				for _, e := range one.Entries {
					if entries = append(entries, e.AsOf.String()); e.TargetID != target {
						t.Errorf("an entry of target %d stands at %s", e.TargetID, one.Target.Code)
					}
				}
				if len(one.Line) != c.halves {
					t.Errorf("%s stands in %d half-years, want %d", one.Target.Code, len(one.Line), c.halves)
				}
			}
			for _, quoted := range r.Tables {
				tables = append(tables, quoted.Period.String())
			}
			if diff := gocmp.Diff(c.entries, entries); diff != "" {
				t.Errorf("entries: want (-) got (+)\n%s", diff)
			}
			if diff := gocmp.Diff(c.tables, tables); diff != "" {
				t.Errorf("tables: want (-) got (+)\n%s", diff)
			}
			files := r.Files()
			if len(files) != c.files {
				t.Fatalf("%d files, want %d", len(files), c.files)
			}
			if c.files == 1 && (files[0].File.Name != "lijst.csv" || files[0].File.SHA256 != file.SHA256 || files[0].EntryID == 0) {
				t.Errorf("file %+v of entry %d", files[0].File, files[0].EntryID)
			}
		})
	}
}

// A correction stays beside what it corrects, in the record as in the trail.
func TestTheRecordOfAnEvaluationKeepsWhatWasCorrected(t *testing.T) {
	b, ctx := newBench(t), AsSystem(context.Background())
	m := b.aMandate(t, small("MA"))
	target := targetID(t, m, "S1.1-1")
	evaluated := b.evaluationOf(t, b.planned(t, m))
	first := b.entry(target, progress.OnTrack, day("2026-02-01"))
	if err := b.record(m.ID, firstHalf, first); err != nil {
		t.Fatal(err)
	}
	again := b.entry(target, progress.Compromised, day("2026-02-01"))
	again.Supersedes, again.CorrectionReason = sheetOf(t, b.Store, SheetQuestion{Code: "MA", AsOf: day("2026-03-01")}).Latest[target].ID, "vergissing"
	if err := b.record(m.ID, firstHalf, again); err != nil {
		t.Fatal(err)
	}
	r, err := b.EvaluationRecord(ctx, evaluated, day("2026-06-30"))
	if err != nil {
		t.Fatal(err)
	}
	one := r.Find(mustCode(t, "S1.1-1"))
	if len(one.Entries) != 2 || one.Entries[0].Number != 1 || one.Entries[0].CorrectedBy != one.Entries[1].ID || one.Entries[1].Number != 2 || one.Entries[1].CorrectedBy != 0 {
		t.Errorf("entries %+v", one.Entries)
	}
	if last := one.Line[len(one.Line)-1]; last.Status != progress.Compromised || last.EntryID != one.Entries[1].ID {
		t.Errorf("at the end it stands %s by entry %d", last.Status, last.EntryID)
	}
}

// In the half-years before a letter added a target, nothing was expected of it.
func TestTheRecordOfAnEvaluationExpectsATargetFromItsDay(t *testing.T) {
	b, ctx := newBench(t), AsSystem(context.Background())
	m := b.aMandate(t, small("MA"))
	exec(t, b.Store, `UPDATE mandate SET created_at = '2024-11-30' WHERE id = $1`, m.ID)
	evaluated := b.evaluationOf(t, b.planned(t, m))
	amend(t, b.Store, "2026-03-01", tree("MA", "S1 Dienst", "S1.1 Punt", "S1.1-3 Erbij @ doorlopend"))
	r, err := b.EvaluationRecord(ctx, evaluated, day("2026-07-15"))
	if err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string]string{
		"S1.1-1": "not_reported not_reported late", "S1.1-3": "not_expected not_expected not_reported",
	} {
		var line []string
		for _, h := range r.Find(mustCode(t, target)).Line {
			if h.Period != secondHalf {
				line = append(line, string(h.Status))
			}
		}
		if got := strings.Join(line, " "); got != want {
			t.Errorf("%s stood %s, want %s", target, got, want)
		}
	}
}

// What was owed before an amendment of its deadline stays kept or missed.
func TestTheRecordOfAnEvaluationKeepsWhatWasOwedThen(t *testing.T) {
	b, ctx := newBench(t), AsSystem(context.Background())
	m := b.aMandate(t, tree("MA", "S1 Dienst", "S1.1 Punt", "S1.1-1 Volgen @ doorlopend"))
	exec(t, b.Store, `UPDATE mandate SET created_at = '2024-11-30' WHERE id = $1`, m.ID)
	evaluated := b.evaluationOf(t, b.planned(t, m))
	if err := b.record(m.ID, firstHalf, b.entry(targetID(t, m, "S1.1-1"), progress.OnTrack, day("2026-06-30"))); err != nil {
		t.Fatal(err)
	}
	for _, now := range []string{"doorlopend", "december 2028"} {
		if now != "doorlopend" {
			amend(t, b.Store, "2026-07-01", tree("MA", "S1 Dienst", "S1.1 Punt", "S1.1-1 Volgen @ "+now))
		}
		r, err := b.EvaluationRecord(ctx, evaluated, day("2026-07-15"))
		if err != nil {
			t.Fatal(err)
		}
		var line []string
		for _, d := range r.Find(mustCode(t, "S1.1-1")).Duties {
			line = append(line, d.Due.String()+" "+string(d.State))
		}
		if got, want := strings.Join(line, ", "), "2025-06-30 late, 2025-12-31 late, 2026-06-30 done"; got != want {
			t.Errorf("%s: %s, want %s", now, got, want)
		}
	}
}

// evaluationOf lists one evaluation.
func (b bench) evaluationOf(t testing.TB, o access.Object) Evaluation {
	t.Helper()
	all, err := b.Evaluations(AsSystem(context.Background()), access.Scope{}, []int64{o.EvaluationID}, 0)
	if err != nil || len(all) != 1 || all[0].Kind.Code != evaluation.Interim {
		t.Fatalf("%+v, %v", all, err)
	}
	return all[0]
}

func targetID(t testing.TB, m mandate.Mandate, code string) int64 {
	t.Helper()
	for _, target := range m.Targets() {
		if target.Code.String() == code {
			return target.ID
		}
	}
	t.Fatalf("%s has no target %s", m.Code, code)
	return 0
}

func mustCode(t testing.TB, s string) mandate.Code {
	t.Helper()
	code, err := mandate.ParseCode(s)
	if err != nil {
		t.Fatal(err)
	}
	return code
}
