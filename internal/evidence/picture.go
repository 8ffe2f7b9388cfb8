package evidence

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"strconv"
)

func checkPixels(width, height int) error {
	switch {
	case width <= 0 || height <= 0:
		return refuse(Damaged, nil, "Kind", "")
	case int64(width)*int64(height) > maxPixels:
		return refuse(Pixels, nil, "Limit", strconv.Itoa(maxPixels/1_000_000))
	}
	return nil
}

const pngSignature = "\x89PNG\r\n\x1a\n"

// cleanPNG walks through the chunks to the end (W3C PNG, 5), and leaves out
// those that speak of place, device and program.
func cleanPNG(data []byte) ([]byte, error) {
	out := bytes.NewBufferString(pngSignature)
	rest, first := data[len(pngSignature):], true
	for {
		if len(rest) < 12 {
			return nil, refuse(Incomplete, nil, "Kind", "png")
		}
		n := uint64(binary.BigEndian.Uint32(rest))
		if n+12 > uint64(len(rest)) {
			return nil, refuse(Incomplete, nil, "Kind", "png")
		}
		chunk, kind, body := rest[:n+12], string(rest[4:8]), rest[8:n+8]
		rest = rest[n+12:]
		if crc32.ChecksumIEEE(chunk[4:n+8]) != binary.BigEndian.Uint32(chunk[n+8:]) || first != (kind == "IHDR") {
			return nil, refuse(Damaged, nil, "Kind", "png")
		}
		if first {
			if n != 13 {
				return nil, refuse(Damaged, nil, "Kind", "png")
			}
			if err := checkPixels(int(binary.BigEndian.Uint32(body)), int(binary.BigEndian.Uint32(body[4:]))); err != nil {
				return nil, err
			}
		}
		first = false
		switch kind {
		case "eXIf", "tEXt", "zTXt", "iTXt", "tIME":
		default:
			out.Write(chunk)
		}
		if kind == "IEND" {
			if len(rest) > 0 {
				return nil, refuse(MoreBehind, nil, "Kind", "png")
			}
			return out.Bytes(), nil
		}
	}
}

// Markers of a JPEG (ITU T.81, table B.1).
const (
	jpegSOI   = 0xD8
	jpegEOI   = 0xD9
	jpegSOS   = 0xDA
	jpegAPP1  = 0xE1 // Exif and XMP: place, device, person
	jpegAPP13 = 0xED // IPTC
	jpegCOM   = 0xFE
)

// cleanJPEG walks through the segments to the end of the picture, and leaves
// out those that speak of place, device and person; only how the picture was
// held comes back. What a telephone adds behind the picture is cut off.
func cleanJPEG(data []byte) ([]byte, error) {
	out := bytes.NewBuffer([]byte{0xFF, jpegSOI})
	at, sized, scanning, held := 2, false, false, uint16(0)
	var body bytes.Buffer
	for {
		marker, next := nextMarker(data, at)
		if next < 0 {
			return nil, refuse(Incomplete, nil, "Kind", "jpg")
		}
		if coded := data[at : next-2]; scanning {
			body.Write(coded)
		} else if bytes.Count(coded, []byte{0xFF}) != len(coded) {
			return nil, refuse(Damaged, nil, "Kind", "jpg") // between segments there is nothing
		}
		at = next
		if marker == jpegEOI {
			break
		}
		if marker >= 0xD0 && marker <= 0xD7 || marker == 0x01 {
			body.Write([]byte{0xFF, marker})
			continue
		}
		if at+2 > len(data) {
			return nil, refuse(Incomplete, nil, "Kind", "jpg")
		}
		n := int(binary.BigEndian.Uint16(data[at:]))
		if n < 2 || at+n > len(data) {
			return nil, refuse(Incomplete, nil, "Kind", "jpg")
		}
		segment := data[at : at+n]
		at += n
		switch {
		case marker == jpegAPP1:
			if held == 0 {
				held = orientation(segment[2:])
			}
			continue
		case marker == jpegAPP13, marker == jpegCOM:
			continue
		case isFrame(marker):
			if n < 8 {
				return nil, refuse(Damaged, nil, "Kind", "jpg")
			}
			if err := checkPixels(int(binary.BigEndian.Uint16(segment[5:])), int(binary.BigEndian.Uint16(segment[3:]))); err != nil {
				return nil, err
			}
			sized = true
		}
		scanning = marker == jpegSOS
		body.Write([]byte{0xFF, marker})
		body.Write(segment)
	}
	if !sized {
		return nil, refuse(Damaged, nil, "Kind", "jpg")
	}
	out.Write(heldSegment(held))
	out.Write(body.Bytes())
	out.Write([]byte{0xFF, jpegEOI})
	return out.Bytes(), nil
}

// nextMarker finds the next marker, and where it ends; -1 when there is none.
// In coded data FF 00 is a byte of the picture.
func nextMarker(data []byte, at int) (marker byte, end int) {
	for i := at; i+1 < len(data); i++ {
		if data[i] == 0xFF && data[i+1] != 0x00 && data[i+1] != 0xFF {
			return data[i+1], i + 2
		}
	}
	return 0, -1
}

// isFrame reports whether a marker starts a frame, which tells the size.
func isFrame(marker byte) bool {
	return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC
}

const exifHead = "Exif\x00\x00"

// orientation reads how a picture was held, 1 to 8, out of the first directory
// of an Exif segment (CIPA DC-008, tag 0x0112); 0 when it does not say.
func orientation(segment []byte) uint16 {
	tiff, ok := bytes.CutPrefix(segment, []byte(exifHead))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	start := uint64(order.Uint32(tiff[4:]))
	if start+2 > uint64(len(tiff)) {
		return 0
	}
	entries := tiff[start+2:]
	for range order.Uint16(tiff[start:]) {
		if len(entries) < 12 {
			return 0
		}
		if order.Uint16(entries) == 0x0112 {
			if held := order.Uint16(entries[8:]); held >= 1 && held <= 8 {
				return held
			}
			return 0
		}
		entries = entries[12:]
	}
	return 0
}

// heldSegment writes an Exif segment that says nothing but how the picture was
// held; none for upright and unknown.
func heldSegment(held uint16) []byte {
	if held < 2 {
		return nil
	}
	b := []byte{0xFF, jpegAPP1, 0, 34}
	b = append(b, exifHead+"MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01"...)
	b = binary.BigEndian.AppendUint16(b, held)
	return append(b, 0, 0, 0, 0, 0, 0)
}
