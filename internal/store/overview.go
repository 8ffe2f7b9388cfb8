package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"jalon/internal/access"
	"jalon/internal/bilingual"
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
	Known  time.Time         // as far as recorded by this instant; zero for all that is known
	Acts   time.Time         // seals up to this instant; zero for all of them
	Live   bool              // the cells of the half-year answer for the mandates for which they hold on the day; else every target is looked up
	Before calendar.HalfYear // sealed half-year to compare with
	BodyOf string            // with Body: codes of a body and its institution; the lines tell what goes to it
	Body   string
	State  string // nothing is read while this is the state of the scope; "" to read in any case
	Heads  bool   // the lines without their cells
}

// ScopeStanding is where the mandates of a scope stand.
type ScopeStanding struct {
	Lines  []progress.OverviewLine // one per mandate, in the order of the list
	Bodies []OverviewBody          // that the overview can be limited to
	// State is another one after each write that pages over the scope can show: to
	// a mandate, and to names, languages, bodies and meetings. "" without mandates.
	State string
	Same  bool // nothing was read: the state is that of the question
}

// OverviewBody is a body that the overview can be limited to.
type OverviewBody struct {
	Institution string // code
	Code        string
	Name        bilingual.Text
}

// Overview gives one line per mandate, in the order of the list. One statement
// when the cells answer, else two.
func (s *Store) Overview(ctx context.Context, o OverviewQuestion) ([]progress.OverviewLine, error) {
	all, err := s.Standing(ctx, o)
	return all.Lines, err
}

// Standing is Overview with the bodies that it can be limited to, and the state
// of the scope. One statement when nothing changed.
func (s *Store) Standing(ctx context.Context, o OverviewQuestion) (all ScopeStanding, err error) {
	rows, err := s.queries.OverviewRows(ctx, db.OverviewRowsParams{
		AsOf: o.AsOf, Period: o.Period.Start(), Before: o.Before.Start(), Known: knownBy(o.Known), Acts: knownBy(o.Acts), BodyOf: o.BodyOf, Body: o.Body,
		Everything: o.Scope.All, Institutions: o.Scope.Institutions, Mandates: o.Scope.Mandates, KnownState: o.State,
	})
	if err != nil {
		return all, fmt.Errorf("read overview of %s: %w", o.Period, err)
	}
	if len(rows) == 0 {
		return ScopeStanding{Same: o.State != ""}, nil
	}
	lines := make([]progress.OverviewLine, len(rows))
	before := make([]map[string]progress.Status, len(rows))
	fromCells := o.Live && o.Known.IsZero()
	var open []int64 // mandates whose targets are looked up
	for i := range rows {
		r := &rows[i]
		lines[i] = progress.OverviewLine{
			ID: r.ID, Code: r.Code, Title: text(r.TitleNl, r.TitleFr, r.TitleNlState, r.TitleFrState),
			Holder: r.HolderName, HolderLang: bilingual.Lang(r.HolderLang), MetOn: r.MetOn, AllToBody: r.AllToBody, ToBody: r.ToBody,
			Institution: institution(0, r.InstitutionCode, r.InstitutionNl, r.InstitutionFr),
		}
		before[i] = statusesBefore(r, o)
		if o.Heads {
			continue
		}
		if !fromCells || !r.Filled {
			open = append(open, r.ID)
			continue
		}
		if lines[i].Cells, err = overviewCells(r, o, before[i]); err != nil {
			return all, fmt.Errorf("read overview of %s: %w", r.Code, err)
		}
	}
	all = ScopeStanding{Lines: lines, State: rows[0].State}
	if all.Bodies, err = overviewBodies(rows[0].Bodies); err != nil {
		return all, fmt.Errorf("read the bodies of the overview: %w", err)
	}
	if len(open) > 0 {
		if fromCells {
			o.Scope = access.Scope{Mandates: open}
		}
		err = s.overviewAsOf(ctx, o, lines, before)
	}
	return all, err
}

func overviewBodies(raw []byte) ([]OverviewBody, error) {
	var rows []struct {
		Of   string `json:"of"`
		Code string `json:"code"`
		NL   string `json:"nl"`
		FR   string `json:"fr"`
	}
	if err := unpack(raw, &rows); err != nil {
		return nil, err
	}
	all := make([]OverviewBody, len(rows))
	for i, r := range rows {
		all[i] = OverviewBody{Institution: r.Of, Code: r.Code, Name: text(r.NL, r.FR, string(bilingual.Original), string(bilingual.Original))}
	}
	return all, nil
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
		cells[i] = progress.OverviewCell{
			Objective: code, Status: status, Reported: reported, Owed: owed, Before: before[c],
			Tally: unpackTally(r.Tallies[i*tallyBytes:], r.Quiet[i]),
		}
	}
	for i, due := range r.Dues {
		cells[r.DueOf[i]].Dated(due, o.AsOf, true)
	}
	for i, due := range r.Others {
		if due == tenureEnd {
			due = r.HeldUntil
		}
		if !due.IsZero() {
			cells[r.OtherOf[i]].Dated(due, o.AsOf, false)
		}
	}
	return cells, nil
}

// overviewAsOf looks every target up as of the day: slower, and right for any day.
func (s *Store) overviewAsOf(ctx context.Context, o OverviewQuestion, lines []progress.OverviewLine, before []map[string]progress.Status) error {
	rows, err := s.overviewTargets(ctx, o)
	if err != nil {
		return err
	}
	for i := range lines {
		for len(rows) > 0 && rows[0].MandateCode == lines[i].Code {
			cell := progress.OverviewCell{Before: before[i][rows[0].ObjectiveCode]}
			if cell.Objective, err = mandate.ParseCode(rows[0].ObjectiveCode); err != nil {
				return fmt.Errorf("read overview of %s: %w", lines[i].Code, err)
			}
			rows = takeObjective(&cell, rows, o)
			lines[i].Cells = append(lines[i].Cells, cell)
		}
	}
	return nil
}

func (s *Store) overviewTargets(ctx context.Context, o OverviewQuestion) ([]*db.OverviewAsOfRowsRow, error) {
	var rows []db.OverviewAsOfRowsRow
	err := s.planned(ctx, func(q *db.Queries) (err error) {
		rows, err = q.OverviewAsOfRows(ctx, db.OverviewAsOfRowsParams{
			AsOf: o.AsOf, Known: knownBy(o.Known), Everything: o.Scope.All, Institutions: o.Scope.Institutions, Mandates: o.Scope.Mandates,
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read overview as of %s: %w", o.AsOf, err)
	}
	return inLetterOrder(rows), nil
}

// inLetterOrder sorts the rows as the letters stand in the list of mandates. Of
// a target with several deadlines it keeps the row with the one in force last.
func inLetterOrder(rows []db.OverviewAsOfRowsRow) []*db.OverviewAsOfRowsRow {
	sorted := make([]*db.OverviewAsOfRowsRow, len(rows))
	for i := range rows {
		sorted[i] = &rows[i]
	}
	slices.SortFunc(sorted, func(a, b *db.OverviewAsOfRowsRow) int {
		if a.MandatePlace == b.MandatePlace && a.Place == b.Place {
			return cmp.Or(cmp.Compare(a.TargetID, b.TargetID), b.ValidFrom.Compare(a.ValidFrom))
		}
		return cmp.Or(cmp.Compare(a.MandatePlace, b.MandatePlace), cmp.Compare(a.Place, b.Place))
	})
	return slices.CompactFunc(sorted, func(a, b *db.OverviewAsOfRowsRow) bool { return a.TargetID != 0 && a.TargetID == b.TargetID })
}

// takeObjective judges the targets of the first objective and gives the rows after it.
func takeObjective(cell *progress.OverviewCell, rows []*db.OverviewAsOfRowsRow, o OverviewQuestion) []*db.OverviewAsOfRowsRow {
	var standings []progress.Standing
	first := rows[0]
	for len(rows) > 0 && rows[0].MandateCode == first.MandateCode && rows[0].ObjectiveCode == first.ObjectiveCode {
		if r := rows[0]; r.TargetID != 0 {
			latest, duty := progress.Latest{Status: progress.Status(r.Status), AsOf: r.AsOf}, progress.Duty{OwedFrom: r.OwedFrom, Due: r.Due}
			standings = append(standings, progress.Stand(latest, duty, o.Period, o.AsOf))
			early := progress.Stand(latest, duty, o.Period, progress.Never)
			cell.Count(latest, duty, early, o.Period)
			if !early.LateFrom.IsZero() {
				cell.Dated(r.Due, o.AsOf, early.CanBeLate())
			}
		}
		rows = rows[1:]
	}
	roll := progress.Roll(standings)
	cell.Status, cell.Reported, cell.Owed = roll.Status, roll.Reported, roll.Owed
	return rows
}

// OverviewTarget is one target of the overview with how it stands.
type OverviewTarget struct {
	ID       int64
	Mandate  string // code
	Code     mandate.Code
	Standing progress.Standing
	Latest   progress.Latest
	Due      calendar.Date // zero: never late
	DueSoon  bool
}

// OverviewTargets gives every target of the scope in the order of the letters, in one statement.
func (s *Store) OverviewTargets(ctx context.Context, o OverviewQuestion) ([]OverviewTarget, error) {
	rows, err := s.overviewTargets(ctx, o)
	if err != nil {
		return nil, err
	}
	all := make([]OverviewTarget, 0, len(rows))
	for _, r := range rows {
		if r.TargetID == 0 {
			continue
		}
		t := OverviewTarget{ID: r.TargetID, Mandate: r.MandateCode, Latest: progress.Latest{Status: progress.Status(r.Status), AsOf: r.AsOf}, Due: r.Due}
		if t.Code, err = mandate.ParseCode(r.TargetCode); err != nil {
			return nil, fmt.Errorf("read target %s of %s: %w", r.TargetCode, r.MandateCode, err)
		}
		duty := progress.Duty{OwedFrom: r.OwedFrom, Due: r.Due}
		t.Standing = progress.Stand(t.Latest, duty, o.Period, o.AsOf)
		var c progress.OverviewCell
		if !t.Standing.LateFrom.IsZero() {
			c.Dated(r.Due, o.AsOf, false)
		}
		t.DueSoon = c.DueSoon > 0
		all = append(all, t)
	}
	return all, nil
}
