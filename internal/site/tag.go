package site

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// This file is about pages that a browser has already. The ETag of a page about one
// mandate is made of its version, that of a page about many of the state of their scope.

// unchanged answers 304 when the browser has this very page: same program,
// reader, language, days and parts, such as the version of a mandate. When it
// gives false the handler goes on.
func (s *Site) unchanged(w http.ResponseWriter, v *visit, parts ...any) bool {
	if v.notice != nil {
		return false
	}
	tag := s.tagHead(v, parts...) + `"`
	bearTag(w, tag)
	if !sameTag(v.Request, tag) {
		return false
	}
	w.WriteHeader(http.StatusNotModified)
	return true
}

// tagHead begins an ETag with all that makes a page but its state.
func (s *Site) tagHead(v *visit, parts ...any) string {
	h := sha256.New()
	fmt.Fprintln(h, s.Version, v.viewer, v.account.Version, v.URL.Path, v.URL.RawQuery, v.today, v.asOf, v.known, parts)
	return `W/"` + base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:15])
}

// stateSeen is the state of this page in which the browser has it, for a page
// whose state is known only once it is read; "" for none.
func (s *Site) stateSeen(v *visit) string {
	head := s.tagHead(v) + "."
	for _, tag := range tagsOf(v.Request) {
		if state, ok := strings.CutPrefix(tag, head); ok && v.notice == nil {
			return strings.TrimSuffix(state, `"`)
		}
	}
	return ""
}

// inState gives a page the ETag of its state.
func (s *Site) inState(w http.ResponseWriter, v *visit, state string) {
	if v.notice == nil && state != "" {
		bearTag(w, s.tagHead(v)+"."+state+`"`)
	}
}

func bearTag(w http.ResponseWriter, tag string) {
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "private, no-cache")
	if !slices.Contains(w.Header().Values("Vary"), "Cookie") {
		w.Header().Add("Vary", "Cookie")
	}
}

// sameTag reports whether the asker has the version with this ETag already.
func sameTag(r *http.Request, tag string) bool {
	return slices.Contains(tagsOf(r), tag)
}

func tagsOf(r *http.Request) []string {
	return strings.Split(strings.ReplaceAll(r.Header.Get("If-None-Match"), " ", ""), ",")
}
