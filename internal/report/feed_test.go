package report_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/duty"
	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/report"
)

var feedCatalogues = locale.MustLoad()

const (
	longNL = "toezien op de naleving van het vastgestelde tijdschema voor de omzetting; dat opvolgen, en nauw samenwerken met de attaché van BI die belast is met de coördinatie van de omzetting van richtlijnen"
	longFR = "veiller au respect du calendrier de transposition fixé ; en assurer le suivi, et collaborer étroitement avec l’attaché de BI chargé de la coordination de la transposition des directives à l’échelon européen"
)

func reading(t testing.TB, phrase string) deadline.Reading {
	t.Helper()
	r := deadline.Read(phrase, bilingual.NL)
	if len(r.Parts) == 0 {
		t.Fatalf("%q is not read", phrase)
	}
	return r
}

// feedQuestion is a mandate with one target per phrase, asked for the days from 1 January 2028 on.
func feedQuestion(t testing.TB, until calendar.Date, phrases ...string) duty.Question {
	t.Helper()
	m := mandate.Mandate{
		ID: 1, Code: "ACT-A4", Title: bilingual.New(bilingual.NL, "Directeur").With(bilingual.FR, "Directrice ou directeur", bilingual.Translated),
		Institution: mandate.Institution{Code: "ACT", Name: bilingual.New(bilingual.NL, "Actiris").With(bilingual.FR, "Actiris", bilingual.Original)},
		Holder:      mandate.Tenure{PersonID: 1, From: calendar.MustDate(2024, 1, 1), Until: calendar.MustDate(2030, 12, 31)},
	}
	point := mandate.MeasurementPoint{Code: mandate.Code{Kind: mandate.Transversal, Objective: 4, Point: 3}}
	for i, phrase := range phrases {
		point.Targets = append(point.Targets, mandate.Target{
			ID: int64(i + 1), Code: mandate.Code{Kind: mandate.Transversal, Objective: 4, Point: 3, Target: i + 1},
			Text:     bilingual.New(bilingual.NL, longNL).With(bilingual.FR, longFR, bilingual.Translated),
			Deadline: mandate.Deadline{Reading: reading(t, phrase)},
		})
	}
	m.Objectives = []mandate.Objective{{Code: mandate.Code{Kind: mandate.Transversal, Objective: 4}, Points: []mandate.MeasurementPoint{point}}}
	return duty.Question{Mandate: m, From: calendar.MustDate(2028, 1, 1), Until: until, Today: calendar.MustDate(2028, 1, 10)}
}

func makeFeed(lang bilingual.Lang, questions ...duty.Question) (string, string) {
	body, tag := report.Feed(questions, report.FeedOptions{
		Printer: feedCatalogues.In(lang), BaseURL: "https://jalon.example:8443", At: time.Date(2028, 1, 10, 9, 30, 0, 0, time.UTC),
	})
	return string(body), tag
}

// parsed reads a feed back as a calendar program does.
func parsed(t testing.TB, body string) []*ics.VEvent {
	t.Helper()
	c, err := ics.ParseCalendar(strings.NewReader(body))
	if err != nil {
		t.Fatalf("the feed does not parse: %v\n%s", err, body)
	}
	return c.Events()
}

func value(e *ics.VEvent, name ics.ComponentProperty) string {
	if p := e.GetProperty(name); p != nil {
		return p.Value // as read: unescaped
	}
	return ""
}

func days(e *ics.VEvent) string {
	return value(e, ics.ComponentPropertyDtStart) + " " + value(e, ics.ComponentPropertyDtEnd)
}

func TestAFeedHasEveryDutyAsAWholeDay(t *testing.T) {
	q := feedQuestion(t, calendar.MustDate(2028, 3, 31), "29 februari 2028", "uiterlijk 26 maart 2028")
	body, _ := makeFeed(bilingual.NL, q)
	events := parsed(t, body)
	if len(events) != 2 {
		t.Fatalf("%d events, want 2\n%s", len(events), body)
	}
	// a leap day ends in March; a day of 23 hours is one day
	for i, want := range []string{"20280229 20280301", "20280326 20280327"} {
		if got := days(events[i]); got != want {
			t.Errorf("days %q, want %q", got, want)
		}
	}
	e := events[0]
	for name, want := range map[ics.ComponentProperty]string{
		ics.ComponentPropertyUrl:        "https://jalon.example:8443/nl/mandates/ACT-A4/targets/T4.3-1",
		ics.ComponentPropertyCategories: "Verplichting",
		ics.ComponentPropertyDtstamp:    "20280110T093000Z",
		ics.ComponentPropertyTransp:     "TRANSPARENT",
	} {
		if got := value(e, name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got := value(e, ics.ComponentPropertySummary); !strings.HasPrefix(got, "TD4.3-1 toezien op de naleving") || utf8.RuneCountInString(got) > 100 {
		t.Errorf("summary %q", got)
	}
	if got := value(e, ics.ComponentPropertyDescription); !strings.Contains(got, longNL) || !strings.Contains(got, "Directeur, Actiris") {
		t.Errorf("description %q", got)
	}
	for _, line := range []string{"VERSION:2.0", "METHOD:PUBLISH", "X-WR-CALNAME:Jalon: verplichtingen en gebeurtenissen", "REFRESH-INTERVAL;VALUE=DURATION:PT6H", "DTSTART;VALUE=DATE:20280229"} {
		if !strings.Contains(body, "\r\n"+line+"\r\n") {
			t.Errorf("no line %q in\n%s", line, body)
		}
	}
}

func TestAFeedSpeaksTheLanguageOfItsReader(t *testing.T) {
	q := feedQuestion(t, calendar.MustDate(2028, 12, 31), "29 februari 2028")
	body, _ := makeFeed(bilingual.FR, q)
	e := parsed(t, body)[0]
	if got := value(e, ics.ComponentPropertyDescription); !strings.Contains(got, longFR) || !strings.Contains(got, "Directrice ou directeur") || strings.Contains(got, "toezien") {
		t.Errorf("description %q", got)
	}
	if got := value(e, ics.ComponentPropertySummary); !strings.HasPrefix(got, "OT4.3-1 veiller au respect") {
		t.Errorf("summary %q", got)
	}
	if got := value(e, ics.ComponentPropertyUrl); !strings.Contains(got, "/fr/") {
		t.Errorf("link %q", got)
	}
}

// RFC 5545, 3.1: lines end in CRLF and have 75 octets at most; no sign is cut in two.
func checkLines(t testing.TB, body string) {
	t.Helper()
	if !strings.HasSuffix(body, "END:VCALENDAR\r\n") {
		t.Fatalf("ends in %q", body[max(0, len(body)-20):])
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(body, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") || !utf8.ValidString(line) {
			t.Fatalf("a line of %d octets: %q", len(line), line)
		}
	}
}

func TestLongWordsAreFolded(t *testing.T) {
	for _, lang := range bilingual.Langs {
		body, _ := makeFeed(lang, feedQuestion(t, calendar.MustDate(2029, 12, 31), "doorlopend", "ten minste op de 15e van elke maand", "ten minste twee keer per jaar"))
		checkLines(t, body)
		if !strings.Contains(body, "\r\n ") {
			t.Errorf("%s: nothing was folded", lang)
		}
	}
}

// Whatever a person wrote comes back as it was written, but for control characters.
func TestWhatIsWrittenComesBack(t *testing.T) {
	controls := regexp.MustCompile(`[\p{Cc} ]+`)
	rapid.Check(t, func(rt *rapid.T) {
		title := rapid.StringOfN(rapid.RuneFrom([]rune("abcé,;:\\\"'€😀 \r\n\t\x00’-=")), 1, 200, -1).Draw(rt, "title")
		q := feedQuestion(t, calendar.MustDate(2028, 1, 31))
		q.Record.Events = []duty.Event{{ID: 7, Title: title, Place: title, From: q.From, Until: q.From.AddDays(2), Kind: duty.Kind{Name: bilingual.New(bilingual.NL, title)}}}
		body, _ := makeFeed(bilingual.NL, q)
		checkLines(t, body)
		events := parsed(t, body)
		if len(events) != 1 {
			rt.Fatalf("%d events", len(events))
		}
		want := strings.TrimSpace(controls.ReplaceAllString(title, " "))
		for _, name := range []ics.ComponentProperty{ics.ComponentPropertySummary, ics.ComponentPropertyLocation, ics.ComponentPropertyCategories} {
			if got := value(events[0], name); got != want {
				rt.Fatalf("%s: %q became %q", name, want, got)
			}
		}
		if got := days(events[0]); got != "20280101 20280104" {
			rt.Fatalf("three days became %s", got)
		}
	})
}

func TestAnItemKeepsItsUID(t *testing.T) {
	q := feedQuestion(t, calendar.MustDate(2029, 6, 30), "doorlopend", "ten minste op de 15e van elke maand", "ten minste vier keer per jaar")
	q.Record.Events = []duty.Event{{ID: 7, Title: "Missie", From: q.From, Until: q.From}, {ID: 8, Title: "Missie", From: q.From, Until: q.From}}
	uids := func(body string) (all []string) {
		seen := map[string]bool{}
		for _, e := range parsed(t, body) {
			uid := value(e, ics.ComponentPropertyUniqueId)
			if seen[uid] || !strings.HasSuffix(uid, "@jalon.example") {
				t.Errorf("uid %q twice, or of no host", uid)
			}
			seen[uid] = true
			all = append(all, uid)
		}
		return all
	}
	first, tag := makeFeed(bilingual.NL, q)
	q.Today = q.Today.AddDays(40) // some duties stand otherwise, none is another
	second, otherTag := makeFeed(bilingual.NL, q)
	if diff := cmp.Diff(uids(first), uids(second)); diff != "" {
		t.Errorf("another day, other uids:\n%s", diff)
	}
	french, _ := makeFeed(bilingual.FR, q)
	if diff := cmp.Diff(uids(second), uids(french)); diff != "" {
		t.Errorf("another language, other uids:\n%s", diff)
	}
	if tag == otherTag {
		t.Error("the content changed and its tag did not")
	}
	later, sameTag := report.Feed([]duty.Question{q}, report.FeedOptions{Printer: feedCatalogues.In(bilingual.NL), BaseURL: "https://jalon.example:8443", At: time.Date(2028, 2, 19, 9, 30, 0, 0, time.UTC)})
	if string(later) == second || sameTag != otherTag {
		t.Error("the tag follows the time of the fetch, not the content")
	}
}

// Reports, answers and waivers are told to nobody by a feed: only how the duty stands.
func TestAFeedHoldsNoNarrative(t *testing.T) {
	q := feedQuestion(t, calendar.MustDate(2028, 1, 31), "uiterlijk 5 januari 2028", "uiterlijk 7 januari 2028")
	q.Record.Answers = []duty.Answer{{ID: 1, TargetID: 1, Due: calendar.MustDate(2028, 1, 5), Timing: deadline.ReasonDate, DoneOn: calendar.MustDate(2028, 1, 4), Note: "GEHEIM-1", Link: "https://geheim.example", By: "GEHEIM-2"}}
	q.Record.Waivers = []duty.Waiver{{ID: 1, TargetID: 2, Due: calendar.MustDate(2028, 1, 7), Reason: "GEHEIM-3", By: "GEHEIM-4", At: time.Date(2028, 1, 3, 9, 0, 0, 0, time.UTC)}}
	q.Record.Events = []duty.Event{{ID: 1, Title: "Afgelast", From: q.From, Until: q.From, CancelledAt: time.Date(2028, 1, 3, 9, 0, 0, 0, time.UTC)}}
	body, _ := makeFeed(bilingual.NL, q)
	if strings.Contains(strings.ReplaceAll(strings.ToLower(body), "\r\n ", ""), "geheim") {
		t.Errorf("the feed tells what was answered:\n%s", body)
	}
	events := parsed(t, body)
	if len(events) != 2 {
		t.Fatalf("%d events, want the two duties and no cancelled event", len(events))
	}
	for i, word := range []string{"Gedaan", "Vrijgesteld"} {
		if got := value(events[i], ics.ComponentPropertySummary); !strings.HasPrefix(got, word+": ") {
			t.Errorf("summary %q does not begin with %q", got, word)
		}
	}
}

// An object without a component would be none (RFC 5545, 3.6).
func TestAnEmptyFeedIsStillACalendar(t *testing.T) {
	body, _ := makeFeed(bilingual.NL, feedQuestion(t, calendar.MustDate(2028, 1, 31)))
	checkLines(t, body)
	c, err := ics.ParseCalendar(strings.NewReader(body))
	if err != nil || len(c.Events()) != 0 || len(c.Timezones()) != 1 {
		t.Errorf("%v: %d events, %d time zones\n%s", err, len(c.Events()), len(c.Timezones()), body)
	}
}

func TestAFeedOfManyMandatesKeepsTheNearestDays(t *testing.T) {
	var questions []duty.Question
	for i := range 60 {
		q := feedQuestion(t, calendar.MustDate(2029, 12, 31), "elke week", "elke week")
		for k := range q.Mandate.Objectives[0].Points[0].Targets {
			q.Mandate.Objectives[0].Points[0].Targets[k].ID += int64(10 * i)
		}
		questions = append(questions, q)
	}
	body, _ := makeFeed(bilingual.NL, questions...)
	events := parsed(t, body)
	if len(events) != 5000 {
		t.Fatalf("%d events, want 5000", len(events))
	}
	if first, last := days(events[0])[:8], days(events[4999])[:8]; first > "20280110" || last > "20290101" {
		t.Errorf("the days are those from %s to %s", first, last)
	}
	if unfolded := strings.ReplaceAll(body, "\r\n ", ""); !strings.Contains(unfolded, fmt.Sprint("Enkel de ", 5000)) {
		t.Error("the feed does not say that it was shortened")
	}
}
