package site

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/report"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) monitoringRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/mandates/{m}/monitoring/{p}", action: access.ViewMandate, handler: s.showMonitoring, past: true},
		{method: http.MethodGet, pattern: "/mandates/{m}/monitoring/{p}.{format:xlsx|docx|pdf|html|csv|json}", action: access.ViewMandate, handler: s.exportMonitoring, past: true},
		{method: http.MethodGet, pattern: "/mandates/{m}/monitoring/{p}/seal", action: access.SealTable, handler: s.reviewSeal},
		{method: http.MethodPost, pattern: "/mandates/{m}/monitoring/{p}/seal", action: access.SealTable, handler: s.sealTable},
		{method: http.MethodGet, pattern: "/mandates/{m}/monitoring/{p}/errata", action: access.SealTable, handler: s.writeErratum},
		{method: http.MethodPost, pattern: "/mandates/{m}/monitoring/{p}/errata", action: access.SealTable, handler: s.addErratum},
	}
}

// halfYearTable is the table of the address: as sealed, or as it stands today.
type halfYearTable struct {
	object access.Object
	period calendar.HalfYear
	report.Monitoring
	past []store.SealedTable
}

// openTable reads the table once the visitor may do the action to its mandate.
// A half-year that has not begun has no table.
func (s *Site) openTable(v *visit, action access.Action) (halfYearTable, error) {
	var h halfYearTable
	code := chi.URLParam(v.Request, "m")
	period, err := calendar.ParseHalfYear(chi.URLParam(v.Request, "p"))
	if err != nil {
		return h, errNotFound
	}
	h.period = period
	head, err := s.Store.TableHead(v.Context(), code)
	if err != nil {
		return h, err
	}
	head = head.By(v.moment())
	h.object, h.past = head.Object, head.Seals
	if err := s.allow(v, action, h.object); err != nil {
		return h, err
	}
	if v.asOf.Before(period.Start()) {
		return h, errNotFound
	}
	h.Monitoring, err = s.wholeTable(v, head, period)
	if cover := access.Covers(v.viewer, v.today, action, h.object); !cover.Whole {
		h.Monitoring = h.Only(codesOf(cover.Parts()))
	}
	return h, err
}

func (s *Site) wholeTable(v *visit, head store.TableHead, period calendar.HalfYear) (report.Monitoring, error) {
	if !slices.ContainsFunc(head.Seals, func(t store.SealedTable) bool { return t.Period == period }) {
		table, err := s.Store.TableOf(v.Context(), head, period, v.moment())
		table.Software = s.Version
		return report.Draft(table), err
	}
	sealed, err := s.Store.Seal(v.Context(), head.Object.MandateID, period)
	if err != nil {
		return report.Monitoring{}, err
	}
	m, err := report.Sealed(sealed.Document, sealed.Seal)
	if err != nil {
		return m, err
	}
	m.Errata, err = s.Store.Errata(v.Context(), head.Object.MandateID, period)
	if acts := v.moment().Acts; !acts.IsZero() {
		m.Errata = slices.DeleteFunc(m.Errata, func(e monitoring.Erratum) bool { return e.At.After(acts) })
	}
	return m, err
}

func (s *Site) showMonitoring(w http.ResponseWriter, v *visit) error {
	h, err := s.openTable(v, access.ViewMandate)
	if err != nil {
		return err
	}
	view := s.monitoringView(v, h)
	return s.render(w, v, http.StatusOK, web.MonitoringPage(view))
}

func (s *Site) monitoringView(v *visit, h halfYearTable) web.MonitoringView {
	t := h.Table
	base := v.path("/mandates/" + t.Mandate.Code)
	here := base + "/monitoring/" + h.period.String()
	view := web.MonitoringView{
		Frame: s.frame(v, v.print.T("monitoring.title", "Period", v.print.HalfYear(h.period)),
			web.Crumb{Label: v.print.T("menu.mandates"), URL: v.path("/mandates")},
			web.Crumb{Label: v.say(t.Mandate.Title), URL: base, Lang: langOfText(v, t)}),
		Mandate: web.MandateHead{
			Code: t.Mandate.Code, URL: base, Title: t.Mandate.Title, Institution: t.Institution.Name, Rank: t.Mandate.Rank,
			Holder: t.Holder.Name, Interim: t.Holder.Interim, Part: h.Part,
		},
		Table: t, Seal: h.Seal, PublicKey: "/public-key",
	}
	for _, format := range h.Formats() {
		view.Downloads = append(view.Downloads, web.Download{Format: string(format), URL: v.dated(here + "." + string(format))})
	}
	view.Both = inBothLanguages(view.Downloads)
	view.Questions = v.headQuestions(t)
	view.Errata = h.Errata
	view.AnnualURL = v.dated(base + "/annual/" + strconv.Itoa(h.period.Year))
	if !v.past() && h.Seal != nil && access.Decide(v.viewer, v.today, access.SealTable, h.object) == access.Allowed {
		view.ErratumURL = here + "/errata"
	}
	view.Reported, view.Owed = countRows(t)
	view.Periods = periodLinks(v, h, base)
	if h.Seal == nil && !v.past() {
		if access.Decide(v.viewer, v.today, access.SealTable, h.object) == access.Allowed {
			view.SealURL = here + "/seal"
		}
		if access.Decide(v.viewer, v.today, access.ReportProgress, h.object) == access.Allowed {
			view.ReportURL = base + "/report/" + h.period.String()
		}
	}
	return view
}

// countRows counts the rows on which something was owed in the half-year, and
// those reported on.
func countRows(t monitoring.Table) (reported, owed int) {
	for _, r := range t.Rows {
		inPeriod := r.Now.Entry != nil && t.Period.Contains(r.Now.Entry.AsOf)
		closedBefore := r.Now.Entry != nil && r.Now.Entry.Status.Closed() && !inPeriod
		switch {
		case inPeriod:
			reported++
			owed++
		case !closedBefore && r.Now.Status != progress.NotExpected:
			owed++
		}
	}
	return reported, owed
}

// periodLinks leads to the sealed half-years, the running one and the one before it.
func periodLinks(v *visit, h halfYearTable, base string) []web.PeriodLink {
	now := calendar.HalfYearOf(v.asOf)
	first := now.Previous()
	if n := len(h.past); n > 0 && h.past[n-1].Period.Before(first) {
		first = h.past[n-1].Period
	}
	if h.period.Before(first) {
		first = h.period
	}
	var links []web.PeriodLink
	for p := now; !p.Before(first); p = p.Previous() {
		link := web.PeriodLink{Period: p, State: "collecting", URL: v.dated(base + "/monitoring/" + p.String()), Current: p == h.period}
		if slices.ContainsFunc(h.past, func(t store.SealedTable) bool { return t.Period == p }) {
			link.State = "sealed"
		}
		links = append(links, link)
	}
	return links
}

// exportMonitoring sends the table as a file, made from the same value as the page.
func (s *Site) exportMonitoring(w http.ResponseWriter, v *visit) error {
	h, err := s.openTable(v, access.ViewMandate)
	if err != nil {
		return err
	}
	format, ok := report.ParseFormat(chi.URLParam(v.Request, "format"))
	if !ok {
		return errNotFound
	}
	if !slices.Contains(h.Formats(), format) {
		return errForbidden
	}
	print, err := s.documentPrint(v)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := h.Write(&file, format, print, s.Now()); err != nil {
		return err
	}
	if err := s.Store.Audit(v.Context(), store.Event{
		ActorID: v.viewer.PersonID, Action: store.ActionExportTable, MandateID: h.object.MandateID,
		Object: "table/" + h.Table.Mandate.Code + "/" + h.period.String(),
		Detail: map[string]any{"format": format, "lang": v.lang, "role": access.RoleFor(v.viewer, v.today, access.ViewMandate, h.object), "purpose": "export"},
	}); err != nil {
		return err
	}
	return sendFile(w, format.ContentType(), h.FileName(format, print), file.Bytes())
}

func (s *Site) reviewSeal(w http.ResponseWriter, v *visit) error {
	h, err := s.openTable(v, access.SealTable)
	if err != nil {
		return err
	}
	if h.Seal != nil {
		return store.ErrSealed
	}
	view := s.sealView(v, h)
	return s.render(w, v, http.StatusOK, web.SealPage(view))
}

func (s *Site) sealView(v *visit, h halfYearTable) web.SealView {
	m := s.monitoringView(v, h)
	here := m.Mandate.URL + "/monitoring/" + h.period.String()
	view := web.SealView{
		Frame:   s.frame(v, v.print.T("seal.title", "Period", v.print.HalfYear(h.period)), append(m.Breadcrumbs, web.Crumb{Label: m.Title, URL: here})...),
		Mandate: m.Mandate, Period: h.period, Body: h.Table.Body.Name, AsOf: h.Table.AsOf, Previous: h.Table.Previous,
		Rows: len(h.Table.Rows), Reported: m.Reported, Owed: m.Owed,
		Action: here + "/seal", CancelURL: here, IdempotencyKey: newKey(),
	}
	for _, r := range h.Table.Rows {
		silent := r.Now.Entry == nil || !h.period.Contains(r.Now.Entry.AsOf) && !r.Now.Entry.Status.Closed()
		if silent && r.Now.Status != progress.NotExpected {
			view.Missing = append(view.Missing, web.Ancestor{Code: r.Code, Text: r.Target, URL: m.Mandate.URL + "/targets/" + r.Code.String()})
		}
	}
	return view
}

// sealForm is the review page as sent.
type sealForm struct {
	Key     string `form:"idempotency_key,raw"`
	Confirm string `form:"confirm,choice,yes"`
}

func (s *Site) sealTable(w http.ResponseWriter, v *visit) error {
	form, _, err := decode[sealForm](v)
	if err != nil {
		return err
	}
	h, err := s.openTable(v, access.SealTable)
	if err != nil {
		return err
	}
	sub, err := v.submission(form.Key, "seal table")
	if err != nil {
		return err
	}
	if form.Confirm != "yes" {
		view := s.sealView(v, h)
		view.IdempotencyKey = form.Key
		view.Errors = []web.FieldError{{Field: "confirm", Text: v.print.T("seal.confirm_missing")}}
		return s.render(w, v, http.StatusUnprocessableEntity, web.SealPage(view))
	}
	location, _, err := s.Store.SealTable(v.Context(), sub, store.SealRequest{
		Code: h.Table.Mandate.Code, ID: h.object.MandateID, Period: h.period,
		At: s.Now(), By: v.viewer.Name, Software: s.Version, Signer: s.Signer,
		Location: v.path("/mandates/" + h.Table.Mandate.Code + "/monitoring/" + h.period.String()),
	})
	if errors.Is(err, store.ErrExists) {
		return store.ErrSealed
	}
	if err != nil {
		return err
	}
	tell(w, web.NoticeDone, "seal.done", "Period", v.print.HalfYear(h.period))
	return redirect(w, location)
}
