package site

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// A delegate reports from 1 March to 31 May on one objective, in the name of the
// director. On 1 June, at midnight, the same session gets nothing any more.
func TestADelegateReportsFromMarchToMay(t *testing.T) {
	o := followed(t)
	given := giving(set("email", "delegate@jalon.example"), set("from", "01/03/2027"), set("until", "31/05/2027"))
	given.Del("objective.T4")
	wantCode(t, "the director gives the delegation", o.as("director").post(delegations, given), http.StatusSeeOther)
	const spring = letterMandate + "/report/2027-H1"
	row := func(code, said string) []string {
		return []string{"do", "report", "row." + code + ".version", "0", "row." + code + ".status", "on_track", "row." + code + ".achieved", said}
	}

	o.at("2027-02-28 23:59:00")
	o.as("delegate").sends(t, spring, http.StatusForbidden, row("S3.1-1", "Te vroeg.")...)

	o.at("2027-03-01 00:00:00")
	delegate := o.as("delegate")
	delegate.sends(t, spring, http.StatusSeeOther, row("S3.1-1", "De tevredenheid is gemeten.")...)
	delegate.sends(t, spring, http.StatusBadRequest, row("S1.1-1", "Niet van mij.")...)
	director := o.as("director")
	director.sees(t, letterMandate+"/targets/S3.1-1", "De tevredenheid is gemeten.", "Naam delegate voor Naam director")
	director.sees(t, french(letterMandate)+"/targets/S3.1-1", "Naam delegate pour Naam director")

	o.at("2027-05-31 23:59:59")
	delegate = o.as("delegate")
	if !delegate.leadsTo("/nl/preferences", "/nl/due") {
		t.Error("on the last day the menu does not lead to what is due")
	}
	wantCode(t, "the form on the last day", delegate.get(spring), http.StatusOK)

	o.pass(time.Second)
	delegate.sends(t, spring, http.StatusForbidden, row("S3.1-1", "Te laat.")...)
	wantCode(t, "the form on 1 June", delegate.get(spring), http.StatusForbidden)
	if delegate.leadsTo("/nl/preferences", "/nl/due") {
		t.Error("on 1 June the menu still leads there")
	}
	if got := value[string](o, `SELECT string_agg(achieved, ' ') FROM progress_entry`); got != "De tevredenheid is gemeten." {
		t.Errorf("recorded: %s", got)
	}
}

// On 15 September an interim holder takes over. They read all that was reported
// before; their own dossier begins on that day, and the former holder's stays whole.
func TestTheMandateIsHandedOver(t *testing.T) {
	h := &hand{}
	o := followed(t)
	o.Exports = h
	o.as("director").reports(t, "S1.1-1", "status", "on_track", "achieved", "Van de vorige mandaathouder.")

	o.at("2027-09-10 09:00:00")
	hr := o.as("hr")
	former := o.tenure("LETTER")
	hr.sends(t, letterMandate+"/tenures/"+former+"/end", http.StatusSeeOther, "until", "14/09/2027", "next", o.person("nobody"), "next_until", "", "next_capacity", "interim")
	own := o.tenure("LETTER")

	o.at("2027-09-15 09:00:00")
	interim := o.as("nobody")
	interim.sees(t, letterMandate+"/targets/S1.1-1", "Van de vorige mandaathouder.", "Naam director")
	interim.sends(t, letterMandate+"/report/2027-H2", http.StatusSeeOther, "do", "report", "row.S1.1-1.version", "0", "row.S1.1-1.status", "attention", "row.S1.1-1.achieved", "Van de waarnemer.")

	o.at("2028-01-10 09:00:00")
	hr = o.as("hr")
	dossier := func(tenure, from, until string) dossierFile {
		t.Helper()
		plan := hr.sends(t, "/nl/evaluations", http.StatusSeeOther, "tenure", tenure, "kind", "final", "from", from, "until", until, "planned_on", "20/01/2028")
		return o.dossier(t, h, hr, plan.Header().Get("Location"), "nl")
	}
	mine := dossier(own, "15/09/2027", "31/12/2027")
	if mine.data.From != "2027-09-15" || mine.data.Holder.Name != "Naam nobody" || !mine.data.Holder.Interim {
		t.Errorf("the dossier of the interim holder is of %+v from %s", mine.data.Holder, mine.data.From)
	}
	if words := string(mine.json); strings.Contains(words, "Van de vorige mandaathouder.") || !strings.Contains(words, "Van de waarnemer.") {
		t.Error("the dossier of the interim holder has not just their own reports")
	}
	theirs := dossier(former, "01/10/2024", "14/09/2027")
	if theirs.data.From != "2024-10-01" || theirs.data.Until != "2027-09-14" || theirs.data.Holder.Name != "Naam director" {
		t.Errorf("the dossier of the former holder is of %s from %s until %s", theirs.data.Holder.Name, theirs.data.From, theirs.data.Until)
	}
	if words := string(theirs.json); !strings.Contains(words, "Van de vorige mandaathouder.") || strings.Contains(words, "Van de waarnemer.") {
		t.Error("the dossier of the former holder is not whole")
	}
	if o.as("director").get(letterMandate).Code == http.StatusOK {
		t.Error("the former holder still sees the mandate")
	}
}
