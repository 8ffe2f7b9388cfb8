package site

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"jalon/internal/archive"
	"jalon/internal/bilingual"
	"jalon/internal/monitoring"
)

// where tells in which table a source of a kind is found.
var where = map[string]string{
	"letter": "mandate", "rule": "target", "entry": "progress_entry", "answer": "duty_answer", "waiver": "duty_waiver", "decision": "decision", "reply": "decision_answer",
	"measurement": "measurement", "evidence": "evidence", "link": "evidence_link", "report": "activity_report", "opinion": "evaluation_opinion", "right_reply": "evaluation_reply", "conclusion": "evaluation_conclusion",
}

// Every number between brackets in the dossier of the example office leads to a
// source, and every source to a row of its mandate, in both languages; twice the
// same content gives the same files, and a byte that changes is told of which.
func TestTheDossierOfTheExampleOffice(t *testing.T) {
	o := newExample(t)
	h := &hand{}
	o.Exports = h
	hr := o.as("hr")
	var files map[string]string
	for _, lang := range bilingual.Langs {
		d := o.dossier(t, h, hr, "/nl/evaluations/1", string(lang))
		cited := map[int]bool{}
		for _, words := range d.words() {
			for _, m := range noteOf.FindAllStringSubmatch(words, -1) {
				for _, n := range strings.Split(m[1], ",\u00a0") {
					number, _ := strconv.Atoi(n)
					if cited[number] = true; number < 1 || number > len(d.data.Sources) {
						t.Errorf("%s: [%d] has no source: %s", lang, number, words)
					}
				}
			}
		}
		for i, s := range d.data.Sources {
			table, known := where[s.Kind]
			key := "id"
			if s.Kind == "reply" {
				key = "decision_id"
			}
			switch {
			case s.Kind == "table":
			case !known:
				t.Errorf("source %d is a %s: where is it found?", i+1, s.Kind)
			case !value[bool](o, fmt.Sprintf(`SELECT EXISTS (SELECT FROM %s WHERE %s = $1)`, table, key), s.ID):
				t.Errorf("source %d: there is no %s %d", i+1, s.Kind, s.ID)
			}
			if !cited[i+1] {
				t.Errorf("%s: nothing refers to source %d, %s %d", lang, i+1, s.Kind, s.ID)
			}
		}
		files = d.hashes(t)
	}
	o.pass(time.Minute)
	again := o.dossier(t, h, o.as("hr"), "/nl/evaluations/1", "fr")
	for path, sum := range again.hashes(t) {
		if files[path] != sum {
			t.Errorf("%s is another file than a minute before", path)
		}
	}
	again.everyByteCounts(t, o.Signer.Public())
}

// hashes gives the SHA-256 of every file by its path, as the list tells them.
func (d dossierFile) hashes(t *testing.T) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(d.zip), int64(len(d.zip)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(archive.ManifestName)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	var m archive.Manifest
	if err := json.Unmarshal(content, &m); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range m.Files {
		all[f.Path] = f.SHA256
	}
	if len(all) < 8 {
		t.Fatalf("the list has %d files", len(all))
	}
	return all
}

// everyByteCounts changes one byte of each file in turn.
func (d dossierFile) everyByteCounts(t *testing.T, key monitoring.PublicKey) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(d.zip), int64(len(d.zip)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		at, err := f.DataOffset()
		if err != nil {
			t.Fatal(err)
		}
		other := slices.Clone(d.zip)
		other[at+int64(f.CompressedSize64)/2] ^= 1
		checked, _ := archive.Verify(bytes.NewReader(other), int64(len(other)), []monitoring.PublicKey{key})
		named := slices.ContainsFunc(checked.Findings, func(found archive.Finding) bool { return found.Path == f.Name })
		if checked.Outcome != monitoring.Altered || !named {
			t.Errorf("a byte of %s: %s, %v", f.Name, checked.Outcome, checked.Findings)
		}
	}
}

// The file is its asker's alone, for a day; a download that broke off goes on.
func TestADossierIsOnlyForWhoAskedForIt(t *testing.T) {
	o := newExample(t)
	h := &hand{}
	o.Exports = h
	hr := o.as("hr")
	order := keyed(nil, "kind", kindDossier, "parameters", `{"evaluation":2,"lang":"nl"}`)
	placed := hr.post("/nl/exports", order)
	wantCode(t, "the order", placed, http.StatusSeeOther)
	if err := h.make(o); err != nil {
		t.Fatal(err)
	}
	file := placed.Header().Get("Location") + "/file"
	whole := hr.get(file).Body.Bytes()
	rest := httptest.NewRequest(http.MethodGet, file, nil)
	rest.Header.Set("Range", "bytes=1000-")
	if w := hr.send(rest); w.Code != http.StatusPartialContent || !bytes.Equal(w.Body.Bytes(), whole[1000:]) {
		t.Errorf("the rest: %d, %d bytes of %d", w.Code, w.Body.Len(), len(whole))
	}
	for _, who := range []string{"bart.proefmodel", "nadia.specimen", "evaluator", "director", "committee", "secretary", "delegate", "admin"} {
		wantCode(t, who+" takes the file of another", o.as(who).get(file), http.StatusNotFound)
	}
	o.pass(25 * time.Hour)
	wantCode(t, "a day later", o.as("hr").get(file), http.StatusNotFound)
}

// The evaluation of a predecessor is theirs: the successor finds neither it nor who read it.
func TestASuccessorFindsNothingOfAPredecessorsEvaluation(t *testing.T) {
	o := newExample(t)
	o.Exports = &hand{}
	hr := o.as("hr")
	wantCode(t, "the officer reads it", hr.get("/nl/evaluations/2"), http.StatusOK)
	successor := o.as("nadia.specimen")
	for _, path := range []string{"/nl/evaluations/2", "/nl/evaluations/2/dossier", "/nl/evaluations/2/versions/1"} {
		if w := successor.get(path); w.Code != http.StatusNotFound && w.Code != http.StatusForbidden {
			t.Errorf("the successor at %s: %d", path, w.Code)
		}
	}
	if body := successor.get("/nl/mandates/ACTIRIS-A4-PN/access-log").Body.String(); strings.Contains(body, catalogues().In("nl").T("audit.purpose.evaluation")) {
		t.Error("the successor reads when the evaluation of their predecessor was read")
	}
	if own := successor.unzipped("nl")["jalon.json"]; strings.Contains(own, "Machteld Modelstaat") || strings.Contains(own, `"purpose": "evaluation"`) {
		t.Error("the successor's own data tell of the evaluation of their predecessor")
	}
	own := o.as("bart.proefmodel").unzipped("nl")["jalon.json"]
	for _, want := range []string{"Machteld Modelstaat", "Yasmina Prototype", "acht van de 19", "gunstig", "grotendeels buiten de macht"} {
		if !strings.Contains(own, want) {
			t.Errorf("the own data of whom it is about lack %q", want)
		}
	}
	if officer := hr.unzipped("nl")["jalon.json"]; strings.Contains(officer, "De vereenvoudiging voor de partners had een jaar eerder") || !strings.Contains(officer, "Machteld Modelstaat") {
		t.Error("the officer's own data hold the words of an opinion that they recorded, or not that they did")
	}
}
