package main

import (
	"context"
	"io"
	"time"

	"jalon/internal/report"
	"jalon/internal/store"
)

// ExportErrataCmd writes the list of errata, as the web page does.
type ExportErrataCmd struct {
	Mandate       string `placeholder:"code"`
	Institution   string `placeholder:"code"`
	Body          string `placeholder:"code"`
	Period        string `default:"current"`
	Lang          string `enum:"nl,fr,both" default:"nl"`
	Format        string `enum:"xlsx,docx,pdf,html,csv,json" default:"xlsx"`
	File          string `name:"output" short:"o" required:"" placeholder:"file"`
	DatabaseFlags `group:"database"`
}

// Run writes the file whole or not at all.
func (c ExportErrataCmd) Run(out *Output) error {
	ctx, out := store.AsSystem(context.Background()), out.In(c.Lang)
	if (c.Mandate == "") == (c.Body == "") || c.Mandate != "" && c.Institution != "" {
		return Failure{exitUsage, out.Print().T("command.errata_of")}
	}
	if _, _, ok := namedBody(c.Institution, c.Body); c.Body != "" && !ok {
		return Failure{exitUsage, out.Print().T("command.errata_of")}
	}
	s, giveUp, err := c.open(ctx, quiet())
	if err != nil {
		return err
	}
	defer giveUp()
	list, err := c.list(ctx, s, out)
	if err != nil {
		return err
	}
	format, _ := report.ParseFormat(c.Format) // the command line takes no other
	return writeWhole(c.File, 0o644, func(w io.Writer) error { return list.Write(w, format, documentPrint(c.Lang), time.Now()) })
}

// list finds the errata of one table, or of all tables of a body.
func (c ExportErrataCmd) list(ctx context.Context, s *store.Store, out *Output) (report.Errata, error) {
	if c.Body != "" {
		o, err := openTables(ctx, s, out.Print(), bodyPeriod{c.Institution, c.Body, c.Period, c.Format, c.Lang})
		if err != nil {
			return report.Errata{}, err
		}
		tables, err := o.all(ctx)
		return tables.Errata(), err
	}
	object, table, err := ExportMonitoringCmd{Mandate: c.Mandate, Period: c.Period}.table(ctx, s, out.Print())
	if err != nil {
		return report.Errata{}, err
	}
	return report.ErrataOf(table), s.Audit(ctx, store.Event{
		Action: store.ActionExportTable, Object: "table/" + c.Mandate + "/" + table.Table.Period.String(), MandateID: object.MandateID,
		Detail: map[string]any{"format": c.Format, "lang": c.Lang, "purpose": "command"},
	})
}
