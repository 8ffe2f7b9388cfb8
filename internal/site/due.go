package site

import (
	"net/http"
	"slices"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) dueRoutes() []route {
	return []route{{method: http.MethodGet, pattern: "/due", action: access.ViewDue, handler: s.showDue, past: true}}
}

// Groups of what is due, the most pressing first.
const (
	dueLate     = "late"
	dueSoon     = "soon"
	duePeriod   = "period"
	dueLater    = "later"
	dueNothing  = "nothing"
	dueImported = "imported"
)

var dueGroups = []string{dueLate, dueSoon, duePeriod, dueLater, dueNothing, dueImported}

// soonDays is how far ahead "soon" looks.
const soonDays = 30

// showDue lists what the visitor owes now, for every mandate that they hold or
// are delegate of.
func (s *Site) showDue(w http.ResponseWriter, v *visit) error {
	owed, err := s.Store.Owed(v.Context(), store.DutyQuestion{Scope: access.ScopeOf(v.viewer, v.today, access.ViewDue), AsOf: v.asOf, Known: v.known})
	if err != nil {
		return err
	}
	questions := withinAll(v.viewer, v, access.ViewDue, owed.Questions)
	groups := map[string]*web.DueGroup{}
	for _, key := range dueGroups {
		groups[key] = &web.DueGroup{Key: key, Folded: key == dueNothing || key == dueImported}
	}
	for _, q := range questions {
		for key, lines := range dueLines(v, q) {
			groups[key].Lines = append(groups[key].Lines, lines...)
		}
	}
	v.pressing = len(groups[dueLate].Lines) + len(groups[dueSoon].Lines)
	view := web.DueView{
		Frame: s.frame(v, v.print.T("due.title")), Today: v.asOf, Delegations: v.delegations(questions),
		Handovers: dueHandovers(v, questions, owed.Tenures), Returns: dueReturns(v, owed.Returned),
		Measures: dueMeasures(v, questions, owed.Notes),
	}
	var asked []web.DueLine
	for _, key := range dueGroups {
		g := groups[key]
		slices.SortStableFunc(g.Lines, func(a, b web.DueLine) int { return a.Due.Compare(b.Due) })
		if !g.Folded {
			asked = append(asked, g.Lines...)
		}
		if len(g.Lines) > 0 {
			view.Groups = append(view.Groups, *g)
		}
	}
	if len(questions) == 1 {
		view.ReportURL = sharedReport(asked)
	}
	return s.render(w, v, http.StatusOK, web.DuePage(view))
}

// sharedReport gives the page on which several lines are reported at once.
func sharedReport(lines []web.DueLine) (page string) {
	rows := 0
	for _, l := range lines {
		switch {
		case l.Event || l.CloseURL == "":
		case page != "" && page != l.ReportPage:
			return ""
		default:
			page = l.ReportPage
			rows++
		}
	}
	if rows < 2 {
		return ""
	}
	return page
}

// dueFrom gives the day from which the duties of a mandate are looked at.
func dueFrom(q duty.Question) calendar.Date {
	first := q.Today.AddMonths(-60)
	if begin := q.Mandate.Holder.From; begin.After(first) {
		return begin.AddMonths(-12) // a date of the letter may lie before the tenure
	}
	return first
}

// dueLines gives what a mandate owes, by group. The duties of one target that
// reports close are one line, that of the first; targets of which nothing is
// expected in this half-year are lines with the day of the next duty.
func dueLines(v *visit, q duty.Question) map[string][]web.DueLine {
	period := calendar.HalfYearOf(q.Today)
	q.From, q.Until = dueFrom(q), period.End().AddMonths(12)
	l := dueList{visit: v, question: q, period: period, lines: map[string][]web.DueLine{}, at: map[string]int{}}
	expected, next := map[int64]bool{}, map[int64]calendar.Date{}
	for _, d := range duty.Of(q) {
		key := l.urgency(d)
		switch {
		case key != "":
			l.add(key, d)
			expected[d.Target.ID] = expected[d.Target.ID] || key != dueImported
		case (d.State.Owing() || d.State == duty.NotExpected) && next[d.Target.ID].IsZero() && d.Due.After(q.Today):
			next[d.Target.ID] = d.Due
		}
	}
	targets := q.Mandate.Targets()
	for i := range targets {
		if t := &targets[i]; !expected[t.ID] {
			line := l.line(duty.Duty{Target: t, Late: next[t.ID]})
			line.Due = next[t.ID]
			l.lines[dueNothing] = append(l.lines[dueNothing], line)
		}
	}
	return l.lines
}

// dueList gathers the lines of one mandate.
type dueList struct {
	*visit
	question duty.Question
	period   calendar.HalfYear
	lines    map[string][]web.DueLine
	at       map[string]int // of the line that gathers, by group and target
}

// urgency sorts a duty; "" for one that asks nothing now.
func (l dueList) urgency(d duty.Duty) string {
	switch {
	case d.State == duty.PastAtImport:
		return dueImported
	case !d.State.Owing(), !d.Closable(l.question.Record.SealedUntil, l.question.Today):
		return ""
	case d.State == duty.Late:
		return dueLate
	case !l.when(d).After(l.question.Today.AddDays(soonDays)):
		return dueSoon
	case !l.when(d).After(l.period.End()):
		return duePeriod
	case d.Event != nil || d.Ask != nil: // it can be answered from now on; no report of a later half-year can be made yet
		return dueLater
	}
	return ""
}

// when gives the day that counts for a duty: when it is expected, or when that
// is past the last day on which it is in time.
func (l dueList) when(d duty.Duty) calendar.Date {
	if d.Due.Before(l.question.Today) {
		return d.Late
	}
	return d.Due
}

func (l dueList) add(key string, d duty.Duty) {
	same := key + " " + d.Target.Code.String()
	if i, known := l.at[same]; known && d.Event == nil && d.Ask == nil {
		l.lines[key][i].More++
		return
	}
	if d.Event == nil && d.Ask == nil {
		l.at[same] = len(l.lines[key])
	}
	l.lines[key] = append(l.lines[key], l.line(d))
}

func (l dueList) line(d duty.Duty) web.DueLine {
	m := l.question.Mandate
	line := web.DueLine{
		Code: d.Target.Code, Text: d.Target.Text, Mandate: m.Title, Due: l.when(d), State: d.State, Event: d.Event != nil || d.Ask != nil,
		URL: l.dated(l.path("/mandates/" + m.Code + "/targets/" + d.Target.Code.String())),
	}
	line.Days = daysBetween(l.question.Today, line.Due)
	if d.State == "" {
		return line
	}
	line.Reason = l.reason(d)
	if d.Result && d.State.Owing() {
		line.Reported = l.lastReport(d.Target.ID)
	}
	switch {
	case l.past() || d.State == duty.PastAtImport:
	case d.Ask != nil && l.mayOn(access.AnswerDecision, m, d.Target.Code):
		line.CloseURL = questionPath(l.visit, m, d.Ask.ID)
	case d.Ask != nil:
	case d.Event != nil && l.mayOn(access.AnswerDuty, m, d.Target.Code):
		line.CloseURL = l.path("/mandates/" + m.Code + "/duties/" + d.Key())
	case d.Event == nil && l.mayOn(access.ReportProgress, m, d.Target.Code):
		line.CloseURL = reportPath(l.visit, m, l.question.Record, d)
		line.ReportPage = l.path("/mandates/" + m.Code + "/report/" + d.ReportedIn(l.today).String())
	}
	return line
}

// lastReport gives the day of which the latest report on a target speaks; none without one.
func (l dueList) lastReport(target int64) (on calendar.Date) {
	for _, r := range l.question.Record.Reports[target] {
		if !r.AsOf.After(l.question.Today) {
			on = r.AsOf
		}
	}
	return on
}

// ownOnly reports whether a mandate is the only one that the visitor holds or
// is delegate of, so that the duties they see of it are all of theirs.
func (v *visit) ownOnly(m mandate.Mandate) bool {
	own := v.viewer.Mandates(v.today)
	return len(own) == 1 && own[0] == m.ID && v.covers(access.ViewDue, m).Whole == v.covers(access.ViewMandate, m).Whole
}

// delegations tells a delegate for whom they report, on what and until when.
func (v *visit) delegations(questions []duty.Question) (all []web.DueDelegation) {
	for _, q := range questions {
		for _, g := range v.viewer.Active(v.today) {
			if g.Role != access.Delegate || g.MandateID != q.Mandate.ID {
				continue
			}
			all = append(all, web.DueDelegation{
				Mandate: q.Mandate.Title, URL: v.dated(v.path("/mandates/" + q.Mandate.Code)), For: g.For, Objectives: codesOf(g.Objectives), Until: g.Until,
			})
		}
	}
	return all
}
