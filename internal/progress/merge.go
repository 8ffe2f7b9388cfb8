package progress

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"slices"
	"strings"
)

// Base tells from which words a form was made, field by field, without the
// words themselves: a form carries it along, so that what somebody else saved
// meanwhile can be told from what the writer changed. A field that was empty
// is not in it. The nil Base knows nothing: every field may have been changed.
type Base map[string]string

// BaseOf remembers the fields of a form.
func BaseOf(fields map[string]string) Base {
	b := Base{}
	for name, value := range fields {
		if value != "" {
			b[name] = digest(value)
		}
	}
	return b
}

// digest is short: it only tells two texts of one person's form apart.
func digest(value string) string {
	sum := sha256.Sum256([]byte(value))
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}

// Wire writes a base for a hidden field: name and digest of each field that
// was not empty, in the order of their names. ReadBase reads it.
func (b Base) Wire() string {
	parts := []string{"1"}
	for _, name := range slices.Sorted(maps.Keys(b)) {
		parts = append(parts, name+":"+b[name])
	}
	return strings.Join(parts, " ")
}

// ReadBase reads what Wire wrote; nil for anything else.
func ReadBase(s string) Base {
	parts := strings.Split(s, " ")
	if parts[0] != "1" {
		return nil
	}
	b := Base{}
	for _, p := range parts[1:] {
		name, sum, ok := strings.Cut(p, ":")
		if !ok {
			return nil
		}
		b[name] = sum
	}
	return b
}

func (b Base) unchanged(name, value string) bool {
	switch {
	case b == nil:
		return false
	case value == "":
		return b[name] == ""
	}
	return b[name] == digest(value)
}

// Merge joins what two people made of the same fields. A field that only one
// of them changed since base is as they left it; one that both changed alike is
// that; one that both changed differently is listed in both, sorted, and keeps
// the words of mine in merged. Merge(b, x, y) and Merge(b, y, x) agree on
// everything but the words of the fields in both.
func Merge(base Base, mine, theirs map[string]string) (merged map[string]string, both []string) {
	merged = map[string]string{}
	names := maps.Clone(mine)
	if names == nil {
		names = map[string]string{}
	}
	maps.Copy(names, theirs)
	for name := range names {
		value := mine[name]
		switch {
		case mine[name] == theirs[name], base.unchanged(name, theirs[name]):
		case base.unchanged(name, mine[name]):
			value = theirs[name]
		default:
			both = append(both, name)
		}
		if value != "" {
			merged[name] = value
		}
	}
	slices.Sort(both)
	return merged, both
}
