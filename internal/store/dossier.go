package store

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/evaluation"
	"jalon/internal/evidence"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/store/db"
)

// EvaluationRecord gives everything that was recorded in the days that an
// evaluation is about, up to today, in eight statements, however many targets.
// The rows are read in the name of the context: who asks must have the right to
// the evaluation, and an evaluator reads its record in the name of the system.
func (s *Store) EvaluationRecord(ctx context.Context, e Evaluation, today calendar.Date) (evaluation.TenureRecord, error) {
	m, err := s.dossierMaterial(ctx, e, today)
	if err != nil {
		return evaluation.TenureRecord{}, fmt.Errorf("record of evaluation %d: %w", e.ID, err)
	}
	return evaluation.NewTenureRecord(m), nil
}

func (s *Store) dossierMaterial(ctx context.Context, e Evaluation, today calendar.Date) (m evaluation.Material, err error) {
	asOf := e.Until
	if today.Before(asOf) {
		asOf = today
	}
	if asOf.Before(e.From) {
		asOf = e.From // it has not begun: nothing is there yet
	}
	m = evaluation.Material{Holder: e.Mandate.Holder, From: e.From, Until: e.Until, FixedOn: e.From}
	if m.Sheet, _, err = s.Sheet(ctx, SheetQuestion{Code: e.Mandate.Code, AsOf: asOf, Indicators: true}); err != nil {
		return m, err
	}
	m.Sheet.Mandate.Holder = m.Holder
	fixed, _, err := s.Sheet(ctx, SheetQuestion{Code: e.Mandate.Code, AsOf: e.From})
	if err != nil {
		return m, err
	}
	m.Fixed = fixed.Mandate
	row, err := s.queries.DossierRows(ctx, db.DossierRowsParams{MandateID: e.Mandate.ID, AsOf: asOf, FixedOn: e.From})
	if err != nil {
		return m, refusal(err)
	}
	if err = readDossier(&m, row); err != nil {
		return m, err
	}
	if m.Amendments, err = s.Amendments(ctx, e.Mandate.ID, time.Time{}); err != nil {
		return m, err
	}
	sheets, err := s.IndicatorsOf(ctx, []mandate.Mandate{m.Sheet.Mandate}, m.Sheet.Indicators, Moment{Day: asOf})
	if err != nil {
		return m, err
	}
	m.Indicators = sheets[0].All
	if m.Owed, err = s.owedIn(ctx, m); err != nil {
		return m, err
	}
	m.Tables, err = s.quotedTables(ctx, e.Mandate.ID, e.From, asOf)
	return m, err
}

// owedIn tells what each target owed in each half-year, by the deadlines in force at its end.
func (s *Store) owedIn(ctx context.Context, m evaluation.Material) (map[calendar.HalfYear]map[int64]progress.Duty, error) {
	var periods []calendar.Date
	for h := calendar.HalfYearOf(m.From); !h.Start().After(m.Sheet.AsOf); h = h.Next() {
		periods = append(periods, h.Start())
	}
	var rows []db.StandingRowsRow
	var err error
	s.queries.StandingRows(ctx, []db.StandingRowsParams{{MandateID: m.Sheet.Mandate.ID, Periods: periods}}).Query(func(_ int, read []db.StandingRowsRow, failed error) {
		rows, err = read, failed
	})
	if err != nil {
		return nil, err
	}
	owed := map[calendar.HalfYear]map[int64]progress.Duty{}
	put := func(h calendar.HalfYear, target int64, d progress.Duty) {
		if owed[h] == nil {
			owed[h] = map[int64]progress.Duty{}
		}
		owed[h][target] = d
	}
	for _, r := range rows {
		put(calendar.HalfYearOf(r.Period), r.TargetID, progress.Duty{OwedFrom: r.OwedFrom, Due: r.Due})
	}
	for _, t := range m.Sheet.Mandate.Targets() {
		for _, p := range periods {
			if h := calendar.HalfYearOf(p); t.Since.After(h.End()) {
				put(h, t.ID, progress.Duty{OwedFrom: t.Since}) // it was not there yet
			}
		}
		// the last one may not be over: its holder is who is evaluated
		put(calendar.HalfYearOf(m.Sheet.AsOf), t.ID, progress.Duty{OwedFrom: t.Deadline.OwedFrom, Due: t.Deadline.Due})
	}
	return owed, nil
}

// readDossier unpacks what DossierRows packed.
func readDossier(m *evaluation.Material, row db.DossierRowsRow) (err error) {
	if m.Entries, err = historyEntries(row.Entries); err != nil {
		return fmt.Errorf("entries: %w", err)
	}
	var earlier []earlierRow
	if err := unpack(row.Earlier, &earlier); err != nil {
		return fmt.Errorf("earlier deadlines: %w", err)
	}
	m.Sheet.Record.Earlier = earlierOf(earlier)
	if err := readPassages(&m.Fixed, row.Passages); err != nil {
		return fmt.Errorf("passages: %w", err)
	}
	var decisions []struct {
		decisionRow
		BodyNL string `json:"body_nl"`
		BodyFR string `json:"body_fr"`
	}
	if err := unpack(row.Decisions, &decisions); err != nil {
		return fmt.Errorf("decisions: %w", err)
	}
	for _, d := range decisions {
		m.Decisions = append(m.Decisions, evaluation.BodyDecision{
			Decision: d.decision(), Body: text(d.BodyNL, d.BodyFR, string(bilingual.Original), string(bilingual.Original)),
		})
	}
	m.Proofs, err = readProofs(row.Files, row.Links)
	return err
}

func readProofs(files, links []byte) (map[int64][]evaluation.Exhibit, error) {
	var rows []struct {
		fileRow
		Target int64 `json:"target"`
		Entry  int64 `json:"entry"`
		Answer int64 `json:"answer"`
	}
	if err := unpack(files, &rows); err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	all := map[int64][]evaluation.Exhibit{}
	for _, r := range rows {
		f := filesOf([]fileRow{r.fileRow})[0]
		all[r.Target] = append(all[r.Target], evaluation.Exhibit{File: &f, EntryID: r.Entry, AnswerID: r.Answer})
	}
	var addresses []struct {
		Target int64     `json:"target"`
		Entry  int64     `json:"entry"`
		ID     int64     `json:"id"`
		URL    string    `json:"url"`
		Title  string    `json:"title"`
		ByID   int64     `json:"by_id"`
		By     string    `json:"by"`
		At     time.Time `json:"at"`
	}
	if err := unpack(links, &addresses); err != nil {
		return nil, fmt.Errorf("links: %w", err)
	}
	for _, r := range addresses {
		l := evidence.Link{ID: r.ID, URL: r.URL, Title: r.Title, AddedBy: r.By, AddedAt: r.At}
		all[r.Target] = append(all[r.Target], evaluation.Exhibit{Link: &l, EntryID: r.Entry})
	}
	return all, nil
}

// readPassages gives the objectives their context and goals.
func readPassages(m *mandate.Mandate, raw []byte) error {
	var rows []words
	if err := unpack(raw, &rows); err != nil {
		return err
	}
	for _, r := range rows {
		for i := range m.Objectives {
			o := &m.Objectives[i]
			switch {
			case o.Code.String() != r.Code:
			case r.Kind == "context":
				o.Context = append(o.Context, r.text())
			default:
				o.Goals = append(o.Goals, r.text())
			}
		}
	}
	return nil
}

// quotedTables gives the sealed tables of the half-years that have days between two, with their errata.
func (s *Store) quotedTables(ctx context.Context, mandateID int64, from, until calendar.Date) ([]evaluation.QuotedTable, error) {
	rows, err := s.queries.DossierTables(ctx, db.DossierTablesParams{MandateID: mandateID, Since: calendar.HalfYearOf(from).Start(), Until: until})
	if err != nil {
		return nil, fmt.Errorf("sealed tables: %w", err)
	}
	errata, err := s.queries.DossierErrata(ctx, mandateID)
	if err != nil {
		return nil, fmt.Errorf("errata: %w", err)
	}
	var all []evaluation.QuotedTable
	for _, r := range rows {
		t := evaluation.QuotedTable{Period: calendar.HalfYearOf(r.Period), Document: r.Document, Seal: monitoring.Seal{
			Sealing: monitoring.Sealing{Number: r.Number, Version: 1, SealedAt: r.SealedAt, SealedBy: r.SealedBy},
			SHA256:  hex.EncodeToString(r.Sha256), Signature: r.Signature, KeyID: r.KeyID, PublicKey: r.PublicKey,
		}}
		for _, e := range errata {
			if e.Period != r.Period {
				continue
			}
			one, err := monitoring.ParseErratum(e.Document, e.Signature, e.KeyID, e.PublicKey)
			if err != nil {
				return nil, fmt.Errorf("errata: %w", err)
			}
			t.Errata = append(t.Errata, one)
		}
		all = append(all, t)
	}
	return all, nil
}
