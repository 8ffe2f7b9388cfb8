package site

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"jalon/internal/store"
)

const amendments = "/nl/mandates/LETTER/amendments"

// amendingForm fills the form of an amendment of the first target.
func amendingForm(do string, more url.Values) url.Values {
	form := url.Values{
		"idempotency_key": {newKey()}, "do": {do}, "place": {"target:S1.1-1"}, "nl": {"een heel andere streefwaarde"}, "fr": {""},
		"effective_on": {"20/11/2026"}, "authority": {"Brusselse Hoofdstedelijke Regering, 12 november 2026"}, "reason": {"Nieuwe wetgeving"},
	}
	for k, v := range more {
		form[k] = v
	}
	return form
}

func wantWords(t *testing.T, page string, words ...string) {
	t.Helper()
	even := func(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }
	for _, w := range words {
		if !strings.Contains(even(page), even(w)) {
			t.Errorf("the page does not say %q", w)
		}
	}
}

func TestTheLetterChangesOnlyByADatedAmendment(t *testing.T) {
	o := withLetter(t)
	secretary, director := o.as("secretary"), o.as("director")
	target := "/nl/mandates/LETTER/targets/S1.1-1"
	before := director.get(target).Body.String()
	o.sql(`UPDATE wording_version v SET fr = 'les objectifs', fr_state = 'translated' FROM target g WHERE g.wording_id = v.wording_id AND g.code = 'S1.1-1'`)

	w := secretary.post(amendments, amendingForm("preview", nil))
	wantCode(t, "preview", w, http.StatusOK)
	wantWords(t, w.Body.String(), "<ins>een heel andere", "blijft staan en wordt als verouderd gemarkeerd")
	if n := value[int](o, `SELECT count(*) FROM amendment`); n != 0 {
		t.Fatal("a preview stores something")
	}
	form := amendingForm("store", nil)
	for range 2 { // a double click is one amendment
		wantCode(t, "store", secretary.post(amendments, form), http.StatusSeeOther)
	}
	if n := value[int](o, `SELECT count(*) FROM amendment`); n != 1 {
		t.Fatalf("%d amendments", n)
	}
	if then := director.get(target + "?asof=2026-11-19").Body.String(); strings.Contains(then, "een heel andere streefwaarde") || then == before {
		t.Error("the page of an earlier day has the words of later")
	}
	wantWords(t, director.get(target).Body.String(), "een heel andere streefwaarde", "van kracht sinds 20/11/2026", "van kracht tot en met 19/11/2026")
	wantWords(t, director.get("/fr/mandates/LETTER/targets/S1.1-1").Body.String(), o.Catalogues.In("fr").T("text.outdated"))
	page := director.get(amendments).Body.String()
	wantWords(t, page, "Vanaf 20/11/2026", "12 november 2026", "Nieuwe wetgeving", "Naam secretary")
	if strings.Contains(page, amendments+"/new") {
		t.Error("the holder is offered to amend their own letter")
	}

	// the French text follows later, which is no amendment
	w = secretary.post(amendments+"/translation", url.Values{"idempotency_key": {newKey()}, "place": {"target:S1.1-1"}, "lang": {"fr"}, "words": {"une tout autre valeur cible"}})
	wantCode(t, "translate", w, http.StatusSeeOther)
	french := director.get("/fr/mandates/LETTER/targets/S1.1-1").Body.String()
	wantWords(t, french, "une tout autre valeur cible")
	if n := value[int](o, `SELECT count(*) FROM amendment`); n != 1 {
		t.Errorf("a translation makes %d amendments", n-1)
	}
}

func TestAnAmendmentSaysWhatMustBeMended(t *testing.T) {
	o := withLetter(t)
	secretary := o.as("secretary")
	nl := value[string](o, `SELECT v.nl FROM target g JOIN wording_version v ON v.wording_id = g.wording_id WHERE g.code = 'S1.1-1'`)
	wantCode(t, "first", secretary.post(amendments, amendingForm("store", nil)), http.StatusSeeOther)
	for name, c := range map[string]struct {
		change url.Values
		say    string
	}{
		"no words change":         {url.Values{"place": {"target:S1.2-1"}, "nl": {""}}, "amendment.unchanged"},
		"no authority":            {url.Values{"authority": {" "}}, "error.form.required"},
		"no reason":               {url.Values{"reason": {""}}, "error.form.required"},
		"no day":                  {url.Values{"effective_on": {""}}, "error.form.required"},
		"31 February":             {url.Values{"effective_on": {"31/02/2027"}}, "error.date.invalid"},
		"the same day again":      {url.Values{"nl": {"nog anders"}}, "amendment.same_day"},
		"before the words in use": {url.Values{"nl": {nl}, "effective_on": {"19/11/2026"}}, "amendment.too_early"},
		"an unknown place":        {url.Values{"place": {"target:S9.9-9"}}, "error.form.choice"},
	} {
		w := secretary.post(amendments, amendingForm("store", c.change))
		wantCode(t, name, w, http.StatusUnprocessableEntity)
		wantWords(t, w.Body.String(), o.Catalogues.In("nl").T(c.say))
	}
	if n := value[int](o, `SELECT count(*) FROM amendment`); n != 1 {
		t.Errorf("%d amendments", n)
	}
	wantCode(t, "the holder", o.as("director").post(amendments, amendingForm("store", nil)), http.StatusForbidden)
	wantCode(t, "a stranger", o.as("director2").get(amendments), http.StatusNotFound)
}

var seenField = regexp.MustCompile(`name="seen" value="([^"]+)"`)

// seenOn gives what the form of a page says that it showed.
func (b *browser) seenOn(path string) string {
	b.t.Helper()
	m := seenField.FindStringSubmatch(b.get(path).Body.String())
	if m == nil {
		b.t.Fatalf("%s does not say what it shows", path)
	}
	return m[1]
}

// The form holds the words of both languages: sent after somebody else's
// amendment, it would put the former words of the other language back.
func TestAnAmendmentUndoesNoOtherOne(t *testing.T) {
	o := withLetter(t)
	secretary, hr := o.as("secretary"), o.as("hr")
	nl := value[string](o, `SELECT v.nl FROM target g JOIN wording_version v ON v.wording_id = g.wording_id WHERE g.code = 'S1.1-1'`)
	late := amendingForm("store", url.Values{"nl": {nl}, "fr": {"une valeur cible"}, "effective_on": {"23/11/2026"}, "seen": {hr.seenOn(amendments + "/new?place=target:S1.1-1")}})
	wantCode(t, "first", secretary.post(amendments, amendingForm("store", nil)), http.StatusSeeOther)

	w := hr.post(amendments, late)
	wantCode(t, "with words that are no longer in force", w, http.StatusConflict)
	wantWords(t, w.Body.String(), o.Catalogues.In("nl").T("amendment.changed_meanwhile"), "<del>een heel andere", "une valeur cible")
	if n := value[int](o, `SELECT count(*) FROM amendment`); n != 1 {
		t.Fatalf("%d amendments", n)
	}
	late.Set("seen", seenField.FindStringSubmatch(w.Body.String())[1])
	late.Set("nl", "nog een andere streefwaarde")
	wantCode(t, "looked at again", hr.post(amendments, late), http.StatusSeeOther)
	wantWords(t, hr.get("/nl/mandates/LETTER/targets/S1.1-1").Body.String(), "nog een andere streefwaarde")
}

func TestATranslationIsOfTheWordsThatWereSeen(t *testing.T) {
	o := withLetter(t)
	secretary := o.as("secretary")
	wantCode(t, "first", secretary.post(amendments, amendingForm("store", nil)), http.StatusSeeOther)
	form := url.Values{"idempotency_key": {newKey()}, "place": {"target:S1.1-1"}, "lang": {"fr"}, "words": {"une tout autre valeur cible"}}
	page := o.as("hr").get(amendments).Body.String()
	_, page, _ = strings.Cut(page, `value="target:S1.1-1"`)
	form.Set("seen", seenField.FindStringSubmatch(page)[1])
	wantCode(t, "second", secretary.post(amendments, amendingForm("store", url.Values{"nl": {"nog anders"}, "effective_on": {"23/11/2026"}})), http.StatusSeeOther)
	w := o.as("hr").post(amendments+"/translation", form)
	wantCode(t, "of former words", w, http.StatusUnprocessableEntity)
	_, page, _ = strings.Cut(w.Body.String(), `value="target:S1.1-1"`)
	form.Set("seen", seenField.FindStringSubmatch(page)[1])
	for range 2 { // a double click is one translation
		wantCode(t, "looked at again", o.as("hr").post(amendments+"/translation", form), http.StatusSeeOther)
	}
	wantWords(t, w.Body.String(), o.Catalogues.In("nl").T("amendment.translated_meanwhile"), "une tout autre valeur cible")
}

func TestAReadingIsConfirmedAsItWasSeen(t *testing.T) {
	o := withLetter(t)
	path := "/nl/mandates/LETTER/targets/S2.1-1/deadline"
	seen := o.as("director").seenOn(path)
	confirm := func(more url.Values) url.Values {
		form := url.Values{"idempotency_key": {newKey()}, "do": {"confirm"}, "choice": {"other"}, "words": {"uiterlijk 31 maart 2026"}}
		for k, v := range more {
			form[k] = v
		}
		return form
	}
	theirs := confirm(url.Values{"seen": {seen}})
	for range 2 { // a double click confirms once
		wantCode(t, "somebody else's", o.as("secretary").post(path, theirs), http.StatusSeeOther)
	}
	w := o.as("director").post(path, confirm(url.Values{"choice": {"stored"}, "words": {""}, "seen": {seen}}))
	wantCode(t, "another reading than was seen", w, http.StatusUnprocessableEntity)
	wantWords(t, w.Body.String(), o.Catalogues.In("nl").T("deadline.changed_meanwhile"), "31/03/2026")
}

// A half-year that is sealed keeps the words that it was sealed with.
func TestASealedHalfYearIsNotAmended(t *testing.T) {
	o := withLetter(t)
	secretary := o.as("secretary")
	wantCode(t, "seal", secretary.post("/nl/mandates/LETTER/monitoring/2026-H1/seal", url.Values{"idempotency_key": {newKey()}, "confirm": {"yes"}}), http.StatusSeeOther)
	w := secretary.post(amendments, amendingForm("store", url.Values{"effective_on": {"30/06/2026"}}))
	wantCode(t, "inside", w, http.StatusUnprocessableEntity)
	wantWords(t, w.Body.String(), o.Catalogues.In("nl").T("amendment.sealed"))
	wantCode(t, "after", secretary.post(amendments, amendingForm("store", url.Values{"effective_on": {"01/07/2026"}})), http.StatusSeeOther)
	sealed := secretary.get("/nl/mandates/LETTER/monitoring/2026-H1.json").Body.String()
	if strings.Contains(sealed, "een heel andere streefwaarde") {
		t.Error("the sealed table has the words of later")
	}
	wantWords(t, secretary.get("/nl/mandates/LETTER/monitoring/2026-H2.json").Body.String(), "een heel andere streefwaarde")
}

// The words of a deadline are read anew, and the reading waits for a person.
func TestAnAmendedDeadlineIsReadAnew(t *testing.T) {
	o := withLetter(t)
	secretary := o.as("secretary")
	form := amendingForm("preview", url.Values{"place": {"deadline:S1.1-1"}, "nl": {"uiterlijk 30 juni 2027"}})
	wantWords(t, secretary.post(amendments, form).Body.String(), "uiterlijk 30 juni 2027", "moet nog worden bevestigd")
	form.Set("do", "store")
	wantCode(t, "store", secretary.post(amendments, form), http.StatusSeeOther)
	page := o.as("director").get("/nl/mandates/LETTER/targets/S1.1-1").Body.String()
	wantWords(t, page, "uiterlijk 30 juni 2027", "30 juni 2027")
}

func TestUntranslatedPlacesAreFoundByLanguage(t *testing.T) {
	o := withLetter(t)
	id := value[int64](o, `SELECT id FROM mandate WHERE code = $1`, "LETTER")
	places, err := o.Store.Places(store.AsSystem(t.Context()), id)
	if err != nil || len(places) == 0 {
		t.Fatal(len(places), err)
	}
	if nl := store.Untranslated(places, "nl"); len(nl) != 0 {
		t.Errorf("%d Dutch texts are said to be missing", len(nl))
	}
}
