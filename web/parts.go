package web

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"jalon/internal/bilingual"
	"jalon/internal/monitoring"
)

func itoa(n int) string { return strconv.Itoa(n) }

// lower makes a label fit in the middle of a sentence.
func lower(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[size:]
}

// local gives an address of the site in the language of the page.
func (f Frame) local(path string) templ.SafeURL {
	return templ.URL("/" + string(f.Lang()) + path)
}

// documentTitle is what the browser's tab says. It begins with "error" when
// something must be mended, so that a screen reader tells it first.
func (f Frame) documentTitle() string {
	title := short(f.Title)
	if !f.AsOf.IsZero() {
		title += " (" + f.T("entry.as_of", "Date", f.Printer.Date(f.AsOf)) + ")"
	}
	title += " – Jalon"
	if len(f.Errors) > 0 {
		return f.T("frame.error") + " " + title
	}
	return title
}

// short cuts a long title, such as the words of a target, after a whole word.
func short(s string) string {
	const limit = 70
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	cut := string([]rune(s)[:limit])
	if i := strings.LastIndexByte(cut, ' '); i > limit/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.-–(") + "…"
}

// plain gives the words to show, for attributes and joined lines.
func (f Frame) plain(t bilingual.Text) string {
	text, _, _ := t.For(f.Lang())
	return text
}

// joined puts the parts that are not empty on one line.
func joined(parts ...string) string {
	kept := parts[:0:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " · ")
}

func (n Notice) color() string {
	return map[NoticeKind]string{NoticeDone: "success", NoticeWarning: "warning"}[n.Kind]
}

// full says where and what, for the summary at the top.
func (f Frame) full(e FieldError) string {
	switch {
	case e.Label == "":
		return e.Text
	case strings.HasSuffix(e.Label, "?"):
		return e.Label + " " + e.Text
	}
	return f.T("frame.labelled", "Label", e.Label, "Text", e.Text)
}

// readLiterally tells that the reading says the words of the letter again, so
// that one of the two is enough.
func (f Frame) readLiterally(d monitoring.DeadlineCell) bool {
	return !d.Words.IsZero() && strings.EqualFold(strings.Trim(f.plain(d.Text), " ."), strings.Trim(f.plain(d.Words), " ."))
}

// support puts the three answers on a request for support on one line.
func (f Frame) support(e *monitoring.Entry) string {
	return joined(e.SupportAsked, e.SupportOf, f.Printer.Date(e.SupportBy))
}

// input describes one field of a form. Its name is also its id.
type input struct {
	Name, Label, Value, Hint string
	Form                     string // how it is written, such as a day; beside the label, so that fields in a row stay level
	Type                     string // "" is text
	Autocomplete             string
	Optional                 bool
}

func (in input) kind() string {
	if in.Type == "" {
		return "text"
	}
	return in.Type
}

// attributes ties the field to its hint and error.
func (in input) attributes(f Frame) templ.Attributes {
	a := templ.Attributes{}
	var described []string
	if in.Hint != "" {
		described = append(described, in.Name+"-hint")
	}
	if f.ErrorFor(in.Name) != "" {
		described = append(described, in.Name+"-error")
		a["aria-invalid"] = "true"
	}
	if len(described) > 0 {
		a["aria-describedby"] = strings.Join(described, " ")
	}
	if in.Autocomplete != "" {
		a["autocomplete"] = in.Autocomplete
	}
	if in.Type == "password" || in.Type == "email" {
		a["autocapitalize"], a["spellcheck"] = "none", "false"
	}
	return a
}

// holder names who holds the mandate, in words when nobody does.
func (f Frame) holder(m MandateHead) string {
	switch {
	case m.Holder == "":
		return f.T("mandate.vacant")
	case m.Interim:
		return f.T("mandate.interim", "Name", m.Holder)
	default:
		return m.Holder
	}
}

// tenure says from when until when.
func (f Frame) tenure(m MandateHead) string {
	switch {
	case m.From.IsZero():
		return ""
	case m.Until.IsZero():
		return f.T("mandate.since", "From", f.Printer.Date(m.From))
	default:
		return f.T("mandate.from_until", "From", f.Printer.Date(m.From), "Until", f.Printer.Date(m.Until))
	}
}

// about is the line below a title: whose mandate, where.
func (f Frame) about(m MandateHead) string {
	return joined(f.plain(m.Title), f.plain(m.Institution), f.holder(m), f.part(m))
}
