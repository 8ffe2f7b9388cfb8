package monitoring

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"jalon/internal/calendar"
	"jalon/internal/progress"
)

// RoundSchema names the canonical form of the whole table of a body.
const RoundSchema = "jalon/round/1"

// RoundTable is the whole table of a body in a half-year: it names the sealed
// table of each mandate by number and hash, and so covers every row of them:
// whoever has the tables can tell that they are these, and that none is left out.
type RoundTable struct {
	Software    string
	Institution Institution
	Body        Body
	Period      calendar.HalfYear
	Dates       RoundDates
	Mandates    []RoundLine // in the order of the body
	Sealing     *Sealing
}

// RoundLine is one mandate in the whole table.
type RoundLine struct {
	Mandate        Mandate
	Holder         Holder
	Number, SHA256 string                  // of its sealed table
	Statuses       map[progress.Status]int // targets per status; every count at least 1
	Reported, Owed int                     // targets
	Submitted      time.Time               // zero when the part was not submitted
}

// LineOf gives what a whole table says of a sealed table. The hash is that of
// the document that was signed.
func LineOf(t Table, number, sha256 string, submitted time.Time) RoundLine {
	l := RoundLine{Mandate: t.Mandate, Holder: t.Holder, Number: number, SHA256: sha256, Submitted: submitted}
	l.Statuses, l.Reported, l.Owed = t.Counts()
	return l
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
func (t RoundTable) Naming(of Table, sha256 string) Naming {
	i := slices.IndexFunc(t.Mandates, func(l RoundLine) bool { return l.Mandate.Code == of.Mandate.Code })
	switch {
	case i < 0, of.Period != t.Period, of.Institution.Code != t.Institution.Code:
		return NotNamed
	case t.Mandates[i].SHA256 != sha256:
		return NamedOther
	}
	return Named
}

// Reported counts over all mandates what was reported of what was owed.
func (t RoundTable) Reported() (reported, owed int) {
	for _, m := range t.Mandates {
		reported, owed = reported+m.Reported, owed+m.Owed
	}
	return reported, owed
}

type wireRound struct {
	Schema      string            `json:"schema"`
	Software    string            `json:"software,omitempty"`
	Institution wireNamed         `json:"institution"`
	Body        wireNamed         `json:"body"`
	Period      calendar.HalfYear `json:"period"`
	Due         calendar.Date     `json:"due,omitzero"`
	Grace       calendar.Date     `json:"grace,omitzero"`
	Meets       calendar.Date     `json:"meets,omitzero"`
	Mandates    []wireRoundLine   `json:"mandates"`
	Sealing     *wireSealing      `json:"sealing,omitempty"`
}

type wireRoundLine struct {
	Code      string                  `json:"code"`
	Rank      string                  `json:"rank,omitempty"`
	Title     wireText                `json:"title"`
	Holder    wireHolder              `json:"holder"`
	Number    string                  `json:"number"`
	SHA256    string                  `json:"sha256"`
	Statuses  map[progress.Status]int `json:"statuses,omitempty"`
	Reported  int                     `json:"reported"`
	Owed      int                     `json:"owed"`
	Submitted string                  `json:"submitted_at,omitempty"`
}

// Canonical gives the whole table as canonical JSON, as that of one mandate.
func (t RoundTable) Canonical() ([]byte, error) {
	w := wireRound{
		Schema: RoundSchema, Software: t.Software,
		Institution: wireNamed{t.Institution.Code, wire(t.Institution.Name)}, Body: wireNamed{t.Body.Code, wire(t.Body.Name)},
		Period: t.Period, Due: t.Dates.Due, Grace: t.Dates.Grace, Meets: t.Dates.Meets, Mandates: make([]wireRoundLine, len(t.Mandates)),
	}
	for i, m := range t.Mandates {
		w.Mandates[i] = wireRoundLine{m.Mandate.Code, m.Mandate.Rank, wire(m.Mandate.Title), wireHolder(m.Holder), m.Number, m.SHA256, m.Statuses, m.Reported, m.Owed, instant(m.Submitted)}
	}
	if s := t.Sealing; s != nil {
		w.Sealing = &wireSealing{s.Number, s.Version, instant(s.SealedAt), s.SealedBy, s.Reason, (*wireReference)(s.Replaces)}
	}
	document, err := canonical(w)
	if err != nil {
		return nil, fmt.Errorf("write the table of %s %s: %w", t.Body.Code, t.Period, err)
	}
	return document, nil
}

// ParseRound reads what Canonical of a whole table wrote. It returns
// ErrNotTable for everything else.
func ParseRound(document []byte) (RoundTable, error) {
	if schemaOf(document) != RoundSchema {
		return RoundTable{}, fmt.Errorf("schema %q: %w", schemaOf(document), ErrNotTable)
	}
	var w wireRound
	if err := json.Unmarshal(document, &w); err != nil {
		return RoundTable{}, fmt.Errorf("read the table of a body: %w", err)
	}
	t := RoundTable{
		Software: w.Software, Institution: Institution{w.Institution.Code, w.Institution.Name.text()}, Body: Body{w.Body.Code, w.Body.Name.text()},
		Period: w.Period, Dates: RoundDates{Due: w.Due, Grace: w.Grace, Meets: w.Meets},
	}
	for _, m := range w.Mandates {
		submitted, err := parseInstant(m.Submitted)
		if err != nil {
			return t, fmt.Errorf("read the table of a body: %s submitted at: %w", m.Code, err)
		}
		t.Mandates = append(t.Mandates, RoundLine{Mandate{m.Code, m.Rank, m.Title.text()}, Holder(m.Holder), m.Number, m.SHA256, m.Statuses, m.Reported, m.Owed, submitted})
	}
	if s := w.Sealing; s != nil {
		at, err := parseInstant(s.SealedAt)
		if err != nil {
			return t, fmt.Errorf("read the table of a body: sealed at: %w", err)
		}
		t.Sealing = &Sealing{s.Number, s.Version, at, s.SealedBy, s.Reason, (*Reference)(s.Replaces)}
	}
	return t, nil
}

// SealRound freezes the whole table of a body and signs it, as Seal does with
// the table of one mandate. The trusted comment reads
// `jalon INSTITUTION BODY round 2026-H1 v1 UTC parts:SHA256`.
func (s Signer) SealRound(t RoundTable, sealing Sealing) (document []byte, seal Seal, err error) {
	sealing.SealedAt = sealing.SealedAt.UTC()
	t.Sealing = &sealing
	if document, err = t.Canonical(); err != nil {
		return nil, Seal{}, fmt.Errorf("seal: %w", err)
	}
	list, err := partsOf(document)
	if err != nil {
		return nil, Seal{}, fmt.Errorf("seal: %w", err)
	}
	trusted := fmt.Sprintf("jalon %s %s round %s v%d %s parts:%s", word(t.Institution.Code), word(t.Body.Code), t.Period,
		sealing.Version, sealing.SealedAt.Format(time.RFC3339), list.digest())
	return document, Seal{
		Sealing: sealing, SHA256: Digest(document), KeyID: s.KeyID(), PublicKey: s.Public().String(),
		Signature: s.SignText(whatRound, document, trusted),
	}, nil
}
