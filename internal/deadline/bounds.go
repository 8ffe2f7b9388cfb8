package deadline

// bounded reads ten minste, maximaal, precies, ongeveer. After a count that was
// said, a bound before another count begins another recurrence.
func (p *parser) bounded(r *recurrence, i int) int {
	if p.is(i, "min", "max") && (p.countOfOther(r, i+1) || p.boundOfOther(*r, i)) {
		return fail
	}
	if p.is(i, "min", "max") && (r.explicit && r.unit != "" || r.interval > 1) {
		if _, n := p.number(i + 1); n != fail || p.is(i+1, "freq", "every") {
			return fail
		}
	}
	switch {
	case p.is(i, "min") && !r.min && !r.max:
		r.min = true
	case p.is(i, "max") && !r.min && !r.max:
		r.max = true
	case p.is(i, "ormore") && r.explicit && !r.min && !r.max && r.maximum == 0:
		r.min = true
	case p.is(i, "circa"):
		r.circa = true
	case p.is(i, "exact"):
	default:
		return fail
	}
	return i + 1
}

// countOfOther reports a count with a period that is not that of the recurrence:
// halfjaarlijks, maximaal drie keer per jaar.
func (p *parser) countOfOther(r *recurrence, i int) bool {
	var own recurrence
	if p.timesPer(&own, i) == fail || own.unit == "" {
		return false
	}
	return r.implied != "" && r.implied != own.unit || r.unit != "" && (own.unit != r.unit || r.count > 1)
}

// boundOfOther reports a bound behind a known unit that stands before something
// of its own: jaarlijks en minstens om de drie maanden, en ten minste zes maanden
// vóór het einde van het mandaat.
func (p *parser) boundOfOther(r recurrence, i int) bool {
	_, n := p.number(i + 1)
	if r.unit == "" || n == fail && !p.is(i+1, "freq", "every") {
		return false
	}
	r.min = p.is(i, "min")
	r.max = !r.min
	return p.timesPer(&r, i+1) == fail
}
