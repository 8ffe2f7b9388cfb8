package evaluation

import (
	"fmt"
	"regexp"
	"slices"

	"jalon/internal/bilingual"
)

// Section is one section of an activity report: words of the holder, or
// something that Jalon fills in from the record.
type Section struct {
	Code   string // such as result
	Whole  bool   // of the report as a whole; otherwise there is one for each objective
	Record bool   // filled from the record; the holder writes nothing in it
	Title  bilingual.Text
	Hidden bool // not asked for
}

// Layout is the sections of an activity report in their order. It is data: the
// model that the ministerial decree of 15 May 2025 imposes was not seen, so an
// HR officer gives the sections the order and the titles of that model.
type Layout []Section

// Sections that Jalon can fill from the record, for each objective.
const (
	RecordTargets   = "targets"   // with deadlines as written and as read
	RecordStatuses  = "statuses"  // one for each half-year
	RecordEntries   = "entries"   // what was reported
	RecordDecisions = "decisions" // of the bodies, and the tables as presented
	RecordEvidence  = "evidence"
)

// Records lists the sections filled from the record.
var Records = []string{RecordTargets, RecordStatuses, RecordEntries, RecordDecisions, RecordEvidence}

// MaxSections is how many sections a layout has at most.
const MaxSections = 40

var sectionCode = regexp.MustCompile(`^[a-z][a-z0-9-]{0,29}$`)

// Check says what is wrong with a layout: nil when it can be used. Codes are
// unique, titles are there in both languages, and a section of the record is one
// that Jalon knows, for each objective.
func (l Layout) Check() error {
	if len(l) == 0 || len(l) > MaxSections {
		return fmt.Errorf("%d sections, want 1 to %d", len(l), MaxSections)
	}
	seen := map[string]bool{}
	for _, s := range l {
		switch {
		case !sectionCode.MatchString(s.Code) || seen[s.Code]:
			return fmt.Errorf("section %q: not a code, or twice", s.Code)
		case s.Title.NL == "" || s.Title.FR == "":
			return fmt.Errorf("section %q: a title is missing", s.Code)
		case s.Record != slices.Contains(Records, s.Code) || s.Record && s.Whole:
			return fmt.Errorf("section %q: not a section of the record", s.Code)
		}
		seen[s.Code] = true
	}
	return nil
}

// Written gives the sections that the holder writes, of the whole report or of
// one objective, in their order.
func (l Layout) Written(whole bool) (some Layout) {
	for _, s := range l {
		if s.Whole == whole && !s.Record && !s.Hidden {
			some = append(some, s)
		}
	}
	return some
}

// Shown gives the sections that are asked for, of the whole report or of one objective.
func (l Layout) Shown(whole bool) (some Layout) {
	for _, s := range l {
		if s.Whole == whole && !s.Hidden {
			some = append(some, s)
		}
	}
	return some
}

// Section finds a section by its code.
func (l Layout) Section(code string) (s Section, ok bool) {
	i := slices.IndexFunc(l, func(s Section) bool { return s.Code == code })
	if i < 0 {
		return s, false
	}
	return l[i], true
}

// Around gives the sections of the report as a whole that the holder writes:
// those that stand before the first section of an objective, and the others.
func (l Layout) Around() (before, after Layout) {
	first := slices.IndexFunc(l, func(s Section) bool { return !s.Whole && !s.Hidden })
	if first < 0 {
		first = len(l)
	}
	return l[:first].Written(true), l[first:].Written(true)
}
