package site

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) delegationRoutes() []route {
	const list = "/mandates/{m}/delegations"
	return []route{
		{method: http.MethodGet, pattern: list, action: access.ViewDelegations, handler: s.showDelegations, past: true},
		{method: http.MethodPost, pattern: list, action: access.GiveDelegation, handler: s.giveDelegation},
		{method: http.MethodPost, pattern: list + "/{delegation}/revoke", action: access.GiveDelegation, handler: s.revokeDelegation},
	}
}

// delegating is a mandate with the delegations that were ever given of it.
type delegating struct {
	mandate mandate.Mandate // as of the day of the page
	given   []mandate.Delegation
}

// openDelegations reads them, once the visitor may do the action.
func (s *Site) openDelegations(v *visit, action access.Action) (delegating, error) {
	sheet, _, err := s.askSheet(v, action, store.SheetQuestion{})
	if err != nil {
		return delegating{}, err
	}
	d := delegating{mandate: sheet.Mandate}
	all, err := s.Store.Delegations(v.Context(), sheet.Mandate.ID, v.asOf)
	for _, one := range all {
		if v.past() {
			then, given := one.At(v.asOf, v.known)
			if !given {
				continue
			}
			one = then
		}
		d.given = append(d.given, one)
	}
	return d, err
}

func (s *Site) showDelegations(w http.ResponseWriter, v *visit) error {
	d, err := s.openDelegations(v, access.ViewDelegations)
	if err != nil {
		return err
	}
	view := s.delegationsView(v, d)
	view.Form.From = v.print.Date(v.today)
	return s.render(w, v, http.StatusOK, web.DelegationsPage(view))
}

func (s *Site) delegationsView(v *visit, d delegating) web.DelegationsView {
	m := d.mandate
	here := v.path("/mandates/" + m.Code + "/delegations")
	view := web.DelegationsView{
		Frame: s.frame(v, v.print.T("delegation.title"), v.crumbs(m)...), Mandate: headOf(v, m), IdempotencyKey: newKey(),
	}
	mayGive := !v.past() && v.may(access.GiveDelegation, objectOf(m))
	if mayGive {
		view.Action = here
		for _, o := range m.Objectives {
			view.Objectives = append(view.Objectives, web.DelegationObjective{Code: o.Code, Title: o.Title})
		}
	}
	for _, g := range d.given {
		line := web.DelegationLine{
			ID: strconv.FormatInt(g.ID, 10), To: g.To, Email: g.ToEmail, By: g.By, Objectives: g.Objectives, From: g.From, Until: g.Ends,
			State: g.State(v.asOf), RevokedAt: g.RevokedAt, RevokedBy: g.RevokedBy,
		}
		if g.Ends.Before(g.From) {
			line.Until = g.Until // it never began
		}
		if mayGive && (line.State == mandate.DelegationInForce || line.State == mandate.DelegationComing) {
			line.RevokeURL = here + "/" + line.ID + "/revoke"
		}
		view.Given = append(view.Given, line)
	}
	return view
}

// giveDelegation lets the person with an address report for the holder who sends the form.
func (s *Site) giveDelegation(w http.ResponseWriter, v *visit) error {
	f, err := v.form("idempotency_key", "email", "scope", "from", "until", "objective.*")
	if err != nil {
		return err
	}
	f.label(map[string]string{"email": "delegation.email", "scope": "delegation.scope", "from": "delegation.from", "until": "delegation.until"})
	d, err := s.openDelegations(v, access.GiveDelegation)
	if err != nil {
		return err
	}
	sub, err := v.submission(f.raw("idempotency_key"), "give delegation")
	if err != nil {
		return err
	}
	to, err := s.delegateOf(v, f)
	if err != nil {
		return err
	}
	given, typed, err := readDelegation(v, f, d.mandate)
	if err != nil {
		return err
	}
	given.ToID = to
	if f.ok() {
		var location string
		location, _, err = s.Store.Delegate(v.Context(), sub, d.mandate.ID, given, s.Now(), v.path("/mandates/"+d.mandate.Code+"/delegations"))
		if err == nil {
			tell(w, web.NoticeDone, "delegation.given")
			return redirect(w, location)
		}
		switch {
		case errors.Is(err, store.ErrDelegated):
			f.refuseOverlap(d.given, given)
		case errors.Is(err, store.ErrPartial):
			f.refuse("email", "delegation.partial")
		default:
			return err
		}
	}
	view := s.delegationsView(v, d)
	view.Form, view.IdempotencyKey, view.Errors = typed, f.raw("idempotency_key"), f.errs
	return s.render(w, v, http.StatusUnprocessableEntity, web.DelegationsPage(view))
}

// Scopes of the form.
const (
	wholeMandate   = "whole"
	someObjectives = "some"
)

// readDelegation reads scope and days, and gives back what was typed. An
// objective that the mandate has not is refused as a whole: the page offers none.
func readDelegation(v *visit, f *form, m mandate.Mandate) (mandate.Delegation, web.DelegationForm, error) {
	typed := web.DelegationForm{
		Email: f.line("email", 254), Scope: f.choice("scope", wholeMandate, someObjectives), From: f.line("from", 20), Until: f.line("until", 20),
	}
	d := mandate.Delegation{ByID: v.viewer.PersonID}
	ticked := 0
	for _, name := range f.names() {
		if strings.HasPrefix(name, "objective.") {
			ticked++
		}
	}
	for _, o := range m.Objectives {
		if f.has("objective." + o.Code.String()) {
			typed.Chosen = append(typed.Chosen, o.Code)
		}
	}
	if ticked != len(typed.Chosen) {
		return d, typed, badRequest("error.form.field")
	}
	switch f.required("scope", typed.Scope); {
	case typed.Scope == someObjectives && ticked == 0:
		f.refuse("scope", "delegation.no_objective")
	case typed.Scope == someObjectives:
		d.Objectives = typed.Chosen
	case typed.Scope == wholeMandate && ticked > 0: // one of the two was not meant
		f.refuse("scope", "delegation.scope_unclear")
	}
	d.From = f.date("from", f.required("from", typed.From))
	d.Until = f.date("until", f.required("until", typed.Until))
	if d.From.IsZero() || d.Until.IsZero() {
		return d, typed, nil
	}
	switch err := d.CheckDays(v.today, m.Holder); {
	case errors.Is(err, mandate.ErrDelegationPast):
		f.refuse("from", "delegation.past")
	case errors.Is(err, mandate.ErrDelegationReversed):
		f.refuse("until", "delegation.reversed")
	case errors.Is(err, mandate.ErrDelegationTenure):
		f.refuse("until", "delegation.after_tenure", "Date", v.print.Date(m.Holder.Until))
	case errors.Is(err, mandate.ErrDelegationLong):
		f.refuse("until", "delegation.long", "Date", v.print.Date(d.From.AddMonths(mandate.LongestDelegation)))
	}
	return d, typed, nil
}

// delegateOf finds the active account with an address. Why there is none is not told.
func (s *Site) delegateOf(v *visit, f *form) (int64, error) {
	typed := f.line("email", 254)
	if f.required("email", typed) == "" {
		return 0, nil
	}
	address, valid := MailAddress(typed)
	if !valid {
		f.refuse("email", "error.form.email")
		return 0, nil
	}
	who, err := s.Store.CredentialsByEmail(v.Context(), address)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && who.Disabled:
		f.refuse("email", "delegation.unknown")
		return 0, nil
	case err != nil:
		return 0, err
	case who.PersonID == v.viewer.PersonID:
		f.refuse("email", "delegation.self")
	}
	return who.PersonID, nil
}

// refuseOverlap names the days that stand in the way.
func (f *form) refuseOverlap(given []mandate.Delegation, wanted mandate.Delegation) {
	at := slices.IndexFunc(given, func(g mandate.Delegation) bool {
		return g.ToID == wanted.ToID && g.RevokedAt.IsZero() && g.Overlaps(wanted)
	})
	var from, until calendar.Date
	if at >= 0 { // else it was given a moment ago, in another window
		from, until = given[at].From, given[at].Until
	} else {
		from, until = wanted.From, wanted.Until
	}
	f.refuse("from", "delegation.overlap", "From", f.print.Date(from), "Until", f.print.Date(until))
}

type revokeForm struct {
	Key string `form:"idempotency_key,raw"`
}

// revokeDelegation ends a delegation at once, however often it is asked.
func (s *Site) revokeDelegation(w http.ResponseWriter, v *visit) error {
	in, _, err := decode[revokeForm](v)
	if err != nil {
		return err
	}
	object, _, err := s.Store.MandateObject(v.Context(), chi.URLParam(v.Request, "m"))
	if err != nil {
		return err
	}
	if err := s.allow(v, access.GiveDelegation, object); err != nil {
		return err
	}
	id, err := v.number("delegation")
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "revoke delegation")
	if err != nil {
		return err
	}
	list := v.path("/mandates/" + chi.URLParam(v.Request, "m") + "/delegations")
	location, _, err := s.Store.RevokeDelegation(v.Context(), sub, object.MandateID, id, s.Now(), list)
	if err != nil {
		return err
	}
	tell(w, web.NoticeDone, "delegation.revoked")
	return redirect(w, location)
}
