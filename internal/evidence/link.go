package evidence

import (
	"net/url"
	"strings"
	"time"
	"unicode"
)

// MaxTitle and MaxLink bound a link, in characters.
const (
	MaxTitle = 200
	MaxLink  = 2000
)

// Link is an address on the secured web that proves what an entry says. It is
// never changed; what lies there is not kept.
type Link struct {
	ID      int64
	URL     string // as SafeLink accepts it
	Title   string // one line of 1 to MaxTitle characters
	AddedBy string
	AddedAt time.Time
}

// Set is the evidence of one thing.
type Set struct {
	Files []File
	Links []Link
}

// Len counts files and links.
func (s Set) Len() int { return len(s.Files) + len(s.Links) }

// SafeLink accepts an address of the secured web without a name or password in
// it, of at most MaxLink characters.
func SafeLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && len(s) <= MaxLink && strings.HasPrefix(s, "https://") && u.Hostname() != "" && u.User == nil &&
		!strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
}
