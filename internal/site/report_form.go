package site

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/progress"
	"jalon/web"
)

// reportForm is the reporting page as sent: the rows by target, as typed.
type reportForm struct {
	*form
	key  string
	do   string // "report" records; anything else keeps a draft
	rows map[int64]typedRow
}

// typedRow is one target as typed, and the version of the draft that it was typed over.
type typedRow struct {
	code    mandate.Code
	fields  map[string]string
	version int
	broken  bool           // holds what is not text, or too much of it: no draft can keep it
	theirs  progress.Draft // what somebody else saved meanwhile; zero for nothing
}

// reportFields are the fields of a row that a draft keeps, in the order of the page.
var reportFields = []string{
	"status", "same", "achieved", "obstacles", "next_steps",
	"support_asked", "support_of", "support_by", "reason", "percentage", "value",
}

// narrativeFields may have several paragraphs; the others are one line.
var narrativeFields = []string{"achieved", "obstacles", "next_steps", "support_asked", "reason"}

const maxLine = 500

// decodeReport reads the rows of the mandate's own targets; the field of any
// other code is refused.
func decodeReport(v *visit, r reporting) (*reportForm, error) {
	allowed := []string{"idempotency_key", "do"}
	for _, name := range append([]string{"version"}, reportFields...) {
		allowed = append(allowed, "row.*."+name)
	}
	f, err := v.form(allowed...)
	if err != nil {
		return nil, err
	}
	if len(f.values) == 0 {
		return nil, badRequest("error.form.key")
	}
	report := &reportForm{form: f, key: f.raw("idempotency_key"), do: f.raw("do"), rows: map[int64]typedRow{}}
	read := 0
	for _, t := range r.sheet.Mandate.Targets() {
		name := func(field string) string { return web.ReportField(t.Code, field) }
		if !f.has(name("version")) {
			continue
		}
		version, err := strconv.ParseInt(f.raw(name("version")), 10, 32)
		if err != nil || version < 0 {
			return nil, badRequest("error.form.field")
		}
		row := typedRow{code: t.Code, fields: map[string]string{}, version: int(version)}
		faults := len(f.errs)
		read++
		for _, field := range reportFields {
			f.labels[name(field)] = v.print.Code(t.Code)
			if f.has(name(field)) {
				read++
			}
			if value := f.typed(name(field), field); value != "" {
				row.fields[field] = value
			}
		}
		row.broken = len(f.errs) > faults
		report.rows[t.ID] = row
	}
	for _, own := range []string{"idempotency_key", "do"} {
		if f.has(own) {
			read++
		}
	}
	if read != len(f.names()) {
		return nil, badRequest("error.form.field")
	}
	return report, nil
}

func (f *form) typed(name, field string) string {
	if slices.Contains(narrativeFields, field) {
		return f.text(name, progress.MaxNarrative)
	}
	return f.line(name, maxLine)
}

// differs reports whether a row says something else than what is kept. A row
// that was never kept and is empty does not.
func (t typedRow) differs(kept progress.Draft) bool { return !maps.Equal(t.fields, kept.Fields) }

// entries makes the entries to record. A row counts when it says something
// that the half-year's entry does not say already; what must be mended in it is
// listed with its field, and nothing is recorded until all is right.
func (f *reportForm) entries(v *visit, r reporting, now time.Time) ([]progress.Entry, []web.FieldError) {
	var entries []progress.Entry
	for _, t := range r.sheet.Mandate.Targets() {
		row, ok := f.rows[t.ID]
		if !ok || len(row.fields) == 0 {
			continue
		}
		recorded := r.sheet.Latest[t.ID]
		if recorded != nil && r.period.Contains(recorded.AsOf) && sameAs(v, row, recorded) {
			continue
		}
		e := f.entry(v, row, r.sheet.Earlier[t.ID])
		e.TargetID, e.AsOf, e.RecordedAt, e.AuthorID = t.ID, r.sheet.AsOf, now, v.viewer.PersonID
		e.Lang = cmp.Or(langOfWords(wordsOf(&e), recorded, r.sheet.Earlier[t.ID]), v.lang)
		e.OnBehalfOfID, _ = access.ActsFor(v.viewer, v.today, access.ReportProgress, objectOf(r.sheet.Mandate))
		if recorded != nil && recorded.AsOf == e.AsOf {
			e.Supersedes = recorded.ID // the same day again: a correction
		}
		entries = append(entries, e)
	}
	f.inPageOrder(r)
	return entries, f.errs
}

// inPageOrder lists what must be mended as the page shows the rows.
func (f *reportForm) inPageOrder(r reporting) {
	place := map[string]int{}
	for _, t := range r.sheet.Mandate.Targets() {
		for _, field := range reportFields {
			place[web.ReportField(t.Code, field)] = len(place)
		}
	}
	slices.SortStableFunc(f.errs, func(a, b web.FieldError) int { return cmp.Compare(place[a.Field], place[b.Field]) })
}

// entry reads one row. "The same as last time" takes over what was said then
// wherever the row says nothing itself.
func (f *reportForm) entry(v *visit, row typedRow, before *progress.Entry) progress.Entry {
	get := func(field string) string { return row.fields[field] }
	name := func(field string) string { return web.ReportField(row.code, field) }
	e := progress.Entry{
		Achieved: get("achieved"), Obstacles: get("obstacles"), NextSteps: get("next_steps"),
		SupportAsked: get("support_asked"), SupportOf: get("support_of"), Reason: get("reason"),
	}
	status, ok := progress.ParseStatus(get("status"))
	if get("same") != "" && before != nil {
		if !ok {
			status, ok = before.Status, true
		}
		if e.Achieved+e.Obstacles+e.NextSteps == "" {
			e.Achieved, e.Obstacles, e.NextSteps = before.Achieved, before.Obstacles, before.NextSteps
		}
		e.Reason = cmp.Or(e.Reason, before.Reason)
	}
	if !ok {
		f.refuse(name("status"), "report.error.status")
	}
	e.Status = status
	e.SupportBy = f.date(name("support_by"), get("support_by"))
	e.Percentage = f.percentage(name("percentage"), get("percentage"))
	e.Value = f.number(name("value"), get("value"))
	for field, missing := range map[string]bool{
		"support_asked": status == progress.SupportNeeded && e.SupportAsked == "",
		"support_of":    status == progress.SupportNeeded && e.SupportOf == "",
		"support_by":    status == progress.SupportNeeded && e.SupportBy.IsZero(),
		"reason":        status == progress.NothingToReport && e.Reason == "",
	} {
		if missing { // all of them at once: nobody wants to send the page three times
			f.refuse(name(field), "report.error."+field)
		}
	}
	if status != progress.SupportNeeded {
		e.SupportAsked, e.SupportOf, e.SupportBy = "", "", calendar.Date{}
	}
	if status != progress.NothingToReport {
		e.Reason = ""
	}
	return e
}

func (f *reportForm) date(name, typed string) calendar.Date {
	if typed == "" {
		return calendar.Date{}
	}
	d, err := locale.ParseDate(typed)
	switch {
	case errors.Is(err, locale.ErrShortYear):
		f.refuse(name, "error.date.short_year")
	case err != nil:
		f.refuse(name, "error.date.invalid")
	}
	return d
}

func (f *reportForm) number(name, typed string) *decimal.Decimal {
	if typed == "" {
		return nil
	}
	n, err := locale.ParseDecimal(typed)
	switch {
	case errors.Is(err, locale.ErrAmbiguousNumber):
		f.refuse(name, "error.number.ambiguous")
		return nil
	case err != nil:
		f.refuse(name, "error.number.invalid")
		return nil
	}
	return &n
}

func (f *reportForm) percentage(name, typed string) *decimal.Decimal {
	n := f.number(name, typed)
	if n == nil {
		return nil
	}
	if n.IsNegative() || n.GreaterThan(decimal.NewFromInt(100)) || n.Exponent() < -2 {
		f.refuse(name, "report.error.percentage")
		return nil
	}
	return n
}

// words are what an entry says in sentences.
type words struct{ achieved, obstacles, nextSteps, supportAsked, reason string }

func wordsOf(e *progress.Entry) words {
	return words{e.Achieved, e.Obstacles, e.NextSteps, e.SupportAsked, e.Reason}
}

// langOfWords gives the language of the first entry that says just these
// words, or "": whoever repeats them on a page in the other language has not
// translated them.
func langOfWords(said words, entries ...*progress.Entry) bilingual.Lang {
	for _, e := range entries {
		if e != nil && said != (words{}) && said == wordsOf(e) {
			return e.Lang
		}
	}
	return ""
}

// sameAs reports whether a row says just what was recorded already.
func sameAs(v *visit, row typedRow, e *progress.Entry) bool {
	said := valuesOfEntry(v, e)
	typed := valuesOf(row.fields)
	typed.Same = false
	return typed == said
}
