package reportlist

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"

	"jalon/internal/mandate"
)

// State says what a row would do to the report.
type State string

// States of a row.
const (
	New     State = "new"     // nothing stands there yet
	Changed State = "changed" // replaces or adds to what stands there
	Same    State = "same"    // says nothing else
	Wrong   State = "wrong"   // has findings
)

// States lists them in the order of the preview.
var States = []State{New, Changed, Wrong, Same}

// Line is a row set against the report.
type Line struct {
	Row
	State   State
	Before  map[string]string // what stands there
	After   map[string]string // what would stand there; nil for a wrong row
	Changes []string          // the fields that differ, in the order of Fields
}

// Plan is what a list would do.
type Plan []Line

// Compare sets rows against what stands in the report now: the fields by
// target. A cell that the list leaves empty changes nothing.
func Compare(rows []Row, now map[mandate.Code]map[string]string) Plan {
	plan := make(Plan, len(rows))
	for i, r := range rows {
		l := Line{Row: r, State: Wrong, Before: now[r.Code]}
		if r.Sound() {
			l.State = Same
			l.After = map[string]string{}
			maps.Copy(l.After, l.Before)
			maps.Copy(l.After, r.Fields)
			delete(l.After, "same") // it says something itself now
			for _, field := range Fields[1:] {
				if l.After[field] != l.Before[field] {
					l.Changes = append(l.Changes, field)
					l.State = Changed
				}
			}
			if l.State == Changed && len(l.Before) == 0 {
				l.State = New
			}
			if l.State == Same {
				l.After = l.Before
			}
		}
		plan[i] = l
	}
	return plan
}

// Count tells how many rows are in a state.
func (p Plan) Count(s State) (n int) {
	for _, l := range p {
		if l.State == s {
			n++
		}
	}
	return n
}

// Fingerprint tells two plans apart: a person confirms what they were shown and
// nothing else.
func (p Plan) Fingerprint() string {
	raw, err := json.Marshal(p)
	if err != nil {
		panic(err) // it is made of texts
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:16])
}
