package web

import (
	"jalon/internal/bilingual"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
)

// AmendmentsView lists what was amended in the letter of a mandate. Who may
// amend it finds the texts that lack a translation, each with a form that
// posts place, lang, words and idempotency_key to TranslateURL.
type AmendmentsView struct {
	Frame
	Mandate        MandateHead
	Amendments     []AmendmentLine // the latest first
	NewURL         string          // "" for whoever may not
	TranslateURL   string
	Untranslated   []Untranslated
	IdempotencyKey string
}

// AmendmentLine is one amendment with what it did, place by place.
type AmendmentLine struct {
	mandate.Amendment
	Places []ChangeOfPlace
}

// ChangeOfPlace is what an amendment does to one place of the letter.
type ChangeOfPlace struct {
	Label    string
	Texts    []TextChange
	Outdated []bilingual.Lang         // languages whose words stay, and are outdated
	Read     *monitoring.DeadlineCell // how the words of a deadline were read; nil for other words, and when nothing was
	Deadline *ChangeOfPlace           // that was added along with the place; nil for none
}

// TextChange compares the words of one language.
type TextChange struct {
	Lang   bilingual.Lang
	Pieces []mandate.Piece
}

// Untranslated is a place without words in a language, or with outdated ones.
type Untranslated struct {
	Key, Label string
	Lang       bilingual.Lang
	Words      string // outdated; "" for none
	Other      string // the words of the other language
	Seen       string // stands for the words of both, which may change meanwhile
}

// field is where the error of its form stands.
func (u Untranslated) field() string { return "words." + string(u.Lang) + "." + u.Key }

// AmendmentView is the form of one amendment. Without a place it asks for one
// by a GET to FormURL; with one it posts to Action: "preview" shows what would
// change, "store" records it.
type AmendmentView struct {
	Frame
	Mandate                      MandateHead
	Action, FormURL, CancelURL   string
	Places                       []Option
	Place, PlaceLabel            string
	Shared                       bool // with the other mandates of the framework
	NL, FR                       string
	Effective, Authority, Reason string
	Scope                        string
	Seen                         string         // stands for the words in force, which may change meanwhile
	Preview                      *ChangeOfPlace // nil until it was asked for
	Reading                      string         // of the new words of a deadline
	IdempotencyKey               string
}

func (v AmendmentView) words(lang bilingual.Lang) string {
	if lang == bilingual.NL {
		return v.NL
	}
	return v.FR
}
