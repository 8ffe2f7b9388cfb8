package site

import (
	"errors"
	"log/slog"
	"math"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"jalon/internal/sso"
	"jalon/internal/store"
)

// endSignOn ends the sign-on of a session, and gives the address at the
// provider where the browser signs out there too; "" when there is none. That
// it cannot be ended keeps nobody in: the session ends in any case.
func (s *Site) endSignOn(v *visit) string {
	if v.signOn == "" || s.SignOn == nil {
		return ""
	}
	token, err := s.Store.EndSignOn(v.Context(), v.signOn)
	if err != nil {
		if !errors.Is(err, store.ErrNotFound) {
			s.Log.ErrorContext(v.Context(), "end the sign-on", "id", requestID(v.Context()), "error", forLog(asProblem(err)))
		}
		return ""
	}
	return s.SignOn.Provider.EndSession(token)
}

// signedOut is where the provider sends a browser that has signed out there.
func (s *Site) signedOut(w http.ResponseWriter, v *visit) error {
	if s.SignOn == nil {
		return errNotFound
	}
	return redirect(w, v.path("/login"))
}

// heedNotice answers the provider itself, which tells that somebody has signed
// out there (OpenID Connect Back-Channel Logout 1.0). It comes without cookies
// and without an Origin; what makes it credible is the signature on its token.
func (s *Site) heedNotice(w http.ResponseWriter, r *http.Request) {
	v := s.stranger(r)
	if s.SignOn == nil {
		say(w, http.StatusNotFound, "not found")
		return
	}
	if wait := s.limits.take("notice", v.address()); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		say(w, http.StatusTooManyRequests, "too many requests")
		return
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" {
		say(w, http.StatusUnsupportedMediaType, "unsupported media type")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if r.ParseForm() != nil || len(r.PostForm["logout_token"]) != 1 {
		sayInvalid(w)
		return
	}
	n, err := s.SignOn.Provider.Heed(r.Context(), r.PostForm.Get("logout_token"))
	if err == nil {
		_, err = s.Store.HeedNotice(r.Context(), store.Notice{
			Issuer: s.SignOn.Provider.Issuer(), ID: n.ID, Sub: n.Sub, SID: n.SID, Until: n.Until, RequestID: requestID(r.Context()),
		})
	}
	var refused *sso.Refusal
	switch {
	case err == nil:
		w.WriteHeader(http.StatusOK)
	case errors.As(err, &refused), errors.Is(err, store.ErrExists):
		s.Log.LogAttrs(r.Context(), slog.LevelInfo, "notice of logout refused", slog.String("id", requestID(r.Context())), slog.String("error", err.Error()))
		sayInvalid(w)
	default:
		s.Log.LogAttrs(r.Context(), slog.LevelWarn, "notice of logout", slog.String("id", requestID(r.Context())), slog.String("error", forLog(asProblem(err))))
		w.Header().Set("Retry-After", "10")
		say(w, http.StatusServiceUnavailable, "unavailable")
	}
}

func sayInvalid(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	_, _ = w.Write([]byte(`{"error":"invalid_request"}` + "\n")) // the provider may have gone
}

// formTargets is where forms may lead: to us and, by way of our answer to a
// form, to the provider.
func (s *Site) formTargets() string {
	if s.SignOn == nil {
		return "'self'"
	}
	return strings.Join(append([]string{"'self'"}, s.SignOn.Provider.Origins()...), " ")
}
