// Package zipped makes the zip files that tests hand to readers of office documents.
package zipped

import (
	"archive/zip"
	"bytes"
	"testing"
)

// Of makes a zip with the given parts, names and contents in turn.
func Of(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err == nil {
			_, err = w.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
