package site

import (
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/eventlist"
	"jalon/internal/evidence"
	"jalon/internal/reportlist"
)

// What is wrong with a file, a list or a cell of one is said in both languages.
func TestEveryRefusalOfAFileHasItsSentence(t *testing.T) {
	var keys []string
	for _, code := range eventlist.RefusalCodes {
		keys = append(keys, (&eventlist.Refusal{Code: code}).Key())
	}
	for _, code := range eventlist.FindingCodes {
		keys = append(keys, eventlist.Finding{Code: code}.Key())
	}
	for _, code := range reportlist.RefusalCodes {
		keys = append(keys, (&reportlist.Refusal{Code: code}).Key())
	}
	for _, code := range reportlist.WrongCodes {
		keys = append(keys, "report.paste.wrong."+code)
	}
	for _, code := range evidence.RefusalCodes {
		keys = append(keys, (&evidence.Refusal{Code: code}).Key())
	}
	for _, lang := range bilingual.Langs {
		print := catalogues().In(lang).Typeset()
		for _, key := range keys {
			if !print.Has(key) {
				t.Errorf("%s: no %s", lang, key)
			}
		}
	}
}
