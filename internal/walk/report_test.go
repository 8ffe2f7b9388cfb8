package walk_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"jalon/internal/bilingual"
	"jalon/internal/testing/browser"
	"jalon/internal/testing/office"
)

// One press leads from row to row without an answer, ready for the key of a
// status; nothing stays behind, and the last answer takes the link away.
func TestTheNextEmptyRowIsOnePressAway(t *testing.T) {
	o := office.Start(t)
	p := o.Page(t, "nl", "director")
	p.Open(o.URL + "/nl" + real + "/report/2026-H2")
	const empty = `[...document.querySelectorAll(".row[data-owed]")].filter(r => !r.querySelector(".choice input:checked")).map(r => r.dataset.code)`
	left := browser.Ask[[]string](p, empty)
	if len(left) < 2 {
		t.Fatalf("%d rows wait for an answer", len(left))
	}
	for _, code := range left {
		p.Click("#next")
		if got := browser.Ask[string](p, `document.activeElement.closest(".row").dataset.code`); got != code {
			t.Fatalf("the next row is %s, want %s", got, code)
		}
		if hidden := browser.Ask[bool](p, `document.activeElement.closest(".row").getBoundingClientRect().top < 0`); hidden {
			t.Errorf("%s begins above what is in sight", code)
		}
		p.Press("1")
	}
	if still := browser.Ask[[]string](p, empty); len(still) > 0 || browser.Ask[bool](p, `document.querySelector("#next").checkVisibility()`) {
		t.Errorf("%d rows wait after all were answered, or the link is still there", len(still))
	}
	contains(t, "progress", p.Text("#progress-text"), strconv.Itoa(p.Count(".row[data-owed]")))
}

// A row takes a key for the status, Tab, words, and Ctrl + Enter, which leads from
// a text field to the next row without an answer and at last to the button.
func TestARowIsReportedInFourPresses(t *testing.T) {
	o := office.Start(t)
	p := o.Page(t, "nl", "director")
	p.Open(o.URL + "/nl" + real + "/report/2026-H2")
	p.Click("#next")
	for range p.Count(".row[data-owed]") {
		p.Press("2", kb.Tab)
		if on := browser.Ask[string](p, `document.activeElement.name ?? ""`); !strings.HasSuffix(on, ".achieved") {
			t.Fatalf("after the status Tab leads to %q, want the words", on)
		}
		p.Type("Gedaan.")
		p.PressCtrl(kb.Enter)
		if browser.Ask[bool](p, `document.activeElement.matches(".savebar [value=report]")`) {
			break
		}
	}
	if left := p.Count(`.row[data-owed]:not(:has(.choice :checked))`); left > 0 {
		t.Errorf("%d rows are still empty", left)
	}
	if on := browser.Ask[string](p, `document.activeElement.value ?? ""`); on != "report" {
		t.Errorf("at last the focus is on %q, want the button that records", on)
	}
	if path := p.Path(); !strings.HasSuffix(path, "/report/2026-H2") {
		t.Errorf("the form was sent: %s", path)
	}
}

// The words of a status stay within its button, at every width and without a dictionary to hyphenate with.
func TestTheWordsOfAStatusFitItsButton(t *testing.T) {
	inBoth(t, func(t *testing.T, o *office.Office, lang bilingual.Lang) {
		p := o.Page(t, string(lang), "director")
		p.Open(o.URL + "/" + string(lang) + real + "/report/2026-H2")
		for _, width := range []int{320, 360, 640, 705, 768, 1024, 1057, 1150, 1280} {
			p.Resize(width)
			for _, word := range browser.Ask[[]string](p, `[...document.querySelector(".row .choice").querySelectorAll("label")].filter(l => {
				const words = document.createRange(); words.selectNodeContents(l.querySelector("span"));
				return words.getBoundingClientRect().width > l.clientWidth }).map(l => l.innerText)`) {
				t.Errorf("%d px: %q is wider than its button", width, word)
			}
		}
	})
}

// An address without a space and the longest names make no page wider than the window.
func TestLongWordsMakeNoPageWider(t *testing.T) {
	o := office.Start(t)
	p := o.Page(t, "nl", "director")
	office.Value[int](o, `UPDATE person SET name = 'Marie-Christine Van den Bossche-' || repeat('Vanderstraeten-', 5) || 'X' WHERE email = 'director@jalon.example' RETURNING 1`)
	p.Open(o.URL + "/nl" + real + "/report/2026-H2")
	p.Click(`label:has([name="row.S1.2-1.status"][value=on_track])`)
	p.Fill(field("S1.2-1", "achieved"), "Zie https://intranet.example/"+strings.Repeat("zeerlangpad", 20))
	p.Fill(field("S1.2-1", "obstacles"), strings.Repeat("x", 200))
	p.Follow(`button[name=do][value=report]`)
	for _, path := range []string{real, real + "/report/2026-H2", real + "/monitoring/2026-H2", real + "/targets/S1.2-1", real + "/annual/2026", real + "/sheet", real + "/objectives/S1", "/due"} {
		p.Open(o.URL + "/nl" + path)
		for _, width := range []int{1280, 961, 360} {
			p.Resize(width)
			if wide := browser.Ask[int](p, "document.scrollingElement.scrollWidth"); wide > width {
				t.Errorf("%s at %d px is %d px wide", path, width, wide)
			}
		}
	}
}
