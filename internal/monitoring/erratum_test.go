package monitoring

import (
	"bytes"
	"testing"
	"time"

	"jalon/internal/bilingual"
)

func TestErrataAreCheckedAndLeaveTheTableAsItWas(t *testing.T) {
	s, err := NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	newer, err := NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	document, seal, err := s.Seal(sample(), Sealing{Number: "DR-2026-H1-001", Version: 1, SealedAt: time.Date(2026, 9, 11, 7, 14, 0, 0, time.UTC), SealedBy: "Saar Specimen"})
	if err != nil {
		t.Fatal(err)
	}
	add := func(by Signer, number int, sha, text string) Erratum {
		e, err := by.SignErratum(Erratum{
			Table: Reference{Number: seal.Number, Version: 1, SHA256: sha}, Number: number, At: time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC),
			By: "Saar Specimen", Lang: bilingual.NL, Text: text, Reason: "tikfout",
		})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	one, two := add(s, 1, seal.SHA256, "Lees drie."), add(newer, 2, seal.SHA256, "Lees vier, e\u0301\u00e9n meer.")
	altered := one
	altered.Document = bytes.Replace(one.Document, []byte("drie"), []byte("tien"), 1)
	both := []PublicKey{s.Public(), newer.Public()}
	for name, c := range map[string]struct {
		errata []Erratum
		keys   []PublicKey
		want   Outcome
	}{
		"none":                         {nil, both, Intact},
		"two, of two keys":             {[]Erratum{one, two}, both, Intact},
		"without keys of the reader":   {[]Erratum{one, two}, nil, Intact},
		"a key that nobody gave":       {[]Erratum{one, two}, both[:1], UnknownKey},
		"other words":                  {[]Erratum{altered}, both, Altered},
		"the first left out":           {[]Erratum{two}, both, Altered},
		"twice the same":               {[]Erratum{one, one}, both, Altered},
		"of another table":             {[]Erratum{add(s, 1, Digest(nil), "x")}, both, Altered},
		"under the name of a new file": {[]Erratum{one, add(s, 3, seal.SHA256, "x")}, both, Altered},
	} {
		file, err := Envelope(document, &seal, c.errata...)
		if err != nil {
			t.Fatal(err)
		}
		v := Verify(file, c.keys)
		if v.Outcome != c.want || c.want == Intact && len(v.Errata) != len(c.errata) {
			t.Errorf("%s: %s %v, %d errata", name, v.Outcome, v.Changes, len(v.Errata))
		}
		if again, err := Document(file); err != nil || !bytes.Equal(again, document) {
			t.Errorf("%s: the sealed document changed (%v)", name, err)
		}
	}
}
