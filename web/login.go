package web

// LoginView is the sign-in page. It posts email, password and return to its own
// address. A refused sign-in is one FieldError of the field "email" in the frame.
type LoginView struct {
	Frame
	Action       string
	Return       string // where to go afterwards, already checked
	Email        string // as typed
	Kept         string // a form that came after the session had ended, to be sent again afterwards
	KeptTo       string // where it goes
	ForgotURL    string // for whoever has no password any more; "" hides it
	KeptFields   []KeptField
	SignOnURL    string // of the identity provider's door; "" when there is none
	SignOnLabel  string
	Emergency    bool // only one account may use a password
	DemoAccounts []DemoAccount
}

// under is the line below the title; with two doors each has its own.
func (v LoginView) under() string {
	if v.SignOnURL != "" {
		return ""
	}
	return v.T("login.under")
}

// DemoAccount is one invented person to sign in as.
type DemoAccount struct {
	Name     string
	Email    string
	Password string
	Who      string // what they are here for
}
