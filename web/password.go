package web

// PasswordView is the page on which a person replaces their own password. It
// posts old, new, again and idempotency_key to its own address.
type PasswordView struct {
	Frame
	Action         string
	Must           bool // somebody else gave the present one: nothing else can be done first
	IdempotencyKey string
}

// KeptFormView offers to send a form again that came after its session had ended.
type KeptFormView struct {
	Frame
	Action string
	Fields []KeptField
}

// KeptField is one field of a kept form.
type KeptField struct{ Name, Value string }
