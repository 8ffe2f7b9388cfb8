package progress

import (
	"regexp"

	"jalon/internal/bilingual"
	"jalon/internal/deadline"
	"jalon/internal/mandate"
)

// Measured reports whether a percentage or a value makes sense for a target, so
// that a form asks for it openly: its wording has a number in either language,
// its deadline asks for a number of times, or an earlier entry gave one. The
// number of a year, of a date or of an article or code (A4, SD3.2, 2025) is
// none; words such as "twee" are not counted. Only 1 of the 28 targets of the
// letter this was made for carries a number, so elsewhere the field is folded.
func Measured(t mandate.Target, earlier ...*Entry) bool {
	for _, e := range earlier {
		if e != nil && (e.Percentage != nil || e.Value != nil) {
			return true
		}
	}
	for _, lang := range []bilingual.Lang{bilingual.NL, bilingual.FR} {
		if hasNumber(t.Text.In(lang)) {
			return true
		}
	}
	for _, p := range t.Deadline.Reading.Parts {
		if p.Count > 1 && p.Kind != deadline.Fixed {
			return true
		}
	}
	return false
}

var (
	// a number that stands by itself, perhaps with a percent sign behind it
	aNumber = regexp.MustCompile(`(?:^|[\s(«“"'’≥≤<>+-])(\d+(?:[.,]\d+)?)(?:\s?%|[\s)»”"',.;:!?-]|$)`)
	// years, and days with their month in digits or in words
	aDate = regexp.MustCompile(`(?i)\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|\b\d{1,2}(?:er|e)?\s+(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)\b|\b(?:19|20)\d\d(?:[-–/](?:19|20)?\d\d)?\b`)
	// the number of a law, article, annex or such
	aReference = regexp.MustCompile(`(?i)\b(?:art(?:ikel|icle)?s?\.?|nr\.?|n°|no\.?|bijlage|annexe|niveau|rang|fase|phase|punt|point|hoofdstuk|chapitre)\s*\d+`)
)

func hasNumber(text string) bool {
	text = aDate.ReplaceAllString(text, "")
	text = aReference.ReplaceAllString(text, "")
	return aNumber.MatchString(text)
}
