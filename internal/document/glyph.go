package document

import (
	"encoding/binary"
	"strings"
	"sync"
)

// missingGlyph stands for a character that the fonts do not have, such as an emoji.
const missingGlyph = '□'

var hasGlyph = sync.OnceValue(func() *[0x10000]bool { return glyphs(regularFont) })

// printable replaces what the fonts cannot draw.
func printable(text string) string {
	known := hasGlyph()
	return strings.Map(func(r rune) rune {
		switch {
		case r < 0x10000 && known[r]:
			return r
		case r == '\u2011': // no-break hyphen
			return '-'
		case r == '\t' || r == '\n':
			return ' '
		case r == '\u200b' || r == '\u200d' || r == '\ufeff' || r >= '\ufe00' && r <= '\ufe0f':
			return -1 // no width of their own
		}
		return missingGlyph
	}, text)
}

// glyphs reads which characters of the basic plane a TrueType font draws: the
// "cmap" table in format 4 (OpenType specification).
func glyphs(font []byte) *[0x10000]bool {
	u16 := func(b []byte, at int) int { return int(binary.BigEndian.Uint16(b[at:])) }
	u32 := func(b []byte, at int) int { return int(binary.BigEndian.Uint32(b[at:])) }
	known := new([0x10000]bool)
	for t := range u16(font, 4) {
		entry := font[12+16*t:]
		if string(entry[:4]) != "cmap" {
			continue
		}
		cmap := font[u32(entry, 8):]
		for s := range u16(cmap, 2) {
			sub := cmap[u32(cmap, 4+8*s+4):]
			if u16(sub, 0) != 4 {
				continue
			}
			segments := u16(sub, 6) / 2
			for i := range segments {
				last, first := u16(sub, 14+2*i), u16(sub, 16+2*segments+2*i)
				for c := first; c <= last && c < 0xffff; c++ {
					known[c] = true
				}
			}
		}
	}
	return known
}
