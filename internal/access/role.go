package access

import (
	"slices"

	"jalon/internal/calendar"
)

// RoleFor tells in which role a person may do an action to an object today, for
// the trail: the first that the table names. "" when they may not.
func RoleFor(v Viewer, today calendar.Date, action Action, o Object) Role {
	for _, role := range table[action] {
		if slices.ContainsFunc(v.Grants, func(g Grant) bool {
			return g.Role == role && g.active(today) && g.covers(today, o) && v.unconflicted(g, o)
		}) {
			return role
		}
	}
	return ""
}
