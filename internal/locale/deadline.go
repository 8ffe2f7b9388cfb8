package locale

import (
	"strings"

	"jalon/internal/calendar"
	"jalon/internal/deadline"
)

// DutyReason says why a duty exists.
func (p *Printer) DutyReason(r deadline.Reason) string {
	key := "deadline.reason." + r.Code
	if _, moved := r.Args["moved"]; moved {
		key += "_moved"
	}
	return p.T(key, p.placeholders(r.Args)...)
}

// DeadlineFinding says what a person should look at in a reading.
func (p *Printer) DeadlineFinding(f deadline.Finding) string {
	return p.T("deadline.finding."+f.Code, append(p.placeholders(f.Args), "Text", f.Text)...)
}

// placeholders gives args as the catalogue's placeholders: dates, half-years,
// units and weekdays in the reader's form.
func (p *Printer) placeholders(args map[string]string) []any {
	var pairs []any
	for name, value := range args {
		words := value
		if d, err := calendar.ParseDate(value); err == nil {
			words = p.Date(d)
		} else if half, err := calendar.ParseHalfYear(value); err == nil {
			words = p.HalfYear(half)
		} else if key := "deadline." + name + "." + value; p.Has(key) {
			words = p.T(key)
		}
		pairs = append(pairs, strings.ToUpper(name[:1])+name[1:], words)
	}
	return pairs
}
