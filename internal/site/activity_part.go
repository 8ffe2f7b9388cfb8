package site

import (
	"net/http"
	"slices"

	"jalon/internal/evaluation"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/web"
)

// drawPart draws one part: the holder's text, with the record beside it.
func (s *Site) drawPart(w http.ResponseWriter, v *visit, status int, a activity, part string, typed, theirs map[string]string, view web.ActivityPartView) error {
	view.Part = v.activityPart(a, part)
	title := v.print.T("activity.general")
	if g, ok := a.goal(part); ok {
		title = v.print.Code(g.Code) + " " + v.say(g.Title)
	}
	view.Frame = s.frame(v, title, v.activityCrumbs(a.c, true)...).Refusing(view.Errors)
	view.Lang, view.IdempotencyKey = a.c.Lang, newKey()
	if a.c.Stage().TakesReport() {
		view.SaveURL = v.URL.Path
	}
	var all string
	for _, text := range typed {
		all += text + "\n"
		view.Unsourced = append(view.Unsourced, evaluation.Unsourced(text)...)
	}
	slices.Sort(view.Unsourced)
	quoted := evaluation.Quoted(all)
	goal, _ := a.goal(part)
	for _, section := range a.c.Layout.Shown(part == evaluation.General) {
		line := web.ActivitySection{Section: section, Text: typed[section.Code], Theirs: theirs[section.Code]}
		if section.Record {
			line.Record = a.record(goal, section.Code, quoted, v)
		}
		view.Sections = append(view.Sections, line)
	}
	return s.render(w, v, status, web.ActivityPartPage(view))
}

// record gives what a section of the record holds of an objective.
func (a activity) record(goal mandate.Objective, section string, quoted []int64, v *visit) (r web.ActivityRecord) {
	codes := map[int64]mandate.Code{}
	until := a.c.Until
	if v.today.Before(until) {
		until = v.today
	}
	for _, t := range goal.Targets() {
		codes[t.ID] = t.Code
		line := web.ActivityTarget{Code: t.Code, Text: t.Text}
		switch section {
		case evaluation.RecordTargets:
			line.Deadline = monitoring.CellOfDeadline(t.Deadline)
		case evaluation.RecordStatuses:
			line.Standings = a.c.Record.Standings(t, a.c.From, until, a.since)
		case evaluation.RecordEntries:
			for _, e := range a.c.Record.Of(t.ID) {
				line.Entries = append(line.Entries, web.ActivityEntry{
					Entry: e, Version: a.c.Record.VersionOf(e.ID), Reference: evaluation.Reference(e.ID), Quoted: slices.Contains(quoted, e.ID),
				})
			}
			if len(line.Entries) == 0 {
				continue
			}
		default:
			continue
		}
		r.Targets = append(r.Targets, line)
	}
	switch section {
	case evaluation.RecordDecisions:
		r.Tables = a.c.Record.Tables
		for _, d := range a.c.Record.Decisions {
			if code, ok := codes[d.TargetID]; ok {
				r.Decisions = append(r.Decisions, web.ActivityDecision{Decision: d, Code: code})
			}
		}
	case evaluation.RecordEvidence:
		for _, p := range slices.Concat(a.c.Record.Files, a.c.Record.Links) {
			if code, ok := codes[p.TargetID]; ok {
				r.Proofs = append(r.Proofs, web.ActivityProof{Code: code, Name: p.File.Name, URL: p.URL, Hash: p.File.SHA256})
			}
		}
	}
	return r
}
