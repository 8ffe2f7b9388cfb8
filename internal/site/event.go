package site

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) eventRoutes() []route {
	const register = "/mandates/{m}/events"
	return []route{
		{method: http.MethodGet, pattern: register, action: access.ViewMandate, handler: s.showEvents, past: true},
		{method: http.MethodPost, pattern: register, action: access.RecordEvent, handler: s.recordEvent},
		{method: http.MethodGet, pattern: register + "/{event}", action: access.ViewMandate, handler: s.showEvent, past: true},
		{method: http.MethodPost, pattern: register + "/{event}/cancel", action: access.RecordEvent, handler: s.cancelEvent},
	}
}

func eventPath(v *visit, m mandate.Mandate, id int64) string {
	return v.path("/mandates/" + m.Code + "/events/" + strconv.FormatInt(id, 10))
}

// register is the register of events of one mandate.
type register struct {
	duty.Question
	kinds []duty.Kind
}

// openRegister reads the mandate of the address with its events, once the
// visitor may do the action to it, as far as they may.
func (s *Site) openRegister(v *visit, action access.Action) (register, error) {
	questions, kinds, err := s.Store.Duties(v.Context(), store.DutyQuestion{
		Scope: access.Scope{All: true}, Code: chi.URLParam(v.Request, "m"), AsOf: v.asOf, Known: v.known, WithKinds: true,
	})
	if err != nil {
		return register{}, err
	}
	if len(questions) == 0 {
		return register{}, store.ErrNotFound
	}
	if err := s.allow(v, action, objectOf(questions[0].Mandate)); err != nil {
		return register{}, err
	}
	return register{withinAll(v.viewer, v, action, questions)[0], kinds}, nil
}

// duties gives the duties of each event, by its number.
func (r register) duties() map[int64][]duty.Duty {
	q := r.Question
	for i, e := range r.Record.Events {
		if from := e.From.AddMonths(-12); i == 0 || from.Before(q.From) {
			q.From = from // a lead may be long
		}
		if until := e.Until.AddMonths(24); until.After(q.Until) {
			q.Until = until
		}
	}
	by := map[int64][]duty.Duty{}
	for _, d := range duty.Of(q) {
		if d.Event != nil {
			by[d.Event.ID] = append(by[d.Event.ID], d)
		}
	}
	return by
}

func (s *Site) showEvents(w http.ResponseWriter, v *visit) error {
	r, err := s.openRegister(v, access.ViewMandate)
	if err != nil {
		return err
	}
	kind, ok := r.kind(v.URL.Query().Get("kind"))
	if !ok && v.URL.Query().Has("kind") {
		return badRequest("")
	}
	form := web.EventForm{Kind: kind.Code}
	for _, t := range r.Mandate.Targets() {
		if kind.Opens(t.Deadline.Reading) && v.mayOn(access.RecordEvent, r.Mandate, t.Code) {
			form.Chosen = append(form.Chosen, t.Code)
		}
	}
	view := s.eventsView(v, r, form)
	return s.render(w, v, http.StatusOK, web.EventsPage(view))
}

func (r register) kind(code string) (duty.Kind, bool) {
	at := slices.IndexFunc(r.kinds, func(k duty.Kind) bool { return k.Code == code })
	if at < 0 {
		return duty.Kind{}, false
	}
	return r.kinds[at], true
}

// eventsView lists the events, the latest first. The form appears once a kind
// has been chosen, so that the targets that wait for it are ticked.
func (s *Site) eventsView(v *visit, r register, form web.EventForm) web.EventsView {
	m := r.Mandate
	here := v.path("/mandates/" + m.Code + "/events")
	title := v.print.T("event.register")
	if kind, ok := r.kind(form.Kind); ok {
		title = v.print.T("event.form_title", "Kind", v.say(kind.Name))
	}
	view := web.EventsView{
		Frame: s.frame(v, title, v.crumbs(m)...), Mandate: headOf(v, m), URL: here, Form: form, IdempotencyKey: newKey(),
	}
	if !v.past() && v.may(access.RecordEvent, objectOf(m)) {
		view.Action = here
		if v.covers(access.RecordEvent, m).Whole {
			view.ImportURL = here + "/import"
		}
	}
	for _, k := range r.kinds {
		awaited := slices.ContainsFunc(m.Targets(), func(t mandate.Target) bool { return k.Opens(t.Deadline.Reading) })
		view.Kinds = append(view.Kinds, web.EventKind{Code: k.Code, Name: k.Name, Awaited: awaited, URL: here + "?kind=" + k.Code + "#record"})
	}
	for _, t := range m.Targets() {
		if !v.mayOn(access.RecordEvent, m, t.Code) {
			continue
		}
		choice := web.EventTarget{Code: t.Code, Text: t.Text, Chosen: slices.Contains(form.Chosen, t.Code), Awaits: duty.AwaitsEvents(t.Deadline.Reading)}
		view.Targets = append(view.Targets, choice)
	}
	duties := r.duties()
	for _, e := range slices.Backward(r.Record.Events) {
		line := eventLine(v, m, e)
		for _, d := range duties[e.ID] {
			line.Duties++
			if d.State.Owing() {
				line.Open++
			}
			line.Late = line.Late || d.State == duty.Late
		}
		view.Events = append(view.Events, line)
	}
	return view
}

func eventLine(v *visit, m mandate.Mandate, e duty.Event) web.EventLine {
	line := web.EventLine{
		Title: e.Title, Lang: e.Lang, Kind: e.Kind.Name, From: e.From, Until: e.Until, Place: e.Place, Participants: e.Participants,
		Cancelled: e.Cancelled(), URL: v.dated(eventPath(v, m, e.ID)),
	}
	for _, t := range m.Targets() {
		if slices.Contains(e.Targets, t.ID) {
			line.Targets = append(line.Targets, web.Ancestor{Code: t.Code, Text: t.Text, URL: v.dated(v.path("/mandates/" + m.Code + "/targets/" + t.Code.String()))})
		}
	}
	return line
}

// recordEvent stores an event that a person typed.
func (s *Site) recordEvent(w http.ResponseWriter, v *visit) error {
	f, err := v.form("idempotency_key", "kind", "title", "from", "until", "place", "participants", "target.*")
	if err != nil {
		return err
	}
	f.label(map[string]string{
		"title": "event.title", "from": "event.from", "until": "event.until", "place": "event.place", "participants": "event.participants", "targets": "event.targets",
	})
	r, err := s.openRegister(v, access.RecordEvent)
	if err != nil {
		return err
	}
	sub, err := v.submission(f.raw("idempotency_key"), "record event")
	if err != nil {
		return err
	}
	event, typed := readEvent(f, r)
	if event.Kind.Code == "" || f.targets() != len(event.Targets) {
		return badRequest("error.form.field") // the page offers no such kind or target
	}
	if !f.ok() {
		view := s.eventsView(v, r, typed)
		view.IdempotencyKey, view.Errors = f.raw("idempotency_key"), f.errs
		return s.render(w, v, http.StatusUnprocessableEntity, web.EventsPage(view))
	}
	event.Lang, event.RecordedByID, event.RecordedAt = v.lang, v.viewer.PersonID, s.Now()
	event.BehalfOfID, _ = access.ActsFor(v.viewer, v.today, access.RecordEvent, objectOf(r.Mandate))
	location, _, err := s.Store.RecordEvent(v.Context(), sub, r.Mandate.ID, event, func(id int64) string { return eventPath(v, r.Mandate, id) })
	if err != nil {
		return err
	}
	tell(w, web.NoticeDone, "event.recorded")
	return redirect(w, location)
}

// Bounds of an event.
const (
	longestEvent    = 366 // days
	maxParticipants = 1_000_000
)

// readEvent reads the form, and gives back what was typed.
func readEvent(f *form, r register) (duty.Event, web.EventForm) {
	typed := web.EventForm{
		Kind: f.line("kind", 41), Title: f.line("title", 300), From: f.line("from", 20), Until: f.line("until", 20),
		Place: f.line("place", 200), Participants: f.line("participants", 20),
	}
	kind, _ := r.kind(typed.Kind)
	e := duty.Event{Kind: kind, Title: f.required("title", typed.Title), Place: typed.Place}
	e.From = f.date("from", f.required("from", typed.From))
	e.Until = e.From
	if typed.Until != "" {
		e.Until = f.date("until", typed.Until)
	}
	switch {
	case e.From.IsZero() || e.Until.IsZero():
	case e.Until.Before(e.From):
		f.refuse("until", "event.reversed")
	case e.From.AddDays(longestEvent).Before(e.Until):
		f.refuse("until", "event.too_long")
	}
	if typed.Participants != "" {
		n, err := strconv.Atoi(typed.Participants)
		if err != nil || n < 1 || n > maxParticipants {
			f.refuse("participants", "event.participants_wrong")
		}
		e.Participants = n
	}
	for _, t := range r.Mandate.Targets() {
		if f.raw("target."+t.Code.String()) != "" {
			typed.Chosen = append(typed.Chosen, t.Code)
			e.Targets = append(e.Targets, t.ID)
		}
	}
	if len(e.Targets) == 0 {
		f.refuse("targets", "event.no_target")
	}
	return e, typed
}

// targets counts the targets that a form names.
func (f *form) targets() (n int) {
	for _, name := range f.names() {
		if strings.HasPrefix(name, "target.") && f.raw(name) != "" {
			n++
		}
	}
	return n
}

func (r register) event(v *visit) (duty.Event, error) {
	id, err := strconv.ParseInt(chi.URLParam(v.Request, "event"), 10, 64)
	at := slices.IndexFunc(r.Record.Events, func(e duty.Event) bool { return e.ID == id })
	if err != nil || at < 0 {
		return duty.Event{}, errNotFound
	}
	return r.Record.Events[at], nil
}

func (s *Site) showEvent(w http.ResponseWriter, v *visit) error {
	r, err := s.openRegister(v, access.ViewMandate)
	if err != nil {
		return err
	}
	e, err := r.event(v)
	if err != nil {
		return err
	}
	m := r.Mandate
	register := web.Crumb{Label: v.print.T("event.register"), URL: v.dated(v.path("/mandates/" + m.Code + "/events"))}
	view := web.EventView{
		Frame:   s.frame(v, v.print.T("event.page_title", "Kind", v.say(e.Kind.Name), "Date", v.print.Date(e.From)), append(v.crumbs(m), register)...),
		Mandate: headOf(v, m), Event: eventLine(v, m, e), RecordedBy: e.RecordedBy, OnBehalfOf: e.OnBehalfOf, RecordedAt: e.RecordedAt, CancelledAt: e.CancelledAt,
		Duties: dutyLines(v, m, r.duties()[e.ID]), IdempotencyKey: newKey(),
	}
	if !e.Cancelled() && !v.past() && mayCancel(v, m, e) {
		view.CancelURL = eventPath(v, m, e.ID) + "/cancel"
	}
	return s.render(w, v, http.StatusOK, web.EventPage(view))
}

// mayCancel reports whether all that an event is about is the visitor's to record.
func mayCancel(v *visit, m mandate.Mandate, e duty.Event) bool {
	return !e.Wider && !slices.ContainsFunc(m.Targets(), func(t mandate.Target) bool {
		return slices.Contains(e.Targets, t.ID) && !v.mayOn(access.RecordEvent, m, t.Code)
	})
}

type cancelForm struct {
	Key string `form:"idempotency_key,raw"`
}

func (s *Site) cancelEvent(w http.ResponseWriter, v *visit) error {
	in, _, err := decode[cancelForm](v)
	if err != nil {
		return err
	}
	r, err := s.openRegister(v, access.ViewMandate)
	if err != nil {
		return err
	}
	e, err := r.event(v)
	if err != nil {
		return err
	}
	if err := s.allow(v, access.RecordEvent, objectOf(r.Mandate)); err != nil {
		return err
	}
	if !mayCancel(v, r.Mandate, e) {
		s.auditRefusal(v, access.RecordEvent, objectOf(r.Mandate))
		return errForbidden
	}
	sub, err := v.submission(in.Key, "cancel event")
	if err != nil {
		return err
	}
	e.CancelledAt = s.Now()
	e.BehalfOfID, _ = access.ActsFor(v.viewer, v.today, access.RecordEvent, objectOf(r.Mandate))
	location, _, err := s.Store.CancelEvent(v.Context(), sub, r.Mandate.ID, e, eventPath(v, r.Mandate, e.ID))
	if err != nil {
		return err
	}
	tell(w, web.NoticeDone, "event.cancelled")
	return redirect(w, location)
}

// eventsOf gives the events of a target that are still to come or
// ended on a day or later, the latest first.
func eventsOf(v *visit, m mandate.Mandate, events []duty.Event, target int64, since calendar.Date) (lines []web.EventLine) {
	for _, e := range slices.Backward(events) {
		if slices.Contains(e.Targets, target) && !e.Until.Before(since) {
			lines = append(lines, eventLine(v, m, e))
		}
	}
	return lines
}
