// Package generate makes a large data set for tests and measurements: letters,
// holders and entries of any number of mandates. The same options give the
// same data set, to the letter.
package generate

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/mandate"
	"jalon/internal/progress"
	"jalon/internal/store"
)

// Options say how much to make.
type Options struct {
	Mandates int
	Years    int // of entries, up to and with the half-year Until
	Until    calendar.HalfYear
	Seed     uint64
}

// perInstitution is how many mandates an institution has.
const perInstitution = 12

// Make gives the data set. A mandate has 8 objectives, about 24 measurement
// points and 38 targets, and on most targets one entry per half-year; in the
// last half-year some have not reported yet.
func Make(o Options) store.Bulk {
	var b store.Bulk
	for i := range (o.Mandates + perInstitution - 1) / perInstitution {
		name := fmt.Sprintf(" %d", i+1)
		b.Institutions = append(b.Institutions, mandate.Institution{Code: fmt.Sprintf("GEN-%03d", i+1), Name: bilingual.Text{
			NL: "Gewestelijke Dienst" + name, FR: "Service régional" + name, NLState: bilingual.Original, FRState: bilingual.Original,
		}})
	}
	letters := letterMaker{readings: map[string]deadline.Reading{}}
	letters.framework = letters.transversal(random(o.Seed, -1))
	begins := o.begins().Start()
	for i := range o.Mandates {
		r := random(o.Seed, i)
		b.Mandates = append(b.Mandates, letters.mandate(r, i, b.Institutions[i/perInstitution]))
		b.Holders = append(b.Holders, store.BulkHolder{
			Email: fmt.Sprintf("holder%04d@generated.example", i+1), Name: pick(r, given) + " " + pick(r, last),
			Lang: bilingual.Langs[r.IntN(2)], From: begins, Until: begins.AddMonths(12 * max(5, o.Years+1)).AddDays(-1),
		})
	}
	b.Entries = func(i int) iter.Seq[store.BulkEntry] {
		return o.entries(i, len(b.Mandates[i].Targets()), b.Holders[i].Lang)
	}
	return b
}

// random is a source of its own for each mandate, so that more mandates leave
// the first ones as they are.
func random(seed uint64, i int) *rand.Rand { return rand.New(rand.NewPCG(seed, uint64(i+1))) }

func (o Options) begins() calendar.HalfYear {
	return calendar.HalfYear{Year: o.Until.Year - o.Years, Half: o.Until.Half}.Next()
}

type letterMaker struct {
	framework []mandate.Objective
	readings  map[string]deadline.Reading // a phrase is read once
}

func (l letterMaker) deadline(r *rand.Rand) mandate.Deadline {
	p := pick(r, phrases)
	reading, ok := l.readings[p.nl]
	if !ok {
		reading = deadline.Read(p.nl, bilingual.NL)
		l.readings[p.nl] = reading
	}
	return mandate.Deadline{Text: join(p), Reading: reading}
}

func (l letterMaker) mandate(r *rand.Rand, i int, of mandate.Institution) mandate.Mandate {
	service := services[i%perInstitution]
	m := mandate.Mandate{
		Code: fmt.Sprintf("%s-A4-%02d", of.Code, i%perInstitution+1), Rank: "A4", Institution: of,
		Title: join(pair{"Directeur/trice-diensthoofd “" + service.nl + "”", "Directeur/trice-chef(fe) de service « " + service.fr + " »"}),
	}
	for n := range 3 {
		m.Objectives = append(m.Objectives, l.objective(r, mandate.Code{Kind: mandate.Strategic, Objective: n + 1}, 3+r.IntN(3)))
	}
	for _, o := range l.framework {
		if o.Code.Objective <= 3 { // these get points of the mandate's own
			own := l.objective(r, o.Code, 2+r.IntN(2))
			o.Points = own.Points
		}
		m.Objectives = append(m.Objectives, o)
	}
	return m
}

// transversal makes the objectives that all mandates share.
func (l letterMaker) transversal(r *rand.Rand) (shared []mandate.Objective) {
	for n := range 5 {
		o := l.objective(r, mandate.Code{Kind: mandate.Transversal, Objective: n + 1}, 2)
		for range 4 {
			o.Context = append(o.Context, sentence(r, 2))
			o.Goals = append(o.Goals, sentence(r, 1))
		}
		shared = append(shared, o)
	}
	return shared
}

func (l letterMaker) objective(r *rand.Rand, code mandate.Code, points int) mandate.Objective {
	o := mandate.Objective{Code: code, Title: join(pick(r, actions), pick(r, matters))}
	for p := range points {
		code.Point, code.Target = p+1, 0
		point := mandate.MeasurementPoint{Code: code, Text: sentence(r, 1)}
		for t := range 1 + (r.IntN(20)+8)/16 { // one or two, 1.6 on average
			code.Target = t + 1
			point.Targets = append(point.Targets, mandate.Target{Code: code, Text: sentence(r, 1+r.IntN(2)), Deadline: l.deadline(r)})
		}
		o.Points = append(o.Points, point)
	}
	return o
}

var statuses = []progress.Status{
	progress.OnTrack, progress.OnTrack, progress.OnTrack, progress.OnTrack, progress.OnTrack, progress.OnTrack, progress.Attention, progress.Attention,
	progress.NothingToReport, progress.SupportNeeded, progress.Compromised, progress.Achieved, progress.Stopped,
}

// entries tells the story of one mandate, half-year by half-year.
func (o Options) entries(i, targets int, lang bilingual.Lang) iter.Seq[store.BulkEntry] {
	return func(yield func(store.BulkEntry) bool) {
		r := random(o.Seed^0x5eed, i)
		for half := o.begins(); !o.Until.Before(half); half = half.Next() {
			asOf := half.Start().AddDays(60 + r.IntN(80))
			for t := range targets {
				if half == o.Until && r.IntN(10) < 3 || r.IntN(25) == 0 {
					continue // silent
				}
				e := narrative(r, lang)
				e.AsOf = asOf.AddDays(r.IntN(5))
				e.RecordedAt = e.AsOf.End().Add(time.Duration(r.IntN(14*24)) * time.Hour)
				if e.Status == progress.SupportNeeded {
					e.SupportBy = e.AsOf.AddDays(45)
				}
				if !yield(store.BulkEntry{Target: t, Entry: e}) {
					return
				}
			}
		}
	}
}

func narrative(r *rand.Rand, lang bilingual.Lang) progress.Entry {
	e := progress.Entry{Lang: lang, Status: pick(r, statuses)}
	if e.Status == progress.NothingToReport {
		e.Reason = pair{"Dit halfjaar was er geen vergadering van het comité.", "Le comité ne s’est pas réuni ce semestre."}.in(lang)
		return e
	}
	e.Achieved = pick(r, done).in(lang) + " " + pick(r, done).in(lang)
	if e.Status != progress.OnTrack && e.Status != progress.Achieved {
		e.Obstacles = pick(r, hindrances).in(lang)
	}
	if e.Status != progress.Achieved {
		e.NextSteps = pick(r, steps).in(lang)
	}
	if e.Status == progress.SupportNeeded {
		e.SupportAsked = pick(r, steps).in(lang)
		e.SupportOf = pair{"de Directieraad", "le Conseil de direction"}.in(lang)
	}
	return e
}
