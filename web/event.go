package web

import (
	"net/url"
	"time"

	"github.com/a-h/templ"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
)

// EventsView is the register of events of one mandate.
type EventsView struct {
	Frame
	Mandate        MandateHead
	URL            string
	Events         []EventLine // the latest first
	Kinds          []EventKind
	Targets        []EventTarget
	Action         string // of the form (POST); "" when the reader may not record
	ImportURL      string // of the form for a list; with Action
	Form           EventForm
	IdempotencyKey string
}

// EventLine is one event of the register.
type EventLine struct {
	Title        string
	Lang         bilingual.Lang
	Kind         bilingual.Text
	From, Until  calendar.Date
	Place        string
	Participants int // 0: not given
	Targets      []Ancestor
	Cancelled    bool
	Duties, Open int // how many it opened, and how many of these somebody must still close
	Late         bool
	URL          string
}

// EventKind is a kind that can be recorded. Awaited kinds open duties of this mandate.
type EventKind struct {
	Code    string
	Name    bilingual.Text
	Awaited bool
	URL     string // of the form for it
}

// EventTarget is a target that an event may concern.
type EventTarget struct {
	Code   mandate.Code
	Text   bilingual.Text
	Chosen bool
	Awaits bool // its deadline waits for events
}

// EventForm is what was typed. Without a kind the form is not shown yet.
type EventForm struct {
	Kind, Title, From, Until, Place, Participants string
	Chosen                                        []mandate.Code
}

// EventView is the page of one event with its duties.
type EventView struct {
	Frame
	Mandate        MandateHead
	Event          EventLine
	RecordedBy     string
	OnBehalfOf     string // the holder, when a delegate recorded it
	RecordedAt     time.Time
	CancelledAt    time.Time // zero: it stands
	Duties         []DutyLine
	CancelURL      string // of the form (POST); "" when the reader may not
	IdempotencyKey string
}

// kind is the chosen kind.
func (v EventsView) kind() EventKind {
	for _, k := range v.Kinds {
		if k.Code == v.Form.Kind {
			return k
		}
	}
	return EventKind{}
}

// eventDays says on which day, or between which days, an event is.
func (f Frame) eventDays(e EventLine) string {
	if e.From == e.Until {
		return f.Printer.Date(e.From)
	}
	return f.T("deadline.between", "From", f.Printer.Date(e.From), "Until", f.Printer.Date(e.Until))
}

// fieldsetError ties a group of fields to its error.
func (f Frame) fieldsetError(name string) templ.Attributes {
	if f.ErrorFor(name) == "" {
		return nil
	}
	return templ.Attributes{"aria-describedby": name + "-error"}
}

// host is where a link leads.
func host(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// participants says how many took part, or nothing.
func (f Frame) participants(e EventLine) string {
	if e.Participants == 0 {
		return ""
	}
	return f.N("event.participants_count", e.Participants)
}
