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
	"jalon/internal/monitoring"
	"jalon/internal/scoreboard"
	"jalon/internal/store/db"
)

// Scoreboards gives a body by the code of its institution and its own, without
// what goes to it, and its boards as they were at a moment, without their rows, or
// the one with a code. Of what is on them it gives what the reader sees. One
// statement. ErrNotFound when there is no such body.
func (s *Store) Scoreboards(ctx context.Context, institutionCode, bodyCode, code string, m Moment) (Board, []scoreboard.Board, error) {
	rows, err := s.queries.Scoreboards(ctx, db.ScoreboardsParams{AsOf: m.Day, Known: knownBy(m.Known), Institution: institutionCode, Body: bodyCode, Code: code})
	if err != nil {
		return Board{}, nil, fmt.Errorf("read the scoreboards of body %s of %s: %w", bodyCode, institutionCode, err)
	}
	if len(rows) == 0 {
		return Board{}, nil, fmt.Errorf("find body %s of %s: %w", bodyCode, institutionCode, ErrNotFound)
	}
	r := rows[0]
	body := Board{
		ID: r.BodyID, Institution: institution(r.InstitutionID, r.InstitutionCode, r.InstitutionNl, r.InstitutionFr),
		Body:  monitoring.Body{Code: r.BodyCode, Name: text(r.BodyNl, r.BodyFr, string(bilingual.Original), string(bilingual.Original))},
		Scope: r.Scope, External: r.Kind == "external",
	}
	boards, err := scoreboardsOf(rows)
	return body, boards, err
}

func scoreboardsOf(rows []db.ScoreboardsRow) (boards []scoreboard.Board, err error) {
	for _, r := range rows {
		if r.ID == 0 { // the body has none
			continue
		}
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
		boards = append(boards, b)
	}
	return boards, nil
}

// FillScoreboards gives boards their rows: each indicator that is followed, with its
// figures at a moment, and what was said and done about it. Figures of groups that are too small are not in it.
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
	questions, rows, err := s.duties(ctx, DutyQuestion{Scope: access.Scope{Mandates: ids}, AsOf: m.Day, Known: m.Known, notes: true}, false)
	if err != nil {
		return err
	}
	notes, err := notesOf(rows)
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
	for i := range boards {
		b := &boards[i]
		for _, item := range b.Items {
			for n, sheet := range sheets {
				one := sheet.Find(item.Indicator)
				if questions[n].Mandate.ID == item.MandateID && one != nil && !one.Retired {
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

// notesOf unpacks what was said and done about the indicators of mandates, by
// number of the indicator. Those without any of it are left out.
func notesOf(rows []db.DutyRowsRow) (map[int64]NotedIndicator, error) {
	all := map[int64]NotedIndicator{}
	for _, r := range rows {
		var notes []noteRow
		if err := unpack(r.Notes, &notes); err != nil {
			return nil, fmt.Errorf("read what was said of the indicators of %s: %w", r.Code, err)
		}
		for _, one := range notes {
			n := NotedIndicator{MandateID: r.ID, Code: one.Code, Name: plainText(one.NL, one.FR), Objective: one.Objective, Target: one.Target}
			for _, remark := range one.Remarks {
				n.Remarks = append(n.Remarks, remark.said())
			}
			for _, measure := range one.Measures {
				n.Measures = append(n.Measures, measure.measure())
			}
			all[one.ID] = n
		}
	}
	return all, nil
}

type noteRow struct {
	ID        int64        `json:"id"`
	Code      string       `json:"code"`
	NL        string       `json:"nl"`
	FR        string       `json:"fr"`
	Objective string       `json:"objective"`
	Target    string       `json:"target"`
	Remarks   []saidRow    `json:"remarks"`
	Measures  []measureRow `json:"measures"`
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
}

// Reporter is somebody who reports on a mandate: its holder, or a delegate.
type Reporter struct {
	ID   int64
	Name string
	access.Cover
}

// AroundMeasures gives what stands around the measures of an indicator: the boards
// that it is on at a moment, and who reports on its mandate on a day and on which
// part, the holder first. One statement.
func (s *Store) AroundMeasures(ctx context.Context, mandateID, indicatorID int64, m Moment, on calendar.Date) ([]MandateBoard, []Reporter, error) {
	r, err := s.queries.AroundMeasures(ctx, db.AroundMeasuresParams{AsOf: m.Day, Known: knownBy(m.Known), MandateID: mandateID, IndicatorID: indicatorID, OnDay: on})
	if err != nil {
		return nil, nil, fmt.Errorf("read the scoreboards of mandate %d: %w", mandateID, err)
	}
	var boards []struct {
		Code        string `json:"code"`
		NL          string `json:"nl"`
		FR          string `json:"fr"`
		Institution string `json:"institution"`
		Body        string `json:"body"`
	}
	var reporters []struct {
		ID         int64    `json:"id"`
		Name       string   `json:"name"`
		Objectives []string `json:"objectives"`
	}
	if err := errors.Join(unpack(r.Boards, &boards), unpack(r.Reporters, &reporters)); err != nil {
		return nil, nil, fmt.Errorf("read the scoreboards of mandate %d: %w", mandateID, err)
	}
	stands := make([]MandateBoard, len(boards))
	for i, b := range boards {
		stands[i] = MandateBoard{Code: b.Code, Name: plainText(b.NL, b.FR), Institution: b.Institution, Body: b.Body}
	}
	var all []Reporter
	for _, r := range reporters {
		one := Reporter{ID: r.ID, Name: r.Name, Cover: access.CoverOf(r.Objectives)}
		if n := len(all); n > 0 && all[n-1].ID == r.ID { // several delegations
			all[n-1].Cover = all[n-1].With(one.Cover)
			continue
		}
		all = append(all, one)
	}
	return stands, all, nil
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
