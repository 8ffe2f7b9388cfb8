package letter

import (
	"regexp"
	"strings"
	"sync"
)

// institution is a body of the Brussels Region under all its names.
type institution struct {
	names []string
	// serves: the body supports every other one by its task, so that any
	// letter may name it (talent.brussels, Brussels International).
	serves bool
	form   *regexp.Regexp
}

// institutions are the regional services and bodies whose directors hold
// mandates. The list only serves to notice that a letter names another one.
var institutions = sync.OnceValue(func() []institution {
	return compile([]institution{
		{names: []string{"Actiris"}},
		{names: []string{"Leefmilieu Brussel", "Bruxelles Environnement", "BIM", "IBGE"}},
		{names: []string{"Net Brussel", "Bruxelles-Propreté", "Bruxelles Propreté", "ANB", "ABP"}},
		{names: []string{"Brussel Mobiliteit", "Bruxelles Mobilité"}},
		{names: []string{"Brussel Economie en Werkgelegenheid", "Bruxelles Economie et Emploi", "Bruxelles Économie et Emploi"}},
		{names: []string{"Brussel Plaatselijke Besturen", "Bruxelles Pouvoirs locaux"}},
		{names: []string{"Brussel Huisvesting", "Bruxelles Logement"}},
		{names: []string{"Brussel Fiscaliteit", "Bruxelles Fiscalité"}},
		{names: []string{"Brussel Financiën en Begroting", "Bruxelles Finances et Budget"}},
		{names: []string{"Brussel Preventie & Veiligheid", "Brussel Preventie en Veiligheid", "Bruxelles Prévention & Sécurité", "Bruxelles Prévention et Sécurité", "safe.brussels"}},
		{names: []string{"Haven van Brussel", "Port de Bruxelles"}},
		{names: []string{"Bruxelles Formation"}},
		{names: []string{"perspective.brussels"}},
		{names: []string{"urban.brussels"}},
		{names: []string{"visit.brussels"}},
		{names: []string{"hub.brussels"}},
		{names: []string{"citydev.brussels"}},
		{names: []string{"parking.brussels"}},
		{names: []string{"finance.brussels"}},
		{names: []string{"Innoviris"}},
		{names: []string{"Brupartners"}},
		{names: []string{"Iriscare"}},
		{names: []string{"Vivalis"}},
		{names: []string{"MIVB", "STIB"}},
		{names: []string{"BGHM", "SLRB"}},
		{names: []string{"DBDMH", "SIAMU"}},
		{names: []string{"CIBG", "CIRB", "Paradigm"}},
		{names: []string{"talent.brussels", "Brussel Openbaar Ambt", "Bruxelles Fonction publique"}, serves: true},
		{names: []string{"Brussels International"}, serves: true},
		{names: []string{"Brussel Synergie", "Bruxelles Synergie"}, serves: true},
		{names: []string{"equal.brussels"}, serves: true},
	})
})

func compile(list []institution) []institution {
	for i, inst := range list {
		quoted := make([]string, len(inst.names))
		for k, name := range inst.names {
			quoted[k] = strings.ReplaceAll(regexp.QuoteMeta(name), " ", `\s`)
		}
		list[i].form = regexp.MustCompile(`\b(?:` + strings.Join(quoted, "|") + `)`)
	}
	return list
}

// is says whether a name is one of the institution's.
func (i institution) is(name string) bool {
	for _, n := range i.names {
		if foldTitle(n) == foldTitle(name) {
			return true
		}
	}
	return false
}

// KnownInstitution says whether a name is that of a regional service or body,
// in either language.
func KnownInstitution(name string) bool {
	for _, i := range institutions() {
		if i.is(name) {
			return true
		}
	}
	return false
}

// sameInstitution compares two names, each in any language.
func sameInstitution(a, b string) bool {
	if foldTitle(a) == foldTitle(b) {
		return true
	}
	for _, i := range institutions() {
		if i.is(a) && i.is(b) {
			return true
		}
	}
	return false
}
