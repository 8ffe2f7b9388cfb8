package web_test

import (
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/search"
	"jalon/web"
)

// meetings gives the pages with which somebody looks things up for a meeting.
func (s sampler) meetings() []sample {
	return []sample{
		{"search", web.SearchPage(s.search(true))},
		{"search-nothing", web.SearchPage(s.search(false))},
		{"timeline", web.TimelinePage(s.timeline())},
		{"brief", web.BriefPage(s.brief(false))},
		{"brief-objective", web.BriefPage(s.brief(true))},
	}
}

func (s sampler) search(found bool) web.SearchView {
	f := s.frame("search.title")
	f.SearchURL = s.url("/search")
	v := web.SearchView{Frame: f, Query: "werkgevers", URL: s.url("/search"), Advice: "nothing"}
	if !found {
		return v
	}
	pieces := []search.Piece{{Text: "Overleg met "}, {Text: "werkgevers", Found: true}, {Text: " uit de zorg."}}
	v.Advice = ""
	v.Places = []web.FoundLine{{Kind: "target", URL: s.url("/mandates/ACT-A4/targets/S3.2-1"), Code: "SD3.2-1", Mandate: s.head().Title}}
	v.Groups = []web.SearchGroup{
		{Key: "target", More: true, MoreURL: s.url("/search?q=werkgevers&kind=target"), Lines: []web.FoundLine{{Kind: "target", URL: s.url("/mandates/ACT-A4/targets/S3.2-2"), Code: "SD3.2-2", Mandate: s.head().Title, Shared: 3, Pieces: pieces, Lang: bilingual.NL}}},
		{Key: "entry", Lines: []web.FoundLine{{Kind: "entry", URL: s.url("/mandates/ACT-A4/targets/S3.2-2#entry-7"), Code: "SD3.2-2", Mandate: s.head().Title, Status: progress.Attention, Day: day(2026, 6, 30), Who: "Dirk Voorbeeld", Pieces: pieces, Lang: bilingual.NL}}},
		{Key: "decision", Lines: []web.FoundLine{{Kind: "decision", Said: "decides", URL: s.url("/mandates/ACT-A4/monitoring/2026-H1"), Code: "SD3.2-2", Mandate: s.head().Title, Period: h1of2026, Pieces: pieces, Lang: bilingual.NL}}},
	}
	return v
}

func (s sampler) timeline() web.TimelineView {
	f := s.frame("timeline.title")
	v := web.TimelineView{
		Frame: f, Mandate: s.head(), Action: s.head().URL + "/timeline", Today: day(2026, 11, 24),
		Objectives: []web.Option{{Value: "S3", Label: "SD3"}},
		Events:     []web.TimeEvent{{From: day(2026, 5, 4), Until: day(2026, 5, 6), Title: "Studiebezoek", Lang: bilingual.NL, Kind: both("Missie", "Mission"), URL: s.url("/mandates/ACT-A4/events/1")}},
	}
	for h := (calendar.HalfYear{Year: 2024, Half: 2}); len(v.Halves) < 10; h = h.Next() {
		v.Halves = append(v.Halves, h)
	}
	v.Groups = []web.TimeGroup{{
		Code: parse("S3"), Title: both("Werkgevers beter bedienen", "Mieux servir les employeurs"), URL: s.head().URL + "/objectives/S3", Due: day(2027, 12, 31),
		Lines: []web.TimeLine{
			{Code: parse("S3.2-1"), Text: wordings[1].target, URL: s.path(parse("S3.2-1")), From: day(2025, 3, 1), Due: day(2025, 12, 31), Status: progress.Late, Deadline: monitoring.DeadlineCell{Text: both("2025", "2025")}, Duties: []web.TimeDuty{{Due: day(2025, 12, 31), State: duty.Late}}},
			{Code: parse("S3.2-2"), Text: wordings[2].target, URL: s.path(parse("S3.2-2")), Status: progress.OnTrack, Duties: []web.TimeDuty{{Due: day(2026, 6, 30), State: duty.Done}, {Due: day(2026, 12, 31), State: duty.Open}, {Due: day(2027, 6, 30), State: duty.NotExpected}}},
			{Code: parse("S3.2-3"), Text: wordings[3].target, URL: s.path(parse("S3.2-3")), Status: progress.Achieved},
		},
	}}
	return v
}

func (s sampler) brief(one bool) web.BriefView {
	f := s.frame("brief.title")
	v := web.BriefView{Frame: f, Mandate: s.head(), TargetsURL: s.head().URL + "/targets/", ObjectivesURL: s.head().URL + "/objectives/"}
	v.Downloads = []web.Download{{Format: "pdf", URL: s.head().URL + "/sheet.pdf"}}
	said := &progress.BriefSaid{Target: parse("S3.2-1"), Text: "Het akkoord is getekend.", Lang: bilingual.NL, AsOf: day(2026, 6, 30)}
	v.Brief = progress.Brief{
		Period: h2of2026, Lines: []progress.BriefLine{{Code: parse("S3"), Text: both("Werkgevers", "Employeurs"), Status: progress.Attention, Reported: 2, Owed: 3, Achieved: said}},
		Asks: []progress.BriefAsk{{BriefSaid: *said, Of: "Directieraad", By: day(2026, 12, 31)}},
	}
	v.Figures = []web.BriefFigure{{Code: parse("T5-K1"), Name: both("Ziekteverzuim", "Absentéisme"), Value: "5,2 %", Goal: "4,8 %"}}
	if one {
		v.Brief.Lines[0].Code, v.Brief.Lines[0].Text = parse("S3.2-1"), wordings[1].target
		v.Brief.Objective = &mandate.Objective{Code: parse("S3"), Title: both("Werkgevers", "Employeurs")}
	}
	return v
}
