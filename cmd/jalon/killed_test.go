package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/progress"
	"jalon/internal/store"
	"jalon/internal/store/localpg"
	"jalon/internal/testing/office"
	"jalon/web"
)

// childArgs makes the test binary be jalon itself, with these arguments.
const childArgs = "JALON_TEST_CHILD_ARGS"

// served is a server in a process of its own, with a private PostgreSQL.
type served struct {
	cmd *exec.Cmd
	log bytes.Buffer // read it when the process has ended
}

// spawn serves the example office from a folder, and returns when it answers.
func spawn(t *testing.T, addr string) *served {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &served{cmd: exec.Command(exe)}
	p.cmd.Env = append(os.Environ(), childArgs+"=serve --demo --addr "+addr)
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p.cmd.Stderr = &p.log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.end(syscall.SIGTERM) })
	if said, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		p.end(syscall.SIGKILL)
		t.Fatalf("said %q: %v\n%s", said, err, &p.log)
	}
	return p
}

// end signals the process and waits for its end; once is enough.
func (p *served) end(how syscall.Signal) {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Signal(how)
		_ = p.cmd.Wait()
	}
}

// folder is one that the account of PostgreSQL can reach, which is not so for
// t.TempDir when root runs the tests.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "jalon-k-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// kept joins the database of the folder for as long as do takes.
func kept(t *testing.T, do func(ctx context.Context, s *store.Store)) {
	t.Helper()
	ctx := store.AsSystem(t.Context())
	server, err := localpg.Start(ctx, localpg.Options{
		Dir: filepath.Join(os.Getenv("JALON_DATA_DIR"), "db"), BinDir: os.Getenv("JALON_PG_BIN"), Look: []string{"../../var/postgres"},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	}()
	s, err := store.Open(ctx, server.DSN, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	do(ctx, s)
}

// writer reports on one target, over and over, until the server is gone.
type writer struct {
	client   *http.Client
	page     string // address of the reporting page
	code     mandate.Code
	drafts   bool   // saves drafts; else records entries
	base     string // digest of what the form was made from
	answered []string
	open     url.Values // the form that was not answered
}

// form is the page with the n-th text, typed over what it showed.
func (w *writer) form(n int) url.Values {
	f := url.Values{
		"idempotency_key":                   {uuid.NewString()},
		"do":                                {"report"},
		web.ReportField(w.code, "version"):  {"0"},
		web.ReportField(w.code, "base"):     {w.base},
		web.ReportField(w.code, "status"):   {"on_track"},
		web.ReportField(w.code, "achieved"): {fmt.Sprintf("%s gedaan %04d", w.code, n)},
	}
	if w.drafts {
		f.Set("do", "draft")
	} else {
		f.Set(web.ReportField(w.code, "correction"), "weer iets nieuws")
	}
	return f
}

// look reads from the page what the first form is made from.
func (w *writer) look(t *testing.T) {
	t.Helper()
	answer, err := w.client.Get(w.page)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("the page: %s, %v", answer.Status, err)
	}
	_, rest, found := strings.Cut(string(page), `name="`+web.ReportField(w.code, "base")+`" value="`)
	w.base, _, _ = strings.Cut(rest, `"`)
	if !found {
		t.Fatalf("the page has no base of %s", w.code)
	}
}

// send posts a form until it is taken: somebody else may record on the same
// mandate at that moment. gone tells that no answer came; an answer is "kept", or it is err.
func (w *writer) send(form url.Values) (gone bool, err error) {
	for range 50 {
		var taken bool
		if taken, gone, err = w.once(form); taken || gone || err != nil {
			return gone, err
		}
	}
	return false, fmt.Errorf("%s is never taken", w.code)
}

func (w *writer) once(form url.Values) (taken, gone bool, err error) {
	r, err := http.NewRequest(http.MethodPost, w.page, strings.NewReader(form.Encode()))
	if err != nil {
		return false, false, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	want := http.StatusSeeOther
	if w.drafts {
		r.Header.Set("Accept", "application/json")
		want = http.StatusOK
	}
	answer, err := w.client.Do(r)
	if err != nil {
		return false, true, nil
	}
	defer answer.Body.Close()
	switch {
	case answer.StatusCode == http.StatusConflict && !w.drafts:
		return false, false, nil
	case answer.StatusCode != want:
		return false, false, fmt.Errorf("%s: answered %s", w.code, answer.Status)
	case !w.drafts: // the entry stands on the page from now on
		w.base = progress.BaseOf(map[string]string{"status": "on_track", "achieved": form.Get(web.ReportField(w.code, "achieved"))}).Wire()
		return true, false, nil
	}
	var saved struct {
		Rows map[string]struct {
			Base string `json:"base"`
		} `json:"rows"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&saved); err != nil {
		return false, true, nil // half an answer is none
	}
	w.base = saved.Rows[w.code.String()].Base
	return true, false, nil
}

// work writes until no answer comes, and tells each answer.
func (w *writer) work(answers chan<- error) {
	for n := 1; ; n++ {
		form := w.form(n)
		gone, err := w.send(form)
		if gone {
			w.open = form
			return
		}
		if err == nil {
			w.answered = append(w.answered, form.Get(web.ReportField(w.code, "achieved")))
		}
		answers <- err
		if err != nil {
			return
		}
	}
}

func TestAKilledServerLosesNothingThatItAcknowledged(t *testing.T) {
	const saves = 60
	t.Setenv("JALON_DATA_DIR", folder(t))
	t.Setenv("JALON_DATABASE_URL", "")
	addr := freeAddress(t)
	server := spawn(t, addr)
	var targets []mandate.Target
	kept(t, func(ctx context.Context, s *store.Store) {
		sheet, _, err := s.Sheet(ctx, store.SheetQuestion{Code: "ACTIRIS-A4-EL", AsOf: calendar.DateOf(time.Now())})
		if err != nil {
			t.Fatal(err)
		}
		targets = sheet.Mandate.Targets()
	})
	site := &office.Office{URL: "http://" + addr}
	client := site.Client(t, "nl", "director")
	page := site.URL + "/nl/mandates/ACTIRIS-A4-EL/report/" + calendar.HalfYearOf(calendar.DateOf(time.Now())).String()

	writers := make([]*writer, 6)
	answers := make(chan error, saves)
	var working sync.WaitGroup
	for i := range writers {
		writers[i] = &writer{client: client, page: page, code: targets[i].Code, drafts: i%2 == 0}
		writers[i].look(t)
	}
	for _, w := range writers {
		working.Go(func() { w.work(answers) })
	}
	for range saves {
		if err := await(t, answers); err != nil {
			t.Fatal(err)
		}
	}
	go func() {
		for range answers { // those who were answered since
		}
	}()
	server.end(syscall.SIGKILL)
	working.Wait()
	close(answers)

	server = spawn(t, addr)
	for _, w := range writers {
		if w.drafts {
			continue
		}
		// nobody knows what became of the last one; sent again it is there once
		if gone, err := w.send(w.open); gone || err != nil {
			t.Errorf("sent again: gone %v, %v", gone, err)
		}
		w.answered = append(w.answered, w.open.Get(web.ReportField(w.code, "achieved")))
	}
	kept(t, func(ctx context.Context, s *store.Store) { wantKept(ctx, t, s, writers) })
	server.end(syscall.SIGTERM)
}

// wantKept compares what was acknowledged with what is in the database.
func wantKept(ctx context.Context, t *testing.T, s *store.Store, writers []*writer) {
	t.Helper()
	value := func(sql string, args ...any) (v string) {
		t.Helper()
		if err := s.Pool().QueryRow(ctx, sql, args...).Scan(&v); err != nil {
			t.Fatalf("%s %v: %v", sql, args, err)
		}
		return v
	}
	recorded, drafts := 0, 0
	for _, w := range writers {
		if w.drafts {
			drafts += len(w.answered)
			last := w.answered[len(w.answered)-1]
			text := value(`SELECT max(d.fields->>'achieved') FROM report_draft d JOIN target t ON t.id = d.target_id WHERE d.fields->>'achieved' LIKE $1`, w.code.String()+" gedaan %")
			if open := w.open.Get(web.ReportField(w.code, "achieved")); text != last && text != open {
				t.Errorf("the draft says %q; %q was saved, %q was not answered", text, last, open)
			}
			continue
		}
		recorded += len(w.answered)
		for _, text := range w.answered {
			if n := value(`SELECT count(*)::text FROM progress_entry WHERE achieved = $1`, text); n != "1" {
				t.Errorf("%q was recorded, and is there %s times", text, n)
			}
		}
	}
	if drafts == 0 || recorded == 0 {
		t.Errorf("%d drafts and %d entries before the end: nothing is shown", drafts, recorded)
	}
	entries := value(`SELECT count(*)::text FROM progress_entry WHERE achieved LIKE '% gedaan ____'`)
	audited := value(`SELECT count(*)::text FROM audit_event a, jsonb_array_elements_text(a.detail->'entries') e
		JOIN progress_entry p ON p.id = e::bigint WHERE a.action = 'record report' AND p.achieved LIKE '% gedaan ____'`)
	if entries != strconv.Itoa(recorded) || audited != entries {
		t.Errorf("%d entries acknowledged, %s kept, %s in the audit trail", recorded, entries, audited)
	}
}

// freeAddress is one of loopback that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}
