package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

func sheetOf(t testing.TB, s *Store, q SheetQuestion) progress.Sheet {
	t.Helper()
	sheet, _, err := s.Sheet(AsSystem(context.Background()), q)
	if err != nil {
		t.Fatal(err)
	}
	return sheet
}

// bench is an office to record in: one person who does everything.
type bench struct {
	*Store
	by int64
}

func newBench(t testing.TB) bench {
	t.Helper()
	s := open(t)
	return bench{s, person(t, s, "an@jalon.example")}
}

func (b bench) sub(action string) Submission {
	return Submission{Key: uuid.New(), PersonID: b.by, Action: action}
}

// entry makes a plain entry on a target.
func (b bench) entry(target int64, status progress.Status, asOf calendar.Date) progress.Entry {
	e := progress.Entry{TargetID: target, AuthorID: b.by, Status: status, AsOf: asOf, RecordedAt: time.Now(), Lang: bilingual.NL}
	switch status {
	case progress.NothingToReport:
		e.Reason = "geen vergadering"
	case progress.SupportNeeded:
		e.SupportAsked, e.SupportOf, e.SupportBy = "mensen", "de Directieraad", asOf.AddDays(30)
	default:
		e.Achieved = "gedaan"
	}
	return e
}

func (b bench) record(mandateID int64, period calendar.HalfYear, entries ...progress.Entry) error {
	_, _, err := b.RecordReport(AsSystem(context.Background()), b.sub("record report"), Report{MandateID: mandateID, Period: period, Entries: entries, Location: "/nl"})
	return err
}

// aMandate stores a letter and gives the mandate.
func (b bench) aMandate(t testing.TB, m mandate.Mandate) mandate.Mandate {
	t.Helper()
	storeLetter(t, b.Store, actiris(m))
	return sheetOf(t, b.Store, SheetQuestion{Code: m.Code, AsOf: day("2026-01-01")}).Mandate
}

func anyDay(from, until string) *rapid.Generator[calendar.Date] {
	days := int(day(until).Time().Sub(day(from).Time()).Hours() / 24)
	return rapid.Custom(func(t *rapid.T) calendar.Date {
		return day(from).AddDays(rapid.IntRange(0, days).Draw(t, "day"))
	})
}

var anyStatus = rapid.SampledFrom(progress.Entered)

// history is everything that happened to a mandate, told again the slow way.
type history struct {
	entries    []progress.Entry // in the order of recording
	amendments []amendmentOf
	tenures    []mandate.Tenure
}

type amendmentOf struct {
	from  calendar.Date
	words string
}

func (h history) latest(target int64, asOf calendar.Date) *progress.Entry {
	var latest *progress.Entry
	for i, e := range h.entries {
		if e.TargetID != target || e.AsOf.After(asOf) {
			continue
		}
		if latest == nil || !e.AsOf.Before(latest.AsOf) { // of one day, the one recorded last
			latest = &h.entries[i]
		}
	}
	return latest
}

func (h history) all(target int64, asOf calendar.Date) []string {
	var own []progress.Entry
	for _, e := range h.entries {
		if e.TargetID == target && !e.AsOf.After(asOf) {
			own = append(own, e)
		}
	}
	slices.Reverse(own)
	slices.SortStableFunc(own, func(a, b progress.Entry) int { return -a.AsOf.Compare(b.AsOf) })
	said := []string{}
	for _, e := range own {
		said = append(said, e.Achieved)
	}
	return said
}

func (h history) words(otherwise string, asOf calendar.Date) string {
	for _, a := range h.amendments { // in the order of their days
		if !a.from.After(asOf) {
			otherwise = a.words
		}
	}
	return otherwise
}

func (h history) holder(asOf calendar.Date) mandate.Tenure {
	for _, t := range h.tenures {
		if !asOf.Before(t.From) && !asOf.After(t.Until) {
			return t
		}
	}
	return mandate.Tenure{}
}

func TestASheetOfAnyDayIsWhatHadHappened(t *testing.T) {
	b := newBench(t)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		m := b.aMandate(t, small(fmt.Sprintf("M%d", n)))
		targets := m.Targets()
		var h history
		from := day("2024-01-01")
		for i := range rapid.IntRange(0, 3).Draw(rt, "tenures") {
			tenure := mandate.Tenure{PersonID: b.by, From: from.AddDays(rapid.IntRange(1, 90).Draw(rt, "gap")), Interim: i%2 == 1}
			tenure.Until = tenure.From.AddDays(rapid.IntRange(0, 500).Draw(rt, "length"))
			if err := b.Appoint(AsSystem(context.Background()), b.sub("appoint"), m.ID, tenure); err != nil {
				rt.Fatal(err)
			}
			from = tenure.Until
			h.tenures = append(h.tenures, tenure)
		}
		from = day("2025-01-01")
		for i := range rapid.IntRange(0, 3).Draw(rt, "amendments") {
			from = from.AddDays(rapid.IntRange(1, 200).Draw(rt, "days"))
			h.amendments = append(h.amendments, amendmentOf{from, fmt.Sprint("Dienst ", i)})
			amend(t, b.Store, from.String(), tree(m.Code, "S1 "+fmt.Sprint("Dienst ", i)))
		}
		for i := range rapid.IntRange(0, 12).Draw(rt, "entries") {
			e := b.entry(rapid.SampledFrom(targets).Draw(rt, "target").ID, progress.OnTrack, anyDay("2025-01-01", "2026-12-31").Draw(rt, "as of"))
			e.Achieved = fmt.Sprint("gedaan ", i)
			if err := b.record(m.ID, calendar.HalfYearOf(e.AsOf), e); err != nil {
				rt.Fatal(err)
			}
			h.entries = append(h.entries, e)
		}
		asOf, before := anyDay("2024-06-01", "2027-06-30").Draw(rt, "asked"), anyDay("2024-06-01", "2027-06-30").Draw(rt, "before")
		target := rapid.SampledFrom(targets).Draw(rt, "history of")
		sheet, told, err := b.Sheet(AsSystem(context.Background()), SheetQuestion{Code: m.Code, AsOf: asOf, Before: before, HistoryOf: target.Code.String()})
		if err != nil {
			rt.Fatal(err)
		}
		compare := func(what string, want, got any) {
			if diff := gocmp.Diff(want, got); diff != "" {
				rt.Fatalf("%s as of %s: model (-) sheet (+)\n%s", what, asOf, diff)
			}
		}
		for _, g := range targets {
			compare("latest of "+g.Code.String(), said(h.latest(g.ID, asOf)), said(sheet.Latest[g.ID]))
			compare("earlier of "+g.Code.String(), said(h.latest(g.ID, before)), said(sheet.Earlier[g.ID]))
		}
		heard := []string{}
		for _, e := range told {
			heard = append(heard, e.Achieved)
		}
		compare("history", h.all(target.ID, asOf), heard)
		compare("words of S1", h.words("Dienst", asOf), sheet.Mandate.Objectives[0].Title.NL)
		want, got := h.holder(asOf), sheet.Mandate.Holder
		got.Name = ""
		compare("holder", want, got)
		compare("end of the mandate", want.Until, sheet.Mandate.Objectives[1].Points[0].Targets[0].Deadline.Due)
	})
}

func said(e *progress.Entry) string {
	if e == nil {
		return "nothing"
	}
	return e.AsOf.String() + " " + e.Achieved
}

func TestASheetKeepsEverythingOfAnEntry(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, small("MA"))
	target := m.Targets()[0]
	e := b.entry(target.ID, progress.SupportNeeded, day("2026-02-01"))
	e.OnBehalfOfID = b.by
	e.Percentage, e.Value = number(decimalOf("12.50")), number(decimalOf("-0.000001"))
	e.Achieved, e.Obstacles, e.NextSteps, e.Reason = "regel\n\nregel", "œuvre", "‘volgende’", "reden"
	e.RecordedAt = time.Date(2026, 2, 2, 10, 30, 0, 123456000, calendar.Brussels)
	if err := b.record(m.ID, calendar.HalfYear{Year: 2026, Half: 1}, e); err != nil {
		t.Fatal(err)
	}
	sheet, told, err := b.Sheet(AsSystem(context.Background()), SheetQuestion{Code: "MA", AsOf: day("2026-02-01"), Before: day("2026-02-01"), HistoryOf: target.Code.String()})
	if err != nil {
		t.Fatal(err)
	}
	e.ID, e.Author, e.OnBehalfOf = sheet.Latest[target.ID].ID, "An Peeters", "An Peeters"
	same := gocmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })
	for name, got := range map[string]*progress.Entry{"latest": sheet.Latest[target.ID], "earlier": sheet.Earlier[target.ID], "history": &told[0]} {
		if diff := gocmp.Diff(&e, got, same); diff != "" {
			t.Errorf("%s: want (-) got (+)\n%s", name, diff)
		}
	}
}

func TestAMandateThatDoesNotExist(t *testing.T) {
	s := open(t)
	if _, _, err := s.Sheet(AsSystem(context.Background()), SheetQuestion{Code: "X", AsOf: day("2026-01-01")}); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

// counter counts the statements of a connection that ask or write something: not
// those around a transaction.
type counter struct{ statements int }

func (c *counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if verb, _, _ := strings.Cut(strings.ToUpper(data.SQL), " "); verb != "BEGIN" && verb != "COMMIT" {
		c.statements++
	}
	return ctx
}
func (*counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func TestASheetIsOneStatementWhateverItsSize(t *testing.T) {
	dsn := database(t)
	s, count := openAt(t, dsn), &counter{}
	large := []string{"S1 Dienst"}
	for p := 1; p <= 20; p++ {
		large = append(large, fmt.Sprintf("S1.%d Punt", p))
		for g := 1; g <= 10; g++ {
			large = append(large, fmt.Sprintf("S1.%d-%d Doel @ doorlopend", p, g))
		}
	}
	storeLetter(t, s, actiris(tree("MA", "S1 Dienst")))
	storeLetter(t, s, actiris(tree("MB", large...)))
	counted, err := Open(AsSystem(context.Background()), dsn, Options{Tracer: count})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(counted.Close)
	for _, q := range []SheetQuestion{
		{Code: "MA", AsOf: day("2026-01-01")},
		{Code: "MB", AsOf: day("2026-01-01")},
		{Code: "MB", AsOf: day("2026-01-01"), Before: day("2025-01-01"), Passages: "S1", HistoryOf: "S1.1-1"},
	} {
		before := count.statements
		sheetOf(t, counted, q)
		if n := count.statements - before; n != 1 {
			t.Errorf("%+v took %d statements", q, n)
		}
	}
}
