package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/locale"
	"jalon/internal/mandate"
)

// maxFeedItems bounds a feed: calendar programs read it whole at every refresh.
// The days nearest to today are kept.
const maxFeedItems = 5000

// feedRefresh is how often a calendar program should come back.
const feedRefresh = "PT6H"

// FeedOptions say for whom a feed is made.
type FeedOptions struct {
	Printer *locale.Printer
	BaseURL string    // scheme and host of the links; the host also ends every UID
	At      time.Time // of the fetch
}

// Feed makes an iCalendar object (RFC 5545, RFC 7986) of what the questions ask:
// their duties on the due dates and their events, as whole days, ordered by
// date. It holds the words of the letter and of the register, never what was
// reported or judged. tag changes with the content and not with the time.
func Feed(questions []duty.Question, o FeedOptions) (body []byte, tag string) {
	f := feed{FeedOptions: o, host: "jalon", seen: map[string]int{}}
	if u, err := url.Parse(o.BaseURL); err == nil && u.Hostname() != "" {
		f.host = u.Hostname()
	}
	for _, q := range questions {
		f.add(q)
	}
	slices.SortStableFunc(f.items, func(a, b feedItem) int { return a.from.Compare(b.from) })
	text := f.object().Serialize(ics.WithNewLineWindows)
	return []byte(text), tagOf(text)
}

// tagOf leaves out the lines that tell when the object was made.
func tagOf(text string) string {
	h := sha256.New()
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, string(ics.PropertyDtstamp)+":") {
			h.Write([]byte(line))
		}
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:15])
}

type feed struct {
	FeedOptions
	host  string
	items []feedItem
	seen  map[string]int // how often a UID was given
}

// feedItem is one event of the calendar object. Its days are both included.
type feedItem struct {
	uid                         string
	from, until                 calendar.Date
	summary, category, location string
	lines                       []string // of the description
	url                         string
}

func (f *feed) add(q duty.Question) {
	base := f.BaseURL + "/" + string(f.Printer.Lang) + "/mandates/" + q.Mandate.Code
	for _, d := range duty.Of(q) {
		f.items = append(f.items, f.duty(q.Mandate, d, base))
	}
	for _, e := range q.Record.Events {
		if e.Cancelled() || e.Until.Before(q.From) || e.From.After(q.Until) {
			continue
		}
		f.items = append(f.items, f.event(q.Mandate, e, base))
	}
}

func (f *feed) duty(m mandate.Mandate, d duty.Duty, base string) feedItem {
	p := f.Printer
	summary := p.Code(d.Target.Code) + " " + shortened(f.say(d.Target.Text))
	if d.State == duty.Done || d.State == duty.Waived || d.State == duty.Late {
		summary = p.DutyState(d.State) + ": " + summary
	}
	return feedItem{
		uid: f.uid("duty-" + d.Key()), from: d.Due, until: d.Due, summary: summary, category: p.T("calendar.kind.duty"),
		lines: []string{p.Code(d.Target.Code) + " " + f.say(d.Target.Text), p.ReasonOf(d), p.DutyState(d.State), f.office(m)},
		url:   base + "/targets/" + d.Target.Code.String(),
	}
}

func (f *feed) event(m mandate.Mandate, e duty.Event, base string) feedItem {
	return feedItem{
		uid: f.uid(fmt.Sprintf("event-%d", e.ID)), from: e.From, until: e.Until, summary: e.Title, category: f.say(e.Kind.Name), location: e.Place,
		lines: []string{f.say(e.Kind.Name), f.office(m)}, url: fmt.Sprintf("%s/events/%d", base, e.ID),
	}
}

func (f *feed) say(t bilingual.Text) string {
	words, _, _ := t.For(f.Printer.Lang)
	return words
}

func (f *feed) office(m mandate.Mandate) string {
	return f.say(m.Title) + ", " + f.say(m.Institution.Name)
}

// uid names an item for ever. Two duties with one key would hide each other.
func (f *feed) uid(key string) string {
	f.seen[key]++
	if n := f.seen[key]; n > 1 {
		key = fmt.Sprintf("%s.%d", key, n)
	}
	return key + "@" + f.host
}

func (f *feed) object() *ics.Calendar {
	p := f.Printer
	c := ics.NewCalendar()
	c.SetProductId("-//Jalon//Jalon//" + strings.ToUpper(string(p.Lang)))
	c.SetMethod(ics.MethodPublish)
	c.SetCalscale("GREGORIAN")
	c.SetName(p.T("feed.name"))
	c.SetXWRTimezone(calendar.Brussels.String())
	c.SetRefreshInterval(feedRefresh) // with VALUE=DURATION, which the library adds
	c.SetXPublishedTTL(feedRefresh)
	description := p.T("feed.description")
	if all := len(f.items); all > maxFeedItems {
		f.items = nearest(f.items, calendar.DateOf(f.At))
		description += " " + p.T("feed.shortened", "Count", len(f.items), "Of", all)
	}
	c.SetXWRCalDesc(description)
	if len(f.items) == 0 {
		c.AddVTimezone(brusselsTime()) // an object needs one component (RFC 5545, 3.6)
	}
	for _, item := range f.items {
		c.AddVEvent(item.component(f.At))
	}
	return c
}

func (i feedItem) component(at time.Time) *ics.VEvent {
	e := ics.NewEvent(i.uid)
	e.SetDtStampTime(at)
	e.SetAllDayStartAt(i.from.Time())
	e.SetAllDayEndAt(i.until.AddDays(1).Time()) // the first day after
	e.SetSummary(plainLine(i.summary))
	e.SetDescription(plainLines(i.lines))
	e.SetProperty(ics.ComponentPropertyCategories, plainLine(i.category))
	if i.location != "" {
		e.SetLocation(plainLine(i.location))
	}
	e.SetURL(i.url)
	e.SetTimeTransparency(ics.TransparencyTransparent) // nobody is busy all day
	return e
}

// nearest keeps the items nearest to a day, in their order.
func nearest(items []feedItem, today calendar.Date) []feedItem {
	days := func(i feedItem) time.Duration { return i.from.Time().Sub(today.Time()).Abs() }
	kept := slices.Clone(items)
	slices.SortStableFunc(kept, func(a, b feedItem) int { return cmp.Compare(days(a), days(b)) })
	kept = kept[:maxFeedItems]
	slices.SortStableFunc(kept, func(a, b feedItem) int { return a.from.Compare(b.from) })
	return kept
}

// brusselsTime is the time zone by the rule of directive 2000/84/EC.
func brusselsTime() *ics.VTimezone {
	zone := ics.NewTimezone(calendar.Brussels.String())
	season := func(name, start, from, to, month string) ics.ComponentBase {
		var c ics.ComponentBase
		c.SetProperty(ics.ComponentPropertyDtStart, start)
		c.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), from)
		c.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), to)
		c.SetProperty(ics.ComponentProperty(ics.PropertyTzname), name)
		c.SetProperty(ics.ComponentPropertyRrule, "FREQ=YEARLY;BYMONTH="+month+";BYDAY=-1SU")
		return c
	}
	zone.Components = []ics.Component{
		&ics.Daylight{ComponentBase: season("CEST", "19960331T020000", "+0100", "+0200", "3")},
		&ics.Standard{ComponentBase: season("CET", "19961027T030000", "+0200", "+0100", "10")},
	}
	return zone
}

// shortened cuts long words of the letter after a whole word, for a title.
func shortened(s string) string {
	const limit = 80
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	cut := string(runes[:limit])
	if i := strings.LastIndexByte(cut, ' '); i > limit/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.-–(") + "…"
}

// plainLine takes out what RFC 5545 has no form for: control characters.
func plainLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == ' ' }), " ")
}

func plainLines(lines []string) string {
	kept := make([]string, 0, len(lines))
	for _, l := range lines {
		if l = plainLine(l); l != "" {
			kept = append(kept, l)
		}
	}
	return strings.Join(kept, "\n")
}
