package walk_test

import (
	"testing"

	"jalon/internal/store"
	"jalon/internal/testing/office"
)

// Who waits on the list of their documents sees, and hears, when one is there:
// without a click, and with the focus where it was.
func TestTheListOfDocumentsFollowsByItself(t *testing.T) {
	o := office.Start(t)
	ctx := store.AsSystem(t.Context())
	order := func(evaluation string) {
		t.Helper()
		if _, err := o.Store.Pool().Exec(ctx, `INSERT INTO export_job (person_id, kind, parameters, lang, asked_at, touched_at, expires_at)
			SELECT id, 'evaluation', $1::jsonb, 'nl', $2::timestamptz, $2::timestamptz, $2::timestamptz + interval '1 day' FROM person WHERE email = 'hr@jalon.example'`, `{"evaluation":`+evaluation+`,"lang":"nl"}`, o.Now()); err != nil {
			t.Fatal(err)
		}
	}
	order("1")
	order("2")
	p := enter(t, o, "hr", "/nl/exports")
	if heard := p.Text("#export-said"); heard != "Er worden nog 2 documenten gemaakt." {
		t.Errorf("the page says %q", heard)
	}
	p.Focus("#export li:last-child a")
	finish := func(evaluation string) {
		t.Helper()
		if _, err := o.Store.Pool().Exec(ctx, `UPDATE export_job SET state = 'ready', sha256 = sha256('x'), file_name = 'dossier.zip', content_type = 'application/zip', size = 1 WHERE parameters->>'evaluation' = $1`, evaluation); err != nil {
			t.Fatal(err)
		}
	}
	finish("1")
	p.WaitFor(`document.getElementById("export-said").textContent.trim() === "Er wordt nog één document gemaakt."`)
	p.WaitFor(`document.activeElement?.closest("#export li") !== null`)
	finish("2")
	p.WaitFor(`document.getElementById("export-said").textContent.trim() === "Er wordt geen document meer gemaakt."`)
	if n := p.Count("#export a[download]"); n != 2 {
		t.Errorf("%d documents can be taken, want 2", n)
	}
}

// An officer ticks all dossiers in one go, without any script.
func TestAnOfficerTicksAllDossiers(t *testing.T) {
	o := office.Start(t)
	p := o.Page(t, "nl", "hr")
	p.WithoutScript()
	p.Open(o.URL + "/nl/evaluations")
	all, chosen := "#dossiers input[type=checkbox]", "#dossiers input[type=checkbox]:checked"
	if n := p.Count(all); n < 2 || p.Count(chosen) != 0 {
		t.Fatalf("%d boxes, %d of them ticked", n, p.Count(chosen))
	}
	p.Follow(`a[href*="dossiers=all"]`)
	if n := p.Count(chosen); n != p.Count(all) {
		t.Errorf("%d of %d boxes are ticked", n, p.Count(all))
	}
	p.Follow(`form .act a[href$="/evaluations#dossiers"]`)
	if n := p.Count(chosen); n != 0 {
		t.Errorf("%d boxes are still ticked", n)
	}
	if p.Count(`a[href$="/nl/exports"]`) == 0 {
		t.Error("the list does not lead to the documents")
	}
}
