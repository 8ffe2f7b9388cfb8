package access

import (
	"slices"

	"jalon/internal/calendar"
)

// Cover is the part of one mandate that a person reaches with an action: the
// whole of it, or some objectives and some single targets. The zero Cover is nothing.
type Cover struct {
	Whole      bool
	Objectives []string // codes, such as S3, when it is not the whole
	Targets    []string // codes, such as S3.2-1, beside those of the objectives
}

// Has reports whether an objective with all that is in it, or a target, belongs
// to the part, by code.
func (c Cover) Has(code string) bool {
	return c.Whole || slices.Contains(c.Objectives, ObjectiveOf(code)) || slices.Contains(c.Targets, code)
}

// Parts lists the codes of the objectives, and then of the single targets.
func (c Cover) Parts() []string { return slices.Concat(c.Objectives, c.Targets) }

// With gives both parts together.
func (c Cover) With(o Cover) Cover {
	if c.Whole || o.Whole {
		return Cover{Whole: true}
	}
	both := Cover{Objectives: sorted(slices.Concat(c.Objectives, o.Objectives))}
	for _, t := range sorted(slices.Concat(c.Targets, o.Targets)) {
		if !both.Has(t) {
			both.Targets = append(both.Targets, t)
		}
	}
	return both
}

func sorted(codes []string) []string {
	slices.Sort(codes)
	return slices.Compact(codes)
}

// CoverOf is the part that a delegation of some objectives reaches; of none
// named it is the whole mandate.
func CoverOf(objectives []string) Cover {
	return Cover{Whole: len(objectives) == 0, Objectives: objectives}
}

// Covers is the rule of Decide for a mandate that is shown in part: a target
// is in the Cover exactly when Decide allows the action to it. Who has several
// rights reaches what any of them reaches.
func Covers(v Viewer, today calendar.Date, action Action, o Object) Cover {
	o.Objective, o.Target = "", ""
	var c Cover
	for _, g := range v.Grants {
		if slices.Contains(table[action], g.Role) && g.active(today) && g.covers(today, o) {
			c = c.With(g.part(today, o.MandateID))
		}
	}
	return c
}

// CoversAll gives the parts that a person reaches with an action by their rights
// to single mandates, by mandate: what they hold, stand in for, or sit on a body
// for. Rights to an institution, or to everything, are in ScopeOf.
func CoversAll(v Viewer, today calendar.Date, action Action) map[int64]Cover {
	all := map[int64]Cover{}
	for _, g := range v.Grants {
		if !slices.Contains(table[action], g.Role) || !g.active(today) || g.EvaluationID != 0 {
			continue
		}
		if g.MandateID != 0 {
			all[g.MandateID] = all[g.MandateID].With(CoverOf(g.Objectives))
			continue
		}
		if g.narrow() {
			for _, a := range g.Addressed {
				if a.inForce(today) {
					all[a.MandateID] = all[a.MandateID].With(Cover{Targets: []string{a.Target}})
				}
			}
		}
	}
	return all
}

// part is what a grant reaches of a mandate that it covers.
func (g Grant) part(today calendar.Date, mandateID int64) (c Cover) {
	if !g.narrow() {
		return CoverOf(g.Objectives)
	}
	for _, a := range g.Addressed {
		if a.MandateID == mandateID && a.inForce(today) {
			c.Targets = append(c.Targets, a.Target)
		}
	}
	return c
}

// ActsFor names the person in whose place somebody does an action: the one who
// gave the delegation. Nobody (0) when they do it in a right of their own.
func ActsFor(v Viewer, today calendar.Date, action Action, o Object) (id int64, name string) {
	for _, g := range v.Grants {
		switch {
		case !slices.Contains(table[action], g.Role) || !g.active(today) || !g.covers(today, o):
		case g.Role != Delegate:
			return 0, ""
		default:
			id, name = g.ForID, g.For
		}
	}
	return id, name
}
