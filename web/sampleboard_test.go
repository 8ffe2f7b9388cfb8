package web_test

import (
	"strings"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/duty"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/web"
)

// boards are the pages of a body.
func (s sampler) boards() []sample {
	empty := web.BoardView{Frame: s.frame("board.list"), Board: s.board(), Day: day(2026, 11, 24), CalendarURL: s.url("/bodies/ACTIRIS-CSO/calendar"), Pages: web.Pages{Number: 1, Last: 1}}
	return []sample{
		{"boards", web.BoardsPage(web.BoardsView{Frame: s.frame("board.list"), Boards: []web.BoardHead{s.board()}})},
		{"board", web.BoardPage(s.boardPage())},
		{"board-empty", web.BoardPage(empty)},
		{"board-table", web.BoardTablePage(s.boardTable())},
		{"meeting", web.MeetingPage(s.meeting(false, false))},
		{"meeting-row", web.MeetingPage(s.meeting(true, false))},
		{"meeting-error", web.MeetingPage(s.meeting(true, true))},
		{"question", web.QuestionPage(s.question(nil))},
		{"question-answered", web.QuestionPage(s.question(&duty.Reply{Text: "In maart.", Lang: bilingual.NL, By: "Dalila Steekproef", OnBehalfOf: "Dirk Voorbeeld", At: now}))},
		{"addressees", web.AddresseesPage(s.addressees(false))},
		{"addressees-error", web.AddresseesPage(s.addressees(true))},
		{"addressees-empty", web.AddresseesPage(web.AddresseesView{Frame: s.frame("addressee.title", "Code", "X"), Mandate: s.head(), Code: parse("S3.3-1"), Text: wordings[0].target, TargetURL: s.url("/mandates/ACT-A4/targets/S3.3-1")})},
	}
}

func (s sampler) board() web.BoardHead {
	return web.BoardHead{Name: both("Comité voor Strategische Ontwikkeling", "Comité de développement stratégique"), Institution: both("Actiris", "Actiris"), URL: s.url("/bodies/ACTIRIS-CSO")}
}

func (s sampler) questions() []web.QuestionLine {
	asked := monitoring.Decision{ID: 1, Code: parse("S3.2-1"), Period: h1of2026, Kind: monitoring.Asks, Text: "Wanneer is het protocol getekend?", Lang: bilingual.NL, Due: day(2026, 12, 15), By: "Saar Specimen", At: now}
	answered := asked
	answered.Answer = &duty.Reply{Text: "Le 3 novembre.", Lang: bilingual.FR, By: "Dirk Voorbeeld", At: now}
	url := s.url("/mandates/ACT-A4/questions/1")
	return []web.QuestionLine{{Decision: asked, Mandate: s.head().Title, URL: url, Late: true}, {Decision: answered, Mandate: s.head().Title, URL: url}}
}

func (s sampler) boardPage() web.BoardView {
	v := web.BoardView{
		Frame: s.frame("board.list"), Board: s.board(), Day: day(2026, 11, 24), CalendarURL: s.url("/bodies/ACTIRIS-CSO/calendar"), Questions: s.questions()[:1], Mandates: 30,
		Pages: web.Pages{Number: 2, Last: 3, PreviousURL: s.url("/bodies/ACTIRIS-CSO?page=1"), NextURL: s.url("/bodies/ACTIRIS-CSO?page=3")},
	}
	for _, p := range []string{"2026-H2", "2026-H1"} {
		v.Tables = append(v.Tables, web.BoardTableLink{Period: h1of2026, TableURL: s.url("/bodies/ACTIRIS-CSO/monitoring/" + p), MeetingURL: s.url("/bodies/ACTIRIS-CSO/meeting/" + p)})
	}
	g := web.BoardGroup{Code: "ACT-A4", Title: s.head().Title, Holder: "Dirk Voorbeeld", URL: s.head().URL, TableURL: s.url("/bodies/ACTIRIS-CSO/monitoring/2026-H2?mandate=ACT-A4"), RollUp: web.RollUp{Weakest: progress.Attention, Reported: 1, Owed: 2}}
	for _, w := range wordings[:2] {
		g.Rows = append(g.Rows, web.BoardRow{Code: parse(w.code), Text: w.target, URL: s.url("/mandates/ACT-A4/targets/" + w.code), StepsURL: s.url("/mandates/ACT-A4/targets/" + w.code + "/addressees"), Status: w.now, Trend: monitoring.Up, Due: day(2026, 12, 31)})
	}
	v.Groups = []web.BoardGroup{g}
	return v
}

func (s sampler) boardTable() web.BoardTableView {
	t := s.monitoring(false)
	t.TargetsURL = s.url("/mandates/ACT-A4/targets/")
	row := &t.Table.Rows[0]
	row.Evidence = []monitoring.Proof{{Name: "verslag.pdf", SHA256: strings.Repeat("ab", 32)}, {SHA256: strings.Repeat("cd", 32), Confidential: true}}
	row.Decisions = []monitoring.Decision{
		{Kind: monitoring.Noted, Lang: bilingual.NL, By: "Saar Specimen", At: now},
		s.questions()[0].Decision,
		{Kind: monitoring.Decides, Text: "Het traject loopt door.", Lang: bilingual.NL, By: "Saar Specimen", At: now},
	}
	return web.BoardTableView{
		Frame: s.frame("board.table_title", "Period", s.p.HalfYear(h2of2026), "Body", s.board().Name.In(s.lang)), Board: s.board(), AsOf: day(2026, 11, 24),
		MeetingURL: s.url("/bodies/ACTIRIS-CSO/meeting/2026-H2"), AllURL: s.url("/bodies/ACTIRIS-CSO/monitoring/2026-H2"), Questions: s.questions(), Mandates: 2, Pages: web.Pages{Number: 1, Last: 1},
		Support: []web.SupportLine{{Code: parse("S2.1-1"), Mandate: s.head().Title, URL: s.url("/mandates/ACT-A4/targets/S2.1-1"), Asked: "Een protocol", Of: "Directieraad", By: day(2027, 3, 31), Lang: bilingual.NL}},
		Tables:  []web.MonitoringView{t},
	}
}

func (s sampler) meeting(row, wrong bool) web.MeetingView {
	t := s.boardTable().Tables[0].Table
	here := s.url("/bodies/ACTIRIS-CSO/meeting/2026-H2")
	v := web.MeetingView{Frame: s.frame("meeting.title", "Body", "Directieraad"), Board: s.board(), Period: h2of2026, AsOf: day(2026, 11, 24), TableURL: s.url("/bodies/ACTIRIS-CSO/monitoring/2026-H2"), Questions: s.questions(), Pages: web.Pages{Number: 1, Last: 1}}
	part := web.MeetingPart{Title: s.head().Title, Holder: "Dirk Voorbeeld"}
	for _, r := range t.Rows {
		part.Rows = append(part.Rows, web.MeetingLine{Row: r, URL: here + "?mandate=ACT-A4&target=" + r.Code.String()})
	}
	v.Parts = []web.MeetingPart{part}
	if !row {
		return v
	}
	v.Row, v.Mandate, v.Holder, v.Then, v.At, v.Of = &t.Rows[0], s.head().Title, "Dirk Voorbeeld", t.Previous, 1, len(t.Rows)
	v.TargetURL, v.ListURL, v.PreviousURL, v.NextURL, v.Action = s.url("/mandates/ACT-A4/targets/S1.1-1"), here, here+"?mandate=A&target=S1.1-1", here+"?mandate=A&target=S1.1-2", here
	v.IdempotencyKey, v.Values = "k20", web.DecisionValues{Mandate: "ACT-A4", Target: "S1.1-1", Kind: "asks", Text: "Wanneer?"}
	if wrong {
		v.Errors = []web.FieldError{{Field: "due", Text: s.p.T("decision.due_missing")}}
	}
	return v
}

func (s sampler) question(r *duty.Reply) web.QuestionView {
	v := web.QuestionView{
		Frame: s.frame("question.title", "Code", "SD3.2-1", "Body", "Directieraad"), Mandate: s.head(), Code: parse("S3.2-1"), Text: wordings[0].target, TargetURL: s.url("/mandates/ACT-A4/targets/S3.2-1"),
		Ask: duty.Ask{ID: 1, Body: s.board().Name, Period: h1of2026, Text: "Wanneer is het protocol getekend?", Lang: bilingual.NL, Due: day(2026, 12, 15), By: "Saar Specimen", At: now, Reply: r},
	}
	if r == nil {
		v.Action, v.IdempotencyKey, v.OnBehalfOf, v.Late = s.url("/mandates/ACT-A4/questions/1/answer"), "k21", "Dirk Voorbeeld", true
	}
	return v
}

func (s sampler) addressees(wrong bool) web.AddresseesView {
	page := s.url("/mandates/ACT-A4/targets/S3.3-2/addressees")
	v := web.AddresseesView{
		Frame: s.frame("addressee.title", "Code", "SD3.3-2"), Mandate: s.head(), Code: parse("S3.3-2"), Text: wordings[0].target, TargetURL: s.url("/mandates/ACT-A4/targets/S3.3-2"),
		Action: page, Bodies: somebody, Before: somebody, New: web.AddresseeValues{From: "24/11/2026"}, IdempotencyKey: "k22", Open: "1", GivenOn: "24/11/2026",
		Steps: []web.AddresseeLine{
			{
				ID: "1", Body: both("Directiecomité", "Comité de direction"), Form: "report", Cadence: "year", From: day(2025, 1, 1), SetBy: "Saar Specimen", SetAt: now.Add(-time.Hour), InForce: true,
				Given: []web.GivenLine{{Covers: "2025", On: day(2026, 3, 9), By: "Saar Specimen"}}, GiveURL: page + "/1/given", EndURL: page + "/1/end", Choices: []web.Option{{Value: "2026", Label: "2026"}},
			},
			{ID: "2", Body: both("Toezichthoudende minister", "Ministre de tutelle"), External: true, Form: "report", Cadence: "year", After: both("Directiecomité", "Comité de direction"), From: day(2025, 1, 1), InForce: true, Waits: true, OpenURL: page + "?step=2#step-2"},
			{ID: "3", Body: s.board().Name, Form: "note", Cadence: "occasion", From: day(2024, 1, 1), Until: day(2024, 12, 31)},
		},
	}
	if wrong {
		v.Errors = []web.FieldError{{Field: "given_on", Text: s.p.T("transmission.future")}}
	}
	return v
}
