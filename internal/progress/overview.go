package progress

import (
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
)

// OverviewLine is one mandate of the committee's overview.
type OverviewLine struct {
	ID          int64
	Code        string
	Title       bilingual.Text
	Institution mandate.Institution
	Holder      string         // "" when vacant
	HolderLang  bilingual.Lang // "" when vacant
	MetOn       calendar.Date  // when a body of the institution last met before the day; zero when that is not known
	AllToBody   bool           // every target goes to the body asked for
	ToBody      []string       // codes of the objectives of which a target goes to it
	Cells       []OverviewCell
}

// OverviewCell is one objective of a mandate: its weakest open target now and
// in the half-year it is compared with.
type OverviewCell struct {
	Objective mandate.Code
	Status    Status
	Reported  int
	Owed      int
	Before    Status // "" when there is nothing sealed to compare with
	Tally
	Late    int // targets late on the day
	DueSoon int // open targets whose last day in time is the day itself or comes within DueSoonDays
}

// DueSoonDays is how far ahead the overview looks for deadlines.
const DueSoonDays = 90

// Tally counts the targets of an objective in a half-year. What is late or due
// soon depends on the day of whoever reads, and is counted then.
type Tally struct {
	Targets      int
	Compromised  int
	SupportAsked int      // by the latest report, whether late or not
	Achieved     int      // in the half-year itself
	Present      Presence // statuses that occur, before anything is called late
	// Quiet is the oldest day of the latest reports on the open targets of which a
	// report is owed: since then one of them is silent. Never for one that was
	// never reported on, zero when nothing is open.
	Quiet calendar.Date
}

// Never stands for the day of a report that never came.
var Never = calendar.Date{Year: calendar.MinYear, Month: 1, Day: 1}

// Presence is a set of statuses.
type Presence uint16

// Has reports whether a status is in the set.
func (p Presence) Has(s Status) bool { return p&(1<<severity[s]) != 0 }

// With adds a status.
func (p Presence) With(s Status) Presence { return p | 1<<severity[s] }

// Count takes one target into the tally: its latest entry, its duty, and how it
// stands in the half-year before anything is called late.
func (t *Tally) Count(latest Latest, duty Duty, s Standing, period calendar.HalfYear) {
	t.Targets++
	t.Present = t.Present.With(s.Status)
	switch latest.Status {
	case Compromised:
		t.Compromised++
	case SupportNeeded:
		t.SupportAsked++
	case Achieved:
		if s.Reported {
			t.Achieved++
		}
	}
	if latest.Status.Closed() || duty.OwedFrom.After(period.End()) {
		return
	}
	last := latest.AsOf
	if last.IsZero() {
		last = Never
	}
	if t.Quiet.IsZero() || last.Before(t.Quiet) {
		t.Quiet = last
	}
}

// CanBeLate reports whether a target with this standing turns late after its
// last day: one that is compromised is worse already, and stays so.
func (s Standing) CanBeLate() bool {
	return !s.LateFrom.IsZero() && Weaker(s.Status, Late) == Late
}

// Dated counts an open target by its last day in time. One that cannot be late is
// due soon all the same.
func (c *OverviewCell) Dated(due, asOf calendar.Date, canBeLate bool) {
	switch {
	case !asOf.After(due):
		if !due.After(asOf.AddDays(DueSoonDays)) {
			c.DueSoon++
		}
	case canBeLate:
		c.Late++
	}
}

// Has reports whether a target of the objective has the status on the day. One
// that asked for support or was not reported on is found as such also when it is late.
func (c OverviewCell) Has(s Status) bool {
	if s == Late {
		return c.Late > 0
	}
	return c.Present.Has(s)
}

// DayOf gives the day that a half-year is judged on: its last day, or today
// while it runs.
func DayOf(period calendar.HalfYear, today calendar.Date) calendar.Date {
	if today.Before(period.End()) {
		return today
	}
	return period.End()
}
