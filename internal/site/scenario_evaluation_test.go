package site

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"jalon/internal/archive"
	"jalon/internal/document"
	"jalon/internal/monitoring"
)

// dossierFile is a dossier as it was taken away.
type dossierFile struct {
	zip  []byte
	json []byte
	docx document.Written
	data struct {
		From, Until string
		Holder      struct {
			Name    string
			Interim bool
		}
		Sources []struct {
			Kind    string
			ID      int64
			Version int
		}
	}
	paths []string
}

// dossier orders the dossier of an evaluation on its page, has it made and takes it away.
func (o *office) dossier(t *testing.T, h *hand, who *browser, evaluation, lang string) (d dossierFile) {
	t.Helper()
	offer := who.get(evaluation + "/dossier")
	wantCode(t, "the page of the dossier", offer, http.StatusOK)
	order := keyed(nil, "kind", kindDossier, "parameters", `{"evaluation":`+path.Base(evaluation)+`,"lang":"`+lang+`"}`)
	if !strings.Contains(offer.Body.String(), strings.ReplaceAll(order.Get("parameters"), `"`, "&#34;")) {
		t.Error("the page does not offer the dossier in that language")
	}
	placed := who.post("/nl/exports", order)
	wantCode(t, "the order", placed, http.StatusSeeOther)
	if err := h.make(o); err != nil {
		t.Fatal(err)
	}
	file := who.get(placed.Header().Get("Location") + "/file")
	wantCode(t, "the dossier", file, http.StatusOK)
	d.zip = file.Body.Bytes()
	z, err := zip.NewReader(bytes.NewReader(d.zip), int64(len(d.zip)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		d.paths = append(d.paths, f.Name)
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case path.Dir(f.Name) != ".":
		case strings.HasSuffix(f.Name, ".docx"):
			if d.docx, err = document.ReadDOCX(content); err != nil {
				t.Fatal(err)
			}
		case strings.HasSuffix(f.Name, ".json") && bytes.Contains(content, []byte("jalon/dossier/")):
			d.json = content
			if err := json.Unmarshal(content, &d.data); err != nil {
				t.Fatal(err)
			}
		}
	}
	return d
}

// cells gives the words of the text, of paragraphs and of cells.
func (d dossierFile) words() (all []string) {
	all = append(all, d.docx.Paragraphs...)
	for _, table := range d.docx.Tables {
		for _, row := range table {
			all = append(all, row...)
		}
	}
	return all
}

var noteOf = regexp.MustCompile(`\x{a0}\[([0-9]+(?:,\x{a0}[0-9]+)*)\]`)

// The officer makes the dossier half-way: a text, the evidence and a signed list,
// in which every figure that was reported leads to its entry. The director reads who took it along.
func TestTheDossierHalfWay(t *testing.T) {
	h := &hand{}
	p := newProcedure(t)
	p.Exports = h
	p.sql(`INSERT INTO progress_entry (mandate_id, target_id, as_of, author_id, lang, status, achieved, value, percentage) SELECT mandate_id, target_id, '2026-03-31', author_id, 'nl', 'on_track', 'Drie projecten', 1234.5, 37.5 FROM progress_entry`)
	director := p.as("director")
	attach := keyed(nil, "do", "report", "row.S1.1-1.version", "0", "row.S1.1-1.status", "achieved", "row.S1.1-1.achieved", "Vier projecten afgewerkt")
	wantCode(t, "the director reports with a proof", director.files("/nl/mandates/ACTIRIS-A4/report/2026-H2", attach, "row.S1.1-1.file", map[string][]byte{"nota.txt": []byte("Een nota.")}, ""), http.StatusSeeOther)

	hr := p.as("hr")
	d := p.dossier(t, h, hr, p.page, "nl")
	checked, err := archive.Verify(bytes.NewReader(d.zip), int64(len(d.zip)), []monitoring.PublicKey{p.Signer.Public()})
	if err != nil || checked.Outcome != monitoring.Intact || !checked.Trusted {
		t.Errorf("the archive is %s: %v %v", checked.Outcome, checked.Findings, err)
	}
	held := strings.Join(d.paths, "\n")
	for _, want := range []string{".docx", "nota.txt", archive.ManifestName} {
		if !strings.Contains(held, want) {
			t.Errorf("the archive has no %s:\n%s", want, held)
		}
	}

	// each figure has a source, and the source is the entry in which it was reported
	for figure, entry := range map[string]int64{
		"1.234,5": value[int64](p.office, `SELECT id FROM progress_entry WHERE value = 1234.5`), "37,5": value[int64](p.office, `SELECT id FROM progress_entry WHERE percentage = 37.5`),
	} {
		found := false
		for _, words := range d.words() {
			_, after, said := strings.Cut(words, figure)
			if !said {
				continue
			}
			note := noteOf.FindStringSubmatch(after)
			if note == nil {
				t.Errorf("%s stands without a source: %q", figure, words)
				continue
			}
			n, _ := strconv.Atoi(note[1])
			if n < 1 || n > len(d.data.Sources) || d.data.Sources[n-1].ID != entry {
				t.Errorf("%s refers to source %d of %d, not to entry %d", figure, n, len(d.data.Sources), entry)
			}
			found = true
		}
		if !found {
			t.Errorf("the dossier does not say %s", figure)
		}
	}

	director = p.as("director")
	director.sees(t, "/nl/mandates/ACTIRIS-A4/access-log", "dossier")
	director.sees(t, p.page, "Wie uw evaluatie las", "HR")
	if n := value[int](p.office, `SELECT count(*) FROM audit_event WHERE action = 'export evaluation' AND actor_id = $1`, p.id["hr"]); n != 1 {
		t.Errorf("the trail tells of %d dossiers, want 1", n)
	}
}

// Neither a delegate, nor a member of a body, nor an officer of another
// institution reads what was written in an evaluation: on no page, in no file, through no program.
func TestARemarkIsReadByNobodyElse(t *testing.T) {
	p := newProcedure(t)
	p.Exports = &hand{}
	p.sql(`UPDATE role_grant SET institution_id = (SELECT id FROM institution WHERE code = 'ELDERS') WHERE role = 'hr_officer'`)
	p.sql(`INSERT INTO evaluation_opinion (mandate_id, evaluation_id, capacity, author, given_on, text, lang, recorded_by, recorded_at) SELECT mandate_id, id, 'superior', 'x', '2026-11-01', $1, 'nl', created_by, now() FROM evaluation WHERE id = $2`, secretOpinion, path.Base(p.page))
	p.sql(`INSERT INTO evaluation_step (mandate_id, evaluation_id, from_stage, to_stage, on_day, by, at) SELECT mandate_id, id, 'planned', 'closed', '2026-11-01', created_by, now() FROM evaluation WHERE id = $1`, path.Base(p.page))
	if !strings.Contains(p.as("director").get(p.page).Body.String(), secretOpinion) {
		t.Fatal("there is no remark to be read")
	}
	pages := []string{
		"/nl/due", "/nl/overview", "/nl/mandates", "/nl/evaluations", p.page, p.page + "/dossier", p.page + "/report", p.page + "/versions/1", p.page + "/documents/1",
		"/nl/mandates/ACTIRIS-A4", "/nl/mandates/ACTIRIS-A4/targets/S1.1-1", "/nl/mandates/ACTIRIS-A4/timeline", "/nl/mandates/ACTIRIS-A4/sheet", "/nl/mandates/ACTIRIS-A4/annual/2026", "/nl/search?q=" + strings.Fields(secretOpinion)[0],
	}
	for _, format := range []string{"", ".csv", ".xlsx", ".docx", ".json", ".html", ".pdf"} {
		pages = append(pages, "/nl/mandates/ACTIRIS-A4/monitoring/2026-H2"+format)
	}
	programs := []string{"/api/v1/evaluations", "/api/v1/evaluations/" + path.Base(p.page)}
	for _, rt := range p.apiRoutes() {
		programs = append(programs, apiPrefix+filled(rt.pattern))
	}
	for _, who := range []string{"delegate", "committee", "hr"} {
		b := p.as(who)
		for _, address := range pages {
			w := b.get(address)
			if strings.Contains(w.Body.String(), secretOpinion) || w.Code >= 500 {
				t.Errorf("%s at %s: %d, and reads the remark", who, address, w.Code)
			}
			if strings.HasPrefix(address, p.page) && w.Code != http.StatusForbidden && w.Code != http.StatusNotFound {
				t.Errorf("%s at %s: %d", who, address, w.Code)
			}
		}
		order := b.post("/nl/exports", keyed(nil, "kind", kindDossier, "parameters", `{"evaluation":`+path.Base(p.page)+`,"lang":"nl"}`))
		if order.Code != http.StatusForbidden && order.Code != http.StatusNotFound {
			t.Errorf("%s orders the dossier: %d", who, order.Code)
		}
		if data := b.post("/nl/preferences/data", keyed(nil)); data.Code >= 500 || strings.Contains(data.Body.String(), secretOpinion) {
			t.Errorf("%s finds the remark among their own data: %d", who, data.Code)
		}
		token := programOf(t, b, "read", "1")
		for _, address := range programs {
			if w := token.ask(http.MethodGet, address, ""); strings.Contains(w.Body.String(), secretOpinion) || w.Code >= 500 {
				t.Errorf("a program of %s at %s: %d", who, address, w.Code)
			}
		}
	}
	if n := value[int](p.office, `SELECT count(*) FROM export_job`); n != 0 {
		t.Errorf("%d dossiers are ordered", n)
	}
}
