package duty

import (
	"testing"
	"time"
)

func noonOf(s string) time.Time { return day(s).Time().Add(12 * time.Hour) }

// A question is owed from the day on which it was asked until its day, and late
// after it; only an answer closes it, also when the target itself is closed.
func TestAQuestionIsOwedUntilItIsAnswered(t *testing.T) {
	m := office("doorlopend")
	target := m.Targets()[0].ID
	reply := &Reply{Text: "Ja.", By: "An", At: noonOf("2026-12-20")}
	for name, c := range map[string]struct {
		today string
		reply *Reply
		state State
	}{
		"the day before it was asked": {"2026-09-09", nil, ""},
		"on the day":                  {"2026-09-10", nil, Open},
		"on the last day":             {"2026-12-15", nil, Open},
		"on the day after":            {"2026-12-16", nil, Late},
		"not answered yet":            {"2026-12-19", reply, Late},
		"answered":                    {"2026-12-20", reply, Done},
	} {
		q := Question{Mandate: m, From: day("2026-07-01"), Until: day("2026-12-31"), Today: day(c.today), Record: Record{
			Reports: map[int64][]Report{target: {{ID: 1, AsOf: day("2026-08-01"), Closes: true}}},
			Asked:   []Ask{{ID: 5, TargetID: target, Due: day("2026-12-15"), At: noonOf("2026-09-10"), Reply: c.reply}, {ID: 6, TargetID: 99, Due: day("2026-12-15"), At: noonOf("2026-09-10")}},
		}}
		var found []Duty
		for _, d := range Of(q) {
			if d.Ask != nil {
				found = append(found, d)
			}
		}
		switch {
		case c.state == "" && len(found) == 0:
		case len(found) != 1 || found[0].State != c.state || found[0].Ask.ID != 5 || found[0].Key() != "1.0.5.question.2026-12-15":
			t.Errorf("%s: %+v, want one that is %q", name, found, c.state)
		case c.state == Done && (found[0].Closing.InTime || found[0].Closing.Reply != reply):
			t.Errorf("%s: closed by %+v", name, found[0].Closing)
		case !found[0].Closable(day("2026-12-31"), day(c.today)):
			t.Errorf("%s: cannot be answered once the half-year is sealed", name)
		}
	}
}
