package browser

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// noise collects what a page should not do.
type noise struct {
	mu       sync.Mutex
	heard    []string                     // in words, for the failure message
	expected []string                     // responses that were announced and have not come
	requests map[network.RequestID]string // addresses, for failures
	leaving  bool                         // a request that is cut off now is the browser's own doing
}

// response is how a response of 400 or more is written down.
func response(status int64, url string) string {
	if _, path, ok := strings.Cut(url, "://"); ok {
		_, path, _ = strings.Cut(path, "/")
		url = "/" + path
	}
	return fmt.Sprintf("response %d of %s", status, url)
}

func (n *noise) hear(format string, args ...any) {
	n.heard = append(n.heard, fmt.Sprintf(format, args...))
}

// listen is called for every event of the page.
func (n *noise) listen(event any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		n.hear("exception: %s", exception(e.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		n.console(e)
	case *log.EventEntryAdded:
		// What the network says here, its own events say better. That storage was
		// cleared, as a sign-out asks, is told at some time or not at all.
		if e.Entry.Source != log.EntrySourceNetwork && e.Entry.Level != log.EntryLevelVerbose && !strings.HasPrefix(e.Entry.Text, "Clear-Site-Data header on") {
			n.hear("%s (%s): %s", e.Entry.Level, e.Entry.Source, e.Entry.Text)
		}
	case *network.EventRequestWillBeSent:
		n.requests[e.RequestID] = e.Request.URL
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 {
			n.status(response(e.Response.Status, e.Response.URL))
		}
	case *network.EventLoadingFailed:
		if !e.Canceled && !n.leaving {
			n.hear("failed request: %s %s", n.requests[e.RequestID], e.ErrorText)
		}
	case *page.EventJavascriptDialogOpening:
		n.hear("dialog: %s %s", e.Type, e.Message)
	}
}

func exception(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Exception.Description
	}
	return fmt.Sprintf("%s at %s:%d", d.Text, d.URL, d.LineNumber)
}

func (n *noise) console(e *runtime.EventConsoleAPICalled) {
	switch e.Type {
	case runtime.ConsoleAPICalledTypeError, runtime.ConsoleAPICalledTypeWarning, runtime.ConsoleAPICalledTypeAssert:
		var words []string
		for _, a := range e.Args {
			words = append(words, string(a.Value)+a.Description)
		}
		n.hear("console %s: %s", e.Type, strings.Join(words, " "))
	}
}

func (n *noise) status(response string) {
	if i := slices.Index(n.expected, response); i >= 0 {
		n.expected = slices.Delete(n.expected, i, i+1)
		return
	}
	n.hear("%s", response)
}

// take gives what was heard and what was announced in vain, and forgets both.
func (n *noise) take() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	all := n.heard
	for _, e := range n.expected {
		all = append(all, "announced, but did not come: "+e)
	}
	n.heard, n.expected = nil, nil
	return all
}
