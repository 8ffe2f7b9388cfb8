// Package browser lets tests use the pages as people do, in a real Chromium.
//
// The tests of a package share one browser; each page has cookies of its own.
// A page listens while it is used: a message on the console, an exception, a
// breach of the content security policy, a failed request, a dialog or a
// response of 400 or more fails the test, unless it was announced with Expect.
package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// shared is the browser of the test process.
var shared struct {
	sync.Mutex
	ctx  context.Context // of the browser's first tab, which stays empty
	stop func()
}

// Main runs the tests of a package, then stops their browser.
// Use: func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }
func Main(m interface{ Run() int }) int {
	code := m.Run()
	shared.Lock()
	defer shared.Unlock()
	if shared.stop != nil {
		shared.stop()
	}
	return code
}

// start gives the browser, started by the first test that needs it. A test
// without a browser fails: it is never skipped.
func start(t testing.TB) context.Context {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.ctx != nil {
		return shared.ctx
	}
	program, err := program()
	if err != nil {
		t.Fatalf("these tests need Chromium (make test obtains it): %v", err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program),
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("lang", "nl-BE"), // that of buttons the browser draws itself
		chromedp.Env("LC_ALL=C.UTF-8"), // else a download whose name has an accent never begins
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium refuses root otherwise
	}
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stopBrowser := chromedp.NewContext(allocator)
	stop := func() { stopBrowser(); stopAllocator() }
	if err := chromedp.Do(ctx); err != nil {
		stop()
		t.Fatalf("start %s: %v", program, err)
	}
	shared.ctx, shared.stop = ctx, stop
	return ctx
}

// program finds the browser: the one that JALON_CHROMIUM names, else one of the path.
func program() (string, error) {
	if named := os.Getenv("JALON_CHROMIUM"); named != "" {
		found, err := exec.LookPath(named)
		if err != nil {
			return "", fmt.Errorf("JALON_CHROMIUM: %w", err)
		}
		return found, nil
	}
	for _, name := range []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	return "", errors.New("there is none on the path and JALON_CHROMIUM is not set")
}
