package site

import (
	"net/http"
	"net/url"

	"jalon/internal/access"
	"jalon/internal/store"
	"jalon/web"
)

// proof is how somebody has shown who they are.
type proof string

// Proofs. Whoever signs in at their own organisation has met its second factor there.
const (
	byPassword     proof = "password"
	bySecondFactor proof = "second factor" // after the password
	byOrganisation proof = "organisation"
)

// onward is where somebody was going when they were asked who they are: a page
// to return to, or a form to send again and its address. All of it comes from
// the browser and is checked where it is used.
type onward struct{ Return, Kept, KeptTo string }

// arrival is somebody who has shown who they are.
type arrival struct {
	who     store.Credentials
	by      proof
	address string // of the network, for limits; "" when none was counted
	onward  onward
}

// arrive finishes every way of signing in: it is recorded, a session begins
// under a new token, and the person goes on to where they were going.
func (s *Site) arrive(w http.ResponseWriter, v *visit, a arrival) error {
	if err := s.Store.SignedIn(v.Context(), a.who.PersonID, s.Now(), requestID(v.Context()), string(a.by)); err != nil {
		return err
	}
	if err := s.signInAs(w, v, a.who.PersonID, a.who.Version, a.by); err != nil {
		return err
	}
	if a.address != "" {
		s.limits.signedIn(a.who.Email, a.address)
	}
	return s.welcome(w, v, a.who, a.onward)
}

// welcome sends somebody who has just signed in on their way.
func (s *Site) welcome(w http.ResponseWriter, v *visit, who store.Credentials, to onward) error {
	lang := string(who.Lang)
	back := s.safeReturn(to.Return)
	switch {
	case who.MustChange:
		return redirect(w, "/"+lang+"/password")
	case to.Kept != "" && s.ownAction(to.KeptTo):
		if _, err := url.ParseQuery(to.Kept); err != nil {
			return badRequest("error.form.field")
		}
		v.viewer = access.Viewer{PersonID: who.PersonID, Name: who.Name, Email: who.Email, Lang: who.Lang}
		view := web.KeptFormView{Frame: s.frame(v, v.print.T("signin.kept.title")), Action: to.KeptTo, Fields: keptFields(to.Kept)}
		return s.render(w, v, http.StatusOK, web.KeptFormPage(view))
	case back != "":
		return redirect(w, back)
	}
	return redirect(w, "/"+lang)
}
