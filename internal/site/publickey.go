package site

import "net/http"

// publicKey publishes the key that checks the seals, in the form of a minisign
// public key file, so that anyone can compare it with the key in a sealed file.
func (s *Site) publicKey(w http.ResponseWriter, _ *http.Request) {
	text, err := s.Signer.Public().MarshalText()
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write(append(text, '\n')) // the browser may have gone
}
