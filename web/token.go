package web

import (
	"time"

	"jalon/internal/calendar"
)

// TokensView lists keys to the interface for programs: the reader's own, or those of machines.
type TokensView struct {
	Frame
	Machines       bool
	MayRecord      bool // whoever makes the token records values
	Tokens         []TokenLine
	Secret         string // just made: shown this once
	APIURL         string
	Action         string
	Mandates       []Option // of machines
	Form           TokenForm
	IdempotencyKey string
}

// TokenLine is one key. EndURL is "" when it opens nothing any more.
type TokenLine struct {
	Key, Name, Hint, Mandate, By string
	Scopes                       []string
	Created                      time.Time
	ExpiresOn, LastUsed          calendar.Date // zero LastUsed: never
	Expired                      bool
	EndURL                       string
}

// TokenForm is what is typed for a new key.
type TokenForm struct {
	Name, ExpiresOn, Mandate string
	Read, Values             bool
}

// scopes says what a key is for.
func (v TokensView) scopes(t TokenLine) string {
	var words []string
	for _, scope := range t.Scopes {
		words = append(words, v.T("token.scope."+scope))
	}
	return joined(append(words, t.Mandate)...)
}
