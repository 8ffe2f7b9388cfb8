package site

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"jalon/internal/evidence"
)

// fileInputs are the groups P and F: names and contents of files. What the
// judgement of a file refuses is a table of its own, in evidence/judge_test.go;
// here is what a person is told.
func fileInputs() []bad {
	types := zipPart{"[Content_Types].xml", `<Types><Override ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`}
	docx := func(more ...zipPart) []byte {
		return zipped(append([]zipPart{types, {"_rels/.rels", "<a/>"}}, more...)...)
	}
	many := make([]zipPart, 10_000)
	for i := range many {
		many[i].name = fmt.Sprintf("word/%d.bin", i)
	}
	external := zipPart{"word/_rels/document.xml.rels", `<R><Relationship Type="x/attachedTemplate" Target="http://169.254.169.254/" TargetMode="External"/></R>`}
	laughs := zipPart{"word/document.xml", `<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>`}
	var picture bytes.Buffer
	_ = png.Encode(&picture, image.NewGray(image.Rect(0, 0, 64, 64))) // a buffer takes everything
	all := []bad{
		file("P1", "a name with steps up and no kind", "../../etc/passwd", []byte("root:x:0:0"), "unsupported"),
		file("P2", "a device of Windows", `..\..\CON`, []byte("x"), "unsupported"),
		file("P3", "a hidden file", ".htaccess", []byte("Deny from all"), "unsupported"),
		file("P4", "two extensions", "verslag.pdf.exe", []byte(smallPDF), "unsupported"),
		file("P5", "an extension turned round", "verslag\u202efdp.exe", []byte(smallPDF), "unsupported"),
		file("P6", "a name of 5,000 signs", strings.Repeat("a", 5000)+".exe", []byte("x"), "unsupported"),
		file("P7", "a name of nothing", "...", []byte("x"), "unsupported"),
		file("P8", "markup in a name", "<script>alert(1)</script>.html", []byte("x"), "unsupported"),
		file("F1", "a zip bomb", "bom.docx", docx(zipPart{"word/a.bin", strings.Repeat("\x00", 120<<20)}), "unpacks"),
		file("F2", "an outer document type", "x.docx", docx(zipPart{"word/document.xml", `<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>`}), "doctype"),
		file("F3", "a billion laughs", "x.docx", docx(laughs), "doctype"),
		file("F4", "a template elsewhere", "x.docx", docx(external), "fetches"),
		file("F5", "a part with steps up", "x.docx", docx(zipPart{"../../x", "a"}), "damaged"),
		file("F6", "a part twice", "x.docx", docx(zipPart{"_RELS/.rels", "a"}), "damaged"),
		file("F7", "10,000 parts", "x.docx", docx(many...), "unpacks"),
		file("F8", "a macro", "x.docx", docx(zipPart{"word/vbaProject.bin", "a"}), "macros"),
		file("F9", "text named pdf", "x.pdf", []byte("Neem twee eieren."), "other_kind"),
		file("F10", "a pdf behind 2 kB of junk", "x.pdf", []byte(strings.Repeat("x", 2048)+smallPDF), "other_kind"),
		file("F11", "an SVG", "x.svg", []byte(`<svg onload="alert(1)"/>`), "unsupported"),
		file("F12", "HTML named txt", "x.txt", []byte(`<html><script>alert(1)</script>`), "other_kind"),
		file("F13", "a GIF that is a script", "x.gif", []byte("GIF89a<script>alert(1)</script>"), "unsupported"),
		file("F14", "a pdf that is a zip", "x.pdf", append([]byte(smallPDF), docx()...), "more_behind"),
		file("F15", "a picture cut off", "x.png", picture.Bytes()[:60], "incomplete"),
		file("F16", "a picture with more behind", "x.png", append(bytes.Clone(picture.Bytes()), "<?php"...), "more_behind"),
		file("F17", "nothing", "x.pdf", nil, "empty"),
		file("F18", "25 MB and one byte", "x.txt", bytes.Repeat([]byte("a"), evidence.MaxSize+1), "too_large"),
		file("F19", "an old Word file with a password", "x.docx", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"+strings.Repeat("\x00", 99)+utf16("EncryptedPackage")), "encrypted"),
		file("F20", "a workbook named docx", "x.docx", zipped(zipPart{"[Content_Types].xml", strings.ReplaceAll(types.text, "wordprocessingml.document", "spreadsheetml.sheet")}, zipPart{"_rels/.rels", "<a/>"}), "other_kind"),
		uploaded("F21", "six files", "file", 400, "error.form.field", sentFile{"a.pdf", nil}, sentFile{"b.pdf", nil}, sentFile{"c.pdf", nil}, sentFile{"d.pdf", nil}, sentFile{"e.pdf", nil}, sentFile{"f.pdf", nil}),
		uploaded("F22", "60 MB at once", "file", 413, "", sentFile{"a.txt", bytes.Repeat([]byte("a"), 30<<20)}, sentFile{"b.txt", bytes.Repeat([]byte("a"), 30<<20)}),
		uploaded("F23", "a file in a field of text", "note", 400, "error.form.field", sentFile{"a.pdf", []byte(smallPDF)}),
		uploaded("F24", "a file in a field that is none", "../file", 400, "error.form.field", sentFile{"a.pdf", []byte(smallPDF)}),
		sentAs("F25", "multipart without a boundary", "answer", "multipart/form-data", "x", 400, ""),
		sentAs("F26", "multipart that stops", "answer", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n"+canary, 400, "error.form.field"),
		sentAs("F27", "1,001 parts of a form", "answer", "multipart/form-data; boundary=x", strings.Repeat("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n", 1001)+"--x--", 413, ""),
		sentAs("F28", "a part with 10,000 headers", "answer", "multipart/form-data; boundary=x", "--x\r\n"+strings.Repeat("A: b\r\n", 10_001)+"\r\n\r\n--x--", 413, ""),
	}
	good := uploaded("P9", "a name that is a header", "file", 303, "", sentFile{"\"x\"; Set-Cookie: a.pdf", []byte(smallPDF)})
	good.stores = true
	return append(all, good)
}

// file is one file that the answer of a duty does not take.
func file(id, what, name string, content []byte, refusal string) bad {
	b := uploaded(id, what, "file", http.StatusUnprocessableEntity, "evidence.error."+refusal, sentFile{name, content})
	b.field, b.kept = "file", canary
	if len(name) > 8 {
		b.secret = []string{name}
	}
	return b
}

func uploaded(id, what, field string, code int, key string, files ...sentFile) bad {
	return bad{id: id, what: what, who: "director", code: code, key: key, request: func(c *corpus, lang string) *http.Request {
		values := url.Values{"idempotency_key": {uuid.NewString()}, "done_on": {"13/10/2026"}, "note": {canary}, "link": {""}}
		if field == "note" {
			values.Del("note")
		}
		media, body := withFiles(c.t, values, files...)
		if field != "file" {
			body = strings.ReplaceAll(body, `name="file"`, `name="`+field+`"`)
		}
		return c.request(http.MethodPost, c.at(lang, "/mandates/{m}/duties/{duty}/answer"), media, body)
	}}
}

type zipPart struct{ name, text string }

func zipped(parts ...zipPart) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := z.Create(p.name)
		if err == nil {
			_, err = w.Write([]byte(p.text))
		}
		if err != nil {
			panic(err) // a buffer takes everything
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// utf16 writes ASCII in two bytes a sign, the lower one first.
func utf16(s string) string { return strings.Join(strings.Split(s, ""), "\x00") + "\x00" }
