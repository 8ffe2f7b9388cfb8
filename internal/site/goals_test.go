package site

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"jalon/internal/store"
)

// goal is one line of what make bench prints at the end.
type goal struct {
	name, want, measured string
	met                  bool
}

// goals collects the lines of a run.
type goals struct {
	b   *testing.B
	all []goal
}

// add tells of a goal at once: a run takes minutes.
func (g *goals) add(name, want, measured string, met bool) {
	one := goal{name, want, measured, met}
	g.all = append(g.all, one)
	fmt.Println(one)
	if !met {
		g.b.Fail()
	}
}

func (g goal) String() string {
	verdict := "PASS"
	if !g.met {
		verdict = "FAIL"
	}
	return fmt.Sprintf("%-50s %-26s %-46s %s", g.name, g.want, g.measured, verdict)
}

// print says what was missed.
func (g *goals) print() {
	missed := slices.DeleteFunc(slices.Clone(g.all), func(one goal) bool { return one.met })
	fmt.Printf("\n%d of %d goals met\n", len(g.all)-len(missed), len(g.all))
	for _, one := range missed {
		fmt.Println(one)
	}
}

// benchYears is how many years of entries the large data set has: ten make
// some 384,000 entries of 500 mandates, which takes minutes to store.
func benchYears(b *testing.B) int {
	b.Helper()
	years, err := strconv.Atoi(os.Getenv("JALON_BENCH_YEARS"))
	if os.Getenv("JALON_BENCH_YEARS") == "" {
		return 10
	}
	if err != nil || years < 2 {
		b.Fatal("JALON_BENCH_YEARS takes a number from 2")
	}
	return years
}

// benchMandates is how many mandates the data set has.
func benchMandates(b *testing.B) int {
	b.Helper()
	if os.Getenv("JALON_BENCH_MANDATES") == "" {
		return 500
	}
	n, err := strconv.Atoi(os.Getenv("JALON_BENCH_MANDATES"))
	if err != nil || n < 12 {
		b.Fatal("JALON_BENCH_MANDATES takes a number from 12")
	}
	return n
}

// header gives the headers of a page as a browser asks for it, and its bytes over the wire.
func (l *limit) header(b *testing.B, path string, more http.Header) (http.Header, int, int) {
	b.Helper()
	r, err := http.NewRequest(http.MethodGet, l.own.URL+path, nil)
	if err != nil {
		b.Fatal(err)
	}
	for name, values := range more {
		r.Header[name] = values
	}
	r.Header.Set("Cookie", l.cookie)
	r.Header.Set("Accept-Encoding", "gzip") // a browser's; not undone by the transport
	answer, err := (&http.Transport{DisableCompression: true}).RoundTrip(r)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	n, err := io.Copy(io.Discard, answer.Body)
	if err != nil {
		b.Fatal(err)
	}
	return answer.Header, answer.StatusCode, int(n)
}

// median times a request, alone.
func (l *limit) median(b *testing.B, times int, path func(int) string, more http.Header) (time.Duration, time.Duration) {
	b.Helper()
	var took []time.Duration
	for i := range times {
		began := time.Now()
		l.header(b, path(i), more)
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took[len(took)/2], took[len(took)*9/10]
}

// unchangedPage is G7: what the browser has already costs little, and a write makes it new.
func (l *limit) unchangedPage(b *testing.B, g *goals) {
	b.Helper()
	for name, path := range map[string]string{"a mandate": "/nl/mandates/" + l.codes[7], "the overview": "/nl/overview"} {
		h, _, _ := l.header(b, path, nil)
		tag := http.Header{"If-None-Match": {h.Get("ETag")}}
		if _, status, _ := l.header(b, path, tag); status != http.StatusNotModified {
			g.add("G7 "+name+" that did not change", "304", strconv.Itoa(status), false)
			return
		}
		whole, _ := l.median(b, 200, func(int) string { return path }, nil)
		same, _ := l.median(b, 200, func(int) string { return path }, tag)
		ratio := float64(whole) / float64(same)
		g.add("G7 "+name+" that did not change", "304 in a sixth of the time", fmt.Sprintf("a %.1fth (%s, %s)", ratio, whole.Round(time.Microsecond), same.Round(time.Microsecond)), ratio >= 6)
		if _, err := l.store.Pool().Exec(store.AsSystem(b.Context()), `UPDATE mandate SET version = version + 1 WHERE code = $1`, l.codes[7]); err != nil {
			b.Fatal(err)
		}
		_, status, _ := l.header(b, path, tag)
		g.add("G7 a write makes "+name+" new", "200", strconv.Itoa(status), status == http.StatusOK)
	}
}

var linked = regexp.MustCompile(`(?:href|src)="(/static/[^"#]+)`)

// overTheWire is G11: a first view, with everything it loads, compressed.
func (l *limit) overTheWire(b *testing.B, g *goals, name, path string, most int) {
	b.Helper()
	_, _, total := l.header(b, path, nil)
	r, err := http.NewRequest(http.MethodGet, l.own.URL+path, nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Cookie", l.cookie)
	answer, err := (&http.Transport{}).RoundTrip(r)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	if err != nil {
		b.Fatal(err)
	}
	seen := map[string]bool{}
	for _, m := range linked.FindAllSubmatch(page, -1) {
		if file := string(m[1]); !seen[file] {
			seen[file] = true
			_, _, n := l.header(b, file, nil)
			total += n
		}
	}
	g.add("G11 first view of "+name, fmt.Sprintf("%d KB over the wire", most>>10), fmt.Sprintf("%.1f KB, %d files", float64(total)/1024, len(seen)+1), total <= most)
}

// searching times questions of every kind: frequent and rare words, beginnings.
func (l *limit) searching(b *testing.B, g *goals) {
	b.Helper()
	for name, words := range map[string]string{
		"a frequent word": "partners", "a beginning that is frequent": "par", "a rare word": "xyzzy", "a rare one before a frequent beginning": "xyzzy par",
		"two words": "overleg partners", "in French": "concertation partenaires",
	} {
		path := "/nl/search?q=" + url.QueryEscape(words)
		l.header(b, path, nil)
		middle, tenth := l.median(b, 15, func(int) string { return path }, nil)
		g.add("search: "+name, "100 ms", fmt.Sprintf("p50 %s, p90 %s", middle.Round(100*time.Microsecond), tenth.Round(100*time.Microsecond)), middle <= 100*time.Millisecond)
	}
}

// tenTimes is G6: each page against itself on a tenth of the entries.
func tenTimes(b *testing.B, g *goals, small, large *limit) {
	b.Helper()
	for name, share := range map[string]float64{"mandate": 0.85, "monitoring": 0.65, "overview": 0.95} {
		i := slices.IndexFunc(pages, func(p limited) bool { return p.name == name })
		path := pages[i].path
		small.drive(b, small.own, path, 16, turn/3)
		large.drive(b, large.own, path, 16, turn/3)
		var few, many int
		for range rounds {
			few += len(small.drive(b, small.own, path, 16, turn))
			many += len(large.drive(b, large.own, path, 16, turn))
		}
		ratio := float64(many) / float64(max(1, few))
		g.add("G6 "+name+" with more years of entries", fmt.Sprintf("%.0f %% of itself", 100*share), fmt.Sprintf("%.0f %%", 100*ratio), ratio >= share)
	}
}

// statements is G14 for the pages that are drawn from many rows.
func (l *limit) statements(b *testing.B, g *goals) {
	b.Helper()
	m := "/nl/mandates/" + l.codes[0]
	for _, path := range []string{
		m, "/nl/overview", m + "/monitoring/" + l.period.String(), m + "/targets/S1.1-1", m + "/objectives/S1", m + "/timeline", m + "/sheet", "/nl/mandates", "/nl/search?q=partners",
	} {
		l.count.taken()
		l.header(b, path, nil)
		n := len(l.count.taken())
		g.add("G14 "+path, "3 statements", strconv.Itoa(n), n <= 3)
	}
}
