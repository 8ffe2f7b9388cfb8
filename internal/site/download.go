package site

import (
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"unicode"
)

// sendFile sends a file to be kept, never to be opened inside a page of ours.
func sendFile(w http.ResponseWriter, contentType, name string, content []byte) error {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Length", strconv.Itoa(len(content)))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cache-Control", "private, no-store")
	_, _ = w.Write(content) // the browser may have gone; there is nobody left to tell
	return nil
}

// safeName gives the last part of a file's name as a browser sent it, without
// anything that a folder, a header or a screen would take for more than a name.
func safeName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || turnsDirection(r) {
			return -1
		}
		return r
	}, name)
	if runes := []rune(name); len(runes) > 200 {
		name = string(runes[len(runes)-200:])
	}
	if name == "." || name == "/" {
		return ""
	}
	return name
}
