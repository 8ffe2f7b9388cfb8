package report

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/mandate"
)

// A part of a sealed table carries no seal, no number and no data: it would
// otherwise pass for the whole, or give the whole away.
func TestAPartOfASealedTableHasNoSealAndNoData(t *testing.T) {
	whole := sealedBy(t, newSigner(t), sample())
	part := whole.Only([]mandate.Code{code("T4")})
	if len(part.Table.Rows) != 3 || len(whole.Table.Rows) != 6 {
		t.Fatalf("%d rows of %d", len(part.Table.Rows), len(whole.Table.Rows))
	}
	for _, format := range Formats {
		for lang, says := range map[string]string{"nl": "UITTREKSEL", "fr": "EXTRAIT"} {
			var file bytes.Buffer
			err := part.Write(&file, format, catalogues.In(bilingual.Lang(lang)), time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
			if format == JSON {
				if !errors.Is(err, errPart) || file.Len() > 0 {
					t.Errorf("json: %v, %d bytes", err, file.Len())
				}
				continue
			}
			if err != nil {
				t.Errorf("%s: %v", format, err)
			}
			if format == CSV && (!strings.Contains(file.String(), says) || strings.Contains(file.String(), "DR-2026-H1-001") || strings.Contains(file.String(), "Scorebord")) {
				t.Errorf("csv %s: %s", lang, file.String())
			}
			if name := part.FileName(format, catalogues.In(bilingual.Lang(lang))); !strings.Contains(name, strings.ToLower(says)) {
				t.Errorf("the file is called %s", name)
			}
		}
	}
	d, err := part.sheets(catalogues.In(bilingual.NL), time.Now())
	if err != nil || d.Data != nil {
		t.Errorf("the workbook carries data: %v, %v", d.Data, err)
	}
}
