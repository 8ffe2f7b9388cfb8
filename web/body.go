package web

import (
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
)

// BodiesView lists the bodies of every institution and who sits on them. Adding
// a body posts institution, code, name_nl, name_fr and idempotency_key to
// AddURL; giving a seat posts body, person, seat_role, from, until and
// idempotency_key to SeatURL.
type BodiesView struct {
	Frame
	Groups         []InstitutionBodies
	AddURL         string
	SeatURL        string
	Institutions   []Option
	Bodies         []Option
	People         []Option
	New            BodyValues
	Seat           SeatValues
	IdempotencyKey string
}

// InstitutionBodies are the bodies of one institution.
type InstitutionBodies struct {
	Code       string
	Name       bilingual.Text
	Bodies     []BodyLine
	Everywhere []SeatLine // who sits on every body of the institution
}

// BodyLine is one body.
type BodyLine struct {
	ID           string
	Code         string
	Name         bilingual.Text
	HasSecretary bool // today
	Seats        []SeatLine
}

// SeatLine is one membership of a body. URL leads to its end; "" for none.
type SeatLine struct {
	Name        string
	Role        string // committee_member or secretary
	From, Until calendar.Date
	Future      bool
	Disabled    bool // the account
	URL         string
}

// BodyValues are the fields of a new body as typed.
type BodyValues struct {
	Institution, Code, NL, FR, Reach string
}

// SeatValues are the fields of a seat to be given, as typed.
type SeatValues struct {
	Body, Person, Role, From, Until string
}

// SeatView is one membership, and its end: posts until and idempotency_key to EndURL.
type SeatView struct {
	Frame
	Institution, Body bilingual.Text
	Seat              SeatLine
	Until             string
	EndURL            string
	IdempotencyKey    string
}

// seatRoles are the two seats of a body.
func (f Frame) seatRoles() []Option {
	return []Option{{"committee_member", f.T("body.role.committee_member")}, {"secretary", f.T("body.role.secretary")}}
}

func (v BodiesView) reaches() []Option {
	var all []Option
	for _, value := range []string{"all", "addressed", "external"} {
		all = append(all, Option{Value: value, Label: v.T("body.reach." + value)})
	}
	return all
}
