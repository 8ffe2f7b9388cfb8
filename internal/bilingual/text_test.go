package bilingual

import "testing"

func TestAMissingTranslationShowsTheOtherLanguage(t *testing.T) {
	only := New(NL, "doorlopend")
	if words, in, state := only.For(FR); words != "doorlopend" || in != NL || state != Original {
		t.Errorf("French reader gets %q in %s (%s)", words, in, state)
	}
	both := only.With(FR, "en continu", Working)
	if words, in, state := both.For(FR); words != "en continu" || in != FR || state != Working {
		t.Errorf("French reader gets %q in %s (%s)", words, in, state)
	}
	if gone := both.With(FR, "", Translated); gone.FRState != Missing {
		t.Errorf("no words, but state %q", gone.FRState)
	}
}

func TestSameWords(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"de ‘dienst’ van  Actiris", "de 'dienst' van\u00a0Actiris", true},
		{"“OPTIris”", `"OPTIris"`, true},
		{"december 2025", "december 2026", false},
		{"Een doel.", "Een doel", false},
		{"", "", true},
	} {
		if got := SameWords(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: %t", c.a, c.b, got)
		}
	}
}
