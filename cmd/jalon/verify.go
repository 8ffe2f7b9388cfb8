package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"jalon/internal/locale"
	"jalon/internal/monitoring"
	"jalon/internal/report"
)

// VerifyCmd tells whether a file holds a sealed table that is as it was
// sealed, or whether the archive of a dossier is as it was exported. It needs no server and no database.
type VerifyCmd struct {
	File    string   `arg:""`
	Tables  []string `arg:"" optional:""` // are they those that a whole table names?
	Key     []string `placeholder:"key" sep:"none"`
	Extract string   `placeholder:"folder"` // for the signed document and its signature
	Lang    string   `placeholder:"lang"`
}

// Run says what was found. Exit code 0: intact; 1: altered, or signed by
// another key; 2: no sealed table.
func (c VerifyCmd) Run(out *Output) error {
	out = out.In(c.Lang)
	out = &Output{lined{out.Stdout}, out.Stderr, out.Lang}
	print := out.Print()
	keys, err := c.keys(print)
	if err != nil {
		return err
	}
	if f, size := archiveFile(c.File); f != nil {
		defer f.Close()
		return c.archive(f, size, keys, out, print)
	}
	file, err := c.read(c.File, print)
	if err != nil {
		return err
	}
	checked := report.Verify(file, keys, locale.MustLoad())
	if checked.Round == nil && (checked.Outcome == monitoring.Intact || checked.Outcome == monitoring.UnknownKey) && len(c.Tables) > 0 {
		return Failure{exitUsage, print.T("verify.whole.wanted", "File", c.File)}
	}
	switch checked.Outcome {
	case monitoring.Intact:
		fmt.Fprintln(out.Stdout, print.T("verify.intact"))
		describe(out.Stdout, checked, print)
		if err := c.extract(checked, out, print); err != nil || checked.Round == nil {
			return err
		}
		return c.tables(*checked.Round, keys, out, print)
	case monitoring.UnknownKey:
		fmt.Fprintln(out.Stdout, print.T("verify.unknown_key", "Key", checked.Seal.KeyID))
		describe(out.Stdout, checked, print)
		return Failure{Code: exitNo}
	case monitoring.Altered:
		fmt.Fprintln(out.Stdout, print.T("verify.altered"))
		for _, change := range checked.Changes {
			fmt.Fprintln(out.Stdout, "- "+changeWords(change, print))
		}
		if !checked.Located && checked.Format == report.JSON {
			fmt.Fprintln(out.Stdout, print.T("verify.uncertain"))
		}
		return Failure{Code: exitNo}
	}
	return Failure{exitUsage, print.T(notSealed(checked), "File", c.File)}
}

// notSealed gives the key of the sentence that says why there is nothing to check.
func notSealed(c report.Checked) string {
	switch {
	case c.Damaged:
		return "verify.damaged"
	case c.Format == report.CSV:
		return "verify.csv"
	case c.Format == report.HTML:
		return "verify.html"
	}
	return "verify.not_sealed"
}

// describe says which table it is and whose key signed it.
func describe(w io.Writer, c report.Checked, print *locale.Printer) {
	if c.Tables != nil {
		describeTables(w, *c.Tables, print)
		return
	}
	if c.Round != nil {
		describeWhole(w, c, print)
		return
	}
	t := c.Table
	title, _, _ := t.Mandate.Title.For(print.Lang)
	fmt.Fprintln(w, print.T("export.title", "Period", print.HalfYear(t.Period))+" · "+title)
	describeSeal(w, c, print)
}

func describeSeal(w io.Writer, c report.Checked, print *locale.Printer) {
	s := c.Seal
	fmt.Fprintln(w, print.T("export.number_version", "Number", s.Number, "Version", s.Version)+" · "+
		print.T("export.sealed_by", "When", print.DateTime(s.SealedAt), "By", s.SealedBy))
	fmt.Fprintln(w, "SHA-256 "+s.SHA256)
	if n := len(c.Errata); n > 0 {
		fmt.Fprintln(w, print.N("verify.errata", n))
	}
	describeKey(w, c.Trusted, s, print)
}

func describeKey(w io.Writer, trusted bool, s monitoring.Seal, print *locale.Printer) {
	if trusted {
		fmt.Fprintln(w, print.T("verify.trusted", "Key", s.KeyID))
		return
	}
	fmt.Fprintln(w, print.T("verify.untrusted", "Key", s.KeyID, "PublicKey", s.PublicKey))
}

// maxKeys is how many bytes a file with public keys may have: several hundred keys.
const maxKeys = 64 << 10

func (c VerifyCmd) keys(print *locale.Printer) (keys []monitoring.PublicKey, err error) {
	for _, given := range c.Key {
		text := given
		if raw, err := readBounded(given, maxKeys); err == nil {
			text = string(raw)
		}
		some, err := monitoring.ParsePublicKeys(text)
		if err != nil {
			return nil, Failure{exitUsage, print.T("verify.bad_key", "Key", given)}
		}
		keys = append(keys, some...)
	}
	return keys, nil
}

// extract writes what plain minisign needs.
func (c VerifyCmd) extract(checked report.Checked, out *Output, print *locale.Printer) error {
	if c.Extract == "" {
		return nil
	}
	if checked.Tables != nil {
		return Failure{exitUsage, print.T("verify.tables.no_extract", "File", c.File)}
	}
	doc, err := monitoring.Document(checked.Data)
	if err != nil {
		return err
	}
	path := filepath.Join(c.Extract, fmt.Sprintf("%s-v%d.json", filepath.Base(checked.Seal.Number), checked.Seal.Version))
	for name, content := range map[string][]byte{path: doc, path + ".minisig": []byte(checked.Seal.Signature)} {
		if err := os.WriteFile(name, content, 0o644); err != nil {
			return fmt.Errorf("extract: %w", err)
		}
	}
	fmt.Fprintln(out.Stdout, print.T("verify.extracted", "Command", fmt.Sprintf("minisign -V -m %s -P %s", path, checked.Seal.PublicKey)))
	return nil
}

// fields gives the words for the paths of a document, the longest path first.
var fields = []struct{ path, key string }{
	{"now/entry/achieved", "export.achieved"},
	{"now/entry/obstacles", "export.obstacles"},
	{"now/entry/next_steps", "export.next_steps"},
	{"now/entry/support", "export.support"},
	{"now/entry/reason", "export.why"},
	{"now/entry/percentage", "export.percentage"},
	{"now/entry/value", "export.value"},
	{"now/entry/as_of", "export.entry_as_of"},
	{"now/entry/recorded_at", "export.recorded"},
	{"now/entry/author", "export.author"},
	{"now/entry/on_behalf", "export.on_behalf"},
	{"now/entry/correction_reason", "export.correction"},
	{"now", "export.now"},
	{"then", "export.then"},
	{"trend", "export.trend"},
	{"missed", "export.missed"},
	{"deadline", "export.deadline"},
	{"objective", "export.objective"},
	{"point", "export.point"},
	{"target", "export.target"},
	{"holder", "export.holder"},
	{"institution", "export.institution"},
	{"body", "export.body"},
	{"mandates", "verify.field.mandates"},
	{"mandate", "export.mandate"},
	{"period", "verify.field.period"},
	{"as_of", "export.as_of"},
	{"previous", "export.previous"},
	{"sealing/number", "export.number"},
	{"sealing/version", "verify.field.version"},
	{"sealing", "export.sealed"},
	{"sha256", "verify.field.sha256"},
	{"signature", "verify.field.signature"},
	{"public_key", "export.public_key"},
	{"key_id", "export.key"},
	{"layout", "verify.field.layout"},
	{"file", "verify.field.file"},
	{"due", "verify.field.dates"},
	{"grace", "verify.field.dates"},
	{"meets", "verify.field.dates"},
	{"title", "export.mandate"},
	{"statuses", "verify.field.counts"},
	{"reported", "verify.field.counts"},
	{"owed", "verify.field.counts"},
	{"submitted_at", "verify.field.submitted"},
	{"mandates", "verify.field.mandates"},
	{"document", "verify.field.document"},
	{"schema", "verify.field.document"},
	{"software", "verify.field.document"},
	{"formula", "verify.field.formula"},
	{"sheet", "verify.field.sheet"},
	{"hidden", "verify.field.hidden"},
	{"look of a cell", "verify.field.look_of_cell"},
	{"over the cells", "verify.field.over"},
	{"rows", "verify.field.rows"},
	{"text", "verify.field.text"},
	{"look of the document", "verify.field.look"},
	{"parts of the PDF", "verify.field.pdf"},
	{"parts", "verify.field.parts"},
}

// changeWords says what was altered, where a person finds it.
func changeWords(c monitoring.Change, print *locale.Printer) string {
	var words []string
	if c.Row.Objective > 0 {
		words = append(words, print.Code(c.Row))
	}
	if c.Field == "" {
		words = append(words, print.T("verify.field.row"))
	} else {
		words = append(words, fieldWords(c.Field, print))
	}
	if c.Cell != "" {
		words = append(words, c.Cell)
	}
	switch c.Kind {
	case monitoring.Added:
		words = append(words, print.T("verify.added"))
	case monitoring.Removed:
		words = append(words, print.T("verify.removed"))
	}
	return strings.Join(words, ", ")
}

func fieldWords(field string, print *locale.Printer) string {
	if title, ok := strings.CutPrefix(field, "column "); ok {
		return title
	}
	if n, ok := strings.CutPrefix(field, "erratum "); ok {
		return print.T("erratum.number", "Number", n)
	}
	if n, ok := strings.CutPrefix(field, "page "); ok {
		return print.T("verify.field.page", "Page", n)
	}
	if rest, ok := strings.CutPrefix(field, "mandates/"); ok { // of a whole table
		code, sub, _ := strings.Cut(rest, "/")
		if sub == "" {
			return code
		}
		if sub == "number" || sub == "sha256" {
			return code + ", " + print.T("verify.field.table") + " (" + sub + ")"
		}
		return code + ", " + fieldWords(sub, print)
	}
	for _, f := range fields {
		if rest, ok := strings.CutPrefix(field, f.path); ok {
			if strings.HasPrefix(rest, "/") {
				return print.T(f.key) + " (" + strings.TrimPrefix(rest, "/") + ")"
			}
			return print.T(f.key)
		}
	}
	return field
}

var errTooLarge = errors.New("file is too large")

func readBounded(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(content)) > limit {
		err = errTooLarge
	}
	return content, err
}
