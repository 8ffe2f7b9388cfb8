package site

import (
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/shopspring/decimal"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/indicator"
	"jalon/internal/mandate"
	"jalon/internal/progress"
	"jalon/internal/store"
)

func (s *Site) mandateList() rowList {
	return rowList{
		columns: []apiColumn{
			{"mandate", "string", false, "Code of the mandate"},
			{"institution", "string", false, "Code of the institution"},
			{"rank", "string", false, "Rank of the statute, such as A4"},
			{"title_nl", "string", false, ""},
			{"title_fr", "string", false, ""},
			{"holder", "string", false, "Empty when the mandate is vacant"},
			{"held_from", "date", true, ""},
			{"held_until", "date", true, "Null when not known"},
			{"interim", "boolean", false, ""},
		},
		rows: func(_ *visit, m mandate.Mandate) ([][]any, error) {
			return [][]any{{m.Code, m.Institution.Code, m.Rank, m.Title.NL, m.Title.FR, m.Holder.Name, m.Holder.From, m.Holder.Until, m.Holder.Interim}}, nil
		},
	}
}

// sheetOf reads a mandate as far as the program's person sees it.
func (s *Site) sheetOf(v *visit, m mandate.Mandate) (progress.Sheet, error) {
	sheet, _, err := s.Store.Sheet(v.Context(), store.SheetQuestion{Code: m.Code, AsOf: v.asOf, Known: v.known})
	return v.within(access.ViewMandate, sheet), err
}

func (s *Site) targetList() rowList {
	return rowList{
		columns: []apiColumn{
			{"mandate", "string", false, ""},
			{"objective", "string", false, "Such as S3"},
			{"measurement_point", "string", false, "Such as S3.2"},
			{"target", "string", false, "Such as S3.2-1"},
			{"text_nl", "string", false, ""},
			{"text_fr", "string", false, ""},
			{"deadline_nl", "string", false, "The words of the letter"},
			{"deadline_fr", "string", false, ""},
			{"due", "date", true, "Last day in time; null for a deadline that goes on"},
			{"status", "string", false, "Entered, or late, not_reported, not_expected"},
			{"reported", "boolean", false, "In the half-year of the day"},
			{"last_report", "date", true, ""},
		},
		rows: func(v *visit, m mandate.Mandate) (rows [][]any, err error) {
			sheet, err := s.sheetOf(v, m)
			period := calendar.HalfYearOf(v.asOf)
			for _, t := range sheet.Mandate.Targets() {
				standing := sheet.Standing(t, period)
				var last calendar.Date
				if e := sheet.Latest[t.ID]; e != nil {
					last = e.AsOf
				}
				rows = append(rows, []any{
					m.Code, objectiveCode(t.Code), t.Code.Parent().String(), t.Code.String(), t.Text.NL, t.Text.FR, t.Deadline.Text.NL, t.Deadline.Text.FR,
					t.Deadline.Due, string(standing.Status), standing.Reported, last,
				})
			}
			return rows, err
		},
	}
}

// entryColumns are the fields of what somebody reported.
var entryColumns = []apiColumn{
	{"mandate", "string", false, ""},
	{"target", "string", false, ""},
	{"as_of", "date", false, "The day that it speaks of"},
	{"recorded_at", "date-time", false, ""},
	{"author", "string", false, ""},
	{"on_behalf_of", "string", false, "Empty when the author reports for themself"},
	{"status", "string", false, ""},
	{"percentage", "number", true, ""},
	{"value", "number", true, ""},
	{"achieved", "string", false, ""},
	{"obstacles", "string", false, ""},
	{"next_steps", "string", false, ""},
	{"support_asked", "string", false, ""},
	{"support_of", "string", false, ""},
	{"support_by", "date", true, ""},
	{"reason", "string", false, "Why there is nothing to report"},
	{"lang", "string", false, "nl or fr: of what the author wrote"},
}

func entryRow(m mandate.Mandate, t mandate.Target, e *progress.Entry) []any {
	return []any{
		m.Code, t.Code.String(), e.AsOf, e.RecordedAt, e.Author, e.OnBehalfOf, string(e.Status), e.Percentage, e.Value, e.Achieved, e.Obstacles, e.NextSteps,
		e.SupportAsked, e.SupportOf, e.SupportBy, e.Reason, string(e.Lang),
	}
}

func (s *Site) entryList() rowList {
	return rowList{
		columns: entryColumns,
		rows: func(v *visit, m mandate.Mandate) (rows [][]any, err error) {
			sheet, err := s.sheetOf(v, m)
			for _, t := range sheet.Mandate.Targets() {
				if e := sheet.Latest[t.ID]; e != nil {
					rows = append(rows, entryRow(m, t, e))
				}
			}
			return rows, err
		},
	}
}

// historyList is everything that was reported on one target, corrected or not.
func (s *Site) historyList() rowList {
	return rowList{
		columns: entryColumns,
		of:      func(v *visit) string { code, _ := splitCode(v); return code },
		rows: func(v *visit, m mandate.Mandate) (rows [][]any, err error) {
			_, code := splitCode(v)
			sheet, history, err := s.Store.Sheet(v.Context(), store.SheetQuestion{Code: m.Code, AsOf: v.asOf, Known: v.known, HistoryOf: code})
			if err != nil {
				return nil, err
			}
			for _, t := range v.within(access.ViewMandate, sheet).Mandate.Targets() {
				if t.Code.String() != code {
					continue
				}
				for i := range history {
					rows = append(rows, entryRow(m, t, &history[i]))
				}
				return rows, nil
			}
			return nil, errNotFound
		},
	}
}

func (s *Site) objectiveList() rowList {
	return rowList{
		columns: []apiColumn{
			{"mandate", "string", false, ""},
			{"objective", "string", false, "Such as S3"},
			{"title_nl", "string", false, ""},
			{"title_fr", "string", false, ""},
			{"targets", "integer", false, "That you may see"},
		},
		rows: func(v *visit, m mandate.Mandate) (rows [][]any, err error) {
			sheet, err := s.sheetOf(v, m)
			for _, o := range sheet.Mandate.Objectives {
				n := 0
				for _, p := range o.Points {
					n += len(p.Targets)
				}
				rows = append(rows, []any{m.Code, o.Code.String(), o.Title.NL, o.Title.FR, n})
			}
			return rows, err
		},
	}
}

// sealedList tells of each sealed table what proves it; the table itself is a document of its own page.
func (s *Site) sealedList() rowList {
	return rowList{
		columns: []apiColumn{
			{"mandate", "string", false, ""},
			{"period", "string", false, "The half-year, such as 2026-H1"},
			{"number", "string", false, ""},
			{"sealed_at", "date-time", false, ""},
			{"sealed_by", "string", false, ""},
			{"sha256", "string", false, "Of the table in its canonical form"},
		},
		rows: func(v *visit, m mandate.Mandate) (rows [][]any, err error) {
			seals, err := s.Store.Seals(v.Context(), m.ID)
			acts := v.moment().Acts
			for _, one := range seals {
				if acts.IsZero() || !one.Seal.SealedAt.After(acts) {
					rows = append(rows, []any{m.Code, one.Period.String(), one.Seal.Number, one.Seal.SealedAt, one.Seal.SealedBy, one.Seal.SHA256})
				}
			}
			return rows, err
		},
	}
}

// longestDuties is how far apart the two days of a question about duties may lie.
const longestDuties = 10 * 366 // days

func (s *Site) dutyList() rowList {
	return rowList{
		columns: []apiColumn{
			{"mandate", "string", false, ""},
			{"target", "string", false, ""},
			{"from", "date", true, "First day on which it can be done"},
			{"due", "date", false, ""},
			{"last_day", "date", false, "Late from the day after"},
			{"state", "string", false, "late, at_risk, open, not_expected, past_at_import, waived or done"},
			{"event", "string", false, "That opened it; empty for none"},
			{"closed_on", "date", true, ""},
			{"in_time", "boolean", true, "Null while it is open"},
		},
		query: map[string]string{"from": "First due date; a year ago when left out", "until": "Last due date; a year ahead when left out"},
		rows: func(v *visit, m mandate.Mandate) (rows [][]any, err error) {
			from, err := v.queryDate("from", v.asOf.AddMonths(-12))
			if err != nil {
				return nil, err
			}
			until, err := v.queryDate("until", v.asOf.AddMonths(12))
			if err != nil {
				return nil, err
			}
			if until.Before(from) || from.AddDays(longestDuties).Before(until) {
				return nil, badRequest("api.span", "Days", longestDuties)
			}
			questions, _, err := s.Store.Duties(v.Context(), store.DutyQuestion{Scope: access.Scope{Mandates: []int64{m.ID}}, AsOf: v.asOf, Known: v.known})
			for _, q := range withinAll(v.viewer, v, access.ViewMandate, questions) {
				q.From, q.Until = from, until
				for _, d := range duty.Of(q) {
					rows = append(rows, dutyRow(m, d))
				}
			}
			return rows, err
		},
	}
}

func dutyRow(m mandate.Mandate, d duty.Duty) []any {
	var event string
	var closedOn calendar.Date
	var inTime any
	if d.Event != nil {
		event = d.Event.Title
	}
	if d.Closing != nil {
		closedOn, inTime = d.Closing.On, d.Closing.InTime
	}
	return []any{m.Code, d.Target.Code.String(), d.From, d.Due, d.Late, string(d.State), event, closedOn, inTime}
}

// indicatorCode names an indicator among those of all mandates.
func indicatorCode(m mandate.Mandate, i indicator.Indicator) string { return m.Code + "." + i.Code }

// seriesOf reads the indicators of a mandate that the program's person sees.
func (s *Site) seriesOf(v *visit, m mandate.Mandate) (seen []*indicator.Series, err error) {
	sheets, err := s.Store.Indicators(v.Context(), store.DutyQuestion{Scope: access.Scope{Mandates: []int64{m.ID}}, AsOf: v.asOf, Known: v.known})
	if err != nil || len(sheets) == 0 {
		return nil, err
	}
	for _, one := range sheets[0].Sheet.All {
		if v.reaches(access.ViewMandate, m, one.Indicator) {
			seen = append(seen, one)
		}
	}
	return seen, nil
}

func (s *Site) indicatorList() rowList {
	return rowList{
		columns: []apiColumn{
			{"indicator", "string", false, "Its code for this interface: that of the mandate, a point, and its own"},
			{"mandate", "string", false, ""},
			{"code", "string", false, ""},
			{"objective", "string", false, "Empty when it is about the mandate as such"},
			{"kpi", "string", false, "Of the letter; empty for none"},
			{"name_nl", "string", false, ""},
			{"name_fr", "string", false, ""},
			{"unit_nl", "string", false, ""},
			{"unit_fr", "string", false, ""},
			{"direction", "string", false, "up, down, at_least, at_most or between"},
			{"target", "string", false, "That it belongs to; empty for none"},
			{"retired", "boolean", false, "It is followed no more; its figures stay"},
			{"origin", "string", false, "measured, formula, events, duties or parts_apart"},
			{"formula", "string", false, ""},
			{"cadence", "string", false, ""},
			{"minimum_group", "integer", false, "0 for no such rule"},
			{"baseline", "number", true, ""},
			{"baseline_on", "date", true, ""},
			{"goal", "number", true, "Of the last milestone"},
			{"goal_upper", "number", true, "With a direction between"},
			{"goal_on", "date", true, ""},
			{"last_value", "number", true, ""},
			{"last_on", "date", true, ""},
			{"achieved", "number", true, "Percentage of the way; null when it cannot be computed"},
			{"not_computable", "string", false, "Why there is no percentage; empty when there is"},
			{"on_path", "boolean", true, ""},
		},
		rows: func(v *visit, m mandate.Mandate) (rows [][]any, err error) {
			series, err := s.seriesOf(v, m)
			for _, one := range series {
				rows = append(rows, indicatorRow(m, one))
			}
			return rows, err
		},
	}
}

func indicatorRow(m mandate.Mandate, s *indicator.Series) []any {
	st := s.Stand()
	var goal, upper, goalOn, last, lastOn, achieved, onPath any // null
	if g := s.Goal(); g != nil {
		goal, goalOn = g.Value, g.On
		if s.Direction == indicator.Between {
			upper = g.Upper
		}
	}
	if st.Last != nil {
		last, lastOn = exactly(*st.Last), st.Last.On
	}
	if st.Achieved.Reason == indicator.Computable {
		achieved = st.Achieved.Percent
	}
	if st.Verdict != "" {
		onPath = st.Verdict == indicator.OnPath
	}
	return []any{
		indicatorCode(m, s.Indicator), m.Code, s.Code, s.Objective, s.KPICode, s.Name.NL, s.Name.FR, s.Unit.NL, s.Unit.FR,
		string(s.Direction), s.Target, s.Retired, string(s.Origin), s.Formula, string(s.Cadence), s.MinGroup, s.Baseline, s.BaselineOn,
		goal, upper, goalOn, last, lastOn, achieved, string(st.Achieved.Reason), onPath,
	}
}

// splitCode takes the code of the address apart.
func splitCode(v *visit) (mandateCode, code string) {
	mandateCode, code, _ = strings.Cut(chi.URLParam(v.Request, "code"), ".")
	return mandateCode, code
}

func (s *Site) valueList() rowList {
	return rowList{
		columns: []apiColumn{
			{"indicator", "string", false, ""},
			{"date", "date", false, ""},
			{"value", "number", true, "Null when the figure is kept back"},
			{"numerator", "number", true, ""},
			{"denominator", "number", true, ""},
			{"kept_back", "boolean", false, "The group is too small, or would tell of one that is"},
			{"path", "number", true, "Where it should be on that day; of two bounds the lower"},
			{"recorded_at", "date-time", true, "Null for a derived figure"},
		},
		of: func(v *visit) string { code, _ := splitCode(v); return code },
		rows: func(v *visit, m mandate.Mandate) (rows [][]any, err error) {
			series, err := s.seriesOf(v, m)
			if err != nil {
				return nil, err
			}
			_, code := splitCode(v)
			for _, one := range series {
				if one.Code != code {
					continue
				}
				for _, p := range one.Points {
					rows = append(rows, valueRow(m, one, p))
				}
				return rows, nil
			}
			return nil, errNotFound
		},
	}
}

// exactly gives a figure as it was given, and a computed one as it is shown.
func exactly(p indicator.Point) decimal.Decimal {
	if p.Recorded != nil && p.Recorded.Value != nil {
		return *p.Recorded.Value
	}
	return p.Value
}

func valueRow(m mandate.Mandate, s *indicator.Series, p indicator.Point) []any {
	var value, path, recorded any // null
	if !p.Hidden {
		value = exactly(p)
	}
	if at, ok := s.Path(p.On); ok {
		path = at.Value
	}
	if p.Recorded != nil {
		recorded = p.Recorded.At
	}
	return []any{indicatorCode(m, s.Indicator), p.On, value, p.Numerator, p.Denominator, p.Hidden, path, recorded}
}
