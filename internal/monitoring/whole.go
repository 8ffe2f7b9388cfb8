package monitoring

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"jalon/internal/calendar"
	"jalon/internal/progress"
)

// RoundSchema names the form of the canonical document of a sealed round. It
// grows by a number when a reader of the old form would misread the new one.
const RoundSchema = "jalon/round/1"

// WholeTable is the table of a body over all mandates of its round. It holds no
// rows: it names the sealed table of each mandate by its hash, so that whoever
// has the tables can tell that they are these, and that none is left out.
type WholeTable struct {
	Software    string // version of the program that made it
	Institution Institution
	Body        Body
	Period      calendar.HalfYear
	Opened      calendar.Date // first day of the round
	Dates       RoundDates
	Mandates    []NamedTable // in the order of the institution
	Sealing     *Sealing     // nil for a draft
}

// NamedTable is the sealed table of one mandate, as a whole table names it.
type NamedTable struct {
	Mandate   Mandate
	Holder    Holder
	Table     Reference
	Statuses  map[progress.Status]int // rows per status; every count at least 1
	Reported  int                     // of Owed
	Owed      int
	Submitted time.Time // zero when the holder did not submit the part
}

// NameTable gives what a whole table says of a sealed table. Table and hash
// are those of the document that was signed.
func NameTable(t Table, seal Seal, submitted time.Time) NamedTable {
	n := NamedTable{
		Mandate: t.Mandate, Holder: t.Holder, Submitted: submitted,
		Table: Reference{Version: 1, SHA256: seal.SHA256, Period: t.Period},
	}
	if t.Sealing != nil {
		n.Table.Number, n.Table.Version = t.Sealing.Number, t.Sealing.Version
	}
	n.Statuses, n.Reported, n.Owed = t.Counts()
	return n
}

// RoundNumber gives the number of a body's whole table in a half-year, such as
// DR-2026-H1. The tables of its mandates have the same number with a count behind it.
func RoundNumber(body string, period calendar.HalfYear) string {
	return body + "-" + period.String()
}

// SealWhole freezes a whole table under a number and signs it, as Seal does a
// table. Its trusted comment reads `jalon INSTITUTION BODY 2026-H1 v1 UTC parts:SHA256`.
func (s Signer) SealWhole(w WholeTable, sealing Sealing) (document []byte, seal Seal, err error) {
	sealing.SealedAt = sealing.SealedAt.UTC()
	w.Sealing = &sealing
	if document, err = w.Canonical(); err != nil {
		return nil, Seal{}, fmt.Errorf("seal: %w", err)
	}
	return s.sign(document, sealing, whatRound, w.Institution.Code, w.Body.Code, w.Period)
}

// Canonical gives the whole table as canonical JSON (RFC 8785), in the same
// manner as a table: form NFC, identifiers and instants as text, both languages.
func (w WholeTable) Canonical() ([]byte, error) {
	document, err := canonical(wholeToWire(w))
	if err != nil {
		return nil, fmt.Errorf("canonical form of %s %s: %w", w.Body.Code, w.Period, err)
	}
	return document, nil
}

// ParseWhole reads a document that WholeTable.Canonical wrote. It returns
// ErrNotTable for other JSON and for a schema that this version does not know.
func ParseWhole(document []byte) (WholeTable, error) {
	if schemaOf(document) != RoundSchema {
		return WholeTable{}, fmt.Errorf("schema %q: %w", schemaOf(document), ErrNotTable)
	}
	var wire wireWhole
	if err := json.Unmarshal(document, &wire); err != nil {
		return WholeTable{}, fmt.Errorf("read whole table: %w", err)
	}
	w, err := wire.whole()
	if err != nil {
		return WholeTable{}, fmt.Errorf("read whole table: %w", err)
	}
	return w, nil
}

// Naming tells how a sealed table stands to a whole table.
type Naming string

// Namings.
const (
	Named      Naming = "named"       // it is the table that is named
	NamedOther Naming = "named_other" // of its mandate another table is named
	NotNamed   Naming = "not_named"   // its mandate or half-year is not in the whole table
)

// Naming says whether the whole table names a sealed table: by the hash of
// the document that was signed, never by its number alone.
func (w WholeTable) Naming(t Table, sha256 string) Naming {
	i := slices.IndexFunc(w.Mandates, func(n NamedTable) bool { return n.Mandate.Code == t.Mandate.Code })
	switch {
	case i < 0, t.Period != w.Period, t.Institution.Code != w.Institution.Code:
		return NotNamed
	case w.Mandates[i].Table.SHA256 != sha256:
		return NamedOther
	}
	return Named
}
