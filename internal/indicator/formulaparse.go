package indicator

import (
	"math/big"
	"strings"
	"unicode"
)

// parser reads a formula by recursive descent.
type parser struct {
	text []rune
	at   int
}

func (p *parser) refuse(key string) error { return &FormulaError{key, p.at + 1} }

// skip goes to the next sign and gives it; 0 at the end.
func (p *parser) skip() rune {
	for p.at < len(p.text) && unicode.IsSpace(p.text[p.at]) {
		p.at++
	}
	if p.at == len(p.text) {
		return 0
	}
	return p.text[p.at]
}

// operators by the signs that people type for them.
var operators = map[rune]rune{'+': '+', '-': '-', '−': '-', '–': '-', '*': '*', '×': '*', '·': '*', '/': '/', '÷': '/', ':': '/'}

func (p *parser) sum(depth int) (*node, error) {
	return p.chain("+-", func() (*node, error) {
		return p.chain("*/", func() (*node, error) { return p.factor(depth) })
	})
}

// chain reads operands with operators of one rank between them, from left to right.
func (p *parser) chain(rank string, operand func() (*node, error)) (*node, error) {
	left, err := operand()
	for err == nil {
		op, known := operators[p.skip()]
		if !known || !strings.ContainsRune(rank, op) {
			return left, nil
		}
		p.at++
		var right *node
		if right, err = operand(); err == nil {
			left = &node{op: op, of: []*node{left, right}}
		}
	}
	return nil, err
}

func (p *parser) factor(depth int) (*node, error) {
	if depth > deepest {
		return nil, p.refuse("deep")
	}
	switch r := p.skip(); {
	case r == 0:
		return nil, p.refuse("end")
	case operators[r] == '-':
		p.at++
		inner, err := p.factor(depth + 1)
		return &node{op: '-', of: []*node{inner}}, err
	case r == '(':
		p.at++
		inner, err := p.sum(depth + 1)
		if err == nil {
			err = p.close()
		}
		return inner, err
	case r >= '0' && r <= '9':
		return p.number()
	case r >= 'A' && r <= 'Z':
		return p.code()
	case r >= 'a' && r <= 'z':
		return p.function(depth)
	}
	return nil, p.refuse("sign")
}

func (p *parser) close() error {
	switch p.skip() {
	case ')':
		p.at++
		return nil
	case 0:
		return p.refuse("end")
	}
	return p.refuse("sign")
}

// take reads on while a sign fits.
func (p *parser) take(fits func(rune) bool) string {
	from := p.at
	for p.at < len(p.text) && fits(p.text[p.at]) {
		p.at++
	}
	return string(p.text[from:p.at])
}

func digit(r rune) bool { return r >= '0' && r <= '9' }

func (p *parser) number() (*node, error) {
	text := p.take(digit)
	if p.at+1 < len(p.text) && (p.text[p.at] == ',' || p.text[p.at] == '.') && digit(p.text[p.at+1]) {
		p.at++
		text += "." + p.take(digit)
	}
	number, ok := new(big.Rat).SetString(text)
	if !ok || len(text) > longestDigit {
		return nil, p.refuse("number")
	}
	return &node{op: 'n', number: number, text: strings.Replace(text, ".", ",", 1)}, nil
}

func (p *parser) code() (*node, error) {
	capital := func(r rune) bool { return r >= 'A' && r <= 'Z' || digit(r) }
	text := p.take(capital)
	for p.at+1 < len(p.text) && (p.text[p.at] == '-' || p.text[p.at] == '.') && capital(p.text[p.at+1]) {
		text += string(p.text[p.at])
		p.at++
		text += p.take(capital)
	}
	if !ValidCode(text) {
		return nil, p.refuse("sign")
	}
	return &node{op: 'c', text: text}, nil
}

// functions by the names that people know them by.
var functions = map[string]rune{"sum": 's', "som": 's', "somme": 's', "count": '#', "aantal": '#', "nombre": '#'}

func (p *parser) function(depth int) (*node, error) {
	from := p.at
	op, known := functions[p.take(func(r rune) bool { return r >= 'a' && r <= 'z' })]
	if !known || p.skip() != '(' {
		p.at = from
		return nil, p.refuse("sign")
	}
	n := &node{op: op}
	for {
		p.at++
		inner, err := p.sum(depth + 1)
		if err != nil {
			return nil, err
		}
		if op == '#' && inner.op != 'c' {
			return nil, p.refuse("count")
		}
		n.of = append(n.of, inner)
		if next := p.skip(); next != ';' && next != ',' {
			return n, p.close()
		}
	}
}
