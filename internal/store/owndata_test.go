package store

import (
	"context"
	"fmt"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"jalon/internal/access"
)

// Who held a mandate is told who read or exported their evaluation also after
// they left, and nothing that was read of a successor.
func TestAFormerHolderIsToldWhoReadTheirEvaluation(t *testing.T) {
	b, ctx := newBench(t), AsSystem(context.Background())
	m := b.aMandate(t, small("MA"))
	o := b.planned(t, m)
	officer := person(t, b.Store, "hr@jalon.example")
	object := fmt.Sprintf("evaluation/%d", o.EvaluationID)
	for _, e := range []Event{
		{Action: ActionRead, Object: object},
		{Action: ActionExportEvaluation, Object: object},
		{Action: ActionExportEvaluation, Object: fmt.Sprintf("evaluation/%d", o.EvaluationID+1)}, // of somebody else
		{Action: ActionExportTable, Object: "table/MA/2026-H1"},
	} {
		e.ActorID, e.MandateID, e.Detail = officer, m.ID, map[string]any{"role": access.HROfficer, "purpose": "evaluation"}
		if err := b.Audit(ctx, e); err != nil {
			t.Fatal(err)
		}
	}
	told := func(when string, want ...string) {
		t.Helper()
		if diff := gocmp.Diff(want, ownRows(t, b.Store, b.by, "readings", "action")); diff != "" {
			t.Errorf("%s: want (-) got (+)\n%s", when, diff)
		}
	}
	told("in office", ActionRead, ActionExportEvaluation, ActionExportTable)
	exec(t, b.Store, `UPDATE tenure SET ends_on = CURRENT_DATE - 1 WHERE mandate_id = $1`, m.ID)
	told("after they left", ActionRead, ActionExportEvaluation)
}

// ownRows gives a column of a section of what is kept about a person.
func ownRows(t testing.TB, s *Store, personID int64, key, column string) (lines []string) {
	t.Helper()
	sections, err := s.OwnData(context.Background(), personID)
	if err != nil {
		t.Fatal(err)
	}
	for _, section := range sections {
		if section.Key != key {
			continue
		}
		at := slices.Index(section.Columns, column)
		for _, row := range section.Rows {
			lines = append(lines, fmt.Sprint(row[at]))
		}
	}
	return lines
}
