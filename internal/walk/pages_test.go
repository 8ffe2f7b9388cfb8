package walk_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/testing/browser"
	"jalon/internal/testing/office"
)

const (
	real   = "/mandates/ACTIRIS-A4-EL"
	others = "/mandates/ACTIRIS-A4-WG"
)

// visit is one page as one person sees it.
type visit struct {
	name, who, path string
	status          int                                     // when it is not 200
	do              func(p *browser.Page, l bilingual.Lang) // what leads on from there
	dark            bool                                    // a picture of it in dark colours too
}

// visits are all pages and their most telling states, grouped by who looks.
var visits = []visit{
	{name: "login", path: "/login"},
	{name: "accessibility", path: "/accessibility"},
	{name: "privacy", path: "/privacy"},
	{name: "404-stranger", path: "/nowhere", status: http.StatusNotFound},
	{name: "login-error", path: "/login", do: wrongPassword},
	{name: "forgot", path: "/forgot"},

	{name: "due", who: "director", path: "/due"},
	{name: "mandate", who: "director", path: real, dark: true},
	{name: "objective", who: "director", path: real + "/objectives/S3"},
	{name: "objective-kpi", who: "director", path: real + "/objectives/T5"},
	{name: "target", who: "director", path: real + "/targets/S3.2-2"},
	{name: "report", who: "director", path: real + "/report/2026-H2", dark: true},
	{name: "monitoring-own", who: "director", path: real + "/monitoring/2026-H2"},
	{name: "deadline", who: "director", path: real + "/targets/S3.2-2/deadline"},
	{name: "duty", who: "director", path: "/due", do: openDuty},
	{name: "events", who: "director", path: real + "/events"},
	{name: "calendar-own", who: "director", path: real + "/calendar"},
	{name: "event-form", who: "director", path: real + "/events?kind=mission-abroad"},
	{name: "event-error", who: "director", path: real + "/events?kind=mission-abroad", do: emptyEvent},
	{name: "event", who: "director", path: real + "/events", do: firstEvent},
	{name: "event-import", who: "director", path: real + "/events/import"},
	{name: "event-import-error", who: "director", path: real + "/events/import", do: noList},
	{name: "event-preview", who: "director", path: real + "/events/import", do: previewList, dark: true},
	{name: "event-preview-error", who: "director", path: real + "/events/import", do: confirmWithErrors},
	{name: "target-events", who: "director", path: real + "/targets/T4.7-1"},
	{name: "delegations", who: "director", path: real + "/delegations"},
	{name: "delegations-error", who: "director", path: real + "/delegations", do: wrongDelegation},
	{name: "password", who: "director", path: "/password"},
	{name: "account", who: "director", path: "/account"},
	{name: "factor", who: "director", path: "/account/second-factor"},
	{name: "part-submit", who: "director", path: real + "/report/2026-H2/submit"},
	{name: "403", who: "director", path: "/admin/people", status: http.StatusForbidden},
	{name: "404", who: "director", path: "/mandates/NONE", status: http.StatusNotFound},
	{name: "report-error", who: "director", path: real + "/report/2026-H2", do: wrongReport},

	{name: "indicators", who: "director", path: real + "/indicators"},
	{name: "indicator", who: "director", path: real + "/indicators/S1-2"},
	{name: "indicator-error", who: "director", path: real + "/indicators/T5-K1C", do: sameDay},
	{name: "indicator-parts", who: "director", path: real + "/indicators/T5-K1"},
	{name: "indicator-import", who: "director", path: real + "/indicators/S1-2/import"},
	{name: "indicator-preview", who: "director", path: real + "/indicators/S1-2/import", do: pasteValues},
	{name: "tokens", who: "director", path: "/account/tokens", do: makeToken},
	{name: "indicator-new", who: "director", path: real + "/indicators/new"},
	{name: "indicator-new-error", who: "director", path: real + "/indicators/new", do: emptyIndicator},
	{name: "objective-kpis", who: "director", path: real + "/objectives/T5"},
	{name: "indicator-small", who: "hr", path: real + "/indicators/T2-V3"},

	{name: "due-delegate", who: "delegate2", path: "/due"},
	{name: "mandate-part", who: "delegate2", path: real},
	{name: "monitoring-part", who: "delegate2", path: real + "/monitoring/2026-H1"},

	{name: "mandates", who: "committee", path: "/mandates"},
	{name: "overview", who: "committee", path: "/overview", dark: true},
	{name: "search", who: "committee", path: "/search?q=werkgevers", dark: true},
	{name: "search-nothing", who: "committee", path: "/search?q=xyzzy"},
	{name: "timeline", who: "committee", path: real + "/timeline", dark: true},
	{name: "brief", who: "committee", path: real + "/sheet"},
	{name: "brief-objective", who: "committee", path: real + "/objectives/S3/sheet"},
	{name: "overview-institutions", who: "hr", path: "/overview?by=institution"},
	{name: "overview-targets", who: "committee", path: "/overview/targets?show=silent"},
	{name: "changes", who: "committee", path: "/overview/changes?since=2026-06-30"},
	{name: "transversal", who: "committee", path: "/overview/objectives/T4"},
	{name: "overview-past", who: "committee", path: "/overview?asof=2025-12-31"},
	{name: "calendar", who: "committee", path: "/calendar"},
	{name: "mandate-past", who: "committee", path: real + "?asof=2025-06-30"},
	{name: "mandate-french-author", who: "committee", path: others},
	{name: "monitoring-other", who: "committee", path: others + "/monitoring/2026-H2"},

	{name: "monitoring-draft", who: "secretary", path: real + "/monitoring/2026-H2"},
	{name: "monitoring-sealed", who: "secretary", path: real + "/monitoring/2026-H1"},
	{name: "annual", who: "secretary", path: real + "/annual/2026"},
	{name: "erratum", who: "secretary", path: real + "/monitoring/2026-H1/errata"},
	{name: "duty-waiver", who: "secretary", path: real + "/targets/T4.7-1", do: firstDuty},
	{name: "amendments", who: "secretary", path: real + "/amendments"},
	{name: "amendment", who: "secretary", path: real + "/amendments/new?place=target:S3.2-2", do: previewAmendment},
	{name: "delegations-read", who: "secretary", path: real + "/delegations"},
	{name: "rounds", who: "secretary", path: "/rounds"},
	{name: "round-form", who: "secretary", path: "/rounds/new?body=ACTIRIS-DR"},
	{name: "round", who: "secretary", path: "/rounds/ACTIRIS-DR/2026-H2", dark: true},
	{name: "round-change", who: "secretary", path: "/rounds/ACTIRIS-DR/2026-H2/change"},
	{name: "round-error", who: "secretary", path: "/rounds/ACTIRIS-DR/2026-H2", do: backWithoutReason},
	{name: "round-sealed", who: "secretary", path: "/rounds/ACTIRIS-DR/2026-H1"},
	{name: "seal", who: "secretary", path: real + "/monitoring/2026-H2/seal"},

	{name: "scoreboards", who: "secretary", path: "/bodies/ACTIRIS-SDC/scoreboards"},
	{name: "scoreboard", who: "secretary", path: "/bodies/ACTIRIS-SDC/scoreboards/S1-1", dark: true},
	{name: "scoreboard-new", who: "secretary", path: "/bodies/ACTIRIS-SDC/scoreboards/new"},
	{name: "measures", who: "director", path: real + "/indicators/T5-K2/measures"},
	{name: "board", who: "secretary", path: "/bodies/ACTIRIS-DR"},
	{name: "board-table", who: "secretary", path: "/bodies/ACTIRIS-DR/monitoring/2026-H2"},
	{name: "meeting-list", who: "secretary", path: "/bodies/ACTIRIS-DR/meeting/2026-H2"},
	{name: "meeting", who: "secretary", path: "/bodies/ACTIRIS-DR/meeting/2026-H2?mandate=ACTIRIS-A4-EL&target=T2.2-1", dark: true},
	{name: "meeting-error", who: "secretary", path: "/bodies/ACTIRIS-DR/meeting/2026-H2?mandate=ACTIRIS-A4-EL&target=S2.1-1", do: wrongDecision},
	{name: "addressees", who: "secretary", path: real + "/targets/S3.3-2/addressees"},
	{name: "addressees-error", who: "secretary", path: real + "/targets/S3.3-2/addressees", do: emptyAddressee},
	{name: "board-addressed", who: "strategy", path: "/bodies/ACTIRIS-CSO"},
	{name: "monitoring-addressed", who: "strategy", path: real + "/monitoring/2026-H1"},
	{name: "monitoring-of-body", who: "strategy", path: "/bodies/ACTIRIS-CSO/mandates/ACTIRIS-A4-EL/monitoring/2026-H2"},
	{name: "board-table-addressed", who: "strategy", path: "/bodies/ACTIRIS-CSO/monitoring/2026-H2"},
	{name: "question", who: "director", path: "/due", do: openQuestion},

	{name: "import", who: "admin", path: "/import"},
	{name: "import-error", who: "admin", path: "/import", do: noLetter},
	{name: "import-preview", who: "admin", path: "/import", do: previewNew},
	{name: "import-differences", who: "admin", path: "/import", do: previewChanged},
	{name: "people", who: "admin", path: "/admin/people"},
	{name: "person", who: "admin", path: "/admin/people", do: firstPerson},
	{name: "bodies", who: "admin", path: "/admin/bodies"},
	{name: "seat", who: "admin", path: "/admin/bodies", do: firstSeat},
	{name: "seat-error", who: "admin", path: "/admin/bodies", do: secondSecretary},
	{name: "tenures-admin", who: "admin", path: "/mandates/ACTIRIS-A4-PN/tenures"},

	{name: "tenures", who: "hr", path: "/mandates/ACTIRIS-A4-PN/tenures"},
	{name: "tenures-error", who: "hr", path: "/mandates/ACTIRIS-A4-PN/tenures", do: twoHolders},
	{name: "tenure", who: "hr", path: "/mandates/ACTIRIS-A4-PN/tenures", do: firstTenure},
	{name: "evaluations-hr", who: "hr", path: "/evaluations"},
	{name: "evaluations-error", who: "hr", path: "/evaluations", do: noDossier},
	{name: "evaluation-hr", who: "hr", path: "/evaluations/1"},
	{name: "evaluation-closed", who: "hr", path: "/evaluations/2"},
	{name: "evaluation-error", who: "hr", path: "/evaluations/1", do: ownWork},
	{name: "evaluation-settings", who: "hr", path: "/evaluations/settings/ACTIRIS"},
	{name: "grades", who: "hr", path: "/evaluations/grades"},
	{name: "dossier", who: "hr", path: "/evaluations/1/dossier"},
	{name: "evaluations", who: "evaluator", path: "/evaluations"},
	{name: "evaluation", who: "evaluator", path: "/evaluations", do: firstEvent},
	{name: "activity-version", who: "evaluator", path: "/evaluations/1/versions/1", dark: true},
	{name: "mail", who: "admin", path: "/admin/mail"},
	{name: "tokens-machines", who: "admin", path: "/admin/tokens"},
	{name: "retention-read", who: "admin", path: "/admin/retention"},
	{name: "audit", who: "admin", path: "/admin/audit"},
	{name: "audit-refusals", who: "admin", path: "/admin/audit?refusals=1"},
	{name: "access-log", who: "director", path: real, do: afterExport},
	{name: "retention", who: "hr", path: "/admin/retention", do: makeRule},
	{name: "evaluation-own", who: "director", path: "/evaluations/1"},
	{name: "evaluation-former", who: "bart.proefmodel", path: "/evaluations/2"},
	{name: "activity", who: "director", path: "/evaluations/1/report"},
	{name: "activity-handed-in", who: "director", path: "/evaluations/1/report/S1"},
	{name: "activity-part", who: "director2", path: "/evaluations/3/report/S1"},
	{name: "preferences", who: "director", path: "/preferences"},
	{name: "own-data", who: "director", path: "/preferences/data"},
	{name: "exports", who: "director", path: "/exports"},
}

// wrongDecision asks something without a day.
func wrongDecision(p *browser.Page, l bilingual.Lang) {
	p.Choose("#decision", "asks")
	p.Fill("#text", "?")
	p.Expect(http.StatusUnprocessableEntity, "/"+string(l)+"/bodies/ACTIRIS-DR/meeting/2026-H2")
	p.Follow(`.form button[type=submit]`)
}

func emptyAddressee(p *browser.Page, l bilingual.Lang) {
	p.Expect(http.StatusUnprocessableEntity, "/"+string(l)+real+"/targets/S3.3-2/addressees")
	p.Follow(`section .form button[type=submit]`)
}

func openQuestion(p *browser.Page, _ bilingual.Lang) { p.Follow(`.close a[href*="/questions/"]`) }

// sameDay types a value of a day that has one.
func sameDay(p *browser.Page, l bilingual.Lang) {
	p.Fill("#on", "30/06/2026")
	p.Fill("#value", "98 000,5")
	p.Expect(http.StatusUnprocessableEntity, "/"+string(l)+real+"/indicators/T5-K1C/values")
	p.Follow("#record button[type=submit]")
}

// pasteValues pastes one new value, one that is there, one that differs and one that is none.
func pasteValues(p *browser.Page, _ bilingual.Lang) {
	p.Fill("#text", "15/10/2026; 12,1\n30/09/2026; 12,6\n30/06/2026; 14\n31/03/2026; 1.234")
	p.Follow("main form button[type=submit]")
}

func makeToken(p *browser.Page, _ bilingual.Lang) {
	p.Fill("#name", "Power BI")
	p.Follow("form:has(#name) button[type=submit]")
}

// emptyIndicator leaves out what must be there, and types a formula that is none.
func emptyIndicator(p *browser.Page, l bilingual.Lang) {
	p.Choose("#origin", "formula")
	p.Fill("#milestones", "31/12/2026; 1.234")
	p.Expect(http.StatusUnprocessableEntity, "/"+string(l)+real+"/indicators")
	p.Follow("main form button[type=submit]")
}

// backWithoutReason takes a round a step back and does not say why.
func backWithoutReason(p *browser.Page, l bilingual.Lang) {
	p.Click(".side details summary")
	p.Expect(http.StatusUnprocessableEntity, "/"+string(l)+"/rounds/ACTIRIS-DR/2026-H2/step")
	p.Follow(".side details button[type=submit]")
}

func firstPerson(p *browser.Page, _ bilingual.Lang) { p.Follow(`tbody tr:has(form) th a`) }
func firstSeat(p *browser.Page, _ bilingual.Lang)   { p.Follow(`.stack a`) }
func firstTenure(p *browser.Page, _ bilingual.Lang) { p.Follow(`tbody a`) }

// twoHolders appoints somebody for days on which the mandate has a holder.
func twoHolders(p *browser.Page, l bilingual.Lang) {
	p.Choose("#person", browser.Ask[string](p, `document.querySelector("#person").options[1].value`))
	p.Choose("#capacity", "holder")
	p.Fill("#from", "01/12/2026")
	p.Expect(http.StatusUnprocessableEntity, "/"+string(l)+"/mandates/ACTIRIS-A4-PN/tenures")
	p.Follow("main form button[type=submit]")
}

// secondSecretary gives a body a second secretary.
func secondSecretary(p *browser.Page, l bilingual.Lang) {
	p.Choose("#body", browser.Ask[string](p, `document.querySelector("#body").options[1].value`))
	p.Choose("#person", browser.Ask[string](p, `document.querySelector("#person").options[1].value`))
	p.Choose("#seat_role", "secretary")
	p.Fill("#from", "01/12/2026")
	p.Expect(http.StatusUnprocessableEntity, "/"+string(l)+"/admin/bodies/seats")
	p.Follow("form:has(#seat_role) button[type=submit]")
}

// ownWork names the holder as an evaluator of their own mandate.
func ownWork(p *browser.Page, l bilingual.Lang) {
	p.Choose("#person", browser.Ask[string](p, `[...document.querySelector("#person").options].find(o => o.label.startsWith("Dirk Voorbeeld")).value`))
	p.Fill("#from", "01/12/2026")
	p.Fill("#until", "31/12/2026")
	p.Expect(http.StatusUnprocessableEntity, p.Path()+"/evaluators")
	p.Follow("form:has(#person) button[type=submit]")
}

func wrongPassword(p *browser.Page, l bilingual.Lang) {
	p.Fill("#email", "director@jalon.example")
	p.Fill("#password", "niet het juiste")
	p.Expect(http.StatusUnprocessableEntity, "/"+string(l)+"/login")
	p.Follow("form:has(#email) button[type=submit]")
}

// wrongReport leaves out what a status asks for, and types a percentage that is none.
func wrongReport(p *browser.Page, l bilingual.Lang) {
	path := "/" + string(l) + real + "/report/2026-H2"
	p.Click(`label:has([name="row.S1.1-1.status"][value=support_needed])`) // three fields
	p.Click(`label:has([name="row.S1.2-1.status"][value=nothing_to_report])`)
	p.Click(`[id="S2.3-1"] .tools summary`)
	p.Fill(field("S2.3-1", "percentage"), "150")
	p.Fill(field("S2.3-1", "achieved"), "Vijf ateliers / cinq ateliers")
	p.Expect(http.StatusUnprocessableEntity, path)
	p.Follow(`button[name=do][value=report]`)
}

// afterExport looks at the list once somebody has downloaded a table.
func afterExport(p *browser.Page, l bilingual.Lang) {
	browser.Ask[bool](p, `fetch("/`+string(l)+real+`/monitoring/2026-H1.csv").then(r => r.ok)`)
	p.Follow(`main a[href$="/access-log"]`)
}

// makeRule has drafts kept for as long as can be: nothing goes.
func makeRule(p *browser.Page, _ bilingual.Lang) {
	p.Choose("#class", "draft")
	p.Fill("#days", "36500")
	p.Follow("main form.form button[type=submit]")
}

// previewAmendment changes the Dutch words of a target and looks at the difference.
func previewAmendment(p *browser.Page, _ bilingual.Lang) {
	p.Fill("#nl", p.Value("#nl")+" Dit gebeurt jaarlijks.")
	p.Fill("#effective_on", "01/01/2027")
	p.Fill("#authority", "Brusselse Hoofdstedelijke Regering, 12 november 2026")
	p.Fill("#reason", "Nieuwe wetgeving")
	p.Follow(`main button[name=do][value=preview]`)
}

func openDuty(p *browser.Page, _ bilingual.Lang) { p.Follow(`main a[href*="/duties/"]`) }

// emptyEvent sends the form of an event with nothing typed and nothing ticked.
func emptyEvent(p *browser.Page, l bilingual.Lang) {
	p.Click(`fieldset input:checked`)
	p.Expect(http.StatusUnprocessableEntity, "/"+string(l)+real+"/events")
	p.Follow(`form:has(#title) button[type=submit]`)
}

// wrongDelegation chooses no scope and types a last day that lies before the first.
func wrongDelegation(p *browser.Page, l bilingual.Lang) {
	p.Fill("#email", "niemand@jalon.example")
	p.Fill("#until", "01/01/2026")
	p.Expect(http.StatusUnprocessableEntity, "/"+string(l)+real+"/delegations")
	p.Follow(`form:has(#email) button[type=submit]`)
}

func firstEvent(p *browser.Page, _ bilingual.Lang) { p.Follow(`tbody th a`) }
func firstDuty(p *browser.Page, _ bilingual.Lang)  { p.Follow(`.duties a`) }

func noDossier(p *browser.Page, l bilingual.Lang) {
	p.Expect(http.StatusUnprocessableEntity, "/"+string(l)+"/evaluations/dossiers")
	p.Follow(`main form[action$="/dossiers"] button[type=submit]`)
}

func noLetter(p *browser.Page, l bilingual.Lang) {
	p.Fill("#text", "Dit is geen brief.")
	p.Expect(http.StatusUnprocessableEntity, "/"+string(l)+"/import")
	p.Follow("main form button[type=submit]")
}

func previewNew(p *browser.Page, _ bilingual.Lang) { preview(p, letterFile, "NEW-A4") }

// previewChanged reads the letter of another mandate as if it were a new version of this one.
func previewChanged(p *browser.Page, _ bilingual.Lang) {
	preview(p, dataFolder+"/actiris-a4-werkgevers.nl.txt", "ACTIRIS-A4-EL")
}

func preview(p *browser.Page, file, code string) {
	p.Attach("#file", file)
	p.Choose("#institution", "ACTIRIS")
	p.Fill("#mandate", code)
	p.Follow("main form button[type=submit]")
}

// Every page, in both languages, on a screen and on a phone: our own checks
// and axe find nothing, and the browser reports nothing. With JALON_SHOTS set
// to a folder, a picture of each is left there.
func TestEveryPage(t *testing.T) {
	known := phrases(t)
	inBoth(t, func(t *testing.T, o *office.Office, lang bilingual.Lang) {
		titles := map[string]string{}
		menus := map[string]bool{} // of which person the menu was tabbed through: it is the same on each page
		pay(t, o, lang, visits, func(p *browser.Page, v visit) {
			title := browser.Ask[string](p, "document.title")
			if same, taken := titles[title]; taken && !sameTitle(v.name, same) {
				t.Errorf("%s and %s have the same title %q", same, v.name, title)
			}
			titles[title] = v.name
			if !menus[v.who] {
				menus[v.who] = true
				tab(t, p, v.name+"."+string(lang), "body", 40)
			}
			inspect(t, p, known, lang, v)
		})
	})
}

// pay pays visits one after another, and has look look around on each page.
func pay(t *testing.T, o *office.Office, lang bilingual.Lang, visits []visit, look func(p *browser.Page, v visit)) {
	t.Helper()
	pages := map[string]*browser.Page{} // of each person: nobody signs in twice
	for _, v := range visits {
		p, ok := pages[v.who]
		if !ok {
			p = o.Page(t, string(lang), v.who)
			pages[v.who] = p
		}
		p.Resize(1280)
		status := http.StatusOK
		if v.status != 0 {
			status = v.status
			p.Expect(status, "/"+string(lang)+v.path)
		}
		p.Open(o.URL + "/" + string(lang) + v.path)
		if p.Status() != status {
			t.Fatalf("%s: status %d, want %d", v.name, p.Status(), status)
		}
		if v.do != nil {
			v.do(p, lang)
		}
		look(p, v)
	}
}

// sameTitle tells the pages that are one page in two states, of one mandate or none.
func sameTitle(a, b string) bool {
	same := map[string]string{
		"404": "404-stranger", "monitoring-draft": "monitoring-own", "monitoring-other": "monitoring-own",
		"event-preview-error": "event-preview",
		"import-differences":  "import-preview", "calendar": "calendar-own", "duty-waiver": "duty",
		"audit-refusals": "audit", "retention": "retention-read",
		"due-delegate": "due", "mandate-part": "mandate", "monitoring-part": "monitoring-sealed", "monitoring-addressed": "monitoring-sealed", "monitoring-of-body": "monitoring-own", "delegations-read": "delegations",
		"objective-kpis": "objective-kpi", "overview-institutions": "overview", "tenures-admin": "tenures", "evaluations-hr": "evaluations", "evaluation-hr": "evaluation", "evaluation-own": "evaluation", "evaluation-former": "evaluation-closed",
	}
	return same[a] == b || same[b] == a || same[a] != "" && same[a] == same[b]
}

// between are the narrowest widths of a tablet and of a screen with the menu open.
var between = []int{641, 961}

// tab presses Tab through an element and what follows it.
func tab(t *testing.T, p *browser.Page, where, from string, most int) {
	t.Helper()
	stops, faults := p.TabWalk(from, most)
	if stops == 0 {
		t.Errorf("%s: Tab stops nowhere", where)
	}
	for _, fault := range faults {
		t.Errorf("%s: %s", where, fault)
	}
}

func inspect(t *testing.T, p *browser.Page, known browser.Phrases, lang bilingual.Lang, v visit) {
	t.Helper()
	if lang == bilingual.FR { // whose words are longer
		for _, width := range between {
			p.Resize(width)
			if wide := browser.Ask[int](p, "document.scrollingElement.scrollWidth"); wide > width {
				t.Errorf("%s.%s: scrolls sideways at %d px: %d px wide", v.name, lang, width, wide)
			}
		}
	}
	for _, width := range []int{1280, 360} {
		p.Resize(width)
		where := v.name + "." + string(lang) + "." + strconv.Itoa(width)
		if v.do == nil { // an error keeps the focus that the page gave it
			browser.Ask[bool](p, "document.activeElement.blur(), true")
		}
		picture(p, where, v.dark)
		for _, fault := range p.Faults(known) {
			t.Errorf("%s: %s", where, fault)
		}
		// A page is built the same in both languages; so one is examined wide and one narrow.
		if (width == 1280) != (lang == bilingual.NL) {
			continue
		}
		for _, fault := range p.Axe() {
			t.Errorf("%s: axe: %s", where, fault)
		}
		tab(t, p, where, "main", 25)
	}
	p.Resize(320)
	for _, fault := range p.Faults(known) {
		t.Errorf("%s.%s.320: %s", v.name, lang, fault)
	}
	for _, heard := range p.Heard() {
		t.Errorf("%s.%s: the browser reports %s", v.name, lang, heard)
	}
}

func picture(p *browser.Page, name string, dark bool) {
	folder := os.Getenv("JALON_SHOTS")
	if folder == "" {
		return
	}
	p.Screenshot(filepath.Join(folder, name+".png"))
	if dark {
		p.Dark(true)
		p.Screenshot(filepath.Join(folder, name+".dark.png"))
		p.Dark(false)
	}
}
