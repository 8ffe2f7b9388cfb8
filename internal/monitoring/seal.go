package monitoring

import (
	"crypto/sha256"
	"encoding/hex"
)

// Seal is what stands beside the canonical document of a sealed table.
type Seal struct {
	Sealing          // as inside the signed document
	SHA256    string // of the document, 64 hexadecimal digits
	Signature string // the text of a minisign signature file
	KeyID     string // 16 hexadecimal digits, as minisign prints it
	PublicKey string // base64, as `minisign -V -P` takes it
}

// Digest gives the SHA-256 of a document in hexadecimal.
func Digest(document []byte) string {
	sum := sha256.Sum256(document)
	return hex.EncodeToString(sum[:])
}
