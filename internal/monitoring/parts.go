package monitoring

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"jalon/internal/mandate"
)

// parts holds a short digest of every single value of a document under its
// path, such as "rows/S3.2-1/now/entry/achieved". The signature covers the
// list, so that whoever alters a value cannot hide which one.
type parts map[string]string

func partsOf(document []byte) (parts, error) {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	p := parts{}
	p.add("", tree)
	return p, nil
}

func (p parts) add(path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, member := range v {
			p.add(join(path, k), member)
		}
	case []any:
		var names []string
		for i, element := range v {
			name := strconv.Itoa(i)
			if row, ok := element.(map[string]any); ok {
				if code, ok := row["code"].(string); ok {
					name = code
				}
			}
			names = append(names, name)
			p.add(join(path, name), element)
		}
		p.leaf(path, strings.Join(names, " ")) // which and in what order
	default:
		p.leaf(path, v)
	}
}

func (p parts) leaf(path string, v any) {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%T\x00%v", path, v, v))
	p[path] = hex.EncodeToString(sum[:8])
}

// digest covers the whole list.
func (p parts) digest() string {
	var b strings.Builder
	for _, path := range slices.Sorted(maps.Keys(p)) {
		fmt.Fprintf(&b, "%q %q\n", path, p[path])
	}
	return Digest([]byte(b.String()))
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "/" + name
}

// Kind tells what happened to a part of a sealed file.
type Kind string

// Kinds of change.
const (
	Edited  Kind = "edited"
	Added   Kind = "added"
	Removed Kind = "removed"
)

// Change is one thing of a sealed file that is not as it was sealed.
type Change struct {
	Kind  Kind
	Row   mandate.Code // zero when it is not about one row
	Field string       // such as "now/entry/achieved", "holder/name", "signature"; empty for a whole row
	Cell  string       // where a person sees it, such as "Tabel!D7"; empty when unknown
}

// changes compares a list as sealed with a list as found, in the order of paths.
// What was added or removed as a whole is named once, not value by value.
func changes(sealed, found parts) (list []Change) {
	at := map[string]Kind{}
	before, after := sealed.branches(), found.branches()
	for path, digest := range sealed {
		if now, ok := found[path]; !ok {
			at[top(path, after)] = Removed
		} else if now != digest {
			at[path] = Edited
		}
	}
	for path := range found {
		if _, ok := sealed[path]; !ok {
			at[top(path, before)] = Added
		}
	}
	for _, path := range slices.Sorted(maps.Keys(at)) {
		list = append(list, changeAt(path, at[path]))
	}
	return list
}

// branches gives all paths of the list and the paths above them.
func (p parts) branches() map[string]bool {
	all := map[string]bool{}
	for path := range p {
		for !all[path] {
			all[path] = true
			path = path[:max(0, strings.LastIndexByte(path, '/'))]
		}
	}
	return all
}

// top gives the shortest beginning of the path that the other side does not have.
func top(path string, other map[string]bool) string {
	for i, c := range path {
		if c == '/' && !other[path[:i]] {
			return path[:i]
		}
	}
	return path
}

func changeAt(path string, kind Kind) Change {
	rest, isRow := strings.CutPrefix(path, "rows/")
	name, field, _ := strings.Cut(rest, "/")
	code, err := mandate.ParseCode(name)
	if !isRow || err != nil {
		return Change{Kind: kind, Field: path}
	}
	return Change{Kind: kind, Row: code, Field: field}
}
