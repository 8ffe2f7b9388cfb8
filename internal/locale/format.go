package locale

import (
	"strconv"
	"strings"
	"time"

	"github.com/go-playground/locales"
	"github.com/go-playground/locales/fr_BE"
	"github.com/go-playground/locales/nl_BE"
	"github.com/shopspring/decimal"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

const narrowNoBreakSpace = "\u202f"

// format holds what nl-BE and fr-BE do differently (CLDR), with two choices of
// our own: dates are always dd/mm/yyyy, since fr-BE's short form has a two-digit
// year, and a percent sign stands after a narrow space, as the letter writes it.
type format struct {
	translator locales.Translator
	group      string // between thousands
	firstDay   string // the first of a month
	ordinals   [2]string
}

var formats = map[bilingual.Lang]format{
	bilingual.NL: {nl_BE.New(), ".", "1", [2]string{"1e", "2e"}},
	bilingual.FR: {fr_BE.New(), narrowNoBreakSpace, "1er", [2]string{"1er", "2e"}},
}

func hasPlaceholder(s string) bool { return strings.Contains(s, "{{") }

// Date prints 30/06/2026; no date prints nothing.
func (p *Printer) Date(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Slashed()
}

// LongDate prints 30 juni 2026, 30 juin 2026, 1er juin 2026.
func (p *Printer) LongDate(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	day := strconv.Itoa(d.Day)
	if d.Day == 1 {
		day = p.format.firstDay
	}
	return day + " " + p.Month(d.Month) + " " + strconv.Itoa(d.Year)
}

// Part names a list of which a part is shown: Indicatoren (6 van 19).
func (p *Printer) Part(name string, shown, all int) string {
	if shown == all {
		return name
	}
	return p.T("brief.part", "Name", name, "Shown", shown, "All", all)
}

// Month prints the name of a month, in lower case as both languages want it.
func (p *Printer) Month(m time.Month) string {
	return strings.ToLower(p.format.translator.MonthWide(m))
}

// DateTime prints 30/06/2026 10:42, Brussels time.
func (p *Printer) DateTime(t time.Time) string {
	return p.Date(calendar.DateOf(t)) + " " + p.Time(t)
}

// Time prints 10:42, Brussels time.
func (p *Printer) Time(t time.Time) string { return t.In(calendar.Brussels).Format("15:04") }

// HalfYear prints 2e semester 2026, 2e semestre 2026.
func (p *Printer) HalfYear(h calendar.HalfYear) string {
	if h.IsZero() {
		return ""
	}
	return p.format.ordinals[h.Half-1] + " " + p.T("period.half_year") + " " + strconv.Itoa(h.Year)
}

// Number prints an exact decimal with the comma that both languages use.
func (p *Printer) Number(n decimal.Decimal) string {
	whole, fraction, _ := strings.Cut(n.Abs().String(), ".")
	var b strings.Builder
	if n.IsNegative() {
		b.WriteByte('-')
	}
	for i, digit := range whole {
		if left := len(whole) - i; i > 0 && left%3 == 0 {
			b.WriteString(p.format.group)
		}
		b.WriteRune(digit)
	}
	if fraction != "" {
		b.WriteString("," + fraction)
	}
	return b.String()
}

// Fixed prints an exact decimal with so many places, rounded half away from zero.
func (p *Printer) Fixed(n decimal.Decimal, places int) string {
	whole, fraction, _ := strings.Cut(n.StringFixed(int32(places)), ".")
	integer, err := decimal.NewFromString(whole)
	if err != nil {
		return n.String()
	}
	words := p.Number(integer)
	if integer.IsZero() && strings.HasPrefix(whole, "-") {
		words = "-" + words
	}
	if fraction != "" {
		words += "," + fraction
	}
	return words
}

// Percent prints 12,5 % for the number 12.5.
func (p *Printer) Percent(n decimal.Decimal) string {
	return p.Number(n) + narrowNoBreakSpace + "%"
}

// Status prints the words of a status, entered or derived.
func (p *Printer) Status(s progress.Status) string { return p.T("status." + string(s)) }

// Code prints SD3.2 or OS3.2.
func (p *Printer) Code(c mandate.Code) string { return c.Display(p.Lang) }
