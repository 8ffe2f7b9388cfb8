package site

import (
	"net/http"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) timelineRoutes() []route {
	return []route{{method: http.MethodGet, pattern: "/mandates/{m}/timeline", action: access.ViewMandate, handler: s.showTimeline, past: true}}
}

// longestTimeline bounds the half-years that are drawn: a mandate takes five years.
const longestTimeline = 24

// showTimeline sets the whole of a mandate against time, or one objective of it.
func (s *Site) showTimeline(w http.ResponseWriter, v *visit) error {
	if same, err := s.sameMandate(w, v); same || err != nil {
		return err
	}
	sheet, _, err := s.askSheet(v, access.ViewMandate, store.SheetQuestion{})
	if err != nil {
		return err
	}
	wanted := v.URL.Query().Get("objective")
	m := sheet.Mandate
	view := web.TimelineView{
		Frame: s.frame(v, v.print.T("timeline.title"), v.crumbs(m)...), Mandate: headOf(v, m),
		Action: v.URL.Path, Objective: wanted, Today: v.asOf,
	}
	known := wanted == ""
	for _, o := range m.Objectives {
		view.Objectives = append(view.Objectives, web.Option{Value: o.Code.String(), Label: v.print.Code(o.Code) + " " + v.say(o.Title)})
		known = known || wanted == o.Code.String()
	}
	if !known {
		return errNotFound
	}
	if s.unchanged(w, v, sheet.Mandate.Version) {
		return nil
	}
	view.Halves = halvesAround(sheet)
	from, until := view.Halves[0].Start(), view.Halves[len(view.Halves)-1].End()
	owed := map[int64][]duty.Duty{}
	for _, d := range sheet.Duties(from, until) {
		if d.Target != nil {
			owed[d.Target.ID] = append(owed[d.Target.ID], d)
		}
	}
	period := calendar.HalfYearOf(v.asOf)
	shown := map[int64]bool{}
	for _, o := range m.Objectives {
		if wanted != "" && o.Code.String() != wanted {
			continue
		}
		group := timeGroup(v, sheet, o)
		for _, t := range o.Targets() {
			group.Lines = append(group.Lines, timeLine(v, sheet, t, period, owed[t.ID]))
			shown[t.ID] = true
		}
		view.Groups = append(view.Groups, group)
	}
	view.Events = timeEvents(v, sheet, wanted != "", shown, from, until)
	return s.render(w, v, http.StatusOK, web.TimelinePage(view))
}

// halvesAround gives the half-years of the tenure, and at least those around the
// day of the sheet.
func halvesAround(s progress.Sheet) (all []calendar.HalfYear) {
	first := calendar.HalfYearOf(s.AsOf).Previous()
	last := calendar.HalfYearOf(s.AsOf).Next()
	if from := s.Mandate.Holder.From; !from.IsZero() && from.Before(first.Start()) {
		first = calendar.HalfYearOf(from)
	}
	if until := s.Mandate.Holder.Until; until.After(last.End()) {
		last = calendar.HalfYearOf(until)
	}
	for _, t := range s.Mandate.Targets() {
		if t.Deadline.Due.After(last.End()) {
			last = calendar.HalfYearOf(t.Deadline.Due)
		}
	}
	for h := first; !last.Before(h) && len(all) < longestTimeline; h = h.Next() {
		all = append(all, h)
	}
	return all
}

func timeGroup(v *visit, s progress.Sheet, o mandate.Objective) web.TimeGroup {
	g := web.TimeGroup{
		Code: o.Code, Title: o.Title, URL: v.dated(v.path("/mandates/" + s.Mandate.Code + "/objectives/" + o.Code.String())),
	}
	if o.Deadline != nil {
		g.Due = o.Deadline.Due
	}
	return g
}

func timeLine(v *visit, s progress.Sheet, t mandate.Target, period calendar.HalfYear, owed []duty.Duty) web.TimeLine {
	line := web.TimeLine{
		Code: t.Code, Text: t.Text, URL: v.dated(v.path("/mandates/" + s.Mandate.Code + "/targets/" + t.Code.String())),
		Deadline: monitoring.CellOfDeadline(t.Deadline), From: t.Deadline.OwedFrom, Due: t.Deadline.Due,
		Status: s.Standing(t, period).Status,
	}
	for _, d := range owed {
		line.Duties = append(line.Duties, web.TimeDuty{Due: d.Due, State: d.State})
	}
	return line
}

// timeEvents gives the events between two days, those of the targets that are
// shown when these are a choice.
func timeEvents(v *visit, s progress.Sheet, chosen bool, shown map[int64]bool, from, until calendar.Date) (all []web.TimeEvent) {
	for _, e := range s.Record.Events {
		about := !chosen
		for _, t := range e.Targets {
			about = about || shown[t]
		}
		if !about || e.Cancelled() || e.Until.Before(from) || e.From.After(until) {
			continue
		}
		all = append(all, web.TimeEvent{
			From: e.From, Until: e.Until, Title: e.Title, Lang: e.Lang, Kind: e.Kind.Name, URL: v.dated(eventPath(v, s.Mandate, e.ID)),
		})
	}
	return all
}
