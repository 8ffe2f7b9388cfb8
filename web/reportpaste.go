package web

import (
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
)

// PasteView takes rows of a spreadsheet: pasted, or the workbook of the page.
// The form is multipart/form-data with text and file.
type PasteView struct {
	Frame
	Mandate MandateHead
	Period  calendar.HalfYear
	Action  string
	BackURL string
	FormURL string // the workbook
	Text    string
	Limit   int // bytes of the workbook
}

// PastePreviewView shows what the rows would do. The form posts idempotency_key,
// text or list and name, seen, and take.<number> of each row that is ticked.
type PastePreviewView struct {
	Frame
	Mandate        MandateHead
	Source         string // name of the workbook; "" for pasted rows
	Action         string
	BackURL        string
	IdempotencyKey string
	Text, List     string // what was read, to be read again
	Seen           string
	Ready          int // rows that can be taken over
	Counts         []EventStateCount
	Rows           []PasteRow
}

// PasteRow is one row of the list. State is new, changed, same or wrong.
type PasteRow struct {
	Number  int
	Where   string       // cell of its code
	Typed   string       // the code as written
	Code    mandate.Code // zero when it names no target
	Text    bilingual.Text
	State   string
	Taken   bool
	Changes []PasteChange
	Wrong   []PasteFinding
}

// PasteChange is one field that would become other words.
type PasteChange struct{ Field, Before, After string }

// PasteFinding is what is wrong in one cell.
type PasteFinding struct{ Cell, Text string }

func (r PasteRow) takes() bool { return r.State == "new" || r.State == "changed" }
