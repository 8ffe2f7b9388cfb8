package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// One server for the questions that change nothing.
func TestServer(t *testing.T) {
	// What is meant for another server must not reach this one.
	t.Setenv("PGPORT", "6543")
	t.Setenv("PGHOST", "db.example")
	t.Setenv("PGUSER", "somebody")
	t.Setenv("PGDATA", "/nowhere")
	t.Setenv("PGSSLMODE", "verify-full")
	t.Setenv("LC_ALL", "fr_BE.UTF-8")
	dir := folder(t)
	s := start(t, dir)
	c := s.c

	t.Run("is a direct child", func(t *testing.T) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.postmaster()))
		if err != nil {
			t.Fatal(err)
		}
		_, after, _ := strings.Cut(string(stat), ") ")
		if got := strings.Fields(after)[1]; got != strconv.Itoa(os.Getpid()) {
			t.Errorf("parent is %s, want %d", got, os.Getpid())
		}
	})
	t.Run("has no TCP port and no password", func(t *testing.T) {
		if got := ask(t, s.DSN, `SHOW listen_addresses`); got != "" {
			t.Errorf("listens on %q", got)
		}
		if strings.Contains(s.DSN, "password") || strings.Contains(s.DSN, ":@") {
			t.Errorf("DSN %s", s.DSN)
		}
	})
	t.Run("never runs as root", func(t *testing.T) {
		st, err := ownerOf(fmt.Sprintf("/proc/%d", c.postmaster()))
		if err != nil {
			t.Fatal(err)
		}
		want := uint32(os.Geteuid())
		if c.account != nil {
			want = c.account.uid
		}
		if st.Uid != want || st.Uid == 0 {
			t.Errorf("runs under uid %d, want %d", st.Uid, want)
		}
		if c.account != nil && (c.account.name != "postgres" && c.account.name != "nobody") {
			t.Errorf("dropped to %s", c.account.name)
		}
		if groups := ask(t, s.DSN, `SELECT pg_read_file($1)`, fmt.Sprintf("/proc/%d/status", c.postmaster())); c.account != nil && !strings.Contains(groups, "Groups:\t \n") {
			t.Error("kept root's supplementary groups")
		}
	})
	t.Run("has its own process group", func(t *testing.T) {
		group, err := syscall.Getpgid(c.postmaster())
		if err != nil || group != c.postmaster() {
			t.Errorf("process group %d, %v; want %d", group, err, c.postmaster())
		}
	})
	t.Run("keeps its socket private", func(t *testing.T) {
		fi, err := os.Stat(c.socket)
		if err != nil {
			t.Fatal(err)
		}
		if fi.Mode().Perm() != 0o700 {
			t.Errorf("socket folder has mode %o", fi.Mode().Perm())
		}
		if got := ask(t, s.DSN, `SHOW unix_socket_permissions`); got != "0700" {
			t.Errorf("socket has mode %s", got)
		}
	})
	t.Run("knows letters beyond ASCII, and sorts names", func(t *testing.T) {
		if got := ask(t, s.DSN, `SELECT lower('ÉÈÇÏ')`); got != "éèçï" {
			t.Errorf("lower gives %q", got)
		}
		for _, collation := range []string{"nl-x-icu", "fr-x-icu"} {
			got := ask(t, s.DSN, `SELECT string_agg(n, ' ' ORDER BY n COLLATE "`+collation+`") FROM unnest(ARRAY['Zoé', 'Étienne', 'emma', 'Anna']) n`)
			if want := "Anna emma Étienne Zoé"; got != want {
				t.Errorf("%s sorts %q, want %q", collation, got, want)
			}
		}
		if got := ask(t, s.DSN, `SELECT datlocprovider::text || ' ' || pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()`); got != "i UTF8" {
			t.Errorf("database made with %s", got)
		}
	})
	t.Run("guards what it acknowledges", func(t *testing.T) {
		for _, setting := range []string{"fsync", "full_page_writes", "synchronous_commit", "data_checksums"} {
			if got := ask(t, s.DSN, `SELECT current_setting($1)`, setting); got != "on" {
				t.Errorf("%s is %s", setting, got)
			}
		}
		if got := ask(t, s.DSN, `SHOW jit`); got != "off" {
			t.Errorf("jit is %s", got)
		}
	})
	t.Run("writes no typed text in its log", func(t *testing.T) {
		ctx := context.Background()
		conn, err := pgx.Connect(ctx, s.DSN)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(ctx)
		if _, err := conn.Exec(ctx, `CREATE TEMP TABLE person (email text UNIQUE)`); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			_, err = conn.Exec(ctx, `INSERT INTO person VALUES ($1)`, "canary@jalon.example")
		}
		if err == nil {
			t.Fatal("want a unique violation")
		}
		text := serverLog(t, dir)
		wantContains(t, text, "duplicate key")
		if strings.Contains(text, "canary") {
			t.Errorf("the log tells what was typed:\n%s", text)
		}
	})
	t.Run("stops by the fast shutdown", func(t *testing.T) {
		pid := c.postmaster()
		idle, err := pgx.Connect(context.Background(), s.DSN) // must not hold it up
		if err != nil {
			t.Fatal(err)
		}
		defer idle.Close(context.Background())
		if err := s.Stop(); err != nil {
			t.Fatal(err)
		}
		if c.serves(pid) {
			t.Error("still runs")
		}
		wantContains(t, serverLog(t, dir), "received fast shutdown request")
		wantContains(t, serverLog(t, dir), "database system is shut down")
		if err := s.Stop(); err != nil {
			t.Errorf("second stop: %v", err)
		}
	})
}

func TestTwoProcessesOnAnEmptyFolderMakeOneServer(t *testing.T) {
	dir := folder(t)
	a, b := spawn(t, dir), spawn(t, dir)
	got := []string{a.says(t), b.says(t)}
	if (got[0] == "ready joined=false") == (got[1] == "ready joined=false") || !strings.HasPrefix(got[0], "ready") || !strings.HasPrefix(got[1], "ready") {
		t.Fatalf("want one to start and one to join, got %q", got)
	}
	if n := strings.Count(serverLog(t, dir), "starting PostgreSQL"); n != 1 {
		t.Errorf("started %d times", n)
	}
	if m, _ := filepath.Glob(dir + "/data*"); len(m) != 1 {
		t.Errorf("data folders %q", m)
	}

	// The first to leave takes nothing from the other, whichever started it.
	fmt.Fprintln(a.in)
	if s := a.says(t); s != "stopped" {
		t.Fatal(s)
	}
	c := &cluster{dir: dir}
	if c.postmaster() == 0 {
		t.Fatal("the server ended while another process used it")
	}
	fmt.Fprintln(b.in)
	if s := b.says(t); s != "stopped" {
		t.Fatal(s)
	}
	if c.postmaster() != 0 {
		t.Error("the server outlived its last user")
	}
}

func TestKilledApplicationLeavesAServerToJoin(t *testing.T) {
	dir := folder(t)
	first := spawn(t, dir)
	if got := first.says(t); got != "ready joined=false" {
		t.Fatal(got)
	}
	c := &cluster{dir: dir}
	pid := c.postmaster()
	first.kill(t)

	s := start(t, dir)
	if !s.Joined() || c.postmaster() != pid {
		t.Fatalf("server %d was not joined but %d started", pid, c.postmaster())
	}
	ask(t, s.DSN, `SELECT 'alive'`)
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if c.postmaster() != 0 {
		t.Error("the joined server outlived its last user")
	}
}

func TestCtrlCReachesTheApplicationAlone(t *testing.T) {
	dir := folder(t)
	p := spawn(t, dir)
	if got := p.says(t); got != "ready joined=false" {
		t.Fatal(got)
	}
	// As the terminal does: to the whole foreground group.
	if err := syscall.Kill(-p.cmd.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait()
	s := start(t, dir)
	if !s.Joined() {
		t.Error("the server took the interrupt too")
	}
	if strings.Contains(serverLog(t, dir), "shutdown request") {
		t.Error("the server was asked to stop")
	}
}

func TestReadyMeansAnAnsweredQueryEvenAfterACrash(t *testing.T) {
	dir := folder(t)
	s := start(t, dir)
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, s.DSN)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(ctx, `CREATE TABLE entry AS SELECT g AS id FROM generate_series(1, 200000) g`); err != nil {
		t.Fatal(err)
	}
	// The whole machine dies for PostgreSQL: no process of it is left.
	pid := s.c.postmaster()
	if err := syscall.Kill(-pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-s.child.ended
	again := start(t, dir)
	if got := ask(t, again.DSN, `SELECT count(*)::text FROM entry`); got != "200000" {
		t.Errorf("%s rows after the crash, want 200000", got)
	}
	wantContains(t, serverLog(t, dir), "not properly shut down")
}

func TestAServerThatEndedIsStartedAgain(t *testing.T) {
	dir := folder(t)
	s := start(t, dir)
	ctx, stop := context.WithCancel(context.Background())
	kept := make(chan struct{})
	go func() { s.Keep(ctx); close(kept) }()
	t.Cleanup(func() { stop(); <-kept })
	before := s.c.postmaster()
	if err := syscall.Kill(-before, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for begin := time.Now(); s.c.ping(ctx) != nil; time.Sleep(50 * time.Millisecond) {
		if time.Since(begin) > time.Minute {
			t.Fatal("the server was not started again")
		}
	}
	if lock, err := s.c.lock(ctx, "start.lock", exclusive); err != nil { // held until the start is done
		t.Fatal(err)
	} else {
		lock.Close()
	}
	stop()
	<-kept
	pid := s.c.postmaster()
	if pid == 0 || pid == before {
		t.Fatalf("process %d serves, before it was %d", pid, before)
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if s.c.serves(pid) {
		t.Error("the server that was started again outlived its last user")
	}
}

// After a container restart the number in postmaster.pid is often that of
// some other process, and PostgreSQL by itself refuses to start.
func TestStaleLockOfAProcessNumberInUse(t *testing.T) {
	dir := folder(t)
	s := start(t, dir)
	pid := s.c.postmaster()
	if err := syscall.Kill(-pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-s.child.ended
	lock := dir + "/data/postmaster.pid"
	text, err := os.ReadFile(lock)
	if err != nil {
		t.Fatal(err)
	}
	other := spawn(t, folder(t)) // alive, same account as ours, not our server
	_, rest, _ := strings.Cut(string(text), "\n")
	if err := os.WriteFile(lock, fmt.Appendf(nil, "%d\n%s", other.cmd.Process.Pid, rest), 0o600); err != nil {
		t.Fatal(err)
	}
	again := start(t, dir)
	ask(t, again.DSN, `SELECT 'alive'`)
	if got := other.says(t); !strings.HasPrefix(got, "ready") {
		t.Errorf("the other process: %s", got)
	}
	fmt.Fprintln(other.in)
	other.says(t)
}

func TestKilledInitdbLeavesNoRuin(t *testing.T) {
	dir := folder(t)
	if err := os.MkdirAll(dir+"/data-new-1/base", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/data-new-1/PG_VERSION", []byte("15\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711&outerMode()); err != nil {
		t.Fatal(err)
	}
	ask(t, start(t, dir).DSN, `SELECT 'alive'`)
	if m, _ := filepath.Glob(dir + "/data-new-*"); len(m) != 0 {
		t.Errorf("left %q", m)
	}
}

func outerMode() os.FileMode {
	if os.Geteuid() == 0 {
		return 0o711
	}
	return 0o700
}

func TestSaysWhyTheServerDidNotStart(t *testing.T) {
	dir := folder(t)
	s := start(t, dir)
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(dir+"/data/postgresql.conf", os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(f, "no_such_setting = 1")
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = Start(context.Background(), options(dir))
	if !errors.Is(err, ErrNotStarted) {
		t.Fatalf("got %v", err)
	}
	wantContains(t, err.Error(), "no_such_setting")
}

func TestStartGivesUpWithItsContext(t *testing.T) {
	dir := folder(t)
	c, err := newCluster(options(dir))
	if err == nil {
		err = c.prepare()
	}
	if err != nil {
		t.Fatal(err)
	}
	held, err := c.lock(context.Background(), "start.lock", exclusive)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := Start(ctx, options(dir)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
