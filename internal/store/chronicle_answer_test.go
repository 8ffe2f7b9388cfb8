package store

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/indicator"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/scoreboard"
)

// What annals answer at a moment: each is a walk through a list.

// told reports whether something was known by the instant of a moment.
func (m Moment) told(at time.Time) bool { return !at.After(knownBy(m.Known)) }

// tells reports whether something was what was known at the instant of a
// moment, told from one instant on until another; zero until: still.
func (m Moment) tells(at, until time.Time) bool {
	return m.told(at) && (until.IsZero() || !m.told(until))
}

// acted is told of an act, which has no other day than that of its recording.
func (m Moment) acted(at time.Time) bool { return !at.After(m.acts()) }

func (a *annals) wordsAt(place string, m Moment) (words string) {
	var best calendar.Date
	for _, w := range a.words[place] {
		if !w.from.After(m.Day) && m.told(w.at) && !w.from.Before(best) {
			best, words = w.from, w.words
		}
	}
	return words
}

func (a *annals) deadlineAt(target int64, m Moment) mandate.Deadline {
	var best deadlineTold
	for _, d := range a.deadlines[target] {
		if !d.from.After(m.Day) && m.tells(d.at, d.until) && !d.from.Before(best.from) {
			best = d
		}
	}
	due, _ := best.reading.Due(a.holderAt(m).Until)
	owed := best.reading.OwedFrom()
	if all := a.tenuresAt(m); len(all) > 0 && all[0].From.After(owed) {
		owed = all[0].From // nothing is owed before somebody held the mandate
	}
	return mandate.Deadline{Text: bilingual.Text{NL: best.phrase}, Reading: best.reading, OwedFrom: owed, Due: due}
}

// entriesAt gives what was reported on a target, the latest first.
func (a *annals) entriesAt(target int64, m Moment) (all []progress.Entry) {
	for _, e := range a.entries {
		if e.TargetID == target && !e.AsOf.After(m.Day) && m.told(e.RecordedAt) {
			all = append([]progress.Entry{e}, all...)
		}
	}
	slices.SortStableFunc(all, func(x, y progress.Entry) int { return y.AsOf.Compare(x.AsOf) })
	return all
}

// sheetAt makes the sheet of a moment, compared with an earlier day.
func (a *annals) sheetAt(m Moment, before calendar.Date) progress.Sheet {
	s := progress.Sheet{AsOf: m.Day, Before: before, Mandate: a.Mandate, Latest: map[int64]*progress.Entry{}, Earlier: map[int64]*progress.Entry{}, Record: a.recordAt(m)}
	s.Mandate.Holder, s.Mandate.Objectives = a.holderAt(m), nil
	for _, o := range a.placesAt(m) {
		if o.Code.String() == "S1" {
			o.Title.NL = a.wordsAt("S1", m)
		}
		for i := range o.Points {
			p := &o.Points[i]
			for j := range p.Targets {
				g := &p.Targets[j]
				g.Deadline = a.deadlineAt(g.ID, m)
				if g.Since = began(a.added[g.Code.String()].from); g.Since.After(g.Deadline.OwedFrom) {
					g.Deadline.OwedFrom = g.Since
				}
				if g.Code.String() == "T1.1-1" {
					g.Text.NL = a.wordsAt("T1.1-1", m)
				}
				if all := a.entriesAt(g.ID, m); len(all) > 0 {
					s.Latest[g.ID] = &all[0]
				}
				if all := a.entriesAt(g.ID, Moment{Day: before, Known: m.Known}); len(all) > 0 && !before.IsZero() {
					s.Earlier[g.ID] = &all[0]
				}
			}
		}
		s.Mandate.Objectives = append(s.Mandate.Objectives, o)
	}
	return s
}

// recordAt is what happened with the duties.
func (a *annals) recordAt(m Moment) duty.Record {
	r := duty.Record{Since: day("2024-11-30"), Reports: map[int64][]duty.Report{}}
	for _, g := range a.Targets() {
		all := a.entriesAt(g.ID, m)
		for _, e := range slices.Backward(all) { // the earliest first
			if !slices.ContainsFunc(all, func(x progress.Entry) bool { return x.Supersedes == e.ID }) {
				r.Reports[g.ID] = append(r.Reports[g.ID], duty.Report{ID: e.ID, AsOf: e.AsOf, Closes: e.Status.Closed()})
			}
		}
	}
	for _, e := range a.events {
		if !m.told(e.RecordedAt) {
			continue
		}
		if e.Cancelled() && !m.told(e.CancelledAt) {
			e.CancelledAt = time.Time{}
		}
		e.Kind = delegations
		r.Events = append(r.Events, e)
	}
	slices.SortStableFunc(r.Events, func(x, y duty.Event) int { return x.From.Compare(y.From) })
	seen := Moment{Acts: endOfDay(m)}
	for _, d := range a.decisions {
		if seen.acted(d.At) {
			r.Asked = append(r.Asked, duty.Ask{ID: d.ID, TargetID: d.TargetID, Period: d.Period, Text: d.Text, Due: d.Due, At: d.At, Reply: d.replied(seen)})
		}
	}
	return r
}

var delegations = duty.Kind{Code: "delegation-reception", Triggers: []string{"delegation"}}

// endOfDay is the earlier of the end of the day of a moment and what is known.
func endOfDay(m Moment) time.Time {
	end := time.Date(m.Day.Year, m.Day.Month, m.Day.Day+1, 0, 0, 0, 0, calendar.Brussels).Add(-time.Microsecond)
	if known := knownBy(m.Known); known.Before(end) {
		return known
	}
	return end
}

func (d NewDecision) replied(m Moment) *duty.Reply {
	if d.Answer != nil && m.acted(d.Answer.At) {
		return d.Answer
	}
	return nil
}

// dutiesAt tells how each duty of a year around the day stands, as the timeline and the calendar show.
func dutiesAt(s progress.Sheet) (lines []string) {
	for _, d := range s.Duties(s.AsOf.AddMonths(-12), s.AsOf.AddMonths(12)) {
		what := d.Due.String() + " " + string(d.State) + " " + d.Reason.Code
		if d.Target != nil {
			what = d.Target.Code.String() + " " + what
		}
		if d.Event != nil {
			what += " " + d.Event.Title
		}
		if d.Ask != nil {
			what += " " + d.Ask.Text
			if d.Ask.Reply != nil {
				what += ": " + d.Ask.Reply.Text
			}
		}
		lines = append(lines, what)
	}
	slices.Sort(lines)
	return lines
}

// tell writes a sheet as lines that say everything that a page shows of it.
func tell(s progress.Sheet) (lines []string) {
	h := s.Mandate.Holder
	lines = append(lines, "held by "+h.Name+" "+h.From.String()+" "+h.Until.String())
	for _, o := range s.Mandate.Objectives {
		lines = append(lines, o.Code.String()+" "+o.Title.NL)
		for _, p := range o.Points {
			lines = append(lines, p.Code.String()+" "+p.Text.NL)
		}
		for _, g := range o.Targets() {
			lines = append(lines, strings.Join([]string{
				g.Code.String(), g.Text.NL, "by", g.Deadline.Text.NL, g.Deadline.Reading.Reading, g.Deadline.OwedFrom.String(), g.Deadline.Due.String(),
				"now", said(s.Latest[g.ID]), string(s.Standing(g, calendar.HalfYearOf(s.AsOf)).Status), "then", said(s.Earlier[g.ID]), string(s.EarlierStanding(g).Status),
			}, " "))
		}
	}
	for _, e := range s.Record.Events {
		line := "event " + e.Title
		if e.Cancelled() {
			line += " cancelled"
		}
		lines = append(lines, line)
	}
	return append(lines, dutiesAt(s)...)
}

// boardAt gives the mandates of which something goes to the body, with the codes.
func (c *chronicle) boardAt(m Moment) (codes []string) {
	for _, a := range c.annals {
		for _, g := range a.Targets() {
			if a.there(g.Code, m) && slices.ContainsFunc(a.stepsAt(g.ID, m), func(s Addressee) bool { return s.InForce(m.Day) }) {
				codes = append(codes, a.Code+" "+g.Code.String())
			}
		}
	}
	return codes
}

// sealedBefore gives the last day of the half-year that a table is compared with.
func (a *annals) sealedBefore(period calendar.HalfYear, m Moment) (last calendar.Date) {
	for _, s := range a.sealed {
		if s.period.Before(period) && m.acted(s.at) && s.period.End().After(last) {
			last = s.period.End()
		}
	}
	return last
}

func tellDecision(d monitoring.Decision, r *duty.Reply) string {
	line := d.Code.String() + " " + d.Period.String() + " " + d.Text
	if r != nil {
		line += ": " + r.Text
	}
	return line
}

// happenedBetween lists what was recorded after one instant and by another, the latest first.
func (c *chronicle) happenedBetween(after, until time.Time) (lines []string) {
	type happened struct {
		at   time.Time
		line string
	}
	var all []happened
	put := func(at time.Time, line string) {
		if at.After(after) && !at.After(until) {
			all = append(all, happened{at, line})
		}
	}
	for _, a := range c.annals {
		for _, h := range a.amendments {
			put(h.At, a.Code+" amendment "+h.Words)
		}
		for _, d := range a.decisions {
			put(d.At, a.Code+" question "+d.Text)
			if d.Answer != nil {
				put(d.Answer.At, a.Code+" answer "+d.Text)
			}
		}
		for _, e := range a.entries {
			if e.Status == progress.SupportNeeded {
				put(e.RecordedAt, a.Code+" support "+e.SupportAsked)
			}
		}
	}
	slices.SortStableFunc(all, func(x, y happened) int { return y.at.Compare(x.at) })
	for _, h := range all {
		lines = append(lines, h.line)
	}
	return lines
}

// latest gives the last of those told that count: of the latest day, the one recorded last.
func latest(all []nameTold, m Moment) int {
	found := -1
	for i, n := range all {
		if !n.from.After(m.Day) && m.told(n.at) && (found < 0 || !n.from.Before(all[found].from)) {
			found = i
		}
	}
	return found
}

// seriesAt gives the name of the indicator and its figures, as one line.
func (a *annals) seriesAt(m Moment) string {
	n := latest(a.names, m)
	if n < 0 {
		return ""
	}
	last := map[calendar.Date]indicator.Measurement{}
	var days []calendar.Date
	for _, v := range a.values {
		if v.On.After(m.Day) || !m.told(v.At) {
			continue
		}
		if _, known := last[v.On]; !known {
			days = append(days, v.On)
		}
		last[v.On] = v
	}
	slices.SortFunc(days, calendar.Date.Compare)
	line := a.names[n].name
	for _, on := range days {
		line += " " + on.String() + "=" + last[on].Value.String()
	}
	return line
}

// scoreboardAt tells the board with its rows, and what was said and done about each.
func (c *chronicle) scoreboardAt(m Moment) (lines []string) {
	var names []nameTold
	for _, b := range c.boards {
		names = append(names, b.nameTold)
	}
	n := latest(names, m)
	if n < 0 {
		return nil
	}
	lines = append(lines, c.boards[n].name)
	for _, i := range c.boards[n].rows {
		a := c.annals[i]
		if series := a.seriesAt(m); series != "" {
			lines = append(lines, series)
			lines = append(lines, tellNotes(a.notesAt(m), m.Day)...)
		}
	}
	return lines
}

func (a *annals) notesAt(m Moment) (n scoreboard.Notes) {
	for _, r := range a.remarks {
		if !r.On.After(m.Day) && m.told(r.At) {
			n.Remarks = append([]scoreboard.Said{r}, n.Remarks...)
		}
	}
	slices.SortStableFunc(n.Remarks, func(x, y scoreboard.Said) int { return y.On.Compare(x.On) })
	for _, measure := range a.measures {
		if measure.On.After(m.Day) || !m.told(measure.At) {
			continue
		}
		steps := measure.Steps
		measure.Steps = nil
		for _, s := range steps {
			if !s.On.After(m.Day) && m.told(s.At) {
				measure.Steps = append(measure.Steps, s)
			}
		}
		measure.OwnerGone = measure.OwnerID != a.holderAt(m).PersonID
		n.Measures = append(n.Measures, measure)
	}
	slices.SortStableFunc(n.Measures, func(x, y scoreboard.Measure) int { return cmp.Or(x.On.Compare(y.On), int(x.ID-y.ID)) })
	return n
}

func tellNotes(n scoreboard.Notes, on calendar.Date) (lines []string) {
	for _, r := range n.Remarks {
		lines = append(lines, "said "+r.Text)
	}
	for _, m := range n.Measures {
		line := "done " + m.Action + " " + m.Due().String() + " " + string(m.State(on))
		if m.OwnerGone {
			line += " owner gone"
		}
		lines = append(lines, line)
	}
	return lines
}
