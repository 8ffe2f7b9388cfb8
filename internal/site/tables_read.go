package site

import (
	"io"
	"iter"

	"jalon/internal/access"
	"jalon/internal/monitoring"
	"jalon/internal/report"
	"jalon/internal/store"
)

// readTable names a table that was read.
type readTable struct {
	mandateID int64
	mandate   string // its code
}

// tables are those of the body, of which none is read yet.
func (o openedTables) tables() report.Tables {
	return report.Tables{
		Institution: monitoring.Institution{Code: o.body.Institution.Code, Name: o.body.Institution.Name}, Body: o.body.Body, Period: o.period,
	}
}

// writeTogether writes the document once all tables are read: it sums them up
// first, or names each of them.
func (s *Site) writeTogether(v *visit, o openedTables, heads []store.TableHead, w io.Writer, step func(done, of int)) (read []readTable, err error) {
	tables := o.tables()
	if read, err = s.readTables(v, o, heads, &tables, step); err != nil {
		return nil, err
	}
	if tables.Whole, err = s.wholeOf(v, o); err != nil {
		return nil, err
	}
	return read, tables.Write(w, o.format, o.print, s.Now())
}

// writeOneByOne writes the rows of each whole table as soon as it is read, so
// that no more than one is in the memory.
func (s *Site) writeOneByOne(v *visit, o openedTables, heads []store.TableHead, w io.Writer, step func(done, of int)) ([]readTable, error) {
	if o.body.Scope == store.ScopeAddressed {
		return s.writeAddressed(v, o, w, step)
	}
	corrected, err := s.Store.AnyErrata(v.Context(), heads, o.period, v.moment())
	if err != nil {
		return nil, err
	}
	return headsRead(heads), report.WriteTablesCSV(w, s.wholeTables(v, o, heads, step), corrected, o.print)
}

// readTables reads the tables of the body, and tells which.
func (s *Site) readTables(v *visit, o openedTables, heads []store.TableHead, tables *report.Tables, step func(done, of int)) ([]readTable, error) {
	if o.body.Scope == store.ScopeAddressed {
		return s.readBodyTables(v, o, tables)
	}
	for t, err := range s.wholeTables(v, o, heads, step) {
		if err != nil {
			return nil, err
		}
		tables.Tables = append(tables.Tables, t)
	}
	return headsRead(heads), nil
}

// wholeTables reads the tables one after the other, and ends with the first
// error. The last step is the writing.
func (s *Site) wholeTables(v *visit, o openedTables, heads []store.TableHead, step func(done, of int)) iter.Seq2[report.Monitoring, error] {
	return func(yield func(report.Monitoring, error) bool) {
		for i, h := range heads {
			step(i, len(heads)+1)
			if t, err := s.wholeTable(v, h.By(v.moment()), o.period); !yield(t, err) || err != nil {
				return
			}
		}
		step(len(heads), len(heads)+1)
	}
}

func headsRead(heads []store.TableHead) []readTable {
	names := make([]readTable, len(heads))
	for i, h := range heads {
		names[i] = readTable{h.Object.MandateID, h.Code}
	}
	return names
}

// writeAddressed is writeOneByOne for a body that gets only what is addressed to it.
func (s *Site) writeAddressed(v *visit, o openedTables, w io.Writer, step func(done, of int)) (read []readTable, err error) {
	board, err := s.addressedTo(v, o)
	if err != nil {
		return nil, err
	}
	corrected, err := s.Store.AnyBodyErrata(v.Context(), board.ID, o.period, v.moment())
	if err != nil {
		return nil, err
	}
	steps := len(board.Mandates)
	each := func(yield func(report.Monitoring, error) bool) {
		for t, err := range s.Store.EachBodyTable(v.Context(), board, o.period, v.moment()) {
			step(min(len(read), steps), steps+1)
			var m report.Monitoring
			if err == nil {
				m, err = s.bodyTable(t, v.known)
			}
			read = append(read, readTable{t.MandateID, m.Table.Mandate.Code})
			if !yield(m, err) || err != nil {
				return
			}
		}
		step(steps, steps+1)
	}
	err = report.WriteTablesCSV(w, each, corrected, o.print)
	return read, err
}

// addressedTo is what goes to the body, as far as the visitor may still look back at it.
func (s *Site) addressedTo(v *visit, o openedTables) (store.Board, error) {
	board, err := s.Store.Board(v.Context(), o.body.Institution.Code, o.body.Code, o.period, v.moment())
	if err == nil && v.past() {
		board.Mandates = v.stillSeen(board)
	}
	return board, err
}

func (s *Site) readBodyTables(v *visit, o openedTables, tables *report.Tables) (read []readTable, err error) {
	board, err := s.addressedTo(v, o)
	if err != nil {
		return nil, err
	}
	all, err := s.Store.BodyTables(v.Context(), board, nil, o.period, v.moment())
	if err != nil {
		return nil, err
	}
	for _, t := range all {
		m, err := s.bodyTable(t, v.known)
		if err != nil {
			return nil, err
		}
		tables.Tables, read = append(tables.Tables, m), append(read, readTable{t.MandateID, m.Table.Mandate.Code})
	}
	return read, nil
}

// noteTables leaves a trace for each mandate whose table was read.
func (s *Site) noteTables(v *visit, o openedTables, read []readTable) error {
	for _, t := range read {
		if err := s.Store.Audit(v.Context(), store.Event{
			ActorID: v.viewer.PersonID, Action: store.ActionExportTable, MandateID: t.mandateID,
			Object: "table/" + t.mandate + "/" + o.period.String(),
			Detail: map[string]any{"format": o.format, "lang": v.lang, "role": access.RoleFor(v.viewer, v.today, o.right(), o.object()), "purpose": "export"},
		}); err != nil {
			return err
		}
	}
	return nil
}
