package duty

import (
	"slices"
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/deadline"
	"jalon/internal/mandate"
)

// What was owed before an amendment stays owed as it was, kept or missed; only a
// date that was moved before it was met is owed on its new day alone. Who holds the
// mandate today changes nothing about what was owed before.
func TestWhatWasOwedStaysOwedAsItWas(t *testing.T) {
	halves := []Report{report(1, "2025-06-30", false), report(2, "2026-06-30", false)}
	until := func(last, phrase string) Earlier { return Earlier{day(last), deadline.Read(phrase, bilingual.NL)} }
	for name, c := range map[string]struct {
		now     string
		holder  string // their first day; "" for nobody
		earlier []Earlier
		reports []Report
		want    []string
	}{
		"nothing was amended": {"doorlopend", "2025-01-01", nil, halves, []string{"2025-06-30 done", "2025-12-31 late", "2026-06-30 done"}},
		"a date instead of half-years": {
			"december 2027", "2025-01-01",
			[]Earlier{until("2026-10-14", "doorlopend")},
			halves,
			[]string{"2025-06-30 done", "2025-12-31 late", "2026-06-30 done"},
		},
		"half-years instead of a date, which was not met": {
			"doorlopend", "2025-01-01", []Earlier{until("2025-12-31", "september 2025")}, halves, []string{"2026-06-30 done"},
		},
		"a date that was moved": {"september 2026", "2025-01-01", []Earlier{until("2026-02-28", "december 2025")}, nil, []string{"2026-09-30 late"}},
		"a date that was moved, and met before that": {
			"september 2026", "2025-01-01",
			[]Earlier{until("2026-02-28", "december 2025")},
			[]Report{report(1, "2025-12-15", true)},
			[]string{"2025-12-31 done", "2026-09-30 done"},
		},
		"amended twice": {
			"april 2026", "2025-01-01",
			[]Earlier{until("2025-07-31", "doorlopend"), until("2026-03-31", "om de drie maanden")},
			halves,
			[]string{"2025-06-30 done", "2025-09-30 late", "2025-12-31 late", "2026-03-31 done", "2026-04-30 late"},
		},
		"another holder": {"doorlopend", "2026-11-01", nil, halves, []string{"2025-06-30 done", "2025-12-31 late", "2026-06-30 done"}},
		"nobody":         {"doorlopend", "", nil, halves, []string{"2025-06-30 done", "2025-12-31 late", "2026-06-30 done"}},
		"what hangs on the mandate hangs on that of the present holder": {
			"binnen drie maanden na het begin van het mandaat", "2026-02-01", nil, nil, []string{"2026-05-01 late"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := office(c.now)
			m.Holder = mandate.Tenure{}
			if c.holder != "" {
				m.Holder = mandate.Tenure{Name: "An", From: day(c.holder), Until: day("2029-12-31")}
			}
			q := Question{Mandate: m, From: day("2020-01-01"), Until: day("2026-11-27"), Today: day("2026-11-27")}
			q.Record = Record{Reports: map[int64][]Report{1: c.reports}, Held: day("2025-01-01"), Earlier: map[int64][]Earlier{1: c.earlier}}
			var got []string
			for _, d := range Of(q) {
				got = append(got, d.Due.String()+" "+string(d.State))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
