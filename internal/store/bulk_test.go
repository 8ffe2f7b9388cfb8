package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/generate"
	"jalon/internal/mandate"
	"jalon/internal/store"
	"jalon/internal/testing/pgtest"
	"jalon/migrations"
)

func openNew(t *testing.T) *store.Store {
	t.Helper()
	h := sha256.New()
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		raw, err := migrations.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		h.Write(raw)
	}
	s, err := store.Open(store.AsSystem(context.Background()), pgtest.Database(t, store.Migrate, hex.EncodeToString(h.Sum(nil))), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func TestWhatIsCopiedInIsAsIfItWasStored(t *testing.T) {
	ctx := store.AsSystem(context.Background())
	s := openNew(t)
	until := calendar.HalfYear{Year: 2026, Half: 2}
	b := generate.Make(generate.Options{Mandates: 14, Years: 2, Until: until, Seed: 3})
	wanted := 0
	for i := range b.Mandates {
		for range b.Entries(i) {
			wanted++
		}
	}
	if n, err := s.CopyIn(ctx, b); err != nil || n != wanted {
		t.Fatalf("%d entries, want %d: %v", n, wanted, err)
	}
	if _, err := s.CopyIn(ctx, b); !errors.Is(err, store.ErrExists) {
		t.Errorf("a second time: %v", err)
	}

	// the letters are those that were asked for
	for i, m := range b.Mandates {
		sheet, _, err := s.Sheet(ctx, store.SheetQuestion{Code: m.Code, AsOf: until.End()})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(wordsOf(m), wordsOf(sheet.Mandate)); diff != "" {
			t.Fatalf("%s: asked (-) stored (+)\n%s", m.Code, diff)
		}
		for _, target := range sheet.Mandate.Targets() {
			if e := sheet.Latest[target.ID]; e != nil && e.Author != b.Holders[i].Name {
				t.Errorf("%s: entry by %s", target.Code, e.Author)
			}
		}
	}

	// storing a letter in the usual way finds it there, and continues the ids
	m := b.Mandates[0]
	_, _, _, err := s.StoreLetter(ctx, store.Submission{Action: "import letter"}, store.Letter{Mandate: m, Institution: m.Institution, Lang: "nl"})
	if err != nil {
		t.Errorf("the same letter again: %v", err)
	}
	m.Code = "NEW-1"
	_, _, _, err = s.StoreLetter(ctx, store.Submission{Action: "import letter"}, store.Letter{Mandate: m, Institution: m.Institution, Lang: "nl"})
	if err != nil {
		t.Errorf("a new letter: %v", err)
	}

	// the cells are those of a look-up
	for half := until; half.String() >= "2025-H1"; half = half.Previous() {
		question := store.OverviewQuestion{Scope: access.Scope{Institutions: []int64{1, 2}}, Period: half, AsOf: half.End(), Live: true, Before: half.Previous()}
		if half == until {
			if _, err := s.FillCells(ctx, half); err != nil { // of the new letter
				t.Fatal(err)
			}
		}
		cells, err := s.Overview(ctx, question)
		if err != nil {
			t.Fatal(err)
		}
		question.Live = false
		looked, err := s.Overview(ctx, question)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(looked, cells); diff != "" || len(cells) != 15 {
			t.Errorf("%s: %d mandates; looked up (-) cells (+)\n%s", half, len(cells), diff)
		}
	}
}

func wordsOf(m mandate.Mandate) (words []string) {
	words = append(words, m.Title.NL, m.Title.FR, m.Institution.Code)
	for _, o := range m.Objectives {
		words = append(words, o.Code.String(), o.Title.NL, o.Title.FR)
		for _, p := range o.Points {
			words = append(words, p.Code.String(), p.Text.NL, p.Text.FR)
			for _, t := range p.Targets {
				words = append(words, t.Code.String(), t.Text.NL, string(t.Text.FRState), t.Deadline.Text.FR, t.Deadline.Reading.Reading)
			}
		}
	}
	return words
}
