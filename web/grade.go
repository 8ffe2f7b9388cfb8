package web

import "jalon/internal/evaluation"

// GradesView is the list of mentions that a conclusion can have. Without URLs
// the reader does not change it.
type GradesView struct {
	Frame
	Grades         []GradeLine
	AddURL         string // POST
	ChangeURL      string // POST
	NL, FR, From   string // of a new one, as typed
	IdempotencyKey string
}

// GradeLine is one mention, with its place and last day as typed.
type GradeLine struct {
	evaluation.Grade
	Place, Until string
}

func (l GradeLine) key() string { return itoa(int(l.ID)) }

// ChapterLine is a chapter of dossiers, as typed.
type ChapterLine struct{ Code, Order, NL, FR string }
