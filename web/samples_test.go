package web_test

import (
	"fmt"
	"time"

	"github.com/a-h/templ"
	"github.com/shopspring/decimal"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/web"
)

// sample is one page with invented but plausible values, as a test draws it.
type sample struct {
	Name string
	Page templ.Component
}

var (
	catalogues = locale.MustLoad()
	assets     = mustAssets()
	day        = calendar.MustDate
	h1of2026   = calendar.HalfYear{Year: 2026, Half: 1}
	h2of2026   = calendar.HalfYear{Year: 2026, Half: 2}
	now        = time.Date(2026, 11, 24, 9, 42, 0, 0, time.UTC)
)

func mustAssets() *web.Assets {
	a, err := web.LoadAssets()
	if err != nil {
		panic(err)
	}
	return a
}

// samples gives every page in one language, filled, empty and with errors.
func samples(lang bilingual.Lang) []sample {
	s := sampler{lang: lang, p: catalogues.In(lang)}
	return append(append(append(append(append(s.account(), s.boards()...), s.indicators()...), s.tokens()...), s.meetings()...), []sample{
		{"login", web.LoginPage(s.login(false))},
		{"login-error", web.LoginPage(s.login(true))},
		{"mandates", web.MandatesPage(s.mandates())},
		{"mandates-empty", web.MandatesPage(web.MandatesView{Frame: s.frame("mandates.title"), Day: day(2026, 11, 24), Period: h2of2026})},
		{"mandate", web.MandatePage(s.mandate())},
		{"mandate-past", web.MandatePage(s.past(s.mandate()))},
		{"objective", web.ObjectivePage(s.objective())},
		{"target", web.TargetPage(s.target())},
		{"target-empty", web.TargetPage(s.emptyTarget())},
		{"report", web.ReportPage(s.report(false))},
		{"report-error", web.ReportPage(s.report(true))},
		{"monitoring", web.MonitoringPage(s.monitoring(true))},
		{"monitoring-draft", web.MonitoringPage(s.monitoring(false))},
		{"seal", web.SealPage(s.seal())},
		{"overview", web.OverviewPage(s.overview(14))},
		{"overview-empty", web.OverviewPage(s.overview(0))},
		{"overview-targets", web.OverviewTargetsPage(s.behind())},
		{"changes", web.ChangesPage(s.changes())},
		{"transversal", web.TransversalPage(s.transversal())},
		{"due", web.DuePage(s.due())},
		{"due-delegate", web.DuePage(s.dueForAnother())},
		{"monitoring-part", web.MonitoringPage(s.partOfTable())},
		{"delegations", web.DelegationsPage(s.delegations(false))},
		{"delegations-error", web.DelegationsPage(s.delegations(true))},
		{"delegations-empty", web.DelegationsPage(web.DelegationsView{Frame: s.frame("delegation.title"), Mandate: s.head()})},
		{"due-empty", web.DuePage(web.DueView{Frame: s.frame("due.title"), Today: day(2026, 11, 24)})},
		{"calendar", web.CalendarPage(s.calendar())},
		{"calendar-empty", web.CalendarPage(s.calendarEmpty())},
		{"events", web.EventsPage(s.register(false))},
		{"events-error", web.EventsPage(s.register(true))},
		{"events-empty", web.EventsPage(web.EventsView{Frame: s.frame("event.register"), Mandate: s.head()})},
		{"event", web.EventPage(s.event(false))},
		{"event-cancelled", web.EventPage(s.event(true))},
		{"event-import", web.EventImportPage(s.eventImport(false))},
		{"event-import-error", web.EventImportPage(s.eventImport(true))},
		{"event-preview", web.EventPreviewPage(s.eventPreview(false))},
		{"event-preview-error", web.EventPreviewPage(s.eventPreview(true))},
		{"event-preview-known", web.EventPreviewPage(s.eventPreviewKnown())},
		{"duty", web.DutyPage(s.duty(duty.Late))},
		{"duty-done", web.DutyPage(s.duty(duty.Done))},
		{"import", web.ImportPage(s.importForm(false))},
		{"import-error", web.ImportPage(s.importForm(true))},
		{"import-preview", web.ImportPreviewPage(s.preview(false))},
		{"import-differences", web.ImportPreviewPage(s.preview(true))},
		{"password", web.PasswordPage(web.PasswordView{Frame: s.frame("signin.password.title"), Action: s.url("/password"), IdempotencyKey: "k5"})},
		{"kept", web.KeptFormPage(web.KeptFormView{Frame: s.frame("signin.kept.title"), Action: s.url("/due"), Fields: []web.KeptField{{Name: "idempotency_key", Value: "k6"}}})},
		{"people", web.PeoplePage(s.people(false))},
		{"people-error", web.PeoplePage(s.people(true))},
		{"preferences", web.PreferencesPage(web.PreferencesView{Frame: s.frame("preferences.title"), Action: s.url("/preferences"), Lang: "nl", Digest: "on", AccountURL: s.url("/account"), DataURL: s.url("/preferences/data"), IdempotencyKey: "k7"})},
		{"login-provider", web.LoginPage(s.loginAtProvider(false, false))},
		{"login-provider-kept", web.LoginPage(s.loginAtProvider(true, false))},
		{"login-emergency", web.LoginPage(s.loginAtProvider(false, true))},
		{"signon-unknown", web.SignOnProblemPage(s.signOnProblem("unknown"))},
		{"signon-unavailable", web.SignOnProblemPage(s.signOnProblem("unavailable"))},
		{"own-identity", web.OwnIdentityPage(s.ownIdentity(nil, true))},
		{"own-identity-linked", web.OwnIdentityPage(s.ownIdentity(&linked, true))},
		{"own-identity-only-door", web.OwnIdentityPage(s.ownIdentity(&linked, false))},
		{"identity", web.IdentityPage(s.identity(nil))},
		{"identity-linked", web.IdentityPage(s.identity(&linked))},
		{"retention", web.RetentionPage(s.retention(true))},
		{"retention-read", web.RetentionPage(s.retention(false))},
		{"exports", web.ExportsPage(s.exports())},
		{"exports-empty", web.ExportsPage(web.ExportsView{Frame: s.frame("export_job.list")})},
		{"export-offer", web.ExportOfferPage(web.ExportOfferView{Frame: s.frame("export_job.order"), Rows: 812, Order: s.exportOrder(), BackURL: s.url("/bodies/ACT-DR")})},
		{"export-waiting", web.ExportPage(s.export("waiting"))},
		{"export-making", web.ExportPage(s.export("making"))},
		{"export-ready", web.ExportPage(s.export("ready"))},
		{"export-failed", web.ExportPage(s.export("failed"))},
		{"own-data", web.OwnDataPage(web.OwnDataView{Frame: s.frame("own_data.title"), Action: s.url("/preferences/data"), IdempotencyKey: "k9", Sections: []string{s.p.T("own_data.section.account")}})},
		{"person", web.PersonPage(s.person(false))},
		{"person-disabled", web.PersonPage(s.person(true))},
		{"tenures", web.TenuresPage(s.tenures(false))},
		{"tenures-error", web.TenuresPage(s.tenures(true))},
		{"tenure", web.TenurePage(s.tenure(false))},
		{"tenure-future", web.TenurePage(s.tenure(true))},
		{"due-handover", web.DuePage(web.DueView{Frame: s.frame("due.title"), Today: day(2026, 11, 24), Handovers: []web.Handover{*s.handover(true)}})},
		{"bodies", web.BodiesPage(s.bodies(false))},
		{"bodies-error", web.BodiesPage(s.bodies(true))},
		{"seat", web.SeatPage(web.SeatView{Frame: s.frame("body.title"), Institution: s.head().Institution, Body: wordings[1].target, Seat: web.SeatLine{Name: "Chloé Exemple", Role: "committee_member", From: day(2025, 1, 1)}, EndURL: s.url("/admin/bodies/seats/1/1/end"), IdempotencyKey: "k9"})},
		{"evaluations", web.EvaluationsPage(s.evaluations(false))},
		{"evaluations-error", web.EvaluationsPage(s.evaluations(true))},
		{"evaluations-empty", web.EvaluationsPage(web.EvaluationsView{Frame: s.frame("evaluation.title")})},
		{"evaluation", web.EvaluationPage(s.evaluation(true))},
		{"evaluation-reader", web.EvaluationPage(s.evaluation(false))},
		{"mail", web.MailPage(s.mail())},
		{"audit", web.AuditPage(s.audit(false))},
		{"audit-altered", web.AuditPage(s.audit(true))},
		{"access-log", web.AccessLogPage(s.accessLog(true))},
		{"access-log-empty", web.AccessLogPage(s.accessLog(false))},
		{"mail-empty", web.MailPage(web.MailView{Frame: s.frame("mail.list.title")})},
		{"accessibility", web.AccessibilityPage(web.StatementView{Frame: s.frame("accessibility.title"), Contact: "jalon@voorbeeld.example"})},
		{"privacy", web.PrivacyPage(web.StatementView{Frame: s.frame("privacy.title")})},
		{"problem-404", web.ProblemPage(s.problem(404))},
		{"problem-409", web.ProblemPage(s.problem(409))},
		{"problem-409-ruled", web.ProblemPage(s.ruled())},
		{"problem-429", web.ProblemPage(s.problem(429))},
		{"problem-500", web.ProblemPage(s.problem(500))},
	}...)
}

type sampler struct {
	lang bilingual.Lang
	p    *locale.Printer
}

func (s sampler) url(path string) string { return "/" + string(s.lang) + path }

func (s sampler) frame(title string, pairs ...any) web.Frame {
	return web.Frame{
		Printer: s.p, Assets: assets, Title: s.p.T(title, pairs...), Demo: true,
		OtherLangURL: "/" + string(s.lang.Other()) + "/mandates",
		Viewer:       web.Viewer{Name: "Dirk Voorbeeld", Email: "director@jalon.example", SignedIn: true},
		Menu: []web.MenuItem{
			{Key: "due", URL: s.url("/due"), Count: 6},
			{Key: "my_mandate", URL: s.url("/mandates/ACT-A4"), Current: "page"},
			{Key: "overview", URL: s.url("/overview")},
			{Key: "monitoring", URL: s.url("/monitoring")},
		},
		Breadcrumbs: []web.Crumb{{Label: s.p.T("mandates.title"), URL: s.url("/mandates")}},
	}
}

// both makes a text whose French is a working translation, like most of a real letter.
func both(nl, fr string) bilingual.Text {
	return bilingual.New(bilingual.NL, nl).With(bilingual.FR, fr, bilingual.Working)
}

func (s sampler) head() web.MandateHead {
	return web.MandateHead{
		Code: "ACT-A4", URL: s.url("/mandates/ACT-A4"), Rank: "A4", Holder: "Dirk Voorbeeld",
		Title:       both("Directeur-diensthoofd Werkzoekenden – algemene diensten van de eerste lijn", "Directeur-chef de service Chercheurs d’emploi – services généraux de première ligne"),
		Institution: both("Actiris", "Actiris"),
		From:        day(2024, 7, 1), Until: day(2029, 6, 30),
	}
}

// wordings are targets of a mandate letter with their deadlines, long and short.
var wordings = []struct {
	code           string
	target, phrase bilingual.Text
	read           bilingual.Text
	confirmed      bool
	now            progress.Status
}{
	{"S1.1-1", both("De indicatoren op het scorebord van het strategische directiecomité regelmatig controleren en de nodige en gepaste maatregelen nemen om de doelstellingen te bereiken.", "Contrôler régulièrement les indicateurs du tableau de bord du comité de direction stratégique et prendre les mesures nécessaires et appropriées pour atteindre les objectifs."), both("doorlopend", "en continu"), both("elk halfjaar", "chaque semestre"), true, progress.OnTrack},
	{"S2.1-1", both("Een reeks aangepaste, modulaire diensten aanbieden met het oog op tewerkstelling.", "Proposer une gamme de services adaptés et modulaires en vue de la mise à l’emploi."), both("2025", "2025"), both("uiterlijk 31/12/2025", "au plus tard le 31/12/2025"), true, progress.Late},
	{"S2.5-1", both("deelnemen aan 2 pilootprojecten met langdurig werkzoekenden onder andere in het kader van de beroepen die rekruteren.", "participer à 2 projets pilotes avec des chercheurs d’emploi de longue durée, notamment dans le cadre des métiers qui recrutent."), both("december 2024", "décembre 2024"), both("uiterlijk 31/12/2024", "au plus tard le 31/12/2024"), true, progress.Achieved},
	{"S3.2-2", both("monitoren, evalueren en zo nodig bijstellen van bovengenoemde interne procedures en deze opnemen in een monitoringtabel die halfjaarlijks aan de Directieraad wordt gepresenteerd.", ""), both("doorlopend vanaf maart 2025", "en continu à partir de mars 2025"), both("elk halfjaar vanaf 01/03/2025", "chaque semestre à partir du 01/03/2025"), true, progress.SupportNeeded},
	{"T2.2-1", both("Het ziekteverzuim in de directie terugdringen.", "Réduire l’absentéisme pour maladie dans la direction.").With(bilingual.FR, "Réduire l’absentéisme dans la direction.", bilingual.Outdated), both("doorlopend", "en continu"), both("elk halfjaar", "chaque semestre"), true, progress.Attention},
	{"T4.2-1", both("De gewestelijke standpunten tijdig bezorgen.", "Transmettre à temps les positions régionales."), both("volgens het tijdschema van de inbreukprocedure", "selon le calendrier de la procédure d’infraction"), both("op de ingevoerde dagen", "aux dates introduites"), false, progress.NothingToReport},
	{"T4.3-1", both("toezien op de naleving van het vastgestelde tijdschema voor de omzetting (tijdschema waarvan om de twee maanden akte wordt genomen door de Brusselse Hoofdstedelijke Regering), dat opvolgen en nauw samenwerken met de attaché van BI die belast is met de coördinatie van de omzetting van richtlijnen", "veiller au respect du calendrier de transposition fixé (calendrier dont le Gouvernement de la Région de Bruxelles-Capitale prend acte tous les deux mois), en assurer le suivi et collaborer étroitement avec l’attaché de BI chargé de la coordination de la transposition des directives"), both("zodra de informatie beschikbaar is en ten minste op de 15e van elke maand", "dès que l’information est disponible et au moins le 15 de chaque mois"), both("zodra beschikbaar + elke 15e van de maand", "dès que disponible + le 15 de chaque mois"), false, progress.NotReported},
	{"T4.7-1", both("via een SPOC voor Brussels International en een databank informatie doorgeven over de ontvangst van buitenlandse delegaties", "transmettre, via un SPOC pour Brussels International et une base de données, les informations relatives à l’accueil de délégations étrangères"), both("vóór en na elke ontvangst van een delegatie", "avant et après chaque accueil d’une délégation"), both("vóór en na elke gebeurtenis", "avant et après chaque événement"), true, progress.Compromised},
}

func parse(s string) mandate.Code {
	c, err := mandate.ParseCode(s)
	if err != nil {
		panic(err)
	}
	return c
}

func (s sampler) entry(id int64) *monitoring.Entry {
	percentage := decimal.RequireFromString("62.5")
	return &monitoring.Entry{
		ID: id, AsOf: day(2026, 6, 30), RecordedAt: now.AddDate(0, -4, 0), Author: "Gaëlle Delegué", OnBehalfOf: "Dirk Voorbeeld",
		Percentage: &percentage, Lang: bilingual.NL,
		Achieved:  "Vier van de zes modules lopen; de module digitale start is uitgesteld.\nDe antennes van Anderlecht en Molenbeek zijn gestart.",
		Obstacles: "Geen toegang tot de dossiers van de directie Controle.", NextSteps: "Protocol over gegevensdeling laten ondertekenen.",
		SupportAsked: "Een protocol", SupportOf: "directie Controle", SupportBy: day(2026, 12, 31),
	}
}

func (s sampler) cell(status progress.Status) monitoring.Cell {
	if status == progress.NotReported {
		return monitoring.Cell{Status: status}
	}
	return monitoring.Cell{Status: status, Entry: s.entry(41)}
}

func deadlineOf(i int) monitoring.DeadlineCell {
	w := wordings[i]
	return monitoring.DeadlineCell{Text: w.phrase, Words: w.read, Due: day(2026, 12, 31), Confirmed: w.confirmed}
}

func (s sampler) path(c mandate.Code) string { return s.url("/mandates/ACT-A4/targets/" + c.String()) }

func demoUser(name string) string { return fmt.Sprintf("%s@jalon.example", name) }
