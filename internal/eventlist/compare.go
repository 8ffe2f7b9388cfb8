package eventlist

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"jalon/internal/calendar"
	"jalon/internal/duty"
)

// State is how a row stands to the register of the mandate.
type State string

// States. An event is known again by its UID, or else by kind, title and days.
const (
	New       State = "new"       // the register does not have it
	Known     State = "known"     // it stands there as the list has it
	Changed   State = "changed"   // it stands there with other days or another title
	CalledOff State = "cancelled" // it stands there, and the list cancels it
	Withdrawn State = "withdrawn" // it was cancelled there, and the list still has it
	Absent    State = "absent"    // the list cancels what does not stand there
	Repeated  State = "repeated"  // a row before says the same
	Wrong     State = "wrong"     // it cannot be recorded
)

// States lists every state, those that ask for something first.
var States = []State{Wrong, New, Changed, CalledOff, Withdrawn, Known, Absent, Repeated}

// Asks reports whether only a person's own word makes the row count: it
// changes something that stands in the register, or was taken out of it.
func (s State) Asks() bool { return s == Changed || s == CalledOff || s == Withdrawn }

// Line is a row set against the register.
type Line struct {
	Row
	State State
	Event duty.Event // its counterpart in the register; the zero Event for none
}

// Plan is a list set against the register, in the order of the list.
type Plan []Line

// sameness is what two events have in common that are taken for one.
type sameness struct {
	kind, title string
	from, until calendar.Date
}

func (r Row) same() sameness { return sameness{r.Kind.Code, r.Title, r.From, r.Until} }

func sameAs(e duty.Event) sameness { return sameness{e.Kind.Code, e.Title, e.From, e.Until} }

// underUID is what an event has in common with one of the same UID, of
// whatever kind it was recorded.
func underUID(uid string, s sameness) sameness {
	s.kind = "uid " + uid
	return s
}

// Compare sets rows against the events of the register. Those that the list
// does not have are left alone.
func Compare(rows []Row, register []duty.Event) Plan {
	standing, gone := indexOf(register, false), indexOf(register, true)
	said, named := map[sameness]bool{}, map[string]bool{}
	plan := make(Plan, 0, len(rows))
	for _, row := range rows {
		l := Line{Row: row}
		switch {
		case !row.Sound() && !row.Cancelled:
			l.State = Wrong
		case row.UID != "" && named[row.UID], said[row.same()]:
			l.State = Repeated
		default:
			l.judge(standing, gone)
			said[row.same()] = !row.Cancelled || said[row.same()]
			named[row.UID] = true
		}
		plan = append(plan, l)
	}
	return plan
}

type index struct {
	uid  map[string]duty.Event
	same map[sameness]duty.Event
}

func indexOf(register []duty.Event, cancelled bool) index {
	x := index{map[string]duty.Event{}, map[sameness]duty.Event{}}
	for _, e := range register {
		if e.Cancelled() != cancelled {
			continue
		}
		if e.UID != "" {
			x.uid[e.UID] = e
			x.same[underUID(e.UID, sameAs(e))] = e
		}
		x.same[sameAs(e)] = e
	}
	return x
}

func (l *Line) judge(standing, gone index) {
	byUID, named := standing.uid[l.UID]
	bySame, same := standing.same[l.same()]
	switch {
	case l.Cancelled && named:
		l.State, l.Event = CalledOff, byUID
	case l.Cancelled && same && (l.UID == "" || bySame.UID == ""):
		l.State, l.Event = CalledOff, bySame
	case l.Cancelled:
		l.State = Absent
	case named && underUID(l.UID, sameAs(byUID)) == underUID(l.UID, l.same()):
		l.State, l.Event = Known, byUID
	case named:
		l.State, l.Event = Changed, byUID
	case same:
		l.State, l.Event = Known, bySame
	default:
		l.State = New
		for _, key := range []sameness{l.same(), underUID(l.UID, l.same())} {
			if e, known := gone.same[key]; known {
				l.State, l.Event = Withdrawn, e
			}
		}
	}
}

// Count tells how many lines have a state.
func (p Plan) Count(s State) (n int) {
	for _, l := range p {
		if l.State == s {
			n++
		}
	}
	return n
}

// Fingerprint names what a person was shown, so that what they confirm is that.
func (p Plan) Fingerprint() string {
	h := sha256.New()
	for _, l := range p {
		fmt.Fprintf(h, "%s\x00%d\x00%s\x00%v\x00", l.State, l.Event.ID, l.UID, l.same())
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
