package letter

import (
	"fmt"

	"jalon/internal/bilingual"
)

// Limits of what is read at all; a real letter has 25 kB and 600 lines.
const (
	MaxFile     = 10 << 20  // bytes of the file as given
	MaxText     = 1 << 20   // bytes of the text taken out of it
	MaxLines    = 10_000    // lines of that text
	maxUnpacked = 100 << 20 // bytes of all parts of a docx or xlsx
	maxPart     = 32 << 20  // bytes of one part
	maxParts    = 2_000     // parts of a docx or xlsx
	maxPages    = 300       // pages of a pdf
)

// Reasons for which a file is refused.
const (
	TooLarge        = "too_large"          // Limit, in MB
	TooLong         = "too_long"           // more text than MaxText or MaxLines
	UnpacksTooLarge = "unpacks_too_large"  // docx or xlsx beyond maxUnpacked, maxPart or maxParts
	Empty           = "empty"              //
	NotALetter      = "not_a_letter"       // read, but no objective in it
	Unsupported     = "unsupported"        // Name
	OtherKind       = "other_kind"         // Name, Kind: the content is not what the name says
	NotText         = "not_text"           // Line
	InvalidUTF8     = "invalid_utf8"       // Line
	InvalidUTF16    = "invalid_utf16"      //
	Damaged         = "damaged"            // Kind
	Doctype         = "doctype"            // Part
	Encrypted       = "encrypted"          // Kind
	WithoutText     = "pdf_without_text"   // a scan
	TooManyPages    = "pdf_too_many_pages" // Pages, Limit
	TookTooLong     = "took_too_long"      //
)

// RefusalCodes lists every reason, each of which has its sentence in both catalogues.
var RefusalCodes = []string{
	TooLarge,
	TooLong,
	UnpacksTooLarge,
	Empty,
	NotALetter,
	Unsupported,
	OtherKind,
	NotText,
	InvalidUTF8,
	InvalidUTF16,
	Damaged,
	Doctype,
	Encrypted,
	WithoutText,
	TooManyPages,
	TookTooLong,
}

// Refusal is a file that cannot be read as a letter, with the reason for the
// person who gave it: the catalogue text "import.error." + Code.
type Refusal struct {
	Code string
	Args map[string]string
	Err  error // the cause, for the log; may be nil
}

// Key is the catalogue key of the refusal's sentence.
func (r *Refusal) Key() string { return "import.error." + r.Code }

// Words gives the names and values for the refusal's sentence.
func (r *Refusal) Words(lang bilingual.Lang) []any { return wordsFor(r.Args, lang) }

// Error says why, for the log.
func (r *Refusal) Error() string {
	s := "letter refused: " + r.Code
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

func refuse(code string, err error, args ...string) *Refusal {
	return &Refusal{Code: code, Err: err, Args: argsOf(args)}
}

func argsOf(pairs []string) map[string]string {
	var args map[string]string
	for i := 0; i+1 < len(pairs); i += 2 {
		if args == nil {
			args = map[string]string{}
		}
		args[pairs[i]] = pairs[i+1]
	}
	return args
}
