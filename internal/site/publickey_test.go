package site

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"jalon/internal/calendar"
	"jalon/internal/monitoring"
	"jalon/internal/report"
	"jalon/internal/store"
)

// sealed seals a half-year of the letter and gives its file.
func (o *office) sealed(period string) []byte {
	o.t.Helper()
	path := "/nl/mandates/LETTER/monitoring/" + period
	form := url.Values{"idempotency_key": {uuid.NewString()}, "confirm": {"yes"}}
	wantCode(o.t, "seal "+period, o.as("secretary").post(path+"/seal", form), http.StatusSeeOther)
	file := o.as("secretary").get(path + ".json")
	wantCode(o.t, "file of "+period, file, http.StatusOK)
	return file.Body.Bytes()
}

// published asks for the keys as somebody whom nobody knows.
func (o *office) published() (text string, keys []monitoring.PublicKey) {
	o.t.Helper()
	w := httptest.NewRecorder()
	o.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "https://jalon.example/public-key", nil))
	wantCode(o.t, "public key", w, http.StatusOK)
	keys, err := monitoring.ParsePublicKeys(w.Body.String())
	if err != nil {
		o.t.Fatal(err)
	}
	return w.Body.String(), keys
}

func TestWhatAFormerKeySealedStaysVerifiable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seal.key")
	key := func() monitoring.Signer {
		s, err := monitoring.LoadOrCreateSigner(path)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	o := withLetter(t)
	a := key()
	o.Signer = a
	alone, _ := a.Public().MarshalText()
	if text, _ := o.published(); text != string(alone)+"\n" {
		t.Errorf("before anything was sealed: %q", text)
	}
	first := o.sealed("2026-H1")
	if days, _, err := o.Store.SignTrail(store.AsSystem(context.Background()), a, calendar.DateOf(o.clock()).AddDays(1000), o.clock()); err != nil || len(days) == 0 {
		t.Fatalf("signed %v, %v", days, err)
	}
	if text, _ := o.published(); text != string(alone)+"\n" {
		t.Errorf("of one key that was used: %q", text)
	}

	// the old key goes elsewhere, and Jalon starts anew
	if err := os.Rename(path, filepath.Join(t.TempDir(), "seal.key")); err != nil {
		t.Fatal(err)
	}
	b := key()
	options := o.Options
	options.Signer = b
	again, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	o.Site = again
	second := o.sealed("2026-H2")

	text, keys := o.published()
	if len(keys) != 2 || keys[0].String() != b.Public().String() || keys[1].String() != a.Public().String() {
		t.Errorf("published %v", keys)
	}
	present, _ := b.Public().MarshalText()
	if !strings.HasPrefix(text, string(present)+"\n\n") || !strings.Contains(text, a.KeyID()+", former key, used from 2026-11-24 to 2026-11-24\n") {
		t.Errorf("published:\n%s", text)
	}
	for _, c := range []struct {
		name    string
		file    []byte
		keys    []monitoring.PublicKey
		want    monitoring.Outcome
		trusted bool
	}{
		{"the first, no key given", first, nil, monitoring.Intact, false},
		{"the second, no key given", second, nil, monitoring.Intact, false},
		{"the first, published keys", first, keys, monitoring.Intact, true},
		{"the second, published keys", second, keys, monitoring.Intact, true},
		{"the first, its key", first, []monitoring.PublicKey{a.Public()}, monitoring.Intact, true},
		{"the first, the other key", first, []monitoring.PublicKey{b.Public()}, monitoring.UnknownKey, false},
		{"the second, the other key", second, []monitoring.PublicKey{a.Public()}, monitoring.UnknownKey, false},
	} {
		if v := report.Verify(c.file, c.keys, catalogues()); v.Outcome != c.want || v.Trusted != c.trusted {
			t.Errorf("%s: %s, trusted %t", c.name, v.Outcome, v.Trusted)
		}
	}
	if report, err := o.Store.CheckTrail(store.AsSystem(context.Background()), calendar.Date{}, calendar.Date{}); err != nil || !report.Intact() {
		t.Errorf("the days that the first key signed: %+v, %v", report, err)
	}
}
