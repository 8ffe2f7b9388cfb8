package walk_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"jalon/internal/calendar"
	"jalon/internal/letter"
	"jalon/internal/store"
	"jalon/internal/testing/browser"
	"jalon/internal/testing/office"
)

// The session of the director ends while they type. The page says that nothing
// is stored, and after signing in what was typed is there, to be stored.
func TestTheSessionEndsWhileTheDirectorTypes(t *testing.T) {
	o := office.Start(t)
	words := o.Catalogues.In("fr").Typeset()
	const here = "/fr" + real + "/report/" + period
	p := enter(t, o, "director", here)
	o.Pass(31 * time.Minute)

	p.Expect(http.StatusForbidden, here)
	p.Fill(field("S1.2-1", "achieved"), "Vingt minutes de texte.")
	p.WaitFor(`document.getElementById("saved").dataset.state === "wrong"`)
	contains(t, "the page that is not stored", p.Text("#saved"), words.T("report.signed_out"))
	if n := office.Value[int](o, `SELECT count(*) FROM report_draft WHERE fields->>'achieved' = 'Vingt minutes de texte.'`); n != 0 {
		t.Fatal("the draft of a session that has ended is stored")
	}

	p.Expect(http.StatusForbidden, here)
	p.Follow(".savebar button[value=draft]")
	contains(t, "the sign-in page", p.Text("main"), words.T("signin.ended_kept"))
	o.SignIn(p, "director")
	p.Follow("main form button[type=submit]") // what was typed is sent again
	contains(t, "the notice", p.Text("[role=status]"), words.T("report.draft_kept", "Time", "10:31"))
	if got := p.Value(field("S1.2-1", "achieved")); got != "Vingt minutes de texte." {
		t.Errorf("the field says %q", got)
	}
}

// A member of the Directieraad sorts by silence with the keyboard alone, on a
// page at twice its size. Who was never reported on comes first, and every
// status has a sign and a word beside its colour.
func TestACommitteeSortsBySilence(t *testing.T) {
	o := office.Start(t)
	newcomer(t, o)
	p := enter(t, o, "committee", "/nl/overview")
	p.Resize(640) // 1280 pixels at 200 %
	p.Focus(".filterbox summary")
	p.Press(kb.Enter)
	tabTo(t, p, "#sort")
	for p.Value("#sort") != "silent" {
		p.Press(kb.ArrowDown)
	}
	tabTo(t, p, ".filters button")
	p.Press(kb.Enter)
	p.WaitFor(`location.search.includes("sort=silent") && document.readyState === "complete"`)
	if browser.Ask[bool](p, `document.documentElement.scrollWidth > document.documentElement.clientWidth`) {
		t.Error("at twice its size the page scrolls sideways")
	}

	rows := browser.Ask[[]string](p, `[...document.querySelectorAll("table.heat tbody th")].map(th => th.textContent)`)
	if len(rows) != 5 || !strings.Contains(rows[0], "Mandaat zonder rapport") || !strings.Contains(rows[0], "nooit gerapporteerd") {
		t.Fatalf("first comes %q of %d", rows[0], len(rows))
	}
	since := regexp.MustCompile(`stil sinds (\d\d)/(\d\d)/(\d{4})`)
	var days []string
	for _, row := range rows[1:] {
		if m := since.FindStringSubmatch(row); m != nil {
			days = append(days, m[3]+m[2]+m[1])
		} else if !strings.Contains(row, "Florence Essai") || row != rows[len(rows)-1] { // who reported on everything is not silent
			t.Fatalf("%q does not say since when", row)
		}
	}
	if !slices.IsSorted(days) {
		t.Errorf("silent since %v: not the longest first", days)
	}

	type sign struct{ Status, Word, Shape string }
	shapes := map[string]string{} // the status of each shape: a part of one drawing
	for _, s := range browser.Ask[[]sign](p, `[...document.querySelectorAll("table.heat td a")].map(a => ({ status: a.dataset.s, word: a.querySelector("b").textContent, shape: (s => s.maskImage + s.maskPosition)(getComputedStyle(a.querySelector("b"), "::before")) }))`) {
		if s.Word == "" || !strings.HasPrefix(s.Shape, "url(") {
			t.Errorf("%s has the word %q and the shape %.20s", s.Status, s.Word, s.Shape)
		}
		if other, taken := shapes[s.Shape]; taken && other != s.Status {
			t.Errorf("%s and %s have one shape", s.Status, other)
		}
		shapes[s.Shape] = s.Status
	}
	if len(shapes) < 5 {
		t.Errorf("only %d statuses are on the page", len(shapes))
	}
}

// newcomer gives the office a mandate on which nobody has reported.
func newcomer(t *testing.T, o *office.Office) {
	t.Helper()
	ctx := store.AsSystem(t.Context())
	if _, err := o.Store.Pool().Exec(ctx, `
		WITH m AS (INSERT INTO mandate (institution_id, framework_id, code, title_nl, title_nl_state, position, created_at)
			SELECT institution_id, framework_id, 'ACTIRIS-A4-STIL', 'Mandaat zonder rapport', 'original', 99, '2026-01-01' FROM mandate WHERE code = 'ACTIRIS-A4-EL' RETURNING id),
		h AS (INSERT INTO tenure (mandate_id, person_id, starts_on) SELECT m.id, p.id, '2026-01-01' FROM m, person p WHERE p.email = 'committee@jalon.example'),
		s AS (SELECT g.code, g.position, g.wording_id, p.code AS point, p.position AS point_position, p.wording_id AS point_wording, j.code AS objective, j.kind, j.position AS objective_position, j.wording_id AS objective_wording, g.id
			FROM target g JOIN measurement_point p ON p.id = g.measurement_point_id JOIN objective j ON j.id = p.objective_id JOIN mandate e ON e.id = g.mandate_id WHERE e.code = 'ACTIRIS-A4-EL' AND g.code = 'S1.1-1'),
		o AS (INSERT INTO objective (mandate_id, kind, code, position, wording_id) SELECT m.id, s.kind, s.objective, s.objective_position, s.objective_wording FROM m, s RETURNING id, mandate_id),
		p AS (INSERT INTO measurement_point (mandate_id, objective_id, code, position, wording_id) SELECT o.mandate_id, o.id, s.point, s.point_position, s.point_wording FROM o, s RETURNING id, mandate_id),
		g AS (INSERT INTO target (mandate_id, measurement_point_id, code, position, wording_id) SELECT p.mandate_id, p.id, s.code, s.position, s.wording_id FROM p, s RETURNING id, mandate_id)
		INSERT INTO deadline (mandate_id, target_id, valid_from, phrase_nl, phrase_nl_state, reading, owed_from, due, due_at_end)
			SELECT g.mandate_id, g.id, d.valid_from, d.phrase_nl, d.phrase_nl_state, d.reading, d.owed_from, d.due, d.due_at_end FROM g, s JOIN deadline d ON d.target_id = s.id`); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Store.FillCells(ctx, calendar.HalfYear{Year: 2026, Half: 2}); err != nil {
		t.Fatal(err)
	}
}

// Whatever the width of the window, no word of the matrix leaves its cell.
func TestAWordOfTheOverviewStaysInItsCell(t *testing.T) {
	o := office.Start(t)
	p := enter(t, o, "committee", "/fr/overview") // the longer words
	for _, width := range []int{320, 360, 480, 641, 800, 960, 1000, 1152, 1160, 1280, 1600} {
		p.Resize(width)
		out := browser.Ask[[]string](p, `[...document.querySelectorAll(".heat td a")].filter(a => a.scrollWidth > a.clientWidth).map(a => a.textContent)`)
		if len(out) > 0 {
			t.Errorf("%d px: %d words leave their cells, such as %q", width, len(out), out[0])
		}
	}
}

var rowOnPaper = regexp.MustCompile(`^[ST]D\d\.\d-\d `)

// A member prints. The filters and the day stand above the table; the head of
// the table returns on every sheet, and after it a row begins: none is cut.
func TestACommitteePrints(t *testing.T) {
	o := office.Start(t)
	p := enter(t, o, "committee", "/nl/overview")
	p.Open(o.URL + "/nl/overview?status=late&sort=silent&asof=2026-06-30")
	overview := onPaper(t, p)
	at := 0
	for _, words := range []string{"U kijkt terug: stand op 30 juni 2026", "Waar staan de mandaten?", "stand op 30/06/2026 · Status: Te laat · Sorteren op: Langst stil", "Mandaat SD1 SD2", "In gevaar"} {
		next := strings.Index(overview[at:], words)
		if next < 0 {
			t.Fatalf("the paper does not say %q there:\n%s", words, overview[at:])
		}
		at += next
	}

	p.Open(o.URL + "/nl" + real + "/monitoring/2026-H1")
	paper := onPaper(t, p)
	if link := p.Text(".periods a[href$='/annual/2026']"); link == "(nothing matches)" || strings.Contains(paper, link) {
		t.Errorf("the link %q to the report of the year stands on paper", link)
	}
	_, table, _ := strings.Cut(paper, "28 streefwaarden · stand op 30/06/2026")
	sheets := strings.Split(table, "Code Streefwaarde en tijdschema 2e semester 2025 Nu Toelichting\nNiet\nbeantwoord")
	if len(sheets) < 4 {
		t.Fatalf("the head of the table stands on %d sheets", len(sheets)-1)
	}
	rows := 0
	for i, sheet := range sheets[1:] {
		lines := strings.Split(strings.TrimSpace(sheet), "\n")
		if !rowOnPaper.MatchString(lines[0]) {
			t.Errorf("sheet %d begins amid a row: %q", i+1, lines[0])
		}
		for _, line := range lines {
			if rowOnPaper.MatchString(line) {
				rows++
			}
		}
	}
	if rows != 28 {
		t.Errorf("%d rows on paper, want 28", rows)
	}
	for _, words := range []string{"Op schema", "Te laat", "Gehaald", "Aandachtspunt"} { // without any colour
		if !strings.Contains(table, words) {
			t.Errorf("the paper does not say %q", words)
		}
	}
}

// onPaper prints the page and gives the words of its sheets.
func onPaper(t *testing.T, p *browser.Page) string {
	t.Helper()
	text, _, err := letter.Extract("print.pdf", p.Print())
	if err != nil {
		t.Fatal(err)
	}
	return text
}
