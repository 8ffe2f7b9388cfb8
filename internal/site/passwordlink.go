package site

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"jalon/internal/bilingual"
	"jalon/internal/onetime"
	"jalon/internal/store"
	"jalon/web"
)

// LinkMailer mails people a link with which they choose a password.
type LinkMailer interface {
	// MailPasswordLink asks for one mail to a person. Person 0, who is nobody,
	// costs as much and gets none; neither does who is disabled.
	MailPasswordLink(ctx context.Context, personID int64) error
}

// passwordLinkRoutes are for who cannot sign in.
func (s *Site) passwordLinkRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/forgot", handler: s.showForgot},
		{method: http.MethodPost, pattern: "/forgot", handler: s.askLink},
		{method: http.MethodGet, pattern: "/reset/{token}", handler: s.showLink},
		{method: http.MethodPost, pattern: "/reset/{token}", handler: s.useLink},
	}
}

func (s *Site) showForgot(w http.ResponseWriter, v *visit) error {
	return s.drawForgot(w, v, http.StatusOK, "", nil)
}

func (s *Site) drawForgot(w http.ResponseWriter, v *visit, status int, email string, errs []web.FieldError) error {
	view := web.ForgotView{Frame: s.frame(v, v.print.T("forgot.title")), Action: v.path("/forgot"), SignInURL: v.path("/login"), Email: email, ByMail: s.Links != nil}
	view.Errors = errs
	return s.render(w, v, status, web.ForgotPage(view))
}

type forgotForm struct {
	Email string `form:"email,line,254,required" label:"field.email"`
}

// askLink mails a link to whoever has an account at the address. The answer, and
// the statements that it takes, are the same when nobody has. Too many for one
// account bring no more mail, which the answer does not tell either.
func (s *Site) askLink(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[forgotForm](v)
	if err != nil {
		return err
	}
	if s.Links == nil || !f.ok() {
		return s.drawForgot(w, v, http.StatusUnprocessableEntity, in.Email, f.errs)
	}
	email := strings.ToLower(in.Email)
	if wait := s.limits.take("link address", v.address()); wait > 0 {
		return tooMany(wait)
	}
	who, err := s.Store.CredentialsByEmail(v.Context(), email)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	to := who.PersonID
	if s.limits.take("link account", email) > 0 || !s.mayUsePassword(who.Email) {
		to = 0
	}
	asked := store.Event{Action: "ask password link", RequestID: requestID(v.Context()), Detail: detailOf(who.PersonID)}
	if err := errors.Join(s.Store.Audit(v.Context(), asked), s.Links.MailPasswordLink(v.Context(), to)); err != nil {
		return err
	}
	tell(w, web.NoticeInfo, "forgot.done")
	return redirect(w, v.path("/login"))
}

// linked finds whose link is in the address. One that has ended, was used or
// never was is gone, and nothing tells which.
func (s *Site) linked(w http.ResponseWriter, v *visit) (who store.Credentials, hash []byte, err error) {
	w.Header().Set("Referrer-Policy", "no-referrer")
	token, ok := onetime.ParseToken(chi.URLParam(v.Request, "token"))
	if !ok {
		return who, nil, errGone
	}
	if who, err = s.Store.PasswordLink(v.Context(), token.Hash(), s.Now()); errors.Is(err, store.ErrNotFound) {
		return who, nil, errGone
	}
	return who, token.Hash(), err
}

var errGone = refused(http.StatusGone, "")

// showLink shows the form. It uses nothing up: mail programs look at links
// before people do.
func (s *Site) showLink(w http.ResponseWriter, v *visit) error {
	who, _, err := s.linked(w, v)
	if err != nil {
		return err
	}
	return s.drawLink(w, v, who, nil)
}

func (s *Site) drawLink(w http.ResponseWriter, v *visit, who store.Credentials, errs []web.FieldError) error {
	view := web.ResetView{Frame: s.frame(v, v.print.T("reset.title")), Action: v.URL.Path, Email: who.Email, First: who.PasswordHash == ""}
	view.Errors = errs
	return s.render(w, v, statusOf(view.Errors), web.ResetPage(view))
}

type resetForm struct {
	New   string `form:"new,secret,128,required" label:"signin.password.new"`
	Again string `form:"again,secret,128,required" label:"signin.password.again"`
}

// useLink sets the password. It ends every session of the person and signs
// nobody in: a second factor is still asked for.
func (s *Site) useLink(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[resetForm](v)
	if err != nil {
		return err
	}
	if wait := s.limits.take("reset", v.address()); wait > 0 {
		return tooMany(wait)
	}
	who, hash, err := s.linked(w, v)
	if err != nil {
		return err
	}
	if f.ok() {
		f.newPassword(who, in.New, in.Again)
	}
	if !f.ok() {
		return s.drawLink(w, v, who, f.errs)
	}
	hashed, err := s.hashing.hash(v.Context(), in.New)
	if err != nil {
		return err
	}
	err = s.Store.UsePasswordLink(v.Context(), hash, s.Now(), hashed, requestID(v.Context()))
	if errors.Is(err, store.ErrNotFound) {
		return errGone
	}
	if err != nil {
		return err
	}
	tell(w, web.NoticeDone, "reset.done")
	return redirect(w, v.path("/login"))
}

// newPassword checks a password that a person chooses, typed twice.
func (f *form) newPassword(who store.Credentials, word, again string) {
	if why := weakPassword(word, who.Name, who.Email); why != "" {
		f.refuse("new", why)
	}
	if again != word {
		f.refuse("again", "signin.password.differs")
	}
}

// linkFor gives the address of a token, in the language of whoever gets it. It is
// built from the setting, never from a request.
func (s *Site) linkFor(token onetime.Token, lang bilingual.Lang) string {
	return strings.TrimSuffix(s.BaseURL, "/") + "/" + string(lang) + "/reset/" + token.String()
}

// resetPassword gives a person a link to choose another password: by mail, or
// to be handed over when there is no mail server. The administrator neither
// sees nor chooses the password; what the person has serves until they do.
func (s *Site) resetPassword(w http.ResponseWriter, v *visit) error {
	person, sub, err := v.button("reset password")
	if err != nil {
		return err
	}
	if person == v.viewer.PersonID {
		return refused(http.StatusConflict, "people.not_self")
	}
	who, err := s.Store.CredentialsByID(v.Context(), person)
	if err != nil {
		return err
	}
	if who.Disabled {
		return refused(http.StatusConflict, "people.no_link")
	}
	if !s.mayUsePassword(who.Email) {
		return refused(http.StatusConflict, "people.no_password")
	}
	if s.Links != nil {
		_, done, err := s.Store.Answered(v.Context(), sub)
		if err == nil && !done {
			err = errors.Join(s.Store.Note(v.Context(), sub, "person/"+strconv.FormatInt(person, 10)), s.Links.MailPasswordLink(v.Context(), person))
		}
		if err != nil {
			return err
		}
		tell(w, web.NoticeDone, "people.link_mailed", "Email", who.Email)
		return redirect(w, v.path("/admin/people"))
	}
	token := onetime.NewToken()
	repeated, err := s.Store.MakePasswordLink(v.Context(), sub, person, token.Hash(), s.Now(), v.path("/admin/people"))
	if err != nil {
		return err
	}
	if repeated {
		tell(w, web.NoticeWarning, "people.shown_before")
		return redirect(w, v.path("/admin/people"))
	}
	return s.drawPeople(w, v, http.StatusOK, web.PeopleView{Link: s.linkView(token, who.Name, who.Email, who.Lang), Values: web.PersonValues{Lang: string(v.lang)}})
}

func (s *Site) linkView(token onetime.Token, name, email string, lang bilingual.Lang) *web.PasswordLink {
	return &web.PasswordLink{Name: name, Email: email, URL: s.linkFor(token, lang), Until: s.Now().Add(store.PasswordLinkLife)}
}
