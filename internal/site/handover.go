package site

import (
	"slices"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/internal/store"
	"jalon/web"
)

// handoverDays is how long a new holder finds what they took over on their own list.
const handoverDays = 56

// handover tells what the holder of a tenure found on their first day; nil for
// nothing, for a first holder, and for whoever may not read the mandate.
func (v *visit) handover(h held, of mandate.Tenure) *web.Handover {
	if len(h.tenures) < 2 || of.From.After(v.today) || !v.may(access.ViewMandate, objectOf(h.mandate)) {
		return nil
	}
	return handoverOf(v, h.owes, h.tenures, of, false)
}

// dueHandovers tells, for each mandate that the visitor has taken over in the
// last weeks, what of it somebody must still do.
func dueHandovers(v *visit, questions []duty.Question, tenures map[int64][]store.Tenure) (all []web.Handover) {
	for _, q := range questions {
		if from := q.Mandate.Holder.From; from.IsZero() || !from.AddDays(handoverDays).After(v.asOf) {
			continue
		}
		if h := handoverOf(v, q, tenures[q.Mandate.ID], q.Mandate.Holder, true); h != nil {
			all = append(all, *h)
		}
	}
	return all
}

// handoverOf lists what was taken over, all of it or what is still to be done.
func handoverOf(v *visit, q duty.Question, kept []store.Tenure, of mandate.Tenure, open bool) *web.Handover {
	tenures := make([]mandate.Tenure, len(kept))
	for i, t := range kept {
		tenures[i] = t.Tenure
	}
	l := dueList{visit: v, question: q, period: calendar.HalfYearOf(q.Today)}
	h := web.Handover{Code: q.Mandate.Code, Since: of.From, Open: open}
	for _, i := range duty.Handover(q, tenures, of) {
		if open && l.urgency(i.Duty) == "" {
			continue
		}
		line := web.HandoverLine{DueLine: l.line(i.Duty), FromBefore: i.FromBefore(), Holder: i.Holder.Name}
		line.Due = i.Due
		h.Lines = append(h.Lines, line)
	}
	if len(h.Lines) == 0 {
		return nil
	}
	if at := slices.Index(tenures, of); at > 0 {
		h.From = tenures[at-1].Name
	}
	return &h
}
