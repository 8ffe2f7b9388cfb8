package store

import (
	"context"
	"fmt"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/progress"
	"jalon/internal/store/db"
)

// OverviewQuestion asks where the mandates of a scope stand.
type OverviewQuestion struct {
	Scope  access.Scope
	Period calendar.HalfYear
	AsOf   calendar.Date     // the day within the half-year that is judged
	Live   bool              // the half-year's cells answer; else every target is looked up as of the day
	Before calendar.HalfYear // sealed half-year to compare with
}

// Overview gives one line per mandate, in the order of the list.
func (s *Store) Overview(ctx context.Context, o OverviewQuestion) ([]progress.OverviewLine, error) {
	rows, err := s.queries.OverviewRows(ctx, db.OverviewRowsParams{
		AsOf: o.AsOf, Period: o.Period.Start(), Before: o.Before.Start(),
		Everything: o.Scope.All, Institutions: o.Scope.Institutions, Mandates: o.Scope.Mandates,
	})
	if err != nil {
		return nil, fmt.Errorf("read overview of %s: %w", o.Period, err)
	}
	lines := make([]progress.OverviewLine, len(rows))
	before := make([]map[string]progress.Status, len(rows))
	complete := true
	for i := range rows {
		r := &rows[i]
		line := progress.OverviewLine{
			Code: r.Code, Title: text(r.TitleNl, r.TitleFr, r.TitleNlState, r.TitleFrState), Holder: r.HolderName,
			Institution: institution(0, r.InstitutionCode, r.InstitutionNl, r.InstitutionFr),
		}
		before[i] = statusesBefore(r, o)
		if line.Cells, err = overviewCells(r, o, before[i]); err != nil {
			return nil, fmt.Errorf("read overview of %s: %w", r.Code, err)
		}
		complete = complete && r.Filled
		lines[i] = line
	}
	if o.Live && complete {
		return lines, nil
	}
	return lines, s.overviewAsOf(ctx, o, lines, before)
}

// statusesBefore gives the status of each objective in the half-year compared with.
func statusesBefore(r *db.OverviewRowsRow, o OverviewQuestion) map[string]progress.Status {
	before := make(map[string]progress.Status, len(r.BeforeCodes))
	for i, code := range r.BeforeCodes {
		before[code], _, _ = progress.Cell(r.BeforeCells[i]).Unpack(r.BeforeLateFrom[i], o.Before.End())
	}
	return before
}

func overviewCells(r *db.OverviewRowsRow, o OverviewQuestion, before map[string]progress.Status) ([]progress.OverviewCell, error) {
	cells := make([]progress.OverviewCell, len(r.Codes))
	for i, c := range r.Codes {
		code, err := mandate.ParseCode(c)
		if err != nil {
			return nil, err
		}
		status, reported, owed := progress.Cell(r.Cells[i]).Unpack(r.LateFrom[i], o.AsOf)
		cells[i] = progress.OverviewCell{Objective: code, Status: status, Reported: reported, Owed: owed, Before: before[c]}
	}
	return cells, nil
}

// overviewAsOf looks every target up as of the day: slower, and right for any day.
func (s *Store) overviewAsOf(ctx context.Context, o OverviewQuestion, lines []progress.OverviewLine, before []map[string]progress.Status) error {
	rows, err := s.queries.OverviewAsOfRows(ctx, db.OverviewAsOfRowsParams{
		AsOf: o.AsOf, Everything: o.Scope.All, Institutions: o.Scope.Institutions, Mandates: o.Scope.Mandates,
	})
	if err != nil {
		return fmt.Errorf("read overview as of %s: %w", o.AsOf, err)
	}
	for i := range lines {
		lines[i].Cells = nil
		if len(rows) == 0 || rows[0].MandateCode != lines[i].Code {
			continue // a mandate without objectives yet
		}
		for len(rows) > 0 && rows[0].MandateCode == lines[i].Code {
			objective := rows[0].ObjectiveCode
			code, err := mandate.ParseCode(objective)
			if err != nil {
				return fmt.Errorf("read overview of %s: %w", lines[i].Code, err)
			}
			var standings []progress.Standing
			standings, rows = takeObjective(rows, o)
			roll := progress.Roll(standings)
			lines[i].Cells = append(lines[i].Cells, progress.OverviewCell{
				Objective: code, Status: roll.Status, Reported: roll.Reported, Owed: roll.Owed, Before: before[i][objective],
			})
		}
	}
	return nil
}

// takeObjective judges the targets of the first objective and gives the rows after it.
func takeObjective(rows []db.OverviewAsOfRowsRow, o OverviewQuestion) ([]progress.Standing, []db.OverviewAsOfRowsRow) {
	var standings []progress.Standing
	first := rows[0]
	for len(rows) > 0 && rows[0].MandateCode == first.MandateCode && rows[0].ObjectiveCode == first.ObjectiveCode {
		if r := rows[0]; r.TargetID != 0 {
			standings = append(standings, progress.Stand(
				progress.Latest{Status: progress.Status(r.Status), AsOf: r.AsOf},
				progress.Duty{OwedFrom: r.OwedFrom, Due: r.Due}, o.Period, o.AsOf))
		}
		rows = rows[1:]
	}
	return standings, rows
}
