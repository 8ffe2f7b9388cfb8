package document

import (
	"bufio"
	_ "embed" // the style sheet
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"strconv"
	"strings"
)

//go:embed html.css
var pageStyle string

// WriteHTML writes one page that stands by itself, for a screen and for paper:
// headings, lists and tables with their headers, the language of each run, no
// script and nothing from elsewhere.
func WriteHTML(w io.Writer, d Document) error {
	b := bufio.NewWriter(w)
	h := htmlPage{b, d}
	h.write()
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write page %q: %w", d.Title, err)
	}
	return nil
}

// htmlPage is a page in the making. A failed write is told by Flush.
type htmlPage struct {
	*bufio.Writer
	d Document
}

// put writes markup; every text in it has passed escape.
func (h htmlPage) put(markup ...string) {
	for _, m := range markup {
		_, _ = h.WriteString(m)
	}
}

func escape(text string) string { return html.EscapeString(clean(text)) }

func (h htmlPage) write() {
	h.put("<!DOCTYPE html>\n<html lang=\"", h.d.Lang.Tag(), "\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
		"<meta name=\"author\" content=\"", escape(h.d.Author), "\">\n<title>", escape(h.d.Title), "</title>\n<style>\n", pageStyle, "</style>\n</head>\n<body>\n<main>\n")
	for _, b := range h.d.Blocks {
		switch b := b.(type) {
		case Heading:
			level := "h" + strconv.Itoa(b.Level)
			h.put("<", level, h.lang(b.Text), ">", h.words(b.Text), "</", level, ">\n")
		case Paragraph:
			h.paragraph(b)
		case List:
			h.put("<ul", map[bool]string{true: ` class="inline"`}[b.Inline], ">\n")
			for _, item := range b.Items {
				h.put("<li>")
				h.cell(item)
				h.put("</li>\n")
			}
			h.put("</ul>\n")
		case Facts:
			h.put("<table class=\"facts\"><tbody>\n")
			for _, f := range b {
				h.put("<tr><th scope=\"row\">", escape(f.Name), "</th><td", h.lang(f.Value), ">", h.words(f.Value), "</td></tr>\n")
			}
			h.put("</tbody></table>\n")
		case Table:
			h.table(b)
		case Figure:
			h.put("<img alt=\"", escape(b.Alt), "\" src=\"data:image/png;base64,", base64.StdEncoding.EncodeToString(b.picture()), "\">\n")
		}
	}
	h.put("</main>\n<footer>", escape(h.d.Footer), "</footer>\n</body>\n</html>\n")
}

func (h htmlPage) paragraph(p Paragraph) {
	class := ""
	switch {
	case p.Mark != "":
		class = ` class="note"`
	case p.Text.Quiet:
		class = ` class="quiet"`
	}
	h.put("<p", class, h.lang(p.Text), ">")
	if p.Mark != "" {
		h.put(p.Mark.svg(), " ")
	}
	h.put(h.words(p.Text), "</p>\n")
}

func (h htmlPage) table(t Table) {
	h.put("<table>\n")
	if t.Caption != "" {
		h.put("<caption>", escape(t.Caption), "</caption>\n")
	}
	h.put("<thead><tr>")
	for _, c := range t.Columns {
		h.put("<th scope=\"col\">", escape(c.Title), "</th>")
	}
	h.put("</tr></thead>\n<tbody>\n")
	for row := range t.all() {
		h.put("<tr>")
		for i, c := range row {
			if i == 0 {
				h.put("<th scope=\"row\">")
				h.cell(c)
				h.put("</th>")
				continue
			}
			h.put("<td>")
			h.cell(c)
			h.put("</td>")
		}
		h.put("</tr>\n")
	}
	h.put("</tbody>\n</table>\n")
}

// cell writes a cell: each part on a line of its own, in its language.
func (h htmlPage) cell(c Cell) {
	for i, p := range c.Parts {
		if p.String() == "" {
			continue
		}
		class := ""
		if p.Quiet {
			class = ` class="quiet"`
		}
		h.put("<div", class, h.lang(p), ">")
		if i == 0 && c.Mark != "" {
			h.put(c.Mark.svg(), " ")
		}
		h.put(h.words(p), "</div>")
	}
}

func (h htmlPage) lang(p Part) string {
	if l := tag(p.Lang, h.d.Lang); l != "" {
		return ` lang="` + l + `"`
	}
	return ""
}

// words writes a part: its label, which is in the language of the document, and its text.
func (h htmlPage) words(p Part) string {
	text := strings.ReplaceAll(escape(p.Text), "\n", "<br>")
	if p.Label == "" {
		return text
	}
	label := "<b>" + escape(p.Label) + "</b>"
	if l := h.lang(p); l != "" && text != "" {
		label = `<b lang="` + h.d.Lang.Tag() + `">` + escape(p.Label) + "</b>"
	}
	if text == "" {
		return label
	}
	return label + " " + text
}

// svg draws a mark in a page, in the colour of the words beside it.
func (m Mark) svg() string {
	var p svgPen
	m.draw(&p)
	return `<svg viewBox="0 0 16 16" aria-hidden="true">` + p.String() + "</svg>"
}

type svgPen struct{ strings.Builder }

func (p *svgPen) circle(cx, cy, r float64, filled bool) {
	fmt.Fprintf(p, `<circle cx="%g" cy="%g" r="%g"%s/>`, cx, cy, r, map[bool]string{true: ` fill="currentColor"`}[filled])
}

func (p *svgPen) dashedCircle(cx, cy, r, dash, gap float64) {
	fmt.Fprintf(p, `<circle cx="%g" cy="%g" r="%g" stroke-dasharray="%g %g"/>`, cx, cy, r, dash, gap)
}

func (p *svgPen) line(xy ...float64)    { p.shape("polyline", "", xy) }
func (p *svgPen) outline(xy ...float64) { p.shape("polygon", "", xy) }
func (p *svgPen) solid(xy ...float64)   { p.shape("polygon", ` fill="currentColor"`, xy) }

func (p *svgPen) shape(name, fill string, xy []float64) {
	points := make([]string, len(xy))
	for i, n := range xy {
		points[i] = strconv.FormatFloat(n, 'g', -1, 64)
	}
	fmt.Fprintf(p, `<%s points="%s"%s/>`, name, strings.Join(points, " "), fill)
}
