package evidence

import (
	"path"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// reserved are the names that Windows takes for devices, with any extension.
var reserved = regexp.MustCompile(`(?i)^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$`)

// CleanName gives the name under which a file is kept and offered: the last
// part of the name as sent, of at most MaxName characters with its extension
// whole, without signs that a folder, a header or a screen takes for more than
// a letter. It may be "".
func CleanName(sent string) string {
	name := path.Base(strings.ReplaceAll(strings.ToValidUTF8(sent, ""), `\`, "/"))
	if strings.HasSuffix(sent, "/") || strings.HasSuffix(sent, `\`) {
		return ""
	}
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			return -1 // also the marks that turn the reading direction
		case unicode.IsSpace(r):
			return ' '
		case strings.ContainsRune(`<>:"|?*/`, r), r == unicode.ReplacementChar:
			return '_'
		}
		return r
	}, name)
	name = norm.NFC.String(name) // only now: what was left out may have kept a letter from its accent
	name = strings.Trim(name, " .")
	stem, ext := name, path.Ext(name)
	stem = strings.TrimSuffix(stem, ext)
	if first, _, _ := strings.Cut(name, "."); reserved.MatchString(strings.TrimSpace(first)) {
		stem = "_" + stem
	}
	if len([]rune(ext)) > 10 {
		stem, ext = stem+ext, "" // no extension of ours
	}
	if runes, room := []rune(stem), MaxName-len([]rune(ext)); len(runes) > room {
		stem = strings.TrimRight(string(runes[:room]), " .")
	}
	return stem + ext
}

// kindOfName gives the kind that a name promises.
func kindOfName(name string) (Kind, bool) {
	ext := Kind(strings.ToLower(strings.TrimPrefix(path.Ext(name), ".")))
	if ext == "jpeg" {
		ext = JPG
	}
	_, known := mediaTypes[ext]
	return ext, known
}
