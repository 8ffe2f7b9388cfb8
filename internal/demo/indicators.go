package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/indicator"
	"jalon/internal/store"
)

// followed is an indicator with its values.
type followed struct {
	Mandate, Code  string
	Name, Unit     words
	Objective, KPI string
	Target         string // of the objective that it belongs to; "" for none
	Direction      indicator.Direction
	Per, Decimals  int
	MinGroup       int `json:"min_group"`
	Baseline       *decimal.Decimal
	BaselineOn     calendar.Date `json:"baseline_on"`
	Milestones     []indicator.Milestone
	Source, Owner  string
	Cadence        indicator.Cadence
	Origin         indicator.Origin
	Formula        string
	EventKind      string `json:"event_kind"`
	EventCount     string `json:"event_count"`
	AddsUp         bool   `json:"adds_up"`
	Parts          []string
	By             string
	Values         []struct {
		On                            calendar.Date
		Value, Numerator, Denominator *decimal.Decimal
		People                        int
		Note                          string
		Was                           *decimal.Decimal // what was recorded a week before
		RecordedAt                    time.Time        `json:"recorded_at"`
	}
}

// indicatorsFrom is the day from which the indicators of the office are defined.
var indicatorsFrom = calendar.MustDate(2024, 7, 1)

// follow defines the indicators and records two years of values.
func (l *loader) follow(ctx context.Context) error {
	all, err := read[[]followed]("indicators.json")
	if err != nil {
		return err
	}
	for _, f := range all {
		if err := l.indicator(ctx, f); err != nil {
			return fmt.Errorf("indicator %s: %w", f.Code, err)
		}
	}
	return nil
}

func (l *loader) indicator(ctx context.Context, f followed) error {
	i := indicator.Indicator{Code: f.Code, Objective: f.Objective, Target: f.Target, KPICode: f.KPI, MinGroup: f.MinGroup, Definition: indicator.Definition{
		ValidFrom: indicatorsFrom, Name: f.Name.name(), Unit: f.Unit.name(), Direction: f.Direction, Per: f.Per, Decimals: f.Decimals,
		Baseline: f.Baseline, BaselineOn: f.BaselineOn, Milestones: f.Milestones, Source: f.Source, Owner: f.Owner, Cadence: f.Cadence,
		Origin: f.Origin, Formula: f.Formula, EventKind: f.EventKind, EventCount: f.EventCount, AddsUp: f.AddsUp, Parts: f.Parts,
	}}
	mandate := l.ids[f.Mandate]
	_, repeated, err := l.store.DefineIndicator(ctx, l.submission(f.By, "define indicator", f.Mandate+" "+f.Code), mandate, i, opened.Time(), "")
	if err != nil {
		return err
	}
	if !repeated {
		l.summary.Indicators++
	}
	id, err := l.store.IndicatorID(ctx, mandate, f.Code)
	if err != nil || len(f.Values) == 0 {
		return err
	}
	batch := store.ValueBatch{MandateID: mandate, IndicatorID: id, Code: f.Code, Channel: "page", Lang: bilingual.NL, ByID: l.people[f.By].PersonID}
	for _, v := range f.Values {
		if v.Was != nil {
			batch.Values = append(batch.Values, indicator.Measurement{On: v.On, Value: v.Was, At: v.RecordedAt.AddDate(0, 0, -7)})
		}
		batch.Values = append(batch.Values, indicator.Measurement{
			On: v.On, Value: v.Value, Numerator: v.Numerator, Denominator: v.Denominator, People: v.People, Note: v.Note, At: v.RecordedAt,
		})
	}
	outcomes, _, _, err := l.store.RecordValues(ctx, l.submission(f.By, "record values", f.Mandate+" "+f.Code), batch)
	l.summary.Values += len(outcomes)
	return err
}
