package monitoring

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"aead.dev/minisign"
	"github.com/gowebpki/jcs"
)

// Outcome is the answer of a check.
type Outcome string

// Outcomes.
const (
	Intact     Outcome = "intact"
	Altered    Outcome = "altered"
	UnknownKey Outcome = "unknown_key" // consistent, but not signed by one of the given keys
	NotSealed  Outcome = "not_sealed"  // no sealed table at all
)

// Verdict says whether a file is as it was sealed.
type Verdict struct {
	Outcome Outcome
	Table   Table       // as found in the file; zero when it could not be read
	Round   *RoundTable // instead, of the file of a whole body
	Seal    Seal
	// Trusted tells that a key given by the reader signed the table. Without
	// it, an intact file only agrees with the key that it carries itself.
	Trusted bool
	Errata  []Erratum // those whose signature fits
	Changes []Change  // for Altered: what is not as sealed, at least one
	// Located tells that Changes comes from a list that the signature covers.
	// Otherwise the list may have been altered together with the document.
	Located bool
}

// One of the markers stands in every table file, also in one that is damaged.
var markers = [][]byte{[]byte("jalon/monitoring/"), []byte("jalon/round/")}

func marked(text []byte) bool {
	return slices.ContainsFunc(markers, func(m []byte) bool { return bytes.Contains(text, m) })
}

// Verify checks a JSON table file, of a mandate or of a whole body, against keys that the reader trusts; without
// keys, against the public key in the file. Layout of the JSON does not matter.
func Verify(file []byte, keys []PublicKey) Verdict {
	var e envelope
	document, err := jcs.Transform(file) // also refuses double members
	if err == nil {
		err = json.Unmarshal(document, &e)
	}
	if err != nil {
		if marked(file) {
			return altered("file")
		}
		return Verdict{Outcome: NotSealed}
	}
	if e.Seal == nil || len(e.Document) == 0 {
		return Verdict{Outcome: NotSealed}
	}
	if !marked(e.Document) {
		if strings.Contains(e.Seal.Signature, "jalon ") {
			return altered("schema")
		}
		return Verdict{Outcome: NotSealed}
	}
	if again, err := e.canonical(); err != nil || !bytes.Equal(again, document) {
		return altered("file") // a member that a table file does not have
	}
	v := check(e, keys)
	v.checkErrata(e.Errata, keys)
	return v
}

func edited(field string) Change { return Change{Kind: Edited, Field: field} }

func altered(field string) Verdict {
	return Verdict{Outcome: Altered, Changes: []Change{edited(field)}}
}

// check compares a document, in canonical form, with its seal.
func check(e envelope, keys []PublicKey) Verdict {
	v := Verdict{Outcome: Altered, Seal: *e.Seal}
	what, sealing := v.read(e.Document)
	if sealing != nil {
		v.Seal.Sealing = *sealing
	}
	var signature minisign.Signature
	if err := signature.UnmarshalText([]byte(e.Seal.Signature)); err != nil || signature.String() != e.Seal.Signature ||
		signature.UntrustedComment != untrusted(what, e.Seal.KeyID) {
		v.Changes = append(v.Changes, edited("signature")) // also what no signature covers stays as it was
	}
	key, known, ok := chooseKey(signature.KeyID, e.Seal.PublicKey, keys)
	if !ok {
		v.Changes = append(v.Changes, edited("public_key"))
	}
	if e.Seal.KeyID != KeyID(key) {
		v.Changes = append(v.Changes, edited("key_id"))
	}
	if minisign.Verify(key, e.Document, []byte(e.Seal.Signature)) {
		if e.Seal.SHA256 != Digest(e.Document) {
			v.Changes = append(v.Changes, edited("sha256"))
		}
		if list, err := partsOf(e.Document); err != nil || len(changes(list, e.Parts)) > 0 {
			v.Changes = append(v.Changes, edited("parts"))
		}
	} else {
		found, located := locate(e, key, signature)
		v.Changes, v.Located = append(v.Changes, found...), located
	}
	v.Changes = withoutDoubles(v.Changes)
	switch {
	case len(v.Changes) > 0:
	case len(keys) > 0 && !known:
		v.Outcome = UnknownKey
	default:
		v.Outcome, v.Trusted = Intact, known
	}
	return v
}

// read takes the table out of a document, and gives what its signature must say that it is of.
func (v *Verdict) read(document []byte) (what string, sealing *Sealing) {
	if t, err := ParseRound(document); err == nil {
		v.Round = &t
		return whatRound, t.Sealing
	}
	if t, err := Parse(document); err == nil {
		v.Table = t
		return whatTable, t.Sealing
	}
	return whatTable, nil
}

// chooseKey gives the reader's key with the signature's identifier, known; else
// the key in the file. It is not ok when the file carries no such key.
func chooseKey(id uint64, inFile string, keys []PublicKey) (key PublicKey, known, ok bool) {
	carried, err := ParsePublicKey(inFile)
	for _, k := range keys {
		if k.ID() == id {
			return k, true, err == nil && k.String() == inFile
		}
	}
	return carried, false, err == nil && carried.ID() == id && carried.String() == inFile
}

// locate names what was altered in a document whose signature does not fit.
// With a signature that is itself damaged, the printed hash and the list of
// parts still tell where an honest mistake is.
func locate(e envelope, key PublicKey, signature minisign.Signature) (list []Change, located bool) {
	holds := commentHolds(key, signature)
	if !holds {
		list = append(list, edited("signature"))
	}
	found, err := partsOf(e.Document)
	if err != nil {
		return append(list, edited("document")), false
	}
	located = holds && strings.HasSuffix(signature.TrustedComment, " parts:"+e.Parts.digest())
	if holds && !located {
		list = append(list, edited("parts"))
	}
	differ := changes(e.Parts, found)
	if len(differ) == 0 && (holds || e.Seal.SHA256 != Digest(e.Document)) {
		differ = []Change{edited("document")}
	}
	return append(list, differ...), located
}

// commentHolds checks the second signature of the minisign form, over the
// first one and the trusted comment. It needs no document.
func commentHolds(key PublicKey, s minisign.Signature) bool {
	raw, err := base64.StdEncoding.DecodeString(key.String())
	if err != nil || s.KeyID != key.ID() {
		return false
	}
	message := append(s.Signature[:], s.TrustedComment...)
	return ed25519.Verify(raw[len(raw)-ed25519.PublicKeySize:], message, s.CommentSignature[:])
}

func withoutDoubles(list []Change) (out []Change) {
	seen := map[Change]bool{}
	for _, c := range list {
		if !seen[c] {
			seen[c] = true
			out = append(out, c)
		}
	}
	return out
}
