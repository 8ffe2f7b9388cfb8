package deadline

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
)

// Render gives the reading in the words of either language: what a date means
// is said in full ("uiterlijk 31/12/2025 (2025)"). Reading these words gives
// the same reading. Words that we do not know stay in their own language
// between « ». Alternatives are separated by " | ". A reading that was refused
// or found nothing has no words.
func (r Reading) Render(lang bilingual.Lang) string {
	if len(r.Alternatives) > 0 {
		words := make([]string, len(r.Alternatives))
		for i, a := range r.Alternatives {
			words[i] = renderParts(a.Parts, lang)
		}
		return strings.Join(words, " | ")
	}
	return renderParts(r.Parts, lang)
}

func renderParts(parts []Part, lang bilingual.Lang) string {
	words := make([]string, len(parts))
	for i, p := range parts {
		words[i] = p.Render(lang)
		if p.Then {
			words[i] = voices[lang].next + words[i]
		}
	}
	return strings.Join(words, then(lang))
}

// then parts what follows one another; French sets a narrow space before the sign.
func then(lang bilingual.Lang) string {
	if lang == bilingual.FR {
		return "\u202f; "
	}
	return "; "
}

// Render gives one part in words.
func (p Part) Render(lang bilingual.Lang) string {
	unknown := false // words that are given as they were written
	return strings.Map(func(r rune) rune {
		if r == '«' || r == '»' {
			unknown = r == '«'
		}
		if r == '\'' && !unknown {
			return '’'
		}
		return r
	}, p.render(lang))
}

func (p Part) render(lang bilingual.Lang) string {
	w := writer{voices[lang], lang}
	switch p.Kind {
	case Fixed:
		return w.fixed(p) + w.purpose(p.Purpose)
	case Window:
		return w.window(p) + w.purpose(p.Purpose)
	case Continuous:
		return w.continuous(p) + w.purpose(p.Purpose)
	case Periodic:
		return w.periodic(p)
	case Event:
		return w.event(p)
	case Relative:
		return w.relative(p)
	case External:
		return w.external(p)
	case Conditional:
		return w.depends + w.conditions(p.Condition)
	case AsNeeded:
		return w.need + w.purpose(p.Purpose) + w.needConditions(p.Condition)
	case Milestones:
		return w.milestones(p)
	case MandateBegin, MandateMid, MandateEnd:
		if p.Approximate {
			return w.around + w.mandate[map[Kind]Anchor{MandateBegin: Begin, MandateMid: Middle, MandateEnd: End}[p.Kind]]
		}
		return w.mandateKind[p.Kind]
	}
	return map[Kind]string{AsSoon: w.asap, Undetermined: w.tbd, None: w.none}[p.Kind]
}

type writer struct {
	voice
	lang bilingual.Lang
}

// period names the period that ends on a date: december 2025, 1e semester 2025.
func (w writer) period(d calendar.Date, pr calendar.Precision) string {
	nl := w.lang == bilingual.NL
	nth := func(n int, word string) string {
		ending := "e"
		if !nl && n == 1 {
			ending = "er"
		}
		return fmt.Sprintf("%d%s %s %d", n, ending, word, d.Year)
	}
	switch pr {
	case calendar.Year:
		return strconv.Itoa(d.Year)
	case calendar.Half:
		return nth((int(d.Month)+5)/6, w.unit["h"][0])
	case calendar.Quarter:
		return nth((int(d.Month)+2)/3, w.unit["q"][0])
	case calendar.Month:
		return monthNames[w.lang][d.Month-1] + " " + strconv.Itoa(d.Year)
	case calendar.Week:
		y, n := d.Time().ISOWeek()
		return fmt.Sprintf("%s %d%s%d", w.unit["w"][0], n, w.of, y)
	}
	return d.Slashed()
}

// due says a last day and, in brackets, the period that was named.
func (w writer) due(d calendar.Date, pr calendar.Precision) string {
	if pr == calendar.Day || pr == "" {
		return d.Slashed()
	}
	return d.Slashed() + " (" + w.period(d, pr) + ")"
}

func (w writer) le() string {
	if w.lang == bilingual.FR {
		return "le "
	}
	return ""
}

func (w writer) fixed(p Part) string {
	lead := w.by
	if p.Approximate {
		lead = w.around
	}
	if p.UntilAnchor != "" {
		return lead + w.anchor(p.UntilAnchor)
	}
	s := lead + w.le() + w.due(p.Date, p.Precision)
	if !p.Was.IsZero() {
		s += " (" + w.formerly + w.period(p.Was, p.WasPrecision) + ")"
	}
	return s
}

var (
	endOfNth  = regexp.MustCompile(`^MB\+(\d+)([a-z]+)-1d$`)
	fromNth   = regexp.MustCompile(`^MB\+(\d+)([a-z]+)$`)
	fromLastN = regexp.MustCompile(`^ME-(\d+)([a-z]+)\+1d$`)
)

// anchor names a day of the mandate, or writes its notation when it has no name.
func (w writer) anchor(a Anchor) string {
	if s, ok := w.mandate[a]; ok {
		return s
	}
	if m := endOfNth.FindStringSubmatch(string(a)); m != nil && m[2] != "wd" {
		return w.endOf + w.nthUnit(m[2], m[1])
	}
	return strings.ReplaceAll(string(a), "-", minus)
}

// nthUnit says "jaar 2 van het mandaat", "l'année 2 du mandat".
func (w writer) nthUnit(unit, n string) string {
	word := w.unit[unit][0]
	if w.lang == bilingual.FR {
		word = map[string]string{"y": "l’année", "w": "la semaine"}[unit]
		if word == "" {
			word = "le " + w.unit[unit][0]
		}
	}
	return word + " " + n + w.ofMandate
}

func (w writer) window(p Part) string {
	about := ""
	if p.Approximate {
		about = w.about
	}
	if p.FromAnchor != "" || p.UntilAnchor != "" {
		return about + w.mandateWindow(p)
	}
	if p.Approximate || p.Precision == "" || p.Precision == calendar.Day {
		return about + w.between + w.le() + p.From.Slashed() + w.and + w.le() + p.Until.Slashed()
	}
	name := w.period(p.Until, p.Precision)
	switch {
	case p.Precision == calendar.Half || p.Precision == calendar.Quarter:
		return w.duringThe + name
	case p.Precision == calendar.Week && w.lang == bilingual.FR:
		return w.during + "la " + name
	case w.lang == bilingual.FR && p.Precision == calendar.Month && strings.ContainsRune("ao", rune(name[0])):
		return "dans le courant d’" + name
	}
	return w.during + name
}

func (w writer) mandateWindow(p Part) string {
	from, until := string(p.FromAnchor), string(p.UntilAnchor)
	switch {
	case p.FromAnchor == Begin && p.UntilAnchor == Middle.plus("-", "1d"):
		return w.half[0]
	case p.FromAnchor == Middle && p.UntilAnchor == End:
		return w.half[1]
	}
	if m := fromLastN.FindStringSubmatch(from); m != nil && p.UntilAnchor == End {
		return w.edgeUnits(w.lastN, m[1], m[2])
	}
	if m := endOfNth.FindStringSubmatch(until); m != nil {
		n, _ := strconv.Atoi(m[1])
		if f := fromNth.FindStringSubmatch(from); f != nil && f[2] == m[2] && f[1] == strconv.Itoa(n-1) || n == 1 && p.FromAnchor == Begin {
			return w.duringUnit() + w.nthUnit(m[2], m[1])
		}
		if p.FromAnchor == Begin {
			return w.edgeUnits(w.firstN, m[1], m[2])
		}
	}
	return w.between + w.anchorOr(p.FromAnchor, p.From) + w.and + w.anchorOr(p.UntilAnchor, p.Until)
}

func (w writer) duringUnit() string {
	if w.lang == bilingual.FR {
		return "pendant "
	}
	return w.during
}

// edgeUnits says "de eerste 6 maanden van het mandaat", "les 6 premiers mois du mandat".
func (w writer) edgeUnits(which, n, unit string) string {
	if n == "1" {
		return w.edgeUnit(which == w.lastN, unit)
	}
	word := w.unit[unit][1]
	if w.lang == bilingual.FR {
		adjective := map[string]string{w.firstN: "premiers ", w.lastN: "derniers "}[which]
		if unit == "y" || unit == "w" {
			adjective = map[string]string{w.firstN: "premières ", w.lastN: "dernières "}[which]
			word = map[string]string{"y": "années", "w": "semaines"}[unit]
		}
		return "les " + n + " " + adjective + word + w.ofMandate
	}
	return which + n + " " + word + w.ofMandate
}

// edgeUnit says "het laatste jaar van het mandaat", "la première année du mandat".
func (w writer) edgeUnit(last bool, unit string) string {
	feminine := unit == "y" || unit == "w"
	pick := func(one, other string, first bool) string {
		if first {
			return one
		}
		return other
	}
	if w.lang == bilingual.NL {
		article := pick("het ", "de ", unit == "y" || unit == "q" || unit == "h")
		return article + pick("laatste ", "eerste ", last) + w.unit[unit][0] + w.ofMandate
	}
	word := pick(map[string]string{"y": "année", "w": "semaine"}[unit], w.unit[unit][0], feminine)
	adjective := pick(pick("dernière ", "première ", last), pick("dernier ", "premier ", last), feminine)
	return pick("la ", "le ", feminine) + adjective + word + w.ofMandate
}

func (w writer) anchorOr(a Anchor, d calendar.Date) string {
	if a != "" {
		return w.anchor(a)
	}
	return w.le() + d.Slashed()
}

func (w writer) continuous(p Part) string {
	if p.FromAnchor == Begin && p.UntilAnchor == End {
		return w.wholeMandate
	}
	return w.cont + w.limits(p)
}

// limits says from when and until when, by month where it is a whole one.
func (w writer) limits(p Part) string {
	about := ""
	if p.Approximate && p.Kind == Continuous {
		about = w.about
	}
	var s string
	switch {
	case p.FromAnchor != "":
		s = w.de(w.from, about+w.anchor(p.FromAnchor))
	case !p.From.IsZero() && p.From.Day == 1 && about == "":
		s = w.de(w.from, monthNames[w.lang][p.From.Month-1]+" "+strconv.Itoa(p.From.Year))
	case !p.From.IsZero():
		s = w.fromDay + about + p.From.Slashed()
	}
	switch {
	case p.UntilAnchor != "" && w.lang == bilingual.FR:
		s += w.de(" jusqu’à ", about+w.anchor(p.UntilAnchor))
	case p.UntilAnchor != "":
		s += w.until + about + w.anchor(p.UntilAnchor)
	case p.Until.IsZero():
	case p.Until == p.Until.EndOfMonth() && about == "":
		s += w.until + monthNames[w.lang][p.Until.Month-1] + " " + strconv.Itoa(p.Until.Year)
	default:
		s += w.untilDay + about + p.Until.Slashed()
	}
	return s
}

// de elides the French "de" before a vowel and joins "de" and "à" with "le": à
// partir d'avril, du début, jusqu'au milieu.
func (w writer) de(lead, name string) string {
	if rest, ok := strings.CutPrefix(name, "le "); ok && w.lang == bilingual.FR {
		return strings.NewReplacer("de ", "du ", "’à ", "’au ").Replace(lead) + rest
	}
	if w.lang == bilingual.FR && strings.HasSuffix(lead, "de ") && strings.ContainsRune("aoeiu", []rune(name)[0]) {
		return strings.TrimSuffix(lead, "de ") + "d’" + name
	}
	return lead + name
}

func (w writer) purpose(name string) string {
	if name == "" {
		return ""
	}
	if s, ok := conditions()[w.lang].print["purpose "+name]; ok {
		return " " + s
	}
	return map[bilingual.Lang]string{bilingual.NL: " voor « ", bilingual.FR: " pour « "}[w.lang] + name + " »"
}

func (w writer) needConditions(names string) string {
	if names == "" {
		return ""
	}
	return w.needAnd + w.conditions(names)
}

func (w writer) conditions(names string) string {
	var words []string
	for name := range strings.SplitSeq(names, ",") {
		s, ok := conditions()[w.lang].print["cond "+name]
		if !ok {
			return "« " + names + " »"
		}
		words = append(words, s)
	}
	return w.list(words, w.and)
}

func (w writer) external(p Part) string {
	if s, ok := w.calendarWord[p.Calendar]; ok {
		return s
	}
	name := strings.TrimSuffix(strings.TrimPrefix(p.Calendar, "cal("), ")")
	if s, ok := conditions()[w.lang].print["cal "+name]; ok {
		return w.according + s
	}
	return w.according + "« " + name + " »"
}

func (w writer) milestones(p Part) string {
	steps := make([]string, len(p.Steps))
	for i, s := range p.Steps {
		name := s.Name
		if _, err := strconv.Atoi(name); err == nil {
			name = w.phase + name
		}
		colon := ": "
		if w.lang == bilingual.FR {
			colon = "\u00a0: "
		}
		lead := ""
		if s.Approximate {
			lead = w.around
		}
		steps[i] = name + colon + lead + w.due(s.Date, s.Precision)
	}
	return strings.Join(steps, then(w.lang))
}
