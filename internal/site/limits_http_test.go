package site

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// patience is how long a busy machine may take for what takes milliseconds.
const patience = 2 * time.Minute

// Clients that keep a place without using it, each in its own way: what they
// send at once, and what they go on sending, sign by sign.
var idlers = []struct {
	name   string
	many   int
	sent   string
	slowly string
}{
	{"half a head", 300, "GET /nl/privacy HTTP/1.1\r\nHost: localhost\r\nX-Half: ", ""},
	{"nothing at all", 50, "", ""},
	{"a head sign by sign", 50, "GET /nl/privacy HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", "x"},
	{"a body sign by sign", 50, "POST /nl/login HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 200000\r\n\r\nemail=", "a"},
	{"a body that nobody reads", 50, "POST /nl/privacy HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 200000\r\n\r\n", "a"},
	{"nothing after an answer", 50, "GET /nl/privacy HTTP/1.1\r\nHost: localhost\r\n\r\n", ""},
}

func TestWhoKeepsAPlaceWithoutUsingItIsSentAway(t *testing.T) {
	o := newOffice(t)
	address := serving(t, o, func(s *http.Server) { // the test need not wait for the real ones
		s.ReadHeaderTimeout, s.ReadTimeout, s.IdleTimeout = time.Second, 3*time.Second, time.Second
	})
	var all sync.WaitGroup
	var here, answered atomic.Int64
	began := time.Now()
	for _, idler := range idlers {
		for range idler.many {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			here.Add(1)
			all.Go(func() {
				defer here.Add(-1)
				defer conn.Close()
				if err := idle(conn, idler.sent, idler.slowly); err != nil {
					t.Errorf("%s: %v", idler.name, err)
				}
			})
		}
	}
	honest := &http.Client{Timeout: patience}
	for here.Load() > 0 {
		answer, err := honest.Get("http://" + address + "/nl/privacy")
		if err != nil {
			continue // the times are too short for a busy machine: once more
		}
		if _, err := io.Copy(io.Discard, answer.Body); err == nil && answer.StatusCode == http.StatusOK {
			answered.Add(1)
		}
		_ = answer.Body.Close()
	}
	all.Wait()
	if answered.Load() == 0 {
		t.Error("nobody else is answered meanwhile")
	}
	t.Logf("all gone after %v; %d pages for others meanwhile", time.Since(began).Round(time.Millisecond), answered.Load())
}

// idle gives nil when the server hangs up.
func idle(conn net.Conn, sent, slowly string) error {
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := io.WriteString(conn, sent); err != nil {
		return err
	}
	gone := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, conn)
		gone <- err
	}()
	next := time.NewTicker(100 * time.Millisecond)
	defer next.Stop()
	for {
		select {
		case err := <-gone:
			if late := net.Error(nil); errors.As(err, &late) && late.Timeout() {
				return errors.New("still has its place")
			}
			return nil // with an answer or without
		case <-next.C:
			_, _ = io.WriteString(conn, slowly) // the read tells when the server is gone
		}
	}
}

// highest watches the memory in use while do runs, and gives the most that was
// added, in bytes.
func highest(do func()) uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, most := m.HeapAlloc, uint64(0)
	done, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		next := time.NewTicker(20 * time.Millisecond)
		defer next.Stop()
		for {
			select {
			case <-done:
				return
			case <-next.C:
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
		}
	}()
	do()
	close(done)
	<-watched
	return most - min(most, before)
}

func TestAThousandSignInsAtOnce(t *testing.T) {
	atWork(t)
	const many = 1000
	o := newOffice(t)
	type try struct{ name, word, address string }
	tries := make([]try, many)
	for i := range tries {
		own := fmt.Sprintf("10.0.%d.%d", i/250, i%250)
		switch i % 4 {
		case 0:
			tries[i] = try{"director", password, own}
		case 1:
			tries[i] = try{"committee", "fout wachtwoord", own}
		case 2:
			tries[i] = try{fmt.Sprintf("onbekend%d", i), password, own}
		case 3:
			tries[i] = try{fmt.Sprintf("onbekend%d", i), password, "192.0.2.77"}
		}
	}
	codes, pages := map[int]int{}, []time.Duration{}
	var mu sync.Mutex
	var all sync.WaitGroup
	peak := highest(func() {
		start, over := make(chan struct{}), make(chan struct{})
		for _, in := range tries {
			all.Go(func() {
				b := o.browser()
				b.address = in.address
				<-start
				w := b.post("/nl/login", url.Values{"email": {in.name + "@jalon.example"}, "password": {in.word}})
				mu.Lock()
				defer mu.Unlock()
				codes[w.Code]++
				if (w.Code == http.StatusTooManyRequests || w.Code == http.StatusServiceUnavailable) && w.Header().Get("Retry-After") == "" {
					t.Errorf("%d without Retry-After", w.Code)
				}
			})
		}
		close(start)
		go func() { all.Wait(); close(over) }()
		for running := true; running; {
			began := time.Now()
			wantCode(t, "another's page", o.browser().get("/nl/privacy"), http.StatusOK)
			pages = append(pages, time.Since(began))
			select {
			case <-over:
				running = false
			default:
			}
		}
	})
	for code := range codes {
		if !slices.Contains([]int{303, 422, 429, 503}, code) {
			t.Errorf("%d sign-ins are answered %d", codes[code], code)
		}
	}
	if codes[303] == 0 || codes[429] == 0 {
		t.Errorf("some come in and some must wait: %v", codes)
	}
	if peak > 400<<20 {
		t.Errorf("%d MB of memory", peak>>20)
	}
	slices.Sort(pages)
	t.Logf("%v, %d MB of memory; %d pages for others, p50 %v, p95 %v", codes, peak>>20, len(pages), pages[len(pages)/2], pages[len(pages)*95/100])
}

// endless is a body that goes on for a gigabyte: a head, and then the same again
// and again. It counts what is taken.
type endless struct {
	head, again string
	left        []byte
	taken       atomic.Int64
}

const gigabyte = 1 << 30

func (e *endless) Read(p []byte) (n int, err error) {
	if e.taken.Load() >= gigabyte {
		return 0, io.EOF
	}
	if len(e.left) == 0 {
		if e.head != "" {
			e.left, e.head = []byte(e.head), ""
		} else {
			e.left = bytes.Repeat([]byte(e.again), 1+(64<<10)/len(e.again))
		}
	}
	n = copy(p, e.left)
	e.left = e.left[n:]
	e.taken.Add(int64(n))
	return n, nil
}

func (e *endless) Close() error { return nil }

func TestABodyWithoutEndIsCut(t *testing.T) {
	o, links, _ := answering(t)
	address := serving(t, o, func(s *http.Server) { s.ReadHeaderTimeout = patience })
	stranger, director, hr := o.browser(), o.as("director"), o.as("hr")
	const typed, part = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
	const file = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7\n"
	for _, c := range []struct {
		name        string
		who         *browser
		path, media string
		head, again string
		limit       int64
		code        int
	}{
		{"one long value", stranger, "/nl/login", typed, "email=", "a", keptLimit, 413},
		{"fields without end", stranger, "/nl/login", typed, "email=a", "&a=1", keptLimit, 413},
		{"escapes without end", stranger, "/fr/login", typed, "email=", "%61", keptLimit, 413},
		{"a form of another kind", stranger, "/nl/login", "application/json", "", "[", 0, 415},
		{"a short form", director, "/nl/password", typed, "old=", "a", bodyLimit, 413},
		{"nobody is signed in", stranger, links[0] + "/answer", part, file, "a", keptLimit, 303},
		{"one long file", director, links[0] + "/answer", part, file, "a", evidenceBody, 413},
		{"parts without end", director, links[0] + "/answer", part, "", "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\na\r\n", evidenceBody, 413},
		{"levels without end", director, links[0] + "/answer", part, "", "--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n", evidenceBody, 413},
		{"a letter", hr, "/nl/import", part, file, "a", 0, 413},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := &endless{head: c.head, again: c.again}
			code := 0
			peak := highest(func() {
				r := httptest.NewRequest(http.MethodPost, c.path, nil)
				r.Body, r.ContentLength = body, -1
				r.Header.Set("Content-Type", c.media)
				r.Header.Set("Sec-Fetch-Site", "same-origin")
				code = c.who.send(r).Code
			})
			most := max(c.limit, 16<<20) + 1<<20
			if n := body.taken.Load(); code != c.code || n > most {
				t.Errorf("answered %d after %d bytes, want %d after %d at most", code, n, c.code, most)
			}
			sent := &endless{head: c.head, again: c.again}
			seen := ""
			onWire := highest(func() { seen = overWire(t, address, c.who, c.path, c.media, sent) })
			if n := sent.taken.Load(); seen != "closed" && seen != fmt.Sprint(c.code) || n > most+64<<20 {
				t.Errorf("over the network: %s after %d bytes", seen, n)
			}
			if peak > 100<<20 || onWire > 100<<20 {
				t.Errorf("%d and %d MB of memory", peak>>20, onWire>>20)
			}
			t.Logf("%d after %d kB, %d MB of memory; over the network %s after %d kB, %d MB", code, body.taken.Load()>>10, peak>>20, seen, sent.taken.Load()>>10, onWire>>20)
		})
	}
}

// parked is a body that comes to its end, and then waits before it ends.
type parked struct {
	io.Reader
	there func()
	end   <-chan struct{}
}

func (p *parked) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	if err != nil {
		p.there()
		<-p.end
	}
	return n, err
}

func (p *parked) Close() error { return nil }

func TestLargeFormsOfStrangersHaveFewPlaces(t *testing.T) {
	const many = 200
	o, links, answer := answering(t)
	director := o.as("director")
	typed := "email=a@jalon.example&password=x&kept=" + strings.Repeat("a", keptLimit-100)
	file := sentFile{"a.txt", bytes.Repeat([]byte("Een nota. "), bodyLimit/5)}
	end := make(chan struct{})
	var there, all sync.WaitGroup // at the end of their body, or answered
	var mu sync.Mutex
	codes := map[int]int{}
	send := func(r *http.Request, media string) *httptest.ResponseRecorder {
		r.Header.Set("Content-Type", media)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		return o.browser().send(r)
	}
	peak := highest(func() {
		there.Add(many)
		for i := range many {
			all.Go(func() {
				var once sync.Once
				come := func() { once.Do(there.Done) }
				defer come()
				r := httptest.NewRequest(http.MethodPost, "/nl/login", nil)
				r.Body = &parked{strings.NewReader(typed), come, end}
				r.ContentLength = []int64{-1, int64(len(typed))}[i%2]
				w := send(r, "application/x-www-form-urlencoded")
				mu.Lock()
				defer mu.Unlock()
				codes[w.Code]++
				if w.Code == http.StatusServiceUnavailable && w.Header().Get("Retry-After") == "" {
					t.Error("it does not say when to come back")
				}
			})
		}
		there.Wait()
		wantCode(t, "a sign-in without a form to keep", o.browser().post("/nl/login", url.Values{"email": {"committee@jalon.example"}, "password": {password}}), http.StatusSeeOther)
		wantCode(t, "a file of who is signed in", director.send2(links[0]+"/answer", answer(), file), http.StatusSeeOther)
		close(end)
		all.Wait()
	})
	if codes[http.StatusServiceUnavailable] != many-maxLarge {
		t.Errorf("%v, want %d with a place", codes, maxLarge)
	}
	if peak > 800<<20 { // without bound: 2,199 MB
		t.Errorf("%d MB of memory", peak>>20)
	}
	t.Logf("%v, %d MB of memory", codes, peak>>20)
	wantCode(t, "when the places are free again", send(httptest.NewRequest(http.MethodPost, "/nl/login", strings.NewReader("kept="+strings.Repeat("a", bodyLimit))), "application/x-www-form-urlencoded"), http.StatusUnprocessableEntity)
}

// overWire sends a body in chunks and gives the status, or "closed".
func overWire(t *testing.T, address string, b *browser, path, media string, body io.ReadCloser) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+path, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", media)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	began := time.Now()
	answer, err := transport.RoundTrip(r)
	if err != nil {
		if time.Since(began) > patience {
			t.Error(err)
		}
		return "closed"
	}
	defer answer.Body.Close()
	return fmt.Sprint(answer.StatusCode)
}

func TestAHeadOfAMegabyteIsRefused(t *testing.T) {
	address := serving(t, newOffice(t), func(s *http.Server) { s.ReadHeaderTimeout = patience })
	for name, head := range map[string]string{
		"one line":   "X: " + strings.Repeat("x", 1<<20) + "\r\n",
		"many lines": strings.Repeat("X: "+strings.Repeat("x", 1000)+"\r\n", 1<<10),
		"cookies":    "Cookie: " + strings.Repeat("a=b; ", 200_000) + "c=d\r\n",
	} {
		got := asked(t, address, "GET /nl/privacy HTTP/1.1\r\nHost: localhost\r\n"+head+"\r\n")
		if got != "" && !strings.HasPrefix(got, "HTTP/1.1 431 ") {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := asked(t, address, "GET /nl/privacy HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"); got != "HTTP/1.1 200 OK" {
		t.Errorf("an honest head: %q", got)
	}
}

// timed is an answer that notes how much time it was given.
type timed struct {
	*httptest.ResponseRecorder
	read, write time.Time
}

func (w *timed) SetReadDeadline(at time.Time) error  { w.read = at; return nil }
func (w *timed) SetWriteDeadline(at time.Time) error { w.write = at; return nil }

func TestOnlyWhoIsLetInHasTimeForLargeFiles(t *testing.T) {
	o, links, answer := answering(t)
	for name, b := range map[string]*browser{"": o.browser(), "committee": o.as("committee"), "director": o.as("director")} {
		media, body := withFiles(t, answer(), sentFile{"a.pdf", []byte(smallPDF)})
		r := httptest.NewRequest(http.MethodPost, "https://jalon.example"+links[0]+"/answer", strings.NewReader(body))
		r.Header.Set("Content-Type", media)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		for cookie, value := range b.cookies {
			r.AddCookie(&http.Cookie{Name: cookie, Value: value})
		}
		w, began := &timed{ResponseRecorder: httptest.NewRecorder()}, time.Now()
		o.ServeHTTP(w, r)
		if name != "director" {
			if !w.read.IsZero() || !w.write.IsZero() {
				t.Errorf("%q has time until %v and %v", name, w.read, w.write)
			}
			continue
		}
		wantCode(t, "the files", w.ResponseRecorder, http.StatusSeeOther)
		if w.read.Before(began.Add(slowUpload)) || w.write.Before(w.read.Add(answerTime)) {
			t.Errorf("after %v the files must be there, after %v the answer", w.read.Sub(began), w.write.Sub(began))
		}
	}
}
