package archive

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"aead.dev/minisign"

	"jalon/internal/monitoring"
)

// Kind of a finding.
type Kind string

// Findings: each names one file, or the archive as a whole.
const (
	Altered   Kind = "altered"
	Missing   Kind = "missing"
	Added     Kind = "added"
	Double    Kind = "double"    // two files of one name, or of names that some systems take for one
	Unsafe    Kind = "unsafe"    // a name that leads out of the folder, or that not every system has
	Oversized Kind = "oversized" // it unpacks to more than the manifest says
	Listing   Kind = "manifest"  // the list of files itself
	Signature Kind = "signature" // of the list
	Hidden    Kind = "hidden"    // bytes of the zip that belong to no file
)

// Finding is one thing that is not as it was exported.
type Finding struct {
	Kind Kind
	Path string // "" for the archive as a whole
}

// Checked is the answer on an archive.
type Checked struct {
	Outcome  monitoring.Outcome
	Trusted  bool // a key that the reader gave signed it
	Manifest Manifest
	KeyID    string
	Findings []Finding // for altered, at least one, in the order of the archive
}

// Bounds of what is read of an archive that others may have made.
const (
	maxFiles    = 100_000
	maxManifest = 64 << 20
	maxSigned   = 4 << 10
)

// Is reports whether a zip is an archive of ours: it has a manifest, or its signature.
func Is(z *zip.Reader) bool {
	return slices.ContainsFunc(z.File, func(f *zip.File) bool { return f.Name == ManifestName || f.Name == SignatureName })
}

// Verify checks an archive whole: its list against the signature, every file
// against the list, and that nothing else is in it. Every file is read once, and
// never beyond the size that the list gives. Without keys of the reader it checks
// against the key in the list's signature only if carried is that key.
func Verify(r io.ReaderAt, size int64, keys []monitoring.PublicKey) (Checked, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return Checked{Outcome: monitoring.NotSealed}, fmt.Errorf("read the zip: %w", err)
	}
	if !Is(z) || len(z.File) > maxFiles {
		return Checked{Outcome: monitoring.NotSealed}, nil
	}
	v := &verifier{z: z, at: map[string]*zip.File{}}
	v.names()
	v.layout(r, size)
	v.list(keys)
	v.files()
	if len(v.Findings) > 0 {
		v.Outcome, v.Trusted = monitoring.Altered, false
	}
	return v.Checked, nil
}

type verifier struct {
	Checked
	z  *zip.Reader
	at map[string]*zip.File
}

func (v *verifier) find(kind Kind, path string) {
	f := Finding{kind, path}
	if !slices.Contains(v.Findings, f) && len(v.Findings) < 500 {
		v.Findings = append(v.Findings, f)
	}
}

// names refuses what could be unpacked to another place, or on top of each other.
func (v *verifier) names() {
	folded := map[string]bool{}
	for _, f := range v.z.File {
		switch {
		case folded[fold(f.Name)]:
			v.find(Double, f.Name)
		case !SafePath(f.Name):
			v.find(Unsafe, f.Name)
		}
		folded[fold(f.Name)] = true
		if v.at[f.Name] == nil {
			v.at[f.Name] = f
		}
	}
}

// list checks the signature of the manifest, and reads it.
func (v *verifier) list(keys []monitoring.PublicKey) {
	v.Outcome = monitoring.Altered
	document, err := v.read(ManifestName, maxManifest)
	text, err2 := v.read(SignatureName, maxSigned)
	for name, err := range map[string]error{ManifestName: err, SignatureName: err2} {
		if err != nil {
			v.find(missingOr(v.at[name] == nil), name)
		}
	}
	if err != nil {
		return
	}
	if err := json.Unmarshal(document, &v.Manifest); err != nil || v.Manifest.Schema != Schema {
		v.find(Listing, ManifestName)
		v.Manifest = Manifest{}
		return
	}
	if again, err := v.Manifest.canonical(); err != nil || !bytes.Equal(again, document) {
		v.find(Listing, ManifestName)
	}
	if err2 == nil {
		v.signature(document, text, keys)
	}
}

func missingOr(missing bool) Kind {
	if missing {
		return Missing
	}
	return Altered
}

// signature checks the list against the key that the reader gave, or that the list carries.
func (v *verifier) signature(document, text []byte, keys []monitoring.PublicKey) {
	var s minisign.Signature
	if err := s.UnmarshalText(text); err != nil || s.String() != string(text) {
		v.find(Signature, SignatureName)
		return
	}
	v.KeyID = fmt.Sprintf("%016X", s.KeyID)
	key, known := v.key(s.KeyID, keys)
	switch {
	case key == nil && len(keys) > 0:
		v.Outcome = monitoring.UnknownKey
	case key == nil:
		v.find(Signature, SignatureName)
	case s.UntrustedComment != "jalon "+signed+", key "+v.KeyID || !monitoring.SignatureFits(*key, document, string(text)):
		v.find(Signature, SignatureName)
	case len(keys) > 0 && !known:
		v.Outcome = monitoring.UnknownKey
	default:
		v.Outcome, v.Trusted = monitoring.Intact, known
	}
}

// key finds the key of a signature: the reader's, or else the one in the manifest.
func (v *verifier) key(id uint64, keys []monitoring.PublicKey) (key *monitoring.PublicKey, known bool) {
	for i := range keys {
		if keys[i].ID() == id {
			return &keys[i], true
		}
	}
	carried, err := monitoring.ParsePublicKey(v.Manifest.PublicKey)
	if err != nil || carried.ID() != id {
		return nil, false
	}
	return &carried, false
}

// files compares every file with the list.
func (v *verifier) files() {
	listed := map[string]bool{ManifestName: true, SignatureName: true}
	for _, want := range v.Manifest.Files {
		listed[want.Path] = true
		f := v.at[want.Path]
		if f == nil {
			v.find(Missing, want.Path)
			continue
		}
		switch sum, size, err := digest(f, want.Size); {
		case size > want.Size:
			v.find(Oversized, want.Path)
		case err != nil || sum != want.SHA256 || size != want.Size:
			v.find(Altered, want.Path)
		}
	}
	if v.Manifest.Schema == "" {
		return // without a list nothing can be said of the others
	}
	for _, f := range v.z.File {
		if !listed[f.Name] {
			v.find(Added, f.Name)
		}
	}
}

// digest reads at most one byte beyond what a file must have.
func digest(f *zip.File, most int64) (sum string, size int64, err error) {
	r, err := f.Open()
	if err != nil {
		return "", 0, err
	}
	defer r.Close()
	h := sha256.New()
	size, err = io.Copy(h, io.LimitReader(r, most+1))
	if err == nil && size <= most {
		_, err = io.Copy(io.Discard, io.LimitReader(r, 1)) // the end tells of a wrong check sum
	}
	return hex.EncodeToString(h.Sum(nil)), size, err
}

func (v *verifier) read(name string, most int64) ([]byte, error) {
	f := v.at[name]
	if f == nil {
		return nil, errors.New("missing")
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	content, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(content)) > most {
		err = errors.New("too large")
	}
	return content, err
}

// Open gives one file of an archive that was found intact.
func Open(r io.ReaderAt, size int64, path string) (io.ReadCloser, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, err
	}
	for _, f := range z.File {
		if f.Name == path {
			return f.Open()
		}
	}
	return nil, fmt.Errorf("%s: not in the archive", path)
}
