package secret

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestBoxOpensOnlyAsItWasShut(t *testing.T) {
	k := NewKeyring()
	box, id := k.Seal([]byte("geheim"), "person 1")
	if got, err := k.Open(box, id, "person 1"); err != nil || string(got) != "geheim" {
		t.Fatalf("%q, %v", got, err)
	}
	if again, _ := k.Seal([]byte("geheim"), "person 1"); string(again) == string(box) {
		t.Error("the same box twice")
	}
	if _, err := k.Open(box, id, "person 2"); !errors.Is(err, ErrBox) {
		t.Errorf("of somebody else: %v", err)
	}
	if _, err := NewKeyring().Open(box, id, "person 1"); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("with another key: %v", err)
	}
	for i := range box {
		altered := append([]byte(nil), box...)
		altered[i] ^= 1
		if _, err := k.Open(altered, id, "person 1"); !errors.Is(err, ErrBox) {
			t.Fatalf("byte %d altered: %v", i, err)
		}
	}
	if _, err := k.Open(nil, id, "person 1"); !errors.Is(err, ErrBox) {
		t.Errorf("empty: %v", err)
	}
}

func TestNewFirstLineTakesOverAndTheOldKeyStillOpens(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret.key")
	old, err := LoadOrCreate(path)
	if err != nil {
		t.Fatal(err)
	}
	box, id := old.Seal([]byte("geheim"), "x")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("# since 2027\n"+string(newKey())+"\n"+string(text)), 0o600); err != nil {
		t.Fatal(err)
	}
	k, err := LoadOrCreate(path)
	if err != nil {
		t.Fatal(err)
	}
	if k.KeyID() == id {
		t.Error("the old key still encrypts")
	}
	if got, err := k.Open(box, id, "x"); err != nil || string(got) != "geheim" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestKeyFileThatIsRefused(t *testing.T) {
	good := string(newKey())
	for name, c := range map[string]struct {
		text string
		mode os.FileMode
	}{
		"readable by others": {good, 0o644}, "writable by the group": {good, 0o620}, "empty": {"", 0o600}, "only words": {"# x\n", 0o600},
		"short": {"c2hvcnQ=\n", 0o600}, "no base64": {good + "???canary???\n", 0o600},
	} {
		path := filepath.Join(t.TempDir(), "secret.key")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, c.mode); err != nil {
			t.Fatal(err)
		}
		_, err := LoadOrCreate(path)
		if !errors.Is(err, ErrKeyFile) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
		var file *fs.PathError
		if exposed := c.mode&0o077 != 0; errors.Is(err, ErrExposed) != exposed || exposed && (!errors.As(err, &file) || file.Path != path || !strings.Contains(err.Error(), "chmod 600")) {
			t.Errorf("%s: %v, exposed %t", name, err, exposed)
		}
	}
	if _, err := LoadOrCreate(filepath.Join(t.TempDir(), "none", "secret.key")); !errors.Is(err, ErrKeyFile) {
		t.Errorf("a folder that is not there: %v", err)
	}
	if _, err := Load(t.TempDir()); !errors.Is(err, ErrKeyFile) {
		t.Errorf("a folder: %v", err)
	}
}

func TestStartedAtOnceBothHaveOneKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret.key")
	var all sync.WaitGroup
	ids := make([]string, 8)
	for i := range ids {
		all.Go(func() {
			k, err := LoadOrCreate(path)
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = k.KeyID()
		})
	}
	all.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("keys %v", ids)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}
