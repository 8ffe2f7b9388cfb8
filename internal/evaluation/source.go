package evaluation

import (
	"fmt"
	"strconv"
	"time"

	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
)

// SourceKind is what a statement of a dossier was taken from.
type SourceKind string

// Kinds of sources, each with numbers of its own.
const (
	FromLetter      SourceKind = "letter"      // the objectives as fixed; number of the mandate
	FromAmendment   SourceKind = "amendment"   // of the letter
	FromEntry       SourceKind = "entry"       // what was reported
	FromAnswer      SourceKind = "answer"      // to a duty
	FromWaiver      SourceKind = "waiver"      // of a duty
	FromDecision    SourceKind = "decision"    // of a body
	FromReply       SourceKind = "reply"       // to a question of a body; number of the question
	FromEvidence    SourceKind = "evidence"    // a file
	FromLink        SourceKind = "link"        // on the web
	FromMeasurement SourceKind = "measurement" // value of an indicator
	FromTable       SourceKind = "table"       // sealed; number of its half-year
	FromReport      SourceKind = "report"      // the activity report of the holder
	FromOpinion     SourceKind = "opinion"     // of a participant
	FromRightReply  SourceKind = "right_reply" // of the holder to the opinions
	FromConclusion  SourceKind = "conclusion"  // of the commission
	FromRule        SourceKind = "rule"        // computed by a rule of the program; number of the target
)

// Source is where a statement of a dossier comes from, so that anybody can find
// it in Jalon: its kind and number, its version and its day.
type Source struct {
	Kind    SourceKind
	ID      int64
	Version int           // 1 for what has no versions
	On      calendar.Date // of which it speaks
	At      time.Time     // when it was recorded; zero when that is not known
	By      string        // who recorded it
	For     string        // in whose name; "" for their own
	Code    mandate.Code  // of the target or objective; zero for the mandate as such
	Name    string        // number of a table, code of an indicator, name of a file, body of a decision
	SHA256  string        // of a file or a table; else ""
}

// Key names a source among all of a mandate.
func (s Source) Key() string { return fmt.Sprintf("%s/%d/v%d", s.Kind, s.ID, s.Version) }

// Sources is the numbered list of sources of a dossier. The same record gives
// every source the same number, in each of its forms.
type Sources struct {
	All []Source
	at  map[string]int
}

// Add gives a source a number, from 1 on; the one it has when it was added before.
func (s *Sources) Add(one Source) int {
	if s.at == nil {
		s.at = map[string]int{}
	}
	if one.Version == 0 {
		one.Version = 1
	}
	if n, known := s.at[one.Key()]; known {
		return n
	}
	s.All = append(s.All, one)
	s.at[one.Key()] = len(s.All)
	return len(s.All)
}

// Number gives the number of a source, by kind and number and the latest version known; 0 when it is not cited.
func (s *Sources) Number(kind SourceKind, id int64) int {
	for i := len(s.All); i > 0; i-- {
		if one := s.All[i-1]; one.Kind == kind && one.ID == id {
			return i
		}
	}
	return 0
}

// Cited lists the sources of the record, in its order.
func (r TenureRecord) Cited() *Sources {
	s := &Sources{}
	s.Add(Source{Kind: FromLetter, ID: r.Mandate.ID, On: r.FixedOn, Name: r.Mandate.Code})
	for _, a := range r.Amendments {
		s.Add(Source{Kind: FromAmendment, ID: a.ID, On: a.EffectiveOn, At: a.RecordedAt, By: a.RecordedBy, Name: a.Authority})
	}
	for _, t := range r.Targets {
		t.cite(s, r.AsOf)
	}
	for _, one := range r.Indicators {
		for _, p := range one.Points {
			if m := p.Recorded; m != nil && !p.Hidden { // what is kept back has no source either
				by := m.By
				if by == "" {
					by = m.Machine
				}
				s.Add(Source{Kind: FromMeasurement, ID: m.ID, On: m.On, At: m.At, By: by, Name: one.Code})
			}
		}
	}
	for _, t := range r.Tables {
		s.Add(Source{Kind: FromTable, ID: tableID(t.Period), On: t.Period.End(), At: t.Seal.SealedAt, By: t.Seal.SealedBy, Name: t.Seal.Number, SHA256: t.Seal.SHA256})
	}
	return s
}

func (t TargetRecord) cite(s *Sources, asOf calendar.Date) {
	code := t.Target.Code
	s.Add(Source{Kind: FromRule, ID: t.Target.ID, On: asOf, Code: code})
	entry := func(v Version) {
		s.Add(Source{Kind: FromEntry, ID: v.ID, Version: v.Number, On: v.AsOf, At: v.RecordedAt, By: v.Author, For: v.OnBehalfOf, Code: code})
	}
	if t.Before != nil {
		entry(*t.Before)
	}
	for _, v := range append(t.Entries[:len(t.Entries):len(t.Entries)], t.Others...) {
		entry(v)
	}
	answer := func(a duty.Answer) {
		s.Add(Source{Kind: FromAnswer, ID: a.ID, On: a.DoneOn, At: a.At, By: a.By, For: a.OnBehalfOf, Code: code})
	}
	for _, a := range t.Answers {
		answer(a)
	}
	for _, d := range t.Duties {
		c := d.Closing
		if c != nil && c.Answer != nil {
			answer(*c.Answer)
		}
		if c != nil && c.Waiver != nil {
			s.Add(Source{Kind: FromWaiver, ID: c.Waiver.ID, On: c.On, At: c.Waiver.At, By: c.Waiver.By, Code: code})
		}
	}
	for _, d := range t.Decisions {
		s.Add(Source{Kind: FromDecision, ID: d.ID, On: calendar.DateOf(d.At), At: d.At, By: d.By, Code: code})
		if a := d.Answer; a != nil {
			s.Add(Source{Kind: FromReply, ID: d.ID, On: calendar.DateOf(a.At), At: a.At, By: a.By, For: a.OnBehalfOf, Code: code})
		}
	}
	for _, p := range t.Evidence {
		if f := p.File; f != nil {
			s.Add(Source{Kind: FromEvidence, ID: f.ID, On: calendar.DateOf(f.AddedAt), At: f.AddedAt, By: f.AddedBy, Code: code, Name: f.Name, SHA256: f.SHA256})
		} else if l := p.Link; l != nil {
			s.Add(Source{Kind: FromLink, ID: l.ID, On: calendar.DateOf(l.AddedAt), At: l.AddedAt, By: l.AddedBy, Code: code, Name: l.URL})
		}
	}
}

// tableID makes a number of a half-year: 20261 for the first of 2026.
func tableID(h calendar.HalfYear) int64 {
	n, _ := strconv.ParseInt(fmt.Sprintf("%d%d", h.Year, h.Half), 10, 64)
	return n
}

// OfTable gives the number of the source that is the table of a half-year; 0 when it is not quoted.
func (s *Sources) OfTable(h calendar.HalfYear) int { return s.Number(FromTable, tableID(h)) }
