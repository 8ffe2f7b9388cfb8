package deadline

import (
	"fmt"
	"strconv"
	"strings"

	"jalon/internal/bilingual"
)

func (w writer) periodic(p Part) string {
	var b strings.Builder
	if p.Approximate {
		b.WriteString(w.about)
	}
	if p.Minimum {
		b.WriteString(w.atLeast)
	} else if p.AtMost {
		b.WriteString(w.atMost)
	}
	unit := w.unit[unitLetters[p.Per]]
	switch {
	case p.Interval > 1:
		fmt.Fprintf(&b, "%s%d %s", w.everyUnits(p.Per), p.Interval, unit[1])
	case p.Interval == 1:
		b.WriteString(w.each(unit[0]))
	default:
		count := strconv.Itoa(p.Count)
		if p.Maximum > 0 {
			count += w.to + strconv.Itoa(p.Maximum)
		}
		fmt.Fprintf(&b, "%s %s %s %s", count, w.times, map[bilingual.Lang]string{bilingual.NL: "per", bilingual.FR: "par"}[w.lang], unit[0])
	}
	b.WriteString(w.pins(p))
	b.WriteString(w.limits(p))
	if strings.HasSuffix(b.String(), "dag") && strings.HasPrefix(w.purpose(p.Purpose), " voor ") {
		b.WriteByte(',') // "de laatste dag voor X" is the day before it
	}
	b.WriteString(w.purpose(p.Purpose))
	return b.String()
}

func (w writer) everyUnits(per string) string {
	if w.lang == bilingual.FR && per == "week" {
		return "toutes les "
	}
	return w.every
}

func (w writer) each(unit string) string {
	if w.lang == bilingual.FR {
		return "chaque " + unit
	}
	if unit == "jaar" || unit == "kwartaal" || unit == "semester" {
		return "elk " + unit
	}
	return "elke " + unit
}

// pins says the days or months of a recurrence.
func (w writer) pins(p Part) string {
	if len(p.Months) > 0 {
		names := make([]string, len(p.Months))
		for i, m := range p.Months {
			names[i] = monthNames[w.lang][m-1]
		}
		if len(p.On) > 0 { // the last Friday of June
			return ", " + w.pin(p.On[0]) + w.ofMonths(names)
		}
		return ", " + w.inMonths + w.list(names, w.and)
	}
	if len(p.On) == 0 {
		return ""
	}
	names := make([]string, len(p.On))
	for i, pin := range p.On {
		names[i] = w.pin(pin)
	}
	return ", " + w.list(names, w.and)
}

// ofMonths says of which months: van april en oktober, d'avril et d'octobre.
func (w writer) ofMonths(names []string) string {
	if w.lang == bilingual.NL {
		return w.of + w.list(names, w.and)
	}
	for i, name := range names {
		names[i] = "de " + name
		if strings.ContainsRune("ao", rune(name[0])) {
			names[i] = "d'" + name
		}
	}
	return " " + w.list(names, w.and)
}

func (w writer) pin(pin string) string {
	if k, kind, ok := parseNth(pin); ok {
		day := w.weekday[kind]
		if day == "" {
			day = w.unit[kind][0]
		}
		which := map[int]string{-1: w.last, -2: w.last2}[k]
		if which == "" {
			which = strconv.Itoa(k) + "e"
			if w.lang == bilingual.FR && k == 1 {
				which = "1er"
			}
		}
		if w.lang == bilingual.FR && k == -2 {
			return "l’" + which + " " + day
		}
		return w.onThe + which + " " + day
	}
	if day, ok := w.weekday[pin]; ok {
		return w.on + day
	}
	if m, d, ok := strings.Cut(pin, "-"); ok {
		return w.on + d + "/" + m
	}
	if w.lang == bilingual.NL {
		return w.onThe + pin + "e"
	}
	return w.onThe + pin
}

func (w writer) list(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	n := len(words) - 1
	return strings.Join(words[:n], ", ") + last + words[n]
}
