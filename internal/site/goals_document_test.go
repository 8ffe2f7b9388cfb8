package site

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"net/http/httptest"
	"runtime"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"jalon/internal/calendar"
	"jalon/internal/report"
	"jalon/internal/store"
)

// all is what a document of every mandate is made from.
type all struct {
	*limit
	visit *visit
	heads []store.TableHead
	cells [][]string // of the rows, as the limit writes them
}

// documents is G8 and G9, and the single documents: what they take in time, and
// in memory while they are made.
func (l *limit) documents(b *testing.B, g *goals) {
	b.Helper()
	l.single(b, g)
	a := l.everything(b)
	l.compareDocument(g, "G8 CSV of everything", "70 % of the limit", 0.70, 15, func(w io.Writer) error { return a.own(w, report.CSV) }, a.bareCSV)
	l.compareDocument(g, "G9 XLSX of everything", "1.3 × the limit's time", 1/1.3, 150, func(w io.Writer) error { return a.own(w, report.XLSX) }, a.bareXLSX)
}

// everything gathers the tables of all mandates, as of one body.
func (l *limit) everything(b *testing.B) *all {
	b.Helper()
	r := httptest.NewRequest("GET", "/nl/overview", nil)
	v := l.site.stranger(r)
	v.viewer = l.viewer
	v.Request = r.WithContext(store.As(r.Context(), l.viewer.PersonID, v.today))
	a := &all{limit: l, visit: v}
	for _, code := range l.codes {
		h, err := l.store.TableHead(v.Context(), code)
		if err != nil {
			b.Fatal(err)
		}
		a.heads = append(a.heads, h)
	}
	var text bytes.Buffer
	if err := a.own(&text, report.CSV); err != nil {
		b.Fatal(err)
	}
	read := csv.NewReader(&text)
	read.Comma = ';'
	var err error
	if a.cells, err = read.ReadAll(); err != nil {
		b.Fatal(err)
	}
	return a
}

func (a *all) own(w io.Writer, f report.Format) error {
	o := openedTables{period: a.period, format: f, print: a.visit.print}
	_, err := a.site.writeTables(a.visit, o, a.heads, w, func(int, int) {})
	return err
}

// read asks for what the limit writes: the same statements, without a trace of it.
func (a *all) read() error {
	for _, h := range a.heads {
		if _, err := a.site.wholeTable(a.visit, h, a.period); err != nil {
			return err
		}
	}
	return nil
}

func (a *all) bareCSV(w io.Writer) error {
	if err := a.read(); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	for _, row := range a.cells {
		if err := c.Write(row); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// bareXLSX streams the rows twice, as the workbook has them on two sheets: in ten columns and in all.
func (a *all) bareXLSX(w io.Writer) error {
	if err := a.read(); err != nil {
		return err
	}
	f := excelize.NewFile()
	defer f.Close()
	for _, columns := range []int{10, len(a.cells[0])} {
		name := fmt.Sprintf("Rows%d", columns)
		if _, err := f.NewSheet(name); err != nil {
			return err
		}
		s, err := f.NewStreamWriter(name)
		if err != nil {
			return err
		}
		for i, row := range a.cells {
			values := make([]any, columns)
			for c := range values {
				values[c] = row[c]
			}
			if err := s.SetRow(fmt.Sprintf("A%d", i+1), values); err != nil {
				return err
			}
		}
		if err := s.Flush(); err != nil {
			return err
		}
	}
	return f.Write(w)
}

// compareDocument makes a document in turn with its limit.
func (l *limit) compareDocument(g *goals, name, want string, share, mb float64, own, bare func(io.Writer) error) {
	timed := func(do func(io.Writer) error) time.Duration {
		began := time.Now()
		if err := do(io.Discard); err != nil {
			g.b.Fatal(err)
		}
		return time.Since(began)
	}
	var ours, theirs time.Duration
	for range rounds {
		theirs += timed(bare)
		ours += timed(own)
	}
	ratio := theirs.Seconds() / ours.Seconds()
	g.add(name, want, fmt.Sprintf("%.0f %% (%s, limit %s)", 100*ratio, (ours/rounds).Round(time.Millisecond), (theirs/rounds).Round(time.Millisecond)), ratio >= share)
	most := grown(func() { timed(own) })
	g.add(name+", memory", fmt.Sprintf("%.0f MB more", mb), fmt.Sprintf("%.1f MB", most), most <= mb)
}

// single is a table of one mandate in each format, short and long.
func (l *limit) single(b *testing.B, g *goals) {
	b.Helper()
	table, err := l.store.Table(store.AsSystem(b.Context()), l.codes[0], l.period, calendar.DateOf(time.Now()))
	if err != nil {
		b.Fatal(err)
	}
	print := l.site.Catalogues.In("nl")
	of := func(rows int) report.Monitoring {
		t := table
		t.Rows = slices.Repeat(t.Rows, rows/len(t.Rows)+1)[:rows]
		return report.Draft(t)
	}
	write := func(m report.Monitoring, f report.Format) time.Duration {
		began := time.Now()
		if err := m.Write(io.Discard, f, print, began); err != nil {
			b.Fatal(err)
		}
		return time.Since(began)
	}
	short := of(40)
	for _, f := range report.Formats {
		var took []time.Duration
		for range 5 {
			took = append(took, write(short, f))
		}
		slices.Sort(took)
		g.add("40 rows as "+string(f), "50 ms", took[2].Round(100*time.Microsecond).String(), took[2] <= 50*time.Millisecond)
	}
	for _, c := range []struct {
		format report.Format
		rows   int
		most   time.Duration
		mb     float64
	}{{report.PDF, 2000, time.Second, 100}, {report.XLSX, 19_200, 0, 150}} {
		m := of(c.rows)
		took := write(m, c.format)
		most := grown(func() { write(m, c.format) })
		name := fmt.Sprintf("%d rows as %s", c.rows, c.format)
		if c.most > 0 {
			g.add(name, c.most.String(), took.Round(time.Millisecond).String(), took <= c.most)
		}
		g.add(name+", memory", fmt.Sprintf("%.0f MB more", c.mb), fmt.Sprintf("%.1f MB", most), most <= c.mb)
	}
}

// grown tells by how many megabytes the heap grows while something is done. It
// collects often: the garbage that may lie around grows with the heap, and that
// of the measurement, which holds all rows, is many times that of a server.
func grown(do func()) float64 {
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	before, stop, most := s.HeapInuse, make(chan struct{}), make(chan uint64)
	go func() {
		top := before
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				most <- top
				return
			case <-tick.C:
				var s runtime.MemStats
				runtime.ReadMemStats(&s)
				top = max(top, s.HeapInuse)
			}
		}
	}()
	do()
	close(stop)
	return float64(<-most-before) / (1 << 20)
}
