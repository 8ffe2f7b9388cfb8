package site

import (
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) reportRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/mandates/{m}/report/{p}", action: access.ReportProgress, handler: s.showReport},
		{method: http.MethodPost, pattern: "/mandates/{m}/report/{p}", action: access.ReportProgress, handler: s.postReport, body: 2 << 20},
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
}

// openReport reads what the page and its form need. Reporting on a half-year
// that has not begun, or on one before the visitor's tenure, is refused.
func (s *Site) openReport(v *visit) (reporting, error) {
	period, err := calendar.ParseHalfYear(chi.URLParam(v.Request, "p"))
	if err != nil {
		return reporting{}, errNotFound
	}
	if v.today.Before(period.Start()) {
		return reporting{}, refused(http.StatusNotFound, "report.not_begun", "Period", v.print.HalfYear(period))
	}
	sheet, _, err := s.askSheet(v, access.ReportProgress, store.SheetQuestion{
		AsOf: progress.DayOf(period, v.today), Before: period.Start().AddDays(-1),
	})
	if err != nil {
		return reporting{}, err
	}
	r := reporting{sheet: sheet, period: period, duties: monitoring.Owed(sheet, period.Start(), period.End())}
	if r.drafts, err = s.Store.Drafts(v.Context(), sheet.Mandate.ID, period); err != nil {
		return reporting{}, err
	}
	r.ownDrafts()
	seals, err := s.Store.Seals(v.Context(), sheet.Mandate.ID)
	if err != nil {
		return reporting{}, err
	}
	if r.parts, r.closed, err = s.Store.Parts(v.Context(), sheet.Mandate.ID, period); err != nil {
		return reporting{}, err
	}
	for _, sealed := range seals {
		r.sealed = r.sealed || sealed.Period == period
	}
	return r, nil
}

// ownDrafts leaves out what is being written about targets that the sheet has not.
func (r reporting) ownDrafts() {
	own := map[int64]bool{}
	for _, t := range r.sheet.Mandate.Targets() {
		own[t.ID] = true
	}
	maps.DeleteFunc(r.drafts, func(target int64, _ progress.Draft) bool { return !own[target] })
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
// every row that was filled in to be right; rows left empty stay open.
func (s *Site) postReport(w http.ResponseWriter, v *visit) error {
	r, err := s.openReport(v)
	if err != nil {
		return err
	}
	if r.sealed {
		return store.ErrSealed
	}
	form, err := decodeReport(v, r)
	if err != nil {
		return err
	}
	if form.do == "report" {
		// a second click, or a form sent again after a lost answer
		location, done, err := s.reported(v, form)
		if err != nil {
			return err
		}
		if done {
			return redirect(w, location)
		}
	}
	if r.closed {
		return store.ErrSubmitted
	}
	conflicts, err := s.keepDrafts(v, r, form)
	if err != nil {
		return err
	}
	if wantsJSON(v.Request) {
		if !form.ok() {
			return refused(http.StatusUnprocessableEntity, "")
		}
		return answerDraft(w, v, s.Now(), form, conflicts)
	}
	if len(conflicts) > 0 {
		return s.showConflicts(w, v, r, form, conflicts)
	}
	if form.do != "report" && !form.ok() {
		view := s.reportView(v, r, form)
		view.Errors = form.errs
		return s.render(w, v, http.StatusUnprocessableEntity, web.ReportPage(view))
	}
	if form.do != "report" {
		tell(w, web.NoticeDone, "report.draft_kept", "Time", v.print.Time(s.Now()))
		return redirect(w, v.URL.Path)
	}
	return s.record(w, v, r, form)
}

const recordReport = "record report"

// reported tells whether this very form was recorded before.
func (s *Site) reported(v *visit, form *reportForm) (location string, done bool, err error) {
	sub, err := v.submission(form.key, recordReport)
	if err != nil {
		return "", false, err
	}
	return s.Store.Answered(v.Context(), sub)
}

func (s *Site) record(w http.ResponseWriter, v *visit, r reporting, form *reportForm) error {
	entries, problems := form.entries(v, r, s.Now())
	if len(problems) > 0 || len(entries) == 0 {
		if len(problems) == 0 {
			problems = []web.FieldError{{Text: v.print.T("report.nothing_filled")}}
		}
		view := s.reportView(v, r, form)
		view.Errors = problems
		return s.render(w, v, http.StatusUnprocessableEntity, web.ReportPage(view))
	}
	target := v.path("/mandates/" + r.sheet.Mandate.Code)
	sub, err := v.submission(form.key, recordReport)
	if err != nil {
		return err
	}
	location, _, err := s.Store.RecordReport(v.Context(), sub, store.Report{
		MandateID: r.sheet.Mandate.ID, Period: r.period, Entries: entries, Location: target,
	})
	if err != nil {
		return err
	}
	tell(w, web.NoticeDone, "report.recorded_notice", "Count", strconv.Itoa(len(entries)), "Period", v.print.HalfYear(r.period))
	return redirect(w, location)
}

// keepDrafts stores the rows that differ from what is kept. Only rows that
// changed can meet somebody else's change.
func (s *Site) keepDrafts(v *visit, r reporting, form *reportForm) (conflicts []int64, err error) {
	var changed []progress.Draft
	for _, t := range r.sheet.Mandate.Targets() {
		row, ok := form.rows[t.ID]
		if !ok || row.broken || !row.differs(r.drafts[t.ID]) {
			continue
		}
		changed = append(changed, progress.Draft{TargetID: t.ID, Fields: row.fields, Version: row.version})
	}
	if len(changed) == 0 {
		return nil, nil
	}
	versions, conflicts, err := s.Store.SaveDrafts(v.Context(), r.sheet.Mandate.ID, r.period, v.viewer.PersonID, s.Now(), changed)
	for id, version := range versions {
		row := form.rows[id]
		row.version = version
		form.rows[id] = row
	}
	return conflicts, err
}

// answerDraft tells the script what is in the database now.
func answerDraft(w http.ResponseWriter, v *visit, at time.Time, form *reportForm, conflicts []int64) error {
	rows := map[string]int{}
	taken := []string{}
	for id, row := range form.rows {
		rows[row.code.String()] = row.version
		for _, c := range conflicts {
			if c == id {
				taken = append(taken, row.code.String())
			}
		}
	}
	w.Header().Set("Content-Type", "application/json")
	status := http.StatusOK
	if len(conflicts) > 0 {
		status = http.StatusConflict
	}
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(map[string]any{
		"saved_at": v.print.Time(at), "rows": rows, "conflicts": taken,
	})
}

// showConflicts draws the page with both texts of each row that somebody else
// saved meanwhile. The reader's own text stays in the fields.
func (s *Site) showConflicts(w http.ResponseWriter, v *visit, r reporting, form *reportForm, conflicts []int64) error {
	drafts, err := s.Store.Drafts(v.Context(), r.sheet.Mandate.ID, r.period)
	if err != nil {
		return err
	}
	for _, id := range conflicts {
		row := form.rows[id]
		row.theirs = drafts[id]
		row.version = drafts[id].Version
		form.rows[id] = row
	}
	view := s.reportView(v, r, form)
	for _, id := range conflicts {
		code := form.rows[id].code
		view.Errors = append(view.Errors, web.FieldError{
			Field: web.ReportField(code, "achieved"), Label: v.print.Code(code),
			Text: v.print.T("report.error.conflict", "By", form.rows[id].theirs.SavedBy),
		})
	}
	return s.render(w, v, http.StatusConflict, web.ReportPage(view))
}

// reportView draws the half-year. Values come from the form when there is one,
// else from the draft, else from the entry of this half-year.
func (s *Site) reportView(v *visit, r reporting, form *reportForm) web.ReportView {
	m := r.sheet.Mandate
	head := headOf(v, m)
	all := r.sheet.All(r.period)
	view := web.ReportView{
		Frame: s.frame(v, v.print.T("report.title", "Period", v.print.HalfYear(r.period)), v.crumbs(m)...), Mandate: head, Period: r.period,
		Action: v.URL.Path, DraftURL: v.URL.Path, CancelURL: head.URL,
		IdempotencyKey: newKey(), Reported: all.Reported, Owed: all.Owed,
	}
	view.Part = s.partNotice(v, r.sheet, r.period, r.parts)
	if form != nil {
		view.IdempotencyKey = form.key
	}
	_, view.OnBehalfOf = access.ActsFor(v.viewer, v.today, access.ReportProgress, objectOf(m))
	for _, d := range r.drafts {
		if d.SavedAt.After(view.SavedAt) {
			view.SavedAt = d.SavedAt
		}
	}
	for _, o := range m.Objectives {
		group := web.ReportGroup{Code: o.Code, Title: o.Title}
		for _, p := range o.Points {
			for _, t := range p.Targets {
				row := s.reportRow(v, r, p, t, form)
				if standing := r.sheet.Standing(t, r.period); !standing.Owed && standing.Status.Closed() {
					view.Closed = append(view.Closed, row)
				} else {
					group.Rows = append(group.Rows, row)
				}
			}
		}
		if len(group.Rows) > 0 {
			view.Groups = append(view.Groups, group)
		}
	}
	return view
}

func (s *Site) reportRow(v *visit, r reporting, p mandate.MeasurementPoint, t mandate.Target, form *reportForm) web.ReportRow {
	base := v.path("/mandates/" + r.sheet.Mandate.Code)
	row := web.ReportRow{
		Code: t.Code, Text: t.Text, URL: base + "/targets/" + t.Code.String(),
		Point:    web.Ancestor{Code: p.Code, Text: p.Text, URL: base + "/objectives/" + objectiveCode(t.Code) + "#" + p.Code.String()},
		Deadline: monitoring.CellOfDeadline(t.Deadline),
		Late:     r.sheet.Standing(t, r.period).Status == progress.Late || lateNow(r.sheet, t),
		Duties:   r.duties[t.ID],
	}
	if e := r.sheet.Earlier[t.ID]; e != nil {
		row.PreviousPeriod, row.Previous = calendar.HalfYearOf(e.AsOf), monitoring.Cell{Status: e.Status, Entry: e}
	}
	latest := r.sheet.Latest[t.ID]
	row.Recorded = latest != nil && r.period.Contains(latest.AsOf)
	draft, drafted := r.drafts[t.ID]
	switch {
	case form != nil && form.rows[t.ID].fields != nil:
		typed := form.rows[t.ID]
		row.Values, row.Version = valuesOf(typed.fields), strconv.Itoa(typed.version)
		if typed.theirs.Version > 0 {
			row.Conflict = &web.Conflict{By: typed.theirs.SavedBy, At: typed.theirs.SavedAt, Theirs: valuesOf(typed.theirs.Fields)}
		}
	case drafted:
		row.Values, row.Version = valuesOf(draft.Fields), strconv.Itoa(draft.Version)
	default:
		row.Version = "0"
		if row.Recorded {
			row.Values = valuesOfEntry(v, latest)
		}
	}
	said := words{row.Values.Achieved, row.Values.Obstacles, row.Values.NextSteps, row.Values.SupportAsked, row.Values.Reason}
	row.Lang = langOfWords(said, latest, r.sheet.Earlier[t.ID])
	return row
}

func lateNow(s progress.Sheet, t mandate.Target) bool {
	latest := s.Latest[t.ID]
	due := t.Deadline.Due
	return !due.IsZero() && due.Before(s.AsOf) && (latest == nil || !latest.Status.Closed())
}

func objectiveCode(c mandate.Code) string { return c.Parent().Parent().String() }

func valuesOf(fields map[string]string) web.ReportValues {
	status, _ := progress.ParseStatus(fields["status"])
	return web.ReportValues{
		Status: status, Same: fields["same"] != "", Achieved: fields["achieved"], Obstacles: fields["obstacles"], NextSteps: fields["next_steps"],
		SupportAsked: fields["support_asked"], SupportOf: fields["support_of"], SupportBy: fields["support_by"],
		Reason: fields["reason"], Percentage: fields["percentage"], Value: fields["value"],
	}
}

func valuesOfEntry(v *visit, e *progress.Entry) web.ReportValues {
	values := web.ReportValues{
		Status: e.Status, Achieved: e.Achieved, Obstacles: e.Obstacles, NextSteps: e.NextSteps,
		SupportAsked: e.SupportAsked, SupportOf: e.SupportOf, SupportBy: v.print.Date(e.SupportBy), Reason: e.Reason,
	}
	if e.Percentage != nil {
		values.Percentage = v.print.Number(*e.Percentage)
	}
	if e.Value != nil {
		values.Value = strings.ReplaceAll(e.Value.String(), ".", ",")
	}
	return values
}
