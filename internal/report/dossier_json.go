package report

import (
	"encoding/json"
	"io"
	"time"

	"github.com/shopspring/decimal"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/evaluation"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
)

// DossierSchema names the form of a dossier's data.
const DossierSchema = "jalon/dossier/1"

// The data of a dossier for programs: texts in both languages, the same numbers
// as on paper, and beside each statement the numbers of its sources, which are
// their places in the list of sources, from 1 on.
type wireDossier struct {
	Schema      string          `json:"schema"`
	Evaluation  int64           `json:"evaluation,omitempty"`
	Kind        bilingual.Text  `json:"kind"`
	Lang        bilingual.Lang  `json:"lang"`
	RecordLang  bilingual.Lang  `json:"language_of_record,omitempty"`
	Mandate     wireOffice      `json:"mandate"`
	Holder      wireHolder      `json:"holder"`
	From        calendar.Date   `json:"from"`
	Until       calendar.Date   `json:"until"`
	AsOf        calendar.Date   `json:"as_of"`
	PlannedOn   calendar.Date   `json:"interview,omitzero"`
	Objectives  []wireObjective `json:"objectives_as_fixed"`
	Amendments  []wireAmended   `json:"amendments"`
	Targets     []wireTarget    `json:"targets"`
	Indicators  []wireSeries    `json:"indicators"`
	Tables      []wireQuoted    `json:"sealed_tables"`
	Written     []wireWriting   `json:"written"`
	Sources     []wireSource    `json:"sources"`
	Untranslate []wireGap       `json:"untranslated"`
}

type wireOffice struct {
	Code        string         `json:"code"`
	Rank        string         `json:"rank,omitempty"`
	Title       bilingual.Text `json:"title"`
	Institution bilingual.Text `json:"institution"`
}

type wireHolder struct {
	Name    string        `json:"name"`
	From    calendar.Date `json:"from"`
	Until   calendar.Date `json:"until,omitzero"`
	Interim bool          `json:"interim,omitempty"`
}

type wireObjective struct {
	Code   mandate.Code     `json:"code"`
	Title  bilingual.Text   `json:"title"`
	Goals  []bilingual.Text `json:"goals,omitempty"`
	Points []wirePoint      `json:"points,omitempty"`
	KPIs   []wireText       `json:"kpis,omitempty"`
}

type wirePoint struct {
	wireText
	Targets []wireText `json:"targets"`
}

type wireText struct {
	Code     mandate.Code    `json:"code"`
	Text     bilingual.Text  `json:"text"`
	Deadline *bilingual.Text `json:"deadline,omitempty"`
}

type wireAmended struct {
	On        calendar.Date `json:"in_force"`
	Authority string        `json:"authority,omitempty"`
	Reason    string        `json:"reason"`
	Source    int           `json:"source"`
	Changes   []wireChange  `json:"changes"`
}

type wireChange struct {
	Place  string            `json:"place"`
	Kind   mandate.PlaceKind `json:"kind"`
	Before bilingual.Text    `json:"before"`
	After  bilingual.Text    `json:"after"`

	Reading   string `json:"reading,omitempty"` // of a deadline
	Confirmed string `json:"confirmed_by,omitempty"`
}

type wireTarget struct {
	wireText
	Reading   string         `json:"reading"`
	Confirmed string         `json:"confirmed_by,omitempty"`
	Owed      int            `json:"duties"`
	Kept      int            `json:"kept"`
	Missed    int            `json:"missed"`
	Rule      int            `json:"source"`
	Line      []wireStanding `json:"half_years"`
	Duties    []wireOwed     `json:"duty_list,omitempty"`
	Entries   []wireVersion  `json:"entries,omitempty"`
	Evidence  []wireExhibit  `json:"evidence,omitempty"`
	Decisions []wireSaid     `json:"decisions,omitempty"`
}

type wireStanding struct {
	Period calendar.HalfYear `json:"period"`
	On     calendar.Date     `json:"on"`
	Status progress.Status   `json:"status"`
	Source int               `json:"source"`
}

type wireOwed struct {
	From   calendar.Date `json:"from,omitzero"`
	Due    calendar.Date `json:"due"`
	Reason string        `json:"reason"`
	State  duty.State    `json:"state"`
	On     calendar.Date `json:"answered_on,omitzero"`
	InTime bool          `json:"in_time,omitempty"`
}

type wireVersion struct {
	ID          int64            `json:"id"`
	Version     int              `json:"version"`
	CorrectedBy int64            `json:"corrected_by,omitempty"`
	AsOf        calendar.Date    `json:"as_of"`
	RecordedAt  time.Time        `json:"recorded_at"`
	Author      string           `json:"author"`
	OnBehalfOf  string           `json:"on_behalf_of,omitempty"`
	Status      progress.Status  `json:"status"`
	Percentage  *decimal.Decimal `json:"percentage,omitempty"`
	Value       *decimal.Decimal `json:"value,omitempty"`
	Achieved    string           `json:"achieved,omitempty"`
	Obstacles   string           `json:"obstacles,omitempty"`
	Outside     bool             `json:"outside_control,omitempty"`
	NextSteps   string           `json:"next_steps,omitempty"`
	Support     string           `json:"support_asked,omitempty"`
	SupportOf   string           `json:"support_of,omitempty"`
	SupportBy   calendar.Date    `json:"support_by,omitzero"`
	Reason      string           `json:"reason,omitempty"`
	Correction  string           `json:"correction_reason,omitempty"`
	Lang        bilingual.Lang   `json:"lang"`
	Source      int              `json:"source"`
}

type wireExhibit struct {
	Name   string    `json:"name,omitempty"`
	URL    string    `json:"url,omitempty"`
	SHA256 string    `json:"sha256,omitempty"`
	Size   int       `json:"size,omitempty"`
	Path   string    `json:"path,omitempty"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Source int       `json:"source"`
}

type wireSaid struct {
	Body   bilingual.Text          `json:"body"`
	Period calendar.HalfYear       `json:"period"`
	Kind   monitoring.DecisionKind `json:"kind"`
	Text   string                  `json:"text,omitempty"`
	Lang   bilingual.Lang          `json:"lang"`
	Due    calendar.Date           `json:"due,omitzero"`
	By     string                  `json:"by"`
	At     time.Time               `json:"at"`
	Source int                     `json:"source"`
	Answer *wireAnswer             `json:"answer,omitempty"`
}

type wireAnswer struct {
	Text   string         `json:"text"`
	Lang   bilingual.Lang `json:"lang"`
	By     string         `json:"by"`
	For    string         `json:"on_behalf_of,omitempty"`
	At     time.Time      `json:"at"`
	Source int            `json:"source"`
}

type wireSeries struct {
	Code   string         `json:"code"`
	Name   bilingual.Text `json:"name"`
	Unit   bilingual.Text `json:"unit"`
	Values []wireValue    `json:"values"`
}

type wireValue struct {
	On     calendar.Date    `json:"on"`
	Value  *decimal.Decimal `json:"value"` // null: kept back, the group is too small
	Source int              `json:"source,omitempty"`
}

type wireQuoted struct {
	Period calendar.HalfYear `json:"period"`
	Number string            `json:"number"`
	SHA256 string            `json:"sha256"`
	At     time.Time         `json:"sealed_at"`
	By     string            `json:"sealed_by"`
	Path   string            `json:"path"`
	Source int               `json:"source"`
}

type wireWriting struct {
	Kind     evaluation.SourceKind `json:"kind"`
	Capacity string                `json:"capacity,omitempty"`
	By       string                `json:"by"`
	Recorded string                `json:"recorded_by,omitempty"` // when somebody else did
	On       calendar.Date         `json:"on"`
	Version  int                   `json:"version"`
	Lang     bilingual.Lang        `json:"lang"`
	Title    bilingual.Text        `json:"title,omitzero"`
	Source   int                   `json:"source"`
	Sections []wireWritten         `json:"sections"`
	Replies  []wireWriting         `json:"replies"`
}

type wireWritten struct {
	Objective *mandate.Code  `json:"objective,omitempty"`
	Title     bilingual.Text `json:"title,omitzero"`
	Text      string         `json:"text"`
}

type wireSource struct {
	Number  int                   `json:"number"`
	Kind    evaluation.SourceKind `json:"kind"`
	ID      int64                 `json:"id"`
	Version int                   `json:"version"`
	On      calendar.Date         `json:"on"`
	At      time.Time             `json:"recorded_at,omitzero"`
	By      string                `json:"by,omitempty"`
	For     string                `json:"on_behalf_of,omitempty"`
	Code    *mandate.Code         `json:"code,omitempty"`
	Name    string                `json:"name,omitempty"`
	SHA256  string                `json:"sha256,omitempty"`
}

type wireGap struct {
	Where string         `json:"where"`
	Field string         `json:"field"`
	State string         `json:"state"`
	In    bilingual.Lang `json:"written_in,omitempty"`
}

func (d dossier) writeJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(d.wire())
}

func (d dossier) wire() wireDossier {
	r := d.Record
	h := r.Mandate.Holder
	w := wireDossier{
		Schema: DossierSchema, Evaluation: d.ID, Kind: d.Kind, Lang: d.p.Lang, RecordLang: d.Lang,
		Mandate: wireOffice{r.Mandate.Code, r.Mandate.Rank, r.Mandate.Title, r.Mandate.Institution.Name},
		Holder:  wireHolder{h.Name, h.From, h.Until, h.Interim}, From: r.From, Until: r.Until, AsOf: r.AsOf, PlannedOn: d.PlannedOn,
	}
	for _, o := range r.Fixed.Objectives {
		w.Objectives = append(w.Objectives, objectiveWire(o))
	}
	for _, a := range r.Amendments {
		one := wireAmended{On: a.EffectiveOn, Authority: a.Authority, Reason: a.Reason, Source: d.source(evaluation.FromAmendment, a.ID)}
		for _, c := range a.Changes {
			change := wireChange{Place: c.Name, Kind: c.Kind, Before: c.Before, After: c.After}
			if c.Deadline != nil {
				change.Reading, change.Confirmed = c.Deadline.Reading.Reading, c.Deadline.ConfirmedBy
			}
			one.Changes = append(one.Changes, change)
		}
		w.Amendments = append(w.Amendments, one)
	}
	for _, t := range r.Targets {
		w.Targets = append(w.Targets, d.targetWire(t))
	}
	for _, s := range r.Indicators {
		one := wireSeries{Code: s.Code, Name: s.Name, Unit: s.Unit}
		for _, p := range s.Points {
			v := wireValue{On: p.On}
			if !p.Hidden {
				value := p.Value
				v.Value = &value
			}
			if p.Recorded != nil {
				v.Source = d.source(evaluation.FromMeasurement, p.Recorded.ID)
			}
			one.Values = append(one.Values, v)
		}
		w.Indicators = append(w.Indicators, one)
	}
	for _, t := range r.Tables {
		w.Tables = append(w.Tables, wireQuoted{t.Period, t.Seal.Number, t.Seal.SHA256, t.Seal.SealedAt, t.Seal.SealedBy, d.tablePath(t, JSON), d.sources.OfTable(t.Period)})
	}
	for _, one := range d.Written {
		w.Written = append(w.Written, d.writingWire(one))
	}
	for i, s := range d.sources.All {
		one := wireSource{Number: i + 1, Kind: s.Kind, ID: s.ID, Version: s.Version, On: s.On, At: s.At, By: s.By, For: s.For, Name: s.Name, SHA256: s.SHA256}
		if s.Kind == evaluation.FromEvidence && d.files[s.ID] == "" {
			one.Name = ""
		}
		if s.Code.Objective > 0 {
			one.Code = &d.sources.All[i].Code
		}
		w.Sources = append(w.Sources, one)
	}
	for _, g := range d.gaps() {
		w.Untranslate = append(w.Untranslate, wireGap{g.where, g.field, g.state, g.in})
	}
	return w
}

func objectiveWire(o mandate.Objective) wireObjective {
	one := wireObjective{Code: o.Code, Title: o.Title, Goals: o.Goals}
	for _, p := range o.Points {
		point := wirePoint{wireText: wireText{Code: p.Code, Text: p.Text}}
		for _, g := range p.Targets {
			point.Targets = append(point.Targets, wireText{g.Code, g.Text, &g.Deadline.Text})
		}
		one.Points = append(one.Points, point)
	}
	for _, k := range o.KPIs {
		one.KPIs = append(one.KPIs, wireText{Code: k.Code, Text: k.Text})
	}
	return one
}

func (d dossier) targetWire(t evaluation.TargetRecord) wireTarget {
	g := t.Target
	w := wireTarget{wireText: wireText{g.Code, g.Text, &g.Deadline.Text}, Reading: g.Deadline.Reading.Reading, Confirmed: g.Deadline.ConfirmedBy, Owed: len(t.Duties), Rule: d.source(evaluation.FromRule, g.ID)}
	w.Kept, w.Missed = t.Kept()
	for _, s := range t.Line {
		source := w.Rule
		if s.EntryID != 0 {
			source = d.source(evaluation.FromEntry, s.EntryID)
		}
		w.Line = append(w.Line, wireStanding{s.Period, s.On, s.Status, source})
	}
	for _, owed := range t.Duties {
		one := wireOwed{From: owed.From, Due: owed.Due, Reason: owed.Reason.Code, State: owed.State}
		if c := owed.Closing; c != nil {
			one.On, one.InTime = c.On, c.InTime
		}
		w.Duties = append(w.Duties, one)
	}
	for _, v := range t.Entries {
		w.Entries = append(w.Entries, wireVersion{
			v.ID, v.Number, v.CorrectedBy, v.AsOf, v.RecordedAt.UTC(), v.Author, v.OnBehalfOf, v.Status, v.Percentage, v.Value, v.Achieved, v.Obstacles, v.OutsideControl,
			v.NextSteps, v.SupportAsked, v.SupportOf, v.SupportBy, v.Reason, v.CorrectionReason, v.Lang, d.source(evaluation.FromEntry, v.ID),
		})
	}
	for _, e := range t.Evidence {
		w.Evidence = append(w.Evidence, d.exhibitWire(e))
	}
	for _, b := range t.Decisions {
		one := wireSaid{b.Body, b.Period, b.Kind, b.Text, b.Lang, b.Due, b.By, b.At, d.source(evaluation.FromDecision, b.ID), nil}
		if a := b.Answer; a != nil {
			one.Answer = &wireAnswer{a.Text, a.Lang, a.By, a.OnBehalfOf, a.At, d.source(evaluation.FromReply, b.ID)}
		}
		w.Decisions = append(w.Decisions, one)
	}
	return w
}

func (d dossier) exhibitWire(e evaluation.Exhibit) wireExhibit {
	if l := e.Link; l != nil {
		return wireExhibit{Name: l.Title, URL: l.URL, By: l.AddedBy, At: l.AddedAt.UTC(), Source: d.source(evaluation.FromLink, l.ID)}
	}
	f := e.File
	one := wireExhibit{Name: f.Name, SHA256: f.SHA256, Size: f.Size, Path: d.files[f.ID], By: f.AddedBy, At: f.AddedAt.UTC(), Source: d.source(evaluation.FromEvidence, f.ID)}
	if one.Path == "" {
		one.Name = ""
	}
	return one
}

func (d dossier) writingWire(w Writing) wireWriting {
	one := wireWriting{Kind: w.Kind, Capacity: w.Capacity, By: w.author(), On: w.On, Version: w.Version, Lang: w.Lang, Title: w.Title, Source: d.source(w.Kind, w.ID)}
	if w.For != "" {
		one.Recorded = w.By
	}
	for _, s := range w.Sections {
		written := wireWritten{Title: s.Title, Text: d.quoted(s.Text)}
		if s.Part.Objective > 0 {
			written.Objective = &s.Part
		}
		one.Sections = append(one.Sections, written)
	}
	for _, r := range w.Replies {
		one.Replies = append(one.Replies, d.writingWire(r))
	}
	return one
}
