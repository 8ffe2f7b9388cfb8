package indicator

import (
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// Several totals of the same groups, however they overlap: what is shown of them
// and of the groups tells no figure that is kept back.
func TestTotalsTogetherTellNoSmallGroup(t *testing.T) {
	on := day(2026, 6, 30)
	number := func(n int) string { return decimal.NewFromInt(int64(n)).String() }
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.IntRange(1, 30), 3, 5).Draw(t, "sizes")
		all, size := []Recorded{}, map[string]int{}
		var groups []string
		for i, n := range sizes {
			code := "P" + string(rune('A'+i))
			groups, size[code] = append(groups, code), n
			all = append(all, measured(code, 10, people(on, number(n), n)))
		}
		for i := range rapid.IntRange(1, 4).Draw(t, "totals") {
			total := measured("T"+string(rune('A'+i)), 10)
			total.AddsUp = true
			total.Parts = rapid.SliceOfNDistinct(rapid.SampledFrom(groups), 2, -1, rapid.ID[string]).Draw(t, "parts")
			for _, code := range total.Parts {
				size[total.Code] += size[code]
			}
			total.Measurements = []Measurement{people(on, number(size[total.Code]), size[total.Code])}
			all = append(all, total)
		}
		sheet := Assemble(all, Facts{}, on, nil)

		var hidden []string
		for _, one := range sheet.All {
			if one.Points[0].Hidden {
				hidden = append(hidden, one.Code)
			} else if size[one.Code] < 10 {
				t.Fatalf("%s of %d is shown", one.Code, size[one.Code])
			}
		}
		var known [][]int // of each total, which hidden figures make the difference to what is shown
		for _, one := range sheet.All {
			if one.AddsUp {
				row := make([]int, len(hidden))
				for k, code := range hidden {
					if code == one.Code {
						row[k] = 1
					} else if slices.Contains(one.Parts, code) {
						row[k] = -1
					}
				}
				known = append(known, row)
			}
		}
		for k, code := range hidden {
			alone := make([]int, len(hidden))
			alone[k] = 1
			if rank(append(slices.Clone(known), alone)) == rank(known) {
				t.Fatalf("%s, of %d, can be computed; kept back are %v of %v", code, size[code], hidden, size)
			}
		}
	})
}

// Three totals of two groups each, of which none tells a thing alone.
func TestThreeTotalsInACircleTellNoGroup(t *testing.T) {
	on := day(2026, 6, 30)
	total := func(code, value string, n int, parts ...string) Recorded {
		r := measured(code, 10, people(on, value, n))
		r.AddsUp, r.Parts = true, parts
		return r
	}
	sheet := Assemble([]Recorded{
		measured("A", 10, people(on, "3", 3)), measured("B", 10, people(on, "20", 20)), measured("C", 10, people(on, "30", 30)),
		total("U", "23", 23, "A", "B"), total("V", "33", 33, "A", "C"), total("W", "50", 50, "B", "C"),
	}, Facts{}, on, nil)
	shown := ""
	for _, one := range sheet.All {
		if !one.Points[0].Hidden {
			shown += one.Code
		}
	}
	if shown != "VW" {
		t.Errorf("shown are %s: U + V − W would be twice A", shown)
	}
}

// A total less another is a group of what only the first has.
func TestATotalLessAnotherTellsNoSmallGroup(t *testing.T) {
	on := day(2026, 6, 30)
	all := []Recorded{measured("A", 10, people(on, "9", 9)), measured("B", 10, people(on, "3", 3)), measured("C", 10, people(on, "8", 8)), measured("D", 10, people(on, "4", 4))}
	for code, parts := range map[string][]string{"T": {"A", "B", "C", "D"}, "S": {"A", "C"}} {
		n := map[string]int{"T": 24, "S": 17}[code]
		r := measured(code, 10, people(on, decimal.NewFromInt(int64(n)).String(), n))
		r.AddsUp, r.Parts = true, parts
		all = append(all, r)
	}
	sheet := Assemble(all, Facts{}, on, nil)
	if s, w := sheet.Find("S").Points[0], sheet.Find("T").Points[0]; s.Hidden == w.Hidden {
		t.Errorf("hidden: S %t, T %t: one of them must be, or B and D are seven people", s.Hidden, w.Hidden)
	}
}

// What is few for one indicator is not few for another that has nothing to do with it.
func TestEachTotalHasItsOwnMinimum(t *testing.T) {
	on := day(2026, 6, 30)
	group := func(code string, min, n int, parts ...string) Recorded {
		r := measured(code, min, people(on, decimal.NewFromInt(int64(n)).String(), n))
		r.AddsUp, r.Parts = len(parts) > 0, parts
		return r
	}
	sheet := Assemble([]Recorded{
		group("A", 10, 3), group("B", 10, 12), group("C", 10, 30), group("D", 10, 40), group("T", 10, 85, "A", "B", "C", "D"), group("S", 10, 70, "C", "D"),
		group("X", 50, 60), group("Y", 50, 70), group("U", 50, 130, "X", "Y"),
	}, Facts{}, on, nil)
	shown := ""
	for _, one := range sheet.All {
		if !one.Points[0].Hidden {
			shown += one.Code
		}
	}
	if shown != "CDTSXYU" {
		t.Errorf("shown are %s: A and B are fifteen together", shown)
	}
}

// rank is how many of the rows tell something of their own, counted among the
// remainders of a prime.
func rank(rows [][]int) (n int) {
	const prime = 1_000_003
	m := make([][]int, len(rows))
	for i := range rows {
		m[i] = slices.Clone(rows[i])
		for k := range m[i] {
			m[i][k] = (m[i][k] + prime) % prime
		}
	}
	inverse := func(a int) int { // a to the power of prime − 2
		b, e := 1, prime-2
		for ; e > 0; e /= 2 {
			if e%2 == 1 {
				b = b * a % prime
			}
			a = a * a % prime
		}
		return b
	}
	for column := 0; len(m) > 0 && column < len(m[0]); column++ {
		at := slices.IndexFunc(m[n:], func(row []int) bool { return row[column] != 0 })
		if at < 0 {
			continue
		}
		m[n], m[n+at] = m[n+at], m[n]
		for i := n + 1; i < len(m); i++ {
			times := m[i][column] * inverse(m[n][column]) % prime
			for k := range m[i] {
				m[i][k] = (m[i][k] + prime*prime - times*m[n][k]) % prime
			}
		}
		if n++; n == len(m) {
			break
		}
	}
	return n
}
