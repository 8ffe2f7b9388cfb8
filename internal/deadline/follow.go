package deadline

import (
	"slices"

	"jalon/internal/calendar"
)

// then gives parts that follow what was read before: those that go on begin
// after it, when it comes once.
func (r Reading) then(parts []Part) []Part {
	before := r.Parts
	if r.Alternatives != nil {
		before = r.Alternatives[0].Parts
	}
	if !slices.ContainsFunc(before, Part.comesOnce) {
		return parts
	}
	parts = slices.Clone(parts)
	for i, p := range parts {
		parts[i].Then = p.goesOn() && p.From.IsZero() && p.FromAnchor == ""
	}
	return parts
}

// begins lets what follows a mere first day take it: voor het eerst in 2026 en
// daarna jaarlijks; ten vroegste maart 2026, ten laatste juni 2026. The part
// before it was read at the item began.
func (r *Reading) begins(p *parser, began int, m match) match {
	n := len(r.Parts) - 1
	if n < 0 || len(m.parts) != 1 || r.Alternatives != nil {
		return m
	}
	first, part := r.Parts[n], m.parts[0]
	if first.Kind != Continuous || first.From.IsZero() || !first.Until.IsZero() || first.UntilAnchor != "" {
		return m
	}
	switch {
	case p.has(began, "from", "first") && part.Kind == Periodic && part.From.IsZero() && part.FromAnchor == "":
		part.From, part.Then = first.From, false
	case p.has(began, "from", "earliest") && part.Kind == Fixed && part.Was.IsZero() && part.Date.After(first.From):
		part = Part{Kind: Window, From: first.From, Until: part.Date, Approximate: first.Approximate || part.Approximate, Purpose: part.Purpose, Span: part.Span}
	default:
		return m
	}
	part.Span[0] = first.Span[0]
	r.Parts, m.parts = r.Parts[:n], []Part{part}
	return m
}

// goesOn reports whether a part comes back or never stops.
func (p Part) goesOn() bool { return p.Kind == Continuous || p.Kind == Periodic }

// isDated reports a part that is dates alone.
func (p Part) isDated() bool { return p.Kind == Fixed || p.Kind == Window || p.Kind == MandateEnd }

// comesOnce reports whether a part has its days and is over after them.
func (p Part) comesOnce() bool {
	switch p.Kind {
	case Continuous, Periodic:
		return !p.Until.IsZero() || p.UntilAnchor != ""
	case Fixed, Window, Milestones, MandateBegin, MandateMid, MandateEnd, Relative:
		return true
	case Event:
		return !p.Each
	}
	return false
}

// begun gives a part, and to one that follows others its first day: the day after
// their last one, or after the share of a count in which that falls, for then
// that share has been served. Until they have a day it owes nothing.
func (r Reading) begun(i int, h Horizon) Part {
	p := r.Parts[i]
	if !p.Then {
		return p
	}
	var last calendar.Date
	for _, before := range r.Parts[:i] {
		if !before.comesOnce() {
			continue
		}
		if until, ok := h.day(before.Until, before.UntilAnchor); ok && until.After(last) {
			last = until
		}
		for _, d := range before.duties(h) {
			if d.Due.After(last) {
				last = d.Due
			}
		}
	}
	if last.IsZero() {
		return Part{}
	}
	if p.Kind == Periodic && p.Interval == 0 && (p.Count == 1 || len(p.On)+len(p.Months) == 0) {
		start := periodStart(last, unitLetters[p.Per], h)
		for _, share := range (Part{Count: p.Count, Per: p.Per}).shares(start, periodEnd(start, unitLetters[p.Per], h)) {
			if !last.After(share.due) {
				last = share.due
				break
			}
		}
	}
	p.From = last.AddDays(1)
	return p
}
