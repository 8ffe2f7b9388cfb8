// Package intake opens a file that somebody gave: its text, its workbook or its
// parts, within limits, or the reason why it is refused.
package intake

import (
	"fmt"

	"jalon/internal/bilingual"
)

// Limits of a docx or xlsx.
const (
	MaxUnpacked = 100 << 20 // bytes of all its parts
	MaxPart     = 32 << 20  // bytes of one part
	MaxParts    = 2_000
)

// Reasons for which a file is refused. Its reader may have more.
const (
	UnpacksTooLarge = "unpacks_too_large" // beyond MaxUnpacked, MaxPart or MaxParts
	Empty           = "empty"             //
	NotText         = "not_text"          // Line
	InvalidUTF8     = "invalid_utf8"      // Line
	InvalidUTF16    = "invalid_utf16"     //
	Damaged         = "damaged"           // Kind
	Doctype         = "doctype"           // Part
	Encrypted       = "encrypted"         // Kind
	Macros          = "macros"            // Kind
)

// RefusalCodes lists them; each has its sentence in both catalogues.
var RefusalCodes = []string{UnpacksTooLarge, Empty, NotText, InvalidUTF8, InvalidUTF16, Damaged, Doctype, Encrypted, Macros}

// Refusal is a file that cannot be read, with the reason for the
// person who gave it: the catalogue text "import.error." + Code.
type Refusal struct {
	Code string
	Args map[string]string
	Err  error // the cause, for the log; may be nil
}

// Key is the catalogue key of the refusal's sentence.
func (r *Refusal) Key() string { return "import.error." + r.Code }

// Words gives the names and values for the refusal's sentence, which are the same in every language.
func (r *Refusal) Words(bilingual.Lang) []any {
	var pairs []any
	for name, value := range r.Args {
		pairs = append(pairs, name, value)
	}
	return pairs
}

// Error says why, for the log.
func (r *Refusal) Error() string {
	s := "file refused: " + r.Code
	for _, name := range []string{"Name", "Kind", "Part", "Line", "Pages", "Limit"} {
		if v := r.Args[name]; v != "" {
			s += fmt.Sprintf(" %s=%q", name, v)
		}
	}
	if r.Err != nil {
		s += ": " + r.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (r *Refusal) Unwrap() error { return r.Err }

// Refuse makes a refusal; args are names and values for its sentence.
func Refuse(code string, err error, args ...string) *Refusal {
	r := &Refusal{Code: code, Err: err, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		r.Args[args[i]] = args[i+1]
	}
	return r
}
