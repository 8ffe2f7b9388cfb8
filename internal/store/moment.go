package store

import (
	"time"

	"jalon/internal/calendar"
)

// Moment is what a question looks back to. Two clocks run in every record: the
// day that it speaks of, and the instant at which it was recorded. A report on
// June that is recorded in July counts as of 30 June, and was not known then.
type Moment struct {
	Day   calendar.Date // the day that is looked at
	Known time.Time     // as far as recorded by this instant; zero for all that is known
	// Acts is the instant up to which acts count that have no other day than that
	// of their recording: seals, errata, decisions, answers. Zero for all of them.
	Acts time.Time
}

// forever is the instant by which everything is known.
var forever = time.Date(9999, time.January, 1, 0, 0, 0, 0, time.UTC)

// knownBy gives the instant to ask with; zero means everything that is known.
func knownBy(at time.Time) time.Time {
	if at.IsZero() {
		return forever
	}
	return at
}

// acts gives the instant to ask for acts with.
func (m Moment) acts() time.Time { return knownBy(m.Acts) }

// By leaves out the tables that were not sealed yet at the moment.
func (h TableHead) By(m Moment) TableHead {
	h.Seals = m.sealed(h.Seals)
	return h
}

// sealed gives those of some tables that were sealed by the moment.
func (m Moment) sealed(all []SealedTable) (seals []SealedTable) {
	for _, t := range all {
		if !t.Seal.SealedAt.After(m.acts()) {
			seals = append(seals, t)
		}
	}
	return seals
}
