package report

import (
	"io"
	"runtime"
	"testing"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/monitoring"
)

// long gives the sample table with so many rows.
func long(rows int) monitoring.Table {
	t := sample()
	some := t.Rows
	t.Rows = make([]monitoring.Row, rows)
	for i := range t.Rows {
		t.Rows[i] = some[i%len(some)]
	}
	return t
}

// BenchmarkWrite measures how long a table takes in each format, and how much
// memory is taken from the system meanwhile.
func BenchmarkWrite(b *testing.B) {
	for _, c := range []struct {
		name   string
		format Format
		rows   int
	}{
		{"40 rows XLSX", XLSX, 40},
		{"40 rows DOCX", DOCX, 40},
		{"40 rows PDF", PDF, 40},
		{"40 rows CSV", CSV, 40},
		{"2000 rows PDF", PDF, 2000},
		{"2000 rows DOCX", DOCX, 2000},
		{"19200 rows XLSX", XLSX, 19200},
	} {
		b.Run(c.name, func(b *testing.B) {
			m := Draft(long(c.rows))
			p := catalogues.In(bilingual.NL)
			peak := watchHeap(b)
			for b.Loop() {
				if err := m.Write(io.Discard, c.format, p, time.Time{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(peak(), "MB-peak")
		})
	}
}

// BenchmarkWriteTables measures the workbook of 800 mandates with 24 rows each.
func BenchmarkWriteTables(b *testing.B) {
	ts := Tables{Institution: sample().Institution, Body: sample().Body, Period: sample().Period}
	for range 800 {
		ts.Tables = append(ts.Tables, Draft(long(24)))
	}
	peak := watchHeap(b)
	for b.Loop() {
		if err := ts.Write(io.Discard, XLSX, catalogues.In(bilingual.NL), time.Time{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(peak(), "MB-peak")
}

// What a long table takes from the memory in all is the same on every machine; the
// bounds lie half as high again and more.
func TestLongTablesTakeLittleMemory(t *testing.T) {
	for _, c := range []struct {
		format   Format
		rows, mb int
	}{{PDF, 1000, 220}, {XLSX, 5000, 350}, {CSV, 5000, 60}} {
		m, p := Draft(long(c.rows)), catalogues.In(bilingual.NL)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := m.Write(io.Discard, c.format, p, time.Time{}); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		mb := int((after.TotalAlloc - before.TotalAlloc) >> 20)
		t.Logf("%d rows as %s: %d MB", c.rows, c.format, mb)
		if mb > c.mb {
			t.Errorf("%d rows as %s take %d MB in all, at most %d", c.rows, c.format, mb, c.mb)
		}
	}
}

// watchHeap follows the heap in use until the returned function is called,
// which gives the most of it in megabytes.
func watchHeap(b *testing.B) func() float64 {
	b.Helper()
	runtime.GC()
	stop, most := make(chan struct{}), make(chan uint64)
	go func() {
		var top uint64
		tick := time.NewTicker(5 * time.Millisecond)
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
	return func() float64 { close(stop); return float64(<-most) / (1 << 20) }
}
