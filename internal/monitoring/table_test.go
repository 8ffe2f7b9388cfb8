package monitoring

import (
	"testing"

	"jalon/internal/progress"
)

func TestTrendComparesTheWeakerWithTheStronger(t *testing.T) {
	for _, c := range []struct {
		name      string
		then, now progress.Status
		want      Trend
	}{
		{"better", progress.Attention, progress.OnTrack, Up},
		{"worse", progress.Attention, progress.SupportNeeded, Down},
		{"achieved is the strongest", progress.OnTrack, progress.Achieved, Up},
		{"an achieved target that slips", progress.Achieved, progress.Late, Down},
		{"any word is better than silence", progress.NotReported, progress.Compromised, Up},
		{"silence is never better", progress.Late, progress.NotReported, Down},
		{"silence again", progress.NotReported, progress.NotReported, Same},
		{"first table", "", progress.OnTrack, None},
		{"nothing now", progress.OnTrack, "", None},
		{"stopped is not worse", progress.OnTrack, progress.Stopped, None},
		{"nothing to report is not better", progress.Compromised, progress.NothingToReport, None},
		{"not expected yet", progress.NotExpected, progress.NotExpected, None},
		{"stopped and still stopped", progress.Stopped, progress.Stopped, Same},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := TrendOf(c.then, c.now); got != c.want {
				t.Errorf("TrendOf(%q, %q) = %q, want %q", c.then, c.now, got, c.want)
			}
		})
	}
}

func TestTrendTurnsRoundWhenTheTablesAreSwapped(t *testing.T) {
	opposite := map[Trend]Trend{Up: Down, Down: Up, Same: Same, None: None}
	all := append(append([]progress.Status{}, progress.Entered...), progress.Late, progress.NotReported)
	for _, a := range all {
		for _, b := range all {
			if got, want := TrendOf(b, a), opposite[TrendOf(a, b)]; got != want {
				t.Errorf("TrendOf(%q, %q) = %q, want %q", b, a, got, want)
			}
		}
	}
}
