package site

import (
	"net/http"
	"testing"
)

// The director records a visit on 3 June. One duty comes the day before it, one
// within a month after it; a note closes the first and a file the second.
func TestAVisitInJuneOpensTwoDuties(t *testing.T) {
	o := followed(t)
	o.at("2027-06-01 09:00:00")
	director := o.as("director")
	event := director.post(letterMandate+"/events", delegation(set("title", "Bezoek uit Tallinn"), set("from", "03/06/2027"), set("until", "03/06/2027"))).Header().Get("Location")
	director.sees(t, event, "Bezoek uit Tallinn", "02/06/2027", "03/07/2027")
	duties := dutyLink.FindAllString(director.get(event).Body.String(), -1)
	if len(duties) != 2 {
		t.Fatalf("the visit opens %d duties, want two", len(duties))
	}
	due := func(link string) bool { return director.leadsTo("/nl/due", link) }
	if !due(duties[0]) {
		t.Error("the day before is not among what is due")
	}
	director.sends(t, duties[0]+"/answer", http.StatusSeeOther, "done_on", "01/06/2027", "note", "Programma gemeld aan de Directieraad.")

	o.at("2027-06-10 09:00:00")
	director = o.as("director")
	if due(duties[0]) || !due(duties[1]) {
		t.Error("the first answer does not close the first duty, and only that one")
	}
	report := keyed(nil, "done_on", "10/06/2027")
	wantCode(t, "the proof", director.send2(duties[1]+"/answer", report, sentFile{"verslag.pdf", []byte(smallPDF)}), http.StatusSeeOther)
	director.sees(t, event, "Gedaan op 01/06/2027, op tijd", "Gedaan op 10/06/2027, op tijd")
	director.sees(t, duties[1], "verslag.pdf")
	if due(duties[0]) || due(duties[1]) {
		t.Error("what was done is still due")
	}
}
