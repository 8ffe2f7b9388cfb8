package mandate

import (
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
)

// PlaceKind is a kind of passage of the letter that has words of its own.
type PlaceKind string

// Kinds of places.
const (
	OnObjective PlaceKind = "objective" // its title
	OnPassage   PlaceKind = "passage"   // context or goal of an objective
	OnPoint     PlaceKind = "point"
	OnTarget    PlaceKind = "target"
	OnKPI       PlaceKind = "kpi"
	OnDeadline  PlaceKind = "deadline" // the words of a deadline
)

// PlaceKinds lists the kinds in the order of the letter.
var PlaceKinds = []PlaceKind{OnObjective, OnPassage, OnPoint, OnTarget, OnDeadline, OnKPI}

// Place is one passage of the letter with the words in force.
type Place struct {
	Kind   PlaceKind
	Name   string // the code, such as S3.2-1, or S3/goal2 for a passage
	Text   bilingual.Text
	Shared bool // kept once for all mandates of the framework
}

// Amendment is one decision that changed words of the letter from a day on.
type Amendment struct {
	ID          int64
	EffectiveOn calendar.Date
	Authority   string // who decided it; "" when it came with a letter
	Reason      string
	RecordedBy  string // "" from the command line
	RecordedAt  time.Time
	Changes     []Change
}

// Counts reports whether the amendment counted on a day, as known by an instant (zero: now).
func (a Amendment) Counts(day calendar.Date, known time.Time) bool {
	return !a.EffectiveOn.After(day) && (known.IsZero() || !a.RecordedAt.After(known))
}

// Change is what an amendment did to one place.
type Change struct {
	Kind          PlaceKind
	Name          string
	Before, After bilingual.Text
	Deadline      *Deadline // of OnDeadline: the words after with their reading; nil for the other kinds
}

// Added reports whether the place had no words before.
func (c Change) Added() bool { return c.Before.IsZero() }

// Version is one wording of a target, in force from a day on.
type Version struct {
	From calendar.Date
	Text bilingual.Text
}

// WordingOn gives the version of a list in order that was in force on a day; nil for none.
func WordingOn(versions []Version, day calendar.Date) *Version {
	for i := len(versions) - 1; i >= 0; i-- {
		if !versions[i].From.After(day) {
			return &versions[i]
		}
	}
	return nil
}
