package mandate

import (
	"errors"
	"time"

	"jalon/internal/calendar"
)

// Delegation lets a person report for the holder who gave it, from its first
// to its last day in Brussels, both included, on the whole mandate or on some
// objectives. It ends sooner when it is revoked, and with the tenure of the holder.
type Delegation struct {
	ID          int64
	ByID        int64 // the holder who gave it
	By          string
	ToID        int64 // the delegate
	To          string
	ToEmail     string
	Objectives  []Code // none: the whole mandate
	From, Until calendar.Date
	Ends        calendar.Date // the last day, also when the tenure ends before Until
	GivenAt     time.Time
	RevokedAt   time.Time // zero: it was not
	RevokedBy   string    // "" for the system
}

// DelegationState is where a delegation stands on a day.
type DelegationState string

// States of a delegation, in the order of a list.
const (
	DelegationInForce DelegationState = "in_force"
	DelegationComing  DelegationState = "coming"
	DelegationRevoked DelegationState = "revoked"
	DelegationPast    DelegationState = "past"
)

// DelegationStates lists them, what counts now first.
var DelegationStates = []DelegationState{DelegationInForce, DelegationComing, DelegationRevoked, DelegationPast}

// State tells where the delegation stands on a day. One that had ended before
// it was revoked is past.
func (d Delegation) State(today calendar.Date) DelegationState {
	switch {
	case !d.RevokedAt.IsZero() && !calendar.DateOf(d.RevokedAt).After(d.Ends):
		return DelegationRevoked
	case today.After(d.Ends):
		return DelegationPast
	case today.Before(d.From):
		return DelegationComing
	default:
		return DelegationInForce
	}
}

// At gives the delegation as it stood on a day of the past: one that was revoked
// later was not revoked yet. ok is false for one that was not given by then.
func (d Delegation) At(day calendar.Date, known time.Time) (at Delegation, ok bool) {
	unknown := func(t time.Time) bool { return calendar.DateOf(t).After(day) || !known.IsZero() && t.After(known) }
	if unknown(d.GivenAt) {
		return d, false
	}
	if !d.RevokedAt.IsZero() && unknown(d.RevokedAt) {
		d.RevokedAt, d.RevokedBy = time.Time{}, ""
		d.Ends = d.Until
	}
	return d, true
}

// Overlaps reports whether two delegations share a day.
func (d Delegation) Overlaps(o Delegation) bool {
	return !d.From.After(o.Until) && !o.From.After(d.Until)
}

// LongestDelegation is how far the last day may lie after the first, in
// months: a year, and a month to give it anew.
const LongestDelegation = 13

// Why the days of a delegation are refused.
var (
	ErrDelegationPast     = errors.New("the delegation begins before today")
	ErrDelegationReversed = errors.New("the delegation ends before it begins")
	ErrDelegationLong     = errors.New("the delegation is too long")
	ErrDelegationTenure   = errors.New("the delegation ends after the tenure")
)

// CheckDays refuses the days of a delegation that somebody gives today during a tenure.
func (d Delegation) CheckDays(today calendar.Date, t Tenure) error {
	switch {
	case d.From.Before(today):
		return ErrDelegationPast
	case d.Until.Before(d.From):
		return ErrDelegationReversed
	case !t.Until.IsZero() && d.Until.After(t.Until):
		return ErrDelegationTenure
	case d.Until.After(d.From.AddMonths(LongestDelegation)):
		return ErrDelegationLong
	}
	return nil
}
