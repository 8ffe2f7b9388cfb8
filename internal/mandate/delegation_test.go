package mandate

import (
	"errors"
	"testing"
	"time"

	"jalon/internal/calendar"
)

var on = calendar.MustDate

// The first and the last day count in full, in Brussels; so does the day of the
// tenure that ends a delegation.
func TestWhereADelegationStands(t *testing.T) {
	days := Delegation{From: on(2026, 3, 1), Until: on(2026, 5, 31), Ends: on(2026, 5, 31)}
	cut := days
	cut.Ends = on(2026, 4, 15) // the holder left
	revoked := days
	revoked.RevokedAt = time.Date(2026, 4, 1, 22, 30, 0, 0, time.UTC) // half past midnight on the 2nd in Brussels
	cleared := cut
	cleared.RevokedAt = time.Date(2026, 5, 2, 8, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		d     Delegation
		today calendar.Date
		want  DelegationState
	}{
		"the day before":          {days, on(2026, 2, 28), DelegationComing},
		"the first day":           {days, on(2026, 3, 1), DelegationInForce},
		"the last day":            {days, on(2026, 5, 31), DelegationInForce},
		"the day after":           {days, on(2026, 6, 1), DelegationPast},
		"last day of the tenure":  {cut, on(2026, 4, 15), DelegationInForce},
		"after the tenure":        {cut, on(2026, 4, 16), DelegationPast},
		"revoked":                 {revoked, on(2026, 4, 2), DelegationRevoked},
		"revoked, long ago":       {revoked, on(2026, 9, 1), DelegationRevoked},
		"ended before it was":     {cleared, on(2026, 5, 2), DelegationPast},
		"the tenure ended before": {Delegation{From: on(2026, 3, 1), Until: on(2026, 5, 31), Ends: on(2026, 2, 28)}, on(2026, 3, 1), DelegationPast},
	} {
		if got := c.d.State(c.today); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestTheDaysOfADelegation(t *testing.T) {
	today := on(2026, 11, 24)
	tenure := Tenure{From: on(2024, 10, 1), Until: on(2027, 12, 15)}
	for name, c := range map[string]struct {
		from, until calendar.Date
		tenure      Tenure
		want        error
	}{
		"one day":                         {today, today, tenure, nil},
		"thirteen months":                 {today, on(2027, 12, 24), Tenure{}, nil},
		"thirteen months and a day":       {today, on(2027, 12, 25), Tenure{}, ErrDelegationLong},
		"yesterday":                       {today.AddDays(-1), today, tenure, ErrDelegationPast},
		"reversed":                        {today.AddDays(2), today.AddDays(1), tenure, ErrDelegationReversed},
		"to the last day of the tenure":   {today, on(2027, 12, 15), tenure, nil},
		"a day after the tenure":          {today, on(2027, 12, 16), tenure, ErrDelegationTenure},
		"forty years":                     {today, on(2066, 11, 24), Tenure{}, ErrDelegationLong},
		"from the 31st to a shorter one":  {on(2027, 1, 31), on(2028, 2, 29), Tenure{}, nil},
		"from the 31st and a day further": {on(2027, 1, 31), on(2028, 3, 1), Tenure{}, ErrDelegationLong},
	} {
		d := Delegation{From: c.from, Until: c.until}
		if err := d.CheckDays(today, c.tenure); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
