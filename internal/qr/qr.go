// Package qr draws a text as a QR code (ISO/IEC 18004): bytes, error correction
// of level M, versions 1 to 15. That is enough for the address of an
// authenticator app, which is all that it is for.
package qr

import (
	"errors"
	"fmt"
	"strings"
)

// ErrTooLong refuses a text of more than 412 bytes.
var ErrTooLong = errors.New("too long for a square code")

const maxVersion = 15

// Per version, for level M (ISO/IEC 18004, table 9).
var (
	checkBytes = [maxVersion + 1]int{0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24} // in each block
	blocks     = [maxVersion + 1]int{0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10}
)

// Code is a square of dark and light modules, with no margin.
type Code struct {
	version int
	size    int
	dark    [][]bool // [row][column]
	fixed   [][]bool // belongs to no data
}

// Encode makes the smallest code that holds a text.
func Encode(text string) (*Code, error) {
	for version := 1; version <= maxVersion; version++ {
		if lengthBits(version)+4+8*len(text) <= 8*dataBytes(version) {
			return draw(version, interleave(version, payload(version, text))), nil
		}
	}
	return nil, fmt.Errorf("%d bytes: %w", len(text), ErrTooLong)
}

// Size is the number of modules on each side.
func (c *Code) Size() int { return c.size }

// Dark tells whether a module is dark. Outside the code all is light.
func (c *Code) Dark(row, column int) bool {
	return row >= 0 && column >= 0 && row < c.size && column < c.size && c.dark[row][column]
}

// Path draws the dark modules as the d of an SVG path, a module being one unit:
// one rectangle for each run in a row.
func (c *Code) Path() string {
	var b strings.Builder
	for row := range c.size {
		for column := 0; column < c.size; column++ {
			start := column
			for c.Dark(row, column) {
				column++
			}
			if column > start {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", start, row, column-start, column-start)
			}
		}
	}
	return b.String()
}

func lengthBits(version int) int {
	if version < 10 {
		return 8
	}
	return 16
}

// allBytes is how many bytes a version holds, data and check.
func allBytes(version int) int {
	modules := (16*version+128)*version + 64
	if version >= 2 {
		n := version/7 + 2
		modules -= (25*n-10)*n - 55
	}
	if version >= 7 {
		modules -= 36
	}
	return modules / 8
}

func dataBytes(version int) int { return allBytes(version) - checkBytes[version]*blocks[version] }

// payload is the text with its head: the mode "bytes", the length; and filled up.
func payload(version int, text string) []byte {
	var bits []bool
	add := func(value, count int) {
		for i := count - 1; i >= 0; i-- {
			bits = append(bits, value>>i&1 == 1)
		}
	}
	add(0b0100, 4)
	add(len(text), lengthBits(version))
	for i := range len(text) {
		add(int(text[i]), 8)
	}
	room := dataBytes(version)
	add(0, min(4, 8*room-len(bits)))
	add(0, (8-len(bits)%8)%8)
	data := make([]byte, 0, room)
	for i := 0; i < len(bits); i += 8 {
		value := byte(0)
		for _, bit := range bits[i : i+8] {
			value <<= 1
			if bit {
				value |= 1
			}
		}
		data = append(data, value)
	}
	for pad := byte(0xEC); len(data) < room; pad ^= 0xEC ^ 0x11 {
		data = append(data, pad)
	}
	return data
}

// interleave cuts the data in blocks, gives each its check bytes, and takes a
// byte of each in turn. The first blocks may be one byte shorter.
func interleave(version int, data []byte) []byte {
	n, check := blocks[version], checkBytes[version]
	short, longFrom := len(data)/n, n-len(data)%n
	generator := generatorOf(check)
	parts, checks := make([][]byte, n), make([][]byte, n)
	for i := range n {
		length := short
		if i >= longFrom {
			length++
		}
		parts[i], data = data[:length], data[length:]
		checks[i] = remainder(parts[i], generator)
	}
	var all []byte
	for i := range short + 1 {
		for _, p := range parts {
			if i < len(p) {
				all = append(all, p[i])
			}
		}
	}
	for i := range check {
		for _, c := range checks {
			all = append(all, c[i])
		}
	}
	return all
}

// times multiplies in the field of 256 elements with x^8+x^4+x^3+x^2+1.
func times(a, b byte) byte {
	product := 0
	for i := 7; i >= 0; i-- {
		product = product<<1 ^ product>>7*0x11D
		product ^= int(b>>i&1) * int(a)
	}
	return byte(product)
}

// generatorOf gives the coefficients of (x-1)(x-2)(x-4)…, without the first, which is 1.
func generatorOf(degree int) []byte {
	g := make([]byte, degree)
	g[degree-1] = 1
	root := byte(1)
	for range degree {
		for j := range g {
			g[j] = times(g[j], root)
			if j+1 < degree {
				g[j] ^= g[j+1]
			}
		}
		root = times(root, 2)
	}
	return g
}

func remainder(data, generator []byte) []byte {
	rest := make([]byte, len(generator))
	for _, b := range data {
		factor := b ^ rest[0]
		copy(rest, rest[1:])
		rest[len(rest)-1] = 0
		for i, g := range generator {
			rest[i] ^= times(g, factor)
		}
	}
	return rest
}
