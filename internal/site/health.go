package site

import (
	"net/http"

	"jalon/internal/store"
)

// alive says that the program runs, whatever the state of the database.
func (s *Site) alive(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok") }

// ready says whether pages can be answered: the database answers and has the
// schema that this program knows, or a newer one.
func (s *Site) ready(w http.ResponseWriter, r *http.Request) {
	version, err := s.Store.SchemaVersion(r.Context())
	switch {
	case err != nil:
		s.Log.WarnContext(r.Context(), "not ready", "id", requestID(r.Context()), "error", err.Error())
		say(w, http.StatusServiceUnavailable, "database unavailable")
	case version < store.SchemaVersion():
		say(w, http.StatusServiceUnavailable, "schema too old")
	default:
		say(w, http.StatusOK, "ok")
	}
}

func say(w http.ResponseWriter, status int, words string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(words + "\n"))
}
