package browser_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jalon/internal/testing/browser"
)

func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }

const sound = `<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8"><title>Een blad</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css"></head><body><main><h1>Een blad</h1>%s</main></body></html>`

// serve answers /page with a body in a sound page, under a strict policy.
func serve(t *testing.T, body string) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'")
		fmt.Fprintf(w, sound, body)
	})
	mux.HandleFunc("/style.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		fmt.Fprint(w, `a, button, input { display: inline-block; min-block-size: 26px; min-inline-size: 26px } textarea { display: block } .tiny { min-inline-size: 9px; min-block-size: 9px; inline-size: 9px; block-size: 9px; padding: 0 } .blind:focus { outline: none } .wide { inline-size: 2000px } .cover { position: fixed; inset: 0; background: #fff }`)
	})
	mux.HandleFunc("/script.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, r.URL.Query().Get("js"))
	})
	// asked for by the browser itself, for a page that names no icon
	mux.HandleFunc("/favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("/file", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Disposition", `attachment; filename="tabel.csv"`)
		fmt.Fprint(w, "a;b\n")
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

func script(js string) string {
	return `<script src="/script.js?js=` + strings.NewReplacer(" ", "%20", `"`, "%22", "+", "%2B").Replace(js) + `"></script>`
}

func TestASoundPageIsSilent(t *testing.T) {
	url := serve(t, `<p><a href="/file" download>Tabel</a> <button>Knop</button></p>`)
	p := browser.New(t)
	p.Open(url + "/page")
	if p.Status() != http.StatusOK || p.Text("h1") != "Een blad" || p.Path() != "/page" {
		t.Errorf("got %d, %q at %s", p.Status(), p.Text("h1"), p.Path())
	}
	if name, content := p.Download("a"); name != "tabel.csv" || string(content) != "a;b\n" {
		t.Errorf("downloaded %q with %q", name, content)
	}
	faults := append(p.Axe(), p.Faults(nil)...)
	stops, lost := p.TabWalk("body", 10)
	if faults = append(faults, lost...); len(faults) > 0 || stops != 2 {
		t.Errorf("%d stops; a sound page has faults: %q", stops, faults)
	}
	shot := filepath.Join(t.TempDir(), "a", "page.png")
	p.Screenshot(shot)
	if png, err := os.ReadFile(shot); err != nil || !strings.HasPrefix(string(png), "\x89PNG") {
		t.Errorf("no picture: %v", err)
	}
	if heard := p.Heard(); len(heard) > 0 {
		t.Errorf("heard %q", heard)
	}
}

func TestEveryNoiseIsHeard(t *testing.T) {
	for name, tc := range map[string]struct{ body, want string }{
		"inline style":     {`<p style="color: red">Rood</p>`, "Content Security Policy"},
		"inline script":    {`<script>1</script>`, "Content Security Policy"},
		"foreign image":    {`<img alt="" src="http://127.0.0.2:9/x.png">`, "Content Security Policy"},
		"console error":    {script(`console.error("kapot")`), "kapot"},
		"console warning":  {script(`console.warn("let op")`), "let op"},
		"exception":        {script(`throw new Error("stuk")`), "stuk"},
		"lost promise":     {script(`Promise.reject(new Error("beloofd"))`), "beloofd"},
		"missing image":    {`<img alt="" src="/missing.png">`, "response 404 of /missing.png"},
		"nobody there":     {script(`fetch("/page", {method: "BAD METHOD"})`), "BAD METHOD"},
		"dialog":           {script(`alert("hallo")`), "dialog: alert hallo"},
		"missing document": {script(`fetch("/nergens")`), "response 404 of /nergens"},
	} {
		t.Run(name, func(t *testing.T) {
			url := serve(t, tc.body)
			p := browser.New(t)
			p.Open(url + "/page")
			var heard []string
			for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
				heard = append(heard, p.Heard()...)
				if slices.ContainsFunc(heard, func(s string) bool { return strings.Contains(s, tc.want) }) {
					return
				}
			}
			t.Errorf("heard %q, want something with %q", heard, tc.want)
		})
	}
}

func TestAnAnnouncedResponseIsNoNoise(t *testing.T) {
	url := serve(t, "")
	p := browser.New(t)
	p.Expect(http.StatusNotFound, "/nergens")
	p.Open(url + "/nergens")
	if heard := p.Heard(); len(heard) > 0 || p.Status() != http.StatusNotFound {
		t.Errorf("status %d, heard %q", p.Status(), heard)
	}
	p.Expect(http.StatusConflict, "/page")
	p.Open(url + "/page")
	if heard := p.Heard(); len(heard) != 1 || !strings.Contains(heard[0], "did not come") {
		t.Errorf("heard %q, want that the announced response did not come", heard)
	}
}

func TestEveryFaultIsFound(t *testing.T) {
	french := "Ces mots sont en français, sans marque aucune"
	phrases := browser.Phrases{}
	phrases.Add("fr", french)
	for name, tc := range map[string]struct{ body, want string }{
		"no caption":         {`<table><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><th scope="row">1</th></tr></tbody></table>`, "table without caption"},
		"no row head":        {`<table><caption>T</caption><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>`, "without row or column heads"},
		"no scope":           {`<table><caption>T</caption><thead><tr><th>A</th></tr></thead><tbody><tr><th scope="row">1</th></tr></tbody></table>`, "head without scope"},
		"empty cell":         {`<table><caption>T</caption><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead><tbody><tr><th scope="row">1</th><td></td></tr></tbody></table>`, "says nothing"},
		"colour alone":       {`<span class="status wide" data-s="late"><svg width="9" height="9"></svg></span>`, "status without a word"},
		"word without form":  {`<span class="status" data-s="late">Te laat</span>`, "status without a shape"},
		"loose error":        {`<p class="ds-validation-message" id="e">Fout</p><input aria-label="x">`, "error not tied"},
		"wrong, no reason":   {`<input aria-label="x" aria-invalid="true">`, "wrong field without a reason"},
		"unmarked French":    {`<p>` + french + `</p>`, "fr words under lang=nl"},
		"sideways":           {`<p class="wide">breed</p>`, "scrolls sideways"},
		"errors in disorder": {`<div class="ds-error-summary"><ul><li><a href="#b">B: leeg</a></li><li><a href="#a">A: leeg</a></li></ul></div><label>A <input id="a"></label><label>B <input id="b"></label>`, "not in the order of the fields"},
		"button on a field":  {`<label>A <textarea></textarea></label><div><button class="ds-button">Bewaar dit nu eens</button></div>`, "button against the field"},
		"tiny target":        {`<button class="tiny">a</button><button class="tiny">b</button>`, "target of 9 × 9"},
		"two h1":             {`<h1>Nog een</h1>`, "not exactly one h1"},
		"unfinished":         {`<p>⟨report.title⟩</p>`, "missing or unfinished"},
	} {
		t.Run(name, func(t *testing.T) {
			url := serve(t, tc.body)
			p := browser.New(t)
			p.Open(url + "/page")
			if got := p.Faults(phrases); !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, tc.want) }) {
				t.Errorf("found %q, want something with %q", got, tc.want)
			}
		})
	}
}

func TestAxeAndTheTabWalkFindFaults(t *testing.T) {
	url := serve(t, `<img src="data:,"><button class="blind">Blind</button><a href="#x">Achter</a><div class="cover"></div>`)
	p := browser.New(t)
	p.Open(url + "/page")
	if got := p.Axe(); !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "image-alt") }) {
		t.Errorf("axe: %q, want image-alt", got)
	}
	_, got := p.TabWalk("body", 5)
	for _, want := range []string{"no focus ring on stop 1", "out of sight on stop 2"} {
		if !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, want) }) {
			t.Errorf("tab walk: %q, want %q", got, want)
		}
	}
	p.Heard() // the image is no image
}

func TestFormsWorkWithAndWithoutScript(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!DOCTYPE html><html lang="nl"><title>F</title><link rel="icon" href="data:,"><h1>%s %s</h1>
			<form method="post"><input name="a" value="oud"><select name="b"><option value="1">1</option><option value="2">2</option></select><button>Stuur</button></form>
			<script>document.querySelector("h1").dataset.ran = "yes"</script>`, r.FormValue("a"), r.FormValue("b"))
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	for _, without := range []bool{false, true} {
		p := browser.New(t)
		if without {
			p.WithoutScript()
		}
		p.Open(s.URL)
		p.Fill("input", "nieuw é")
		p.Choose("select", "2")
		p.Follow("button")
		if got := p.Text("h1"); got != "nieuw é 2" {
			t.Errorf("sent %q", got)
		}
		if ran := p.Count("h1[data-ran]") == 1; ran == without {
			t.Errorf("scripts ran: %t, without: %t", ran, without)
		}
	}
}
