package progress

import (
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
)

// OverviewLine is one mandate of the committee's overview.
type OverviewLine struct {
	Code        string
	Title       bilingual.Text
	Institution mandate.Institution
	Holder      string // "" when vacant
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
}

// DayOf gives the day that a half-year is judged on: its last day, or today
// while it runs.
func DayOf(period calendar.HalfYear, today calendar.Date) calendar.Date {
	if today.Before(period.End()) {
		return today
	}
	return period.End()
}
