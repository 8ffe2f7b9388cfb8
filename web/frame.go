// Package web draws Jalon: the pages and their parts, the styles, the icons and
// the few scripts. Each page takes one view, a struct made for it with values
// that are ready to show; nothing here fetches, decides or knows the time.
//
// Views hold the values of the core (texts, dates, statuses, codes); the page
// prints them in the reader's language with the printer of its frame.
package web

import (
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/locale"
)

// Frame is what every page shares. The zero AsOf means today.
type Frame struct {
	Printer      *locale.Printer
	Assets       *Assets
	Title        string // name of the page: its h1 and the first part of <title>
	OtherLangURL string // this same page in the other language; "" hides the switch
	Viewer       Viewer
	Menu         []MenuItem
	SearchURL    string        // where the small form at the top asks; "" for none
	Breadcrumbs  []Crumb       // from the top; the page itself is not among them
	AsOf         calendar.Date // a past day that the page shows; zero for today
	NowURL       string        // the same page as of today
	Known        time.Time     // up to when what was recorded counts; zero for all that is known
	KnownValue   string        // Known as an address writes it; "" for all that is known
	KnownURL     string        // the same page as known on the day itself; with Known, as known today; "" for a page that has no such other
	Notice       *Notice       // what has just been done
	Errors       []FieldError  // what must be mended before the form can be saved
	Demo         bool          // the data is invented
}

// Refusing is the frame with what must be mended in a form that was sent.
func (f Frame) Refusing(errs []FieldError) Frame {
	f.Errors = errs
	return f
}

// Viewer is the person who looks. The zero Viewer is not signed in.
type Viewer struct {
	Name     string
	Email    string
	SignedIn bool
}

// MenuItem is one entry of the main menu. Key names its words: "menu." + Key
// (due, my_mandate, mandates, overview, monitoring, calendar, evaluations,
// import, people, bodies, mail, tokens, audit, retention). Count is shown when it is not zero.
type MenuItem struct {
	Key     string
	URL     string
	Current string // "page", "true" for the section that the page lies in, or ""
	Count   int
}

// Crumb is one step above the page. Lang marks a label in the other language.
type Crumb struct {
	Label string
	URL   string
	Lang  bilingual.Lang
}

// NoticeKind colours a notice.
type NoticeKind string

// Kinds of notice.
const (
	NoticeDone    NoticeKind = "done"    // it is stored
	NoticeInfo    NoticeKind = "info"    // good to know
	NoticeWarning NoticeKind = "warning" // something wants attention
)

// Notice tells the outcome of the request before, after its redirect.
type Notice struct {
	Kind NoticeKind
	Text string
}

// FieldError is one thing to mend. Field is the name of the form field, which
// is also its id in the page, so that the summary at the top links to it; an
// error without a field is about the form as a whole. Label says where, such as "SD3.2-2".
type FieldError struct {
	Field string
	Label string
	Text  string
}

// Option is one choice of a list.
type Option struct {
	Value string
	Label string
}

// Link is a place to go.
type Link struct {
	Label string
	URL   string
}

// ErrorFor gives the message of a field, or "" when there is nothing to mend.
func (f Frame) ErrorFor(field string) string {
	for _, e := range f.Errors {
		if e.Field == field {
			return e.Text
		}
	}
	return ""
}

// Lang is the language of the page.
func (f Frame) Lang() bilingual.Lang { return f.Printer.Lang }

// T prints a sentence of the catalogue.
func (f Frame) T(key string, pairs ...any) string { return f.Printer.T(key, pairs...) }

// N prints a sentence in the plural form of count.
func (f Frame) N(key string, count int, pairs ...any) string {
	return f.Printer.N(key, count, pairs...)
}
