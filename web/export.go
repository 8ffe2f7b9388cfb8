package web

import (
	"slices"
	"time"
)

// ExportOrder is the form that asks for a big document: it posts kind,
// parameters and idempotency_key to Action.
type ExportOrder struct {
	Action         string
	Kind           string
	Parameters     string
	IdempotencyKey string
}

// ExportOfferView offers a document that is too big to be made while one waits.
type ExportOfferView struct {
	Frame
	Rows    int // about how many it has
	Order   ExportOrder
	BackURL string
}

// ExportLine is a document that somebody asked for.
type ExportLine struct {
	Name        string
	URL         string
	State       string // waiting, making, ready or failed
	AskedAt     time.Time
	ExpiresAt   time.Time
	Done, Steps int    // how far it is; Steps is 0 while that is not known
	FileURL     string // "" until it is ready
	FileName    string
	Bytes       int64
}

// Open tells that the document waits or is being made.
func (l ExportLine) Open() bool { return l.State == "waiting" || l.State == "making" }

// ExportView is one document on its way.
type ExportView struct {
	Frame
	ExportLine
	Before int         // documents that come first while it waits
	Again  ExportOrder // of one that failed
}

// ExportsView lists the documents of a person.
type ExportsView struct {
	Frame
	Exports []ExportLine
	URL     string // of the list itself
}

// open counts the documents that wait or are being made.
func (v ExportsView) open() (n int) {
	for _, e := range v.Exports {
		if e.Open() {
			n++
		}
	}
	return n
}

// Open tells that one of the documents waits or is being made.
func (v ExportsView) Open() bool { return slices.ContainsFunc(v.Exports, ExportLine.Open) }
