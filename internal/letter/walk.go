package letter

import (
	"strconv"

	"jalon/internal/bilingual"
)

// each visits every text of the draft with its key: a code, "S3.2-1/deadline",
// "T4/goal2" or "T4/context", in the order of the letter.
func (d *Draft) each(visit func(key string, text *bilingual.Text)) {
	visitDeadline := func(code string, d *Deadline) {
		if d != nil {
			visit(code+"/deadline", &d.Text)
		}
	}
	for i := range d.Objectives {
		o := &d.Objectives[i]
		code := o.Code.String()
		visit(code, &o.Title)
		visit(code+"/context", &o.Context)
		for k := range o.Goals {
			visit(code+"/goal"+strconv.Itoa(k+1), &o.Goals[k])
		}
		for k := range o.Points {
			p := &o.Points[k]
			visit(p.Code.String(), &p.Text)
			for n := range p.Targets {
				t := &p.Targets[n]
				visit(t.Code.String(), &t.Text)
				visitDeadline(t.Code.String(), t.Deadline)
			}
		}
		visitDeadline(code, o.Deadline)
		for k := range o.KPIs {
			visit(o.KPIs[k].Code.String(), &o.KPIs[k].Text)
		}
	}
}
