package job

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/scoreboard"
	"jalon/internal/store"
)

// measure is one that a person took, with what became of it.
func measure(owner int64, due string, steps ...scoreboard.Step) scoreboard.Measure {
	return scoreboard.Measure{OwnerID: owner, FirstDue: date(due), Steps: steps}
}

// toldMeasures writes who is reminded of which measures: person indicator day, and whether it is late.
func toldMeasures(all []notice) (lines []string) {
	for _, n := range all {
		for _, m := range n.Measures {
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%d %s/%s %s %s", n.PersonID, m.Mandate, m.Indicator, m.Due, map[bool]string{true: "late"}[m.Late])))
		}
	}
	return lines
}

// The holder of mandate 1 is person 1, its delegate person 3, its secretary person 9.
func TestTheOwnerIsRemindedOfAMeasure(t *testing.T) {
	moved := scoreboard.Step{Kind: scoreboard.Moved, Due: date("2026-07-31")}
	for name, tc := range map[string]struct {
		today   string
		measure scoreboard.Measure
		want    []string
	}{
		"sixteen days before":                      {"2026-06-14", measure(1, "2026-06-30"), nil},
		"fifteen days before":                      {"2026-06-15", measure(1, "2026-06-30"), []string{"1 M1/S1-1 2026-06-30"}},
		"fourteen days before":                     {"2026-06-16", measure(1, "2026-06-30"), nil},
		"on the day":                               {"2026-06-30", measure(1, "2026-06-30"), []string{"1 M1/S1-1 2026-06-30"}},
		"the day after":                            {"2026-07-01", measure(1, "2026-06-30"), nil},
		"three working days after":                 {"2026-07-03", measure(1, "2026-06-30"), []string{"1 M1/S1-1 2026-06-30 late"}},
		"of a Friday that is Wednesday":            {"2026-09-09", measure(1, "2026-09-04"), []string{"1 M1/S1-1 2026-09-04 late"}},
		"and not Monday":                           {"2026-09-07", measure(1, "2026-09-04"), nil},
		"a delegate":                               {"2026-06-30", measure(3, "2026-06-30"), []string{"3 M1/S1-1 2026-06-30"}},
		"who holds another mandate: to the holder": {"2026-06-30", measure(2, "2026-06-30"), []string{"1 M1/S1-1 2026-06-30"}},
		"who has no right any more: to the holder": {"2026-06-30", measure(7, "2026-06-30"), []string{"1 M1/S1-1 2026-06-30"}},
		"who is but secretary: to the holder":      {"2026-06-30", measure(9, "2026-06-30"), []string{"1 M1/S1-1 2026-06-30"}},
		"moved: not at the old date":               {"2026-06-30", measure(1, "2026-06-30", moved), nil},
		"moved: not late at the old date":          {"2026-07-03", measure(1, "2026-06-30", moved), nil},
		"moved: before the new date":               {"2026-07-16", measure(1, "2026-06-30", moved), []string{"1 M1/S1-1 2026-07-31"}},
		"moved: on the new date":                   {"2026-07-31", measure(1, "2026-06-30", moved), []string{"1 M1/S1-1 2026-07-31"}},
		"done":                                     {"2026-06-30", measure(1, "2026-06-30", scoreboard.Step{Kind: scoreboard.Done}), nil},
		"dropped":                                  {"2026-06-30", measure(1, "2026-06-30", scoreboard.Step{Kind: scoreboard.Dropped}), nil},
		"moved and done before the new day":        {"2026-07-31", measure(1, "2026-06-30", moved, scoreboard.Step{Kind: scoreboard.Done}), nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := staffed(tc.today)
			d.Noted = []store.NotedIndicator{{MandateID: 1, Code: "S1-1", Notes: scoreboard.Notes{Measures: []scoreboard.Measure{tc.measure}}}}
			got := notices(d)
			if diff := cmp.Diff(tc.want, toldMeasures(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(got) != len(tc.want) {
				t.Errorf("%d mails, want %d", len(got), len(tc.want))
			}
		})
	}
}

// A measure is no mail of its own, whatever else is due.
func TestMeasuresAndDutiesAreOneMail(t *testing.T) {
	d := staffed("2026-06-30", due("2026-06-30"))
	two := scoreboard.Notes{Measures: []scoreboard.Measure{measure(3, "2026-07-15"), measure(3, "2026-06-30")}}
	d.Noted = []store.NotedIndicator{{MandateID: 1, Code: "S1-1", Notes: two}, {MandateID: 2, Code: "S2-1", Notes: two}}
	got := notices(d)
	if diff := cmp.Diff([]string{"1 digest 0/1/0", "3 digest 0/1/0"}, told(got)); diff != "" {
		t.Errorf("mails (-want +got):\n%s", diff)
	}
	want := []string{"3 M1/S1-1 2026-06-30", "3 M1/S1-1 2026-07-15", "3 M2/S2-1 2026-06-30", "3 M2/S2-1 2026-07-15"}
	if diff := cmp.Diff(want, toldMeasures(got)); diff != "" {
		t.Errorf("measures (-want +got):\n%s", diff)
	}
	d.People[1].Digest, d.People[4].Digest = false, false
	if got := toldMeasures(notices(d)); got != nil {
		t.Errorf("who wants no reminders gets %v", got)
	}
}

// Whose delegation is of some objectives does not reach the page of another's
// indicator: the holder is reminded, as of the measure of whoever has left.
func TestAMeasureIsForWhoStillReachesItsIndicator(t *testing.T) {
	d := staffed("2026-06-30")
	part := who(1, 3, access.Delegate)
	part.Objectives = []string{"S1"}
	d.People = []store.Answerable{part, who(1, 1, access.Holder)}
	taken := scoreboard.Notes{Measures: []scoreboard.Measure{measure(3, "2026-06-30")}}
	d.Noted = []store.NotedIndicator{
		{MandateID: 1, Code: "A", Objective: "S1", Notes: taken},
		{MandateID: 1, Code: "B", Target: "S1.1-1", Notes: taken},
		{MandateID: 1, Code: "C", Objective: "S2", Notes: taken},
		{MandateID: 1, Code: "D", Target: "S2.1-1", Notes: taken},
		{MandateID: 1, Code: "E", Notes: taken},
	}
	want := []string{"3 M1/A 2026-06-30", "3 M1/B 2026-06-30", "1 M1/C 2026-06-30", "1 M1/D 2026-06-30", "1 M1/E 2026-06-30"}
	if diff := cmp.Diff(want, toldMeasures(notices(d))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	d.People[0].Disabled = true
	want = []string{"1 M1/A 2026-06-30", "1 M1/B 2026-06-30", "1 M1/C 2026-06-30", "1 M1/D 2026-06-30", "1 M1/E 2026-06-30"}
	if diff := cmp.Diff(want, toldMeasures(notices(d))); diff != "" {
		t.Errorf("the account of the owner is closed (-want +got):\n%s", diff)
	}
	d.People = []store.Answerable{part}
	d.People[0].Objectives = []string{"S3"}
	if got := toldMeasures(notices(d)); got != nil {
		t.Errorf("a mandate without a holder: %v", got)
	}
}

// taken is a measure about S3-1 of the example office, taken on 10 July 2026.
func (o *outbox) taken(owner string, due string) (on store.On, id int64) {
	o.t.Helper()
	ctx := store.AsSystem(o.t.Context())
	var person int64
	if err := o.Pool().QueryRow(ctx, `SELECT m.id, i.id, p.id FROM mandate m JOIN indicator i ON i.mandate_id = m.id, person p
		WHERE m.code = 'ACTIRIS-A4-EL' AND i.code = 'S3-1' AND p.email = $1`, owner).Scan(&on.MandateID, &on.IndicatorID, &person); err != nil {
		o.t.Fatal(err)
	}
	on.Code, on.At = "S3-1", date("2026-07-10").Time()
	m := scoreboard.Measure{On: date("2026-07-10"), Cause: "Geheime oorzaak", Action: "Geheime actie", OwnerID: person, FirstDue: date(due), Lang: bilingual.NL}
	if _, err := o.TakeMeasure(ctx, store.Submission{Key: uuid.New(), PersonID: person, Action: "take measure"}, on, m, ""); err != nil {
		o.t.Fatal(err)
	}
	if err := o.Pool().QueryRow(ctx, `SELECT max(id) FROM measure`).Scan(&id); err != nil {
		o.t.Fatal(err)
	}
	return on, id
}

// becomes keeps what somebody says became of a measure.
func (o *outbox) becomes(by int64, on store.On, id int64, kind scoreboard.StepKind, day, due string) {
	o.t.Helper()
	step := scoreboard.Step{Kind: kind, Said: scoreboard.Said{On: date(day), Text: "Zo beslist.", Lang: bilingual.NL}}
	if due != "" {
		step.Due = date(due)
	}
	on.At = date(day).Time()
	if _, err := o.StepMeasure(store.AsSystem(o.t.Context()), store.Submission{Key: uuid.New(), PersonID: by, Action: "follow measure"}, on, id, step, ""); err != nil {
		o.t.Fatal(err)
	}
}

// digest gives the text and the HTML of the digest of a person on a day; "" when there is none.
func (o *outbox) digest(day, email string) (text, html string) {
	o.t.Helper()
	err := o.Pool().QueryRow(store.AsSystem(context.Background()), `SELECT COALESCE(max(x.text), ''), COALESCE(max(x.html), '')
		FROM outgoing_mail x JOIN person p ON p.id = x.person_id WHERE x.kind = 'digest' AND x.day = $1 AND p.email = $2`, day, email).Scan(&text, &html)
	if err != nil {
		o.t.Fatal(err)
	}
	return text, html
}

const measuresOfS31 = "/mandates/ACTIRIS-A4-EL/indicators/S3-1/measures"

// Three measures of a delegate for one day: one runs, one is put off, one is done.
// Once the delegation is over, the holder is reminded of what runs still.
func TestTheDigestHoldsTheMeasuresOfItsOwner(t *testing.T) {
	t.Parallel()
	o := furnished(t)
	j := o.jobs(nil)
	const owner = "eigenaar@jalon.example"
	id := o.person("eigenaar", bilingual.FR)
	if _, err := o.Pool().Exec(store.AsSystem(t.Context()), `INSERT INTO delegation (mandate_id, granted_by, person_id, starts_on, ends_on)
		SELECT m.id, t.person_id, $1, '2026-01-01', '2027-02-10' FROM mandate m JOIN tenure t ON t.mandate_id = m.id
		WHERE m.code = 'ACTIRIS-A4-EL' AND t.starts_on <= '2026-07-10' ORDER BY t.starts_on DESC LIMIT 1`, id); err != nil {
		t.Fatal(err)
	}
	o.taken(owner, "2027-01-20")
	on, putOff := o.taken(owner, "2027-01-20")
	o.becomes(id, on, putOff, scoreboard.Moved, "2026-12-01", "2027-02-15")
	on, done := o.taken(owner, "2027-01-20")
	o.becomes(id, on, done, scoreboard.Done, "2026-12-01", "")

	for _, tc := range []struct{ day, want string }{
		{"2027-01-05", "Mesure pour l’indicateur S3-1 (ACTIRIS-A4-EL), à exécuter au plus tard le 20/01/2027"},
		{"2027-01-20", "Mesure pour l’indicateur S3-1 (ACTIRIS-A4-EL), à exécuter au plus tard le 20/01/2027"},
		{"2027-01-25", "Mesure pour l’indicateur S3-1 (ACTIRIS-A4-EL), en retard : à exécuter au plus tard le 20/01/2027"},
		{"2027-01-31", "Mesure pour l’indicateur S3-1 (ACTIRIS-A4-EL), à exécuter au plus tard le 15/02/2027"},
		{"2027-02-15", ""}, // the delegation is over
	} {
		if err := o.at(j, tc.day+"T07:00:00"); err != nil {
			t.Fatal(err)
		}
		text, html := o.digest(tc.day, owner)
		for what, body := range map[string]string{"text": text, "HTML": html} {
			lines := strings.Count(body, "S3-1 (ACTIRIS-A4-EL), ")
			if tc.want == "" && lines != 0 || tc.want != "" && (lines != 1 || !strings.Contains(body, tc.want) || !strings.Contains(body, "https://jalon.example/fr"+measuresOfS31)) {
				t.Errorf("%s, %s:\n%s\nwant %q, once", tc.day, what, body, tc.want)
			}
			if strings.Contains(body, "Geheime") {
				t.Errorf("%s, %s: holds what somebody wrote:\n%s", tc.day, what, body)
			}
		}
		over := tc.want == ""
		if text, _ := o.digest(tc.day, "director@jalon.example"); strings.Contains(text, "S3-1 (ACTIRIS-A4-EL), uit te voeren uiterlijk op 15/02/2027") != over || !over && strings.Contains(text, "S3-1 (") {
			t.Errorf("%s: the holder is reminded of the measure of somebody else, or not of that of who has left:\n%s", tc.day, text)
		}
	}
}

// The holder of the example office reads Dutch, and has a measure for 15 December 2026.
func TestAMeasureIsNamedInTheLanguageOfItsOwner(t *testing.T) {
	t.Parallel()
	o := furnished(t)
	if err := o.at(o.jobs(nil), "2026-12-15T07:00:00"); err != nil {
		t.Fatal(err)
	}
	text, html := o.digest("2026-12-15", "director@jalon.example")
	for _, want := range []string{
		"Maatregel bij indicator S3-1 (ACTIRIS-A4-EL), uit te voeren uiterlijk op 15/12/2026",
		"Maatregelen bij indicator S3-1 (ACTIRIS-A4-EL)", "https://jalon.example/nl" + measuresOfS31,
	} {
		if !strings.Contains(text, want) || !strings.Contains(html, want) {
			t.Errorf("lacks %q:\n%s\n%s", want, text, html)
		}
	}
}
