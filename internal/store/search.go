package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/search"
	"jalon/internal/store/db"
)

// Reach is what somebody may search: whole mandates, and parts of others.
type Reach struct {
	access.Scope
	Parts []string // a mandate's number and the code of an objective or target in it: 12:S3, 12:S3.2-1
}

// ReachOf gives what somebody may do the action to on a day: mandates of which
// they see a part only are in the parts, target by target or objective by objective.
func ReachOf(v access.Viewer, today calendar.Date, action access.Action) Reach {
	scope := access.ScopeOf(v, today, action)
	r := Reach{Scope: access.Scope{All: scope.All, Institutions: scope.Institutions, Mandates: []int64{}}, Parts: []string{}}
	for id, c := range access.CoversAll(v, today, action) {
		if c.Whole {
			r.Mandates = append(r.Mandates, id)
		}
		for _, code := range c.Parts() {
			r.Parts = append(r.Parts, strconv.FormatInt(id, 10)+":"+code)
		}
	}
	return r
}

// SearchQuestion asks for what holds the words of a query on a day.
type SearchQuestion struct {
	search.Query
	Reach
	Moment     // what is looked back to
	Most   int // of each kind
}

// Kinds of what is found.
const (
	FoundMandate   = "mandate"
	FoundObjective = "objective"
	FoundPassage   = "passage" // context or goal of an objective
	FoundPoint     = "point"
	FoundTarget    = "target"
	FoundKPI       = "kpi"
	FoundEntry     = "entry"
	FoundDecision  = "decision"
	FoundAnswer    = "answer" // to what a body asked
	FoundEvent     = "event"
	FoundIndicator = "indicator"
)

// Found is one place that holds the words, or that has the code.
type Found struct {
	Kind    string
	Mandate string         // its code
	Title   bilingual.Text // of the mandate
	Code    mandate.Code   // zero for a mandate, an indicator and an event
	Own     string         // code of an indicator
	ID      int64          // of the entry, event or decision
	Shared  int            // mandates that have this same text of the framework, this one among them
	Day     calendar.Date  // that an entry speaks of, of an event, or on which it was said
	Period  calendar.Date  // first day of the half-year that a decision is about
	Status  string         // of an entry; the kind of a decision; "cancelled" for an event
	Who     string         // author of an entry or answer, holder of a mandate
	Pieces  map[bilingual.Lang][]search.Piece
}

// CodePlaces gives where a code is, in the order of the mandates.
func (s *Store) CodePlaces(ctx context.Context, q SearchQuestion) ([]Found, error) {
	codes := []string{}
	for _, c := range q.Codes {
		codes = append(codes, c.String())
	}
	rows, err := s.queries.SearchPlaces(ctx, db.SearchPlacesParams{
		Codes: codes, Mandate: q.Mandate, Indicator: indicatorCode(q.Query), Everything: q.All, Institutions: q.Institutions, Mandates: q.Mandates, Parts: q.Parts, Most: int32(q.Most),
		AsOf: q.Day, Known: knownBy(q.Known),
	})
	if err != nil {
		return nil, fmt.Errorf("look for a code: %w", err)
	}
	all := make([]Found, len(rows))
	for i, r := range rows {
		all[i] = Found{Kind: r.Kind, Mandate: r.MandateCode, Title: text(r.TitleNl, r.TitleFr, r.TitleNlState, r.TitleFrState), Shared: 1}
		if err := all[i].name(r.Code); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// name sets the code of a place, if it has one.
func (f *Found) name(code string) (err error) {
	switch {
	case f.Kind == FoundIndicator:
		f.Own = code
	case code != "":
		f.Code, err = mandate.ParseCode(code)
	}
	return err
}

// indicatorCode gives what was typed as the code of an indicator would be written.
func indicatorCode(q search.Query) string { return strings.ToUpper(q.Text) }

// Search gives what holds all the words, kind by kind, at most so many of each:
// the latest entries first, and texts in the order of the letters. One statement.
func (s *Store) Search(ctx context.Context, q SearchQuestion) ([]Found, error) {
	first, last, beginning := q.Terms()
	indicator := ""
	if !q.IsCode() { // else CodePlaces has it
		indicator = indicatorCode(q.Query)
	}
	rows, err := s.queries.Search(ctx, db.SearchParams{
		FirstWords: first, LastWord: last, Beginning: beginning, Words: q.Words, Indicator: indicator, AsOf: q.Day, Known: knownBy(q.Known), Most: int32(q.Most),
		Everything: q.All, Institutions: q.Institutions, Mandates: q.Reach.Mandates, Parts: q.Parts,
	})
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	all := make([]Found, len(rows))
	for i, r := range rows {
		all[i] = Found{
			Kind: r.Kind, Mandate: r.MandateCode, Title: text(r.TitleNl, r.TitleFr, r.TitleNlState, r.TitleFrState),
			ID: r.Ref, Shared: int(r.Shared), Day: r.Day, Period: r.Period, Status: r.Status, Who: r.Who, Pieces: map[bilingual.Lang][]search.Piece{},
		}
		if err := all[i].name(r.Code); err != nil {
			return nil, err
		}
		if r.Nl != "" {
			all[i].Pieces[bilingual.NL] = q.MarkWithin(r.Nl, r.MarkedNl)
		}
		if r.Fr != "" {
			all[i].Pieces[bilingual.FR] = search.Mark(r.Fr, r.MarkedFr)
		}
	}
	return all, nil
}

// OnlyStopWords reports whether nothing is left of a question, in one of the
// languages, without the words that every text holds, such as "de" and "les".
func (s *Store) OnlyStopWords(ctx context.Context, q search.Query) (bool, error) {
	n, err := s.queries.SearchNodes(ctx, strings.Join(q.Words, " & "))
	if err != nil {
		return false, fmt.Errorf("count the words of a question: %w", err)
	}
	return n == 0, nil
}
