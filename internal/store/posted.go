package store

import (
	"context"
	"fmt"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/progress"
	"jalon/internal/store/db"
)

// TargetCodes gives a mandate for the access rules, and the codes of its
// targets. ErrNotFound when there is none.
func (s *Store) TargetCodes(ctx context.Context, code string) (access.Object, []string, error) {
	r, err := s.queries.TargetCodes(unguarded(ctx), code)
	if err != nil {
		return access.Object{}, nil, fmt.Errorf("find the targets of %q: %w", code, refusal(err))
	}
	return access.Object{MandateID: r.ID, InstitutionID: r.InstitutionID}, r.Targets, nil
}

// PostedQuestion asks for what a form about a half-year is set against.
type PostedQuestion struct {
	Code    string // of the mandate
	Period  calendar.HalfYear
	AsOf    calendar.Date // in the half-year
	Targets []string      // codes of those that the form names
}

// PostedSheet is the sheet of the targets that a form names, compared with the
// day before the half-year: one statement that does not grow with the mandate.
// It has no words, and the record of their duties is read only where one was
// reported on an earlier day of the half-year. ErrNotFound when there is no such mandate.
func (s *Store) PostedSheet(ctx context.Context, q PostedQuestion) (progress.Sheet, error) {
	rows, err := s.queries.PostedRows(ctx, db.PostedRowsParams{Code: q.Code, Period: q.Period.Start(), AsOf: q.AsOf, Targets: q.Targets})
	if err == nil && len(rows) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return progress.Sheet{}, fmt.Errorf("read %d targets of %s as of %s: %w", len(q.Targets), q.Code, q.AsOf, err)
	}
	b := newSheetBuilder(q.AsOf, q.Period.Start().AddDays(-1), len(rows))
	for _, r := range rows {
		if err := b.add(sheetRow(r)); err != nil {
			return progress.Sheet{}, fmt.Errorf("read %d targets of %s: %w", len(q.Targets), q.Code, err)
		}
	}
	return b.sheet, nil
}

// sheetRow is a row without words as one of a whole sheet.
func sheetRow(r db.PostedRowsRow) *db.SheetRowsRow {
	return &db.SheetRowsRow{
		MandateID: r.MandateID, MandateCode: r.MandateCode, Version: r.Version, InstitutionID: r.InstitutionID,
		HolderID: r.HolderID, HeldFrom: r.HeldFrom, HeldUntil: r.HeldUntil,
		ObjectiveID: r.ObjectiveID, ObjectiveCode: r.ObjectiveCode, PointID: r.PointID, PointCode: r.PointCode, TargetID: r.TargetID, TargetCode: r.TargetCode, TargetSince: r.TargetSince,
		Reading: r.Reading, OwedFrom: r.OwedFrom, Due: r.Due, DueAtEnd: r.DueAtEnd,
		EntryID: r.EntryID, EntryAsOf: r.EntryAsOf, EntryRecordedAt: r.EntryRecordedAt,
		EntryAuthorID: r.EntryAuthorID, EntryAuthor: r.EntryAuthor, EntryBehalfID: r.EntryBehalfID, EntryBehalf: r.EntryBehalf,
		EntryLang: r.EntryLang, EntryStatus: r.EntryStatus, EntryPercentage: r.EntryPercentage, EntryValue: r.EntryValue,
		EntryAchieved: r.EntryAchieved, EntryObstacles: r.EntryObstacles, EntryOutsideControl: r.EntryOutsideControl, EntryNextSteps: r.EntryNextSteps,
		EntrySupportAsked: r.EntrySupportAsked, EntrySupportOf: r.EntrySupportOf, EntrySupportBy: r.EntrySupportBy,
		EntryReason: r.EntryReason, EntrySupersedes: r.EntrySupersedes, EntryCorrectionReason: r.EntryCorrectionReason,
		BeforeID: r.BeforeID, BeforeAsOf: r.BeforeAsOf, BeforeRecordedAt: r.BeforeRecordedAt,
		BeforeAuthorID: r.BeforeAuthorID, BeforeAuthor: r.BeforeAuthor, BeforeBehalfID: r.BeforeBehalfID, BeforeBehalf: r.BeforeBehalf,
		BeforeLang: r.BeforeLang, BeforeStatus: r.BeforeStatus, BeforePercentage: r.BeforePercentage, BeforeValue: r.BeforeValue,
		BeforeAchieved: r.BeforeAchieved, BeforeObstacles: r.BeforeObstacles, BeforeOutsideControl: r.BeforeOutsideControl, BeforeNextSteps: r.BeforeNextSteps,
		BeforeSupportAsked: r.BeforeSupportAsked, BeforeSupportOf: r.BeforeSupportOf, BeforeSupportBy: r.BeforeSupportBy,
		BeforeReason: r.BeforeReason, BeforeSupersedes: r.BeforeSupersedes, BeforeCorrectionReason: r.BeforeCorrectionReason,
		Record: r.Record,
	}
}
