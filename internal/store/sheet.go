package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/store/db"
)

// SheetQuestion asks for a mandate as of a day.
type SheetQuestion struct {
	Code      string        // of the mandate
	AsOf      calendar.Date // entries, wordings, deadlines and holder of this day
	Known     time.Time     // as far as recorded by this instant; zero for all that is known
	Before    calendar.Date // earlier day to compare with; zero for none
	Passages  string        // code of the objective whose context and goals are wanted; "" for none
	HistoryOf string        // code of the target whose whole history is wanted; "" for none

	Indicators bool // which indicators the reader sees
	Kinds      bool // the kinds of events
}

// Sheet is the answer: one statement, however many targets. The history is
// that of the target asked for, latest first. ErrNotFound when there is no such mandate.
func (s *Store) Sheet(ctx context.Context, q SheetQuestion) (progress.Sheet, []progress.Entry, error) {
	return sheet(ctx, s.queries, q)
}

func sheet(ctx context.Context, queries *db.Queries, q SheetQuestion) (progress.Sheet, []progress.Entry, error) {
	rows, err := queries.SheetRows(ctx, db.SheetRowsParams{
		Codes: []string{q.Code}, AsOf: q.AsOf, Befores: []calendar.Date{q.Before}, PassagesOf: q.Passages, HistoryOf: q.HistoryOf, Known: knownBy(q.Known), WithIndicators: q.Indicators, WithKinds: q.Kinds,
	})
	if err != nil {
		return progress.Sheet{}, nil, fmt.Errorf("read mandate %s as of %s: %w", q.Code, q.AsOf, err)
	}
	if len(rows) == 0 {
		return progress.Sheet{}, nil, fmt.Errorf("read mandate %s: %w", q.Code, ErrNotFound)
	}
	b := newSheetBuilder(q.AsOf, q.Before, len(rows))
	for i := range rows {
		if err := b.add(&rows[i]); err != nil {
			return progress.Sheet{}, nil, fmt.Errorf("read mandate %s: %w", q.Code, err)
		}
	}
	return b.sheet, b.history, nil
}

// sheets reads several mandates as of one day in one statement, in the order of the
// list. Each is compared with the day beside its code; zero for none. The code of q
// is not looked at.
func sheets(ctx context.Context, queries *db.Queries, codes []string, q SheetQuestion, befores []calendar.Date) ([]progress.Sheet, error) {
	all, err := notedSheets(ctx, queries, codes, q, befores, noteQuestion{})
	if err != nil {
		return nil, err
	}
	plain := make([]progress.Sheet, len(all))
	for i, s := range all {
		plain[i] = s.Sheet
	}
	return plain, nil
}

// noteQuestion asks for what the table of a half-year shows beside its sheet.
type noteQuestion struct {
	period calendar.Date // its first day; zero for no notes
	bodyID int64         // whose decisions count
	acts   time.Time     // and what was recorded by this instant
}

// notedSheet is a sheet with what its table shows beside it.
type notedSheet struct {
	progress.Sheet
	notes monitoring.Notes
}

// notedSheets is sheets with the notes that are asked for.
func notedSheets(ctx context.Context, queries *db.Queries, codes []string, q SheetQuestion, befores []calendar.Date, n noteQuestion) ([]notedSheet, error) {
	asOf := q.AsOf
	rows, err := queries.SheetRows(ctx, db.SheetRowsParams{
		Codes: codes, AsOf: asOf, Befores: befores, PassagesOf: q.Passages, Known: knownBy(q.Known),
		Period: n.period, BodyID: n.bodyID, Acts: knownBy(n.acts),
	})
	if err != nil {
		return nil, fmt.Errorf("read %d mandates as of %s: %w", len(codes), asOf, err)
	}
	var all []notedSheet
	for first := 0; first < len(rows); {
		code, last := rows[first].MandateCode, first
		for last < len(rows) && rows[last].MandateCode == code {
			last++
		}
		notes, err := readNotes(rows[first].Notes)
		if err != nil {
			return nil, fmt.Errorf("read what was said of mandate %s: %w", code, err)
		}
		b := newSheetBuilder(asOf, befores[slices.Index(codes, code)], last-first)
		for i := first; i < last; i++ {
			if err := b.add(&rows[i]); err != nil {
				return nil, fmt.Errorf("read mandate %s: %w", code, err)
			}
		}
		all, first = append(all, notedSheet{b.sheet, notes}), last
	}
	return all, nil
}

func newSheetBuilder(asOf, before calendar.Date, rows int) sheetBuilder {
	return sheetBuilder{sheet: progress.Sheet{
		AsOf: asOf, Before: before,
		Latest: make(map[int64]*progress.Entry, rows), Earlier: make(map[int64]*progress.Entry, rows),
	}}
}

// sheetBuilder grows the tree row by row: rows come in the order of the letter,
// so a new objective or point begins where its id changes.
type sheetBuilder struct {
	sheet   progress.Sheet
	history []progress.Entry
}

func (b *sheetBuilder) add(r *db.SheetRowsRow) error {
	m := &b.sheet.Mandate
	if m.ID == 0 {
		*m = mandate.Mandate{
			ID: r.MandateID, Code: r.MandateCode, Rank: r.Rank, Version: r.Version,
			Title:       text(r.TitleNl, r.TitleFr, r.TitleNlState, r.TitleFrState),
			Institution: institution(r.InstitutionID, r.InstitutionCode, r.InstitutionNl, r.InstitutionFr),
			Holder:      mandate.Tenure{PersonID: r.HolderID, Name: r.HolderName, From: r.HeldFrom, Until: r.HeldUntil, Interim: r.Interim},
		}
	}
	b.sheet.Indicators = r.Indicators
	if r.Record != nil {
		var err error
		if b.sheet.Record, err = dutyRecord(r.Record); err != nil {
			return fmt.Errorf("record of duties: %w", err)
		}
	}
	if r.Kinds != nil {
		var err error
		if b.sheet.Kinds, err = kindsOf(r.Kinds); err != nil {
			return err
		}
	}
	if r.ObjectiveID == 0 {
		return nil // a mandate without objectives yet
	}
	objective, err := b.objective(r)
	if err != nil || r.PointID == 0 {
		return err
	}
	point, err := b.point(objective, r)
	if err != nil || r.TargetID == 0 {
		return err
	}
	target, err := b.target(r)
	if err != nil {
		return err
	}
	point.Targets = append(point.Targets, target)
	b.sheet.Latest[target.ID] = latestEntry(r)
	b.sheet.Earlier[target.ID] = earlierEntry(r)
	if r.Wordings != nil {
		if b.sheet.Wordings, err = versions(r.Wordings); err != nil {
			return err
		}
	}
	if r.History != nil {
		b.history, err = historyEntries(r.History)
	}
	return err
}

func (b *sheetBuilder) objective(r *db.SheetRowsRow) (*mandate.Objective, error) {
	all := &b.sheet.Mandate.Objectives
	if n := len(*all); n > 0 && (*all)[n-1].ID == r.ObjectiveID {
		return &(*all)[n-1], nil
	}
	code, err := mandate.ParseCode(r.ObjectiveCode)
	if err != nil {
		return nil, err
	}
	o := mandate.Objective{ID: r.ObjectiveID, Code: code, Title: text(r.ObjectiveNl, r.ObjectiveFr, r.ObjectiveNlState, r.ObjectiveFrState)}
	if err := b.wholeObjective(&o, r); err != nil {
		return nil, fmt.Errorf("objective %s: %w", code, err)
	}
	*all = append(*all, o)
	return &(*all)[len(*all)-1], nil
}

// words is a text as the statement packs it in JSON.
type words struct {
	ID      int64  `json:"id"`
	Code    string `json:"code"`
	Kind    string `json:"kind"`
	NL      string `json:"nl"`
	FR      string `json:"fr"`
	NLState string `json:"nl_state"`
	FRState string `json:"fr_state"`
}

func (w words) text() bilingual.Text { return text(w.NL, w.FR, w.NLState, w.FRState) }

// wholeObjective reads what belongs to the objective and not to its points.
func (b *sheetBuilder) wholeObjective(o *mandate.Objective, r *db.SheetRowsRow) error {
	var kpis, passages []words
	if err := unpack(r.Kpis, &kpis); err != nil {
		return err
	}
	if err := unpack(r.Passages, &passages); err != nil {
		return err
	}
	for _, k := range kpis {
		code, err := mandate.ParseCode(k.Code)
		if err != nil {
			return err
		}
		o.KPIs = append(o.KPIs, mandate.KPI{ID: k.ID, Code: code, Text: k.text()})
	}
	for _, p := range passages {
		if p.Kind == "context" {
			o.Context = append(o.Context, p.text())
		} else {
			o.Goals = append(o.Goals, p.text())
		}
	}
	if r.ObjectiveDeadline == nil {
		return nil
	}
	var d db.SheetRowsRow
	if err := unpackDeadline(r.ObjectiveDeadline, &d); err != nil {
		return err
	}
	own, err := b.deadline(&d)
	o.Deadline = &own
	return err
}

func unpackDeadline(raw []byte, d *db.SheetRowsRow) error {
	var v struct {
		ID            int64           `json:"id"`
		PhraseNL      string          `json:"phrase_nl"`
		PhraseFR      string          `json:"phrase_fr"`
		PhraseNLState string          `json:"phrase_nl_state"`
		PhraseFRState string          `json:"phrase_fr_state"`
		Reading       json.RawMessage `json:"reading"`
		OwedFrom      calendar.Date   `json:"owed_from"`
		Due           calendar.Date   `json:"due"`
		DueAtEnd      bool            `json:"due_at_end"`
	}
	if err := unpack(raw, &v); err != nil {
		return err
	}
	d.DeadlineID, d.Reading, d.OwedFrom, d.Due, d.DueAtEnd = v.ID, v.Reading, v.OwedFrom, v.Due, v.DueAtEnd
	d.PhraseNl, d.PhraseFr, d.PhraseNlState, d.PhraseFrState = v.PhraseNL, v.PhraseFR, v.PhraseNLState, v.PhraseFRState
	return nil
}

func (b *sheetBuilder) point(o *mandate.Objective, r *db.SheetRowsRow) (*mandate.MeasurementPoint, error) {
	if n := len(o.Points); n > 0 && o.Points[n-1].ID == r.PointID {
		return &o.Points[n-1], nil
	}
	code, err := mandate.ParseCode(r.PointCode)
	if err != nil {
		return nil, err
	}
	o.Points = append(o.Points, mandate.MeasurementPoint{
		ID: r.PointID, Code: code, Text: text(r.PointNl, r.PointFr, r.PointNlState, r.PointFrState),
	})
	return &o.Points[len(o.Points)-1], nil
}

func (b *sheetBuilder) target(r *db.SheetRowsRow) (mandate.Target, error) {
	code, err := mandate.ParseCode(r.TargetCode)
	if err != nil {
		return mandate.Target{}, err
	}
	d, err := b.deadline(r)
	if err != nil {
		return mandate.Target{}, fmt.Errorf("deadline of %s: %w", code, err)
	}
	t := mandate.Target{
		ID: r.TargetID, Code: code, Deadline: d, Since: began(r.TargetSince),
		Text: text(r.TargetNl, r.TargetFr, r.TargetNlState, r.TargetFrState),
	}
	if t.Since.After(t.Deadline.OwedFrom) {
		t.Deadline.OwedFrom = t.Since
	}
	return t, nil
}

func (b *sheetBuilder) deadline(r *db.SheetRowsRow) (mandate.Deadline, error) {
	d := mandate.Deadline{
		ID:          r.DeadlineID,
		Text:        text(r.PhraseNl, r.PhraseFr, r.PhraseNlState, r.PhraseFrState),
		OwedFrom:    r.OwedFrom,
		Due:         r.Due,
		ConfirmedBy: r.ConfirmedBy,
	}
	if r.ConfirmedBy != "" {
		d.ConfirmedAt = r.ConfirmedAt
	}
	if r.DueAtEnd {
		d.Due = b.sheet.Mandate.Holder.Until
	}
	return d, unpack(r.Reading, &d.Reading)
}

func latestEntry(r *db.SheetRowsRow) *progress.Entry {
	if r.EntryID == 0 {
		return nil
	}
	return &progress.Entry{
		ID: r.EntryID, TargetID: r.TargetID, Status: progress.Status(r.EntryStatus), AsOf: r.EntryAsOf, RecordedAt: r.EntryRecordedAt,
		AuthorID: r.EntryAuthorID, Author: r.EntryAuthor, OnBehalfOfID: r.EntryBehalfID, OnBehalfOf: r.EntryBehalf,
		Percentage: number(r.EntryPercentage), Value: number(r.EntryValue),
		Achieved: r.EntryAchieved, Obstacles: r.EntryObstacles, OutsideControl: r.EntryOutsideControl, NextSteps: r.EntryNextSteps,
		SupportAsked: r.EntrySupportAsked, SupportOf: r.EntrySupportOf, SupportBy: r.EntrySupportBy,
		Reason: r.EntryReason, Lang: bilingual.Lang(r.EntryLang), Supersedes: r.EntrySupersedes, CorrectionReason: r.EntryCorrectionReason,
	}
}

func earlierEntry(r *db.SheetRowsRow) *progress.Entry {
	if r.BeforeID == 0 {
		return nil
	}
	return &progress.Entry{
		ID: r.BeforeID, TargetID: r.TargetID, Status: progress.Status(r.BeforeStatus), AsOf: r.BeforeAsOf, RecordedAt: r.BeforeRecordedAt,
		AuthorID: r.BeforeAuthorID, Author: r.BeforeAuthor, OnBehalfOfID: r.BeforeBehalfID, OnBehalfOf: r.BeforeBehalf,
		Percentage: number(r.BeforePercentage), Value: number(r.BeforeValue),
		Achieved: r.BeforeAchieved, Obstacles: r.BeforeObstacles, OutsideControl: r.BeforeOutsideControl, NextSteps: r.BeforeNextSteps,
		SupportAsked: r.BeforeSupportAsked, SupportOf: r.BeforeSupportOf, SupportBy: r.BeforeSupportBy,
		Reason: r.BeforeReason, Lang: bilingual.Lang(r.BeforeLang), Supersedes: r.BeforeSupersedes, CorrectionReason: r.BeforeCorrectionReason,
	}
}

func historyEntries(raw []byte) ([]progress.Entry, error) {
	var rows []struct {
		ID               int64            `json:"id"`
		TargetID         int64            `json:"target_id"`
		AsOf             calendar.Date    `json:"as_of"`
		RecordedAt       time.Time        `json:"recorded_at"`
		AuthorID         int64            `json:"author_id"`
		Author           string           `json:"author"`
		OnBehalfOfID     int64            `json:"on_behalf_of"`
		OnBehalfOf       string           `json:"behalf"`
		Lang             bilingual.Lang   `json:"lang"`
		Status           progress.Status  `json:"status"`
		Percentage       *decimal.Decimal `json:"percentage"`
		Value            *decimal.Decimal `json:"value"`
		Achieved         string           `json:"achieved"`
		Obstacles        string           `json:"obstacles"`
		OutsideControl   bool             `json:"outside_control"`
		NextSteps        string           `json:"next_steps"`
		SupportAsked     string           `json:"support_asked"`
		SupportOf        string           `json:"support_of"`
		SupportBy        calendar.Date    `json:"support_by"`
		Reason           string           `json:"reason"`
		Supersedes       int64            `json:"supersedes"`
		CorrectionReason string           `json:"correction_reason"`
	}
	if err := unpack(raw, &rows); err != nil {
		return nil, err
	}
	entries := make([]progress.Entry, len(rows))
	for i, r := range rows {
		entries[i] = progress.Entry{
			ID: r.ID, TargetID: r.TargetID, Status: r.Status, AsOf: r.AsOf, RecordedAt: r.RecordedAt,
			AuthorID: r.AuthorID, Author: r.Author, OnBehalfOfID: r.OnBehalfOfID, OnBehalfOf: r.OnBehalfOf,
			Percentage: r.Percentage, Value: r.Value, Achieved: r.Achieved, Obstacles: r.Obstacles, OutsideControl: r.OutsideControl, NextSteps: r.NextSteps,
			SupportAsked: r.SupportAsked, SupportOf: r.SupportOf, SupportBy: r.SupportBy,
			Reason: r.Reason, Lang: r.Lang, Supersedes: r.Supersedes, CorrectionReason: r.CorrectionReason,
		}
	}
	return entries, nil
}

func text(nl, fr, nlState, frState string) bilingual.Text {
	return bilingual.Text{NL: nl, FR: fr, NLState: bilingual.State(nlState), FRState: bilingual.State(frState)}
}

func institution(id int64, code, nl, fr string) mandate.Institution {
	return mandate.Institution{ID: id, Code: code, Name: bilingual.Text{NL: nl, FR: fr, NLState: bilingual.Original, FRState: bilingual.Original}}
}

func number(n decimal.NullDecimal) *decimal.Decimal {
	if !n.Valid {
		return nil
	}
	return &n.Decimal
}

func unpack(raw []byte, into any) error {
	if raw == nil {
		return nil
	}
	return json.Unmarshal(raw, into)
}
