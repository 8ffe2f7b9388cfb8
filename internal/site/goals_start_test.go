package site

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// starting is G13: the program as it is shipped, over this database, whose
// migrations are done.
func (l *limit) starting(b *testing.B, g *goals) {
	b.Helper()
	folder := b.TempDir()
	program := filepath.Join(folder, "jalon")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, "jalon/cmd/jalon")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	info, err := os.Stat(program)
	if err != nil {
		b.Fatal(err)
	}
	mb := float64(info.Size()) / (1 << 20)
	g.add("G13 the program", "35 MB", fmt.Sprintf("%.1f MB", mb), mb <= 35)
	l.start(b, program, folder, 0) // makes the keys
	var took []time.Duration
	for range 5 {
		t, _ := l.start(b, program, folder, 0)
		took = append(took, t)
	}
	slices.Sort(took)
	g.add("G13 from start to first answer", "100 ms", fmt.Sprintf("p50 %s, most %s", took[2].Round(time.Millisecond), took[4].Round(time.Millisecond)), took[2] <= 100*time.Millisecond)
	_, idle := l.start(b, program, folder, 5*time.Second)
	g.add("G13 memory when nobody asks", "40 MB", fmt.Sprintf("%.1f MB, %.1f of it the program's file", idle.all, idle.file), idle.all <= 40)
}

// resident is what a process holds, in megabytes. The pages of the program's
// file that the kernel mapped are the cache's, and it may take them back.
type resident struct{ all, file float64 }

var residentKB = regexp.MustCompile(`(VmRSS|RssFile):\s+(\d+) kB`)

// start runs the program until it answers, lets it idle, and gives the time that
// took and what it holds.
func (l *limit) start(b *testing.B, program, folder string, idle time.Duration) (took time.Duration, held resident) {
	b.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	addr := free.Addr().String()
	_ = free.Close()
	run := exec.Command(program, "serve", "--addr", addr)
	run.Env = append(os.Environ(), "JALON_DATABASE_URL="+l.dsn, "JALON_DATA_DIR="+folder)
	run.Dir = folder
	began := time.Now()
	if err := run.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		_ = run.Process.Signal(syscall.SIGTERM)
		_ = run.Wait()
	}()
	for {
		answer, err := http.Get("http://" + addr + "/nl/login")
		if err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				break
			}
		}
		if time.Since(began) > 30*time.Second {
			b.Fatalf("no answer: %v", err)
		}
		time.Sleep(time.Millisecond)
	}
	took = time.Since(began)
	time.Sleep(idle)
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", run.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	for _, found := range residentKB.FindAllSubmatch(status, -1) {
		kb, _ := strconv.Atoi(string(found[2]))
		if mb := float64(kb) / 1024; string(found[1]) == "RssFile" {
			held.file = mb
		} else {
			held.all = mb
		}
	}
	return took, held
}
