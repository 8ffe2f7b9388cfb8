package store

import (
	"context"
	"fmt"
	"time"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/progress"
	"jalon/internal/store/db"
)

// ChangesQuestion asks what changed between two days: what somebody who looked
// at the end of the second one saw that was not there at the end of the first.
type ChangesQuestion struct {
	Scope       access.Scope
	From, Until Moment // each with the instant at the end of its day
	State       string // Happenings reads nothing while this is the state of the scope; "" to read in any case
}

// Move is a target whose status is another one than before.
type Move struct {
	TargetID int64
	Mandate  string // code
	Code     mandate.Code
	Before   progress.Status
	Now      progress.Status
}

// Derived reports whether nobody said so: the day passed, or nothing came.
func (m Move) Derived() bool {
	return m.Now == progress.Late || m.Now == progress.NotReported || m.Now == progress.NotExpected
}

// Moves lists the targets of which the status changed, in the order of the
// letters; of one that was not there yet nothing was expected. One statement, however many targets.
func (s *Store) Moves(ctx context.Context, q ChangesQuestion) ([]Move, error) {
	var rows []db.MoveRowsRow
	err := s.planned(ctx, func(queries *db.Queries) (err error) {
		rows, err = queries.MoveRows(ctx, db.MoveRowsParams{
			FromDay: q.From.Day, FromKnown: knownBy(q.From.Known), UntilDay: q.Until.Day, UntilKnown: knownBy(q.Until.Known),
			Everything: q.Scope.All, Institutions: q.Scope.Institutions, Mandates: q.Scope.Mandates,
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what moved from %s to %s: %w", q.From.Day, q.Until.Day, err)
	}
	var moves []Move
	for _, r := range rows {
		then := progress.Stand(progress.Latest{Status: progress.Status(r.FromStatus), AsOf: r.FromAsOf},
			progress.Duty{OwedFrom: r.FromOwedFrom, Due: r.FromDue}, calendar.HalfYearOf(q.From.Day), q.From.Day)
		now := progress.Stand(progress.Latest{Status: progress.Status(r.UntilStatus), AsOf: r.UntilAsOf},
			progress.Duty{OwedFrom: r.UntilOwedFrom, Due: r.UntilDue}, calendar.HalfYearOf(q.Until.Day), q.Until.Day)
		if !r.FromThere {
			then.Status = progress.NotExpected
		}
		if !r.UntilThere {
			now.Status = progress.NotExpected
		}
		if then.Status == now.Status {
			continue
		}
		code, err := mandate.ParseCode(r.TargetCode)
		if err != nil {
			return nil, fmt.Errorf("read target %s of %s: %w", r.TargetCode, r.MandateCode, err)
		}
		moves = append(moves, Move{TargetID: r.TargetID, Mandate: r.MandateCode, Code: code, Before: then.Status, Now: now.Status})
	}
	return moves, nil
}

// HappeningKind is what was recorded about a mandate, apart from reports.
type HappeningKind string

// Kinds of happenings.
const (
	HappenedSupport   HappeningKind = "support"   // support asked that was not asked before
	HappenedQuestion  HappeningKind = "question"  // a body asked
	HappenedAnswer    HappeningKind = "answer"    // and was answered
	HappenedAmendment HappeningKind = "amendment" // of the letter
	HappenedErratum   HappeningKind = "erratum"   // to a sealed table
)

// Happening is one thing that was recorded about a mandate.
type Happening struct {
	Kind       HappeningKind
	Mandate    string // code
	Title      bilingual.Text
	At         time.Time
	By         string
	Target     mandate.Code  // place of an amendment, zero for one of several; zero for an erratum to a whole table
	ID         int64         // of the question, the entry or the amendment; number of the erratum
	Day        calendar.Date // support or answer is due, the amendment counts from, first day of the table's half-year
	Words      string        // asked, the reason of the amendment, the number of the table
	Lang       bilingual.Lang
	Answer     string // to a question; of whom support is asked
	AnswerLang bilingual.Lang
}

// Happenings lists them, the latest first, with the state of the scope
// (ScopeStanding), in one statement; nothing while that is the state of the question.
func (s *Store) Happenings(ctx context.Context, q ChangesQuestion) (all []Happening, state string, err error) {
	rows, err := s.queries.HappeningRows(ctx, db.HappeningRowsParams{
		After: knownBy(q.From.Known), Known: knownBy(q.Until.Known),
		Everything: q.Scope.All, Institutions: q.Scope.Institutions, Mandates: q.Scope.Mandates, KnownState: q.State,
	})
	if err != nil {
		return nil, "", fmt.Errorf("read what happened from %s to %s: %w", q.From.Day, q.Until.Day, err)
	}
	state = q.State
	for _, r := range rows {
		if state = r.State; r.Kind == "" {
			continue
		}
		h := Happening{
			Kind: HappeningKind(r.Kind), Mandate: r.MandateCode, Title: text(r.TitleNl, r.TitleFr, r.TitleNlState, r.TitleFrState), At: r.At, By: r.By,
			ID: r.ID, Day: r.Day, Words: r.Words, Lang: bilingual.Lang(r.Lang), Answer: r.Answer, AnswerLang: bilingual.Lang(r.AnswerLang),
		}
		if code, err := mandate.ParseCode(r.Code); err == nil {
			h.Target = code
		}
		all = append(all, h)
	}
	return all, state, nil
}

// TargetLine is what a list of targets of several mandates shows of each.
type TargetLine struct {
	Code        mandate.Code
	Text        bilingual.Text
	Mandate     string // code
	Title       bilingual.Text
	Institution bilingual.Text
	Holder      string          // "" when vacant
	Entry       *progress.Entry // the latest one, without its author; nil for none
}

// TargetLines gives them by number, at a moment, in one statement.
func (s *Store) TargetLines(ctx context.Context, ids []int64, m Moment) (map[int64]TargetLine, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := s.queries.TargetLines(ctx, db.TargetLinesParams{Ids: ids, AsOf: m.Day, Known: knownBy(m.Known)})
	if err != nil {
		return nil, fmt.Errorf("read %d targets as of %s: %w", len(ids), m.Day, err)
	}
	lines := make(map[int64]TargetLine, len(rows))
	for _, r := range rows {
		l := TargetLine{
			Mandate: r.MandateCode, Holder: r.HolderName, Text: text(r.Nl, r.Fr, r.NlState, r.FrState),
			Title:       text(r.TitleNl, r.TitleFr, r.TitleNlState, r.TitleFrState),
			Institution: text(r.InstitutionNl, r.InstitutionFr, string(bilingual.Original), string(bilingual.Original)),
		}
		if l.Code, err = mandate.ParseCode(r.Code); err != nil {
			return nil, fmt.Errorf("read target %s of %s: %w", r.Code, r.MandateCode, err)
		}
		if r.EntryLang != "" {
			l.Entry = &progress.Entry{
				TargetID: r.ID, AsOf: r.EntryAsOf, Lang: bilingual.Lang(r.EntryLang), Achieved: r.Achieved, Obstacles: r.Obstacles, Reason: r.Reason,
				SupportAsked: r.SupportAsked, SupportOf: r.SupportOf, SupportBy: r.SupportBy,
			}
		}
		lines[r.ID] = l
	}
	return lines, nil
}

// SheetsOf reads several mandates at a moment in one statement, in the order of
// the list, with the context and goals of the objective that passages names.
func (s *Store) SheetsOf(ctx context.Context, codes []string, m Moment, passages string) ([]progress.Sheet, error) {
	return sheets(ctx, s.queries, codes, SheetQuestion{AsOf: m.Day, Known: m.Known, Passages: passages}, make([]calendar.Date, len(codes)))
}
