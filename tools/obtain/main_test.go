package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

// file is one of an archive.
type file struct {
	name, text string
	mode       int64
}

func tarOf(t *testing.T, files ...file) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, f := range files {
		if err := w.WriteHeader(&tar.Header{Name: f.name, Mode: f.mode, Size: int64(len(f.text)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(f.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func brotliOf(t *testing.T, plain []byte) string {
	t.Helper()
	var out bytes.Buffer
	w := brotli.NewWriter(&out)
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// registryOf serves a package @scope/thing of version 1.2.3, and gives its digest.
func registryOf(t *testing.T, files ...file) (url, digest string) {
	t.Helper()
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	if _, err := w.Write(tarOf(t, files...)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	sum := sha512.Sum512(zipped.Bytes())
	mux := http.NewServeMux()
	mux.HandleFunc("GET /@scope/thing/-/thing-1.2.3.tgz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(zipped.Bytes()) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL, "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
}

func TestAPackageIsLaidOutWhole(t *testing.T) {
	url, digest := registryOf(t,
		file{"package/native/bin/postgres", "program", 0o755},
		file{"package/native/lib/libpq.so.5.18", "library", 0o644},
		file{"package/native/pg-symlinks.json", `[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so"}]`, 0o644},
		file{"package/bin/chromium.br", brotliOf(t, []byte("browser")), 0o644},
		file{"package/bin/libs.tar.br", brotliOf(t, tarOf(t, file{"./lib/libnss3.so", "nss", 0o644})), 0o644},
	)
	folder := filepath.Join(t.TempDir(), "var", "things")
	if err := obtain(url, "@scope/thing", "1.2.3", digest, folder); err != nil {
		t.Fatal(err)
	}
	place := filepath.Join(folder, "node_modules", "@scope", "thing")
	for name, want := range map[string]string{
		"native/bin/postgres": "program", "native/lib/libpq.so": "library",
		"bin/chromium": "browser", "bin/lib/libnss3.so": "nss",
	} {
		if got, err := os.ReadFile(filepath.Join(place, name)); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, want)
		}
	}
	for _, program := range []string{"native/bin/postgres", "bin/chromium"} {
		if info, err := os.Stat(filepath.Join(place, program)); err != nil || info.Mode().Perm()&0o111 == 0 {
			t.Errorf("%s is no program: %v, %v", program, info.Mode(), err)
		}
	}
}

func TestAnotherPackageThanExpectedLeavesWhatWasThere(t *testing.T) {
	url, digest := registryOf(t, file{"package/a", "new", 0o644})
	for name, digest := range map[string]string{"another digest": "sha512-AAAA", "outside": digest} {
		folder := filepath.Join(t.TempDir(), "things")
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "a"), []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		address := url
		if name == "outside" { // a name that leads out of the folder
			address, digest = registryOf(t, file{"package/../../../a", "new", 0o644})
		}
		if err := obtain(address, "@scope/thing", "1.2.3", digest, folder); err == nil {
			t.Errorf("%s: no error", name)
		}
		if got, err := os.ReadFile(filepath.Join(folder, "a")); err != nil || string(got) != "old" {
			t.Errorf("%s: what was there is %q, %v", name, got, err)
		}
		if left, _ := filepath.Glob(folder + ".*"); len(left) > 0 {
			t.Errorf("%s: left behind: %v", name, left)
		}
	}
}

func TestAnUnknownPackageIsNamed(t *testing.T) {
	url, digest := registryOf(t)
	err := obtain(url, "@scope/other", "1.2.3", digest, filepath.Join(t.TempDir(), "things"))
	if err == nil || !strings.Contains(err.Error(), "/@scope/other/-/other-1.2.3.tgz: 404") {
		t.Errorf("%v", err)
	}
}
