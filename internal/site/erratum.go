package site

import (
	"net/http"
	"slices"

	"jalon/internal/bilingual"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/store"
	"jalon/web"
)

// openSealed is the sealed table of the address, for whoever may seal it. A table
// that is not sealed has no errata: what is wrong in it is corrected.
func (s *Site) openSealed(v *visit) (halfYearTable, error) {
	h, err := s.openTable(v, toSeal)
	if err == nil && h.Seal == nil {
		err = refused(http.StatusConflict, "erratum.not_sealed")
	}
	return h, err
}

func (s *Site) writeErratum(w http.ResponseWriter, v *visit) error {
	h, err := s.openSealed(v)
	if err != nil {
		return err
	}
	view := s.erratumView(v, h)
	view.Values.Lang, view.IdempotencyKey = string(v.lang), newKey()
	return s.render(w, v, http.StatusOK, web.ErratumPage(view))
}

func (s *Site) erratumView(v *visit, h halfYearTable) web.ErratumView {
	m := s.monitoringView(v, h)
	here := h.path(v)
	view := web.ErratumView{
		Frame:   s.frame(v, v.print.T("erratum.page", "Period", v.print.HalfYear(h.period)), append(m.Breadcrumbs, web.Crumb{Label: m.Title, URL: here})...),
		Mandate: m.Mandate, Period: h.period, Seal: *h.Seal, Errata: h.Errata, Action: here + "/errata", CancelURL: here,
	}
	for _, r := range h.Table.Rows {
		view.Targets = append(view.Targets, web.Option{Value: r.Code.String(), Label: v.print.Code(r.Code) + " · " + shortened(v.say(r.Target), 80)})
	}
	return view
}

// shortened keeps the start of a text.
func shortened(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most]) + "…"
}

type erratumForm struct {
	Key    string `form:"idempotency_key,raw"`
	Code   string `form:"code,line,20" label:"erratum.about"`
	Lang   string `form:"lang,choice,nl|fr,required" label:"erratum.lang"`
	Text   string `form:"text,text,5000,required" label:"erratum.text"`
	Reason string `form:"reason,text,2000,required" label:"erratum.reason"`
}

func (s *Site) addErratum(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[erratumForm](v)
	if err != nil {
		return err
	}
	h, err := s.openSealed(v)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "add erratum")
	if err != nil {
		return err
	}
	e := monitoring.Erratum{At: s.Now(), By: v.viewer.Name, Lang: bilingual.Lang(in.Lang), Text: in.Text, Reason: in.Reason}
	if in.Code != "" {
		code, err := mandate.ParseCode(in.Code)
		if e.Code = code; err != nil || !slices.ContainsFunc(h.Table.Rows, func(r monitoring.Row) bool { return r.Code == code }) {
			f.refuse("code", "error.form.choice")
		}
	}
	if !f.ok() {
		view := s.erratumView(v, h)
		view.Values, view.IdempotencyKey, view.Errors = web.ErratumValues{Code: in.Code, Lang: in.Lang, Text: in.Text, Reason: in.Reason}, in.Key, f.errs
		return s.render(w, v, http.StatusUnprocessableEntity, web.ErratumPage(view))
	}
	location, _, err := s.Store.AddErratum(v.Context(), sub, store.ErratumRequest{
		Code: h.Table.Mandate.Code, ID: h.mandateID, BodyID: h.board.ID, Period: h.period, Erratum: e, Signer: s.Signer,
		Location: h.path(v) + "#errata-title",
	})
	if err != nil {
		return err
	}
	tell(w, web.NoticeDone, "erratum.done")
	return redirect(w, location)
}
