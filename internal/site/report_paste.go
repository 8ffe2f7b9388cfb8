package site

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"jalon/internal/bilingual"
	"jalon/internal/mandate"
	"jalon/internal/progress"
	"jalon/internal/reportlist"
	"jalon/internal/store"
	"jalon/web"
)

// pasteBody is how many bytes the forms may have: a workbook as a file, or
// packed as text in the form that confirms it.
const pasteBody = reportlist.MaxFile*4/3 + reportlist.MaxPaste + 1<<18

func (s *Site) showPaste(w http.ResponseWriter, v *visit) error {
	r, err := s.openWritable(v)
	if err != nil {
		return err
	}
	return s.drawPaste(w, v, r, "", nil)
}

func (s *Site) reportPath(v *visit, r reporting) string {
	return v.path("/mandates/" + r.sheet.Mandate.Code + "/report/" + r.period.String())
}

func (s *Site) pasteFrame(v *visit, r reporting, title string) web.Frame {
	crumbs := append(v.crumbs(r.sheet.Mandate), web.Crumb{Label: v.print.T("report.title", "Period", v.print.HalfYear(r.period)), URL: s.reportPath(v, r)})
	return s.frame(v, v.print.T(title), crumbs...)
}

func (s *Site) drawPaste(w http.ResponseWriter, v *visit, r reporting, text string, errs []web.FieldError) error {
	here := s.reportPath(v, r)
	view := web.PasteView{
		Frame: s.pasteFrame(v, r, "report.paste.title"), Mandate: headOf(v, r.sheet.Mandate), Period: r.period,
		Action: here + "/paste", BackURL: here, FormURL: here + "/form.xlsx", Text: text, Limit: reportlist.MaxFile,
	}
	view.Errors = errs
	return s.render(w, v, statusOf(view.Errors), web.PastePage(view))
}

// pasted is a list that was read, and what it would do.
type pasted struct {
	reporting
	text string // as pasted; "" for a workbook
	name string // of the workbook
	file []byte
	plan reportlist.Plan
}

type pasteForm struct {
	Text string `form:"text,raw"`
}

func (s *Site) previewPaste(w http.ResponseWriter, v *visit) error {
	r, err := s.openWritable(v)
	if err != nil {
		return err
	}
	in, f, done, err := decodeUpload[pasteForm](v, map[string]int{"file": 1})
	if err != nil {
		return err
	}
	defer done()
	p := pasted{reporting: r, text: in.Text}
	if header := f.file(); header != nil && header.Filename != "" {
		file, err := header.Open()
		if err != nil {
			return fmt.Errorf("open the uploaded form: %w", err)
		}
		defer file.Close()
		if p.file, err = io.ReadAll(io.LimitReader(file, reportlist.MaxFile+1)); err != nil {
			return fmt.Errorf("read the uploaded form: %w", err)
		}
		p.name = safeName(header.Filename)
	}
	if err := s.readPaste(v, f, &p); err != nil {
		return err
	}
	if !f.ok() {
		return s.drawPaste(w, v, r, p.text, f.errs)
	}
	return s.drawPastePreview(w, v, p, nil)
}

// readPaste reads the list and sets it against the report. What a person must
// mend is noted in the form.
func (s *Site) readPaste(v *visit, f *form, p *pasted) (err error) {
	field, options := "text", s.listOptions(p.reporting)
	var rows []reportlist.Row
	if p.name != "" {
		field = "file"
		rows, err = reportlist.ReadWorkbook(p.file, options)
	} else {
		rows, err = reportlist.ReadPasted(p.text, options)
	}
	var own *reportlist.Refusal
	var refusal interface {
		error
		Key() string
		Words(bilingual.Lang) []any
	}
	switch {
	case errors.As(err, &own):
		f.refuse(field, own.Key(), "Limit", own.Limit, "Text", own.Text)
		return nil
	case errors.As(err, &refusal):
		f.refuse(field, refusal.Key(), refusal.Words(v.lang)...)
		return nil
	case err != nil:
		return err
	}
	now := map[mandate.Code]map[string]string{}
	for _, t := range p.sheet.Mandate.Targets() {
		now[t.Code] = p.current(v, t.ID)
	}
	p.plan = reportlist.Compare(rows, now)
	return nil
}

// listOptions are the words of both languages: a form may have been filled in
// by a colleague who reads the other one.
func (s *Site) listOptions(r reporting) reportlist.Options {
	o := reportlist.Options{
		Statuses: map[string]progress.Status{}, Headings: map[string]string{}, Form: formMark(r),
	}
	for _, t := range r.sheet.Mandate.Targets() {
		o.Targets = append(o.Targets, t.Code)
	}
	for _, lang := range []bilingual.Lang{bilingual.NL, bilingual.FR} {
		p := s.Catalogues.In(lang)
		for _, status := range progress.Entered {
			o.Statuses[p.Status(status)] = status
			o.Statuses[p.T("status.short."+string(status))] = status
		}
		for _, field := range reportlist.Fields {
			o.Headings[p.T("field."+field)] = field
		}
		o.Yes, o.No = append(o.Yes, p.T("export.yes")), append(o.No, p.T("audit.detail.no"))
	}
	return o
}

// formMark says of what a workbook is the form.
func formMark(r reporting) string { return r.sheet.Mandate.Code + " " + r.period.String() }

// drawPastePreview shows what a list would do. f is the form that was sent
// from the preview, with what is wrong with it; nil for the first look.
func (s *Site) drawPastePreview(w http.ResponseWriter, v *visit, p pasted, f *form) error {
	here := s.reportPath(v, p.reporting)
	view := web.PastePreviewView{
		Frame: s.pasteFrame(v, p.reporting, "report.paste.preview"), Mandate: headOf(v, p.sheet.Mandate), Source: p.name,
		Action: here + "/paste/confirm", BackURL: here + "/paste", IdempotencyKey: newKey(),
		Text: p.text, List: base64.RawURLEncoding.EncodeToString(p.file), Seen: p.plan.Fingerprint(),
		Ready: p.plan.Count(reportlist.New) + p.plan.Count(reportlist.Changed),
	}
	status := http.StatusOK
	if f != nil {
		view.IdempotencyKey, view.Errors, status = f.raw("idempotency_key"), f.errs, http.StatusUnprocessableEntity
	}
	texts := map[mandate.Code]bilingual.Text{}
	for _, t := range p.sheet.Mandate.Targets() {
		texts[t.Code] = t.Text
	}
	for _, state := range reportlist.States {
		if n := p.plan.Count(state); n > 0 {
			view.Counts = append(view.Counts, web.EventStateCount{State: string(state), Count: n})
		}
	}
	for i, line := range p.plan {
		row := web.PasteRow{Number: i, Where: line.At, Typed: line.Typed, Text: texts[line.Code], State: string(line.State)}
		if !row.Text.IsZero() {
			row.Code = line.Code
		}
		row.Taken = f == nil || f.raw("take."+strconv.Itoa(i)) != ""
		for _, found := range line.Findings {
			row.Wrong = append(row.Wrong, web.PasteFinding{Cell: found.Cell, Text: v.print.T("report.paste.wrong."+found.Code, "Text", found.Text, "Limit", strconv.Itoa(progress.MaxNarrative))})
		}
		for _, field := range line.Changes {
			row.Changes = append(row.Changes, web.PasteChange{
				Field: field, Before: v.spokenField(field, line.Before[field]), After: v.spokenField(field, line.After[field]),
			})
		}
		view.Rows = append(view.Rows, row)
	}
	return s.render(w, v, status, web.PastePreviewPage(view))
}

// spokenField gives the value of a field in words.
func (v *visit) spokenField(field, value string) string {
	status, ok := progress.ParseStatus(value)
	switch {
	case field == "status" && ok:
		return v.print.Status(status)
	case field == "outside" && value != "":
		return v.print.T("export.yes")
	}
	return value
}

func (s *Site) confirmPaste(w http.ResponseWriter, v *visit) error {
	f, err := v.form("idempotency_key", "text", "list", "name", "seen", "take.*")
	if err != nil {
		return err
	}
	r, err := s.openReport(v)
	if err != nil {
		return err
	}
	sub, done, err := s.once(w, v, f.raw("idempotency_key"), "fill drafts")
	if done || err != nil {
		return err
	}
	if err := r.writable(); err != nil {
		return err
	}
	p := pasted{reporting: r, text: f.raw("text"), name: safeName(f.line("name", 255))}
	if p.file, err = base64.RawURLEncoding.DecodeString(f.raw("list")); err != nil {
		return badRequest("error.form.field")
	}
	if f.raw("name") == "" {
		p.name = ""
	}
	if err := s.readPaste(v, f, &p); err != nil {
		return err
	}
	if !f.ok() {
		return s.drawPaste(w, v, r, p.text, f.errs)
	}
	rows, location := p.chosen(f), ""
	switch {
	case p.plan.Fingerprint() != f.raw("seen"):
		f.refuse("", "report.paste.other_plan")
	case len(rows) == 0:
		f.refuse("", "report.paste.nothing_chosen")
	default:
		location, err = s.Store.FillDrafts(v.Context(), sub, r.sheet.Mandate.ID, r.period, s.Now(), rows, s.reportPath(v, r))
		if errors.Is(err, store.ErrChanged) {
			f.refuse("", "report.paste.other_plan")
			if p.reporting, err = s.openWritable(v); err == nil {
				err = s.readPaste(v, f, &p)
			}
		}
		if err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.drawPastePreview(w, v, p, f)
	}
	tell(w, web.NoticeDone, "report.paste.stored", "Count", strconv.Itoa(len(rows)))
	return redirect(w, location)
}

// chosen gives the drafts that the ticked rows make.
func (p pasted) chosen(f *form) (rows []progress.Draft) {
	ids := map[mandate.Code]int64{}
	for _, t := range p.sheet.Mandate.Targets() {
		ids[t.Code] = t.ID
	}
	for i, line := range p.plan {
		if (line.State == reportlist.New || line.State == reportlist.Changed) && f.raw("take."+strconv.Itoa(i)) != "" {
			id := ids[line.Code]
			rows = append(rows, progress.Draft{TargetID: id, Fields: line.After, Version: p.drafts[id].Version})
		}
	}
	return rows
}

// sendReportForm sends the page as a workbook to fill in.
func (s *Site) sendReportForm(w http.ResponseWriter, v *visit) error {
	r, err := s.openWritable(v)
	if err != nil {
		return err
	}
	m := r.sheet.Mandate
	title := v.print.T("report.title", "Period", v.print.HalfYear(r.period))
	form := reportlist.Form{
		Mark: formMark(r), Title: title + " · " + m.Code, Sheet: v.print.T("report.form.sheet"), Lang: v.lang.Tag(), Author: v.viewer.Name,
		Hint:  []string{v.say(m.Title), v.print.T("report.form.hint"), v.print.T("report.form.hint_status")},
		Wrong: [2]string{v.print.T("field.status"), v.print.T("report.form.status_wrong")},
		Columns: []reportlist.FormColumn{
			{Title: v.print.T("field.code"), Width: 10, Field: "code"},
			{Title: v.print.T("target.title"), Width: 42},
			{Title: v.print.T("deadline.written"), Width: 20},
			{Title: v.print.T("report.form.before"), Width: 42},
		},
	}
	for _, status := range progress.Entered {
		form.Statuses = append(form.Statuses, v.print.Status(status))
	}
	for _, field := range reportlist.Fields[1:] {
		width := 16.0
		switch field {
		case "achieved", "obstacles", "next_steps", "support_asked", "reason":
			width = 36
		}
		form.Columns = append(form.Columns, reportlist.FormColumn{Title: v.print.T("field." + field), Width: width, Field: field})
	}
	for _, t := range m.Targets() {
		row := []string{v.print.Code(t.Code), v.say(t.Text), v.say(t.Deadline.Text), v.saidBefore(r.sheet.Earlier[t.ID])}
		now := r.current(v, t.ID)
		for _, field := range reportlist.Fields[1:] {
			row = append(row, v.spokenField(field, now[field]))
		}
		form.Rows = append(form.Rows, row)
	}
	var file bytes.Buffer
	if err := reportlist.Write(&file, form); err != nil {
		return err
	}
	return sendFile(w, xlsxType, "jalon-"+m.Code+"-"+r.period.String()+"."+string(v.lang)+".xlsx", file.Bytes())
}

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// saidBefore puts an entry in one cell.
func (v *visit) saidBefore(e *progress.Entry) string {
	if e == nil {
		return ""
	}
	text := v.print.Date(e.AsOf) + ": " + v.print.Status(e.Status)
	for _, part := range []string{e.Achieved, e.Obstacles, e.NextSteps, e.Reason} {
		if part != "" {
			text += "\n" + part
		}
	}
	return text
}
