// Package locales carries the catalogues of every sentence a person can read.
package locales

import "embed"

// Files holds active.nl.toml and active.fr.toml.
//
//go:embed active.nl.toml active.fr.toml
var Files embed.FS
