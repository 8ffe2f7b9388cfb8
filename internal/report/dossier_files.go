package report

import (
	"fmt"
	"path"
	"strings"
	"time"

	"jalon/internal/evaluation"
	"jalon/internal/evidence"
	"jalon/internal/locale"
)

// EvidenceFile is a file of the archive with where it lies in it.
type EvidenceFile struct {
	evidence.File
	Path   string
	Source string // key of the source, such as evidence/12/v1
}

// Evidence lists the files that the archive of the dossier holds. Each has a
// number before its name, so that no two are the same to any system.
func (d Dossier) Evidence(p *locale.Printer) (all []EvidenceFile) {
	for i, e := range d.Record.Files() {
		if e.File.Confidential && d.Closed {
			continue
		}
		source := evaluation.Source{Kind: evaluation.FromEvidence, ID: e.File.ID, Version: 1}
		all = append(all, EvidenceFile{*e.File, fmt.Sprintf("%s/%04d-%s-%s", p.T("dossier.folder.evidence"), i+1, e.Code, short(e.File.Name)), source.Key()})
	}
	return all
}

// short gives a name that leaves room for the folders around it, also on Windows.
func short(name string) string {
	const most = 80
	name = evidence.CleanName(name)
	ext := path.Ext(name)
	stem := []rune(strings.TrimSuffix(name, ext))
	return strings.TrimRight(string(stem[:min(len(stem), most)]), " .") + ext
}

// SealedFile is a sealed table as it lies in the archive.
type SealedFile struct {
	Monitoring
	Path   string
	Format Format
	Source string
	At     time.Time
}

// SealedFiles lists the sealed tables that the dossier quotes, each for programs and for people.
func (d Dossier) SealedFiles(p *locale.Printer) (all []SealedFile, err error) {
	for _, t := range d.Record.Tables {
		m, err := Sealed(t.Document, t.Seal)
		if err != nil {
			return nil, fmt.Errorf("table of %s: %w", t.Period, err)
		}
		m.Errata = t.Errata
		for _, f := range []Format{JSON, PDF} {
			all = append(all, SealedFile{m, d.in(p).tablePath(t, f), f, "table/" + t.Seal.Number, t.Seal.SealedAt})
		}
	}
	return all, nil
}

func (d dossier) tablePath(t evaluation.QuotedTable, f Format) string {
	return d.p.T("dossier.folder.tables") + "/" + safe(t.Period.String()+"-"+t.Seal.Number) + "." + string(f)
}
