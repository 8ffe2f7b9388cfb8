package web

import (
	"jalon/internal/bilingual"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

// BriefView is the sheet of one page for a meeting.
type BriefView struct {
	Frame
	Mandate       MandateHead
	Brief         progress.Brief
	Figures       []BriefFigure
	Downloads     []Download
	TargetsURL    string // before the code of a target
	ObjectivesURL string // before the code of an objective
	Query         string // ?asof= of a past day
}

// BriefFigure is the latest figure of an indicator, in words.
type BriefFigure struct {
	Code        mandate.Code // zero for none
	Name        bilingual.Text
	Value, Goal string
}

func (v BriefView) url(c mandate.Code) string {
	if c.Target > 0 {
		return v.TargetsURL + c.String() + v.Query
	}
	return v.ObjectivesURL + c.String() + v.Query
}

func (v BriefView) briefColumn() string {
	if v.Brief.Objective != nil {
		return v.T("brief.target")
	}
	return v.T("brief.objective")
}

// briefRows gives how many of so many rows are shown.
func briefRows(all int) int { return min(all, progress.BriefRows) }

// part names a list, and says so when a part of it is shown.
func (v BriefView) part(key string, all int) string {
	return v.Printer.Part(v.T(key), briefRows(all), all)
}
