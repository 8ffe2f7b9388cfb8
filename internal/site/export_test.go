package site

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"jalon/internal/calendar"
	"jalon/internal/store"
)

// hand makes the documents when a test says so, in place of a job.
type hand struct{ woken int }

func (h *hand) WakeExports(context.Context) error { h.woken++; return nil }

// make makes the document that waits longest, as a job does.
func (h *hand) make(o *office) error {
	o.t.Helper()
	system := store.AsSystem(o.t.Context())
	e, taken, err := o.Store.TakeExport(system, o.clock())
	if err != nil || !taken {
		o.t.Fatal(taken, err)
	}
	var file store.ExportFile
	sum, size, err := o.Shelf.Keep(func(w io.Writer) (err error) {
		file, err = o.Makers()[e.Kind](store.As(system, e.PersonID, calendar.DateOf(o.clock())), e, w, func(done, of int) { e.Done, e.Steps = done, of })
		return err
	})
	if err != nil {
		return errors.Join(err, o.Store.GiveUpExport(system, e, errors.Is(err, store.ErrNotFound), o.clock()))
	}
	if e.Steps == 0 || e.Done < e.Steps-1 {
		o.t.Errorf("the last step is %d of %d", e.Done, e.Steps)
	}
	file.Size = size
	e.File, e.SHA256 = file, sum
	return o.Store.FinishExport(system, e, o.clock())
}

// exporting gives an office in which every document of a body is a big one.
func exporting(t *testing.T) (o *office, h *hand, address string) {
	o, h = sealed(t), &hand{}
	o.Exports, o.bigRows = h, 1
	body := "ACTIRIS-" + value[string](o, `SELECT min(b.code) FROM body b JOIN institution i ON i.id = b.institution_id WHERE i.code = 'ACTIRIS'`)
	return o, h, "/nl/bodies/" + body + "/tables/2026-H2.csv"
}

var orderField = regexp.MustCompile(`name="(kind|parameters)" value="([^"]*)"`)

// ordered presses the button of a page that offers a document.
func ordered(t *testing.T, b *browser, page string) string {
	t.Helper()
	form := url.Values{"idempotency_key": {uuid.NewString()}}
	for _, m := range orderField.FindAllStringSubmatch(page, -1) {
		form.Set(m[1], strings.ReplaceAll(m[2], "&#34;", `"`))
	}
	w := b.post("/nl/exports", form)
	wantCode(t, "the order", w, http.StatusSeeOther)
	if again := b.post("/nl/exports", form); again.Header().Get("Location") != w.Header().Get("Location") {
		t.Error("the same form orders two documents")
	}
	return w.Header().Get("Location")
}

func TestABigDocumentIsMadeApartForItsAskerAlone(t *testing.T) {
	o, h, address := exporting(t)
	secretary, hr := o.as("secretary"), o.as("hr")
	offer := secretary.get(address)
	wantCode(t, "the offer", offer, http.StatusOK)
	mine := ordered(t, secretary, offer.Body.String())
	if h.woken == 0 {
		t.Error("nobody is woken")
	}
	for path, want := range map[string]string{mine: "komt als volgende", "/nl/exports": "Alle tabellen: "} {
		if page := secretary.get(path); !strings.Contains(page.Body.String(), want) {
			t.Errorf("%s does not say %q", path, want)
		}
	}
	if page := hr.get(ordered(t, hr, hr.get(address).Body.String())); !strings.Contains(page.Body.String(), "nog één ander") {
		t.Error("the second asker is not told of their place")
	}
	wantCode(t, "the file before it is made", secretary.get(mine+"/file"), http.StatusNotFound)
	if err := h.make(o); err != nil {
		t.Fatal(err)
	}
	page := secretary.get(mine).Body.String()
	if !strings.Contains(page, mine+"/file") || strings.Contains(page, "data-look") {
		t.Error("the page does not lead to the file, or still looks for it")
	}
	file := secretary.get(mine + "/file")
	wantCode(t, "the file", file, http.StatusOK)
	if o.Exports = nil; file.Body.String() != secretary.get(address).Body.String() {
		t.Error("made apart it is another file")
	}
	for _, who := range everybody {
		if who == "secretary" {
			continue
		}
		b := o.as(who)
		wantCode(t, "the page for "+who, b.get(mine), http.StatusNotFound)
		wantCode(t, "the file for "+who, b.get(mine+"/file"), http.StatusNotFound)
		if strings.Contains(b.get("/nl/exports").Body.String(), mine+`"`) {
			t.Errorf("%s finds it in their list", who)
		}
	}
	o.pass(25 * time.Hour)
	wantCode(t, "after a day", o.as("secretary").get(mine+"/file"), http.StatusNotFound)
	if err := o.RemoveEnded(store.AsSystem(t.Context())); err != nil {
		t.Fatal(err)
	}
	if n := value[int](o, `SELECT count(*) FROM export_job`); n != 0 {
		t.Errorf("%d rows are kept", n)
	}
}

// Rights are those of the moment: of the order, of the making and of the taking.
func TestWhoLosesTheRightLosesTheDocument(t *testing.T) {
	o, h, address := exporting(t)
	secretary := o.as("secretary")
	offer := secretary.get(address).Body.String()
	first := ordered(t, secretary, offer)
	if err := h.make(o); err != nil {
		t.Fatal(err)
	}
	second := ordered(t, secretary, offer)
	o.sql(`UPDATE role_grant SET ends_on = '2026-11-23' WHERE role = 'secretary'`)
	if err := h.make(o); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("made without the right: %v", err)
	}
	for _, path := range []string{first, first + "/file", second} {
		if code := o.as("secretary").get(path).Code; code != http.StatusForbidden && code != http.StatusNotFound {
			t.Errorf("%s: %d", path, code)
		}
	}
	if state := value[string](o, `SELECT state FROM export_job ORDER BY id DESC LIMIT 1`); state != "failed" {
		t.Errorf("the second is %s", state)
	}
}

func TestAnOrderIsForADocumentThatExists(t *testing.T) {
	o, _, _ := exporting(t)
	secretary := o.as("secretary")
	for what, c := range map[string]struct {
		kind, parameters string
		want             int
	}{
		"unknown kind":        {"poems", `{}`, 400},
		"no JSON":             {"tables", `{`, 400},
		"another field":       {"tables", `{"body":"ACTIRIS-DR","period":"2026-H2","format":"csv","x":1}`, 400},
		"two objects":         {"tables", `{}{}`, 400},
		"unknown body":        {"tables", `{"body":"ACTIRIS-ZZ","period":"2026-H2","format":"csv"}`, 404},
		"a half-year to come": {"tables", `{"body":"ACTIRIS-DR","period":"2027-H1","format":"csv"}`, 404},
	} {
		w := secretary.post("/nl/exports", url.Values{"idempotency_key": {uuid.NewString()}, "kind": {c.kind}, "parameters": {c.parameters}})
		wantCode(t, what, w, c.want)
	}
	if n := value[int](o, `SELECT count(*) FROM export_job`); n != 0 {
		t.Errorf("%d ordered", n)
	}
}
