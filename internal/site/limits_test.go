package site

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestNobodyIsShutOutForEver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := noon
		l := newLimits(func() time.Time { return now })
		for range rapid.IntRange(0, 300).Draw(t, "attempts") {
			wait := l.attempt("sign-in", "a", rapid.SampledFrom([]string{"x", "y", "z"}).Draw(t, "address"))
			if wait < 0 || wait > time.Minute {
				t.Fatalf("wait %v", wait)
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "seconds")) * time.Second)
		}
		if wait := l.attempt("sign-in", "a", "x"); wait > 0 {
			now = now.Add(wait)
			if again := l.attempt("sign-in", "a", "x"); again > time.Minute {
				t.Fatalf("waited %v as told, and must wait %v more", wait, again)
			}
		}
		now = now.Add(time.Hour)
		if wait := l.attempt("sign-in", "a", "x"); wait != 0 {
			t.Fatalf("an hour later: wait %v", wait)
		}
	})
}

func TestKnownAddressIsNotSlowedDownByOthers(t *testing.T) {
	now := noon
	l := newLimits(func() time.Time { return now })
	l.signedIn("director", "office")
	for i := range 1000 {
		l.attempt("sign-in", "director", fmt.Sprint("attacker", i))
	}
	if wait := l.attempt("sign-in", "director", "office"); wait != 0 {
		t.Errorf("at the office: wait %v", wait)
	}
	if wait := l.attempt("sign-in", "director", "hotel"); wait == 0 {
		t.Error("an account that a thousand addresses try is not slowed down")
	}
	now = now.Add(40 * 24 * time.Hour)
	if wait := l.attempt("sign-in", "director", "hotel"); wait != 0 {
		t.Errorf("later: wait %v", wait)
	}
}

// Who shares the address of somebody, such as that of their office, and knows
// their password does not find their code by trying for a month.
func TestCodesAreNotFoundByTryingWhereTheirOwnerSignsIn(t *testing.T) {
	now := noon
	l := newLimits(func() time.Time { return now })
	l.signedIn("director", "office")
	tried := 0
	for end := now.Add(24 * time.Hour); now.Before(end); now = now.Add(10 * time.Second) {
		if l.attempt("code", "director", "office") == 0 {
			tried++
		}
	}
	if tried > 350 {
		t.Errorf("%d codes were tried in a day", tried)
	}
	now = now.Add(2 * time.Hour)
	for range 100 { // their owner does not notice
		if wait := l.attempt("code", "director", "office"); wait > 0 {
			t.Fatalf("a right code must wait %v", wait)
		}
		l.signedIn("director", "office")
	}
}

func TestLimitsRememberABoundedNumber(t *testing.T) {
	l := newLimits(func() time.Time { return noon })
	for i := range maxBuckets + 5000 {
		l.take("export", fmt.Sprint(i))
		l.signedIn("a", fmt.Sprint(i))
	}
	if len(l.buckets) > maxBuckets || len(l.trusted) > maxTrustings {
		t.Errorf("%d buckets, %d pairs", len(l.buckets), len(l.trusted))
	}
}

func TestBucketsRefillAsTheirRateSays(t *testing.T) {
	for kind, r := range rates {
		now := noon
		l := newLimits(func() time.Time { return now })
		for range r.burst {
			if wait := l.take(kind, "x"); wait != 0 {
				t.Fatalf("%s: wait %v within the burst", kind, wait)
			}
		}
		if wait := l.take(kind, "x"); wait != r.every {
			t.Errorf("%s: wait %v, want %v", kind, wait, r.every)
		}
		now = now.Add(-time.Hour) // a clock that goes back gives nothing
		if wait := l.take(kind, "x"); wait == 0 {
			t.Errorf("%s: a clock going back refills", kind)
		}
		now = now.Add(r.every)
		if wait := l.take(kind, "x"); wait != 0 {
			t.Errorf("%s: wait %v after the time told", kind, wait)
		}
	}
}

func TestAddressKeys(t *testing.T) {
	for ip, want := range map[string]string{"192.0.2.1": "192.0.2.1", "2001:db8::1": "2001:db8::/64", "::ffff:192.0.2.1": "::ffff:192.0.2.1"} {
		if got := addressOf(netip.MustParseAddr(ip)); got != want {
			t.Errorf("%s: %s, want %s", ip, got, want)
		}
	}
}
