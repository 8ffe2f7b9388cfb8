// Package secret encrypts what the database must not tell, such as the secret
// of a second factor, under a key that lies outside it.
package secret

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const keyBytes = 32 // AES-256

// Errors. A box is either as it was made, or nothing. ErrExposed comes in a
// *fs.PathError.
var (
	ErrKeyFile    = errors.New("secret key file")
	ErrExposed    = errors.New("others can read or change it: chmod 600")
	ErrUnknownKey = errors.New("no such key in the secret key file")
	ErrBox        = errors.New("not what was encrypted")
)

// Keyring holds the keys of one file: the first encrypts, all decrypt. To
// change the key, put a new first line; once everything is encrypted anew
// (which a start of the server does) the old line can go.
type Keyring struct {
	order []string
	keys  map[string]cipher.AEAD
}

// NewKeyring makes a keyring with one new key that is not kept anywhere.
func NewKeyring() *Keyring {
	k, err := parse(newKey())
	if err != nil {
		panic(err) // a key that was just made
	}
	return k
}

// newKey makes a line: 32 random bytes in base64, as `openssl rand -base64 32` does.
func newKey() []byte {
	key := make([]byte, keyBytes)
	_, _ = rand.Read(key) // never fails
	return []byte(base64.StdEncoding.EncodeToString(key) + "\n")
}

// Load reads a key file: a key per line, the newest first; lines that begin
// with # say something to people. A file that others than its owner can read
// or write is refused.
func Load(path string) (*Keyring, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: %s is no regular file", ErrKeyFile, path)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return nil, fmt.Errorf("%w: mode %04o: %w", ErrKeyFile, mode, &fs.PathError{Op: "use", Path: path, Err: ErrExposed})
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	k, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrKeyFile, path, err)
	}
	return k, nil
}

// LoadOrCreate is Load that makes a file with a new key, of mode 0600, when
// there is none. Of two processes that start at once, both get the key of one.
func LoadOrCreate(path string) (*Keyring, error) {
	k, err := Load(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".jalon-key-*")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(newKey())
	if err = errors.Join(err, f.Chmod(0o600), f.Sync(), f.Close()); err == nil {
		err = os.Link(f.Name(), path)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	return Load(path)
}

// parse reads the lines of a key file. Its errors quote no key.
func parse(text []byte) (*Keyring, error) {
	k := &Keyring{keys: map[string]cipher.AEAD{}}
	for i, line := range strings.Split(string(bytes.TrimSpace(text)), "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		key, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(key) != keyBytes {
			return nil, fmt.Errorf("line %d is not 32 bytes in base64", i+1)
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, err
		}
		id := idOf(key)
		if k.keys[id] == nil {
			k.order = append(k.order, id)
		}
		k.keys[id] = aead
	}
	if len(k.order) == 0 {
		return nil, errors.New("it has no key")
	}
	return k, nil
}

// idOf names a key by a hash of it, which tells nothing of 256 random bits.
func idOf(key []byte) string {
	sum := sha256.Sum256(append([]byte("jalon key id\x00"), key...))
	return hex.EncodeToString(sum[:8])
}

// With gives a keyring with the keys of a newer one in front.
func (k *Keyring) With(newer *Keyring) *Keyring {
	both := &Keyring{order: append(slices.Clone(newer.order), k.order...), keys: maps.Clone(k.keys)}
	maps.Copy(both.keys, newer.keys)
	return both
}

// KeyID names the key that encrypts: 16 hexadecimal digits.
func (k *Keyring) KeyID() string { return k.order[0] }

// Seal encrypts with the newest key (AES-256-GCM, random nonce in front). What
// it belongs to, such as "second factor of person 7", must be said again to
// open it: a box moved to another row stays shut.
func (k *Keyring) Seal(plain []byte, belongsTo string) (box []byte, keyID string) {
	return k.keys[k.order[0]].Seal(nil, nil, plain, []byte(belongsTo)), k.order[0]
}

// Open decrypts. ErrUnknownKey when the key is not in the file, ErrBox when the
// box was altered or belongs to something else.
func (k *Keyring) Open(box []byte, keyID, belongsTo string) ([]byte, error) {
	aead, known := k.keys[keyID]
	if !known {
		return nil, fmt.Errorf("key %s: %w", keyID, ErrUnknownKey)
	}
	plain, err := aead.Open(nil, nil, box, []byte(belongsTo))
	if err != nil {
		return nil, fmt.Errorf("open the %s: %w", belongsTo, ErrBox)
	}
	return plain, nil
}
