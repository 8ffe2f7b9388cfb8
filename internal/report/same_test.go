package report

import (
	"bytes"
	"encoding/csv"
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/document"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/web"
)

// printed gives what a PDF draws, without spaces and line ends: the fonts' codes are UTF-16.
func printed(t testing.TB, file []byte) string {
	t.Helper()
	return dense(printedLines(t, file))
}

// printedLines gives the words as they stand on paper: a line for each that was drawn.
func printedLines(t testing.TB, file []byte) string {
	t.Helper()
	ctx, err := api.ReadContext(bytes.NewReader(file), model.NewDefaultConfiguration())
	if err != nil {
		t.Fatal(err)
	}
	if err := ctx.EnsurePageCount(); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := 1; n <= ctx.PageCount; n++ {
		page, _, _, err := ctx.PageDict(n, false)
		if err != nil {
			t.Fatal(err)
		}
		content, err := ctx.PageContent(page, n)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(content)) {
			start, end := strings.Index(line, "("), strings.LastIndex(line, ") Tj")
			if start < 0 || end < 0 {
				continue
			}
			raw := strings.NewReplacer(`\\`, `\`, `\(`, `(`, `\)`, `)`, `\r`, "\r").Replace(line[start+1 : end])
			for i := 0; i+1 < len(raw); i += 2 {
				b.WriteRune(rune(raw[i])<<8 | rune(raw[i+1]))
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// dense leaves out what lines are broken at.
func dense(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}

// anyTable draws tables of texts and numbers as people type them.
func anyTable() *rapid.Generator[monitoring.Table] {
	words := rapid.StringMatching(`[A-Za-zéèëç0-9=+@'";,.()%€-]{1,12}( [a-zéàœ’\n]{1,9}){0,6}`)
	number := rapid.Custom(func(t *rapid.T) *decimal.Decimal {
		if rapid.Bool().Draw(t, "none") {
			return nil
		}
		d := decimal.New(rapid.Int64Range(-1e9, 1e9).Draw(t, "digits"), -rapid.Int32Range(0, 4).Draw(t, "scale"))
		d, _ = decimal.NewFromString(d.String())
		return &d
	})
	return rapid.Custom(func(t *rapid.T) monitoring.Table {
		table := sample()
		table.Rows, table.Form = nil, 2
		for i := range rapid.IntRange(1, 12).Draw(t, "rows") {
			text := func(what string) bilingual.Text {
				return bilingual.New(bilingual.NL, words.Draw(t, what+" nl")).With(bilingual.FR, words.Draw(t, what+" fr"), bilingual.Original)
			}
			r := monitoring.Row{
				Code: mandate.Code{Kind: mandate.Strategic, Objective: 1 + i/5, Point: 1, Target: 1 + i%5}, Objective: text("objective"), Point: text("point"), Target: text("target"),
				Deadline: monitoring.DeadlineCell{Text: text("deadline"), Confirmed: true}, Trend: monitoring.None,
				Now: monitoring.Cell{Status: rapid.SampledFrom([]progress.Status{progress.NotReported, progress.Late}).Draw(t, "silent")},
			}
			if rapid.Bool().Draw(t, "reported") {
				e := entry0(rapid.SampledFrom(progress.Entered).Draw(t, "status"), words.Draw(t, "achieved"))
				e.Obstacles, e.NextSteps, e.Percentage, e.Value = words.Draw(t, "obstacles"), words.Draw(t, "next"), number.Draw(t, "percentage"), number.Draw(t, "value")
				e.OutsideControl = rapid.Bool().Draw(t, "outside")
				e.AsOf = calendar.MustDate(2026, 1, 1).AddDays(rapid.IntRange(0, 180).Draw(t, "day"))
				r.Now = monitoring.Cell{Status: e.Status, Entry: e}
			}
			table.Rows = append(table.Rows, r)
		}
		return table
	})
}

// tells gives what every format must say of a row, as a reader of the language sees it.
func tells(r monitoring.Row, lang bilingual.Lang) []string {
	p := catalogues.In(lang)
	list := []string{p.Code(r.Code), r.Objective.In(lang), r.Point.In(lang), r.Target.In(lang), r.Deadline.Text.In(lang), p.Status(r.Now.Status)}
	if e := r.Now.Entry; e != nil {
		list = append(list, e.Achieved, e.Obstacles, e.NextSteps, p.Date(e.AsOf), p.DateTime(e.RecordedAt))
		if e.OutsideControl {
			list = append(list, strings.Trim(p.T("export.outside"), "()"))
		}
		if e.Percentage != nil {
			list = append(list, p.Percent(*e.Percentage))
		}
		if e.Value != nil {
			list = append(list, p.Number(*e.Value))
		}
	}
	return list
}

// The page and every file are renderings of one value: the same words and numbers in each.
func TestEveryFormatSaysTheSame(t *testing.T) {
	for seed := range 24 {
		table, lang := anyTable().Example(seed), bilingual.Langs[seed%2]
		m := Draft(table)
		docx, err := document.ReadDOCX(write(t, m, DOCX, lang))
		if err != nil {
			t.Fatal(err)
		}
		book, err := document.ReadXLSX(write(t, m, XLSX, lang))
		if err != nil {
			t.Fatal(err)
		}
		reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(write(t, m, CSV, lang), []byte("\ufeff"))))
		reader.Comma = ';'
		records, err := reader.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		inJSON, err := monitoring.Document(write(t, m, JSON, lang))
		if err != nil {
			t.Fatal(err)
		}
		if again, err := monitoring.Parse(inJSON); err != nil || len(again.Rows) != len(table.Rows) {
			t.Fatalf("seed %d: JSON: %v, %d rows", seed, err, len(again.Rows))
		} else if plain, err := Draft(again).Table.Canonical(); err != nil || !bytes.Equal(plain, inJSON) {
			t.Fatalf("seed %d: JSON reads as another table (%v)", seed, err)
		}
		onPaper := printed(t, write(t, m, PDF, lang))
		texts := rowsOfWords(docx, lang)
		for i, r := range table.Rows {
			details, record := book.Sheets[1].Rows[i+1], records[i+1]
			whole := dense(strings.Join(book.Sheets[0].Rows[i+1], "\n"))
			for _, want := range tells(r, lang) {
				if !strings.Contains(whole, dense(want)) {
					t.Fatalf("seed %d: XLSX, row %d: no %q", seed, i, want)
				}
				if want == r.Objective.In(lang) || want == r.Point.In(lang) {
					continue // stand once above the rows that share them
				}
				if !strings.Contains(texts[i], dense(want)) {
					t.Fatalf("seed %d: DOCX, row %d: no %q in %q", seed, i, want, texts[i])
				}
				if !strings.Contains(onPaper, dense(want)) {
					t.Fatalf("seed %d: PDF: no %q", seed, want)
				}
			}
			for c, title := range book.Sheets[1].Rows[0] {
				inBook, inCSV := "", record[c]
				if strings.ContainsAny(strings.TrimLeft(inCSV, "'")[:min(1, len(strings.TrimLeft(inCSV, "'")))], "=+-@\n") {
					inCSV = strings.TrimPrefix(inCSV, "'") // made neutral
				}
				if c < len(details) {
					inBook = details[c]
				}
				if n, err := decimal.NewFromString(inBook); err == nil {
					if other, err := decimal.NewFromString(strings.Replace(inCSV, ",", ".", 1)); err == nil && n.Equal(other) {
						continue
					}
				}
				if inBook != inCSV && !isDay(inBook, inCSV) {
					t.Fatalf("seed %d: row %d, %s: %q in the workbook, %q in the CSV", seed, i, title, inBook, inCSV)
				}
			}
		}
	}
}

// isDay compares the number of a day in a workbook with the same day in words.
func isDay(serial, words string) bool {
	n, err := decimal.NewFromString(serial)
	return err == nil && calendar.MustDate(1899, 12, 30).AddDays(int(n.IntPart())).Time().Format("02/01/2006") == words
}

// rowsOfWords gives the rows of the targets in a text document, without spaces.
func rowsOfWords(w document.Written, lang bilingual.Lang) (rows []string) {
	head := catalogues.In(lang).T("export.code")
	for _, t := range w.Tables {
		if len(t[0]) == 0 || t[0][0] != head {
			continue
		}
		for _, row := range t[1:] {
			rows = append(rows, dense(strings.Join(row, "\n")))
		}
	}
	return rows
}

var tag = regexp.MustCompile(`<[^>]*>`)

// rowsOfPage gives the words of the table rows of a page, without spaces, by the
// code that they begin with.
func rowsOfPage(page string) map[string]string {
	rows := map[string]string{}
	for _, row := range strings.Split(page, "<tr")[1:] {
		row, _, _ = strings.Cut(row, "</tr>")
		_, row, _ = strings.Cut(row, ">")
		first, _, _ := strings.Cut(row, "</th>")
		rows[dense(html.UnescapeString(tag.ReplaceAllString(first, "")))] = dense(html.UnescapeString(tag.ReplaceAllString(row, "")))
	}
	return rows
}

// The page that people look at and the page that they download say the same of
// each row as the table says.
func TestThePagesSayTheSame(t *testing.T) {
	assets, err := web.LoadAssets()
	if err != nil {
		t.Fatal(err)
	}
	for seed := range 24 {
		table, lang := anyTable().Example(seed), bilingual.Langs[seed%2]
		p := catalogues.In(lang)
		var shown strings.Builder
		view := web.MonitoringView{Frame: web.Frame{Printer: p, Assets: assets, Title: "x"}, Table: table}
		if err := web.MonitoringPage(view).Render(t.Context(), &shown); err != nil {
			t.Fatal(err)
		}
		onPage, inFile := rowsOfPage(shown.String()), rowsOfPage(string(write(t, Draft(table), HTML, lang)))
		for _, r := range table.Rows {
			code := dense(p.Code(r.Code))
			recorded := ""
			if e := r.Now.Entry; e != nil {
				recorded = p.DateTime(e.RecordedAt) // only the files say when
			}
			for _, want := range tells(r, lang) {
				if want == r.Objective.In(lang) || want == r.Point.In(lang) {
					continue // stand above the rows that share them
				}
				if !strings.Contains(inFile[code], dense(want)) {
					t.Fatalf("seed %d: HTML, %s: no %q in %q", seed, code, want, inFile[code])
				}
				if want != recorded && !strings.Contains(strings.ToLower(onPage[code]), strings.ToLower(dense(want))) {
					t.Fatalf("seed %d: page, %s: no %q in %q", seed, code, want, onPage[code])
				}
			}
		}
	}
}
