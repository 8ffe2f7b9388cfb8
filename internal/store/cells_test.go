package store

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

// overviewOf asks for the line of one mandate.
func overviewOf(t testing.TB, s *Store, mandateID int64, asOf calendar.Date, live bool) []progress.OverviewCell {
	t.Helper()
	lines, err := s.Overview(AsSystem(context.Background()), OverviewQuestion{
		Scope: access.Scope{Mandates: []int64{mandateID}}, Period: calendar.HalfYearOf(asOf), AsOf: asOf, Live: live, Before: calendar.HalfYearOf(asOf).Previous(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) != 1 {
		t.Fatalf("%d lines of one mandate", len(lines))
	}
	return lines[0].Cells
}

// rolledUp makes the cells from the sheet of the same day.
func rolledUp(t testing.TB, s *Store, mandateCode string, asOf calendar.Date) []progress.OverviewCell {
	t.Helper()
	return rolled(sheetOf(t, s, SheetQuestion{Code: mandateCode, AsOf: asOf}), asOf)
}

// rolled makes the cells of a sheet as of its day.
func rolled(sheet progress.Sheet, asOf calendar.Date) (cells []progress.OverviewCell) {
	for _, o := range sheet.Mandate.Objectives {
		roll := sheet.Objective(o, calendar.HalfYearOf(asOf))
		cell := progress.OverviewCell{Objective: o.Code, Status: roll.Status, Reported: roll.Reported, Owed: roll.Owed}
		for _, target := range o.Targets() {
			tallied(&cell, sheet, target, asOf)
		}
		cells = append(cells, cell)
	}
	return cells
}

// tallied counts one target of the sheet, in as many words as the rules have.
func tallied(cell *progress.OverviewCell, sheet progress.Sheet, target mandate.Target, asOf calendar.Date) {
	half, due := calendar.HalfYearOf(asOf), target.Deadline.Due
	var said progress.Status
	var on calendar.Date
	if e := sheet.Latest[target.ID]; e != nil {
		said, on = e.Status, e.AsOf
	}
	inHalf := !on.IsZero() && !on.Before(half.Start())
	closed := said == progress.Achieved || said == progress.Stopped
	owed := !target.Deadline.OwedFrom.After(half.End())
	shown := said
	switch {
	case closed || inHalf:
	case owed:
		shown = progress.NotReported
	default:
		shown = progress.NotExpected
	}
	cell.Targets++
	cell.Present = cell.Present.With(shown)
	if said == progress.Compromised {
		cell.Compromised++
	}
	if said == progress.SupportNeeded {
		cell.SupportAsked++
	}
	if said == progress.Achieved && inHalf {
		cell.Achieved++
	}
	if !closed && !due.IsZero() {
		if asOf.After(due) {
			if shown != progress.Compromised {
				cell.Late++
			}
		} else if !due.After(asOf.AddDays(90)) {
			cell.DueSoon++
		}
	}
	if on.IsZero() {
		on = progress.Never
	}
	if !closed && owed && (cell.Quiet.IsZero() || on.Before(cell.Quiet)) {
		cell.Quiet = on
	}
}

// withoutBefore leaves the comparison out, which only cells have.
func withoutBefore(cells []progress.OverviewCell) []progress.OverviewCell {
	for i := range cells {
		cells[i].Before = ""
	}
	return cells
}

// deed is one thing that happens to a mandate.
func deed(t *testing.T, rt *rapid.T, b bench, m mandate.Mandate, halves []calendar.HalfYear) {
	ctx := AsSystem(context.Background())
	half := rapid.SampledFrom(halves).Draw(rt, "half-year")
	switch rapid.SampledFrom([]string{"report", "report", "report", "report", "report", "fill", "appoint", "amend", "seal"}).Draw(rt, "deed") {
	case "report":
		var entries []progress.Entry
		for range rapid.IntRange(1, 4).Draw(rt, "entries") {
			asOf := half.Start().AddDays(rapid.IntRange(0, 180).Draw(rt, "day"))
			entries = append(entries, b.entry(rapid.SampledFrom(m.Targets()).Draw(rt, "target").ID, anyStatus.Draw(rt, "status"), asOf))
		}
		_ = b.record(m.ID, half, entries...) // refused when it is sealed
	case "fill":
		if _, err := b.FillCells(ctx, half); err != nil {
			rt.Fatal(err)
		}
	case "appoint":
		from := anyDay("2024-01-01", "2026-12-31").Draw(rt, "from")
		_ = b.Appoint(ctx, b.sub("appoint"), m.ID, mandate.Tenure{PersonID: b.by, From: from, Until: from.AddDays(rapid.IntRange(0, 400).Draw(rt, "length"))}) // refused when they overlap
	case "amend":
		l := actiris(tree(m.Code, "S1 Dienst", "S1.1 Punt",
			"S1.1-1 Plan maken @ "+rapid.SampledFrom([]string{"juni 2025", "maart 2026", "doorlopend vanaf juli 2026", "einde mandaat"}).Draw(rt, "deadline"),
			fmt.Sprintf("S1.1-%d Nog een @ 2025", rapid.IntRange(2, 5).Draw(rt, "number"))))
		l.EffectiveOn = anyDay("2025-01-01", "2026-12-31").Draw(rt, "effective")
		_, _, _, _ = b.StoreLetter(ctx, Submission{Action: "import letter"}, l) // refused before the words in force
	case "seal":
		_ = b.seal(t, m, half) // refused when it is sealed already
	}
}

func TestCellsAreWhatALookUpOfEveryTargetGives(t *testing.T) {
	b := newBench(t)
	halves := []calendar.HalfYear{{Year: 2025, Half: 1}, {Year: 2025, Half: 2}, firstHalf, secondHalf}
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		m := b.aMandate(t, small(fmt.Sprintf("M%d", n)))
		for range rapid.IntRange(1, 10).Draw(rt, "deeds") {
			deed(t, rt, b, m, halves)
		}
		filled := 0
		for _, half := range halves {
			if count(t, b.Store, `SELECT count(*) FROM mandate_period_cells WHERE mandate_id = $1 AND period = $2`, m.ID, half.Start()) == 0 {
				continue
			}
			filled++
			asOf := half.End()
			if rapid.Bool().Draw(rt, "before its end") { // today lies after what was reported, and maybe before what begins later
				reported := count(t, b.Store, `
					SELECT COALESCE(max(e.as_of) - $2::date, 0) FROM progress_entry e JOIN target g ON g.id = e.target_id
					WHERE g.mandate_id = $1 AND e.as_of BETWEEN $2::date AND $3::date`, m.ID, half.Start(), half.End())
				if today := half.Start().AddDays(rapid.IntRange(reported, 183).Draw(rt, "today")); today.Before(asOf) {
					asOf = today
				}
			}
			cells := withoutBefore(overviewOf(t, b.Store, m.ID, asOf, true))
			if diff := cmp.Diff(withoutBefore(overviewOf(t, b.Store, m.ID, asOf, false)), cells); diff != "" {
				rt.Fatalf("%s: look-up (-) cells (+)\n%s", half, diff)
			}
			if diff := cmp.Diff(rolledUp(t, b.Store, m.Code, asOf), cells); diff != "" {
				rt.Fatalf("%s: sheet (-) cells (+)\n%s", half, diff)
			}
		}
		rt.Logf("%d half-years have cells", filled)
	})
}

// Of a mandate in which something begins later in the half-year the targets are
// looked up; the others are answered by their cells, in the same list.
func TestWhatBeginsLaterInTheHalfYearIsNotThereYet(t *testing.T) {
	b := newBench(t)
	for _, code := range []string{"MA", "MB", "MC"} {
		b.aMandate(t, tree(code, "S1 Dienst", "S1.1 Punt", "S1.1-1 Plan @ maart 2026"))
	}
	l := actiris(tree("MB", "S1 Dienst", "S1.1 Punt", "S1.1-1 Plan @ juni 2026", "S1.1-2 Nog een @ juni 2026"))
	l.EffectiveOn = day("2026-05-01")
	if _, _, _, err := b.StoreLetter(AsSystem(t.Context()), b.sub("import letter"), l); err != nil {
		t.Fatal(err)
	}
	if _, err := b.FillCells(AsSystem(t.Context()), firstHalf); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		today string
		want  string
	}{
		{"2026-03-31", "MA not_reported 1, MB not_reported 1, MC not_reported 1"},
		{"2026-04-30", "MA late 1, MB late 1, MC late 1"},
		{"2026-05-01", "MA late 1, MB not_reported 2, MC late 1"},
	} {
		lines, err := b.Overview(AsSystem(t.Context()), OverviewQuestion{Scope: access.Scope{All: true}, Period: firstHalf, AsOf: day(c.today), Live: true, Before: firstHalf.Previous()})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range lines {
			got = append(got, fmt.Sprintf("%s %s %d", l.Code, l.Cells[0].Status, l.Cells[0].Owed))
		}
		if got := strings.Join(got, ", "); got != c.want {
			t.Errorf("on %s: %s; want %s", c.today, got, c.want)
		}
	}
}

// Nothing is owed before somebody held the mandate: not on its sheet, not in the
// overview from cells or by look-up, nor by what changed once it was known who would.
func TestNothingIsOwedBeforeSomebodyHeldTheMandate(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, tree("MA", "S1 Dienst", "S1.1 Punt", "S1.1-1 Plan @ maart 2028"))
	before, first := day("2027-06-30"), mandate.Tenure{PersonID: b.by, From: day("2027-07-01")}
	standing := func() string {
		t.Helper()
		sheet := sheetOf(t, b.Store, SheetQuestion{Code: "MA", AsOf: before})
		cells, looked := overviewOf(t, b.Store, m.ID, before, true)[0], overviewOf(t, b.Store, m.ID, before, false)[0]
		return fmt.Sprintf("%s, %s %d, %s %d", sheet.Standing(sheet.Mandate.Targets()[0], calendar.HalfYearOf(before)).Status, cells.Status, cells.Owed, looked.Status, looked.Owed)
	}
	if _, err := b.FillCells(AsSystem(t.Context()), calendar.HalfYearOf(before)); err != nil {
		t.Fatal(err)
	}
	if got := standing(); got != "not_reported, not_reported 1, not_reported 1" {
		t.Errorf("while it is vacant: %s", got)
	}
	sub := b.sub("appoint")
	sub.At = time.Date(2026, 11, 10, 12, 0, 0, 0, calendar.Brussels)
	if err := b.Appoint(AsSystem(t.Context()), sub, m.ID, first); err != nil {
		t.Fatal(err)
	}
	if got := standing(); got != "not_expected, not_expected 0, not_expected 0" {
		t.Errorf("before its first holder: %s", got)
	}
	endOf := func(d string) Moment {
		at := Moment{Day: day(d)}
		at.Known = endOfDay(at)
		return at
	}
	moves, err := b.Moves(AsSystem(t.Context()), ChangesQuestion{Scope: access.Scope{Mandates: []int64{m.ID}}, From: endOf("2026-11-09"), Until: endOf("2026-11-10")})
	want := []Move{{TargetID: m.Targets()[0].ID, Mandate: "MA", Code: m.Targets()[0].Code, Before: progress.NotReported, Now: progress.NotExpected}}
	if diff := cmp.Diff(want, moves); err != nil || diff != "" {
		t.Errorf("what changed: %v\n%s", err, diff)
	}
	moves, err = b.Moves(AsSystem(t.Context()), ChangesQuestion{Scope: access.Scope{Mandates: []int64{m.ID}}, From: endOf("2026-11-10"), Until: endOf("2027-07-01")})
	want[0].Before, want[0].Now = want[0].Now, want[0].Before
	if diff := cmp.Diff(want, moves); err != nil || diff != "" {
		t.Errorf("what changed when it was held: %v\n%s", err, diff)
	}
	if err := b.WithdrawTenure(AsSystem(t.Context()), b.sub("withdraw"), m.ID, b.tenuresOf(t, m)[0].ID, day("2026-11-11"), ""); err != nil {
		t.Fatal(err)
	}
	if got := standing(); got != "not_reported, not_reported 1, not_reported 1" {
		t.Errorf("once that was taken back: %s", got)
	}
}

// A cell does not go stale overnight: that a deadline passed shows on its day.
func TestACellTurnsLateOnItsDay(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, tree("MA", "S1 Dienst", "S1.1 Punt", "S1.1-1 Plan @ maart 2026", "S1.1-2 Rest @ doorlopend"))
	if err := b.record(m.ID, firstHalf,
		b.entry(m.Targets()[0].ID, progress.OnTrack, day("2026-01-15")), b.entry(m.Targets()[1].ID, progress.Attention, day("2026-01-15"))); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		asOf string
		want progress.Status
	}{{"2026-01-15", progress.Attention}, {"2026-03-31", progress.Attention}, {"2026-04-01", progress.Late}, {"2026-06-30", progress.Late}} {
		for _, live := range []bool{true, false} {
			if got := overviewOf(t, b.Store, m.ID, day(c.asOf), live)[0].Status; got != c.want {
				t.Errorf("on %s (cells: %v): %s, want %s", c.asOf, live, got, c.want)
			}
		}
	}
}

// What must be done within 90 days is so whatever was said of it, short of being
// done, and also where the last day is that of the tenure. Cells that an older
// program made do not know that, and do not answer.
func TestWhatIsDueSoonIsCountedWhateverWasSaid(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, tree("MA", "S1 Dienst", "S1.1 Punt", "S1.1-1 Plan @ maart 2026", "S1.1-2 Slot @ einde mandaat", "S1.1-3 Rest @ maart 2026"))
	if err := b.Appoint(AsSystem(t.Context()), b.sub("appoint"), m.ID, mandate.Tenure{PersonID: b.by, From: day("2025-01-01"), Until: day("2026-05-31")}); err != nil {
		t.Fatal(err)
	}
	targets := m.Targets()
	if err := b.record(m.ID, firstHalf,
		b.entry(targets[0].ID, progress.Compromised, day("2026-01-15")), b.entry(targets[1].ID, progress.OnTrack, day("2026-01-15")), b.entry(targets[2].ID, progress.Achieved, day("2026-01-15"))); err != nil {
		t.Fatal(err)
	}
	check := func(what string) {
		t.Helper()
		for _, c := range []struct {
			asOf       string
			soon, late int
		}{{"2026-01-15", 1, 0}, {"2026-03-02", 2, 0}, {"2026-03-31", 2, 0}, {"2026-04-01", 1, 0}, {"2026-05-31", 1, 0}, {"2026-06-01", 0, 0}} {
			for _, live := range []bool{true, false} {
				if got := overviewOf(t, b.Store, m.ID, day(c.asOf), live)[0]; got.DueSoon != c.soon || got.Late != c.late {
					t.Errorf("%s on %s (cells: %v): %d due soon, %d late; want %d and %d", what, c.asOf, live, got.DueSoon, got.Late, c.soon, c.late)
				}
			}
		}
	}
	check("of cells")
	if _, err := b.pool.Exec(AsSystem(t.Context()), `UPDATE mandate_period_cells SET others = NULL, other_of = NULL`); err != nil {
		t.Fatal(err)
	}
	check("of older cells")
	if n, err := b.FillCells(AsSystem(t.Context()), firstHalf); err != nil || n != 1 {
		t.Errorf("filled %d older ones: %v", n, err)
	}
	check("of cells that were made anew")
}

func TestCellsAreFilledOncePerMandate(t *testing.T) {
	b := newBench(t)
	b.aMandate(t, small("MA"))
	m := b.aMandate(t, small("MB"))
	if err := b.record(m.ID, firstHalf, b.entry(m.Targets()[0].ID, progress.OnTrack, day("2026-01-15"))); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{1, 0} {
		if n, err := b.FillCells(AsSystem(context.Background()), firstHalf); err != nil || n != want {
			t.Errorf("filled %d, %v; want %d", n, err, want)
		}
	}
}
