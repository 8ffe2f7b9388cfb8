package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/duty"
	"jalon/internal/indicator"
	"jalon/internal/mandate"
	"jalon/internal/progress"
	"jalon/internal/scoreboard"
)

// chronicle is what happened to two mandates that share words, as plain lists in
// the order in which it was recorded, beside the database that was told the same.
// Its clock runs from January 2025; between two deeds days go by.
type chronicle struct {
	bench
	t       testing.TB
	rt      *rapid.T
	clock   time.Time
	body    Board // what is addressed to it goes to it
	annals  []*annals
	apart   map[string]bool // mandates whose shared words became their own
	n       int             // of texts, so that no two are the same
	boards  []boardTold
	boardID int64
	board0  int64   // the body that everything goes to, which decides
	people  []named // who can hold a mandate
}

// annals are the lists of one mandate.
type annals struct {
	mandate.Mandate                          // as it came, with numbers and what was added since
	added           map[string]placeTold     // places that came later, by code
	words           map[string][]wordsTold   // by place
	deadlines       map[int64][]deadlineTold // by target
	entries         []progress.Entry         // the Achieved of each is its own
	tenures         []tenureTold             //
	addressed       []addresseeTold          // to the body
	targetOf        map[int64]int64          // step → target
	events          []duty.Event             //
	decisions       []NewDecision            //
	sealed          []sealTold               //
	amendments      []Happening              //
	indicator       int64                    //
	names           []nameTold               // of the indicator
	values          []indicator.Measurement  // of it
	remarks         []scoreboard.Said        //
	measures        []scoreboard.Measure     //
}

type wordsTold struct {
	from  calendar.Date
	at    time.Time // zero: known from the start
	words string
}

type deadlineTold struct {
	from      calendar.Date
	at, until time.Time // zero until: still
	phrase    string
	reading   deadline.Reading
}

type sealTold struct {
	period calendar.HalfYear
	at     time.Time
}

type nameTold struct {
	from calendar.Date
	at   time.Time
	name string
}

type boardTold struct {
	nameTold
	rows []int // positions of mandates whose indicator is on it
}

// sub is a form that is sent by the clock of the chronicle.
func (c *chronicle) sub(action string) Submission {
	sub := c.bench.sub(action)
	sub.At = c.clock
	return sub
}

var system = AsSystem(context.Background())

// must ends the case on an error that is none of those expected; it reports whether there was none.
func (c *chronicle) must(err error, expected ...error) bool {
	for _, e := range expected {
		if errors.Is(err, e) {
			return false
		}
	}
	if err != nil {
		c.rt.Fatal(err)
	}
	return true
}

func (c *chronicle) text() string {
	c.n++
	return "woord" + strconv.Itoa(c.n)
}

func (c *chronicle) today() calendar.Date { return calendar.DateOf(c.clock) }

// someDay is a day up to today, or up to some days after it.
func (c *chronicle) someDay(label string, ahead int) calendar.Date {
	first := day("2024-12-01")
	days := int(c.today().Time().Sub(first.Time()).Hours()/24) + ahead
	return first.AddDays(rapid.IntRange(0, days).Draw(c.rt, label))
}

func (c *chronicle) someone() *annals {
	return c.annals[rapid.IntRange(0, len(c.annals)-1).Draw(c.rt, "mandate")]
}

// someTarget is one of the targets of a mandate.
func (c *chronicle) someTarget(a *annals) mandate.Target {
	all := a.Targets()
	return all[rapid.IntRange(0, len(all)-1).Draw(c.rt, "target")]
}

// begin stores the letters of two mandates, with an indicator each.
func begin(t testing.TB, rt *rapid.T, b bench, people []named, body Board, nth int) *chronicle {
	c := &chronicle{bench: b, t: t, rt: rt, clock: time.Date(2025, 1, 6, 9, 0, 0, 0, time.UTC), people: people, body: body, apart: map[string]bool{}, board0: scan[int64](t, b.Store, `SELECT id FROM body WHERE code = 'DR'`)}
	for _, name := range []string{"A", "B"} {
		code := fmt.Sprintf("M%d%s", nth, name)
		shared := fmt.Sprintf("Gedeeld doel %d", nth)
		m := b.aMandate(t, tree(code, "S1 Dienst", "S1.1 Punt", "S1.1-1 Plan @ december 2025", "S1.1-2 Volgen @ doorlopend vanaf juli 2025",
			"S2 Einde", "S2.1 Punt", "S2.1-1 Slot @ einde mandaat", "S2.1-2 Bezoek @ vóór en na elke ontvangst van een delegatie",
			"T1 Kwaliteit", "T1.1 Gedeeld punt", "T1.1-1 "+shared+" @ om de twee maanden"))
		exec(t, b.Store, `UPDATE mandate SET created_at = '2024-11-30' WHERE id = $1`, m.ID)
		a := &annals{Mandate: m, added: map[string]placeTold{}, words: map[string][]wordsTold{"S1": {{from: since, words: "Dienst"}}, "T1.1-1": {{from: since, words: shared}}}, deadlines: map[int64][]deadlineTold{}, targetOf: map[int64]int64{}}
		for _, g := range m.Targets() {
			a.deadlines[g.ID] = []deadlineTold{{from: since, phrase: g.Deadline.Text.NL, reading: g.Deadline.Reading}}
		}
		c.annals = append(c.annals, a)
		c.define(a)
	}
	return c
}

// deeds are what can happen, those that happen more often more often.
var deeds = map[string]func(*chronicle, *annals){
	"report": (*chronicle).report, "report more": (*chronicle).report, "report again": (*chronicle).correct, "amend": (*chronicle).amend,
	"amend everywhere": (*chronicle).amendEverywhere, "amend a deadline": (*chronicle).amendDeadline, "add": (*chronicle).add, "confirm": (*chronicle).confirm, "appoint": (*chronicle).appoint, "appoint more": (*chronicle).appoint,
	"end a tenure": (*chronicle).endTenure, "correct a tenure": (*chronicle).correctTenure, "withdraw a tenure": (*chronicle).withdrawTenure, "address": (*chronicle).address, "end an address": (*chronicle).endAddress, "event": (*chronicle).event,
	"cancel": (*chronicle).cancel, "decide": (*chronicle).decide, "reply": (*chronicle).reply, "seal": (*chronicle).sealHalf, "define": (*chronicle).define,
	"value": (*chronicle).value, "value more": (*chronicle).value, "board": (*chronicle).board, "remark": (*chronicle).remark, "measure": (*chronicle).measure, "step": (*chronicle).step,
}

var deedNames = func() (names []string) {
	for name := range deeds {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}()

// live lets time go by and something happen.
func (c *chronicle) live() {
	c.clock = c.clock.Add(time.Duration(rapid.IntRange(1, 40*24*60).Draw(c.rt, "minutes")) * time.Minute)
	deeds[rapid.SampledFrom(deedNames).Draw(c.rt, "deed")](c, c.someone())
}

// now gives the words of a place that were recorded last.
func (a *annals) now(place string) string { return a.words[place][len(a.words[place])-1].words }

// letter stores one that changes words or adds places; from a day on, that amends.
func (c *chronicle) letter(a *annals, from calendar.Date, places ...string) error {
	l := actiris(tree(a.Code, places...))
	l.EffectiveOn, l.Reason, l.At = from, c.text(), c.clock
	_, _, _, err := c.StoreLetter(system, Submission{Action: "import letter"}, l)
	if err == nil && !from.IsZero() {
		a.amendments = append(a.amendments, Happening{Kind: HappenedAmendment, At: c.clock, Words: l.Reason})
	}
	return err
}

// amend changes the words of one mandate, its own or shared ones, also from the same day on as before.
func (c *chronicle) amend(a *annals) {
	from := c.someDay("effective", 60)
	place, words := "S1", c.text()
	places := []string{"S1 " + words}
	if rapid.Bool().Draw(c.rt, "shared") {
		place, places = "T1.1-1", []string{"T1 Kwaliteit", "T1.1 Gedeeld punt", "T1.1-1 " + words}
	}
	if last := a.words[place]; rapid.Bool().Draw(c.rt, "same day") && last[len(last)-1].from != since {
		from = last[len(last)-1].from
	}
	if c.must(c.letter(a, from, places...), ErrAmendment, ErrSealed) {
		a.words[place] = append(a.words[place], wordsTold{from, c.clock, words})
		if place == "T1.1-1" {
			c.apart[a.Code] = true
		}
	}
}

func (c *chronicle) amendEverywhere(a *annals) {
	from, words := c.someDay("effective", 60), c.text()
	_, _, err := c.Amend(system, c.sub("amend letter"), AmendRequest{
		Code: a.Code, Kind: mandate.OnTarget, Place: "T1.1-1", Text: original(words), EffectiveOn: from, Authority: "Regering", Reason: c.text(), At: c.clock,
		Everywhere: true, May: func(access.Object) bool { return true }, Location: "/nl",
	})
	if !c.must(err, ErrAmendment, ErrSameDay, ErrSealed) {
		return
	}
	a.amendments = append(a.amendments, Happening{Kind: HappenedAmendment, At: c.clock, Words: "woord" + strconv.Itoa(c.n)})
	for _, other := range c.annals {
		if other == a || !c.apart[a.Code] && !c.apart[other.Code] {
			other.words["T1.1-1"] = append(other.words["T1.1-1"], wordsTold{from, c.clock, words})
		}
	}
}

var phrases = []string{"juni 2025", "maart 2026", "doorlopend vanaf januari 2026", "einde mandaat", "ten minste twee keer per jaar", "31 oktober 2025"}

func (c *chronicle) amendDeadline(a *annals) {
	g := a.Targets()[0]
	told := a.deadlines[g.ID]
	last := told[len(told)-1]
	from, phrase := c.someDay("effective", 60), rapid.SampledFrom(phrases).Draw(c.rt, "deadline")
	if rapid.Bool().Draw(c.rt, "same day") && last.from != since {
		from = last.from
	}
	if phrase == last.phrase || !c.must(c.letter(a, from, "S1 "+a.now("S1"), "S1.1 Punt", "S1.1-1 Plan @ "+phrase), ErrAmendment, ErrSealed) {
		return
	}
	if from == last.from {
		told[len(told)-1].until = c.clock
	}
	a.deadlines[g.ID] = append(told, deadlineTold{from: from, at: c.clock, phrase: phrase, reading: deadline.Read(phrase, bilingual.NL)})
}

// confirm corrects the reading of a deadline in place.
func (c *chronicle) confirm(a *annals) {
	g := c.someTarget(a)
	told := a.deadlines[g.ID]
	last := told[len(told)-1]
	reading := deadline.Read(rapid.SampledFrom(phrases).Draw(c.rt, "reading"), bilingual.NL)
	id := scan[int64](c.t, c.Store, `SELECT id FROM deadline WHERE target_id = $1 ORDER BY valid_from DESC LIMIT 1`, g.ID)
	_, _, err := c.ConfirmReading(system, c.sub("confirm deadline"), Confirmation{MandateID: a.ID, DeadlineID: id, Reading: reading, At: c.clock, Object: "deadline", Location: "/nl"})
	c.must(err)
	told[len(told)-1].until = c.clock
	a.deadlines[g.ID] = append(told, deadlineTold{from: last.from, at: c.clock, phrase: last.phrase, reading: reading})
}
