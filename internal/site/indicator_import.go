package site

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/shopspring/decimal"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/indicator"
	"jalon/internal/store"
	"jalon/internal/valuelist"
	"jalon/web"
)

// valueImport is a list of values that was read, set against what is recorded.
type valueImport struct {
	sheet  store.IndicatorSheet
	series *indicator.Series
	name   string // of the file, or of what was pasted
	data   []byte
	rows   []valueRowPlan
}

// What a row of a list does.
const (
	rowNew     = "new"
	rowSame    = "same"     // stands already
	rowReplace = "replaces" // takes the place of a value of that day
	rowWrong   = "wrong"
)

type valueRowPlan struct {
	valuelist.Row
	state string
	old   *indicator.Measurement // of rowReplace
}

// openMeasured finds the indicator of the address when values can be recorded of it.
func (s *Site) openMeasured(v *visit) (valueImport, error) {
	sheet, series, err := s.openIndicator(v, access.RecordValue)
	if err == nil && (series.Origin != indicator.Measured || series.Retired) {
		err = errForbidden
	}
	return valueImport{sheet: sheet, series: series}, err
}

func (s *Site) showValueImport(w http.ResponseWriter, v *visit) error {
	l, err := s.openMeasured(v)
	if err != nil {
		return err
	}
	return s.drawValueImport(w, v, l, "", nil)
}

func (s *Site) importFrame(v *visit, l valueImport, title string) (web.Frame, string) {
	m := l.sheet.Mandate
	here := indicatorsPath(v, m) + "/" + l.series.Code
	return s.frame(v, title, append(v.crumbs(m), web.Crumb{Label: v.print.T("indicator.title"), URL: indicatorsPath(v, m)}, web.Crumb{Label: l.series.Code, URL: here})...), here
}

func (s *Site) drawValueImport(w http.ResponseWriter, v *visit, l valueImport, pasted string, errs []web.FieldError) error {
	frame, here := s.importFrame(v, l, v.print.T("indicator.import.of", "Code", l.series.Code))
	frame.Errors = errs
	return s.render(w, v, statusOf(errs), web.ValueImportPage(web.ValueImportView{
		Frame: frame, Mandate: headOf(v, l.sheet.Mandate), Action: here + "/import", BackURL: here, Share: l.series.Per > 0, People: l.series.MinGroup > 0, Pasted: pasted,
	}))
}

func (s *Site) previewValues(w http.ResponseWriter, v *visit) error {
	l, err := s.openMeasured(v)
	if err != nil {
		return err
	}
	f, done, err := v.upload(map[string]int{"file": 1}, "text")
	if err != nil {
		return err
	}
	defer done()
	pasted := f.values.Get("text")
	header := f.file()
	switch {
	case header != nil && header.Filename != "":
		file, err := header.Open()
		if err != nil {
			return fmt.Errorf("open the uploaded values: %w", err)
		}
		defer file.Close()
		l.name = safeName(header.Filename)
		if l.data, err = io.ReadAll(io.LimitReader(file, valuelist.MaxFile+1)); err != nil {
			return fmt.Errorf("read the uploaded values: %w", err)
		}
	case pasted != "":
		l.name, l.data = pastedName, []byte(pasted)
	default:
		f.refuse("file", "indicator.import.nothing_given")
	}
	if f.ok() {
		err = l.read(v, f)
	}
	if err != nil {
		return err
	}
	if !f.ok() {
		return s.drawValueImport(w, v, l, pasted, f.errs)
	}
	return s.drawValuePreview(w, v, l, nil)
}

// pastedName stands for the name of a file where cells were pasted.
const pastedName = "pasted.txt"

// read reads the list and sets it against what is recorded. What a person must
// mend about the list as a whole is noted in the form.
func (l *valueImport) read(v *visit, f *form) error {
	field := "file"
	if l.name == pastedName {
		field = "text"
	}
	rows, err := valuelist.Read(l.name, l.data, l.series.Indicator)
	var wrong *valuelist.Refusal
	var refusal interface {
		error
		Key() string
		Words(bilingual.Lang) []any
	}
	switch {
	case errors.As(err, &wrong):
		f.refuse(field, "indicator.import.error."+wrong.Key, "Line", wrong.Line)
		return nil
	case errors.As(err, &refusal):
		f.refuse(field, refusal.Key(), refusal.Words(v.lang)...)
		return nil
	case err != nil:
		return err
	}
	for _, row := range rows {
		if row.On.After(v.today) {
			row.Findings = append(row.Findings, valuelist.Finding{Key: "future", Cell: row.Where})
		}
		l.rows = append(l.rows, l.plan(row))
	}
	return nil
}

func (l *valueImport) plan(row valuelist.Row) valueRowPlan {
	if len(row.Findings) > 0 {
		return valueRowPlan{row, rowWrong, nil}
	}
	at := slices.IndexFunc(l.series.History, func(m indicator.Measurement) bool { return m.On == row.On })
	if at < 0 {
		return valueRowPlan{row, rowNew, nil}
	}
	old := &l.series.History[at]
	row.Supersedes = old.ID
	switch {
	case old.Withdrawn:
		return valueRowPlan{row, rowNew, nil}
	case !old.Hidden && old.Same(row.Measurement):
		return valueRowPlan{row, rowSame, nil}
	}
	return valueRowPlan{row, rowReplace, old}
}

func (l *valueImport) count(state string) (n int) {
	for _, r := range l.rows {
		if r.state == state {
			n++
		}
	}
	return n
}

// seen stands for what the preview showed: which value each row would take the place of.
func (l *valueImport) seen() string {
	h := sha256.New()
	for _, r := range l.rows {
		fmt.Fprintln(h, r.On, r.state, r.Supersedes)
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

type confirmForm struct {
	Key     string `form:"idempotency_key,raw"`
	List    string `form:"list,raw"`
	Name    string `form:"name,line,255,required"`
	Seen    string `form:"seen,raw"`
	Skip    string `form:"skip,choice,1"`
	Replace string `form:"replace,choice,1"`
}

func (s *Site) confirmValues(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[confirmForm](v)
	if err != nil {
		return err
	}
	l, err := s.openMeasured(v)
	if err != nil {
		return err
	}
	sub, done, err := s.once(w, v, in.Key, "record values")
	if done || err != nil {
		return err
	}
	l.name = safeName(in.Name)
	if l.data, err = base64.RawURLEncoding.DecodeString(in.List); err != nil {
		return badRequest("error.form.field")
	}
	if err := l.read(v, f); err != nil {
		return err
	}
	if !f.ok() {
		return s.drawValueImport(w, v, l, "", f.errs)
	}
	var values []indicator.Measurement
	for _, r := range l.rows {
		if r.state == rowNew || r.state == rowReplace {
			values = append(values, r.Measurement)
		}
	}
	switch {
	case l.seen() != in.Seen:
		f.refuse("", "indicator.import.other")
	case l.count(rowWrong) > 0 && in.Skip == "":
		f.refuse("skip", "indicator.import.skip_first")
	case l.count(rowReplace) > 0 && in.Replace == "":
		f.refuse("replace", "indicator.import.replace_first")
	case len(values) == 0:
		f.refuse("", "indicator.import.nothing_new")
	}
	if !f.ok() {
		return s.drawValuePreview(w, v, l, f)
	}
	_, location, _, err := s.Store.RecordValues(v.Context(), sub, s.valueBatch(v, l.sheet.Mandate, l.series.Indicator, "import", values))
	if err != nil {
		return err
	}
	tell(w, web.NoticeDone, "indicator.import.stored")
	return redirect(w, location)
}

func (s *Site) drawValuePreview(w http.ResponseWriter, v *visit, l valueImport, f *form) error {
	frame, here := s.importFrame(v, l, v.print.T("indicator.import.preview", "Code", l.series.Code))
	view := web.ValuePreviewView{
		Frame: frame, Mandate: headOf(v, l.sheet.Mandate), Action: here + "/import/confirm", BackURL: here + "/import", Source: l.name, IdempotencyKey: newKey(),
		List: base64.RawURLEncoding.EncodeToString(l.data), Seen: l.seen(), New: l.count(rowNew), Replaced: l.count(rowReplace), Wrong: l.count(rowWrong),
		People: l.series.MinGroup > 0,
	}
	if l.name == pastedName {
		view.Source = ""
	}
	view.Name = l.name
	status := http.StatusOK
	if f != nil {
		status = http.StatusUnprocessableEntity
		view.Errors, view.IdempotencyKey, view.Skip, view.Replace = f.errs, f.raw("idempotency_key"), f.raw("skip") != "", f.raw("replace") != ""
	}
	for _, r := range l.rows {
		line := web.ValuePreviewLine{Where: r.Where, On: r.On, Value: web.Measured(v.print, l.series.Indicator, r.Measurement), Note: r.Note, State: r.state}
		if r.People > 0 {
			line.People = v.print.Number(decimal.NewFromInt(int64(r.People)))
		}
		if r.old != nil {
			line.Old = web.Measured(v.print, l.series.Indicator, *r.old)
		}
		for _, found := range r.Findings {
			line.Findings = append(line.Findings, v.print.T("indicator.import.finding."+found.Key, "Cell", found.Cell, "Text", found.Text))
		}
		view.Rows = append(view.Rows, line)
	}
	return s.render(w, v, status, web.ValuePreviewPage(view))
}
