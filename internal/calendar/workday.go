package calendar

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/be"
)

// RegionalDay is a closing day of an administration that is not a federal
// holiday: a fixed day of every year within Since and Until (0 = no bound).
type RegionalDay struct {
	Month time.Month
	Day   int
	NL    string
	FR    string
	Since int
	Until int
}

// RegionalDays are the closing days of the administrations of the
// Brussels-Capital Region beside the ten federal holidays.
var RegionalDays = []RegionalDay{
	{Month: time.May, Day: 8, NL: "Feest van het Brussels Hoofdstedelijk Gewest", FR: "Fête de la Région de Bruxelles-Capitale"},
	{Month: time.November, Day: 2, NL: "Allerzielen", FR: "Jour des morts"},
	{Month: time.November, Day: 15, NL: "Koningsdag", FR: "Fête du Roi"},
	{Month: time.December, Day: 26, NL: "Tweede kerstdag", FR: "Lendemain de Noël"},
}

// WorkingDays tells which days an administration works: Monday to Friday,
// without the federal holidays (law of 4 January 1974 and its royal decree of
// 18 April 1974) and without its own closing days. The zero value knows the
// federal holidays alone.
type WorkingDays struct {
	regional []RegionalDay
}

// NewWorkingDays gives the calendar with the given closing days added.
func NewWorkingDays(regional []RegionalDay) WorkingDays { return WorkingDays{regional} }

// BrusselsDays is the calendar of the regional administrations of Brussels.
var BrusselsDays = NewWorkingDays(RegionalDays)

var federal = func() *cal.BusinessCalendar {
	c := cal.NewBusinessCalendar()
	c.AddHoliday(be.Holidays...)
	return c
}()

// IsWorkingDay reports whether the administration works on the day.
func (w WorkingDays) IsWorkingDay(d Date) bool {
	for _, r := range w.regional {
		if r.on(d) {
			return false
		}
	}
	return federal.IsWorkday(d.Time())
}

// Previous gives the day itself when it is a working day, else the last one before.
func (w WorkingDays) Previous(d Date) Date {
	for !w.IsWorkingDay(d) {
		d = d.AddDays(-1)
	}
	return d
}

// Next gives the day itself when it is a working day, else the first one after.
func (w WorkingDays) Next(d Date) Date {
	for !w.IsWorkingDay(d) {
		d = d.AddDays(1)
	}
	return d
}

// Add gives the n-th working day after the day, or before it when n is
// negative. The day itself does not count; zero gives the day itself.
func (w WorkingDays) Add(d Date, n int) Date {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for ; n > 0; n-- {
		d = d.AddDays(step)
		for !w.IsWorkingDay(d) {
			d = d.AddDays(step)
		}
	}
	return d
}
