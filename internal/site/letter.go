package site

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/intake"
	"jalon/internal/letter"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) importRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/import", action: access.ImportLetter, handler: s.showImport},
		{method: http.MethodPost, pattern: "/import", action: access.ImportLetter, handler: s.previewImport, body: letter.MaxFile + 1<<20},
		{method: http.MethodPost, pattern: "/import/confirm", action: access.ImportLetter, handler: s.confirmImport, body: 4 << 20},
	}
}

func (s *Site) showImport(w http.ResponseWriter, v *visit) error {
	return s.drawImport(w, v, web.ImportValues{}, nil)
}

func (s *Site) drawImport(w http.ResponseWriter, v *visit, values web.ImportValues, errs []web.FieldError) error {
	institutions, err := s.importInstitutions(v)
	if err != nil {
		return err
	}
	view := web.ImportView{
		Frame: s.frame(v, v.print.T("import.title")), Action: v.path("/import"), Values: values,
		Limit: letter.MaxFile,
	}
	for _, i := range institutions {
		view.Institutions = append(view.Institutions, web.Option{Value: i.Code, Label: v.say(i.Name)})
	}
	view.Errors = errs
	return s.render(w, v, statusOf(view.Errors), web.ImportPage(view))
}

// importInstitutions lists those for which the visitor may import.
func (s *Site) importInstitutions(v *visit) ([]mandate.Institution, error) {
	all, err := s.Store.Institutions(v.Context())
	if err != nil {
		return nil, err
	}
	var own []mandate.Institution
	for _, i := range all {
		if v.may(access.ImportLetter, access.Object{InstitutionID: i.ID}) {
			own = append(own, i)
		}
	}
	return own, nil
}

// importing is a letter that was read, with what it is to be stored as.
type importing struct {
	values      web.ImportValues
	source      string // file name
	reading     letter.Reading
	institution mandate.Institution
	stored      mandate.Mandate // the mandate as it reads last, also where that counts later; no id for a new one
	effectiveOn string          // from when changed words count, as typed
	reason      string          // of the change
}

// known reports whether the mandate exists already.
func (i importing) known() bool { return i.stored.ID != 0 }

// letterLabels name the fields of the two forms of a letter.
var letterLabels = map[string]string{
	"file": "import.file", "text": "import.text_name", "institution": "import.institution", "mandate": "import.mandate", "lang": "import.lang",
	"effective_on": "import.effective_on", "reason": "import.reason",
}

func (s *Site) previewImport(w http.ResponseWriter, v *visit) error {
	f, done, err := v.upload(map[string]int{"file": 1}, "text", "institution", "mandate", "lang")
	if err != nil {
		return err
	}
	defer done()
	f.label(letterLabels)
	f.places = []string{"file", "text", "institution", "mandate", "lang"}
	values := importValues(f)
	name, data, err := letterFile(f)
	if err != nil {
		return err
	}
	text, _, err := letter.Extract(name, data)
	if err == nil {
		values.Text = text
		var i importing
		if i, err = s.readImport(v, f, name, values); err == nil && f.ok() {
			return s.drawPreview(w, v, i, nil)
		}
	}
	if err := f.refuseLetter(err); err != nil {
		return err
	}
	values.Text = f.raw("text")
	return s.drawImport(w, v, values, f.errs)
}

func importValues(f *form) web.ImportValues {
	return web.ImportValues{
		Institution: f.line("institution", 40), Mandate: strings.ToUpper(f.line("mandate", 41)), Lang: f.choice("lang", "nl", "fr"), Text: f.raw("text"),
	}
}

// letterFile gives the file that was sent, or else the words that were pasted.
func letterFile(f *form) (name string, data []byte, err error) {
	header := f.file()
	if header == nil || header.Filename == "" {
		return "", []byte(f.raw("text")), nil
	}
	file, err := header.Open()
	if err != nil {
		return "", nil, fmt.Errorf("open the uploaded letter: %w", err)
	}
	defer file.Close()
	if data, err = io.ReadAll(io.LimitReader(file, letter.MaxFile+1)); err != nil {
		return "", nil, fmt.Errorf("read the uploaded letter: %w", err)
	}
	return safeName(header.Filename), data, nil
}

// refuseLetter turns the refusal of a file into something to mend; other
// errors are given back.
func (f *form) refuseLetter(err error) error {
	var refusal *intake.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	field := "file"
	if f.file() == nil {
		field = "text"
	}
	f.refuse(field, refusal.Key(), refusal.Words(f.print.Lang)...)
	return nil
}

// readImport reads the words of a letter and finds what they are about. What a
// person must mend is noted in the form.
func (s *Site) readImport(v *visit, f *form, source string, values web.ImportValues) (importing, error) {
	i := importing{values: values, source: source}
	institutions, err := s.importInstitutions(v)
	if err != nil {
		return i, err
	}
	for _, each := range institutions {
		if each.Code == values.Institution {
			i.institution = each
		}
	}
	if i.institution.ID == 0 {
		f.refuse("institution", "import.error.institution")
	}
	if values.Mandate == "" || !mandate.IsMandateCode(values.Mandate) {
		f.refuse("mandate", "import.error.mandate")
	}
	i.reading, err = letter.Load("", []byte(values.Text), letter.Options{Lang: bilingual.Lang(values.Lang), Institution: i.institution.Name.NL})
	if err != nil || !f.ok() {
		return i, err
	}
	if i.values.Lang == "" {
		i.values.Lang = string(letter.DetectLang(values.Text))
	}
	i.stored, err = s.Store.LastWording(v.Context(), values.Mandate)
	if errors.Is(err, store.ErrNotFound) {
		return i, nil
	}
	if err != nil {
		return i, err
	}
	if i.stored.Institution.ID != i.institution.ID {
		f.refuse("mandate", "import.error.other_institution")
		return i, nil
	}
	i.reading.Findings = append(i.reading.Findings, letter.OtherLanguage(letter.DraftOf(i.stored), i.reading.Draft)...)
	return i, nil
}

func (s *Site) drawPreview(w http.ResponseWriter, v *visit, i importing, errs []web.FieldError) error {
	c := i.reading.Counts()
	view := web.ImportPreviewView{
		Frame:  s.frame(v, v.print.T("import.preview_title"), web.Crumb{Label: v.print.T("import.title"), URL: v.path("/import")}),
		Source: i.source, Title: i.reading.Mandate.Title, Rank: i.reading.Mandate.Rank,
		Counts:     web.ImportCounts{Objectives: c.Objectives, Strategic: c.Strategic, Transversal: c.Transversal, Points: c.Points, Targets: c.Targets, Deadlines: c.Deadlines, KPIs: c.KPIs},
		Objectives: draftBlocks(i.reading.Tree()),
		Known:      i.known(), Action: v.path("/import/confirm"), BackURL: v.path("/import"),
		IdempotencyKey: newKey(), Values: i.values, Institution: v.say(i.institution.Name),
	}
	view.Findings, view.Lines = findingsBeside(v, i.reading)
	if i.known() {
		view.Differences, view.Filled = differencesOf(v, i)
		view.Amends = slices.ContainsFunc(view.Differences, func(d web.Difference) bool { return d.Before != "" && d.After != "" })
		view.Adds = slices.ContainsFunc(view.Differences, func(d web.Difference) bool { return d.Before == "" })
		view.EffectiveOn, view.Reason = i.effectiveOn, i.reason
	}
	view.Errors = errs
	status := http.StatusOK
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return s.render(w, v, status, web.ImportPreviewPage(view))
}

func draftBlocks(m mandate.Mandate) []web.ObjectiveBlock {
	var blocks []web.ObjectiveBlock
	for _, o := range m.Objectives {
		block := web.ObjectiveBlock{Code: o.Code, Title: o.Title}
		for _, p := range o.Points {
			point := web.PointBlock{Code: p.Code, Text: p.Text}
			for _, t := range p.Targets {
				point.Targets = append(point.Targets, web.TargetLine{Code: t.Code, Text: t.Text, Deadline: monitoring.CellOfDeadline(t.Deadline)})
			}
			block.Points = append(block.Points, point)
		}
		for _, k := range o.KPIs {
			block.KPIs = append(block.KPIs, web.KPILine{Code: k.Code, Text: k.Text})
		}
		if o.Deadline != nil {
			cell := monitoring.CellOfDeadline(*o.Deadline)
			block.Deadline = &cell
		}
		blocks = append(blocks, block)
	}
	return blocks
}

// findingsBeside sets each finding beside its line; those about the letter as
// a whole stand apart.
func findingsBeside(v *visit, r letter.Reading) (whole []web.Finding, lines []web.SourceLine) {
	byLine := map[int][]web.Finding{}
	for _, f := range r.Findings {
		shown := web.Finding{Line: f.Line, Severity: web.Severity(f.Severity), Text: v.print.T(f.Key(), f.Words(v.lang)...)}
		whole = append(whole, shown)
		byLine[f.Line] = append(byLine[f.Line], shown)
	}
	for n, text := range r.Lines {
		line := web.SourceLine{Number: n + 1, Text: text, Findings: byLine[n+1]}
		if n < len(r.Coverage) && r.Coverage[n].Kind == letter.InResult {
			line.Code = shownKey(v, r.Coverage[n].Where)
		}
		lines = append(lines, line)
	}
	return whole, lines
}

// shownKey shows a key such as T4/goal3 with the code as people read it.
func shownKey(v *visit, key string) string {
	head, rest, _ := strings.Cut(key, "/")
	code, err := mandate.ParseCode(head)
	if err != nil {
		return ""
	}
	if rest == "" {
		return v.print.Code(code)
	}
	return v.print.Code(code) + " · " + v.print.T("import.part."+strings.TrimRight(rest, "0123456789"))
}

// differencesOf gives what the letter changes and adds, and how many texts get
// the words of a language that they lacked.
func differencesOf(v *visit, i importing) (all []web.Difference, filled int) {
	for _, d := range letter.Compare(letter.DraftOf(i.stored), i.reading.Draft) {
		if d.Change == letter.Filled {
			filled++
			continue
		}
		head, part, _ := strings.Cut(d.Key, "/")
		code, _ := mandate.ParseCode(head) // the title of the mandate has none
		lang := d.Lang
		if lang == "" {
			lang = bilingual.Lang(i.values.Lang)
		}
		field := "text"
		switch {
		case d.Key == "mandate":
			field = "title"
		case part != "":
			field = strings.TrimRight(part, "0123456789")
		}
		all = append(all, web.Difference{Code: code, Field: v.print.T("import.part." + field), Lang: lang, Before: d.Old.In(lang), After: d.New.In(lang)})
	}
	return all, filled
}

func (s *Site) confirmImport(w http.ResponseWriter, v *visit) error {
	f, err := v.form("idempotency_key", "text", "institution", "mandate", "lang", "source", "effective_on", "reason")
	if err != nil {
		return err
	}
	f.label(letterLabels)
	values := importValues(f)
	i, err := s.readImport(v, f, safeName(f.line("source", 255)), values)
	if err = f.refuseLetter(err); err != nil {
		return err
	}
	if !f.ok() {
		return s.drawImport(w, v, values, f.errs)
	}
	sub, err := v.submission(f.raw("idempotency_key"), "import letter")
	if err != nil {
		return err
	}
	i.effectiveOn, i.reason = f.line("effective_on", 20), f.line("reason", maxLine)
	day := f.date("effective_on", i.effectiveOn)
	if i.reason != "" && i.effectiveOn == "" {
		f.refuse("effective_on", "import.error.day_of_reason")
	}
	if !f.ok() {
		return s.drawPreview(w, v, i, f.errs)
	}
	tree := i.reading.Tree()
	tree.Code = i.values.Mandate
	effect, location, _, err := s.Store.StoreLetter(v.Context(), sub, store.Letter{
		Mandate: tree, Institution: i.institution, Lang: bilingual.Lang(i.values.Lang), FileName: i.source, Source: i.values.Text,
		Findings: i.reading.Findings, EffectiveOn: day, Reason: i.reason, At: s.Now(), Location: v.path("/mandates"),
	})
	switch {
	case errors.Is(err, store.ErrAmendment):
		f.refuse("effective_on", "import.error.effective_on")
		return s.drawPreview(w, v, i, f.errs)
	case errors.Is(err, store.ErrSealed):
		f.refuse("effective_on", "amendment.sealed")
		return s.drawPreview(w, v, i, f.errs)
	case err != nil:
		return err
	}
	if effect == store.LetterSame {
		tell(w, web.NoticeDone, "import.same")
		return redirect(w, location)
	}
	tell(w, web.NoticeDone, "import.stored", "Code", i.values.Mandate, "Findings", strconv.Itoa(len(i.reading.Findings)))
	return redirect(w, location)
}
