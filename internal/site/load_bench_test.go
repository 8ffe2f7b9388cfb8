package site

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"jalon/internal/calendar"
	"jalon/internal/generate"
	"jalon/internal/store"
)

// The last hour of a half-year: everybody reports. They may take a tenth of it,
// so that the other nine are left for what people do between two requests.
const (
	atOnce       = 16
	savesEach    = 3 // drafts, before the report is recorded
	wholeHour    = time.Hour / 10
	slowestSaves = 3 * time.Second // 99 of 100
)

// directors are as many as there are mandates.
var directors = func() int {
	if n, err := strconv.Atoi(os.Getenv("JALON_BENCH_MANDATES")); err == nil {
		return n
	}
	return 500
}()

// BenchmarkEverybodyReportsInTheSameHour lets every director open the page of
// the half-year, save it a few times and record it, and fails on the first
// request that is not answered as it should, or when it takes too long.
func BenchmarkEverybodyReportsInTheSameHour(b *testing.B) {
	for b.Loop() {
		o := newOfficeWith(b, func(o *office) {
			until := calendar.HalfYearOf(calendar.DateOf(noon)).Previous()
			if _, err := o.Store.CopyIn(store.AsSystem(context.Background()), generate.Make(generate.Options{Mandates: directors, Years: 2, Until: until, Seed: 1})); err != nil {
				o.t.Fatal(err)
			}
			o.sql(`UPDATE person SET password_hash = $1`, passwordHash())
		})
		h := hour{office: o, took: map[string][]time.Duration{}}
		began := time.Now()
		h.everybody(o.mandateCodes())
		h.judge(b, time.Since(began))
	}
}

// hour is what happened in it.
type hour struct {
	*office
	mu     sync.Mutex
	took   map[string][]time.Duration // by what was asked
	faults []string
}

func (o *office) mandateCodes() (codes []string) {
	return value[[]string](o, `SELECT array_agg(m.code ORDER BY m.id) FROM mandate m`)
}

func (h *hour) everybody(codes []string) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range atOnce {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(codes)); i = next.Add(1) - 1 {
				h.report(int(i), codes[i])
			}
		})
	}
	wg.Wait()
}

// report is what one director does.
func (h *hour) report(i int, code string) {
	b := h.browser()
	b.address = fmt.Sprintf("198.51.%d.%d", i/250, i%250+1)
	path := "/nl/mandates/" + code + "/report/" + calendar.HalfYearOf(calendar.DateOf(noon)).String()
	signIn := url.Values{"email": {fmt.Sprintf("holder%04d@generated.example", i+1)}, "password": {password}}
	if !h.ask("sign in", http.StatusSeeOther, func() *httptest.ResponseRecorder { return b.post("/nl/login", signIn) }) {
		return
	}
	var page string
	opened := h.ask("open", http.StatusOK, func() *httptest.ResponseRecorder {
		r := b.get(path)
		page = r.Body.String()
		return r
	})
	form := url.Values{}
	for _, m := range hiddens.FindAllStringSubmatch(page, -1) {
		if row, ok := strings.CutSuffix(m[1], ".version"); ok {
			form.Set(row+".status", "on_track")
		}
		if strings.HasPrefix(m[1], "row.") {
			form.Set(m[1], m[2])
		}
	}
	bases := rowBases.FindAllStringSubmatch(page, -1)
	if !opened || len(bases) < 20 {
		h.fault(fmt.Sprintf("%s: %d rows", path, len(bases)))
		return
	}
	for n := range savesEach + 1 {
		want := http.StatusOK
		form.Set("idempotency_key", uuid.NewString())
		form.Set("do", "draft")
		if n == savesEach {
			want = http.StatusSeeOther
			form.Set("do", "report")
		}
		for _, m := range bases {
			row := strings.TrimSuffix(m[1], ".base")
			form.Set(row+".achieved", fmt.Sprintf("%s van %s, keer %d.", row, code, n+1))
			form.Del(m[1]) // whoever writes alone needs none
			form.Set(row+".version", fmt.Sprint(n))
		}
		h.ask(form.Get("do"), want, func() *httptest.ResponseRecorder {
			r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			if want == http.StatusOK {
				r.Header.Set("Accept", "application/json")
			}
			return b.send(r)
		})
	}
}

func (h *hour) ask(what string, want int, do func() *httptest.ResponseRecorder) bool {
	began := time.Now()
	r := do()
	took := time.Since(began)
	h.mu.Lock()
	h.took[what] = append(h.took[what], took)
	h.mu.Unlock()
	if r.Code != want {
		h.fault(fmt.Sprintf("%s: answered %d, want %d", what, r.Code, want))
	}
	return r.Code == want
}

func (h *hour) fault(words string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faults = append(h.faults, words)
}

// judge prints what each kind of request took, and holds the hour to its bounds.
func (h *hour) judge(b *testing.B, whole time.Duration) {
	b.Helper()
	fmt.Printf("%d directors, %d at once: %s (at most %s)\n", directors, atOnce, whole.Round(time.Millisecond), wholeHour)
	for _, what := range []string{"sign in", "open", "draft", "report"} {
		all := h.took[what]
		if len(all) == 0 {
			b.Fatalf("nobody did: %s", what)
		}
		slices.Sort(all)
		p99 := all[len(all)*99/100]
		fmt.Printf("  %-8s %5d  p50 %s  p99 %s\n", what, len(all), all[len(all)/2].Round(time.Microsecond), p99.Round(time.Microsecond))
		if p99 > slowestSaves {
			b.Errorf("%s: one of a hundred takes %s, at most %s", what, p99, slowestSaves)
		}
	}
	if len(h.faults) > 0 {
		b.Errorf("%d faults, such as %s", len(h.faults), h.faults[0])
	}
	if whole > wholeHour {
		b.Errorf("it takes %s, at most %s", whole, wholeHour)
	}
	targets := value[int](h.office, `SELECT count(*) FROM target`)
	if n := value[int](h.office, `SELECT count(*) FROM progress_entry WHERE achieved LIKE 'row.% keer 4.'`); n < targets*9/10 {
		b.Errorf("%d entries on %d targets", n, targets)
	}
	if n := value[int](h.office, `SELECT count(*) FROM audit_event WHERE action = 'record report'`); n != directors {
		b.Errorf("%d reports in the audit trail", n)
	}
}
