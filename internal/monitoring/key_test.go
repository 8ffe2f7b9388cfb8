package monitoring

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"aead.dev/minisign"

	"jalon/internal/calendar"
)

func TestKeyIsMadeOnceAndKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seal.key")
	var wg sync.WaitGroup
	ids := make([]string, 8)
	for i := range ids {
		wg.Go(func() {
			s, err := LoadOrCreateSigner(path)
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = s.KeyID()
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] || len(id) != 16 {
			t.Fatalf("several keys: %v", ids)
		}
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o400 {
		t.Errorf("mode %o, want 0400", info.Mode().Perm())
	}
	public, err := os.ReadFile(path + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	if key, err := ParsePublicKey(string(public)); err != nil || KeyID(key) != ids[0] {
		t.Errorf("public key %s, %v, want %s", KeyID(key), err, ids[0])
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".jalon-key-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestKeyFilesThatAreRefused(t *testing.T) {
	_, private, _ := minisign.GenerateKey(nil)
	plain, _ := private.MarshalText()
	encrypted := []byte("untrusted comment: minisign encrypted secret key\nRWRTY0Iy" + strings.Repeat("A", 204))
	for _, c := range []struct {
		name    string
		content []byte
		mode    os.FileMode
		want    string
	}{
		{"readable by others", plain, 0o644, "mode 0644"},
		{"readable by the group", plain, 0o440, "chmod 600"},
		{"writable by others", plain, 0o602, "chmod 600"},
		{"with a password", encrypted, 0o600, "password"},
		{"empty", nil, 0o600, "invalid"},
		{"a public key", []byte(private.Public().(PublicKey).String()), 0o600, "invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "key")
			if err := os.WriteFile(path, c.content, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, c.mode); err != nil {
				t.Fatal(err)
			}
			_, err := LoadOrCreateSigner(path)
			if !errors.Is(err, ErrKeyFile) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
			var file *fs.PathError
			if exposed := c.mode&0o077 != 0; errors.Is(err, ErrExposed) != exposed || exposed && (!errors.As(err, &file) || file.Path != path) {
				t.Errorf("error %#v, exposed %t", err, exposed)
			}
		})
	}
}

func TestPublicKeyOfANewKeyReplacesThatOfTheOldOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seal.key")
	old, err := LoadOrCreateSigner(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	s, err := LoadOrCreateSigner(path)
	if err != nil || s.KeyID() == old.KeyID() {
		t.Fatalf("key %s after %s, %v", s.KeyID(), old.KeyID(), err)
	}
	text, err := os.ReadFile(path + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	if key, err := ParsePublicKey(string(text)); err != nil || !key.Equal(s.Public()) {
		t.Errorf("the public key beside it is %s, %v", KeyID(key), err)
	}
}

func TestPublishedKeysAreReadBack(t *testing.T) {
	a, b := newSigner(t), newSigner(t)
	day := calendar.MustDate(2026, 1, 2)
	alone, _ := b.Public().MarshalText()
	if got := PublishedKeys(b.Public(), []KeyUse{{b.Public().String(), day, day}}); string(got) != string(alone)+"\n" {
		t.Errorf("one key: %q", got)
	}
	text := PublishedKeys(b.Public(), []KeyUse{{b.Public().String(), day, day}, {"no key\nat all", day, day}, {a.Public().String(), day, day.AddDays(3)}})
	if want := "\n\nuntrusted comment: minisign public key: " + a.KeyID() + ", former key, used from 2026-01-02 to 2026-01-05\n" + a.Public().String() + "\n"; !strings.HasSuffix(string(text), want) {
		t.Errorf("published %q", text)
	}
	for _, text := range []string{string(text), strings.ReplaceAll(string(text), "\n", "\r\n"), b.Public().String() + "\n" + a.Public().String()} {
		keys, err := ParsePublicKeys(text)
		if err != nil || len(keys) != 2 || !keys[0].Equal(b.Public()) || !keys[1].Equal(a.Public()) {
			t.Errorf("%q: %v, %v", text, keys, err)
		}
	}
	for _, text := range []string{"", "untrusted comment: x", string(alone) + "\nxyz", string(alone) + "\nuntrusted comment: x\n" + a.Public().String()[:40]} {
		if keys, err := ParsePublicKeys(text); err == nil {
			t.Errorf("%q gives %v", text, keys)
		}
	}
}

func TestKeyCannotBeMadeInAMissingFolder(t *testing.T) {
	if _, err := LoadOrCreateSigner(filepath.Join(t.TempDir(), "none", "key")); !errors.Is(err, ErrKeyFile) {
		t.Errorf("error %v", err)
	}
}

// Another implementation of the minisign form agrees with the seal, and so
// would the program minisign.
func TestSignatureIsPlainMinisign(t *testing.T) {
	s := newSigner(t)
	_, document, seal := sealed(t, s)
	var key minisign.PublicKey
	if err := key.UnmarshalText([]byte(seal.PublicKey)); err != nil {
		t.Fatal(err)
	}
	if !minisign.Verify(key, document, []byte(seal.Signature)) {
		t.Error("signature does not verify")
	}
	var signature minisign.Signature
	if err := signature.UnmarshalText([]byte(seal.Signature)); err != nil {
		t.Fatal(err)
	}
	if want := "jalon ACTIRIS A4-EL 2026-H1 v1 2026-09-11T07:14:00Z parts:"; !strings.HasPrefix(signature.TrustedComment, want) {
		t.Errorf("trusted comment %q, want %q…", signature.TrustedComment, want)
	}
}

func TestTrustedCommentStaysOnOneLine(t *testing.T) {
	s := newSigner(t)
	table := sample()
	table.Institution.Code = "A B\nuntrusted"
	document, seal, err := s.Seal(table, sealing())
	if err != nil {
		t.Fatal(err)
	}
	file, _ := Envelope(document, &seal)
	if v := Verify(file, nil); v.Outcome != Intact || strings.Count(seal.Signature, "\n") != 4 {
		t.Errorf("%s, signature %q", v.Outcome, seal.Signature)
	}
}
