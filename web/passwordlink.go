package web

// ForgotView asks for the address that a link is mailed to. It posts email to
// its own address. Without a mail server (ByMail false) it says who helps.
type ForgotView struct {
	Frame
	Action    string
	SignInURL string
	Email     string // as typed
	ByMail    bool
}

// ResetView lets a person choose a password with a link. It posts new and again
// to its own address.
type ResetView struct {
	Frame
	Action string
	Email  string // whose link it is
	First  bool   // the account has no password yet
}
