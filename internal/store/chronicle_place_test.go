package store

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/mandate"
	"jalon/internal/search"
)

// placeTold is a place of the letter that came after the first one.
type placeTold struct {
	from calendar.Date
	at   time.Time
}

// there reports whether a place, by its code, was there at a moment.
func (a *annals) there(code mandate.Code, m Moment) bool {
	p, added := a.added[code.String()]
	return !added || !p.from.After(m.Day) && m.told(p.at)
}

// placesAt gives the objectives that were there, with what was there below them.
func (a *annals) placesAt(m Moment) (all []mandate.Objective) {
	for _, o := range a.Objectives {
		o.Points = slices.DeleteFunc(slices.Clone(o.Points), func(p mandate.MeasurementPoint) bool { return !a.there(p.Code, m) })
		for i := range o.Points {
			p := &o.Points[i]
			p.Targets = slices.DeleteFunc(slices.Clone(p.Targets), func(g mandate.Target) bool { return !a.there(g.Code, m) })
		}
		if a.there(o.Code, m) {
			all = append(all, o)
		}
	}
	return all
}

// visit is the target of which events open duties.
func (a *annals) visit() mandate.Target {
	all := a.Targets()
	return all[slices.IndexFunc(all, func(g mandate.Target) bool { return g.Code == code("S2.1-2") })]
}

// add stores a letter with one more target: of a point that there is, of a new
// one, or of a new objective; from a day on, or without one from the start.
func (c *chronicle) add(a *annals) {
	own := slices.DeleteFunc(slices.Clone(a.Objectives), func(o mandate.Objective) bool { return o.Code.Kind != mandate.Strategic })
	o := rapid.SampledFrom(own).Draw(c.rt, "objective")
	p := rapid.SampledFrom(o.Points).Draw(c.rt, "point")
	target := fmt.Sprintf("%s-%d", p.Code, len(p.Targets)+1)
	switch rapid.IntRange(0, 3).Draw(c.rt, "new") {
	case 0:
		p.Code, p.Text.NL = code(fmt.Sprintf("%s.%d", o.Code, len(o.Points)+1)), c.text()
		target = p.Code.String() + "-1"
	case 1:
		o.Code, o.Title.NL = code(fmt.Sprintf("S%d", len(own)+1)), c.text()
		p.Code, p.Text.NL = code(o.Code.String()+".1"), c.text()
		target = p.Code.String() + "-1"
	}
	if o.Code.String() == "S1" {
		o.Title.NL = a.now("S1")
	}
	var from calendar.Date
	if rapid.Bool().Draw(c.rt, "from a day") {
		from = c.someDay("effective", 60)
	}
	phrase := rapid.SampledFrom(phrases).Draw(c.rt, "deadline")
	err := c.letter(a, from, o.Code.String()+" "+o.Title.NL, p.Code.String()+" "+p.Text.NL, target+" "+c.text()+" @ "+phrase)
	if !c.must(err, ErrSealed) {
		return
	}
	if from.IsZero() {
		from = since
	}
	for _, place := range []mandate.Code{o.Code, p.Code, code(target)} {
		if a.has(place) {
			if above := a.added[place.String()].from; above.After(from) {
				from = above
			}
		} else {
			a.added[place.String()] = placeTold{from, c.clock}
		}
	}
	a.Objectives = sheetOf(c.t, c.Store, SheetQuestion{Code: a.Code, AsOf: c.today().AddDays(365)}).Mandate.Objectives
	all := a.Targets()
	g := all[slices.IndexFunc(all, func(g mandate.Target) bool { return g.Code == code(target) })]
	a.deadlines[g.ID] = []deadlineTold{{from: since, at: c.clock, phrase: phrase, reading: deadline.Read(phrase, bilingual.NL)}}
}

// has reports whether the letter has a place, whenever that is there.
func (a *annals) has(place mandate.Code) bool {
	for _, o := range a.Objectives {
		if o.Code == place || slices.ContainsFunc(o.Points, func(p mandate.MeasurementPoint) bool { return p.Code == place }) {
			return true
		}
	}
	return false
}

// comparePlaces looks for every target by its code, and for its words.
func (c *chronicle) comparePlaces(m Moment) {
	for _, a := range c.annals {
		for _, g := range a.Targets() {
			places, err := c.CodePlaces(system, c.searched(g.Code.String(), a, m))
			c.must(err)
			c.compare("is "+g.Code.String()+" there", a.there(g.Code, m), len(places) == 1)
			if _, added := a.added[g.Code.String()]; !added {
				continue // its words may have changed
			}
			found, err := c.Search(system, c.searched(g.Text.NL, a, m))
			c.must(err)
			c.compare("is "+g.Text.NL+" found", a.there(g.Code, m), slices.ContainsFunc(found, func(f Found) bool { return f.Kind == FoundTarget && f.Code == g.Code }))
		}
	}
}

// searched is what somebody looks for in one mandate.
func (c *chronicle) searched(words string, a *annals, m Moment) SearchQuestion {
	scope := c.scope()
	scope.Mandates = []int64{a.ID}
	return SearchQuestion{Query: search.Parse(words), Reach: Reach{Scope: scope, Parts: []string{}}, Moment: m, Most: 10}
}
