package letter

import (
	"strings"

	"jalon/internal/bilingual"
	"jalon/internal/deadline"
	"jalon/internal/mandate"
)

// Tree gives the draft as a mandate that can be stored: the same texts, with
// each deadline read. It has no ids, and no holder: a letter names none.
func (d Draft) Tree() mandate.Mandate {
	m := mandate.Mandate{Rank: d.Mandate.Rank, Title: d.Mandate.Title}
	for _, o := range d.Objectives {
		objective := mandate.Objective{Code: o.Code, Title: o.Title, Context: splitParagraphs(o.Context), Goals: o.Goals}
		if o.Deadline != nil {
			own := readDeadline(o.Deadline.Text)
			objective.Deadline = &own
		}
		for _, p := range o.Points {
			point := mandate.MeasurementPoint{Code: p.Code, Text: p.Text}
			for _, t := range p.Targets {
				target := mandate.Target{Code: t.Code, Text: t.Text}
				if t.Deadline != nil {
					target.Deadline = readDeadline(t.Deadline.Text)
				}
				point.Targets = append(point.Targets, target)
			}
			objective.Points = append(objective.Points, point)
		}
		for _, k := range o.KPIs {
			objective.KPIs = append(objective.KPIs, mandate.KPI{Code: k.Code, Text: k.Text})
		}
		m.Objectives = append(m.Objectives, objective)
	}
	return m
}

// DraftOf gives a stored mandate in the form of a letter, to compare a letter with.
func DraftOf(m mandate.Mandate) Draft {
	d := Draft{Mandate: Mandate{Title: m.Title, Rank: m.Rank, Institution: m.Institution.Name.NL}}
	for _, o := range m.Objectives {
		objective := Objective{Code: o.Code, Kind: o.Code.Kind, Title: o.Title, Context: joinParagraphs(o.Context), Goals: o.Goals}
		if o.Deadline != nil {
			objective.Deadline = &Deadline{Text: o.Deadline.Text}
		}
		for _, p := range o.Points {
			point := MeasurementPoint{Code: p.Code, Text: p.Text}
			for _, t := range p.Targets {
				target := Target{Code: t.Code, Text: t.Text}
				if !t.Deadline.Text.IsZero() {
					target.Deadline = &Deadline{Text: t.Deadline.Text}
				}
				point.Targets = append(point.Targets, target)
			}
			objective.Points = append(objective.Points, point)
		}
		for _, k := range o.KPIs {
			objective.KPIs = append(objective.KPIs, KPI{Code: k.Code, Text: k.Text})
		}
		d.Objectives = append(d.Objectives, objective)
	}
	return d
}

// readDeadline reads the original words; a working translation is not law.
func readDeadline(t bilingual.Text) mandate.Deadline {
	lang := bilingual.NL
	if t.NLState != bilingual.Original && t.FRState == bilingual.Original || t.NL == "" {
		lang = bilingual.FR
	}
	r := deadline.Read(t.In(lang), lang)
	d := mandate.Deadline{Text: t, Reading: r, OwedFrom: r.OwedFrom()}
	return d
}

const paragraphBreak = "\n\n"

// splitParagraphs pairs the paragraphs of both languages; where one language
// has fewer, its words are missing there.
func splitParagraphs(t bilingual.Text) []bilingual.Text {
	nl, fr := paragraphsOf(t.NL), paragraphsOf(t.FR)
	texts := make([]bilingual.Text, max(len(nl), len(fr)))
	for i := range texts {
		if i < len(nl) {
			texts[i] = texts[i].With(bilingual.NL, nl[i], t.NLState)
		}
		if i < len(fr) {
			texts[i] = texts[i].With(bilingual.FR, fr[i], t.FRState)
		}
	}
	return texts
}

func paragraphsOf(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, paragraphBreak)
}

func joinParagraphs(texts []bilingual.Text) bilingual.Text {
	var whole bilingual.Text
	for _, lang := range bilingual.Langs {
		var words []string
		state := bilingual.Missing
		for _, t := range texts {
			if w := t.In(lang); w != "" {
				words, state = append(words, w), t.State(lang)
			}
		}
		whole = whole.With(lang, strings.Join(words, paragraphBreak), state)
	}
	return whole
}
