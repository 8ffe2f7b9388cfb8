package walk_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/testing/browser"
	"jalon/internal/testing/office"
)

// A file closes a duty: a wrong one is told beside its field, a right one stands
// beside the duty and comes back as it was. Nothing of it needs a script.
func TestAFileIsAttachedToADutyAndDownloaded(t *testing.T) {
	known := phrases(t)
	inBoth(t, func(t *testing.T, o *office.Office, lang bilingual.Lang) {
		words := o.Catalogues.In(lang).Typeset()
		folder := t.TempDir()
		wrong, right := filepath.Join(folder, "verslag.pdf"), filepath.Join(folder, "Nota délégation.txt")
		const proof = "Het programma / le programme"
		for path, content := range map[string]string{wrong: "geen pdf", right: proof} {
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		p := o.Page(t, string(lang), "director")
		p.Open(o.URL + "/" + string(lang) + real + "/events?kind=delegation-reception")
		p.Fill("#title", "Delegatie / délégation Wien")
		p.Fill("#from", "02/11/2026")
		p.Follow(`form:has(#title) button[type=submit]`)
		p.Follow(`.duties a`)
		duty := p.Path()

		p.Attach("#file", wrong)
		p.Expect(http.StatusUnprocessableEntity, duty+"/answer")
		p.Follow(`form:has(#note) button[type=submit]`)
		contains(t, "the fault", p.Text("#file-error"), words.T("evidence.error.other_kind", "File", "verslag.pdf", "Kind", "pdf"))
		inspect(t, p, known, lang, visit{name: "duty-evidence-error", do: func(_ *browser.Page, _ bilingual.Lang) {}})

		p.Resize(1280)
		p.Attach("#file", right)
		p.Click("#confidential")
		p.Follow(`form:has(#note) button[type=submit]`)
		p.Open(o.URL + duty)
		contains(t, "the file", p.Text(".evidence"), "Nota délégation.txt")
		contains(t, "the file", p.Text(".evidence"), words.T("evidence.confidential"))
		inspect(t, p, known, lang, visit{name: "duty-evidence"})
		p.Resize(1280)
		if name, content := p.Download(".evidence a"); name != "Nota délégation.txt" || string(content) != proof {
			t.Errorf("downloaded %q: %q", name, content)
		}
	})
}
