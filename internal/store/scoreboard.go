package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/indicator"
	"jalon/internal/mandate"
	"jalon/internal/scoreboard"
	"jalon/internal/store/db"
)

// Scoreboards gives the boards of a body as they were at a moment, without their
// rows, or the one with a code. Of what is on them it gives what the reader sees.
func (s *Store) Scoreboards(ctx context.Context, bodyID int64, code string, m Moment) ([]scoreboard.Board, error) {
	rows, err := s.queries.Scoreboards(ctx, db.ScoreboardsParams{AsOf: m.Day, Known: knownBy(m.Known), BodyID: bodyID, Code: code})
	if err != nil {
		return nil, fmt.Errorf("read the scoreboards of body %d: %w", bodyID, err)
	}
	boards := make([]scoreboard.Board, len(rows))
	for i, r := range rows {
		b := scoreboard.Board{ID: r.ID, Code: r.Code, Version: r.VersionID, Newest: r.Newest, Definition: scoreboard.Definition{
			ValidFrom: r.ValidFrom, Name: plainText(r.NameNl, r.NameFr), CheckEvery: indicator.Cadence(r.CheckEvery), Retired: r.Retired,
		}}
		var items []itemRow
		if err := unpack(r.Items, &items); err != nil {
			return nil, fmt.Errorf("read scoreboard %s: %w", r.Code, err)
		}
		for _, item := range items {
			b.Items = append(b.Items, scoreboard.Item{MandateID: item.Mandate, Mandate: item.MandateCode, IndicatorID: item.Indicator, Indicator: item.Code})
		}
		var checks []checkRow
		if err := unpack(r.Checks, &checks); err != nil {
			return nil, fmt.Errorf("read scoreboard %s: %w", r.Code, err)
		}
		for _, c := range checks {
			c.Text = c.Conclusion
			b.Checks = append(b.Checks, scoreboard.Check{Said: c.said(), Mandate: c.MandateCode})
		}
		boards[i] = b
	}
	return boards, nil
}

// FillScoreboards gives boards their rows: each indicator with its figures at a
// moment, and what was said and done about it. Figures of groups that are too small are not in it.
func (s *Store) FillScoreboards(ctx context.Context, boards []scoreboard.Board, m Moment) error {
	var ids, seen []int64 // what is on a board is what its reader sees
	for _, b := range boards {
		for _, item := range b.Items {
			ids, seen = append(ids, item.MandateID), append(seen, item.IndicatorID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	questions, _, err := s.Duties(ctx, DutyQuestion{Scope: access.Scope{Mandates: ids}, AsOf: m.Day, Known: m.Known})
	if err != nil {
		return err
	}
	mandates := make([]mandate.Mandate, len(questions))
	for i, q := range questions {
		mandates[i] = q.Mandate
	}
	sheets, err := s.IndicatorsOf(ctx, mandates, seen, m)
	if err != nil {
		return err
	}
	notes, err := s.Notes(ctx, ids, m)
	if err != nil {
		return err
	}
	for i := range boards {
		b := &boards[i]
		for _, item := range b.Items {
			for n, sheet := range sheets {
				one := sheet.Find(item.Indicator)
				if questions[n].Mandate.ID == item.MandateID && one != nil {
					b.Rows = append(b.Rows, scoreboard.Row{Mandate: questions[n].Mandate, Series: one, Standing: one.Stand(), Notes: notes[one.ID].Notes})
				}
			}
		}
	}
	return nil
}

// NotedIndicator is an indicator with what was said and done about it.
type NotedIndicator struct {
	MandateID int64
	Code      string
	Name      bilingual.Text
	Objective string // code of the objective that it belongs to; "" for the mandate as such
	Target    string // code of the target that it follows; "" for none
	scoreboard.Notes
}

// Notes gives what was said and done about the indicators of mandates up to a
// moment, by number of the indicator. Those without any of it are left out.
func (s *Store) Notes(ctx context.Context, mandates []int64, m Moment) (map[int64]NotedIndicator, error) {
	rows, err := s.queries.IndicatorNotes(ctx, db.IndicatorNotesParams{AsOf: m.Day, Known: knownBy(m.Known), Mandates: mandates})
	if err != nil {
		return nil, fmt.Errorf("read what was said of indicators: %w", err)
	}
	all := make(map[int64]NotedIndicator, len(rows))
	for _, r := range rows {
		n := NotedIndicator{MandateID: r.MandateID, Code: r.Code, Name: plainText(r.NameNl, r.NameFr), Objective: r.ObjectiveCode, Target: r.TargetCode}
		var remarks []saidRow
		if err := unpack(r.Remarks, &remarks); err != nil {
			return nil, fmt.Errorf("read what was said of indicator %s: %w", r.Code, err)
		}
		for _, one := range remarks {
			n.Remarks = append(n.Remarks, one.said())
		}
		var measures []measureRow
		if err := unpack(r.Measures, &measures); err != nil {
			return nil, fmt.Errorf("read the measures of indicator %s: %w", r.Code, err)
		}
		for _, one := range measures {
			n.Measures = append(n.Measures, one.measure())
		}
		all[r.ID] = n
	}
	return all, nil
}

type itemRow struct {
	Mandate     int64  `json:"mandate"`
	MandateCode string `json:"mandate_code"`
	Indicator   int64  `json:"indicator"`
	Code        string `json:"code"`
}

type saidRow struct {
	ID     int64          `json:"id"`
	On     calendar.Date  `json:"on"`
	Text   string         `json:"text"`
	Lang   bilingual.Lang `json:"lang"`
	By     string         `json:"by"`
	Behalf string         `json:"behalf"`
	At     time.Time      `json:"at"`
}

func (r saidRow) said() scoreboard.Said {
	return scoreboard.Said{ID: r.ID, On: r.On, Text: r.Text, Lang: r.Lang, By: r.By, OnBehalfOf: r.Behalf, At: r.At}
}

type checkRow struct {
	saidRow
	Conclusion  string `json:"conclusion"`
	MandateCode string `json:"mandate_code"`
}

type measureRow struct {
	saidRow
	Cause   string        `json:"cause"`
	Action  string        `json:"action"`
	Effect  string        `json:"effect"`
	OwnerID int64         `json:"owner_id"`
	Owner   string        `json:"owner"`
	Gone    bool          `json:"gone"`
	Due     calendar.Date `json:"due"`
	Steps   []stepRow     `json:"steps"`
}

type stepRow struct {
	saidRow
	Kind scoreboard.StepKind `json:"kind"`
	Due  calendar.Date       `json:"due"`
}

func (r measureRow) measure() scoreboard.Measure {
	m := scoreboard.Measure{
		ID: r.ID, On: r.On, Cause: r.Cause, Action: r.Action, Effect: r.Effect, OwnerID: r.OwnerID, Owner: r.Owner, OwnerGone: r.Gone, FirstDue: r.Due,
		Lang: r.Lang, By: r.By, OnBehalfOf: r.Behalf, At: r.At,
	}
	for _, s := range r.Steps {
		m.Steps = append(m.Steps, scoreboard.Step{Said: s.said(), Kind: s.Kind, Due: s.Due})
	}
	return m
}

// MandateBoard is a scoreboard that an indicator of a mandate stands on.
type MandateBoard struct {
	Code        string
	Name        bilingual.Text
	Institution string // code
	Body        string // code
	BodyName    bilingual.Text
}

// ScoreboardsOfMandate lists the boards with an indicator of a mandate at a moment.
func (s *Store) ScoreboardsOfMandate(ctx context.Context, mandateID int64, m Moment) ([]MandateBoard, error) {
	rows, err := s.queries.ScoreboardsOfMandate(ctx, db.ScoreboardsOfMandateParams{AsOf: m.Day, Known: knownBy(m.Known), MandateID: mandateID})
	if err != nil {
		return nil, fmt.Errorf("read the scoreboards of mandate %d: %w", mandateID, err)
	}
	all := make([]MandateBoard, len(rows))
	for i, r := range rows {
		all[i] = MandateBoard{Code: r.Code, Name: plainText(r.NameNl, r.NameFr), Institution: r.InstitutionCode, Body: r.BodyCode, BodyName: plainText(r.BodyNl, r.BodyFr)}
	}
	return all, nil
}

// Reporter is somebody who reports on a mandate: its holder, or a delegate.
type Reporter struct {
	ID    int64
	Name  string
	Holds bool
	access.Cover
}

// Reporters lists who reports on a mandate on a day, and on which part of it,
// the holder first.
func (s *Store) Reporters(ctx context.Context, mandateID int64, on calendar.Date) ([]Reporter, error) {
	rows, err := s.queries.ReportersOf(ctx, db.ReportersOfParams{MandateID: mandateID, OnDay: on})
	if err != nil {
		return nil, fmt.Errorf("read who reports on mandate %d: %w", mandateID, err)
	}
	var all []Reporter
	for _, r := range rows {
		one := Reporter{ID: r.ID, Name: r.Name, Holds: r.Holds, Cover: access.CoverOf(r.Objectives)}
		if n := len(all); n > 0 && all[n-1].ID == r.ID { // several delegations
			all[n-1].Cover = all[n-1].With(one.Cover)
			continue
		}
		all = append(all, one)
	}
	return all, nil
}

// DefineScoreboard stores what a board is from a day on; one with ID 0 is new.
// ErrExists when a new one has the code of another of the body, or when somebody
// changed it after the version that b.Newest names.
func (s *Store) DefineScoreboard(ctx context.Context, sub Submission, body Board, b scoreboard.Board, at time.Time, location string) (string, error) {
	location, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		var err error
		if b.ID == 0 {
			if b.ID, err = q.InsertScoreboard(ctx, db.InsertScoreboardParams{BodyID: body.ID, Code: b.Code}); err != nil {
				return "", fmt.Errorf("store the scoreboard: %w", refusal(err))
			}
		}
		version, err := q.InsertScoreboardVersion(ctx, db.InsertScoreboardVersionParams{
			ScoreboardID: b.ID, ValidFrom: b.ValidFrom, NameNl: b.Name.NL, NameFr: b.Name.FR, CheckEvery: string(b.CheckEvery), Retired: b.Retired,
			RecordedBy: sub.PersonID, RecordedAt: at, Supersedes: orNull(b.Newest),
		})
		if foreign(err) { // what was seen is no version of this board
			return "", fmt.Errorf("store its definition: %w", ErrExists)
		}
		if err != nil {
			return "", fmt.Errorf("store its definition: %w", refusal(err))
		}
		for i, item := range b.Items {
			p := db.InsertScoreboardItemParams{VersionID: version, MandateID: item.MandateID, IndicatorID: item.IndicatorID, Position: int16(i + 1)}
			if err := q.InsertScoreboardItem(ctx, p); err != nil {
				return "", fmt.Errorf("put indicator %d on it: %w", item.IndicatorID, refusal(err))
			}
		}
		line := sub.Event(scoreboardObject(body, b.Code))
		line.Detail = map[string]any{"from": b.ValidFrom, "rows": len(b.Items)}
		return location, audit(ctx, q, line)
	})
	return location, err
}

// foreign reports whether a row was refused because it names one that is not there.
func foreign(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "23503"
}

func scoreboardObject(body Board, code string) string {
	return "scoreboard/" + body.Institution.Code + "-" + body.Code + "/" + code
}

// NewCheck is a look at a board. MandateID is that of the holder who looked; 0 for the body.
type NewCheck struct {
	scoreboard.Check
	MandateID  int64
	BehalfOfID int64
}

// CheckScoreboard keeps that somebody looked at a board.
func (s *Store) CheckScoreboard(ctx context.Context, sub Submission, body Board, b scoreboard.Board, c NewCheck, location string) (string, error) {
	location, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if err := q.InsertScoreboardCheck(ctx, db.InsertScoreboardCheckParams{
			ScoreboardID: b.ID, MandateID: orNull(c.MandateID), CheckedOn: c.On, Conclusion: c.Text, Lang: string(c.Lang), RecordedBy: sub.PersonID,
			OnBehalfOf: orNull(c.BehalfOfID), RecordedAt: c.At,
		}); err != nil {
			return "", fmt.Errorf("store the check: %w", refusal(err))
		}
		line := sub.Event(scoreboardObject(body, b.Code))
		line.MandateID = c.MandateID
		return location, audit(ctx, q, line)
	})
	return location, err
}

// On names the indicator that something is said of, and for whom.
type On struct {
	MandateID, IndicatorID int64
	Code                   string // of the indicator
	BehalfOfID             int64
	At                     time.Time
}

// Remark keeps what somebody says about an indicator.
func (s *Store) Remark(ctx context.Context, sub Submission, on On, r scoreboard.Said, location string) (string, error) {
	return s.noteOn(ctx, sub, on, location, func(ctx context.Context, q *db.Queries) (string, error) {
		return "indicator/" + on.Code, q.InsertRemark(ctx, db.InsertRemarkParams{
			MandateID: on.MandateID, IndicatorID: on.IndicatorID, OnDate: r.On, Text: r.Text, Lang: string(r.Lang), RecordedBy: sub.PersonID,
			OnBehalfOf: orNull(on.BehalfOfID), RecordedAt: on.At,
		})
	})
}

// TakeMeasure keeps what is done about an indicator.
func (s *Store) TakeMeasure(ctx context.Context, sub Submission, on On, m scoreboard.Measure, location string) (string, error) {
	return s.noteOn(ctx, sub, on, location, func(ctx context.Context, q *db.Queries) (string, error) {
		_, err := q.InsertMeasure(ctx, db.InsertMeasureParams{
			MandateID: on.MandateID, IndicatorID: on.IndicatorID, TakenOn: m.On, Cause: m.Cause, Action: m.Action, Effect: m.Effect, OwnerID: m.OwnerID,
			Due: m.FirstDue, Lang: string(m.Lang), RecordedBy: sub.PersonID, OnBehalfOf: orNull(on.BehalfOfID), RecordedAt: on.At,
		})
		return "indicator/" + on.Code, err
	})
}

// StepMeasure keeps what became of a measure. ErrExists when it has ended.
func (s *Store) StepMeasure(ctx context.Context, sub Submission, on On, measureID int64, step scoreboard.Step, location string) (string, error) {
	return s.noteOn(ctx, sub, on, location, func(ctx context.Context, q *db.Queries) (string, error) {
		object := fmt.Sprintf("measure/%d", measureID)
		ended, err := q.MeasureEnded(ctx, measureID)
		if err != nil {
			return object, err
		}
		if ended {
			return object, ErrExists
		}
		return object, q.InsertMeasureStep(ctx, db.InsertMeasureStepParams{
			MandateID: on.MandateID, MeasureID: measureID, Kind: string(step.Kind), OnDate: step.On, Due: step.Due, Text: step.Text, Lang: string(step.Lang),
			RecordedBy: sub.PersonID, OnBehalfOf: orNull(on.BehalfOfID), RecordedAt: on.At,
		})
	})
}

// noteOn runs one write under the lock of the mandate, which changes the pages that show it.
func (s *Store) noteOn(ctx context.Context, sub Submission, on On, location string, write func(context.Context, *db.Queries) (object string, err error)) (string, error) {
	location, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.BumpVersion(ctx, on.MandateID); err != nil {
			return "", fmt.Errorf("lock mandate: %w", refusal(err))
		}
		object, err := write(ctx, q)
		if err != nil {
			return "", refusal(err)
		}
		line := sub.Event(object)
		line.MandateID = on.MandateID
		return location, audit(ctx, q, line)
	})
	return location, err
}

// NamedIndicator is an indicator of a mandate, by name.
type NamedIndicator struct {
	MandateID int64
	Mandate   string // code
	indicator.Indicator
}

// IndicatorNames lists the indicators of an institution that are followed on a
// day, without figures, as far as the reader sees them.
func (s *Store) IndicatorNames(ctx context.Context, institutionID int64, asOf calendar.Date) ([]NamedIndicator, error) {
	rows, err := s.queries.IndicatorNames(ctx, db.IndicatorNamesParams{AsOf: asOf, InstitutionID: institutionID})
	if err != nil {
		return nil, fmt.Errorf("list the indicators of institution %d: %w", institutionID, err)
	}
	all := make([]NamedIndicator, len(rows))
	for i, r := range rows {
		all[i] = NamedIndicator{MandateID: r.MandateID, Mandate: r.MandateCode, Indicator: indicator.Indicator{
			ID: r.ID, Code: r.Code, Objective: r.ObjectiveCode, Target: r.TargetCode, Definition: indicator.Definition{Name: plainText(r.NameNl, r.NameFr)},
		}}
	}
	return all, nil
}
