package main

import (
	"bytes"
	"context"
	"errors"
	"time"

	"jalon/internal/calendar"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
	"jalon/internal/report"
	"jalon/internal/store"
)

// ExportTablesCmd writes the tables of a body, as the web page does.
type ExportTablesCmd struct {
	Institution string `required:"" help:"Code of the institution."`
	Body        string `required:"" help:"Code of the body, such as DR."`
	Period      string `default:"current" help:"Half-year such as 2026-H1, or current."`
	Lang        string `enum:"nl,fr,both" default:"nl" help:"Language, or both side by side."`
	Format      string `enum:"xlsx,docx,pdf,html,csv,json" default:"xlsx" help:"Form of the file."`
	File        string `name:"output" short:"o" required:"" help:"File to write."`
	DatabaseFlags
}

// Run writes the file whole or not at all.
func (c ExportTablesCmd) Run(out *Output) error {
	ctx, out := store.AsSystem(context.Background()), out.In(c.Lang)
	s, giveUp, err := c.open(ctx, quiet())
	if err != nil {
		return err
	}
	defer giveUp()
	tables, err := allTables(ctx, s, out.Print(), bodyPeriod{c.Institution, c.Body, c.Period, c.Format, c.Lang})
	if err != nil {
		return err
	}
	format, _ := report.ParseFormat(c.Format) // the command line takes no other
	var file bytes.Buffer
	if err := tables.Write(&file, format, documentPrint(c.Lang), time.Now()); err != nil {
		return err
	}
	return writeWhole(c.File, file.Bytes())
}

// bodyPeriod names the tables of a body in a half-year, and the file that is made of them.
type bodyPeriod struct{ institution, body, period, format, lang string }

// allTables reads the tables of a body with the sealed one that names them. The
// reading of each leaves a trace.
func allTables(ctx context.Context, s *store.Store, print *locale.Printer, of bodyPeriod) (tables report.Tables, err error) {
	today := calendar.DateOf(time.Now())
	period := calendar.HalfYearOf(today)
	if of.period != "current" {
		if period, err = calendar.ParseHalfYear(of.period); err != nil || today.Before(period.Start()) {
			return tables, Failure{exitUsage, print.T("command.period", "Value", of.period)}
		}
	}
	body, err := s.BodyHead(ctx, 0, of.institution, of.body)
	if errors.Is(err, store.ErrNotFound) {
		return tables, Failure{exitUsage, print.T("command.no_body", "Institution", of.institution, "Body", of.body)}
	}
	if err != nil {
		return tables, err
	}
	tables = report.Tables{Institution: monitoring.Institution{Code: body.Institution.Code, Name: body.Institution.Name}, Body: body.Body, Period: period}
	if tables.Whole, err = wholeOf(ctx, s, body, period); err != nil {
		return tables, err
	}
	found, err := tablesOf(ctx, s, body, period, today)
	if err != nil {
		return tables, err
	}
	for _, one := range found {
		tables.Tables = append(tables.Tables, one.Monitoring)
		if err := s.Audit(ctx, store.Event{
			Action: store.ActionExportTable, Object: "table/" + one.Table.Mandate.Code + "/" + period.String(), MandateID: one.mandateID,
			Detail: map[string]any{"format": of.format, "lang": of.lang, "purpose": "command"},
		}); err != nil {
			return tables, err
		}
	}
	return tables, nil
}

// wholeOf gives the sealed table of a body; nil when its round is not sealed.
func wholeOf(ctx context.Context, s *store.Store, body store.Body, period calendar.HalfYear) (*report.Whole, error) {
	round, err := s.Round(ctx, store.BodyCode(body.Institution.Code, body.Code), period)
	if err == nil {
		var document []byte
		var seal monitoring.Seal
		if document, seal, err = s.RoundSeal(ctx, round); err == nil {
			return report.SealedWhole(document, seal)
		}
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return nil, err
}

// foundTable is a table with the number of its mandate.
type foundTable struct {
	report.Monitoring
	mandateID int64
}

// tablesOf gives the tables that go to a body: whole ones, or of what is addressed to it.
func tablesOf(ctx context.Context, s *store.Store, body store.Body, period calendar.HalfYear, today calendar.Date) (all []foundTable, err error) {
	if body.Scope == store.ScopeAddressed {
		return bodyTablesOf(ctx, s, body, period, today)
	}
	heads, err := s.BodyTableHeads(ctx, body, today)
	if err != nil {
		return nil, err
	}
	for _, h := range heads {
		m, err := tableOf(ctx, s, h, period, today)
		if err != nil {
			return nil, err
		}
		all = append(all, foundTable{m, h.Object.MandateID})
	}
	return all, nil
}

func bodyTablesOf(ctx context.Context, s *store.Store, body store.Body, period calendar.HalfYear, today calendar.Date) (all []foundTable, err error) {
	moment := store.Moment{Day: today}
	board, err := s.Board(ctx, body.Institution.Code, body.Code, period, moment)
	if err != nil {
		return nil, err
	}
	tables, err := s.BodyTables(ctx, board, nil, period, moment)
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		t.Table.Software = version
		m := report.Draft(t.Table)
		if t.Sealed != nil {
			if m, err = report.Sealed(t.Sealed.Document, t.Sealed.Seal); err != nil {
				return nil, err
			}
		}
		m.Errata, m.Narrow = t.Errata, true
		all = append(all, foundTable{m, t.MandateID})
	}
	return all, nil
}

// tableOf gives one table: as sealed, or as it stands today.
func tableOf(ctx context.Context, s *store.Store, h store.TableHead, period calendar.HalfYear, today calendar.Date) (report.Monitoring, error) {
	sealed, err := s.Seal(ctx, h.Object.MandateID, period)
	if errors.Is(err, store.ErrNotFound) {
		t, err := s.TableOf(ctx, h, period, store.Moment{Day: today})
		t.Software = version
		return report.Draft(t), err
	}
	if err != nil {
		return report.Monitoring{}, err
	}
	m, err := report.Sealed(sealed.Document, sealed.Seal)
	m.Errata = sealed.Errata
	return m, err
}
