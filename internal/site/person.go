package site

import (
	"net/http"
	"strconv"

	"jalon/internal/access"
	"jalon/internal/store"
	"jalon/web"
)

func personPath(v *visit, id int64) string {
	return v.path("/admin/people/" + strconv.FormatInt(id, 10))
}

// showPerson is one account, with all that somebody else must take over when
// it is closed.
func (s *Site) showPerson(w http.ResponseWriter, v *visit) error {
	id, err := v.number("person")
	if err != nil {
		return err
	}
	who, err := s.Store.CredentialsByID(v.Context(), id)
	if err != nil {
		return err
	}
	hanging, err := s.Store.HangsOn(v.Context(), id, v.today)
	if err != nil {
		return err
	}
	view := web.PersonView{
		Frame: s.frame(v, who.Name, web.Crumb{Label: v.print.T("people.title"), URL: v.path("/admin/people")}),
		Email: who.Email, Disabled: who.Disabled, Self: id == v.viewer.PersonID, IdempotencyKey: newKey(),
	}
	switch {
	case view.Self:
	case who.Disabled:
		view.EnableURL = personPath(v, id) + "/enable"
	default:
		view.DisableURL = personPath(v, id) + "/disable"
	}
	for _, h := range hanging {
		view.Hanging = append(view.Hanging, v.hanging(h))
	}
	return s.render(w, v, http.StatusOK, web.PersonPage(view))
}

// hanging leads to the page where somebody else can take it over. Delegations
// are the holder's, evaluations those of human resources.
func (v *visit) hanging(h store.Hanging) web.HangingLine {
	line := web.HangingLine{Kind: h.Kind, What: h.MandateCode, From: h.From, Until: h.Until, Future: h.From.After(v.today)}
	switch h.Kind {
	case store.HangsTenure:
		line.URL = v.path("/mandates/" + h.MandateCode + "/tenures")
	case store.HangsBody:
		line.What, line.URL = v.print.T("role."+string(h.Role))+" · "+h.Scope, v.path("/admin/bodies")
	case store.HangsRole:
		line.What, line.URL = v.print.T("role."+string(h.Role)), v.path("/admin/people")
		switch {
		case h.Scope != "":
			line.What += " · " + h.Scope
		case h.Role != access.Administrator:
			line.What += " · " + v.print.T("people.everywhere")
		}
	}
	return line
}
