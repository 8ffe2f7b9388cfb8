package sso

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"jalon/internal/access"
)

// Role is a role that a group gives, for one institution or for all ("").
type Role struct {
	Role        access.Role
	Institution string // code
}

// Mapping gives a role to everybody in a group of the provider.
type Mapping struct {
	Group string
	Role
}

var institutionCode = regexp.MustCompile(`\A[A-Z][A-Z0-9-]{1,30}\z`)

// ParseMapping reads group=role or group=role@INSTITUTION. What stands after
// the last = is the role, since the name of a group may have one.
func ParseMapping(s string) (Mapping, error) {
	at := strings.LastIndexByte(s, '=')
	if at < 1 {
		return Mapping{}, fmt.Errorf("%q is not group=role or group=role@INSTITUTION", s)
	}
	m := Mapping{Group: strings.TrimSpace(s[:at])}
	role, institution, scoped := strings.Cut(strings.TrimSpace(s[at+1:]), "@")
	m.Role = Role{access.Role(role), institution}
	switch {
	case m.Group == "":
		return Mapping{}, fmt.Errorf("%q names no group", s)
	case !slices.Contains(access.Granted, m.Role.Role):
		return Mapping{}, fmt.Errorf("%q is no role that can be given", role)
	case scoped && !institutionCode.MatchString(institution):
		return Mapping{}, fmt.Errorf("%q is no code of an institution", institution)
	case scoped && m.Role.Role == access.Administrator:
		return Mapping{}, fmt.Errorf("an administrator is one everywhere, not of %s", institution)
	}
	return m, nil
}

// RolesOf lists the roles that groups give, each once.
func RolesOf(mappings []Mapping, groups []string) []Role {
	roles := []Role{}
	for _, m := range mappings {
		if slices.Contains(groups, m.Group) && !slices.Contains(roles, m.Role) {
			roles = append(roles, m.Role)
		}
	}
	return roles
}
