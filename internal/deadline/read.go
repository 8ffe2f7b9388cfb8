package deadline

import (
	"strings"

	"jalon/internal/bilingual"
)

// Read reads a deadline in one language, or with the empty language in the one
// in which most of it is understood. It always answers: what was not understood
// is in a finding, verbatim. The time it takes grows with the length alone.
func Read(text string, lang bilingual.Lang) Reading {
	if lang != "" {
		return readIn(text, lang)
	}
	nl, fr := readIn(text, bilingual.NL), readIn(text, bilingual.FR)
	if fr.unread() < nl.unread() {
		return fr
	}
	return nl
}

// unread measures how little of the text was understood: bytes left over, and
// words kept as they were written.
func (r Reading) unread() int {
	n := 0
	for _, f := range r.Findings {
		if f.Code == CodeNotUnderstood && !r.contradictsIn(f.Text) {
			n += 2 * len(f.Text)
		}
		if f.Code == CodeYearMissing || f.Code == CodeSpelling {
			n++
		}
	}
	if len(r.Parts) > 0 && r.Parts[0].Span[0] > 0 && strings.TrimSpace(r.Text[:min(r.Parts[0].Span[0], len(r.Text))]) != "" {
		n++ // a first word that only joins
	}
	for _, p := range r.Parts {
		for _, s := range p.Steps {
			if !isStepNumber(s.Name) {
				n += len(s.Name)
			}
		}
		for _, s := range []string{p.Trigger, p.Condition, p.Purpose} {
			if !isKnown(s) {
				n += len(s)
			}
		}
	}
	if len(r.Parts) == 0 && r.Reading == "" {
		n += len(r.Text) + 1
	}
	return n
}

// isStepNumber reports whether a step is called by a number or a percentage.
func isStepNumber(name string) bool {
	return strings.Trim(name, "0123456789,.%") == ""
}

func readIn(text string, lang bilingual.Lang) Reading {
	if a, ok := readAlternatives(text, lang); ok {
		return a
	}
	return readWrapped(text, lang)
}

// readLines reads a text in which a line that ends also ends a thought.
func readLines(text string, lang bilingual.Lang) Reading {
	r := Reading{Text: text, Lang: lang, Parts: []Part{}, Findings: []Finding{}}
	p := newParser(text, lang)
	if len(p.items) == 0 {
		r.Findings = append(r.Findings, Finding{Severity: Question, Code: CodeEmpty, Text: strings.TrimSpace(text)})
		return r
	}
	if p.dashAlone() {
		r.Parts = []Part{{Kind: None, Span: p.span(0, len(p.items))}}
		r.finish()
		return r
	}
	if p.wholeStatus() {
		r.Reading = "reject: a status"
		r.Findings = append(r.Findings, Finding{Severity: Refused, Code: CodeNotADeadline, Text: strings.TrimSpace(text)})
		return r
	}
	var leftFrom, began, at int
	flush := func(until int) {
		if f, ok := p.leftover(leftFrom, until); ok {
			r.Findings = append(r.Findings, f)
		}
	}
	for at < len(p.items) {
		if p.is(at, "except") { // what is left out is no deadline: a person reads it
			at = max(at+1, p.clause(at+1))
			continue
		}
		if n := p.name(at, leftFrom, r.Parts); n != fail {
			at = n
			continue
		}
		m := p.part(at)
		if m.next == fail {
			at++
			continue
		}
		flush(at)
		if n := len(r.Parts); n > 0 && at == leftFrom+1 && p.mark(leftFrom, "/") && len(m.parts) > 0 && !(r.Parts[n-1].isDated() && m.parts[0].isDated()) {
			r.Findings = append(r.Findings, Finding{Severity: Question, Code: CodeNotUnderstood, Text: p.words(leftFrom, at)}) // and, or instead?
		}
		if p.anyIs(leftFrom, at, "nadien") {
			m.parts = r.then(m.parts)
		}
		m = r.begins(p, began, m)
		r.take(m)
		began, at = at, m.next
		leftFrom = at
	}
	flush(len(p.items))
	if n := len(r.Parts); n > 1 && p.anyIs(leftFrom, len(p.items), "nadien") { // 2026 en jaarlijks daarna
		last := n - 1
		r.Parts = append(r.Parts[:last:last], Reading{Parts: r.Parts[:last]}.then(r.Parts[last:])...)
	}
	r.Findings = append(p.findings, r.Findings...)
	if len(r.Parts)+len(r.Alternatives)+len(r.Findings) == 0 { // only words that join
		r.Findings = []Finding{{Severity: Question, Code: CodeNotUnderstood, Text: strings.TrimSpace(text)}}
	}
	r.finish()
	return r
}

// take adds what a rule read.
func (r *Reading) take(m match) {
	r.Findings = append(r.Findings, m.findings...)
	if m.refused != "" && !strings.HasPrefix(r.Reading, "reject") {
		r.Reading = "reject: " + m.refused
	}
	if m.alternatives != nil {
		if r.Alternatives == nil {
			for _, a := range m.alternatives {
				a.Parts = append(append([]Part{}, r.Parts...), a.Parts...)
				r.Alternatives = append(r.Alternatives, a)
			}
			return
		}
		m.parts = m.alternatives[0].Parts
	}
	for i := range r.Alternatives {
		r.Alternatives[i].Parts = append(r.Alternatives[i].Parts, m.parts...)
	}
	r.Parts = append(r.Parts, m.parts...)
}

// finish joins the notations and adds the findings that follow from the parts.
func (r *Reading) finish() {
	if strings.HasPrefix(r.Reading, "reject") {
		r.Parts, r.Alternatives = []Part{}, nil
		return
	}
	if r.Alternatives != nil {
		var all []string
		for i, a := range r.Alternatives {
			r.Alternatives[i] = newAlternative(settle(a.Parts))
			all = append(all, r.Alternatives[i].Reading)
		}
		r.Reading, r.Parts = "ambiguous: "+strings.Join(all, " | "), []Part{}
		return
	}
	r.Parts = settle(r.Parts)
	r.Reading = joined(r.Parts)
	r.Findings = append(r.Findings, r.consequences()...)
}

func newAlternative(parts []Part) Alternative {
	for i := range parts {
		parts[i].Reading = parts[i].notation()
	}
	return Alternative{Reading: joined(parts), Parts: parts}
}

func joined(parts []Part) string {
	words := make([]string, len(parts))
	for i, p := range parts {
		words[i] = p.Reading
	}
	return strings.Join(words, " + ")
}

// settle drops a part that says nothing new, lets a condition qualify the part
// before it, and writes the notations.
func settle(parts []Part) []Part {
	kept := []Part{}
	seen := map[string]bool{}
	for _, p := range parts {
		p.Reading = p.notation()
		if seen[p.Reading] || p.Reading == "cont" && len(kept) > 0 && kept[len(kept)-1].Kind == Continuous {
			continue
		}
		seen[p.Reading] = true
		if n := len(kept); n > 0 && p.closes(kept[n-1]) {
			kept = kept[:n-1]
		}
		if n := len(kept); p.Kind == Conditional && n > 0 && kept[n-1].Qualifier == "" && kept[n-1].Kind != AsNeeded {
			kept[n-1].Qualifier = QualifierPossible
		}
		kept = append(kept, p)
	}
	return kept
}

// consequences are the findings that the parts themselves call for.
func (r *Reading) consequences() []Finding {
	var out []Finding
	ask := func(code string, p Part, args map[string]string) {
		out = append(out, Finding{Severity: Question, Code: code, Args: args, Text: r.words(p)})
	}
	dated := false
	for _, p := range r.Parts {
		switch {
		case p.Kind == Undetermined:
			ask(CodeUndetermined, p, nil)
		case p.Kind == External && strings.HasPrefix(p.Calendar, "school-year"):
			ask(CodeCommunities, p, nil)
		case p.Kind == External:
			ask(CodeExternal, p, nil)
		case p.contradicts():
			ask(CodeNotUnderstood, p, nil)
		case p.Kind == Continuous && p.FromAnchor == End.plus("+", "1d"): // the holder owes nothing after the mandate
			ask(CodeNoDate, p, nil)
		case p.Approximate || p.approximateStep():
			ask(CodeApproximate, p, map[string]string{"reading": p.Reading})
		}
		if p.Kind != Conditional && p.Kind != AsSoon {
			dated = true
		}
	}
	if !dated && len(r.Parts) > 0 {
		ask(CodeNoDate, r.Parts[0], nil)
	}
	return out
}

func (p Part) approximateStep() bool {
	for _, s := range p.Steps {
		if s.Approximate {
			return true
		}
	}
	return false
}

// words gives the words that a part came from.
func (r *Reading) words(p Part) string {
	if p.Span[0] < 0 || p.Span[1] > len(r.Text) || p.Span[0] > p.Span[1] {
		return ""
	}
	return r.Text[p.Span[0]:p.Span[1]]
}

// part reads the longest part at i; equal lengths go to the rule that stands first.
func (p *parser) part(i int) match {
	if m, known := p.memo[i]; known {
		return m
	}
	p.memo[i] = match{next: fail} // a rule that comes back to i finds nothing new
	best := match{next: fail}
	if !p.filler(i) {
		rules := []func(int) match{
			p.milestones, p.idiom, p.either, p.boundOfRange, p.mandatePoints, p.moved, p.dated, p.window, p.recurring, p.continuous, p.external, p.triggered, p.conditional,
		}
		for _, rule := range rules {
			if m := rule(i); m.next > best.next {
				best = m
			}
		}
	}
	p.forWhat(&best)
	p.memo[i] = best
	return best
}

// forWhat lets a date or a continuous part take the purpose that follows it:
// december 2025 voor het plan.
func (p *parser) forWhat(m *match) {
	if len(m.parts) == 0 || m.next >= len(p.items) {
		return
	}
	switch m.parts[0].Kind {
	case Fixed, Window, Continuous:
	default:
		return
	}
	name, next := p.purpose(m.next)
	if next == fail {
		return
	}
	for i := range m.parts {
		m.parts[i].Purpose = name
		m.parts[i].Span[1] = p.span(0, next)[1]
	}
	m.next = next
}

// filler reports whether nothing can begin at i: a mark that only separates.
func (p *parser) filler(i int) bool {
	return p.mark(i, ",", ";", "-", ")", "(", ":", "\n", "|", "+")
}

// idiom reads the parts that are one idiom: zo snel mogelijk, naar behoefte,
// nog te bepalen, n.v.t.
func (p *parser) idiom(i int) match {
	kinds := []struct {
		sym  symbol
		kind Kind
	}{{"asap", AsSoon}, {"need", AsNeeded}, {"tbd", Undetermined}, {"na", None}}
	for _, k := range kinds {
		if !p.is(i, k.sym) || k.kind == None && p.is(i, "after") && len(p.items) > 1 && strings.EqualFold(p.words(i, i+1), "na") { // na zes weken
			continue
		}
		if k.kind == AsSoon && p.has(i, "from", "earliest") && i+1 < len(p.items) && p.items[i+1].kind != markToken && !p.is(i+1, "and", "by") { // au plus tôt deux mois après: not before
			continue
		}
		part := Part{Kind: k.kind}
		next := i + 1
		if k.kind == AsNeeded {
			part.Qualifier = QualifierNeed
			next = p.needDetail(&part, next)
		}
		part.Span = p.span(i, next)
		return match{parts: []Part{part}, next: next}
	}
	return match{next: fail}
}

// leftover makes the finding for items that no rule took; separators are no loss.
func (p *parser) leftover(i, j int) (Finding, bool) {
	for i < j && p.separates(i) {
		i++
	}
	for i < j && p.separates(j-1) {
		j--
	}
	if i >= j {
		return Finding{}, false
	}
	s := p.span(i, j)
	f := Finding{Severity: Question, Code: CodeNotUnderstood, Text: p.text[s[0]:s[1]]}
	k := i
	if _, k = p.prefix(i); k < j {
		if pd, n := p.period(k); n != fail && n <= j && pd.noYear {
			f.Code = CodeYearMissing
		}
	}
	return f, true
}

// separates reports whether an item only joins or introduces.
func (p *parser) separates(i int) bool {
	return p.mark(i, ",", ";", "-", ":", "\n", "(", ")", "|", "+", "«", "»", "\"", "/") || p.is(i, "and", "filler", "nadien") || p.is(i, "van") && p.is(i-1, "and")
}

// readAlternatives reads "one | other", the form in which we print a reading
// that is ambiguous.
func readAlternatives(text string, lang bilingual.Lang) (Reading, bool) {
	r := Reading{Text: text, Lang: lang, Parts: []Part{}, Findings: []Finding{}}
	pieces := strings.Split(text, "|")
	if len(pieces) < 2 || len(pieces) > 4 {
		return r, false
	}
	at := 0
	var all []string
	for _, piece := range pieces {
		one := readIn(piece, lang)
		if len(one.Parts) == 0 {
			return r, false
		}
		for i := range one.Parts {
			one.Parts[i].Span[0] += at
			one.Parts[i].Span[1] += at
		}
		at += len(piece) + 1
		all = append(all, one.Reading)
		r.Alternatives = append(r.Alternatives, Alternative{Reading: one.Reading, Parts: one.Parts})
		for _, f := range one.Findings {
			if f.Code == CodeNotUnderstood {
				r.Findings = append(r.Findings, f)
			}
		}
	}
	r.Reading = "ambiguous: " + strings.Join(all, " | ")
	r.Findings = append(r.Findings, Finding{Severity: Question, Code: CodeAmbiguous, Text: strings.TrimSpace(text)})
	return r, true
}
