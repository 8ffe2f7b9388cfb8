package progress

import "jalon/internal/calendar"

// severity orders statuses from the calmest to the weakest. Silence stands
// above every entered warning but "support needed" and "compromised": it is
// never green, and it hides nothing worse than itself.
var severity = map[Status]int{
	"": 0, NotExpected: 1, Stopped: 2, Achieved: 3, NothingToReport: 4, OnTrack: 5,
	Attention: 6, NotReported: 7, SupportNeeded: 8, Late: 9, Compromised: 10,
}

var bySeverity = func() (s [11]Status) {
	for status, n := range severity {
		s[n] = status
	}
	return s
}()

// Weaker gives the weaker of two statuses.
func Weaker(a, b Status) Status {
	if severity[b] > severity[a] {
		return b
	}
	return a
}

// Duty is what a target owes: from when, and by when at the latest.
type Duty struct {
	OwedFrom calendar.Date // zero: from the start
	Due      calendar.Date // zero: never late (continuous, or a date not known)
}

// Latest is the latest entry of a target as of a day: latest as-of date, then
// latest recorded. A zero Latest is a target never reported on.
type Latest struct {
	Status Status
	AsOf   calendar.Date
}

// Standing says where one target stands in a half-year.
type Standing struct {
	Status   Status        // entered or derived
	Owed     bool          // a report is expected in the half-year
	Reported bool          // and there is one
	LateFrom calendar.Date // first day on which it is late; zero when it cannot be
}

// Stand judges a target in a half-year, as of the day that the latest entry
// was looked up for.
//
// A target closed in an earlier half-year owes nothing and keeps its status.
// An open one that was owed a report and got none is not reported. From the
// day after its due date an open target is late, unless it is already
// compromised: the last day of the letter's period counts in full.
func Stand(latest Latest, duty Duty, period calendar.HalfYear, asOf calendar.Date) Standing {
	s := Standing{Status: latest.Status, Reported: period.Contains(latest.AsOf)}
	if latest.Status.Closed() {
		s.Owed = s.Reported
		return s
	}
	s.Owed = s.Reported || !duty.OwedFrom.After(period.End())
	switch {
	case s.Reported:
	case s.Owed:
		s.Status = NotReported
	default:
		s.Status = NotExpected
	}
	if !duty.Due.IsZero() {
		s.LateFrom = duty.Due.AddDays(1)
		if !asOf.Before(s.LateFrom) {
			s.Status = Weaker(s.Status, Late)
		}
	}
	return s
}

// RollUp is an objective in a half-year: its weakest open target, next to the
// count per status and n of m reported. Nothing is averaged.
type RollUp struct {
	Status   Status
	Counts   map[Status]int
	Reported int // n
	Owed     int // m
	LateFrom calendar.Date
}

// Roll takes the standings of an objective's targets together. An objective
// whose targets are all closed is achieved, or stopped when all were stopped;
// one without targets has the empty status.
func Roll(standings []Standing) RollUp {
	r := RollUp{Counts: map[Status]int{}}
	for _, s := range standings {
		r.Status = Weaker(r.Status, s.Status)
		r.Counts[s.Status]++
		if s.Owed {
			r.Owed++
			if s.Reported {
				r.Reported++
			}
		}
		if !s.LateFrom.IsZero() && (r.LateFrom.IsZero() || s.LateFrom.Before(r.LateFrom)) {
			r.LateFrom = s.LateFrom
		}
	}
	return r
}

// Cell is a roll-up packed for the overview: status, n and m in one number.
type Cell int32

// Pack packs a roll-up; n and m stop at 255.
func (r RollUp) Pack() Cell {
	return Cell(severity[r.Status]<<16 | min(r.Reported, 255)<<8 | min(r.Owed, 255))
}

// Unpack gives status, n and m as of a day: from lateFrom on (zero: never) an
// open objective is late, unless it is weaker already.
func (c Cell) Unpack(lateFrom, asOf calendar.Date) (status Status, reported, owed int) {
	status = bySeverity[int(c>>16)%len(bySeverity)]
	if !lateFrom.IsZero() && !asOf.Before(lateFrom) {
		status = Weaker(status, Late)
	}
	return status, int(c >> 8 & 0xff), int(c & 0xff)
}
