package walk_test

import (
	"strconv"
	"testing"

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
