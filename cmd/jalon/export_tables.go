package main

import (
	"bytes"
	"context"
	"slices"
	"time"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/progress"
	"jalon/internal/report"
	"jalon/internal/store"
)

// ExportTablesCmd writes the tables of all mandates of an institution in one file.
type ExportTablesCmd struct {
	Institution string `required:"" help:"Code of the institution."`
	Body        string `help:"Only the tables that go to the body with this code."`
	Period      string `default:"current" help:"Half-year such as 2026-H1, or current."`
	Lang        string `enum:"nl,fr" default:"nl" help:"Language."`
	Format      string `enum:"xlsx,docx,pdf,csv,json" default:"xlsx" help:"Form of the file."`
	File        string `name:"output" short:"o" required:"" help:"File to write."`
	DatabaseFlags
}

// Run writes the file whole or not at all.
func (c ExportTablesCmd) Run(out *Output) error {
	ctx, out := store.AsSystem(context.Background()), out.In(c.Lang)
	today := calendar.DateOf(time.Now())
	period := calendar.HalfYearOf(today)
	if c.Period != "current" {
		var err error
		if period, err = calendar.ParseHalfYear(c.Period); err != nil || today.Before(period.Start()) {
			return Failure{exitUsage, out.Print().T("command.period", "Value", c.Period)}
		}
	}
	s, giveUp, err := c.open(ctx, quiet())
	if err != nil {
		return err
	}
	defer giveUp()
	tables, err := c.tables(ctx, s, period, today, out.Print())
	if err != nil {
		return err
	}
	format, _ := report.ParseFormat(c.Format) // the command line takes no other
	var file bytes.Buffer
	if err := tables.Write(&file, format, out.Print(), time.Now()); err != nil {
		return err
	}
	return writeWhole(c.File, file.Bytes())
}

// tables reads the tables one by one and notes each in the audit trail.
func (c ExportTablesCmd) tables(ctx context.Context, s *store.Store, period calendar.HalfYear, today calendar.Date, print *locale.Printer) (ts report.Tables, err error) {
	all, err := s.Mandates(ctx, access.Scope{All: true, Institutions: []int64{}, Mandates: []int64{}}, progress.DayOf(period, today))
	if err != nil {
		return ts, err
	}
	all = slices.DeleteFunc(all, func(m mandate.Mandate) bool { return m.Institution.Code != c.Institution })
	ts.Period, ts.AsOf = period, progress.DayOf(period, today)
	for _, m := range all {
		head, err := s.TableHead(ctx, m.Code)
		if err != nil {
			return ts, err
		}
		if c.Body != "" && head.Body.Code != c.Body {
			continue
		}
		table, err := halfYearTable(ctx, s, head, period, today)
		if err != nil {
			return ts, err
		}
		if err := s.Audit(ctx, store.Event{
			Action: store.ActionExportTable, Object: "table/" + m.Code + "/" + period.String(), MandateID: m.ID,
			Detail: map[string]any{"format": c.Format, "lang": c.Lang, "purpose": "command"},
		}); err != nil {
			return ts, err
		}
		ts.List, ts.Institution = append(ts.List, table), table.Table.Institution
	}
	if len(ts.List) == 0 {
		return ts, Failure{exitNo, print.T("command.no_tables", "Code", c.Institution)}
	}
	return ts, nil
}

// halfYearTable gives a table as it was sealed, or as it stands today.
func halfYearTable(ctx context.Context, s *store.Store, head store.TableHead, period calendar.HalfYear, today calendar.Date) (report.Monitoring, error) {
	if !slices.ContainsFunc(head.Seals, func(t store.SealedTable) bool { return t.Period == period }) {
		t, err := s.TableOf(ctx, head, period, today)
		t.Software = version
		return report.Draft(t), err
	}
	sealed, err := s.Seal(ctx, head.Object.MandateID, period)
	if err != nil {
		return report.Monitoring{}, err
	}
	return report.Sealed(sealed.Document, sealed.Seal)
}
