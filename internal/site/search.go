package site

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/progress"
	"jalon/internal/search"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) searchRoutes() []route {
	return []route{{method: http.MethodGet, pattern: "/search", action: access.ViewMandate, handler: s.showSearch, past: true}}
}

const (
	foundOfEach = 8   // of each kind, when all kinds are shown
	foundOfOne  = 100 // of one kind
	excerptSize = 240 // letters around what was found
)

// foundGroup is the kinds of places that are shown together.
type foundGroup struct {
	key   string
	kinds []string
}

var foundGroups = []foundGroup{
	{"mandate", []string{store.FoundMandate}},
	{"objective", []string{store.FoundObjective, store.FoundPassage}},
	{"point", []string{store.FoundPoint}},
	{"target", []string{store.FoundTarget}},
	{"kpi", []string{store.FoundKPI}},
	{"indicator", []string{store.FoundIndicator}},
	{"entry", []string{store.FoundEntry}},
	{"decision", []string{store.FoundDecision, store.FoundAnswer}},
	{"event", []string{store.FoundEvent}},
}

// showSearch finds words, or leads to the place that a code names. Whatever is
// typed, it is never a mistake.
func (s *Site) showSearch(w http.ResponseWriter, v *visit) error {
	query := v.URL.Query()
	q := store.SearchQuestion{
		Query: search.Parse(query.Get("q")), Moment: v.moment(), Most: foundOfEach + 1,
		Reach: store.ReachOf(v.viewer, v.today, access.ViewMandate),
	}
	view := web.SearchView{Query: q.Text, URL: v.path("/search"), Advice: "start"}
	kind := query.Get("kind")
	if !slices.ContainsFunc(foundGroups, func(g foundGroup) bool { return g.key == kind }) {
		kind = ""
	}
	if kind != "" {
		q.Most = foundOfOne + 1
	}
	if q.IsCode() {
		places, err := s.Store.CodePlaces(v.Context(), q)
		if err != nil {
			return err
		}
		if len(places) == 1 {
			return redirect(w, placeOf(v, places[0]))
		}
		view.Places = placesFound(v, places, q.Most-1)
	}
	if len(q.Words) > 0 {
		found, err := s.Store.Search(v.Context(), q)
		if err != nil {
			return err
		}
		view.Groups = groupsOf(v, q, found, kind)
		if view.Advice, err = s.searchAdvice(v, q, view); err != nil {
			return err
		}
	} else if q.Text != "" {
		view.Advice = "signs"
	}
	title := v.print.T("search.title")
	if q.Text != "" {
		title = v.print.T("search.for", "Words", q.Text)
	}
	view.Frame = s.frame(v, title)
	view.Frame.SearchURL = "" // the page has the form itself
	return s.render(w, v, http.StatusOK, web.SearchPage(view))
}

// searchAdvice says what to try when nothing was found: the key of its words.
func (s *Site) searchAdvice(v *visit, q store.SearchQuestion, view web.SearchView) (string, error) {
	if len(view.Groups) > 0 || len(view.Places) > 0 {
		return "", nil
	}
	if only, err := s.Store.OnlyStopWords(v.Context(), q.Query); only || err != nil {
		return "stop_words", err
	}
	if q.IsCode() {
		return "code", nil
	}
	return "nothing", nil
}

func groupsOf(v *visit, q store.SearchQuestion, found []store.Found, only string) (groups []web.SearchGroup) {
	most := q.Most - 1
	for _, g := range foundGroups {
		if only != "" && g.key != only {
			continue
		}
		group := web.SearchGroup{Key: g.key}
		for _, kind := range g.kinds {
			for _, f := range found {
				if f.Kind != kind {
					continue
				}
				if len(group.Lines) == most {
					group.More = true
					break
				}
				group.Lines = append(group.Lines, foundLine(v, f))
			}
		}
		if group.More && only == "" {
			group.MoreURL = v.searchURL(q.Text, g.key)
		}
		if len(group.Lines) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

// searchURL is the page of what was asked, of one kind.
func (v *visit) searchURL(words, kind string) string {
	query := url.Values{"q": {words}, "kind": {kind}}
	return v.dated(v.path("/search?") + query.Encode())
}

func placesFound(v *visit, places []store.Found, most int) (lines []web.FoundLine) {
	for _, f := range places[:min(len(places), most)] {
		lines = append(lines, foundLine(v, f))
	}
	return lines
}

// foundLine prefers the reader's language where the words stand in both.
func foundLine(v *visit, f store.Found) web.FoundLine {
	line := web.FoundLine{
		Kind: f.Kind, URL: placeOf(v, f), Mandate: f.Title, MandateCode: f.Mandate, Shared: f.Shared - 1,
		Day: f.Day, Who: f.Who, Cancelled: f.Status == "cancelled",
	}
	switch {
	case f.Kind == store.FoundIndicator:
		line.Code = f.Own
	case f.Code.Objective > 0:
		line.Code = v.print.Code(f.Code)
	}
	switch f.Kind {
	case store.FoundEntry:
		line.Status = progress.Status(f.Status)
	case store.FoundDecision:
		line.Said = f.Status
	}
	if !f.Period.IsZero() {
		line.Period = calendar.HalfYearOf(f.Period)
	}
	line.Lang = v.lang
	if own := f.Pieces[v.lang]; len(own) == 0 || !search.HasFound(own) && search.HasFound(f.Pieces[v.lang.Other()]) {
		line.Lang = v.lang.Other()
	}
	line.Pieces = search.Excerpt(f.Pieces[line.Lang], excerptSize)
	return line
}

// placeOf is where something that was found stands.
func placeOf(v *visit, f store.Found) string {
	base := v.path("/mandates/" + f.Mandate)
	objective := base + "/objectives/" + access.ObjectiveOf(f.Code.String())
	target := v.dated(base + "/targets/" + f.Code.String())
	id := strconv.FormatInt(f.ID, 10)
	switch f.Kind {
	case store.FoundObjective, store.FoundPassage:
		return v.dated(objective)
	case store.FoundPoint:
		return v.dated(objective) + "#" + f.Code.String()
	case store.FoundKPI:
		return v.dated(objective) + "#kpi-" + access.ObjectiveOf(f.Code.String())
	case store.FoundTarget:
		return target
	case store.FoundIndicator:
		return v.dated(base + "/indicators/" + f.Own)
	case store.FoundEntry:
		return target + "#entry-" + id
	case store.FoundAnswer:
		return v.dated(questionURL(v, f.Mandate, f.ID))
	case store.FoundDecision:
		if f.Status == "asks" {
			return v.dated(questionURL(v, f.Mandate, f.ID))
		}
		return v.dated(base + "/monitoring/" + calendar.HalfYearOf(f.Period).String())
	case store.FoundEvent:
		return v.dated(base + "/events/" + id)
	}
	return v.dated(base)
}
