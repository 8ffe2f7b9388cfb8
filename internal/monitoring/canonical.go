package monitoring

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"

	"github.com/gowebpki/jcs"
	"golang.org/x/text/unicode/norm"
)

// ErrNotTable is the kind of every document that is not a monitoring table.
var ErrNotTable = errors.New("not a monitoring table")

// Canonical gives the table as canonical JSON (RFC 8785): one value, one
// sequence of bytes. Texts are in Unicode form NFC; decimals, dates and
// identifiers are strings; both languages and their states are in it.
func (t Table) Canonical() ([]byte, error) {
	w := toWire(t)
	rows := w.Rows
	w.Rows = []wireRow{}
	document, err := canonical(w)
	if err == nil {
		document, err = withRows(document, rows)
	}
	if err != nil {
		return nil, fmt.Errorf("write monitoring table %s %s: %w", t.Mandate.Code, t.Period, err)
	}
	return document, nil
}

// noRows is how a table without rows has them. No text holds it: there, quotes are escaped.
var noRows = []byte(`,"rows":[],`)

// withRows puts the rows into the document of a table without any, one after the
// other: to canonicalize a long table whole takes many times its size.
func withRows(document []byte, rows []wireRow) ([]byte, error) {
	before, after, found := bytes.Cut(document, noRows)
	if !found {
		return nil, fmt.Errorf("%w: no place for its rows", ErrNotTable)
	}
	var b bytes.Buffer
	b.Write(before)
	b.WriteString(`,"rows":[`)
	for i, r := range rows {
		row, err := canonicalRow(r)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			b.Grow(len(rows)*(len(row)+len(row)/8) + len(after))
		} else {
			b.WriteByte(',')
		}
		b.Write(row)
	}
	b.WriteString(`],`)
	b.Write(after)
	return b.Bytes(), nil
}

// canonicalRow is canonical for a row. Its members stand in order, so that it is
// canonical as it is encoded, unless it has an escape that RFC 8785 does not know;
// to read it once more for each of its members is what a long table would wait for.
func canonicalRow(r wireRow) ([]byte, error) {
	encoded, err := encode(r)
	if err != nil {
		return nil, err
	}
	row := bytes.TrimSuffix(encoded.Bytes(), []byte("\n"))
	if norm.NFC.IsNormal(row) && !foreignEscape.Match(row) {
		return row, nil
	}
	return canonical(r)
}

// foreignEscape finds what encoding/json escapes beside the signs of RFC 8785,
// section 3.2.2.2: both separators, and what stands for bytes that are no text.
var foreignEscape = regexp.MustCompile(`\\u(2028|2029|fffd)`)

func encode(w any) (*bytes.Buffer, error) {
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false) // an escaped < would hide that it composes with what follows
	return &plain, encoder.Encode(w)
}

// canonical writes a wire value as canonical JSON, its texts in form NFC.
func canonical(w any) ([]byte, error) {
	plain, err := encode(w)
	if err != nil {
		return nil, err
	}
	if norm.NFC.IsNormal(plain.Bytes()) { // as nearly all that is typed
		return jcs.Transform(plain.Bytes())
	}
	var tree any
	decoder := json.NewDecoder(plain)
	decoder.UseNumber()
	if err := decoder.Decode(&tree); err != nil {
		return nil, err
	}
	normal, err := json.Marshal(normalize(tree))
	if err != nil {
		return nil, err
	}
	return jcs.Transform(normal)
}

// normalize puts every text of a JSON tree in form NFC. It works on the tree
// and not on the bytes: there, an accent after an escape would change the escape.
func normalize(v any) any {
	switch v := v.(type) {
	case string:
		return norm.NFC.String(v)
	case []any:
		for i := range v {
			v[i] = normalize(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = normalize(v[k])
		}
	}
	return v
}

// Parse reads a document that Canonical wrote. It returns ErrNotTable for
// other JSON and for a schema that this version does not know.
func Parse(document []byte) (Table, error) {
	var head struct {
		Schema string `json:"schema"`
	}
	err := json.Unmarshal(document, &head)
	form, known := formOf(head.Schema)
	if err != nil || !known {
		return Table{}, fmt.Errorf("schema %q: %w", head.Schema, ErrNotTable)
	}
	var w wireTable
	if err := json.Unmarshal(document, &w); err != nil {
		return Table{}, fmt.Errorf("read monitoring table: %w", err)
	}
	t, err := w.table()
	if err != nil {
		return Table{}, fmt.Errorf("read monitoring table: %w", err)
	}
	t.Form = form
	return t, nil
}

// schemaOf names the canonical form of a document; "" when it has none.
func schemaOf(document []byte) string {
	var head struct {
		Schema string `json:"schema"`
	}
	_ = json.Unmarshal(document, &head) // then there is none
	return head.Schema
}

func toWire(t Table) wireTable {
	w := wireTable{
		Schema:      schemas[max(t.Form, firstForm)],
		Software:    t.Software,
		Institution: wireNamed{t.Institution.Code, wire(t.Institution.Name)},
		Body:        wireNamed{t.Body.Code, wire(t.Body.Name)},
		Mandate:     wireMandate{t.Mandate.Code, t.Mandate.Rank, wire(t.Mandate.Title)},
		Holder:      wireHolder(t.Holder),
		Period:      t.Period,
		AsOf:        t.AsOf,
		Previous:    (*wireReference)(t.Previous),
		Rows:        make([]wireRow, len(t.Rows)),
	}
	for i, r := range t.Rows {
		w.Rows[i] = wireOf(r)
		if t.Form > firstForm {
			w.Rows[i].note(r)
		}
	}
	if t.Form > firstForm {
		w.Questions = wireDecisions(t.Questions)
	}
	if s := t.Sealing; s != nil {
		w.Sealing = &wireSealing{s.Number, s.Version, instant(s.SealedAt), s.SealedBy, s.Reason, (*wireReference)(s.Replaces)}
	}
	return w
}

func wireOf(r Row) wireRow {
	w := wireRow{
		Code: r.Code, Objective: wire(r.Objective), Point: wire(r.Point), Target: wire(r.Target),
		Deadline: wireDeadline{Text: wire(r.Deadline.Text), Reading: r.Deadline.Reading, Words: wire(r.Deadline.Words), Due: r.Deadline.Due, Confirmed: r.Deadline.Confirmed},
		Then:     wireCellOf(r.Then), Now: wireCellOf(r.Now), Trend: r.Trend,
	}
	for _, d := range r.Missed {
		w.Missed = append(w.Missed, wireDuty{From: d.From, Due: d.Due, Reason: d.Reason})
	}
	return w
}

func wireCellOf(c Cell) wireCell {
	w := wireCell{Status: c.Status}
	if e := c.Entry; e != nil {
		w.Entry = &wireEntry{
			ID: id(e.ID), Target: id(e.TargetID), Status: e.Status, AsOf: e.AsOf, RecordedAt: instant(e.RecordedAt),
			AuthorID: id(e.AuthorID), Author: e.Author, OnBehalfOfID: id(e.OnBehalfOfID), OnBehalfOf: e.OnBehalfOf,
			Percentage: amount(e.Percentage), Value: amount(e.Value),
			Achieved: e.Achieved, Obstacles: e.Obstacles, NextSteps: e.NextSteps,
			SupportAsked: e.SupportAsked, SupportOf: e.SupportOf, SupportBy: e.SupportBy,
			Reason: e.Reason, Lang: e.Lang, Supersedes: id(e.Supersedes), CorrectionReason: e.CorrectionReason,
		}
	}
	return w
}

func (w wireTable) table() (t Table, err error) {
	t = Table{
		Software:    w.Software,
		Institution: Institution{w.Institution.Code, w.Institution.Name.text()},
		Body:        Body{w.Body.Code, w.Body.Name.text()},
		Mandate:     Mandate{w.Mandate.Code, w.Mandate.Rank, w.Mandate.Title.text()},
		Holder:      Holder(w.Holder),
		Period:      w.Period,
		AsOf:        w.AsOf,
		Previous:    (*Reference)(w.Previous),
	}
	if t.Questions, err = decisions(w.Questions); err != nil {
		return t, fmt.Errorf("questions: %w", err)
	}
	for _, r := range w.Rows {
		row, err := r.row()
		if err != nil {
			return t, fmt.Errorf("row %s: %w", r.Code, err)
		}
		t.Rows = append(t.Rows, row)
	}
	if s := w.Sealing; s != nil {
		at, err := parseInstant(s.SealedAt)
		if err != nil {
			return t, fmt.Errorf("sealed at: %w", err)
		}
		t.Sealing = &Sealing{s.Number, s.Version, at, s.SealedBy, s.Reason, (*Reference)(s.Replaces)}
	}
	return t, nil
}

func (w wireRow) row() (r Row, err error) {
	r = Row{
		Code: w.Code, Objective: w.Objective.text(), Point: w.Point.text(), Target: w.Target.text(),
		Deadline: DeadlineCell{w.Deadline.Text.text(), w.Deadline.Reading, w.Deadline.Words.text(), w.Deadline.Due, w.Deadline.Confirmed},
		Trend:    w.Trend,
	}
	for _, d := range w.Missed {
		r.Missed = append(r.Missed, Duty{From: d.From, Due: d.Due, Reason: d.Reason})
	}
	for _, p := range w.Evidence {
		r.Evidence = append(r.Evidence, Proof{Name: p.Name, SHA256: p.SHA256, Confidential: p.Confidential})
	}
	if r.Decisions, err = decisions(w.Decisions); err != nil {
		return r, err
	}
	if r.Then, err = w.Then.cell(); err != nil {
		return r, err
	}
	r.Now, err = w.Now.cell()
	return r, err
}

func (w wireCell) cell() (Cell, error) {
	c := Cell{Status: w.Status}
	if w.Entry == nil {
		return c, nil
	}
	e, err := w.Entry.entry()
	c.Entry = &e
	return c, err
}

func (w wireEntry) entry() (Entry, error) {
	number, badID := parseID(w.ID)
	target, badTarget := parseID(w.Target)
	author, badAuthor := parseID(w.AuthorID)
	onBehalf, badOnBehalf := parseID(w.OnBehalfOfID)
	supersedes, badSupersedes := parseID(w.Supersedes)
	at, badTime := parseInstant(w.RecordedAt)
	percentage, badPercentage := parseAmount(w.Percentage)
	value, badValue := parseAmount(w.Value)
	return Entry{
		ID: number, TargetID: target, Status: w.Status, AsOf: w.AsOf, RecordedAt: at,
		AuthorID: author, Author: w.Author, OnBehalfOfID: onBehalf, OnBehalfOf: w.OnBehalfOf,
		Percentage: percentage, Value: value,
		Achieved: w.Achieved, Obstacles: w.Obstacles, NextSteps: w.NextSteps,
		SupportAsked: w.SupportAsked, SupportOf: w.SupportOf, SupportBy: w.SupportBy,
		OutsideControl: w.OutsideControl, Reason: w.Reason, Lang: w.Lang, Supersedes: supersedes, CorrectionReason: w.CorrectionReason,
	}, errors.Join(badID, badTarget, badAuthor, badOnBehalf, badSupersedes, badTime, badPercentage, badValue)
}
