package duty

import (
	"os"
	"strings"
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/mandate"
)

func day(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// office is a mandate from 2024-07-01 to 2029-06-30 with one target per
// phrase, numbered from 1.
func office(phrases ...string) mandate.Mandate {
	m := mandate.Mandate{Code: "M", Holder: mandate.Tenure{Name: "An", From: day("2024-07-01"), Until: day("2029-06-30")}}
	point := mandate.MeasurementPoint{ID: 1}
	for i, phrase := range phrases {
		point.Targets = append(point.Targets, mandate.Target{
			ID:       int64(i + 1),
			Code:     mandate.Code{Kind: mandate.Strategic, Objective: 1, Point: 1, Target: i%99 + 1},
			Deadline: mandate.Deadline{Reading: deadline.Read(phrase, bilingual.NL)},
		})
	}
	m.Objectives = []mandate.Objective{{ID: 1, Points: []mandate.MeasurementPoint{point}}}
	return m
}

// letter is the first mandate letter.
func letter(t testing.TB) mandate.Mandate {
	raw, err := os.ReadFile("testdata/letter.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var phrases []string
	var codes []mandate.Code
	for line := range strings.Lines(string(raw)) {
		c := strings.Split(strings.TrimSpace(line), "\t")
		code, err := mandate.ParseCode(c[0])
		if err != nil || code.Target == 0 {
			continue
		}
		codes, phrases = append(codes, code), append(phrases, c[1])
	}
	m := office(phrases...)
	for i, code := range codes {
		m.Objectives[0].Points[0].Targets[i].Code = code
	}
	return m
}

// report is made as of a day; closes when the target is achieved by it.
func report(id int64, asOf string, closes bool) Report { return Report{id, day(asOf), closes} }
