package evaluation

import (
	"slices"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/evidence"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

// Record is what was reported, sealed, decided and proven in the period of an
// evaluation: nothing of another's tenure.
type Record struct {
	Entries   []progress.Entry // by as-of date; also those that were corrected
	Tables    []SealedTable
	Decisions []Decision
	Files     []Proof
	Links     []Proof
}

// SealedTable is a table as it was presented.
type SealedTable struct {
	Period   calendar.HalfYear
	Number   string
	SHA256   string // 64 hexadecimal digits
	SealedAt time.Time
}

// Decision is what a body said about a target, with what was answered.
type Decision struct {
	TargetID   int64
	Text       string
	Lang       bilingual.Lang
	At         time.Time
	Body       bilingual.Text
	Answer     string
	AnswerLang bilingual.Lang
}

// Proof is a file or a link that was added to an entry, or to the answer of a duty.
type Proof struct {
	TargetID int64
	File     evidence.File
	URL      string // of a link; File then has its title as Name
}

// VersionOf gives the version of an entry: 1, and one more for each entry that
// it corrects in turn. 0 when the record does not hold it.
func (r Record) VersionOf(entry int64) (n int) {
	for e, ok := r.Entry(entry); ok; e, ok = r.Entry(e.Supersedes) {
		n++
	}
	return n
}

// Entry finds an entry by its number.
func (r Record) Entry(id int64) (progress.Entry, bool) {
	i := slices.IndexFunc(r.Entries, func(e progress.Entry) bool { return e.ID == id })
	if i < 0 {
		return progress.Entry{}, false
	}
	return r.Entries[i], true
}

// Correction finds the entry that corrects one, the last of them.
func (r Record) Correction(id int64) (last progress.Entry, ok bool) {
	for {
		i := slices.IndexFunc(r.Entries, func(e progress.Entry) bool { return e.Supersedes == id })
		if i < 0 {
			return last, ok
		}
		last, ok, id = r.Entries[i], true, r.Entries[i].ID
	}
}

// Of gives the entries of a target that stand: those that nothing corrects.
func (r Record) Of(target int64) (some []progress.Entry) {
	for _, e := range r.Entries {
		if e.TargetID != target {
			continue
		}
		if _, corrected := r.Correction(e.ID); !corrected {
			some = append(some, e)
		}
	}
	return some
}

// HalfYearStanding is where a target stood at the end of a half-year, or of the period.
type HalfYearStanding struct {
	Period calendar.HalfYear
	progress.Standing
}

// Standings gives the standing of a target in each half-year of a period, up to
// a day, from what was reported within the period alone. since is the day from
// which the mandate is followed.
func (r Record) Standings(t mandate.Target, from, until, since calendar.Date) (all []HalfYearStanding) {
	entries := r.Of(t.ID)
	for h := calendar.HalfYearOf(from); !h.Start().After(until); h = h.Next() {
		asOf := h.End()
		if asOf.After(until) {
			asOf = until
		}
		var latest progress.Latest
		for _, e := range entries {
			if !e.AsOf.After(asOf) {
				latest = progress.Latest{Status: e.Status, AsOf: e.AsOf}
			}
		}
		s := progress.Stand(latest, progress.Duty{OwedFrom: t.Deadline.OwedFrom, Due: t.Deadline.Due}, h, asOf)
		all = append(all, HalfYearStanding{h, excused(s, h, asOf, since)})
	}
	return all
}

// excused makes silence no fault in a half-year that is not over on a day, or
// that was over before anybody followed the mandate.
func excused(s progress.Standing, h calendar.HalfYear, on, since calendar.Date) progress.Standing {
	if s.Status == progress.NotReported && (on.Before(h.End()) || h.End().Before(since)) {
		s.Status, s.Owed = progress.NotExpected, false
	}
	return s
}
