package trail

import (
	"slices"

	"jalon/internal/calendar"
)

// Kind is a way in which a trail was altered.
type Kind string

// Kinds of findings.
const (
	Changed      Kind = "changed"       // the event does not hold what it held when it was linked
	Missing      Kind = "missing"       // an event is gone; its number is known unless its link is gone too
	Inserted     Kind = "inserted"      // an event was put in afterwards
	Moved        Kind = "moved"         // an event stands in the place of another
	CutOff       Kind = "cut_off"       // the last events of a day are gone
	Rewritten    Kind = "rewritten"     // the end of a day is not what was signed, or what the next day follows on
	BadSignature Kind = "bad_signature" // the head of a day was not signed like this
)

// Kinds lists them all.
var Kinds = []Kind{Changed, Missing, Inserted, Moved, CutOff, Rewritten, BadSignature}

// Finding says what was altered and where. EventID is 0 where nobody can tell
// any more; Seq, the place within the day, is 0 where it is about the whole day
// (Missing: about the days before it). Until is the last place of a run.
type Finding struct {
	Kind    Kind
	Day     calendar.Date
	Seq     int
	Until   int
	EventID int64
}

// KeyUse tells which days a key has signed.
type KeyUse struct {
	KeyID, PublicKey string
	First, Last      calendar.Date
	Days             int
}

// Report is the outcome of a check.
type Report struct {
	Events     int // with a link
	Days       int
	SignedDays int // whose signature holds
	LastSigned calendar.Date
	LastDay    calendar.Date // with events
	Head       Hash          // of the last link
	Findings   []Finding     // in the order of the days
	Keys       []KeyUse      // that signed, in the order of their first day
}

// Intact reports whether nothing was found.
func (r Report) Intact() bool { return len(r.Findings) == 0 }

// Verifier checks a trail link by link, so that a trail of any length fits: it
// remembers one day at a time.
type Verifier struct {
	report Report
	signed []Day // still to come, in order
	prev   Hash  // that the first link of the day must follow on
	before calendar.Date
	told   bool // that the day before ends wrongly
	day    calendar.Date
	places []place
	offset int
}

// place is one link of the day.
type place struct {
	Link
	event  *Event // kept while it does not fit
	origin int    // the place for which the link was made; 0: unfit
	gone   bool   // the event is not there
}

// NewVerifier begins with the first link of all, or after a link with the hash
// prev. The signed days are those from there on, in order.
func NewVerifier(prev Hash, signed []Day) *Verifier { return &Verifier{prev: prev, signed: signed} }

// Loose takes an event that has no link.
func (v *Verifier) Loose(e Event) {
	v.found(Finding{Kind: Inserted, Day: calendar.DateOf(e.At), EventID: e.ID})
}

func (v *Verifier) found(f Finding) { v.report.Findings = append(v.report.Findings, f) }

// Link takes the next link in the order of day and place, with its event; nil when that is gone.
func (v *Verifier) Link(l Link, e *Event) {
	if l.Day != v.day {
		v.closeDay()
		v.emptyDaysBefore(l.Day)
		v.day, v.offset = l.Day, 0
	}
	v.report.Events++
	p := place{Link: l}
	switch {
	case e == nil:
		p.gone, p.origin = true, l.Seq+v.offset
	default:
		if p.origin = v.originOf(l, *e); p.origin == 0 {
			kept := *e
			p.event = &kept
		} else {
			v.offset = p.origin - l.Seq
		}
	}
	v.places = append(v.places, p)
}

// reach is how far from its place a link is looked for.
const reach = 64

// originOf finds the place that a link was made for: its own, unless somebody
// took out or put in links before it and numbered the rest anew.
func (v *Verifier) originOf(l Link, e Event) int {
	fits := func(seq int) bool { return seq > 0 && HashOf(l.Prev, l.Day, seq, e) == l.Hash }
	if fits(l.Seq + v.offset) {
		return l.Seq + v.offset
	}
	for d := range reach + 1 {
		for _, seq := range []int{l.Seq + v.offset + d, l.Seq + v.offset - d, l.Seq + d, l.Seq - d} {
			if fits(seq) {
				return seq
			}
		}
	}
	return 0
}

// Done closes the last day and gives the report.
func (v *Verifier) Done() Report {
	v.closeDay()
	v.emptyDaysBefore(calendar.Date{})
	slices.SortStableFunc(v.report.Findings, func(a, b Finding) int { return a.Day.Compare(b.Day) })
	return v.report
}

// emptyDaysBefore finds signed days that have no links any more, before a day; zero for all that are left.
func (v *Verifier) emptyDaysBefore(day calendar.Date) {
	for len(v.signed) > 0 && (day.IsZero() || v.signed[0].Day.Before(day)) {
		d := v.signed[0]
		v.signed = v.signed[1:]
		if v.signature(d) {
			v.found(Finding{Kind: CutOff, Day: d.Day, Seq: 1, Until: d.Events})
			v.prev, v.told = d.Head, true
		}
	}
}

// signature checks the signature of a day, and counts its key.
func (v *Verifier) signature(d Day) bool {
	if !d.signed() {
		v.found(Finding{Kind: BadSignature, Day: d.Day})
		return false
	}
	v.report.SignedDays++
	v.report.LastSigned = d.Day
	i := slices.IndexFunc(v.report.Keys, func(k KeyUse) bool { return k.PublicKey == d.PublicKey })
	if i < 0 {
		i = len(v.report.Keys)
		v.report.Keys = append(v.report.Keys, KeyUse{KeyID: d.KeyID, PublicKey: d.PublicKey, First: d.Day})
	}
	v.report.Keys[i].Last = d.Day
	v.report.Keys[i].Days++
	return true
}

// closeDay judges the day as a whole.
func (v *Verifier) closeDay() {
	if len(v.places) == 0 {
		return
	}
	v.report.Days++
	v.unfit()
	v.doubles()
	v.order()
	v.follow()
	last := v.places[len(v.places)-1]
	v.report.LastDay, v.report.Head = v.day, last.Hash
	v.before, v.told = v.day, false
	v.prev = last.Hash
	if len(v.signed) > 0 && v.signed[0].Day == v.day {
		d := v.signed[0]
		v.signed = v.signed[1:]
		if v.signature(d) {
			v.compareHead(d)
		}
	}
	v.places = nil
}

func (v *Verifier) about(kind Kind, p place) {
	v.found(Finding{Kind: kind, Day: v.day, Seq: p.Seq, EventID: p.EventID})
}

// mostPairs bounds the search for events that changed places.
const mostPairs = 200

// unfit says what happened to the links that fit no place: their events changed
// places, were put in, or hold something else. Those put in are left out from here on.
func (v *Verifier) unfit() {
	var bad []int
	for i, p := range v.places {
		if p.origin == 0 {
			bad = append(bad, i)
		}
	}
	pairs := bad[:min(len(bad), mostPairs)]
	inserted := map[int]bool{}
	for _, i := range bad {
		p := &v.places[i]
		p.origin = p.Seq // as far as anybody can tell
		switch other := v.swapped(*p, pairs); {
		case other != 0:
			v.found(Finding{Kind: Moved, Day: v.day, Seq: p.Seq, EventID: other})
		case i+1 < len(v.places) && v.places[i+1].Prev == v.hashBefore(i) && v.places[i+1].Prev != p.Hash:
			v.about(Inserted, *p)
			inserted[i] = true
		default:
			v.about(Changed, *p)
		}
	}
	v.leaveOut(inserted)
}

// swapped gives the number of the event for which the link of a place was made.
func (v *Verifier) swapped(p place, among []int) int64 {
	for _, i := range among {
		if o := v.places[i]; o.event != nil && o.EventID != p.EventID && HashOf(p.Prev, p.Day, p.Seq, *o.event) == p.Hash {
			return o.EventID
		}
	}
	return 0
}

func (v *Verifier) hashBefore(i int) Hash {
	if i == 0 {
		return v.prev
	}
	return v.places[i-1].Hash
}

func (v *Verifier) leaveOut(out map[int]bool) {
	if len(out) == 0 {
		return
	}
	var kept []place
	for i, p := range v.places {
		if !out[i] {
			kept = append(kept, p)
		}
	}
	v.places = kept
}

// doubles finds the one of two links for the same place that nothing follows on.
func (v *Verifier) doubles() {
	out := map[int]bool{}
	for i := 1; i < len(v.places); i++ {
		if v.places[i].origin != v.places[i-1].origin {
			continue
		}
		extra := i - 1
		next := Hash{}
		switch {
		case i+1 < len(v.places):
			next = v.places[i+1].Prev
		case len(v.signed) > 0 && v.signed[0].Day == v.day:
			next = v.signed[0].Head
		}
		if next == v.places[i-1].Hash {
			extra = i
		}
		out[extra] = true
		v.about(Inserted, v.places[extra])
	}
	v.leaveOut(out)
}

// order finds the places that are empty, and the links that stand elsewhere.
func (v *Verifier) order() {
	present := make(map[int]bool, len(v.places))
	for _, p := range v.places {
		present[p.origin] = true
	}
	expected := 1
	for _, p := range v.places {
		if p.origin < expected {
			v.found(Finding{Kind: Moved, Day: v.day, Seq: p.origin, EventID: p.EventID})
			continue
		}
		for from := expected; from < p.origin; from++ {
			if present[from] {
				continue
			}
			until := from
			for until+1 < p.origin && !present[until+1] {
				until++
			}
			v.found(Finding{Kind: Missing, Day: v.day, Seq: from, Until: until})
			from = until
		}
		expected = p.origin + 1
	}
	for _, p := range v.places {
		if p.gone {
			v.about(Missing, p)
		}
	}
}

// follow checks that each link follows on the one before. The hash of a link
// covers what it follows on: where they differ, the one before was made anew.
func (v *Verifier) follow() {
	told := map[int64]bool{}
	for _, f := range v.report.Findings {
		told[f.EventID] = true
	}
	for i, p := range v.places {
		switch {
		case i == 0:
			switch {
			case p.origin != 1 || p.Prev == v.prev || v.told:
			case v.before.IsZero(): // whole days are gone
				v.found(Finding{Kind: Missing, Day: v.day})
			default:
				v.found(Finding{Kind: Rewritten, Day: v.before})
			}
		case p.origin == v.places[i-1].origin+1 && p.Prev != v.places[i-1].Hash && !told[p.EventID] && !told[v.places[i-1].EventID]:
			v.about(Changed, v.places[i-1])
		}
	}
}

// compareHead compares the end of the day with what was signed.
func (v *Verifier) compareHead(d Day) {
	last := v.places[0]
	for _, p := range v.places {
		if p.origin > last.origin {
			last = p
		}
	}
	switch {
	case last.origin < d.Events:
		v.found(Finding{Kind: CutOff, Day: d.Day, Seq: last.origin + 1, Until: d.Events})
	case last.origin > d.Events:
		for _, p := range v.places {
			if p.origin > d.Events {
				v.about(Inserted, p)
			}
		}
	case last.Hash != d.Head:
		v.found(Finding{Kind: Rewritten, Day: d.Day, EventID: last.EventID})
	}
	if last.Hash != d.Head {
		v.prev, v.told = d.Head, true
	}
}
