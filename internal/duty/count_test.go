package duty

import "testing"

// Whether half of a period has gone is a matter of the whole period, however
// few of its days are asked for.
func TestACountOverTheMandateIsJudgedOverTheMandate(t *testing.T) {
	q := Question{Mandate: office("drie keer per mandaat"), Today: day("2026-03-01"), From: day("2026-01-01"), Until: day("2026-12-31")}
	all := q
	all.From, all.Until = day("2024-07-01"), day("2029-06-30")
	part, whole := Of(q), Of(all)
	if len(part) == 0 || len(whole) != 3 {
		t.Fatalf("%d and %d duties", len(part), len(whole))
	}
	if got, want := line(part[0]), line(whole[0]); got != want {
		t.Errorf("over a year %q, over the mandate %q", got, want)
	}
}
