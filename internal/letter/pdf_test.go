package letter

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The PDFium that is packed is that of the library in use: another version of
// the one needs the other.
func TestThePackedPDFiumIsThatOfItsLibrary(t *testing.T) {
	folder, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/klippa-app/go-pdfium").Output()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(strings.TrimSpace(string(folder)), "internal", "pdfium_wasm", "pdfium.wasm")
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got, err := unpacked()
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("not that of the library (%v): zstd --ultra -22 -f %s -o pdfium.wasm.zst", err, file)
	}
}

// TestReadingAPDFStopsInTime gives the sandbox less time than it needs to start.
func TestReadingAPDFStopsInTime(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if text, err := readPDFIn(ctx, fixture(t, "letter.pdf")); err == nil {
		t.Errorf("read %d bytes in no time", len(text))
	}
}

func TestLinesOfAPage(t *testing.T) {
	var lines pdfLines
	put := func(text string, x, y, size float64) {
		for i, sign := range text {
			if lines.add(sign, x+float64(i), y) {
				lines.last().size = size
			}
		}
	}
	put("Kop", 10, 700, 18)
	put("op de 15", 10, 680, 11)
	put("e", 60, 684, 7) // raised
	put(" van de informatie\x02", 61, 680, 11)
	put("uitwisseling", 10, 666, 11)
	put("en meer", 10, 652, 11)
	put("Nieuwe alinea", 10, 624, 11)
	put("Ver onder", 10, 500, 11)
	want := "Kop\n\nop de 15e van de informatie-\nuitwisseling\nen meer\n\nNieuwe alinea\n\n\n\nVer onder"
	if got := lines.String(); got != want {
		t.Errorf("got\n%q, want\n%q", got, want)
	}
}
