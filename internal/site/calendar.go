package site

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) calendarRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/calendar", action: access.ViewMandate, handler: s.showCalendar, past: true},
		{method: http.MethodPost, pattern: "/calendar/feed", action: access.ViewMandate, handler: s.startFeed},
		{method: http.MethodPost, pattern: "/calendar/feed/revoke", action: access.ViewMandate, handler: s.endFeed},
		{method: http.MethodGet, pattern: "/mandates/{m}/calendar", action: access.ViewMandate, handler: s.showMandateCalendar, past: true},
	}
}

// showCalendar is the month of every mandate that the visitor may view.
func (s *Site) showCalendar(w http.ResponseWriter, v *visit) error {
	return s.drawCalendar(w, v, "")
}

// drawCalendar shows it with the address of a feed that was just made, or "".
func (s *Site) drawCalendar(w http.ResponseWriter, v *visit, feedAddress string) error {
	choice, err := v.calendarChoice()
	if err != nil {
		return err
	}
	scope := access.ScopeOf(v.viewer, v.today, access.ViewMandate)
	questions, _, err := s.Store.Duties(v.Context(), store.DutyQuestion{Scope: scope, Code: choice.mandate, AsOf: v.asOf, Known: v.known})
	if err != nil {
		return err
	}
	options, err := s.calendarMandates(v, scope, choice.mandate, questions)
	if err != nil {
		return err
	}
	view := calendarMonth(v, choice, withinAll(v.viewer, v, access.ViewMandate, questions))
	view.Frame = s.frame(v, v.print.T("calendar.title_month", "Month", v.print.MonthOf(choice.month)))
	view.Filter.Mandate, view.Filter.Mandates = choice.mandate, options
	if v.past() {
		return s.render(w, v, http.StatusOK, web.CalendarPage(view))
	}
	since, err := s.Store.FeedSince(v.Context(), v.viewer.PersonID)
	if err != nil {
		return err
	}
	view.Feed = &web.FeedView{
		StartURL: v.path("/calendar/feed"), EndURL: v.path("/calendar/feed/revoke"), IdempotencyKey: newKey(), Address: feedAddress,
	}
	if !since.IsZero() {
		view.Feed.Since = v.print.DateTime(since)
	}
	return s.render(w, v, http.StatusOK, web.CalendarPage(view))
}

// showMandateCalendar is the month of one mandate.
func (s *Site) showMandateCalendar(w http.ResponseWriter, v *visit) error {
	code := chi.URLParam(v.Request, "m")
	object, _, err := s.Store.MandateObject(v.Context(), code)
	if err != nil {
		return err
	}
	if err := s.allow(v, access.ViewMandate, object); err != nil {
		return err
	}
	choice, err := v.calendarChoice()
	if err != nil {
		return err
	}
	questions, _, err := s.Store.Duties(v.Context(), store.DutyQuestion{
		Scope: access.ScopeOf(v.viewer, v.today, access.ViewMandate), Code: code, AsOf: v.asOf, Known: v.known,
	})
	if err != nil {
		return err
	}
	if len(questions) == 0 {
		return errNotFound
	}
	view := calendarMonth(v, choice, withinAll(v.viewer, v, access.ViewMandate, questions))
	m := questions[0].Mandate
	head := headOf(v, m)
	view.Mandate = &head
	view.Frame = s.frame(v, v.print.T("calendar.title_month", "Month", v.print.MonthOf(choice.month)), v.crumbs(m)...)
	return s.render(w, v, http.StatusOK, web.CalendarPage(view))
}

// calendarMandates are those that can be chosen. They are the ones that were read,
// unless one was chosen: it alone is read. errNotFound when it is none of them.
func (s *Site) calendarMandates(v *visit, scope access.Scope, chosen string, read []duty.Question) ([]web.Option, error) {
	var mandates []mandate.Mandate
	for _, q := range read {
		mandates = append(mandates, q.Mandate)
	}
	if chosen != "" {
		if len(read) == 0 {
			return nil, errNotFound
		}
		var err error
		if mandates, err = s.Store.Mandates(v.Context(), scope, v.moment()); err != nil {
			return nil, err
		}
	}
	options := make([]web.Option, len(mandates))
	for i, m := range mandates {
		options[i] = web.Option{Value: m.Code, Label: v.say(m.Title) + " (" + m.Code + ")"}
	}
	return options, nil
}

// calendarChoice is what the address asks to see.
type calendarChoice struct {
	month                calendar.Date // its first day
	mandate, kind, state string        // "" for all
}

// calendarChoice reads the query: the month, and what is filtered.
func (v *visit) calendarChoice() (calendarChoice, error) {
	query := v.URL.Query()
	c := calendarChoice{
		month:   calendar.Date{Year: v.asOf.Year, Month: v.asOf.Month, Day: 1},
		mandate: query.Get("mandate"), kind: query.Get("kind"), state: query.Get("state"),
	}
	if month := query.Get("month"); month != "" {
		first, err := calendar.ParseDate(month + "-01")
		if err != nil {
			return c, badRequest("problem.detail.month")
		}
		c.month = first
	}
	if c.kind != "" && c.kind != "duty" && c.kind != "event" || c.state != "" && !slices.Contains(duty.States, duty.State(c.state)) {
		return c, badRequest("error.form.choice")
	}
	return c, nil
}

// shows reports whether the filter lets an item through. Events have no state.
func (c calendarChoice) shows(i web.CalendarItem) bool {
	return (c.kind == "" || (c.kind == "event") == i.IsEvent()) && (c.state == "" || string(i.State) == c.state)
}

// monthURL is this same page for the month some months later.
func (v *visit) monthURL(month calendar.Date, later int) string {
	m := month.AddMonths(later)
	if m.Year < calendar.MinYear || m.Year > calendar.MaxYear {
		return ""
	}
	return v.withQuery("month", monthValue(m))
}

func monthValue(d calendar.Date) string { return fmt.Sprintf("%04d-%02d", d.Year, d.Month) }
