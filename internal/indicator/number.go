package indicator

import (
	"math/big"

	"github.com/shopspring/decimal"
)

func rat(d decimal.Decimal) *big.Rat { return d.Rat() }

// MaxDecimals is how many decimals can be shown.
const MaxDecimals = 6

// round gives a fraction as a decimal with so many places, half away from zero.
func round(r *big.Rat, places int) decimal.Decimal {
	d, err := decimal.NewFromString(r.FloatString(places))
	if err != nil {
		panic(err) // FloatString writes digits
	}
	return d
}

// roundShort rounds to one place, but never onto a mark that was not reached: 99.97 stays
// 99.9 and 0.04 stays 0.1.
func roundShort(r *big.Rat) decimal.Decimal {
	d := round(r, 1)
	for _, mark := range []int64{0, 100} {
		exact := big.NewRat(mark, 1)
		if !d.Equal(decimal.NewFromInt(mark)) || r.Cmp(exact) == 0 {
			continue
		}
		step := decimal.New(1, -1)
		if r.Cmp(exact) < 0 {
			step = step.Neg()
		}
		return d.Add(step)
	}
	return d
}

// figure computes the value of a measurement: the value itself, or numerator ÷
// denominator × per. ok is false when a part is missing or the denominator is zero.
func (m Measurement) figure(per int) (r *big.Rat, ok bool) {
	switch {
	case m.Withdrawn:
		return nil, false
	case m.Value != nil:
		return rat(*m.Value), true
	case m.Numerator == nil || m.Denominator == nil || m.Denominator.IsZero():
		return nil, false
	}
	r = new(big.Rat).Quo(rat(*m.Numerator), rat(*m.Denominator))
	return r.Mul(r, big.NewRat(int64(max(per, 1)), 1)), true
}

// group gives how many people stand behind a figure; ok is false when nobody said.
// A denominator is no such number: it may count days or files.
func (m Measurement) group() (n decimal.Decimal, ok bool) {
	return decimal.NewFromInt(int64(m.People)), m.People > 0
}

// Same reports whether two measurements say the same of the same group.
func (m Measurement) Same(o Measurement) bool {
	same := func(a, b *decimal.Decimal) bool { return (a == nil) == (b == nil) && (a == nil || a.Equal(*b)) }
	return m.Withdrawn == o.Withdrawn && m.People == o.People && m.Note == o.Note &&
		same(m.Value, o.Value) && same(m.Numerator, o.Numerator) && same(m.Denominator, o.Denominator)
}
