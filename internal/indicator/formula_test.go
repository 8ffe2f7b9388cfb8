package indicator

import (
	"errors"
	"math/big"
	"testing"
)

func TestFormulas(t *testing.T) {
	values := map[string]string{"A": "6", "B": "4", "T5-K1": "3", "S1.1-1": "2", "ZERO": "0"}
	value := func(code string) (*big.Rat, bool) {
		r, ok := new(big.Rat).SetString(values[code])
		return r, ok
	}
	for formula, want := range map[string]string{
		"1 + 2 × 3": "7", "(1 + 2) × 3": "9", "A - B": "2", "A − B − 1": "1", "A-B": "none", // without spaces that is a code
		"A ÷ B": "3/2", "A / B * 100": "150", "-A + B": "-2", "2 × −A": "-12", "0,1 + 0.2": "3/10", "T5-K1 × S1.1-1": "6",
		"sum(A; B; T5-K1)": "13", "som(A, B)": "10", "count(A; B; MISSING)": "2", "nombre(MISSING)": "0", "A + MISSING": "none",
		"A ÷ ZERO": "none", "ZERO ÷ A": "0", "sum(A; B) ÷ count(A; B)": "5", "A ÷ (B ÷ 2)": "3", "A − (B − 1)": "3",
	} {
		f, err := ParseFormula(formula)
		if err != nil {
			t.Errorf("%s: %v", formula, err)
			continue
		}
		got, ok := f.eval(value)
		switch {
		case !ok && want != "none":
			t.Errorf("%s: none, want %s", formula, want)
		case ok && got.RatString() != want:
			t.Errorf("%s = %s, want %s", formula, got.RatString(), want)
		}
		again, err := ParseFormula(f.String())
		if err != nil || again.String() != f.String() {
			t.Errorf("%s is written %s: %v", formula, f, err)
		}
	}
}

func TestAFormulaIsNothingElse(t *testing.T) {
	for formula, want := range map[string]FormulaError{
		"": {"end", 1}, "A +": {"end", 4}, "A B": {"sign", 3}, "(A": {"end", 3}, "A)": {"sign", 2}, "exec(A)": {"sign", 1}, "a": {"sign", 1},
		"A; DROP": {"sign", 2}, "1e3": {"sign", 2}, "A ^ 2": {"sign", 3}, "'x'": {"sign", 1}, "count(A + B)": {"count", 12}, "sum()": {"sign", 5},
		"123456789012345678901": {"number", 22},
	} {
		var got *FormulaError
		if _, err := ParseFormula(formula); !errors.As(err, &got) || *got != want {
			t.Errorf("%q: %v, want %v", formula, got, want)
		}
	}
}

func FuzzFormula(f *testing.F) {
	for _, s := range []string{"A + B × (C − 1)", "sum(A; count(B))", "((((1))))", "−−−A", "A ÷ 0", "T5-K1A", "1,5,6"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		parsed, err := ParseFormula(s)
		if err != nil {
			return
		}
		known := func(code string) (*big.Rat, bool) { return big.NewRat(int64(len(code)), 7), len(code)%2 == 1 }
		got, ok := parsed.eval(known)
		again, err := ParseFormula(parsed.String())
		var long *FormulaError
		if errors.As(err, &long) && long.Key == "long" {
			return // as it is written it has spaces
		}
		if err != nil {
			t.Fatalf("%q is written %q: %v", s, parsed, err)
		}
		if second, ok2 := again.eval(known); ok != ok2 || ok && got.Cmp(second) != 0 {
			t.Fatalf("%q is written %q, which is something else: %v, %v", s, parsed, got, second)
		}
	})
}
