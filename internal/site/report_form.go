package site

import (
	"cmp"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/evidence"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/web"
)

// reportForm is the reporting page as sent: the rows by target, as typed.
type reportForm struct {
	*form
	key      string
	do       string   // "report" records; anything else keeps a draft
	codes    []string // of the targets that have a row
	rows     map[int64]typedRow
	chose    bool // evidence came along
	reopened bool // the half-year was read again since the form was found to be recorded
}

// typedRow is one target as typed, and what it was typed over.
type typedRow struct {
	code         mandate.Code
	typed        map[string]string // as sent
	fields       map[string]string // as they are kept: with what somebody else changed in other fields
	version      int               // of the draft
	base         progress.Base     // what the page showed; nil when the form does not say
	resolves     bool              // the writer saw both texts and chose
	broken       bool              // holds what is not text, or too much of it: no draft can keep it
	confidential bool              // of the files
	chose        bool              // evidence came along with the row
	both         []string          // fields that two people changed
	theirs       progress.Draft    // what somebody else saved meanwhile
}

// reportFields are the fields of a row that a draft keeps, in the order of the page.
var reportFields = []string{
	"status", "same", "support_asked", "support_of", "support_by", "reason", "achieved", "obstacles", "outside", "next_steps",
	"percentage", "value", "link_url", "link_title", "correction",
}

// narrativeFields may have several paragraphs; the others are one line.
var narrativeFields = []string{"achieved", "obstacles", "next_steps", "support_asked", "reason"}

const maxLine = 500

// textBody is how many bytes a report without files may have.
const textBody = 2 << 20

// decodeReport reads the form of a report on targets of these codes; a file for
// any other is refused. Call done when done with the files.
func (s *Site) decodeReport(w http.ResponseWriter, v *visit, codes []string) (report *reportForm, done func(), err error) {
	allowed := []string{"idempotency_key", "do"}
	for _, name := range append([]string{"version", "base", "confidential"}, reportFields...) {
		allowed = append(allowed, "row.*."+name)
	}
	for _, name := range reportFields {
		allowed = append(allowed, "row.*.pick_"+name)
	}
	var f *form
	done = func() {}
	if media, _, failed := mime.ParseMediaType(v.Header.Get("Content-Type")); failed == nil && media == "multipart/form-data" {
		v.takeTime(w)
		files := map[string]int{}
		for _, code := range codes {
			files[rowField(code, "file")] = evidence.MaxFiles
		}
		f, done, err = v.upload(files, allowed...)
	} else {
		v.Body = http.MaxBytesReader(nil, v.Body, textBody) // the room of the route is for files
		f, err = v.form(allowed...)
	}
	if err != nil {
		return nil, done, err
	}
	if len(f.values) == 0 {
		return nil, done, badRequest("error.form.key")
	}
	report = &reportForm{form: f, key: f.raw("idempotency_key"), do: f.raw("do"), rows: map[int64]typedRow{}}
	for _, code := range codes {
		if f.has(rowField(code, "version")) {
			report.codes = append(report.codes, code)
		}
	}
	return report, done, nil
}

// rowField is web.ReportField for a code as it is stored.
func rowField(code, field string) string { return "row." + code + "." + field }

// readRows reads the rows of the targets that were read; the field of any other is refused.
func (f *reportForm) readRows(v *visit, r reporting) error {
	read := 0
	for _, own := range []string{"idempotency_key", "do"} {
		if f.has(own) {
			read++
		}
	}
	for _, t := range r.sheet.Mandate.Targets() {
		n, err := f.readRow(v, r, t)
		if err != nil {
			return err
		}
		read += n
	}
	if read != len(f.values) {
		return badRequest("error.form.field")
	}
	return nil
}

// readRow reads the row of a target, if the form has one, and counts its fields.
func (f *reportForm) readRow(v *visit, r reporting, t mandate.Target) (read int, err error) {
	name := func(field string) string { return web.ReportField(t.Code, field) }
	if !f.has(name("version")) {
		return 0, nil
	}
	version, err := strconv.ParseInt(f.raw(name("version")), 10, 32)
	if err != nil || version < 0 {
		return 0, badRequest("error.form.field")
	}
	row := typedRow{code: t.Code, typed: map[string]string{}, version: int(version), confidential: f.raw(name("confidential")) != "", base: progress.ReadBase(f.raw(name("base")))}
	faults := len(f.errs)
	for _, other := range []string{"version", "base", "confidential"} {
		if f.has(name(other)) {
			read++
		}
	}
	f.labels[name("file")] = v.print.Code(t.Code)
	theirs := r.current(v, t.ID)
	for _, field := range reportFields {
		f.labels[name(field)] = v.print.Code(t.Code)
		if f.has(name(field)) {
			read++
		}
		value := f.typed(name(field), field)
		if f.has(name("pick_" + field)) {
			read++
			row.resolves = true
			chosen := picked(f.raw(name("pick_"+field)), value, theirs[field], field)
			if f.within(name(field), chosen, progress.MaxNarrative); utf8.RuneCountInString(chosen) <= progress.MaxNarrative {
				value = chosen
			} else { // two texts that are too long together: both are shown once more
				row.both, row.theirs = append(row.both, field), r.theirs(t.ID, theirs)
			}
		}
		if value != "" {
			row.typed[field] = value
		}
	}
	row.broken = len(f.errs) > faults
	row.fields = row.typed
	f.rows[t.ID] = row
	return read, nil
}

// picked is what somebody chose of two texts: their own, perhaps edited, the
// other one, or one behind the other.
func picked(choice, mine, theirs, field string) string {
	switch {
	case choice == "theirs", choice == "both" && mine == "":
		return theirs
	case choice == "both" && theirs != "" && slices.Contains(narrativeFields, field):
		return mine + "\n\n" + theirs
	}
	return mine
}

func (f *form) typed(name, field string) string {
	switch {
	case slices.Contains(narrativeFields, field):
		return f.text(name, progress.MaxNarrative)
	case field == "link_url":
		return f.line(name, evidence.MaxLink)
	}
	return f.line(name, maxLine)
}

// empty reports whether nothing is said in a row; a link or reason that belongs to nothing says nothing.
func (t typedRow) empty() bool {
	for field := range t.fields {
		if field != "link_url" && field != "link_title" && field != "correction" {
			return false
		}
	}
	return true
}

// entries makes the entries to record. A row counts when it says something
// that the half-year's entry does not say already, or has new evidence; what
// must be mended in it is noted with its field, and nothing is recorded until
// all is right.
func (f *reportForm) entries(v *visit, r reporting, now time.Time) (entries []progress.Entry) {
	for _, t := range r.sheet.Mandate.Targets() {
		row, ok := f.rows[t.ID]
		if !ok || row.empty() || f.repeats(v, r, t, row) && r.drafts[t.ID].Chosen.Len() == 0 && !row.chose {
			continue
		}
		recorded := r.recorded(t.ID)
		e := f.entry(row, r.sheet.Earlier[t.ID], recorded)
		e.TargetID, e.AsOf, e.RecordedAt, e.AuthorID = t.ID, r.sheet.AsOf, now, v.viewer.PersonID
		e.Lang = cmp.Or(langOfWords(wordsOf(&e), r.sheet.Latest[t.ID], r.sheet.Earlier[t.ID]), v.lang)
		e.OnBehalfOfID, _ = access.ActsFor(v.viewer, v.today, access.ReportProgress, objectOf(r.sheet.Mandate))
		if corrects, asked := r.corrects(t, v.today); corrects || recorded != nil && row.fields["correction"] != "" {
			e.Supersedes, e.CorrectionReason = recorded.ID, row.fields["correction"]
			if asked && e.CorrectionReason == "" {
				f.refuse(web.ReportField(t.Code, "correction"), "report.error.correction")
			}
		}
		entries = append(entries, e)
	}
	f.inPageOrder(r)
	return entries
}

// corrects tells whether something new about a target corrects the half-year's
// entry, and whether the reason is asked. Of a target that is owed several
// times in the half-year the next report is no correction while there is one
// more to come. A mistake of the same day is mended without a reason, unless
// the day to hand in has passed.
func (r reporting) corrects(t mandate.Target, today calendar.Date) (corrects, asked bool) {
	e := r.recorded(t.ID)
	if e == nil {
		return false, false
	}
	owed := r.duties[t.ID]
	more := len(owed) > 1 && slices.ContainsFunc(owed, func(d monitoring.Duty) bool { return d.Due.After(e.AsOf) })
	if e.AsOf != r.sheet.AsOf && more {
		return false, false
	}
	return true, r.inGrace() || calendar.DateOf(e.RecordedAt) != today
}

// repeats reports whether a row says just what the half-year's entry says.
func (f *reportForm) repeats(v *visit, r reporting, t mandate.Target, row typedRow) bool {
	recorded := r.recorded(t.ID)
	if recorded == nil {
		return false
	}
	aside := &reportForm{form: &form{print: f.print, labels: f.labels}} // what is wrong is said elsewhere
	e := aside.entry(row, r.sheet.Earlier[t.ID], recorded)
	return aside.ok() && maps.Equal(fieldsOfEntry(v, &e), fieldsOfEntry(v, recorded))
}

// nothingNew reports whether all that the form says is recorded.
func (f *reportForm) nothingNew(v *visit, r reporting) bool {
	for _, t := range r.sheet.Mandate.Targets() {
		row, ok := f.rows[t.ID]
		if ok && !row.empty() && !f.repeats(v, r, t, row) {
			return false
		}
	}
	return true
}

// inPageOrder lists what must be mended as the page shows the rows.
func (f *reportForm) inPageOrder(r reporting) {
	place := map[string]int{}
	for _, t := range r.sheet.Mandate.Targets() {
		for _, field := range append([]string{"file"}, reportFields...) {
			place[web.ReportField(t.Code, field)] = len(place)
		}
	}
	slices.SortStableFunc(f.errs, func(a, b web.FieldError) int { return cmp.Compare(place[a.Field], place[b.Field]) })
}

// entry reads one row. "The same as last time" takes over what was said then
// wherever the row says nothing itself. Recorded is the entry that stands, nil for none.
func (f *reportForm) entry(row typedRow, before, recorded *progress.Entry) progress.Entry {
	get := func(field string) string { return row.fields[field] }
	name := func(field string) string { return web.ReportField(row.code, field) }
	e := progress.Entry{
		Achieved: get("achieved"), Obstacles: get("obstacles"), OutsideControl: get("outside") != "", NextSteps: get("next_steps"),
		SupportAsked: get("support_asked"), SupportOf: get("support_of"), Reason: get("reason"),
	}
	status, ok := progress.ParseStatus(get("status"))
	same := get("same") != "" && before != nil
	if same {
		if !ok {
			status, ok = before.Status, true
		}
		if e.Achieved+e.Obstacles+e.NextSteps == "" {
			e.Achieved, e.Obstacles, e.OutsideControl, e.NextSteps = before.Achieved, before.Obstacles, before.OutsideControl, before.NextSteps
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
		"obstacles":     e.OutsideControl && e.Obstacles == "",
	} {
		if missing { // all of them at once: nobody wants to send the page three times
			f.refuse(name(field), "report.error."+field)
		}
	}
	if ok {
		f.matched(row, &e, cmp.Or(recorded, &progress.Entry{}), same)
	}
	return e
}

// matched takes what belongs to another status out of an entry: a request for
// support, a reason. That is what stood before the status changed; what is new
// is refused, so that nobody's words go unread.
func (f *reportForm) matched(row typedRow, e, stood *progress.Entry, same bool) {
	if e.Status != progress.SupportNeeded {
		if isNew(e.SupportAsked, stood.SupportAsked) || isNew(e.SupportOf, stood.SupportOf) || isNew(e.SupportBy, stood.SupportBy) {
			f.refuse(web.ReportField(row.code, "support_asked"), "report.error.support_status", "Status", f.print.Status(progress.SupportNeeded))
		}
		e.SupportAsked, e.SupportOf, e.SupportBy = "", "", calendar.Date{}
	}
	if e.Status != progress.NothingToReport && e.Status != progress.Stopped && !same {
		if isNew(e.Reason, stood.Reason) {
			f.refuse(web.ReportField(row.code, "reason"), "report.error.reason_status",
				"Nothing", f.print.Status(progress.NothingToReport), "Stopped", f.print.Status(progress.Stopped))
		}
		e.Reason = ""
	}
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
