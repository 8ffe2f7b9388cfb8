package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/locale"
	"jalon/internal/report"
	"jalon/internal/store"
)

// ExportCmd writes files.
type ExportCmd struct {
	Monitoring ExportMonitoringCmd `cmd:""`
	Evaluation ExportEvaluationCmd `cmd:""`
	Errata     ExportErrataCmd     `cmd:""`
	Tables     ExportTablesCmd     `cmd:""`
}

// ExportMonitoringCmd writes the same file as the web page does.
type ExportMonitoringCmd struct {
	Mandate       string `required:"" placeholder:"code"`
	Period        string `default:"current"`
	Lang          string `enum:"nl,fr,both" default:"nl"`
	Format        string `enum:"xlsx,docx,pdf,html,csv,json" default:"xlsx"`
	File          string `name:"output" short:"o" required:"" placeholder:"file"`
	DatabaseFlags `group:"database"`
}

// Run writes the file whole or not at all.
func (c ExportMonitoringCmd) Run(out *Output) error {
	ctx, out := store.AsSystem(context.Background()), out.In(c.Lang)
	s, giveUp, err := c.open(ctx, quiet())
	if err != nil {
		return err
	}
	defer giveUp()
	object, table, err := c.table(ctx, s, out.Print())
	if err != nil {
		return err
	}
	format, _ := report.ParseFormat(c.Format) // the command line takes no other
	if err := s.Audit(ctx, store.Event{
		Action: store.ActionExportTable, Object: "table/" + c.Mandate + "/" + table.Table.Period.String(), MandateID: object.MandateID,
		Detail: map[string]any{"format": format, "lang": c.Lang, "purpose": "command"},
	}); err != nil {
		return err
	}
	return writeWhole(c.File, 0o644, func(w io.Writer) error { return table.Write(w, format, documentPrint(c.Lang), time.Now()) })
}

// documentPrint prints a document in a language; in both, Dutch comes first.
func documentPrint(lang string) *locale.Printer {
	if l, ok := bilingual.ParseLang(lang); ok {
		return locale.MustLoad().In(l)
	}
	return locale.MustLoad().Beside(bilingual.NL)
}

// table finds the table: as sealed, or as it stands today.
func (c ExportMonitoringCmd) table(ctx context.Context, s *store.Store, print *locale.Printer) (object access.Object, m report.Monitoring, err error) {
	object, _, err = s.MandateObject(ctx, c.Mandate)
	if errors.Is(err, store.ErrNotFound) {
		return object, m, Failure{exitNo, print.T("command.no_mandate", "Code", c.Mandate)}
	}
	if err != nil {
		return object, m, err
	}
	today := calendar.DateOf(time.Now())
	period := calendar.HalfYearOf(today)
	switch c.Period {
	case "current":
	case "sealed":
		seals, err := s.Seals(ctx, object.MandateID)
		if err != nil {
			return object, m, err
		}
		if len(seals) == 0 {
			return object, m, Failure{exitNo, print.T("command.none_sealed", "Code", c.Mandate)}
		}
		period = seals[0].Period
	default:
		if period, err = calendar.ParseHalfYear(c.Period); err != nil || today.Before(period.Start()) {
			return object, m, Failure{exitUsage, print.T("command.period", "Value", c.Period)}
		}
	}
	sealed, err := s.Seal(ctx, object.MandateID, period)
	if errors.Is(err, store.ErrNotFound) {
		t, err := s.Table(ctx, c.Mandate, period, today)
		t.Software = version
		return object, report.Draft(t), err
	}
	if err != nil {
		return object, m, err
	}
	if m, err = report.Sealed(sealed.Document, sealed.Seal); err != nil {
		return object, m, err
	}
	m.Errata = sealed.Errata
	return object, m, nil
}

// unwritable is a file that could not be made where it was asked for.
type unwritable struct {
	path string
	error
}

func (u *unwritable) Unwrap() error { return u.error }

// writeWhole writes a file apart, never holding all of it in memory, and then puts
// it in the place of path, with a mode such as 0o644. A device, a pipe or a link is
// not replaced: what was written goes into it.
func writeWhole(path string, mode os.FileMode, write func(w io.Writer) error) error {
	there, err := os.Lstat(path)
	replaces := err != nil || there.Mode().IsRegular()
	folder := "" // that of temporary files
	if replaces {
		folder = filepath.Dir(path) // a rename does not leave a disk
	}
	f, err := os.CreateTemp(folder, ".jalon-*")
	if err != nil {
		return &unwritable{path, fmt.Errorf("write %s: %w", path, err)}
	}
	defer os.Remove(f.Name())
	w := bufio.NewWriterSize(f, 1<<16)
	err = write(w)
	if err = errors.Join(err, w.Flush(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if replaces {
		err = errors.Join(os.Chmod(f.Name(), mode), os.Rename(f.Name(), path))
	} else {
		err = pour(f.Name(), path, mode)
	}
	if err != nil {
		return &unwritable{path, fmt.Errorf("write %s: %w", path, err)}
	}
	return nil
}

// pour writes the content of one file into another, which is made when it is missing.
func pour(from, into string, mode os.FileMode) error {
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.OpenFile(into, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, w.Close())
}
