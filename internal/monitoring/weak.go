package monitoring

import (
	"strings"

	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

// Weakness is what a holder should look at before a part is submitted. None
// of them forbids it.
type Weakness string

// Weaknesses, the gravest first.
const (
	Silent        Weakness = "silent"         // a report was owed and there is none
	NoRequest     Weakness = "no_request"     // support is needed, but of whom, what or by when is not said
	NoEvidence    Weakness = "no_evidence"    // achieved in this half-year, and nothing shows it
	RepeatedWords Weakness = "repeated_words" // the words of the half-year before, unchanged
)

// Weaknesses lists them all, the gravest first.
var Weaknesses = []Weakness{Silent, NoRequest, NoEvidence, RepeatedWords}

// Weak finds what is missing or weak in a half-year of a sheet whose Before is
// the day before it. proven tells which targets have evidence of the half-year.
func Weak(s progress.Sheet, period calendar.HalfYear, proven map[int64]bool) map[Weakness][]mandate.Target {
	weak := map[Weakness][]mandate.Target{}
	for _, t := range s.Mandate.Targets() {
		standing, e := s.Standing(t, period), s.Latest[t.ID]
		switch {
		case standing.Owed && !standing.Reported:
			weak[Silent] = append(weak[Silent], t)
			continue
		case !standing.Reported:
			continue
		}
		if e.Status == progress.SupportNeeded && (e.SupportAsked == "" || e.SupportOf == "" || e.SupportBy.IsZero()) {
			weak[NoRequest] = append(weak[NoRequest], t)
		}
		if e.Status == progress.Achieved && !proven[t.ID] {
			weak[NoEvidence] = append(weak[NoEvidence], t)
		}
		if was := s.Earlier[t.ID]; was != nil && sameWords(was.Achieved, e.Achieved) {
			weak[RepeatedWords] = append(weak[RepeatedWords], t)
		}
	}
	return weak
}

// sameWords ignores how the words are spaced; no words are not the same words.
func sameWords(a, b string) bool {
	words := strings.Fields(a)
	return len(words) > 0 && strings.Join(words, " ") == strings.Join(strings.Fields(b), " ")
}
