package site

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"
	"golang.org/x/text/language"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/store"
	"jalon/web"
)

// bodyLimit is how many bytes a form may have unless its route asks for more.
const bodyLimit = 256 << 10

// page makes the visit for a route, checks the right that the route asks for,
// and answers with the handler or with the page of what it could not do.
func (s *Site) page(rt route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, max(rt.body, bodyLimit))
		v := s.stranger(r)
		if err := s.serve(w, v, rt); err != nil {
			s.fail(w, v, err)
		}
	}
}

func (s *Site) serve(w http.ResponseWriter, v *visit, rt route) error {
	v.asksDay = rt.asksDay
	if err := v.readQuery(); err != nil {
		return err
	}
	if err := s.identify(v); err != nil {
		return err
	}
	v.lookBack()
	v.notice = v.told()
	leave, err := s.place(v)
	if err != nil {
		return err
	}
	defer leave()
	if rt.action != "" {
		if !v.signedIn() {
			return s.toSignIn(w, v)
		}
		if first := s.before(v); first != "" {
			return redirect(w, first)
		}
		if !v.may(rt.action, access.Object{}) {
			s.auditRefusal(v, rt.action, access.Object{})
			return errForbidden
		}
	}
	if rt.action != "" && !rt.past && v.past() {
		return v.toPresent(w)
	}
	return rt.handler(w, v)
}

// maxLarge is how many forms above bodyLimit are read at once from whoever is not
// signed in. Each takes some 15 MB while it is read and drawn again (keptLimit).
const maxLarge = 16

// place gives a large form of a stranger one of the places, or errBusy when all are
// taken, so that nobody outside can fill the memory. A sign-in is small unless it
// carries a form along.
func (s *Site) place(v *visit) (leave func(), err error) {
	if v.signedIn() || v.ContentLength >= 0 && v.ContentLength <= bodyLimit {
		return func() {}, nil
	}
	select {
	case s.large <- struct{}{}:
		return func() { <-s.large }, nil
	default:
		return nil, errBusy
	}
}

// stranger makes the visit of somebody not known (yet).
func (s *Site) stranger(r *http.Request) *visit {
	now, lang := s.Now(), langOf(r)
	today := calendar.DateOf(now)
	return &visit{Request: r, lang: lang, print: s.Catalogues.In(lang).Typeset(), now: now, today: today, asOf: today, program: forPrograms(r.URL.Path)}
}

var matcher = language.NewMatcher([]language.Tag{language.Dutch, language.French})

// langOf takes the language of the address, else of the cookie, else what the browser asks for.
func langOf(r *http.Request) bilingual.Lang {
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if lang, ok := bilingual.ParseLang(first); ok {
		return lang
	}
	if c, err := r.Cookie(langCookie); err == nil {
		if lang, ok := bilingual.ParseLang(c.Value); ok {
			return lang
		}
	}
	header := r.Header.Get("Accept-Language")
	tags, _, err := language.ParseAcceptLanguage(header[:min(len(header), 200)])
	if err != nil {
		return bilingual.NL
	}
	_, index, confidence := matcher.Match(tags...)
	if confidence == language.No {
		return bilingual.NL
	}
	return bilingual.Langs[index]
}

// readQuery checks the query and takes the day that the page speaks of.
func (v *visit) readQuery() error {
	query, err := url.ParseQuery(v.URL.RawQuery)
	if err != nil {
		return badRequest("")
	}
	for name, values := range query {
		if name == "q" && v.URL.Path == v.path("/search") {
			continue // whatever somebody pastes into the search box, it is searched
		}
		for _, value := range append(values, name) {
			if !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl) {
				return badRequest("error.form.encoding")
			}
		}
	}
	v.readFrom(query)
	return v.readPast(query)
}

// takeTime gives a form with large files as long as a slow line needs, once its
// sender has been let in; everybody else has the time of the server. The time for
// the answer runs from the head of the request, and grows as much.
func (v *visit) takeTime(w http.ResponseWriter) {
	in, now := http.NewResponseController(w), time.Now()
	_ = in.SetReadDeadline(now.Add(slowUpload)) // without it the usual time holds
	_ = in.SetWriteDeadline(now.Add(slowUpload + answerTime))
}

func (v *visit) signedIn() bool { return v.viewer.PersonID != 0 }

// path gives the address of a page in the language of the visit.
func (v *visit) path(pattern string) string { return "/" + string(v.lang) + pattern }

// number reads a number of the address; anything else is not found.
func (v *visit) number(name string) (int64, error) {
	n, err := strconv.ParseInt(chi.URLParam(v.Request, name), 10, 64)
	if err != nil || n <= 0 {
		return 0, errNotFound
	}
	return n, nil
}

// halfYear reads the half-year of the address; anything else is not found.
func (v *visit) halfYear() (calendar.HalfYear, error) {
	period, err := calendar.ParseHalfYear(chi.URLParam(v.Request, "p"))
	if err != nil {
		return period, errNotFound
	}
	return period, nil
}

// submission reads the key of a form that writes. A form with several buttons
// may add a suffix to its key; each action counts by itself.
func (v *visit) submission(key, action string) (store.Submission, error) {
	id, err := submissionKey(key, action)
	if err != nil {
		return store.Submission{}, badRequest("error.form.key")
	}
	return store.Submission{Key: id, PersonID: v.viewer.PersonID, Action: action, RequestID: requestID(v.Context()), At: v.now}, nil
}

// once reads the key of a form that writes. A form that was sent before, by a
// double click or after a time-out, gets its first answer again: done is true then.
func (s *Site) once(w http.ResponseWriter, v *visit, key, action string) (sub store.Submission, done bool, err error) {
	if sub, err = v.submission(key, action); err != nil {
		return sub, false, err
	}
	location, done, err := s.Store.Answered(v.Context(), sub)
	if err != nil || !done {
		return sub, false, err
	}
	return sub, true, redirect(w, location)
}

// may reports whether the visitor may do an action to an object; with the zero
// Object, whether they may do it to anything at all.
func (v *visit) may(action access.Action, o access.Object) bool {
	return access.Decide(v.viewer, v.today, action, o) == access.Allowed
}

// allow answers whether the visitor may do an action to an object: nil, or the
// refusal to return. An object out of reach does not exist for them.
func (s *Site) allow(v *visit, action access.Action, o access.Object) error {
	switch access.Decide(v.viewer, v.today, action, o) {
	case access.Allowed:
		return nil
	case access.Forbidden:
		s.auditRefusal(v, action, o)
		return errForbidden
	default:
		s.auditRefusal(v, action, o)
		return errNotFound
	}
}

// auditRefusal notes a refusal. That it cannot be noted changes nothing for the visitor.
func (s *Site) auditRefusal(v *visit, action access.Action, o access.Object) {
	s.noteRefusal(v, store.Event{Object: v.page(), MandateID: o.MandateID, Detail: map[string]any{"wanted": action}})
}

// auditProblem notes that somebody was refused a page, or asked for an object that
// is not there for them, unless the handler has noted it already. A mistyped
// address is not noted.
func (s *Site) auditProblem(v *visit, p *problem) {
	page := v.page()
	aboutObject := strings.Contains(chi.RouteContext(v.Context()).RoutePattern(), "{")
	if v.signedIn() && !v.refused && page != "" && (p.status == http.StatusForbidden || p.status == http.StatusNotFound && aboutObject) {
		s.noteRefusal(v, store.Event{Object: page, Detail: map[string]any{"method": knownMethod(v.Method), "status": p.status}})
	}
}

func (s *Site) noteRefusal(v *visit, e store.Event) {
	v.refused = true
	e.ActorID, e.Action = v.viewer.PersonID, store.ActionRefused
	if err := s.Store.Audit(v.Context(), e); err != nil {
		s.Log.ErrorContext(v.Context(), "audit", "id", requestID(v.Context()), "error", err.Error())
	}
}

// code matches what an address may show of itself in the trail: the trail holds nothing that a person typed.
var code = regexp.MustCompile(`^([A-Z0-9][A-Z0-9.-]{0,40}|xlsx|pdf|csv|json)$`)

// placeholder matches a parameter of a pattern.
var placeholder = regexp.MustCompile(`\{(\w+)(:[^}]*)?\}`)

// page names the page that was asked for, by its pattern and the codes in it.
func (v *visit) page() string {
	route := chi.RouteContext(v.Context())
	if route == nil || route.RoutePattern() == "" || strings.HasSuffix(route.RoutePattern(), "*") {
		return ""
	}
	return "page" + placeholder.ReplaceAllStringFunc(strings.TrimPrefix(route.RoutePattern(), "/"+string(v.lang)), func(p string) string {
		value := chi.URLParam(v.Request, placeholder.FindStringSubmatch(p)[1])
		if !code.MatchString(value) {
			return "?"
		}
		return value
	})
}

// frame gives what every page shares. The crumbs lead from the top to above the page.
func (s *Site) frame(v *visit, title string, crumbs ...web.Crumb) web.Frame {
	f := web.Frame{
		Printer: v.print, Assets: s.assets, Title: title, Breadcrumbs: crumbs, Notice: v.notice, Demo: s.Demo,
		OtherLangURL: v.inOtherLang(),
		Viewer:       web.Viewer{Name: v.viewer.Name, Email: v.viewer.Email, SignedIn: v.signedIn()},
	}
	if v.past() {
		// a list is not as long on every day: each begins at its first page
		f.AsOf, f.NowURL, f.KnownValue = v.asOf, v.without("asof", "known", "page"), v.knownValue()
		if f.KnownURL = v.withQuery("known", v.asOf.String(), "page"); !v.known.IsZero() {
			f.Known, f.KnownURL = v.known, v.without("known", "page")
		}
	}
	if back := v.back(); back != "" {
		f.Breadcrumbs = append([]web.Crumb{{Label: v.print.T("menu.overview"), URL: back}}, slices.DeleteFunc(slices.Clone(f.Breadcrumbs), func(c web.Crumb) bool {
			return c.URL == v.dated(v.path("/mandates")) || c.URL == v.dated(v.path("/overview"))
		})...)
	}
	if v.signedIn() && s.before(v) == "" {
		f.Menu = v.menu()
		if v.may(access.ViewMandate, access.Object{}) {
			f.SearchURL = v.path("/search")
		}
	}
	return f
}

// inOtherLang is this same page in the other language.
func (v *visit) inOtherLang() string {
	rest, ok := strings.CutPrefix(v.URL.Path, "/"+string(v.lang))
	if !ok || rest != "" && rest[0] != '/' {
		return ""
	}
	u := url.URL{Path: "/" + string(v.lang.Other()) + rest, RawQuery: v.URL.RawQuery}
	return u.String()
}

// withQuery is this same page with one query value replaced, or removed (""), and without some others.
func (v *visit) withQuery(name, value string, without ...string) string {
	query := v.URL.Query()
	for _, other := range append(without, name) {
		query.Del(other)
	}
	if value != "" {
		query.Set(name, value)
	}
	u := url.URL{Path: v.URL.Path, RawQuery: query.Encode()}
	return u.String()
}

// without is this same page without some query values.
func (v *visit) without(names ...string) string {
	query := v.URL.Query()
	for _, name := range names {
		query.Del(name)
	}
	u := url.URL{Path: v.URL.Path, RawQuery: query.Encode()}
	return u.String()
}

// menu lists what the visitor's roles are for.
func (v *visit) menu() []web.MenuItem {
	var items []web.MenuItem
	add := func(shown bool, key, path string) {
		if shown {
			items = append(items, web.MenuItem{Key: key, URL: v.path(path)})
		}
	}
	may := func(a access.Action) bool {
		return v.may(a, access.Object{})
	}
	own := v.viewer.Mandates(v.today)
	onlyOwn := len(own) == 1 && !slices.ContainsFunc(v.viewer.Roles(v.today), func(r access.Role) bool { return r != access.Holder && r != access.Delegate && r != access.Evaluated })
	add(may(access.ViewDue), "due", "/due")
	if len(items) == 1 {
		items[0].Count = v.pressing
	}
	if len(own) == 1 {
		add(true, "my_mandate", "/mandates/"+v.account.Codes[own[0]])
	}
	add(may(access.SeeTitle) && !onlyOwn, "mandates", "/mandates")
	add(may(access.ViewOverview), "overview", "/overview")
	add(may(access.ViewBody), "boards", "/bodies")
	add(may(access.ViewRound), "rounds", "/rounds")
	add(may(access.ViewMandate), "calendar", "/calendar")
	add(may(access.ViewEvaluation), "evaluations", "/evaluations")
	add(may(access.ImportLetter), "import", "/import")
	add(may(access.ManagePeople), "people", "/admin/people")
	add(may(access.ManageBodies), "bodies", "/admin/bodies")
	add(may(access.ManageMail), "mail", "/admin/mail")
	add(may(access.ManageTokens), "tokens", "/admin/tokens")
	add(may(access.ViewAudit), "audit", "/admin/audit")
	add(may(access.SeeRetention), "retention", "/admin/retention")
	v.markCurrent(items)
	return items
}

// markCurrent marks the page among the items, or else the narrowest that it lies below.
func (v *visit) markCurrent(items []web.MenuItem) {
	section := -1
	for i, item := range items {
		if v.URL.Path == item.URL {
			items[i].Current = "page"
			return
		}
		if strings.HasPrefix(v.URL.Path, item.URL+"/") && (section < 0 || len(item.URL) > len(items[section].URL)) {
			section = i
		}
	}
	if section >= 0 {
		items[section].Current = "true"
	}
}

// statusOf is the status of a page with a form: 422 while something must be mended.
func statusOf(errs []web.FieldError) int {
	if len(errs) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// render draws a page and sends it whole: what fails while drawing sends nothing.
func (s *Site) render(w http.ResponseWriter, v *visit, status int, c templ.Component) error {
	var b bytes.Buffer
	if err := c.Render(v.Context(), &b); err != nil {
		return fmt.Errorf("draw the page: %w", err)
	}
	if v.notice != nil {
		setCookie(w, noticeCookie, "", -1)
	}
	if c, err := v.Cookie(langCookie); err != nil || c.Value != string(v.lang) {
		setCookie(w, langCookie, string(v.lang), 365*24*60*60)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", string(v.lang))
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the browser may have gone; there is nobody left to tell
	return nil
}

// redirect sends the browser to another page of ours, to be fetched with GET.
func redirect(w http.ResponseWriter, location string) error {
	w.Header().Set("Location", location)
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// ownPage reports whether a path is a page of ours that can be fetched.
func (s *Site) ownPage(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	_, ok := bilingual.ParseLang(first)
	return ok && strings.HasPrefix(path, "/") && s.router.Match(chi.NewRouteContext(), http.MethodGet, path)
}

// allowed lists the methods that a path answers.
func (s *Site) allowed(path string) []string {
	var all []string
	for _, m := range methods {
		if s.router.Match(chi.NewRouteContext(), m, path) || m == http.MethodHead && slices.Contains(all, http.MethodGet) {
			all = append(all, m)
		}
	}
	return all
}
