package demo_test

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/access"
	"jalon/internal/demo"
	"jalon/internal/document"
	"jalon/internal/evidence"
	"jalon/internal/shelf"
	"jalon/internal/store"
)

// Entries of the office have evidence and the concluded evaluation a signed
// document: their contents are on the shelf, and the same at each load.
func TestTheOfficeHasTheSamePapersAtEachLoad(t *testing.T) {
	first, second := papers(t), papers(t)
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("the papers differ between two loads:\n%s", diff)
	}
	if want := len(load[[]struct{}](t, "evidence.json")) + 1; len(first) != want {
		t.Errorf("%d papers, want %d: %v", len(first), want, first)
	}
	for _, kind := range []evidence.Kind{evidence.PDF, evidence.CSV} {
		if !slices.ContainsFunc(first, func(p string) bool { return strings.Contains(p, "."+string(kind)+" ") }) {
			t.Errorf("no paper is a %s", kind)
		}
	}
}

// papers loads an office and lists its papers: name and hash of the content.
func papers(t *testing.T) (all []string) {
	t.Helper()
	s, files := newStore(t), newShelf(t)
	ctx := store.AsSystem(context.Background())
	if _, err := demo.Load(ctx, s, files, newSigner(t), today.End(), plain); err != nil {
		t.Fatal(err)
	}
	rows, err := s.Pool().Query(ctx, `SELECT m.code, e.id FROM evidence e JOIN mandate m ON m.id = e.mandate_id WHERE e.entry_id IS NOT NULL ORDER BY e.id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var code string
		var id int64
		if err := rows.Scan(&code, &id); err != nil {
			t.Fatal(err)
		}
		e, err := s.EvidenceFile(ctx, code, id)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e.Name+" "+e.SHA256)
		readable(t, files, e.File)
	}
	evaluations, err := s.Evaluations(ctx, access.Scope{All: true}, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range evaluations {
		c, err := s.EvaluationCase(ctx, e.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range c.Documents {
			all = append(all, d.File.Name+" "+d.File.SHA256)
			readable(t, files, d.File)
		}
	}
	slices.Sort(all)
	return all
}

// readable wants the content on the shelf, and one page of a PDF.
func readable(t *testing.T, files *shelf.Shelf, f evidence.File) {
	t.Helper()
	r, err := files.Get(f.SHA256)
	if err != nil {
		t.Errorf("%s: %v", f.Name, err)
		return
	}
	defer r.Close()
	content, err := io.ReadAll(r)
	if err != nil || len(content) != f.Size {
		t.Errorf("%s: %d bytes, want %d (%v)", f.Name, len(content), f.Size, err)
	}
	if f.Kind != evidence.PDF {
		return
	}
	if printed, err := document.ReadPDF(content); err != nil || len(printed.Pages) != 1 {
		t.Errorf("%s: %d pages, want one (%v)", f.Name, len(printed.Pages), err)
	}
}
