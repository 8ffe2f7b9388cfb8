package web_test

import (
	"fmt"
	"strings"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/web"
)

var objectiveTitles = map[string]bilingual.Text{
	"S1": both("Deelnemen aan een zo effectief en efficiënt mogelijke uitvoering van alle opdrachten van Actiris, zoals vastgelegd in het beheerscontract", "Participer à une mise en œuvre aussi efficace et efficiente que possible de l’ensemble des missions d’Actiris, telles que fixées dans le contrat de gestion"),
	"S2": both("Kwalitatief hoogwaardige ondersteuning bieden aan elke werkzoekende", "Offrir à chaque chercheur d’emploi un accompagnement de qualité"),
	"S3": both("De samenwerking, coördinatie en cross-functionaliteit met andere instanties verbeteren", "Améliorer la collaboration, la coordination et la transversalité avec les autres instances"),
	"T2": both("‘Personeelsontwikkeling’", "« Développement du personnel »"),
	"T4": both("‘Internationale betrekkingen, Europese aangelegenheden en ontwikkelingssamenwerking’", "« Relations internationales, affaires européennes et coopération au développement »"),
	"T5": both("‘Transversale OPTIris-doelstelling voor alle mandatarissen’", "« Objectif transversal OPTIris pour tous les mandataires »"),
}

func (s sampler) login(failed bool) web.LoginView {
	f := s.frame("login.title")
	f.Viewer, f.Menu, f.Breadcrumbs = web.Viewer{}, nil, nil
	v := web.LoginView{Frame: f, Action: s.url("/login"), Return: s.url("/due"), DemoAccounts: []web.DemoAccount{
		{Name: "Dirk Voorbeeld", Email: demoUser("director"), Password: "jalon-demo", Who: "Directeur-diensthoofd, mandaathouder"},
		{Name: "Saar Specimen", Email: demoUser("secretary"), Password: "jalon-demo", Who: "Secretaris van de Directieraad"},
		{Name: "Chloé Exemple", Email: demoUser("committee"), Password: "jalon-demo", Who: "Lid van het Directiecomité"},
	}}
	if failed {
		v.Email = "dirk@actiris.example"
		v.Errors = []web.FieldError{{Field: "email", Text: s.p.T("login.failed")}}
	}
	return v
}

func (s sampler) mandates() web.MandatesView {
	v := web.MandatesView{Frame: s.frame("mandates.title"), Day: day(2026, 11, 24), Period: h2of2026, ImportURL: s.url("/import")}
	v.Mandates = []web.MandateLine{
		{MandateHead: s.head(), RollUp: web.RollUp{Weakest: progress.Compromised, Reported: 12, Owed: 28}},
		{MandateHead: web.MandateHead{Code: "ACT-HR", URL: s.url("/mandates/ACT-HR"), Title: both("Directeur Human Resources", ""), Institution: both("Actiris", "Actiris"), Rank: "A4"}},
	}
	return v
}

func (s sampler) objectives() []web.ObjectiveBlock {
	var all []web.ObjectiveBlock
	for i, w := range wordings {
		c := parse(w.code)
		root := mandate.Code{Kind: c.Kind, Objective: c.Objective}
		if len(all) == 0 || all[len(all)-1].Code != root {
			all = append(all, web.ObjectiveBlock{
				Code: root, Title: objectiveTitles[root.String()], URL: s.url("/mandates/ACT-A4/objectives/" + root.String()),
				RollUp: web.RollUp{Weakest: w.now, Reported: 1, Owed: 3, Counts: []web.StatusCount{{Status: w.now, Count: 1}, {Status: progress.OnTrack, Count: 2}}},
			})
		}
		o := &all[len(all)-1]
		o.Points = append(o.Points, web.PointBlock{Code: c.Parent(), Text: both("De begeleiding van werkzoekenden coördineren met de monitoring door de directie Controle van de beschikbaarheid.", "Coordonner l’accompagnement des chercheurs d’emploi avec le suivi de la direction Contrôle de la disponibilité."), Targets: []web.TargetLine{
			{Code: c, Text: w.target, URL: s.path(c), Deadline: deadlineOf(i), Now: s.cell(w.now)},
		}})
	}
	d := deadlineOf(1)
	return append(all, web.ObjectiveBlock{
		Code: parse("T5"), Title: objectiveTitles["T5"], URL: s.url("/mandates/ACT-A4/objectives/T5"), Deadline: &d,
		RollUp: web.RollUp{Weakest: progress.NotReported, Owed: 3},
		KPIs: []web.KPILine{
			{Code: parse("T5-K1"), Text: both("Aantal geoptimaliseerde processen", "Nombre de processus optimisés"), Indicators: []web.IndicatorLine{s.indicatorLine()}},
			{Code: parse("T5-K2"), Text: both("Besparing in euro", "Économie en euros")},
		},
	})
}

func (s sampler) headlines() []web.Headline {
	here := s.url("/overview")
	return []web.Headline{{Key: "reported", Count: 12, Of: 28, URL: here}, {Key: "late", Count: 2, URL: here}, {Key: "compromised", Count: 1, URL: here}, {Key: "support_needed", Count: 1, URL: here}, {Key: "achieved", Count: 5, URL: here}, {Key: "due_soon", Count: 9, URL: here}}
}

func (s sampler) dueLines() []web.DueLine {
	return []web.DueLine{
		{Code: parse("S2.1-1"), Text: wordings[1].target, Mandate: s.head().Title, Reason: web.Reason{Text: s.p.T("status.late")}, Due: day(2025, 12, 31), Days: -328, State: duty.Late, More: 2, URL: s.path(parse("S2.1-1")), CloseURL: s.url("/mandates/ACT-A4/report/2026-H2")},
		{Code: parse("T4.3-1"), Text: wordings[6].target, Due: day(2026, 12, 15), Days: 21, State: duty.Open, Event: true, URL: s.path(parse("T4.3-1")), CloseURL: s.dutyLine(duty.Open).URL},
		{Code: parse("T2.2-1"), Text: wordings[4].target, Due: day(2026, 11, 24), Days: 0, State: duty.AtRisk, URL: s.path(parse("T2.2-1"))},
	}
}

func (s sampler) mandate() web.MandateView {
	f := s.frame("mandates.title")
	f.Title = "Directeur-diensthoofd"
	f.Notice = &web.Notice{Kind: web.NoticeDone, Text: s.p.T("report.saved_at", "Time", "10:42")}
	return web.MandateView{
		Frame: f, Mandate: s.head(), Day: day(2026, 11, 24), Period: h2of2026, Headlines: s.headlines(), Due: s.dueLines(), DueURL: s.url("/due"),
		Objectives: s.objectives(), ReportURL: s.url("/mandates/ACT-A4/report/2026-H2"), MonitoringURL: s.url("/mandates/ACT-A4/monitoring/2026-H2"),
	}
}

func (s sampler) past(v web.MandateView) web.MandateView {
	v.Notice, v.AsOf, v.NowURL, v.ReportURL, v.Due = nil, day(2025, 3, 31), v.Mandate.URL, "", nil
	return v
}

func (s sampler) objective() web.ObjectiveView {
	f := s.frame("mandates.title")
	f.Title = s.p.Code(parse("T4"))
	return web.ObjectiveView{
		Frame: f, Mandate: s.head(), Objective: s.objectives()[4],
		Context: []bilingual.Text{both("Het gewest neemt deel aan de Europese besluitvorming.", "La Région participe à la prise de décision européenne.")},
		Goals:   []bilingual.Text{both("Richtlijnen tijdig omzetten.", "Transposer les directives à temps."), both("Delegaties goed ontvangen.", "")},
	}
}

func (s sampler) target() web.TargetView {
	c := parse("S3.2-2")
	older := s.entry(40)
	older.AsOf, older.CorrectionReason = day(2025, 12, 31), ""
	newer := s.entry(41)
	newer.Supersedes, newer.CorrectionReason = 40, "Percentage verkeerd overgenomen."
	return web.TargetView{
		Frame: s.frame("target.title"), Mandate: s.head(), Code: c, Text: wordings[3].target, Since: day(2025, 3, 1),
		Objective: web.Ancestor{Code: parse("S3"), Text: objectiveTitles["S3"], URL: s.url("/mandates/ACT-A4/objectives/S3")},
		Point:     web.Ancestor{Code: parse("S3.2"), Text: both("De begeleiding coördineren.", "Coordonner l’accompagnement.")},
		Wordings:  []web.Wording{{From: day(2024, 7, 1), Until: day(2025, 2, 28), Text: both("Procedures monitoren.", "Suivre les procédures.")}},
		Deadline:  deadlineOf(6), Now: s.cell(progress.SupportNeeded), ReportURL: s.url("/mandates/ACT-A4/report/2026-H2"),
		Parts:    []web.DeadlinePart{{Words: wordings[6].read.In(s.lang)}, {Words: wordings[0].read.In(s.lang), Next: day(2026, 12, 15)}},
		CheckURL: s.path(c) + "/deadline",
		Missed:   []web.DutyLine{s.dutyLine(duty.Late), s.dutyLine(duty.PastAtImport)},
		Coming:   []web.DutyLine{s.dutyLine(duty.Open)},
		Events:   s.events(), EventsURL: s.url("/mandates/ACT-A4/events"),
		History:    []web.HistoryEntry{{Cell: monitoring.Cell{Status: progress.SupportNeeded, Entry: newer}}, {Cell: monitoring.Cell{Status: progress.Attention, Entry: older}, SupersededBy: 41}},
		Addressees: []string{"Directieraad"},

		PreviousCode: parse("S3.2-1"), PreviousURL: s.path(parse("S3.2-1")), NextCode: parse("S3.3-1"), NextURL: s.path(parse("S3.3-1")),
	}
}

func (s sampler) emptyTarget() web.TargetView {
	v := s.target()
	v.History, v.Now, v.Missed, v.Coming, v.Wordings, v.CheckURL = nil, monitoring.Cell{Status: progress.NotReported}, nil, nil, nil, ""
	v.Events, v.EventsURL = nil, ""
	return v
}

func (s sampler) reportRow(i int) web.ReportRow {
	w := wordings[i]
	c := parse(w.code)
	r := web.ReportRow{
		Code: c, Text: w.target, URL: s.path(c), Deadline: deadlineOf(i), Late: w.now == progress.Late,
		Point:          web.Ancestor{Code: c.Parent(), Text: both("Op maat gemaakte ondersteuningsmodaliteiten invoeren.", "Mettre en place des modalités d’accompagnement sur mesure.")},
		PreviousPeriod: h1of2026, Previous: s.cell(w.now), Version: "3", Owed: true,
	}
	if w.now == progress.Late {
		r.Previous.Status = progress.Attention
	}
	if i%2 == 0 {
		r.Values = web.ReportValues{Status: progress.OnTrack, Achieved: "Zes modules aangeboden in alle antennes sinds 1 oktober.", NextSteps: "Evaluatie met de antennes in februari."}
	}
	if i == 6 {
		for m := 7; m <= 12; m++ {
			r.Duties = append(r.Duties, monitoring.Duty{Due: day(2026, calendarMonth(m), 15)})
		}
		r.Duties = append(r.Duties, monitoring.Duty{Due: day(2026, 12, 31)}, monitoring.Duty{Due: day(2026, 12, 31)})
	}
	return r
}

func (s sampler) report(wrong bool) web.ReportView {
	v := web.ReportView{
		Frame: s.frame("report.title", "Period", s.p.HalfYear(h2of2026)), Mandate: s.head(), DueBy: day(2027, 1, 10), OnBehalfOf: "Dirk Voorbeeld",
		Action: s.url("/mandates/ACT-A4/report/2026-H2"), DraftURL: s.url("/mandates/ACT-A4/report/2026-H2/draft"),
		IdempotencyKey: "3f0c", Owed: 7, SavedAt: now,
	}
	for i, w := range wordings {
		c := parse(w.code)
		root := mandate.Code{Kind: c.Kind, Objective: c.Objective}
		if w.now == progress.Achieved {
			v.Closed = append(v.Closed, s.reportRow(i))
			continue
		}
		if len(v.Groups) == 0 || v.Groups[len(v.Groups)-1].Code != root {
			v.Groups = append(v.Groups, web.ReportGroup{Code: root, Title: objectiveTitles[root.String()]})
		}
		g := &v.Groups[len(v.Groups)-1]
		g.Rows = append(g.Rows, s.reportRow(i))
	}
	if wrong {
		s.spoil(&v)
	}
	return v
}

// spoil gives the report a missing answer, a wrong number and a conflict.
func (s sampler) spoil(v *web.ReportView) {
	support, number := parse("S3.2-2"), parse("T2.2-1")
	v.Errors = []web.FieldError{
		{Field: web.ReportField(support, "support_of"), Label: s.p.Code(support), Text: s.p.T("field.support_of")},
		{Field: web.ReportField(number, "percentage"), Label: s.p.Code(number), Text: s.p.T("error.number.invalid")},
		{Field: web.ReportField(number, "status"), Label: s.p.Code(number), Text: s.p.T("report.question")},
	}
	v.Groups[2].Rows[0].Values = web.ReportValues{Status: progress.SupportNeeded, Achieved: "Procedures bijgesteld na de audit.", SupportAsked: "Toegang tot de dossiers"}
	v.Groups[3].Rows[0].Values = web.ReportValues{Percentage: "twaalf"}
	v.Groups[3].Rows[0].Unit = "%"
	first := &v.Groups[0].Rows[0]
	first.Conflict = &web.Conflict{By: "Gaëlle Delegué", At: now, Joined: []string{"next_steps"}, Fields: []web.ConflictField{
		{Name: "status", TheirStatus: progress.Attention, YourStatus: progress.OnTrack, Theirs: "attention", Yours: "on_track"},
		{Name: "achieved", Theirs: "Scorebord maandelijks besproken.", Yours: "Scorebord tweemaandelijks besproken.", Joinable: true},
		{Name: "percentage", Yours: "40"},
	}}
	first.Measured = true
	first.Chosen = []web.ChosenLine{{Detach: "detach S1.1-1 3", Name: "verslag.pdf", Note: "pdf"}, {Detach: "detach S1.1-1 4", Name: "Beheerscontract", URL: "https://actiris.example/contract"}}
	first.Files = []web.EvidenceLine{{Name: "scorebord.xlsx", Kind: "xlsx", Bytes: 20480, URL: s.url("/mandates/ACT-A4/evidence/1")}}
	first.Links = []web.Link{{Label: "Jaarverslag", URL: "https://actiris.example/jaarverslag"}}
	first.Replaced = []web.ReplacedText{{By: "Dirk Voorbeeld", At: now, Values: web.ReportValues{Status: progress.OnTrack, Achieved: "Eerste tekst."}}}
	first.RecordedAt, first.Correction = now, web.CorrectionAsk{Shown: true, Required: true}
	v.FormURL, v.PasteURL = s.url("/mandates/ACT-A4/report/2026-H2/form.xlsx"), s.url("/mandates/ACT-A4/report/2026-H2/paste")
	v.Groups[0].Rows[0].Recorded = true
}

func (s sampler) monitoring(sealed bool) web.MonitoringView {
	f := s.frame("monitoring.title", "Period", s.p.HalfYear(h1of2026))
	v := web.MonitoringView{
		Frame: f, Mandate: s.head(), Reported: 7, Owed: 8, SealURL: s.url("/mandates/ACT-A4/monitoring/2026-H1/seal"),
		Table: monitoring.Table{
			Period: h1of2026, AsOf: h1of2026.End(), Body: monitoring.Body{Code: "DR", Name: both("Directieraad", "Conseil de direction")},
			Mandate:  monitoring.Mandate{Code: "ACT-A4", Rank: "A4", Title: s.head().Title},
			Previous: &monitoring.Reference{Number: "DR-2025-H2-001", Version: 1, SHA256: strings.Repeat("5f0c9a41", 8), Period: calendar.HalfYear{Year: 2025, Half: 2}},
		},
		Periods: []web.PeriodLink{
			{Period: calendar.HalfYear{Year: 2025, Half: 2}, State: "sealed", URL: s.url("/mandates/ACT-A4/monitoring/2025-H2")},
			{Period: h1of2026, State: "grace", URL: s.url("/mandates/ACT-A4/monitoring/2026-H1"), Current: true},
			{Period: h2of2026, State: "collecting", URL: s.url("/mandates/ACT-A4/monitoring/2026-H2")},
		},
	}
	for _, format := range []string{"xlsx", "docx", "pdf", "csv", "json"} {
		v.Downloads = append(v.Downloads, web.Download{Format: format, URL: s.url("/mandates/ACT-A4/monitoring/2026-H1." + format)})
	}
	for i, w := range wordings {
		row := monitoring.Row{Code: parse(w.code), Target: w.target, Deadline: deadlineOf(i), Then: s.cell(progress.OnTrack), Now: s.cell(w.now)}
		row.Trend = monitoring.TrendOf(row.Then.Status, row.Now.Status)
		if w.now == progress.NotReported {
			row.Then, row.Trend = monitoring.Cell{}, monitoring.None
			row.Missed = []monitoring.Duty{{Due: day(2026, 4, 15)}, {Due: day(2026, 5, 15)}}
		}
		v.Table.Rows = append(v.Table.Rows, row)
	}
	if sealed {
		v.SealURL = ""
		v.Seal = &monitoring.Seal{
			Sealing: monitoring.Sealing{Number: "DR-2026-H1-001", Version: 2, SealedAt: now, SealedBy: "Saar Specimen", Reason: "Erratum bij TD2.2-1"},
			SHA256:  strings.Repeat("a91c03f7", 8), KeyID: "7A31C0DE12345678", PublicKey: "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3",
		}
		v.SealedPast = []monitoring.Reference{{Number: "DR-2026-H1-001", Version: 1, SHA256: strings.Repeat("0b", 32), Period: h1of2026}}
	}
	return v
}

func (s sampler) seal() web.SealView {
	return web.SealView{
		Frame: s.frame("seal.title"), Mandate: s.head(), Period: h1of2026, Body: both("Directieraad", "Conseil de direction"), AsOf: h1of2026.End(),
		Number: "DR-2026-H1-001", Rows: 28, Reported: 26, Owed: 28, Action: s.url("/x"), CancelURL: s.url("/y"), IdempotencyKey: "k2",
		Missing:  []web.Ancestor{{Code: parse("T4.3-1"), Text: wordings[6].target, URL: s.path(parse("T4.3-1"))}},
		Previous: &monitoring.Reference{Number: "DR-2025-H2-001", Period: calendar.HalfYear{Year: 2025, Half: 2}},
	}
}

func (s sampler) figures() (all []web.Headline) {
	for i, show := range []string{"reported", "silent", "late", "compromised", "support", "achieved", "due"} {
		all = append(all, web.Headline{Key: "of." + show, Count: i, Of: 28, URL: s.url("/overview/targets?show=" + show), Show: show})
	}
	return all
}

// changes is what changed in a while, with one of everything.
func (s sampler) changes() web.ChangesView {
	v := web.ChangesView{
		Frame: s.frame("changes.title"), Since: day(2026, 3, 12), Until: day(2026, 6, 30), Action: s.url("/overview/changes"), More: 3,
		Said:   []web.OfMandate[web.MoveLine]{{Mandate: s.head(), Lines: []web.MoveLine{{Code: parse("S3.2-2"), Text: wordings[0].target, Before: progress.OnTrack, Now: progress.SupportNeeded, URL: s.path(parse("S3.2-2"))}}}},
		Fallen: []web.OfMandate[web.MoveLine]{{Mandate: s.head(), Lines: []web.MoveLine{{Code: parse("T4.3-1"), Text: wordings[6].target, Before: progress.Attention, Now: progress.Late, URL: s.path(parse("T4.3-1"))}}}},
	}
	for _, kind := range []string{"support", "question", "answer", "amendment", "erratum"} {
		l := web.HappenedLine{Mandate: s.head().Title, At: now, By: "Saar Specimen", Day: day(2026, 7, 1), Words: "Extra personeel", Lang: bilingual.NL, Answer: "de Directieraad", AnswerLang: bilingual.NL, URL: s.url("/x")}
		if kind != "amendment" {
			l.Code = parse("S3.2-2")
		}
		v.Happened = append(v.Happened, web.HappenedGroup{Kind: kind, Lines: []web.HappenedLine{l}})
	}
	return v
}

func (s sampler) behind() web.OverviewTargetsView {
	return web.OverviewTargetsView{
		Frame: s.frame("overview.list.late"), Day: day(2026, 6, 30), Total: 1, Pages: web.Pages{Number: 1, Last: 1},
		Rows: []web.OfMandate[web.OverviewTargetRow]{{Mandate: s.head(), Lines: []web.OverviewTargetRow{{Code: parse("S3.2-2"), Text: wordings[0].target, Status: progress.Late, Due: day(2026, 3, 31), URL: s.path(parse("S3.2-2"))}}}},
	}
}

func (s sampler) transversal() web.TransversalView {
	f := s.frame("transversal.title", "Code", s.p.Code(parse("T4")))
	return web.TransversalView{
		Frame: f, Code: parse("T4"), Day: day(2026, 6, 30), Weakest: progress.Late, Reported: 1, Owed: 2, Total: 1, Pages: web.Pages{Number: 1, Last: 1},
		Texts: []web.SharedText{{Title: both("Interne controle", "Contrôle interne"), Context: []bilingual.Text{both("Context", "Contexte")}, Goals: []bilingual.Text{both("Doel", "But")}, Of: []bilingual.Text{s.head().Title}}},
		Contributions: []web.Contribution{{
			ID: "ACT-001", Mandate: s.head().Title, Institution: both("Actiris", "Actiris"), Holder: "Dirk Voorbeeld", URL: s.url("/mandates/ACT-001/objectives/T4"),
			Status: progress.Late, Reported: 1, Owed: 2, Trend: monitoring.Down,
			Targets: []web.ContributionTarget{{Code: parse("T4.3-1"), Text: wordings[6].target, Status: progress.Late, URL: s.path(parse("T4.3-1"))}},
		}},
	}
}

func (s sampler) overview(rows int) web.OverviewView {
	f := s.frame("overview.title")
	f.AsOf, f.NowURL = day(2026, 6, 30), s.url("/overview")
	v := web.OverviewView{
		Frame: f, Period: h1of2026, Day: day(2026, 6, 30), Since: day(2026, 3, 12), ByMandate: s.url("/overview"), ByInstitution: s.url("/overview?by=institution"), ChangesURL: s.url("/overview/changes"), Compared: calendar.HalfYear{Year: 2025, Half: 2},
		Headlines: s.figures(), Total: 14,
		Filter: web.OverviewFilter{Action: s.url("/overview"), Institution: "ACT", Sort: "weakest", AsOf: "30/06/2026", Institutions: []web.Option{{Value: "ACT", Label: "Actiris"}}},
	}
	for _, c := range []string{"S1", "S2", "S3", "S4", "T1", "T2", "T3", "T4", "T5"} {
		v.Columns = append(v.Columns, web.OverviewColumn{Label: s.p.Code(parse(c)), Suffix: "/objectives/" + c})
	}
	v.Columns[4].URL = s.url("/overview/objectives/T1")
	statuses := append([]progress.Status{progress.NotReported, progress.Late, progress.NotExpected}, progress.Entered...)
	trends := []monitoring.Trend{monitoring.Up, monitoring.Same, monitoring.Down, monitoring.None}
	for i := range rows {
		row := web.OverviewRow{
			ID: fmt.Sprintf("ACT-%03d", i), URL: s.url(fmt.Sprintf("/mandates/ACT-%03d", i)), Link: s.url(fmt.Sprintf("/mandates/ACT-%03d", i)), Title: s.head().Title,
			About: web.OverviewAbout{Institution: "Actiris", Holder: "Dirk Voorbeeld", Mandates: 1, Silent: day(2025, 12, 31), Never: i%4 == 0},
		}
		if i%3 == 1 {
			row.Title, row.About.Holder = both("Partnerschappen & netwerk", ""), ""
		}
		for j := range v.Columns {
			cell := web.OverviewCell{Status: statuses[(i*3+j*5)%len(statuses)], Reported: (i + j) % 5, Owed: 4, Trend: trends[(i+j)%4]}
			if j == 3 && i%2 == 0 {
				cell = web.OverviewCell{}
			}
			row.Cells = append(row.Cells, cell)
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}
