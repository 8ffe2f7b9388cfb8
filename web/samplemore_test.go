package web_test

import (
	"time"

	"jalon/internal/bilingual"
	"jalon/web"
)

func calendarMonth(m int) time.Month { return time.Month(m) }

func (s sampler) due() web.DueView {
	lines := s.dueLines()
	return web.DueView{Frame: s.frame("due.title"), Today: day(2026, 11, 24), Groups: []web.DueGroup{
		{Key: "late", Lines: lines[:1]},
		{Key: "soon", Lines: lines[1:]},
		{Key: "nothing", Folded: true, Lines: []web.DueLine{{Code: parse("S1.1-1"), Text: wordings[0].target, URL: s.path(parse("S1.1-1"))}}},
	}, ReportURL: s.url("/mandates/ACT-A4/report/2026-H2")}
}

var letterCounts = web.ImportCounts{Objectives: 8, Strategic: 3, Transversal: 5, Points: 22, Targets: 28, Deadlines: 29, KPIs: 3}

func (s sampler) importForm(wrong bool) web.ImportView {
	v := web.ImportView{Frame: s.frame("import.title"), Action: s.url("/import"), Limit: 10 << 20, Institutions: []web.Option{{Value: "ACT", Label: "Actiris"}}}
	if wrong {
		v.Values.Text = "Beste,"
		v.Errors = []web.FieldError{{Field: "text", Text: s.p.T("problem.422.title")}, {Field: "file", Text: s.p.T("problem.415.title")}}
	}
	return v
}

func (s sampler) preview(known bool) web.ImportPreviewView {
	v := web.ImportPreviewView{
		Frame: s.frame("import.preview_title"), Source: "mandaat.txt", Title: s.head().Title, Rank: "A4", Counts: letterCounts, Objectives: s.objectives(),
		Action: s.url("/import/confirm"), BackURL: s.url("/import"), IdempotencyKey: "k3", Institution: "Actiris", Known: known,
		Values: web.ImportValues{Text: "Strategische doelstelling 1\n\n• Meetpunt 1.1", Institution: "ACT", Lang: "nl"},
	}
	foreign := web.Finding{Line: 12, Severity: web.SeverityWarning, Text: "‘Leefmilieu Brussel’"}
	v.Findings = []web.Finding{{Severity: web.SeverityInfo, Text: "TD5"}, foreign, {Line: 14, Severity: web.SeverityError, Text: "?"}}
	for i := 1; i <= 40; i++ {
		line := web.SourceLine{Number: i, Text: wordings[i%len(wordings)].target.NL, Code: "SD1.1-1"}
		if i == 12 {
			line.Findings = []web.Finding{foreign}
		}
		v.Lines = append(v.Lines, line)
	}
	if known {
		v.Differences = []web.Difference{
			{Code: parse("S2.1-1"), Field: s.p.T("target.title"), Lang: bilingual.NL, Before: "Een reeks diensten aanbieden.", After: wordings[1].target.NL},
			{Code: parse("S3.2-2"), Field: s.p.T("target.title"), Lang: bilingual.NL, After: wordings[3].target.NL},
		}
	}
	return v
}

func (s sampler) people(wrong bool) web.PeopleView {
	v := web.PeopleView{
		Frame: s.frame("people.title"), CreateURL: s.url("/admin/people"), IdempotencyKey: "k4",
		Roles: []web.Option{{Value: "secretary", Label: "Secretaris"}}, Scopes: []web.Option{{Value: "ACT", Label: "Actiris"}},
		People: []web.Person{
			{ID: "1", Name: "Ada Beheer", Email: demoUser("admin"), Lang: "nl", Roles: []string{"Beheerder"}, Self: true, LastSignIn: now, URL: "/nl/admin/people/1", ResetURL: "/nl/admin/people/1/reset"},
			{ID: "2", Name: "Dirk Voorbeeld", Email: demoUser("director"), Lang: "fr", Roles: []string{"Mandaathouder"}, ResetURL: "/nl/admin/people/2/reset", URL: "/nl/admin/people/2", SecondFactor: true, RemoveFactorURL: "/nl/admin/people/2/remove-factor"},
			{ID: "3", Name: "Oud Lid", Email: demoUser("former"), Lang: "nl", Disabled: true, URL: "/nl/admin/people/3"},
		},
	}
	if wrong {
		v.Values = web.PersonValues{Name: "Nieuw", Email: "geen adres", Lang: "fr"}
		v.Errors = []web.FieldError{{Field: "email", Label: s.p.T("field.email"), Text: s.p.T("login.failed")}}
		return v
	}
	v.Link = &web.PasswordLink{Name: "Dirk Voorbeeld", Email: demoUser("director"), URL: "https://jalon.example/nl/reset/kRrJ1nWyYq0cJkz3eXh9oTtV8m2bLs5dPfGa7uQw4iE", Until: now.Add(30 * time.Minute)}
	return v
}

func (s sampler) ruled() web.ProblemView {
	v := s.problem(409)
	v.Ruled, v.Detail = true, s.p.T("problem.detail.sealed")
	v.Title = v.Heading(s.p)
	return v
}

func (s sampler) problem(status int) web.ProblemView {
	f := s.frame("mandates.title")
	f.Breadcrumbs = nil
	v := web.ProblemView{Frame: f, Other: catalogues.In(s.lang.Other()), Status: status, RequestID: "01JD3K7", HomeURL: s.url("/"), BackURL: s.url("/due")}
	v.Title = v.Heading(s.p)
	if status == 429 {
		v.Minutes = 3
	}
	return v
}
