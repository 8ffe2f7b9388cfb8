package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/gowebpki/jcs"
	"golang.org/x/sync/errgroup"

	"jalon/internal/calendar"
	"jalon/internal/document"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
)

// Whole is the sealed table of a body, which names the table of each mandate.
type Whole struct {
	Table    monitoring.RoundTable
	Seal     monitoring.Seal
	document []byte
}

// SealedWhole gives the sealed table of a body from its stored document and seal.
func SealedWhole(doc []byte, seal monitoring.Seal) (*Whole, error) {
	t, err := monitoring.ParseRound(doc)
	if err != nil {
		return nil, fmt.Errorf("sealed table of a body: %w", err)
	}
	if t.Sealing == nil {
		return nil, fmt.Errorf("sealed table of a body: %w: the document has no number", monitoring.ErrNotTable)
	}
	seal.Sealing = *t.Sealing
	return &Whole{Table: t, Seal: seal, document: doc}, nil
}

// tablesKind begins the description of the data in a document of all tables.
const tablesKind = "jalon tables layout"

// wireTables is the JSON of several tables: the files of the single tables in a
// list, each checked by itself, and that of the whole where it is sealed. Its
// members are in the order of canonical JSON, as those of its parts are: many
// tables need not be read again to be written so.
type wireTables struct {
	Body        string            `json:"body"`
	Institution string            `json:"institution"`
	Period      calendar.HalfYear `json:"period"`
	Schema      string            `json:"schema"`
	Tables      []json.RawMessage `json:"tables"`
	Whole       json.RawMessage   `json:"whole,omitempty"`
}

// noTables keeps the place of the tables in their file.
var noTables = []byte(`"tables":[]`)

// wire gives the JSON of all tables. They are written beside each other, and put
// in as they are: each is canonical already, and all of them are long.
func (t Tables) wire() ([]byte, error) {
	w := wireTables{Schema: TablesSchema, Institution: t.Institution.Code, Body: t.Body.Code, Period: t.Period, Tables: []json.RawMessage{}}
	var err error
	if t.Whole != nil {
		if w.Whole, err = monitoring.Envelope(t.Whole.document, &t.Whole.Seal); err != nil {
			return nil, err
		}
	}
	var frame bytes.Buffer
	e := json.NewEncoder(&frame)
	e.SetEscapeHTML(false)
	if err := e.Encode(w); err != nil {
		return nil, err
	}
	before, after, found := bytes.Cut(bytes.TrimSuffix(frame.Bytes(), []byte("\n")), noTables)
	if !found {
		return nil, fmt.Errorf("%w: no place for the tables", monitoring.ErrNotTable)
	}
	each, size, err := t.envelopes()
	if err != nil {
		return nil, err
	}
	file := append(append(make([]byte, 0, frame.Len()+size), before...), `"tables":[`...)
	for i, m := range each {
		if i > 0 {
			file = append(file, ',')
		}
		file = append(file, m...)
	}
	return append(append(file, ']'), after...), nil
}

// envelopes gives the JSON of each table, and how much all of it is with what
// stands between them.
func (t Tables) envelopes() (each [][]byte, size int, err error) {
	each = make([][]byte, len(t.Tables))
	var writing errgroup.Group
	writing.SetLimit(runtime.GOMAXPROCS(0))
	for i := range t.Tables {
		writing.Go(func() (err error) {
			each[i], err = t.Tables[i].envelope()
			return err
		})
	}
	err = writing.Wait()
	for _, m := range each {
		size += len(m) + len(",")
	}
	return each, size, err
}

// asTables calls institution and body as the tables themselves do, since they
// were sealed: so the document can be written anew from them alone.
func (t Tables) asTables() Tables {
	if t.Whole != nil {
		t.Institution, t.Body = t.Whole.Table.Institution, t.Whole.Table.Body
		return t
	}
	for i, m := range t.Tables {
		if i == 0 {
			t.Institution = m.Table.Institution
		}
		if m.Table.Body.Code == t.Body.Code {
			t.Body = m.Table.Body
			break
		}
	}
	return t
}

// attached is the JSON for inside a document, with how that was written: nothing for extracts.
func (t Tables) attached(p *locale.Printer, made time.Time) (*document.Attachment, error) {
	if slices.ContainsFunc(t.Tables, func(m Monitoring) bool { return m.Part != nil }) {
		return nil, nil
	}
	content, err := t.wire()
	if err != nil {
		return nil, err
	}
	return &document.Attachment{
		Name: "jalon.json", Content: content,
		Description: fmt.Sprintf("%s %d %s %s", tablesKind, Layout, language(p), made.UTC().Format(time.RFC3339)),
	}, nil
}

// CheckedTable is what was found of one table in a file of several.
type CheckedTable struct {
	Mandate string // code
	monitoring.Verdict
	Naming monitoring.Naming // by the whole table; "" where that is not sealed
}

// CheckedTables is what was found in a file of all tables of a body. A table
// that is not sealed is NotSealed: nothing proves what it says.
type CheckedTables struct {
	Each  []CheckedTable
	Whole *monitoring.Verdict // of the sealed table of the body; nil when it is not sealed
	all   Tables
}

// Title gives the body and the half-year of the tables.
func (c CheckedTables) Title() (monitoring.Body, calendar.HalfYear) { return c.all.Body, c.all.Period }

// checkTables looks at each table of a JSON file of several, at the whole, and
// at whether these are the tables that the whole names.
func (c *Checked) checkTables(file []byte, keys []monitoring.PublicKey) {
	w, ok := readTables(file)
	if !ok {
		c.add(monitoring.Change{Kind: monitoring.Edited, Field: "file"})
		return
	}
	found := &CheckedTables{all: Tables{Period: w.Period}}
	c.Tables, c.Outcome = found, monitoring.NotSealed
	if len(w.Whole) > 0 {
		v := monitoring.Verify(w.Whole, keys)
		found.Whole = &v
		c.join("", v)
		if v.Round == nil {
			c.add(monitoring.Change{Kind: monitoring.Edited, Field: "file"})
			return
		}
	}
	for i, one := range w.Tables {
		if !c.checkOne(i, one, keys) {
			return
		}
	}
	c.checkHead(w)
	c.checkNamed()
	if c.Outcome == monitoring.Intact {
		c.Trusted = (found.Whole == nil || found.Whole.Trusted) &&
			!slices.ContainsFunc(found.Each, func(t CheckedTable) bool { return t.Outcome == monitoring.Intact && !t.Trusted })
	}
}

// isTables tells the JSON of several tables from that of one, also when its schema was altered.
func isTables(file []byte) bool {
	var head struct {
		Schema   string            `json:"schema"`
		Document json.RawMessage   `json:"document"`
		Tables   []json.RawMessage `json:"tables"`
	}
	return json.Unmarshal(file, &head) == nil && len(head.Document) == 0 &&
		(strings.HasPrefix(head.Schema, "jalon/tables/") || len(head.Tables) > 0 && bytes.Contains(file, []byte("jalon/monitoring/")))
}

// readTables is strict: a member that no such file has, or one twice, is none.
func readTables(file []byte) (w wireTables, ok bool) {
	plain, err := jcs.Transform(file)
	if err != nil {
		return w, false
	}
	d := json.NewDecoder(bytes.NewReader(plain))
	d.DisallowUnknownFields()
	if d.Decode(&w) != nil || w.Schema != TablesSchema {
		return w, false
	}
	again, err := json.Marshal(w)
	if err != nil {
		return w, false
	}
	again, err = jcs.Transform(again)
	return w, err == nil && bytes.Equal(again, plain)
}

// checkOne looks at one table. It is not ok when nothing can be read of it.
func (c *Checked) checkOne(i int, file []byte, keys []monitoring.PublicKey) bool {
	v := monitoring.Verify(file, keys)
	doc, err := monitoring.Document(file)
	if err != nil {
		c.add(monitoring.Change{Kind: monitoring.Edited, Field: "file", Cell: fmt.Sprint(i + 1)})
		return false
	}
	t, err := monitoring.Parse(doc)
	if err != nil {
		c.add(monitoring.Change{Kind: monitoring.Edited, Field: "file", Cell: fmt.Sprint(i + 1)})
		return false
	}
	m := Draft(t)
	if v.Outcome != monitoring.NotSealed {
		m = Monitoring{Table: t, Seal: &v.Seal, document: doc, Errata: v.Errata}
	} else if again, err := m.envelope(); t.Sealing != nil || err != nil || !bytes.Equal(again, canonicalOf(file)) {
		v = monitoring.Verdict{Outcome: monitoring.Altered, Changes: []monitoring.Change{{Kind: monitoring.Edited, Field: "document"}}} // a seal was taken away, or something added
	}
	c.Tables.all.Tables = append(c.Tables.all.Tables, m)
	c.Tables.Each = append(c.Tables.Each, CheckedTable{Mandate: t.Mandate.Code, Verdict: v})
	c.join(t.Mandate.Code, v)
	return true
}

func canonicalOf(file []byte) []byte {
	plain, err := jcs.Transform(file)
	if err != nil {
		return nil
	}
	return plain
}

// join adds what was found of a table, or of the whole (""), to the answer on the file.
func (c *Checked) join(mandate string, v monitoring.Verdict) {
	for _, change := range v.Changes {
		if mandate != "" {
			change.Field = "mandates/" + mandate + "/" + change.Field
		}
		c.add(change)
	}
	switch {
	case c.Outcome == monitoring.Altered, v.Outcome == monitoring.NotSealed:
	case c.Outcome == monitoring.UnknownKey, v.Outcome == monitoring.UnknownKey:
		c.Outcome = monitoring.UnknownKey
	default:
		c.Outcome = v.Outcome
	}
	if v.Outcome == monitoring.UnknownKey && c.Seal.KeyID == "" {
		c.Seal.KeyID = v.Seal.KeyID
	}
}

// checkHead compares what the file says of itself with its tables, which know
// their institution, body and half-year themselves.
func (c *Checked) checkHead(w wireTables) {
	all := &c.Tables.all
	if v := c.Tables.Whole; v != nil {
		all.Whole = &Whole{Table: *v.Round, Seal: v.Seal}
		if doc, err := monitoring.Document(w.Whole); err == nil {
			all.Whole.document = doc
		}
	}
	all.Institution.Code, all.Body.Code = w.Institution, w.Body
	*all = all.asTables()
	differs := func(field string, is bool) {
		if is {
			c.add(monitoring.Change{Kind: monitoring.Edited, Field: field})
		}
	}
	differs("institution", all.Institution.Code != w.Institution)
	differs("body", all.Body.Code != w.Body || all.Body.Name.NL+all.Body.Name.FR == "")
	differs("period", all.Whole != nil && all.Whole.Table.Period != w.Period ||
		slices.ContainsFunc(all.Tables, func(m Monitoring) bool { return m.Table.Period != w.Period }))
}

// checkNamed tells whether the whole names these tables, and no other one.
func (c *Checked) checkNamed() {
	if c.Tables.Whole == nil {
		return
	}
	whole := c.Tables.Whole.Round
	for i := range c.Tables.Each {
		t := &c.Tables.Each[i]
		t.Naming = whole.Naming(c.Tables.all.Tables[i].Table, t.Seal.SHA256)
		if t.Naming == monitoring.NamedOther && t.Outcome != monitoring.Altered {
			c.add(monitoring.Change{Kind: monitoring.Edited, Field: "mandates/" + t.Mandate + "/sha256"})
		}
	}
	for _, line := range whole.Mandates {
		if !slices.ContainsFunc(c.Tables.Each, func(t CheckedTable) bool { return t.Mandate == line.Mandate.Code }) {
			c.add(monitoring.Change{Kind: monitoring.Removed, Field: "mandates/" + line.Mandate.Code})
		}
	}
}
