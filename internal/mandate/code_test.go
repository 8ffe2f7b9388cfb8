package mandate

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"

	"jalon/internal/bilingual"
)

func TestCodesAreShownInBothLanguages(t *testing.T) {
	for stored, want := range map[string][2]string{
		"S3": {"SD3", "OS3"}, "S3.2": {"SD3.2", "OS3.2"}, "S3.2-1": {"SD3.2-1", "OS3.2-1"}, "T4.3-2": {"TD4.3-2", "OT4.3-2"}, "T5-K1": {"TD5-K1", "OT5-K1"},
	} {
		c, err := ParseCode(stored)
		if err != nil {
			t.Fatal(err)
		}
		if c.String() != stored || c.Display(bilingual.NL) != want[0] || c.Display(bilingual.FR) != want[1] {
			t.Errorf("%s: %s, %s, %s", stored, c, c.Display(bilingual.NL), c.Display(bilingual.FR))
		}
	}
}

func TestOtherCodesAreRefused(t *testing.T) {
	for _, s := range []string{"", "3.2", "SD3", "S0", "S3.0", "S3-1", "S3.2-", "S3.2-1-1", "T5-K", "T5-K0", "s3", "S3.2 ", "S100", "T5.1-K1"} {
		if c, err := ParseCode(s); err == nil {
			t.Errorf("%q became %v", s, c)
		}
	}
}

// The same form, written down once more.
var codeForm = regexp.MustCompile(`^([ST])([1-9]\d?)(?:\.([1-9]\d?)(?:-([1-9]\d?))?|-K([1-9]\d?))?$`)

func TestEveryCodeHasTheForm(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.StringMatching(`[STs]?[0-9]{0,3}([.-]K?[0-9]{0,3}){0,3}`).Draw(rt, "code")
		c, err := ParseCode(s)
		if codeForm.MatchString(s) != (err == nil) {
			rt.Fatalf("%q became %v, %v", s, c, err)
		}
		if err == nil && c.String() != s {
			rt.Fatalf("%q became %s", s, c)
		}
	})
}

func TestParents(t *testing.T) {
	for child, want := range map[string]string{"S3.2-1": "S3.2", "S3.2": "S3", "S3": "S3", "T5-K1": "T5"} {
		c, _ := ParseCode(child)
		if got := c.Parent().String(); got != want {
			t.Errorf("parent of %s: %s, want %s", child, got, want)
		}
	}
}
