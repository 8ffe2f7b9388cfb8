package deadline

// wholeStatus reports whether the text is only a status, such as
// "gerealiseerd", or a status and when it came: "gerealiseerd in 2024".
func (p *parser) wholeStatus() bool {
	seen := false
	for i := range p.items {
		switch {
		case p.is(i, "status"):
			if j := p.skip(i+1, "in", "on", "art"); !seen && !p.is(i, "by", "extended", "cont") && j < len(p.items) {
				if pd, n := p.period(j); n != fail && p.end(n) && !pd.isMandate() {
					return true
				}
			}
			seen = true
		case p.is(i, "filler", "and", "percent") || p.items[i].kind == markToken || p.items[i].kind == numberToken && p.mark(i+1, "%"):
		default:
			return false
		}
	}
	return seen
}

// end reports whether nothing but marks follows.
func (p *parser) end(i int) bool {
	for ; i < len(p.items); i++ {
		if p.items[i].kind != markToken {
			return false
		}
	}
	return true
}

// dashAlone reports a dash or stroke alone, as one fills an empty cell.
func (p *parser) dashAlone() bool {
	for i := range p.items {
		if !p.mark(i, "-", "/") {
			return false
		}
	}
	return true
}
