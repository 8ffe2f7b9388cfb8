package site

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/web"
)

// Whatever the month: whole weeks from Monday on, each of its days once, and
// each item on each of its days.
func TestAMonthIsCutIntoWholeWeeks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		month := calendar.Date{Year: rapid.IntRange(1990, 2100).Draw(t, "year"), Month: time.Month(rapid.IntRange(1, 12).Draw(t, "month")), Day: 1}
		from := month.AddDays(rapid.IntRange(-20, 35).Draw(t, "from"))
		item := web.CalendarItem{Date: from, Until: from.AddDays(rapid.IntRange(0, 20).Draw(t, "days")), Title: "x"}
		weeks := calendarWeeks(bilingual.NL, month, []web.CalendarItem{item})
		var inside []calendar.Date
		for w, week := range weeks {
			for i, d := range week.Days {
				if want := weeks[0].Days[0].Date.AddDays(7*w + i); d.Date != want || d.Date.Weekday() != time.Weekday((i+1)%7) {
					t.Fatalf("%s stands where %s belongs", d.Date, want)
				}
				if _, number := d.Date.Time().ISOWeek(); number != week.Number {
					t.Fatalf("%s in week %d", d.Date, week.Number)
				}
				if d.Outside != (d.Date.Month != month.Month) || d.Free == calendar.BrusselsDays.IsWorkingDay(d.Date) {
					t.Fatalf("%+v", d)
				}
				if shown, want := len(d.Items) == 1, item.On(d.Date) && !d.Outside; shown != want {
					t.Fatalf("%s to %s is shown on %s: %v", item.Date, item.Until, d.Date, shown)
				}
				if !d.Outside {
					inside = append(inside, d.Date)
				}
			}
		}
		if len(inside) != month.EndOfMonth().Day || inside[0] != month || len(weeks) < 4 || len(weeks) > 6 {
			t.Fatalf("%s: %d days in %d weeks", month, len(inside), len(weeks))
		}
	})
}

func TestAFullDayLeadsToTheList(t *testing.T) {
	day := calendar.MustDate(2028, 2, 29)
	for count, want := range map[int][2]int{3: {3, 0}, 4: {4, 0}, 5: {3, 2}, 40: {3, 37}} {
		items := slices.Repeat([]web.CalendarItem{{Date: day, Until: day}}, count)
		cell := calendarDay(bilingual.NL, day, day.AddDays(-28), items)
		if got := [2]int{len(cell.Items), cell.More}; got != want {
			t.Errorf("of %d items %v are shown and left, want %v", count, got, want)
		}
	}
}

// withEvents adds two events to the letter's mandate, and one to another's.
func withEvents(t testing.TB) *office {
	t.Helper()
	o := withLetter(t)
	for _, e := range []struct{ code, title, from, until string }{
		{"LETTER", "Delegatie uit Québec", "2026-11-30", "2026-12-02"},
		{"LETTER", "Studiebezoek", "2026-12-10", "2026-12-10"},
		{"ELDERS-A4", "Vreemde zending", "2026-12-10", "2026-12-10"},
	} {
		o.sql(`INSERT INTO event (mandate_id, kind, title, lang, starts_on, ends_on, place, recorded_by)
			SELECT id, 'delegation-reception', $2, 'nl', $3, $4, 'Brussel', $5 FROM mandate WHERE code = $1`, e.code, e.title, e.from, e.until, o.id["director"])
	}
	return o
}

// page fetches a page and gives its tree and its words.
func page(t testing.TB, w *httptest.ResponseRecorder) (doc *html.Node, words string) {
	t.Helper()
	wantCode(t, "page", w, http.StatusOK)
	doc, err := html.Parse(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc, spoken(doc)
}

func spoken(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func elements(n *html.Node, name string) (found []*html.Node) {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == name {
			found = append(found, d)
		}
	}
	return found
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func TestTheCalendarShowsTheMonthAskedFor(t *testing.T) {
	o := withEvents(t)
	b := o.as("director")
	doc, _ := page(t, b.get("/nl/calendar?month=2026-12"))
	tables := elements(doc, "table")
	if len(tables) != 2 {
		t.Fatalf("%d tables, want the grid and the list", len(tables))
	}
	for _, table := range tables {
		if captions := elements(table, "caption"); len(captions) != 1 || !strings.Contains(spoken(captions[0]), "december 2026") {
			t.Error("a table has no caption that names the month")
		}
		for _, th := range elements(table, "th") {
			if s := attribute(th, "scope"); s != "col" && s != "row" {
				t.Errorf("th %q has scope %q", spoken(th), s)
			}
		}
	}
	cells := map[string]string{}
	for _, td := range elements(tables[0], "td") {
		words := spoken(td)
		number, _, _ := strings.Cut(words, " ")
		if !strings.Contains(words, "november") && !strings.Contains(words, "januari") {
			cells[number] = words
		}
	}
	for number, want := range map[string]string{"1": "Delegatie uit Québec", "2": "Delegatie uit Québec", "10": "Studiebezoek", "15": "TD4.3-1", "25": "Gesloten: Kerstmis", "31": "nog "} {
		if !strings.Contains(cells[number], want) {
			t.Errorf("%s december says %q, want %q", number, cells[number], want)
		}
	}
	if list := spoken(tables[1]); strings.Count(list, "Delegatie uit Québec") != 1 || !strings.Contains(list, "30/11/2026 tot en met 02/12/2026") || strings.Contains(list, "Vreemde") {
		t.Errorf("the list says %q", list)
	}
	for _, want := range []string{"/nl/mandates/LETTER/targets/T4.3-1", "/nl/mandates/LETTER/events/", "/nl/calendar?month=2026-11", "/nl/calendar?month=2027-01"} {
		if !slices.ContainsFunc(elements(doc, "a"), func(a *html.Node) bool { return strings.HasPrefix(attribute(a, "href"), want) }) {
			t.Errorf("no link to %s", want)
		}
	}
}

func TestTheCalendarIsFiltered(t *testing.T) {
	o := withEvents(t)
	b := o.as("director")
	for query, want := range map[string][2]bool{ // the event, the duty of 15 December
		"":                                   {true, true},
		"&kind=event":                        {true, false},
		"&kind=duty":                         {false, true},
		"&state=open":                        {false, true},
		"&state=done":                        {false, false},
		"&mandate=LETTER&kind=duty":          {false, true},
		"&mandate=ACTIRIS-A4":                {false, false},
		"&mandate=LETTER&state=&kind=&x=y":   {true, true},
		"&kind=event&state=open":             {false, false},
		"&asof=2026-01-01":                   {true, true}, // has no past of its own
		"&kind=duty&state=open&mandate=":     {false, true},
		"&kind=duty&state=past_at_import":    {false, false},
		"&kind=&state=&mandate=ACTIRIS-A4":   {false, false},
		"&kind=duty&state=waived&mandate=":   {false, false},
		"&kind=event&mandate=LETTER&state=":  {true, false},
		"&kind=event&mandate=ACTIRIS-A4&a=b": {false, false},
	} {
		doc, words := page(t, b.get("/nl/calendar?month=2026-12"+query))
		if got := [2]bool{strings.Contains(words, "Studiebezoek"), strings.Contains(words, "TD4.3-1")}; got != want {
			t.Errorf("%q shows event and duty %v, want %v", query, got, want)
		}
		for _, a := range elements(doc, "a") { // what was chosen is remembered
			if attribute(a, "rel") == "next" && strings.Contains(query, "kind=event") && !strings.Contains(attribute(a, "href"), "kind=event") {
				t.Errorf("%q: the next month forgets the filter: %s", query, attribute(a, "href"))
			}
		}
	}
	for query, code := range map[string]int{
		"month=2026-13": 400, "month=december": 400, "month=2026-1": 400, "month=1880-01": 400, "month=2100-12": 200, "month=1990-01": 200,
		"kind=party": 400, "state=green": 400, "mandate=ELDERS-A4": 404, "mandate=NERGENS": 404,
	} {
		wantCode(t, query, b.get("/nl/calendar?"+query), code)
	}
}

func TestTheCalendarOfAMandateIsForWhoMayViewIt(t *testing.T) {
	o := withEvents(t)
	for name, code := range map[string]int{"director": 200, "committee": 200, "hr": 200, "director2": 404, "delegate": 404, "evaluator": 403, "admin": 403} {
		wantCode(t, name, o.as(name).get("/fr/mandates/LETTER/calendar?month=2026-11"), code)
	}
	_, words := page(t, o.as("committee").get("/fr/mandates/LETTER/calendar?month=2026-11"))
	for _, want := range []string{"novembre 2026", "Fermé : Armistice", "lundi", "Delegatie uit Québec", "aujourd’hui"} {
		if !strings.Contains(words, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(words, "Vreemde zending") {
		t.Error("the calendar of one mandate shows another's event")
	}
	_, words = page(t, o.as("committee").get("/fr/calendar?month=2026-12"))
	if !strings.Contains(words, "Vreemde zending") || !strings.Contains(words, "ELDERS-A4") {
		t.Error("who may view all mandates does not see all events, with their mandate")
	}
}
