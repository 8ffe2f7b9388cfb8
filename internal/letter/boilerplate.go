package letter

import (
	"regexp"
	"strings"
	"sync"
)

// introductions are the whole paragraphs that every letter of the Region has
// below a section heading; another word in them makes them text to judge.
var introductions = sync.OnceValue(func() []*regexp.Regexp {
	return []*regexp.Regexp{
		regexp.MustCompile(`^Naast de targets en meetpunten voor de strategische doelstellingen zijn ook bijkomende meetpunten bepaald\. Die meten de bijdrage van (?:zijn|haar|zijn/haar|hun) diensten aan de transversale doelstellingen die op \d{1,2} \p{L}+ \d{4} door de regering zijn vastgelegd, en aan de uitvoering van het strategisch plan voor het gewestelijk openbaar ambt\.?$`),
		regexp.MustCompile(`^Outre les (?:valeurs cibles|cibles) et (?:les )?points de mesure (?:relatifs aux|pour les|des) objectifs stratégiques, des points de mesure complémentaires (?:ont également été|ont été|sont également) définis\. Ceux-ci mesurent la contribution de ses services aux objectifs transversaux fixés par le Gouvernement le \d{1,2} \p{L}+ \d{4}, ainsi qu’à la mise en œuvre du plan stratégique (?:de|pour) la fonction publique régionale\.?$`),
	}
})

func isIntroduction(text string) bool {
	text = strings.ReplaceAll(text, "'", "’")
	for _, form := range introductions() {
		if form.MatchString(text) {
			return true
		}
	}
	return false
}

// excerpt shortens a text that stands in a finding; the letter has the whole.
func excerpt(text string) string {
	const most = 400
	if runes := []rune(text[:min(len(text), 4*most+4)]); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// sameTitle compares titles without regard to case, quotes and final dots.
func sameTitle(a, b string) bool { return foldTitle(a) == foldTitle(b) }

func foldTitle(s string) string {
	s = strings.ToLower(strings.TrimRight(s, ". "))
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("‘’“”\"'«»\u00a0\u202f", r) {
			return -1
		}
		return r
	}, s)
}
