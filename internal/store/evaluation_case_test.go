package store

import (
	"context"
	"testing"

	"jalon/internal/evaluation"
)

// A case that was only planned can be read whole, with what is settled for it.
func TestACaseIsReadWhole(t *testing.T) {
	ctx := AsSystem(context.Background())
	b := newBench(t)
	o := b.planned(t, b.aMandate(t, small("MA")))
	c, err := b.EvaluationCase(ctx, o.EvaluationID)
	if err != nil {
		t.Fatal(err)
	}
	if c.Stage() != evaluation.Planned || c.Lang != "nl" || c.ShownFrom != evaluation.OpinionsIn || c.Settings.MinimumGroup != 5 || c.Kind.Code != evaluation.Interim {
		t.Errorf("%+v", c)
	}
	if l := c.Layout; l.Check() != nil || len(l.Written(true)) != 2 || len(l.Written(false)) != 4 {
		t.Errorf("layout %+v: %v", l, l.Check())
	}
}
