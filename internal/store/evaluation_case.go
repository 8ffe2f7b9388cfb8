package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/evaluation"
	"jalon/internal/mandate"
	"jalon/internal/progress"
	"jalon/internal/store/db"
)

// EvaluationCase reads all of one evaluation that the person in whose name it
// asks may see (see As): of a holder the database keeps opinions back until the
// stage that the case names. ErrNotFound when they may not see it at all.
func (s *Store) EvaluationCase(ctx context.Context, id int64) (evaluation.Case, error) {
	_, c, err := s.WholeEvaluation(ctx, id)
	return c, err
}

// WholeEvaluation is EvaluationCase with the evaluation as a list has it, and in
// which roles the reader has read it within the time that AuditRead looks back.
func (s *Store) WholeEvaluation(ctx context.Context, id int64) (e Evaluation, c evaluation.Case, err error) {
	rows, err := s.queries.EvaluationRows(ctx, db.EvaluationRowsParams{ID: id, Everything: true, Whole: true, Reading: ActionRead, Minutes: quietMinutes})
	if err == nil && len(rows) == 0 {
		err = ErrNotFound
	}
	if err == nil {
		e, err = evaluationOf(rows[0])
	}
	if err == nil {
		c, err = caseOf(e, rows[0])
	}
	if err != nil {
		return e, c, fmt.Errorf("read evaluation %d: %w", id, err)
	}
	for _, role := range rows[0].ReadAs {
		e.ReadAs = append(e.ReadAs, access.Role(role))
	}
	return e, c, nil
}

func caseOf(e Evaluation, rows db.EvaluationRowsRow) (evaluation.Case, error) {
	c := evaluation.Case{
		ID: e.ID, Mandate: e.Mandate, Kind: e.Kind, From: e.From, Until: e.Until, PlannedOn: e.PlannedOn, Lang: e.Lang, ShownFrom: e.ShownFrom, Settings: e.Settings,
	}
	for _, n := range e.Evaluators {
		c.People = append(c.People, evaluation.Participant{ID: n.ID, PersonID: n.PersonID, Name: n.Name, Capacity: n.Capacity, From: n.From, Until: n.Until})
	}
	var err error
	if c.Layout, err = layoutOf(rows.Layout); err != nil {
		return c, err
	}
	if c.Drafts, err = draftsOf(rows.Drafts); err != nil {
		return c, err
	}
	return c, fillCase(&c, rows)
}

// signedRow is who wrote or recorded something, and when, as the statement packs it.
type signedRow struct {
	ID   int64          `json:"id"`
	Text string         `json:"text"`
	Lang bilingual.Lang `json:"lang"`
	ByID int64          `json:"by_id"`
	By   string         `json:"by"`
	At   time.Time      `json:"at"`
	On   calendar.Date  `json:"on"`
}

func fillCase(c *evaluation.Case, rows db.EvaluationRowsRow) error {
	var steps []struct {
		From   evaluation.Stage `json:"from"`
		To     evaluation.Stage `json:"to"`
		Reason string           `json:"reason"`
		signedRow
	}
	var opinions []struct {
		Capacity evaluation.Capacity `json:"capacity"`
		Author   string              `json:"author"`
		signedRow
	}
	var replies []struct {
		OpinionID int64 `json:"opinion_id"`
		signedRow
	}
	var documents []struct {
		About    evaluation.About `json:"about"`
		Compared bool             `json:"compared"`
		fileRow
	}
	err := errors.Join(unpack(rows.Steps, &steps), unpack(rows.Opinions, &opinions), unpack(rows.Replies, &replies), unpack(rows.Documents, &documents))
	if err != nil {
		return err
	}
	for _, r := range steps {
		c.Steps = append(c.Steps, evaluation.Step{From: r.From, To: r.To, On: r.On, Reason: r.Reason, By: r.By})
	}
	for _, r := range opinions {
		c.Opinions = append(c.Opinions, evaluation.Opinion{
			ID: r.ID, Capacity: r.Capacity, Author: r.Author, On: r.On, Text: r.Text, Lang: r.Lang, RecordedBy: r.By, RecordedAt: r.At,
		})
	}
	for _, r := range replies {
		reply := evaluation.Reply{ID: r.ID, OpinionID: r.OpinionID, Text: r.Text, Lang: r.Lang, Author: r.By, At: r.At}
		placed := false
		for i := range c.Opinions {
			if c.Opinions[i].ID == r.OpinionID {
				c.Opinions[i].Replies, placed = append(c.Opinions[i].Replies, reply), true
			}
		}
		if !placed {
			c.Replies = append(c.Replies, reply)
		}
	}
	for _, r := range documents {
		c.Documents = append(c.Documents, evaluation.SignedDocument{About: r.About, File: filesOf([]fileRow{r.fileRow})[0], Compared: r.Compared})
	}
	if c.Record, err = recordOf(rows.Record); err != nil {
		return err
	}
	return errors.Join(fillConclusions(c, rows.Conclusions), fillReports(c, rows.Reports))
}

func fillConclusions(c *evaluation.Case, raw []byte) error {
	var rows []struct {
		gradeRow
		signedRow
	}
	if err := unpack(raw, &rows); err != nil {
		return err
	}
	for _, r := range rows {
		c.Conclusions = append(c.Conclusions, evaluation.Conclusion{
			ID: r.ID, Grade: r.grade(), On: r.On, Text: r.Text, Lang: r.Lang, RecordedBy: r.By, RecordedAt: r.At,
		})
	}
	return nil
}

// gradeRow is a grade as statements pack it.
type gradeRow struct {
	GradeID int64         `json:"grade_id"`
	NL      string        `json:"nl"`
	FR      string        `json:"fr"`
	Order   int           `json:"order"`
	From    calendar.Date `json:"from"`
	Until   calendar.Date `json:"until"`
}

func (r gradeRow) grade() evaluation.Grade {
	return grade(r.GradeID, r.NL, r.FR, r.Order, r.From, r.Until)
}

func grade(id int64, nl, fr string, order int, from, until calendar.Date) evaluation.Grade {
	return evaluation.Grade{ID: id, Name: text(nl, fr, string(bilingual.Original), string(bilingual.Original)), Order: order, From: from, Until: until}
}

func fillReports(c *evaluation.Case, raw []byte) error {
	var rows []struct {
		signedRow
		Number   int             `json:"number"`
		Sections json.RawMessage `json:"sections"`
		Texts    []textRow       `json:"texts"`
		Quotes   []struct {
			Number  int    `json:"number"`
			EntryID int64  `json:"entry_id"`
			Version int    `json:"version"`
			Target  string `json:"target"`
		} `json:"quotes"`
	}
	if err := unpack(raw, &rows); err != nil {
		return err
	}
	for _, r := range rows {
		report := evaluation.Report{ID: r.ID, Number: r.Number, Lang: r.Lang, SubmittedBy: r.By, SubmittedAt: r.At}
		var err error
		if report.Layout, err = layoutOf(r.Sections); err != nil {
			return err
		}
		for _, t := range r.Texts {
			report.Texts = append(report.Texts, evaluation.Text(t))
		}
		for _, q := range r.Quotes {
			code, err := mandate.ParseCode(q.Target)
			if err != nil {
				return err
			}
			e, ok := c.Record.Entry(q.EntryID)
			if !ok {
				return fmt.Errorf("report %d quotes entry %d, which is not in the record", r.ID, q.EntryID)
			}
			quote := evaluation.Quote{
				Number: q.Number, EntryID: q.EntryID, Version: q.Version, Target: code,
				AsOf: e.AsOf, RecordedAt: e.RecordedAt, Author: e.Author, Status: e.Status, Entry: e,
			}
			if later, changed := c.Record.Correction(q.EntryID); changed {
				quote.ChangedBy, quote.ChangedAt = later.ID, later.RecordedAt
			}
			report.Quotes = append(report.Quotes, quote)
		}
		c.Reports = append(c.Reports, report)
	}
	return nil
}

type textRow struct {
	Part    string `json:"part"`
	Section string `json:"section"`
	Text    string `json:"text"`
}

// sectionRow is a section of a layout as it is kept.
type sectionRow struct {
	Code   string `json:"code"`
	Of     string `json:"of"` // report or objective
	Record bool   `json:"record,omitempty"`
	NL     string `json:"nl"`
	FR     string `json:"fr"`
	Hidden bool   `json:"hidden,omitempty"`
}

const ofReport, ofObjective = "report", "objective"

func layoutOf(raw []byte) (l evaluation.Layout, err error) {
	var rows []sectionRow
	if err := unpack(raw, &rows); err != nil {
		return nil, err
	}
	for _, r := range rows {
		l = append(l, evaluation.Section{
			Code: r.Code, Whole: r.Of == ofReport, Record: r.Record, Hidden: r.Hidden,
			Title: text(r.NL, r.FR, string(bilingual.Original), string(bilingual.Original)),
		})
	}
	return l, nil
}

func packLayout(l evaluation.Layout) ([]byte, error) {
	rows := make([]sectionRow, len(l))
	for i, s := range l {
		rows[i] = sectionRow{Code: s.Code, Of: ofObjective, Record: s.Record, NL: s.Title.NL, FR: s.Title.FR, Hidden: s.Hidden}
		if s.Whole {
			rows[i].Of = ofReport
		}
	}
	return json.Marshal(rows)
}

func recordOf(raw []byte) (r evaluation.Record, err error) {
	var rows struct {
		Entries json.RawMessage `json:"entries"`
		Tables  []struct {
			Period calendar.Date `json:"period"`
			Number string        `json:"number"`
			SHA256 string        `json:"sha256"`
			At     time.Time     `json:"sealed_at"`
		} `json:"tables"`
		Decisions []struct {
			TargetID   int64          `json:"target_id"`
			Text       string         `json:"text"`
			Lang       bilingual.Lang `json:"lang"`
			At         time.Time      `json:"recorded_at"`
			BodyNL     string         `json:"body_nl"`
			BodyFR     string         `json:"body_fr"`
			Answer     string         `json:"answer"`
			AnswerLang bilingual.Lang `json:"answer_lang"`
		} `json:"decisions"`
		Evidence []proofRow `json:"evidence"`
		Links    []struct {
			proofRow
			Title string `json:"title"`
		} `json:"links"`
	}
	if err := unpack(raw, &rows); err != nil {
		return r, err
	}
	if len(rows.Entries) > 0 && string(rows.Entries) != "null" {
		if r.Entries, err = historyEntries(rows.Entries); err != nil {
			return r, err
		}
	}
	for _, t := range rows.Tables {
		r.Tables = append(r.Tables, evaluation.SealedTable{Period: calendar.HalfYearOf(t.Period), Number: t.Number, SHA256: t.SHA256, SealedAt: t.At})
	}
	for _, d := range rows.Decisions {
		r.Decisions = append(r.Decisions, evaluation.Decision{
			TargetID: d.TargetID, Text: d.Text, Lang: d.Lang, At: d.At,
			Body: official(d.BodyNL, d.BodyFR), Answer: d.Answer, AnswerLang: d.AnswerLang,
		})
	}
	for _, f := range rows.Evidence {
		r.Files = append(r.Files, f.proof())
	}
	for _, l := range rows.Links {
		l.Name = l.Title
		r.Links = append(r.Links, l.proof())
	}
	return r, nil
}

// proofRow is a file or a link with what it proves.
type proofRow struct {
	fileRow
	TargetID int64  `json:"target_id"`
	URL      string `json:"url"`
}

func (r proofRow) proof() evaluation.Proof {
	return evaluation.Proof{TargetID: r.TargetID, File: filesOf([]fileRow{r.fileRow})[0], URL: r.URL}
}

// official is a name that is decided in both languages.
func official(nl, fr string) bilingual.Text {
	return text(nl, fr, string(bilingual.Original), string(bilingual.Original))
}

// draftsOf reads what the holder of an evaluation is still writing, by part.
func draftsOf(raw []byte) (map[string]evaluation.Draft, error) {
	var rows []struct {
		Part    string            `json:"part"`
		Texts   map[string]string `json:"texts"`
		Version int               `json:"version"`
		SavedAt time.Time         `json:"at"`
	}
	if err := unpack(raw, &rows); err != nil {
		return nil, err
	}
	drafts := map[string]evaluation.Draft{}
	for _, r := range rows {
		drafts[r.Part] = evaluation.Draft(r)
	}
	return drafts, nil
}

// EvaluationSheet is the letter as it was on the last day of the period, or on
// the day itself when that is earlier, for the objectives of a report.
func (s *Store) EvaluationSheet(ctx context.Context, c evaluation.Case, today calendar.Date) (progress.Sheet, error) {
	on := c.Until
	if today.Before(on) {
		on = today
	}
	sheet, _, err := s.Sheet(ctx, SheetQuestion{Code: c.Mandate.Code, AsOf: on})
	return sheet, err
}

// EvaluationDocument finds a signed document of an evaluation that the asker may
// see. ErrNotFound when there is none.
func (s *Store) EvaluationDocument(ctx context.Context, evaluationID, id int64) (evaluation.SignedDocument, error) {
	r, err := s.queries.EvaluationDocument(ctx, db.EvaluationDocumentParams{ID: id, EvaluationID: evaluationID})
	if err != nil {
		return evaluation.SignedDocument{}, fmt.Errorf("find document %d of evaluation %d: %w", id, evaluationID, refusal(err))
	}
	file := filesOf([]fileRow{{ID: r.ID, SHA256: r.Sha256, Size: int(r.Size), Kind: r.Kind, Name: r.Name, ByID: r.AddedBy, By: r.AddedName, At: r.AddedAt}})[0]
	return evaluation.SignedDocument{About: evaluation.About(r.About), File: file, Compared: r.Compared}, nil
}

// EvaluationReading is that somebody was shown something of an evaluation, or had it exported.
type EvaluationReading struct {
	At       time.Time
	PersonID int64
	Role     access.Role
	Purpose  string
}

// EvaluationReadings lists who read an evaluation and everything in it, the latest first, at most so many.
func (s *Store) EvaluationReadings(ctx context.Context, o access.Object, most int) ([]EvaluationReading, error) {
	rows, err := s.queries.EvaluationReadings(ctx, db.EvaluationReadingsParams{
		MandateID: o.MandateID, Object: evaluationObject(o.EvaluationID), Actions: []string{ActionRead, ActionExportEvaluation}, Most: int32(most),
	})
	if err != nil {
		return nil, fmt.Errorf("list the readings of evaluation %d: %w", o.EvaluationID, err)
	}
	all := make([]EvaluationReading, len(rows))
	for i, r := range rows {
		all[i] = EvaluationReading{At: r.At, PersonID: r.ActorID, Role: access.Role(r.Role), Purpose: r.Purpose}
	}
	return all, nil
}

// Settled is what an institution has settled of its evaluations.
type Settled struct {
	mandate.Institution
	Settings evaluation.Settings // on the day that was asked for
	Sections evaluation.Layout   // of activity reports
	Chapters evaluation.Chapters // of dossiers
}

// Settled gives what an institution has settled on a day. ErrNotFound when there is none with the code.
func (s *Store) Settled(ctx context.Context, code string, on calendar.Date) (i Settled, err error) {
	r, err := s.queries.SettledRows(ctx, db.SettledRowsParams{Code: code, Today: on})
	if err != nil {
		return i, fmt.Errorf("read what %s settled: %w", code, refusal(err))
	}
	i.Institution = institution(r.ID, r.Code, r.NameNl, r.NameFr)
	if i.Settings, err = settingsOf(r.Settings); err != nil {
		return i, err
	}
	if i.Sections, err = layoutOf(r.Sections); err != nil {
		return i, err
	}
	i.Chapters, err = chaptersOf(r.Chapters)
	return i, err
}

// Grades lists every grade, also those that are given no more.
func (s *Store) Grades(ctx context.Context) ([]evaluation.Grade, error) {
	rows, err := s.queries.EvaluationGrades(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the grades: %w", err)
	}
	all := make([]evaluation.Grade, len(rows))
	for i, r := range rows {
		all[i] = grade(r.ID, r.NameNl, r.NameFr, int(r.Position), r.ValidFrom, r.ValidUntil)
	}
	return all, nil
}
