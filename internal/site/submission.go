package site

import (
	"fmt"

	"github.com/google/uuid"
)

// newKey makes the key of a form that is being shown: the field idempotency_key.
func newKey() string { return uuid.NewString() }

// uuidLength is that of the written form.
const uuidLength = 36

// submissionKey reads the key that a form sent, a UUID and perhaps the suffix
// of one of its buttons. The key that is stored depends on the action too, so
// that two buttons of one page are two writes and one button pressed twice is one.
func submissionKey(key, action string) (uuid.UUID, error) {
	if len(key) < uuidLength || len(key) > uuidLength+40 {
		return uuid.UUID{}, fmt.Errorf("no key of %d characters", len(key))
	}
	page, err := uuid.Parse(key[:uuidLength])
	if err != nil {
		return uuid.UUID{}, err
	}
	return uuid.NewSHA1(page, []byte(action+key[uuidLength:])), nil
}
