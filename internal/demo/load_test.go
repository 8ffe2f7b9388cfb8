package demo_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/demo"
	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/shelf"
	"jalon/internal/store"
	"jalon/internal/testing/pgtest"
	"jalon/migrations"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// today is the day that the example office ends on.
var today = calendar.MustDate(2026, 11, 24)

func newStore(t *testing.T) *store.Store {
	t.Helper()
	h := sha256.New()
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		raw, err := migrations.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		h.Write(raw)
	}
	s, err := store.Open(store.AsSystem(context.Background()), pgtest.Database(t, store.Migrate, hex.EncodeToString(h.Sum(nil))), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func newShelf(t *testing.T) *shelf.Shelf {
	t.Helper()
	files, err := shelf.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	return files
}

func newSigner(t *testing.T) monitoring.Signer {
	t.Helper()
	signer, err := monitoring.NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

// plain stands for the hash, which takes time by intention.
func plain(password string) string { return "plain:" + password }

func loadInto(t *testing.T, s *store.Store, signer monitoring.Signer) demo.Summary {
	t.Helper()
	summary, err := demo.Load(store.AsSystem(context.Background()), s, newShelf(t), signer, today.End().Add(-12*time.Hour), plain)
	if err != nil {
		t.Fatal(err)
	}
	return summary
}

func TestTheOfficeIsLoadedOnce(t *testing.T) {
	s, signer := newStore(t), newSigner(t)
	entries := 0
	for _, m := range load[[]mandateFile](t, "mandates.json") {
		entries += len(load[[]entryFile](t, "entries/"+m.Code+".json"))
	}
	want := demo.Summary{Mandates: 4, People: len(load[[]struct{}](t, "people.json")), Entries: entries, Seals: len(load[[]sealFile](t, "seals.json")), Events: len(load[[]struct{}](t, "events.json"))}
	for _, i := range load[[]struct{ Values []struct{ Was *string } }](t, "indicators.json") {
		want.Indicators++
		for _, v := range i.Values {
			want.Values++
			if v.Was != nil {
				want.Values++
			}
		}
	}
	if diff := cmp.Diff(want, loadInto(t, s, signer)); diff != "" {
		t.Errorf("first load: want (-) got (+)\n%s", diff)
	}
	if again := loadInto(t, s, signer); again != (demo.Summary{}) {
		t.Errorf("second load made %+v", again)
	}

	mandates, err := s.Mandates(store.AsSystem(context.Background()), access.Scope{All: true}, store.Moment{Day: today})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, m := range mandates {
		lines = append(lines, m.Code+" "+m.Holder.Name)
		if m.Title.NL == "" || m.Title.FR == "" || m.Title.NL == m.Title.FR {
			t.Errorf("%s: title %+v", m.Code, m.Title)
		}
	}
	if diff := cmp.Diff([]string{
		"ACTIRIS-A4-EL Dirk Voorbeeld", "ACTIRIS-A4-WG Florence Essai", "ACTIRIS-A4-PN Nadia Spécimen", "VOORBEELD-A4P-LD Anneke Toonbeeld",
	}, lines); diff != "" {
		t.Errorf("mandates: want (-) got (+)\n%s", diff)
	}
}

func TestProcessesThatLoadAtOnceLoadOnce(t *testing.T) {
	s, files, signer := newStore(t), newShelf(t), newSigner(t)
	var wg sync.WaitGroup
	made := make([]demo.Summary, 3)
	for i := range made {
		wg.Go(func() {
			made[i], _ = demo.Load(store.AsSystem(context.Background()), s, files, signer, time.Now(), plain)
		})
	}
	wg.Wait()
	total := demo.Summary{}
	for _, m := range made {
		total.Mandates += m.Mandates
		total.Seals += m.Seals
		total.People += m.People
	}
	if total.Mandates != 4 || total.Seals != 4 || total.People != 16 {
		t.Errorf("together they made %+v", total)
	}
}

func TestALoadThatWasCutOffIsFinished(t *testing.T) {
	s, files, signer := newStore(t), newShelf(t), newSigner(t)
	cut := errors.New("not begun")
	for wait := 10 * time.Millisecond; cut != nil; wait *= 2 {
		ctx, cancel := context.WithTimeout(store.AsSystem(context.Background()), wait)
		_, cut = demo.Load(ctx, s, files, signer, time.Now(), plain)
		cancel()
		if wait > 10*time.Minute {
			t.Fatalf("it never finished: %v", cut)
		}
	}
	people, err := s.People(store.AsSystem(context.Background()), today)
	if err != nil {
		t.Fatal(err)
	}
	if len(people) != 16 {
		t.Errorf("%d people", len(people))
	}
	for _, m := range load[[]mandateFile](t, "mandates.json") {
		recorded := 0
		sheet, _, err := s.Sheet(store.AsSystem(context.Background()), store.SheetQuestion{Code: m.Code, AsOf: today})
		if err != nil {
			t.Fatal(err)
		}
		for _, target := range sheet.Mandate.Targets() {
			_, history, err := s.Sheet(store.AsSystem(context.Background()), store.SheetQuestion{Code: m.Code, AsOf: today, HistoryOf: target.Code.String()})
			if err != nil {
				t.Fatal(err)
			}
			recorded += len(history)
		}
		if want := len(load[[]entryFile](t, "entries/"+m.Code+".json")); recorded != want {
			t.Errorf("%s has %d entries, want %d", m.Code, recorded, want)
		}
	}
}

func TestSomebodysOwnMandateIsLeftAlone(t *testing.T) {
	s, signer := newStore(t), newSigner(t)
	_, _, _, err := s.StoreLetter(store.AsSystem(context.Background()), store.Submission{Action: "import letter"}, store.Letter{
		Mandate:     mandate.Mandate{Code: "ACTIRIS-A4-EL", Title: names("Echt")},
		Institution: mandate.Institution{Code: "ACTIRIS", Name: names("Actiris")}, Lang: "nl",
	})
	if err != nil {
		t.Fatal(err)
	}
	if made := loadInto(t, s, signer); made != (demo.Summary{}) {
		t.Errorf("made %+v beside a mandate that was there", made)
	}
}

func TestEveryTextOfTheOfficeIsInBothLanguages(t *testing.T) {
	s := newStore(t)
	loadInto(t, s, newSigner(t))
	for _, m := range load[[]mandateFile](t, "mandates.json") {
		sheet, _, err := s.Sheet(store.AsSystem(context.Background()), store.SheetQuestion{Code: m.Code, AsOf: today})
		if err != nil {
			t.Fatal(err)
		}
		passages, err := s.Passages(store.AsSystem(context.Background()), sheet.Mandate.ID, today)
		if err != nil {
			t.Fatal(err)
		}
		both := func(place string, nl, fr string) {
			if nl == "" || fr == "" {
				t.Errorf("%s %s: Dutch %q, French %q", m.Code, place, nl, fr)
			}
		}
		for _, o := range sheet.Mandate.Objectives {
			both(o.Code.String(), o.Title.NL, o.Title.FR)
			for i, p := range passages[o.Code].Context {
				both(fmt.Sprintf("%s context %d", o.Code, i+1), p.NL, p.FR)
			}
			for i, p := range passages[o.Code].Goals {
				both(fmt.Sprintf("%s goal %d", o.Code, i+1), p.NL, p.FR)
			}
			for _, p := range o.Points {
				both(p.Code.String(), p.Text.NL, p.Text.FR)
				for _, target := range p.Targets {
					both(target.Code.String(), target.Text.NL, target.Text.FR)
					both(target.Code.String()+" deadline", target.Deadline.Text.NL, target.Deadline.Text.FR)
				}
			}
		}
	}
}

func TestTheOfficeLooksAtWork(t *testing.T) {
	s := newStore(t)
	signer := newSigner(t)
	loadInto(t, s, signer)
	seen := map[progress.Status]bool{}
	for _, day := range []calendar.Date{today, calendar.MustDate(2026, 6, 30)} {
		period := calendar.HalfYearOf(day)
		lines, err := s.Overview(store.AsSystem(context.Background()), store.OverviewQuestion{Scope: access.Scope{All: true}, Period: period, AsOf: day, Live: day == today, Before: period.Previous()})
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			if len(line.Cells) != 8 {
				t.Errorf("%s has %d objectives", line.Code, len(line.Cells))
			}
			for _, c := range line.Cells {
				seen[c.Status] = true
			}
		}
	}
	for _, status := range []progress.Status{progress.Late, progress.NotReported, progress.Compromised, progress.OnTrack} {
		if !seen[status] {
			t.Errorf("no objective is %s", status)
		}
	}
	for _, f := range load[[]sealFile](t, "seals.json") {
		o, _, err := s.MandateObject(store.AsSystem(context.Background()), f.Mandate)
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := s.Seal(store.AsSystem(context.Background()), o.MandateID, f.Period)
		if err != nil {
			t.Fatal(err)
		}
		if !sealed.Seal.SealedAt.Equal(f.SealedAt) || sealed.Seal.Number != f.Number {
			t.Errorf("%s %s: sealed %s as %s", f.Mandate, f.Period, sealed.Seal.SealedAt, sealed.Seal.Number)
		}
		file, err := monitoring.Envelope(sealed.Document, &sealed.Seal)
		if err != nil {
			t.Fatal(err)
		}
		if result := monitoring.Verify(file, []monitoring.PublicKey{signer.Public()}); result.Outcome != monitoring.Intact {
			t.Errorf("%s %s: %+v", f.Mandate, f.Period, result)
		}
	}
}

func TestAccountsOfTheSignInPageAreOfTheOffice(t *testing.T) {
	names := map[string]string{}
	for _, p := range load[[]struct{ Email, Name string }](t, "people.json") {
		names[p.Email] = p.Name
	}
	catalogues := locale.MustLoad()
	for _, a := range demo.Accounts {
		if names[a.Email] != a.Name || a.Password != demo.Password {
			t.Errorf("%s: %q, the office has %q", a.Email, a.Name, names[a.Email])
		}
		for _, lang := range bilingual.Langs {
			if print := catalogues.In(lang); !print.Has(a.Who) {
				t.Errorf("%s: no words for %s in %s", a.Email, a.Who, lang)
			}
		}
	}
}

func names(s string) bilingual.Text {
	return bilingual.New(bilingual.NL, s).With(bilingual.FR, s, bilingual.Original)
}
