package site

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/chi/v5/middleware"

	"jalon/internal/store"
	"jalon/web"
)

// Names of our cookies. The prefix __Host- lets a browser take them only over a
// secure connection (or on this machine) and send them only to this host.
const (
	sessionCookie = "__Host-jalon"
	langCookie    = "__Host-lang"
	noticeCookie  = "__Host-notice"
)

// How long a session lasts without being used, and at most.
const (
	sessionIdle = 30 * time.Minute
	sessionMost = 10 * time.Hour
)

// What a session holds.
const (
	sessionPerson  = "person"  // int64
	sessionVersion = "version" // int32, of the credentials
	sessionProof   = "proof"   // string, a proof
	sessionPending = "pending" // int64, who has given the password and not yet the code
)

func newSessions(st *store.Store, now func() time.Time) *scs.SessionManager {
	m := scs.New()
	m.Store = st.Sessions(now, sessionIdle)
	m.HashTokenInStore = true
	m.Lifetime = sessionMost
	m.Cookie = scs.SessionCookie{Name: sessionCookie, Path: "/", HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode}
	return m
}

// identify finds out who asks: the session and the person with their rights, in one
// statement, or in none when no session came along. A session has also ended when
// its person was disabled or has got another password.
func (s *Site) identify(v *visit) error {
	token := ""
	if c, err := v.Cookie(sessionCookie); err == nil {
		token = c.Value
	}
	asking, asker := store.Asking(v.Context())
	ctx, err := s.sessions.Load(asking, token)
	if err != nil {
		return fmt.Errorf("load the session: %w", err)
	}
	v.Request = v.WithContext(ctx)
	v.ended = token != ""
	id := s.sessions.GetInt64(ctx, sessionPerson)
	if id == 0 || !s.Now().Before(s.sessions.Deadline(ctx)) {
		return nil
	}
	account, err := s.Store.Asker(ctx, asker, id)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err != nil || account.Disabled || account.Version != s.sessions.GetInt32(ctx, sessionVersion) {
		return nil
	}
	if counts, err := s.signOnCounts(v, &account); err != nil || !counts {
		return err
	}
	v.account, v.viewer, v.ended = account, account.Viewer, false
	v.Request = v.WithContext(store.As(ctx, id, v.today))
	v.proof = proof(s.sessions.GetString(ctx, sessionProof))
	return nil
}

// signInAs starts a session under a new token, so that one planted before the
// sign-in is worth nothing.
func (s *Site) signInAs(w http.ResponseWriter, v *visit, personID int64, version int32, by proof) error {
	begun := store.Begun{PersonID: personID, Agent: agentOf(v.UserAgent()), Network: networkOf(middleware.GetClientIPAddr(v.Context()))}
	if by == bySecondFactor {
		begun.SecondFactorAt = s.Now()
	}
	if v.viewer.PersonID != 0 && v.viewer.PersonID != personID {
		v.signOn = "" // that of somebody else
	}
	return s.begin(w, v, begun, sessionMost, map[string]any{
		sessionPerson: personID, sessionVersion: version, sessionProof: string(by), sessionSignOn: v.signOn,
	})
}

// begin replaces whatever session the visitor has by a new one.
func (s *Site) begin(w http.ResponseWriter, v *visit, begun store.Begun, most time.Duration, values map[string]any) error {
	ctx := begun.In(v.Context())
	if err := errors.Join(s.sessions.Clear(ctx), s.sessions.RenewToken(ctx)); err != nil {
		return fmt.Errorf("renew the session: %w", err)
	}
	s.sessions.SetDeadline(ctx, s.Now().Add(most))
	for name, value := range values {
		s.sessions.Put(ctx, name, value)
	}
	token, _, err := s.sessions.Commit(ctx)
	if err != nil {
		return err
	}
	setCookie(w, sessionCookie, token, 0)
	return nil
}

// signOut ends the session and makes the browser forget what it kept.
func (s *Site) signOut(w http.ResponseWriter, v *visit) error {
	if err := s.sessions.Destroy(v.Context()); err != nil {
		return fmt.Errorf("end the session: %w", err)
	}
	setCookie(w, sessionCookie, "", -1)
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return nil
}

// setCookie sends a cookie; maxAge in seconds, 0 until the browser closes, negative to remove it.
func setCookie(w http.ResponseWriter, name, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: maxAge, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// note is what the page after a redirect says. It travels in a cookie, not in
// the session: showing it then costs no statement. It names a sentence of the
// catalogues, so that it can say nothing else.
type note struct {
	Kind web.NoticeKind `json:"k"`
	Key  string         `json:"s"`
	Args []string       `json:"a,omitempty"`
}

// tell has the next page say something: a key of the catalogues with its placeholders in pairs.
func tell(w http.ResponseWriter, kind web.NoticeKind, key string, args ...string) {
	raw, err := json.Marshal(note{kind, key, args})
	if err != nil {
		return // strings always marshal
	}
	setCookie(w, noticeCookie, base64.RawURLEncoding.EncodeToString(raw), 60)
}

// told reads what tell left, or nil.
func (v *visit) told() *web.Notice {
	c, err := v.Cookie(noticeCookie)
	if err != nil || len(c.Value) > 2000 {
		return nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(c.Value)
	var n note
	if err != nil || json.Unmarshal(raw, &n) != nil || !v.print.Has(n.Key) {
		return nil
	}
	args := make([]any, len(n.Args))
	for i, a := range n.Args {
		args[i] = a
	}
	return &web.Notice{Kind: n.Kind, Text: v.print.T(n.Key, args...)}
}

// RemoveEnded removes what ended sessions, sign-ons, links and documents left in the database. Call it now and then.
func (s *Site) RemoveEnded(ctx context.Context) error {
	return errors.Join(
		s.Store.Sessions(s.Now, sessionIdle).RemoveExpired(ctx),
		s.Store.RemoveEndedPasswordLinks(ctx, s.Now()),
		s.Store.RemoveExpiredExports(ctx, s.Now()),
		s.Store.ForgetSignOns(ctx, s.Now().Add(-sessionMost), s.Now()))
}
