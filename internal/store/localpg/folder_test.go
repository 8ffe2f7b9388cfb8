package localpg

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSocketPathFits(t *testing.T) {
	for name, dir := range map[string]string{
		"short": "/srv/jalon/db",
		"edge":  "/" + strings.Repeat("d", 84),
		"over":  "/" + strings.Repeat("d", 85),
		"long":  "/srv/" + strings.Repeat("d/", 200) + "db",
	} {
		got := socketDir(dir)
		if n := len(got + "/.s.PGSQL." + port); n > maxSocketPath {
			t.Errorf("%s: %d bytes: %s", name, n, got)
		}
		if inside := strings.HasPrefix(got, dir); inside != (name == "short" || name == "edge") {
			t.Errorf("%s: %s", name, got)
		}
	}
	if socketDir("/srv/"+strings.Repeat("a", 200)) == socketDir("/srv/"+strings.Repeat("b", 200)) {
		t.Error("two folders share a socket")
	}
}

func TestLongFolderNameStillServes(t *testing.T) {
	dir := filepath.Join(filepath.Dir(folder(t)), strings.Repeat("long", 30), "a name with 'quotes' and é", "db")
	s := start(t, dir)
	t.Cleanup(func() { os.Remove(s.c.socket) })
	if !strings.HasPrefix(s.c.socket, "/tmp/jalon-pg-") {
		t.Errorf("socket in %s", s.c.socket)
	}
	ask(t, s.DSN, `SELECT 'alive'`)
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
}

func TestTwoWaysToOneFolderMeet(t *testing.T) {
	dir := folder(t)
	link := filepath.Join(filepath.Dir(dir), "link")
	if err := os.Symlink(filepath.Dir(dir), link); err != nil {
		t.Fatal(err)
	}
	for way, want := range map[string]string{link + "/db": dir, link + "/x/../db": dir, "/": "/", "/no/such": "/no/such"} {
		if got, err := realPath(way); err != nil || got != want {
			t.Errorf("realPath(%s) = %s, %v; want %s", way, got, err, want)
		}
	}
}

func TestRefusesAFolderOpenToOthers(t *testing.T) {
	dir := folder(t)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, dir, ErrForeignFolder, dir)
}

func TestRefusesASocketFolderOfAnother(t *testing.T) {
	dir := folder(t)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(filepath.Dir(dir), "elsewhere")
	if err := os.Mkdir(elsewhere, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, dir+"/run"); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, dir, ErrForeignFolder, dir+"/run")
}

func TestRefusesAFolderOwnedByAnother(t *testing.T) {
	dir := "/usr/share" // root's, and so another's for a plain user
	if os.Geteuid() == 0 {
		dir = folder(t)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(dir, 4321, 4321); err != nil {
			t.Fatal(err)
		}
	}
	wantRefusal(t, dir, ErrForeignFolder, dir)
}

// Only root changes account, so only root can meet a closed parent; a plain
// user's own closed home is open to the plain user.
func TestFolderBelowAClosedParent(t *testing.T) {
	base := filepath.Dir(folder(t))
	if err := os.Chmod(base, 0o700); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(base, "var", "db")
	if os.Geteuid() == 0 {
		wantRefusal(t, dir, ErrUnreachableFolder, base)
		if got := DataDir(filepath.Dir(dir), false); got != systemDir {
			t.Errorf("by default the data goes to %s, want %s", got, systemDir)
		}
	} else {
		ask(t, start(t, dir).DSN, `SELECT 'alive'`)
		if got, want := DataDir(filepath.Dir(dir), false), filepath.Dir(dir); got != want {
			t.Errorf("by default the data goes to %s, want %s", got, want)
		}
	}
	if got, want := DataDir(filepath.Dir(dir), true), filepath.Dir(dir); got != want {
		t.Errorf("a chosen folder became %s", got)
	}
}

func TestMayEnter(t *testing.T) {
	base := filepath.Dir(folder(t))
	st, err := ownerOf(base)
	if err != nil {
		t.Fatal(err)
	}
	owner := account{uid: st.Uid, gid: st.Gid}
	member := account{uid: st.Uid + 1000, gid: st.Gid}
	stranger := account{uid: st.Uid + 1000, gid: st.Gid + 1000}
	for _, tc := range []struct {
		mode                    os.FileMode
		owner, member, stranger bool
	}{
		{0o700, true, false, false},
		{0o710, true, true, false},
		{0o701, true, false, true},
		{0o711, true, true, true},
		{0o644, false, false, false},
	} {
		if err := os.Chmod(base, tc.mode); err != nil {
			t.Fatal(err)
		}
		fi, err := os.Lstat(base)
		if err != nil {
			t.Fatal(err)
		}
		if o, m, s := owner.mayEnter(fi), member.mayEnter(fi), stranger.mayEnter(fi); o != tc.owner || m != tc.member || s != tc.stranger {
			t.Errorf("%o: owner %v member %v stranger %v", tc.mode, o, m, s)
		}
	}
	if err := os.Chmod(base, 0o711); err != nil {
		t.Fatal(err)
	}
}

func wantRefusal(t *testing.T, dir string, kind error, path string) {
	t.Helper()
	s, err := Start(context.Background(), options(dir))
	if err == nil {
		_ = s.Stop()
	}
	var e *Error
	if !errors.Is(err, kind) || !errors.As(err, &e) || e.Path != path {
		t.Errorf("Start(%s) = %v; want %v about %s", dir, err, kind, path)
	}
}
