package deadline

import "strings"

// name gives where a name ends that holds a date, so that the date is no
// deadline: the act of a day (het besluit van 21 maart 2018), or what is called
// after its year beside the date it is due (begroting 2027 tegen oktober 2026,
// 31 maart 2026 over het jaar 2025).
func (p *parser) name(i, unreadFrom int, before []Part) int {
	if n := p.act(i); n != fail {
		return n
	}
	about := p.word(i) == "over" || p.word(i) == "sur"
	if !about && (i == unreadFrom || p.items[i-1].kind != wordToken || p.separates(i-1)) {
		return fail
	}
	n := p.years(i)
	if n == fail {
		return fail
	}
	for _, part := range before {
		if part.Kind == Fixed || part.Kind == Window {
			return n
		}
	}
	for k := n; k < min(n+4, len(p.items)); k++ { // a mark or two may stand between
		if m := p.part(k); m.next != fail {
			if len(m.parts) > 0 && m.parts[0].Kind == Fixed && p.years(k) != m.next {
				return n
			}
			break
		}
	}
	return fail
}

// years reads a year or a range of years, alone or after "over", "sur".
func (p *parser) years(i int) (next int) {
	i = p.skip(i, "during", "art")
	if u, n := p.unit(i); n != fail && u == "y" {
		i = n
	}
	_, next = p.year(i)
	if next != fail && p.mark(next, "-", "/") {
		if _, n := p.year(next + 1); n != fail {
			return n
		}
	}
	return next
}

// legalActs are what carries the day on which it was made.
var legalActs = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`
		besluit regeringsbesluit beslissing regeringsbeslissing ordonnantie decreet omzendbrief wet reglement verordening richtlijn akkoord
		overeenkomst protocol nota brief advies resolutie beheerscontract versie zitting
		arrete decision ordonnance decret circulaire loi reglement directive accord convention protocole note lettre avis resolution contrat version seance`) {
		m[w] = true
	}
	return m
}()

// act reads an act and its day: het besluit van de Regering van 21 maart 2018.
func (p *parser) act(i int) (next int) {
	if !legalActs[p.word(i)] {
		return fail
	}
	for j := i + 1; j < min(i+8, len(p.items)) && p.items[j].kind == wordToken && !p.is(j, "by", "before", "in", "from", "until"); j++ {
		if !p.is(j, "van") {
			continue
		}
		if pd, n := p.dayPeriod(p.skip(j, "van", "art")); n != fail && !pd.noYear {
			return n
		}
	}
	return fail
}
