package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/indicator"
	"jalon/internal/mandate"
	"jalon/internal/store/db"
)

// IndicatorSheet is what is known of the indicators of one mandate on a day.
type IndicatorSheet struct {
	duty.Question // the mandate, with its targets and what the reader sees of what happened with their duties
	Sheet         indicator.Sheet
	Kinds         []duty.Kind              // of events
	Notes         map[int64]NotedIndicator // by number of the indicator; of Indicators alone
}

// Indicators gives the sheet of each mandate of the scope that the question asks
// for, in two statements. Figures of groups that are too small are not in it.
//
// Figures are computed from the whole mandate, whoever asks: what is kept back
// depends on indicators that the reader may not see. Of the result they get what the database shows them by row.
func (s *Store) Indicators(ctx context.Context, q DutyQuestion) ([]IndicatorSheet, error) {
	q.WithKinds, q.indicators, q.notes = true, true, true
	questions, rows, err := s.duties(ctx, q, false)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	kinds, err := kindsOf(rows[0].Kinds)
	if err != nil {
		return nil, err
	}
	notes, err := notesOf(rows)
	if err != nil {
		return nil, err
	}
	mandates, seen := make([]mandate.Mandate, len(questions)), []int64(nil)
	for i, one := range questions {
		mandates[i], seen = one.Mandate, append(seen, rows[i].Indicators...)
	}
	all, err := s.IndicatorsOf(ctx, mandates, seen, Moment{Day: q.AsOf, Known: q.Known})
	if err != nil {
		return nil, err
	}
	sheets := make([]IndicatorSheet, len(questions))
	for i, one := range questions {
		sheets[i] = IndicatorSheet{Question: one, Sheet: all[i], Kinds: kinds, Notes: notes}
	}
	return sheets, nil
}

// LetterIndicators gives the same sheet for the mandate of a question, with its
// objectives and KPIs in words: what an indicator can be defined for. ErrNotFound
// when there is no such mandate.
func (s *Store) LetterIndicators(ctx context.Context, q SheetQuestion) (IndicatorSheet, error) {
	q.Kinds, q.Indicators = true, true
	letter, _, err := s.Sheet(ctx, q)
	if err != nil {
		return IndicatorSheet{}, err
	}
	all, err := s.IndicatorsOf(ctx, []mandate.Mandate{letter.Mandate}, letter.Indicators, Moment{Day: q.AsOf, Known: q.Known})
	if err != nil {
		return IndicatorSheet{}, err
	}
	return IndicatorSheet{Question: duty.Question{Mandate: letter.Mandate, Record: letter.Record, Today: q.AsOf}, Sheet: all[0], Kinds: letter.Kinds}, nil
}

// IndicatorsOf is Indicators for whole mandates with their targets, in one
// statement. Of the result the reader gets those that they see, by their numbers.
func (s *Store) IndicatorsOf(ctx context.Context, mandates []mandate.Mandate, seen []int64, m Moment) ([]indicator.Sheet, error) {
	if len(mandates) == 0 {
		return nil, nil
	}
	ids := make([]int64, len(mandates))
	for i, one := range mandates {
		ids[i] = one.ID
	}
	rows, err := s.queries.IndicatorRows(AsSystem(ctx), db.IndicatorRowsParams{
		AsOf: m.Day, Known: knownBy(m.Known), Mandates: ids,
		LastDay: calendar.Date{Year: calendar.MaxYear, Month: time.December, Day: 31}, LastInstant: forever,
	})
	if err != nil {
		return nil, fmt.Errorf("read indicators as of %s: %w", m.Day, err)
	}
	last := slices.IndexFunc(rows, func(r db.IndicatorRowsRow) bool { return r.Last })
	if last < 0 {
		last = len(rows)
	}
	recorded, err := recordedIndicators(rows[:last])
	if err != nil {
		return nil, err
	}
	atLast, err := recordedIndicators(rows[last:])
	if err != nil {
		return nil, err
	}
	sheets := make([]indicator.Sheet, len(mandates))
	for i, one := range mandates {
		facts, err := factsFor(one, rows[:last], m.Day)
		if err != nil {
			return nil, fmt.Errorf("read what indicators of %s are counted from: %w", one.Code, err)
		}
		sheets[i] = indicator.Assemble(recorded[one.ID], facts, m.Day, keptBack(atLast[one.ID])).Only(func(one indicator.Indicator) bool { return slices.Contains(seen, one.ID) })
	}
	return sheets, nil
}

// keptBack finds what may not be shown today, of a mandate where a minimum group
// applies to anything: it is kept back of the past as well.
func keptBack(atLast []indicator.Recorded) indicator.Kept {
	if len(atLast) == 0 {
		return indicator.Kept{}
	}
	return indicator.KeptBack(atLast)
}

func recordedIndicators(rows []db.IndicatorRowsRow) (map[int64][]indicator.Recorded, error) {
	recorded := map[int64][]indicator.Recorded{}
	for _, r := range rows {
		one, err := recordedIndicator(r)
		if err != nil {
			return nil, fmt.Errorf("read indicator %s: %w", r.Code, err)
		}
		recorded[r.MandateID] = append(recorded[r.MandateID], one)
	}
	return recorded, nil
}

// factsFor gives what derived indicators of a mandate are counted from; nothing when there are none.
func factsFor(m mandate.Mandate, rows []db.IndicatorRowsRow, today calendar.Date) (indicator.Facts, error) {
	at := slices.IndexFunc(rows, func(r db.IndicatorRowsRow) bool { return r.MandateID == m.ID && r.Record != nil })
	if at < 0 {
		return indicator.Facts{}, nil
	}
	record, err := dutyRecord(rows[at].Record)
	q := duty.Question{Mandate: m, Record: record, From: calendar.Date{Year: calendar.MinYear, Month: time.January, Day: 1}, Until: today, Today: today}
	if !record.Since.IsZero() {
		q.From = record.Since.AddMonths(-12)
	}
	for _, e := range record.Events { // what is owed after an event may be due later
		if until := e.Until.AddMonths(24); until.After(q.Until) {
			q.Until = until
		}
	}
	return indicator.Facts{Events: record.Events, Duties: duty.Of(q)}, err
}

func recordedIndicator(r db.IndicatorRowsRow) (indicator.Recorded, error) {
	one := indicator.Recorded{Indicator: indicator.Indicator{
		ID: r.ID, Newest: r.Newest, Code: r.Code, Objective: r.ObjectiveCode, Target: r.TargetCode, KPICode: r.KpiCode, KPI: text(r.KpiNl, r.KpiFr, r.KpiNlState, r.KpiFrState), MinGroup: int(r.MinGroup),
		Definition: indicator.Definition{
			ValidFrom: r.ValidFrom, Name: plainText(r.NameNl, r.NameFr), Unit: plainText(r.UnitNl, r.UnitFr), Direction: indicator.Direction(r.Direction),
			Per: int(r.Per), Decimals: int(r.Decimals), Baseline: number(r.Baseline), BaselineOn: r.BaselineOn, Source: r.Source, Owner: r.Owner,
			Cadence: indicator.Cadence(r.Cadence), Origin: indicator.Origin(r.Origin), Formula: r.Formula, EventKind: r.EventKind, EventCount: r.EventCount,
			AddsUp: r.AddsUp, Parts: r.Parts, Retired: r.Retired,
		},
	}}
	var milestones []struct {
		On    calendar.Date    `json:"on"`
		Value decimal.Decimal  `json:"value"`
		Upper *decimal.Decimal `json:"upper"`
	}
	if err := unpack(r.Milestones, &milestones); err != nil {
		return one, err
	}
	for _, m := range milestones {
		stone := indicator.Milestone{On: m.On, Value: m.Value}
		if m.Upper != nil {
			stone.Upper = *m.Upper
		}
		one.Milestones = append(one.Milestones, stone)
	}
	var rows []measurementRow
	if err := errors.Join(unpack(r.Measurements, &rows), unpack(r.AddedUp, &one.AddedUp)); err != nil {
		return one, err
	}
	for _, m := range rows {
		one.Measurements = append(one.Measurements, m.measurement())
	}
	return one, nil
}

// plainText is a pair whose languages weigh the same.
func plainText(nl, fr string) bilingual.Text {
	t := bilingual.Text{}
	if nl != "" {
		t = t.With(bilingual.NL, nl, bilingual.Original)
	}
	if fr != "" {
		t = t.With(bilingual.FR, fr, bilingual.Original)
	}
	return t
}

type measurementRow struct {
	ID          int64            `json:"id"`
	On          calendar.Date    `json:"on"`
	Value       *decimal.Decimal `json:"value"`
	Numerator   *decimal.Decimal `json:"numerator"`
	Denominator *decimal.Decimal `json:"denominator"`
	People      int              `json:"people"`
	Withdrawn   bool             `json:"withdrawn"`
	Note        string           `json:"note"`
	Lang        bilingual.Lang   `json:"lang"`
	By          string           `json:"by"`
	Machine     string           `json:"machine"`
	Channel     string           `json:"channel"`
	At          time.Time        `json:"at"`
	Supersedes  int64            `json:"supersedes"`
}

func (m measurementRow) measurement() indicator.Measurement {
	return indicator.Measurement{
		ID: m.ID, On: m.On, Value: m.Value, Numerator: m.Numerator, Denominator: m.Denominator, People: m.People, Withdrawn: m.Withdrawn,
		Note: m.Note, Lang: m.Lang, By: m.By, Machine: m.Machine, Channel: m.Channel, At: m.At, Supersedes: m.Supersedes,
	}
}

// DefineIndicator stores what an indicator is from a day on; one with ID 0 is new.
// ErrExists when a new one has the code of another, ErrConflict when somebody
// defined a known one anew since its Newest.
func (s *Store) DefineIndicator(ctx context.Context, sub Submission, mandateID int64, i indicator.Indicator, at time.Time, location string) (string, bool, error) {
	return s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.BumpVersion(ctx, mandateID); err != nil {
			return "", fmt.Errorf("lock mandate: %w", refusal(err))
		}
		var err error
		if i.ID == 0 {
			i.ID, err = q.InsertIndicator(ctx, db.InsertIndicatorParams{MandateID: mandateID, Code: i.Code, Objective: i.Objective, Kpi: i.KPICode, Target: i.Target})
		}
		if err != nil {
			return "", fmt.Errorf("store the indicator: %w", refusal(err))
		}
		if newest, err := q.NewestDefinition(ctx, db.NewestDefinitionParams{MandateID: mandateID, IndicatorID: i.ID}); err != nil || newest != i.Newest {
			return "", fmt.Errorf("definition %d of indicator %s, %d seen: %w", newest, i.Code, i.Newest, cmp.Or(err, ErrConflict))
		}
		version, err := q.InsertIndicatorVersion(ctx, versionParams(mandateID, i, sub.PersonID, at))
		if err != nil {
			return "", fmt.Errorf("store the definition: %w", refusal(err))
		}
		n, err := q.InsertIndicatorParts(ctx, db.InsertIndicatorPartsParams{MandateID: mandateID, VersionID: version, Parts: i.Parts})
		if err != nil {
			return "", fmt.Errorf("store the parts: %w", refusal(err))
		}
		if n != int64(len(i.Parts)) {
			return "", fmt.Errorf("%d parts, %d known: %w", len(i.Parts), n, ErrNotFound)
		}
		for _, m := range i.Milestones {
			p := db.InsertMilestoneParams{MandateID: mandateID, VersionID: version, OnDate: m.On, Value: nullDecimal(&m.Value)}
			if i.Direction == indicator.Between {
				p.Upper = nullDecimal(&m.Upper)
			}
			if err := q.InsertMilestone(ctx, p); err != nil {
				return "", fmt.Errorf("store a milestone: %w", refusal(err))
			}
		}
		line := sub.Event("indicator/" + i.Code)
		line.MandateID, line.Detail = mandateID, map[string]any{"from": i.ValidFrom}
		return location, audit(ctx, q, line)
	})
}

func versionParams(mandateID int64, i indicator.Indicator, by int64, at time.Time) db.InsertIndicatorVersionParams {
	p := db.InsertIndicatorVersionParams{
		MandateID: mandateID, IndicatorID: i.ID, ValidFrom: i.ValidFrom, NameNl: i.Name.NL, NameFr: i.Name.FR, UnitNl: i.Unit.NL, UnitFr: i.Unit.FR,
		Direction: string(i.Direction), Per: int32(i.Per), Decimals: int16(i.Decimals), MinGroup: int32(i.MinGroup), Baseline: nullDecimal(i.Baseline),
		BaselineOn: i.BaselineOn, Source: i.Source, Owner: i.Owner, Cadence: string(i.Cadence), Origin: string(i.Origin), Formula: i.Formula,
		EventCount: i.EventCount, AddsUp: i.AddsUp, Retired: i.Retired, RecordedBy: by, RecordedAt: at,
	}
	if i.EventKind != "" {
		p.EventKind = &i.EventKind
	}
	return p
}

// IndicatorID finds an indicator by its code. ErrNotFound when the mandate has none.
func (s *Store) IndicatorID(ctx context.Context, mandateID int64, code string) (int64, error) {
	id, err := s.queries.IndicatorID(ctx, db.IndicatorIDParams{MandateID: mandateID, Code: code})
	if err != nil {
		return 0, fmt.Errorf("find indicator %s: %w", code, refusal(err))
	}
	return id, nil
}
