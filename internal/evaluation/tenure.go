package evaluation

import (
	"slices"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/evidence"
	"jalon/internal/indicator"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
)

// TenureRecord is what was recorded of a mandate in the days of one tenure that are
// evaluated. It holds facts in the order of the letter, each with what it was
// taken from, and judges nothing: there is no figure for a person in it.
type TenureRecord struct {
	Mandate     mandate.Mandate // as in force on AsOf; its holder is who is evaluated
	Fixed       mandate.Mandate // as in force on From, or in the letter when that came later
	FixedOn     calendar.Date   // the day of Fixed
	From, Until calendar.Date   // the days that are evaluated, both included
	AsOf        calendar.Date   // the last day that it tells of: Until, or the day it was asked for
	Since       calendar.Date   // from which the mandate is followed; zero: from the start
	Halves      []calendar.HalfYear
	Targets     []TargetRecord      // in the order of the letter
	Amendments  []mandate.Amendment // in force up to AsOf, the earliest first
	Indicators  []*indicator.Series // with the figures of the days; what may not be shown is not in it
	Tables      []QuotedTable       // sealed, the earliest first
}

// TargetRecord is one target.
type TargetRecord struct {
	Target    mandate.Target // as in force on AsOf
	Line      []HalfStanding // one per half-year
	Duties    []duty.Duty    // whose last day lies in the days of the record
	Entries   []Version      // every one, the earliest day first
	Answers   []duty.Answer  // to duties, done in these days
	Evidence  []Exhibit
	Decisions []BodyDecision
	Before    *Version  // that closed the target before From; nil when it was open
	Others    []Version // of other days, that ended a duty of these
}

// HalfStanding is where a target stood at the end of a half-year, or on the last
// day of the record. The days before the tenure do not count.
type HalfStanding struct {
	Period calendar.HalfYear
	On     calendar.Date // the day it was judged on
	progress.Standing
	EntryID int64 // what Status comes from; 0 for silence
}

// Version is an entry with its place among those that correct each other.
type Version struct {
	progress.Entry
	Number      int   // 1 for the first; one more for each correction
	CorrectedBy int64 // the entry that took its place; 0 while it counts
}

// Exhibit is a file or a link, with what it was added to: an entry or an answer.
type Exhibit struct {
	File     *evidence.File // nil for a link
	Link     *evidence.Link // nil for a file
	Code     mandate.Code
	EntryID  int64
	AnswerID int64
}

// BodyDecision is what a body said about a target, with the name of the body.
type BodyDecision struct {
	monitoring.Decision
	Body bilingual.Text
}

// QuotedTable is a sealed table of the mandate, as it was signed.
type QuotedTable struct {
	Period   calendar.HalfYear
	Document []byte
	Seal     monitoring.Seal
	Errata   []monitoring.Erratum
}

// Material is what a record is made from: rows of the mandate, also of days
// outside of the tenure.
type Material struct {
	Sheet      progress.Sheet // as of the last day, with the record of the duties
	Fixed      mandate.Mandate
	FixedOn    calendar.Date
	Holder     mandate.Tenure
	From       calendar.Date
	Until      calendar.Date
	Entries    []progress.Entry // of all targets, by target, day and number
	Owed       map[calendar.HalfYear]map[int64]progress.Duty
	Proofs     map[int64][]Exhibit // by target
	Decisions  []BodyDecision      // by Code, the earliest first
	Amendments []mandate.Amendment
	Indicators []*indicator.Series
	Tables     []QuotedTable
}

// NewTenureRecord keeps of the material what belongs to the days of the tenure. What a
// predecessor reported is not quoted; a target that they closed is said to be
// closed, with the day.
func NewTenureRecord(m Material) TenureRecord {
	r := TenureRecord{
		Mandate: m.Sheet.Mandate, Fixed: m.Fixed, FixedOn: m.FixedOn, From: m.From, Until: m.Until, AsOf: m.Sheet.AsOf,
		Since: m.Sheet.Record.Since, Tables: m.Tables,
	}
	r.Mandate.Holder = m.Holder
	for h := calendar.HalfYearOf(m.From); !h.Start().After(r.AsOf); h = h.Next() {
		r.Halves = append(r.Halves, h)
	}
	for _, a := range m.Amendments {
		if !a.EffectiveOn.After(r.AsOf) {
			r.Amendments = append(r.Amendments, a)
		}
	}
	slices.SortStableFunc(r.Amendments, func(a, b mandate.Amendment) int { return a.EffectiveOn.Compare(b.EffectiveOn) })
	for _, s := range m.Indicators {
		r.Indicators = append(r.Indicators, within(s, m.From, r.AsOf))
	}
	r.targets(m)
	return r
}

func (r *TenureRecord) targets(m Material) {
	entries := map[int64][]progress.Entry{}
	for _, e := range m.Entries {
		entries[e.TargetID] = append(entries[e.TargetID], e)
	}
	duties := duty.ByTarget(duty.Of(duty.Question{Mandate: r.Mandate, Record: m.Sheet.Record, From: r.From, Until: r.AsOf, Today: r.AsOf}))
	decisions := map[mandate.Code][]BodyDecision{}
	for _, d := range m.Decisions {
		if day := calendar.DateOf(d.At); !day.Before(r.From) && !d.Period.End().Before(r.From) && !d.Period.Start().After(r.AsOf) {
			decisions[d.Code] = append(decisions[d.Code], d)
		}
	}
	for _, t := range r.Mandate.Targets() {
		one := TargetRecord{Target: t, Duties: duties[t.ID], Decisions: decisions[t.Code]}
		versions := number(entries[t.ID])
		kept := map[int64]bool{}
		for i, v := range versions {
			if !r.has(v.AsOf) {
				if v.AsOf.Before(r.From) {
					one.Before = &versions[i]
				}
				continue
			}
			one.Entries, kept[v.ID] = append(one.Entries, v), true
		}
		if one.Before != nil && !one.Before.Status.Closed() {
			one.Before = nil
		}
		one.Others = closedBy(one.Duties, versions, kept)
		answered := map[int64]bool{}
		for _, a := range m.Sheet.Record.Answers {
			if a.TargetID == t.ID && r.has(a.DoneOn) {
				one.Answers, answered[a.ID] = append(one.Answers, a), true
			}
		}
		for _, p := range m.Proofs[t.ID] {
			if kept[p.EntryID] || answered[p.AnswerID] {
				p.Code = t.Code
				one.Evidence = append(one.Evidence, p)
			}
		}
		one.Line = r.line(t, one, m.Owed)
		r.Targets = append(r.Targets, one)
	}
}

// closedBy gives the entries of days outside of the record that ended its duties.
func closedBy(duties []duty.Duty, versions []Version, kept map[int64]bool) (others []Version) {
	for _, v := range versions {
		if !kept[v.ID] && slices.ContainsFunc(duties, func(d duty.Duty) bool { return d.Closing != nil && d.Closing.EntryID == v.ID }) {
			others = append(others, v)
		}
	}
	return others
}

// has reports whether a day is one of the record.
func (r *TenureRecord) has(day calendar.Date) bool { return !day.Before(r.From) && !day.After(r.AsOf) }

// line judges a target at the end of each half-year, by what was reported in the tenure.
func (r *TenureRecord) line(t mandate.Target, one TargetRecord, owed map[calendar.HalfYear]map[int64]progress.Duty) (line []HalfStanding) {
	for _, h := range r.Halves {
		s := HalfStanding{Period: h, On: progress.DayOf(h, r.AsOf)}
		var latest progress.Latest
		if one.Before != nil {
			latest = progress.Latest{Status: one.Before.Status, AsOf: one.Before.AsOf}
			s.EntryID = one.Before.ID
		}
		for _, v := range one.Entries { // the last one of the last day counts
			if !v.AsOf.After(s.On) {
				latest = progress.Latest{Status: v.Status, AsOf: v.AsOf}
				s.EntryID = v.ID
			}
		}
		s.Standing = excused(progress.Stand(latest, owed[h][t.ID], h, s.On), h, s.On, r.Since)
		if s.Status != latest.Status {
			s.EntryID = 0
		}
		line = append(line, s)
	}
	return line
}

// number gives each entry its number among those that correct each other.
func number(entries []progress.Entry) []Version {
	at, all := map[int64]int{}, make([]Version, len(entries))
	for i, e := range entries {
		all[i] = Version{Entry: e, Number: 1}
		at[e.ID] = i
	}
	for i := range all {
		if before, known := at[all[i].Supersedes]; known && all[i].Supersedes != 0 {
			all[before].CorrectedBy = all[i].ID
		}
	}
	for i := range all {
		for e := all[i]; e.Supersedes != 0; all[i].Number++ {
			before, known := at[e.Supersedes]
			if !known {
				break
			}
			e = all[before]
		}
	}
	return all
}

// within gives a series with the figures of some days.
func within(s *indicator.Series, from, until calendar.Date) *indicator.Series {
	one := *s
	outside := func(on calendar.Date) bool { return on.Before(from) || on.After(until) }
	one.Points = slices.DeleteFunc(slices.Clone(s.Points), func(p indicator.Point) bool { return outside(p.On) })
	one.History = slices.DeleteFunc(slices.Clone(s.History), func(m indicator.Measurement) bool { return outside(m.On) })
	return &one
}

// Kept and missed count the duties that were done, and those whose last day passed without.
func (t TargetRecord) Kept() (kept, missed int) {
	for _, d := range t.Duties {
		switch d.State {
		case duty.Done:
			kept++
		case duty.Late:
			missed++
		}
	}
	return kept, missed
}

// Files lists the files of all targets, in their order.
func (r TenureRecord) Files() (all []Exhibit) {
	for _, t := range r.Targets {
		for _, p := range t.Evidence {
			if p.File != nil {
				all = append(all, p)
			}
		}
	}
	return all
}

// OutsideControl lists the entries that name a cause outside the holder's control, as they count.
func (r TenureRecord) OutsideControl() (all []Version) {
	for _, t := range r.Targets {
		for _, v := range t.Entries {
			if v.OutsideControl && v.CorrectedBy == 0 {
				all = append(all, v)
			}
		}
	}
	return all
}

// Find gives the record of a target by its code; nil when there is none.
func (r TenureRecord) Find(code mandate.Code) *TargetRecord {
	i := slices.IndexFunc(r.Targets, func(t TargetRecord) bool { return t.Target.Code == code })
	if i < 0 {
		return nil
	}
	return &r.Targets[i]
}
