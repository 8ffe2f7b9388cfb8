package document

import (
	"bytes"
	"encoding/base64"
	"image/png"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"jalon/internal/bilingual"
	"jalon/internal/chart"
)

// A page holds the words as words, and each table cell finds its headers.
func TestAPageStandsByItself(t *testing.T) {
	d := Document{Title: "Tabel <1>", Lang: bilingual.NL, Author: "A&B", Footer: "voet", Blocks: []Block{
		Heading{Level: 1, Text: Part{Text: "<script>alert(1)</script>"}},
		Paragraph{Text: Part{Text: "Projet.", Lang: bilingual.FR}, Mark: Triangle},
		Facts{{Name: "Naam", Value: Part{Text: `"x"`}}},
		List{Inline: true, Items: []Cell{Marked(Tick, "2 goed")}},
		Table{Caption: "Bijschrift", Columns: []Column{{Title: "Code"}, {Title: "Tekst"}}, Rows: [][]Cell{
			{Plain("S1"), {Parts: []Part{{Label: "Lees:", Text: "een\ntwee"}, {Label: "Stand:", Text: "trois", Lang: bilingual.FR}}}},
		}},
		Figure{PNG: []byte("x"), Alt: "beeld"},
	}}
	var b bytes.Buffer
	if err := WriteHTML(&b, d); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{
		`<html lang="nl-BE">`, "<title>Tabel &lt;1&gt;</title>", "<h1>&lt;script&gt;", `<p class="note" lang="fr-BE">`, `<th scope="col">Tekst</th>`, `<th scope="row"><div>S1</div></th>`,
		`<div lang="fr-BE"><b lang="nl-BE">Stand:</b> trois</div>`, "een<br>twee", "<caption>Bijschrift</caption>", `alt="beeld"`, "&#34;x&#34;",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
	for _, forbidden := range []string{"<script", "http:", "https:", " style=", "url("} {
		if strings.Contains(page, forbidden) {
			t.Errorf("the page has %s", forbidden)
		}
	}
	if _, err := html.Parse(&b); err != nil {
		t.Error(err)
	}
}

// A page holds no drawing, so a chart is a picture on it.
func TestAChartOnAPageIsAPicture(t *testing.T) {
	drawn := chart.Drawing{Width: 20, Height: 10, Shapes: []chart.Shape{{Role: chart.Line, Points: []chart.Point{{X: 0, Y: 0}, {X: 20, Y: 10}}}}}
	var b bytes.Buffer
	if err := WriteHTML(&b, Document{Title: "Tabel", Lang: bilingual.NL, Blocks: []Block{Figure{Chart: &drawn, Alt: "een lijn"}}}); err != nil {
		t.Fatal(err)
	}
	_, data, _ := strings.Cut(b.String(), "data:image/png;base64,")
	data, _, _ = strings.Cut(data, `"`)
	picture, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		t.Fatal(err)
	}
	if size, err := png.DecodeConfig(bytes.NewReader(picture)); err != nil || size.Width != 20*chartDots || size.Height != 10*chartDots {
		t.Errorf("a picture of %d × %d: %v", size.Width, size.Height, err)
	}
}
