package store

import (
	"slices"
	"strconv"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/indicator"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/scoreboard"
)

// What can happen to a mandate apart from its letter: each deed is done in the
// database, and noted in the lists when it was taken.

func (c *chronicle) report(a *annals) {
	e := c.entry(c.someTarget(a).ID, anyStatus.Draw(c.rt, "status"), c.someDay("as of", 0))
	c.put(a, e)
}

// correct reports again on what was reported, of the same day or a later one.
func (c *chronicle) correct(a *annals) {
	var open []progress.Entry
	for _, e := range a.entries {
		if !slices.ContainsFunc(a.entries, func(x progress.Entry) bool { return x.Supersedes == e.ID }) {
			open = append(open, e)
		}
	}
	if len(open) == 0 {
		return
	}
	old := open[rapid.IntRange(0, len(open)-1).Draw(c.rt, "corrected")]
	e := c.entry(old.TargetID, anyStatus.Draw(c.rt, "status"), old.AsOf)
	e.Supersedes, e.CorrectionReason = old.ID, "vergissing"
	c.put(a, e)
}

func (c *chronicle) put(a *annals, e progress.Entry) {
	e.Achieved, e.RecordedAt = c.text(), c.clock
	if e.Status == progress.SupportNeeded {
		e.SupportAsked = c.text()
	}
	if c.must(c.record(a.ID, calendar.HalfYearOf(e.AsOf), e), ErrSealed) {
		e.ID = scan[int64](c.t, c.Store, `SELECT id FROM progress_entry WHERE mandate_id = $1 AND achieved = $2`, a.ID, e.Achieved)
		a.entries = append(a.entries, e)
	}
}

func (c *chronicle) event(a *annals) {
	on := c.someDay("event", 60)
	e := duty.Event{
		Kind: duty.Kind{Code: "delegation-reception"}, Title: c.text(), Lang: bilingual.NL, From: on, Until: on, Targets: []int64{a.visit().ID}, RecordedByID: c.by, RecordedAt: c.clock,
	}
	where, _, err := c.RecordEvent(system, c.sub("record event"), a.ID, e, func(id int64) string { return strconv.FormatInt(id, 10) })
	c.must(err)
	e.ID, err = strconv.ParseInt(where, 10, 64)
	c.must(err)
	a.events = append(a.events, e)
}

func (c *chronicle) cancel(a *annals) {
	for i := range a.events {
		if e := &a.events[i]; !e.Cancelled() {
			e.CancelledAt = c.clock
			_, _, err := c.CancelEvent(system, c.sub("cancel event"), a.ID, *e, "/nl")
			c.must(err)
			return
		}
	}
}

func (c *chronicle) decide(a *annals) {
	g := c.someTarget(a)
	d := NewDecision{MandateID: a.ID, TargetID: g.ID, BodyID: c.board0, Decision: monitoring.Decision{
		Code: g.Code, Period: calendar.HalfYearOf(c.today()), Kind: monitoring.Asks, Text: c.text(), Lang: bilingual.NL, Due: c.today().AddDays(30), At: c.clock,
	}}
	_, _, err := c.Decide(system, c.sub("record decision"), d, "/nl")
	if c.must(err, ErrSealed) {
		d.ID = scan[int64](c.t, c.Store, `SELECT max(id) FROM decision WHERE mandate_id = $1`, a.ID)
		a.decisions = append(a.decisions, d)
	}
}

func (c *chronicle) reply(a *annals) {
	for i := range a.decisions {
		if d := &a.decisions[i]; d.Answer == nil {
			d.Answer = &duty.Reply{Text: c.text(), Lang: bilingual.NL, At: c.clock}
			_, _, err := c.Reply(system, c.sub("answer decision"), NewReply{Ask: duty.Ask{ID: d.ID, TargetID: d.TargetID}, MandateID: a.ID, Text: d.Answer.Text, Lang: bilingual.NL, At: c.clock}, "/nl")
			c.must(err)
			return
		}
	}
}

// sealHalf seals the half-year before that of today.
func (c *chronicle) sealHalf(a *annals) {
	period := calendar.HalfYearOf(c.today()).Previous()
	_, _, err := c.SealTable(system, c.sub("seal table"), SealRequest{
		Code: a.Code, ID: a.ID, Period: period, At: c.clock, By: "An Peeters", Software: "test", Signer: theSigner, Location: "/nl",
	})
	if c.must(err, ErrExists) {
		a.sealed = append(a.sealed, sealTold{period, c.clock})
	}
}

var theSigner = func() monitoring.Signer {
	s, err := monitoring.NewSigner()
	if err != nil {
		panic(err)
	}
	return s
}()

// define says anew what the indicator of a mandate is, from a day on.
func (c *chronicle) define(a *annals) {
	n := nameTold{since, c.clock, c.text()}
	if a.indicator != 0 {
		n.from = c.someDay("valid from", 30)
	}
	i := defined("S1-1", func(i *indicator.Indicator) {
		i.ID, i.ValidFrom, i.Name = a.indicator, n.from, plainText(n.name, n.name)
		i.Newest = scan[int64](c.t, c.Store, `SELECT COALESCE(max(id), 0) FROM indicator_version WHERE indicator_id = $1`, a.indicator)
	})
	_, _, err := c.DefineIndicator(system, c.sub("define indicator"), a.ID, i, c.clock, "/nl")
	c.must(err)
	a.indicator = scan[int64](c.t, c.Store, `SELECT id FROM indicator WHERE mandate_id = $1`, a.ID)
	a.names = append(a.names, n)
}

func month(d calendar.Date) calendar.Date { return calendar.Date{Year: d.Year, Month: d.Month, Day: 1} }

// value records the value of one of a few days, so that it often takes the place of another.
func (c *chronicle) value(a *annals) {
	n := decimal.NewFromInt(int64(rapid.IntRange(0, 9).Draw(c.rt, "value")))
	m := indicator.Measurement{On: month(c.someDay("month", 0)), Value: &n, At: c.clock}
	outcomes, _, _, err := c.RecordValues(system, c.sub("record values"), ValueBatch{
		MandateID: a.ID, IndicatorID: a.indicator, Code: "S1-1", Channel: "page", Lang: bilingual.NL, ByID: c.by, At: c.clock, Values: []indicator.Measurement{m}, Location: "/nl",
	})
	c.must(err)
	if outcomes[0] != ValueUnchanged {
		a.values = append(a.values, m)
	}
}

// board says anew what is on the scoreboard of the body, from a day on.
func (c *chronicle) board(*annals) {
	b := boardTold{nameTold: nameTold{c.someDay("valid from", 30), c.clock, c.text()}}
	d := scoreboard.Board{ID: c.boardID, Code: "B" + c.annals[0].Code, Definition: scoreboard.Definition{ValidFrom: b.from, Name: plainText(b.name, b.name), CheckEvery: indicator.Quarterly}}
	for i, a := range c.annals {
		if rapid.Bool().Draw(c.rt, "on it") {
			b.rows, d.Items = append(b.rows, i), append(d.Items, scoreboard.Item{MandateID: a.ID, Mandate: a.Code, IndicatorID: a.indicator, Indicator: "S1-1"})
		}
	}
	if c.boardID != 0 {
		d.Newest = scan[int64](c.t, c.Store, `SELECT max(id) FROM scoreboard_version WHERE scoreboard_id = $1`, c.boardID)
	}
	_, err := c.DefineScoreboard(system, c.sub("define scoreboard"), c.body, d, c.clock, "/nl")
	c.must(err)
	c.boardID = scan[int64](c.t, c.Store, `SELECT id FROM scoreboard WHERE body_id = $1 AND code = $2`, c.body.ID, d.Code)
	c.boards = append(c.boards, b)
}

func (c *chronicle) on(a *annals) On {
	return On{MandateID: a.ID, IndicatorID: a.indicator, Code: "S1-1", At: c.clock}
}

func (c *chronicle) remark(a *annals) {
	r := scoreboard.Said{On: c.someDay("on", 0), Text: c.text(), Lang: bilingual.NL, At: c.clock}
	_, err := c.Remark(system, c.sub("remark"), c.on(a), r, "/nl")
	c.must(err)
	a.remarks = append(a.remarks, r)
}

func (c *chronicle) measure(a *annals) {
	m := scoreboard.Measure{On: c.someDay("on", 0), Cause: "x", Action: c.text(), OwnerID: c.by, Lang: bilingual.NL, At: c.clock}
	m.FirstDue = m.On.AddDays(rapid.IntRange(0, 90).Draw(c.rt, "days"))
	_, err := c.TakeMeasure(system, c.sub("take measure"), c.on(a), m, "/nl")
	c.must(err)
	m.ID = scan[int64](c.t, c.Store, `SELECT max(id) FROM measure WHERE mandate_id = $1`, a.ID)
	a.measures = append(a.measures, m)
}

func (c *chronicle) step(a *annals) {
	if len(a.measures) == 0 {
		return
	}
	m := &a.measures[rapid.IntRange(0, len(a.measures)-1).Draw(c.rt, "measure")]
	s := scoreboard.Step{Kind: rapid.SampledFrom(scoreboard.StepKinds).Draw(c.rt, "step"), Said: scoreboard.Said{On: c.today(), Text: c.text(), Lang: bilingual.NL, At: c.clock}}
	if s.Kind == scoreboard.Moved {
		s.Due = c.today().AddDays(rapid.IntRange(0, 90).Draw(c.rt, "days"))
	}
	_, err := c.StepMeasure(system, c.sub("step measure"), c.on(a), m.ID, s, "/nl")
	if c.must(err, ErrExists) {
		m.Steps = append(m.Steps, s)
	}
}
