package web_test

import (
	"bytes"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"jalon/internal/chart"
	"jalon/web"
)

var assetNames = []string{"jalon.css", "dashboard.css", "overview.css", "dossier.css", "jalon.js", "report.js", "activity.js", "export.js", "icons.svg", "favicon.svg"}

func get(t *testing.T, method, path string, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	r.Header = header
	w := httptest.NewRecorder()
	assets.ServeHTTP(w, r)
	return w
}

func TestAssetsAreKeptForEverUnderTheirHash(t *testing.T) {
	for _, name := range assetNames {
		url := assets.URL(name)
		w := get(t, http.MethodGet, url, http.Header{})
		if w.Code != http.StatusOK || w.Body.Len() == 0 {
			t.Fatalf("%s at %q: %d, %d bytes", name, url, w.Code, w.Body.Len())
		}
		if got := w.Header().Get("Cache-Control"); !strings.Contains(got, "immutable") {
			t.Errorf("%s: Cache-Control %q", name, got)
		}
		if got := w.Header().Get("Content-Type"); got == "" || got == "application/octet-stream" {
			t.Errorf("%s: Content-Type %q", name, got)
		}
		again := get(t, http.MethodGet, url, http.Header{"If-None-Match": {w.Header().Get("ETag")}})
		if again.Code != http.StatusNotModified || again.Body.Len() > 0 {
			t.Errorf("%s again: %d with %d bytes, want 304 and none", name, again.Code, again.Body.Len())
		}
	}
	if got := assets.URL("nothing.css"); got != "" {
		t.Errorf("URL of an unknown name = %q", got)
	}
}

func TestAssetsTravelCompressed(t *testing.T) {
	for _, tc := range []struct {
		accept string
		want   string
	}{{"gzip, deflate, br", "gzip"}, {"br;q=1, gzip;q=0.5", "gzip"}, {"gzip;q=0", ""}, {"identity", ""}, {"", ""}} {
		plain := get(t, http.MethodGet, assets.URL("jalon.css"), http.Header{})
		w := get(t, http.MethodGet, assets.URL("jalon.css"), http.Header{"Accept-Encoding": {tc.accept}})
		if got := w.Header().Get("Content-Encoding"); got != tc.want {
			t.Errorf("Accept-Encoding %q: Content-Encoding %q, want %q", tc.accept, got, tc.want)
		}
		if tc.want != "gzip" {
			continue
		}
		r, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		var back bytes.Buffer
		if _, err := back.ReadFrom(r); err != nil || !bytes.Equal(back.Bytes(), plain.Body.Bytes()) {
			t.Errorf("what comes out of gzip is not what went in (%v)", err)
		}
	}
}

func TestAssetsAnswerOnlyWhatTheyHave(t *testing.T) {
	for path, want := range map[string]int{
		"/static/jalon.000000000000.css": http.StatusNotFound,
		"/static/":                       http.StatusNotFound,
		"/static/../static.go":           http.StatusNotFound,
	} {
		if w := get(t, http.MethodGet, path, http.Header{}); w.Code != want {
			t.Errorf("GET %s = %d, want %d", path, w.Code, want)
		}
	}
	if w := get(t, http.MethodPost, assets.URL("jalon.css"), http.Header{}); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST = %d, want 405", w.Code)
	}
	if w := get(t, http.MethodHead, assets.URL("jalon.css"), http.Header{}); w.Code != http.StatusOK || w.Body.Len() != 0 {
		t.Errorf("HEAD = %d with %d bytes", w.Code, w.Body.Len())
	}
}

// A first visit on a slow line fetches these before the page looks right; what
// few pages use comes on top, and stays small.
func TestStylesScriptsAndIconsAreLight(t *testing.T) {
	const everyPage, extra = 20 << 10, 5 << 10
	common := 0
	for _, name := range assetNames {
		size := get(t, http.MethodGet, assets.URL(name), http.Header{"Accept-Encoding": {"gzip"}}).Body.Len()
		t.Logf("%s: %d bytes over the wire", name, size)
		switch name {
		case "jalon.css", "jalon.js", "icons.svg", "favicon.svg":
			common += size
		default:
			if size > extra {
				t.Errorf("%s: %d bytes over the wire, want at most %d", name, size, extra)
			}
		}
	}
	if common > everyPage {
		t.Errorf("%d bytes over the wire for every page, want at most %d", common, everyPage)
	}
}

// The script sends the page's own words and sends them nowhere else.
// Each kind of shape looks its own way on the page; a line is as the whole plot is.
func TestEveryShapeOfAChartHasItsLook(t *testing.T) {
	sheet := get(t, http.MethodGet, assets.URL("dashboard.css"), http.Header{}).Body.String()
	for _, role := range []chart.Role{chart.Grid, chart.Path, chart.Dot, chart.Stone, chart.Bar, chart.Room, chart.Good, chart.Off, chart.Bad, chart.None} {
		if !strings.Contains(sheet, ".plot ."+string(role)) {
			t.Errorf("dashboard.css does not say how %q looks", role)
		}
	}
}

func TestScriptsStayOnTheSite(t *testing.T) {
	for _, name := range []string{"jalon.js", "report.js", "export.js"} {
		body := get(t, http.MethodGet, assets.URL(name), http.Header{}).Body.String()
		for _, forbidden := range []string{"http:", "https:", "eval(", "innerHTML", "document.write", "style."} {
			if strings.Contains(body, forbidden) {
				t.Errorf("%s contains %q", name, forbidden)
			}
		}
	}
}

var (
	token   = regexp.MustCompile(`--([a-z_-]+): light-dark\(#([0-9a-f]{3,6}), #([0-9a-f]{3,6})\)`)
	sources = regexp.MustCompile(`(?:src|formaction|xlink:href)=\{ ?([^}]*)\}`)
)

// WCAG 2.2, 1.4.3: 4.5 to 1 for text, computed from the tokens in both modes.
func TestTextOnItsGroundIsReadable(t *testing.T) {
	css, err := os.ReadFile(filepath.Join("static", "css", "theme.css"))
	if err != nil {
		t.Fatal(err)
	}
	tokens := map[string][2]string{}
	for _, m := range token.FindAllStringSubmatch(string(css), -1) {
		tokens[m[1]] = [2]string{m[2], m[3]}
	}
	pairs := [][2]string{
		{"ink", "ground"},
		{"ink", "surface"},
		{"ink", "sunken"},
		{"muted", "ground"},
		{"muted", "surface"},
		{"muted", "sunken"},
		{"accent", "ground"},
		{"accent", "surface"},
		{"accent", "accent-soft"},
		{"accent-ink", "accent"},
		{"accent-ink", "accent-strong"},
		{"ink", "attention-bg"},
		{"ink", "support_needed-bg"},
		{"compromised", "surface"},
		{"compromised", "ground"},
		{"attention", "ground"},
	}
	for _, s := range []string{"on_track", "attention", "support_needed", "compromised", "achieved", "stopped"} {
		pairs = append(pairs, [2]string{s, s + "-bg"}, [2]string{s, "surface"})
	}
	for _, pair := range pairs {
		front, back := tokens[pair[0]], tokens[pair[1]]
		for mode, name := range []string{"light", "dark"} {
			if front[mode] == "" || back[mode] == "" {
				t.Fatalf("no token %s or %s", pair[0], pair[1])
			}
			if got := contrast(front[mode], back[mode]); got < 4.5 {
				t.Errorf("%s on %s, %s: %.2f to 1, want 4.5", pair[0], pair[1], name, got)
			}
		}
	}
}

// contrast is the ratio of WCAG 2.2 between two colours in hexadecimal.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(hex string) float64 {
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// templ does not clean these attributes, so they only ever take our own files.
func TestUncheckedAttributesTakeOnlyOwnFiles(t *testing.T) {
	pages, err := filepath.Glob("*.templ")
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	for _, page := range pages {
		raw, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range sources.FindAllStringSubmatch(string(raw), -1) {
			if !strings.HasPrefix(m[1], "f.Assets.URL(") {
				t.Errorf("%s: an unchecked attribute takes %s", page, m[1])
			}
		}
		for _, forbidden := range []string{"templ.Raw", "templ.JSFunc", "script ", "css "} {
			if regexp.MustCompile(`(?m)(^|@)` + regexp.QuoteMeta(forbidden)).Match(raw) {
				t.Errorf("%s uses %s", page, forbidden)
			}
		}
	}
}

var _ http.Handler = (*web.Assets)(nil)

// A sheet is as wide as a window of 1031 pixels: A4 on its side, within its margins.
// What is narrowed for a window must not narrow it there.
func TestPaperKeepsItsWidth(t *testing.T) {
	const sheet = 1031.0 / 16
	sheets, err := filepath.Glob("static/css/*.css")
	if err != nil || len(sheets) == 0 {
		t.Fatalf("no style sheets: %v", err)
	}
	for _, name := range sheets {
		css, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^@media \(max-width: ([\d.]+)rem\)`).FindAllSubmatch(css, -1) {
			if most, err := strconv.ParseFloat(string(m[1]), 64); err != nil || most >= sheet {
				t.Errorf("%s: %q holds on paper too", name, m[0])
			}
		}
	}
}
