package document

// Measures of facts.
const (
	factSize = 8.0 // so that a SHA-256 fits on a line
	factName = 30.0
	factGap  = 8.0 // between the two columns
)

// factColumns gives how many columns of facts there are, and their width with the part of the names.
func (p *printer) factColumns() (n int, width, name float64) {
	if p.d.Upright {
		return 1, p.paper.body(), 48
	}
	return 2, (p.paper.body() - factGap) / 2, factName
}

func (p *printer) factLines(f Fact) (name, value []textLine, height float64) {
	_, width, names := p.factColumns()
	name = p.wrap(Part{Text: f.Name}, factSize, names-2, false)
	value = p.wrap(f.Value, factSize, width-names, false)
	return name, value, float64(max(len(name), len(value)))*lineHeight(factSize) + .7
}

// factsHeight gives the heights of the left and the right column.
func (p *printer) factsHeight(list Facts) (left, right float64) {
	for i, f := range list {
		_, _, height := p.factLines(f)
		if i < p.firstColumn(len(list)) {
			left += height
		} else {
			right += height
		}
	}
	return left, right
}

// firstColumn gives how many of so many facts stand in the first column.
func (p *printer) firstColumn(facts int) int {
	n, _, _ := p.factColumns()
	return (facts + n - 1) / n
}

// facts stand in two columns, read down the left and then down the right.
func (p *printer) facts(list Facts) {
	left, right := p.factsHeight(list)
	p.room(max(left, right))
	e := p.tags.add(p.tags.root, "Table")
	x, y := p.paper.margin, p.y
	_, width, names := p.factColumns()
	for i, f := range list {
		if i == p.firstColumn(len(list)) {
			x, y = p.paper.margin+width+factGap, p.y
		}
		name, value, height := p.factLines(f)
		tr := p.tags.add(e, "TR")
		th, td := p.tags.add(tr, "TH"), p.tags.add(tr, "TD")
		th.scope, td.lang = "Row", tag(f.Value.Lang, p.d.Lang)
		p.tags.mark(th, func() { p.lines(x, y, name, factSize, muted) })
		p.tags.mark(td, func() { p.lines(x+names, y, value, factSize, ink) })
		y += height
	}
	p.y += max(left, right) + 3
}
