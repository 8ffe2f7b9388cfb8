// Package shelf keeps files under their SHA-256: the same content is kept once,
// and what comes back is what was given or nothing. It knows no names and no
// owners; the database has those.
package shelf

import (
	"bufio"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"time"
)

// Kinds of failure that a caller can act on.
var (
	ErrUnwritable = errors.New("the files cannot be written") // the disk is full, read-only or away
	ErrMissing    = errors.New("the file is missing")
	ErrDamaged    = errors.New("the file is not what was kept")
)

// Shelf is one folder of files. It is safe for concurrent use, also by several processes.
type Shelf struct {
	root   *os.Root // nothing outside of it can be reached, by no name and no link
	create func(root *os.Root, name string) (file, error)
}

type file interface {
	io.WriteCloser
	Sync() error
}

// Open opens the folder, and makes it when it is missing.
func Open(folder string) (*Shelf, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the evidence: %w", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("open the folder of the evidence: %w", err)
	}
	return &Shelf{root: root, create: create}, nil
}

// create makes a file that must not exist yet.
func create(root *os.Root, name string) (file, error) {
	return root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o400)
}

// Close lets go of the folder.
func (s *Shelf) Close() error { return s.root.Close() }

var hash = regexp.MustCompile(`^[0-9a-f]{64}$`)

// place is where the file of a hash lies: 256 folders keep each of them small.
func place(sum string) string { return sum[:2] + "/" + sum[2:] }

// Put keeps a content and gives its SHA-256 in hexadecimal. A content that is
// there is not written again, one that was damaged is. The file appears whole
// or not at all, and is on the disk when Put returns. Errors are ErrUnwritable.
func (s *Shelf) Put(content []byte) (sum string, err error) {
	digest := sha256.Sum256(content)
	sum = hex.EncodeToString(digest[:])
	if f, err := s.Get(sum); err == nil {
		now := time.Now()
		return sum, errors.Join(f.Close(), s.root.Chtimes(place(sum), now, now)) // Sweep lets it lie
	}
	if err := s.write(place(sum), content); err != nil {
		return "", fmt.Errorf("keep a file of %d bytes: %w: %w", len(content), ErrUnwritable, err)
	}
	return sum, nil
}

func (s *Shelf) write(name string, content []byte) error {
	folder := path.Dir(name)
	if err := s.folder(folder); err != nil {
		return err
	}
	temporary := folder + "/" + temporaryPrefix + rand.Text()
	err := s.fill(temporary, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
	if err == nil {
		err = s.root.Rename(temporary, name)
	}
	if err != nil {
		return errors.Join(err, s.root.Remove(temporary))
	}
	return errors.Join(s.sync(folder), s.sync(".")) // the names too are on the disk
}

// Keep keeps what is written, without ever having all of it in memory, and
// gives its SHA-256 in hexadecimal and its size in bytes. Nothing is kept when
// write fails: its error comes back as it is. Other errors are ErrUnwritable.
func (s *Shelf) Keep(write func(w io.Writer) error) (sum string, size int64, err error) {
	temporary := temporaryPrefix + rand.Text() // beside the folders: which one it goes to, its hash will tell
	digest, count := sha256.New(), counter(0)
	var failed error
	err = s.fill(temporary, func(w io.Writer) error {
		buffered := bufio.NewWriterSize(io.MultiWriter(w, digest, &count), 1<<16)
		if failed = write(buffered); failed != nil {
			return failed
		}
		return buffered.Flush()
	})
	sum = hex.EncodeToString(digest.Sum(nil))
	if err == nil {
		err = s.folder(path.Dir(place(sum)))
	}
	if err == nil {
		err = s.root.Rename(temporary, place(sum))
	}
	if err == nil {
		err = errors.Join(s.sync(path.Dir(place(sum))), s.sync("."))
	}
	switch {
	case err == nil:
		return sum, int64(count), nil
	case failed != nil:
		return "", 0, errors.Join(failed, ignoreMissing(s.root.Remove(temporary)))
	default:
		return "", 0, errors.Join(fmt.Errorf("keep a file: %w: %w", ErrUnwritable, err), ignoreMissing(s.root.Remove(temporary)))
	}
}

// counter counts the bytes that are written to it.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

func (s *Shelf) folder(name string) error {
	if err := s.root.Mkdir(name, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// fill writes a new file, and has it on the disk when it returns.
func (s *Shelf) fill(name string, write func(w io.Writer) error) error {
	f, err := s.create(s.root, name)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Sync(), f.Close())
}

func (s *Shelf) sync(folder string) error {
	d, err := s.root.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Get opens a file after having compared all of it with its hash. Close it
// when done. Errors are ErrMissing and ErrDamaged.
func (s *Shelf) Get(sum string) (io.ReadSeekCloser, error) {
	if !hash.MatchString(sum) {
		return nil, ErrMissing
	}
	f, err := s.root.Open(place(sum))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w: %s", ErrMissing, sum)
	case err != nil:
		return nil, fmt.Errorf("open the file %s: %w", sum, err)
	}
	digest := sha256.New()
	_, err = io.Copy(digest, f)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	switch {
	case err != nil:
		return nil, errors.Join(fmt.Errorf("read the file %s: %w: %w", sum, ErrDamaged, err), f.Close())
	case hex.EncodeToString(digest.Sum(nil)) != sum:
		return nil, errors.Join(fmt.Errorf("%w: %s", ErrDamaged, sum), f.Close())
	}
	return f, nil
}

const temporaryPrefix = "new-"

// Sweep removes what nothing refers to, when it has lain there since before a
// moment: files whose form was not stored in the end, and halves that a crash
// left. It tells how many. A file that is referred to is never touched.
func (s *Shelf) Sweep(before time.Time, referred func(sum string) (bool, error)) (removed int, err error) {
	err = fs.WalkDir(s.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil || !info.ModTime().Before(before) {
			return ignoreMissing(err)
		}
		sum := path.Base(path.Dir(name)) + path.Base(name)
		if hash.MatchString(sum) {
			if used, err := referred(sum); err != nil || used {
				return err
			}
		}
		removed++
		return ignoreMissing(s.root.Remove(name))
	})
	if err != nil {
		return removed, fmt.Errorf("sweep the evidence: %w", err)
	}
	return removed, nil
}

// ignoreMissing is for a file that another process removed first.
func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
