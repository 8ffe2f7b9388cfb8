package deadline

import "strings"

// unitEnds name the moment that "na elk kwartaal" and "na het einde van elk
// kwartaal" count from.
var unitEnds = map[string]string{
	"every 1m": "month-end", "every 3m": "quarter-end", "=2/y": "half-year-end", "=1/y": "year-end",
	"m": "month-end", "q": "quarter-end", "h": "half-year-end", "y": "year-end",
}

// unitEnd reads elk kwartaal, het einde van elk kwartaal, la fin de chaque mois.
func (p *parser) unitEnd(i int) (slug string, each bool, next int) {
	ends := false
	if p.is(i-1, "after") {
		after := strings.ToLower(p.words(i-1, i))
		ends = strings.Contains(after, "einde") || strings.Contains(after, "afloop")
	}
	if p.has(i, "edge", "end") {
		ends = true
		i++
	}
	i = p.skip(i, "van", "art")
	if i >= len(p.items) || p.items[i].kind != wordToken {
		return "", false, fail
	}
	if u, n := p.unit(i); n != fail && ends && unitEnds[u] != "" { // na het einde van het jaar
		return unitEnds[u], false, n
	}
	switch p.tokens[p.items[i].first].norm {
	case "elk", "elke", "ieder", "iedere", "chaque":
	default:
		return "", false, fail
	}
	if v, ok := p.value(i, "freq"); ok && unitEnds[v] != "" {
		return unitEnds[v], true, i + 1
	}
	if u, n := p.unit(i + 1); n != fail && p.is(i, "every") && unitEnds[u] != "" {
		return unitEnds[u], true, n
	}
	return "", false, fail
}

// closes reports whether a part is what each period of another owes after its
// end, so that the other says nothing new: elk kwartaal, binnen 15 dagen na het
// einde van het kwartaal.
func (p Part) closes(r Part) bool {
	plain := len(r.On)+len(r.Months) == 0 && r.bounds() == "" && r.Purpose == ""
	return p.Offset != "" && r.Kind == Periodic && plain && p.Trigger != "" && unitEnds[r.recurrence()] == p.Trigger
}

// occurrences gives what a part waits for: the recorded events, and the ends of
// the calendar's own periods within the mandate, which nobody has to record.
func (p Part) occurrences(h Horizon) []Occurrence {
	unit := map[string]string{"month-end": "m", "quarter-end": "q", "half-year-end": "h", "year-end": "y"}[p.Trigger]
	if unit == "" {
		return h.Occurrences
	}
	var out []Occurrence
	reach := 24 // months that a delay may take
	for d := h.From.AddMonths(-reach); !d.After(h.Until.AddMonths(reach)); d = d.AddDays(1) {
		d = periodEnd(d, unit, h)
		if d.Before(h.MandateBegin) || !h.MandateEnd.IsZero() && d.After(h.MandateEnd) {
			continue
		}
		out = append(out, Occurrence{Title: d.Slashed(), From: d})
	}
	return out
}
