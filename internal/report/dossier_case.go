package report

import (
	"slices"

	"jalon/internal/calendar"
	"jalon/internal/evaluation"
	"jalon/internal/mandate"
)

// DossierOf makes the dossier of a case, as its reader may see it, with the
// record of its days. An opinion never comes without the replies to it, nor the
// case without the reply to the whole.
func DossierOf(c evaluation.Case, record evaluation.TenureRecord, reader evaluation.Relation) Dossier {
	d := Dossier{
		ID: c.ID, Kind: c.Kind.Name, PlannedOn: c.PlannedOn, Lang: c.Lang, Record: record, Signed: c.Documents, Closed: reader == evaluation.Assessor,
	}
	if r, handedIn := c.Report(); handedIn {
		d.Written = append(d.Written, reportOf(r))
	}
	for _, o := range c.Opinions {
		w := Writing{
			Source:   evaluation.Source{Kind: evaluation.FromOpinion, ID: o.ID, Version: 1, On: o.On, At: o.RecordedAt, By: o.Author},
			Capacity: string(o.Capacity), Lang: o.Lang, Sections: []WrittenSection{{Text: o.Text}},
		}
		if o.RecordedBy != o.Author {
			w.By, w.For = o.RecordedBy, o.Author
		}
		w.Replies = repliesOf(o.Replies)
		d.Written = append(d.Written, w)
	}
	d.Written = append(d.Written, repliesOf(c.Replies)...)
	if k, given := c.Conclusion(); given {
		d.Written = append(d.Written, Writing{
			Source: evaluation.Source{Kind: evaluation.FromConclusion, ID: k.ID, Version: 1, On: k.On, At: k.RecordedAt, By: k.RecordedBy},
			Title:  k.Grade.Name, Lang: k.Lang, Sections: []WrittenSection{{Text: k.Text}},
		})
	}
	return d
}

func repliesOf(all []evaluation.Reply) (list []Writing) {
	for _, r := range all {
		list = append(list, Writing{
			Source: evaluation.Source{Kind: evaluation.FromRightReply, ID: r.ID, Version: 1, On: calendar.DateOf(r.At), At: r.At, By: r.Author},
			Lang:   r.Lang, Sections: []WrittenSection{{Text: r.Text}},
		})
	}
	return list
}

// reportOf gives the texts of a report in the order of its layout.
func reportOf(r evaluation.Report) Writing {
	w := Writing{
		Source: evaluation.Source{Kind: evaluation.FromReport, ID: r.ID, Version: r.Number, On: calendar.DateOf(r.SubmittedAt), At: r.SubmittedAt, By: r.SubmittedBy},
		Lang:   r.Lang,
	}
	var parts []string
	for _, t := range r.Texts {
		if t.Part != evaluation.General && !slices.Contains(parts, t.Part) {
			parts = append(parts, t.Part)
		}
	}
	for _, t := range evaluation.InOrder(r.Layout, parts, r.Texts) {
		code, _ := mandate.ParseCode(t.Part)
		section, _ := r.Layout.Section(t.Section)
		w.Sections = append(w.Sections, WrittenSection{Part: code, Title: section.Title, Text: t.Text})
	}
	for _, s := range r.Layout.Shown(false) {
		if s.Record {
			w.Filled = append(w.Filled, s.Title)
		}
	}
	for _, q := range r.Quotes {
		if q.Changed() {
			w.Changed = append(w.Changed, q)
		}
	}
	return w
}
