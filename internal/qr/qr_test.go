package qr

import (
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files anew")

const uri = "otpauth://totp/Jalon:director@jalon.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Jalon"

// picture writes a code as text, two signs to a module.
func picture(c *Code) string {
	var b strings.Builder
	for row := range c.Size() {
		for column := range c.Size() {
			b.WriteString(map[bool]string{true: "##", false: "  "}[c.Dark(row, column)])
		}
		b.WriteString("\n")
	}
	return b.String()
}

// The golden file is a picture that a scanner of another make has read.
func TestCodeOfAnAuthenticatorApp(t *testing.T) {
	c, err := Encode(uri)
	if err != nil {
		t.Fatal(err)
	}
	const file = "testdata/uri.golden.txt"
	if *update {
		if err := os.WriteFile(file, []byte(picture(c)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), picture(c)); diff != "" {
		t.Error(diff)
	}
}

// read takes a code apart again: mask, zigzag, blocks, check bytes, payload.
func read(t interface{ Fatalf(string, ...any) }, c *Code) string {
	mask := 0
	for i := range 3 { // the three lowest bits of the format without its own mask
		if c.dark[8][4-i] != (0x5412>>(10+i)&1 == 1) {
			mask |= 1 << i
		}
	}
	clean := &Code{version: c.version, size: c.size, fixed: c.fixed, dark: square(c.size)}
	for i := range c.dark {
		copy(clean.dark[i], c.dark[i])
	}
	clean.apply(mask)
	data := make([]byte, allBytes(c.version)+1)
	i := 0
	clean.each(func(row, column int) {
		if clean.dark[row][column] {
			data[i/8] |= 1 << (7 - i%8)
		}
		i++
	})
	n, check, total := blocks[c.version], checkBytes[c.version], dataBytes(c.version)
	parts := make([][]byte, n)
	at := 0
	for round := range total/n + 1 {
		for j := range n {
			if round < total/n || j >= n-total%n {
				parts[j] = append(parts[j], data[at])
				at++
			}
		}
	}
	var payload []byte
	for _, p := range parts {
		payload = append(payload, p...)
	}
	for range check {
		for j := range n {
			parts[j] = append(parts[j], data[at])
			at++
		}
	}
	for j, p := range parts { // a block is a multiple of the generator: it is 0 at each of its roots
		root := byte(1)
		for range check {
			value := byte(0)
			for _, b := range p {
				value = times(value, root) ^ b
			}
			if value != 0 {
				t.Fatalf("block %d does not check", j)
			}
			root = times(root, 2)
		}
	}
	var bits strings.Builder
	for _, b := range payload {
		for k := 7; k >= 0; k-- {
			bits.WriteByte('0' + b>>k&1)
		}
	}
	number := func(from, count int) (v int) {
		for _, b := range bits.String()[from : from+count] {
			v = v<<1 | int(b-'0')
		}
		return v
	}
	if number(0, 4) != 4 {
		t.Fatalf("mode %d", number(0, 4))
	}
	head := 4 + lengthBits(c.version)
	text := make([]byte, number(4, lengthBits(c.version)))
	for k := range text {
		text[k] = byte(number(head+8*k, 8))
	}
	return string(text)
}

func TestCodeHoldsItsText(t *testing.T) {
	for n := range 413 {
		text := strings.Repeat("jalon-", 70)[:n]
		c, err := Encode(text)
		if err != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
		if got := read(t, c); got != text {
			t.Fatalf("%d bytes are read as %q", n, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOfN(rapid.Byte(), 0, 412).Draw(t, "text"))
		c, err := Encode(text)
		if err != nil {
			t.Fatalf("%v", err)
		}
		if got := read(t, c); got != text {
			t.Fatalf("%q is read as %q", text, got)
		}
	})
	if _, err := Encode(strings.Repeat("a", 413)); !errors.Is(err, ErrTooLong) {
		t.Errorf("413 bytes: %v", err)
	}
}

// Capacities in bytes for level M, from the standard (table 7).
func TestSmallestVersionThatFits(t *testing.T) {
	for version, bytes := range []int{0, 14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412} {
		if version == 0 {
			continue
		}
		for more, want := range []int{version, version + 1} {
			c, err := Encode(strings.Repeat("x", bytes+more))
			if version == maxVersion && more == 1 {
				continue
			}
			if err != nil || c.version != want || c.Size() != 17+4*want {
				t.Errorf("%d bytes: %+v, %v; want version %d", bytes+more, c.version, err, want)
			}
		}
	}
}

func TestPathDrawsTheDarkModules(t *testing.T) {
	c := &Code{size: 3, dark: [][]bool{{true, true, false}, {false, false, false}, {true, false, true}}}
	if got, want := c.Path(), "M0 0h2v1h-2zM0 2h1v1h-1zM2 2h1v1h-1z"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
