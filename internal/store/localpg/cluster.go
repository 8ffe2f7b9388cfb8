package localpg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// answerWithin bounds the wait for a server that says nothing;
	// recoverWithin for one that says it is starting, stopping or recovering.
	answerWithin  = 30 * time.Second
	recoverWithin = 10 * time.Minute
	stopWithin    = 60 * time.Second
	maxLog        = 8 << 20 // bytes; the log before is kept as server.log.1
)

// settings of the server. What guards acknowledged writes (fsync,
// full_page_writes, synchronous_commit) keeps its default: on. The log has no
// statements and no details, as these would show what people typed.
var settings = []string{
	"listen_addresses=",
	"port=" + port,
	"unix_socket_permissions=0700",
	"jit=off",
	"shared_buffers=256MB",
	"effective_cache_size=1GB",
	"work_mem=16MB",
	"maintenance_work_mem=128MB",
	"random_page_cost=1.1",
	"log_error_verbosity=terse",
	"log_min_error_statement=panic",
	"cluster_name=jalon",
}

// cluster is one data folder and how to run it.
type cluster struct {
	dir, socket string
	account     *account // nil unless root
	options     Options
	programs    programs // known once a start needs them
	log         *slog.Logger
}

func newCluster(o Options) (*cluster, error) {
	dir, err := realPath(o.Dir)
	if err != nil {
		return nil, &Error{Kind: ErrForeignFolder, Path: o.Dir, Detail: err}
	}
	c := &cluster{dir: dir, socket: socketDir(dir), options: o, log: o.Log}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	c.account, err = serverAccount(dir)
	return c, err
}

func (c *cluster) data() string { return filepath.Join(c.dir, "data") }

// command prepares a program of the server: under its account, in its own
// process group so that Ctrl-C at the terminal reaches the application alone,
// which then stops the server after its last request, and without the PG…
// variables meant for another server.
func (c *cluster) command(ctx context.Context, p programs, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(p.dir, name), args...)
	cmd.Dir = "/"
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "PG") && !strings.HasPrefix(kv, "LC_") && !strings.HasPrefix(kv, "LANG") {
			cmd.Env = append(cmd.Env, kv)
		}
	}
	cmd.Env = append(cmd.Env, "LC_ALL=C", "TZ=UTC")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if c.account != nil {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: c.account.uid, Gid: c.account.gid, Groups: []uint32{}}
	}
	return cmd
}

// joinOrLaunch returns nil when the server was running, else the process started.
func (c *cluster) joinOrLaunch(ctx context.Context) (*child, error) {
	if c.postmaster() != 0 {
		err := c.awaitAnswer(ctx, func() error {
			if c.postmaster() == 0 {
				return errGone
			}
			return nil
		})
		if err == nil {
			c.log.Info("PostgreSQL joined", "dir", c.dir)
			return nil, nil
		}
		if !errors.Is(err, errGone) {
			return nil, err
		}
	}
	pinned, err := c.pinnedMajor()
	if err != nil {
		return nil, err
	}
	if c.programs, err = c.findPrograms(pinned); err != nil {
		return nil, err
	}
	c.clearRuins()
	if pinned == 0 {
		if err := c.initialise(ctx); err != nil {
			return nil, err
		}
	}
	return c.launchAfterOrphans(ctx)
}

// launchAfterOrphans launches the server, also while processes of one that was
// killed still hold its memory: they end by themselves as soon as they notice.
func (c *cluster) launchAfterOrphans(ctx context.Context) (*child, error) {
	for begin := time.Now(); ; {
		p, err := c.launch(ctx)
		if err == nil || !strings.Contains(err.Error(), "pre-existing shared memory block") || time.Since(begin) > stopWithin {
			return p, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(100 * time.Millisecond):
		}
	}
}

var errGone = errors.New("the server process ended")

// awaitAnswer pings until the server answers, or alive reports its end, or
// time is up.
func (c *cluster) awaitAnswer(ctx context.Context, alive func() error) error {
	begin := time.Now()
	for {
		err := c.ping(ctx)
		if err == nil {
			return nil
		}
		limit := answerWithin
		var refused *pgconn.PgError
		if errors.As(err, &refused) && refused.Code == "57P03" { // cannot connect now
			limit = recoverWithin
		}
		if time.Since(begin) > limit {
			return &Error{Kind: ErrNotStarted, Path: c.dir, Detail: err}
		}
		if err := alive(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return &Error{Kind: ErrNotStarted, Path: c.dir, Detail: ctx.Err()}
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// clearRuins removes what killed starts left. An initdb whose parent was
// killed may still be writing its own: then the next start removes it.
func (c *cluster) clearRuins() {
	ruins, _ := filepath.Glob(filepath.Join(c.dir, "data-new-*")) // the pattern is a constant: no error
	for _, ruin := range ruins {
		if err := os.RemoveAll(ruin); err != nil {
			c.log.Warn("remove what a killed start left", "dir", ruin, "error", err.Error())
		}
	}
}

// initialise makes the data folder. It is made beside and moved in place when
// whole: a start that is killed half-way leaves no ruin.
func (c *cluster) initialise(ctx context.Context) error {
	fresh, err := os.MkdirTemp(c.dir, "data-new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh)
	if c.account != nil {
		if err := c.chownTree(fresh); err != nil {
			return err
		}
	}
	// Plain C would not know that é is the small letter of É: ICU, root locale.
	out, err := c.command(ctx, c.programs, "initdb", "--pgdata", fresh, "--username", Superuser,
		"--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=und",
		"--auth=trust", "--data-checksums", "--no-instructions").CombinedOutput()
	if err != nil {
		return &Error{Kind: ErrNotStarted, Path: c.dir, Detail: fmt.Errorf("initdb: %w: %s", err, bytes.TrimSpace(out))}
	}
	c.log.Info("PostgreSQL created", "dir", c.dir, "version", c.programs.major)
	return os.Rename(fresh, c.data())
}

// child is a server that this process started.
type child struct {
	process *os.Process
	ended   chan struct{}
}

// interrupt asks for the fast shutdown and waits for the end.
func (p *child) interrupt() {
	_ = p.process.Signal(os.Interrupt) // an error means that it has ended
	<-p.ended
}

func (c *cluster) launch(ctx context.Context) (*child, error) {
	if err := c.disownStaleLock(); err != nil {
		return nil, err
	}
	log, err := c.openLog()
	if err != nil {
		return nil, err
	}
	defer log.Close()
	from, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	args := []string{"-D", c.data(), "-k", c.socket}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	// Not bound to ctx, which is that of the start: the server stays.
	cmd := c.command(context.WithoutCancel(ctx), c.programs, "postgres", args...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return nil, &Error{Kind: ErrNotStarted, Path: c.dir, Detail: err}
	}
	p := &child{process: cmd.Process, ended: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // how it ended stands in its log
		close(p.ended)
	}()
	err = c.awaitAnswer(ctx, func() error {
		select {
		case <-p.ended:
			said, _ := io.ReadAll(io.NewSectionReader(log, from, 4096))
			return &Error{Kind: ErrNotStarted, Path: c.dir, Detail: fmt.Errorf("%w: %s", errGone, bytes.TrimSpace(said))}
		default:
			return nil
		}
	})
	if err != nil {
		p.interrupt()
		return nil, err
	}
	c.log.Info("PostgreSQL started", "dir", c.dir, "version", c.programs.major, "pid", p.process.Pid)
	return p, nil
}

func (c *cluster) openLog() (*os.File, error) {
	path := filepath.Join(c.dir, "server.log")
	if fi, err := os.Stat(path); err == nil && fi.Size() > maxLog {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, err
		}
	}
	return c.open("server.log", os.O_RDWR|os.O_APPEND)
}

// shutDown ends the server: our own child, or one that a process now gone started.
func (c *cluster) shutDown(p *child) error {
	if p != nil {
		p.interrupt()
		return nil
	}
	pid := c.postmaster()
	if pid == 0 {
		return nil
	}
	if err := syscall.Kill(pid, syscall.SIGINT); err != nil {
		return err
	}
	for begin := time.Now(); c.postmaster() == pid; time.Sleep(10 * time.Millisecond) {
		if time.Since(begin) > stopWithin {
			return fmt.Errorf("process %d still runs after %s", pid, stopWithin)
		}
	}
	return nil
}

// postmaster is the process that serves the data folder, 0 if none does.
func (c *cluster) postmaster() int {
	pid, _, err := c.readLockFile()
	if err != nil || !c.serves(pid) {
		return 0
	}
	return pid
}

// readLockFile gives the process named in postmaster.pid and the lines after it.
func (c *cluster) readLockFile() (pid int, rest string, err error) {
	b, err := os.ReadFile(filepath.Join(c.data(), "postmaster.pid"))
	if err != nil {
		return 0, "", err
	}
	first, rest, _ := strings.Cut(string(b), "\n")
	pid, err = strconv.Atoi(strings.TrimSpace(first))
	return pid, rest, err
}

// serves reports whether a process is alive and is the server of the data
// folder. Where there is no /proc, being alive must do.
func (c *cluster) serves(pid int) bool {
	if pid <= 1 || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return false
	}
	if _, err := os.Stat("/proc/self/cwd"); err != nil {
		return true
	}
	its, err := os.Stat(fmt.Sprintf("/proc/%d/cwd", pid)) // a server works in its data folder
	if err != nil {
		return false
	}
	ours, err := os.Stat(c.data())
	return err == nil && os.SameFile(its, ours)
}

// disownStaleLock handles a lock file of a dead server whose process number
// has been given to another process since (usual after a container restart),
// or whose dead process nobody collected: PostgreSQL would refuse to start.
// The number becomes ours, which PostgreSQL does not mind in its parent. The
// other lines stay, since by them it checks that no orphan still has the memory.
func (c *cluster) disownStaleLock() error {
	pid, rest, err := c.readLockFile()
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return &Error{Kind: ErrNotStarted, Path: c.dir, Detail: err}
	}
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return nil // PostgreSQL sees for itself that it is dead
	}
	path := filepath.Join(c.data(), "postmaster.pid")
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "%d\n%s", os.Getpid(), rest)
	return errors.Join(err, f.Close())
}
