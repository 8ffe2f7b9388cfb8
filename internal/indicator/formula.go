package indicator

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// Formula computes one indicator from others:
//
//	formula = term {("+" | "-" | "−") term}
//	term    = factor {("*" | "×" | "/" | "÷") factor}
//	factor  = ["-"] (number | code | "(" formula ")" | ("sum" | "count") "(" formula {";" formula} ")")
//
// A code has capitals, digits, points and hyphens, so that a minus behind one
// needs a space. A number may have a decimal comma. There is nothing else: no
// loop, no text, no function that could reach outside.
type Formula struct{ root *node }

// Bounds of a formula.
const (
	MaxFormula   = 300 // characters
	deepest      = 20  // parentheses
	longestDigit = 20  // digits of a number
)

// FormulaError says what is wrong with a formula. Key names a sentence of the
// catalogues: "indicator.formula." + Key.
type FormulaError struct {
	Key string // empty, long, sign, number, end, deep, count
	At  int    // character from 1
}

func (e *FormulaError) Error() string { return fmt.Sprintf("formula: %s at %d", e.Key, e.At) }

// node is one operation. op is '+', '-', '*', '/', 'n' for a number, 'c' for a code, 's' for sum, '#' for count.
type node struct {
	op     rune
	number *big.Rat
	text   string // the code, or the number as it was written
	of     []*node
}

// ParseFormula reads a formula. Its error is a *FormulaError.
func ParseFormula(s string) (Formula, error) {
	if len([]rune(s)) > MaxFormula {
		return Formula{}, &FormulaError{"long", MaxFormula}
	}
	p := &parser{text: []rune(s)}
	root, err := p.sum(0)
	if err == nil && p.skip() != 0 {
		err = p.refuse("sign")
	}
	if err != nil {
		return Formula{}, err
	}
	return Formula{root}, nil
}

// Codes lists the indicators that a formula names, each once, in its order.
func (f Formula) Codes() (codes []string) {
	f.root.walk(func(n *node) {
		if n.op == 'c' && !slices.Contains(codes, n.text) {
			codes = append(codes, n.text)
		}
	})
	return codes
}

// DividesByZero reports whether the formula divides by numbers that come to
// zero, such as A ÷ (2 − 2): it never gives a figure.
func (f Formula) DividesByZero() (zero bool) {
	f.root.walk(func(n *node) {
		if n.op != '/' {
			return
		}
		if divisor := (Formula{n.of[1]}); len(divisor.Codes()) == 0 {
			r, ok := divisor.eval(nil)
			zero = zero || ok && r.Sign() == 0
		}
	})
	return zero
}

// String writes the formula with every pair of parentheses that matters.
func (f Formula) String() string { return f.root.String() }

// eval computes the formula. value gives an indicator's figure, or false when there
// is none; then the result is none either, except of count. Nothing is divided by zero.
func (f Formula) eval(value func(code string) (*big.Rat, bool)) (*big.Rat, bool) {
	return f.root.eval(value)
}

func (n *node) walk(do func(*node)) {
	if n == nil {
		return
	}
	do(n)
	for _, inner := range n.of {
		inner.walk(do)
	}
}

func (n *node) eval(value func(string) (*big.Rat, bool)) (*big.Rat, bool) {
	switch n.op {
	case 'n':
		return n.number, true
	case 'c':
		return value(n.text)
	case '#':
		known := int64(0)
		for _, inner := range n.of {
			if _, ok := inner.eval(value); ok {
				known++
			}
		}
		return big.NewRat(known, 1), true
	}
	result := new(big.Rat)
	for i, inner := range n.of {
		r, ok := inner.eval(value)
		switch {
		case !ok, n.op == '/' && i > 0 && r.Sign() == 0:
			return nil, false
		case i == 0 && n.op == '-' && len(n.of) == 1:
			result.Neg(r)
		case i == 0:
			result.Set(r)
		case n.op == '-':
			result.Sub(result, r)
		case n.op == '*':
			result.Mul(result, r)
		case n.op == '/':
			result.Quo(result, r)
		default:
			result.Add(result, r)
		}
	}
	return result, true
}

// rank tells how strongly an operation binds.
func (n *node) rank() int {
	switch {
	case n.op == '-' && len(n.of) == 1:
		return 3
	case n.op == '+' || n.op == '-':
		return 1
	case n.op == '*' || n.op == '/':
		return 2
	}
	return 4
}

func (n *node) String() string {
	parts := make([]string, len(n.of))
	for i, inner := range n.of {
		parts[i] = inner.String()
		if n.rank() < 4 && (inner.rank() < n.rank() || i > 0 && inner.rank() == n.rank()) {
			parts[i] = "(" + parts[i] + ")"
		}
	}
	switch {
	case n.op == 's':
		return "sum(" + strings.Join(parts, "; ") + ")"
	case n.op == '#':
		return "count(" + strings.Join(parts, "; ") + ")"
	case n.rank() == 3:
		return "−" + parts[0]
	case len(parts) == 0:
		return n.text
	}
	return strings.Join(parts, map[rune]string{'+': " + ", '-': " − ", '*': " × ", '/': " ÷ "}[n.op])
}
