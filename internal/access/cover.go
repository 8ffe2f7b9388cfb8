package access

import (
	"slices"

	"jalon/internal/calendar"
)

// Cover is the part of one mandate that a person reaches with an action: the
// whole of it, or some objectives. The zero Cover is nothing.
type Cover struct {
	Whole      bool
	Objectives []string // codes, such as S3, when it is not the whole
}

// Has reports whether the objective with a code belongs to the part.
func (c Cover) Has(objective string) bool { return c.Whole || slices.Contains(c.Objectives, objective) }

// With gives both parts together.
func (c Cover) With(o Cover) Cover {
	if c.Whole || o.Whole {
		return Cover{Whole: true}
	}
	both := slices.Concat(c.Objectives, o.Objectives)
	slices.Sort(both)
	return Cover{Objectives: slices.Compact(both)}
}

// CoverOf is the part that a delegation of some objectives reaches; of none
// named it is the whole mandate.
func CoverOf(objectives []string) Cover {
	return Cover{Whole: len(objectives) == 0, Objectives: objectives}
}

// Covers is the rule of Decide for a mandate that is shown in part: an objective
// is in the Cover exactly when Decide allows the action to it. Who has several
// rights reaches what any of them reaches.
func Covers(v Viewer, today calendar.Date, action Action, o Object) Cover {
	o.Objective = ""
	var c Cover
	for _, g := range v.Grants {
		if slices.Contains(table[action], g.Role) && g.active(today) && g.covers(o) {
			c = c.With(CoverOf(g.Objectives))
		}
	}
	return c
}

// ActsFor names the person in whose place somebody does an action: the one who
// gave the delegation. Nobody (0) when they do it in a right of their own.
func ActsFor(v Viewer, today calendar.Date, action Action, o Object) (id int64, name string) {
	for _, g := range v.Grants {
		switch {
		case !slices.Contains(table[action], g.Role) || !g.active(today) || !g.covers(o):
		case g.Role != Delegate:
			return 0, ""
		default:
			id, name = g.ForID, g.For
		}
	}
	return id, name
}
