package archive

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
)

// layout refuses what belongs to no file: bytes before, between and behind them,
// comments, and a file whose headers do not say the same. What other programs
// read must be what was checked here: not one byte of the zip is free.
func (v *verifier) layout(r io.ReaderAt, size int64) {
	next, starts := int64(0), make([]int64, len(v.z.File))
	for i, f := range v.z.File { // as they were written
		starts[i] = next
		data, err := f.DataOffset()
		head := localHeader(f)
		if err != nil || data != next+int64(len(head)) {
			v.find(Hidden, f.Name)
			return
		}
		if !holds(r, next, head) {
			v.find(Altered, f.Name)
		}
		tail := descriptor(f)
		end := data + int64(f.CompressedSize64)
		if !holds(r, end, tail) {
			v.find(Altered, f.Name)
		}
		next = end + int64(len(tail))
	}
	at := next
	for i, f := range v.z.File {
		entry := directoryHeader(f, uint64(starts[i]))
		if !holds(r, at, entry) {
			v.find(Altered, f.Name)
			return
		}
		at += int64(len(entry))
	}
	end := directoryEnd(len(v.z.File), uint64(at-next), uint64(next))
	if at+int64(len(end)) != size || !holds(r, at, end) {
		v.find(Hidden, "")
	}
}

// holds reports whether bytes stand at a place.
func holds(r io.ReaderAt, at int64, want []byte) bool {
	found := make([]byte, len(want))
	_, err := r.ReadAt(found, at)
	return (err == nil || errors.Is(err, io.EOF)) && bytes.Equal(found, want)
}

// timeField is the extra field with the time of every file.
var timeField = func() []byte {
	b := binary.LittleEndian.AppendUint16(nil, 0x5455)
	b = binary.LittleEndian.AppendUint16(b, 5)
	return binary.LittleEndian.AppendUint32(append(b, 1), uint32(fixed.Unix()))
}()

const (
	most32 = 1<<32 - 1 // in place of what the old form of a zip has no room for
	most16 = 1<<16 - 1
)

// isLarge reports whether a file is too large for the old form of a zip.
func isLarge(f *zip.File) bool { return f.CompressedSize64 >= most32 || f.UncompressedSize64 >= most32 }

// flagsOf are those of a file whose sizes follow it; whose name has other letters than the oldest programs know says so.
func flagsOf(f *zip.File) uint16 {
	if strings.ContainsFunc(f.Name, func(r rune) bool { return r < ' ' || r > '}' || r == '\\' }) {
		return 0x808
	}
	return 8
}

// localHeader is what stands before the data of a file (APPNOTE.TXT 4.3.7).
func localHeader(f *zip.File) []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(nil, 0x04034b50)
	b = le.AppendUint16(b, 20)
	b = le.AppendUint16(b, flagsOf(f))
	b = le.AppendUint16(b, zip.Store)
	b = le.AppendUint32(b, 0x00210000) // 1 January 1980, midnight
	b = append(b, make([]byte, 12)...) // check sum and sizes follow the data
	b = le.AppendUint16(b, uint16(len(f.Name)))
	b = le.AppendUint16(b, uint16(len(timeField)))
	return append(append(b, f.Name...), timeField...)
}

// descriptor is what follows the data of a file (APPNOTE.TXT 4.3.9).
func descriptor(f *zip.File) []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(nil, 0x08074b50)
	b = le.AppendUint32(b, f.CRC32)
	if isLarge(f) {
		return le.AppendUint64(le.AppendUint64(b, f.CompressedSize64), f.UncompressedSize64)
	}
	return le.AppendUint32(le.AppendUint32(b, uint32(f.CompressedSize64)), uint32(f.UncompressedSize64))
}

// directoryHeader is what the directory says of a file that begins at a place (APPNOTE.TXT 4.3.12).
func directoryHeader(f *zip.File, at uint64) []byte {
	le := binary.LittleEndian
	version, packed, unpacked, extra := uint16(20), uint32(f.CompressedSize64), uint32(f.UncompressedSize64), timeField
	if isLarge(f) {
		version = 45
	}
	if isLarge(f) || at >= most32 {
		packed, unpacked = most32, most32
		extra = le.AppendUint16(slices.Clone(extra), 1) // the new form (4.5.3)
		extra = le.AppendUint16(extra, 24)
		extra = le.AppendUint64(le.AppendUint64(le.AppendUint64(extra, f.UncompressedSize64), f.CompressedSize64), at)
	}
	b := le.AppendUint32(nil, 0x02014b50)
	b = le.AppendUint16(b, 20)
	b = le.AppendUint16(b, version)
	b = le.AppendUint16(b, flagsOf(f))
	b = le.AppendUint16(b, zip.Store)
	b = le.AppendUint32(b, 0x00210000)
	b = le.AppendUint32(le.AppendUint32(le.AppendUint32(b, f.CRC32), packed), unpacked)
	b = le.AppendUint16(b, uint16(len(f.Name)))
	b = le.AppendUint16(b, uint16(len(extra)))
	b = append(b, make([]byte, 10)...) // no comment, one disk, no attributes
	b = le.AppendUint32(b, uint32(min(at, most32)))
	return append(append(b, f.Name...), extra...)
}

// directoryEnd is what stands behind a directory of some length that begins at a place (APPNOTE.TXT 4.3.14 to 4.3.16).
func directoryEnd(files int, length, at uint64) (b []byte) {
	le := binary.LittleEndian
	if files >= most16 || length >= most32 || at >= most32 {
		b = le.AppendUint32(b, 0x06064b50)
		b = le.AppendUint64(b, 44) // of this record
		b = le.AppendUint16(le.AppendUint16(b, 45), 45)
		b = le.AppendUint64(b, 0) // one disk
		b = le.AppendUint64(le.AppendUint64(b, uint64(files)), uint64(files))
		b = le.AppendUint64(le.AppendUint64(b, length), at)
		b = le.AppendUint32(le.AppendUint32(b, 0x07064b50), 0)
		b = le.AppendUint32(le.AppendUint64(b, at+length), 1) // where that record begins
		files, length, at = most16, most32, most32
	}
	b = le.AppendUint32(le.AppendUint32(b, 0x06054b50), 0)
	b = le.AppendUint16(le.AppendUint16(b, uint16(files)), uint16(files))
	b = le.AppendUint32(le.AppendUint32(b, uint32(length)), uint32(at))
	return le.AppendUint16(b, 0)
}
