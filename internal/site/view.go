package site

import (
	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/web"
)

// This file turns core values into the parts that several pages show.

// say gives the words of a text for a title, in the other language when they are missing.
func (v *visit) say(t bilingual.Text) string {
	words, _, _ := t.For(v.lang)
	return words
}

// crumbs leads from the list of mandates to a mandate.
func (v *visit) crumbs(m mandate.Mandate) []web.Crumb { return v.crumbsTo(m.Code, m.Title) }

func (v *visit) crumbsTo(code string, title bilingual.Text) []web.Crumb {
	words, in, _ := title.For(v.lang)
	return []web.Crumb{
		{Label: v.print.T("menu.mandates"), URL: v.dated(v.path("/mandates"))},
		{Label: words, URL: v.dated(v.path("/mandates/" + code)), Lang: in},
	}
}

func objectOf(m mandate.Mandate) access.Object {
	return access.Object{MandateID: m.ID, InstitutionID: m.Institution.ID}
}

func headOf(v *visit, m mandate.Mandate) web.MandateHead {
	return web.MandateHead{
		Code: m.Code, URL: v.path("/mandates/" + m.Code), Title: m.Title, Institution: m.Institution.Name, Rank: m.Rank,
		Holder: m.Holder.Name, Interim: m.Holder.Interim, From: m.Holder.From, Until: m.Holder.Until, Part: v.partSeen(m),
	}
}

// headOfTable is headOf for the mandate of a table, as it was when the table was made.
func headOfTable(v *visit, t monitoring.Table) web.MandateHead {
	return web.MandateHead{
		Code: t.Mandate.Code, URL: v.path("/mandates/" + t.Mandate.Code), Title: t.Mandate.Title, Institution: t.Institution.Name, Rank: t.Mandate.Rank,
		Holder: t.Holder.Name, Interim: t.Holder.Interim,
	}
}

// statusOrder lists counts with the weakest first.
var statusOrder = []progress.Status{
	progress.Compromised, progress.Late, progress.SupportNeeded, progress.NotReported, progress.Attention,
	progress.OnTrack, progress.NothingToReport, progress.Achieved, progress.Stopped, progress.NotExpected,
}

func rollUpOf(r progress.RollUp) web.RollUp {
	up := web.RollUp{Weakest: r.Status, Reported: r.Reported, Owed: r.Owed}
	for _, status := range statusOrder {
		if n := r.Counts[status]; n > 0 {
			up.Counts = append(up.Counts, web.StatusCount{Status: status, Count: n})
		}
	}
	return up
}

// rollUpOfLine takes the cells of a whole mandate together.
func rollUpOfLine(l progress.OverviewLine) web.RollUp {
	var up web.RollUp
	for _, c := range l.Cells {
		up.Weakest = progress.Weaker(up.Weakest, c.Status)
		up.Reported += c.Reported
		up.Owed += c.Owed
	}
	return up
}

func daysBetween(from, to calendar.Date) int {
	return int(to.Time().Sub(from.Time()).Hours() / 24)
}
