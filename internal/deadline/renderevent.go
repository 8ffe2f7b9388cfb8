package deadline

import (
	"strconv"
	"strings"

	"jalon/internal/bilingual"
)

// length says 3 maanden, 10 jours ouvrables.
func (w writer) length(offset string) string {
	n, unit, _ := parseStretch(offset)
	if n < 0 {
		n = -n
	}
	words := w.unit[unit]
	if n == 1 {
		return "1 " + words[0]
	}
	return strconv.Itoa(n) + " " + words[1]
}

func (w writer) event(p Part) string {
	if p.hasTiming("as_soon") {
		return w.asSoonAs(p.Trigger)
	}
	if of, ok := strings.CutPrefix(p.Trigger, "request("); ok && p.hasTiming("at") {
		return w.onRequest + w.ofThing(strings.TrimSuffix(of, ")"))
	}
	if p.Trigger == "request" && p.hasTiming("at") {
		return w.onDemand
	}
	about := ""
	if p.Approximate {
		about = w.about
	}
	timing := w.at
	switch {
	case len(p.Timing) > 1:
		timing = w.both
	case p.hasTiming("before"):
		timing = w.before
	case p.hasTiming("after"):
		timing = w.after
	}
	what := w.things(p.Trigger, p.Each)
	if p.Offset != "" {
		lead := about
		if p.hasTiming("after") {
			lead = w.within + about
		}
		return lead + w.length(p.Offset) + " " + timing + " " + what
	}
	if timing == w.at && !p.Each {
		switch {
		case strings.HasPrefix(what, "«"):
			return map[bilingual.Lang]string{bilingual.NL: "bij de ", bilingual.FR: "lors de cette "}[w.lang] + what
		case w.lang == bilingual.FR:
			return "lors " + frenchOf(what)
		}
	}
	return timing + " " + what
}

// asSoonAs says zodra … for what we know and for words that we keep.
func (w writer) asSoonAs(trigger string) string {
	switch trigger {
	case "each(info)":
		return map[bilingual.Lang]string{bilingual.NL: "zodra de informatie beschikbaar is", bilingual.FR: "dès que l’information est disponible"}[w.lang]
	case "appointment":
		if w.lang == bilingual.FR { // "dès la désignation" is from then on
			return "dès que possible après la désignation"
		}
	case "available":
		return map[bilingual.Lang]string{bilingual.NL: "zodra beschikbaar", bilingual.FR: "dès que disponible"}[w.lang]
	}
	name, each := strings.CutPrefix(trigger, "each(")
	if each {
		name = strings.TrimSuffix(name, ")")
	}
	words := w.things(name, each)
	if strings.HasPrefix(words, "«") {
		return w.asSoonThat + words
	}
	return w.asSoon + words
}

func (w writer) relative(p Part) string {
	about := ""
	if p.Approximate {
		about = w.about
	}
	if p.FromAnchor == "" && p.Trigger == "" {
		return w.within + about + w.length(p.Offset)
	}
	timing := w.after
	if strings.HasPrefix(p.Offset, "-") {
		timing = w.before
	}
	what := w.things(p.Trigger, false)
	if p.FromAnchor != "" {
		what = w.anchor(p.FromAnchor)
	}
	return about + w.length(p.Offset) + " " + timing + " " + what
}

// things names the triggers, each with elke or chaque, or with their article.
func (w writer) things(trigger string, each bool) string {
	var words []string
	for _, name := range splitTriggers(trigger) {
		s, ok := w.thing(name)
		if !ok {
			if s = "« " + trigger + " »"; each {
				s = map[bilingual.Lang]string{bilingual.NL: "elke ", bilingual.FR: "chaque "}[w.lang] + s
			}
			return s
		}
		if each {
			s = w.eachOf(s)
		}
		words = append(words, s)
	}
	return w.list(words, w.or)
}

// splitTriggers cuts at commas outside brackets.
func splitTriggers(s string) []string {
	if !isKnown(s) {
		return []string{s}
	}
	return strings.Split(s, ",")
}

// thing names a noun, an act, or an act of a noun, with its article.
func (w writer) thing(name string) (string, bool) {
	ph := events()[w.lang]
	if s, ok := ph.print[name]; ok {
		return s, true
	}
	if s, ok := ph.act[name]; ok {
		return s, true
	}
	act, of, ok := strings.Cut(strings.TrimSuffix(name, ")"), "(")
	a, known := ph.act[act]
	n, knownNoun := ph.print[of]
	if !ok || !known || !knownNoun {
		return "", false
	}
	if w.lang == bilingual.FR {
		return a + " " + frenchOf(n), true
	}
	return a + " van " + n, true
}

// ofThing says van de minister, du ministre.
func (w writer) ofThing(name string) string {
	s, ok := w.thing(name)
	if !ok {
		if s = "« " + name + " »"; w.lang == bilingual.FR {
			return "de " + s
		}
		return s
	}
	if w.lang == bilingual.FR {
		return frenchOf(s)
	}
	return s
}

// eachOf puts elk, elke or chaque in the place of the article.
func (w writer) eachOf(s string) string {
	if w.lang == bilingual.FR {
		return "chaque " + withoutArticle(s)
	}
	if strings.HasPrefix(s, "het ") {
		return "elk " + withoutArticle(s)
	}
	return "elke " + withoutArticle(s)
}

// frenchOf contracts de with the article: du plan, des résultats, de la, de l'.
func frenchOf(s string) string {
	if rest, ok := strings.CutPrefix(s, "le "); ok {
		return "du " + rest
	}
	if rest, ok := strings.CutPrefix(s, "les "); ok {
		return "des " + rest
	}
	return "de " + s
}
