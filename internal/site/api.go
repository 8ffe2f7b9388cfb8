package site

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/store"
)

// apiRoute is one address of the interface for programs as data: the description
// that is served at /api/v1/openapi.json is made of the same.
type apiRoute struct {
	method  string
	pattern string // below /api/v1
	scope   string // that a token needs
	action  access.Action
	about   string
	list    *rowList // of a GET; nil for a PUT
	handler handler
}

const apiPrefix = "/api/v1"

// forPrograms reports whether an address is of the interface, whether it is there or not.
func forPrograms(path string) bool {
	return path == apiPrefix || strings.HasPrefix(path, apiPrefix+"/")
}

// apiRoutes lists the interface. Evaluations are not in it: what is said at
// an evaluation is for the people who sit at it.
func (s *Site) apiRoutes() []apiRoute {
	read := func(pattern, about string, l rowList) apiRoute {
		return apiRoute{method: http.MethodGet, pattern: pattern, scope: store.ScopeRead, action: access.ViewMandate, about: about, list: &l}
	}
	return []apiRoute{
		read("/mandates", "The mandates that you may see, and who holds them.", s.mandateList()),
		read("/objectives", "Objectives of the mandates.", s.objectiveList()),
		read("/targets", "Targets with their deadlines, and where each stands.", s.targetList()),
		read("/entries", "The latest entry of each target, as of a day.", s.entryList()),
		read("/targets/{code}/entries", "Everything that was reported on one target up to a day, also what was corrected later.", s.historyList()),
		read("/tables", "The sealed tables of half-years, with what proves them.", s.sealedList()),
		read("/duties", "What is owed between two days, and how each duty stands.", s.dutyList()),
		read("/indicators", "Indicators with their last figure. Figures of groups that are too small are left out.", s.indicatorList()),
		read("/indicators/{code}/values", "All figures of one indicator.", s.valueList()),
		{method: http.MethodPut, pattern: "/indicators/{code}/values/{date}", scope: store.ScopeValues, action: access.RecordValue, about: "Records the value of one day. The same request again changes nothing; another value supersedes the one before, which stays in the history. A condition (If-Match, If-None-Match, If-Unmodified-Since) is refused with 412.", handler: s.putValue},
	}
}

// api makes the visit of a program: who it is comes from its token alone. It
// sends no cookie and gets none, and no session begins.
func (s *Site) api(rt apiRoute) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
		v := s.stranger(r)
		if err := s.serveProgram(w, v, rt); err != nil {
			s.fail(w, v, err)
		}
	}
}

func (s *Site) serveProgram(w http.ResponseWriter, v *visit, rt apiRoute) error {
	if err := v.readQuery(); err != nil {
		return err
	}
	if err := s.admit(v); err != nil {
		if p := asProblem(err); p.status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Bearer realm="Jalon"`)
		}
		return err
	}
	v.lookBack()
	if !slices.Contains(v.token.Scopes, rt.scope) {
		return refused(http.StatusForbidden, "api.scope", "Scope", rt.scope)
	}
	if v.token.PersonID != 0 && !v.may(rt.action, access.Object{}) {
		s.auditRefusal(v, rt.action, access.Object{})
		return errForbidden
	}
	if rt.list != nil {
		return s.answerList(w, v, *rt.list)
	}
	return rt.handler(w, v)
}

// tokenPrefix lets a person, or a scanner of secrets, recognise a token.
const tokenPrefix = "jalon_"

// admit finds out whose token came along. Who tries tokens is slowed down by
// their address, and a program by its token.
func (s *Site) admit(v *visit) error {
	scheme, secret, _ := strings.Cut(v.Header.Get("Authorization"), " ")
	unknown := refused(http.StatusUnauthorized, "api.token")
	if !strings.EqualFold(scheme, "Bearer") || !strings.HasPrefix(secret, tokenPrefix) {
		return unknown
	}
	token, err := s.Store.UseToken(v.Context(), secret, v.today)
	if errors.Is(err, store.ErrNotFound) {
		if wait := s.limits.take("unknown token", v.address()); wait > 0 {
			return tooMany(wait)
		}
		return unknown
	}
	if err != nil {
		return err
	}
	if wait := s.limits.take("token", strconv.FormatInt(token.ID, 10)); wait > 0 {
		return tooMany(wait)
	}
	v.token = token
	if token.PersonID == 0 {
		return nil
	}
	account, err := s.Store.Account(v.Context(), token.PersonID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err != nil || account.Disabled {
		return unknown
	}
	v.account, v.viewer = account, account.Viewer
	v.Request = v.WithContext(store.As(v.Context(), token.PersonID, v.today))
	return nil
}

// apiTag makes the ETag of a list: the same program, reader, question and day,
// and mandates that nobody has written to.
func (s *Site) apiTag(v *visit, parts ...any) string {
	h := sha256.New()
	fmt.Fprintln(h, s.Version, v.viewer.PersonID, v.account.Version, v.viewer.Grants, v.URL.Path, v.URL.RawQuery, v.Header.Get("Accept"), v.today, parts)
	return `W/"` + base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:15]) + `"`
}

// queryNumber reads a whole number of the query; otherwise is that of an empty value.
func (v *visit) queryNumber(name string, low, high, otherwise int) (int, error) {
	typed := v.URL.Query().Get(name)
	if typed == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(typed)
	if err != nil || n < low || n > high {
		return 0, badRequest("api.number", "Name", name, "Low", strconv.Itoa(low), "High", strconv.Itoa(high))
	}
	return n, nil
}

// queryDate reads a day of the query; otherwise is that of an empty value.
func (v *visit) queryDate(name string, otherwise calendar.Date) (calendar.Date, error) {
	typed := v.URL.Query().Get(name)
	if typed == "" {
		return otherwise, nil
	}
	d, err := calendar.ParseDate(typed)
	if err != nil {
		return d, badRequest("api.date", "Name", name)
	}
	return d, nil
}

// mountAPI puts the interface beside the pages.
func (s *Site) mountAPI(r chi.Router) {
	r.Method(http.MethodGet, apiPrefix+"/openapi.json", http.HandlerFunc(s.openAPI))
	for _, rt := range s.apiRoutes() {
		r.Method(rt.method, apiPrefix+rt.pattern, s.api(rt))
	}
}
