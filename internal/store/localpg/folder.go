package localpg

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

const (
	// systemDir is where root keeps the data when the wanted folder is closed
	// to the server's account.
	systemDir = "/var/lib/jalon"
	port      = "5432"
	// maxSocketPath is the shortest limit of the systems served: 103 bytes on
	// macOS, 107 on Linux.
	maxSocketPath = 103
)

// account is the one that root runs the server under: PostgreSQL refuses root.
type account struct {
	name     string
	uid, gid uint32
}

// serverAccount is nil unless the process is root. It is the owner of an
// existing data folder, else postgres, else nobody.
func serverAccount(dir string) (*account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	if st, err := ownerOf(filepath.Join(dir, "data")); err == nil && st.Uid != 0 {
		return &account{name: fmt.Sprintf("uid %d", st.Uid), uid: st.Uid, gid: st.Gid}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		return &account{name: name, uid: uint32(uid), gid: uint32(gid)}, nil
	}
	return nil, &Error{Kind: ErrNoAccount}
}

// blockedBy names the nearest parent of path, a real path, that the account
// may not enter, or "" if there is none. Parents that do not exist yet are
// made to fit.
func (a *account) blockedBy(path string) string {
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		if fi, err := os.Stat(dir); err == nil && !a.mayEnter(fi) {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

func (a *account) mayEnter(fi fs.FileInfo) bool {
	st, bit := fi.Sys().(*syscall.Stat_t), fs.FileMode(0o001)
	switch {
	case st.Uid == a.uid:
		bit = 0o100
	case st.Gid == a.gid:
		bit = 0o010
	}
	return fi.Mode()&bit != 0
}

// realPath makes path absolute and follows the links in what exists of it, so
// that two ways to one folder meet in one server.
func realPath(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(path)
	if !errors.Is(err, fs.ErrNotExist) || path == filepath.Dir(path) {
		return real, err
	}
	parent, err := realPath(filepath.Dir(path))
	return filepath.Join(parent, filepath.Base(path)), err
}

// prepare makes the folders of the cluster, or refuses those of others.
// Root keeps the outer folder for itself, so that it never writes where a
// lesser account could have laid a link.
func (c *cluster) prepare() error {
	outer := fs.FileMode(0o700)
	if c.account != nil {
		outer = 0o711
		if parent := c.account.blockedBy(c.dir); parent != "" {
			return &Error{Kind: ErrUnreachableFolder, Path: parent, Account: c.account.name}
		}
	}
	if err := makeParents(filepath.Dir(c.dir)); err != nil {
		return err
	}
	if err := c.makePrivate(c.dir, outer, uint32(os.Geteuid())); err != nil {
		return err
	}
	owner := uint32(os.Geteuid())
	if c.account != nil {
		owner = c.account.uid
		if err := c.handOver(); err != nil {
			return err
		}
	}
	return c.makePrivate(c.socket, 0o700, owner)
}

// makeParents creates what is missing above the cluster, open to pass through
// whatever the umask: the server's account must be able to.
func makeParents(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := makeParents(filepath.Dir(dir)); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o755); errors.Is(err, fs.ErrExist) {
		return nil // another process was quicker
	} else if err != nil {
		return err
	}
	return os.Chmod(dir, 0o755)
}

// makePrivate creates a folder for the owner with that mode, or checks that
// what stands there is one.
func (c *cluster) makePrivate(dir string, mode fs.FileMode, owner uint32) error {
	err := os.Mkdir(dir, mode)
	if err == nil {
		if err = os.Chmod(dir, mode); err == nil && c.account != nil && owner == c.account.uid {
			err = os.Lchown(dir, int(c.account.uid), int(c.account.gid))
		}
		return err
	}
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	for try := 0; ; try++ {
		fi, err := os.Lstat(dir)
		if err != nil {
			return &Error{Kind: ErrForeignFolder, Path: dir, Detail: err}
		}
		if fi.IsDir() && fi.Sys().(*syscall.Stat_t).Uid == owner && fi.Mode().Perm()&^mode == 0 {
			return nil
		}
		if try == 20 { // another process may be between its mkdir, chmod and chown
			return &Error{Kind: ErrForeignFolder, Path: dir}
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// handOver gives a data folder that root owns, such as a restored copy, to
// the server's account.
func (c *cluster) handOver() error {
	st, err := ownerOf(c.data())
	if err != nil || st.Uid != 0 {
		return nil
	}
	return c.chownTree(c.data())
}

func (c *cluster) chownTree(root string) error {
	return filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, int(c.account.uid), int(c.account.gid))
	})
}

// socketDir is inside dir when the path is short enough, else in /tmp under a
// name made from it. (Not os.TempDir: processes that differ in TMPDIR must meet.)
func socketDir(dir string) string {
	inside := filepath.Join(dir, "run")
	if len(inside)+len("/.s.PGSQL."+port) <= maxSocketPath {
		return inside
	}
	return fmt.Sprintf("/tmp/jalon-pg-%d-%.8x", os.Geteuid(), sha256.Sum256([]byte(dir)))
}

func ownerOf(path string) (*syscall.Stat_t, error) {
	fi, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	return fi.Sys().(*syscall.Stat_t), nil
}

// The ways to hold a lock file.
const (
	shared    = syscall.LOCK_SH
	exclusive = syscall.LOCK_EX
)

// lock waits for a lock on a file in the cluster's folder, until ctx ends.
// The kernel releases it when the file is closed or the process dies.
func (c *cluster) lock(ctx context.Context, name string, how int) (*os.File, error) {
	f, err := c.open(name, os.O_RDWR)
	if err != nil {
		return nil, err
	}
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			f.Close()
			return nil, fmt.Errorf("lock %s: %w", f.Name(), err)
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, fmt.Errorf("lock %s: %w", f.Name(), ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// tryExclusive turns a shared lock into an exclusive one if nobody else
// holds it. If it fails the shared lock is gone too.
func tryExclusive(f *os.File) bool {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}

func (c *cluster) open(name string, flags int) (*os.File, error) {
	return os.OpenFile(filepath.Join(c.dir, name), flags|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
}
