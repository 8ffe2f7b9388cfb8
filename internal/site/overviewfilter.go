package site

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"jalon/internal/bilingual"
	"jalon/internal/mandate"
	"jalon/internal/progress"
	"jalon/web"
)

// overviewFilter is what the address asks of the overview; "" is everything.
type overviewFilter struct {
	by, institution, kind, objective, status, lang, sort string
	bodyOf, bodyCode                                     string
	changed, support                                     bool
}

var (
	overviewSorts = []string{"weakest", "silent", "name", "code"}
	// overviewShows are the figures above the overview, and the lists behind them.
	overviewShows = []string{"reported", "silent", "late", "compromised", "support", "achieved", "due"}
	oneObjective  = regexp.MustCompile(`^[ST][1-9][0-9]?$`)
)

// readOverviewFilter takes the filter of the address; an unknown value is refused.
func readOverviewFilter(v *visit) (overviewFilter, error) {
	q := v.URL.Query()
	f := overviewFilter{
		by: q.Get("by"), institution: q.Get("institution"), kind: q.Get("kind"), objective: q.Get("objective"), status: q.Get("status"),
		lang: q.Get("lang"), sort: cmp.Or(q.Get("sort"), "weakest"), changed: q.Get("changed") == "1", support: q.Get("support") == "1",
	}
	known := f.status == "" || slices.Contains(statusOrder, progress.Status(f.status))
	known = known && slices.Contains(overviewSorts, f.sort) && (f.by == "" || f.by == "institution" || f.by == "mandate")
	known = known && (f.kind == "" || f.kind == "strategic" || f.kind == "transversal") && (f.objective == "" || oneObjective.MatchString(f.objective))
	if body := q.Get("body"); body != "" {
		var ok bool
		f.bodyOf, f.bodyCode, ok = bodyNamed(body)
		known = known && ok
	}
	if f.lang != "" {
		_, ok := bilingual.ParseLang(f.lang)
		known = known && ok
	}
	if !known {
		return f, badRequest("overview.unknown_filter")
	}
	return f, nil
}

// limit keeps the mandates and the objectives that the filter is about.
func (f overviewFilter) limit(all []progress.OverviewLine) []progress.OverviewLine {
	var kept []progress.OverviewLine
	for _, l := range all {
		if !f.about(l) {
			continue
		}
		cells := l.Cells
		l.Cells = nil
		for _, c := range cells {
			if f.covers(l, c.Objective) {
				l.Cells = append(l.Cells, c)
			}
		}
		if len(l.Cells) > 0 || f.kind == "" && f.objective == "" && f.bodyCode == "" {
			kept = append(kept, l)
		}
	}
	return kept
}

// about reports whether a mandate is within the filter.
func (f overviewFilter) about(l progress.OverviewLine) bool {
	return (f.institution == "" || l.Institution.Code == f.institution) && (f.lang == "" || string(l.HolderLang) == f.lang)
}

// covers reports whether an objective of a mandate is within the filter.
func (f overviewFilter) covers(l progress.OverviewLine, c mandate.Code) bool {
	return (f.kind == "" || (f.kind == "strategic") == (c.Kind == mandate.Strategic)) && (f.objective == "" || c.String() == f.objective) &&
		(f.bodyCode == "" || l.AllToBody || slices.Contains(l.ToBody, c.String()))
}

// keep gives the lines of which an objective is as the filter asks, in its order.
func (a overviewAsked) keep(v *visit) []progress.OverviewLine {
	f := a.filter
	kept := a.lines[:0:0]
	for _, l := range a.lines {
		fits := func(c progress.OverviewCell) bool {
			return (f.status == "" || c.Has(progress.Status(f.status))) && (!f.support || c.SupportAsked > 0) && (!f.changed || a.moved[l.Code+" "+c.Objective.String()])
		}
		if f.status == "" && !f.support && !f.changed || slices.ContainsFunc(l.Cells, fits) {
			kept = append(kept, l)
		}
	}
	slices.SortStableFunc(kept, v.overviewOrder(f.sort))
	return kept
}

// overviewOrder compares lines. Who was never reported on is silent the longest;
// of two that are silent as long, the one with more targets unreported comes first.
func (v *visit) overviewOrder(by string) func(a, b progress.OverviewLine) int {
	switch by {
	case "silent":
		return func(a, b progress.OverviewLine) int {
			x, _ := silence(a)
			y, _ := silence(b)
			if x.IsZero() != y.IsZero() { // where nothing is owed nobody is silent
				return cmp.Compare(btoi(x.IsZero()), btoi(y.IsZero()))
			}
			return cmp.Or(x.Compare(y), cmp.Compare(unreported(b), unreported(a)))
		}
	case "name":
		return func(a, b progress.OverviewLine) int {
			return strings.Compare(v.print.SortKey(v.say(a.Title)), v.print.SortKey(v.say(b.Title)))
		}
	case "code":
		return func(a, b progress.OverviewLine) int { return strings.Compare(a.Code, b.Code) }
	}
	return func(a, b progress.OverviewLine) int {
		x, y := rollUpOfLine(a).Weakest, rollUpOfLine(b).Weakest
		switch {
		case x == y:
			return 0
		case progress.Weaker(x, y) == x:
			return -1
		}
		return 1
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// unreported counts the targets on which a report is owed and none came.
func unreported(l progress.OverviewLine) int {
	up := rollUpOfLine(l)
	return up.Owed - up.Reported
}

func institutionOptions(v *visit, lines []progress.OverviewLine) []web.Option {
	var options []web.Option
	for _, l := range lines {
		o := web.Option{Value: l.Institution.Code, Label: v.say(l.Institution.Name)}
		if !slices.Contains(options, o) {
			options = append(options, o)
		}
	}
	slices.SortFunc(options, func(a, b web.Option) int { return cmp.Compare(a.Label, b.Label) })
	return options
}

// filterView is the filter as the form shows it, with what can be chosen.
func (v *visit) filterView(a overviewAsked) web.OverviewFilter {
	f := a.filter
	view := web.OverviewFilter{
		Action: v.URL.Path, By: f.by, Institution: f.institution, Kind: f.kind, Objective: f.objective, Status: f.status, Lang: f.lang, Sort: f.sort,
		Changed: f.changed, Support: f.support, Institutions: institutionOptions(v, a.all), ClearURL: v.dated(v.URL.Path),
	}
	if f.bodyCode != "" {
		view.Body = f.bodyOf + "-" + f.bodyCode
	}
	if v.asOf != v.today {
		view.AsOf = v.print.Date(v.asOf)
	}
	view.Known = v.knownValue()
	for _, c := range columnsOf(a.all) {
		view.Objectives = append(view.Objectives, web.Option{Value: c.String(), Label: v.print.Code(c)})
	}
	for _, b := range a.bodies {
		for _, o := range view.Institutions {
			if o.Value == b.Institution {
				view.Bodies = append(view.Bodies, web.Option{Value: b.Institution + "-" + b.Code, Label: v.say(b.Name) + " (" + o.Label + ")"})
			}
		}
	}
	view.Institutions = v.withChosen(view.Institutions, view.Institution)
	view.Objectives = v.withChosen(view.Objectives, view.Objective)
	view.Bodies = v.withChosen(view.Bodies, view.Body)
	return view
}

// withChosen adds what an address asks for and is not there (any more): a form
// that left it out would say that nothing was chosen.
func (v *visit) withChosen(options []web.Option, value string) []web.Option {
	if value == "" || slices.ContainsFunc(options, func(o web.Option) bool { return o.Value == value }) {
		return options
	}
	return append(options, web.Option{Value: value, Label: v.print.T("overview.not_found", "Code", value)})
}

// targetsURL leads to the targets behind a figure, within the same mandates and
// objectives, and from there back to the whole filter.
func (v *visit) targetsURL(show string) string {
	query := url.Values{"show": {show}}
	for _, name := range []string{"institution", "kind", "objective", "body", "lang", "asof", "known"} {
		if value := v.URL.Query().Get(name); value != "" {
			query.Set(name, value)
		}
	}
	if from := v.asFrom("overview"); from != "overview" {
		query.Set("from", from)
	}
	return v.path("/overview/targets") + "?" + query.Encode()
}
