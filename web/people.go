package web

import "time"

// PeopleView lists the people and their roles, for the administrator. Creating
// posts name, email, lang, role, scope and idempotency_key to CreateURL; giving
// a role posts person, grant_role, grant_scope and idempotency_key to GrantURL.
type PeopleView struct {
	Frame
	People         []Person
	CreateURL      string
	GrantURL       string
	Values         PersonValues
	Grant          GrantValues
	Roles          []Option
	Scopes         []Option // mandates and institutions that a role can be for
	IdempotencyKey string
	Link           *PasswordLink // to be handed over; nil when it is mailed
}

// Person is one account. A URL that is "" hides its button.
type Person struct {
	ID         string
	Name       string
	Email      string
	Lang       string        // nl or fr
	Roles      []string      // that follow from a mandate
	Grants     []PersonGrant // that an administrator gave
	Disabled   bool
	Self       bool // the reader
	LastSignIn time.Time
	DisableURL string // POST
	EnableURL  string // POST
	ResetURL   string // POST
	SignOnURL  string // who they are at the identity provider

	SecondFactor    bool   // is in use
	RemoveFactorURL string // POST
}

// choices lists the people who can be given a role: nobody gives one to themself.
func (v PeopleView) choices() []Option {
	var options []Option
	for _, p := range v.People {
		if !p.Self && !p.Disabled {
			options = append(options, Option{Value: p.ID, Label: p.Name + " (" + p.Email + ")"})
		}
	}
	return options
}

// PersonValues are the fields of a new person as typed.
type PersonValues struct {
	Name, Email, Lang, Role, Scope string
}

// PersonGrant is one role that can be taken back. RevokeURL "" hides the button.
type PersonGrant struct {
	ID        string
	Label     string
	RevokeURL string // POST
}

// GrantValues are the fields of a role to be given, as typed.
type GrantValues struct {
	Person, Role, Scope string
}

// PasswordLink is shown once, on the answer to the request that made it.
type PasswordLink struct {
	Name  string
	Email string
	URL   string
	Until time.Time
}
