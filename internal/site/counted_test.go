package site

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

var countedEvents = regexp.MustCompile(`(?s)<summary>(\d+) gebeurteni.*?</details>`)

// A figure that is counted leads to every event behind it, and says which of them it left out.
func TestACountedFigureLeadsToItsEvents(t *testing.T) {
	o := newExample(t)
	director := o.as("director")
	for _, code := range []string{"T4-D", "T4-DV"} {
		page := director.get("/nl/mandates/ACTIRIS-A4-EL/indicators/" + code)
		wantCode(t, code, page, http.StatusOK)
		list := countedEvents.FindStringSubmatch(page.Body.String())
		if list == nil {
			t.Fatalf("%s names no event", code)
		}
		links := regexp.MustCompile(`href="(/nl/mandates/ACTIRIS-A4-EL/events/\d+)"`).FindAllStringSubmatch(list[0], -1)
		if num(int64(len(links))) != list[1] || len(links) == 0 {
			t.Errorf("%s: %d links to %s events", code, len(links), list[1])
		}
		wantCode(t, "the event", director.get(links[0][1]), http.StatusOK)
		if out := strings.Contains(list[0], "telt niet mee"); out != (code == "T4-DV" && strings.Contains(list[0], "niet alles is gedaan")) {
			t.Errorf("%s: left out %v", code, out)
		}
	}
	if past := director.get("/nl/mandates/ACTIRIS-A4-EL/indicators/T4-D?asof=2024-12-31").Body.String(); countedEvents.MatchString(past) {
		t.Error("at the end of 2024 it was counted from events of later")
	}
}

// The Comité voor Strategische Ontwikkeling has a board of what it shares with the training operators.
func TestTheCommitteeForStrategicDevelopmentHasItsBoard(t *testing.T) {
	o := newExample(t)
	page := plainWords(o.as("secretary").get("/nl/bodies/ACTIRIS-CSO/scoreboards/S3-1").Body.String())
	for _, words := range []string{"Gedeelde verantwoordelijkheid", "opleidingsoperator", "Actiris", "21,7 %", "Naast het streefpad", "plaatsen vastleggen per kwartaal"} {
		if !strings.Contains(page, words) {
			t.Errorf("the board does not show %q", words)
		}
	}
}
