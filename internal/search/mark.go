package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Signs that the database sets around a word that was found.
const (
	opens  = '\x02'
	closes = '\x03'
)

// Piece is a part of a text: a word that was found, or what stands between.
type Piece struct {
	Text  string
	Found bool
}

// Mark cuts a text where its words were found. Each marked text is the text as
// the database folded it, with signs around words. One that does not belong to
// the text marks nothing.
func Mark(text string, marked ...string) []Piece {
	found := make([]bool, utf8.RuneCountInString(text))
	for _, m := range marked {
		at := placesOf(text, m)
		for i := range at {
			found[i] = found[i] || at[i]
		}
	}
	return cutAt(text, found)
}

// cutAt cuts a text where what was found begins and ends, told letter by letter.
func cutAt(text string, found []bool) (pieces []Piece) {
	i := 0
	for _, r := range text {
		if n := len(pieces); n > 0 && pieces[n-1].Found == found[i] {
			pieces[n-1].Text += string(r)
		} else {
			pieces = append(pieces, Piece{string(r), found[i]})
		}
		i++
	}
	return pieces
}

// MarkWithin does the same with a Dutch text, and marks the longer words of the
// question also within others: what is found there is marked by nothing that knows words.
func (q Query) MarkWithin(text, marked string) []Piece {
	var folded strings.Builder
	var letters []int // the letter of the text that each byte of folded comes from
	n := 0
	for _, r := range text {
		as := foldRune(r)
		folded.WriteString(as)
		letters = append(letters, slices.Repeat([]int{n}, len(as))...)
		n++
	}
	found := make([]bool, n)
	copy(found, placesOf(text, marked))
	for _, w := range q.Words {
		if utf8.RuneCountInString(w) < minWithin {
			continue
		}
		for from := 0; ; {
			at := strings.Index(folded.String()[from:], w)
			if at < 0 {
				break
			}
			for _, letter := range letters[from+at : from+at+len(w)] {
				found[letter] = true
			}
			from += at + len(w)
		}
	}
	return cutAt(text, found)
}

// placesOf tells of each letter of a text whether a marked text has it between
// the signs; nil when the two are not the same text.
func placesOf(text, marked string) (found []bool) {
	within := false
	rest := marked
	sign := func() {
		for rest != "" && (rest[0] == opens || rest[0] == closes) {
			within = rest[0] == opens
			rest = rest[1:]
		}
	}
	for _, r := range text {
		folded := foldRune(r)
		if folded == "" {
			found = append(found, within)
			continue
		}
		sign()
		after, ok := strings.CutPrefix(rest, folded)
		if !ok && len(folded) > 1 { // œ, with a sign between its letters
			after, ok = strings.CutPrefix(strings.NewReplacer(string(opens), "", string(closes), "").Replace(rest), folded)
		}
		if !ok {
			return nil
		}
		found, rest = append(found, within), after
	}
	sign()
	if rest != "" {
		return nil
	}
	return found
}

// Excerpt keeps the neighbourhood of the first word that was found: at most so
// many letters, cut between words, with … where something was left out.
func Excerpt(pieces []Piece, most int) []Piece {
	total, first := 0, -1
	for _, p := range pieces {
		if p.Found && first < 0 {
			first = total
		}
		total += utf8.RuneCountInString(p.Text)
	}
	if total <= most {
		return pieces
	}
	from := max(0, min(first-most/3, total-most))
	return cut(pieces, from, min(total, from+most), total)
}

func cut(pieces []Piece, from, until, total int) (kept []Piece) {
	at := 0
	for _, p := range pieces {
		runes := []rune(p.Text)
		a, b := max(0, from-at), min(len(runes), until-at)
		if a < b {
			kept = append(kept, Piece{string(runes[a:b]), p.Found})
		}
		at += len(runes)
	}
	if first := &kept[0]; from > 0 {
		if _, after, ok := strings.Cut(first.Text, " "); ok && !first.Found {
			first.Text = after
		}
		first.Text = "…" + first.Text
	}
	if last := &kept[len(kept)-1]; until < total {
		if i := strings.LastIndexByte(last.Text, ' '); i > 0 && !last.Found {
			last.Text = last.Text[:i]
		}
		last.Text += "…"
	}
	return kept
}

// HasFound reports whether any piece was found.
func HasFound(pieces []Piece) bool {
	for _, p := range pieces {
		if p.Found {
			return true
		}
	}
	return false
}
