package evaluation

import (
	"slices"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/evidence"
	"jalon/internal/mandate"
)

// Case is all of one evaluation: what was planned, what happened, what everybody
// wrote. What is in it is what its reader may see; see For.
type Case struct {
	ID          int64
	Mandate     mandate.Mandate // without objectives; its holder is the one who is evaluated
	Kind        Kind
	From, Until calendar.Date  // the period that is evaluated, both included, within the tenure
	PlannedOn   calendar.Date  // of the interview
	Lang        bilingual.Lang // of record: the language role of the holder
	ShownFrom   Stage          // from which on the holder reads opinions
	Settings    Settings       // of the institution, in force on the day that was asked for
	Steps       []Step         // the first one first
	People      []Participant
	Reports     []Report // what the holder handed in, the first version first
	Opinions    []Opinion
	Replies     []Reply // to the evaluation as a whole; those to an opinion stand with it
	Conclusions []Conclusion
	Documents   []SignedDocument
	Record      Record
	Layout      Layout           // the sections that a report has now
	Drafts      map[string]Draft // what the holder still writes, by part
}

// Stage is where it stands now.
func (c Case) Stage() Stage { return StageOf(c.Steps) }

// Path lists the stages that it passes, in their order: an appeal only when
// there was one, or while there still may be.
func (c Case) Path() []Stage {
	appealed := slices.ContainsFunc(c.Steps, func(s Step) bool { return s.To == Appeal })
	return slices.DeleteFunc(slices.Clone(Stages), func(s Stage) bool { return s == Appeal && c.Stage() == Closed && !appealed })
}

// Held reports whether everything must be kept, whatever its age: until it is
// closed, and so during an appeal.
func (c Case) Held() bool { return c.Stage() != Closed }

// Report gives the version that counts: the last one; ok is false when there is none.
func (c Case) Report() (r Report, ok bool) {
	if len(c.Reports) == 0 {
		return r, false
	}
	return c.Reports[len(c.Reports)-1], true
}

// Conclusion gives the one that counts: the last one.
func (c Case) Conclusion() (k Conclusion, ok bool) {
	if len(c.Conclusions) == 0 {
		return k, false
	}
	return c.Conclusions[len(c.Conclusions)-1], true
}

// Capacity is as what somebody takes part, beside the holder.
type Capacity string

// Capacities. Superior and minister give their opinion before the interview
// with the commission.
const (
	Superior   Capacity = "superior"
	Minister   Capacity = "minister"
	Commission Capacity = "commission"
)

// Capacities lists them in the order of the procedure.
var Capacities = []Capacity{Superior, Minister, Commission}

// Participant reads the evaluation between two days, both included.
type Participant struct {
	ID          int64
	PersonID    int64
	Name        string
	Capacity    Capacity
	From, Until calendar.Date
}

// Report is one version of the activity report as it was handed in.
type Report struct {
	ID          int64
	Number      int // from 1
	Lang        bilingual.Lang
	Layout      Layout // as it was then
	Texts       []Text
	Quotes      []Quote // by number
	SubmittedBy string
	SubmittedAt time.Time
}

// General is the part of a report that is about no objective in particular.
const General = "general"

// Text is what the holder wrote in one section.
type Text struct {
	Part    string // code of an objective, such as S3, or General
	Section string // code
	Text    string // plain, with references such as [#1234]
}

// Text finds what was written in a section of a part; "" for nothing.
func (r Report) Text(part, section string) string {
	for _, t := range r.Texts {
		if t.Part == part && t.Section == section {
			return t.Text
		}
	}
	return ""
}

// Quote finds the footnote of an entry.
func (r Report) Quote(entry int64) (Quote, bool) {
	i := slices.IndexFunc(r.Quotes, func(q Quote) bool { return q.EntryID == entry })
	if i < 0 {
		return Quote{}, false
	}
	return r.Quotes[i], true
}

// Opinion is what the superior, the minister or the commission thinks.
type Opinion struct {
	ID         int64
	Capacity   Capacity
	Author     string // whose it is: an account is not needed
	On         calendar.Date
	Text       string
	Lang       bilingual.Lang
	RecordedBy string // the author, or the officer who received it
	RecordedAt time.Time
	Replies    []Reply // never left out of what shows the opinion
}

// Reply is what the holder answers. Nobody can refuse or change it.
type Reply struct {
	ID        int64
	OpinionID int64 // 0: to the evaluation as a whole
	Text      string
	Lang      bilingual.Lang
	Author    string
	At        time.Time
}

// Conclusion is the mention that the commission gave, with its reasons.
type Conclusion struct {
	ID         int64
	Grade      Grade
	On         calendar.Date
	Text       string
	Lang       bilingual.Lang
	RecordedBy string
	RecordedAt time.Time
}

// About says what a signed document holds.
type About string

// What signed documents hold.
const (
	AboutReport     About = "report"
	AboutOpinion    About = "opinion"
	AboutReply      About = "reply"
	AboutConclusion About = "conclusion"
	AboutAppeal     About = "appeal"
)

// Abouts lists them in the order of the procedure.
var Abouts = []About{AboutReport, AboutOpinion, AboutReply, AboutConclusion, AboutAppeal}

// SignedDocument is a document that came back signed. Its File is kept under the
// hash of its content, and compared with it whenever it is sent.
type SignedDocument struct {
	About    About
	File     evidence.File
	Compared bool // with a hash that the signatory gave beside it
}

// Draft is a part of a report that the holder is still writing.
type Draft struct {
	Part    string
	Texts   map[string]string // by code of the section
	Version int               // 0: nothing was kept yet
	SavedAt time.Time
}

// Note is what somebody who was named to read an evaluation writes down for
// themself. It is no part of the case: nobody else reads it, no document holds
// it, and it is gone once the evaluation is closed.
type Note struct {
	Text    string // at most MaxText characters; "" for none
	Version int    // 0: nothing is kept
}

// MaxText is the longest text of a section, opinion or reply, in characters.
const MaxText = 20000
