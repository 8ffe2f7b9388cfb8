package monitoring

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"aead.dev/minisign"

	"jalon/internal/bilingual"
	"jalon/internal/mandate"
)

// ErratumSchema names the form of a signed erratum.
const ErratumSchema = "jalon/erratum/1"

// Erratum corrects a sealed table in words. The table stays as it was sealed;
// errata stand below it, each with a number and a signature of its own.
type Erratum struct {
	Table  Reference // the sealed table
	Number int       // 1 for the first of the table
	At     time.Time
	By     string
	Code   mandate.Code // the target that it is about; zero for the table as a whole
	Lang   bilingual.Lang
	Text   string
	Reason string

	Document  []byte // canonical, what was signed
	Signature string // the text of a minisign signature file
	KeyID     string
	PublicKey string
}

type wireErratum struct {
	Schema string         `json:"schema"`
	Table  wireReference  `json:"table"`
	Number int            `json:"number"`
	At     string         `json:"at"`
	By     string         `json:"by"`
	Code   string         `json:"code,omitempty"`
	Lang   bilingual.Lang `json:"lang"`
	Text   string         `json:"text"`
	Reason string         `json:"reason"`
}

// wireSigned is an erratum in the file of a table.
type wireSigned struct {
	Document  json.RawMessage `json:"document"`
	Signature string          `json:"signature"`
	KeyID     string          `json:"key_id"`
	PublicKey string          `json:"public_key"`
}

// SignErratum gives the erratum with its canonical document and signature.
func (s Signer) SignErratum(e Erratum) (Erratum, error) {
	w := wireErratum{ErratumSchema, wireReference(e.Table), e.Number, instant(e.At), e.By, "", e.Lang, e.Text, e.Reason}
	if e.Code != (mandate.Code{}) {
		w.Code = e.Code.String()
	}
	var err error
	if e.Document, err = canonical(w); err != nil {
		return e, fmt.Errorf("sign erratum %d of %s: %w", e.Number, e.Table.Number, err)
	}
	e.Signature = s.SignText("erratum", e.Document, fmt.Sprintf("jalon erratum %s v%d %d", word(e.Table.Number), e.Table.Version, e.Number))
	e.KeyID, e.PublicKey = s.KeyID(), s.Public().String()
	return ParseErratum(e.Document, e.Signature, e.KeyID, e.PublicKey)
}

// ParseErratum reads an erratum from its document. The signature is not checked.
func ParseErratum(document []byte, signature, keyID, publicKey string) (Erratum, error) {
	var w wireErratum
	if err := json.Unmarshal(document, &w); err != nil || w.Schema != ErratumSchema {
		return Erratum{}, fmt.Errorf("read erratum of schema %q: %w", w.Schema, ErrNotTable)
	}
	at, badTime := parseInstant(w.At)
	var code mandate.Code
	var badCode error
	if w.Code != "" {
		code, badCode = mandate.ParseCode(w.Code)
	}
	return Erratum{
		Table: Reference(w.Table), Number: w.Number, At: at, By: w.By, Code: code, Lang: w.Lang, Text: w.Text, Reason: w.Reason,
		Document: document, Signature: signature, KeyID: keyID, PublicKey: publicKey,
	}, errors.Join(badTime, badCode)
}

func signed(list []Erratum) (w []wireSigned) {
	for _, e := range list {
		w = append(w, wireSigned{e.Document, e.Signature, e.KeyID, e.PublicKey})
	}
	return w
}

// checkErrata checks the errata of a file after its table. They must be of that
// table and follow each other from the first; one that was left out at the end
// is not missed: a newer file has more.
func (v *Verdict) checkErrata(list []wireSigned, keys []PublicKey) {
	all := true // trusted
	for i, w := range list {
		field := fmt.Sprintf("erratum %d", i+1)
		e, err := ParseErratum(w.Document, w.Signature, w.KeyID, w.PublicKey)
		var signature minisign.Signature
		if err != nil || signature.UnmarshalText([]byte(w.Signature)) != nil {
			v.Changes = append(v.Changes, edited(field))
			continue
		}
		key, known, ok := chooseKey(signature.KeyID, w.PublicKey, keys)
		if !ok || w.KeyID != KeyID(key) || e.Number != i+1 || e.Table.SHA256 != v.Seal.SHA256 ||
			signature.String() != w.Signature || signature.UntrustedComment != untrusted("erratum", w.KeyID) || !SignatureFits(key, e.Document, w.Signature) {
			v.Changes = append(v.Changes, edited(field))
			continue
		}
		all = all && known
		v.Errata = append(v.Errata, e)
	}
	switch {
	case len(v.Changes) > 0:
		v.Outcome, v.Trusted = Altered, false
	case v.Outcome == Intact && len(keys) > 0 && !all:
		v.Outcome, v.Trusted = UnknownKey, false
	}
}
