package site

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"jalon/web"
)

// accountRoutes are a person's own account: password, second factor, sessions.
func (s *Site) accountRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/account", handler: s.showAccount},
		{method: http.MethodPost, pattern: "/account/sessions/{session}/end", handler: s.endSession},
		{method: http.MethodPost, pattern: "/account/sessions/end-all", handler: s.endSessions},
	}
}

func (s *Site) showAccount(w http.ResponseWriter, v *visit) error {
	return s.own(w, v, func() error {
		means, err := s.Store.MeansOfSignIn(v.Context(), v.viewer.PersonID)
		if err != nil {
			return err
		}
		view := web.AccountView{
			Frame: s.frame(v, v.print.T("account.title")), HasPassword: means.Password, Required: s.secondFactorRequired(v),
			PasswordURL: v.path("/password"), FactorURL: v.path("/account/second-factor"), PreferencesURL: v.path("/preferences"), TokensURL: v.path("/account/tokens"), ExportsURL: v.path("/exports"),
			EndAllURL: v.path("/account/sessions/end-all"), IdempotencyKey: newKey(),
		}
		view.FactorSince, view.RecoveryCodes = means.FactorSince, means.RecoveryCodes
		sessions, err := s.Store.SessionsOf(v.Context(), v.viewer.PersonID, s.Now())
		if err != nil {
			return err
		}
		this := hashedToken(s.sessions.Token(v.Context()))
		for _, one := range sessions {
			id := strconv.FormatInt(one.ID, 10)
			view.Sessions = append(view.Sessions, web.Session{
				ID: id, This: one.Token == this, Agent: one.Agent, Network: one.Network, Begun: one.At, Seen: one.Seen,
				SecondFactor: !one.SecondFactorAt.IsZero(), EndURL: v.path("/account/sessions/" + id + "/end"),
			})
		}
		return s.render(w, v, http.StatusOK, web.AccountPage(view))
	})
}

// hashedToken is how scs stores a token.
func hashedToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// endSession ends one session of the visitor; ending this one is signing out.
func (s *Site) endSession(w http.ResponseWriter, v *visit) error {
	f, err := v.form("idempotency_key")
	if err != nil {
		return err
	}
	return s.own(w, v, func() error {
		sub, err := v.submission(f.raw("idempotency_key"), "end session")
		if err != nil {
			return err
		}
		id, err := v.number("session")
		if err != nil {
			return err
		}
		if err := s.Store.EndSession(v.Context(), sub, id, v.path("/account")); err != nil {
			return err
		}
		tell(w, web.NoticeDone, "account.session_ended")
		return redirect(w, v.path("/account"))
	})
}

// endSessions signs out everywhere, here too.
func (s *Site) endSessions(w http.ResponseWriter, v *visit) error {
	f, err := v.form("idempotency_key")
	if err != nil {
		return err
	}
	return s.own(w, v, func() error {
		sub, err := v.submission(f.raw("idempotency_key"), "end all sessions")
		if err != nil {
			return err
		}
		if err := s.Store.EndSessions(v.Context(), sub, v.path("/login")); err != nil {
			return err
		}
		if err := s.signOut(w, v); err != nil {
			return err
		}
		tell(w, web.NoticeDone, "account.all_ended")
		return redirect(w, v.path("/login"))
	})
}

// families of browsers and systems, the more particular first: Edge calls
// itself Chrome and Safari as well.
var (
	browsers = [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"Chrome/", "Chrome"}, {"CriOS/", "Chrome"}, {"Safari/", "Safari"}}
	systems  = [][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}}
)

// agentOf tells the family of browser and system, such as "Firefox, Windows";
// "" when it is not known. The rest of what a browser says is not kept.
func agentOf(header string) string {
	var known []string
	for _, families := range [][][2]string{browsers, systems} {
		for _, family := range families {
			if strings.Contains(header, family[0]) {
				known = append(known, family[1])
				break
			}
		}
	}
	return strings.Join(known, ", ")
}

// networkOf shortens an address to its network, a /24 or a /48: enough to know
// the own office again. "" when it is not known.
func networkOf(ip netip.Addr) string {
	ip = ip.Unmap().WithZone("")
	bits := 24
	if ip.Is6() {
		bits = 48
	}
	p, err := ip.Prefix(bits)
	if err != nil || !p.IsValid() {
		return ""
	}
	return p.String()
}
