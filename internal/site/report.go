package site

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/evidence"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) reportRoutes() []route {
	const page = "/mandates/{m}/report/{p}"
	return []route{
		{method: http.MethodGet, pattern: page, action: access.ReportProgress, handler: s.showReport},
		{method: http.MethodPost, pattern: page, action: access.ReportProgress, handler: s.postReport, body: evidenceBody},
		{method: http.MethodGet, pattern: page + "/form.xlsx", action: access.ReportProgress, handler: s.sendReportForm},
		{method: http.MethodGet, pattern: page + "/paste", action: access.ReportProgress, handler: s.showPaste},
		{method: http.MethodPost, pattern: page + "/paste", action: access.ReportProgress, handler: s.previewPaste, body: pasteBody},
		{method: http.MethodPost, pattern: page + "/paste/confirm", action: access.ReportProgress, handler: s.confirmPaste, body: pasteBody},
	}
}

// reporting is one half-year of one mandate with what is still being written.
type reporting struct {
	sheet  progress.Sheet
	period calendar.HalfYear
	drafts map[int64]progress.Draft
	duties map[int64][]monitoring.Duty // owed in the half-year
	sealed bool
	parts  []store.OwnPart // in the rounds of the half-year
	closed bool            // the part lies elsewhere: read-only

	elsewhere []mandate.Code // targets that lie before a body that gets some of them, or are sealed for it; the sheet has them no more
}

// openReport reads what the page needs. Reporting on a half-year that has not
// begun, or on one before the mandate was first held, is refused.
func (s *Site) openReport(v *visit) (reporting, error) {
	period, err := v.begunHalfYear()
	if err != nil {
		return reporting{}, err
	}
	sheet, _, err := s.askSheet(v, access.ReportProgress, store.SheetQuestion{
		AsOf: progress.DayOf(period, v.today), Before: period.Start().AddDays(-1),
	})
	if err != nil {
		return reporting{}, err
	}
	return s.reportingOf(v, period, sheet)
}

// openPosted is openReport for a form: it reads of the mandate what the form
// names, and no words.
func (s *Site) openPosted(v *visit, form *reportForm) (reporting, error) {
	period, err := v.begunHalfYear()
	if err != nil {
		return reporting{}, err
	}
	sheet, err := s.Store.PostedSheet(v.Context(), store.PostedQuestion{
		Code: chi.URLParam(v.Request, "m"), Period: period, AsOf: progress.DayOf(period, v.today), Targets: form.codes,
	})
	if err != nil {
		return reporting{}, err
	}
	if err := s.allow(v, access.ReportProgress, objectOf(sheet.Mandate)); err != nil {
		return reporting{}, err
	}
	return s.reportingOf(v, period, v.within(access.ReportProgress, sheet))
}

// begunHalfYear reads the half-year of the address, which must have begun.
func (v *visit) begunHalfYear() (calendar.HalfYear, error) {
	period, err := v.halfYear()
	if err != nil {
		return period, err
	}
	if v.today.Before(period.Start()) {
		return period, refused(http.StatusNotFound, "report.not_begun", "Period", v.print.HalfYear(period))
	}
	return period, nil
}

// reportingOf reads what stands beside a sheet while the half-year is written.
func (s *Site) reportingOf(v *visit, period calendar.HalfYear, sheet progress.Sheet) (reporting, error) {
	if err := s.held(v, sheet.Mandate, period); err != nil {
		return reporting{}, err
	}
	r := reporting{sheet: sheet, period: period, duties: monitoring.Owed(sheet, period.Start(), period.End())}
	written, err := s.Store.Written(v.Context(), sheet.Mandate.ID, period, v.today)
	if err != nil {
		return reporting{}, err
	}
	r.drafts, r.parts, r.closed, r.sealed = written.Drafts, written.Parts, written.Closed.Whole, written.Closed.Sealed
	r.leaveOut(written.Closed.Targets)
	r.ownDrafts()
	return r, nil
}

// held refuses a half-year that was over before the mandate had its first holder.
func (s *Site) held(v *visit, m mandate.Mandate, period calendar.HalfYear) error {
	if m.Holder.PersonID != 0 {
		return nil
	}
	tenures, err := s.Store.Tenures(v.Context(), m.ID)
	if err != nil {
		return err
	}
	if all := tenures[m.ID]; len(all) > 0 && all[0].From.After(period.End()) {
		return refused(http.StatusNotFound, "report.not_held", "Period", v.print.HalfYear(period))
	}
	return nil
}

// leaveOut takes out of the sheet the targets that cannot be recorded because
// they lie before a body that gets only some.
func (r *reporting) leaveOut(closed map[int64]bool) {
	if len(closed) == 0 {
		return
	}
	open := map[string]bool{} // targets; of no objective as a whole
	for _, t := range r.sheet.Mandate.Targets() {
		if closed[t.ID] {
			r.elsewhere = append(r.elsewhere, t.Code)
		} else {
			open[t.Code.String()] = true
		}
	}
	r.closed = r.closed || len(open) == 0 && len(r.elsewhere) > 0
	if !r.closed {
		r.sheet = r.sheet.Only(func(code string) bool { return open[code] })
	}
}

// openWritable is openReport for what is about to write.
func (s *Site) openWritable(v *visit) (reporting, error) {
	r, err := s.openReport(v)
	if err != nil {
		return r, err
	}
	return r, r.writable()
}

// writable refuses whatever writes once the half-year is sealed, or while its
// part lies elsewhere.
func (r reporting) writable() error {
	switch {
	case r.sealed:
		return store.ErrSealed
	case r.closed:
		return store.ErrSubmitted
	}
	return nil
}

// inGrace reports whether the day to hand in has passed: each correction then needs its reason.
func (r reporting) inGrace() bool {
	return slices.ContainsFunc(r.parts, func(p store.OwnPart) bool { return p.State == monitoring.RoundGrace })
}

// dueBy is the first day by which a body wants the part; zero when none waits for it.
func (r reporting) dueBy() (first calendar.Date) {
	for _, p := range r.parts {
		if p.Last != monitoring.Submitted && (first.IsZero() || p.Due.Before(first)) {
			first = p.Due
		}
	}
	return first
}

// ownDrafts leaves out what is being written about targets that the sheet has not.
func (r reporting) ownDrafts() {
	own := map[int64]bool{}
	for _, t := range r.sheet.Mandate.Targets() {
		own[t.ID] = true
	}
	maps.DeleteFunc(r.drafts, func(target int64, _ progress.Draft) bool { return !own[target] })
}

// recorded gives the half-year's entry of a target; nil when there is none yet.
func (r reporting) recorded(target int64) *progress.Entry {
	if e := r.sheet.Latest[target]; e != nil && r.period.Contains(e.AsOf) {
		return e
	}
	return nil
}

// current gives what stands in the fields of a target now: the draft, else the
// half-year's entry.
func (r reporting) current(v *visit, target int64) map[string]string {
	if d := r.drafts[target]; d.Version > 0 {
		return d.Fields
	}
	if e := r.recorded(target); e != nil {
		return fieldsOfEntry(v, e)
	}
	return map[string]string{}
}

func (s *Site) showReport(w http.ResponseWriter, v *visit) error {
	r, err := s.openReport(v)
	if err != nil {
		return err
	}
	if r.sealed {
		return redirect(w, v.path("/mandates/"+r.sheet.Mandate.Code+"/monitoring/"+r.period.String()))
	}
	if r.closed {
		return s.showPart(w, v, r)
	}
	return s.render(w, v, http.StatusOK, web.ReportPage(s.reportView(v, r, nil)))
}

// postReport keeps what was typed as a draft, or records it. Recording needs
// every row that was filled in to be right; rows left empty stay open. When
// somebody else writes at the same moment, it looks again at what stands there.
// A form that was recorded before the half-year closed gets its answer again.
func (s *Site) postReport(w http.ResponseWriter, v *visit) error {
	if _, err := v.begunHalfYear(); err != nil {
		return err
	}
	codes, err := s.reportable(v)
	if err != nil {
		return err
	}
	form, done, err := s.decodeReport(w, v, codes)
	if err != nil {
		return err
	}
	defer done()
	r, err := s.openPosted(v, form)
	if err != nil {
		return err
	}
	if err := form.readRows(v, r); err != nil {
		return err
	}
	for range 5 {
		err = s.takeReport(w, v, r, form)
		if !errors.Is(err, store.ErrChanged) {
			return err
		}
		if r, err = s.openPosted(v, form); err != nil {
			return err
		}
	}
	return store.ErrConflict
}

// reportable gives the codes of the targets that the visitor reports on.
func (s *Site) reportable(v *visit) ([]string, error) {
	mandate, codes, err := s.Store.TargetCodes(v.Context(), chi.URLParam(v.Request, "m"))
	if err != nil {
		return nil, err
	}
	if err := s.allow(v, access.ReportProgress, mandate); err != nil {
		return nil, err
	}
	covers := access.Covers(v.viewer, v.today, access.ReportProgress, mandate)
	return slices.DeleteFunc(codes, func(code string) bool { return !covers.Whole && !covers.Has(code) }), nil
}

// takeReport deals with a form once. ErrChanged asks to read the half-year again.
func (s *Site) takeReport(w http.ResponseWriter, v *visit, r reporting, form *reportForm) error {
	if form.do == "report" {
		// a second click, or a form sent again after a lost answer
		location, done, err := s.reported(v, form)
		if err != nil {
			return err
		}
		if done && !form.reopened {
			form.reopened = true // what it recorded may be younger than what was read
			return store.ErrChanged
		}
		if done && form.nothingNew(v, r) {
			return redirect(w, location)
		}
		if done { // the same page again, gone back to and changed
			form.key, form.reopened = newKey(), false
		}
	}
	if err := r.writable(); err != nil {
		return err
	}
	if err := s.chooseEvidence(v, r, form); err != nil {
		return err
	}
	do, rest, _ := strings.Cut(form.do, " ")
	changed, conflicts := s.mergeDrafts(v, r, form)
	if do == "report" && len(conflicts) == 0 && !wantsJSON(v.Request) {
		return s.record(w, v, r, form, changed)
	}
	if err := s.keepDrafts(v, r, form, changed); err != nil {
		return err
	}
	if wantsJSON(v.Request) {
		return s.answerDraft(w, v, r, form, conflicts)
	}
	if len(conflicts) > 0 {
		return s.showConflicts(w, v, r, form, conflicts)
	}
	if !form.ok() {
		return s.reportAgain(w, v, form)
	}
	here := v.URL.Path
	switch do {
	case "detach":
		code, number, _ := strings.Cut(rest, " ")
		id, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return badRequest("error.form.field")
		}
		if err := s.Store.DropChosen(v.Context(), r.sheet.Mandate.ID, r.period, v.viewer.PersonID, id, r.targetIDs()); err != nil {
			return err
		}
		here = atRow(here, code)
	case "attach":
		here = atRow(here, rest)
	}
	tell(w, web.NoticeDone, "report.draft_kept", "Time", v.print.Time(s.Now()))
	return redirect(w, here)
}

// reportAgain shows the page with what must be mended.
func (s *Site) reportAgain(w http.ResponseWriter, v *visit, form *reportForm) error {
	r, err := s.openReport(v) // with the evidence that was just chosen
	if err != nil {
		return err
	}
	form.inPageOrder(r)
	view := s.reportView(v, r, form)
	view.Errors = form.errs
	return s.render(w, v, http.StatusUnprocessableEntity, web.ReportPage(view))
}

func (r reporting) targetIDs() (ids []int64) {
	for _, t := range r.sheet.Mandate.Targets() {
		ids = append(ids, t.ID)
	}
	return ids
}

const recordReport = "record report"

// reported tells whether this very form was recorded before.
func (s *Site) reported(v *visit, form *reportForm) (location string, done bool, err error) {
	sub, err := v.submission(form.key, recordReport)
	if err != nil {
		return "", false, err
	}
	return s.Store.AnsweredBefore(v.Context(), sub)
}

// record stores what the form says as entries. What cannot be recorded is kept
// as a draft, so that nobody types it twice.
func (s *Site) record(w http.ResponseWriter, v *visit, r reporting, form *reportForm, changed []progress.Draft) error {
	before := slices.Clone(form.errs)
	entries := form.entries(v, r, s.Now())
	if len(entries) == 0 && form.ok() {
		form.errs = append(form.errs, web.FieldError{Text: v.print.T("report.nothing_filled")})
	}
	if !form.ok() {
		if err := s.keepDrafts(v, r, form, changed); err != nil {
			form.errs = before // it is judged anew
			return err
		}
		return s.reportAgain(w, v, form)
	}
	sub, err := v.submission(form.key, recordReport)
	if err != nil {
		return err
	}
	location, repeated, err := s.Store.RecordReport(v.Context(), sub, store.Report{
		MandateID: r.sheet.Mandate.ID, Period: r.period, Entries: entries, Seen: r.sheet.Mandate.Version,
		Location: v.path("/mandates/" + r.sheet.Mandate.Code),
		Rows:     r.besideEntries(v.viewer.PersonID, changed, entries), Versions: r.versions(),
	})
	if repeated || errors.Is(err, store.ErrChanged) {
		return store.ErrChanged
	}
	if err != nil {
		return errors.Join(err, s.keepDrafts(v, r, form, changed))
	}
	tell(w, web.NoticeDone, "report.recorded_notice", "Count", strconv.Itoa(len(entries)), "Period", v.print.HalfYear(r.period))
	return redirect(w, location)
}

// chooseEvidence keeps the files and links of the form beside their rows. What
// is wrong with one is said beside its field; the others are kept.
func (s *Site) chooseEvidence(v *visit, r reporting, form *reportForm) error {
	chosen := map[int64]evidence.Set{}
	for _, t := range r.sheet.Mandate.Targets() {
		row, ok := form.rows[t.ID]
		if !ok {
			continue
		}
		set, err := s.chosenOf(v, form, row, r.drafts[t.ID].Chosen)
		if err != nil {
			return err
		}
		if set.Len() > 0 {
			chosen[t.ID] = set
			form.chose, row.chose = true, true
		}
		form.rows[t.ID] = row
	}
	if len(chosen) == 0 {
		return nil
	}
	err := s.Store.ChooseEvidence(v.Context(), r.sheet.Mandate.ID, r.period, v.viewer.PersonID, s.Now(), chosen)
	if errors.Is(err, store.ErrTooMuchEvidence) {
		for id := range chosen {
			form.refuse(web.ReportField(form.rows[id].code, "file"), "evidence.error.mandate_full", "Limit", strconv.Itoa(evidence.MaxMandate>>20))
		}
		return nil
	}
	return err
}

// atRow points a path at a row; a code that is none points at the page.
func atRow(path, code string) string {
	if _, err := parseCode(code); err != nil {
		return path
	}
	return path + "#" + code
}
