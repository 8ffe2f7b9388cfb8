package trail

import (
	"fmt"
	"time"

	"jalon/internal/calendar"
	"jalon/internal/monitoring"
)

// Day is the head of a day that has ended: how many events it has, and the hash
// of the last one, signed.
type Day struct {
	Day       calendar.Date
	Events    int
	Head      Hash
	SignedAt  time.Time
	Signature string // the text of a minisign signature file
	KeyID     string
	PublicKey string // base64, as `minisign -V -P` takes it
}

// Statement is what is signed: three lines that name the day, its events and its head.
func (d Day) Statement() []byte {
	return fmt.Appendf(nil, "jalon audit trail %s\nevents %d\nhead %s\n", d.Day, d.Events, d.Head)
}

// Sign signs the head of a day.
func (d Day) Sign(s monitoring.Signer, at time.Time) Day {
	d.SignedAt, d.KeyID, d.PublicKey = at, s.KeyID(), s.Public().String()
	d.Signature = s.SignText("audit trail", d.Statement(), fmt.Sprintf("jalon audit trail %s %s", d.Day, at.UTC().Format(time.RFC3339)))
	return d
}

// signed reports whether the signature fits the day and the key that stands beside it.
func (d Day) signed() bool {
	key, err := monitoring.ParsePublicKey(d.PublicKey)
	return err == nil && monitoring.KeyID(key) == d.KeyID && monitoring.SignatureFits(key, d.Statement(), d.Signature)
}
