package progress

import (
	"time"

	"jalon/internal/evidence"
)

// Draft is what was typed for one target and not yet recorded: fields by name,
// exactly as typed, also when they are not valid yet.
type Draft struct {
	TargetID  int64
	Fields    map[string]string
	Version   int // rises with every save; 0 for a row never saved
	SavedByID int64
	SavedBy   string
	SavedAt   time.Time

	Chosen   evidence.Set // evidence that waits for the entry to be recorded
	Recorded evidence.Set // evidence of the entries of the same half-year
	Replaced []Replaced   // texts that gave way to others, the latest first
	Resolves bool         // of a save: its writer has seen the other text and chose
}

// MaxReplaced is how many replaced texts of a row are read; the others stay kept.
const MaxReplaced = 10

// Replaced is a text that another one took the place of while it was a draft.
type Replaced struct {
	Fields map[string]string
	By     string
	At     time.Time // when it was written
}
