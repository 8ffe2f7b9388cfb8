package main

import (
	"context"
	"errors"
	"io"
	"iter"
	"strings"
	"time"

	"jalon/internal/calendar"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
	"jalon/internal/report"
	"jalon/internal/store"
)

// ExportTablesCmd writes the tables of a body, as the web page does.
type ExportTablesCmd struct {
	Institution   string `placeholder:"code"`
	Body          string `required:"" placeholder:"code"`
	Period        string `default:"current"`
	Lang          string `enum:"nl,fr,both" default:"nl"`
	Format        string `enum:"xlsx,docx,pdf,html,csv,json" default:"xlsx"`
	File          string `name:"output" short:"o" required:"" placeholder:"file"`
	DatabaseFlags `group:"database"`
}

// Run writes the file whole or not at all.
func (c ExportTablesCmd) Run(out *Output) error {
	ctx, out := store.AsSystem(context.Background()), out.In(c.Lang)
	if _, _, ok := namedBody(c.Institution, c.Body); !ok {
		return Failure{exitUsage, out.Print().T("command.tables_of")}
	}
	s, giveUp, err := c.open(ctx, quiet())
	if err != nil {
		return err
	}
	defer giveUp()
	o, err := openTables(ctx, s, out.Print(), bodyPeriod{c.Institution, c.Body, c.Period, c.Format, c.Lang})
	if err != nil {
		return err
	}
	return writeWhole(c.File, 0o644, func(w io.Writer) error { return o.write(ctx, w) })
}

// bodyPeriod names the tables of a body in a half-year, and the file that is made of them.
type bodyPeriod struct{ institution, body, period, format, lang string }

// namedBody gives the codes of an institution and of its body, which may be
// named in full, as pages and files do: ACTIRIS-DR. ok is false when no
// institution is named, or two different ones.
func namedBody(institution, body string) (ofInstitution, code string, ok bool) {
	at := strings.LastIndexByte(body, '-')
	if at < 0 {
		return institution, body, institution != ""
	}
	return body[:at], body[at+1:], institution == "" || institution == body[:at]
}

// openedTables are tables of which none is read yet.
type openedTables struct {
	of     bodyPeriod
	store  *store.Store
	body   store.Body
	period calendar.HalfYear
	today  calendar.Date
}

func openTables(ctx context.Context, s *store.Store, print *locale.Printer, of bodyPeriod) (o openedTables, err error) {
	o = openedTables{of: of, store: s, today: calendar.DateOf(time.Now())}
	o.period = calendar.HalfYearOf(o.today)
	if of.period != "current" {
		if o.period, err = calendar.ParseHalfYear(of.period); err != nil || o.today.Before(o.period.Start()) {
			return o, Failure{exitUsage, print.T("command.period_of_tables", "Value", of.period)}
		}
	}
	institution, code, _ := namedBody(of.institution, of.body)
	o.body, err = s.BodyHead(ctx, 0, institution, code)
	if errors.Is(err, store.ErrNotFound) {
		return o, Failure{exitUsage, print.T("command.no_body", "Institution", institution, "Body", code)}
	}
	return o, err
}

// write reads the tables and writes their file. The rows of a CSV are written
// while the tables are read, so that the memory does not grow with their number.
func (o openedTables) write(ctx context.Context, w io.Writer) error {
	format, _ := report.ParseFormat(o.of.format) // the command line takes no other
	print := documentPrint(o.of.lang)
	if format == report.CSV {
		each, corrected, err := o.each(ctx)
		if err != nil {
			return err
		}
		return report.WriteTablesCSV(w, each, corrected, print)
	}
	tables, err := o.all(ctx)
	if err != nil {
		return err
	}
	return tables.Write(w, format, print, time.Now())
}

// all reads the tables with the sealed one that names them.
func (o openedTables) all(ctx context.Context) (tables report.Tables, err error) {
	tables = report.Tables{Institution: monitoring.Institution{Code: o.body.Institution.Code, Name: o.body.Institution.Name}, Body: o.body.Body, Period: o.period}
	if tables.Whole, err = wholeOf(ctx, o.store, o.body, o.period); err != nil {
		return tables, err
	}
	each, _, err := o.each(ctx)
	if err != nil {
		return tables, err
	}
	for one, err := range each {
		if err != nil {
			return tables, err
		}
		tables.Tables = append(tables.Tables, one)
	}
	return tables, nil
}

// each gives the tables one after the other, each with a trace of its reading,
// and tells whether any of them has errata. It ends with the first error.
func (o openedTables) each(ctx context.Context) (each iter.Seq2[report.Monitoring, error], corrected bool, err error) {
	moment := store.Moment{Day: o.today}
	if o.body.Scope == store.ScopeAddressed {
		board, err := o.store.Board(ctx, o.body.Institution.Code, o.body.Code, o.period, moment)
		if err != nil {
			return nil, false, err
		}
		corrected, err = o.store.AnyBodyErrata(ctx, board.ID, o.period, moment)
		return o.addressed(ctx, board), corrected, err
	}
	heads, err := o.store.BodyTableHeads(ctx, o.body, o.today)
	if err != nil {
		return nil, false, err
	}
	corrected, err = o.store.AnyErrata(ctx, heads, o.period, moment)
	return o.whole(ctx, heads), corrected, err
}

// whole reads whole tables.
func (o openedTables) whole(ctx context.Context, heads []store.TableHead) iter.Seq2[report.Monitoring, error] {
	return func(yield func(report.Monitoring, error) bool) {
		for _, h := range heads {
			m, err := tableOf(ctx, o.store, h, o.period, o.today)
			if err == nil {
				err = o.note(ctx, m, h.Object.MandateID)
			}
			if !yield(m, err) || err != nil {
				return
			}
		}
	}
}

// addressed reads the tables of a body that gets only what is addressed to it.
func (o openedTables) addressed(ctx context.Context, board store.Board) iter.Seq2[report.Monitoring, error] {
	return func(yield func(report.Monitoring, error) bool) {
		for t, err := range o.store.EachBodyTable(ctx, board, o.period, store.Moment{Day: o.today}) {
			var m report.Monitoring
			if err == nil {
				m, err = addressedTable(t)
			}
			if err == nil {
				err = o.note(ctx, m, t.MandateID)
			}
			if !yield(m, err) || err != nil {
				return
			}
		}
	}
}

// addressedTable gives one table: as sealed for the body, or as it stands today.
func addressedTable(t store.BodyTable) (m report.Monitoring, err error) {
	t.Table.Software = version
	m = report.Draft(t.Table)
	if t.Sealed != nil {
		m, err = report.Sealed(t.Sealed.Document, t.Sealed.Seal)
	}
	m.Errata, m.Narrow = t.Errata, true
	return m, err
}

// note leaves a trace of the reading of a table.
func (o openedTables) note(ctx context.Context, m report.Monitoring, mandateID int64) error {
	return o.store.Audit(ctx, store.Event{
		Action: store.ActionExportTable, Object: "table/" + m.Table.Mandate.Code + "/" + o.period.String(), MandateID: mandateID,
		Detail: map[string]any{"format": o.of.format, "lang": o.of.lang, "purpose": "command"},
	})
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
