package archive

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxPath is the longest path in an archive, in characters: with a folder of a
// user before it, it stays within what every Windows program opens.
const maxPath = 140

// device matches the names that Windows takes for devices, with any ending.
var device = regexp.MustCompile(`(?i)^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)`)

// SafePath reports whether a path can be unpacked on every system, below the
// folder that is chosen and nowhere else: relative, with single slashes, no
// names of devices, no signs that Windows refuses, no spaces or stops at the end
// of a name, in composed form (NFC).
func SafePath(path string) bool {
	if path == "" || len([]rune(path)) > maxPath || !norm.NFC.IsNormalString(path) {
		return false
	}
	for name := range strings.SplitSeq(path, "/") {
		if name == "" || name == "." || name == ".." || strings.HasSuffix(name, ".") || strings.HasSuffix(name, " ") || strings.HasPrefix(name, " ") || device.MatchString(name) {
			return false
		}
		if strings.ContainsFunc(name, func(r rune) bool {
			return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`<>:"|?*\`, r) || r == unicode.ReplacementChar
		}) {
			return false
		}
	}
	return true
}

// fold gives what two paths share that a system without capitals takes for one.
func fold(path string) string { return strings.ToLower(strings.ToUpper(path)) }
