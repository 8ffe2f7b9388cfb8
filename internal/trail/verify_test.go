package trail

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jalon/internal/calendar"
	"jalon/internal/monitoring"
)

// sample is a chained trail of three days with five events each, the first two signed.
type sample struct {
	events []Event
	links  []Link
	days   []Day
}

var first = calendar.MustDate(2026, time.March, 28) // the clocks change on the second day

func signer(t *testing.T) monitoring.Signer {
	t.Helper()
	s, err := monitoring.NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func newTrail(t *testing.T) *sample {
	t.Helper()
	s, tr := signer(t), &sample{}
	for i := range 15 {
		day := first.AddDays(i / 5)
		tr.events = append(tr.events, Event{
			ID: int64(101 + i), At: day.Time().Add(10*time.Hour + time.Duration(i)*time.Minute), ActorID: int64(1 + i%3), Action: "sign in",
			Object: fmt.Sprintf("person/%d", i), RequestID: "r", Address: "192.0.2.0/24", Detail: `{"n": ` + fmt.Sprint(i) + `}`,
		})
		tr.links = append(tr.links, Link{EventID: int64(101 + i), Day: day, Seq: i%5 + 1})
	}
	tr.rehash(0)
	for i := range 2 {
		head := tr.links[i*5+4]
		tr.days = append(tr.days, Day{Day: head.Day, Events: 5, Head: head.Hash}.Sign(s, head.Day.Time().Add(26*time.Hour)))
	}
	return tr
}

// rehash computes the chain anew from a link on, as somebody would who has the database.
func (tr *sample) rehash(from int) {
	for i := from; i < len(tr.links); i++ {
		l := &tr.links[i]
		l.Prev = Hash{}
		if i > 0 {
			l.Prev = tr.links[i-1].Hash
		}
		at := slices.IndexFunc(tr.events, func(e Event) bool { return e.ID == l.EventID })
		l.Hash = HashOf(l.Prev, l.Day, l.Seq, tr.events[at])
	}
}

func (tr *sample) verify() Report {
	byID := make(map[int64]*Event, len(tr.events))
	for i := range tr.events {
		byID[tr.events[i].ID] = &tr.events[i]
	}
	v := NewVerifier(Hash{}, tr.days)
	for _, l := range tr.links {
		v.Link(l, byID[l.EventID])
		delete(byID, l.EventID)
	}
	for _, e := range tr.events {
		if byID[e.ID] != nil {
			v.Loose(e)
		}
	}
	return v.Done()
}

func (tr *sample) drop(i int) {
	tr.events, tr.links = slices.Delete(tr.events, i, i+1), slices.Delete(tr.links, i, i+1)
}

func TestIntactTrailIsIntact(t *testing.T) {
	r := newTrail(t).verify()
	if !r.Intact() || r.Events != 15 || r.Days != 3 || r.SignedDays != 2 || r.LastSigned != first.AddDays(1) || r.LastDay != first.AddDays(2) || len(r.Keys) != 1 {
		t.Errorf("%+v", r)
	}
	if r := (&sample{}).verify(); !r.Intact() {
		t.Errorf("an empty trail: %+v", r)
	}
}

func TestEveryAlterationIsNamed(t *testing.T) {
	day := func(n int) calendar.Date { return first.AddDays(n - 1) }
	for _, c := range []struct {
		name  string
		alter func(tr *sample)
		want  []Finding
	}{
		{"event edited", func(tr *sample) { tr.events[6].Detail = `{"n": 66}` }, []Finding{{Changed, day(2), 2, 0, 107}}},
		{"event edited with its link", func(tr *sample) {
			tr.events[6].ActorID = 9
			tr.links[6].Hash = HashOf(tr.links[6].Prev, tr.links[6].Day, tr.links[6].Seq, tr.events[6])
		}, []Finding{{Changed, day(2), 2, 0, 107}}},
		{"event removed", func(tr *sample) { tr.events = slices.Delete(tr.events, 6, 7) }, []Finding{{Missing, day(2), 2, 0, 107}}},
		{"event and link removed", func(tr *sample) { tr.drop(6) }, []Finding{{Missing, day(2), 2, 2, 0}}},
		{"removed and numbered anew", func(tr *sample) {
			tr.drop(6)
			for i := 6; i < 9; i++ {
				tr.links[i].Seq--
			}
		}, []Finding{{Missing, day(2), 2, 2, 0}}},
		{"two runs removed", func(tr *sample) { tr.drop(8); tr.drop(6); tr.drop(5) }, []Finding{{Missing, day(2), 1, 2, 0}, {Missing, day(2), 4, 4, 0}}},
		{"last of a signed day removed", func(tr *sample) { tr.drop(9) }, []Finding{{CutOff, day(2), 5, 5, 0}}},
		{"a signed day removed", func(tr *sample) {
			tr.events, tr.links = slices.Delete(tr.events, 5, 10), slices.Delete(tr.links, 5, 10)
		}, []Finding{{CutOff, day(2), 1, 5, 0}}},
		{"a signed day removed with its head", func(tr *sample) {
			tr.events, tr.links, tr.days = slices.Delete(tr.events, 5, 10), slices.Delete(tr.links, 5, 10), tr.days[:1]
		}, []Finding{{Rewritten, day(1), 0, 0, 0}}},
		{"the first day removed with its head", func(tr *sample) {
			tr.events, tr.links, tr.days = tr.events[5:], tr.links[5:], tr.days[1:]
		}, []Finding{{Missing, day(2), 0, 0, 0}}},
		{"event without a link", func(tr *sample) {
			tr.events = append(tr.events, Event{ID: 900, At: day(2).Time().Add(12 * time.Hour), Action: "sign in", Detail: "{}"})
		}, []Finding{{Inserted, day(2), 0, 0, 900}}},
		{"event with a link that fits, later ones numbered anew", func(tr *sample) {
			e := Event{ID: 900, At: day(2).Time().Add(12 * time.Hour), Action: "sign in", Detail: "{}"}
			l := Link{EventID: 900, Day: day(2), Seq: 3, Prev: tr.links[6].Hash}
			l.Hash = HashOf(l.Prev, l.Day, l.Seq, e)
			for i := 7; i < 10; i++ {
				tr.links[i].Seq++
			}
			tr.events, tr.links = slices.Insert(tr.events, 7, e), slices.Insert(tr.links, 7, l)
		}, []Finding{{Inserted, day(2), 3, 0, 900}}},
		{"event with a link that fits nothing", func(tr *sample) {
			l := Link{EventID: 900, Day: day(2), Seq: 3, Prev: tr.links[6].Hash, Hash: Hash{1}}
			for i := 7; i < 10; i++ {
				tr.links[i].Seq++
			}
			tr.events, tr.links = append(tr.events, Event{ID: 900, At: day(2).Time(), Detail: "{}"}), slices.Insert(tr.links, 7, l)
		}, []Finding{{Inserted, day(2), 3, 0, 900}}},
		{"event added to a signed day", func(tr *sample) {
			e := Event{ID: 900, At: day(2).Time().Add(12 * time.Hour), Action: "sign in", Detail: "{}"}
			l := Link{EventID: 900, Day: day(2), Seq: 6, Prev: tr.links[9].Hash}
			l.Hash = HashOf(l.Prev, l.Day, l.Seq, e)
			tr.events, tr.links = slices.Insert(tr.events, 10, e), slices.Insert(tr.links, 10, l)
		}, []Finding{{Inserted, day(2), 6, 0, 900}}},
		{"two events changed places", func(tr *sample) {
			tr.links[6].EventID, tr.links[7].EventID = tr.links[7].EventID, tr.links[6].EventID
		}, []Finding{{Moved, day(2), 2, 0, 107}, {Moved, day(2), 3, 0, 108}}},
		{"two links changed places", func(tr *sample) {
			tr.links[6].Seq, tr.links[7].Seq = tr.links[7].Seq, tr.links[6].Seq
			tr.links[6], tr.links[7] = tr.links[7], tr.links[6]
		}, []Finding{{Moved, day(2), 2, 0, 107}}},
		{"the tail rewritten", func(tr *sample) { tr.events[7].Object = "person/99"; tr.rehash(7) }, []Finding{{Rewritten, day(2), 0, 0, 110}}},
		{
			"the tail of the first day and all that follows rewritten", func(tr *sample) { tr.events[3].Object = "person/99"; tr.rehash(3) },
			[]Finding{{Rewritten, day(1), 0, 0, 105}, {Rewritten, day(2), 0, 0, 110}},
		},
		{"signature altered", func(tr *sample) {
			tr.days[1].Signature = tr.days[0].Signature
		}, []Finding{{BadSignature, day(2), 0, 0, 0}}},
		{"number of events altered", func(tr *sample) { tr.days[0].Events = 4 }, []Finding{{BadSignature, day(1), 0, 0, 0}}},
		{"key altered", func(tr *sample) { tr.days[0].PublicKey = signer(t).Public().String() }, []Finding{{BadSignature, day(1), 0, 0, 0}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr := newTrail(t)
			c.alter(tr)
			if diff := cmp.Diff(c.want, tr.verify().Findings); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// A head signed with a key of one's own holds by itself: the report says whose key it was.
func TestKeysThatSignedAreNamed(t *testing.T) {
	tr := newTrail(t)
	stranger := signer(t)
	tr.events[7].Object = "person/99"
	tr.rehash(7)
	tr.days[1].Head = tr.links[9].Hash
	tr.days[1] = tr.days[1].Sign(stranger, time.Now())
	r := tr.verify()
	want := []KeyUse{
		{KeyID: tr.days[0].KeyID, PublicKey: tr.days[0].PublicKey, First: first, Last: first, Days: 1},
		{KeyID: stranger.KeyID(), PublicKey: stranger.Public().String(), First: first.AddDays(1), Last: first.AddDays(1), Days: 1},
	}
	if diff := cmp.Diff(want, r.Keys); diff != "" || !r.Intact() {
		t.Errorf("%+v\n%s", r.Findings, diff)
	}
}

// Whatever single thing is altered anywhere in the signed days, something is found.
func TestNothingSignedCanBeAltered(t *testing.T) {
	whole := newTrail(t)
	rapid.Check(t, func(rt *rapid.T) {
		tr := &sample{slices.Clone(whole.events), slices.Clone(whole.links), slices.Clone(whole.days)}
		i := rapid.IntRange(0, 9).Draw(rt, "event")
		e, l := &tr.events[i], &tr.links[i]
		switch rapid.IntRange(0, 12).Draw(rt, "what") {
		case 0:
			e.At = e.At.Add(time.Microsecond)
		case 1:
			e.ActorID++
		case 2:
			e.OnBehalfOf = 5
		case 3:
			e.Action += " "
		case 4:
			e.Object, e.Action = e.Action, e.Object
		case 5:
			e.MandateID = 1
		case 6:
			e.RequestID = ""
		case 7:
			e.Address = ""
		case 8:
			e.Detail += " "
		case 9:
			l.Hash[3] ^= 1
		case 10:
			l.Prev[3] ^= 1
		case 11:
			tr.drop(i)
		case 12:
			e.ID, l.EventID = 7, 7
		}
		if rapid.Bool().Draw(rt, "rehash") && len(tr.links) == 15 {
			tr.rehash(i)
		}
		r := tr.verify()
		if r.Intact() && !cmp.Equal(tr.links, whole.links) {
			rt.Fatal("nothing was found")
		}
	})
}
