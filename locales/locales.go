// Package locales carries the catalogues of every sentence a person can read.
package locales

import "embed"

// Files holds the catalogues, active.nl.toml and active.fr.toml, as make generate
// writes them in JSON: that is read at every start, and six times as fast.
//
//go:embed active.nl.json active.fr.json
var Files embed.FS
