package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/store/db"
)

// ErrSubmitted refuses an entry in a part that is submitted, or that lies before its body.
var ErrSubmitted = errors.New("the part of the half-year is submitted")

// ErrTooEarly refuses a part before the first day of a round that is only open.
var ErrTooEarly = errors.New("the round takes no parts yet")

// Round is one half-year of one body.
type Round struct {
	ID          int64
	Institution mandate.Institution
	BodyID      int64
	Body        monitoring.Body
	Scope       string // of the body: ScopeAll or ScopeAddressed
	Period      calendar.HalfYear
	State       monitoring.RoundState
	monitoring.RoundDates
	Story               RoundStory // not in a list
	Mandates, Submitted int        // parts asked for, and in; only in a list
	asked               []string   // codes of the mandates, of a round as it was
}

// Code names the body of the round in an address, such as ACTIRIS-DR.
func (r Round) Code() string { return BodyCode(r.Institution.Code, r.Body.Code) }

// Object is what rights on the round are asked for.
func (r Round) Object() access.Object {
	return access.Object{InstitutionID: r.Institution.ID, BodyID: r.BodyID}
}

// BodyCode names a body in an address: its institution and, after the last hyphen, its own code.
func BodyCode(institution, body string) string { return institution + "-" + body }

// RoundStep is one step of a round; From is "" for the first, which opens it.
type RoundStep struct {
	From, To monitoring.RoundState
	At       time.Time
	By       string
	Reason   string
}

// RoundPart is the part of one mandate in a round.
type RoundPart struct {
	MandateID int64
	Code      string
	Title     bilingual.Text
	Holder    string
	Interim   bool
	Reported  int // of the targets owed in the half-year
	Owed      int
	LastAt    time.Time // of the last entry; zero for none
	monitoring.Part
	PartNote
	Number string        // of the sealed table; "" while it is not sealed
	People []RoundPerson // who reports on it, the holder first, with an open account; only when asked for
}

// PartNote says who submitted or returned a part last, and why.
type PartNote struct {
	At     time.Time
	By     string
	Reason string      // of a return, for the part as a whole
	Rows   []ReturnRow // of a return
}

// ReturnRow is why one row was returned.
type ReturnRow struct {
	Code   mandate.Code
	Reason string
}

// Rounds lists every round, the latest half-year first.
func (s *Store) Rounds(ctx context.Context) ([]Round, error) {
	rows, err := s.queries.RoundRows(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the rounds: %w", err)
	}
	all := make([]Round, len(rows))
	for i, r := range rows {
		all[i] = roundOf(db.RoundHeadRow{
			ID: r.ID, Period: r.Period, State: r.State, OpensOn: r.OpensOn, DueOn: r.DueOn, GraceUntil: r.GraceUntil, MeetsOn: r.MeetsOn,
			BodyID: r.BodyID, Scope: r.Scope, InstitutionID: r.InstitutionID, BodyCode: r.BodyCode, BodyNl: r.BodyNl, BodyFr: r.BodyFr,
			InstitutionCode: r.InstitutionCode, InstitutionNl: r.InstitutionNl, InstitutionFr: r.InstitutionFr,
		})
		all[i].Mandates, all[i].Submitted = int(r.Mandates), int(r.Submitted)
	}
	return all, nil
}

func roundOf(r db.RoundHeadRow) Round {
	return Round{
		ID: r.ID, Institution: institution(r.InstitutionID, r.InstitutionCode, r.InstitutionNl, r.InstitutionFr), BodyID: r.BodyID,
		Body:   monitoring.Body{Code: r.BodyCode, Name: text(r.BodyNl, r.BodyFr, string(bilingual.Original), string(bilingual.Original))},
		Scope:  r.Scope,
		Period: calendar.HalfYearOf(r.Period), State: monitoring.RoundState(r.State),
		RoundDates: monitoring.RoundDates{Opens: r.OpensOn, Due: r.DueOn, Grace: r.GraceUntil, Meets: r.MeetsOn},
	}
}

// Round finds the round of a body, such as ACTIRIS-DR, in a half-year, with what
// was done to it. ErrNotFound when there is none.
func (s *Store) Round(ctx context.Context, body string, period calendar.HalfYear) (Round, error) {
	at := max(strings.LastIndexByte(body, '-'), 0)
	r, err := s.queries.RoundHead(ctx, db.RoundHeadParams{Institution: body[:at], Body: strings.TrimPrefix(body[at:], "-"), Period: period.Start()})
	if err != nil {
		return Round{}, fmt.Errorf("find the round: %w", refusal(err))
	}
	round := roundOf(r)
	if round.Story, err = storyOf(r); err != nil {
		return Round{}, fmt.Errorf("read the story of %s: %w", round.object(), err)
	}
	return round, nil
}

// RoundStory is what was done to a round: its steps and its changes, each in
// their order, and the seal that ended it.
type RoundStory struct {
	Steps   []RoundStep
	Changes []RoundChange
	Seal    *monitoring.Seal // nil: not sealed
}

func storyOf(row db.RoundHeadRow) (story RoundStory, err error) {
	var steps []struct {
		From   monitoring.RoundState `json:"from"`
		To     monitoring.RoundState `json:"to"`
		At     time.Time             `json:"at"`
		By     string                `json:"by"`
		Reason string                `json:"reason"`
	}
	var changes []struct {
		At     time.Time `json:"at"`
		By     string    `json:"by"`
		Reason string    `json:"reason"`
		Was    wirePlan  `json:"was"`
		Became wirePlan  `json:"became"`
	}
	var seal *sealRow
	if err := errors.Join(unpack(row.Steps, &steps), unpack(row.Changes, &changes), unpack(row.Seal, &seal)); err != nil {
		return story, err
	}
	for _, s := range steps {
		story.Steps = append(story.Steps, RoundStep(s))
	}
	for _, c := range changes {
		story.Changes = append(story.Changes, RoundChange{c.At, c.By, c.Reason, c.Was.plan(), c.Became.plan()})
	}
	if seal != nil {
		one := seal.seal()
		story.Seal = &one
	}
	return story, nil
}

// RoundParts gives the part of every mandate of a round as it stands on the day
// of a moment: how much was reported comes from the cells, in one statement for
// all. Of a round as it was (RoundAt) every target is looked up, and what was
// recorded after the moment does not count. peopleOn is the day of whose people
// the parts tell; zero for none.
func (s *Store) RoundParts(ctx context.Context, r Round, m Moment, peopleOn calendar.Date) ([]RoundPart, error) {
	asOf := progress.DayOf(r.Period, m.Day)
	parts, complete, err := roundPartsAt(ctx, s.queries, r, asOf, m, peopleOn)
	switch {
	case err != nil:
		return nil, err
	case r.Scope == ScopeAddressed:
		return s.countAddressed(ctx, r, parts, m)
	case complete:
		return parts, nil
	}
	// a half-year whose cells nobody has filled yet, or of a past day
	targets, err := s.OverviewTargets(ctx, OverviewQuestion{Scope: access.Scope{Mandates: mandatesOf(parts)}, Period: r.Period, AsOf: asOf, Known: m.Acts})
	if err != nil {
		return nil, err
	}
	standings := map[string][]progress.Standing{}
	for _, t := range targets {
		standings[t.Mandate] = append(standings[t.Mandate], t.Standing)
	}
	for i := range parts {
		roll := progress.Roll(standings[parts[i].Code])
		parts[i].Reported, parts[i].Owed = roll.Reported, roll.Owed
	}
	return parts, nil
}

// RoundPart gives the part of one mandate of a round as it stands, without how
// much was reported. ErrNotFound when the round does not ask it.
func (s *Store) RoundPart(ctx context.Context, r Round, mandateID int64, today calendar.Date) (RoundPart, error) {
	parts, _, err := roundParts(ctx, s.queries, r, progress.DayOf(r.Period, today), calendar.Date{})
	if err != nil {
		return RoundPart{}, err
	}
	at := slices.IndexFunc(parts, func(p RoundPart) bool { return p.MandateID == mandateID })
	if at < 0 {
		return RoundPart{}, fmt.Errorf("find mandate %d in %s: %w", mandateID, r.object(), ErrNotFound)
	}
	return parts[at], nil
}

// countAddressed counts what goes to the body: in a table that was sealed by
// the moment, else in what would be sealed then.
func (s *Store) countAddressed(ctx context.Context, r Round, parts []RoundPart, m Moment) ([]RoundPart, error) {
	m.Known = m.Acts
	board, err := s.Board(ctx, r.Institution.Code, r.Body.Code, r.Period, m)
	if err != nil {
		return nil, err
	}
	live, err := s.BoardTables(ctx, board, board.Mandates, r.Period, Moment{Day: progress.DayOf(r.Period, m.Day), Known: m.Known, Acts: m.Acts})
	if err != nil {
		return nil, err
	}
	sealed, err := s.BodySealed(ctx, r.BodyID, r.Period)
	if err != nil {
		return nil, err
	}
	for _, one := range sealed {
		if one.Seal.SealedAt.After(m.acts()) {
			continue
		}
		t, err := monitoring.Parse(one.Document)
		if err != nil {
			return nil, fmt.Errorf("read the sealed table %s: %w", one.Seal.Number, err)
		}
		live = append(live, t) // after the live one, and so in its place
	}
	for i := range parts {
		parts[i].Reported, parts[i].Owed = 0, 0
		for _, t := range live {
			if t.Mandate.Code == parts[i].Code {
				_, parts[i].Reported, parts[i].Owed = t.Counts()
			}
		}
	}
	return parts, nil
}

func mandatesOf(parts []RoundPart) []int64 {
	ids := make([]int64, len(parts))
	for i, p := range parts {
		ids[i] = p.MandateID
	}
	return ids
}

// roundParts gives the parts of a round as they stand; it is complete when
// every mandate has its cells.
func roundParts(ctx context.Context, q *db.Queries, r Round, asOf, peopleOn calendar.Date) (parts []RoundPart, complete bool, err error) {
	rows, err := q.RoundPartRows(ctx, db.RoundPartRowsParams{RoundID: r.ID, AsOf: asOf, PeopleOn: peopleOn})
	if err != nil {
		return nil, false, fmt.Errorf("read the parts of round %d: %w", r.ID, err)
	}
	return partsOf(rows, asOf)
}

func partsOf(rows []db.RoundPartRowsRow, asOf calendar.Date) (parts []RoundPart, complete bool, err error) {
	parts, complete = make([]RoundPart, len(rows)), true
	for i, row := range rows {
		p := RoundPart{
			MandateID: row.ID, Code: row.Code, Title: text(row.TitleNl, row.TitleFr, row.TitleNlState, row.TitleFrState),
			Holder: row.HolderName, Interim: row.Interim, LastAt: sinceEpoch(row.LastAt), Number: row.Number,
			Part:     monitoring.Part{Last: monitoring.PartStep(row.Step), Reopened: row.Reopened},
			PartNote: PartNote{At: sinceEpoch(row.StepAt), By: row.StepBy, Reason: row.Reason},
		}
		for _, c := range row.Cells {
			_, reported, owed := progress.Cell(c).Unpack(calendar.Date{}, asOf)
			p.Reported, p.Owed = p.Reported+reported, p.Owed+owed
		}
		if p.People, err = roundPeople(row.People); err != nil {
			return nil, false, fmt.Errorf("read who reports on %s: %w", row.Code, err)
		}
		if p.Rows, err = returnRows(row.Returned); err != nil {
			return nil, false, fmt.Errorf("read why %s was returned: %w", row.Code, err)
		}
		complete = complete && row.Filled
		parts[i] = p
	}
	return parts, complete, nil
}

func returnRows(raw []byte) (all []ReturnRow, err error) {
	var rows []struct {
		Code   string `json:"code"`
		Reason string `json:"reason"`
	}
	if err := unpack(raw, &rows); err != nil {
		return nil, err
	}
	for _, r := range rows {
		code, err := mandate.ParseCode(r.Code)
		if err != nil {
			return nil, err
		}
		all = append(all, ReturnRow{code, r.Reason})
	}
	return all, nil
}

// sinceEpoch reads a moment that the database gives as 1970 when there is none.
func sinceEpoch(t time.Time) time.Time {
	if t.Unix() == 0 {
		return time.Time{}
	}
	return t
}

// BodyMandate is a mandate that a round of a body can ask for.
type BodyMandate struct {
	Code   string
	Title  bilingual.Text
	Holder string // "" when nobody holds it
	Asked  bool   // by the round
	Begun  bool   // its part was submitted or returned: it stays in the round
}

// BodyMandates lists the mandates of the institution of a body that somebody
// holds on a day and of which something goes to it, and those that a round of the
// body asks; the number of a round to come is 0.
func (s *Store) BodyMandates(ctx context.Context, bodyID, roundID int64, on calendar.Date) ([]BodyMandate, error) {
	rows, err := s.queries.RoundCandidates(ctx, db.RoundCandidatesParams{BodyID: bodyID, RoundID: roundID, AsOf: on})
	if err != nil {
		return nil, fmt.Errorf("list the mandates of body %d: %w", bodyID, err)
	}
	all := make([]BodyMandate, len(rows))
	for i, r := range rows {
		all[i] = BodyMandate{r.Code, text(r.TitleNl, r.TitleFr, r.TitleNlState, r.TitleFrState), r.HolderName, r.Asked, r.Begun}
	}
	return all, nil
}

// OpenRound opens a half-year of a body for some mandates of its institution.
// ErrExists when it is open already, ErrNotFound when one is no mandate of it.
func (s *Store) OpenRound(ctx context.Context, sub Submission, r Round, mandates []string, at time.Time, location string) (string, error) {
	location, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		id, err := q.InsertRound(ctx, db.InsertRoundParams{
			BodyID: r.BodyID, Period: r.Period.Start(), OpensOn: r.Opens, DueOn: r.Due, GraceUntil: r.Grace, MeetsOn: r.Meets,
			OpenedAt: at, OpenedBy: sub.PersonID,
		})
		if err != nil {
			return "", fmt.Errorf("open %s %s: %w", r.Code(), r.Period, err)
		}
		n, err := q.InsertRoundMandates(ctx, db.InsertRoundMandatesParams{RoundID: id, BodyID: r.BodyID, Codes: mandates})
		if err != nil {
			return "", fmt.Errorf("ask the mandates: %w", err)
		}
		if int(n) != len(mandates) {
			return "", fmt.Errorf("%d of %d mandates are of the institution: %w", n, len(mandates), ErrNotFound)
		}
		r.ID = id
		if err := takeStep(ctx, q, r, "", monitoring.RoundOpen, sub.PersonID, at, ""); err != nil {
			return "", err
		}
		event := sub.Event(r.object())
		event.Detail = map[string]any{"mandates": len(mandates), "due": r.Due.String()}
		return location, audit(ctx, q, event)
	})
	return location, err
}

// object names the round in the audit trail.
func (r Round) object() string { return "round/" + r.Code() + "/" + r.Period.String() }

func takeStep(ctx context.Context, q *db.Queries, r Round, from, to monitoring.RoundState, by int64, at time.Time, reason string) error {
	err := q.InsertRoundStep(ctx, db.InsertRoundStepParams{RoundID: r.ID, FromState: string(from), ToState: string(to), At: at, By: by, Reason: reason})
	if err != nil {
		return fmt.Errorf("note the step of %s: %w", r.object(), err)
	}
	return nil
}

// StepRound takes a round from the state that the asker saw to another one.
// ErrConflict when somebody took a step meanwhile; the refusals of
// monitoring.StepRound; a seal is SealRound's.
func (s *Store) StepRound(ctx context.Context, sub Submission, r Round, to monitoring.RoundState, at time.Time, reason, location string) (string, error) {
	location, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if err := stepFrom(ctx, q, r, to, sub.PersonID, at, reason); err != nil {
			return "", err
		}
		event := sub.Event(r.object())
		event.Before, event.After = map[string]any{"state": r.State}, map[string]any{"state": to}
		return location, audit(ctx, q, event)
	})
	return location, err
}

// stepFrom locks the round, then its mandates: an entry that is being recorded
// is stored before the step, or refused after it.
func stepFrom(ctx context.Context, q *db.Queries, r Round, to monitoring.RoundState, by int64, at time.Time, reason string) error {
	state, err := q.LockRound(ctx, r.ID)
	if err != nil {
		return fmt.Errorf("lock %s: %w", r.object(), refusal(err))
	}
	if monitoring.RoundState(state) != r.State {
		return ErrConflict
	}
	if err := monitoring.StepRound(r.State, to, reason != ""); err != nil {
		return err
	}
	if err := q.LockRoundMandates(ctx, r.ID); err != nil {
		return fmt.Errorf("lock the mandates of %s: %w", r.object(), refusal(err))
	}
	if err := q.SetRoundState(ctx, db.SetRoundStateParams{ID: r.ID, State: string(to)}); err != nil {
		return fmt.Errorf("step %s: %w", r.object(), err)
	}
	return takeStep(ctx, q, r, r.State, to, by, at, reason)
}
