package site

import "strings"

// Fields of the rows that the inputs change.
const (
	rowText    = "row.S1.1-1.achieved"
	rowPercent = "row.S1.1-1.percentage"
	rowValue   = "row.S1.1-1.value"
	rowBy      = "row.S1.1-1.support_by"
)

// typedInputs are the groups U, N, D, X and L: what people type, or have typed for them.
func typedInputs() []bad {
	return append(textInputs(), valueInputs()...)
}

func textInputs() []bad {
	marks := "e" + strings.Repeat("\u0301", 300)
	return []bad{
		typed("U1", "bytes FF FE", "answer", "note", "Riga\xff\xfe", 400, "error.form.encoding"),
		typed("U2", "lone surrogate", "answer", "note", "Riga\xed\xa0\x80", 400, "error.form.encoding"),
		typed("U3", "overlong slash", "answer", "note", "Riga\xc0\xaf", 400, "error.form.encoding"),
		typed("U4", "NUL in a note", "answer", "note", "Tallinn\x00Riga", 422, "error.form.control"),
		typed("U5", "NUL in a narrative", "report", rowText, "Tallinn\x00Riga", 422, "error.form.control"),
		typed("U6", "bell", "answer", "note", "Tallinn\aRiga", 422, "error.form.control"),
		typed("U7", "escape sequence", "event", "title", "\x1b[31mTallinn", 422, "error.form.control"),
		typed("U8", "next line U+0085", "event", "title", "Tallinn\u0085Riga", 422, "error.form.control"),
		typed("U9", "right-to-left override in a title", "event", "title", "Tallinn\u202efdp.exe", 422, "error.form.control"),
		typed("U10", "isolates in a name", "person", "name", "\u2066Tallinn\u2069", 422, "error.form.control"),
		typed("U11", "right-to-left mark in a place", "event", "place", "Tallinn\u200f", 422, "error.form.control"),
		typed("U12", "zero width alone as a title", "event", "title", "\u200b\u200b\u200b", 422, "error.form.required"),
		typed("U13", "byte order mark alone as a reason", "waive", "reason", "\ufeff\ufeff", 422, "error.form.required"),
		typed("U14", "joiners alone as a note", "answer", "note", "\u200d\u200c", 422, "duty.answer.nothing"),
		typed("U15", "soft hyphens alone as a name", "person", "name", "\u00ad\u00ad", 422, "error.form.required"),
		typed("U16", "Cyrillic а in a Latin name", "person", "name", "Pаul Peeters", 422, "error.form.scripts"),
		typed("U17", "Greek ο in a Latin name", "person", "name", "Jοs Peeters", 422, "error.form.scripts"),
		typed("U18", "300 combining marks", "event", "title", marks, 422, "error.form.long"),
		typed("U19", "300 combining marks in a name", "person", "name", marks, 422, "error.form.long"),
		typed("U20", "a note of 5,001 signs", "answer", "note", strings.Repeat("ë", 5001), 422, "error.form.long"),
		typed("U21", "a narrative of 100 kB", "report", rowText, strings.Repeat("Kanarie ", 12_500), 422, "error.form.long"),
		typed("U22", "a narrative of 1 MB", "report", rowText, strings.Repeat("Kanarie ", 125_000), 422, "error.form.long"),
		typed("U23", "a narrative of 10 MB", "report", rowText, strings.Repeat("Kanarie ", 1_250_000), 413, ""),
		typed("U24", "a note of 1 MB", "answer", "note", strings.Repeat("Kanarie ", 125_000), 413, ""),
		typed("U25", "a reason of 2,001 signs", "waive", "reason", strings.Repeat("a", 2001), 422, "error.form.long"),
		typed("U26", "a title of two lines", "event", "title", "Tallinn\nRiga", 422, "error.form.control"),
		typed("U27", "a title with a tab", "event", "title", "Tallinn\tRiga", 422, "error.form.control"),
		typed("U28", "line separator U+2028 alone", "waive", "reason", "\u2028", 422, "error.form.required"),
		typed("U29", "words of a deadline with an escape", "deadline", "words", "Tallinn\x1b]0;x", 422, "error.form.control"),
		typed("U30", "words of a deadline of 501 signs", "deadline", "words", strings.Repeat("a", 501), 422, "error.form.long"),
		typed("U31", "NUL in the text of a letter", "confirm", "text", "Tallinn\x00Riga", 422, ""),
		typed("U32", "NUL in the code of an institution", "person", "scope", "ACT\x00IRIS", 422, "error.form.control"),
		typed("U33", "truncated UTF-8 at the end", "report", rowText, "Tallinn \xe2\x82", 400, "error.form.encoding"),
		typed("U34", "above U+10FFFF", "event", "title", "Riga\xf4\x90\x80\x80", 400, "error.form.encoding"),
		typed("U35", "tag characters alone as a title", "event", "title", "\U000E0041\U000E0042", 422, "error.form.required"),
		typed("U36", "Hangul filler alone as a title", "event", "title", "\u3164\u3164", 422, "error.form.required"),
		typed("U37", "Braille blank alone as a name", "person", "name", "\u2800\u2800", 422, "error.form.required"),
		typed("U38", "a password with NUL", "password", "new", "kasteel-vijver\x00lantaarn", 422, "error.form.control"),

		typed("L1", "line end in an address", "person", "email", "a@b.be\r\nBcc: x@y.example", 422, "error.form.control"),
		typed("L2", "an address of 400 signs", "person", "email", strings.Repeat("a", 390)+"@jalon.be", 422, "error.form.long"),
		typed("L3", "quoted address", "person", "email", `"a b"@jalon.example`, 422, "error.form.email"),
		typed("L4", "address with a name", "person", "email", "An <an@jalon.example>", 422, "error.form.email"),
		typed("L5", "address beyond ASCII", "person", "email", "é@ü.example", 422, "error.form.email"),
		typed("L6", "two addresses", "person", "email", "an@jalon.example,piet@jalon.example", 422, "error.form.email"),
		typed("L7", "no address", "person", "email", "jalon.example", 422, "error.form.email"),
		typed("L8", "sign-in name with a line end", "login", "email", "kanarie\n{\"level\":\"INFO\"}", 422, "error.form.control"),
		typed("L9", "sign-in name with ANSI", "login", "email", "\x1b[2Jkanarie@jalon.example", 422, "error.form.control"),
		typed("L10", "an address that exists", "person", "email", "director@jalon.example", 422, "people.exists"),
	}
}

func valueInputs() []bad {
	number := func(id, typedValue string, key string) bad {
		return typed(id, "the value "+cut(typedValue), "report", rowValue, typedValue, 422, key)
	}
	percent := func(id, typedValue string, key string) bad {
		return typed(id, "the percentage "+cut(typedValue), "report", rowPercent, typedValue, 422, key)
	}
	day := func(id, typedValue, key string) bad {
		return typed(id, "the day "+cut(typedValue), "answer", "done_on", typedValue, 422, key)
	}
	people := func(id, typedValue string) bad {
		return typed(id, cut(typedValue)+" participants", "event", "participants", typedValue, 422, "event.participants_wrong")
	}
	return []bad{
		number("N1", "NaN", "error.number.invalid"), number("N2", "Infinity", "error.number.invalid"), number("N3", "-Inf", "error.number.invalid"),
		number("N4", "1e3", "error.number.invalid"), number("N5", "0x10", "error.number.invalid"), number("N6", "0x1p4", "error.number.invalid"),
		number("N7", "1_000", "error.number.invalid"), number("N8", "١٢", "error.number.invalid"), number("N9", "１２", "error.number.invalid"),
		number("N10", "½", "error.number.invalid"), number("N11", strings.Repeat("9", 400), "error.number.long"), number("N12", ",", "error.number.invalid"),
		number("N13", "1.23.4", "error.number.invalid"), number("N14", "12,34,5", "error.number.invalid"), number("N15", "1.2345,6", "error.number.invalid"),
		number("N16", "1.234", "error.number.ambiguous"), number("N17", "--1", "error.number.invalid"), number("N18", "+5", "error.number.invalid"),
		number("N19", "12 euro", "error.number.invalid"), number("N20", "0b11", "error.number.invalid"), number("N21", "5\u2212", "error.number.invalid"),
		percent("N22", "-1", "report.error.percentage"), percent("N23", "101", "report.error.percentage"), percent("N24", "99,0001", "report.error.percentage"),
		percent("N25", "1e2", "error.number.invalid"), percent("N26", "50 %%", "error.number.invalid"),
		people("N27", "0"), people("N28", "-1"), people("N29", "1,5"), people("N30", "9223372036854775808"), people("N31", "1e3"), people("N32", "١٢"),
		people("N33", "1000001"), people("N34", "NaN"), people("N35", "2147483648"),

		day("D1", "31/02/2026", "error.date.invalid"), day("D2", "29/02/2023", "error.date.invalid"), day("D3", "2026-02-31", "error.date.invalid"),
		day("D4", "01/01/0000", "error.date.invalid"), day("D5", "01/01/9999", "error.date.invalid"), day("D6", "01/01/10000", "error.date.invalid"),
		day("D7", "03/04/26", "error.date.short_year"), day("D8", "2026-13-01", "error.date.invalid"), day("D9", "2026-06-30T23:59:59Z", "error.date.invalid"),
		day("D10", "25/11/2026", "duty.answer.future"), day("D11", "32/01/2026", "error.date.invalid"), day("D12", "00/01/2026", "error.date.invalid"),
		day("D13", "1989-12-31", "error.date.invalid"), day("D14", "٠١/٠٢/٢٠٢٦", "error.date.invalid"), day("D15", "", "error.form.required"),
		day("D16", "gisteren", "error.date.invalid"), day("D17", "13/10/2026'--", "error.date.invalid"),
		typed("D18", "ends before it begins", "event", "until", "19/10/2026", 422, "event.reversed"),
		typed("D19", "an event of four years", "event", "until", "19/10/2030", 422, "event.too_long"),
		typed("D20", "support by the 31st of June", "report", rowBy, "31/06/2026", 422, "error.date.invalid"),
		typed("D21", "day before month of the United States", "event", "from", "10/20/2026", 422, "error.date.invalid"),

		typed("X1", "script as a link", "answer", "link", "javascript:alert(1)", 422, "duty.answer.link"),
		typed("X2", "data address as a link", "answer", "link", "data:text/html,<script>alert(1)</script>", 422, "duty.answer.link"),
		typed("X3", "address without a scheme", "answer", "link", "//evil.example/x", 422, "duty.answer.link"),
		typed("X4", "password in a link", "answer", "link", "https://an:geheim@evil.example/", 422, "duty.answer.link"),
		typed("X5", "plain http", "answer", "link", "http://evil.example/", 422, "duty.answer.link"),
		typed("X6", "file address", "answer", "link", "file:///etc/passwd", 422, "duty.answer.link"),
		typed("X7", "script split by a tab", "answer", "link", "java\tscript:alert(1)", 422, "error.form.control"),
		typed("X8", "a role that is not offered", "person", "role", "holder", 422, "error.form.choice"),
		typed("X9", "SQL as a role", "grant", "grant_role", "secretary'; DROP TABLE person;--", 422, "error.form.choice"),
		typed("X10", "SQL as a person", "grant", "person", "1 OR 1=1", 422, "error.form.choice"),
		typed("X11", "SQL as an institution", "grant", "grant_scope", "ACTIRIS' OR 'a'='a", 422, "error.form.choice"),
		typed("X12", "a status that is not offered", "report", "row.S1.1-1.status", "<b>late</b>", 422, "report.error.status"),
		typed("X13", "a derived status", "report", "row.S1.1-1.status", "not_reported", 422, "report.error.status"),
		typed("X14", "markup as a language", "preferences", "lang", "<script>", 422, "error.form.choice"),
		typed("X15", "markup as a kind of event", "event", "kind", "<script>alert(1)</script>", 400, "error.form.field"),
	}
}

func cut(s string) string {
	if r := []rune(s); len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return s
}
