package site

import (
	"net/http"
	"strconv"

	"jalon/web"
)

func (s *Site) showPassword(w http.ResponseWriter, v *visit) error {
	if !v.signedIn() {
		return s.toSignIn(w, v)
	}
	return s.drawPassword(w, v, nil)
}

func (s *Site) drawPassword(w http.ResponseWriter, v *visit, errs []web.FieldError) error {
	view := web.PasswordView{
		Frame: s.frame(v, v.print.T("signin.password.title")), Action: v.path("/password"), Must: v.account.MustChange, IdempotencyKey: newKey(),
	}
	view.Errors = errs
	return s.render(w, v, statusOf(view.Errors), web.PasswordPage(view))
}

type passwordForm struct {
	Old   string `form:"old,secret,128,required" label:"signin.password.old"`
	New   string `form:"new,secret,128,required" label:"signin.password.new"`
	Again string `form:"again,secret,128,required" label:"signin.password.again"`
	Key   string `form:"idempotency_key,raw"`
}

// changePassword replaces the own password. All sessions of the person end; this one goes on under a new token.
func (s *Site) changePassword(w http.ResponseWriter, v *visit) error {
	if !v.signedIn() {
		return redirect(w, v.path("/login")) // passwords are not carried along
	}
	in, f, err := decode[passwordForm](v)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "change own password")
	if err != nil {
		return err
	}
	who, err := s.Store.CredentialsByID(v.Context(), v.viewer.PersonID)
	if err != nil {
		return err
	}
	if f.ok() {
		if wait := s.limits.take("password", strconv.FormatInt(who.PersonID, 10)); wait > 0 {
			return tooMany(wait)
		}
		ok, _, err := s.hashing.matches(v.Context(), who.PasswordHash, in.Old)
		if err != nil {
			return err
		}
		if !ok {
			f.refuse("old", "signin.password.wrong")
		}
		if in.New == in.Old {
			f.refuse("new", "signin.password.same")
		}
		f.newPassword(who, in.New, in.Again)
	}
	if !f.ok() {
		return s.drawPassword(w, v, f.errs)
	}
	hash, err := s.hashing.hash(v.Context(), in.New)
	if err != nil {
		return err
	}
	version, repeated, err := s.Store.SetPassword(v.Context(), sub, who.PersonID, hash, false, v.path(""))
	if err != nil {
		return err
	}
	if !repeated {
		if err := s.signInAs(w, v, who.PersonID, version, v.proof); err != nil {
			return err
		}
	}
	tell(w, web.NoticeDone, "signin.password.saved")
	return redirect(w, v.path(""))
}
