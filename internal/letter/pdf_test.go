package letter

import (
	"context"
	"testing"
	"time"
)

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
