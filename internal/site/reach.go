package site

import (
	"slices"

	"jalon/internal/access"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

// This file limits what a page shows of a mandate to what its reader may see: a
// delegate of some objectives sees no others, and a body that gets some targets
// sees no others either. Everything that is read of a mandate passes here once,
// after the question whether it may be read at all.

// covers gives the part of a mandate to which the visitor may do an action.
func (v *visit) covers(action access.Action, m mandate.Mandate) access.Cover {
	return access.Covers(v.viewer, v.today, action, objectOf(m))
}

// mayOn answers for one target of a mandate.
func (v *visit) mayOn(action access.Action, m mandate.Mandate, target mandate.Code) bool {
	o := objectOf(m)
	o.Target = target.String()
	return v.may(action, o)
}

// within keeps a sheet to what the visitor may do an action to.
func (v *visit) within(action access.Action, s progress.Sheet) progress.Sheet {
	if c := v.covers(action, s.Mandate); !c.Whole {
		return s.Only(c.Has)
	}
	return s
}

// withinAll keeps questions about duties to what somebody may do an action to.
func withinAll(who access.Viewer, v *visit, action access.Action, all []duty.Question) []duty.Question {
	for i, q := range all {
		if c := access.Covers(who, v.today, action, objectOf(q.Mandate)); !c.Whole {
			all[i] = q.Only(c.Has)
		}
	}
	return all
}

// rolledUp is the scope of which a list shows how objectives stand: no mandate
// of which the visitor sees single targets, whose objectives hold others.
func (v *visit) rolledUp(all []mandate.Mandate) access.Scope {
	scope := access.ScopeOf(v.viewer, v.today, access.ViewMandate)
	for _, m := range all {
		if c := v.covers(access.ViewMandate, m); len(c.Targets) > 0 {
			scope.Mandates = slices.DeleteFunc(scope.Mandates, func(id int64) bool { return id == m.ID })
		}
	}
	return scope
}

// lineWithin keeps a line of the overview to what the visitor may do an action to.
func (v *visit) lineWithin(action access.Action, m mandate.Mandate, l progress.OverviewLine) progress.OverviewLine {
	c := v.covers(action, m)
	if c.Whole {
		return l
	}
	all := l.Cells
	l.Cells = nil
	for _, cell := range all {
		if c.Has(cell.Objective.String()) {
			l.Cells = append(l.Cells, cell)
		}
	}
	return l
}

// partSeen lists the objectives and targets that a page speaks of when the visitor does not
// see the whole mandate.
func (v *visit) partSeen(m mandate.Mandate) []mandate.Code {
	c := v.covers(access.ViewMandate, m)
	if c.Whole {
		return nil
	}
	return codesOf(c.Parts())
}

// codesOf reads codes that the store gave.
func codesOf(codes []string) []mandate.Code {
	var all []mandate.Code
	for _, s := range codes {
		if c, err := mandate.ParseCode(s); err == nil {
			all = append(all, c)
		}
	}
	return all
}

// somewhere reports whether the visitor may do something to any mandate, or to a part of one.
func (v *visit) somewhere(action access.Action) bool {
	scope := access.ScopeOf(v.viewer, v.today, action)
	return scope.All || len(scope.Institutions) > 0 || len(access.CoversAll(v.viewer, v.today, action)) > 0
}
