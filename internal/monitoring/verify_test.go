package monitoring

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSealedFileIsIntact(t *testing.T) {
	s := newSigner(t)
	file, document, seal := sealed(t, s)
	v := Verify(file, nil)
	if v.Outcome != Intact || v.Trusted || len(v.Changes) != 0 {
		t.Errorf("without a key: %+v", v)
	}
	want := sample()
	number := sealing()
	want.Sealing = &number
	if diff := cmp.Diff(want, v.Table); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(seal, v.Seal); diff != "" {
		t.Errorf("seal (-want +got):\n%s", diff)
	}
	if v := Verify(file, []PublicKey{newSigner(t).Public(), s.Public()}); v.Outcome != Intact || !v.Trusted {
		t.Errorf("with the key among others: %s, trusted %v", v.Outcome, v.Trusted)
	}
	if !bytes.Contains(file, document) {
		t.Error("the document's bytes do not survive in the file")
	}
}

func TestLayoutOfTheFileDoesNotMatter(t *testing.T) {
	file, _, _ := sealed(t, newSigner(t))
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, file, "", "\t"); err != nil {
		t.Fatal(err)
	}
	if v := Verify(pretty.Bytes(), nil); v.Outcome != Intact {
		t.Errorf("indented file: %+v", v)
	}
}

func TestEveryFlippedByteIsFound(t *testing.T) {
	s := newSigner(t)
	file, _, _ := sealed(t, s)
	keys := []PublicKey{s.Public()}
	start := bytes.Index(file, []byte(`"seal":{`)) // from here on every byte, before it every fourth
	for i := 0; i < len(file); i++ {
		damaged := bytes.Clone(file)
		damaged[i] ^= []byte{0x01, 0x20, 0x80}[i%3]
		v := Verify(damaged, keys)
		if v.Outcome == Intact || v.Outcome == UnknownKey || (v.Outcome == Altered) != (len(v.Changes) > 0) {
			t.Fatalf("byte %d %q → %q: %s, changes %v", i, around(file, i), damaged[i], v.Outcome, v.Changes)
		}
		if i < start {
			i += 3 // and another bit each time
		}
	}
}

func around(b []byte, i int) []byte { return b[max(0, i-10):min(len(b), i+10)] }

func TestWhatWasAlteredIsNamed(t *testing.T) {
	s := newSigner(t)
	file, _, seal := sealed(t, s)
	row := func(code, field string) Change { return Change{Kind: Edited, Row: mustCode(code), Field: field} }
	for _, c := range []struct {
		name, old, now string
		want           Change
	}{
		{"narrative", "twee bijsturingen", "tien bijsturingen", row("S1.1-1", "now/entry/achieved")},
		{"percentage", `"7.9"`, `"9.7"`, row("S1.1-1", "now/entry/percentage")},
		{"status of silence", `"now":{"status":"not_reported"}`, `"now":{"status":"on_track"}`, row("T4.7-1", "now/status")},
		{"wording", "regelmatig", "soms", row("S1.1-1", "target/nl/words")},
		{"wording in French", "régulièrement", "rarement", row("S1.1-1", "target/fr/words")},
		{"standing of a translation", `{"state":"working","words":"Transmettre"}`, `{"state":"translated","words":"Transmettre"}`, row("T4.7-1", "target/fr/state")},
		{"missed duty", `"due":"2026-06-30","from"`, `"due":"2026-07-30","from"`, row("T4.7-1", "missed/0/due")},
		{"missed duty left out", `"missed":[{"due":"2026-06-30","from":"2026-01-01","reason":"continuous"}],`, "", Change{Kind: Removed, Row: mustCode("T4.7-1"), Field: "missed"}},
		{"trend", `"trend":"down"`, `"trend":"up"`, row("T4.7-1", "trend")},
		{"code", `"code":"T4.7-1"`, `"code":"T4.8-1"`, Change{Kind: Removed, Row: mustCode("T4.7-1")}},
		{"code of a row that nobody sealed", `"code":"T4.7-1"`, `"code":"T4.8-1"`, Change{Kind: Added, Row: mustCode("T4.8-1")}},
		{"holder", "Dominique Voorbeeld\"},\"inst", "Iemand Anders\"},\"inst", Change{Kind: Edited, Field: "holder/name"}},
		{"number", `"number":"DR-2026-H1-001"`, `"number":"DR-2026-H1-002"`, Change{Kind: Edited, Field: "sealing/number"}},
		{"hash", seal.SHA256, strings.Repeat("0", 64), Change{Kind: Edited, Field: "sha256"}},
		{"key id", `"key_id":"` + seal.KeyID, `"key_id":"0000000000000000`, Change{Kind: Edited, Field: "key_id"}},
		{"trusted comment", "2026-H1 v1 2026-09-11", "2026-H1 v1 2026-06-30", Change{Kind: Edited, Field: "signature"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			damaged := strings.Replace(string(file), c.old, c.now, 1)
			if damaged == string(file) {
				t.Fatalf("%q is not in the file", c.old)
			}
			for _, keys := range [][]PublicKey{nil, {s.Public()}} {
				v := Verify([]byte(damaged), keys)
				if v.Outcome != Altered || !contains(v.Changes, c.want) {
					t.Errorf("got %s %v, want altered %v", v.Outcome, v.Changes, c.want)
				}
				if c.want.Field != "" && c.want.Row.Objective > 0 && (!v.Located || len(v.Changes) != 1) {
					t.Errorf("not one located change: %+v", v.Changes)
				}
			}
		})
	}
}

func contains(list []Change, c Change) bool {
	for _, x := range list {
		if x == c {
			return true
		}
	}
	return false
}

func TestSwappedRowsAreFound(t *testing.T) {
	s := newSigner(t)
	_, _, seal := sealed(t, s)
	table, number := sample(), sealing()
	table.Sealing = &number
	table.Rows[0], table.Rows[1] = table.Rows[1], table.Rows[0]
	document, _ := table.Canonical()
	file, _ := Envelope(document, &seal)
	if v := Verify(file, nil); v.Outcome != Altered {
		t.Errorf("%+v", v)
	}
}

// Whoever alters a value and makes the list of parts and the hash fit again
// is still found, only the place is no longer certain.
func TestForgedPartsAreFound(t *testing.T) {
	s := newSigner(t)
	_, _, seal := sealed(t, s)
	table, number := sample(), sealing()
	table.Sealing = &number
	table.Rows[1].Now.Status = "achieved"
	document, _ := table.Canonical()
	seal.SHA256 = Digest(document)
	file, _ := Envelope(document, &seal)
	v := Verify(file, nil)
	if v.Outcome != Altered || v.Located || !contains(v.Changes, Change{Kind: Edited, Field: "parts"}) {
		t.Errorf("%+v", v)
	}
}

func TestSealOfAnotherTableDoesNotFit(t *testing.T) {
	s := newSigner(t)
	_, document, _ := sealed(t, s)
	other := sample()
	other.Rows[0].Now.Entry.Achieved = "iets anders"
	_, seal, err := s.Seal(other, sealing())
	if err != nil {
		t.Fatal(err)
	}
	file, _ := Envelope(document, &seal)
	if v := Verify(file, []PublicKey{s.Public()}); v.Outcome != Altered {
		t.Errorf("%+v", v)
	}
}

func TestAnotherKeyIsNotTrusted(t *testing.T) {
	office, forger := newSigner(t), newSigner(t)
	forged, _, _ := sealed(t, forger)
	if v := Verify(forged, []PublicKey{office.Public()}); v.Outcome != UnknownKey || v.Trusted {
		t.Errorf("signed by another key: %s, trusted %v", v.Outcome, v.Trusted)
	}
	if v := Verify(forged, nil); v.Outcome != Intact || v.Trusted {
		t.Errorf("without a key it only agrees with itself: %s, trusted %v", v.Outcome, v.Trusted)
	}
	genuine, _, seal := sealed(t, office)
	swapped := strings.ReplaceAll(string(genuine), seal.PublicKey, forger.Public().String())
	for _, keys := range [][]PublicKey{nil, {office.Public()}} {
		if v := Verify([]byte(swapped), keys); v.Outcome != Altered || !contains(v.Changes, Change{Kind: Edited, Field: "public_key"}) {
			t.Errorf("another key put into the file: %+v", v)
		}
	}
}

func TestWhatIsNoSealedTable(t *testing.T) {
	draft, _ := sample().Canonical()
	unsealed, err := Envelope(draft, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{
		"nothing": "", "text": "hallo", "JSON": `{"a":[1,2]}`, "a list": `[]`, "null": "null",
		"a seal without a table": `{"document":{"x":1},"seal":{"signature":"x"}}`,
		"a draft":                string(unsealed),
		"deep nesting":           strings.Repeat("[", 100000),
	} {
		if v := Verify([]byte(file), nil); v.Outcome != NotSealed {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

func TestAddedMembersAreFound(t *testing.T) {
	file, _, _ := sealed(t, newSigner(t))
	for _, added := range []string{
		strings.Replace(string(file), `{"document":`, `{"approved":true,"document":`, 1),
		strings.Replace(string(file), `"key_id":`, `"checked":"yes","key_id":`, 1),
		strings.Replace(string(file), `{"document":{`, `{"document":{"approved":true,`, 1),
		strings.Replace(string(file), `"as_of":`, `"as_of":"2020-01-01","as_of":`, 1),
	} {
		if v := Verify([]byte(added), nil); v.Outcome != Altered {
			t.Errorf("%.60s…: %s", added, v.Outcome)
		}
	}
}

func FuzzVerify(f *testing.F) {
	s := newSigner(f)
	file, document, seal := sealed(f, s)
	f.Add(file)
	f.Add(document)
	f.Fuzz(func(t *testing.T, file []byte) {
		v := Verify(file, []PublicKey{s.Public()})
		if v.Outcome == Intact && v.Seal.SHA256 != seal.SHA256 {
			t.Error("a table that was never sealed passes for intact")
		}
	})
}

func ExampleVerify() {
	signer, _ := NewSigner()
	document, seal, _ := signer.Seal(sample(), sealing())
	file, _ := Envelope(document, &seal)
	fmt.Println(Verify(file, []PublicKey{signer.Public()}).Outcome)
	file = bytes.Replace(file, []byte("twee bijsturingen"), []byte("tien bijsturingen"), 1)
	v := Verify(file, []PublicKey{signer.Public()})
	fmt.Println(v.Outcome, v.Changes[0].Row, v.Changes[0].Field)
	// Output:
	// intact
	// altered S1.1-1 now/entry/achieved
}
