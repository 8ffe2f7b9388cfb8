package shelf

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func opened(t *testing.T) (s *Shelf, folder string) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "evidence")
	s, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, folder
}

// files lists what lies in a folder.
func files(t *testing.T, folder string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all = append(all, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTheSameContentIsKeptOnce(t *testing.T) {
	s, folder := opened(t)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if sum, err := s.Put([]byte("proof")); err != nil || !strings.HasPrefix(sum, "c1cda263") {
				t.Errorf("%s, %v", sum, err)
			}
		})
	}
	wg.Wait()
	all := files(t, folder)
	if len(all) != 1 {
		t.Fatalf("kept %v", all)
	}
	if info, err := os.Stat(all[0]); err != nil || info.Mode().Perm() != 0o400 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	sum, err := s.Put([]byte("proof"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.Get(sum)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, err := io.ReadAll(f); err != nil || string(got) != "proof" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestADamagedFileIsNotGivenAndComesBackWithItsContent(t *testing.T) {
	s, folder := opened(t)
	sum, err := s.Put([]byte("proof"))
	if err != nil {
		t.Fatal(err)
	}
	name := files(t, folder)[0]
	if err := errors.Join(os.Chmod(name, 0o600), os.WriteFile(name, []byte("Proof"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(sum); !errors.Is(err, ErrDamaged) {
		t.Errorf("damaged: %v", err)
	}
	if _, err := s.Put([]byte("proof")); err != nil {
		t.Error(err)
	}
	if f, err := s.Get(sum); err != nil {
		t.Errorf("given again: %v", err)
	} else if err := f.Close(); err != nil {
		t.Error(err)
	}
}

func TestOnlyHashesAreLookedUp(t *testing.T) {
	s, folder := opened(t)
	outside := filepath.Join(filepath.Dir(folder), "secret")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	sum, err := s.Put([]byte("proof"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "../secret", sum[:63], strings.ToUpper(sum), sum + "\n", "..%2fsecret", strings.Repeat("0", 64)} {
		if _, err := s.Get(name); !errors.Is(err, ErrMissing) {
			t.Errorf("%q: %v", name, err)
		}
	}
	// a link that leads out of the folder is not followed
	link := filepath.Join(folder, sum[:2], sum[2:])
	if err := errors.Join(os.Remove(link), os.Symlink(outside, link)); err != nil {
		t.Fatal(err)
	}
	if f, err := s.Get(sum); err == nil {
		_ = f.Close()
		t.Error("a link leads out of the folder")
	}
}

// full writes a few bytes and then finds the disk full, at one of its steps.
type full struct {
	file
	at   string
	left int
}

func (f *full) Write(p []byte) (int, error) {
	if f.at == "write" && len(p) > f.left {
		n, _ := f.file.Write(p[:f.left])
		return n, syscall.ENOSPC
	}
	return f.file.Write(p)
}

func (f *full) Sync() error {
	if f.at == "sync" {
		return syscall.EIO
	}
	return f.file.Sync()
}

func TestAFullDiskKeepsNothing(t *testing.T) {
	s, folder := opened(t)
	for _, at := range []string{"create", "write", "sync"} {
		s.create = func(root *os.Root, name string) (file, error) {
			if at == "create" {
				return nil, syscall.ENOSPC
			}
			f, err := create(root, name)
			return &full{f, at, 3}, err
		}
		if _, err := s.Put(bytes.Repeat([]byte("proof"), 100)); !errors.Is(err, ErrUnwritable) {
			t.Errorf("%s: %v", at, err)
		}
		if all := files(t, folder); len(all) > 0 {
			t.Errorf("%s: kept %v", at, all)
		}
	}
	s.create = create
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put([]byte("proof")); !errors.Is(err, ErrUnwritable) {
		t.Errorf("without its folder: %v", err)
	}
}

func TestSweepTakesOnlyWhatNothingRefersTo(t *testing.T) {
	s, folder := opened(t)
	used, _ := s.Put([]byte("used"))
	unused, err := s.Put([]byte("unused"))
	if err != nil {
		t.Fatal(err)
	}
	half := filepath.Join(folder, used[:2], temporaryPrefix+"half")
	if err := os.WriteFile(half, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	referred := func(sum string) (bool, error) { return sum == used, nil }
	if n, err := s.Sweep(time.Now().Add(-time.Hour), referred); n != 0 || err != nil {
		t.Errorf("what has just come is removed: %d, %v", n, err)
	}
	if _, err := s.Sweep(time.Now().Add(time.Hour), func(string) (bool, error) { return false, io.ErrUnexpectedEOF }); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("without an answer: %v", err)
	}
	if n, err := s.Sweep(time.Now().Add(time.Hour), referred); n != 2 || err != nil {
		t.Errorf("%d removed, %v", n, err)
	}
	if _, err := s.Get(unused); !errors.Is(err, ErrMissing) {
		t.Errorf("unused: %v", err)
	}
	if f, err := s.Get(used); err != nil {
		t.Errorf("used: %v", err)
	} else {
		_ = f.Close()
	}
}

// What is written piece by piece is the same file as what is given at once.
func TestAFileIsKeptWhileItIsWritten(t *testing.T) {
	s, folder := opened(t)
	content := bytes.Repeat([]byte("proof\n"), 100_000)
	sum, size, err := s.Keep(func(w io.Writer) error {
		for piece := range slices.Chunk(content, 999) {
			if _, err := w.Write(piece); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || size != int64(len(content)) {
		t.Fatalf("%d bytes, %v", size, err)
	}
	if again, err := s.Put(content); err != nil || again != sum {
		t.Errorf("given at once it is %s and not %s: %v", again, sum, err)
	}
	wrong := errors.New("no more words")
	if _, _, err := s.Keep(func(w io.Writer) error { _, _ = w.Write([]byte("half")); return wrong }); !errors.Is(err, wrong) {
		t.Errorf("the reason is lost: %v", err)
	}
	s.create = func(root *os.Root, name string) (file, error) {
		f, err := create(root, name)
		return &full{f, "write", 3}, err
	}
	if _, _, err := s.Keep(func(w io.Writer) error { _, err := w.Write(content); return err }); !errors.Is(err, ErrUnwritable) && !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a full disk: %v", err)
	}
	if all := files(t, folder); len(all) != 1 {
		t.Errorf("kept %v", all)
	}
}
