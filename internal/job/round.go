package job

import (
	"slices"
	"strconv"

	"jalon/internal/calendar"
	"jalon/internal/store"
)

// partDue is the part of a half-year that a round asks for.
type partDue struct {
	Period calendar.HalfYear
	Due    calendar.Date
}

// parts gives the parts of a mandate of which somebody is to be reminded today:
// before the due date of the round, on it, and three working days after.
func (d day) parts(mandate int64) (due []partDue) {
	for _, p := range d.Parts {
		if p.MandateID == mandate && d.turns(p.Due, p.Due) {
			due = append(due, partDue{p.Period, p.Due})
		}
	}
	return due
}

// addParts adds what a round asks for; the parts of several mandates for the same day are one line.
func (n *notice) addParts(due []partDue) {
	for _, p := range due {
		if !slices.Contains(n.Parts, p) {
			n.Parts = append(n.Parts, p)
		}
	}
}

// WriteNudge writes the mail by which a secretary asks somebody for their part.
func (j *Jobs) WriteNudge(l store.NudgeLetter) (store.Mail, error) {
	m, err := j.writer.write(notice{
		Recipient: l.Recipient, Kind: store.KindNudge, Key: l.Round + "." + l.Period.String() + "." + l.Day.String(), Codes: l.Mandates, Period: l.Period, Until: l.Due,
	})
	m.State = store.MailQueued
	if j.SMTP == nil {
		m.State = store.MailKept
	}
	return m, err
}

// WriteReportReminder writes the mail by which an officer reminds a holder of
// the activity report. It says by when, and nothing of the evaluation.
func (j *Jobs) WriteReportReminder(l store.ReportLetter) (store.Mail, error) {
	m, err := j.writer.write(notice{
		Recipient: l.Recipient, Kind: store.KindReport, Key: strconv.FormatInt(l.EvaluationID, 10) + "." + l.Day.String(), Number: l.EvaluationID, Until: l.Due,
	})
	m.State = store.MailQueued
	if j.SMTP == nil {
		m.State = store.MailKept
	}
	return m, err
}
