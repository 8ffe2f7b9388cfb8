package report

import (
	"jalon/internal/calendar"
	"jalon/internal/evaluation"
	"jalon/internal/locale"
	"jalon/internal/mandate"
)

// DossierOf makes the dossier of a case, as its reader may see it, with the
// record of its days. An opinion never comes without the replies to it, nor the
// case without the reply to the whole.
func DossierOf(c evaluation.Case, record evaluation.TenureRecord, reader evaluation.Relation, p *locale.Printer) Dossier {
	d := Dossier{
		ID: c.ID, Kind: c.Kind.Name, PlannedOn: c.PlannedOn, Lang: c.Lang, Record: record, Signed: c.Documents, Closed: reader == evaluation.Assessor,
	}
	if r, handedIn := c.Report(); handedIn {
		d.Written = append(d.Written, reportOf(r, p))
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

// reportOf gives the texts of a report in the order of its layout: objective by
// objective, then the whole.
func reportOf(r evaluation.Report, p *locale.Printer) Writing {
	w := Writing{
		Source: evaluation.Source{Kind: evaluation.FromReport, ID: r.ID, Version: r.Number, On: calendar.DateOf(r.SubmittedAt), At: r.SubmittedAt, By: r.SubmittedBy},
		Lang:   r.Lang,
	}
	seen := map[string]bool{}
	var parts []string
	for _, t := range r.Texts {
		if !seen[t.Part] && t.Part != evaluation.General {
			parts, seen[t.Part] = append(parts, t.Part), true
		}
	}
	for _, part := range append(parts, evaluation.General) {
		code, _ := mandate.ParseCode(part)
		for _, s := range r.Layout {
			if text := r.Text(part, s.Code); text != "" && !s.Record {
				w.Sections = append(w.Sections, WrittenSection{Part: code, Title: s.Title, Text: text})
			}
		}
	}
	for _, q := range r.Quotes {
		if q.Changed() {
			w.Changed = append(w.Changed, p.T("dossier.quote_changed", "Number", q.Number, "Code", p.Code(q.Target), "Date", p.Date(q.AsOf)))
		}
	}
	return w
}
