package monitoring

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"aead.dev/minisign"

	"jalon/internal/calendar"
)

// PublicKey checks the seals of one signing key.
type PublicKey = minisign.PublicKey

// ParsePublicKey reads a minisign public key: the file's text or its base64 line alone.
func ParsePublicKey(text string) (key PublicKey, err error) {
	if err = key.UnmarshalText([]byte(strings.TrimSpace(text))); err != nil {
		return key, fmt.Errorf("read public key: %w", err)
	}
	return key, nil
}

// ParsePublicKeys reads one minisign public key or several, as PublishedKeys
// writes them: a key per line, behind comments and empty lines that say nothing
// to it. Text without a key, or with a line that is none, is refused.
func ParsePublicKeys(text string) (keys []PublicKey, err error) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "untrusted comment:") {
			continue
		}
		key, err := ParsePublicKey(line)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, errors.New("read public keys: there is none")
	}
	return keys, nil
}

// KeyUse is a public key, in base64, with the first and the last day on which
// something was signed with it.
type KeyUse struct {
	PublicKey   string
	First, Last calendar.Date
}

// PublishedKeys writes the present key as minisign does, so that its file alone
// serves too, and behind it every other key that was used, each after an empty
// line. What is no key is left out: nothing can be checked with it.
func PublishedKeys(present PublicKey, used []KeyUse) []byte {
	text, _ := present.MarshalText() // never fails
	text = append(text, '\n')
	for _, u := range used {
		key, err := ParsePublicKey(u.PublicKey)
		if err != nil || key.Equal(present) {
			continue
		}
		text = fmt.Appendf(text, "\nuntrusted comment: minisign public key: %s, former key, used from %s to %s\n%s\n", KeyID(key), u.First, u.Last, key)
	}
	return text
}

// KeyID gives the identifier of a key as minisign prints it: 16 hexadecimal digits.
func KeyID(key PublicKey) string { return fmt.Sprintf("%016X", key.ID()) }

// Signer holds the key that seals tables. The zero Signer cannot sign.
type Signer struct {
	key minisign.PrivateKey
}

// NewSigner makes a signer with a new key that is not kept anywhere.
func NewSigner() (Signer, error) {
	_, key, err := minisign.GenerateKey(nil)
	return Signer{key}, err
}

// CanSign reports whether there is a key.
func (s Signer) CanSign() bool { return s.key.ID() != 0 }

// Public gives the key that checks this signer's seals.
func (s Signer) Public() PublicKey { return s.key.Public().(PublicKey) }

// KeyID gives the identifier of the key.
func (s Signer) KeyID() string { return KeyID(s.Public()) }

// ErrKeyFile is the kind of every key file that cannot be used. ErrExposed, in a
// *fs.PathError, is that of one that others than its owner can read or change.
var (
	ErrKeyFile = errors.New("seal key file")
	ErrExposed = errors.New("others can read or change it: chmod 600")
)

// LoadSigner reads a minisign secret key without a password (`minisign -G -W`).
// A file that others than its owner can read or write is refused.
func LoadSigner(path string) (Signer, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Signer{}, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	if !info.Mode().IsRegular() {
		return Signer{}, fmt.Errorf("%w: %s is no regular file", ErrKeyFile, path)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return Signer{}, fmt.Errorf("%w: mode %04o: %w", ErrKeyFile, mode, &fs.PathError{Op: "use", Path: path, Err: ErrExposed})
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Signer{}, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	if minisign.IsEncrypted(text) {
		return Signer{}, fmt.Errorf("%w: %s has a password; make a key without one: minisign -G -W", ErrKeyFile, path)
	}
	var s Signer
	if err := s.key.UnmarshalText(text); err != nil {
		return Signer{}, fmt.Errorf("%w: %s: %w", ErrKeyFile, path, err)
	}
	return s, nil
}

// LoadOrCreateSigner is LoadSigner that makes a new key, of mode 0400, when
// there is no such file, with the public key beside it as PATH.pub, in place of
// that of a key before it. Of two processes that start at once, both get the key
// of one of them.
func LoadOrCreateSigner(path string) (Signer, error) {
	s, err := LoadSigner(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return s, err
	}
	if s, err = NewSigner(); err != nil {
		return s, fmt.Errorf("%w: make a key: %w", ErrKeyFile, err)
	}
	secret, _ := s.key.MarshalText()
	if err := write(path, append(secret, '\n'), 0o400, os.Link); err != nil && !errors.Is(err, fs.ErrExist) {
		return Signer{}, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	if s, err = LoadSigner(path); err != nil {
		return s, err
	}
	public, _ := s.Public().MarshalText()
	if err := write(path+".pub", append(public, '\n'), 0o444, os.Rename); err != nil {
		return s, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	return s, nil
}

// write makes a whole file: others see all of it or nothing. It gets its name
// by os.Link, which refuses a name that exists, or os.Rename, which replaces.
func write(path string, content []byte, mode fs.FileMode, name func(from, to string) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".jalon-key-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(content)
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return name(f.Name(), path)
}
