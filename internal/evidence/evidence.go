// Package evidence judges the files that people attach as proof: what a file
// is, whether it is only that, and under which name it is kept.
//
// A file is one of nine kinds. Its extension, its first bytes and its inner
// structure must say the same (OWASP ASVS 5.0, 5.2.2); what hides a second
// file, a program or the place where a picture was taken is refused or
// removed. Nothing is opened further than the judgement needs.
package evidence

import (
	"fmt"
	"time"
)

// Kind is what a file holds.
type Kind string

// Kinds that are taken.
const (
	PDF  Kind = "pdf"
	DOCX Kind = "docx"
	XLSX Kind = "xlsx"
	ODT  Kind = "odt"
	ODS  Kind = "ods"
	PNG  Kind = "png"
	JPG  Kind = "jpg"
	TXT  Kind = "txt"
	CSV  Kind = "csv"
)

// Kinds lists them as people read them.
var Kinds = []Kind{PDF, DOCX, XLSX, ODT, ODS, PNG, JPG, TXT, CSV}

// mediaTypes are what a browser is told, whatever it sent itself.
var mediaTypes = map[Kind]string{
	PDF:  "application/pdf",
	DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	ODT:  "application/vnd.oasis.opendocument.text",
	ODS:  "application/vnd.oasis.opendocument.spreadsheet",
	PNG:  "image/png",
	JPG:  "image/jpeg",
	TXT:  "text/plain; charset=utf-8",
	CSV:  "text/csv; charset=utf-8",
}

// MediaType gives the media type of a kind; that of unknown bytes for no kind of ours.
func (k Kind) MediaType() string {
	if m, ok := mediaTypes[k]; ok {
		return m
	}
	return "application/octet-stream"
}

// Limits of one file and of what belongs together.
const (
	MaxSize    = 25 << 20  // bytes of one file
	MaxForm    = 50 << 20  // bytes of all files that are sent at once
	MaxFiles   = 5         // files of one answer or entry
	MaxMandate = 500 << 20 // bytes of all files of one mandate
	MaxName    = 150       // characters of a name

	maxUnpacked = 100 << 20  // bytes of all parts of an office file
	maxParts    = 2_000      // parts of an office file
	maxDepth    = 2          // office files within office files
	maxPixels   = 40_000_000 // of a picture
)

// File is one piece of evidence as it is kept. It belongs to the answer of a
// duty or to an entry, and is never changed.
type File struct {
	ID           int64
	SHA256       string // of the content as kept, 64 hexadecimal digits
	Size         int    // bytes, 1 to MaxSize
	Kind         Kind
	Name         string // as CleanName gives it
	Confidential bool   // for the holder, the committee, the HR officer and who added it
	AddedByID    int64
	AddedBy      string
	AddedAt      time.Time
}

// Reasons for which a file is refused.
const (
	Empty       = "empty"
	TooLarge    = "too_large"   // Limit, in MB
	Unsupported = "unsupported" // Name
	OtherKind   = "other_kind"  // Name, Kind: the content is not what the name says
	Damaged     = "damaged"     // Kind
	Incomplete  = "incomplete"  // Kind: it stops before its end
	MoreBehind  = "more_behind" // Kind: something follows after its end
	Unpacks     = "unpacks"     // an office file beyond maxUnpacked, maxParts or maxDepth
	Macros      = "macros"      //
	Encrypted   = "encrypted"   // with a password
	Doctype     = "doctype"     // XML that may fetch or grow
	FetchesMore = "fetches"     // parts that lie elsewhere
	Pixels      = "pixels"      // Limit, in millions
)

// RefusalCodes lists every reason, each of which has its sentence in both catalogues.
var RefusalCodes = []string{Empty, TooLarge, Unsupported, OtherKind, Damaged, Incomplete, MoreBehind, Unpacks, Macros, Encrypted, Doctype, FetchesMore, Pixels}

// Refusal is a file that is not taken, with the reason for the person who gave
// it: the catalogue text "evidence.error." + Code.
type Refusal struct {
	Code string
	Args []any // names and values of the sentence, in pairs
	Err  error // the cause; may be nil
}

// Key is the catalogue key of the refusal's sentence.
func (r *Refusal) Key() string { return "evidence.error." + r.Code }

// Error says why, without the name of the file.
func (r *Refusal) Error() string {
	if r.Err != nil {
		return fmt.Sprintf("evidence refused: %s: %v", r.Code, r.Err)
	}
	return "evidence refused: " + r.Code
}

// Unwrap gives the cause.
func (r *Refusal) Unwrap() error { return r.Err }

func refuse(code string, err error, pairs ...any) *Refusal {
	return &Refusal{Code: code, Args: pairs, Err: err}
}
