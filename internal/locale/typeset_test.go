package locale

import (
	"strings"
	"testing"

	"jalon/internal/bilingual"
)

func TestFrenchSpacesDoNotBreak(t *testing.T) {
	for text, want := range map[string]string{
		"Non scellé : un projet":      "Non scellé\u00a0: un projet",
		"l’un ; l’autre ! et quoi ?":  "l’un\u202f; l’autre\u202f! et quoi\u202f?",
		"« un mot »":                  "«\u00a0un mot\u00a0»",
		"déjà\u00a0: déjà\u00a0?":     "déjà\u00a0: déjà\u202f?",
		"https://jalon.example 09:14": "https://jalon.example 09:14",
		"{{.Label}} :":                "{{.Label}}\u00a0:",
	} {
		if got := typeset(text); got != want {
			t.Errorf("%q is set as %q", text, got)
		}
	}
}

// Documents say the same sentences as pages, and Dutch stays as it is.
func TestADocumentIsTypesetAndAPageIsNot(t *testing.T) {
	c := MustLoad()
	const key = "export.draft"
	fr := c.In(bilingual.FR)
	page, document := fr.T(key), fr.Typeset().T(key)
	if page == document || strings.ReplaceAll(document, "\u00a0", " ") != strings.ReplaceAll(page, "\u00a0", " ") || !strings.Contains(document, "\u00a0:") {
		t.Errorf("%q on the page, %q in the document", page, document)
	}
	if got := fr.Typeset().N("verify.errata", 2); got != fr.N("verify.errata", 2) {
		t.Errorf("plural: %q", got)
	}
	both := c.Beside(bilingual.NL).Typeset()
	if both.T(key) != c.In(bilingual.NL).T(key) || both.Beside.T(key) != document || !both.Labels {
		t.Errorf("in both languages: %q, %q", both.T(key), both.Beside.T(key))
	}
	if got := fr.Typeset().T("export.label", "Label", "a : b"); got != "a : b\u00a0:" {
		t.Errorf("what is put in is changed: %q", got)
	}
}
