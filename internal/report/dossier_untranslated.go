package report

import (
	"jalon/internal/bilingual"
	"jalon/internal/document"
	"jalon/internal/evaluation"
)

// gap is a text that the language of the dossier does not have, or has without standing.
type gap struct {
	where string
	field string // key
	state string // key
	in    bilingual.Lang
}

// untranslated lists them on the last page: words of the letter that are missing,
// outdated or without standing in this language, and what people wrote in the other one.
func (d dossier) untranslated(int) []document.Block {
	t := d.gapTable()
	if len(t.Rows) == 0 {
		return []document.Block{note(d.p.T("dossier.all_translated", "Language", d.languageOf(d.p.Lang)))}
	}
	return []document.Block{note(d.p.T("dossier.gaps_note", "Language", d.languageOf(d.p.Lang))), t}
}

func (d dossier) gapTable() document.Table {
	t := d.table("gaps", column2{"dossier.place", 34}, column2{"dossier.field", 56}, column2{"dossier.gap", 80})
	for _, g := range d.gaps() {
		state := d.p.T(g.state)
		if g.in != "" {
			state += " (" + d.languageOf(g.in) + ")"
		}
		t.Rows = append(t.Rows, []document.Cell{document.Plain(g.where), document.Plain(d.p.T(g.field)), document.Plain(state)})
	}
	return t
}

func (d dossier) gaps() (all []gap) {
	text := func(where, field string, t bilingual.Text) {
		_, in, state := t.For(d.p.Lang)
		switch {
		case t.NL == "" && t.FR == "":
		case in != d.p.Lang:
			all = append(all, gap{where, field, "dossier.gap.missing", in})
		case state == bilingual.Outdated:
			all = append(all, gap{where, field, "dossier.gap.outdated", ""})
		case state == bilingual.Working:
			all = append(all, gap{where, field, "dossier.gap.working", ""})
		}
	}
	wrote := func(where, field string, lang bilingual.Lang) {
		if lang != "" && lang != d.p.Lang {
			all = append(all, gap{where, field, "dossier.gap.written", lang})
		}
	}
	r := d.Record
	text(r.Mandate.Code, "export.mandate", r.Mandate.Title)
	for _, o := range r.Mandate.Objectives {
		text(d.p.Code(o.Code), "export.objective", o.Title)
		for _, point := range o.Points {
			text(d.p.Code(point.Code), "export.point", point.Text)
		}
		for _, k := range o.KPIs {
			text(d.p.Code(k.Code), "dossier.kpi", k.Text)
		}
	}
	for _, o := range r.Fixed.Objectives {
		for _, g := range o.Goals {
			text(d.p.Code(o.Code), "dossier.goal", g)
		}
	}
	for _, t := range r.Targets {
		d.targetGaps(t, text, wrote)
	}
	for _, s := range r.Indicators {
		text(s.Code, "dossier.indicator", s.Name)
	}
	var writing func(w Writing)
	writing = func(w Writing) {
		wrote(w.author(), "dossier.source."+string(w.Kind), w.Lang)
		for _, reply := range w.Replies {
			writing(reply)
		}
	}
	for _, w := range d.Written {
		writing(w)
	}
	return all
}

func (d dossier) targetGaps(t evaluation.TargetRecord, text func(where, field string, t bilingual.Text), wrote func(where, field string, lang bilingual.Lang)) {
	code := d.p.Code(t.Target.Code)
	text(code, "export.target", t.Target.Text)
	text(code, "export.deadline", t.Target.Deadline.Text)
	for _, v := range t.Entries {
		wrote(code+", "+d.p.Date(v.AsOf), "dossier.source."+string(evaluation.FromEntry), v.Lang)
	}
	for _, a := range t.Answers {
		if a.Note != "" {
			wrote(code+", "+d.p.Date(a.DoneOn), "dossier.source."+string(evaluation.FromAnswer), a.Lang)
		}
	}
	for _, b := range t.Decisions {
		if b.Text != "" {
			wrote(code+", "+b.Period.String(), "dossier.source."+string(evaluation.FromDecision), b.Lang)
		}
		if b.Answer != nil {
			wrote(code+", "+b.Period.String(), "dossier.source."+string(evaluation.FromReply), b.Answer.Lang)
		}
	}
}
