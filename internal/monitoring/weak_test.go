package monitoring

import (
	"testing"

	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

func TestWhatIsWeakIsShownBeforeAPartIsSubmitted(t *testing.T) {
	half := calendar.HalfYear{Year: 2026, Half: 1}
	in, before := calendar.MustDate(2026, 5, 31), calendar.MustDate(2025, 11, 30)
	full := progress.Entry{SupportAsked: "mensen", SupportOf: "de Directieraad", SupportBy: in.AddDays(30)}
	for name, c := range map[string]struct {
		now, was *progress.Entry
		proven   bool
		want     []Weakness
	}{
		"nothing said":                {nil, nil, false, []Weakness{Silent}},
		"said last time only":         {nil, &progress.Entry{AsOf: before, Status: progress.OnTrack, Achieved: "x"}, false, []Weakness{Silent}},
		"on track":                    {&progress.Entry{AsOf: in, Status: progress.OnTrack, Achieved: "nieuw"}, nil, false, nil},
		"the same words, spaced":      {&progress.Entry{AsOf: in, Status: progress.OnTrack, Achieved: "een  twee"}, &progress.Entry{AsOf: before, Achieved: "een\ntwee "}, false, []Weakness{RepeatedWords}},
		"no words, as last time":      {&progress.Entry{AsOf: in, Status: progress.NothingToReport}, &progress.Entry{AsOf: before}, false, nil},
		"achieved, nothing shows it":  {&progress.Entry{AsOf: in, Status: progress.Achieved}, nil, false, []Weakness{NoEvidence}},
		"achieved, and shown":         {&progress.Entry{AsOf: in, Status: progress.Achieved}, nil, true, nil},
		"support without a request":   {&progress.Entry{AsOf: in, Status: progress.SupportNeeded, SupportAsked: "mensen"}, nil, false, []Weakness{NoRequest}},
		"support with a request":      {&progress.Entry{AsOf: in, Status: progress.SupportNeeded, SupportAsked: full.SupportAsked, SupportOf: full.SupportOf, SupportBy: full.SupportBy}, nil, false, nil},
		"achieved in an earlier half": {&progress.Entry{AsOf: before, Status: progress.Achieved}, nil, false, nil},
	} {
		target := mandate.Target{ID: 1, Code: mandate.Code{Kind: mandate.Strategic, Objective: 1, Point: 1, Target: 1}}
		s := progress.Sheet{
			Mandate: mandate.Mandate{Objectives: []mandate.Objective{{Points: []mandate.MeasurementPoint{{Targets: []mandate.Target{target}}}}}},
			AsOf:    half.End(), Before: half.Start().AddDays(-1),
			Latest: map[int64]*progress.Entry{1: c.now}, Earlier: map[int64]*progress.Entry{1: c.was},
		}
		if c.now == nil && c.was != nil {
			s.Latest[1] = c.was
		}
		weak := Weak(s, half, map[int64]bool{1: c.proven})
		var got []Weakness
		for _, kind := range Weaknesses {
			if len(weak[kind]) > 0 {
				got = append(got, kind)
			}
		}
		if len(got) != len(c.want) || len(got) > 0 && got[0] != c.want[0] {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
