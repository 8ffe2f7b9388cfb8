package web_test

import "jalon/web"

// loginAtProvider is the sign-in page with a second door: kept when a form
// waits on it, or with a password for one account only.
func (s sampler) loginAtProvider(kept, emergency bool) web.LoginView {
	v := s.login(emergency)
	v.SignOnURL, v.SignOnLabel, v.Emergency = s.url("/sso"), s.p.T("sso.button"), emergency
	if kept {
		v.Kept, v.KeptTo = "name=An", s.url("/admin/people")
		v.KeptFields = []web.KeptField{{Name: "name", Value: "An"}, {Name: "idempotency_key", Value: "k8"}}
	}
	return v
}

var linked = web.Identity{Subject: "6f1c2d3e-0000-4000-8000-00000000d1e0", By: "Ada Beheer", At: now}

func (s sampler) signOnProblem(key string) web.SignOnProblemView {
	f := s.frame("sso.problem." + key + ".title")
	f.Viewer, f.Menu, f.Breadcrumbs, f.OtherLangURL = web.Viewer{}, nil, nil, ""
	v := web.SignOnProblemView{Frame: f, Key: key, Other: catalogues.In(s.lang.Other()), AgainURL: s.url("/sso"), SignInURL: s.url("/login"), RequestID: "01JD3K7"}
	if key == "unknown" {
		v.Subject = linked.Subject
	}
	return v
}

func (s sampler) ownIdentity(id *web.Identity, password bool) web.OwnIdentityView {
	return web.OwnIdentityView{
		Frame: s.frame("sso.own.title"), Linked: id, HasPassword: password, Link: s.url("/preferences/sign-on"), Unlink: s.url("/preferences/sign-on/unlink"), IdempotencyKey: "k9",
	}
}

func (s sampler) identity(id *web.Identity) web.IdentityView {
	v := web.IdentityView{Frame: s.frame("sso.person.title", "Name", "Dirk Voorbeeld"), Email: demoUser("director"), Issuer: "https://login.jalon.example/realms/brussel", IdempotencyKey: "k10"}
	if v.Linked = id; id != nil {
		v.Unlink = s.url("/admin/people/2/sign-on/unlink/1")
		return v
	}
	v.Link, v.Subject = s.url("/admin/people/2/sign-on"), "een kenmerk met spaties"
	v.Errors = []web.FieldError{{Field: "subject", Label: s.p.T("sso.subject"), Text: s.p.T("sso.person.subject_wrong")}}
	return v
}
