package site

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"jalon/internal/store"
	"jalon/internal/testing/pgtest"
)

// writers send their reports at the same time, as many as the clients of TPC-B.
const writers = 16

// writeFor is how long each of them writes in a round.
const writeFor = 3 * time.Second

// recording is G10: one entry at a time with its cells and its event in the
// trail, against the transactions of TPC-B that this PostgreSQL does in between.
type recording struct {
	*limit
	bank    string // address of the database of TPC-B
	pgbench string
	cookies []string   // of the holder of each mandate
	targets [][]string // codes, by mandate
	next    atomic.Int64
	posted  atomic.Int64
}

func (l *limit) recording(b *testing.B, g *goals) {
	b.Helper()
	const name, want = "G10 an entry, its cells, its event", "80 % of TPC-B"
	r := &recording{limit: l, pgbench: filepath.Join(os.Getenv("JALON_PG_BIN"), "pgbench")}
	if _, err := os.Stat(r.pgbench); err != nil {
		g.add(name, want, "not measured: no pgbench beside PostgreSQL", false)
		return
	}
	r.open(b)
	entries, events := r.stored(b)
	var bank, own float64
	for range rounds {
		bank += r.transact(b)
		own += r.post(b)
	}
	ratio := own / bank
	g.add(name, want, fmt.Sprintf("%.0f %% (%.0f/s of %.0f/s)", 100*ratio, own/rounds, bank/rounds), ratio >= 0.8)
	moreEntries, moreEvents := r.stored(b)
	moreEntries, moreEvents = moreEntries-entries, moreEvents-events
	same := moreEntries == moreEvents && moreEntries == int(r.posted.Load())
	g.add("G10 as many events as entries", "no difference", fmt.Sprintf("%d answers, %d entries, %d events", r.posted.Load(), moreEntries, moreEvents), same)
}

// open fills the bank, and signs in the holder of every mandate.
func (r *recording) open(b *testing.B) {
	b.Helper()
	r.bank = pgtest.Database(b, func(context.Context, string) error { return nil }, "TPC-B")
	if out, err := exec.Command(r.pgbench, "--initialize", "--quiet", "--scale", strconv.Itoa(writers), r.bank).CombinedOutput(); err != nil {
		b.Fatalf("fill the bank: %v\n%s", err, out)
	}
	system := store.AsSystem(b.Context())
	if _, err := r.store.Pool().Exec(system, `UPDATE person SET password_hash = $1 WHERE email LIKE 'holder%'`, passwordHash()); err != nil {
		b.Fatal(err)
	}
	rows, err := r.store.Pool().Query(system, `SELECT array_agg(t.code ORDER BY t.id) FROM mandate m JOIN target t ON t.mandate_id = m.id GROUP BY m.id ORDER BY m.id`)
	if err != nil {
		b.Fatal(err)
	}
	for rows.Next() {
		var codes []string
		if err := rows.Scan(&codes); err != nil {
			b.Fatal(err)
		}
		r.targets = append(r.targets, codes)
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	for i := range r.codes {
		r.cookies = append(r.cookies, r.holder(b, i))
	}
}

// holder signs in the holder of a mandate, from an address of their own.
func (r *recording) holder(b *testing.B, i int) string {
	b.Helper()
	form := url.Values{"email": {fmt.Sprintf("holder%04d@generated.example", i+1)}, "password": {password}}
	q := httptest.NewRequest(http.MethodPost, r.own.URL+"/nl/login", strings.NewReader(form.Encode()))
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("Sec-Fetch-Site", "same-origin")
	q.RemoteAddr = fmt.Sprintf("198.51.%d.%d:4711", i/250, i%250+1)
	w := httptest.NewRecorder()
	r.site.ServeHTTP(w, q)
	var all []string
	for _, c := range w.Result().Cookies() {
		all = append(all, c.Name+"="+c.Value)
	}
	if w.Code != http.StatusSeeOther {
		b.Fatalf("sign-in of holder %d: %d", i+1, w.Code)
	}
	return strings.Join(all, "; ")
}

// stored counts the entries and their events.
func (r *recording) stored(b *testing.B) (entries, events int) {
	b.Helper()
	err := r.store.Pool().QueryRow(store.AsSystem(b.Context()), `SELECT (SELECT count(*) FROM progress_entry), (SELECT count(*) FROM audit_event WHERE action = 'record report')`).Scan(&entries, &events)
	if err != nil {
		b.Fatal(err)
	}
	return entries, events
}

var perSecond = regexp.MustCompile(`(?m)^tps = ([0-9.]+)`)

// transact gives the transactions of TPC-B in a second.
func (r *recording) transact(b *testing.B) float64 {
	b.Helper()
	out, err := exec.Command(r.pgbench, "--no-vacuum", "--protocol", "prepared", "--client", strconv.Itoa(writers), "--jobs", "2", "--time", strconv.Itoa(int(writeFor/time.Second)), r.bank).CombinedOutput()
	found := perSecond.FindSubmatch(out)
	if err != nil || found == nil {
		b.Fatalf("TPC-B: %v\n%s", err, out)
	}
	tps, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		b.Fatal(err)
	}
	return tps
}

// post gives the entries that are recorded in a second, by as many holders at once.
func (r *recording) post(b *testing.B) float64 {
	b.Helper()
	var wg sync.WaitGroup
	began, before := time.Now(), r.posted.Load()
	end := began.Add(writeFor)
	for range writers {
		wg.Go(func() {
			conn, err := net.Dial("tcp", r.own.Listener.Addr().String())
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			read := bufio.NewReader(conn)
			for time.Now().Before(end) {
				if err := r.one(conn, read, int(r.next.Add(1)-1)); err != nil {
					b.Error(err)
					return
				}
				r.posted.Add(1)
			}
		})
	}
	wg.Wait()
	return float64(r.posted.Load()-before) / time.Since(began).Seconds()
}

// one records an entry: those of one mandate come far apart.
func (r *recording) one(conn net.Conn, read *bufio.Reader, n int) error {
	m := n % len(r.codes)
	target := r.targets[m][n/len(r.codes)%len(r.targets[m])]
	path := "/nl/mandates/" + r.codes[m] + "/report/" + r.period.String()
	row := "row." + target + "."
	form := url.Values{
		"idempotency_key": {uuid.NewString()}, "do": {"report"}, row + "version": {"0"}, row + "status": {"on_track"},
		row + "achieved": {fmt.Sprintf("Overleg %d met de partners gevoerd en afspraken gemaakt.", n)}, row + "correction": {"Tweede meting."},
	}.Encode()
	if _, err := fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		path, r.own.Listener.Addr(), r.cookies[m], len(form), form); err != nil {
		return err
	}
	answer, err := http.ReadResponse(read, nil)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("%s of %s: %s", path, target, answer.Status)
	}
	return nil
}
