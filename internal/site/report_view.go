package site

import (
	"slices"
	"strconv"
	"strings"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/web"
)

// reportView draws the half-year. Values come from the form when there is one,
// else from the draft, else from the entry of this half-year.
func (s *Site) reportView(v *visit, r reporting, form *reportForm) web.ReportView {
	m := r.sheet.Mandate
	head := headOf(v, m)
	view := web.ReportView{
		Frame: s.frame(v, v.print.T("report.title", "Period", v.print.HalfYear(r.period)), v.crumbs(m)...), Mandate: head,
		Action: v.URL.Path, DraftURL: v.URL.Path, FormURL: v.URL.Path + "/form.xlsx", PasteURL: v.URL.Path + "/paste",
		IdempotencyKey: newKey(), Owed: r.sheet.All(r.period).Owed,
		Part: s.partNotice(v, r.sheet, r.period, r.parts, r.elsewhere), DueBy: r.dueBy(),
	}
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
				standing := r.sheet.Standing(t, r.period)
				row.Owed = standing.Owed
				if !standing.Owed && standing.Status.Closed() {
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
		Duties:   r.duties[t.ID], Measured: progress.Measured(t, r.sheet.Latest[t.ID], r.sheet.Earlier[t.ID]),
	}
	if e := r.sheet.Earlier[t.ID]; e != nil {
		row.PreviousPeriod, row.Previous = calendar.HalfYearOf(e.AsOf), monitoring.Cell{Status: e.Status, Entry: e}
	}
	latest := r.recorded(t.ID)
	row.Recorded = latest != nil
	if latest != nil {
		row.RecordedAt = latest.RecordedAt
		corrects, asked := r.corrects(t, v.today)
		row.Correction = web.CorrectionAsk{Shown: corrects && asked || latest.AsOf != r.sheet.AsOf, Required: corrects && asked}
	}
	draft := r.drafts[t.ID]
	row.Chosen = chosenLines(v, t.Code, draft.Chosen)
	row.Files, row.HiddenFiles = evidenceLines(v, r.sheet.Mandate, t.Code, draft.Recorded.Files)
	for _, l := range draft.Recorded.Links {
		row.Links = append(row.Links, web.Link{Label: l.Title, URL: l.URL})
	}
	for _, text := range draft.Replaced {
		row.Replaced = append(row.Replaced, web.ReplacedText{By: text.By, At: text.At, Values: valuesOf(text.Fields)})
	}
	fields := r.current(v, t.ID)
	row.Version, row.Base = strconv.Itoa(draft.Version), progress.BaseOf(fields).Wire()
	if form != nil && form.rows[t.ID].fields != nil {
		typed := form.rows[t.ID]
		fields, row.Version = typed.fields, strconv.Itoa(typed.version)
		row.Confidential = typed.confidential
		if len(typed.both) > 0 {
			row.Conflict = conflictOf(typed)
		}
	}
	row.Values = valuesOf(fields)
	said := words{row.Values.Achieved, row.Values.Obstacles, row.Values.NextSteps, row.Values.SupportAsked, row.Values.Reason}
	row.Lang = langOfWords(said, latest, r.sheet.Earlier[t.ID])
	return row
}

// conflictOf shows both texts of the fields that two people changed, and names
// the fields in which the other one's words were taken over.
func conflictOf(row typedRow) *web.Conflict {
	c := &web.Conflict{By: row.theirs.SavedBy, At: row.theirs.SavedAt}
	theirs, mine := valuesOf(row.theirs.Fields), valuesOf(row.typed)
	for _, field := range reportFields {
		switch {
		case slices.Contains(row.both, field):
			c.Fields = append(c.Fields, web.ConflictField{
				Name: field, Theirs: row.theirs.Fields[field], Yours: row.typed[field], Joinable: slices.Contains(narrativeFields, field),
				TheirStatus: theirs.Status, YourStatus: mine.Status,
			})
		case row.fields[field] != row.typed[field]:
			c.Joined = append(c.Joined, field)
		}
	}
	return c
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
		Status: status, Same: fields["same"] != "", Achieved: fields["achieved"], Obstacles: fields["obstacles"],
		OutsideControl: fields["outside"] != "", NextSteps: fields["next_steps"],
		SupportAsked: fields["support_asked"], SupportOf: fields["support_of"], SupportBy: fields["support_by"],
		Reason: fields["reason"], Percentage: fields["percentage"], Value: fields["value"],
		LinkURL: fields["link_url"], LinkTitle: fields["link_title"], Correction: fields["correction"],
	}
}

// fieldsOfEntry gives an entry as the fields of its row; what it does not say has none.
func fieldsOfEntry(v *visit, e *progress.Entry) map[string]string {
	fields := map[string]string{
		"status": string(e.Status), "achieved": e.Achieved, "obstacles": e.Obstacles, "next_steps": e.NextSteps,
		"support_asked": e.SupportAsked, "support_of": e.SupportOf, "support_by": v.print.Date(e.SupportBy), "reason": e.Reason,
	}
	if e.OutsideControl {
		fields["outside"] = "1"
	}
	if e.Percentage != nil {
		fields["percentage"] = v.print.Number(*e.Percentage)
	}
	if e.Value != nil {
		fields["value"] = strings.ReplaceAll(e.Value.String(), ".", ",")
	}
	for name, value := range fields {
		if value == "" {
			delete(fields, name)
		}
	}
	return fields
}
