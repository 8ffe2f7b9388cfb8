package site

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"jalon/internal/calendar"
	"jalon/internal/store"
)

func TestEverybodyChoosesLanguageAndReminders(t *testing.T) {
	o := newOffice(t)
	b := o.as("nobody") // no role is needed
	wantCode(t, "page", b.get("/nl/preferences"), http.StatusOK)
	if body := b.get("/nl/preferences").Body.String(); !strings.Contains(body, `href="/nl/preferences"`) || !strings.Contains(body, "nobody@jalon.example") {
		t.Error("the page is not linked from its own frame, or does not say where mail goes")
	}
	form := url.Values{"lang": {"fr"}, "digest": {"off"}, "idempotency_key": {newKey()}}
	for range 2 { // sent twice
		w := b.post("/nl/preferences", form)
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/fr/preferences" {
			t.Fatalf("%d to %q", w.Code, w.Header().Get("Location"))
		}
	}
	got, err := o.Store.Preferences(store.AsSystem(t.Context()), o.id["nobody"])
	if err != nil || got != (store.Preferences{Lang: "fr", Digest: false}) {
		t.Errorf("%+v, %v", got, err)
	}
	if n := value[int64](o, `SELECT count(*) FROM audit_event WHERE action = 'change preferences'`); n != 1 {
		t.Errorf("%d audit lines, want 1", n)
	}
	other, err := o.Store.Preferences(store.AsSystem(t.Context()), o.id["director"])
	if err != nil || other != (store.Preferences{Lang: "nl", Digest: true}) {
		t.Errorf("somebody else's: %+v, %v", other, err)
	}
	for _, bad := range []url.Values{{"lang": {"de"}, "digest": {"on"}}, {"lang": {"nl"}, "digest": {""}}} {
		bad.Set("idempotency_key", newKey())
		wantCode(t, bad.Encode(), b.post("/nl/preferences", bad), http.StatusUnprocessableEntity)
	}
	if w := o.browser().get("/nl/preferences"); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/nl/login") {
		t.Errorf("not signed in: %d", w.Code)
	}
}

func TestTheAdministratorSeesTheMailAndDecidesAboutWhatIsHeld(t *testing.T) {
	o := newOffice(t)
	at := func(kind, state string) store.Mail {
		return store.Mail{
			PersonID: o.id["director"], Kind: kind, Key: "k", Subject: "Onderwerp " + kind, Text: "Tekst", HTML: "<p>Tekst</p>",
			UnsubscribeURL: "https://jalon.example/nl/preferences", MessageID: kind + "@jalon.example", State: state,
		}
	}
	today := calendar.DateOf(noon)
	if _, err := o.Store.PlanMails(store.AsSystem(t.Context()), today, true, []store.Mail{at(store.KindDigest, store.MailHeld), at(store.KindEscalation, store.MailHeld), at(store.KindStorm, store.MailKept)}, noon); err != nil {
		t.Fatal(err)
	}
	for _, name := range everybody {
		want := http.StatusForbidden
		if name == "admin" {
			want = http.StatusOK
		}
		wantCode(t, name, o.as(name).get("/nl/admin/mail"), want)
	}
	b := o.as("admin")
	for _, lang := range []string{"nl", "fr"} {
		body := b.get("/" + lang + "/admin/mail").Body.String()
		for _, part := range []string{"Onderwerp digest", "Onderwerp storm", "director@jalon.example", "/" + lang + "/admin/mail/release"} {
			if !strings.Contains(body, part) {
				t.Errorf("%s: no %q", lang, part)
			}
		}
	}
	wantCode(t, "release", b.post("/nl/admin/mail/release", url.Values{"idempotency_key": {newKey()}}), http.StatusSeeOther)
	if n := value[int64](o, `SELECT count(*) FROM outgoing_mail WHERE state = 'queued'`); n != 2 {
		t.Errorf("%d queued, want the two that were held", n)
	}
	if _, err := o.Store.PlanMails(store.AsSystem(t.Context()), today.AddDays(1), true, []store.Mail{{
		PersonID: o.id["director"], Kind: store.KindDigest, Key: "l", Subject: "S", MessageID: "l@jalon.example", State: store.MailHeld,
	}}, noon.Add(24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "drop", b.post("/nl/admin/mail/drop", url.Values{"idempotency_key": {newKey()}}), http.StatusSeeOther)
	if n := value[int64](o, `SELECT count(*) FROM outgoing_mail WHERE state = 'failed' AND last_error = 'discarded'`); n != 1 {
		t.Errorf("%d dropped, want 1", n)
	}
}
