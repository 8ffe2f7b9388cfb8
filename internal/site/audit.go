package site

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/store"
	"jalon/web"
)

// auditRoutes are the administrator's: the audit trail, which names people,
// actions and objects, and holds nothing that anybody wrote.
func (s *Site) auditRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/admin/audit", action: access.ViewAudit, handler: s.showAudit},
		{method: http.MethodGet, pattern: "/admin/audit.{format:csv|json}", action: access.ViewAudit, handler: s.exportAudit},
	}
}

// eventsPerPage is how many events a page lists.
const eventsPerPage = 50

// auditFilter is a question about the trail, and how it was asked.
type auditFilter struct {
	store.EventQuestion
	web.AuditFilter
	choices store.TrailChoices
	errs    []web.FieldError
}

// readAuditFilter reads the filters of the address, and what can be chosen.
func (s *Site) readAuditFilter(v *visit) (f auditFilter, err error) {
	if f.choices, err = s.Store.TrailChoices(v.Context(), access.ScopeOf(v.viewer, v.today, access.SeeTitle)); err != nil {
		return f, err
	}
	query := v.URL.Query()
	f.AuditFilter = web.AuditFilter{
		Person: query.Get("person"), Action: query.Get("action"), Mandate: query.Get("mandate"),
		From: query.Get("from"), Until: query.Get("until"), Refusals: query.Get("refusals") != "",
	}
	f.EventQuestion.Refusals = f.AuditFilter.Refusals
	if f.Person != "" {
		at := slices.IndexFunc(f.choices.People, func(p store.Named) bool { return strconv.FormatInt(p.ID, 10) == f.Person })
		if at < 0 {
			return f, badRequest("")
		}
		f.PersonID = f.choices.People[at].ID
	}
	if f.EventQuestion.Action = f.AuditFilter.Action; f.EventQuestion.Action != "" && !slices.Contains(f.choices.Actions, f.EventQuestion.Action) {
		return f, badRequest("")
	}
	if f.MandateCode = f.Mandate; f.Mandate != "" && !slices.ContainsFunc(f.choices.Mandates, func(m mandate.Mandate) bool { return m.Code == f.Mandate }) {
		return f, badRequest("")
	}
	f.EventQuestion.From = f.day(v, "from", f.AuditFilter.From)
	f.EventQuestion.Until = f.day(v, "until", f.AuditFilter.Until)
	if !f.EventQuestion.Until.IsZero() && f.EventQuestion.Until.Before(f.EventQuestion.From) {
		f.errs = append(f.errs, web.FieldError{Field: "until", Text: v.print.T("event.reversed")})
	}
	return f, nil
}

func (f *auditFilter) day(v *visit, field, typed string) calendar.Date {
	if typed == "" {
		return calendar.Date{}
	}
	d, err := locale.ParseDate(typed)
	if err != nil {
		f.errs = append(f.errs, web.FieldError{Field: field, Text: v.print.T("error.date.invalid")})
	}
	return d
}

func (s *Site) showAudit(w http.ResponseWriter, v *visit) error {
	f, err := s.readAuditFilter(v)
	if err != nil {
		return err
	}
	f.Most = eventsPerPage
	query := v.URL.Query()
	for name, key := range map[string]*store.EventKey{"before": &f.Before, "after": &f.After} {
		if !query.Has(name) {
			continue
		}
		var ok bool
		if *key, ok = store.ParseEventKey(query.Get(name)); !ok {
			return badRequest("")
		}
	}
	view := s.auditView(v, f)
	if len(f.errs) > 0 {
		view.Errors = f.errs
		return s.render(w, v, http.StatusUnprocessableEntity, web.AuditPage(view))
	}
	events, more, err := s.Store.Events(v.Context(), f.EventQuestion)
	if err != nil {
		return err
	}
	backwards := f.After.ID != 0
	if n := len(events); n > 0 {
		if more || backwards {
			view.OlderURL = v.withKey("before", events[n-1].EventKey)
		}
		if backwards && more || f.Before.ID != 0 {
			view.NewerURL = v.withKey("after", events[0].EventKey)
		}
	}
	for _, e := range events {
		view.Events = append(view.Events, v.auditLine(e, f.choices.People))
	}
	return s.render(w, v, http.StatusOK, web.AuditPage(view))
}

// withKey is this page with the same filters, going on from an event.
func (v *visit) withKey(name string, key store.EventKey) string {
	query := v.URL.Query()
	query.Del("before")
	query.Del("after")
	query.Set(name, key.String())
	u := url.URL{Path: v.URL.Path, RawQuery: query.Encode()}
	return u.String()
}

// auditView has everything but the events.
func (s *Site) auditView(v *visit, f auditFilter) web.AuditView {
	view := web.AuditView{Frame: s.frame(v, v.print.T("audit.title")), Action: v.path("/admin/audit"), Values: f.AuditFilter}
	query := v.URL.Query()
	query.Del("before")
	query.Del("after")
	view.CSVURL = (&url.URL{Path: v.path("/admin/audit.csv"), RawQuery: query.Encode()}).String()
	view.JSONURL = (&url.URL{Path: v.path("/admin/audit.json"), RawQuery: query.Encode()}).String()
	for _, p := range f.choices.People {
		view.People = append(view.People, web.Option{Value: strconv.FormatInt(p.ID, 10), Label: p.Name})
	}
	for _, a := range f.choices.Actions {
		view.Actions = append(view.Actions, web.Option{Value: a, Label: v.actionWords(a)})
	}
	slices.SortFunc(view.Actions, func(a, b web.Option) int {
		return strings.Compare(v.print.SortKey(a.Label), v.print.SortKey(b.Label))
	})
	for _, m := range f.choices.Mandates {
		view.Mandates = append(view.Mandates, web.Option{Value: m.Code, Label: m.Code + " · " + v.say(m.Title)})
	}
	state := f.choices.State
	view.State = web.TrailState{
		Checked: state.CheckedAt, Events: state.Events, Findings: state.Findings, LastSigned: state.LastSigned, Head: state.Head.String(), KeyID: state.KeyID,
	}
	for _, finding := range state.First {
		view.State.First = append(view.State.First, v.print.TrailFinding(finding))
	}
	return view
}

// auditLine puts an event in words.
func (v *visit) auditLine(e store.RecordedEvent, people []store.Named) web.AuditLine {
	line := web.AuditLine{
		At: e.At, Who: e.Actor, OnBehalfOf: e.OnBehalfOf, What: v.actionWords(e.Action), Object: objectWords(e.Object, people), Mandate: e.MandateCode,
		Refused: e.Action == store.ActionRefused || e.Action == store.ActionSignInRefused,
		Details: v.detailWords(e.Detail), RequestID: e.RequestID, Address: e.Address,
	}
	if e.Seq > 0 {
		line.Place = e.Day.String() + " · " + strconv.Itoa(e.Seq)
	}
	return line
}

// objectWords names the person of an object; other objects name themselves.
func objectWords(object string, people []store.Named) string {
	id, ok := strings.CutPrefix(object, "person/")
	if !ok {
		return object
	}
	at := slices.IndexFunc(people, func(p store.Named) bool { return strconv.FormatInt(p.ID, 10) == id })
	if at < 0 {
		return object
	}
	return people[at].Name
}

// actionWords says in the reader's language what was done.
func (v *visit) actionWords(action string) string {
	key := "audit.did." + strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return '_'
		}
		return r
	}, action)
	if !v.print.Has(key) {
		return action
	}
	return v.print.T(key)
}

// mostExported is how many events one file may hold.
const mostExported = 100_000

func (s *Site) exportAudit(w http.ResponseWriter, v *visit) error {
	f, err := s.readAuditFilter(v)
	if err != nil {
		return err
	}
	if len(f.errs) > 0 {
		return badRequest("problem.detail.asof")
	}
	if wait := s.limits.take("export", strconv.FormatInt(v.viewer.PersonID, 10)); wait > 0 {
		return tooMany(wait)
	}
	format := chi.URLParam(v.Request, "format")
	f.Most = 5000
	var events []store.RecordedEvent
	for more := true; more; {
		var page []store.RecordedEvent
		if page, more, err = s.Store.Events(v.Context(), f.EventQuestion); err != nil {
			return err
		}
		if events = append(events, page...); len(events) > mostExported {
			tell(w, web.NoticeWarning, "audit.too_many")
			return redirect(w, v.path("/admin/audit"))
		}
		if more {
			f.Before = page[len(page)-1].EventKey
		}
	}
	file, contentType, err := v.auditFile(format, events)
	if err != nil {
		return err
	}
	if err := s.Store.Audit(v.Context(), store.Event{
		ActorID: v.viewer.PersonID, Action: "export audit trail", Detail: map[string]any{"format": format, "events": len(events)},
	}); err != nil {
		return err
	}
	return sendFile(w, contentType, "jalon-audit-"+v.today.String()+"."+format, file)
}
