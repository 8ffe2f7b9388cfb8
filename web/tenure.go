package web

import (
	"jalon/internal/calendar"
)

// TenuresView lists who held a mandate from when to when. Appointing posts
// person, from, until, capacity (holder or interim) and idempotency_key to Action.
type TenuresView struct {
	Frame
	Mandate        MandateHead
	Tenures        []TenureLine // the latest first
	Handover       *Handover    // what the holder of today took over; nil for nothing to show
	Action         string
	People         []Option
	Values         TenureValues
	IdempotencyKey string
}

// TenureLine is one tenure of the list.
type TenureLine struct {
	Name            string
	From, Until     calendar.Date // zero Until: not known
	Interim         bool
	Disabled        bool // the account
	Current, Future bool
	URL             string // of its page
}

// TenureValues are the fields of the forms as typed.
type TenureValues struct {
	Person, From, Until, Capacity string
	Next, NextUntil, NextCapacity string // who comes after
}

// TenureView is the page of one tenure. Ending posts until, next, next_until,
// next_capacity and idempotency_key to EndURL; correcting posts the fields of an
// appointment to CorrectURL. A URL that is "" hides its form.
type TenureView struct {
	Frame
	Mandate        MandateHead
	Line           TenureLine
	Handover       *Handover
	EndURL         string
	CorrectURL     string
	WithdrawURL    string
	People         []Option
	Values         TenureValues
	IdempotencyKey string
}

// Handover is what a holder took over on their first day.
type Handover struct {
	Code  string        // of the mandate
	From  string        // who held the mandate before
	Since calendar.Date // the first day
	Open  bool          // only what must still be done
	Lines []HandoverLine
}

// HandoverLine is one duty that was taken over.
type HandoverLine struct {
	DueLine
	Due        calendar.Date // of the duty
	FromBefore bool          // it was late by then
	Holder     string        // who held the mandate on its last day; "" for nobody
}

// capacities are the two ways of holding a mandate.
func (f Frame) capacities() []Option {
	return []Option{{"holder", f.T("tenure.capacity.holder")}, {"interim", f.T("tenure.capacity.interim")}}
}

// span says from when until when. later: the first day is yet to come.
func (f Frame) span(from, until calendar.Date, later bool) string {
	switch {
	case !until.IsZero():
		return f.T("mandate.from_until", "From", f.Printer.Date(from), "Until", f.Printer.Date(until))
	case later:
		return f.T("tenure.from_on", "From", f.Printer.Date(from))
	default:
		return f.T("mandate.since", "From", f.Printer.Date(from))
	}
}

// inherited says since when a duty was late, and in whose time.
func (f Frame) inherited(l HandoverLine) string {
	if l.Holder == "" {
		return f.T("handover.late_vacant")
	}
	return f.T("handover.late", "Name", l.Holder)
}
