package walk_test

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"

	"jalon/internal/letter"
	"jalon/internal/testing/browser"
	"jalon/internal/testing/office"
)

// What stands below each other stands in one line, marks are explained where
// many texts bear them, and long pages lead to their parts.
func TestPagesAreInLine(t *testing.T) {
	o := office.Start(t)
	for _, one := range []struct {
		name, who, path string
		ask             string // the faults, in JavaScript
	}{
		{"the tables of the timeline", "committee", real + "/timeline", columns},
		{"the tables of the annual report", "secretary", real + "/annual/2026", columns},
		{"the standings of a meeting", "secretary", "/bodies/ACTIRIS-DR/meeting/2026-H2", `[...document.querySelectorAll(".agenda")].filter(list =>
			new Set([...list.querySelectorAll(".stands")].map(s => s.getBoundingClientRect().left)).size !== 1).map(() => "standings begin at different places")`},
		{"a meeting and the path to it", "secretary", "/bodies/ACTIRIS-DR/meeting/2026-H2", `[...document.querySelectorAll("main h1, .ds-breadcrumbs")].map(e =>
			Math.round(e.getBoundingClientRect().left)).filter((x, i, all) => x !== all[0]).map(x => "begins at " + x)`},
		{"the values of an indicator", "director", real + "/indicators/S1-2", `[...document.querySelectorAll("[aria-labelledby=points-caption] td")].filter(e => getComputedStyle(e).textAlign !== "right").map(e => "not below each other: " + e.innerText)`},
		{"the report", "director", real + "/report/2026-H2", explained},
		{"the table", "director", real + "/monitoring/2026-H2", explained},
		{"the tables of a body", "secretary", "/bodies/ACTIRIS-DR/monitoring/2026-H2", explained},
		{"the parts of the tables of a body", "secretary", "/bodies/ACTIRIS-DR/monitoring/2026-H2", parts},
		{"the parts of what changed", "committee", "/overview/changes?since=2026-06-30", parts},
		{"the parts of what was found", "committee", "/search?q=werkgevers", parts},
	} {
		p := o.Page(t, "nl", one.who)
		p.Open(o.URL + "/nl" + one.path)
		for _, fault := range browser.Ask[[]string](p, one.ask) {
			t.Errorf("%s: %s", one.name, fault)
		}
	}
}

const (
	// columns of tables with as many of them begin at the same places.
	columns = `[...document.querySelectorAll("main table")].filter((t, i, all) => t.tHead.rows[0].cells.length === all[0].tHead.rows[0].cells.length).map(t =>
		[...t.tHead.rows[0].cells].map(c => Math.round(c.getBoundingClientRect().left)).join()).filter((all, i, every) => all !== every[0] || every.length < 2).map(all => "columns at " + all)`
	explained = `document.querySelector(".unconfirmed") && document.querySelector(".working")?.checkVisibility() ? [] : ["a reading that nobody confirmed is marked, and not explained"]`
	parts     = `(() => { const links = [...document.querySelectorAll("main nav.index a")];
		return [...links.filter(a => !document.getElementById(a.hash.slice(1))).map(a => "leads nowhere: " + a.innerText), ...links.length < 2 ? ["nothing leads to them"] : []] })()`
)

// On paper no sheet ends with a heading, a caption or the head of a table, and
// what is there to type in stays on the screen.
func TestSheetsEndWithContent(t *testing.T) {
	o := office.Start(t)
	p := o.Page(t, "nl", "director")
	for path, heading := range map[string]*regexp.Regexp{
		real:               regexp.MustCompile(`^(Meetpunt|[ST]D\d) |^Indicatoren \(KPI\)|van \d+ gerapporteerd`),
		real + "/timeline": regexp.MustCompile(`^Streefwaarde\s+Termijn|^Stand$|^[ST]D\d `),
	} {
		p.Open(o.URL + "/nl" + path)
		sheets := sheetsOf(t, p)
		if len(sheets) < 3 {
			t.Errorf("%s takes %d sheets", path, len(sheets))
		}
		for i, sheet := range sheets {
			lines := strings.Split(strings.TrimSpace(sheet), "\n")
			if last := lines[len(lines)-1]; heading.MatchString(last) {
				t.Errorf("%s: sheet %d ends with %q", path, i+1, last)
			}
		}
	}
	p.Open(o.URL + "/nl" + real + "/indicators/S1-2")
	if words := onPaper(t, p); strings.Contains(words, "Waarde invoeren") || !strings.Contains(words, "12,6") {
		t.Errorf("the paper of an indicator says %q", words)
	}
}

// sheetsOf prints the page and gives the words of its first sheets.
func sheetsOf(t *testing.T, p *browser.Page) (sheets []string) {
	t.Helper()
	printed := p.Print()
	n, err := api.PageCount(bytes.NewReader(printed), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range min(n, 3) { // the first tell enough
		var one bytes.Buffer
		if err := api.Trim(bytes.NewReader(printed), &one, []string{strconv.Itoa(i + 1)}, nil); err != nil {
			t.Fatal(err)
		}
		text, _, err := letter.Extract("sheet.pdf", one.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		sheets = append(sheets, text)
	}
	return sheets
}
