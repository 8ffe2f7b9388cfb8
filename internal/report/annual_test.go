package report

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
)

// year has a sealed first half-year, and a second one in which a target ended and another came.
func year(t testing.TB) Annual {
	t.Helper()
	first := sealedBy(t, newSigner(t), sample())
	later := sample()
	later.Period, later.AsOf = calendar.HalfYear{Year: 2026, Half: 2}, calendar.MustDate(2026, 11, 24)
	later.Rows = slices.Delete(later.Rows, 4, 5)
	later.Rows[5-1].Code = code("T4.9-2")
	return Annual{Year: 2026, Halves: []Monitoring{first, Draft(later)}}
}

func TestTheAnnualReportHasBothHalfYearsOfEveryTarget(t *testing.T) {
	a := year(t)
	var got []string
	for _, r := range a.Rows() {
		halves := ""
		for _, h := range r.Halves {
			if h == nil {
				halves += "-"
			} else {
				halves += "+"
			}
		}
		got = append(got, r.Code.String()+halves)
	}
	want := []string{"S1.1-1++", "S1.1-2++", "S1.2-1++", "T4.7-1++", "T4.9-2-+", "T4.8-1+-", "T4.9-1+-"}
	if !slices.Equal(got, want) {
		t.Errorf("rows %v, want %v", got, want)
	}
	for _, lang := range bilingual.Langs {
		for _, f := range AnnualFormats {
			var b bytes.Buffer
			if err := a.Write(&b, f, catalogues.In(lang), time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)); err != nil {
				t.Fatal(err)
			}
			switch f {
			case DOCX:
				golden(t, "annual."+string(lang)+".docx.txt", steady(dumpDOCX(t, b.Bytes()), a.Halves[0].Seal))
			case XLSX:
				golden(t, "annual."+string(lang)+".xlsx.txt", steady(dump(t, b.Bytes()), a.Halves[0].Seal))
			}
		}
	}
}
