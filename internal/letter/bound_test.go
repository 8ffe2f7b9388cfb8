package letter

import (
	"strings"
	"testing"
)

// BenchmarkRead reads the letter, and the longest texts that Extract lets
// through in the forms that are dearest.
func BenchmarkRead(b *testing.B) {
	repeat := func(head, unit string) string {
		return head + strings.Repeat(unit, min(MaxText/len(unit), MaxLines/max(1, strings.Count(unit, "\n"))-1))
	}
	for name, text := range map[string]string{
		"letter":        string(fixture(b, dutchLetter)),
		"one line":      "SD nr. 1: " + strings.Repeat("woord ", MaxText/6-2),
		"one deadline":  "SD nr. 1: a\nMeetpunt 1.1: b\nTarget: c\nDeadline: " + strings.Repeat("en 2025 ", MaxText/8-10),
		"abbreviations": "SD nr. 1: a\n" + strings.Repeat("AB (AB) ", MaxText/8-2),
		"brackets":      "SD nr. 1: a\n" + strings.Repeat("(", MaxText-20),
		"hyphens":       repeat("SD nr. 1: a\n", "informatie-uit-wis-se-ling-\n"),
		"goals":         repeat("SD nr. 1: a\nDoelstellingen:\n", "- x\n"),
		"lists":         repeat("SD nr. 1: a\nMeetpunt 1.1: b\n", "• een punt van een lijst dat in dezelfde tekst belandt en die laat groeien\n"),
		"objectives":    repeat("", "SD nr. 1: a\nMeetpunt 1.1: b\n"),
		"paragraphs":    repeat("SD nr. 1: a\n\n", "Een alinea van de context.\n\n"),
		"pages":         repeat("SD nr. 1: a van\n", "\n\n\n\nvan\n"),
		"names":         repeat("Doelstellingen van het mandaat A4 X bij Actiris\nSD nr. 1: a\n", "Leefmilieu Brussel Net Brussel Innoviris Vivalis\n"),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Read(text, Options{})
			}
		})
	}
}
