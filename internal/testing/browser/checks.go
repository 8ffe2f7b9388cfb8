package browser

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chromedp/chromedp/kb"
)

var (
	//go:embed testdata/axe-core-4.14.1/axe.min.js
	axe string
	//go:embed checks.js
	checks string
	//go:embed focus.js
	focus string
)

// quoted writes a string as JavaScript.
func quoted(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and maps of strings
	}
	return string(b)
}

// axeTags are the rules asked for; target-size only runs with wcag22aa.
const axeTags = `["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]`

// Axe gives what axe-core finds on the page: impact, rule, and the first places.
func (p *Page) Axe() []string {
	p.t.Helper()
	if p.silent {
		p.t.Fatal("axe waits for timers, which do not run without script: look at this page with scripts on")
	}
	if !Ask[bool](p, `typeof axe === "object"`) {
		Ask[bool](p, axe+";true")
	}
	return Ask[[]string](p, `axe.run(document, {runOnly: `+axeTags+`, resultTypes: ["violations"], preload: false}).then(r => r.violations.map(v =>
		v.impact + " " + v.id + " ×" + v.nodes.length + " " + v.nodes.slice(0, 3).map(n => n.target.join(" ") + " " + (n.any[0]?.message ?? n.all[0]?.message ?? "")).join(" | ")))`)
}

// Phrases are words that stand in the pages and are known to be of one
// language: the first 30 characters of a text, and its language.
type Phrases map[string]string

// Add takes a text in a language; one too short to be told apart is left out.
func (p Phrases) Add(lang, text string) {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) >= 30 {
		text = string(r[:30])
	} else if len(r) < 12 {
		return
	}
	if other, ok := p[text]; ok && other != lang {
		lang = "" // the same words in both
	}
	p[text] = lang
}

// Faults gives what our own checks find on the page: tables without heads,
// colour without words, errors without their field, words under the wrong
// language, sideways scrolling, targets too small to hit.
func (p *Page) Faults(phrases Phrases) []string {
	p.t.Helper()
	if phrases == nil {
		phrases = Phrases{}
	}
	return Ask[[]string](p, "("+checks+")("+quoted(phrases)+")")
}

// TabWalk presses Tab up to most times from the beginning of an element and gives
// the stops where the focus cannot be seen. The number of stops comes with it.
func (p *Page) TabWalk(selector string, most int) (stops int, faults []string) {
	p.t.Helper()
	type stop struct {
		Name       string
		Ring, Seen bool
	}
	// Blurring is not enough: Tab would go on from where the last click was.
	Ask[bool](p, `(e => { const own = e.getAttribute("tabindex"); e.tabIndex = -1; e.focus(); if (own === null) e.removeAttribute("tabindex"); scrollTo(0, 0); return true })(document.querySelector(`+quoted(selector)+`))`)
	for stops < most {
		p.Press(kb.Tab)
		at := Ask[*stop](p, focus)
		if at == nil {
			break
		}
		stops++
		if !at.Ring {
			faults = append(faults, fmt.Sprintf("no focus ring on stop %d, %s", stops, at.Name))
		}
		if !at.Seen {
			faults = append(faults, fmt.Sprintf("focus out of sight on stop %d, %s", stops, at.Name))
		}
	}
	return stops, faults
}
