package deadline

import (
	"slices"
	"strings"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
)

// maxWords bounds the free words of one trigger, condition or calendar.
const maxWords = 40

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
	w := events[p.lang].tree
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
	var triggers []string
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
		k := n
		for k < n+maxRun && (p.mark(k, ",", "/") || p.is(k, "or") || k > n && (p.is(k, "every", "art", "adj") || p.has(k, "num", "1"))) {
			k++
		}
		if k == n || !p.listGoesOn(n, k) {
			break
		}
		j = k
	}
	if len(triggers) > 0 && p.clauseEnds(next) {
		o.trigger = strings.Join(triggers, ",")
		return o, next
	}
	end := p.clause(j)
	if end == j {
		return o, fail
	}
	o.trigger = p.words(j, end)
	for k := j; k < end; k++ {
		o.each = o.each || p.is(k, "every")
	}
	return o, end
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
		if verb, n := p.eventForm(next, "verb"); n != fail {
			return actOf(verb, noun), false, n
		}
		next = p.genitive(next)
	}
	if noun != "" {
		return slug, false, next
	}
	act, next := p.eventForm(i, "act")
	return act, false, next
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
		return i
	}
	if _, n := p.eventForm(j, "noun"); n != fail {
		return n
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
	case p.mark(i, ";", "\n", ")", "+", "|", "(", "»"):
		return true
	case p.mark(i, "-", ",", ":") || p.is(i, "and"):
		j := i
		for j < i+maxRun && (p.mark(j, "-", ",", ":") || p.is(j, "and")) {
			j++
		}
		return j >= len(p.items) || p.startsPart(j)
	}
	return p.has(i, "by", "hard") && p.startsPart(i) || p.is(i, "min", "max", "nadien", "need") && p.startsPart(i) ||
		p.is(i, "from", "until", "freq") && p.startsPart(i)
}

// startsPart reports whether a part can be read at i.
func (p *parser) startsPart(i int) bool { return p.part(i).next != fail }

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

// triggered reads what an event opens: na elk incident, binnen 10 werkdagen na
// elke klacht, 14 dagen vóór de vergadering, op verzoek van de minister.
func (p *parser) triggered(i int) match {
	for _, rule := range []func(int) match{p.withinStretch, p.stretchBeside, p.asSoonAs, p.onRequest, p.beside} {
		if m := rule(i); m.next != fail {
			for k := range m.parts {
				m.parts[k].Span = p.span(i, m.next)
			}
			return m
		}
	}
	return match{next: fail}
}

// stretch reads a length of time: drie maanden, 10 werkdagen, une quinzaine de jours.
func (p *parser) stretch(i int) (s string, circa bool, next int) {
	j := i
	for j < i+maxRun && p.is(j, "art", "circa", "max", "min", "exact") {
		circa = circa || p.is(j, "circa")
		j++
	}
	if p.has(j, "unit", "2w") {
		return "14d", circa, j + 1
	}
	if o, m := p.ordinal(j); m != fail && o == 1 { // binnen het eerste jaar na …
		j = m
	}
	n, k := p.number(j)
	if k == fail {
		if v, ok := p.value(j, "num"); ok && v == "1.5" {
			if u, m := p.unit(j + 1); m != fail {
				return map[string]string{"y": "18m", "m": "6w"}[u], circa, m
			}
		}
		if u, m := p.unit(j); m != fail && j > i && (u == "m" || u == "w" || u == "y" || u == "q" || u == "h") {
			n, k = 1, m-1 // "binnen de maand", "dans la semaine"
		} else {
			return "", false, fail
		}
	}
	u, next := p.unit(k)
	if next == fail || n < 1 || n > 1000 || u == "mand" {
		return "", false, fail
	}
	switch {
	case u == "2w":
		n, u = 14*n, "d"
	case u == "q":
		n, u = 3*n, "m"
	case u == "h":
		n, u = 6*n, "m"
	case u == "d" && n == 15 && p.is(k-1, "num") && p.word(k-1) != "": // "quinze jours" is two weeks
		n = 14
	}
	if p.is(next, "max") {
		next++
	}
	return stretch(n, u), circa, next
}

// withinStretch reads a delay or lead with its anchor: binnen de drie maanden
// na de aanstelling; ten laatste 14 dagen vóór elke vergadering; 6 maanden voor
// het einde van het mandaat.
func (p *parser) withinStretch(i int) match {
	j := p.skip(i, "within", "by", "latest", "on", "in")
	within := p.is(i, "within") || p.is(i, "by") && j > i+1 || p.is(i, "in") && p.lang == "nl"
	s, circa, k := p.stretch(j)
	if k == fail || s == "" {
		return match{next: fail}
	}
	k = p.skip(k, "latest", "filler")
	before := p.is(k, "before")
	if !before && !p.is(k, "after") && !(p.is(k, "from") || p.is(k, "van") && within) {
		if within && !p.is(k, "van") {
			part := Part{Kind: Relative, Offset: "+" + s, Approximate: circa}
			return match{parts: []Part{part}, next: k, findings: []Finding{{Severity: Question, Code: CodeNoDate, Text: p.words(i, k)}}}
		}
		return match{next: fail}
	}
	if n := k + 1; p.is(n, "from", "after") && !before {
		k = n
	}
	return p.anchored(i, k+1, s, before, circa)
}

// anchored makes the part of a stretch before or after what stands at k.
func (p *parser) anchored(i, k int, s string, before, circa bool) match {
	sign := "+"
	if before {
		sign = "-"
	}
	if pd, n := p.period(p.skip(k, "van", "art", "in", "on", "au")); n != fail && !pd.noYear && p.clauseEnds(n) {
		switch {
		case pd.impossible:
			return p.impossible(i, n)
		case pd.isMandate():
			at := pd.fromAnchor
			if !before {
				at = pd.untilAnchor
			}
			return match{parts: []Part{{Kind: Relative, Offset: sign + s, FromAnchor: at, Approximate: circa}}, next: n}
		}
		at := pd.until
		if before {
			at = pd.from
		}
		due, _ := move(at, sign+s, calendar.BrusselsDays)
		return match{parts: []Part{{Kind: Fixed, Date: due, Precision: calendar.Day, Approximate: circa || pd.approximate}}, next: n, findings: pd.notes}
	}
	o, n := p.occasion(k)
	if n == fail {
		return match{next: fail}
	}
	part := Part{Kind: Relative, Offset: sign + s, Trigger: o.trigger, Approximate: circa}
	if o.each || o.indefinite {
		part.Kind, part.Each, part.Offset, part.Timing = Event, true, s, []string{"after"}
		if before {
			part.Timing = []string{"before"}
		}
	}
	return match{parts: []Part{part}, next: n}
}

// stretchBeside is withinStretch with the anchor first: na elk incident, binnen 10 werkdagen.
func (p *parser) stretchBeside(i int) match {
	before := p.is(i, "before")
	if !before && !p.is(i, "after") {
		return match{next: fail}
	}
	o, n := p.occasion(i + 1)
	if n == fail || !p.mark(n, ",", "(") {
		return match{next: fail}
	}
	j := p.skip(n+1, "and", "within", "by", "latest", "on", "in")
	if j == n+1 {
		return match{next: fail}
	}
	s, circa, k := p.stretch(j)
	if k == fail || !o.each && !o.indefinite && !o.definite {
		return match{next: fail}
	}
	if p.mark(n, "(") && p.mark(k, ")") {
		k++
	}
	sign, timing := "+", "after"
	if before {
		sign, timing = "-", "before"
	}
	part := Part{Kind: Relative, Offset: sign + s, Trigger: o.trigger, Approximate: circa}
	if o.each || o.indefinite {
		part = Part{Kind: Event, Each: true, Offset: s, Trigger: o.trigger, Timing: []string{timing}, Approximate: circa}
	}
	return match{parts: []Part{part}, next: k}
}

// beside reads before, after, around or at something that happens, without a length.
func (p *parser) beside(i int) match {
	j := i
	var timing []string
	for {
		k := j
		if len(timing) > 0 {
			for k < j+maxRun && (p.is(k, "and", "or", "every", "art") || p.mark(k, "/", ",")) {
				k++
			}
		}
		t := p.timing(k)
		if t == "" || slices.Contains(timing, t) || len(timing) > 0 && (t == "at" || timing[0] == "at") {
			break
		}
		timing, j = append(timing, t), k+1
	}
	during := len(timing) == 0 && p.is(i, "during", "in", "on") && p.is(p.skip(i+1, "art"), "every")
	if during || len(timing) == 0 && p.is(i, "every") {
		timing = []string{"at"}
		if during {
			j = i + 1
		}
		if _, _, n := p.knownOccasion(p.skip(j, "every", "art", "van")); n == fail {
			if _, n := p.quoted(p.skip(j, "every", "art")); n == fail {
				return match{next: fail}
			}
		}
	}
	if len(timing) == 0 {
		return match{next: fail}
	}
	o, n := p.occasion(j)
	if n == fail {
		return match{next: fail}
	}
	definite := o.definite || p.endsDefinite(j-1)
	always := timing[0] == "at" && (!definite || p.has(i, "at", "each"))
	part := Part{Kind: Event, Timing: timing, Trigger: o.trigger, Each: o.each || o.indefinite || always}
	return match{parts: []Part{part}, next: n}
}

// endsDefinite reports whether an idiom holds the article of one known thing: lors du projet.
func (p *parser) endsDefinite(i int) bool {
	if i < 0 || p.items[i].end-p.items[i].first < 2 {
		return false
	}
	last := p.tokens[p.items[i].end-1].norm
	return last == "du" || last == "la" || last == "le" || last == "l"
}

// timing gives where an event's duty stands: before, after or at it.
func (p *parser) timing(i int) string {
	switch {
	case p.is(i, "before"):
		return "before"
	case p.is(i, "after") && p.followsEvent(i):
		return "after"
	case p.is(i, "at"):
		return "at"
	case p.lang == bilingual.FR && p.is(i, "au"): // au démarrage de chaque projet
		if _, _, n := p.actOfNoun(p.skip(i+1, "art")); n != fail {
			return "at"
		}
	}
	return ""
}

// followsEvent reports whether "after" needs no length before it: "suivant"
// alone also means according to.
func (p *parser) followsEvent(i int) bool {
	return !p.has(i, "after", "weak") || p.is(i+1, "every")
}

// asSoonAs reads zodra het beheerscontract in werking treedt, dès l'entrée en
// vigueur du contrat; and "zodra beschikbaar".
func (p *parser) asSoonAs(i int) match {
	if p.has(i, "num", "1") && p.is(i+1, "times") && p.is(i+2, "art") { // une fois le plan approuvé
		i++
	} else if !p.is(i, "assoon") && !p.is(i, "from") {
		return match{next: fail}
	}
	j := p.skip(i+1, "art", "au", "van")
	part := Part{Kind: Event, Timing: []string{"as_soon"}, Qualifier: ""}
	if verb, n := p.eventForm(j, "verb"); n != fail && p.clauseEnds(n) { // zodra beschikbaar
		part.Trigger = verb
		if verb == "available" {
			part.Qualifier = QualifierAvailable
		}
		return match{parts: []Part{part}, next: n}
	}
	o, n := p.occasion(j)
	if n == fail || p.is(i, "from") && !p.is(i, "assoon") && !p.names(o.trigger) && !p.mark(j, "«") {
		return match{next: fail}
	}
	part.Trigger = o.trigger
	if o.each && isKnown(o.trigger) && !strings.HasPrefix(o.trigger, "each(") {
		part.Trigger = "each(" + o.trigger + ")"
	}
	if strings.HasPrefix(o.trigger, "available") || o.trigger == "each(info)" {
		part.Qualifier = QualifierAvailable
	}
	return match{parts: []Part{part}, next: n}
}

// names reports whether all triggers are in our tables.
func (p *parser) names(trigger string) bool {
	for _, t := range splitTriggers(trigger) {
		if _, ok := (writer{voices[p.lang], p.lang}).thing(t); !ok && t != "each(info)" {
			return false
		}
	}
	return true
}

// onRequest reads op verzoek van de toezichthoudende minister, sur demande.
func (p *parser) onRequest(i int) match {
	if p.is(i, "every") || p.is(i, "at") {
		if p.is(p.skip(i+1, "every", "art"), "request") {
			i = p.skip(i+1, "every", "art")
		}
	}
	if !p.is(i, "request") {
		return match{next: fail}
	}
	part := Part{Kind: Event, Each: true, Timing: []string{"at"}, Trigger: "request"}
	o, n := p.occasion(i + 1)
	if n == fail || p.breaks(i+1) {
		return match{parts: []Part{part}, next: i + 1}
	}
	part.Trigger = "request(" + o.trigger + ")"
	return match{parts: []Part{part}, next: n}
}
