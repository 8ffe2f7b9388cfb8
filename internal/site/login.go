package site

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/mail"
	"net/netip"
	"net/url"
	"strings"
	"unicode"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"golang.org/x/text/unicode/norm"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/store"
	"jalon/web"
)

// keptLimit bounds the form that is carried along through a sign-in.
const keptLimit = 4 << 20

// signInRoutes are the doors: in, out, the first page, the own password.
func (s *Site) signInRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "", handler: s.home},
		{method: http.MethodGet, pattern: "/", handler: s.home},
		{method: http.MethodGet, pattern: "/login", handler: s.showSignIn},
		{method: http.MethodPost, pattern: "/login", handler: s.signIn, body: keptLimit},
		{method: http.MethodGet, pattern: "/login/code", handler: s.showCode},
		{method: http.MethodPost, pattern: "/login/code", handler: s.enterCode, body: keptLimit},
		{method: http.MethodPost, pattern: "/logout", handler: s.leave},
		{method: http.MethodGet, pattern: "/password", handler: s.showPassword},
		{method: http.MethodPost, pattern: "/password", handler: s.changePassword},
	}
}

// root sends the browser to the first page in the language of the account, of
// the cookie, or of the browser.
func (s *Site) root(w http.ResponseWriter, r *http.Request) {
	v := s.stranger(r)
	if err := s.identify(v); err != nil {
		s.fail(w, v, err)
		return
	}
	lang := v.lang
	if v.signedIn() {
		lang = v.viewer.Lang
	}
	_ = redirect(w, "/"+string(lang))
}

// home sends a person to the page they come for.
func (s *Site) home(w http.ResponseWriter, v *visit) error {
	if !v.signedIn() {
		return redirect(w, v.path("/login"))
	}
	if first := s.before(v); first != "" {
		return redirect(w, first)
	}
	if first := v.firstPage(); first != "" {
		return redirect(w, v.path(first))
	}
	return refused(http.StatusForbidden, "signin.no_role")
}

// firstPage is the page that a person comes for, by role; "" when they have none.
func (v *visit) firstPage() string {
	for _, door := range []struct {
		action access.Action
		path   string
	}{
		{access.ViewDue, "/due"}, {access.ViewOverview, "/overview"}, {access.ManagePeople, "/admin/people"}, {access.SeeTitle, "/mandates"}, {access.ViewEvaluation, "/evaluations"},
	} {
		if v.may(door.action, access.Object{}) {
			return door.path
		}
	}
	return ""
}

// toSignIn asks who it is, and brings them back. A form that comes after its
// session has ended is carried along: what was typed is not lost.
func (s *Site) toSignIn(w http.ResponseWriter, v *visit) error {
	if safe(v.Method) {
		return redirect(w, v.path("/login")+"?"+url.Values{"return": {v.URL.RequestURI()}}.Encode())
	}
	back := ""
	if s.ownPage(v.URL.Path) {
		back = v.URL.Path
	}
	view := s.signInView(v, back)
	if kept, err := v.keptForm(); err != nil {
		return err
	} else if kept != "" {
		view.Kept, view.KeptTo, view.KeptFields = kept, v.URL.Path, keptFields(kept)
		view.Notice = &web.Notice{Kind: web.NoticeWarning, Text: v.print.T("signin.ended_kept")}
		return s.render(w, v, http.StatusForbidden, web.LoginPage(view))
	}
	if back == "" {
		back = v.path("")
	}
	tell(w, web.NoticeWarning, "signin.ended")
	return redirect(w, v.path("/login")+"?"+url.Values{"return": {back}}.Encode())
}

// keptForm gives the form of a session that has ended, to be carried along; ""
// for none. Of a form with files the files stay behind: they were read by
// nobody who may bring any.
func (v *visit) keptForm() (string, error) {
	media, _, err := mime.ParseMediaType(v.Header.Get("Content-Type"))
	if err != nil || !v.ended {
		return "", nil
	}
	switch media {
	case "application/x-www-form-urlencoded":
		body, err := io.ReadAll(v.Body)
		if err != nil {
			return "", unreadable(err)
		}
		return string(body), nil
	case "multipart/form-data":
		parts, err := v.MultipartReader()
		if err != nil {
			return "", badRequest("")
		}
		fields := url.Values{}
		for size := 0; size < keptLimit; {
			part, err := parts.NextPart()
			if errors.Is(err, io.EOF) {
				return fields.Encode(), nil
			}
			if err != nil {
				return "", unreadable(err)
			}
			if isFile(part) {
				continue // NextPart reads on to the next one
			}
			value, err := io.ReadAll(io.LimitReader(part, keptLimit))
			if err != nil {
				return "", unreadable(err)
			}
			size += len(value)
			fields.Add(part.FormName(), string(value))
		}
		return "", refused(http.StatusRequestEntityTooLarge, "")
	}
	return "", nil
}

// isFile reports whether a part comes from a file field, also from one that was
// left empty: browsers send that with an empty name.
func isFile(part *multipart.Part) bool {
	_, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	_, named := params["filename"]
	return err == nil && named
}

func (s *Site) signInView(v *visit, back string) web.LoginView {
	view := web.LoginView{Frame: s.frame(v, v.print.T("login.title")), Action: v.path("/login"), Return: back, ForgotURL: v.path("/forgot")}
	if s.Demo {
		for _, a := range s.DemoAccounts {
			if !s.mayUsePassword(a.Email) {
				continue
			}
			if v.print.Has(a.Who) {
				a.Who = v.print.T(a.Who)
			}
			view.DemoAccounts = append(view.DemoAccounts, a)
		}
	}
	s.signOnButton(v, &view)
	return view
}

func (s *Site) showSignIn(w http.ResponseWriter, v *visit) error {
	return s.render(w, v, http.StatusOK, web.LoginPage(s.signInView(v, s.safeReturn(v.URL.Query().Get("return")))))
}

type signInForm struct {
	Email    string `form:"email,line,254,required"`
	Password string `form:"password,secret,128,required"`
	Return   string `form:"return,raw"`
	Kept     string `form:"kept,raw"`
	KeptTo   string `form:"kept_to,raw"`
}

func (in signInForm) onward() onward { return onward{in.Return, in.Kept, in.KeptTo} }

// signIn checks a password. Whether the account exists cannot be told from the
// answer, its status or its time.
func (s *Site) signIn(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[signInForm](v)
	if err != nil {
		return err
	}
	again := func(status int) error {
		view := s.signInView(v, s.safeReturn(in.Return))
		view.Email, view.Errors, view.Kept, view.KeptTo = in.Email, f.errs, in.Kept, in.KeptTo
		view.KeptFields = keptFields(in.Kept)
		return s.render(w, v, status, web.LoginPage(view))
	}
	if !f.ok() {
		return again(http.StatusUnprocessableEntity)
	}
	email, address := strings.ToLower(in.Email), v.address()
	if wait := s.limits.attempt("sign-in", email, address); wait > 0 {
		return tooMany(wait)
	}
	who, err := s.Store.CredentialsByEmail(v.Context(), email)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	ok, outdated, err := s.hashing.matches(v.Context(), who.PasswordHash, in.Password)
	if err != nil {
		return err
	}
	if !ok || who.Disabled || !s.mayUsePassword(who.Email) {
		if err := s.Store.Audit(v.Context(), store.Event{Action: "sign-in refused", RequestID: requestID(v.Context()), Detail: detailOf(who.PersonID)}); err != nil {
			return err
		}
		f.refuse("email", "login.failed")
		return again(http.StatusUnprocessableEntity)
	}
	if outdated {
		rehashed, err := s.hashing.hash(v.Context(), in.Password)
		if err != nil {
			return err
		}
		if err := s.Store.Rehash(v.Context(), who.PersonID, who.PasswordHash, rehashed); err != nil {
			return err
		}
	}
	asked, err := s.secondFactorInUse(v, who.PersonID)
	if err != nil {
		return err
	}
	if asked {
		return s.askCode(w, v, who, in.onward())
	}
	return s.arrive(w, v, arrival{who: who, by: byPassword, address: address, onward: in.onward()})
}

// detailOf names the account that a refused sign-in was for, if there is one.
func detailOf(personID int64) map[string]any {
	if personID == 0 {
		return nil
	}
	return map[string]any{"person": personID}
}

// leave signs out.
func (s *Site) leave(w http.ResponseWriter, v *visit) error {
	if v.signedIn() {
		event := store.Event{ActorID: v.viewer.PersonID, Action: "sign out", RequestID: requestID(v.Context())}
		if err := s.Store.Audit(v.Context(), event); err != nil {
			return err
		}
	}
	next := s.endSignOn(v)
	if err := s.signOut(w, v); err != nil {
		return err
	}
	tell(w, web.NoticeDone, "login.signed_out")
	if next != "" {
		return redirect(w, next)
	}
	return redirect(w, v.path("/login"))
}

// safeReturn gives the address to go back to after signing in: a page of ours,
// found in our own router, or "". What a browser would take for another site
// (//h, /\h, a tab after the slash) is no route.
func (s *Site) safeReturn(raw string) string {
	if raw == "" || len(raw) > 2000 || strings.Contains(raw, `\`) || strings.ContainsFunc(raw, unicode.IsControl) {
		return ""
	}
	u, err := url.ParseRequestURI(raw)
	if err != nil || u.IsAbs() || u.Host != "" || !s.ownPage(u.Path) {
		return ""
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return ""
	}
	_, page, _ := strings.Cut(u.Path[1:], "/")
	switch page, _, _ = strings.Cut(page, "/"); page {
	case "", "login", "password", "forgot", "reset":
		return "" // the first page says where to go
	}
	back := url.URL{Path: u.Path, RawQuery: query.Encode()}
	return back.String()
}

// ownAction reports whether a path is one of ours that takes forms.
func (s *Site) ownAction(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	_, ok := bilingual.ParseLang(first)
	return ok && strings.HasPrefix(path, "/") && s.router.Match(chi.NewRouteContext(), http.MethodPost, path)
}

// address is where a visitor comes from, for limits.
func (v *visit) address() string {
	ip := middleware.GetClientIPAddr(v.Context())
	if ip == (netip.Addr{}) {
		return "unknown"
	}
	return addressOf(ip)
}

const longestAddress = 254 // RFC 5321 4.5.3.1.3, without the brackets of a path

// MailAddress gives an address in the form that accounts have, or false.
func MailAddress(s string) (string, bool) {
	s = strings.ToLower(norm.NFC.String(s))
	a, err := mail.ParseAddress(s)
	if err != nil || len(s) > longestAddress || a.Address != s || a.Name != "" || strings.ContainsAny(s, `" `) || !isASCII(s) {
		return "", false
	}
	return s, true
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}
