// Package mandate holds the nouns of a mandate letter: institution, mandate,
// tenure, objective, measurement point, target and their codes.
package mandate

import (
	"fmt"
	"regexp"
	"strconv"

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

var codeForm = regexp.MustCompile(`^([ST])([1-9]\d?)(?:\.([1-9]\d?)(?:-([1-9]\d?))?|-K([1-9]\d?))?$`)

// ParseCode reads the stored form: S3, S3.2, S3.2-1 or T5-K1.
func ParseCode(s string) (Code, error) {
	m := codeForm.FindStringSubmatch(s)
	if m == nil {
		return Code{}, fmt.Errorf("code %q: want a form such as S3, S3.2, S3.2-1 or T5-K1", s)
	}
	kind := Strategic
	if m[1] == "T" {
		kind = Transversal
	}
	n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v }
	return Code{Kind: kind, Objective: n(2), Point: n(3), Target: n(4), KPI: n(5)}, nil
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
