package deadline

import (
	"strings"
)

// occasion is something that happens, as written.
type occasion struct {
	trigger    string // known name, or the words as written
	each       bool
	indefinite bool // een incident, une plainte: any of them
	definite   bool
}

// eventForm gives the longest known form of a kind (noun, act, verb) at item i.
func (p *parser) eventForm(i int, want symbol) (slug string, next int) {
	if i >= len(p.items) {
		return "", fail
	}
	slug, next = p.eventFormFrom(i, p.items[i].first, want)
	if it := p.items[i]; next == fail && it.end-it.first > 1 && articles[p.tokens[it.first].norm] {
		return p.eventFormFrom(i, it.first+1, want) // an idiom that begins with the article
	}
	return slug, next
}

var articles = map[string]bool{"de": true, "het": true, "le": true, "la": true, "les": true, "l": true, "du": true}

// eventFormFrom looks from a token of item i.
func (p *parser) eventFormFrom(i, from int, want symbol) (slug string, next int) {
	w := events()[p.lang].tree
	next = fail
	for k := from; k < len(p.tokens) && k < from+12; k++ {
		if w = w.next[p.tokens[k].norm]; w == nil {
			break
		}
		for _, s := range w.senses {
			if s.sym == want {
				if j := p.itemAfter(i, k+1); j != fail {
					slug, next = s.val, j
				}
				break
			}
		}
	}
	return slug, next
}

// itemAfter gives the item that begins at a token, or fail when the token lies within one.
func (p *parser) itemAfter(i, token int) int {
	for ; i < len(p.items); i++ {
		if p.items[i].first == token {
			return i
		}
		if p.items[i].first > token {
			return fail
		}
	}
	if len(p.tokens) == token {
		return i
	}
	return fail
}

// occasion reads what happens: elk incident, de goedkeuring van het plan, een
// klacht, and between « » words kept as they were.
func (p *parser) occasion(i int) (o occasion, next int) {
	j := i
	for end := i + maxRun; j < end && p.is(j, "every", "art", "au", "van", "adj") || j < end && p.has(j, "num", "1"); {
		o.each = o.each || p.is(j, "every")
		o.definite = o.definite || p.is(j, "art")
		o.indefinite = o.indefinite || p.has(j, "num", "1")
		j++
	}
	if slug, each, n := p.unitEnd(i); n != fail && p.clauseEnds(n) {
		return occasion{trigger: slug, each: each, definite: !each}, n
	}
	var triggers, whole []string
	first, end := j, fail
	for len(triggers) < maxRun {
		slug, each, n := p.knownOccasion(j)
		if n == fail {
			slug, n = p.quoted(j)
		}
		if n == fail {
			break
		}
		o.each = o.each || each
		triggers, next = append(triggers, slug), n
		if p.clauseEnds(n) {
			whole, end = triggers, n
		}
		k := n
		for k < n+maxRun && (p.mark(k, ",", "/") || p.is(k, "or") || k > n && (p.is(k, "every", "art", "adj", "van") || p.has(k, "num", "1"))) {
			k++
		}
		if k == n || !p.listGoesOn(n, k) {
			break
		}
		j = k
	}
	if len(whole) > 0 {
		o.trigger = strings.Join(whole, ",")
		return o, end
	}
	if pd, n := p.period(first); n != fail && !pd.isMandate() { // a date, and something more
		return o, fail
	}
	end = p.clause(first)
	if end == first || p.is(first, "and", "or", "except") || p.onlyTime(first, end) {
		return o, fail
	}
	o.trigger = p.words(first, end)
	for k := first; k < end; k++ {
		o.each = o.each || p.is(k, "every")
	}
	return o, end
}

// onlyTime reports whether all items count time, so that nothing happens in them:
// zes maanden, première année, laatste vrijdag van juni.
func (p *parser) onlyTime(from, to int) bool {
	for k := from; k < to; {
		next := fail
		for _, read := range []func(int) (int, int){p.number, p.ordinal} {
			if _, n := read(k); n != fail {
				next = n
			}
		}
		if _, n := p.unit(k); n != fail || p.is(k, "weekday", "month", "season", "holiday", "edge", "sometime") || k > from && p.is(k, "van", "art") {
			next = k + 1
		}
		if next == fail {
			return false
		}
		k = next
	}
	return true
}

// listGoesOn reports whether another known occasion stands at k, after a comma or "of".
func (p *parser) listGoesOn(from, k int) bool {
	_, _, n := p.knownOccasion(k)
	return n != fail && k > from
}

// knownOccasion reads a noun, an act of a noun, or a noun and its verb.
func (p *parser) knownOccasion(i int) (slug string, each bool, next int) {
	if slug, each, next = p.actOfNoun(i); next != fail {
		return slug, each, next
	}
	noun, next := p.eventForm(i, "noun")
	if next != fail {
		slug = noun
		if verb, n := p.eventForm(p.skip(next, "adj"), "verb"); n != fail {
			return p.done(verb, noun, n)
		}
		if verb, n := p.eventForm(p.skip(next, "art"), "verb"); n != fail && verb == "request" { // le ministre le demande
			return actOf(verb, noun), false, n
		}
		if object, n := p.eventForm(p.skip(next, "art"), "noun"); n != fail && p.is(next, "art") { // de regering het plan heeft goedgekeurd
			if verb, n := p.eventForm(n, "verb"); n != fail {
				return actOf(verb, object), false, p.gazette(n)
			}
		}
		next = p.genitive(next)
	}
	if noun != "" {
		return slug, false, next
	}
	act, next := p.eventForm(i, "act")
	return act, false, next
}

// done names what a verb says of a noun; in French its object may follow:
// le gouvernement a approuvé le plan.
func (p *parser) done(verb, noun string, next int) (slug string, each bool, end int) {
	if object, n := p.eventForm(p.skip(next, "art"), "noun"); n != fail && p.is(next, "art") {
		noun, next = object, n
	}
	return actOf(verb, noun), false, p.gazette(next)
}

// gazette skips where something is published, which changes no date.
func (p *parser) gazette(i int) int {
	if p.is(i, "gazette") {
		return i + 1
	}
	return i
}

// actOfNoun reads what happens to a thing: goedkeuring van het plan. A noun
// that holds both ("budgetaanpassing van …") goes first when it is longer.
func (p *parser) actOfNoun(i int) (slug string, each bool, next int) {
	act, n := p.eventForm(i, "act")
	if n == fail {
		return "", false, fail
	}
	j := n
	for j < n+maxRun && (p.is(j, "van", "art", "every", "au") || j > n && p.has(j, "num", "1")) {
		each = each || p.is(j, "every") && !p.is(j, "van") // "par" is by, here
		j++
	}
	of, m := p.eventForm(j, "noun")
	if m == fail || j == n {
		return "", false, fail
	}
	if _, whole := p.eventForm(i, "noun"); whole >= m {
		return "", false, fail
	}
	return actOf(act, of), each, p.genitive(m)
}

// genitive skips who it belongs to, when we know them: "verzoek van de minister".
func (p *parser) genitive(i int) int {
	j := p.skip(i, "van", "art")
	if !p.is(i, "van") {
		return p.gazette(i)
	}
	if _, n := p.eventForm(j, "noun"); n != fail {
		return p.gazette(n)
	}
	return i
}

// actOf names an act of a thing. Information comes again and again.
func actOf(act, noun string) string {
	if act == "available" && noun == "information" {
		return "each(info)"
	}
	return act + "(" + noun + ")"
}

// quoted reads words between « »: how we print a trigger that we do not know.
func (p *parser) quoted(i int) (words string, next int) {
	if !p.mark(i, "«") {
		return "", fail
	}
	for j := i + 1; j < len(p.items) && j < i+2*maxWords; j++ {
		if p.mark(j, "»") {
			if j == i+1 {
				return "", fail
			}
			return p.words(i+1, j), j + 1
		}
	}
	return "", fail
}

// clauseEnds reports whether nothing of the same thought follows at i.
func (p *parser) clauseEnds(i int) bool {
	return i >= len(p.items) || p.breaks(i)
}

// breaks reports whether a new part of the deadline may begin at i.
func (p *parser) breaks(i int) bool {
	switch {
	case p.mark(i, ";", "\n", ")", "+", "|", "(", "»") || p.is(i, "except"):
		return true
	case p.mark(i, "-", ",", ":") || p.is(i, "and"):
		j := i
		for j < i+maxRun && (p.mark(j, "-", ",", ":") || p.is(j, "and", "nadien")) {
			j++
		}
		return j >= len(p.items) || p.is(j, "except") || p.onlyFiller(j) || p.yearless(j) || p.startsPart(j) || p.startsPart(p.skip(j, "min", "max"))
	case p.mark(i, "/") || p.is(i, "or"):
		return p.startsPart(i + 1)
	}
	if p.onlyFiller(i) {
		return true
	}
	if p.is(i, "nadien") {
		return p.startsPart(p.skip(i, "nadien", "and"))
	}
	if _, n := p.rangeLimit(i); n != fail && p.is(i, "van") { // bij elke vergadering van 1 maart tot 30 juni 2026
		return true
	}
	return (p.binds(i) || p.is(i, "min", "max", "need", "until", "between") || p.is(i, "freq") && !p.is(i+1, "van") || p.is(i, "from") && !p.has(i, "from", "weak")) && p.startsPart(i)
}

// onlyFiller reports words that change nothing, up to where a clause ends: of vroeger.
func (p *parser) onlyFiller(i int) bool { return p.is(i, "filler") && p.clauseEnds(i+1) }

// yearless reports a day or month whose year is missing, which a person completes.
func (p *parser) yearless(i int) bool {
	pd, n := p.period(p.skip(i, "on", "art"))
	return n != fail && pd.noYear && p.clauseEnds(n)
}

// startsPart reports whether a part can be read at i.
func (p *parser) startsPart(i int) bool { return i < len(p.items) && p.part(i).next != fail }

// clause gives where the free words that begin at i end.
func (p *parser) clause(i int) int {
	j := i
	for ; j < len(p.items) && j < i+maxWords; j++ {
		if j > i && p.breaks(j) || j == i && p.mark(j, ";", "\n", ")", "|", ",", "-", "»", ":") {
			break
		}
	}
	return j
}
