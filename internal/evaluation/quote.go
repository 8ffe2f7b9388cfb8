package evaluation

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

// A text quotes an entry by its number between brackets, such as [#1234], where
// the footnote is to stand.
var reference = regexp.MustCompile(`\[#([1-9][0-9]{0,17})\]`)

// Reference is how a text quotes an entry.
func Reference(entry int64) string { return "[#" + strconv.FormatInt(entry, 10) + "]" }

// Piece is a part of a text: words, or the place of a footnote.
type Piece struct {
	Text  string
	Entry int64 // that the footnote leads to; 0 for words
}

// Pieces cuts a text at its references.
func Pieces(text string) (pieces []Piece) {
	at := 0
	for _, m := range reference.FindAllStringSubmatchIndex(text, -1) {
		if m[0] > at {
			pieces = append(pieces, Piece{Text: text[at:m[0]]})
		}
		id, _ := strconv.ParseInt(text[m[2]:m[3]], 10, 64)
		pieces = append(pieces, Piece{Entry: id})
		at = m[1]
	}
	if at < len(text) {
		pieces = append(pieces, Piece{Text: text[at:]})
	}
	return pieces
}

// Quoted lists the entries that a text quotes, each once, in their order.
func Quoted(text string) (entries []int64) {
	for _, p := range Pieces(text) {
		if p.Entry != 0 && !slices.Contains(entries, p.Entry) {
			entries = append(entries, p.Entry)
		}
	}
	return entries
}

// Unsourced lists the sentences of a text that name a figure and quote nothing.
// It is a hint for whoever writes: a year or a list number is a figure too.
func Unsourced(text string) (sentences []string) {
	for _, s := range sentencesOf(text) {
		if strings.ContainsFunc(reference.ReplaceAllString(s, ""), unicode.IsDigit) && !reference.MatchString(s) {
			sentences = append(sentences, s)
		}
	}
	return sentences
}

// sentencesOf cuts a text after a full stop, question or exclamation mark that
// white space follows, and at line ends. A reference after the stop belongs to
// the sentence before it.
func sentencesOf(text string) (all []string) {
	add := func(s string) {
		if s = strings.TrimSpace(s); s == "" {
			return
		}
		if len(all) > 0 && strings.TrimSpace(reference.ReplaceAllString(s, "")) == "" {
			all[len(all)-1] += " " + s
			return
		}
		all = append(all, s)
	}
	for line := range strings.Lines(text) {
		rest := []rune(line)
		for i := 0; i+1 < len(rest); i++ {
			if strings.ContainsRune(".?!", rest[i]) && unicode.IsSpace(rest[i+1]) {
				end := i + 1
				if m := reference.FindStringIndex(strings.TrimLeftFunc(string(rest[end:]), unicode.IsSpace)); m != nil && m[0] == 0 {
					spaces := len(rest[end:]) - len([]rune(strings.TrimLeftFunc(string(rest[end:]), unicode.IsSpace)))
					end += spaces + m[1] // a reference holds no sign beyond ASCII
				}
				add(string(rest[:end]))
				rest, i = rest[end:], -1
			}
		}
		add(string(rest))
	}
	return all
}

// Quote is an entry that a submitted report quotes.
type Quote struct {
	Number     int // of the footnote, from 1, once for each entry
	EntryID    int64
	Version    int // of what was reported: 1, and one more for each correction before it
	Target     mandate.Code
	AsOf       calendar.Date // what the entry speaks of
	RecordedAt time.Time
	Author     string
	Status     progress.Status
	Entry      progress.Entry // whole
	// ChangedBy is the entry that corrects it: 0 when it stands as it was quoted.
	ChangedBy int64
	ChangedAt time.Time
}

// Changed reports whether the entry was corrected since.
func (q Quote) Changed() bool { return q.ChangedBy != 0 }

// Footnotes numbers the entries that texts quote, in the order of the layout and
// of the parts, each entry once. unknown are references to what the record does
// not hold: to nothing, or to something outside the period.
func Footnotes(l Layout, parts []string, texts []Text, r Record) (quotes []Quote, unknown []int64) {
	for _, t := range InOrder(l, parts, texts) {
		for _, id := range Quoted(t.Text) {
			known := slices.ContainsFunc(quotes, func(q Quote) bool { return q.EntryID == id }) || slices.Contains(unknown, id)
			e, ok := r.Entry(id)
			switch {
			case known:
			case !ok:
				unknown = append(unknown, id)
			default:
				quotes = append(quotes, Quote{
					Number: len(quotes) + 1, EntryID: id, Version: r.VersionOf(id),
					AsOf: e.AsOf, RecordedAt: e.RecordedAt, Author: e.Author, Status: e.Status, Entry: e,
				})
			}
		}
	}
	return quotes, unknown
}

// InOrder gives the texts that are not empty as they are read: the sections of
// the report as a whole that stand before those of the objectives, each
// objective with its sections, and the sections of the whole that follow.
func InOrder(l Layout, parts []string, texts []Text) (all []Text) {
	find := func(part string, s Section) {
		i := slices.IndexFunc(texts, func(t Text) bool { return t.Part == part && t.Section == s.Code })
		if i >= 0 && texts[i].Text != "" {
			all = append(all, texts[i])
		}
	}
	before, after := l.Around()
	for _, s := range before {
		find(General, s)
	}
	for _, part := range parts {
		for _, s := range l.Written(false) {
			find(part, s)
		}
	}
	for _, s := range after {
		find(General, s)
	}
	return all
}
