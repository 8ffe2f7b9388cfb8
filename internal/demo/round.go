package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"jalon/internal/calendar"
	"jalon/internal/monitoring"
	"jalon/internal/store"
)

// The rounds are of the Directieraad; its secretary takes their steps.
const (
	roundBody  = "ACTIRIS-DR"
	roundSteps = "secretary@jalon.example"
)

// collecting is the half-year that the example office is in.
var collecting = calendar.HalfYear{Year: 2026, Half: 2}

// pastRound is a half-year whose tables were sealed, as it went.
type pastRound struct {
	period    calendar.HalfYear
	mandates  []string
	submitted map[string]time.Time
	sealed    time.Time // the last table of a mandate
}

// rounds opens the half-years that were sealed, takes them through their steps,
// and leaves the current one collecting.
func (l *loader) rounds(ctx context.Context) error {
	events, err := history(l.offices)
	if err != nil {
		return err
	}
	for _, past := range pastRounds(events) {
		if err := l.pastRound(ctx, past); err != nil {
			return fmt.Errorf("round of %s: %w", past.period, err)
		}
	}
	var asked []string
	for _, o := range l.offices {
		if o.Institution.Code == "ACTIRIS" {
			asked = append(asked, o.Code)
		}
	}
	at := collecting.Start().AddMonths(4).Time()
	r, err := l.openRound(ctx, collecting, asked, at.Add(9*time.Hour), calendar.MustDate(2027, 3, 11))
	if err != nil {
		return fmt.Errorf("round of %s: %w", collecting, err)
	}
	return l.step(ctx, &r, monitoring.RoundCollecting, at.Add(34*time.Hour))
}

// pastRounds reads from what happened which half-years were sealed, and when
// the last report of each mandate came in.
func pastRounds(events []event) (all []pastRound) {
	last := map[string]time.Time{}
	for _, e := range events {
		if e.session.entries != nil {
			last[e.session.mandate+" "+e.session.entries[0].Period.String()] = e.at
			continue
		}
		if e.seal.Mandate == "" {
			continue // what a board asked, or was answered
		}
		i := slices.IndexFunc(all, func(p pastRound) bool { return p.period == e.seal.Period })
		if i < 0 {
			i = len(all)
			all = append(all, pastRound{period: e.seal.Period, submitted: map[string]time.Time{}})
		}
		all[i].mandates = append(all[i].mandates, e.seal.Mandate)
		all[i].submitted[e.seal.Mandate] = last[e.seal.Mandate+" "+e.seal.Period.String()].Add(20 * time.Minute)
		all[i].sealed = e.at
	}
	return all
}

func (l *loader) openRound(ctx context.Context, period calendar.HalfYear, mandates []string, at time.Time, meets calendar.Date) (store.Round, error) {
	bodies, err := l.store.Boards(ctx)
	if err != nil {
		return store.Round{}, err
	}
	i := slices.IndexFunc(bodies, func(b store.Board) bool { return store.BodyCode(b.Institution.Code, b.Code) == roundBody })
	if i < 0 {
		return store.Round{}, fmt.Errorf("there is no body %s", roundBody)
	}
	r := store.Round{Institution: bodies[i].Institution, BodyID: bodies[i].ID, Body: bodies[i].Body, Period: period, RoundDates: monitoring.UsualDates(period)}
	r.Meets = meets
	if _, err := l.store.OpenRound(ctx, l.submission(roundSteps, "open round", period.String()), r, mandates, at, ""); err != nil {
		return r, err
	}
	r, err = l.store.Round(ctx, roundBody, period)
	r.State = monitoring.RoundOpen // where a load that was cut off begins again
	return r, err
}

func (l *loader) step(ctx context.Context, r *store.Round, to monitoring.RoundState, at time.Time) error {
	_, err := l.store.StepRound(ctx, l.submission(roundSteps, "step round", r.Period.String()+" "+string(to)), *r, to, at, "", "")
	r.State = to
	return err
}

func (l *loader) pastRound(ctx context.Context, p pastRound) error {
	begin := p.period.End().AddDays(-29).Time()
	r, err := l.openRound(ctx, p.period, p.mandates, begin.Add(8*time.Hour), calendar.DateOf(p.sealed).AddDays(-1))
	if err != nil {
		return err
	}
	if err := l.step(ctx, &r, monitoring.RoundCollecting, begin.Add(9*time.Hour)); err != nil {
		return err
	}
	for _, code := range p.mandates {
		at := p.submitted[code]
		sub := l.submission(l.holder(code, calendar.DateOf(at)), "submit part", code+" "+p.period.String())
		if _, err := l.store.SubmitPart(ctx, sub, l.ids[code], p.period, at, ""); err != nil {
			return fmt.Errorf("part of %s: %w", code, err)
		}
	}
	if err := l.step(ctx, &r, monitoring.RoundGrace, r.Due.AddDays(1).Time().Add(7*time.Hour)); err != nil {
		return err
	}
	if err := l.step(ctx, &r, monitoring.RoundPresented, r.Meets.Time().Add(12*time.Hour)); err != nil {
		return err
	}
	_, _, err = l.store.SealRound(ctx, l.submission(roundSteps, "seal round", p.period.String()), r, store.SealRequest{
		At: p.sealed.Add(20 * time.Minute), By: l.people[roundSteps].Name, Software: "demo", Signer: l.signer,
	})
	return err
}

// holder gives the address of who held a mandate on a day.
func (l *loader) holder(code string, on calendar.Date) string {
	for _, o := range l.offices {
		for _, t := range o.Tenures {
			if o.Code == code && !on.Before(t.From) && (t.Until.IsZero() || !on.After(t.Until)) {
				return t.Holder
			}
		}
	}
	return ""
}
