package letter

import (
	"strconv"

	"jalon/internal/bilingual"
	"jalon/internal/mandate"
)

// point gives the measurement point at hand.
func (r *reader) point() *MeasurementPoint {
	if r.now == nil || len(r.now.Points) == 0 {
		return nil
	}
	return &r.now.Points[len(r.now.Points)-1]
}

func (r *reader) takeTarget(p *passage) {
	mp := r.point()
	if mp == nil || len(mp.Targets) == 99 {
		r.leave(p, WithoutParent)
		return
	}
	r.inGoals = false
	code := mp.Code
	code.Target = len(mp.Targets) + 1
	if p.ordinal > 0 && p.ordinal != code.Target {
		r.find(r.at(p, Warning, OrdinalMismatch, "Code", code.String(), "Ordinal", strconv.Itoa(p.ordinal)))
	}
	mp.Targets = append(mp.Targets, Target{Code: code, Text: r.text(p), Lines: p.span()})
	at := &mp.Targets[len(mp.Targets)-1]
	r.keep(p, code.String(), &at.Text, &at.Lines)
}

func (r *reader) takeDeadline(p *passage) {
	holder, code := r.deadlineHolder()
	if holder == nil {
		r.leave(p, WithoutParent)
		return
	}
	if *holder != nil {
		r.mark(p, InFinding, SecondDeadline)
		r.find(r.at(p, Error, SecondDeadline, "Code", code.String(), "Text", excerpt(r.whole(p))))
		return
	}
	r.inGoals = false
	*holder = &Deadline{Text: r.text(p), Lines: p.span()}
	r.keep(p, code.String()+"/deadline", &(*holder).Text, &(*holder).Lines)
}

// deadlineHolder gives where the next deadline belongs: to the latest target,
// or to an objective that has no measurement point.
func (r *reader) deadlineHolder() (**Deadline, mandate.Code) {
	if r.now == nil {
		return nil, mandate.Code{}
	}
	mp := r.point()
	if mp == nil {
		return &r.now.Deadline, r.now.Code
	}
	if len(mp.Targets) == 0 {
		return nil, mandate.Code{}
	}
	t := &mp.Targets[len(mp.Targets)-1]
	return &t.Deadline, t.Code
}

func (r *reader) takeKPI(p *passage) {
	if r.now == nil {
		r.leave(p, WithoutParent)
		return
	}
	r.inGoals = false
	code := mandate.Code{Kind: r.now.Kind, Objective: r.now.Code.Objective, KPI: p.number}
	if r.used[code] {
		r.leave(p, DuplicateNumber)
		return
	}
	r.used[code] = true
	r.now.KPIs = append(r.now.KPIs, KPI{Code: code, Text: r.text(p), Lines: p.span()})
	at := &r.now.KPIs[len(r.now.KPIs)-1]
	r.keep(p, code.String(), &at.Text, &at.Lines)
}

func (r *reader) takeUnlabelled(p *passage) {
	if p.bullet && len(p.pieces) == 0 {
		r.mark(p, InFinding, EmptyBullet)
		r.find(r.at(p, Warning, EmptyBullet))
		return
	}
	text := r.whole(p)
	if p.bullet && !r.inGoals {
		text = p.sign + " " + text
	}
	switch {
	case r.now == nil && isIntroduction(text):
		r.mark(p, Boilerplate, "introduction")
	case r.now == nil:
		r.leave(p, NotUnderstood)
	case r.inGoals:
		r.addGoal(p)
	case r.last != nil && p.bullet:
		r.last(text, p)
	case r.last == nil:
		r.addContext(p, text)
	default:
		r.leave(p, NotUnderstood)
	}
}

// addContext adds a paragraph, or an item of a list within one.
func (r *reader) addContext(p *passage, text string) {
	if c := &r.now.context; c.Len() > 0 && p.bullet {
		c.WriteString("\n" + text)
	} else if c.Len() > 0 {
		c.WriteString("\n\n" + text)
	} else {
		c.WriteString(text)
	}
	r.mark(p, InResult, r.now.Code.String()+"/context")
}

// settleObjectives makes one objective of its heading in the overview and its
// heading in the body.
func (r *reader) settleObjectives() {
	r.draft.Objectives = []Objective{}
	chosen := map[mandate.Code]*place{}
	for _, pl := range r.places {
		if c := chosen[pl.Code]; c == nil || !c.hasBody() && pl.hasBody() {
			chosen[pl.Code] = pl
		}
	}
	for _, pl := range r.places {
		body := chosen[pl.Code]
		switch {
		case pl == body:
			pl.Context = bilingual.New(r.lang, pl.context.String())
			r.draft.Objectives = append(r.draft.Objectives, pl.Objective)
		case pl.hasBody():
			r.putAside(pl, finding(pl.Lines, Error, DuplicateObjective, "Code", pl.Code.String()))
		case sameTitle(pl.title, body.title):
			// the overview says the same: its lines are in the result
		default:
			r.putAside(pl, finding(pl.Lines, Warning, TitleDiffers, "Code", pl.Code.String(),
				"Overview", excerpt(pl.title), "Body", excerpt(body.title), "BodyLine", strconv.Itoa(body.Lines[0])))
		}
	}
}

// putAside leaves all lines of a heading to a finding.
func (r *reader) putAside(pl *place, f Finding) {
	for _, i := range pl.covered {
		if r.cover[i].Kind == InResult {
			r.cover[i] = Use{InFinding, f.Code}
			f.LastLine = max(f.LastLine, i+1)
		}
	}
	r.find(f)
}
