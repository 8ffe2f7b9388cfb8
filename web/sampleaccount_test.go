package web_test

import (
	"time"

	"jalon/internal/qr"
	"jalon/web"
)

// account has every page of a person's own account and of signing in without a password.
func (s sampler) account() []sample {
	url := "otpauth://totp/Jalon:director@jalon.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Jalon"
	code, err := qr.Encode(url)
	if err != nil {
		panic(err)
	}
	factor := web.SecondFactorView{
		Frame: s.frame("factor.title"), BeginURL: s.url("/account/second-factor"), ConfirmURL: s.url("/account/second-factor/confirm"),
		ChangeURL: s.url("/account/second-factor/change"), IdempotencyKey: "k9",
	}
	first, waits, inUse := factor, factor, factor
	first.First, first.Required = true, true
	waits.Secret, waits.URI, waits.QRPath, waits.QRSize = "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ", url, code.Path(), code.Size()
	waits.Errors = []web.FieldError{{Field: "code", Text: s.p.T("factor.wrong")}}
	inUse.Required, inUse.Since, inUse.RecoveryCodes = true, now.AddDate(0, -1, 0), 9
	wrong := web.CodeView{Frame: s.frame("code.title"), Action: s.url("/login/code"), StartURL: s.url("/login"), Return: s.url("/due"), Kept: "a=b", KeptTo: s.url("/due")}
	wrong.Errors = []web.FieldError{{Field: "code", Text: s.p.T("code.wrong")}}
	reset := web.ResetView{Frame: s.frame("reset.title"), Action: s.url("/reset/x"), Email: "director@jalon.example"}
	firstReset := reset
	firstReset.First = true
	return []sample{
		{"account", web.AccountPage(web.AccountView{
			Frame: s.frame("account.title"), HasPassword: true, PasswordURL: s.url("/password"), FactorURL: s.url("/account/second-factor"), Required: true,
			FactorSince: now, RecoveryCodes: 1, PreferencesURL: s.url("/preferences"), ExportsURL: s.url("/exports"), EndAllURL: s.url("/account/sessions/end-all"), IdempotencyKey: "k8",
			Sessions: []web.Session{
				{ID: "7", This: true, Agent: "Firefox, Windows", Network: "192.0.2.0/24", Begun: now.Add(-time.Hour), Seen: now, SecondFactor: true, EndURL: s.url("/account/sessions/7/end")},
				{ID: "6", Network: "2001:db8:4711::/48", Begun: now.Add(-9 * time.Hour), Seen: now.Add(-time.Hour), EndURL: s.url("/account/sessions/6/end")},
				{ID: "5", Agent: "Safari, iPhone", Begun: now.Add(-9 * time.Hour), Seen: now.Add(-time.Hour), EndURL: s.url("/account/sessions/5/end")},
			},
		})},
		{"account-elsewhere", web.AccountPage(web.AccountView{Frame: s.frame("account.title"), PreferencesURL: s.url("/preferences"), ExportsURL: s.url("/exports"), EndAllURL: s.url("/account/sessions/end-all"), IdempotencyKey: "k8"})},
		{"factor", web.SecondFactorPage(factor)},
		{"factor-first", web.SecondFactorPage(first)},
		{"factor-waits", web.SecondFactorPage(waits)},
		{"factor-in-use", web.SecondFactorPage(inUse)},
		{"recovery", web.RecoveryCodesPage(web.RecoveryCodesView{
			Frame: s.frame("recovery.title"), On: day(2026, 11, 24), ContinueURL: s.url(""), AccountURL: s.url("/account"),
			Codes: []string{"gezd-gnbv-gy3t-qojq-gezd-gnbv", "aaaa-bbbb-cccc-dddd-eeee-ffff"},
		})},
		{"code", web.CodePage(web.CodeView{Frame: s.frame("code.title"), Action: s.url("/login/code"), StartURL: s.url("/login")})},
		{"code-error", web.CodePage(wrong)},
		{"forgot", web.ForgotPage(web.ForgotView{Frame: s.frame("forgot.title"), Action: s.url("/forgot"), SignInURL: s.url("/login"), ByMail: true})},
		{"forgot-no-mail", web.ForgotPage(web.ForgotView{Frame: s.frame("forgot.title"), SignInURL: s.url("/login")})},
		{"reset", web.ResetPage(reset)},
		{"reset-first", web.ResetPage(firstReset)},
		{"problem-410", web.ProblemPage(s.problem(410))},
	}
}
