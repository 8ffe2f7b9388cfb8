package browser

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// patience bounds one step of a test. It is long: a busy machine fails nothing.
const patience = 60 * time.Second

// Page is one tab. Selectors are CSS. Every step that cannot be done ends the test.
type Page struct {
	t      testing.TB
	ctx    context.Context
	noise  *noise
	status int64 // of the last document
	width  int64 // of the window, in CSS pixels
	silent bool  // scripts are off
}

// New opens a page with cookies of its own, 1280 pixels wide. When the test
// ends the page is closed, and fails the test for what it heard.
func New(t testing.TB) *Page {
	t.Helper()
	return open(t, start(t), chromedp.WithNewBrowserContext())
}

// Tab opens a second page beside this one, with the same cookies.
func (p *Page) Tab() *Page {
	p.t.Helper()
	return open(p.t, p.ctx, chromedp.WithExistingBrowserContext(chromedp.FromContext(p.ctx).BrowserContextID))
}

func open(t testing.TB, parent context.Context, where chromedp.ContextOption) *Page {
	t.Helper()
	p := &Page{t: t, noise: &noise{requests: map[network.RequestID]string{}}}
	ctx, stop := chromedp.NewContext(parent, where, chromedp.WithListener(p.listen))
	p.ctx = ctx
	t.Cleanup(func() {
		for _, words := range p.Heard() {
			t.Errorf("the browser reports %s", words)
		}
		stop()
	})
	// Not p.run: the tab lives as long as the context of its first step.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a page: %v", err)
	}
	// A tab in the background takes the keyboard too.
	p.call(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	})
	p.Resize(1280)
	return p
}

// listen answers dialogs, which would stop the page; they are faults all the same.
func (p *Page) listen(event any) {
	p.noise.listen(event)
	if _, ok := event.(*page.EventJavascriptDialogOpening); ok {
		go func() {
			_, _ = chromedp.Call(p.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
		}()
	}
}

// run does steps within the patience of one step.
func (p *Page) run(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("%s: %v%s", what, err, p.whereabouts())
	}
}

func (p *Page) call(do func(ctx context.Context) error) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := do(ctx); err != nil {
		p.t.Fatal(err)
	}
}

// load does steps that lead to another document and waits until that is loaded.
func (p *Page) load(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	got, err := chromedp.RunResponse(ctx, steps...)
	if err != nil {
		p.t.Fatalf("%s: %v%s", what, err, p.whereabouts())
	}
	p.status = 0
	if got != nil {
		p.status = got.Status
	}
}

// whereabouts tells where a step failed: address, title, and what was heard.
func (p *Page) whereabouts() string {
	ctx, cancel := context.WithTimeout(p.ctx, 5*time.Second)
	defer cancel()
	at, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + " · " + document.title`))
	if err != nil {
		at = "(no answer)"
	}
	return "\nat " + at + "\nheard: " + strings.Join(p.Heard(), "; ")
}

// Expect announces a response of 400 or more of an address such as
// /nl/mandates/NONE: exactly one, before the page is asked again for Heard.
func (p *Page) Expect(status int, path string) {
	p.noise.mu.Lock()
	defer p.noise.mu.Unlock()
	p.noise.expected = append(p.noise.expected, response(int64(status), path))
}

// Heard gives what the browser had to say against the page since the last call.
func (p *Page) Heard() []string { return p.noise.take() }

// Open goes to an address and waits until the page is loaded.
func (p *Page) Open(url string) {
	p.t.Helper()
	p.load("open "+url, chromedp.Navigate(url))
}

// Reload loads the page again.
func (p *Page) Reload() { p.t.Helper(); p.load("reload", chromedp.Reload()) }

// Status gives the HTTP status of the document; 0 when it came from a cache.
func (p *Page) Status() int { return int(p.status) }

// Click clicks with the mouse on something that stays on the page.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.run("click "+selector, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// Follow clicks on a link or button that leads to another document.
func (p *Page) Follow(selector string) {
	p.t.Helper()
	p.load("follow "+selector, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// Fill replaces the words of a field, as pasting does.
func (p *Page) Fill(selector, text string) {
	p.t.Helper()
	p.run("fill "+selector,
		chromedp.Focus(chromedp.CSS(selector), chromedp.NodeVisible),
		chromedp.KeyEvent("a", chromedp.KeyModifiers(kb.ModifierCtrl)),
		insert(text))
}

// Type inserts words where the focus is.
func (p *Page) Type(text string) { p.t.Helper(); p.run("type", insert(text)) }

func insert(text string) chromedp.Action[chromedp.Void] {
	if text == "" {
		return chromedp.KeyEvent(kb.Delete)
	}
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: text})
		return err
	})
}

// Press strikes keys one after the other, such as kb.Tab or "3".
func (p *Page) Press(keys ...string) {
	p.t.Helper()
	for _, key := range keys {
		p.run("press "+key, chromedp.KeyEvent(key))
	}
}

// PressCtrl strikes a key while the control key is held.
func (p *Page) PressCtrl(key string) {
	p.t.Helper()
	p.run("press Ctrl and "+key, chromedp.KeyEvent(key, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
}

// Focus puts the focus on an element.
func (p *Page) Focus(selector string) {
	p.t.Helper()
	p.run("focus "+selector, chromedp.Focus(chromedp.CSS(selector), chromedp.NodeVisible))
}

// Choose takes an option of a list by its value.
func (p *Page) Choose(selector, value string) {
	p.t.Helper()
	p.run("choose in "+selector, chromedp.SetValue(chromedp.CSS(selector), value, chromedp.NodeVisible))
}

// Attach gives files to a file field.
func (p *Page) Attach(selector string, paths ...string) {
	p.t.Helper()
	whole := make([]string, len(paths))
	for i, path := range paths {
		var err error
		if whole[i], err = filepath.Abs(path); err != nil {
			p.t.Fatal(err)
		}
		if _, err := os.Stat(path); err != nil {
			p.t.Fatal(err) // the browser would send the form never
		}
	}
	p.run("attach to "+selector, chromedp.SetUploadFiles(chromedp.CSS(selector), whole, chromedp.NodeReady))
}

// WaitFor waits until a JavaScript expression is true, also through a change of page.
func (p *Page) WaitFor(expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	for {
		// While a page is left there is nobody to answer.
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("(async () => !!("+expression+"))()", chromedp.EvalAwaitPromise))
		if err == nil && ok {
			return
		}
		if ctx.Err() != nil {
			p.t.Fatalf("waited in vain for %s: %v%s", expression, err, p.whereabouts())
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// Hold keeps the requests of an address pattern (with * for anything) from
// reaching the server. Arrived gives one value for each; release lets them go,
// and those that come later.
func (p *Page) Hold(pattern string) (arrived <-chan string, release func()) {
	p.t.Helper()
	came := make(chan string, 100)
	paused := chromedp.Events(p.ctx, fetch.RequestPaused)
	p.call(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: pattern}}})
		return err
	})
	go func() {
		for e, err := range paused {
			if err != nil {
				return
			}
			came <- e.Request.Method + " " + e.Request.URL
		}
	}()
	return came, func() {
		p.t.Helper()
		p.call(func(ctx context.Context) error { // what is held goes on
			_, err := chromedp.Call(ctx, fetch.Disable, cdp.Empty{})
			return err
		})
	}
}

// Text gives the words of the first element as a reader sees them, with single spaces.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	return Ask[string](p, `(document.querySelector(`+quoted(selector)+`)?.innerText ?? "(nothing matches)").replace(/[ \t\r\n]+/g, " ").trim()`)
}

// Value gives what a field holds.
func (p *Page) Value(selector string) string {
	p.t.Helper()
	return Ask[string](p, `document.querySelector(`+quoted(selector)+`)?.value ?? "(nothing matches)"`)
}

// Count tells how many elements match.
func (p *Page) Count(selector string) int {
	p.t.Helper()
	return Ask[int](p, `document.querySelectorAll(`+quoted(selector)+`).length`)
}

// Path gives the address below the host, with its query.
func (p *Page) Path() string {
	p.t.Helper()
	return Ask[string](p, `location.pathname + location.search`)
}

// Ask evaluates a JavaScript expression in the page; a promise is waited for.
func Ask[T any](p *Page, expression string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("evaluate %.200s: %v%s", expression, err, p.whereabouts())
	}
	return v
}

// Resize sets the width of the window, in CSS pixels.
func (p *Page) Resize(width int) {
	p.t.Helper()
	p.width = int64(width)
	height := int64(900)
	if width < 600 {
		height = 740
	}
	p.run("resize", chromedp.EmulateViewport(p.width, height))
}

// Dark asks for dark colours, or for light ones again.
func (p *Page) Dark(on bool) {
	p.t.Helper()
	value := "light"
	if on {
		value = "dark"
	}
	p.call(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: value}},
		})
		return err
	})
}

// WithoutScript keeps scripts of the next documents from running. Axe needs
// them, and cannot be asked from then on.
func (p *Page) WithoutScript() {
	p.t.Helper()
	p.silent = true
	p.call(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})
}

// Screenshot writes a picture of the whole page, making the folder.
func (p *Page) Screenshot(path string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil {
		if err = os.MkdirAll(filepath.Dir(path), 0o755); err == nil {
			err = os.WriteFile(path, png, 0o644)
		}
	}
	if err != nil {
		p.t.Fatalf("screenshot %s: %v", path, err)
	}
}

// Print gives the page as a PDF, as the printer of a person gets it: without
// colours behind the text, on the paper that the style sheet asks for.
func (p *Page) Print() []byte {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	paper := true
	printed, err := chromedp.Call(ctx, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &paper})
	if err != nil {
		p.t.Fatalf("print: %v%s", err, p.whereabouts())
	}
	return printed.Data
}

// Download clicks on a link that leads to a file, and gives the file with the
// name that the server proposes.
func (p *Page) Download(selector string) (name string, content []byte) {
	p.t.Helper()
	dir := p.t.TempDir()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	p.call(func(ctx context.Context) error {
		events := true
		_, err := chromedp.Call(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
			Behavior: browser.SetDownloadBehaviorBehaviorAllowAndName, DownloadPath: dir, EventsEnabled: &events,
			BrowserContextID: chromedp.FromContext(p.ctx).BrowserContextID,
		})
		return err
	})
	p.leaving(true)
	defer p.leaving(false)
	begin, progress := chromedp.Events(ctx, browser.DownloadWillBegin), chromedp.Events(ctx, browser.DownloadProgress)
	p.Click(selector)
	for e, err := range begin {
		if err != nil {
			p.t.Fatalf("download %s: %v%s", selector, err, p.whereabouts())
		}
		name = e.SuggestedFilename
		break
	}
	for e, err := range progress {
		if err != nil || e.State == browser.DownloadProgressStateCanceled {
			p.t.Fatalf("download %s: %v %v", selector, e.State, err)
		}
		if e.State != browser.DownloadProgressStateCompleted {
			continue
		}
		if content, err = os.ReadFile(filepath.Join(dir, e.GUID)); err != nil {
			p.t.Fatal(err)
		}
		break
	}
	return name, content
}

func (p *Page) leaving(on bool) {
	p.noise.mu.Lock()
	defer p.noise.mu.Unlock()
	p.noise.leaving = on
}
