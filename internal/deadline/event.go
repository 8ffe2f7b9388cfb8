package deadline

import (
	"slices"
	"strings"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
)

// maxWords bounds the free words of one trigger, condition or calendar.
const maxWords = 40

// triggered reads what an event opens: na elk incident, binnen 10 werkdagen na
// elke klacht, 14 dagen vóór de vergadering, op verzoek van de minister.
func (p *parser) triggered(i int) match {
	for _, rule := range []func(int) match{p.withinStretch, p.elapsed, p.stretchBeside, p.asSoonAs, p.onRequest, p.beside, p.edgeOf} {
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
	if k != fail && p.is(k, "hour") && n > 0 && n%24 == 0 { // binnen de 48 uur
		return stretch(n/24, "d"), circa, k + 1
	}
	if o, m := p.ordinal(k); m != fail && o == 1 && p.is(i-1, "within") { // dans les 100 premiers jours
		k = m
	}
	if k == fail {
		if v, ok := p.value(j, "num"); ok && (v == "1.5" || v == "0.5") {
			if u, m := p.unit(j + 1); m != fail {
				return map[string]string{"1.5y": "18m", "1.5m": "6w", "0.5y": "6m", "0.5m": "2w"}[v+u], circa, m
			}
		}
		if u, m := p.unit(j); m != fail && (j > i || u == "h") && (u == "m" || u == "w" || u == "y" || u == "q" || u == "h") {
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
	case u == "d" && n == 15 && p.lang == bilingual.FR && p.is(k-1, "num") && p.word(k-1) != "": // "quinze jours" is two weeks
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
	if side, ok := p.value(j, "eve"); ok {
		return p.anchored(i, j+1, "1d", side == "before", false)
	}
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

// elapsed reads a length of time that has passed: na zes maanden, après deux ans
// de mandat. Without the mandate nothing tells what it counts from.
func (p *parser) elapsed(i int) match {
	if !p.is(i, "after") || !p.followsEvent(i) {
		return match{next: fail}
	}
	s, circa, k := p.stretch(i + 1)
	if k == fail || s == "" {
		return match{next: fail}
	}
	part := Part{Kind: Relative, Offset: "+" + s, Approximate: circa}
	if u, n := p.unit(p.skip(k, "van", "art")); n != fail && u == "mand" && p.clauseEnds(n) {
		part.FromAnchor = Begin
		return match{parts: []Part{part}, next: n}
	}
	if _, counted := p.number(p.skip(i+1, "art")); counted == fail || !p.clauseEnds(k) { // "na het jaar" names a year, not a length
		return match{next: fail}
	}
	return match{parts: []Part{part}, next: k, findings: []Finding{{Severity: Question, Code: CodeNoDate, Text: p.words(i, k)}}}
}

// anchored makes the part of a stretch before or after what stands at k.
func (p *parser) anchored(i, k int, s string, before, circa bool) match {
	sign := "+"
	if before {
		sign = "-"
	}
	if pd, n := p.period(p.skip(k, "van", "art", "in", "on", "au")); n != fail && !pd.noYear && !pd.evaluation && (p.clauseEnds(n) || !p.is(k-1, "van") && !p.is(n, "van")) {
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
	if k == fail || p.is(k, "before", "after", "from") || !o.each && !o.indefinite && !o.definite { // of what follows
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
	if during || len(timing) == 0 && p.is(i, "every") && !(p.isPer(i) && p.is(i+1, "art")) { // "par le ministre" says by whom
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
	if n == fail || len(timing) == 1 && p.words(i, i+1) == "voor" && !isKnown(o.trigger) { // "voor het eerste verslag" says for what
		return match{next: fail}
	}
	definite := o.definite || p.endsDefinite(j-1)
	always := timing[0] == "at" && (!definite || p.has(i, "at", "each"))
	part := Part{Kind: Event, Timing: timing, Trigger: o.trigger, Each: o.each || o.indefinite || always}
	return match{parts: []Part{part}, next: n}
}

// edgeOf reads the start or end of what happens: bij het begin van elk project,
// à la fin de chaque formation, einde van het project.
func (p *parser) edgeOf(i int) match {
	j := p.skip(i, "at", "on", "by", "art")
	act := map[string]string{"begin": "start", "end": "completion"}
	edge, ok := p.value(j, "edge")
	if !ok || act[edge] == "" {
		return match{next: fail}
	}
	j++
	k, each := p.skip(j, "van", "art", "every"), false
	for ; j < k; j++ {
		each = each || p.is(j, "every")
	}
	noun, next := p.eventForm(k, "noun")
	if next == fail || !p.clauseEnds(next) || p.items[k].token.start == p.items[i].token.start {
		return match{next: fail}
	}
	return match{parts: []Part{{Kind: Event, Timing: []string{"at"}, Trigger: act[edge] + "(" + noun + ")", Each: each}}, next: next}
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
	if p.word(i) == "als" && p.allowed(j) != fail || p.has(i, "from", "weak") && !p.opensClause(i) { // als het budget het toelaat; conseil des ministres
		return match{next: fail}
	}
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
	if w := p.word(i); strings.HasPrefix(o.trigger, "request(") && (w == "wanneer" || w == "als" || w == "lorsque" || w == "quand") {
		return match{parts: []Part{{Kind: Event, Each: true, Timing: []string{"at"}, Trigger: o.trigger}}, next: n}
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
