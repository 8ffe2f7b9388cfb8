package site

import (
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"unicode"

	"jalon/internal/locale"
	"jalon/internal/report"
	"jalon/web"
)

// sendFile sends a file to be kept, never to be opened inside a page of ours.
func sendFile(w http.ResponseWriter, contentType, name string, content []byte) error {
	fileHeaders(w, contentType, name, len(content))
	_, _ = w.Write(content) // the browser may have gone; there is nobody left to tell
	return nil
}

// fileHeaders says what a file is and how it is called (RFC 6266), and that
// nothing in it may run.
func fileHeaders(w http.ResponseWriter, contentType, name string, size int) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Length", strconv.Itoa(size))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, no-store")
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

// documentPrint prints a document: in the language of the page or, with
// ?lang=both, in both languages side by side.
func (s *Site) documentPrint(v *visit) (*locale.Printer, error) {
	switch langs := v.URL.Query()["lang"]; {
	case len(langs) == 0:
		return s.Catalogues.In(v.lang), nil // the layout tells the spaces of a document
	case len(langs) == 1 && langs[0] == "both":
		return s.Catalogues.Beside(v.lang), nil
	}
	return nil, badRequest("")
}

// inBothLanguages leads to the documents in both languages, of the formats that hold texts side by side.
func inBothLanguages(files []web.Download) (both []web.Download) {
	for _, d := range files {
		if f := report.Format(d.Format); f != report.CSV && f != report.JSON {
			sign := "?"
			if strings.Contains(d.URL, sign) { // a day of the past
				sign = "&"
			}
			both = append(both, web.Download{Format: d.Format, URL: d.URL + sign + "lang=both"})
		}
	}
	return both
}
