package site

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"jalon/internal/calendar"
)

// The stories of the people who use Jalon are in the files scenario_*_test.go,
// one test for each, over HTTP. Here is what they are told with.

// sees opens a page, which must say all of these words, and gives what it says.
func (b *browser) sees(t testing.TB, path string, words ...string) string {
	t.Helper()
	said := b.opens(t, path)
	for _, want := range words {
		if !strings.Contains(said, want) {
			t.Errorf("%s does not say %q", path, want)
		}
	}
	return said
}

// seesNothingOf opens a page, which must say none of these words.
func (b *browser) seesNothingOf(t testing.TB, path string, words ...string) {
	t.Helper()
	said := b.opens(t, path)
	for _, words := range words {
		if strings.Contains(said, words) {
			t.Errorf("%s says %q", path, words)
		}
	}
}

func (b *browser) opens(t testing.TB, path string) string {
	t.Helper()
	w := b.get(path)
	wantCode(t, path, w, http.StatusOK)
	return plainWords(w.Body.String())
}

// sends posts a form with a key of its own; want is the status of the answer.
func (b *browser) sends(t testing.TB, path string, want int, pairs ...string) *httptest.ResponseRecorder {
	t.Helper()
	w := b.post(path, keyed(nil, pairs...))
	wantCode(t, "sent to "+path, w, want)
	return w
}

// reports records one row of the half-year.
func (b *browser) reports(t testing.TB, code string, fields ...string) {
	t.Helper()
	wantCode(t, "report on "+code, b.post(reportPage, b.rowForm("report", code, fields...)), http.StatusSeeOther)
}

// at turns the clock to a time in Brussels, such as "2027-06-03 09:00:00".
func (o *office) at(when string) {
	o.t.Helper()
	now, err := time.ParseInLocation(time.DateTime, when, calendar.Brussels)
	if err != nil {
		o.t.Fatal(err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = now
}

// seals closes the second half-year of 2026 of the mandate.
func (b *browser) seals(t testing.TB) {
	t.Helper()
	b.sends(t, letterMandate+"/monitoring/2026-H2/seal", http.StatusSeeOther, "confirm", "yes")
}

// french is the address of a page in the other language.
func french(path string) string { return strings.Replace(path, "/nl/", "/fr/", 1) }

// leadsTo reports whether a page has a link to an address.
func (b *browser) leadsTo(path, to string) bool {
	b.t.Helper()
	return strings.Contains(b.get(path).Body.String(), `href="`+to+`"`)
}
