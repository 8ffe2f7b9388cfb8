package web

import (
	"slices"
	"strings"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
)

// DelegationsView lists who may report for the holder of a mandate.
type DelegationsView struct {
	Frame
	Mandate        MandateHead
	Given          []DelegationLine // those that count now first
	Action         string           // of the form (POST); "" when the reader may not give one
	Objectives     []DelegationObjective
	Form           DelegationForm
	IdempotencyKey string
}

// DelegationLine is one delegation.
type DelegationLine struct {
	ID          string
	To, Email   string
	By          string
	Objectives  []mandate.Code // none: the whole mandate
	From, Until calendar.Date
	State       mandate.DelegationState
	RevokedAt   time.Time // zero: it was not
	RevokedBy   string    // "" for the system
	RevokeURL   string    // (POST); "" when there is nothing to revoke
}

// DelegationObjective is an objective that can be delegated.
type DelegationObjective struct {
	Code  mandate.Code
	Title bilingual.Text
}

// DelegationForm is what was typed. Scope is whole or some.
type DelegationForm struct {
	Email, Scope, From, Until string
	Chosen                    []mandate.Code
}

func (f DelegationForm) chosen(c mandate.Code) bool { return slices.Contains(f.Chosen, c) }

// DueDelegation tells a delegate for whom they report.
type DueDelegation struct {
	Mandate    bilingual.Text
	URL        string
	For        string
	Objectives []mandate.Code // none: the whole mandate
	Until      calendar.Date
}

// codes lists codes as the reader knows them.
func (f Frame) codes(all []mandate.Code) string {
	words := make([]string, len(all))
	for i, c := range all {
		words[i] = f.Printer.Code(c)
	}
	return strings.Join(words, ", ")
}

// scope says on what a delegation is.
func (f Frame) scope(objectives []mandate.Code) string {
	if len(objectives) == 0 {
		return f.T("delegation.whole")
	}
	return f.codes(objectives)
}

// part says which objectives the reader sees, when it is not the whole mandate.
func (f Frame) part(m MandateHead) string {
	if len(m.Part) == 0 {
		return ""
	}
	return f.T("delegation.part", "Objectives", f.codes(m.Part))
}

// byAnother names who wrote an entry when it was not the holder.
func (f Frame) byAnother(e *monitoring.Entry) string {
	if e.OnBehalfOf == "" {
		return ""
	}
	return f.by(e.Author, e.OnBehalfOf)
}

// by names who wrote something, and for whom.
func (f Frame) by(who, behalf string) string {
	if behalf == "" {
		return who
	}
	return f.T("entry.by_for", "Who", who, "Name", behalf)
}
