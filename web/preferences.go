package web

// PreferencesView lets a person choose language and reminders. It posts lang,
// digest (on or off) and idempotency_key to its own address.
type PreferencesView struct {
	Frame
	Action         string
	Lang, Digest   string
	AccountURL     string // password, second factor, sessions
	SignOnURL      string // of single sign-on; "" when there is none
	DataURL        string // where one's own data is
	IdempotencyKey string
}

func (v PreferencesView) reminders() []Option {
	return []Option{{"on", v.T("preferences.on")}, {"off", v.T("preferences.off")}}
}
