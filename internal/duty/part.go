package duty

import "slices"

// Only asks about a part of the mandate: the objectives and targets that keep
// says yes to, by code, with what happened with their duties. An event stays when it
// concerns one of their targets; the other targets are left out of it.
func (q Question) Only(keep func(code string) bool) Question {
	q.Mandate = q.Mandate.Only(keep)
	kept := map[int64]bool{}
	for _, t := range q.Mandate.Targets() {
		kept[t.ID] = true
	}
	q.Record = q.Record.only(kept)
	return q
}

// only gives what happened with the duties of some targets.
func (r Record) only(targets map[int64]bool) Record {
	all := r
	r.Reports, r.Events, r.Answers, r.Waivers, r.Asked = map[int64][]Report{}, nil, nil, nil, nil
	for target, reports := range all.Reports {
		if targets[target] {
			r.Reports[target] = reports
		}
	}
	for _, e := range all.Events {
		near := slices.DeleteFunc(slices.Clone(e.Targets), func(id int64) bool { return !targets[id] })
		if len(near) > 0 {
			e.Wider = e.Wider || len(near) < len(e.Targets)
			e.Targets = near
			r.Events = append(r.Events, e)
		}
	}
	for _, a := range all.Answers {
		if targets[a.TargetID] {
			r.Answers = append(r.Answers, a)
		}
	}
	for _, a := range all.Asked {
		if targets[a.TargetID] {
			r.Asked = append(r.Asked, a)
		}
	}
	for _, w := range all.Waivers {
		if targets[w.TargetID] {
			r.Waivers = append(r.Waivers, w)
		}
	}
	return r
}
