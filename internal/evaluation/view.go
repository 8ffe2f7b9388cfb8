package evaluation

import "slices"

// Relation is how a reader stands to an evaluation.
type Relation string

// Relations. Nobody is in two of them: who is evaluated is nothing else in
// their own case.
const (
	Holder   Relation = "holder"   // whom it is about
	Officer  Relation = "officer"  // of HR of the institution
	Assessor Relation = "assessor" // who was named to read it, between two days
)

// For gives what a reader may see of a case. Officers and assessors see all but
// what the holder is still writing. The holder sees opinions, with the documents
// that hold them, from the stage that the case names, and the conclusion once
// told of it. Of confidential evidence an assessor sees that it is there and its
// hash, not its name.
func (c Case) For(r Relation) Case {
	if r != Holder {
		c.Drafts = nil
	}
	switch r {
	case Officer:
		return c
	case Assessor:
		c.Record.Files = slices.Clone(c.Record.Files)
		for i := range c.Record.Files {
			if f := &c.Record.Files[i].File; f.Confidential {
				f.Name = ""
			}
		}
		return c
	case Holder:
		if !c.OpinionsShown() {
			c.Opinions = nil
		}
		if !c.ConclusionShown() {
			c.Conclusions = nil
		}
		c.Documents = slices.DeleteFunc(slices.Clone(c.Documents), func(d SignedDocument) bool { return !c.ShowsHolder(d.About) })
		return c
	}
	return Case{ID: c.ID}
}

// OpinionsShown reports whether the holder reads opinions.
func (c Case) OpinionsShown() bool { return Reached(c.Steps, c.ShownFrom) }

// ConclusionShown reports whether the holder reads the conclusion.
func (c Case) ConclusionShown() bool { return Reached(c.Steps, Concluded) }

// ShowsHolder reports whether the holder reads documents about something.
func (c Case) ShowsHolder(a About) bool {
	switch a {
	case AboutOpinion:
		return c.OpinionsShown()
	case AboutConclusion:
		return c.ConclusionShown()
	}
	return true
}
