package site

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/report"
	"jalon/internal/store"
	"jalon/web"
)

// How far a feed looks back and ahead, in months.
const (
	feedBack  = 6
	feedAhead = 18
)

// feedSecret makes the secret of an address: 256 random bits.
func feedSecret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// startFeed gives the visitor an address for their calendar program, in place
// of the one they had, and shows it this once.
func (s *Site) startFeed(w http.ResponseWriter, v *visit) error {
	f, err := v.form("idempotency_key")
	if err != nil {
		return err
	}
	sub, err := v.submission(f.raw("idempotency_key"), "start calendar feed")
	if err != nil {
		return err
	}
	secret := feedSecret()
	repeated, err := s.Store.StartFeed(v.Context(), sub, secret, s.Now(), v.path("/calendar"))
	if err != nil {
		return err
	}
	if repeated {
		tell(w, web.NoticeWarning, "feed.shown_before")
		return redirect(w, v.path("/calendar"))
	}
	here := *v.URL // the page links to itself as if it had been asked for
	here.Path, here.RawQuery = v.path("/calendar"), ""
	v.URL = &here
	return s.drawCalendar(w, v, s.BaseURL+"/calendar/"+secret+".ics")
}

func (s *Site) endFeed(w http.ResponseWriter, v *visit) error {
	f, err := v.form("idempotency_key")
	if err != nil {
		return err
	}
	sub, err := v.submission(f.raw("idempotency_key"), "end calendar feed")
	if err != nil {
		return err
	}
	if err := s.Store.EndFeed(v.Context(), sub, s.Now(), v.path("/calendar")); err != nil {
		return err
	}
	tell(w, web.NoticeDone, "feed.revoked")
	return redirect(w, v.path("/calendar"))
}

// feed answers a calendar program, which knows a secret and no password. What
// the secret's owner may see is asked anew each time. Who knows no valid secret
// learns nothing from the answer, and the secret stays out of every log.
func (s *Site) feed(w http.ResponseWriter, r *http.Request) {
	v := s.stranger(r)
	if wait := s.limits.take("feed", v.address()); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		say(w, http.StatusTooManyRequests, "too many requests")
		return
	}
	body, tag, err := s.feedOf(v, chi.URLParam(r, "secret"))
	switch {
	case errors.Is(err, store.ErrNotFound):
		say(w, http.StatusNotFound, "not found")
		return
	case err != nil:
		s.Log.LogAttrs(v.Context(), slog.LevelError, "refused", slog.String("id", requestID(v.Context())), slog.String("error", forLog(asProblem(err))))
		w.Header().Set("Retry-After", "600")
		say(w, http.StatusServiceUnavailable, "unavailable")
		return
	}
	h := w.Header()
	h.Set("ETag", `W/"`+tag+`"`)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("X-Robots-Tag", "noindex")
	if sameTag(r, h.Get("ETag")) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("Content-Disposition", `inline; filename="jalon.ics"`)
	_, _ = w.Write(body) // the program may have gone; there is nobody left to tell
}

// feedOf makes the calendar that a secret opens. ErrNotFound when it opens
// nothing (any more): unknown, ended, or of somebody who may see nothing.
func (s *Site) feedOf(v *visit, secret string) (body []byte, tag string, err error) {
	owner, err := s.Store.FeedOwner(v.Context(), secret)
	if err != nil {
		return nil, "", err
	}
	account, err := s.Store.Account(v.Context(), owner)
	if err != nil {
		return nil, "", err
	}
	if account.Disabled || access.Decide(account.Viewer, v.today, access.ViewMandate, access.Object{}) != access.Allowed {
		return nil, "", store.ErrNotFound
	}
	questions, _, err := s.Store.Duties(store.As(v.Context(), owner, v.today), store.DutyQuestion{
		Scope: access.ScopeOf(account.Viewer, v.today, access.ViewMandate), AsOf: v.today,
	})
	if err != nil {
		return nil, "", err
	}
	questions = withinAll(account.Viewer, v, access.ViewMandate, questions)
	from, until := feedDays(v.today)
	for i := range questions {
		questions[i].From, questions[i].Until = from, until
	}
	body, tag = report.Feed(questions, report.FeedOptions{Printer: s.Catalogues.In(account.Lang), BaseURL: s.BaseURL, At: s.Now()})
	return body, tag, nil
}

// feedDays are whole months, so that a feed changes with its content and once a month.
func feedDays(today calendar.Date) (from, until calendar.Date) {
	first := calendar.Date{Year: today.Year, Month: today.Month, Day: 1}
	return first.AddMonths(-feedBack), first.AddMonths(feedAhead).EndOfMonth()
}
