package store

import (
	"flag"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
)

// usualHistories bounds an ordinary run to some seconds; -rapid.checks asks for more.
const usualHistories = 8

// Whatever happened, in whichever order, every question about any day, as known
// at any instant, is answered as a walk through plain lists answers it.
func TestThePastIsWhatHappened(t *testing.T) {
	checks := flag.Lookup("rapid.checks")
	if usual := checks.DefValue; checks.Value.String() == usual {
		if err := flag.Set("rapid.checks", strconv.Itoa(usualHistories)); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = flag.Set("rapid.checks", usual) })
	}
	b, people := historyBench(t)
	b.aMandate(t, tree("EERST", "S1 Dienst")) // makes the institution
	if err := b.AddBody(system, b.sub("add body"), "ACTIRIS", NewBody{Body: monitoring.Body{Code: "CSO", Name: original("Comité|Comité")}, Scope: ScopeAddressed}, "/nl"); err != nil {
		t.Fatal(err)
	}
	body, err := b.Board(system, "ACTIRIS", "CSO", firstHalf, Moment{Day: day("2026-01-01")})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		c := begin(t, rt, b, people, body, n)
		var instants []time.Time
		for range rapid.IntRange(5, 40).Draw(rt, "deeds") {
			c.live()
			instants = append(instants, c.clock, c.clock.Add(-time.Microsecond))
		}
		for range 6 {
			m := c.someMoment(instants, "moment")
			rt.Logf("as of %s, known %s", m.Day, m.Known)
			c.compareSheets(m)
			c.compareOffices(m)
			c.comparePlaces(m)
			c.compareOverview(m)
			c.compareTables(m)
			c.compareScoreboards(m)
			c.compareChanges(m, c.someMoment(instants, "earlier moment"))
		}
	})
}

// historyBench is a bench with two people whose histories lie in years that may
// have gone by: there a tenure begins by the clock of the chronicle alone.
func historyBench(t *testing.T) (bench, []named) {
	t.Helper()
	dsn := database(t)
	s := openAt(t, dsn)
	an, bo := person(t, s, "an@jalon.example"), person(t, s, "bo@jalon.example")
	exec(t, s, `UPDATE person SET name = 'Bo Claes' WHERE id = $1`, bo)
	owner, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close(t.Context())
	if _, err := owner.Exec(t.Context(), `ALTER TABLE tenure DISABLE TRIGGER keep_begun_tenure`); err != nil {
		t.Fatal(err)
	}
	return bench{s, an}, []named{{an, "An Peeters"}, {bo, "Bo Claes"}}
}

// someMoment is any day, as known at any instant or now.
func (c *chronicle) someMoment(instants []time.Time, label string) Moment {
	m := Moment{Day: c.someDay(label, 60)}
	if rapid.Bool().Draw(c.rt, "as known then") {
		m.Known = rapid.SampledFrom(instants).Draw(c.rt, "known")
	}
	m.Acts = endOfDay(m)
	return m
}

func (c *chronicle) compare(what string, want, got any) {
	c.rt.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		c.rt.Fatalf("%s: lists (-) database (+)\n%s", what, diff)
	}
}

func (c *chronicle) scope() access.Scope {
	return access.Scope{Mandates: []int64{c.annals[0].ID, c.annals[1].ID}}
}

func (c *chronicle) codes() []string { return []string{c.annals[0].Code, c.annals[1].Code} }

// compareSheets looks at the pages of a mandate, of an objective and of a target, at the timeline and the lists of the API.
func (c *chronicle) compareSheets(m Moment) {
	before := c.someDay("before", 0)
	for _, a := range c.annals {
		target := c.someTarget(a)
		sheet, history, err := c.Sheet(system, SheetQuestion{Code: a.Code, AsOf: m.Day, Known: m.Known, Before: before, HistoryOf: target.Code.String()})
		c.must(err)
		c.compare("sheet of "+a.Code, tell(a.sheetAt(m, before)), tell(sheet))
		var told, want []string
		for i := range history {
			told = append(told, said(&history[i]))
		}
		all := a.entriesAt(target.ID, m)
		for i := range all {
			if a.there(target.Code, m) {
				want = append(want, said(&all[i]))
			}
		}
		c.compare("history of "+target.Code.String(), want, told)
	}
	all, err := c.SheetsOf(system, c.codes(), m, "")
	c.must(err)
	ids, lines := []int64{}, map[int64]string{}
	for i, a := range c.annals {
		want := a.sheetAt(m, calendar.Date{})
		c.compare("one of several sheets", tell(want), tell(all[i]))
		for _, g := range want.Mandate.Targets() {
			ids = append(ids, g.ID)
			lines[g.ID] = g.Text.NL + want.Mandate.Holder.Name
			if e := want.Latest[g.ID]; e != nil {
				lines[g.ID] += said(e)
			}
		}
	}
	found, err := c.TargetLines(system, ids, m)
	c.must(err)
	got := map[int64]string{}
	for id, l := range found {
		got[id] = l.Text.NL + l.Holder
		if l.Entry != nil {
			got[id] += said(l.Entry)
		}
	}
	c.compare("lines of targets", lines, got)
}

// compareOverview looks at the overview, the list of mandates and the targets behind a figure.
func (c *chronicle) compareOverview(m Moment) {
	period := calendar.HalfYearOf(m.Day)
	q := OverviewQuestion{Scope: c.scope(), Period: period, AsOf: m.Day, Known: m.Known, Acts: m.Acts, Before: period.Previous(), BodyOf: "ACTIRIS", Body: "CSO"}
	lines, err := c.Overview(system, q)
	c.must(err)
	targets, err := c.OverviewTargets(system, q)
	c.must(err)
	mandates, err := c.Mandates(system, c.scope(), m)
	c.must(err)
	var want []OverviewTarget
	for i, a := range c.annals {
		sheet := a.sheetAt(m, calendar.Date{})
		c.compare("holder of "+a.Code, sheet.Mandate.Holder.Name+sheet.Mandate.Holder.From.String(), mandates[i].Holder.Name+mandates[i].Holder.From.String())
		c.compare("overview of "+a.Code, rolled(sheet, m.Day), withoutBefore(lines[i].Cells))
		c.compare("holder in the overview", sheet.Mandate.Holder.Name, lines[i].Holder)
		slices.Sort(lines[i].ToBody)
		c.compare("what goes to the body by the overview", strings.Join(a.toBody(m), " "), strings.Join(lines[i].ToBody, " "))
		for _, g := range sheet.Mandate.Targets() {
			t := OverviewTarget{ID: g.ID, Mandate: a.Code, Code: g.Code, Standing: sheet.Standing(g, period)}
			if e := sheet.Latest[g.ID]; e != nil {
				t.Latest = progress.Latest{Status: e.Status, AsOf: e.AsOf}
			}
			t.Due = g.Deadline.Due
			var cell progress.OverviewCell
			tallied(&cell, sheet, g, m.Day)
			t.DueSoon = cell.DueSoon > 0
			t.Standing.LateFrom = calendar.Date{}
			want = append(want, t)
		}
	}
	for i := range targets {
		targets[i].Standing.LateFrom = calendar.Date{}
	}
	c.compare("targets of the overview", want, targets)
}

// compareTables looks at the monitoring table of each mandate and at those of the body.
func (c *chronicle) compareTables(m Moment) {
	period := calendar.HalfYearOf(m.Day)
	board, err := c.Board(system, "ACTIRIS", "CSO", period, m)
	c.must(err)
	var own []BoardMandate
	var codes, want []string
	for _, one := range board.Mandates {
		if one.Code == c.annals[0].Code || one.Code == c.annals[1].Code {
			own = append(own, one)
			for _, g := range one.Targets {
				codes = append(codes, one.Code+" "+g)
			}
		}
	}
	c.compare("what goes to the body", c.boardAt(m), codes)
	tables, err := c.BoardTables(system, board, own, period, m)
	c.must(err)
	for i, one := range own {
		a := c.annals[0]
		if one.Code != a.Code {
			a = c.annals[1]
		}
		sheet := a.sheetAt(m, calendar.Date{}).Only(one.Has) // the body seals nothing, so compares with nothing
		var got []string
		for _, r := range tables[i].Rows {
			got = append(got, r.Code.String()+" "+r.Target.NL+" "+string(r.Now.Status)+said(r.Now.Entry)+string(r.Then.Status)+said(r.Then.Entry))
		}
		want = nil
		for _, g := range sheet.Mandate.Targets() {
			want = append(want, g.Code.String()+" "+g.Text.NL+" "+string(sheet.Standing(g, period).Status)+said(sheet.Latest[g.ID])+string(sheet.EarlierStanding(g).Status)+said(sheet.Earlier[g.ID]))
		}
		c.compare("table of "+a.Code+" for the body", want, got)
	}
	for _, a := range c.annals {
		head, err := c.TableHead(system, a.Code)
		c.must(err)
		table, err := c.TableOf(system, head, period, m)
		c.must(err)
		sheet := a.sheetAt(m, a.sealedBefore(period, m))
		for _, r := range table.Rows {
			g := targetOf(sheet, r.Code)
			row := []string{string(sheet.Standing(g, period).Status), said(sheet.Latest[g.ID]), said(sheet.Earlier[g.ID])}
			for _, d := range a.decisions {
				if d.TargetID == g.ID && d.Period == period && m.acted(d.At) {
					row = append(row, tellDecision(d.Decision, d.replied(m)))
				}
			}
			shown := []string{string(r.Now.Status), said(r.Now.Entry), said(r.Then.Entry)}
			for _, d := range r.Decisions {
				shown = append(shown, tellDecision(d, d.Answer))
			}
			c.compare("row "+r.Code.String(), row, shown)
		}
	}
}

// compareScoreboards looks at the board of the body and at the notes of each indicator.
func (c *chronicle) compareScoreboards(m Moment) {
	_, boards, err := c.Scoreboards(system, c.body.Institution.Code, c.body.Code, "B"+c.annals[0].Code, m)
	c.must(err)
	c.must(c.FillScoreboards(system, boards, m))
	var got []string
	for _, b := range boards {
		got = append(got, b.Name.NL)
		for _, r := range b.Rows {
			line := r.Series.Name.NL
			for _, p := range r.Series.Points {
				line += " " + p.On.String() + "=" + p.Value.String()
			}
			got = append(got, line)
			got = append(got, tellNotes(r.Notes, m.Day)...)
		}
	}
	c.compare("scoreboard", c.scoreboardAt(m), got)
}

// compareChanges looks at what moved and what happened between two looks, each as known at the end of its day.
func (c *chronicle) compareChanges(from, until Moment) {
	from.Known, until.Known = from.Acts, until.Acts
	q := ChangesQuestion{Scope: c.scope(), From: from, Until: until}
	moves, err := c.Moves(system, q)
	c.must(err)
	var want []Move
	for _, a := range c.annals {
		then, now := a.sheetAt(from, calendar.Date{}), a.sheetAt(until, calendar.Date{})
		for _, g := range a.Targets() {
			was, is := standingOn(then, g.Code), standingOn(now, g.Code)
			if was != is {
				want = append(want, Move{TargetID: g.ID, Mandate: a.Code, Code: g.Code, Before: was, Now: is})
			}
		}
	}
	c.compare("what moved", want, moves)
	happened, _, err := c.Happenings(system, q)
	c.must(err)
	var got []string
	for _, h := range happened {
		got = append(got, h.Mandate+" "+string(h.Kind)+" "+h.Words)
	}
	c.compare("what happened", c.happenedBetween(from.Known, until.Known), got)
}

// standingOn judges a target of a sheet; what is due at the end of a tenure is in
// time on each of its days, and of what is not there nothing is expected.
func standingOn(s progress.Sheet, code mandate.Code) progress.Status {
	for _, g := range s.Mandate.Targets() {
		if g.Code == code {
			return s.Standing(g, calendar.HalfYearOf(s.AsOf)).Status
		}
	}
	return progress.NotExpected
}

func targetOf(s progress.Sheet, code mandate.Code) mandate.Target {
	all := s.Mandate.Targets()
	return all[slices.IndexFunc(all, func(g mandate.Target) bool { return g.Code == code })]
}
