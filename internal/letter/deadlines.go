package letter

import (
	"fmt"
	"strings"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
)

// maxDeadline is the longest phrase, in bytes, that is read as a deadline; the
// longest of the letter has 140.
const maxDeadline = 1000

// readDeadlines reads every deadline of the draft and reports those that a
// person must complete or choose.
func (r *reader) readDeadlines() {
	eachDeadline(&r.draft, func(code string, d *Deadline) {
		words := d.Text.In(r.lang)
		var reading deadline.Reading
		if len(words) <= maxDeadline {
			reading = deadline.Read(words, r.lang)
		}
		d.Parts = reading.Parts
		if d.Parts == nil {
			d.Parts = []deadline.Part{}
		}
		if len(d.Parts) == 0 && words != "" {
			r.find(finding(d.Lines, Warning, DeadlineNotUnderstood, "Code", code, "Text", excerpt(words)))
			return
		}
		for _, f := range reading.Findings {
			part := f.Text
			if part == "" {
				part = words
			}
			switch {
			case f.Code == deadline.CodeExternal:
				r.find(finding(d.Lines, Info, DeadlineElsewhere, "Code", code, "Text", excerpt(part)))
			case f.Severity == deadline.Refused, f.Severity == deadline.Question, f.Code == deadline.CodeNotUnderstood:
				r.find(finding(d.Lines, Warning, DeadlineDoubtful, "Code", code, "Text", excerpt(part)))
			}
		}
	})
}

// eachDeadline visits the deadlines of a draft with the code they belong to.
func eachDeadline(d *Draft, visit func(code string, d *Deadline)) {
	for i := range d.Objectives {
		o := &d.Objectives[i]
		if o.Deadline != nil {
			visit(o.Code.String(), o.Deadline)
		}
		for k := range o.Points {
			for n := range o.Points[k].Targets {
				if t := &o.Points[k].Targets[n]; t.Deadline != nil {
					visit(t.Code.String(), t.Deadline)
				}
			}
		}
	}
}

// checkOrder reports a target that starts before the period in which the one
// before it is due: what it follows up does not exist yet then.
func (r *reader) checkOrder(p MeasurementPoint) {
	for i := 1; i < len(p.Targets); i++ {
		due, isDue := dueFrom(p.Targets[i-1].Deadline)
		starts, isSet := startOf(p.Targets[i].Deadline)
		if isDue && isSet && starts.Before(due) {
			r.find(finding(p.Targets[i].Deadline.Lines, Warning, StartsBeforeDue,
				"Code", p.Targets[i].Code.String(), "Earlier", p.Targets[i-1].Code.String(),
				"Starts", p.Targets[i].Deadline.Text.In(r.lang), "Due", p.Targets[i-1].Deadline.Text.In(r.lang)))
		}
	}
}

// dueFrom gives the first day of the period in which a deadline is due.
func dueFrom(d *Deadline) (calendar.Date, bool) {
	if d == nil {
		return calendar.Date{}, false
	}
	for _, part := range d.Parts {
		if part.Kind == deadline.Fixed && !part.Date.IsZero() {
			from, _ := part.Precision.Period(part.Date)
			return from, true
		}
	}
	return calendar.Date{}, false
}

// startOf gives the day from which a deadline is owed.
func startOf(d *Deadline) (calendar.Date, bool) {
	if d == nil {
		return calendar.Date{}, false
	}
	for _, part := range d.Parts {
		if !part.From.IsZero() {
			return part.From, true
		}
	}
	return calendar.Date{}, false
}

// deadlineReadings reports the deadlines whose dates read otherwise in the
// letter's language than in the stored one.
func deadlineReadings(stored, read Draft, lang bilingual.Lang) []Finding {
	other := lang.Other()
	theirs := map[string]bilingual.Text{}
	eachDeadline(&stored, func(code string, d *Deadline) { theirs[code] = d.Text })
	var found []Finding
	eachDeadline(&read, func(code string, mine *Deadline) {
		text := theirs[code]
		if text.In(other) == "" || official(text, lang) || timing(mine.Parts) == timing(deadline.Read(text.In(other), other).Parts) {
			return
		}
		text = text.With(lang, mine.Text.In(lang), bilingual.Original)
		found = append(found, finding(mine.Lines, Warning, DeadlineReadsOtherwise, "Code", code, "NL", text.NL, "FR", text.FR))
	})
	return found
}

// timing is what two languages must agree on: kinds, dates and counts; names
// of calendars and events are words.
func timing(parts []deadline.Part) string {
	var all strings.Builder
	for _, p := range parts {
		fmt.Fprint(&all, p.Kind, p.Date, p.Precision, p.From, p.Until, p.Count, p.Per, p.Interval, p.RRule, p.Minimum, "; ")
	}
	return all.String()
}
