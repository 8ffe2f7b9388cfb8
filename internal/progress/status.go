// Package progress holds the rules of reporting: statuses, entries, the
// roll-up of an objective.
package progress

// Status is the state of a target. The first seven are entered by a person;
// the last two are derived and never stored in an entry.
type Status string

// Entered statuses.
const (
	OnTrack         Status = "on_track"
	Attention       Status = "attention"
	SupportNeeded   Status = "support_needed"
	Compromised     Status = "compromised"
	Achieved        Status = "achieved"
	Stopped         Status = "stopped"
	NothingToReport Status = "nothing_to_report"
)

// Entered lists the statuses that a person can choose, in the order of the form.
var Entered = []Status{OnTrack, Attention, SupportNeeded, Compromised, Achieved, Stopped, NothingToReport}

// ParseStatus reads an entered status; ok is false for derived and unknown ones.
func ParseStatus(s string) (st Status, ok bool) {
	for _, e := range Entered {
		if string(e) == s {
			return e, true
		}
	}
	return "", false
}

// Closed reports whether the target asks for nothing more.
func (s Status) Closed() bool { return s == Achieved || s == Stopped }

// Derived statuses, never stored in an entry.
const (
	NotReported Status = "not_reported" // something was owed and nothing came
	Late        Status = "late"         // the deadline has passed and it is not achieved
	NotExpected Status = "not_expected" // nothing is owed yet: the deadline begins later
)
