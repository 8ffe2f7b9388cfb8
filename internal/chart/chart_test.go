package chart

import (
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"jalon/internal/calendar"
	"jalon/internal/indicator"
)

var plain = Words{
	Value: func(n decimal.Decimal) string { return n.String() }, Level: func(n decimal.Decimal) string { return n.String() },
	Date: calendar.Date.String, Month: calendar.Date.String, Aim: func(m indicator.Milestone) string { return m.Value.String() },
}

func count(d Drawing, role Role) (n int) {
	for _, s := range d.Shapes {
		if s.Role == role {
			n++
		}
	}
	return n
}

// No drawing has a point that was not measured, or that is kept back.
func TestOnlyWhatWasMeasuredAndMayBeSeenIsDrawn(t *testing.T) {
	point := func(month time.Month, n int64, hidden bool) indicator.Point {
		return indicator.Point{On: calendar.MustDate(2026, month, 1), Value: decimal.NewFromInt(n), Hidden: hidden}
	}
	s := &indicator.Series{Points: []indicator.Point{point(1, 5, false), point(2, 6, false), point(3, 99999, true), point(4, 7, false)}}
	lines, ok := Lines(s, plain)
	if !ok || count(lines, Dot) != 3 || count(lines, Line) != 1 {
		t.Errorf("%d dots, %d lines: the line must break where a figure is kept back", count(lines, Dot), count(lines, Line))
	}
	bars, ok := Bars(s, plain)
	if !ok || count(bars, Bar) != 3 {
		t.Errorf("%d bars", count(bars, Bar))
	}
	for _, d := range []Drawing{lines, bars} {
		for _, shape := range d.Shapes {
			if shape.Text == "99999" || shape.Text == "100000" {
				t.Error("the axis tells of a figure that is kept back")
			}
		}
	}
	hidden := &indicator.Series{Points: []indicator.Point{point(1, 5, true)}}
	for name, draw := range map[string]func(*indicator.Series, Words) (Drawing, bool){"lines": Lines, "bars": Bars, "spark": Spark} {
		if _, ok := draw(hidden, plain); ok {
			t.Errorf("%s: drawn without a figure", name)
		}
	}
}

func TestAStackIsAsLongAsItsParts(t *testing.T) {
	d, ok := Stack([]Share{{Role: Good, N: 3}, {Role: Bad, N: 1}, {Role: None}})
	if !ok || count(d, Good) != 1 || count(d, None) != 0 {
		t.Fatalf("%+v", d)
	}
	good, bad := d.Shapes[0], d.Shapes[2]
	if wide, narrow := good.Points[1].X-good.Points[0].X, bad.Points[1].X-bad.Points[0].X; wide < 2.99*narrow || wide > 3.01*narrow {
		t.Errorf("3 is %.1f wide, 1 is %.1f", wide, narrow)
	}
	if _, ok := Stack(nil); ok {
		t.Error("nothing is drawn")
	}
}

// The levels beside the axis are five different numbers, and none of them is
// rounded onto another place: one value alone, a small range, figures of six decimals.
func TestTheLevelsOfTheAxisAreWhereTheySay(t *testing.T) {
	for name, c := range map[string]struct {
		values []string
		want   []string
	}{
		"one value":        {[]string{"6"}, []string{"0", "2", "4", "6", "8"}},
		"nothing but zero": {[]string{"0", "0"}, []string{"0", "0.25", "0.5", "0.75", "1"}},
		"below zero":       {[]string{"-5"}, []string{"-6", "-4", "-2", "0", "2"}},
		"a small range":    {[]string{"5.01", "5.09"}, []string{"5", "5.025", "5.05", "5.075", "5.1"}},
		"six decimals":     {[]string{"0.000004", "0.000009"}, []string{"0", "0.0000025", "0.000005", "0.0000075", "0.00001"}},
	} {
		s := &indicator.Series{}
		for i, v := range c.values {
			s.Points = append(s.Points, indicator.Point{On: calendar.MustDate(2026, time.Month(2+i), 1), Value: decimal.RequireFromString(v)})
		}
		d, _ := Lines(s, plain)
		var got []string
		for _, shape := range d.Shapes {
			if shape.Role == Label && shape.Points[0].X < left {
				got = append(got, shape.Text)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// However long a series is, the months below it have room beside each other. A
// few measurements have their own months below them.
func TestTheMonthsOfTheAxisHaveRoom(t *testing.T) {
	monthly := func(from, until calendar.Date) (days []calendar.Date) {
		for d := from; !d.After(until); d = d.AddMonths(1) {
			days = append(days, d.EndOfMonth())
		}
		return days
	}
	for name, c := range map[string]struct {
		days []calendar.Date
		want []string
	}{
		"one day":       {[]calendar.Date{calendar.MustDate(2026, 6, 30)}, []string{"2026-06-30"}},
		"a new year":    {[]calendar.Date{calendar.MustDate(2025, 12, 31), calendar.MustDate(2026, 1, 1)}, []string{"2025-12-31", "2026-01-01"}},
		"far and close": {[]calendar.Date{calendar.MustDate(2024, 12, 31), calendar.MustDate(2026, 1, 31), calendar.MustDate(2026, 2, 28)}, []string{"2024-12-31", "2026-01-31"}},
		"one week":      {[]calendar.Date{calendar.MustDate(2026, 6, 8), calendar.MustDate(2026, 6, 9), calendar.MustDate(2026, 6, 10), calendar.MustDate(2026, 6, 11), calendar.MustDate(2026, 6, 12), calendar.MustDate(2026, 6, 15)}, []string{"2026-06-08"}},
		"a year":        {monthly(calendar.MustDate(2025, 6, 1), calendar.MustDate(2026, 6, 1)), []string{"2025-07-01", "2025-10-01", "2026-01-01", "2026-04-01"}},
		"ten years":     {monthly(calendar.MustDate(2017, 1, 1), calendar.MustDate(2026, 10, 1)), []string{"2018-01-01", "2020-01-01", "2022-01-01", "2024-01-01", "2026-01-01"}},
		"thirty years":  {monthly(calendar.MustDate(2001, 1, 1), calendar.MustDate(2030, 12, 1)), []string{"2010-01-01", "2020-01-01", "2030-01-01"}},
	} {
		s := &indicator.Series{}
		for _, on := range c.days {
			s.Points = append(s.Points, indicator.Point{On: on, Value: decimal.NewFromInt(1)})
		}
		d, _ := Lines(s, plain)
		var got []string
		for _, shape := range d.Shapes {
			if shape.Role == Label && shape.Points[0].Y > height-bottom/2 {
				got = append(got, shape.Text)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
