package monitoring

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"aead.dev/minisign"
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

// ErrKeyFile is the kind of every key file that cannot be used.
var ErrKeyFile = errors.New("seal key file")

// LoadSigner reads a minisign secret key without a password (`minisign -G -W`).
// A file that others than its owner can read or write is refused.
func LoadSigner(path string) (Signer, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Signer{}, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	if !info.Mode().IsRegular() || info.Mode().Perm()&0o077 != 0 {
		return Signer{}, fmt.Errorf("%w: %s has mode %04o, want a file of mode 0400 or 0600", ErrKeyFile, path, info.Mode().Perm())
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
// there is no such file, with the public key beside it as PATH.pub. Of two
// processes that start at once, both get the key of one of them.
func LoadOrCreateSigner(path string) (Signer, error) {
	s, err := LoadSigner(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return s, err
	}
	if s, err = NewSigner(); err != nil {
		return s, fmt.Errorf("%w: make a key: %w", ErrKeyFile, err)
	}
	secret, _ := s.key.MarshalText()
	if err := createOnce(path, append(secret, '\n'), 0o400); err != nil && !errors.Is(err, fs.ErrExist) {
		return Signer{}, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	if s, err = LoadSigner(path); err != nil {
		return s, err
	}
	public, _ := s.Public().MarshalText()
	if err := createOnce(path+".pub", append(public, '\n'), 0o444); err != nil && !errors.Is(err, fs.ErrExist) {
		return s, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	return s, nil
}

// createOnce writes a whole file under a name that must not exist yet: others
// see all of it or nothing.
func createOnce(path string, content []byte, mode fs.FileMode) error {
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
	return os.Link(f.Name(), path)
}
