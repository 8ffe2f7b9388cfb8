// Package migrations carries the schema, step by step. A landed step is never edited.
package migrations

import "embed"

// Files holds the numbered SQL steps.
//
//go:embed *.sql
var Files embed.FS
