package document

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"codeberg.org/go-pdf/fpdf"
)

// lineHeight is the height of a line of this font size, in millimetres.
func lineHeight(size float64) float64 { return size * point * 1.26 }

// textLine is a printed line: runs of one weight each.
type textLine struct {
	runs  []run
	width float64 // millimetres
	soft  bool    // the paragraph goes on in the next line
}

type run struct {
	text string
	bold bool
}

// width measures a text in millimetres.
func (p *printer) width(text string, size float64, bold bool) float64 {
	r := rulers()[0]
	if bold {
		r = rulers()[1]
	}
	return float64(r.GetStringSymbolWidth(printable(text))) * (size / r.GetConversionRatio()) / 1000
}

// rulers measure with the regular and the bold font. Nothing is drawn on them, and
// nothing set, so that all documents share them.
var rulers = sync.OnceValue(func() (r [2]*fpdf.Fpdf) {
	for i := range r {
		r[i] = fpdf.New("P", "mm", "A4", "")
		r[i].AddUTF8FontFromBytes("sans", "", [][]byte{regularFont, boldFont}[i])
		r[i].SetFont("sans", "", 1)
	}
	return r
})

func weight(bold bool) string {
	if bold {
		return "B"
	}
	return ""
}

// word is what is never broken, unless it is wider than the line.
type word struct {
	run
	width float64
	glued bool // no space before it
}

// wrap breaks a part into lines of at most this width. Line feeds stay; it
// breaks at spaces and after hyphens and slashes, never at a no-break space.
func (p *printer) wrap(part Part, size, width float64, bold bool) (lines []textLine) {
	space := p.width(" ", size, bold)
	var words []word
	add := func(text string, bold bool) {
		for _, token := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\t' }) {
			for i, piece := range p.pieces(token, size, width, bold) {
				words = append(words, word{run{piece, bold}, p.width(piece, size, bold), i > 0})
			}
		}
	}
	flush := func() {
		lines = append(lines, set(words, space, width)...)
		words = nil
	}
	add(printable(part.Label), true)
	for i, paragraph := range strings.Split(part.words(), "\n") {
		if i > 0 {
			flush()
		}
		add(printable(paragraph), bold)
	}
	flush()
	return lines
}

// set puts words into lines; no words make one empty line.
func set(words []word, space, width float64) (lines []textLine) {
	var l textLine
	for _, w := range words {
		gap := space
		if w.glued || len(l.runs) == 0 {
			gap = 0
		}
		if len(l.runs) > 0 && l.width+gap+w.width > width+.01 {
			l.soft = !w.glued
			lines = append(lines, l)
			l, gap = textLine{}, 0
		}
		text := w.text
		if gap > 0 {
			text = " " + text
		}
		if n := len(l.runs); n > 0 && l.runs[n-1].bold == w.bold {
			l.runs[n-1].text += text
		} else {
			l.runs = append(l.runs, run{text, w.bold})
		}
		l.width += gap + w.width
	}
	return append(lines, l)
}

// pieces cuts a word after hyphens and slashes between letters, and anywhere when it is still too wide.
func (p *printer) pieces(token string, size, width float64, bold bool) (out []string) {
	start := 0
	for i, r := range token {
		next := i + utf8.RuneLen(r)
		if before, _ := utf8.DecodeLastRuneInString(token[:i]); !strings.ContainsRune("-–/", r) || !unicode.IsLetter(before) {
			continue
		}
		if after, _ := utf8.DecodeRuneInString(token[next:]); unicode.IsLetter(after) {
			out, start = append(out, token[start:next]), next
		}
	}
	out = append(out, token[start:])
	for i := 0; i < len(out); i++ {
		if p.width(out[i], size, bold) <= width {
			continue
		}
		cut, sum := 0, 0.0
		for j, r := range out[i] {
			w := p.width(string(r), size, bold)
			if j > 0 && sum+w > width {
				cut = j
				break
			}
			sum += w
		}
		if cut > 0 {
			rest := out[i][cut:]
			out = append(out[:i+1], append([]string{rest}, out[i+1:]...)...)
			out[i] = out[i][:cut]
		}
	}
	return out
}

// fitted shortens a text to one line.
func (p *printer) fitted(text string, size float64, bold bool, width float64) string {
	text = strings.ReplaceAll(clean(text), "\n", " ")
	if p.width(text, size, bold) <= width {
		return text
	}
	r := []rune(text)
	r = r[:min(len(r), 400)] // more than any line holds
	for len(r) > 0 && p.width(string(r)+"…", size, bold) > width {
		r = r[:len(r)-1]
	}
	return string(r) + "…"
}

// lines draws lines from this left and top on. A line that goes on ends with a
// space, for those who copy or listen.
func (p *printer) lines(x, y float64, lines []textLine, size float64, shade colour) {
	for i, l := range lines {
		at := x
		for n, r := range l.runs {
			text := r.text
			if l.soft && n == len(l.runs)-1 {
				text += " "
			}
			p.text(at, y+float64(i)*lineHeight(size)+size*point*.98, text, size, r.bold, shade)
			at += p.width(r.text, size, r.bold)
		}
	}
}

// text draws one run; y is the base line.
func (p *printer) text(x, y float64, text string, size float64, bold bool, shade colour) {
	if text = printable(text); text == "" {
		return
	}
	p.f.SetFont("sans", weight(bold), size)
	p.f.SetTextColor(shade.r, shade.g, shade.b)
	p.f.Text(x, y, text)
}

func (p *printer) fill(c colour) { p.f.SetFillColor(c.r, c.g, c.b) }

func (p *printer) stroke(c colour, width float64) {
	p.f.SetDrawColor(c.r, c.g, c.b)
	p.f.SetLineWidth(width)
}

func (p *printer) rule(x, y, width float64, c colour) {
	p.stroke(c, .2)
	p.f.Line(x, y, x+width, y)
}
