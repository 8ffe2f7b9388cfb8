// Package archive writes and checks files that belong together: a zip with a
// list of all of them, each with its hash, that is signed as a table is sealed.
// Nothing of a file is ever held in memory whole.
package archive

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/gowebpki/jcs"

	"jalon/internal/monitoring"
)

// Names of the files that an archive says the others with.
const (
	ManifestName  = "manifest.json"
	SignatureName = "manifest.json.minisig"
)

// Schema names the form of a manifest.
const Schema = "jalon/archive/1"

// what a signature is of, on its first line.
const signed = "dossier"

// Manifest lists the files of an archive. All but Exported is the same whenever
// the same content is written.
type Manifest struct {
	Schema   string   `json:"schema"`
	Title    string   `json:"title"`
	Mandate  string   `json:"mandate"`
	Person   string   `json:"person"` // whom it is about
	Kind     string   `json:"kind"`
	Lang     string   `json:"lang"`
	AsOf     string   `json:"as_of"`
	Software string   `json:"software"`
	Files    []File   `json:"files"` // in the order of the archive
	Exported Exported `json:"exported"`
	// PublicKey checks the signature when the reader has no key: base64, as `minisign -V -P` takes it.
	PublicKey string `json:"public_key"`
}

// Exported says who made the archive, and when.
type Exported struct {
	At string `json:"at"` // UTC, as 2006-01-02T15:04:05Z
	By string `json:"by"`
}

// File is one file of an archive.
type File struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"` // 64 hexadecimal digits
	Size   int64  `json:"size"`   // bytes
	Source string `json:"source"` // what it is or where it comes from, such as evidence/12/v1
	Date   string `json:"date"`   // of the source, as 2006-01-02
}

// Part is a file to be written. Open may be called once, and is not before its turn.
type Part struct {
	Path   string
	Source string
	Date   string
	SHA256 string // that the content must have; "" when it is not known before
	Write  func(w io.Writer) error
}

// ErrPath refuses a path that not every system unpacks, or that is there already.
var ErrPath = errors.New("not a path for an archive")

// ErrContent refuses a content that has not the hash that it must have.
var ErrContent = errors.New("the content is not what it must be")

// fixed is the time of every file of an archive: when it was exported stands in
// the manifest alone.
var fixed = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// Write writes an archive: the parts in their order, then the manifest, signed.
// step hears how many parts are done.
func Write(w io.Writer, m Manifest, parts []Part, signer monitoring.Signer, step func(done, of int)) error {
	z := zip.NewWriter(w)
	seen := map[string]bool{fold(ManifestName): true, fold(SignatureName): true}
	m.Schema, m.Files, m.PublicKey = Schema, nil, signer.Public().String()
	for i, p := range parts {
		if !SafePath(p.Path) || seen[fold(p.Path)] {
			return fmt.Errorf("%w: %q", ErrPath, p.Path)
		}
		seen[fold(p.Path)] = true
		f, err := add(z, p)
		if err != nil {
			return fmt.Errorf("write %s: %w", p.Path, err)
		}
		m.Files = append(m.Files, f)
		step(i+1, len(parts)+1)
	}
	document, err := m.canonical()
	if err != nil {
		return err
	}
	trusted := fmt.Sprintf("jalon dossier %s %s %s", strings.Join(strings.Fields(m.Mandate), "_"), m.AsOf, m.Exported.At)
	for _, p := range []Part{
		{Path: ManifestName, Write: whole(document)},
		{Path: SignatureName, Write: whole([]byte(signer.SignText(signed, document, trusted)))},
	} {
		if _, err := add(z, p); err != nil {
			return fmt.Errorf("write %s: %w", p.Path, err)
		}
	}
	step(len(parts)+1, len(parts)+1)
	return z.Close()
}

func whole(content []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	}
}

func (m Manifest) canonical() ([]byte, error) {
	plain, err := json.Marshal(m)
	if err == nil {
		plain, err = jcs.Transform(plain)
	}
	if err != nil {
		return nil, fmt.Errorf("write the manifest: %w", err)
	}
	return plain, nil
}

// add writes one file while it is read, and tells its hash. It is not compressed:
// most files are already, and so there is no byte that means nothing, and nothing
// that unpacks to more than it is.
func add(z *zip.Writer, p Part) (File, error) {
	out, err := z.CreateHeader(&zip.FileHeader{Name: p.Path, Method: zip.Store, Modified: fixed})
	if err != nil {
		return File{}, err
	}
	digest, size := sha256.New(), counter(0)
	if err := p.Write(io.MultiWriter(out, digest, &size)); err != nil {
		return File{}, err
	}
	f := File{Path: p.Path, SHA256: hex.EncodeToString(digest.Sum(nil)), Size: int64(size), Source: p.Source, Date: p.Date}
	if p.SHA256 != "" && p.SHA256 != f.SHA256 {
		return f, ErrContent
	}
	return f, nil
}

// counter counts the bytes that are written to it.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
