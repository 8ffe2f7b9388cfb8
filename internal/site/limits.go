package site

import (
	"net/netip"
	"sync"
	"time"
)

// limits slows down who tries too often. Each key has a bucket of attempts that
// fills again with time: nobody is shut out for ever, and waiting always helps.
// What is kept is lost at a restart, which is harmless.
type limits struct {
	now     func() time.Time
	mu      sync.Mutex
	buckets map[bucketKey]bucket
	trusted map[bucketKey]time.Time // account and address that signed in together
}

type bucketKey struct{ kind, who string }

type bucket struct {
	used float64 // attempts that have not grown back yet
	at   time.Time
}

// rate is how many attempts may come at once, and how long one takes to grow back.
type rate struct {
	burst int
	every time.Duration
}

// Rates by kind of attempt.
var rates = map[string]rate{
	"sign-in pair":    {5, 30 * time.Second},  // one account from one address
	"sign-in address": {30, 10 * time.Second}, // any account from one address, such as an office
	"sign-in account": {50, 20 * time.Second}, // one account from anywhere
	"code pair":       {5, 30 * time.Second},  // codes after the password, likewise
	"code address":    {30, 10 * time.Second},
	"code account":    {20, 5 * time.Minute},  // some 300 a day of a million: a code is not found by trying
	"code known":      {20, 5 * time.Minute},  // nor from where its owner signs in, such as the address of their office
	"link account":    {3, 10 * time.Minute},  // mails with a link to one account
	"link address":    {20, 30 * time.Second}, // asked for from one address
	"reset":           {20, 10 * time.Second}, // passwords chosen with a link, from one address
	"password":        {5, 30 * time.Second},  // the old password when changing it
	"export":          {30, 2 * time.Second},  // by one person
	"own data":        {3, 10 * time.Minute},  // by one person
	"upload":          {20, 10 * time.Second}, // by one person
	"import":          {20, 10 * time.Second}, // by one person
	"sign-on":         {60, 5 * time.Second},  // begun or finished at the provider, from one address, such as an office
	"notice":          {300, time.Second},     // of a logout, from one address, such as the provider
	"token":           {120, time.Second / 2}, // requests of one program
	"unknown token":   {20, 30 * time.Second}, // tokens tried from one address
	"feed":            {60, 10 * time.Second}, // from one address, such as an office with many calendars
}

// Bounds of what is remembered.
const (
	maxBuckets   = 20_000
	trustedDays  = 30 * 24 * time.Hour
	maxTrustings = 20_000
)

func newLimits(now func() time.Time) *limits {
	return &limits{now: now, buckets: map[bucketKey]bucket{}, trusted: map[bucketKey]time.Time{}}
}

// take uses one attempt, or tells how long to wait for one.
func (l *limits) take(kind, who string) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.takeLocked(bucketKey{kind, who})
}

func (l *limits) takeLocked(k bucketKey) time.Duration {
	r, now := rates[k.kind], l.now()
	b := l.buckets[k]
	b.used = b.left(r, now)
	b.at = now
	wait := time.Duration(max(0, b.used+1-float64(r.burst)) * float64(r.every))
	if wait == 0 {
		b.used++
	}
	if _, known := l.buckets[k]; !known && len(l.buckets) >= maxBuckets {
		l.sweep(now)
	}
	l.buckets[k] = b
	return wait
}

// left is how many attempts have not grown back. A clock that goes back gives nothing.
func (b bucket) left(r rate, now time.Time) float64 {
	grown := float64(max(0, now.Sub(b.at))) / float64(r.every)
	return max(0, b.used-grown)
}

// sweep makes room: it forgets the buckets that are full again, and some of the others when those were few.
func (l *limits) sweep(now time.Time) {
	for k, b := range l.buckets {
		if b.left(rates[k.kind], now) == 0 {
			delete(l.buckets, k)
		}
	}
	for k := range l.buckets {
		if len(l.buckets) <= maxBuckets*9/10 {
			return
		}
		delete(l.buckets, k)
	}
}

// attempt uses one attempt of an account from an address, before a password is
// hashed or a code compared. Where the account signed in before, the attempts that others make
// elsewhere do not count: nobody can keep an honest person out. Codes, of which
// there are few, are counted there too, apart.
func (l *limits) attempt(kind, account, address string) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	pair := account + " " + address
	keys := []bucketKey{{kind + " pair", pair}, {kind + " address", address}}
	if since, known := l.trusted[bucketKey{"", pair}]; !known || l.now().Sub(since) > trustedDays {
		keys = append(keys, bucketKey{kind + " account", account})
	} else if kind == "code" {
		keys = append(keys, bucketKey{"code known", pair})
	}
	for i, k := range keys {
		if wait = l.takeLocked(k); wait > 0 {
			for _, taken := range keys[:i] {
				l.giveBack(taken)
			}
			return wait
		}
	}
	return 0
}

// signedIn gives back what a successful sign-in used, and remembers the pair.
func (l *limits) signedIn(account, address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	pair := account + " " + address
	for _, kind := range []string{"sign-in", "code"} {
		delete(l.buckets, bucketKey{kind + " pair", pair})
		l.giveBack(bucketKey{kind + " address", address})
		l.giveBack(bucketKey{kind + " account", account})
	}
	l.giveBack(bucketKey{"code known", pair})
	for k := range l.trusted {
		if len(l.trusted) < maxTrustings {
			break
		}
		delete(l.trusted, k)
	}
	l.trusted[bucketKey{"", pair}] = l.now()
}

func (l *limits) giveBack(k bucketKey) {
	if b, known := l.buckets[k]; known {
		b.used = max(0, b.used-1)
		l.buckets[k] = b
	}
}

// addressOf gives the key of a client: an IPv6 line has a whole /64 to itself.
func addressOf(ip netip.Addr) string {
	if ip.Is6() && !ip.Is4In6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}
