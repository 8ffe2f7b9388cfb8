package progress

import "time"

// Draft is what was typed for one target and not yet recorded: fields by name,
// exactly as typed, also when they are not valid yet.
type Draft struct {
	TargetID  int64
	Fields    map[string]string
	Version   int // rises with every save; 0 for a row never saved
	SavedByID int64
	SavedBy   string
	SavedAt   time.Time
}
