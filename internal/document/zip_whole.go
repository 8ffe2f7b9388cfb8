package document

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"slices"
)

// WholeZip reports whether all bytes of a zip belong to its parts, in which
// there is no second file: one that opens as a PDF too, since programs look for
// the start of a PDF in the first kilobyte, or one with parts that only some
// programs find. What is checked must be what others open (APPNOTE.TXT 4.3).
func WholeZip(file []byte) bool {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil || z.Comment != "" || bytes.Contains(file[:min(len(file), 1024)], []byte("%PDF")) {
		return false
	}
	start := func(f *zip.File) int64 {
		at, err := f.DataOffset()
		if err != nil {
			return 0
		}
		return at
	}
	parts := slices.SortedFunc(slices.Values(z.File), func(a, b *zip.File) int { return int(start(a) - start(b)) })
	next := int64(0)
	for _, f := range parts {
		data := start(f)
		const head = 30
		if data < next+head {
			return false
		}
		local := file[next:data]
		name, extra := int(binary.LittleEndian.Uint16(local[26:])), int(binary.LittleEndian.Uint16(local[28:]))
		if !bytes.HasPrefix(local, []byte("PK\x03\x04")) || len(local) != head+name+extra || string(local[head:head+name]) != f.Name || f.Comment != "" {
			return false
		}
		if renamed(f.Extra) || renamed(local[head+name:]) {
			return false
		}
		next = data + int64(f.CompressedSize64)
		if f.Flags&8 != 0 {
			next += descriptorSize(file, next)
		}
	}
	const end = 22
	last := file[max(0, len(file)-end):]
	return bytes.HasPrefix(last, []byte("PK\x05\x06")) && int64(binary.LittleEndian.Uint32(last[16:])) == next &&
		int64(binary.LittleEndian.Uint32(last[12:])) == int64(len(file)-end)-next
}

// renamed reports whether the extra fields of a part give it a second name,
// which some programs prefer (APPNOTE.TXT 4.6.9): they would show another part.
func renamed(fields []byte) bool {
	for len(fields) >= 4 {
		if binary.LittleEndian.Uint16(fields) == 0x7075 {
			return true
		}
		fields = fields[min(len(fields), 4+int(binary.LittleEndian.Uint16(fields[2:]))):]
	}
	return false
}

// descriptorSize is how long the sizes behind a part are, which some programs sign.
func descriptorSize(file []byte, at int64) int64 {
	if at < int64(len(file)) && bytes.HasPrefix(file[at:], []byte("PK\x07\x08")) {
		return 16
	}
	return 12
}
