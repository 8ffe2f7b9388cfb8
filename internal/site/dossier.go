package site

import (
	"io"
	"net/http"
	"strconv"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/evaluation"
	"jalon/internal/report"
	"jalon/internal/store"
	"jalon/web"
)

// dossierRoutes offer the dossier of an evaluation to whoever may read it. It is
// made by a job, and only who asked for it finds it, for a day. An officer orders
// those of several evaluations in one go.
func (s *Site) dossierRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/evaluations/{evaluation}/dossier", action: access.ViewEvaluation, handler: s.offerDossier},
		{method: http.MethodPost, pattern: "/evaluations/dossiers", action: access.ManageEvaluation, handler: s.orderDossiers},
	}
}

// kindDossier is the kind of documents that is the dossier of an evaluation.
const kindDossier = "evaluation"

// dossierExport are its parameters.
type dossierExport struct {
	Evaluation int64          `json:"evaluation"`
	Lang       bilingual.Lang `json:"lang"`
}

// openDossier finds the evaluation that the parameters name, once the visitor may read it.
func (s *Site) openDossier(v *visit, p dossierExport) (e store.Evaluation, o access.Object, err error) {
	if _, known := bilingual.ParseLang(string(p.Lang)); !known {
		return e, o, badRequest("")
	}
	if e, o, err = s.evaluationFor(v, access.ViewEvaluation, p.Evaluation); err == nil && v.relation(o) == "" {
		s.auditRefusal(v, access.ViewEvaluation, o)
		err = errNotFound
	}
	return e, o, err
}

// mayExportDossier gives the name of the dossier to whoever may have it.
func (s *Site) mayExportDossier(v *visit, p dossierExport) (string, error) {
	e, _, err := s.openDossier(v, p)
	if err != nil {
		return "", err
	}
	return v.print.T("dossier.document", "Name", e.Mandate.Holder.Name, "Kind", v.say(e.Kind.Name), "Language", v.print.T("language_name."+string(p.Lang))), nil
}

// makeDossier writes the archive, in a job. That it was made, and for whom, is in
// the trail before anything is read.
func (s *Site) makeDossier(v *visit, p dossierExport, w io.Writer, step func(done, of int)) (file store.ExportFile, err error) {
	e, o, err := s.openDossier(v, p)
	if err != nil {
		return file, err
	}
	role := access.RoleFor(v.viewer, v.today, access.ViewEvaluation, o)
	if err := s.Store.Audit(v.Context(), store.Event{
		ActorID: v.viewer.PersonID, Action: store.ActionExportEvaluation, Object: "evaluation/" + strconv.FormatInt(e.ID, 10), MandateID: e.Mandate.ID,
		Detail: map[string]any{"lang": p.Lang, "role": role, "purpose": "evaluation"},
	}); err != nil {
		return file, err
	}
	whole, err := s.Store.EvaluationCase(v.Context(), e.ID)
	if err != nil {
		return file, err
	}
	reader := v.relation(o)
	ctx := v.Context()
	if reader != evaluation.Officer {
		ctx = store.AsSystem(ctx) // who reads an evaluation reads its record, also without an office
	}
	record, err := s.Store.EvaluationRecord(ctx, e, v.today)
	if err != nil {
		return file, err
	}
	print := s.Catalogues.In(p.Lang)
	d := report.DossierOf(whole.For(reader), record, reader)
	if d.Chapters, err = s.Store.DossierChapters(ctx, e.Mandate.Institution.ID); err != nil {
		return file, err
	}
	x := report.Export{At: s.Now(), By: v.viewer.Name, Software: "jalon " + s.Version, Signer: s.Signer}
	if err := d.WriteArchive(w, print, x, s.Shelf.Get, step); err != nil {
		return file, err
	}
	return store.ExportFile{Name: d.ArchiveName(print), ContentType: "application/zip"}, nil
}

// recordLang is the language of record of an evaluation; that of the page while none is set.
func recordLang(v *visit, e store.Evaluation) bilingual.Lang {
	if e.Lang == "" {
		return v.lang
	}
	return e.Lang
}

// offerDossier shows the button, in the language of record and in the other one.
func (s *Site) offerDossier(w http.ResponseWriter, v *visit) error {
	id, err := v.number("evaluation")
	if err != nil {
		return err
	}
	e, o, err := s.openDossier(v, dossierExport{Evaluation: id, Lang: v.lang})
	if err != nil {
		return err
	}
	view := web.DossierView{
		Frame:  s.frame(v, v.print.T("dossier.heading"), web.Crumb{Label: v.print.T("evaluation.title"), URL: v.path("/evaluations")}, web.Crumb{Label: v.say(e.Kind.Name) + " · " + e.Mandate.Holder.Name, URL: evaluationPath(v, id)}),
		Closed: v.relation(o) == evaluation.Assessor, BackURL: evaluationPath(v, id), ExportsURL: v.path("/exports"),
	}
	first := recordLang(v, e)
	for _, lang := range []bilingual.Lang{first, first.Other()} {
		order, err := orderOf(v, kindDossier, dossierExport{id, lang})
		if err != nil {
			return err
		}
		words := "dossier.order"
		if lang == e.Lang {
			words = "dossier.order_record"
		}
		view.Orders = append(view.Orders, web.DossierOrder{ExportOrder: order, Words: v.print.T(words, "Language", v.print.T("language_name."+string(lang)))})
	}
	return s.render(w, v, http.StatusOK, web.DossierPage(view))
}
