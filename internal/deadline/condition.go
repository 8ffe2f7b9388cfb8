package deadline

import (
	"strings"
	"sync"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
)

// conditionWords name what a deadline may depend on, the calendars of others
// and the purposes of a recurrence: kind, our name, Dutch forms, French forms.
// The first forms are the ones we print.
const conditionWords = `
cond | budget | de beschikbare budgetten; beschikbare budgetten; beschikbaar budget; het beschikbare budget; beschikbare budget; budgetten; budget; begroting; beschikbare middelen; de beschikbare middelen; middelen; budgettaire middelen; beschikbare kredieten; kredieten; begrotingskredieten; beschikbare begrotingskredieten; budgettaire mogelijkheden; budgettaire ruimte; financiële middelen; beschikbaarheid van de budgetten; beschikbaarheid van het budget; beschikbaarheid van de middelen; beschikbare budgettaire middelen; budgettaire beschikbaarheid; financiering; beschikbaarheid van de kredieten; goedkeuring van de begroting; goedkeuring van het budget; budgettaire context; de beschikbare kredieten; de beschikbare financiële middelen | les budgets disponibles; budgets disponibles; budget disponible; budgets; budget; moyens disponibles; moyens budgétaires; moyens; moyens financiers; crédits disponibles; crédits; crédits budgétaires; possibilités budgétaires; marge budgétaire; disponibilité du budget; disponibilités budgétaires; disponibilité des budgets; disponibilité des moyens; ressources disponibles; ressources financières; moyens financiers disponibles; disponibilité budgétaire; financement; disponibilité des crédits; approbation du budget; crédits budgétaires disponibles; contexte budgétaire; moyens budgétaires disponibles
cond | staff | de beschikbare personeelsleden; personeelsleden; medewerkers; beschikbaar personeel; personeel; personeelsbezetting; beschikbare personeelsleden; aanwerving; aanwervingen; beschikbare capaciteit; personele middelen; het beschikbare personeel; beschikbaarheid van het personeel; personeelscapaciteit; personeelsmiddelen | les effectifs disponibles; effectifs disponibles; personnel disponible; effectifs; ressources humaines; recrutements; personnel; disponibilité du personnel; ressources humaines disponibles; capacité disponible; disponibilités du personnel
cond | possibilities | de mogelijkheden; mogelijkheden; mogelijkheid; haalbaarheid; opportuniteiten; de opportuniteiten; kansen; beschikbaarheden; het mogelijk is; haalbaar; dit mogelijk is; mogelijk; dat mogelijk is; het mogelijke; mogelijke; de opportuniteiten die zich voordoen; wat mogelijk is; realiseerbaar; wat haalbaar is | les possibilités; possibilités; possibilité; faisabilité; opportunités; possible; du possible; disponibilités; faisable
cond | reporting-obligations | de rapportageverplichtingen; rapportageverplichtingen; rapporteringsverplichtingen; rapportageverplichting; rapporteringsplicht | les obligations de rapportage; obligations de rapportage; obligation de rapportage; obligations de reporting
cond | approval | goedkeuring; goedkeuring door de regering; goedkeuring van de minister; goedkeuring door de minister; akkoord van de minister; akkoord van de regering; akkoord van de voogdij; goedkeuring van de regering; akkoord; goedkeuring door de directieraad; gunstig advies; toestemming | approbation; approbation par le gouvernement; approbation du ministre; accord du ministre; accord du gouvernement; accord de la tutelle; approbation du gouvernement; accord; avis favorable; autorisation; approbation par le conseil de direction; l'accord du ministre; approbation par le ministre
cond | government-decision | een beslissing van de regering; beslissing van de regering; beslissingen van de regering; regeringsbeslissing; regeringsbeslissingen; beslissing van de minister; politieke beslissing; politieke beslissingen; de politieke prioriteiten; politieke prioriteiten | une décision du gouvernement; décision du gouvernement; décisions du gouvernement; décision du ministre; décision politique; décisions politiques; priorités politiques; décisions politiques
cond | results | de resultaten; resultaten; evaluatie; resultaat; resultaten van de evaluatie; evaluatieresultaten | les résultats; résultats; évaluation; résultat; résultats de l'évaluation
cond | circumstances | de omstandigheden; omstandigheden; context; actualiteit; de actualiteit; de gezondheidssituatie; vooruitgang; de voortgang; evolutie; prioriteiten; de prioriteiten; werklast; stand van zaken; de stand van het dossier; vordering | les circonstances; circonstances; contexte; actualité; l'actualité; avancement; évolution; progrès; priorités; charge de travail; l'état d'avancement; état d'avancement; l'évolution du dossier
cond | partners | de partners; partners; externe partners; medewerking van de partners; beschikbaarheid van de partners | les partenaires; partenaires; partenaires externes; collaboration des partenaires; disponibilité des partenaires
cal | eu-international | de Europese en internationale kalender; Europese en internationale kalender; europese kalender; internationale kalender; internationale agenda; Europese agenda; Europese en internationale agenda | le calendrier européen et international; calendrier européen et international; calendrier européen; calendrier international; agenda européen; agenda international; agenda européen et international
cal | infringement | het tijdschema dat in de inbreukprocedure is vastgesteld; tijdschema dat in de inbreukprocedure is vastgesteld; tijdschema van de inbreukprocedure; kalender van de inbreukprocedure; termijnen van de inbreukprocedure; termijnen die in de inbreukprocedure zijn vastgesteld | le calendrier fixé dans la procédure d'infraction; calendrier fixé dans la procédure d'infraction; calendrier de la procédure d'infraction; délais de la procédure d'infraction; délais fixés dans la procédure d'infraction
cal | court | het tijdschema dat in de procedure voor het Hof is vastgesteld; tijdschema dat in de procedure voor het hof is vastgesteld; tijdschema van de procedure voor het hof; kalender van het hof | le calendrier fixé dans la procédure devant la Cour; calendrier fixé dans la procédure devant la cour; calendrier de la procédure devant la cour; calendrier de la cour
cal | ratification | de bekrachtigingstermijnen; bekrachtigingstermijnen; ratificatietermijnen; termijnen voor bekrachtiging; ratificatiekalender | les délais de ratification; délais de ratification; calendrier de ratification
cal | budget | de begrotingskalender; begrotingskalender; begrotingscyclus; kalender van de begroting; begrotingstermijnen; budgettaire kalender; planning van de begrotingsopmaak | le calendrier budgétaire; calendrier budgétaire; cycle budgétaire; calendrier du budget; délais budgétaires
cal | parliament | de parlementaire kalender; parlementaire kalender; agenda van het parlement; kalender van het parlement; parlementaire agenda; parlementaire werkzaamheden | le calendrier parlementaire; calendrier parlementaire; agenda du parlement; calendrier du parlement; agenda parlementaire; travaux parlementaires
cal | government | de agenda van de regering; agenda van de regering; regeringsagenda; kalender van de regering; planning van de regering; kalender van de ministerraad; agenda van de ministerraad; agenda van de regeringsvergaderingen | l'agenda du gouvernement; agenda du gouvernement; calendrier du gouvernement; planning du gouvernement; ordre du jour du gouvernement; agenda du conseil des ministres; calendrier du conseil des ministres
cal | meetings | de vergaderkalender; vergaderkalender; kalender van de vergaderingen; agenda van de vergaderingen; vergaderdata; planning van de vergaderingen; vergaderplanning; kalender van de directieraad; agenda van de directieraad; kalender van het directiecomité | le calendrier des réunions; calendrier des réunions; agenda des réunions; dates des réunions; planning des réunions; calendrier du conseil de direction; agenda du conseil de direction; calendrier du comité de direction
cal | legal | de wettelijke termijnen; wettelijke termijnen; wettelijke termijn; reglementaire termijnen; de reglementaire termijnen; decretale termijnen; wettelijke deadlines; wettelijk bepaalde termijnen; wettelijk voorziene termijn; wettelijke en reglementaire termijnen; voorgeschreven termijnen; wettelijk vastgelegde termijnen; wettelijk voorgeschreven termijnen; de wettelijk voorziene termijnen; wettelijke kalender; reglementaire termijn | les délais légaux; délais légaux; délai légal; délais réglementaires; délais légaux et réglementaires; échéances légales; délais prescrits; délais prévus par la loi; délai réglementaire; délais fixés par la loi; calendrier légal; délai prévu par la loi
cal | plan | de planning; planning; planning van het project; de planning van het project; kalender van het project; projectplanning; kalender; tijdschema; het tijdschema; vooropgestelde planning; timing; projectkalender; vastgestelde planning; goedgekeurde planning; vastgestelde kalender; het vastgestelde tijdschema; vastgesteld tijdschema; vastgestelde timing; afgesproken planning; agenda; vooropgesteld tijdschema; overeengekomen planning; vastgestelde termijnen; vooropgestelde termijnen; afgesproken termijnen; gestelde termijnen; overeengekomen termijnen; opgelegde termijnen | le planning; planning; calendrier; calendrier fixé; planning du projet; le planning du projet; échéancier; agenda; timing; calendrier du projet; planning fixé; planning établi; calendrier établi; planning approuvé; planning convenu; calendrier convenu; délais fixés; délais convenus; délais impartis; délais prévus; délais prescrits; délais établis
purpose | general | voor de algemene vergaderingen; voor algemene vergaderingen; voor de algemene vergadering; voor de plenaire vergaderingen | pour les réunions générales; pour réunions générales; pour la réunion générale; pour les réunions plénières; pour l'assemblée générale; pour la réunion plénière; pour les assemblées générales
purpose | ad-hoc | voor de ad hoc/thematische vergaderingen; voor de ad hoc vergaderingen; voor de thematische vergaderingen; voor ad hoc vergaderingen; voor thematische vergaderingen; voor de ad-hocvergaderingen; voor de ad hoc en thematische vergaderingen | pour les réunions ad hoc/thématiques; pour les réunions ad hoc; pour les réunions thématiques; pour les réunions ad hoc et thématiques; pour les réunions ad hoc ou thématiques
purpose | reporting | voor de rapportering; voor de rapportage; voor rapportering; voor het verslag; voor de verslaggeving | pour le rapportage; pour le reporting; pour le rapport; pour les rapports
purpose | evaluation | voor de evaluatie; voor evaluatie; voor de opvolging; voor de evaluaties | pour l'évaluation; pour le suivi; pour les évaluations
purpose | board | aan de Directieraad; voor de directieraad; op de directieraad; in de directieraad | au Conseil de direction; pour le conseil de direction; en conseil de direction; devant le conseil de direction
purpose | management | aan het Directiecomité; voor het directiecomité; op het directiecomité | au Comité de direction; pour le comité de direction; en comité de direction
purpose | minister | aan de minister; aan de toezichthoudende minister; voor de minister; aan de voogdijminister; aan de bevoegde minister | au ministre; au ministre de tutelle; pour le ministre; au ministre compétent
purpose | government | aan de regering; door de regering; aan de Brusselse Hoofdstedelijke Regering | au Gouvernement; par le Gouvernement; au Gouvernement de la Région de Bruxelles-Capitale
`

// printable are the forms that we print, by kind and name.
type vocabulary struct {
	tree  *word
	print map[string]string
}

var conditions = sync.OnceValue(func() map[bilingual.Lang]vocabulary {
	return map[bilingual.Lang]vocabulary{bilingual.NL: loadConditions(2), bilingual.FR: loadConditions(3)}
})

func loadConditions(column int) vocabulary {
	v := vocabulary{tree: &word{}, print: map[string]string{}}
	for line := range strings.Lines(conditionWords) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 4 {
			continue
		}
		kind, name := symbol(strings.TrimSpace(cells[0])), strings.TrimSpace(cells[1])
		for i, form := range strings.Split(cells[column], ";") {
			form = strings.TrimSpace(form)
			if i == 0 {
				v.print[string(kind)+" "+name] = form
			}
			v.tree.add(form, sense{kind, name})
		}
	}
	return v
}

// conditionForm gives the longest known form of a kind at item i.
func (p *parser) conditionForm(i int, want symbol) (name string, next int) {
	if i >= len(p.items) {
		return "", fail
	}
	w, from := conditions()[p.lang].tree, p.items[i].first
	next = fail
	for k := from; k < len(p.tokens) && k < from+16; k++ {
		if w = w.next[p.tokens[k].norm]; w == nil {
			break
		}
		for _, s := range w.senses {
			if s.sym == want {
				if j := p.itemAfter(i, k+1); j != fail {
					name, next = s.val, j
				}
				break
			}
		}
	}
	return name, next
}

// calendarWords mark a dependence as someone else's calendar.
var calendarWords = []string{
	"kalender", "tijdschema", "termijn", "planning", "agenda", "timing", "deadline", "cyclus", "rooster", "schema", "tijdpad", "ordre du jour",
	"calendrier", "delai", "echeanc", "cycle",
}

// conditional reads what a deadline depends on: a known condition, a need, the
// calendar of others, or free words.
func (p *parser) conditional(i int) match {
	j := p.skip(i+1, "art", "van", "au")
	if n := p.allowed(j); n != fail && p.word(i) == "als" { // als het budget het toelaat
		names, _ := p.dependsOn(j)
		return match{parts: []Part{{Kind: Conditional, Condition: strings.Join(names, ","), Qualifier: QualifierPossible, Span: p.span(i, n)}}, next: n}
	}
	if p.is(i, "within") {
		return p.withinMeans(i, j)
	}
	if !p.is(i, "depends") {
		return match{next: fail}
	}
	if m := p.dependsOnCalendar(i, j); m.next != fail {
		return m
	}
	names, next := p.dependsOn(j)
	if next == fail || !p.clauseEnds(next) && !p.startsPart(next) {
		words, end := p.quoted(j)
		if end == fail {
			end = p.clause(j)
			words = p.words(j, end)
		}
		if end == j {
			return match{next: fail}
		}
		names, next = []string{words}, end
	}
	part := Part{Kind: Conditional, Condition: strings.Join(names, ","), Qualifier: QualifierPossible, Span: p.span(i, next)}
	return match{parts: []Part{part}, next: next}
}

// withinMeans reads the means and the terms of others that something keeps
// within: binnen de beschikbare budgetten, dans les délais légaux.
func (p *parser) withinMeans(i, j int) match {
	if names, n := p.dependsOn(j); n != fail && p.clauseEnds(n) {
		return match{parts: []Part{{Kind: Conditional, Condition: strings.Join(names, ","), Qualifier: QualifierPossible, Span: p.span(i, n)}}, next: n}
	}
	if _, n := p.conditionForm(j, "cal"); n == fail && !p.termsAt(j) {
		return match{next: fail}
	}
	return p.dependsOnCalendar(i, j)
}

// termsAt reports the plural of a term: termijnen, délais.
func (p *parser) termsAt(i int) bool {
	switch p.word(i) {
	case "termijnen", "deadlines", "delais", "echeances":
		return true
	}
	return false
}

// allowed gives where "het budget het toelaat" ends: a known condition and a
// word that grants it.
func (p *parser) allowed(i int) int {
	if _, n := p.dependsOn(i); n != fail && p.is(n-1, "allows") && p.clauseEnds(n) {
		return n
	}
	return fail
}

// opensClause reports whether i begins the text, or stands after a mark or "en".
func (p *parser) opensClause(i int) bool {
	return i == 0 || p.mark(i-1, ",", ";", "-", "(", ":", "\n") || p.is(i-1, "cont", "and", "freq")
}

// dependsOn reads known conditions joined by en, of, comma.
func (p *parser) dependsOn(i int) (names []string, next int) {
	next = fail
	for end := i + 4*maxRun; i < end; {
		name, n := p.conditionForm(i, "cond")
		if n == fail {
			name, n = p.conditionForm(p.means(i), "cond")
		}
		if n == fail {
			return names, next
		}
		n = p.skip(n, "enough", "allows")
		names, next = append(names, name), n
		j := n
		for j < n+maxRun && (p.is(j, "and", "or") || p.mark(j, ",", "/") || j > n && p.is(j, "art", "depends", "van")) {
			j++
		}
		if j == n {
			break
		}
		i = j
	}
	return names, next
}

// means skips what does not change which means are meant: er voldoende budget, un budget.
func (p *parser) means(i int) int {
	for end := i + maxRun; i < end && (p.is(i, "enough", "art", "van") || p.has(i, "num", "1") || p.word(i) == "er"); {
		i++
	}
	return i
}

// dependsOnCalendar reads the calendars of others.
func (p *parser) dependsOnCalendar(i, j int) match {
	if name, next := p.conditionForm(j, "cal"); next != fail && p.clauseEnds(next) {
		return match{parts: []Part{{Kind: External, Calendar: "cal(" + name + ")", Span: p.span(i, next)}}, next: next}
	}
	words, end := p.quoted(j)
	if end == fail {
		end = p.clause(j)
		words = p.words(j, end)
	}
	folded := strings.Builder{}
	for k := j; k < end; k++ {
		for t := p.items[k].first; t < p.items[k].end; t++ {
			folded.WriteString(p.tokens[t].norm + " ")
		}
	}
	for _, w := range calendarWords {
		if strings.Contains(folded.String(), w) {
			return match{parts: []Part{{Kind: External, Calendar: "cal(" + words + ")", Span: p.span(i, end)}}, next: end}
		}
	}
	return match{next: fail}
}

// needDetail reads what follows "naar behoefte": what for, and within what is possible.
func (p *parser) needDetail(part *Part, i int) int {
	if slug, n := p.purpose(i); n != fail {
		part.Purpose = slug
		i = n
	}
	j := i
	for j < i+maxRun && (p.is(j, "and") || p.mark(j, ",") || j > i && p.is(j, "depends", "art", "van")) {
		j++
	}
	if names, n := p.dependsOn(j); n != fail && j > i && p.clauseEnds(n) {
		part.Condition = strings.Join(names, ",")
		return n
	}
	return i
}

// purpose reads what a recurrence is for: voor de algemene vergaderingen; pour …; aan de Directieraad.
func (p *parser) purpose(i int) (name string, next int) {
	if name, next = p.conditionForm(i, "purpose"); next != fail && p.clauseEnds(next) {
		return name, next
	}
	about := p.is(i, "about")
	if !about && !p.is(i, "before") && !p.has(i, "by", "soft") || p.is(i, "by") && p.lang == bilingual.NL || p.is(i, "before") && p.lang == bilingual.FR {
		return "", fail
	}
	if words, n := p.quoted(i + 1); n != fail {
		return words, n
	}
	if !about && p.word(i) != "voor" && p.word(i) != "pour" {
		return "", fail
	}
	j := p.skip(i+1, "art")
	if u, n := p.unit(j); n != fail && u == "y" { // voor het jaar 2025
		if _, end := p.year(n); end != fail && p.clauseEnds(end) {
			return p.words(j, end), end
		}
	}
	if _, n := p.period(j); n != fail || p.is(j, "every") || j < len(p.items) && p.items[j].kind != wordToken {
		return "", fail
	}
	end := p.clause(j)
	if end == j || end-j > 12 || p.is(j, "and", "or") || p.onlyTime(j, end) {
		return "", fail
	}
	return p.words(j, end), end
}

// external reads what lies outside the mandate: the legislature, the management contract, the school year.
func (p *parser) external(i int) match {
	_, j := p.prefix(i)
	j = p.skip(j, "until", "from", "art", "au")
	edge, hasEdge := p.value(j, "edge")
	k := j
	if hasEdge {
		k = p.of(j + 1)
	}
	k = p.skip(k, "whole", "van", "art", "from", "until", "every")
	var name string
	noun, ofNoun := p.eventForm(k, "noun")
	switch {
	case p.is(i, "during") && noun == "contract" && !hasEdge: // tijdens het beheerscontract
		name, k = noun, ofNoun
		if n := p.years(k); n > k+1 { // beheerscontract 2023-2027
			k = n
		}
	case p.is(k, "legislature"):
		name = "legislature"
		k++
		if n := p.years(k); n > k+1 { // legislatuur 2024-2029
			k = n
		}
	case p.is(k, "contractterm"):
		name = "contract"
		k++
	case p.is(k, "schoolyear"):
		name = "school-year"
		if p.has(k, "schoolyear", "begin") && !hasEdge {
			hasEdge, edge = true, "begin"
		}
		k = p.schoolYears(k + 1)
	default:
		return match{next: fail}
	}
	if hasEdge {
		name += " " + edge
	}
	return match{parts: []Part{{Kind: External, Calendar: name, Span: p.span(i, k)}}, next: k}
}

// schoolYears skips the years of a school year: 2025-2026, 2025/26, and of
// several: 2025-2026 en 2026-2027.
func (p *parser) schoolYears(i int) int {
	year := func(j int, short bool) bool {
		return j < len(p.items) && (p.items[j].kind == dateToken || p.items[j].kind == numberToken && (short || p.items[j].num >= calendar.MinYear))
	}
	for j := i; year(j, j == i); j = i + 1 {
		i = j + 1
		if p.mark(i, "-", "/") && i+1 < len(p.items) && p.items[i+1].kind == numberToken {
			i += 2
		}
		if !p.mark(i, ",") && !p.is(i, "and") {
			break
		}
	}
	return i
}
