package web

import "time"

// PeopleView lists the people and their roles, for the administrator. Creating
// posts name, email, lang, role, scope and idempotency_key to CreateURL.
type PeopleView struct {
	Frame
	People         []Person
	CreateURL      string
	Values         PersonValues
	Roles          []Option
	Scopes         []Option // mandates and institutions that a role can be for
	IdempotencyKey string
	OneTime        *OneTimePassword
}

// Person is one account. A URL that is "" hides its button.
type Person struct {
	ID         string
	Name       string
	Email      string
	Lang       string // nl or fr
	Roles      []string
	Disabled   bool
	Self       bool // the reader
	LastSignIn time.Time
	DisableURL string // POST
	EnableURL  string // POST
	ResetURL   string // POST
}

// PersonValues are the fields of a new person as typed.
type PersonValues struct {
	Name, Email, Lang, Role, Scope string
}

// OneTimePassword is shown once, on the answer to the request that made it.
type OneTimePassword struct {
	Name     string
	Email    string
	Password string
	Until    time.Time // zero when it does not end
}
