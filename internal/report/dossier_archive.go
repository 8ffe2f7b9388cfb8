package report

import (
	"fmt"
	"html"
	"io"
	"strconv"
	"strings"
	"time"

	"jalon/internal/archive"
	"jalon/internal/calendar"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
)

// indexName is the readable list of an archive: first in every list of files.
const indexName = "index.html"

// ArchiveName gives a name such as evaluatiedossier-ACTIRIS-A4-EL-2026-09-30.nl.zip.
func (d Dossier) ArchiveName(p *locale.Printer) string { return d.Name(p) + ".zip" }

// Export says who asks for an archive, when, and with which program.
type Export struct {
	At       time.Time
	By       string
	Software string
	Signer   monitoring.Signer
}

// WriteArchive writes the dossier with all that it rests on as one zip: in each of
// its forms, the files of the evidence, what came back signed, and the sealed
// tables, with a signed list of them. open gives a file by its hash. One file at a
// time is open, and none is held in memory.
func (d Dossier) WriteArchive(w io.Writer, p *locale.Printer, e Export, open func(sum string) (io.ReadSeekCloser, error), step func(done, of int)) error {
	parts, err := d.parts(p, open)
	if err != nil {
		return err
	}
	parts = append([]archive.Part{{Path: indexName, Source: "index", Date: d.Record.AsOf.String(), Write: d.index(p, parts)}}, parts...)
	kind, _ := words(d.Kind, p)
	title, _ := words(d.Record.Mandate.Title, p)
	m := archive.Manifest{
		Title: p.T("dossier.title") + " – " + title, Mandate: d.Record.Mandate.Code, Person: d.Record.Mandate.Holder.Name, Kind: kind,
		Lang: string(p.Lang), AsOf: d.Record.AsOf.String(), Software: e.Software,
		Exported: archive.Exported{At: e.At.UTC().Format(time.RFC3339), By: e.By},
	}
	if err := archive.Write(w, m, parts, e.Signer, step); err != nil {
		return fmt.Errorf("write the archive of %s: %w", d.Record.Mandate.Code, err)
	}
	return nil
}

func (d Dossier) parts(p *locale.Printer, open func(sum string) (io.ReadSeekCloser, error)) (parts []archive.Part, err error) {
	asOf := d.Record.AsOf.String()
	for _, f := range DossierFormats {
		parts = append(parts, archive.Part{
			Path: d.FileName(f, p), Source: "dossier", Date: asOf, Write: func(w io.Writer) error { return d.Write(w, f, p) },
		})
	}
	kept := func(path, source, sum string, at time.Time) {
		parts = append(parts, archive.Part{Path: path, Source: source, Date: calendar.DateOf(at).String(), SHA256: sum, Write: func(w io.Writer) error {
			content, err := open(sum)
			if err != nil {
				return err
			}
			defer content.Close()
			_, err = io.Copy(w, content)
			return err
		}})
	}
	for _, f := range d.Evidence(p) {
		kept(f.Path, f.Source, f.SHA256, f.AddedAt)
	}
	for i, s := range d.Signed {
		kept(fmt.Sprintf("%s/%02d-%s", p.T("dossier.folder.signed"), i+1, short(s.File.Name)), "signed/"+strconv.FormatInt(s.File.ID, 10), s.File.SHA256, s.File.AddedAt)
	}
	tables, err := d.SealedFiles(p)
	for _, t := range tables {
		parts = append(parts, archive.Part{
			Path: t.Path, Source: t.Source, Date: calendar.DateOf(t.At).String(), Write: func(w io.Writer) error { return t.Write(w, t.Format, p, t.At) },
		})
	}
	return parts, err
}

// index lists the files for people: what each is, and how the archive is checked.
func (d Dossier) index(p *locale.Printer, parts []archive.Part) func(io.Writer) error {
	one := d.in(p)
	frame := one.frame()
	return func(w io.Writer) error {
		var b strings.Builder
		say := func(open, text, end string) { b.WriteString(open + html.EscapeString(text) + end) }
		say(`<!DOCTYPE html><html lang="`, p.Lang.Tag(), `"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">`)
		say("<title>", frame.Title, "</title></head><body><h1>"+html.EscapeString(frame.Title)+"</h1>")
		say("<p>", d.Record.Mandate.Holder.Name+" · "+one.days(d.Record.From, d.Record.Until), "</p>")
		say("<p>", p.T("dossier.index.check", "File", d.ArchiveName(p)), "</p><table border=\"1\" cellpadding=\"4\"><thead><tr>")
		for _, key := range []string{"dossier.index.file", "dossier.index.what", "dossier.source_on"} {
			say(`<th scope="col">`, p.T(key), "</th>")
		}
		b.WriteString("</tr></thead><tbody>")
		for _, part := range parts {
			say(`<tr><td><a href="`, address(part.Path), `">`+html.EscapeString(part.Path)+`</a></td>`)
			kind, _, _ := strings.Cut(part.Source, "/")
			say("<td>", p.T("dossier.index."+kind), "</td>")
			say("<td>", part.Date, "</td></tr>")
		}
		b.WriteString("</tbody></table></body></html>\n")
		_, err := io.WriteString(w, b.String())
		return err
	}
}

// address makes a path of the archive an address relative to the index.
func address(path string) string {
	return strings.NewReplacer("%", "%25", "#", "%23", "?", "%3F", " ", "%20").Replace(path)
}
