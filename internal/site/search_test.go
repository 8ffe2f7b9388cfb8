package site

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"jalon/internal/store"
)

var foundPlace = regexp.MustCompile(`<li><p><a class="code" href="([^"]*)"`)

// findings asks and gives the addresses of what was found.
func findings(t *testing.T, b *browser, lang, words string) (places []string) {
	t.Helper()
	w := b.get("/" + lang + "/search?q=" + url.QueryEscape(words))
	wantCode(t, words, w, http.StatusOK)
	for _, m := range foundPlace.FindAllStringSubmatch(w.Body.String(), -1) {
		places = append(places, m[1])
	}
	return places
}

func has(places []string, part string) bool {
	return strings.Contains(strings.Join(places, "\n")+"\n", part+"\n") || strings.Contains(strings.Join(places, "\n"), part+"#")
}

func TestSearchFindsWhatItsReaderMaySee(t *testing.T) {
	o := boarded(t)
	o.sql(`INSERT INTO event (mandate_id, kind, title, lang, starts_on, ends_on, place, recorded_by, recorded_at) SELECT id, 'other', 'Réception d’une délégation', 'fr', '2026-11-10', '2026-11-10', 'Liège', $1, '2026-11-01' FROM mandate WHERE code = 'LETTER'`, o.id["director"])
	o.sql(`INSERT INTO decision (mandate_id, target_id, body_id, period, kind, text, lang, due, recorded_by, recorded_at)
		SELECT g.mandate_id, g.id, b.id, '2026-07-01', 'asks', 'Waarom zo traag?', 'nl', '2026-12-31', $1, '2026-11-20' FROM target g JOIN mandate m ON m.id = g.mandate_id JOIN body b ON b.institution_id = m.institution_id AND b.code = 'DR'
		WHERE m.code = 'LETTER' AND g.code = 'S3.3-1' LIMIT 1`, o.id["secretary"])
	director, secretary, stranger, member := o.as("director"), o.as("secretary"), o.as("director2"), o.as("nobody")

	t.Run("own mandate", func(t *testing.T) {
		for words, place := range map[string]string{
			"woord S3.3-1":         "/nl/mandates/LETTER/targets/S3.3-1#entry-",
			"woor":                 "/nl/mandates/LETTER/targets/T4.7-1#entry-",
			"WOORD":                "/nl/mandates/LETTER/targets/T4.7-1#entry-",
			"trage":                "/questions/", // another ending
			"reception delegation": "/nl/mandates/LETTER/events/",
			"Liege":                "/nl/mandates/LETTER/events/",
			"Naam director":        "/nl/mandates/LETTER",
		} {
			for name, b := range map[string]*browser{"director": director, "secretary": secretary} {
				if got := findings(t, b, "nl", words); !strings.Contains(strings.Join(got, " "), place) {
					t.Errorf("%s finds with %q: %v, want %s", name, words, got, place)
				}
			}
			if got := findings(t, stranger, "nl", words); strings.Contains(strings.Join(got, " "), "LETTER") {
				t.Errorf("%q shows the holder of another mandate %v", words, got)
			}
		}
	})
	t.Run("within a longer word", func(t *testing.T) {
		for words, found := range map[string]bool{"verzuim": true, "verzuim terugdringen": true, "rzuimt": false, "verzuim delegatie": false, "verzuim twee": false} {
			got := findings(t, director, "nl", words)
			if has(got, "/nl/mandates/LETTER/targets/T2.2-1") != found {
				t.Errorf("%q: the target about ziekteverzuim among %v: want %t", words, got, found)
			}
		}
		o.sql(`INSERT INTO progress_entry (mandate_id, target_id, as_of, author_id, lang, status, achieved)
			SELECT g.mandate_id, g.id, '2026-11-15', $1, 'nl', 'on_track', 'De begeleidingsgesprekken lopen.' FROM target g JOIN mandate m ON m.id = g.mandate_id WHERE m.code = 'LETTER' AND g.code = 'S3.3-1'`, o.id["director"])
		o.sql(`INSERT INTO decision (mandate_id, target_id, body_id, period, kind, text, lang, due, recorded_by, recorded_at)
			SELECT d.mandate_id, d.target_id, d.body_id, d.period, 'asks', 'Hoe staat het met de budgetbewaking?', 'nl', d.due, d.recorded_by, d.recorded_at FROM decision d`)
		o.sql(`INSERT INTO event (mandate_id, kind, title, lang, starts_on, ends_on, place, recorded_by, recorded_at)
			SELECT m.id, 'other', w.title, w.lang, '2026-11-12', '2026-11-12', '', $1, '2026-11-01'
			FROM mandate m, (VALUES ('Ontvangst vakbondsafvaardiging', 'nl'), ('Séance d’information', 'fr')) w (title, lang) WHERE m.code = 'LETTER'`, o.id["director"])
		for words, place := range map[string]string{
			"gesprek": "/nl/mandates/LETTER/targets/S3.3-1#entry-", "gesprekken lopen": "/nl/mandates/LETTER/targets/S3.3-1#entry-",
			"bewaking": "/questions/", "afvaardiging": "/nl/mandates/LETTER/events/",
			"gesprekken vandaag": "", "formation": "", // French makes no such words
		} {
			got := strings.Join(findings(t, director, "nl", words), " ")
			if place == "" && strings.Contains(got, "/mandates/LETTER/") || !strings.Contains(got, place) {
				t.Errorf("%q finds %s, want %q", words, got, place)
			}
		}
		if page := director.get("/nl/search?q=verzuim").Body.String(); !strings.Contains(page, "iekte<mark>verzuim</mark>") {
			t.Error("the word is not marked within")
		}
	})
	t.Run("addressed", func(t *testing.T) {
		if got := findings(t, member, "nl", "woord"); len(got) > 0 {
			t.Errorf("before anything is addressed: %v", got)
		}
		o.sql(`INSERT INTO addressee (mandate_id, target_id, body_id, form, cadence, valid_from) SELECT g.mandate_id, g.id, b.id, 'table', 'half_year', '2026-01-01'
			FROM target g JOIN mandate m ON m.id = g.mandate_id JOIN body b ON b.institution_id = m.institution_id AND b.code = 'CSO' WHERE m.code = 'LETTER' AND g.code = 'S3.3-1'`)
		for _, words := range []string{"woord", "traag", "en", "partner", "Actiris"} {
			for _, place := range findings(t, member, "nl", words) {
				if !strings.Contains(place, "S3.3-1") && !strings.Contains(place, "/questions/") && place != "/nl/mandates/LETTER" {
					t.Errorf("%q shows a member of a body %s", words, place)
				}
			}
		}
		if got := findings(t, member, "nl", "woord"); !has(got, "/nl/mandates/LETTER/targets/S3.3-1") {
			t.Errorf("what is addressed is not found: %v", got)
		}
		if got := findings(t, member, "nl", "delegation"); len(got) > 0 {
			t.Errorf("an event of other targets is found: %v", got)
		}
	})
	t.Run("codes", func(t *testing.T) {
		for typed, want := range map[string]string{
			"SD3.3": "/nl/mandates/LETTER/objectives/S3#S3.3", "OS 3.3-1": "/nl/mandates/LETTER/targets/S3.3-1", "s3,3-1": "/nl/mandates/LETTER/targets/S3.3-1",
			"letter-x": "", "SD9.9": "", "LETTER S3": "",
		} {
			w := director.get("/nl/search?q=" + url.QueryEscape(typed))
			if got := w.Header().Get("Location"); got != want {
				t.Errorf("%s leads to %q, want %q", typed, got, want)
			}
		}
		if w := member.get("/nl/search?q=SD3.1-1"); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "targets/S3.1-1") {
			t.Errorf("a code leads a member of a body to what is not addressed: %d", w.Code)
		}
	})
	t.Run("indicators", func(t *testing.T) {
		follow := func(code, part, from, nl, fr string) {
			o.sql(`WITH i AS (
					INSERT INTO indicator (mandate_id, code, objective_id, target_id)
					SELECT m.id, $1, o.id, g.id FROM mandate m JOIN objective o ON o.mandate_id = m.id AND o.code = left($2, 2) LEFT JOIN target g ON g.mandate_id = m.id AND g.code = $2 WHERE m.code = 'LETTER'
					RETURNING id, mandate_id)
				INSERT INTO indicator_version (mandate_id, indicator_id, valid_from, name_nl, name_fr, unit_nl, unit_fr, direction, per, decimals, cadence, origin, recorded_by, recorded_at)
				SELECT mandate_id, id, $3, $4, $5, '', '', 'up', 0, 0, 'monthly', 'measured', $6, '2026-11-01' FROM i`, code, part, from, nl, fr, o.id["director"])
		}
		follow("S3-1", "S3.3-1", "2026-01-01", "Aardbeienoogst", "Récolte de fraises")
		follow("S3-X", "S3", "2026-11-20", "Perenoogst", "Récolte de poires")
		base := "/nl/mandates/LETTER/indicators/"
		for words, want := range map[string]string{
			"aardbeienoogst": base + "S3-1", "recolte poire": base + "S3-X", "oogst": base + "S3-1 " + base + "S3-X", "kersenoogst": "",
		} {
			for name, b := range map[string]*browser{"director": director, "secretary": secretary} {
				if got := strings.Join(findings(t, b, "nl", words), " "); got != want {
					t.Errorf("%s finds with %q: %q, want %q", name, words, got, want)
				}
			}
			if got := strings.Join(findings(t, stranger, "nl", words), " "); strings.Contains(got, "indicators") {
				t.Errorf("%q shows the holder of another mandate %s", words, got)
			}
		}
		if got := strings.Join(findings(t, member, "nl", "oogst"), " "); got != base+"S3-1" {
			t.Errorf("a member of a body finds %q, want the one of the target that goes there", got)
		}
		if w := director.get("/nl/search?asof=2026-11-15&q=oogst"); strings.Contains(w.Body.String(), "S3-X") {
			t.Error("an indicator is found before it was followed")
		}
		if w := director.get("/nl/search?q=s3-x"); w.Header().Get("Location") != base+"S3-X" {
			t.Errorf("a code leads to %q", w.Header().Get("Location"))
		}
		if got := findings(t, director, "nl", "S3-1"); !has(got, base+"S3-1") || !has(got, "/nl/mandates/LETTER/objectives/S3") {
			t.Errorf("a code that is that of a point too leads to %v", got)
		}
		wantWords(t, director.get("/fr/search?q=S3-1").Body.String(), o.Catalogues.In("fr").T("search.place.indicator"), o.Catalogues.In("fr").T("search.place.point"))
		if w := stranger.get("/nl/search?q=s3-x"); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "indicators/S3-X") {
			t.Errorf("a code leads the holder of another mandate there: %d", w.Code)
		}
	})
	t.Run("past", func(t *testing.T) {
		w := director.get("/nl/search?asof=2026-10-31&q=woord")
		if strings.Contains(w.Body.String(), "#entry-") {
			t.Error("an entry of a later day is found as of an earlier one")
		}
	})
	t.Run("statements", func(t *testing.T) {
		o.count.taken()
		secretary.get("/nl/search?q=woord")
		if all := o.count.taken(); len(all) > 3 {
			t.Errorf("%d statements: %v", len(all), all)
		}
	})
}

// Whatever somebody types or pastes, they get a page that says what to try.
func TestNoSearchIsAnError(t *testing.T) {
	o := newOffice(t)
	b := o.as("director")
	for typed, says := range map[string]string{
		"":                          "search.advice.start",
		"   ":                       "search.advice.start",
		"!?…":                       "search.advice.signs",
		"de het een":                "search.advice.stop_words",
		"dans le de la":             "search.advice.stop_words",
		"SD9.9":                     "search.advice.code",
		strings.Repeat("a", 10_000): "search.advice.nothing",
		"a & b | !c <-> (d:*)":      "search.advice.nothing",
		"'; DROP TABLE target; --":  "search.advice.nothing",
		"xyzzy\x00\x1b\x7f":         "search.advice.nothing",
		"\xff\xfe\xfd":              "search.advice.start",
		"<script>xyzzy</script>":    "search.advice.nothing",
		"xyzzy\u202e\u200b":         "search.advice.nothing",
	} {
		for lang, print := range map[string]func(string, ...any) string{"nl": catalogues().In("nl").T, "fr": catalogues().In("fr").T} {
			w := b.get("/" + lang + "/search?kind=no-kind&q=" + url.QueryEscape(typed))
			wantCode(t, typed, w, http.StatusOK)
			if body := w.Body.String(); !strings.Contains(body, print(says)) || strings.Contains(body, "<script>x") {
				t.Errorf("%s: %.60q does not say %s", lang, typed, says)
			}
		}
	}
}

// Behind a policy no index on words is used; the question of the entries must not go there.
func TestSearchOfEntriesUsesTheIndexOfTheirWords(t *testing.T) {
	o := newOffice(t)
	plan := value[string](o, `SELECT pg_get_indexdef('progress_entry_words'::regclass)`)
	if !strings.Contains(plan, "gin") {
		t.Fatal(plan)
	}
	conn, err := o.Store.Pool().Acquire(store.AsSystem(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	for _, sql := range []string{`SET ROLE none`, `SET enable_seqscan = off`} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := conn.Query(t.Context(), `EXPLAIN SELECT e.id FROM progress_entry e
		WHERE marked_words_of(e.lang, e.achieved || ' ' || e.obstacles || ' ' || e.next_steps || ' ' || e.support_asked || ' ' || e.support_of || ' ' || e.reason, e.mandate_id, e.as_of) @@ to_tsquery('simple', 'woord')`)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		all.WriteString(line + "\n")
	}
	if !strings.Contains(all.String(), "progress_entry_words") {
		t.Errorf("plan:\n%s", all.String())
	}
	_ = conn.Conn().Close(t.Context())
}
