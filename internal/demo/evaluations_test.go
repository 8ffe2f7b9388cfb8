package demo_test

import (
	"context"
	"slices"
	"testing"

	"jalon/internal/access"
	"jalon/internal/evaluation"
	"jalon/internal/store"
)

// The evaluations of the office show each part of the procedure: a report whose
// every quotation leads to an entry, one of which was corrected since, opinions
// with a reply, a conclusion, and a report that is still being written.
func TestTheEvaluationsOfTheOfficeShowEveryPart(t *testing.T) {
	s := newStore(t)
	loadInto(t, s, newSigner(t))
	ctx := store.AsSystem(context.Background())
	all, err := s.Evaluations(ctx, access.Scope{All: true}, nil, 0)
	if err != nil || len(all) != 3 {
		t.Fatalf("%d evaluations: %v", len(all), err)
	}
	cases := map[evaluation.Stage]evaluation.Case{}
	for _, e := range all {
		c, err := s.EvaluationCase(ctx, e.ID)
		if err != nil {
			t.Fatal(err)
		}
		cases[c.Stage()] = c
		for _, step := range c.Steps {
			if step.On.After(today) {
				t.Errorf("%s: a step on %s, after the last day of the office", e.Mandate.Code, step.On)
			}
		}
		for _, r := range c.Reports {
			for _, text := range r.Texts {
				for _, id := range evaluation.Quoted(text.Text) {
					if _, found := r.Quote(id); !found {
						t.Errorf("%s: %s quotes entry %d, which has no footnote", e.Mandate.Code, text.Part, id)
					}
				}
			}
		}
	}

	open, closed, preparing := cases[evaluation.OpinionsIn], cases[evaluation.Closed], cases[evaluation.Preparing]
	report, handedIn := open.Report()
	if !handedIn || len(report.Quotes) < 20 || !slices.ContainsFunc(report.Quotes, evaluation.Quote.Changed) {
		t.Errorf("the report quotes %d entries; is one of them changed?", len(report.Quotes))
	}
	if len(open.Opinions) != 2 || len(open.Opinions[0].Replies) != 1 || len(open.Replies) != 1 {
		t.Errorf("opinions %+v, replies %+v", open.Opinions, open.Replies)
	}
	if k, given := closed.Conclusion(); !given || k.Grade.Name.NL != "gunstig" || closed.Mandate.Holder.Until.IsZero() {
		t.Errorf("the concluded evaluation: %+v of %+v", k, closed.Mandate.Holder)
	}
	if len(preparing.Drafts) == 0 || len(preparing.Reports) != 0 {
		t.Errorf("drafts %v, reports %v", preparing.Drafts, preparing.Reports)
	}
}
