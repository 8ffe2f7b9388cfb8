package store

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jalon/internal/search"
)

// The database folds as the package search does, or marks would stand nowhere.
func TestTheDatabaseFoldsAsSearchDoes(t *testing.T) {
	s := open(t)
	var every []rune
	for r := rune(1); r < 0x250; r++ {
		every = append(every, r)
	}
	for r := rune(0x2000); r < 0x2200; r++ {
		every = append(every, r)
	}
	for r := rune(0x300); r < 0x370; r++ {
		every = append(every, r)
	}
	text := string(every) + "œŒæÆßĳĲ\ufeff"
	if got, want := scan[string](t, s, `SELECT fold($1)`, text), search.Fold(text); got != want {
		g, w := []rune(got), []rune(want)
		for i := range min(len(g), len(w)) {
			if g[i] != w[i] {
				t.Fatalf("letter %d: the database has %q, search %q (after %q)", i, g[i], w[i], string(w[max(0, i-5):i]))
			}
		}
		t.Fatalf("%d letters, want %d", len(g), len(w))
	}
}

// Dutch writes several words as one: each of them is found, and marked, within.
func TestAWordIsFoundWithinALongerOne(t *testing.T) {
	s := open(t)
	const text = "Het Ziekteverzuim in de directie terugdringen, met coördinatievergaderingen."
	for typed, want := range map[string]string{
		"verzuim": "verzuim", "VERZUI": "verzui", "vergader": "vergader", "terugdringen verzuim": "verzuim terugdringen", "het verzuim": "verzuim",
		"coordinatie": "coördinatie", "vergaderingen": "vergaderingen", "dringen": "dringen",
		"zui": "", "ekte": "", "verzuim elders": "", "verzuimd elders": "", "verzuim wel": "", "met verzuim": "verzuim",
	} {
		q := search.Parse(typed)
		found := scan[bool](t, s, `SELECT words_of($1, '') || endings_of($1) @@ search_within($2)`, text, q.Words)
		var marked []string
		for _, p := range q.MarkWithin(text, "") {
			if p.Found {
				marked = append(marked, strings.ToLower(p.Text))
			}
		}
		if got := strings.Join(marked, " "); found != (want != "") || found && got != want {
			t.Errorf("%q: found %t, marked %q, want %q", typed, found, got, want)
		}
	}
}

// The database makes an index, and looks after it, without a search path (from
// version 17 on): what an index calls must find what it needs all the same.
func TestIndexesNeedNoSearchPath(t *testing.T) {
	s := open(t)
	tx, err := s.pool.Begin(AsSystem(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.Background()) }()
	if _, err := tx.Exec(t.Context(), `SET LOCAL search_path = pg_catalog, pg_temp`); err != nil {
		t.Fatal(err)
	}
	var found bool
	err = tx.QueryRow(t.Context(), `
		SELECT public.marked_words_of('nl', w, 1, '2026-06-30') @@ public.search_within('{verzuim}')
			AND public.words_of(w, w) || public.endings_of(w) @@ public.search_within('{verzuim}')
		FROM (VALUES ('Het ziekteverzuim daalt')) v (w)`).Scan(&found)
	if err != nil || !found {
		t.Errorf("found: %t, %v", found, err)
	}
}

// Whatever an amendment or a letter holds can be stored: a word without end, and
// more long words than a text ever has, have no more endings than an index takes.
func TestNoTextHasTooManyEndings(t *testing.T) {
	s := open(t)
	var many strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&many, "%s%d ", strings.Repeat("ж", 36), 1000+i)
	}
	for name, text := range map[string]string{"a word without end": strings.Repeat("abcdefghij", 2000), "a long text of long words": many.String()} {
		if n := scan[int](t, s, `SELECT length(endings_of($1))`, text); n > 10_000 {
			t.Errorf("%s has %d endings", name, n)
		}
	}
}

// Every question is one that the database understands, and what it marks is
// the text that it was given.
func TestEveryTextIsMarkedWhereItsWordsAre(t *testing.T) {
	s := open(t)
	words := rapid.StringOfN(rapid.RuneFrom([]rune("aéœABct ’-/.@:<>&e\u0301'")), 1, 30, -1)
	rapid.Check(t, func(r *rapid.T) {
		text := words.Draw(r, "text")
		first, last, beginning := search.Parse(text).Terms()
		var marked []string // a word that every text holds in one language may not in the other
		for _, lang := range []string{"dutch", "french"} {
			marked = append(marked, scan[string](t, s, `SELECT ts_headline($5::regconfig, fold($1), search_query($2, $3, $4), E'HighlightAll=true, StartSel=\x02, StopSel=\x03')`, text, first, last, beginning, lang))
		}
		asked := scan[int](t, s, `SELECT numnode(search_query($1, $2, $3))`, first, last, beginning)
		found := scan[bool](t, s, `SELECT words_of($1, $1) @@ search_query($2, $3, $4)`, text, first, last, beginning)
		if asked > 0 && !found {
			r.Fatalf("%q does not find itself", text)
		}
		if asked > 0 && !search.HasFound(search.Mark(text, marked...)) {
			r.Fatalf("%q is marked nowhere: %q", text, marked)
		}
	})
}
