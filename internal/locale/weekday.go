package locale

import (
	"strconv"
	"strings"
	"time"

	"jalon/internal/calendar"
)

// Weekday prints maandag, lundi.
func (p *Printer) Weekday(d time.Weekday) string {
	return strings.ToLower(p.format.translator.WeekdayWide(d))
}

// MonthOf prints november 2026, novembre 2026.
func (p *Printer) MonthOf(d calendar.Date) string {
	return p.Month(d.Month) + " " + strconv.Itoa(d.Year)
}
