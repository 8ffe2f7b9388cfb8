package web

import (
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/progress"
	"jalon/internal/search"
)

// SearchView is what was found of what was asked.
type SearchView struct {
	Frame
	Query  string
	URL    string // of the page
	Places []FoundLine
	Groups []SearchGroup
	Advice string // key of what to try: start, signs, stop_words, code, nothing; "" when something was found
}

// SearchGroup is what was found of one kind. Key names its words:
// "search.kind." + Key (mandate, objective, point, target, kpi, indicator, entry, decision, event).
type SearchGroup struct {
	Key     string
	Lines   []FoundLine
	More    bool   // there are others
	MoreURL string // where they are; "" on their own page
}

// FoundLine is one place, with the words that were found.
type FoundLine struct {
	Kind        string
	URL         string
	Code        string // as shown; "" for a mandate and an event
	Mandate     bilingual.Text
	MandateCode string
	Shared      int // other mandates with this same text
	Day         calendar.Date
	Period      calendar.HalfYear
	Status      progress.Status // of an entry
	Said        string          // kind of a decision
	Who         string
	Cancelled   bool
	Pieces      []search.Piece
	Lang        bilingual.Lang // of the pieces
}

// found counts what is shown of a kind; a + says that there are others.
func (g SearchGroup) found() string {
	if g.More {
		return itoa(len(g.Lines)) + "+"
	}
	return itoa(len(g.Lines))
}

// link is what the link of a place says.
func (v SearchView) link(l FoundLine) string {
	switch {
	case l.Code != "" && l.Kind == "passage":
		return l.Code
	case l.Code != "":
		return l.Code
	case l.Kind == "event":
		return v.Printer.Date(l.Day)
	}
	return v.plain(l.Mandate)
}

// placeKinds are those of which a code alone does not say what it stands for.
var placeKinds = map[string]bool{"objective": true, "point": true, "target": true, "kpi": true, "indicator": true}

// about says what else there is to know of a place.
func (v SearchView) about(l FoundLine) string {
	var parts []string
	if len(l.Pieces) == 0 && placeKinds[l.Kind] {
		parts = append(parts, v.T("search.place."+l.Kind))
	}
	switch l.Kind {
	case "passage":
		parts = append(parts, v.T("search.passage"))
	case "entry":
		parts = append(parts, v.T("entry.as_of", "Date", v.Printer.Date(l.Day)), l.Who)
	case "decision":
		parts = append(parts, v.T("search.said."+l.Said), v.Printer.HalfYear(l.Period))
	case "answer":
		parts = append(parts, v.T("search.answer"), v.Printer.Date(l.Day), l.Who)
	case "event":
		if l.Cancelled {
			parts = append(parts, v.T("event.is_cancelled"))
		}
	case "mandate":
		parts = append(parts, l.MandateCode, l.Who)
	}
	if l.Kind != "mandate" {
		parts = append(parts, v.plain(l.Mandate))
	}
	if l.Shared > 0 {
		parts = append(parts, v.N("search.shared", l.Shared))
	}
	return joined(parts...)
}
