package job

import (
	"slices"
	"strconv"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/duty"
	"jalon/internal/store"
)

// When reminders go out: so many days before the due date, on it, and so many
// working days after the last day in time. Days before are calendar days.
const (
	daysBefore         = 15
	workingDaysAfter   = 3
	escalationAfter    = 10 // working days after the end of the half-year
	delegationEndAhead = 7  // days before a delegation ends
	catchUp            = 7  // days that were missed while no server ran
)

// day is all that the reminders of one day follow from.
type day struct {
	Today    calendar.Date
	LastDay  calendar.Date // planned before; zero for none
	Mandates []mandateDuties
	Noted    []store.NotedIndicator // with the measures about them
	store.ReminderBook
}

// mandateDuties are the duties of one mandate as they stand today.
type mandateDuties struct {
	ID     int64
	Code   string
	Duties []duty.Duty
}

// notice is one mail to be written: who gets it and the counts in it.
type notice struct {
	store.Recipient
	Kind, Key string

	Late, Now, Soon int               // of a digest: past the last day, past the due date or on it, to come
	Parts           []partDue         // of a digest: what a round asks for
	Measures        []measureDue      // of a digest: what the reader does about indicators
	Period          calendar.HalfYear // of an escalation
	Codes           []string          // of the mandates concerned
	Until           calendar.Date     // last day of a delegation; due date of a nudge
	Granted         bool              // the reader gave the delegation; else has it
	Mails, Usual    int               // of a storm
	Number          int64             // of an evaluation
}

// notices decides who gets which mail today. Reminders of days on which no
// server ran are made up for, up to a week back: what was due then is counted
// as it stands today.
func notices(d day) []notice {
	due := d.digests()
	due = append(due, d.escalations()...)
	return append(due, d.endings()...)
}

// on reports whether a day's turn is today, or was missed.
func (d day) on(turn calendar.Date) bool {
	since := d.Today.AddDays(-catchUp)
	switch {
	case d.LastDay.IsZero():
		since = d.Today.AddDays(-1) // the first day ever makes up for nothing
	case d.LastDay.After(since):
		since = d.LastDay
	}
	return turn.After(since) && !turn.After(d.Today)
}

// reminded reports whether somebody is to be reminded of a duty today.
func (d day) reminded(of duty.Duty) bool {
	if !of.State.Owing() && of.State != duty.NotExpected {
		return false
	}
	return d.turns(of.Due, of.Late)
}

// turns reports whether today is a day to remind of something: before its due
// date, on it, or some working days after the last day on which it is in time.
func (d day) turns(due, late calendar.Date) bool {
	return d.on(due.AddDays(-daysBefore)) || d.on(due) || d.on(calendar.BrusselsDays.Add(late, workingDaysAfter))
}

// digests makes at most one mail for each holder and delegate, over all their mandates.
func (d day) digests() []notice {
	mandates := map[int64]mandateDuties{}
	for _, m := range d.Mandates {
		mandates[m.ID] = m
	}
	covers := d.covers()
	told := map[office]bool{}
	var all []notice
	for _, p := range d.People {
		at := office{p.PersonID, p.MandateID}
		cover, answers := covers[at]
		if p.Role == access.Secretary || !answers || !p.Digest || told[at] {
			continue
		}
		told[at] = true
		m := mandates[p.MandateID]
		n := d.count(m.Duties, cover)
		n.Parts, n.Measures = d.parts(p.MandateID), d.measures(m, p, covers)
		if n.total() == 0 {
			continue
		}
		mail := noticeFor(&all, p.Recipient, store.KindDigest, d.Today.String())
		mail.Late, mail.Now, mail.Soon = mail.Late+n.Late, mail.Now+n.Now, mail.Soon+n.Soon
		mail.addParts(n.Parts)
		mail.Measures = append(mail.Measures, n.Measures...)
	}
	return all
}

// office is one person's for one mandate; one may be holder and delegate at once.
type office struct{ person, mandate int64 }

// covers gives the part of a mandate that each holder and delegate answers for;
// who has no account any more answers for nothing.
func (d day) covers() map[office]access.Cover {
	covers := map[office]access.Cover{}
	for _, p := range d.People {
		if p.Role != access.Secretary && !p.Disabled {
			at := office{p.PersonID, p.MandateID}
			covers[at] = covers[at].With(access.CoverOf(p.Objectives))
		}
	}
	return covers
}

// count counts the duties of which somebody is to be reminded today, as far as
// they are theirs.
func (d day) count(all []duty.Duty, theirs access.Cover) (n notice) {
	for _, of := range all {
		switch {
		case !d.reminded(of) || !theirs.Has(of.Target.Code.String()):
		case of.Late.Before(d.Today):
			n.Late++
		case !of.Due.After(d.Today):
			n.Now++
		default:
			n.Soon++
		}
	}
	return n
}

// total is how many things a digest is about.
func (n notice) total() int { return n.Late + n.Now + n.Soon + len(n.Parts) + len(n.Measures) }

// noticeFor gives the mail of a person about a key, a new one when there is none yet.
func noticeFor(all *[]notice, to store.Recipient, kind, key string) *notice {
	i := slices.IndexFunc(*all, func(n notice) bool { return n.PersonID == to.PersonID && n.Kind == kind && n.Key == key })
	if i < 0 {
		i = len(*all)
		*all = append(*all, notice{Recipient: to, Kind: kind, Key: key})
	}
	return &(*all)[i]
}

// escalations tell the secretaries which mandates still owe the report of the
// last half-year: one mail per secretary and half-year, whatever their number.
func (d day) escalations() []notice {
	period := calendar.HalfYearOf(d.Today).Previous()
	if !d.on(calendar.BrusselsDays.Add(period.End(), escalationAfter)) {
		return nil
	}
	late := map[int64]string{}
	for _, m := range d.Mandates {
		if slices.ContainsFunc(m.Duties, func(of duty.Duty) bool {
			return of.State == duty.Late && of.Reason.Code == deadline.ReasonHalfYear && of.Due == period.End()
		}) {
			late[m.ID] = m.Code
		}
	}
	var all []notice
	for _, p := range d.People {
		code, isLate := late[p.MandateID]
		if p.Role != access.Secretary || p.Disabled || !p.Digest || !isLate {
			continue
		}
		mail := noticeFor(&all, p.Recipient, store.KindEscalation, period.String())
		mail.Period = period
		if !slices.Contains(mail.Codes, code) {
			mail.Codes = append(mail.Codes, code)
		}
	}
	return all
}

// endings tell the delegate, who loses a right, and the person who gave it,
// who may give it again. Nobody is told when another delegation follows on.
func (d day) endings() []notice {
	var all []notice
	for _, g := range d.Delegations {
		turn := g.Until.AddDays(-delegationEndAhead)
		if !d.on(turn) || g.From.After(turn) || d.renewed(g) {
			continue
		}
		key := strconv.FormatInt(g.ID, 10) + "." + g.Until.String()
		for _, to := range []store.Recipient{g.To, g.By} {
			if !to.Disabled {
				mail := noticeFor(&all, to, store.KindDelegationEnd, key)
				mail.Codes, mail.Until, mail.Granted = []string{g.MandateCode}, g.Until, to.PersonID == g.By.PersonID
			}
		}
	}
	return all
}

func (d day) renewed(g store.OpenDelegation) bool {
	return slices.ContainsFunc(d.Delegations, func(o store.OpenDelegation) bool {
		return o.MandateID == g.MandateID && o.To.PersonID == g.To.PersonID && o.Until.After(g.Until) && !o.From.After(g.Until.AddDays(1))
	})
}

// A day with more than stormFactor times the usual mails is held. An office
// that begins has no usual yet, so fewer than usualAtLeast is never unusual.
const (
	stormFactor  = 3
	usualAtLeast = 100
)

// storm reports whether so many mails on one day are so unusual that somebody
// must look first, and gives what is usual: the busiest day of the year before.
func storm(mails, busiest int) (unusual bool, usual int) {
	usual = max(busiest, usualAtLeast)
	return mails > stormFactor*usual, usual
}

// stormNotices tell the administrators.
func (d day) stormNotices(mails, usual int) []notice {
	var all []notice
	for _, to := range d.Administrator {
		mail := noticeFor(&all, to, store.KindStorm, d.Today.String())
		mail.Mails, mail.Usual = mails, usual
	}
	return all
}
