package intake

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Text reads a text file as UTF-8, UTF-16 (with a byte order mark or plainly so)
// or, when it is no UTF-8 at all, Windows-1252: that is a guess, and guessed says
// so. The error is a *Refusal.
func Text(data []byte) (words string, guessed bool, err error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return decodeUTF16(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return decodeUTF16(data[2:], binary.BigEndian)
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	default:
		if order := utf16Order(data); order != nil {
			return decodeUTF16(data, order)
		}
	}
	if at := bytes.IndexFunc(data, notTextual); at >= 0 {
		return "", false, Refuse(NotText, nil, "Line", lineAt(data, at))
	}
	if utf8.Valid(data) {
		return string(data), false, nil
	}
	return decodeWindows1252(data)
}

// notTextual tells the control signs that no text file has.
func notTextual(r rune) bool {
	return r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f' && r != '\v' && r != 0x1a || r == 0x7f
}

// utf16Order recognises UTF-16 without a mark by its zero bytes: Latin text
// has one in nearly every pair, always on the same side.
func utf16Order(data []byte) binary.ByteOrder {
	if len(data) < 4 || len(data)%2 != 0 {
		return nil
	}
	sample := data[:min(len(data), 4096)]
	var even, odd int
	for i, b := range sample {
		if b == 0 {
			if i%2 == 0 {
				even++
			} else {
				odd++
			}
		}
	}
	pairs := len(sample) / 2
	switch {
	case odd > pairs*3/4 && even == 0:
		return binary.LittleEndian
	case even > pairs*3/4 && odd == 0:
		return binary.BigEndian
	}
	return nil
}

func decodeUTF16(data []byte, order binary.ByteOrder) (words string, guessed bool, err error) {
	if len(data)%2 != 0 {
		return "", false, Refuse(InvalidUTF16, nil)
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	words = string(utf16.Decode(units))
	if strings.ContainsRune(words, utf8.RuneError) {
		return "", false, Refuse(InvalidUTF16, nil)
	}
	if at := strings.IndexFunc(words, notTextual); at >= 0 {
		return "", false, Refuse(NotText, nil, "Line", lineAt([]byte(words), at))
	}
	return words, false, nil
}

// decodeWindows1252 reads what is not UTF-8. A file that is mostly UTF-8 with
// a few broken bytes is damaged, and reading it otherwise would garble every
// accent; so is a byte that Windows-1252 does not have.
func decodeWindows1252(data []byte) (words string, guessed bool, err error) {
	whole, broken, first := 0, 0, -1
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			if broken++; first < 0 {
				first = i
			}
		case size > 1:
			whole++
		}
		i += size
	}
	if whole >= broken {
		return "", false, Refuse(InvalidUTF8, nil, "Line", lineAt(data, first))
	}
	words, err = charmap.Windows1252.NewDecoder().String(string(data))
	if err == nil && strings.ContainsRune(words, utf8.RuneError) {
		err = errors.New("a byte that Windows-1252 does not have")
	}
	if err != nil {
		return "", false, Refuse(InvalidUTF8, err, "Line", lineAt(data, first))
	}
	return words, true, nil
}

func lineAt(data []byte, at int) string {
	return strconv.Itoa(bytes.Count(data[:at], []byte("\n")) + 1)
}
