// Package trail holds the chain of the audit trail: how an event becomes bytes
// and a hash, how a day is signed, and what is wrong with a trail that somebody
// altered. It needs no database, so that what the database computed can be
// computed again by other means.
package trail

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"jalon/internal/calendar"
)

// Event is one line of the trail as it was stored.
type Event struct {
	ID         int64
	At         time.Time // to the microsecond
	ActorID    int64     // 0: the system, or nobody signed in
	OnBehalfOf int64     // 0: for themself
	Action     string
	Object     string
	MandateID  int64 // 0: none
	RequestID  string
	Address    string // shortened
	Detail     string // JSON, in the very words in which the database gives it back
}

// Hash is a SHA-256.
type Hash [sha256.Size]byte

func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// ParseHash reads 64 hexadecimal digits.
func ParseHash(text string) (h Hash, ok bool) {
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != len(h) {
		return h, false
	}
	return Hash(raw), true
}

// Link gives an event its place: the number within the Brussels day on which it
// was committed, and the hash that covers it and, by Prev, all before it. The
// first link of a day follows on the last of an earlier one; the very first on zeros.
type Link struct {
	EventID int64
	Day     calendar.Date
	Seq     int // from 1
	Prev    Hash
	Hash    Hash
}

// HashOf computes what the link of an event must hold. Every part stands behind
// its length in bytes, so that no two events have the same bytes.
func HashOf(prev Hash, day calendar.Date, seq int, e Event) Hash {
	detail := sha256.Sum256([]byte(e.Detail))
	var b strings.Builder
	b.Grow(400)
	b.Write(prev[:])
	for _, part := range []string{
		"jalon audit 1", day.String(), strconv.Itoa(seq), number(e.ID), e.At.UTC().Format("2006-01-02T15:04:05.000000Z"),
		number(e.ActorID), number(e.OnBehalfOf), e.Action, e.Object, number(e.MandateID), e.RequestID, e.Address, hex.EncodeToString(detail[:]),
	} {
		b.WriteString(strconv.Itoa(len(part)))
		b.WriteByte(':')
		b.WriteString(part)
		b.WriteByte(',')
	}
	return sha256.Sum256([]byte(b.String()))
}

// number writes an identifier; none is no digits.
func number(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}
