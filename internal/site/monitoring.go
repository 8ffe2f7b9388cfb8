package site

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/monitoring"
	"jalon/internal/report"
	"jalon/internal/store"
	"jalon/web"
)

// monitoringRoutes are the pages of one table: that of a whole mandate, and that
// of what goes to a body which gets only some of it.
func (s *Site) monitoringRoutes() []route {
	pages := func(page string, view, seal access.Action) []route {
		return []route{
			{method: http.MethodGet, pattern: page, action: view, handler: s.showMonitoring, past: true},
			{method: http.MethodGet, pattern: page + ".{format:xlsx|docx|pdf|html|csv|json}", action: view, handler: s.exportMonitoring, past: true},
			{method: http.MethodGet, pattern: page + "/seal", action: seal, handler: s.reviewSeal},
			{method: http.MethodPost, pattern: page + "/seal", action: seal, handler: s.sealTable},
			{method: http.MethodGet, pattern: page + "/errata", action: seal, handler: s.writeErratum},
			{method: http.MethodPost, pattern: page + "/errata", action: seal, handler: s.addErratum},
			{method: http.MethodGet, pattern: page + "/errata.{format:xlsx|docx|pdf|html|csv|json}", action: view, handler: s.exportErrata, past: true},
		}
	}
	return slices.Concat(
		pages("/mandates/{m}/monitoring/{p}", access.ViewMandate, access.SealTable),
		pages("/bodies/{body}/mandates/{m}/monitoring/{p}", access.ViewBody, access.ManageRound))
}

// halfYearTable is the table of the address: as sealed, or as it stands today.
type halfYearTable struct {
	object access.Object
	period calendar.HalfYear
	report.Monitoring
	mandateID int64
	past      []store.SealedTable
	board     store.Board // the body that gets only a part; the zero one for the table of a whole mandate
}

// narrow reports whether it is the table of a body that gets only what is addressed to it.
func (h halfYearTable) narrow() bool { return h.board.Scope == store.ScopeAddressed }

// place is the page of the table without its half-year.
func (h halfYearTable) place(v *visit) string {
	if h.narrow() {
		return boardPath(v, h.board) + "/mandates/" + h.Table.Mandate.Code + "/monitoring/"
	}
	return v.path("/mandates/" + h.Table.Mandate.Code + "/monitoring/")
}

func (h halfYearTable) path(v *visit) string { return h.place(v) + h.period.String() }

// purpose is what somebody opens a table for.
type purpose string

const (
	toRead purpose = "read"
	toSeal purpose = "seal" // or to add an erratum
)

// right is what the purpose takes, on the table of a whole mandate or on the
// narrow one of a body.
func (p purpose) right(narrow bool) access.Action {
	switch {
	case narrow && p == toSeal:
		return access.ManageRound
	case narrow:
		return access.ViewBody
	case p == toSeal:
		return access.SealTable
	}
	return access.ViewMandate
}

// openTable reads the table of the address once the visitor may open it for a
// purpose. A half-year that has not begun has no table.
func (s *Site) openTable(v *visit, p purpose) (halfYearTable, error) {
	if chi.URLParam(v.Request, "body") != "" {
		return s.openBodyTable(v, p)
	}
	h, head, err := s.openHead(v, p)
	if err != nil {
		return h, err
	}
	return s.fill(v, h, head, p)
}

// openHead is openTable of a whole mandate without what is in it.
func (s *Site) openHead(v *visit, p purpose) (h halfYearTable, head store.TableHead, err error) {
	if h.period, err = v.halfYear(); err != nil {
		return h, head, err
	}
	if head, err = s.Store.TableHead(v.Context(), chi.URLParam(v.Request, "m")); err != nil {
		return h, head, err
	}
	head = head.By(v.moment())
	h.object, h.past, h.mandateID = head.Object, head.Seals, head.Object.MandateID
	if err := s.allow(v, p.right(false), h.object); err != nil {
		return h, head, err
	}
	if v.asOf.Before(h.period.Start()) {
		return h, head, errNotFound
	}
	return h, head, nil
}

// fill reads what is in a table, as far as the visitor may see it.
func (s *Site) fill(v *visit, h halfYearTable, head store.TableHead, p purpose) (_ halfYearTable, err error) {
	h.Monitoring, err = s.wholeTable(v, head, h.period)
	if cover := access.Covers(v.viewer, v.today, p.right(false), h.object); !cover.Whole {
		h.Monitoring = h.Only(codesOf(cover.Parts()))
	}
	return h, err
}

// openBodyTable is openTable for a body that gets only what is addressed to it.
// One that gets everything has no other table than that of the mandate.
func (s *Site) openBodyTable(v *visit, p purpose) (h halfYearTable, err error) {
	period, err := v.halfYear()
	if err != nil {
		return h, err
	}
	code := chi.URLParam(v.Request, "m")
	board, err := s.openBoardFor(v, p.right(true), code, period)
	if err != nil {
		return h, err
	}
	if board.Scope != store.ScopeAddressed || v.asOf.Before(period.Start()) {
		return h, errNotFound
	}
	t, err := s.Store.BodyTable(v.Context(), board, code, period, v.moment())
	if err != nil {
		return h, err
	}
	h = halfYearTable{object: boardObject(board), period: period, board: board, mandateID: t.MandateID, past: board.Seals}
	h.Monitoring, err = s.bodyTable(t, v.known)
	return h, err
}

// bodyTable is one table of a body that gets a part of a mandate, as a document.
func (s *Site) bodyTable(t store.BodyTable, known time.Time) (m report.Monitoring, err error) {
	if t.Sealed == nil {
		t.Table.Software = s.Version
		m = report.Draft(t.Table)
		m.Known = known
	} else if m, err = report.Sealed(t.Sealed.Document, t.Sealed.Seal); err != nil {
		return m, err
	}
	m.Errata, m.Narrow = t.Errata, true
	return m, nil
}

func (s *Site) wholeTable(v *visit, head store.TableHead, period calendar.HalfYear) (report.Monitoring, error) {
	at := slices.IndexFunc(head.Seals, func(t store.SealedTable) bool { return t.Period == period })
	if at < 0 {
		table, err := s.Store.TableOf(v.Context(), head, period, v.moment())
		table.Software = s.Version
		m := report.Draft(table)
		m.Known = v.known
		return m, err
	}
	sealed := head.Seals[at]
	if sealed.Document == nil {
		var err error
		if sealed, err = s.Store.Seal(v.Context(), head.Object.MandateID, period); err != nil {
			return report.Monitoring{}, err
		}
	}
	m, err := report.Sealed(sealed.Document, sealed.Seal)
	m.Errata = sealed.Errata
	if acts := v.moment().Acts; !acts.IsZero() {
		m.Errata = slices.DeleteFunc(m.Errata, func(e monitoring.Erratum) bool { return e.At.After(acts) })
	}
	return m, err
}

func (s *Site) showMonitoring(w http.ResponseWriter, v *visit) error {
	if chi.URLParam(v.Request, "body") != "" {
		h, err := s.openTable(v, toRead)
		if err != nil {
			return err
		}
		return s.render(w, v, http.StatusOK, web.MonitoringPage(s.monitoringView(v, h)))
	}
	h, head, err := s.openHead(v, toRead)
	if err != nil {
		return err
	}
	if s.unchanged(w, v, head.Version, head.Body) {
		return nil
	}
	if h, err = s.fill(v, h, head, toRead); err != nil {
		return err
	}
	return s.render(w, v, http.StatusOK, web.MonitoringPage(s.monitoringView(v, h)))
}

func (s *Site) monitoringView(v *visit, h halfYearTable) web.MonitoringView {
	t := h.Table
	base := v.path("/mandates/" + t.Mandate.Code)
	here := h.path(v)
	seals := v.may(toSeal.right(h.narrow()), h.object)
	crumbs := v.crumbsTo(t.Mandate.Code, t.Mandate.Title)
	if h.narrow() {
		crumbs = boardCrumbs(v, h.board)
	}
	view := web.MonitoringView{
		Frame:   s.frame(v, v.print.T("monitoring.title", "Period", v.print.HalfYear(h.period)), crumbs...),
		Mandate: headOfTable(v, t), Table: t, Seal: h.Seal, PublicKey: "/public-key",
	}
	view.Mandate.Part = h.Part
	for _, format := range h.Formats() {
		view.Downloads = append(view.Downloads, web.Download{Format: string(format), URL: v.dated(here + "." + string(format))})
	}
	view.Both = inBothLanguages(view.Downloads)
	view.Questions = v.headQuestions(t)
	view.Errata = h.Errata
	if len(h.Errata) > 0 {
		view.ErrataFiles = errataDownloads(v, here+"/errata")
		view.ErrataBoth = inBothLanguages(view.ErrataFiles)
	}
	if !h.narrow() {
		view.AnnualURL = v.dated(base + "/annual/" + strconv.Itoa(h.period.Year))
	}
	if !v.past() && h.Seal != nil && seals {
		view.ErratumURL = here + "/errata"
	}
	_, view.Reported, view.Owed = t.Counts()
	view.Periods = periodLinks(v, h)
	if h.Seal == nil && !v.past() {
		if seals {
			view.SealURL = here + "/seal"
		}
		if !h.narrow() && v.may(access.ReportProgress, h.object) {
			view.ReportURL = base + "/report/" + h.period.String()
		}
	}
	return view
}

// periodLinks leads to the sealed half-years, the running one and the one before it.
func periodLinks(v *visit, h halfYearTable) []web.PeriodLink {
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
		link := web.PeriodLink{Period: p, State: "collecting", URL: v.dated(h.place(v) + p.String()), Current: p == h.period}
		if slices.ContainsFunc(h.past, func(t store.SealedTable) bool { return t.Period == p }) {
			link.State = "sealed"
		}
		links = append(links, link)
	}
	return links
}

// exportMonitoring sends the table as a file, made from the same value as the page.
func (s *Site) exportMonitoring(w http.ResponseWriter, v *visit) error {
	h, err := s.openTable(v, toRead)
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
	if err := s.noteExport(v, h, format); err != nil {
		return err
	}
	return sendFile(w, format.ContentType(), h.FileName(format, print), file.Bytes())
}

// exportErrata sends the list of errata of a table: of the rows that the visitor
// sees, and of the table as a whole.
func (s *Site) exportErrata(w http.ResponseWriter, v *visit) error {
	h, err := s.openTable(v, toRead)
	if err != nil {
		return err
	}
	format, ok := report.ParseFormat(chi.URLParam(v.Request, "format"))
	if !ok {
		return errNotFound
	}
	print, err := s.documentPrint(v)
	if err != nil {
		return err
	}
	list := report.ErrataOf(h.Monitoring)
	var file bytes.Buffer
	if err := list.Write(&file, format, print, s.Now()); err != nil {
		return err
	}
	if err := s.noteExport(v, h, format); err != nil {
		return err
	}
	return sendFile(w, format.ContentType(), list.FileName(format, print), file.Bytes())
}

// noteExport leaves a trace of a file of a table.
func (s *Site) noteExport(v *visit, h halfYearTable, format report.Format) error {
	return s.Store.Audit(v.Context(), store.Event{
		ActorID: v.viewer.PersonID, Action: store.ActionExportTable, MandateID: h.mandateID,
		Object: "table/" + h.Table.Mandate.Code + "/" + h.period.String(),
		Detail: map[string]any{"format": format, "lang": v.lang, "role": access.RoleFor(v.viewer, v.today, toRead.right(h.narrow()), h.object), "purpose": "export"},
	})
}

func (s *Site) reviewSeal(w http.ResponseWriter, v *visit) error {
	h, err := s.openTable(v, toSeal)
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
	here := h.path(v)
	view := web.SealView{
		Frame:   s.frame(v, v.print.T("seal.title", "Period", v.print.HalfYear(h.period)), append(m.Breadcrumbs, web.Crumb{Label: m.Title, URL: here})...),
		Mandate: m.Mandate, Period: h.period, Body: h.Table.Body.Name, AsOf: h.Table.AsOf, Previous: h.Table.Previous,
		Rows: len(h.Table.Rows), Reported: m.Reported, Owed: m.Owed,
		Action: here + "/seal", CancelURL: here, IdempotencyKey: newKey(),
	}
	for _, r := range h.Table.Rows {
		if owed, reported := h.Table.Reported(r); owed && !reported {
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
	h, err := s.openTable(v, toSeal)
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
		Code: h.Table.Mandate.Code, ID: h.mandateID, Period: h.period, Board: h.board,
		At: s.Now(), By: v.viewer.Name, Software: s.Version, Signer: s.Signer, Location: h.path(v),
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
