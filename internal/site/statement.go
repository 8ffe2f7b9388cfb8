package site

import (
	"net/http"

	"github.com/a-h/templ"

	"jalon/web"
)

// statementRoutes are the pages about Jalon itself, for everybody.
func (s *Site) statementRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/accessibility", handler: s.statement("accessibility.title", web.AccessibilityPage)},
		{method: http.MethodGet, pattern: "/privacy", handler: s.statement("privacy.title", web.PrivacyPage)},
	}
}

func (s *Site) statement(title string, draw func(web.StatementView) templ.Component) handler {
	return func(w http.ResponseWriter, v *visit) error {
		view := web.StatementView{Frame: s.frame(v, v.print.T(title)), Contact: s.Contact}
		if v.signedIn() && title == "privacy.title" {
			view.Links = []web.Link{{Label: v.print.T("own_data.title"), URL: v.path("/preferences/data")}, {Label: v.print.T("preferences.title"), URL: v.path("/preferences")}}
		}
		return s.render(w, v, http.StatusOK, draw(view))
	}
}
