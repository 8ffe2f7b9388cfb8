package main

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path"
	"time"

	"jalon/internal/archive"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
	"jalon/internal/report"
)

// sealedAltered names a sealed table in an archive that does not fit its own seal.
const sealedAltered archive.Kind = "seal"

// archiveFile opens a file that is the archive of a dossier; nil when it is something else.
func archiveFile(name string) (f *os.File, size int64) {
	f, err := os.Open(name)
	if err != nil {
		return nil, 0
	}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		if z, err := zip.NewReader(f, info.Size()); err == nil && archive.Is(z) {
			return f, info.Size()
		}
	}
	_ = f.Close()
	return nil, 0
}

// archive says whether an archive is as it was exported, and names every file that is not.
func (c VerifyCmd) archive(f *os.File, size int64, keys []monitoring.PublicKey, out *Output, print *locale.Printer) error {
	checked, err := archive.Verify(f, size, keys)
	if err != nil {
		return Failure{exitUsage, print.T("verify.damaged", "File", c.File)}
	}
	if checked.Outcome == monitoring.Intact || checked.Outcome == monitoring.UnknownKey {
		if checked.Findings, err = sealedInside(f, size, checked.Manifest); err != nil {
			return err
		}
		if len(checked.Findings) > 0 {
			checked.Outcome = monitoring.Altered
		}
	}
	switch checked.Outcome {
	case monitoring.Intact:
		fmt.Fprintln(out.Stdout, print.T("verify.archive.intact"))
		describeArchive(out.Stdout, checked, print)
		return nil
	case monitoring.UnknownKey:
		fmt.Fprintln(out.Stdout, print.T("verify.unknown_key", "Key", checked.KeyID))
		describeArchive(out.Stdout, checked, print)
		return Failure{Code: exitNo}
	}
	fmt.Fprintln(out.Stdout, print.T("verify.archive.altered"))
	for _, f := range checked.Findings {
		path := f.Path
		if path == "" {
			path = "zip"
		}
		fmt.Fprintln(out.Stdout, "- "+print.T("verify.archive.kind."+string(f.Kind), "Path", path))
	}
	return Failure{Code: exitNo}
}

// sealedInside checks the seal of every table in the archive: it was signed on
// another day, and maybe with another key, than the archive.
func sealedInside(f *os.File, size int64, m archive.Manifest) (findings []archive.Finding, err error) {
	for _, one := range m.Files {
		if path.Ext(one.Path) != ".json" || len(one.Source) < 6 || one.Source[:6] != "table/" {
			continue
		}
		r, err := archive.Open(f, size, one.Path)
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(io.LimitReader(r, report.MaxFile))
		_ = r.Close()
		if err != nil {
			return nil, err
		}
		if monitoring.Verify(content, nil).Outcome != monitoring.Intact {
			findings = append(findings, archive.Finding{Kind: sealedAltered, Path: one.Path})
		}
	}
	return findings, nil
}

func describeArchive(w io.Writer, c archive.Checked, print *locale.Printer) {
	m := c.Manifest
	fmt.Fprintln(w, m.Title+" · "+m.Person+" · "+m.Kind)
	when := m.Exported.At
	if at, err := time.Parse(time.RFC3339, when); err == nil {
		when = print.DateTime(at)
	}
	fmt.Fprintln(w, print.T("verify.archive.files", "Count", len(m.Files), "When", when, "By", m.Exported.By))
	if c.Trusted {
		fmt.Fprintln(w, print.T("verify.trusted", "Key", c.KeyID))
		return
	}
	fmt.Fprintln(w, print.T("verify.untrusted", "Key", c.KeyID, "PublicKey", m.PublicKey))
}
