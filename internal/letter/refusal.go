package letter

// Limits of what is read at all; a real letter has 25 kB and 600 lines.
const (
	MaxFile  = 10 << 20 // bytes of the file as given
	MaxText  = 1 << 20  // bytes of the text taken out of it
	MaxLines = 10_000   // lines of that text
	maxPages = 300      // pages of a pdf
)

// Reasons for which a letter is refused, beside those of intake.
const (
	TooLarge     = "too_large"          // Limit, in MB
	TooLong      = "too_long"           // more text than MaxText or MaxLines
	NotALetter   = "not_a_letter"       // read, but no objective in it
	Unsupported  = "unsupported"        // Name
	OtherKind    = "other_kind"         // Name, Kind: the content is not what the name says
	WithoutText  = "pdf_without_text"   // a scan
	TooManyPages = "pdf_too_many_pages" // Pages, Limit
	TookTooLong  = "took_too_long"      //
)

// RefusalCodes lists them; each has its sentence in both catalogues.
var RefusalCodes = []string{
	TooLarge,
	TooLong,
	NotALetter,
	Unsupported,
	OtherKind,
	WithoutText,
	TooManyPages,
	TookTooLong,
}
