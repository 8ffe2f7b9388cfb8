package site

import (
	"net/http"

	"jalon/internal/monitoring"
	"jalon/internal/store"
)

// publicKey publishes the key that checks the seals, in the form of a minisign
// public key file, so that anyone can compare it with the key in a sealed file.
// Behind it stand the keys before it, for files that were sealed with those.
//
// Whoever asks is nobody to the database, which then shows no seal. So Jalon
// asks in its own name: it reads which keys signed and on which days, and those
// keys stand in every file that they sealed.
func (s *Site) publicKey(w http.ResponseWriter, r *http.Request) {
	used, err := s.Store.SigningKeys(store.AsSystem(r.Context()))
	if err != nil {
		s.Log.Error("publish the keys", "error", err.Error())
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write(monitoring.PublishedKeys(s.Signer.Public(), used)) // the browser may have gone
}
