package site

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/indicator"
	"jalon/internal/letter"
	"jalon/internal/scoreboard"
	"jalon/internal/store"
)

// counted makes indicators of target S3.3-1, which goes to the Comité: a whole of
// 90 007 in three parts, of which the first is of six people, so that it and the
// smallest other part are kept back; formulas of them; and a scoreboard of all.
// Before it was mended the first part was of forty people.
func counted(t *testing.T) *office {
	t.Helper()
	o := boarded(t)
	ctx := store.AsSystem(t.Context())
	wantCode(t, "address", o.as("hr").post(letterMandate+"/targets/S3.3-1/addressees", o.addressing("CSO")), http.StatusSeeOther)
	m := value[int64](o, `SELECT id FROM mandate WHERE code = 'LETTER'`)
	on, today := calendar.MustDate(2026, 6, 30), calendar.DateOf(o.clock())
	items := []scoreboard.Item{}
	define := func(code string, change func(*indicator.Definition)) int64 {
		i := indicator.Indicator{Code: code, Objective: "S3", Target: "S3.3-1", Definition: indicator.Definition{
			ValidFrom: calendar.MustDate(2026, 1, 1), Name: bilingual.New(bilingual.NL, "Telling "+code).With(bilingual.FR, "Compte "+code, bilingual.Original),
			Direction: indicator.Up, Cadence: indicator.HalfYearly, Origin: indicator.Measured,
		}}
		if code == "GA" {
			i.MinGroup = 10
		}
		if change != nil {
			change(&i.Definition)
		}
		if _, _, err := o.Store.DefineIndicator(ctx, store.Submission{Key: uuid.New(), PersonID: o.id["director"], Action: "define indicator"}, m, i, o.clock().AddDate(0, -10, 0), "/nl"); err != nil {
			t.Fatal(err)
		}
		id := value[int64](o, `SELECT id FROM indicator WHERE code = $1`, code)
		items = append(items, scoreboard.Item{MandateID: m, IndicatorID: id})
		return id
	}
	record := func(id int64, n int64, people int, at time.Time) {
		figure := decimal.NewFromInt(n)
		_, _, _, err := o.Store.RecordValues(ctx, store.Submission{Key: uuid.New(), PersonID: o.id["director"], Action: "record values"}, store.ValueBatch{
			MandateID: m, IndicatorID: id, Code: "G", Channel: "page", Lang: bilingual.NL, ByID: o.id["director"], At: at, Location: "/nl",
			Values: []indicator.Measurement{{On: on, Value: &figure, People: people, Note: "nota " + figure.String()}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	july := time.Date(2026, 7, 2, 9, 0, 0, 0, time.UTC)
	a := define("GA", nil)
	record(a, 6500, 40, july)
	record(a, 6613, 6, july.AddDate(0, 1, 0))
	record(define("GB", nil), 31127, 300, july)
	record(define("GC", nil), 52267, 500, july)
	record(define("GT", func(d *indicator.Definition) { d.AddsUp, d.Parts = true, []string{"GA", "GB", "GC"} }), 90007, 806, july)
	define("GF", func(d *indicator.Definition) { d.Origin, d.Formula = indicator.FromFormula, "GA * 2" })
	define("GS", func(d *indicator.Definition) { d.Origin, d.Formula = indicator.FromFormula, "GA + GB * 0" })
	define("GX", func(d *indicator.Definition) { d.Origin, d.Formula = indicator.FromFormula, "GF + 1" })

	board, err := o.Store.Board(ctx, "ACTIRIS", "CSO", calendar.HalfYearOf(today), store.Moment{Day: today})
	if err != nil {
		t.Fatal(err)
	}
	sub := store.Submission{Key: uuid.New(), PersonID: o.id["secretary"], Action: "define scoreboard"}
	if _, err := o.Store.DefineScoreboard(ctx, sub, board, scoreboard.Board{Code: "TEL", Definition: scoreboard.Definition{
		ValidFrom: calendar.MustDate(2026, 1, 1), Name: bilingual.New(bilingual.NL, "Tellingen").With(bilingual.FR, "Comptes", bilingual.Original), CheckEvery: indicator.Quarterly, Items: items,
	}}, o.clock().AddDate(0, -6, 0), "/nl"); err != nil {
		t.Fatal(err)
	}
	return o
}

// keptBack are figures that nobody may see: of the small group, before and after
// it was mended, the part kept back beside it, and what formulas make of them.
var keptBack = []string{"6613", "6500", "31127", "13226", "13227", "13000", "13001"}

// textOf gives a document as text: the pages of a PDF, what is in a zip, or the answer itself.
func textOf(t *testing.T, raw []byte) string {
	t.Helper()
	if bytes.HasPrefix(raw, []byte("%PDF")) {
		text, _, err := letter.Extract("table.pdf", raw)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	if !bytes.HasPrefix(raw, []byte("PK")) {
		return string(raw)
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(&all, r)
		_ = r.Close()
	}
	return all.String()
}

// digits leaves out what stands between the digits of a number in either language.
var digits = strings.NewReplacer("\u00a0", "", "\u202f", "", "&nbsp;", "", ".", "", " ", "")

// Whoever looks, at whatever page, chart, list or document, of today or of the past,
// finds no figure of a small group, and none that would tell it.
func TestNoWayLeadsToASmallGroup(t *testing.T) {
	o := counted(t)
	wantCode(t, "delegate", o.as("director").post(letterMandate+"/delegations", url.Values{
		"idempotency_key": {uuid.NewString()}, "email": {"delegate@jalon.example"}, "scope": {"some"}, "objective.S3": {"1"}, "from": {"24/11/2026"}, "until": {"31/12/2026"},
	}), http.StatusSeeOther)
	const board = "/nl/bodies/ACTIRIS-CSO/scoreboards"
	pages := []string{
		letterMandate, letterMandate + "/objectives/S3", letterMandate + "/targets/S3.3-1", letterMandate + "/indicators", letterMandate + "/timeline", letterMandate + "/sheet",
		letterMandate + "/objectives/S3/sheet", letterMandate + "/sheet.docx", letterMandate + "/monitoring/2026-H2", letterMandate + "/monitoring/2026-H2.xlsx", letterMandate + "/monitoring/2026-H2.csv",
		letterMandate + "/annual/2026", letterMandate + "/annual/2026.docx", letterMandate + "/annual/2026.xlsx", letterMandate + "/annual/2026.html",
		board, board + "/TEL", board + "/TEL.xlsx", board + "/TEL.docx", "/nl/search?q=nota", "/nl/search?q=telling", "/nl/overview", "/nl/due", "/nl/calendar",
	}
	for _, code := range []string{"GA", "GB", "GC", "GT", "GF", "GS", "GX"} {
		pages = append(pages, letterMandate+"/indicators/"+code, letterMandate+"/indicators/"+code+"/measures")
	}
	lists := []string{"/api/v1/indicators?format=csv", "/api/v1/indicators/LETTER.GA/values?format=csv", "/api/v1/indicators/LETTER.GB/values?format=csv", "/api/v1/indicators/LETTER.GF/values?format=csv", "/api/v1/entries?format=csv"}
	pasts := []string{"", "asof=2026-10-01", "asof=2026-10-01&known=2026-07-15"}
	check := func(who, path, body string) {
		body = digits.Replace(body)
		for _, figure := range keptBack {
			if strings.Contains(body, figure) {
				t.Errorf("%s finds %s at %s", who, figure, path)
			}
		}
	}
	for _, who := range []string{"nobody", "delegate", "director", "secretary", "committee", "hr"} {
		b := o.as(who)
		program := programOf(t, b, "read", "1")
		seen := 0
		for _, past := range pasts {
			paths := slices.Concat(pages, lists)
			if who != "nobody" && who != "delegate" { // who sees the whole mandate: where the figures stand
				paths = slices.Concat([]string{board + "/TEL", letterMandate + "/indicators/GA", letterMandate + "/indicators/GB", letterMandate + "/indicators/GT"}, lists)
			}
			for _, path := range paths {
				if past != "" {
					sign := "?"
					if strings.Contains(path, "?") {
						sign = "&"
					}
					path += sign + past
				}
				var code int
				var body []byte
				if strings.HasPrefix(path, "/api/") {
					w := program.ask(http.MethodGet, path, "")
					code, body = w.Code, w.Body.Bytes()
				} else {
					w := b.get(path)
					code, body = w.Code, w.Body.Bytes()
				}
				if code >= http.StatusInternalServerError {
					t.Errorf("%s: %s answers %d", who, path, code)
				}
				text := textOf(t, body)
				check(who, path, text)
				if past == "" && code == http.StatusOK && strings.Contains(digits.Replace(text), "90007") {
					seen++
				}
			}
		}
		if who == "secretary" { // the pages of a PDF are drawn from what the others are: one is read, which takes long
			text := textOf(t, b.get(board+"/TEL.pdf").Body.Bytes())
			check(who, "TEL.pdf", text)
			if !strings.Contains(digits.Replace(text), "90007") {
				t.Errorf("the PDF does not show the whole: the test looks nowhere\n%s", text)
			}
		}
		if seen < 3 {
			t.Errorf("%s sees the whole at %d places: the test looks nowhere", who, seen)
		}
	}
}
