package web_test

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"jalon/internal/bilingual"
	"jalon/internal/deadline"
	"jalon/internal/duty"
	"jalon/web"
)

// eachPage draws every sample in both languages and hands its tree to check.
func eachPage(t *testing.T, check func(t *testing.T, lang bilingual.Lang, s sample, doc *html.Node)) {
	t.Helper()
	for _, lang := range bilingual.Langs {
		for _, s := range samples(lang) {
			t.Run(s.Name+"."+string(lang), func(t *testing.T) {
				check(t, lang, s, draw(t, s))
			})
		}
	}
}

func draw(t *testing.T, s sample) *html.Node {
	t.Helper()
	var b bytes.Buffer
	if err := s.Page.Render(context.Background(), &b); err != nil {
		t.Fatalf("draw %s: %v", s.Name, err)
	}
	doc, err := html.Parse(&b)
	if err != nil {
		t.Fatalf("parse %s: %v", s.Name, err)
	}
	return doc
}

// all lists the elements with one of the names, in document order; no name means all.
func all(doc *html.Node, names ...string) []*html.Node {
	var found []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && (len(names) == 0 || slices.Contains(names, n.Data)) {
			found = append(found, n)
		}
	}
	return found
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// width is how many columns the cells of a row take.
func width(cells []*html.Node) (columns int) {
	for _, c := range cells {
		span, err := strconv.Atoi(attr(c, "colspan"))
		if err != nil {
			span = 1
		}
		columns += span
	}
	return columns
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	blank := func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' } // a no-break space stays
	return strings.Join(strings.FieldsFunc(b.String(), blank), " ")
}

func TestEveryPageSpeaksItsLanguage(t *testing.T) {
	eachPage(t, func(t *testing.T, lang bilingual.Lang, _ sample, doc *html.Node) {
		if got := attr(all(doc, "html")[0], "lang"); got != string(lang) {
			t.Errorf("html lang = %q, want %q", got, lang)
		}
		if s := text(doc); strings.Contains(s, "⟨") || strings.Contains(s, "<no value>") || strings.Contains(s, "%!") {
			at := max(strings.IndexAny(s, "⟨%"), 0)
			t.Errorf("a sentence is missing near %q", s[at:min(len(s), at+60)])
		}
		if n := len(all(doc, "h1")); n != 1 {
			t.Errorf("%d h1, want 1", n)
		}
	})
}

func TestHeadingsSkipNoLevel(t *testing.T) {
	eachPage(t, func(t *testing.T, _ bilingual.Lang, _ sample, doc *html.Node) {
		before := 0
		for _, h := range all(all(doc, "main")[0], "h1", "h2", "h3", "h4", "h5", "h6") {
			level := int(h.Data[1] - '0')
			if attr(h, "id") == "errors-title" { // the summary stands before the h1
				continue
			}
			if level > before+1 {
				t.Errorf("%s %q after a level %d", h.Data, text(h), before)
			}
			before = level
		}
	})
}

func TestEveryTableHasCaptionAndScopes(t *testing.T) {
	eachPage(t, func(t *testing.T, _ bilingual.Lang, _ sample, doc *html.Node) {
		for _, table := range all(doc, "table") {
			captions := all(table, "caption")
			if len(captions) != 1 || text(captions[0]) == "" {
				t.Fatalf("a table has %d captions, want one with words", len(captions))
			}
			for _, th := range all(table, "th") {
				if scope := attr(th, "scope"); scope != "col" && scope != "row" && (scope != "rowgroup" || th.Parent.PrevSibling != nil) {
					t.Errorf("%q: th %q has scope %q", text(captions[0]), text(th), scope)
				}
			}
			columns := len(all(all(table, "thead")[0], "th"))
			for _, row := range all(table, "tr")[1:] {
				if n := width(all(row, "th", "td")); n != columns {
					t.Errorf("%q: a row has %d cells under %d heads", text(captions[0]), n, columns)
				}
				if len(all(row, "th")) != 1 {
					t.Errorf("%q: a row without exactly one row head", text(captions[0]))
				}
				for _, td := range all(row, "td") {
					if text(td) == "" && !strings.Contains(attr(table.Parent, "class"), "source") {
						t.Errorf("%q: an empty cell says nothing", text(captions[0]))
					}
				}
			}
		}
	})
}

// The policy of the site forbids inline styles and scripts, and everything from elsewhere.
func TestNothingInlineAndNothingFromElsewhere(t *testing.T) {
	eachPage(t, func(t *testing.T, _ bilingual.Lang, _ sample, doc *html.Node) {
		for _, n := range all(doc) {
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") || a.Key == "formaction" {
					t.Errorf("<%s> carries %s", n.Data, a.Key)
				}
				proof := n.Data == "a" && attr(n, "rel") == "noopener noreferrer external" && strings.HasPrefix(a.Val, "https://") // that a person linked to
				app := n.Data == "a" && strings.HasPrefix(a.Val, "otpauth://totp/")                                                // opens the authenticator app
				if (a.Key == "href" || a.Key == "src" || a.Key == "action") && !proof && !app && (strings.Contains(a.Val, "//") || strings.HasPrefix(a.Val, "javascript:")) {
					t.Errorf("<%s %s=%q> leaves the site", n.Data, a.Key, a.Val)
				}
			}
			switch n.Data {
			case "style":
				t.Error("an inline style sheet")
			case "script":
				if !strings.HasPrefix(attr(n, "src"), web.StaticPrefix) || n.FirstChild != nil {
					t.Errorf("a script from %q", attr(n, "src"))
				}
			}
		}
	})
}

func TestEveryReferenceInsideThePageArrives(t *testing.T) {
	eachPage(t, func(t *testing.T, _ bilingual.Lang, _ sample, doc *html.Node) {
		ids := map[string]bool{}
		for _, n := range all(doc) {
			if id := attr(n, "id"); id != "" {
				if ids[id] {
					t.Errorf("id %q twice", id)
				}
				ids[id] = true
			}
		}
		for _, n := range all(doc) {
			for _, name := range []string{"for", "aria-describedby", "aria-labelledby"} {
				for _, id := range strings.Fields(attr(n, name)) {
					if !ids[id] {
						t.Errorf("<%s %s=%q> points nowhere", n.Data, name, id)
					}
				}
			}
		}
		for _, a := range all(doc, "a") {
			if id, inside := strings.CutPrefix(attr(a, "href"), "#"); inside && !ids[id] && !strings.HasPrefix(id, "line-") {
				t.Errorf("link %q to #%s points nowhere", text(a), id)
			}
		}
	})
}

func TestEveryFieldHasALabel(t *testing.T) {
	eachPage(t, func(t *testing.T, _ bilingual.Lang, _ sample, doc *html.Node) {
		labels := map[string]string{}
		for _, l := range all(doc, "label") {
			labels[attr(l, "for")] = text(l)
		}
		for _, n := range all(doc, "input", "select", "textarea") {
			if attr(n, "type") == "hidden" || has(n, "hidden") {
				continue
			}
			wrapped := n.Parent.Data == "label" && text(n.Parent) != ""
			if !wrapped && labels[attr(n, "id")] == "" {
				t.Errorf("<%s name=%q> has no label", n.Data, attr(n, "name"))
			}
		}
	})
}

// A form that writes carries a key, so that sending it twice writes once.
// Signing in and out write nothing that could be doubled; reading a letter or a list stores nothing;
// a code and a link serve once by themselves, and a mail with a link may come twice.
func TestEveryWritingFormCarriesAnIdempotencyKey(t *testing.T) {
	eachPage(t, func(t *testing.T, lang bilingual.Lang, _ sample, doc *html.Node) {
		harmless := []string{"/" + string(lang) + "/login", "/" + string(lang) + "/logout", "/" + string(lang) + "/import", "/" + string(lang) + "/mandates/ACT-A4/events/import", "/" + string(lang) + "/mandates/ACT-A4/indicators/T2-V/import", "/" + string(lang) + "/login/code", "/" + string(lang) + "/forgot", "/" + string(lang) + "/reset/x"}
		for _, form := range all(doc, "form") {
			if attr(form, "method") != "post" || slices.Contains(harmless, attr(form, "action")) {
				continue
			}
			key := slices.ContainsFunc(all(form, "input"), func(n *html.Node) bool {
				return attr(n, "name") == "idempotency_key" && attr(n, "value") != ""
			})
			if !key {
				t.Errorf("form to %s without idempotency_key", attr(form, "action"))
			}
		}
	})
}

func TestErrorsAreSaidThreeTimes(t *testing.T) {
	for _, lang := range bilingual.Langs {
		for _, s := range samples(lang) {
			if !strings.HasSuffix(s.Name, "-error") {
				continue
			}
			doc := draw(t, s)
			if title := text(all(doc, "title")[0]); !strings.HasPrefix(title, catalogues.In(lang).T("frame.error")) {
				t.Errorf("%s.%s: title %q does not begin with the word for error", s.Name, lang, title)
			}
			if !slices.ContainsFunc(all(doc), func(n *html.Node) bool { return attr(n, "role") == "alert" && len(all(n, "a")) > 0 }) {
				t.Errorf("%s.%s: no summary with links", s.Name, lang)
			}
			if !slices.ContainsFunc(all(doc), func(n *html.Node) bool {
				return attr(n, "aria-invalid") == "true" && attr(n, "aria-describedby") != ""
			}) {
				t.Errorf("%s.%s: no field is marked wrong and tied to its message", s.Name, lang)
			}
		}
	}
}

// langOf gives the language that a reader of the page hears for a node.
func langOf(n *html.Node) string {
	for ; n != nil; n = n.Parent {
		if l := attr(n, "lang"); l != "" {
			return l
		}
	}
	return ""
}

// Words that exist in Dutch only are marked as Dutch on a French page.
func TestWordsOfTheOtherLanguageAreMarked(t *testing.T) {
	dutch := []string{
		"monitoren, evalueren en zo nodig", "Partnerschappen & netwerk", "Delegaties goed ontvangen",
		"Vier van de zes modules", "Geen toegang tot de dossiers", "Protocol over gegevensdeling",
	}
	seen := map[string]bool{}
	for _, s := range samples(bilingual.FR) {
		for n := range draw(t, s).Descendants() {
			if n.Type != html.TextNode {
				continue
			}
			for _, words := range dutch {
				if strings.Contains(n.Data, words) {
					seen[words] = true
					if got := langOf(n); got != "nl" {
						t.Errorf("%s: %q stands under lang %q", s.Name, words, got)
					}
				}
			}
		}
	}
	for _, words := range dutch {
		if !seen[words] {
			t.Errorf("no sample shows %q: the test proves nothing", words)
		}
	}
}

func TestAMissingOrOutdatedTranslationSaysSo(t *testing.T) {
	p := catalogues.In(bilingual.FR)
	page := text(draw(t, sample{"mandate", web.MandatePage(sampler{bilingual.FR, p}.mandate())}))
	for _, key := range []string{"text.untranslated", "text.outdated", "text.working"} {
		if !strings.Contains(page, p.T(key)) {
			t.Errorf("the page does not say %q", p.T(key))
		}
	}
}

func TestEveryReasonOfADutyHasWords(t *testing.T) {
	for _, lang := range bilingual.Langs {
		for _, reason := range deadline.Reasons {
			if !catalogues.In(lang).Has("deadline.reason." + reason) {
				t.Errorf("%s: no words for the reason %q", lang, reason)
			}
		}
	}
}

// The title of an event is in the language of who wrote it, whatever the page is in.
func TestTheTitleOfAnEventStandsInTheLanguageItWasWrittenIn(t *testing.T) {
	s := sampler{bilingual.FR, catalogues.In(bilingual.FR)}
	for name, page := range map[string]templ.Component{"a duty": web.DutyPage(s.duty(duty.Late)), "its event": web.EventPage(s.event(false))} {
		found := false
		for _, span := range all(draw(t, sample{name, page}), "span") {
			found = found || text(span) == "Delegatie uit Riga" && attr(span, "lang") == "nl"
		}
		if !found {
			t.Errorf("%s: the Dutch title in the reason has no mark of its language", name)
		}
	}
}

// The overview puts its rows together by hand; nothing that comes from outside may become markup.
func TestOverviewEscapesWhatComesFromOutside(t *testing.T) {
	s := sampler{bilingual.NL, catalogues.In(bilingual.NL)}
	v := s.overview(1)
	evil := `"><script>alert(1)</script>`
	v.Rows[0] = web.OverviewRow{ID: evil, URL: evil, Link: evil, Title: both(evil, evil), About: web.OverviewAbout{Institution: evil, Holder: evil}, Cells: v.Rows[0].Cells}
	doc := draw(t, sample{"overview", web.OverviewPage(v)})
	for _, script := range all(doc, "script") {
		if !has(script, "src") {
			t.Fatal("a mandate's title became a script")
		}
	}
	if !strings.Contains(text(all(doc, "tbody")[0]), evil) {
		t.Error("the title is not shown as written")
	}
}

func BenchmarkOverview500(b *testing.B) {
	s := sampler{bilingual.NL, catalogues.In(bilingual.NL)}
	v := s.overview(500)
	var out bytes.Buffer
	for b.Loop() {
		out.Reset()
		if err := web.OverviewPage(v).Render(context.Background(), &out); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(out.Len()), "bytes")
}
