package job

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"flag"
	"math/big"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/store"
)

var update = flag.Bool("update", false, "write the golden files anew")

var from = sender{SMTP{From: mail.Address{Name: "Jalon", Address: "jalon@jalon.example"}}}

var samples = []notice{
	{Recipient: store.Recipient{PersonID: 17}, Kind: store.KindDigest, Key: "2026-11-24", Late: 1, Now: 2, Soon: 4},
	{Recipient: store.Recipient{PersonID: 9}, Kind: store.KindEscalation, Key: "2026-H1", Period: calendar.HalfYear{Year: 2026, Half: 1}, Codes: []string{"ACTIRIS-A4", "ELDERS-A4"}},
	{Recipient: store.Recipient{PersonID: 18}, Kind: store.KindDelegationEnd, Key: "5.2026-12-01", Codes: []string{"ACTIRIS-A4"}, Until: calendar.MustDate(2026, 12, 1)},
	{Recipient: store.Recipient{PersonID: 17}, Kind: store.KindDelegationEnd, Key: "6.2026-12-01", Codes: []string{"ACTIRIS-A4"}, Until: calendar.MustDate(2026, 12, 1), Granted: true},
	{Recipient: store.Recipient{PersonID: 1}, Kind: store.KindStorm, Key: "2026-11-24", Mails: 500, Usual: 100},
	{Recipient: store.Recipient{PersonID: 17}, Kind: store.KindPasswordLink, Key: "4711"},
	{Recipient: store.Recipient{PersonID: 17}, Kind: store.KindDigest, Key: "2026-11-25", Measures: []measureDue{
		{"ACTIRIS-A4", "S1-1", calendar.MustDate(2026, 11, 20), true}, {"ACTIRIS-A4", "S1-1", calendar.MustDate(2026, 12, 10), false},
	}},
}

// sample is a digest in a language.
func sample(t testing.TB, lang bilingual.Lang) store.Mail {
	t.Helper()
	return written(t, samples[0].in(lang))
}

func written(t testing.TB, n notice) store.Mail {
	t.Helper()
	w, err := newWriter(catalogues, "https://jalon.example")
	if err != nil {
		t.Fatal(err)
	}
	m, err := w.write(n)
	if err != nil {
		t.Fatal(err)
	}
	m.Email = "dirk.voorbeeld@jalon.example"
	return m
}

// What goes over the line, byte for byte.
func TestMailsByteForByte(t *testing.T) {
	for _, lang := range bilingual.Langs {
		for i, n := range samples {
			m := written(t, n.in(lang))
			msg, err := from.message(m, morning)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if _, err := msg.WriteTo(&got); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", n.Kind+[]string{"", "", "", "_granted", "", "", "_measures"}[i]+"."+string(lang)+".eml")
			if *update {
				if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		}
	}
}

// A mail holds counts and links to our own pages, and every sentence exists.
func TestMailsHoldCountsAndLinksOnly(t *testing.T) {
	address := regexp.MustCompile(`https?://[^\s"<]+`)
	for _, lang := range bilingual.Langs {
		for _, n := range samples {
			m := written(t, n.in(lang))
			for _, body := range []string{m.Text, m.HTML} {
				for _, url := range address.FindAllString(body, -1) {
					if !strings.HasPrefix(url, "https://jalon.example/"+string(lang)+"/") {
						t.Errorf("%s links to %s", n.Kind, url)
					}
				}
				if strings.Contains(body, "⟨") || strings.Contains(body, "<no value>") || strings.Contains(body, "ZgotmplZ") {
					t.Errorf("%s: a sentence is missing:\n%s", n.Kind, body)
				}
			}
			if m.UnsubscribeURL != "https://jalon.example/"+string(lang)+"/preferences" {
				t.Errorf("unsubscribe at %s", m.UnsubscribeURL)
			}
		}
	}
}

func TestNothingBreaksAHeader(t *testing.T) {
	good := sample(t, "nl")
	for name, change := range map[string]func(*store.Mail){
		"recipient with a header":   func(m *store.Mail) { m.Email = "a@b.be\r\nBcc: x@y.z" },
		"two recipients":            func(m *store.Mail) { m.Email = "a@b.be, x@y.z" },
		"recipient with a name":     func(m *store.Mail) { m.Email = "X <x@y.z>" },
		"no recipient":              func(m *store.Mail) { m.Email = "" },
		"subject with a header":     func(m *store.Mail) { m.Subject = "Jalon\r\nBcc: x@y.z" },
		"subject with a line feed":  func(m *store.Mail) { m.Subject = "Jalon\nBcc: x@y.z" },
		"Message-ID with a header":  func(m *store.Mail) { m.MessageID = "a@b\r\nBcc: x@y.z" },
		"unsubscribe with a header": func(m *store.Mail) { m.UnsubscribeURL = "https://a/\r\nBcc: x@y.z" },
		"subject with a NUL":        func(m *store.Mail) { m.Subject = "Jalon\x00" },
	} {
		m := good
		change(&m)
		msg, err := from.message(m, morning)
		if err == nil {
			var raw bytes.Buffer
			_, _ = msg.WriteTo(&raw)
			t.Errorf("%s: accepted:\n%s", name, raw.String())
		}
	}
	// what was composed by an attacker of the catalogue or of a code does not get so far
	w, err := newWriter(catalogues, "https://jalon.example")
	if err != nil {
		t.Fatal(err)
	}
	hostile := samples[1].in(bilingual.NL)
	hostile.Codes = []string{`"><script>alert(1)</script>`, "../../login?return=//evil.example"}
	m, err := w.write(hostile)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(m.HTML, "<script>") || strings.Contains(m.HTML, "/nl/login") {
		t.Errorf("a code breaks out:\n%s", m.HTML)
	}
}

func TestLinksComeFromTheConfiguredAddressAlone(t *testing.T) {
	for _, bad := range []string{"", "jalon.example", "https://", ":", "/nl"} {
		if _, err := newWriter(catalogues, bad); err == nil {
			t.Errorf("%q is taken for an address", bad)
		}
	}
	for base, want := range map[string]string{"https://jalon.example/": "https://jalon.example/nl/due", "http://[::1]:8080": "http://[::1]:8080/nl/due"} {
		w, err := newWriter(catalogues, base)
		if err != nil {
			t.Fatal(err)
		}
		m, err := w.write(samples[0].in(bilingual.NL))
		if err != nil || !strings.Contains(m.Text, want+"\n") {
			t.Errorf("%s: %v\n%s", base, err, m.Text)
		}
		if !regexp.MustCompile(`^[A-Za-z0-9._-]+@[A-Za-z0-9._-]+$`).MatchString(m.MessageID) {
			t.Errorf("Message-ID %s", m.MessageID)
		}
	}
}

// certificate makes one for 127.0.0.1 that signs itself.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	raw, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{raw}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}, pool
}
