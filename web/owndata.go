package web

import (
	"jalon/internal/bilingual"
	"jalon/internal/locale"
)

// OwnDataView explains the file with one's own data. Asking for it posts
// idempotency_key to Action, which answers with the file.
type OwnDataView struct {
	Frame
	Action         string
	IdempotencyKey string
	Sections       []string // what the file holds, in words
}

// OwnDataFile is the readable page inside that file. It stands by itself, on
// the reader's own machine.
type OwnDataFile struct {
	Printer  *locale.Printer
	Name     string
	MadeAt   string
	Sections []OwnDataTable
}

// OwnDataTable is one kind of data as a table of words.
type OwnDataTable struct {
	Title   string
	Columns []string
	Rows    [][]string
}

// Lang is the language of the page.
func (f OwnDataFile) Lang() bilingual.Lang { return f.Printer.Lang }
