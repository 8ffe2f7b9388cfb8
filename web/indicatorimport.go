package web

import "jalon/internal/calendar"

// ValueImportView takes a list of values.
type ValueImportView struct {
	Frame
	Mandate MandateHead
	Action  string
	BackURL string
	Share   bool // values have a numerator and a denominator
	People  bool // the size of the group is asked for
	Pasted  string
}

// ValuePreviewView shows what a list would do, before anything is stored.
type ValuePreviewView struct {
	Frame
	Mandate              MandateHead
	Action, BackURL      string
	Source               string // name of the file; "" for what was pasted
	Name, List, Seen     string // sent along
	Rows                 []ValuePreviewLine
	New, Replaced, Wrong int
	Skip, Replace        bool
	People               bool // the size of the group is asked for
	IdempotencyKey       string
}

// ValuePreviewLine is one row of a list. State is new, same, replaces or wrong.
type ValuePreviewLine struct {
	Where       string
	On          calendar.Date
	Value, Note string
	People      string // "" where the list has none
	State       string
	Old         string
	Findings    []string
}

// columnsText tells which columns a list has.
func (v ValueImportView) columnsText() string {
	text := v.T("indicator.import.columns_value")
	if v.Share {
		text = v.T("indicator.import.columns_share")
	}
	if v.People {
		text += " " + v.T("indicator.import.columns_people")
	}
	return text
}

// orDash stands for what a row does not say.
func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
