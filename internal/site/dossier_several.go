package site

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"jalon/internal/access"
	"jalon/internal/store"
	"jalon/web"
)

// dossierField starts the name of the box of an evaluation in the list.
const dossierField = "dossier."

// orderDossiers asks for the dossier of every evaluation that was ticked in the
// list, each in its language of record. All are ordered or none: one that the
// visitor does not manage refuses the whole.
func (s *Site) orderDossiers(w http.ResponseWriter, v *visit) error {
	f, err := v.form("idempotency_key", dossierField+"*")
	if err != nil {
		return err
	}
	sub, done, err := s.once(w, v, f.raw("idempotency_key"), "order document")
	if err != nil || done {
		return err
	}
	chosen, err := f.ticked(dossierField)
	if err != nil {
		return err
	}
	orders, err := s.dossiersOf(v, chosen)
	if err != nil {
		return err
	}
	status := http.StatusUnprocessableEntity
	switch {
	case len(chosen) == 0:
		f.refuse("dossiers", "dossier.none_chosen")
	case len(chosen) > store.MaxExportsAtOnce:
		f.refuse("dossiers", "dossier.too_many_chosen", "Most", store.MaxExportsAtOnce, "Count", len(chosen))
	case s.Exports == nil:
		return badRequest("")
	default:
		err = s.Store.OrderExports(v.Context(), sub, orders, v.path("/exports"))
		switch {
		case errors.Is(err, store.ErrTooManyExports):
			status = http.StatusTooManyRequests
			f.refuse("dossiers", "export_job.too_many", "Most", store.MaxOpenExports)
		case err != nil:
			return err
		default:
			s.wakeExports(v)
			tell(w, web.NoticeDone, "dossier.ordered", "Count", strconv.Itoa(len(orders)))
			return redirect(w, v.path("/exports"))
		}
	}
	view := web.EvaluationsView{IdempotencyKey: newKey(), Chosen: map[string]bool{}}
	view.Errors = f.errs
	for _, id := range chosen {
		view.Chosen[strconv.FormatInt(id, 10)] = true
	}
	return s.drawEvaluations(w, v, status, view)
}

// tickAll ticks every dossier that the list offers, as many as are ordered in one
// go, when the address asks for it; otherwise the list links to that address.
func (v *visit) tickAll(view *web.EvaluationsView) {
	list := v.path("/evaluations")
	view.ExportsURL, view.AllURL = v.path("/exports"), list+"?dossiers=all#dossiers"
	if v.Method != http.MethodGet || v.URL.Query().Get("dossiers") != "all" {
		return
	}
	view.AllURL, view.AllChosen, view.Chosen = list+"#dossiers", true, map[string]bool{}
	for _, e := range view.Evaluations {
		if e.Box != "" && len(view.Chosen) < store.MaxExportsAtOnce {
			view.Chosen[e.Box] = true
		}
	}
}

// ticked gives the numbers, ascending, of the boxes that were ticked whose names start so.
func (f *form) ticked(prefix string) (some []int64, err error) {
	for _, name := range f.names() {
		typed, box := strings.CutPrefix(name, prefix)
		if !box || f.choice(name, "1") == "" {
			continue
		}
		id, err := strconv.ParseInt(typed, 10, 64)
		if err != nil || strconv.FormatInt(id, 10) != typed {
			return nil, badRequest("error.form.field")
		}
		some = append(some, id)
	}
	slices.Sort(some)
	return some, nil
}

// dossiersOf gives the order of the dossier of each evaluation, once the visitor
// may manage all of them; the first that they may not is noted in the trail.
func (s *Site) dossiersOf(v *visit, evaluations []int64) ([]store.Export, error) {
	if len(evaluations) > store.MaxExportsAtOnce {
		return nil, nil // refused by their number; none is looked at
	}
	orders := make([]store.Export, len(evaluations))
	for i, id := range evaluations {
		e, _, err := s.evaluationFor(v, access.ManageEvaluation, id)
		if errors.Is(err, store.ErrNotFound) { // or hidden from them: the list offered neither
			s.auditRefusal(v, access.ManageEvaluation, access.Object{})
		}
		if err != nil {
			return nil, err
		}
		parameters, err := json.Marshal(dossierExport{id, recordLang(v, e)})
		if err != nil {
			return nil, fmt.Errorf("write the parameters of the dossier of evaluation %d: %w", id, err)
		}
		orders[i] = store.Export{PersonID: v.viewer.PersonID, Kind: kindDossier, Parameters: parameters, Lang: v.lang, AskedAt: s.Now()}
	}
	return orders, nil
}
