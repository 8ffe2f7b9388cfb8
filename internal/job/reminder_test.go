package job

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/internal/store"
)

func date(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// due is an open duty; late when its last day lies before the day asked about.
func due(on string) duty.Duty {
	return duty.Duty{Target: &mandate.Target{}, Due: date(on), Late: date(on), State: duty.Open}
}

func lateSince(on string) duty.Duty {
	d := due(on)
	d.State = duty.Late
	return d
}

func halfYearReport(on string) duty.Duty {
	d := lateSince(on)
	d.Reason.Code = deadline.ReasonHalfYear
	return d
}

func who(mandate, person int64, role access.Role) store.Answerable {
	return store.Answerable{MandateID: mandate, Role: role, Recipient: store.Recipient{PersonID: person, Lang: bilingual.NL, Digest: true}}
}

// People 1 and 2 hold mandates 1 and 2, person 3 is delegate for both, person 9 secretary of both.
func staffed(today string, duties ...duty.Duty) day {
	for i := range duties {
		if duties[i].Target == nil {
			duties[i].Target = &mandate.Target{}
		}
	}
	return day{
		Today: date(today), LastDay: date(today).AddDays(-1),
		Mandates: []mandateDuties{{1, "M1", duties}, {2, "M2", nil}},
		ReminderBook: store.ReminderBook{People: []store.Answerable{
			who(1, 1, access.Holder), who(1, 3, access.Delegate), who(1, 9, access.Secretary),
			who(2, 2, access.Holder), who(2, 3, access.Delegate), who(2, 9, access.Secretary),
		}},
	}
}

// told writes notices as text: person kind late/now/soon.
func told(all []notice) (lines []string) {
	for _, n := range all {
		line := fmt.Sprintf("%d %s", n.PersonID, n.Kind)
		switch n.Kind {
		case store.KindDigest:
			line += fmt.Sprintf(" %d/%d/%d", n.Late, n.Now, n.Soon)
		case store.KindEscalation:
			line += fmt.Sprintf(" %s %v", n.Period, n.Codes)
		case store.KindDelegationEnd:
			line += fmt.Sprintf(" %s %v granted=%v", n.Until, n.Codes, n.Granted)
		}
		lines = append(lines, line)
	}
	return lines
}

func TestWhoGetsWhatOnWhichDay(t *testing.T) {
	holderAndDelegate := func(counts string) []string {
		return []string{"1 digest " + counts, "3 digest " + counts}
	}
	for name, tc := range map[string]struct {
		day  day
		want []string
	}{
		"sixteen days before":                      {staffed("2026-06-14", due("2026-06-30")), nil},
		"fifteen days before":                      {staffed("2026-06-15", due("2026-06-30")), holderAndDelegate("0/0/1")},
		"fourteen days before":                     {staffed("2026-06-16", due("2026-06-30")), nil},
		"on the day":                               {staffed("2026-06-30", due("2026-06-30")), holderAndDelegate("0/1/0")},
		"the day after":                            {staffed("2026-07-01", lateSince("2026-06-30")), nil},
		"three working days after":                 {staffed("2026-07-03", lateSince("2026-06-30")), holderAndDelegate("1/0/0")},
		"after a weekend: Friday, so Wednesday":    {staffed("2026-09-09", lateSince("2026-09-04")), holderAndDelegate("1/0/0")},
		"not three calendar days after":            {staffed("2026-09-07", lateSince("2026-09-04")), nil},
		"Christmas, Boxing Day, the weekend":       {staffed("2026-12-30", lateSince("2026-12-24")), holderAndDelegate("1/0/0")},
		"and New Year are skipped":                 {staffed("2027-01-06", lateSince("2026-12-31")), holderAndDelegate("1/0/0")},
		"All Saints, All Souls are skipped":        {staffed("2026-11-05", lateSince("2026-10-30")), holderAndDelegate("1/0/0")},
		"fifteen days before over summer time":     {staffed("2026-03-20", due("2026-04-04")), holderAndDelegate("0/0/1")},
		"fifteen days before over winter time":     {staffed("2026-10-20", due("2026-11-04")), holderAndDelegate("0/0/1")},
		"fifteen days before over a leap day":      {staffed("2028-02-15", due("2028-03-01")), holderAndDelegate("0/0/1")},
		"in time after the due date is not late":   {staffed("2026-06-30", duty.Duty{Due: date("2026-06-30"), Late: date("2026-12-31"), State: duty.AtRisk}), holderAndDelegate("0/1/0")},
		"a window that has not begun is announced": {staffed("2026-06-15", duty.Duty{Due: date("2026-06-30"), Late: date("2026-06-30"), State: duty.NotExpected}), holderAndDelegate("0/0/1")},
		"done":                       {staffed("2026-06-30", duty.Duty{Due: date("2026-06-30"), Late: date("2026-06-30"), State: duty.Done}), nil},
		"waived":                     {staffed("2026-06-30", duty.Duty{Due: date("2026-06-30"), Late: date("2026-06-30"), State: duty.Waived}), nil},
		"past at import is no alarm": {staffed("2026-07-03", duty.Duty{Due: date("2026-06-30"), Late: date("2026-06-30"), State: duty.PastAtImport}), nil},
		"one mail for many duties": {
			staffed("2026-06-30", due("2026-06-30"), due("2026-06-30"), due("2026-07-15"), lateSince("2026-06-25")),
			holderAndDelegate("1/2/1"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, told(notices(tc.day))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A delegate of some objectives is reminded of those, and of all once who has
// the whole mandate as well.
func TestADelegateOfSomeObjectivesIsRemindedOfThose(t *testing.T) {
	of := func(objective int, d duty.Duty) duty.Duty {
		d.Target = &mandate.Target{Code: mandate.Code{Kind: mandate.Strategic, Objective: objective, Point: 1, Target: 1}}
		return d
	}
	d := staffed("2026-12-01", of(1, due("2026-12-01")), of(2, due("2026-12-01")), of(2, due("2026-12-16")), of(3, due("2026-12-16")))
	some := func(person int64, objectives ...string) store.Answerable {
		p := who(1, person, access.Delegate)
		p.Objectives = objectives
		return p
	}
	d.People = []store.Answerable{
		some(3, "S2"), some(4, "T1"), some(5, "S1"), some(5, "S3"), some(6, "S1"), who(1, 6, access.Delegate), some(1, "S1"), who(1, 1, access.Holder),
	}
	want := []string{"3 digest 0/1/1", "5 digest 0/1/1", "6 digest 0/2/2", "1 digest 0/2/2"}
	if diff := cmp.Diff(want, told(d.digests())); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWhoGetsNone(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*day)
		want   []string
	}{
		"everybody":                    {func(*day) {}, []string{"1 digest 0/1/0", "3 digest 0/2/0", "2 digest 0/1/0"}},
		"a vacant mandate":             {func(d *day) { d.People = d.People[1:] }, []string{"3 digest 0/2/0", "2 digest 0/1/0"}},
		"nobody answers":               {func(d *day) { d.People = nil }, nil},
		"a closed account":             {func(d *day) { d.People[0].Disabled = true }, []string{"3 digest 0/2/0", "2 digest 0/1/0"}},
		"reminders are switched off":   {func(d *day) { d.People[3].Digest = false }, []string{"1 digest 0/1/0", "3 digest 0/2/0"}},
		"holder and delegate at once":  {func(d *day) { d.People = append(d.People, who(1, 1, access.Delegate)) }, []string{"1 digest 0/1/0", "3 digest 0/2/0", "2 digest 0/1/0"}},
		"planned before on this day":   {func(d *day) { d.LastDay = d.Today }, nil},
		"a committee member never":     {func(d *day) { d.People = []store.Answerable{who(1, 9, access.Secretary)} }, nil},
		"nothing is owed":              {func(d *day) { d.Mandates = nil }, nil},
		"after a clock far in advance": {func(d *day) { d.LastDay = d.Today.AddDays(365) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := staffed("2026-06-30", due("2026-06-30"))
			d.Mandates[1].Duties = slices.Clone(d.Mandates[0].Duties)
			tc.change(&d)
			if diff := cmp.Diff(tc.want, told(notices(d))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestMissedDaysAreMadeUpFor(t *testing.T) {
	for last, want := range map[string][]string{
		"2026-06-30": nil, // the day itself was planned
		"2026-06-29": {"1 digest 1/0/0", "3 digest 1/0/0"},
		"2026-06-20": {"1 digest 1/0/0", "3 digest 1/0/0"},
		"2025-06-20": {"1 digest 1/0/0", "3 digest 1/0/0"}, // no more than a week back: one mail all the same
		"":           nil,                                  // a first start makes up for nothing
	} {
		d := staffed("2026-07-02", lateSince("2026-06-30"), lateSince("2026-06-10"))
		d.LastDay = calendar.Date{}
		if last != "" {
			d.LastDay = date(last)
		}
		if diff := cmp.Diff(want, told(notices(d))); diff != "" {
			t.Errorf("last planned %q (-want +got):\n%s", last, diff)
		}
	}
}

func TestSecretariesAreToldOncePerHalfYear(t *testing.T) {
	// ten working days after Tuesday 30 June 2026, with 21 July after them
	day10 := date("2026-07-14")
	for name, tc := range map[string]struct {
		today calendar.Date
		duty  duty.Duty
		want  []string
	}{
		"nine working days late":           {day10.AddDays(-1), halfYearReport("2026-06-30"), nil},
		"ten":                              {day10, halfYearReport("2026-06-30"), []string{"9 escalation 2026-H1 [M1 M2]"}},
		"eleven":                           {day10.AddDays(1), halfYearReport("2026-06-30"), nil},
		"another duty":                     {day10, lateSince("2026-06-30"), nil},
		"the half-year before that":        {day10, halfYearReport("2025-12-31"), nil},
		"reported":                         {day10, duty.Duty{Due: date("2026-06-30"), Late: date("2026-06-30"), State: duty.Done, Reason: deadline.Reason{Code: deadline.ReasonHalfYear}}, nil},
		"in January, after New Year's Day": {date("2027-01-15"), halfYearReport("2026-12-31"), []string{"9 escalation 2026-H2 [M1 M2]"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := staffed(tc.today.String(), tc.duty)
			d.Mandates[1].Duties = []duty.Duty{tc.duty}
			if diff := cmp.Diff(tc.want, told(d.escalations())); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	d := staffed(day10.String(), halfYearReport("2026-06-30"))
	d.People[2].Digest, d.People[5].Digest = false, false
	if got := told(d.escalations()); got != nil {
		t.Errorf("switched off, and yet %v", got)
	}
}

func TestDelegatesAreToldThatTheirRightEnds(t *testing.T) {
	given := func(id int64, from, until string) store.OpenDelegation {
		return store.OpenDelegation{ID: id, MandateID: 1, MandateCode: "M1", From: date(from), Until: date(until), By: store.Recipient{PersonID: 1}, To: store.Recipient{PersonID: 3}}
	}
	both := []string{"3 delegation_end 2026-12-31 [M1] granted=false", "1 delegation_end 2026-12-31 [M1] granted=true"}
	long := given(5, "2026-01-01", "2026-12-31")
	closed := long
	closed.To.Disabled = true
	for name, tc := range map[string]struct {
		today string
		all   []store.OpenDelegation
		want  []string
	}{
		"eight days before":        {"2026-12-23", []store.OpenDelegation{long}, nil},
		"seven days before":        {"2026-12-24", []store.OpenDelegation{long}, both},
		"six days before":          {"2026-12-25", []store.OpenDelegation{long}, nil},
		"shorter than a week":      {"2026-12-24", []store.OpenDelegation{given(5, "2026-12-26", "2026-12-31")}, nil},
		"another follows on":       {"2026-12-24", []store.OpenDelegation{long, given(6, "2027-01-01", "2027-06-30")}, nil},
		"another after a gap":      {"2026-12-24", []store.OpenDelegation{long, given(6, "2027-01-02", "2027-06-30")}, both},
		"the delegate has left":    {"2026-12-24", []store.OpenDelegation{closed}, both[1:]},
		"reminders are off anyway": {"2026-12-24", []store.OpenDelegation{long}, both}, // Digest is false throughout
	} {
		t.Run(name, func(t *testing.T) {
			d := staffed(tc.today)
			d.Delegations = tc.all
			if diff := cmp.Diff(tc.want, told(notices(d))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFarMoreThanUsualIsAStorm(t *testing.T) {
	for _, tc := range []struct {
		mails, busiest int
		want           bool
	}{{300, 0, false}, {301, 0, true}, {301, 100, true}, {900, 300, false}, {901, 300, true}, {0, 0, false}} {
		if got, _ := storm(tc.mails, tc.busiest); got != tc.want {
			t.Errorf("%d mails, busiest %d: storm %v, want %v", tc.mails, tc.busiest, got, tc.want)
		}
	}
}

// However the clock jumps, nobody gets two digests on one day, and nobody who
// does not want one gets any.
func TestAtMostOneDigestPerPersonAndDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		today := calendar.DateOf(time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)).AddDays(rapid.IntRange(0, 800).Draw(t, "today"))
		d := staffed(today.String())
		d.LastDay = today.AddDays(rapid.IntRange(-800, 800).Draw(t, "last"))
		for i := range d.Mandates {
			for range rapid.IntRange(0, 500).Draw(t, "duties") {
				due := today.AddDays(rapid.IntRange(-40, 40).Draw(t, "due"))
				d.Mandates[i].Duties = append(d.Mandates[i].Duties, duty.Duty{Target: &mandate.Target{}, Due: due, Late: due, State: rapid.SampledFrom(duty.States).Draw(t, "state")})
			}
		}
		for i := range d.People {
			d.People[i].Disabled = rapid.Bool().Draw(t, "disabled")
		}
		got := map[int64]bool{}
		for _, n := range d.digests() {
			if got[n.PersonID] || n.Disabled || n.total() == 0 {
				t.Fatalf("%+v", n)
			}
			got[n.PersonID] = true
		}
	})
}

// A round reminds 15 days before its due date, on it, and three working days after; never who has submitted.
func TestARoundRemindsWhoHasNotSubmitted(t *testing.T) {
	half := calendar.HalfYear{Year: 2025, Half: 1}
	for today, want := range map[string]int{
		"2025-06-24": 0, "2025-06-25": 1, "2025-06-26": 0, "2025-07-09": 0, "2025-07-10": 1, "2025-07-11": 0,
		"2025-07-14": 0, "2025-07-15": 1, "2025-07-16": 0, // the 12th and 13th are a weekend
	} {
		d := staffed(today)
		d.Parts = []store.PartDue{{MandateID: 1, Period: half, Due: date("2025-07-10")}, {MandateID: 2, Period: half, Due: date("2025-07-10")}}
		all := notices(d)
		if len(all) != 3*want { // two holders and their one delegate, who gets one mail for both
			t.Errorf("%s: %d mails, want %d", today, len(all), 3*want)
		}
		for _, n := range all {
			if n.Kind != store.KindDigest || n.PersonID == 9 || n.total() != 1 {
				t.Errorf("%s: person %d gets a %s about %d things", today, n.PersonID, n.Kind, n.total())
			}
		}
		d.Parts = d.Parts[1:] // the first has submitted
		for _, n := range notices(d) {
			if n.PersonID == 1 {
				t.Errorf("%s: who has submitted is reminded", today)
			}
		}
	}
}
