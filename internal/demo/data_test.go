package demo_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

type tenure struct {
	Holder      string
	From, Until calendar.Date
}

type mandateFile struct {
	Code, Letter, French string
	Institution          struct{ Code string }
	Tenures              []tenure
	Delegations          []struct {
		By, To      string
		From, Until calendar.Date
	}
}

type entryFile struct {
	Period        calendar.HalfYear
	Target        mandate.Code
	AsOf          calendar.Date `json:"as_of"`
	RecordedAt    time.Time     `json:"recorded_at"`
	Author        string
	OnBehalfOf    *string `json:"on_behalf_of"`
	Lang          string
	Status        progress.Status
	Achieved      string
	Obstacles     string
	SupportAsked  string         `json:"support_asked"`
	SupportOf     string         `json:"support_of"`
	SupportBy     *calendar.Date `json:"support_by"`
	Reason        string
	Corrects      bool
	CorrectReason string `json:"correction_reason"`
}

type sealFile struct {
	Mandate  string
	Number   string
	Period   calendar.HalfYear
	SealedAt time.Time `json:"sealed_at"`
	By       string
}

func load[T any](t *testing.T, name string) T {
	t.Helper()
	var v T
	b, err := os.ReadFile(filepath.Join("data", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

// pairs reads a table of code, Dutch and French; each code once, no text missing.
func pairs(t *testing.T, name string) map[string]bilingual.Text {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("data", name))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]bilingual.Text{}
	for i, line := range strings.Split(strings.TrimRight(string(b), "\n"), "\n")[1:] {
		f := strings.Split(line, "\t")
		if len(f) != 3 || f[1] == "" || f[2] == "" {
			t.Errorf("%s line %d: want code, Dutch and French, got %q", name, i+2, line)
			continue
		}
		if _, twice := texts[f[0]]; twice {
			t.Errorf("%s: code %s stands there twice", name, f[0])
		}
		texts[f[0]] = bilingual.Text{NL: f[1], FR: f[2]}
	}
	return texts
}

var labels = regexp.MustCompile(`(?m)^(?:• )?(?:(Te bereiken streefwaarde|Eerste te bereiken streefwaarde|Tweede te bereiken streefwaarde|Te behalen target)|(Tijdschema|Deadline)): `)

func TestEveryTextOfALetterHasItsFrenchPair(t *testing.T) {
	for _, m := range load[[]mandateFile](t, "mandates.json") {
		letter, err := os.ReadFile(filepath.Join("data", m.Letter))
		if err != nil {
			t.Fatal(err)
		}
		whole := strings.Join(strings.Fields(string(letter)), " ")
		whole = strings.ReplaceAll(whole, "informatie- uitwisselings", "informatie-uitwisselings") // a word cut at its hyphen
		targets, deadlines := 0, 0
		for code, text := range pairs(t, m.French) {
			if !strings.Contains(whole, strings.Join(strings.Fields(text.NL), " ")) {
				t.Errorf("%s %s: the letter does not say %q", m.Code, code, text.NL)
			}
			if c, err := mandate.ParseCode(code); err == nil && c.Target > 0 {
				targets++
			}
			if strings.HasSuffix(code, "/deadline") {
				deadlines++
			}
		}
		wantTargets, wantDeadlines := 0, 0
		for _, found := range labels.FindAllStringSubmatch(string(letter), -1) {
			if found[1] != "" {
				wantTargets++
			} else {
				wantDeadlines++
			}
		}
		if targets != wantTargets || deadlines != wantDeadlines {
			t.Errorf("%s: pairs for %d targets and %d deadlines, letter has %d and %d", m.Code, targets, deadlines, wantTargets, wantDeadlines)
		}
	}
	if n := len(pairs(t, "framework.nl-fr.tsv")); n != 20 {
		t.Errorf("context paragraphs: got %d, want 20", n)
	}
}

func TestEntriesKeepTheRulesOfReporting(t *testing.T) {
	seals := load[[]sealFile](t, "seals.json")
	people := map[string]string{}
	for _, p := range load[[]struct{ Email, Lang string }](t, "people.json") {
		people[p.Email] = p.Lang
	}
	for _, m := range load[[]mandateFile](t, "mandates.json") {
		texts := pairs(t, m.French)
		type place struct {
			target mandate.Code
			asOf   calendar.Date
		}
		reported, closed := map[place]bool{}, map[mandate.Code]bool{}
		var before time.Time
		for _, e := range load[[]entryFile](t, "entries/"+m.Code+".json") {
			bad := func(why string) {
				t.Helper()
				t.Errorf("%s %s as of %s recorded %s: %s", m.Code, e.Target, e.AsOf, e.RecordedAt, why)
			}
			if texts[e.Target.String()].IsZero() || e.Target.Target == 0 {
				bad("no such target")
			}
			day := calendar.DateOf(e.RecordedAt)
			if !e.Period.Contains(e.AsOf) || e.AsOf.After(day) {
				bad("speaks of a day outside its half-year, or still to come")
			}
			if e.RecordedAt.Before(before) {
				bad("not in the order of recording")
			}
			before = e.RecordedAt
			for _, s := range seals {
				if s.Mandate == m.Code && s.Period == e.Period && !e.RecordedAt.Before(s.SealedAt) {
					bad("recorded after the seal")
				}
			}
			if people[e.Author] != e.Lang {
				bad("not in the language of its author")
			}
			if !mayReport(m, e, day) {
				bad("written by neither holder nor delegate of that day")
			}
			if why := unsaid(e); why != "" {
				bad(why)
			}
			at := place{e.Target, e.AsOf}
			if e.Corrects != reported[at] || e.Corrects == (e.CorrectReason == "") {
				bad("a second entry of one day must correct the first, with a reason")
			}
			if closed[e.Target] && !e.Corrects {
				bad("the target was closed before")
			}
			reported[at], closed[e.Target] = true, closed[e.Target] || e.Status.Closed()
		}
		if len(reported) == 0 {
			t.Errorf("%s has no entries", m.Code)
		}
	}
}

func mayReport(m mandateFile, e entryFile, day calendar.Date) bool {
	within := func(from, until calendar.Date) bool { return !day.Before(from) && !day.After(until) }
	holder := e.Author
	if e.OnBehalfOf != nil {
		holder = *e.OnBehalfOf
		delegated := false
		for _, d := range m.Delegations {
			delegated = delegated || d.By == holder && d.To == e.Author && within(d.From, d.Until)
		}
		if !delegated {
			return false
		}
	}
	return slices.ContainsFunc(m.Tenures, func(t tenure) bool { return t.Holder == holder && within(t.From, t.Until) })
}

// unsaid tells what an entry of its status must say and does not.
func unsaid(e entryFile) string {
	if _, ok := progress.ParseStatus(string(e.Status)); !ok {
		return "no status that a person can choose"
	}
	switch {
	case e.Status == progress.NothingToReport:
		if e.Reason == "" {
			return "nothing to report without a reason"
		}
	case e.Achieved == "" && e.Obstacles == "":
		return "no narrative"
	case e.Status == progress.SupportNeeded && (e.SupportAsked == "" || e.SupportOf == "" || e.SupportBy == nil):
		return "support without what, of whom or by when"
	}
	return ""
}
