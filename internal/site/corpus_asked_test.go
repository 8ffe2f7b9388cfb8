package site

import (
	"net/http"
	"net/url"
	"strings"
)

// asked200 is a request without a form.
func asked200(id, what, who, path string) bad {
	return ask(id, what, who, http.MethodGet, path, 200, "")
}

func ask(id, what, who, method, path string, code int, key string, change ...func(*http.Request)) bad {
	return bad{id: id, what: what, who: who, code: code, key: key, request: func(c *corpus, lang string) *http.Request {
		r := c.request(method, c.at(lang, path), "", "")
		for _, ch := range change {
			ch(r)
		}
		return r
	}}
}

// sentAs is a form sent as it is, with another content type or other bytes.
func sentAs(id, what, form, media, body string, code int, key string, change ...func(*http.Request)) bad {
	f := corpusForms[form]
	return bad{id: id, what: what, who: f.who, code: code, key: key, request: func(c *corpus, lang string) *http.Request {
		r := c.request(http.MethodPost, c.at(lang, f.path), media, body)
		for _, ch := range change {
			ch(r)
		}
		return r
	}}
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func without(name string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Del(name) }
}

func host(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }

func cookie(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Add("Cookie", name+"="+value) }
}

// askedInputs are the groups R, C, I, S and G: requests that no page of ours sends.
func askedInputs() []bad {
	all := append(formInputs(), foreignInputs()...)
	return append(all, sessionInputs()...)
}

func formInputs() []bad {
	const key = "idempotency_key=0b8d1d9e-6c1a-4f57-9e65-0c2ad0b7d1aa"
	const answer = key + "&done_on=13/10/2026&note=" + canary
	return []bad{
		sentAs("R1", "a field twice", "answer", urlencoded, answer+"&note=b", 400, "error.form.field"),
		sentAs("R2", "role=admin", "answer", urlencoded, answer+"&role=admin", 400, "error.form.field"),
		sentAs("R3", "a day of recording", "answer", urlencoded, answer+"&recorded_at=2020-01-01", 400, "error.form.field"),
		sentAs("R4", "another author", "answer", urlencoded, answer+"&author_id=1", 400, "error.form.field"),
		sentAs("R5", "another mandate", "answer", urlencoded, answer+"&mandate_id=1", 400, "error.form.field"),
		sentAs("R6", "an array", "answer", urlencoded, key+"&done_on=13/10/2026&note[]=a", 400, "error.form.field"),
		sentAs("R7", "nested fields", "answer", urlencoded, answer+"&filter[a][b]=c", 400, "error.form.field"),
		sentAs("R8", "no body", "answer", urlencoded, "", 400, "error.form.key"),
		sentAs("R9", "10,001 parameters", "answer", urlencoded, strings.Repeat("a=1&", 10_001), 413, ""),
		sentAs("R10", "a broken escape", "answer", urlencoded, key+"&note=%zz", 400, "error.form.field"),
		sentAs("R11", "a semicolon", "answer", urlencoded, key+"&note=1;done_on=2", 400, "error.form.field"),
		sentAs("R12", "JSON", "answer", "application/json", `{"note":"`+canary+`"}`, 415, ""),
		sentAs("R13", "plain text", "answer", "text/plain", answer, 415, ""),
		sentAs("R14", "no content type", "answer", "", answer, 415, ""),
		sentAs("R15", "XML", "answer", "application/xml", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`, 415, ""),
		sentAs("R16", "multipart without a boundary", "confirm", "multipart/form-data", answer, 415, ""),
		sentAs("R17", "a content type that is none", "answer", "application/x-www-form-urlencoded;;", answer, 415, ""),
		sentAs("R18", "two content types", "answer", "application/x-www-form-urlencoded, text/plain", answer, 415, ""),
		sentAs("R19", "a packed body", "answer", urlencoded, "\x1f\x8b\x08\x00\x00", 400, "", header("Content-Encoding", "gzip")),
		sentAs("R20", "no key", "answer", urlencoded, "done_on=13/10/2026&note="+canary, 400, "error.form.key"),
		sentAs("R21", "a key that is none", "answer", urlencoded, "idempotency_key=1&done_on=13/10/2026&note="+canary, 400, "error.form.key"),
		sentAs("R22", "a key of 5 kB", "answer", urlencoded, "idempotency_key="+strings.Repeat("a", 5000)+"&done_on=13/10/2026&note=x", 400, "error.form.key"),
		sentAs("R23", "2,500 rows of a report", "report", urlencoded, rowsOf(2500), 413, ""),
		sentAs("R24", "a row of no target", "report", urlencoded, key+"&do=report&row.S9.9-9.version=0&row.S9.9-9.status=on_track", 400, "error.form.field"),
		sentAs("R25", "a row without its version", "report", urlencoded, key+"&do=report&row.S1.1-1.status=on_track", 400, "error.form.field"),
		sentAs("R26", "a negative version", "report", urlencoded, key+"&do=report&row.S1.1-1.version=-1&row.S1.1-1.status=on_track", 400, "error.form.field"),
		sentAs("R27", "a version beyond 64 bits", "report", urlencoded, key+"&do=report&row.S1.1-1.version=9223372036854775808&row.S1.1-1.status=on_track", 400, "error.form.field"),
		sentAs("R28", "a version beyond 32 bits", "report", urlencoded, key+"&do=draft&row.S1.1-1.version=4294967296&row.S1.1-1.status=on_track", 400, "error.form.field"),
		sentAs("R29", "a report without rows", "report", urlencoded, key+"&do=report", 422, "report.nothing_filled"),
		sentAs("R30", "a field name of 200 signs", "answer", urlencoded, answer+"&"+strings.Repeat("n", 200)+"=1", 400, "error.form.field"),
		sentAs("R31", "a field name with a line end", "answer", urlencoded, answer+"&note%0Ax=1", 400, "error.form.field"),
		sentAs("R32", "__proto__", "answer", urlencoded, answer+"&__proto__=1", 400, "error.form.field"),
		sentAs("R33", "method override in the form", "answer", urlencoded, answer+"&_method=DELETE", 400, "error.form.field"),
		sentAs("R34", "a person of 21 digits", "grant", urlencoded, key+"&grant_role=secretary&person=999999999999999999999", 422, "error.form.long"),
		sentAs("R35", "a person who does not exist", "grant", urlencoded, key+"&grant_role=secretary&grant_scope=*&grant_from=24/11/2026&person=999999", 422, "error.form.choice"),
		sentAs("R36", "the fields in the query", "answer", urlencoded, "", 400, "error.form.key", func(r *http.Request) { r.URL.RawQuery = answer }),
		ask("R37", "an as-of day that does not exist", "director", "GET", "/mandates/LETTER?asof=2026-02-31", 400, "problem.detail.asof"),
		ask("R38", "an as-of day to come", "director", "GET", "/mandates/LETTER?asof=2026-11-25", 400, "problem.detail.asof"),
		ask("R39", "an as-of day that is none", "director", "GET", "/mandates/LETTER?asof=%27%20OR%201=1--", 400, "problem.detail.asof"),
		ask("R40", "two as-of days", "director", "GET", "/mandates/LETTER?asof=2026-01-01&asof=2025-01-01", 400, "problem.detail.asof"),
		ask("R41", "an as-of day of the year 0", "director", "GET", "/mandates/LETTER?asof=0000-00-00", 400, "problem.detail.asof"),
		ask("R42", "an as-of day of 5 kB", "director", "GET", "/mandates/LETTER?asof="+strings.Repeat("1", 5000), 400, "problem.detail.asof"),
		ask("R43", "NUL in the query", "director", "GET", "/overview?x=%00", 400, "error.form.encoding"),
		ask("R44", "broken UTF-8 in the query", "director", "GET", "/mandates?x=%ff%fe", 400, "error.form.encoding"),
		ask("R45", "a line end in the query", "director", "GET", "/due?x=a%0d%0aSet-Cookie:%20b", 400, "error.form.encoding"),
		ask("R46", "a broken escape in the query", "director", "GET", "/due?x=%zz", 400, ""),
		ask("R47", "month 13", "director", "GET", "/calendar?month=2026-13", 400, "problem.detail.month"),
		ask("R48", "month 0000-00", "director", "GET", "/calendar?month=0000-00", 400, "problem.detail.month"),
		ask("R49", "an unknown state", "director", "GET", "/calendar?state=%27;drop", 400, ""),
		ask("R50", "SQL as a sort", "committee", "GET", "/overview?sort=%27%20OR%201=1--", 400, ""),
		ask("R51", "an unknown kind of event", "director", "GET", "/mandates/LETTER/events?kind=%3Cscript%3E", 400, ""),
		ask("R52", "a half-year of 30 digits", "director", "GET", "/mandates/LETTER/report/"+strings.Repeat("9", 30)+"-H1", 404, ""),
		ask("R53", "half-year 0000-H1", "director", "GET", "/mandates/LETTER/report/0000-H1", 404, ""),
		ask("R54", "half-year H3", "director", "GET", "/mandates/LETTER/monitoring/2026-H3", 404, ""),
		ask("R55", "a half-year to come", "director", "GET", "/mandates/LETTER/report/2099-H1", 404, "report.not_begun"),
		ask("R56", "an export in a form that is none", "director", "GET", "/mandates/LETTER/monitoring/2026-H2.exe", 404, ""),
	}
}

func rowsOf(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("row.S1.1-" + string(rune('0'+i%10)) + strings.Repeat("1", i/100) + "." + "f" + strings.Repeat("x", i%100) + "=1&")
	}
	return b.String()
}

// foreignInputs are the groups C and I: requests of another site, other methods and hosts, objects of others.
func foreignInputs() []bad {
	const answer = "idempotency_key=0b8d1d9e-6c1a-4f57-9e65-0c2ad0b7d1ab&done_on=13/10/2026&note=" + canary
	const elsewhere = "problem.detail.cross_origin"
	evil := "https://evil.example"
	return []bad{
		sentAs("C1", "says nothing of where it comes from", "answer", urlencoded, answer, 403, elsewhere, without("Sec-Fetch-Site")),
		sentAs("C2", "same-site", "answer", urlencoded, answer, 403, elsewhere, header("Sec-Fetch-Site", "same-site")),
		sentAs("C3", "cross-site", "answer", urlencoded, answer, 403, elsewhere, header("Sec-Fetch-Site", "cross-site")),
		sentAs("C4", "origin null", "answer", urlencoded, answer, 403, elsewhere, without("Sec-Fetch-Site"), header("Origin", "null")),
		sentAs("C5", "foreign origin", "answer", urlencoded, answer, 403, elsewhere, without("Sec-Fetch-Site"), header("Origin", evil)),
		ask("C6", "GET on a form", "director", "GET", "/mandates/{m}/duties/{duty}/answer", 405, ""),
		ask("C7", "PUT", "director", "PUT", "/due", 405, ""),
		ask("C8", "TRACE", "director", "TRACE", "/due", 405, ""),
		ask("C9", "an invented method", "director", "FOO", "/due", 405, ""),
		ask("C10", "DELETE on a person", "admin", "DELETE", "/admin/people", 405, ""),
		ask("C11", "PATCH on a person", "admin", "PATCH", "/admin/people/{person}/disable", 405, ""),
		ask("C12", "method override in a header", "director", "GET", "/mandates/{m}/duties/{duty}/answer", 405, "", header("X-HTTP-Method-Override", "POST")),
		ask("C13", "a foreign host", "director", "GET", "/due", 421, "", host("evil.example")),
		ask("C14", "our host as a part of another", "director", "GET", "/due", 421, "", host("jalon.example.evil.example")),
		ask("C15", "our host with another port", "director", "GET", "/due", 421, "", host("jalon.example:8443")),
		ask("C16", "no host", "director", "GET", "/due", 421, "", host("")),
		asked200h("C17", "a forwarded host", "director", "/due", header("X-Forwarded-Host", "evil.example")),
		asked200h("C18", "a forwarded scheme and path", "director", "/due", header("X-Forwarded-Proto", "javascript"), header("X-Original-URL", "/nl/admin/people"), header("X-Rewrite-URL", "/nl/admin/people")),
		asked200h("C19", "a forged address", "director", "/due", header("X-Forwarded-For", "127.0.0.1, ' OR 1=1"), header("X-Real-IP", "::1"), header("Forwarded", "for=evil")),
		asked200h("C20", "a range of bytes", "director", "/due", header("Range", "bytes=0-18446744073709551615")),
		asked200h("C21", "a date that is none", "director", "/mandates/{m}", header("If-Modified-Since", "never"), header("If-None-Match", strings.Repeat(`"x",`, 2000))),
		asked200h("C22", "a name of a browser with a line end and ANSI", "director", "/due", header("User-Agent", "\x1b[31mKanarievogel\\n{\"level\":\"ERROR\"}")),
		asked200h("C23", "a request number of another", "director", "/due", header("X-Request-Id", canary)),
		asked200h("C24", "an unknown packing", "director", "/due", header("Accept-Encoding", "br;q=abc, *;q=0, gzip;q=99")),
		asked200h("C25", "a debugger's headers", "director", "/due", header("X-Debug", "1"), header("Trailer", "x"), header("Expect", "100-continue")),

		ask("I1", "a mandate that does not exist", "director", "GET", "/mandates/NERGENS", 404, ""),
		ask("I2", "the mandate of another", "director", "GET", "/mandates/ELDERS-A4", 404, ""),
		ask("I3", "a report of another's mandate", "director", "GET", "/mandates/ELDERS-A4/report/2026-H2", 404, ""),
		ask("I4", "the duty under another mandate", "director2", "GET", "/mandates/ELDERS-A4/duties/{duty}", 404, ""),
		ask("I5", "the event under another mandate", "director2", "GET", "/mandates/ELDERS-A4/events/{event}", 404, ""),
		ask("I6", "an event of number 0", "director", "GET", "/mandates/{m}/events/0", 404, ""),
		ask("I7", "an event of number -1", "director", "GET", "/mandates/{m}/events/-1", 404, ""),
		ask("I8", "an event beyond 64 bits", "director", "GET", "/mandates/{m}/events/99999999999999999999", 404, ""),
		ask("I9", "an event with SQL", "director", "GET", "/mandates/{m}/events/1%27--", 404, ""),
		ask("I10", "a duty that is none", "director", "GET", "/mandates/{m}/duties/x", 404, ""),
		ask("I11", "a duty of a day that does not exist", "director", "GET", "/mandates/{m}/duties/1.0.0.date.2026-02-31", 404, ""),
		ask("I12", "a duty of 5 kB", "director", "GET", "/mandates/{m}/duties/"+strings.Repeat("1.", 2500)+"2026-12-31", 404, ""),
		ask("I13", "a mandate of 300 signs", "director", "GET", "/mandates/"+strings.Repeat("A", 300), 404, ""),
		ask("I14", "a mandate of one quote", "director", "GET", "/mandates/%27", 404, ""),
		ask("I15", "a mandate with NUL", "director", "GET", "/mandates/LETTER%00", 404, ""),
		ask("I16", "a mandate with broken UTF-8", "director", "GET", "/mandates/%ff%fe", 404, ""),
		ask("I17", "a slash that is escaped", "director", "GET", "/mandates/..%2f..%2fetc%2fpasswd", 404, ""),
		ask("I18", "steps up", "director", "GET", "/mandates/../../../etc/passwd", 404, ""),
		ask("I19", "steps up, escaped", "director", "GET", "/mandates/%2e%2e/%2e%2e/etc/passwd", 404, ""),
		ask("I20", "steps up with backslashes", "director", "GET", `/mandates/..%5c..%5cetc`, 404, ""),
		ask("I21", "two slashes", "director", "GET", "//mandates//LETTER", 404, ""),
		ask("I22", "a target that does not exist", "director", "GET", "/mandates/{m}/targets/S9.9-9", 404, ""),
		ask("I23", "a target of 1,000 digits", "director", "GET", "/mandates/{m}/targets/S"+strings.Repeat("1", 1000), 404, ""),
		ask("I24", "lower case and a dot", "director", "GET", "/mandates/letter.", 404, ""),
		sentTo("I25", "an answer under another's mandate", "director2", "/mandates/{m}/duties/{duty}/answer", answer, 404),
		sentTo("I26", "an event of another is cancelled", "director2", "/mandates/{m}/events/{event}/cancel", "idempotency_key=0b8d1d9e-6c1a-4f57-9e65-0c2ad0b7d1ac", 404),
		sentTo("I27", "the holder waives", "director", "/mandates/{m}/duties/{duty}/waive", "idempotency_key=0b8d1d9e-6c1a-4f57-9e65-0c2ad0b7d1ad&reason="+canary, 403),
		sentTo("I28", "the committee reports", "committee", "/mandates/{m}/report/{p}", "do=draft", 403),
		sentTo("I29", "a person who does not exist is disabled", "admin", "/admin/people/999999/disable", "idempotency_key=0b8d1d9e-6c1a-4f57-9e65-0c2ad0b7d1ae", 404),
		sentTo("I30", "a person of number 1e3 is disabled", "admin", "/admin/people/1e3/disable", "idempotency_key=0b8d1d9e-6c1a-4f57-9e65-0c2ad0b7d1af", 404),
		sentTo("I31", "a grant of another is revoked", "admin", "/admin/people/{person}/revoke/1", "idempotency_key=0b8d1d9e-6c1a-4f57-9e65-0c2ad0b7d1b0", 404),
		ask("I32", "the administrator reads a mandate", "admin", "GET", "/mandates/{m}", 403, ""),
	}
}

func asked200h(id, what, who, path string, change ...func(*http.Request)) bad {
	return ask(id, what, who, http.MethodGet, path, 200, "", change...)
}

func sentTo(id, what, who, path, body string, code int) bad {
	return bad{id: id, what: what, who: who, code: code, request: func(c *corpus, lang string) *http.Request {
		return c.request(http.MethodPost, c.at(lang, path), urlencoded, body)
	}}
}

// sessionInputs are the groups S and G: sessions, passwords, where a sign-in leads to, languages.
func sessionInputs() []bad {
	back := func(id, where string) bad {
		b := typed(id, "return to "+cut(where), "login", "return", where, 422, "login.failed")
		b.field = "email"
		return b
	}
	const answer = "idempotency_key=0b8d1d9e-6c1a-4f57-9e65-0c2ad0b7d1b1&done_on=13/10/2026&note=" + canary
	stranger := func(id, what, token string, code int) bad {
		b := sentTo(id, what, "", "/mandates/{m}/duties/{duty}/answer", answer, code)
		plain := b.request
		b.request = func(c *corpus, lang string) *http.Request {
			r := plain(c, lang)
			cookie(sessionCookie, token)(r)
			return r
		}
		return b
	}
	kept := stranger("S1", "a form after the session has ended", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 403)
	kept.key, kept.kept = "signin.ended_kept", "Kanarievogel"
	return []bad{
		kept,
		sentTo("S2", "a form of somebody who is not signed in", "", "/mandates/{m}/duties/{duty}/answer", answer, 303),
		ask("S3", "a page with a forged session", "", "GET", "/due", 303, "", cookie(sessionCookie, "forged")),
		ask("S4", "a cookie of 8 kB", "", "GET", "/due", 303, "", cookie(sessionCookie, strings.Repeat("A", 8000))),
		asked200h("S5", "200 cookies", "", "/login", cookie("x", strings.Repeat("1; x=", 200)+"1")),
		asked200h("S6", "a cookie with control characters", "", "/login", header("Cookie", sessionCookie+"=\x01\x02; =; ;;")),
		asked200h("S7", "a forged notice", "", "/login", cookie(noticeCookie, "eyJrIjoiZG9uZSIsInMiOiI8c2NyaXB0PiJ9")),
		typed("S8", "a password of 10,000 signs", "login", "password", strings.Repeat("k", 10_000), 422, "signin.password.long"),
		typed("S9", "a password with NUL", "login", "password", "kasteel\x00vijver", 422, "error.form.control"),
		typed("S10", "no password", "login", "password", "", 422, "error.form.required"),
		typed("S11", "SQL as an account", "login", "email", "' OR '1'='1' --", 422, "login.failed"),
		typed("S12", "a common password", "password", "new", "password1234", 422, "signin.password.common"),
		typed("S13", "a short password", "password", "new", "kasteel", 422, "signin.password.short"),
		typed("S14", "the old password is wrong", "password", "old", "kasteel-vijver-verkeerd", 422, "signin.password.wrong"),
		typed("S15", "the new password twice, differently", "password", "again", "nieuw-kasteel-vijver-8", 422, "signin.password.differs"),
		back("S16", "//evil.example"), back("S17", `/\evil.example`), back("S18", "/\t/evil.example"), back("S19", "https:evil.example"),
		back("S20", "https://evil.example/nl/due"), back("S21", `\\evil.example`), back("S22", "/%2f evil.example"), back("S23", "javascript:alert(1)"),
		back("S24", "/nl/"+strings.Repeat("a", 5000)), back("S25", "/nl/due\r\nSet-Cookie: a=b"), back("S26", "/nl/../../evil"),
		keptForm("S27", "a form kept for another site", "https://evil.example/x"),
		keptForm("S28", "a form kept for no page of ours", "/nl/nothing"),

		asked200h("G1", "a language that nobody speaks", "", "/login", header("Accept-Language", "xx,*;q=0")),
		asked200h("G2", "10 kB of languages", "", "/login", header("Accept-Language", strings.Repeat("xx-yy;q=0.1,", 850))),
		asked200h("G3", "a language cookie with steps up", "", "/login", cookie(langCookie, "../../nl")),
		asked200("G4", "a language in the query", "", "/login?lang=../nl"),
		asked200("G5", "German in the query", "", "/login?lang=de"),
		{id: "G6", what: "German in the address", code: 404, request: func(c *corpus, lang string) *http.Request {
			r := c.request(http.MethodGet, "/de/login", "", "")
			cookie(langCookie, lang)(r)
			return r
		}},
		{id: "G7", what: "no language in the address", code: 404, request: func(c *corpus, lang string) *http.Request {
			r := c.request(http.MethodGet, "/mandates/LETTER", "", "")
			r.Header.Set("Accept-Language", lang)
			return r
		}},
	}
}

// keptForm signs in wrongly with a form that was carried along to somewhere else.
func keptForm(id, what, to string) bad {
	b := typed(id, what, "login", "kept_to", to, 422, "login.failed")
	b.field = "email"
	plain := b.request
	b.request = func(c *corpus, lang string) *http.Request {
		body := url.Values{"email": {"kanarievogel@jalon.example"}, "password": {"verkeerd-wachtwoord-99"}, "kept": {"note=" + url.QueryEscape(canary)}, "kept_to": {to}}
		r := plain(c, lang)
		return c.request(http.MethodPost, r.URL.Path, urlencoded, body.Encode())
	}
	return b
}
