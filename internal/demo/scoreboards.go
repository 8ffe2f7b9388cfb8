package demo

import (
	"context"
	"fmt"
	"time"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/indicator"
	"jalon/internal/scoreboard"
	"jalon/internal/store"
)

// watched is a scoreboard of a body with what was said and done about it.
type watched struct {
	Institution, Body, Code string
	Name                    words
	From                    calendar.Date
	CheckEvery              indicator.Cadence `json:"check_every"`
	Mandate                 string
	Indicators              []string
	Remarks                 []struct {
		Indicator, By, Text string
		On                  calendar.Date
		Lang                bilingual.Lang
	}
	Measures []struct {
		Indicator, By, Owner, Cause, Action, Effect string
		On, Due                                     calendar.Date
		Lang                                        bilingual.Lang
		Done                                        *struct {
			On   calendar.Date
			Text string
		}
	}
	Checks []struct {
		By, Conclusion string
		On             calendar.Date
		Lang           bilingual.Lang
	}
}

// watch makes the scoreboards.
func (l *loader) watch(ctx context.Context) error {
	all, err := read[[]watched]("scoreboards.json")
	if err != nil {
		return err
	}
	bodies, err := l.store.Boards(ctx)
	if err != nil {
		return err
	}
	for _, w := range all {
		for _, body := range bodies {
			if body.Institution.Code != w.Institution || body.Code != w.Body {
				continue
			}
			if err := l.scoreboard(ctx, body, w); err != nil {
				return fmt.Errorf("scoreboard %s: %w", w.Code, err)
			}
		}
	}
	return nil
}

// atWork is an hour at which somebody records something.
func atWork(d calendar.Date) time.Time { return d.Time().Add(9 * time.Hour) }

func (l *loader) scoreboard(ctx context.Context, body store.Board, w watched) error {
	b := scoreboard.Board{Code: w.Code, Definition: scoreboard.Definition{ValidFrom: w.From, Name: w.Name.name(), CheckEvery: w.CheckEvery}}
	mandate := l.ids[w.Mandate]
	for _, code := range w.Indicators {
		id, err := l.store.IndicatorID(ctx, mandate, code)
		if err != nil {
			return err
		}
		b.Items = append(b.Items, scoreboard.Item{MandateID: mandate, IndicatorID: id})
	}
	if _, err := l.store.DefineScoreboard(ctx, l.submission(bodySecretary, "define scoreboard", w.Body+" "+w.Code), body, b, atWork(w.From), ""); err != nil {
		return err
	}
	_, made, err := l.store.Scoreboards(ctx, w.Institution, w.Body, w.Code, store.Moment{Day: w.From})
	if err != nil || len(made) == 0 {
		return err
	}
	for _, c := range w.Checks {
		check := store.NewCheck{Check: scoreboard.Check{Said: scoreboard.Said{On: c.On, Text: c.Conclusion, Lang: c.Lang, At: atWork(c.On)}}}
		if _, err := l.store.CheckScoreboard(ctx, l.submission(c.By, "check scoreboard", w.Code+" "+c.On.String()), body, made[0], check, ""); err != nil {
			return err
		}
	}
	return l.measures(ctx, w)
}

// measures records what was said and done about the indicators of a board.
func (l *loader) measures(ctx context.Context, w watched) error {
	mandate := l.ids[w.Mandate]
	for _, r := range w.Remarks {
		id, err := l.store.IndicatorID(ctx, mandate, r.Indicator)
		if err != nil {
			return err
		}
		on := store.On{MandateID: mandate, IndicatorID: id, Code: r.Indicator, At: atWork(r.On)}
		said := scoreboard.Said{On: r.On, Text: r.Text, Lang: r.Lang}
		if _, err := l.store.Remark(ctx, l.submission(r.By, "remark on indicator", r.Indicator+" "+r.On.String()), on, said, ""); err != nil {
			return err
		}
	}
	for _, m := range w.Measures {
		id, err := l.store.IndicatorID(ctx, mandate, m.Indicator)
		if err != nil {
			return err
		}
		on := store.On{MandateID: mandate, IndicatorID: id, Code: m.Indicator, At: atWork(m.On)}
		taken := scoreboard.Measure{On: m.On, Cause: m.Cause, Action: m.Action, Effect: m.Effect, OwnerID: l.people[m.Owner].PersonID, FirstDue: m.Due, Lang: m.Lang}
		step := m.Indicator + " " + m.On.String()
		if _, err := l.store.TakeMeasure(ctx, l.submission(m.By, "take measure", step), on, taken, ""); err != nil {
			return err
		}
		if m.Done == nil {
			continue
		}
		owed, err := l.store.Owed(ctx, store.DutyQuestion{Scope: access.Scope{Mandates: []int64{mandate}}, AsOf: m.On})
		if err != nil {
			return err
		}
		all := owed.Notes[id].Measures
		last := all[len(all)-1]
		on.At = atWork(m.Done.On)
		done := scoreboard.Step{Kind: scoreboard.Done, Said: scoreboard.Said{On: m.Done.On, Text: m.Done.Text, Lang: m.Lang}}
		if _, err := l.store.StepMeasure(ctx, l.submission(m.By, "follow measure", step), on, last.ID, done, ""); err != nil {
			return err
		}
	}
	return nil
}
