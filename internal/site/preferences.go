package site

import (
	"net/http"

	"jalon/internal/bilingual"
	"jalon/internal/store"
	"jalon/web"
)

// preferencesRoutes are for everybody who has an account, with or without a role.
func (s *Site) preferencesRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/preferences", handler: s.showPreferences},
		{method: http.MethodPost, pattern: "/preferences", handler: s.savePreferences},
	}
}

// own lets those pass who are signed in and have nothing to deal with before.
func (s *Site) own(w http.ResponseWriter, v *visit, do func() error) error {
	if !v.signedIn() {
		return s.toSignIn(w, v)
	}
	if first := s.before(v); first != "" {
		return redirect(w, first)
	}
	return do()
}

func (s *Site) showPreferences(w http.ResponseWriter, v *visit) error {
	return s.own(w, v, func() error {
		p, err := s.Store.Preferences(v.Context(), v.viewer.PersonID)
		if err != nil {
			return err
		}
		digest := "on"
		if !p.Digest {
			digest = "off"
		}
		return s.drawPreferences(w, v, string(p.Lang), digest, nil)
	})
}

func (s *Site) drawPreferences(w http.ResponseWriter, v *visit, lang, digest string, errs []web.FieldError) error {
	view := web.PreferencesView{
		Frame: s.frame(v, v.print.T("preferences.title")), Action: v.path("/preferences"), Lang: lang, Digest: digest,
		AccountURL: v.path("/account"), DataURL: v.path("/preferences/data"), IdempotencyKey: newKey(),
	}
	if s.SignOn != nil {
		view.SignOnURL = v.path("/preferences/sign-on")
	}
	view.Errors = errs
	return s.render(w, v, statusOf(view.Errors), web.PreferencesPage(view))
}

type preferencesForm struct {
	Lang   string `form:"lang,choice,nl|fr,required" label:"people.lang"`
	Digest string `form:"digest,choice,on|off,required" label:"preferences.reminders"`
	Key    string `form:"idempotency_key,raw"`
}

// savePreferences goes on in the language that was chosen.
func (s *Site) savePreferences(w http.ResponseWriter, v *visit) error {
	return s.own(w, v, func() error {
		in, f, err := decode[preferencesForm](v)
		if err != nil {
			return err
		}
		sub, err := v.submission(in.Key, "change preferences")
		if err != nil {
			return err
		}
		if !f.ok() {
			return s.drawPreferences(w, v, in.Lang, in.Digest, f.errs)
		}
		p := store.Preferences{Lang: bilingual.Lang(in.Lang), Digest: in.Digest == "on"}
		location, err := s.Store.SetPreferences(v.Context(), sub, p, "/"+in.Lang+"/preferences")
		if err != nil {
			return err
		}
		tell(w, web.NoticeDone, "preferences.saved")
		return redirect(w, location)
	})
}
