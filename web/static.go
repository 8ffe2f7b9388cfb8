package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// files holds the styles, scripts, icons and pictures.
//
//go:embed static
var files embed.FS

// StaticPrefix is the path below which the assets are served.
const StaticPrefix = "/static/"

// styles are sent as one file, in this order: one request, and the cascade
// layers are declared before they are filled. Of the design system only the
// components in use are taken.
var styles = []string{
	"css/layers.css",
	vendored + "base.css",
	vendored + "button.css",
	vendored + "label.css",
	vendored + "input.css",
	vendored + "field.css",
	vendored + "validation-message.css",
	vendored + "error-summary.css",
	vendored + "skip-link.css",
	vendored + "breadcrumbs.css",
	vendored + "alert.css",
	"css/theme.css",
	"css/frame.css",
	"css/status.css",
	"css/table.css",
	"css/form.css",
	"css/report.css",
	"css/pages.css",
	"css/calendar.css",
	"css/board.css",
	"css/print.css",
}

const vendored = "vendor/designsystemet-css-1.22.0/"

// assets maps the stable names to the files they are made of. What few pages
// use stands in a sheet or script of its own, which those pages ask for.
var assets = map[string][]string{
	"jalon.css":     styles,
	"dashboard.css": {"css/dashboard.css"},
	"overview.css":  {"css/overview.css"},
	"dossier.css":   {"css/dossier.css"},
	"jalon.js":      {"js/jalon.js"},
	"report.js":     {"js/report.js"},
	"export.js":     {"js/export.js"},
	"activity.js":   {"js/activity.js"},
	"icons.svg":     {"icons.svg"},
	"favicon.svg":   {"favicon.svg"},
}

// Assets serves the static files under names that carry a hash of their
// content, so that a browser may keep them for ever. Each file is compressed
// once, when it is first asked for. It is safe for concurrent use.
type Assets struct {
	urls   map[string]string // stable name → address
	byPath map[string]asset
}

type asset struct {
	contentType string
	etag        string
	plain       []byte
	gzipped     func() []byte
}

var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// LoadAssets reads the embedded files.
func LoadAssets() (*Assets, error) {
	a := &Assets{urls: map[string]string{}, byPath: map[string]asset{}}
	for name, parts := range assets {
		if err := a.add(name, parts); err != nil {
			return nil, fmt.Errorf("load asset %s: %w", name, err)
		}
	}
	return a, nil
}

func (a *Assets) add(name string, parts []string) error {
	var plain bytes.Buffer
	for _, part := range parts {
		raw, err := fs.ReadFile(files, path.Join("static", part))
		if err != nil {
			return fmt.Errorf("read %s: %w", part, err)
		}
		if strings.HasPrefix(part, "vendor/") { // the design system stays below what Jalon says
			raw = slices.Concat([]byte("@layer ds{"), raw, []byte("}"))
		}
		plain.Write(spare(path.Ext(part), raw))
		plain.WriteByte('\n')
	}
	sum := sha256.Sum256(plain.Bytes())
	hash := hex.EncodeToString(sum[:6])
	ext := path.Ext(name)
	url := StaticPrefix + strings.TrimSuffix(name, ext) + "." + hash + ext
	a.urls[name] = url
	a.byPath[url] = asset{contentTypes[ext], `"` + hash + `"`, plain.Bytes(), sync.OnceValue(func() []byte { return compress(plain.Bytes()) })}
	return nil
}

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	jsComment  = regexp.MustCompile(`(?m)^[ \t]*//.*\n`)
	indent     = regexp.MustCompile(`(?m)^[ \t]+`)
	emptyLine  = regexp.MustCompile(`\n{2,}`)
)

// spare leaves out what only its writers read: comments on lines of their own,
// indentation and empty lines. No text of ours goes over several lines.
func spare(ext string, raw []byte) []byte {
	switch ext {
	case ".css":
		raw = cssComment.ReplaceAll(raw, nil)
	case ".js":
		raw = jsComment.ReplaceAll(raw, nil)
	default:
		return raw
	}
	return emptyLine.ReplaceAll(indent.ReplaceAll(raw, nil), []byte("\n"))
}

func compress(plain []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(err) // of an unknown level
	}
	_, _ = w.Write(plain) // to memory: never fails
	_ = w.Close()
	return b.Bytes()
}

// URL gives the address of an asset by its stable name, such as "jalon.css".
// An unknown name gives "": a test asks for every name that the pages use.
func (a *Assets) URL(name string) string { return a.urls[name] }

// ServeHTTP answers GET and HEAD below StaticPrefix. An address with an old
// hash is not found, so a page of an old version never mixes with new styles.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	file, ok := a.byPath[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", file.contentType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", file.etag)
	if r.Header.Get("If-None-Match") == file.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := file.plain
	if acceptsGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body = file.gzipped()
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(body) // the browser may have gone; there is nobody left to tell
}

// acceptsGzip reads Accept-Encoding (RFC 9110, 12.5.3); a weight of 0 refuses.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			q := strings.TrimPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
			refused := weight != "" && strings.Trim(q, "0.") == ""
			return !refused
		}
	}
	return false
}
