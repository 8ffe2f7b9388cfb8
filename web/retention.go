package web

import "time"

// RetentionView shows how long records are kept, and what could go. A rule is
// changed by posting class, days and idempotency_key to Action; a list is made,
// approved or dropped by posting idempotency_key.
type RetentionView struct {
	Frame
	Rules          []RetentionRule
	Lists          []DeletionList // the newest first
	Action         string         // "" for whoever may only look
	ListURL        string         // "" while a list is open
	TwoPeople      bool
	Class, Days    string // as typed
	IdempotencyKey string
}

// RetentionRule is one class of records. Its words are retention.class.CLASS and retention.after.CLASS.
type RetentionRule struct {
	Class      string
	Removable  bool
	Suggested  int // days; 0 for none
	Days       int // 0: kept
	ApprovedBy string
	ApprovedAt time.Time
}

// DeletionList is what could go, or went. A URL that is "" hides its button.
type DeletionList struct {
	MadeAt              time.Time
	MadeBy              string // "" for the nightly job
	DecidedBy           string
	DecidedAt           time.Time // zero: open
	Approved            bool
	Items               []DeletionItem
	ApproveURL, DropURL string
}

// DeletionItem is one class on a list.
type DeletionItem struct {
	Class          string
	Before         time.Time
	Found, Removed int
}

// choices lists the classes that a rule can be made for.
func (v RetentionView) choices() []Option {
	var options []Option
	for _, r := range v.Rules {
		if r.Removable {
			options = append(options, Option{Value: r.Class, Label: v.T("retention.class." + r.Class)})
		}
	}
	return options
}
