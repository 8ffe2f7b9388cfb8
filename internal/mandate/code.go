// Package mandate holds the nouns of a mandate letter: institution, mandate,
// tenure, objective, measurement point, target and their codes.
package mandate

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"jalon/internal/bilingual"
)

// Kind tells a mandate's own objectives from those shared by all mandates.
type Kind string

// Kinds of objective.
const (
	Strategic   Kind = "strategic"
	Transversal Kind = "transversal"
)

// Code names an objective (S3), measurement point (S3.2), target (S3.2-1) or
// KPI (T5-K1). Numbering restarts per kind in the letter, so the kind is part of it.
type Code struct {
	Kind      Kind
	Objective int
	Point     int // measurement point, 0 for none
	Target    int // target of the point, 0 for none
	KPI       int // KPI of the objective, 0 for none
}

// ParseCode reads the stored form: S3, S3.2, S3.2-1 or T5-K1. Numbers go from 1
// to 99. It is done for every target of every mandate on a page, and so by hand.
func ParseCode(s string) (c Code, err error) {
	rest, ok := "", false
	switch {
	case strings.HasPrefix(s, "S"):
		c.Kind = Strategic
	case strings.HasPrefix(s, "T"):
		c.Kind = Transversal
	}
	if c.Kind != "" {
		rest, ok = ordinal(s[1:], &c.Objective)
	}
	switch {
	case ok && strings.HasPrefix(rest, "-K"):
		rest, ok = ordinal(rest[2:], &c.KPI)
	case ok && strings.HasPrefix(rest, "."):
		if rest, ok = ordinal(rest[1:], &c.Point); ok && strings.HasPrefix(rest, "-") {
			rest, ok = ordinal(rest[1:], &c.Target)
		}
	}
	if !ok || rest != "" {
		return Code{}, fmt.Errorf("code %q: want a form such as S3, S3.2, S3.2-1 or T5-K1", s)
	}
	return c, nil
}

// ordinal reads a number of one or two digits that does not begin with 0, and gives what follows.
func ordinal(s string, n *int) (rest string, ok bool) {
	digits := 0
	for digits < min(2, len(s)) && s[digits] >= '0' && s[digits] <= '9' {
		digits++
	}
	if digits == 0 || s[0] == '0' {
		return s, false
	}
	*n, _ = strconv.Atoi(s[:digits])
	return s[digits:], true
}

// String gives the stored form.
func (c Code) String() string {
	prefix := "S"
	if c.Kind == Transversal {
		prefix = "T"
	}
	return prefix + c.numbers()
}

// Display gives the form that people read: SD3.2 in Dutch, OS3.2 in French;
// TD and OT for transversal objectives.
func (c Code) Display(lang bilingual.Lang) string {
	prefix := map[bilingual.Lang]map[Kind]string{
		bilingual.NL: {Strategic: "SD", Transversal: "TD"},
		bilingual.FR: {Strategic: "OS", Transversal: "OT"},
	}[lang][c.Kind]
	return prefix + c.numbers()
}

func (c Code) numbers() string {
	s := strconv.Itoa(c.Objective)
	if c.KPI > 0 {
		return s + "-K" + strconv.Itoa(c.KPI)
	}
	if c.Point > 0 {
		s += "." + strconv.Itoa(c.Point)
	}
	if c.Target > 0 {
		s += "-" + strconv.Itoa(c.Target)
	}
	return s
}

// Parent gives the code one level up: the point of a target, the objective of
// a point or KPI. An objective is its own parent.
func (c Code) Parent() Code {
	p := Code{Kind: c.Kind, Objective: c.Objective}
	if c.Target > 0 {
		p.Point = c.Point
	}
	return p
}

// MarshalText writes the stored form.
func (c Code) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the stored form.
func (c *Code) UnmarshalText(b []byte) (err error) {
	*c, err = ParseCode(string(b))
	return err
}

// The codes under which institutions and mandates are known, as the database takes them.
var (
	institutionCode = regexp.MustCompile(`^[A-Z][A-Z0-9-]{1,30}$`)
	mandateCode     = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{1,40}$`)
)

// IsInstitutionCode reports whether an institution can have this code.
func IsInstitutionCode(s string) bool { return institutionCode.MatchString(s) }

// IsMandateCode reports whether a mandate can have this code.
func IsMandateCode(s string) bool { return mandateCode.MatchString(s) }
