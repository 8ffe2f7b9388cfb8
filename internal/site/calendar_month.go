package site

import (
	"cmp"
	"slices"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/web"
)

// Bounds of a page: the items of a day in the grid, and the rows of the list.
const (
	maxInCell = 4
	maxInList = 400
)

// calendarMonth lays out what the questions ask of one month.
func calendarMonth(v *visit, c calendarChoice, questions []duty.Question) web.CalendarView {
	view := web.CalendarView{
		Month: c.month, Today: v.today, PreviousURL: v.monthURL(c.month, -1), NextURL: v.monthURL(c.month, 1),
		Filter:  web.CalendarFilter{Action: v.URL.Path, Months: monthOptions(v, c.month), Kind: c.kind, State: c.state},
		Several: len(questions) > 1,
	}
	if c.month.Year != v.today.Year || c.month.Month != v.today.Month {
		view.TodayURL = v.withQuery("month", "")
	}
	for _, q := range questions {
		q.From, q.Until = c.month, c.month.EndOfMonth()
		for _, item := range calendarItems(v, q) {
			if c.shows(item) {
				view.Items = append(view.Items, item)
			}
		}
	}
	slices.SortStableFunc(view.Items, func(a, b web.CalendarItem) int {
		return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(rank(a), rank(b)))
	})
	view.Weeks = calendarWeeks(v.lang, c.month, view.Items)
	view.Total = len(view.Items)
	view.Items = view.Items[:min(len(view.Items), maxInList)]
	return view
}

// rank puts the events of a day first, then the duties with the most pressing on top.
func rank(i web.CalendarItem) int { return slices.Index(duty.States, i.State) }

// calendarItems gives the duties due in the question's days, and the events of
// which one of those days is part.
func calendarItems(v *visit, q duty.Question) []web.CalendarItem {
	var items []web.CalendarItem
	base := v.path("/mandates/" + q.Mandate.Code)
	add := func(m mandate.Mandate, i web.CalendarItem) {
		i.Mandate, i.MandateCode = m.Title, m.Code
		items = append(items, i)
	}
	for _, e := range q.Record.Events {
		if e.Cancelled() || e.Until.Before(q.From) || e.From.After(q.Until) {
			continue
		}
		add(q.Mandate, web.CalendarItem{
			Date: e.From, Until: e.Until, Title: e.Title, TitleLang: e.Lang, Kind: e.Kind.Name, Place: e.Place,
			URL: v.dated(eventPath(v, q.Mandate, e.ID)),
		})
	}
	for _, d := range duty.Of(q) {
		add(q.Mandate, web.CalendarItem{
			Date: d.Due, Until: d.Due, Code: d.Target.Code, Text: d.Target.Text, Reason: v.reason(d), State: d.State,
			URL: v.dated(base + "/targets/" + d.Target.Code.String()),
		})
	}
	return items
}

// calendarWeeks cuts a month into whole weeks, Monday first, with the items on their days.
func calendarWeeks(lang bilingual.Lang, month calendar.Date, items []web.CalendarItem) []web.CalendarWeek {
	var weeks []web.CalendarWeek
	monday, _ := calendar.Week.Period(month)
	for ; !monday.After(month.EndOfMonth()); monday = monday.AddDays(7) {
		_, number := monday.Time().ISOWeek()
		week := web.CalendarWeek{Number: number}
		for i := range week.Days {
			week.Days[i] = calendarDay(lang, monday.AddDays(i), month, items)
		}
		weeks = append(weeks, week)
	}
	return weeks
}

func calendarDay(lang bilingual.Lang, date, month calendar.Date, items []web.CalendarItem) web.CalendarDay {
	day := web.CalendarDay{Date: date, Free: !calendar.BrusselsDays.IsWorkingDay(date)}
	if nl, fr, ok := calendar.BrusselsDays.ClosingDay(date); ok {
		day.Closed = map[bilingual.Lang]string{bilingual.NL: nl, bilingual.FR: fr}[lang]
	}
	if date.Month != month.Month {
		day.Outside = true
		return day
	}
	for _, i := range items {
		if i.On(date) {
			day.Items = append(day.Items, i)
		}
	}
	if len(day.Items) > maxInCell {
		day.More = len(day.Items) - maxInCell + 1 // the last place is for the link to the others
		day.Items = day.Items[:maxInCell-1]
	}
	return day
}

// monthOptions are a year back and two ahead, and the month shown when it is none of them.
func monthOptions(v *visit, month calendar.Date) []web.Option {
	this := calendar.Date{Year: v.today.Year, Month: v.today.Month, Day: 1}
	first, last := this.AddMonths(-12), this.AddMonths(24)
	var options []web.Option
	add := func(m calendar.Date) {
		options = append(options, web.Option{Value: monthValue(m), Label: v.print.MonthOf(m)})
	}
	if month.Before(first) {
		add(month)
	}
	for m := first; !m.After(last); m = m.AddMonths(1) {
		add(m)
	}
	if month.After(last) {
		add(month)
	}
	return options
}
