package site

import (
	"net/http"
	"net/url"
	"slices"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/locale"
	"jalon/internal/report"
	"jalon/internal/store"
	"jalon/web"
)

// changesBetween asks what changed between the ends of two days, each as it was known then.
func (v *visit) changesBetween(from, until calendar.Date) store.ChangesQuestion {
	known := endOf(until)
	if !v.known.IsZero() && v.known.Before(known) {
		known = v.known
	}
	if until == v.today && v.known.IsZero() {
		known = calendarEnd
	}
	return store.ChangesQuestion{
		Scope: access.ScopeOf(v.viewer, v.today, access.ViewOverview),
		From:  store.Moment{Day: from, Known: endOf(from)}, Until: store.Moment{Day: until, Known: known},
	}
}

// calendarEnd is later than anything that was recorded.
var calendarEnd = endOf(calendar.Date{Year: calendar.MaxYear, Month: 12, Day: 31})

// showChanges lists what changed between two days. Without them it leads to the
// time since the last meeting, or since the half-year before.
func (s *Site) showChanges(w http.ResponseWriter, v *visit) error {
	query := v.URL.Query()
	if query.Get("since") == "" {
		question := v.overviewQuestion(overviewFilter{})
		question.Heads = true
		lines, err := s.Store.Overview(v.Context(), question)
		if err != nil {
			return err
		}
		query.Set("since", v.lastMeeting(lines).String())
		u := url.URL{Path: v.URL.Path, RawQuery: query.Encode()}
		return redirect(w, u.String())
	}
	since, err := locale.ParseDate(query.Get("since"))
	if v.wrongDay != "" || err != nil || since.After(v.asOf) {
		return s.askDays(w, v, query)
	}
	q := v.changesBetween(since, v.asOf)
	q.State = s.stateSeen(v)
	happenings, state, err := s.Store.Happenings(v.Context(), q)
	if err != nil {
		return err
	}
	s.inState(w, v, state)
	if state == q.State {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	moves, err := s.Store.Moves(v.Context(), q)
	if err != nil {
		return err
	}
	if one := query.Get("mandate"); one != "" {
		moves = slices.DeleteFunc(moves, func(m store.Move) bool { return m.Mandate != one })
		happenings = slices.DeleteFunc(happenings, func(h store.Happening) bool { return h.Mandate != one })
	}
	view := web.ChangesView{
		Frame: s.frame(v, v.print.T("changes.title"), web.Crumb{Label: v.print.T("menu.overview"), URL: v.dated(v.path("/overview"))}),
		Since: since, Until: v.asOf, Action: v.URL.Path, Mandate: query.Get("mandate"), From: v.from,
	}
	if v.past() {
		view.AsOf = v.asOf
	}
	if view.Said, view.Fallen, view.More, err = s.moveLines(v, moves); err != nil {
		return err
	}
	view.Happened = v.happenedLines(happenings)
	return s.render(w, v, http.StatusOK, web.ChangesPage(view))
}

// askDays shows the two days as they were typed, with what is wrong with them, and no changes.
func (s *Site) askDays(w http.ResponseWriter, v *visit, query url.Values) error {
	view := web.ChangesView{
		Frame: s.frame(v, v.print.T("changes.title"), web.Crumb{Label: v.print.T("menu.overview"), URL: v.dated(v.path("/overview"))}),
		Typed: &web.TypedDays{Since: report.Shorten(query.Get("since"), maxTypedDay), Until: query.Get("asof")}, Action: v.URL.Path, Mandate: query.Get("mandate"), From: v.from,
	}
	wrong := web.FieldError{Field: "since", Label: v.print.T("changes.since"), Text: v.print.T("changes.unknown_days")}
	if v.wrongDay != "" {
		wrong = web.FieldError{Field: "asof", Label: v.print.T("changes.until"), Text: v.print.T("overview.wrong_day")}
	}
	view.Errors = []web.FieldError{wrong}
	return s.render(w, v, http.StatusBadRequest, web.ChangesPage(view))
}

// mostMoves is how many moves of each kind the page shows; it says how many more there are.
const mostMoves = 200

// moveLines tells what was said from what nobody said: that a day passed, or nothing came.
func (s *Site) moveLines(v *visit, moves []store.Move) (said, fallen []web.OfMandate[web.MoveLine], more int, err error) {
	var shown []store.Move
	count := map[bool]int{}
	for _, m := range moves {
		if count[m.Derived()]++; count[m.Derived()] <= mostMoves {
			shown = append(shown, m)
		} else {
			more++
		}
	}
	ids := make([]int64, len(shown))
	for i, m := range shown {
		ids[i] = m.TargetID
	}
	lines, err := s.Store.TargetLines(v.Context(), ids, v.moment())
	if err != nil {
		return nil, nil, 0, err
	}
	onward := v.onward("overview/changes")
	for _, m := range shown {
		l := lines[m.TargetID]
		line := web.MoveLine{
			Code: m.Code, Text: l.Text, Before: m.Before, Now: m.Now,
			URL: v.path("/mandates/"+m.Mandate+"/targets/"+m.Code.String()) + onward,
		}
		if m.Derived() {
			fallen = ofMandate(fallen, v.headOfTarget(l, onward), line)
		} else {
			line.Entry = l.Entry
			said = ofMandate(said, v.headOfTarget(l, onward), line)
		}
	}
	return said, fallen, more, nil
}

// happenedKinds are the groups of the page, in its order.
var happenedKinds = []store.HappeningKind{store.HappenedSupport, store.HappenedQuestion, store.HappenedAnswer, store.HappenedAmendment, store.HappenedErratum}

func (v *visit) happenedLines(all []store.Happening) (groups []web.HappenedGroup) {
	onward := v.onward("overview/changes")
	for _, kind := range happenedKinds {
		g := web.HappenedGroup{Kind: string(kind)}
		for _, h := range all {
			if h.Kind != kind {
				continue
			}
			line := web.HappenedLine{Code: h.Target, Mandate: h.Title, At: h.At, By: h.By, Day: h.Day, Words: h.Words, Lang: h.Lang, Answer: h.Answer, AnswerLang: h.AnswerLang}
			base := v.path("/mandates/" + h.Mandate)
			switch kind {
			case store.HappenedAmendment:
				line.URL = base + "/amendments" + onward
			case store.HappenedErratum:
				line.URL = base + "/monitoring/" + calendar.HalfYearOf(h.Day).String() + onward
			case store.HappenedSupport:
				line.URL = base + "/targets/" + h.Target.String() + onward
			default:
				line.URL = questionURL(v, h.Mandate, h.ID) + onward
			}
			g.Lines = append(g.Lines, line)
		}
		groups = append(groups, g)
	}
	return groups
}
