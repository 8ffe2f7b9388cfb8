package web_test

import (
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/web"
)

// calendar is November 2026 with a duty in each state, and an event of three days.
func (s sampler) calendar() web.CalendarView {
	month := day(2026, 11, 1)
	v := web.CalendarView{
		Frame: s.frame("calendar.title_month", "Month", s.p.MonthOf(month)), Month: month, Today: day(2026, 11, 24), Several: true,
		PreviousURL: s.url("/calendar?month=2026-10"), NextURL: s.url("/calendar?month=2026-12"), TodayURL: s.url("/calendar"),
		Filter: web.CalendarFilter{
			Action: s.url("/calendar"), Months: []web.Option{{Value: "2026-11", Label: s.p.MonthOf(month)}},
			Mandates: []web.Option{{Value: "ACT-A4", Label: "Directeur"}, {Value: "ACT-HR", Label: "Directeur HR"}}, State: "late",
		},
		Feed: &web.FeedView{StartURL: s.url("/calendar/feed"), EndURL: s.url("/calendar/feed/revoke"), IdempotencyKey: "k9", Since: "01/11/2026 10:42", Address: "https://jalon.example/calendar/geheim.ics"},
	}
	v.Items = []web.CalendarItem{{
		Date: day(2026, 11, 9), Until: day(2026, 11, 11), Title: "Delegatie uit Wallonië", TitleLang: bilingual.NL, Kind: both("Ontvangst van een delegatie", "Accueil d’une délégation"),
		Place: "Brussel", Mandate: s.head().Title, MandateCode: "ACT-A4", URL: s.url("/mandates/ACT-A4/events/1"),
	}}
	for i, state := range duty.States {
		on := day(2026, 11, 24).AddDays(i / 4)
		v.Items = append(v.Items, web.CalendarItem{
			Date: on, Until: on, Code: parse(wordings[i].code), Text: wordings[i].target, State: state, Reason: web.Reason{Text: s.p.T("status.late")},
			Mandate: s.head().Title, MandateCode: "ACT-A4", URL: s.path(parse(wordings[i].code)),
		})
	}
	v.Total = len(v.Items)
	for first := day(2026, 10, 26); first.Before(day(2026, 12, 1)); first = first.AddDays(7) {
		_, number := first.Time().ISOWeek()
		v.Weeks = append(v.Weeks, web.CalendarWeek{Number: number, Days: s.week(first, v.Items)})
	}
	return v
}

func (s sampler) week(first calendar.Date, items []web.CalendarItem) (days [7]web.CalendarDay) {
	for i := range days {
		d := web.CalendarDay{Date: first.AddDays(i), Outside: first.AddDays(i).Month != 11}
		if d.Date == day(2026, 11, 11) {
			d.Closed, d.Free = "Wapenstilstand", true
		}
		for _, item := range items {
			if item.On(d.Date) {
				d.Items = append(d.Items, item)
			}
		}
		if len(d.Items) > 3 {
			d.Items, d.More = d.Items[:3], len(d.Items)-3
		}
		days[i] = d
	}
	return days
}

// calendarEmpty is a month of one mandate in which nothing is due.
func (s sampler) calendarEmpty() web.CalendarView {
	v, head := s.calendar(), s.head()
	v.Mandate, v.Feed, v.Items, v.Total, v.Several, v.Filter.Mandates = &head, nil, nil, 0, false, nil
	for i, w := range v.Weeks {
		v.Weeks[i].Days = s.week(w.Days[0].Date, nil)
	}
	return v
}
