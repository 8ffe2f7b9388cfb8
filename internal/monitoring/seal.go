package monitoring

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"aead.dev/minisign"
	"github.com/gowebpki/jcs"
)

// Seal is what stands beside the canonical document of a sealed table. Sealing
// is inside the signed document too; only the rest is written beside it.
type Seal struct {
	Sealing   `json:"-"`
	SHA256    string `json:"sha256"`     // of the document, 64 hexadecimal digits
	Signature string `json:"signature"`  // the text of a minisign signature file
	KeyID     string `json:"key_id"`     // 16 hexadecimal digits, as minisign prints it
	PublicKey string `json:"public_key"` // base64, as `minisign -V -P` takes it
}

// Seal freezes the table under a number and signs it. The document is what was
// signed: it must be stored as these bytes and never be made again from rows.
//
// The signature has minisign's prehashed form, so that
// `minisign -V -m DOCUMENT -x SIGNATURE -P PUBLICKEY` agrees. Its trusted
// comment reads `jalon INSTITUTION MANDATE 2026-H1 v1 UTC parts:SHA256`; the last word
// covers the digests of the single fields, which later tell what was altered.
func (s Signer) Seal(t Table, sealing Sealing) (document []byte, seal Seal, err error) {
	sealing.SealedAt = sealing.SealedAt.UTC()
	t.Sealing = &sealing
	if document, err = t.Canonical(); err != nil {
		return nil, Seal{}, fmt.Errorf("seal: %w", err)
	}
	list, err := partsOf(document)
	if err != nil {
		return nil, Seal{}, fmt.Errorf("seal: %w", err)
	}
	trusted := fmt.Sprintf("jalon %s %s %s v%d %s parts:%s", word(t.Institution.Code), word(t.Mandate.Code), t.Period,
		sealing.Version, sealing.SealedAt.Format(time.RFC3339), list.digest())
	seal = Seal{
		Sealing: sealing, SHA256: Digest(document), KeyID: s.KeyID(), PublicKey: s.Public().String(),
		Signature: s.SignText(whatTable, document, trusted),
	}
	return document, seal, nil
}

// What a signature is of, on its first line.
const (
	whatTable = "monitoring table"
	whatRound = "table of a body"
)

// SignText signs a document in minisign's prehashed form, with a comment that
// the signature covers. What names the kind of document on the first line, which it does not.
func (s Signer) SignText(what string, document []byte, trusted string) string {
	r := minisign.NewReader(bytes.NewReader(document))
	_, _ = io.Copy(io.Discard, r) // a bytes.Reader does not fail
	return string(r.SignWithComments(s.key, trusted, untrusted(what, s.KeyID())))
}

// SignatureFits reports whether a signature of SignText covers the document.
func SignatureFits(key PublicKey, document []byte, signature string) bool {
	return minisign.Verify(key, document, []byte(signature))
}

// untrusted is the first line of a signature, which the signature does not cover.
func untrusted(what, keyID string) string { return "jalon " + what + ", key " + keyID }

// word keeps a code on one line of the trusted comment and in one piece.
func word(code string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return '_'
		}
		return r
	}, code)
}

// Digest gives the SHA-256 of a document in hexadecimal.
func Digest(document []byte) string {
	sum := sha256.Sum256(document)
	return hex.EncodeToString(sum[:])
}

// envelope is the file of a table in JSON: the document, the digests of its
// parts, and the seal. A draft has no seal.
type envelope struct {
	Document json.RawMessage `json:"document"`
	Errata   []wireSigned    `json:"errata,omitempty"`
	Parts    parts           `json:"parts,omitempty"`
	Seal     *Seal           `json:"seal"`
}

// Envelope writes the JSON file of a table: its canonical document and, for a
// sealed table, the seal and its errata. A nil seal writes a draft: `"seal":null`.
func Envelope(document []byte, seal *Seal, errata ...Erratum) ([]byte, error) {
	e := envelope{Document: noDocument, Seal: seal, Errata: signed(errata)}
	var err error
	if seal != nil {
		if e.Parts, err = partsOf(document); err != nil {
			return nil, err
		}
	}
	file, err := e.canonical()
	if err != nil {
		return nil, err
	}
	// The document is canonical already, and long: it is put in as it is.
	rest, found := bytes.CutPrefix(file, []byte(`{"document":{}`))
	if !found {
		return nil, fmt.Errorf("write table file: %w", ErrNotTable)
	}
	return slices.Concat([]byte(`{"document":`), document, rest), nil
}

// noDocument keeps the place of the document in its file.
var noDocument = json.RawMessage(`{}`)

func (e envelope) canonical() ([]byte, error) {
	plain, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("write table file: %w", err)
	}
	return jcs.Transform(plain)
}

// Document gives the canonical document out of a table's JSON file.
func Document(file []byte) ([]byte, error) {
	plain, err := jcs.Transform(file)
	if err != nil {
		return nil, fmt.Errorf("read table file: %w", err)
	}
	var e envelope
	if err := json.Unmarshal(plain, &e); err != nil || len(e.Document) == 0 {
		return nil, fmt.Errorf("read table file: %w", ErrNotTable)
	}
	return e.Document, nil
}
