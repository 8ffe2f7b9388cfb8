package web

import (
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
)

// ErratumView is the form of a new erratum to a sealed table. It posts code,
// lang, text, reason and idempotency_key to Action.
type ErratumView struct {
	Frame
	Mandate        MandateHead
	Period         calendar.HalfYear
	Seal           monitoring.Seal
	Errata         []monitoring.Erratum // that it has already
	Targets        []Option
	Values         ErratumValues
	Action         string
	CancelURL      string
	IdempotencyKey string
}

// ErratumValues are the fields as they were typed.
type ErratumValues struct {
	Code, Lang, Text, Reason string
}

// langs are the languages in which an erratum is written.
func (v ErratumView) langs() (all []Option) {
	for _, lang := range bilingual.Langs {
		all = append(all, Option{Value: string(lang), Label: v.T("language." + string(lang))})
	}
	return all
}

// erratumAbout names what an erratum is about.
func (f Frame) erratumAbout(e monitoring.Erratum) string {
	if e.Code == (mandate.Code{}) {
		return f.T("erratum.whole")
	}
	return f.Printer.Code(e.Code)
}
