package store

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"jalon/internal/mandate"
	"jalon/internal/search"
)

// Who holds a mandate, and to which body its targets go: what can happen to
// these, what the lists answer, and what the database does.

// named is somebody who can hold a mandate.
type named struct {
	id   int64
	name string
}

type tenureTold struct {
	mandate.Tenure
	id        int64
	at, until time.Time // zero until: still
}

type addresseeTold struct {
	Addressee
	at, until time.Time // zero until: still
}

// tenure is one of anybody on any days, more often than not of days to come.
func (c *chronicle) tenure() mandate.Tenure {
	who := rapid.SampledFrom(c.people).Draw(c.rt, "who")
	t := mandate.Tenure{PersonID: who.id, Name: who.name, From: c.someDay("from", 60), Interim: rapid.Bool().Draw(c.rt, "interim")}
	if rapid.Bool().Draw(c.rt, "to come") {
		t.From = c.today().AddDays(rapid.IntRange(1, 90).Draw(c.rt, "days"))
	}
	t.Until = t.From.AddDays(rapid.IntRange(0, 300).Draw(c.rt, "length"))
	return t
}

func (c *chronicle) appoint(a *annals) {
	t := c.tenure()
	if c.must(c.Appoint(system, c.sub("appoint"), a.ID, t), ErrOverlap) {
		id := scan[int64](c.t, c.Store, `SELECT max(id) FROM tenure WHERE mandate_id = $1`, a.ID)
		a.tenures = append(a.tenures, tenureTold{Tenure: t, id: id, at: c.clock})
	}
}

// changeTenure does something to one of the tenures that there are, and notes
// what it became; nil: it is no more.
func (c *chronicle) changeTenure(a *annals, do func(old tenureTold) (*mandate.Tenure, error)) {
	var there []int
	for i, t := range a.tenures {
		if t.until.IsZero() {
			there = append(there, i)
		}
	}
	if len(there) == 0 {
		return
	}
	i := rapid.SampledFrom(there).Draw(c.rt, "tenure")
	old := a.tenures[i]
	became, err := do(old)
	if !c.must(err, ErrOverlap, ErrBegun) {
		return
	}
	a.tenures[i].until = c.clock
	if became != nil {
		a.tenures = append(a.tenures, tenureTold{Tenure: *became, id: old.id, at: c.clock})
	}
}

func (c *chronicle) endTenure(a *annals) {
	c.changeTenure(a, func(old tenureTold) (*mandate.Tenure, error) {
		ended := old.Tenure
		ended.Until = old.From.AddDays(rapid.IntRange(0, 300).Draw(c.rt, "length"))
		return &ended, c.EndTenure(system, c.sub("end tenure"), a.ID, old.id, ended.Until, nil, "/nl")
	})
}

func (c *chronicle) correctTenure(a *annals) {
	c.changeTenure(a, func(old tenureTold) (*mandate.Tenure, error) {
		t := c.tenure()
		return &t, c.CorrectTenure(system, c.sub("correct tenure"), a.ID, old.id, t, c.today(), "/nl")
	})
}

func (c *chronicle) withdrawTenure(a *annals) {
	c.changeTenure(a, func(old tenureTold) (*mandate.Tenure, error) {
		return nil, c.WithdrawTenure(system, c.sub("withdraw tenure"), a.ID, old.id, c.today(), "/nl")
	})
}

func (c *chronicle) address(a *annals) {
	g := c.someTarget(a)
	step := Addressee{BodyID: c.body.ID, Body: c.body.Body, Form: "table", Cadence: CadenceHalfYear, From: c.someDay("from", 30), SetAt: c.clock}
	if !c.must(c.Address(system, c.sub("address target"), a.ID, g.ID, step, "/nl"), ErrOverlap) {
		return
	}
	step.ID = scan[int64](c.t, c.Store, `SELECT max(id) FROM addressee WHERE target_id = $1`, g.ID)
	a.addressed, a.targetOf[step.ID] = append(a.addressed, addresseeTold{Addressee: step, at: c.clock}), g.ID
}

// endAddress sets the last day of a step, also sooner than one that was set before.
func (c *chronicle) endAddress(a *annals) {
	var there []int
	for i, s := range a.addressed {
		if s.until.IsZero() {
			there = append(there, i)
		}
	}
	if len(there) == 0 {
		return
	}
	i := rapid.SampledFrom(there).Draw(c.rt, "step")
	step := a.addressed[i].Addressee
	until := step.From.AddDays(rapid.IntRange(0, 200).Draw(c.rt, "length"))
	if c.must(c.EndAddress(system, c.sub("end address"), a.ID, step, until, "/nl"), ErrNotFound) {
		step.Until, a.addressed[i].until = until, c.clock
		a.addressed = append(a.addressed, addresseeTold{Addressee: step, at: c.clock})
	}
}

func (a *annals) holderAt(m Moment) mandate.Tenure {
	for _, t := range a.tenuresAt(m) {
		if !m.Day.Before(t.From) && (t.Until.IsZero() || !m.Day.After(t.Until)) {
			return t
		}
	}
	return mandate.Tenure{}
}

// tenuresAt gives all that were known of any day, the earliest first.
func (a *annals) tenuresAt(m Moment) (all []mandate.Tenure) {
	for _, t := range a.tenures {
		if m.tells(t.at, t.until) {
			all = append(all, t.Tenure)
		}
	}
	slices.SortFunc(all, func(x, y mandate.Tenure) int { return x.From.Compare(y.From) })
	return all
}

// stepsAt gives the steps of a target that were known, of any day.
func (a *annals) stepsAt(target int64, m Moment) (steps []Addressee) {
	for _, s := range a.addressed {
		if a.targetOf[s.ID] == target && m.tells(s.at, s.until) {
			steps = append(steps, s.Addressee)
		}
	}
	slices.SortFunc(steps, func(x, y Addressee) int { return int(x.ID - y.ID) })
	return steps
}

// toBody gives the objectives of which something goes to the body.
func (a *annals) toBody(m Moment) (codes []string) {
	for _, o := range a.Objectives {
		for _, g := range o.Targets() {
			if a.there(g.Code, m) && slices.ContainsFunc(a.stepsAt(g.ID, m), func(s Addressee) bool { return s.InForce(m.Day) }) && !slices.Contains(codes, o.Code.String()) {
				codes = append(codes, o.Code.String())
			}
		}
	}
	slices.Sort(codes)
	return codes
}

func tellSteps(steps []Addressee) (lines []string) {
	for _, s := range steps {
		lines = append(lines, s.Body.Code+" "+s.Form+" "+s.From.String()+" "+s.Until.String())
	}
	return lines
}

func tellTenures(all []mandate.Tenure) (lines []string) {
	for _, t := range all {
		lines = append(lines, t.Name+" "+t.From.String()+" "+t.Until.String())
	}
	return lines
}

// compareOffices looks at who holds and held what, and at the steps to which targets go.
func (c *chronicle) compareOffices(m Moment) {
	q := DutyQuestion{Scope: c.scope(), AsOf: m.Day, Known: m.Known}
	owed, err := c.Owed(system, q)
	c.must(err)
	for i, a := range c.annals {
		c.compare("holder who owes", a.holderAt(m).Name, owed.Questions[i].Mandate.Holder.Name)
		var all []mandate.Tenure
		for _, t := range owed.Tenures[a.ID] {
			all = append(all, t.Tenure)
		}
		c.compare("tenures of "+a.Code, tellTenures(a.tenuresAt(m)), tellTenures(all))
		for _, g := range a.Targets() {
			steps, _, err := c.Addressees(system, g.ID, m.Known)
			c.must(err)
			c.compare("steps of "+g.Code.String(), tellSteps(a.stepsAt(g.ID, m)), tellSteps(steps))
		}
	}
	for _, who := range c.people {
		var want, got []string
		for _, a := range c.annals {
			if a.holderAt(m).PersonID == who.id {
				want = append(want, a.Code)
			}
		}
		found, err := c.Search(system, SearchQuestion{Query: search.Parse(who.name), Reach: Reach{Scope: c.scope(), Parts: []string{}}, Moment: m, Most: 10})
		c.must(err)
		for _, f := range found {
			if f.Kind == FoundMandate {
				got = append(got, f.Mandate)
			}
		}
		c.compare("mandates of "+who.name, want, got)
	}
}
