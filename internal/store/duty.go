package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/internal/store/db"
)

// DutyQuestion asks what the mandates of a scope owe.
type DutyQuestion struct {
	Scope     access.Scope
	Code      string        // one mandate of the scope; "" for all
	AsOf      calendar.Date // the day on which it is judged
	Known     time.Time     // as far as recorded by this instant; zero for all that is known
	WithKinds bool          // the kinds of events as well

	indicators, notes bool // which indicators the reader sees; what was said and done about them
}

// Duties gives, for each mandate of the scope in the order of the list, the
// question to put to duty.Of; From and Until are left to the caller. The
// mandates have their targets with deadlines, and objectives and points
// without texts. One statement, however many mandates.
func (s *Store) Duties(ctx context.Context, q DutyQuestion) ([]duty.Question, []duty.Kind, error) {
	all, rows, err := s.duties(ctx, q, false)
	if err != nil {
		return nil, nil, err
	}
	if len(rows) == 0 {
		return nil, nil, nil
	}
	kinds, err := kindsOf(rows[0].Kinds)
	return all, kinds, err
}

func (s *Store) duties(ctx context.Context, q DutyQuestion, forHolder bool) ([]duty.Question, []db.DutyRowsRow, error) {
	rows, err := s.queries.DutyRows(ctx, db.DutyRowsParams{
		AsOf: q.AsOf, Known: knownBy(q.Known), WithKinds: q.WithKinds, WithIndicators: q.indicators, WithNotes: q.notes, ForHolder: forHolder, Code: q.Code,
		Everything: q.Scope.All, Institutions: q.Scope.Institutions, Mandates: q.Scope.Mandates,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read duties as of %s: %w", q.AsOf, err)
	}
	all := make([]duty.Question, len(rows))
	for i, r := range rows {
		if all[i], err = dutyQuestion(r, q.AsOf); err != nil {
			return nil, nil, fmt.Errorf("read duties of %s: %w", r.Code, err)
		}
	}
	return all, rows, nil
}

// Owed is what the list of who reports on mandates is made of.
type Owed struct {
	Questions []duty.Question          // as of Duties
	Notes     map[int64]NotedIndicator // by number of the indicator
	Returned  []ReturnedPart           // by half-year
	Tenures   map[int64][]Tenure       // by mandate, past and to come, the earliest first
}

// Owed gives what Duties gives, and what else the mandates of the scope hold
// for who reports on them. One statement, however many mandates.
func (s *Store) Owed(ctx context.Context, q DutyQuestion) (o Owed, err error) {
	q.notes = true
	questions, rows, err := s.duties(ctx, q, true)
	if err != nil {
		return o, err
	}
	o = Owed{Questions: questions, Tenures: map[int64][]Tenure{}}
	if o.Notes, err = notesOf(rows); err != nil {
		return o, err
	}
	for i, r := range rows {
		var returned []struct {
			Period calendar.Date `json:"period"`
			At     time.Time     `json:"at"`
			Reason string        `json:"reason"`
		}
		var tenures []tenureRow
		if err := errors.Join(unpack(r.Returned, &returned), unpack(r.Tenures, &tenures)); err != nil {
			return o, fmt.Errorf("read what lies with the holder of %s: %w", r.Code, err)
		}
		for _, p := range returned {
			o.Returned = append(o.Returned, ReturnedPart{r.Code, questions[i].Mandate.Title, calendar.HalfYearOf(p.Period), p.At, p.Reason})
		}
		for _, t := range tenures {
			o.Tenures[r.ID] = append(o.Tenures[r.ID], t.tenure())
		}
	}
	slices.SortStableFunc(o.Returned, func(a, b ReturnedPart) int { return a.Period.Start().Compare(b.Period.Start()) })
	return o, nil
}

// tenureRow is a tenure as DutyRows packs it.
type tenureRow struct {
	ID       int64         `json:"id"`
	PersonID int64         `json:"person_id"`
	Name     string        `json:"name"`
	Disabled bool          `json:"disabled"`
	From     calendar.Date `json:"from"`
	Until    calendar.Date `json:"until"`
	Interim  bool          `json:"interim"`
}

func (r tenureRow) tenure() Tenure {
	return Tenure{ID: r.ID, Disabled: r.Disabled, Tenure: mandate.Tenure{PersonID: r.PersonID, Name: r.Name, From: r.From, Until: r.Until, Interim: r.Interim}}
}

type kindRow struct {
	Code     string   `json:"code"`
	NL       string   `json:"nl"`
	FR       string   `json:"fr"`
	Triggers []string `json:"triggers"`
}

func (k kindRow) kind() duty.Kind {
	return duty.Kind{Code: k.Code, Triggers: k.Triggers, Name: text(k.NL, k.FR, string(bilingual.Original), string(bilingual.Original))}
}

func kindsOf(raw []byte) ([]duty.Kind, error) {
	var kinds []kindRow
	if err := unpack(raw, &kinds); err != nil {
		return nil, fmt.Errorf("read kinds of events: %w", err)
	}
	list := make([]duty.Kind, len(kinds))
	for i, k := range kinds {
		list[i] = k.kind()
	}
	return list, nil
}

func dutyQuestion(r db.DutyRowsRow, today calendar.Date) (duty.Question, error) {
	q := duty.Question{Today: today, Mandate: mandate.Mandate{
		ID: r.ID, Code: r.Code, Rank: r.Rank, Version: r.Version,
		Title:       text(r.TitleNl, r.TitleFr, r.TitleNlState, r.TitleFrState),
		Institution: institution(r.InstitutionID, r.InstitutionCode, r.InstitutionNl, r.InstitutionFr),
		Holder:      mandate.Tenure{PersonID: r.HolderID, Name: r.HolderName, From: r.HeldFrom, Until: r.HeldUntil, Interim: r.Interim},
	}}
	var targets []struct {
		words
		Since       calendar.Date   `json:"since"`
		Deadline    json.RawMessage `json:"deadline"`
		ConfirmedBy string          `json:"confirmed_by"`
	}
	if err := unpack(r.Targets, &targets); err != nil {
		return q, err
	}
	b := sheetBuilder{}
	b.sheet.Mandate = q.Mandate
	for _, t := range targets {
		row := db.SheetRowsRow{TargetID: t.ID, TargetCode: t.Code, TargetSince: t.Since, TargetNl: t.NL, TargetFr: t.FR, TargetNlState: t.NLState, TargetFrState: t.FRState}
		if err := unpackDeadline(t.Deadline, &row); err != nil {
			return q, fmt.Errorf("deadline of %s: %w", t.Code, err)
		}
		row.ConfirmedBy = t.ConfirmedBy
		target, err := b.target(&row)
		if err != nil {
			return q, err
		}
		plant(&q.Mandate, target)
	}
	var err error
	q.Record, err = dutyRecord(r.Record)
	return q, err
}

// plant puts a target below the objective and the point that its code names;
// targets come in the order of the letter.
func plant(m *mandate.Mandate, t mandate.Target) {
	point := t.Code.Parent()
	objective := point.Parent()
	n := len(m.Objectives)
	if n == 0 || m.Objectives[n-1].Code != objective {
		m.Objectives = append(m.Objectives, mandate.Objective{Code: objective})
		n++
	}
	o := &m.Objectives[n-1]
	if k := len(o.Points); k == 0 || o.Points[k-1].Code != point {
		o.Points = append(o.Points, mandate.MeasurementPoint{Code: point})
	}
	p := &o.Points[len(o.Points)-1]
	p.Targets = append(p.Targets, t)
}

// dutyRecord reads what the functions duty_record and asked_of of the database
// packed, with who held the mandate first and the earlier deadlines where they are asked.
func dutyRecord(raw []byte) (duty.Record, error) {
	var v struct {
		Since       calendar.Date `json:"since"`
		SealedUntil calendar.Date `json:"sealed_until"`
		Reports     []reportsRow  `json:"reports"`
		Events      []eventRow    `json:"events"`
		Answers     []answerRow   `json:"answers"`
		Waivers     []waiverRow   `json:"waivers"`
		Asked       []askRow      `json:"asked"`
		Held        calendar.Date `json:"held"`
		Earlier     []earlierRow  `json:"earlier"`
	}
	r := duty.Record{Reports: map[int64][]duty.Report{}}
	if err := unpack(raw, &v); err != nil {
		return r, err
	}
	r.Since, r.SealedUntil, r.Held, r.Earlier = v.Since, v.SealedUntil, v.Held, earlierOf(v.Earlier)
	for _, of := range v.Reports {
		r.Reports[of.Target] = of.reports()
	}
	for _, e := range v.Events {
		r.Events = append(r.Events, e.event())
	}
	for _, a := range v.Answers {
		r.Answers = append(r.Answers, duty.Answer{
			ID: a.ID, TargetID: a.Target, EventID: a.Event, Due: a.Due, Timing: a.Timing, DoneOn: a.DoneOn, Note: a.Note, Link: a.Link,
			Lang: a.Lang, ByID: a.ByID, By: a.By, BehalfOfID: a.BehalfID, OnBehalfOf: a.Behalf, At: a.At, Files: filesOf(a.Files),
		})
	}
	for _, a := range v.Asked {
		r.Asked = append(r.Asked, a.ask())
	}
	for _, w := range v.Waivers {
		r.Waivers = append(r.Waivers, duty.Waiver{
			ID: w.ID, TargetID: w.Target, EventID: w.Event, Due: w.Due, Reason: w.Reason, Lang: w.Lang, ByID: w.ByID, By: w.By, At: w.At,
		})
	}
	return r, nil
}

// reportsRow has the reports of a target by column, as there are many: the
// earliest first, their days counted from 1 January 1970.
type reportsRow struct {
	Target  int64   `json:"target"`
	IDs     numbers `json:"ids"`
	Days    numbers `json:"days"`
	Closing numbers `json:"closing"`
}

func (r reportsRow) reports() []duty.Report {
	all := make([]duty.Report, len(r.IDs))
	for i, id := range r.IDs {
		all[i] = duty.Report{ID: id, AsOf: calendar.DateOfDay(int(r.Days[i])), Closes: slices.Contains(r.Closing, id)}
	}
	return all
}

// numbers are written with spaces between them.
type numbers []int64

func (n *numbers) UnmarshalText(b []byte) error {
	*n = make(numbers, 0, bytes.Count(b, []byte{' '})+1)
	for word := range bytes.FieldsSeq(b) {
		number, err := strconv.ParseInt(string(word), 10, 64)
		if err != nil {
			return err
		}
		*n = append(*n, number)
	}
	return nil
}

// earlierRow is a deadline that an amendment replaced.
type earlierRow struct {
	Target  int64            `json:"target"`
	Until   calendar.Date    `json:"until"`
	Reading deadline.Reading `json:"reading"`
}

func earlierOf(rows []earlierRow) map[int64][]duty.Earlier {
	earlier := map[int64][]duty.Earlier{}
	for _, r := range rows {
		earlier[r.Target] = append(earlier[r.Target], duty.Earlier{Until: r.Until, Reading: r.Reading})
	}
	return earlier
}

type eventRow struct {
	ID           int64          `json:"id"`
	Kind         string         `json:"kind"`
	KindNL       string         `json:"kind_nl"`
	KindFR       string         `json:"kind_fr"`
	Triggers     []string       `json:"triggers"`
	Title        string         `json:"title"`
	Lang         bilingual.Lang `json:"lang"`
	From         calendar.Date  `json:"from"`
	Until        calendar.Date  `json:"until"`
	Place        string         `json:"place"`
	Participants int            `json:"participants"`
	Targets      []int64        `json:"targets"`
	ByID         int64          `json:"by_id"`
	By           string         `json:"by"`
	BehalfID     int64          `json:"behalf_id"`
	Behalf       string         `json:"behalf"`
	At           time.Time      `json:"at"`
	CancelledAt  *time.Time     `json:"cancelled_at"`
}

func (e eventRow) event() duty.Event {
	event := duty.Event{
		ID: e.ID, Kind: kindRow{e.Kind, e.KindNL, e.KindFR, e.Triggers}.kind(), Title: e.Title, Lang: e.Lang, From: e.From, Until: e.Until,
		Place: e.Place, Participants: e.Participants, Targets: e.Targets, RecordedByID: e.ByID, RecordedBy: e.By,
		BehalfOfID: e.BehalfID, OnBehalfOf: e.Behalf, RecordedAt: e.At,
	}
	if e.CancelledAt != nil {
		event.CancelledAt = *e.CancelledAt
	}
	return event
}

type answerRow struct {
	ID       int64          `json:"id"`
	Target   int64          `json:"target"`
	Event    int64          `json:"event"`
	Due      calendar.Date  `json:"due"`
	Timing   string         `json:"timing"`
	DoneOn   calendar.Date  `json:"done_on"`
	Note     string         `json:"note"`
	Link     string         `json:"link"`
	Lang     bilingual.Lang `json:"lang"`
	ByID     int64          `json:"by_id"`
	By       string         `json:"by"`
	BehalfID int64          `json:"behalf_id"`
	Behalf   string         `json:"behalf"`
	At       time.Time      `json:"at"`
	Files    []fileRow      `json:"files"`
}

type waiverRow struct {
	ID     int64          `json:"id"`
	Target int64          `json:"target"`
	Event  int64          `json:"event"`
	Due    calendar.Date  `json:"due"`
	Reason string         `json:"reason"`
	Lang   bilingual.Lang `json:"lang"`
	ByID   int64          `json:"by_id"`
	By     string         `json:"by"`
	At     time.Time      `json:"at"`
}
