package web

import (
	"strings"

	"jalon/internal/evidence"
)

// EvidenceLine is one file that proves something.
type EvidenceLine struct {
	Name         string
	Kind         string // its extension
	Bytes        int
	URL          string
	Confidential bool
}

// size says how large a file of so many bytes is, in kilobytes or megabytes.
func (f Frame) size(n int) string {
	if n >= 1<<20 {
		return f.T("evidence.size.mb", "Size", itoa((n+1<<19)>>20))
	}
	return f.T("evidence.size.kb", "Size", itoa(max(1, (n+1<<9)>>10)))
}

// evidenceKinds is what a browser offers to choose.
func evidenceKinds() string {
	names := []string{".jpeg"}
	for _, k := range evidence.Kinds {
		names = append(names, "."+string(k))
	}
	return strings.Join(names, ",")
}
