// Package site is the web server: routes, who asks, and the handlers. One file
// per page or small family of pages; the routes stand beside the handlers.
package site

import (
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
	"jalon/internal/secret"
	"jalon/internal/shelf"
	"jalon/internal/store"
	"jalon/web"
)

// Options are what the site needs from outside.
type Options struct {
	Store           *store.Store
	Signer          monitoring.Signer
	Shelf           *shelf.Shelf // of the files that prove something
	Catalogues      *locale.Catalogues
	Log             *slog.Logger
	Now             func() time.Time
	BaseURL         string            // scheme and host that people use, such as https://jalon.example
	TrustedProxies  []string          // prefixes whose X-Forwarded-For is believed
	Demo            bool              // show the demonstration accounts
	DemoAccounts    []web.DemoAccount // Who is a key of the catalogues
	Contact         string            // e-mail address for questions about privacy and accessibility; may be ""
	Mail            bool              // a mail server is set; without one mails are kept
	SecondPerson    bool              // whoever lists deletions does not approve them
	Version         string            // of the program; part of every ETag
	Secrets         *secret.Keyring   // encrypts the second factors
	SecondFactor    []access.Role     // roles that must have one
	Links           LinkMailer        // nil without a mail server: the administrator hands links over
	Nudges          NudgeWriter       // nil: nobody is nudged
	ReportReminders ReportReminder    // nil: nobody is reminded of an activity report
	Exports         ExportQueue       // nil: big documents too are made while the visitor waits
	SignOn          *SignOn           // single sign-on; nil for none
}

// Site answers HTTP.
type Site struct {
	Options
	assets   *web.Assets
	sessions *scs.SessionManager
	hashing  *hashing
	large    chan struct{} // places for the large forms of strangers
	exports  chan struct{} // places for the documents of many tables
	bigRows  int           // from how many targets on a document is made by a job
	limits   *limits
	router   chi.Routes
	handler  http.Handler
}

// visit is one request as a handler sees it: who asks, in which language, on which day.
type visit struct {
	*http.Request
	lang     bilingual.Lang
	print    *locale.Printer
	viewer   access.Viewer
	now      time.Time     // when the request came
	today    calendar.Date // of that instant
	asOf     calendar.Date // the day the page speaks of: today, or ?asof=
	known    time.Time     // up to when what was recorded counts, by ?known=; zero for all that is known
	asksDay  bool          // the page has a field for that day (route)
	wrongDay string        // what was typed in it, when it is no day up to today
	from     string        // the overview that the visitor came from, such as overview?status=late; "" for none

	account  store.Account // of the viewer, with what is no matter of access
	pressing int           // duties late or due soon, where the page knows them all; for the menu
	proof    proof         // how the viewer signed in
	ended    bool          // a session came along that is no longer valid
	signOn   string        // the sign-on that the session began with; "" for a password
	notice   *web.Notice   // what the request before has to say
	refused  bool          // the trail has this refusal
	program  bool          // a program asks, with a token
	token    store.Token   // that it asks with
}

// handler answers a visit. What it cannot answer it returns as an error, which
// one place turns into a page.
type handler func(w http.ResponseWriter, v *visit) error

// route is one page as data, so that a test can walk them all.
type route struct {
	method  string
	pattern string        // below /nl or /fr
	action  access.Action // "" for everybody, signed in or not
	handler handler
	body    int64 // the most bytes that a form may have; 0 for bodyLimit
	past    bool  // the page can look back (past.go)
	asksDay bool  // the page has a field for the day looked back to: it says there what is wrong with one, and keeps what else was chosen
}

// routes lists every page in both languages. A form's page and its POST stand together.
func (s *Site) routes() []route {
	return slices.Concat(
		s.signInRoutes(), s.passwordLinkRoutes(), s.signOnRoutes(), s.accountRoutes(), s.secondFactorRoutes(),
		s.statementRoutes(),
		s.dueRoutes(), s.dutyRoutes(), s.eventRoutes(), s.eventListRoutes(), s.mandateRoutes(), s.delegationRoutes(),
		s.deadlineRoutes(), s.amendmentRoutes(), s.reportRoutes(), s.monitoringRoutes(), s.tablesRoutes(),
		s.annualRoutes(), s.exportRoutes(), s.overviewRoutes(), s.calendarRoutes(),
		s.importRoutes(), s.evidenceRoutes(), s.peopleRoutes(), s.mailRoutes(), s.preferencesRoutes(),
		s.auditRoutes(), s.accessLogRoutes(), s.ownDataRoutes(), s.retentionRoutes(),
		s.tenureRoutes(), s.bodyRoutes(), s.boardRoutes(), s.questionRoutes(), s.addresseeRoutes(),
		s.evaluationRoutes(), s.gradeRoutes(), s.dossierRoutes(), s.indicatorRoutes(), s.scoreboardRoutes(),
		s.measureRoutes(), s.tokenRoutes(), s.roundRoutes(), s.partRoutes(), s.searchRoutes(), s.timelineRoutes(),
		s.briefRoutes(),
	)
}

// New builds the site.
func New(o Options) (*Site, error) {
	if o.Secrets == nil {
		return nil, errors.New("no keys for the second factors")
	}
	assets, err := web.LoadAssets()
	if err != nil {
		return nil, err
	}
	s := &Site{Options: o, assets: assets, hashing: newHashing(), large: make(chan struct{}, maxLarge), exports: make(chan struct{}, bigExports), bigRows: bigRows, limits: newLimits(o.Now)}
	s.sessions = newSessions(o.Store, o.Now)
	if s.handler, err = s.build(chi.NewRouter()); err != nil {
		return nil, err
	}
	return s, nil
}

// ServeHTTP answers one request.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }
