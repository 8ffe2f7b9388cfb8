package site

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/eventlist"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) eventListRoutes() []route {
	const page = "/mandates/{m}/events/import"
	return []route{
		{method: http.MethodGet, pattern: page, action: access.RecordEvent, handler: s.showEventImport},
		{method: http.MethodPost, pattern: page, action: access.RecordEvent, handler: s.previewEvents, body: eventlist.MaxFile + 1<<20},
		{method: http.MethodPost, pattern: page + "/confirm", action: access.RecordEvent, handler: s.confirmEvents, body: 2*eventlist.MaxFile + 1<<18},
	}
}

// What of a series is read: occurrences a year back and two years ahead.
const (
	seriesBack  = 12 // months
	seriesAhead = 24
)

// openWholeRegister is for who records events of the whole mandate: a list is
// set against the whole register.
func (s *Site) openWholeRegister(v *visit) (register, error) {
	r, err := s.openRegister(v, access.RecordEvent)
	if err == nil && !v.covers(access.RecordEvent, r.Mandate).Whole {
		s.auditRefusal(v, access.RecordEvent, objectOf(r.Mandate))
		return r, errForbidden
	}
	return r, err
}

func (s *Site) showEventImport(w http.ResponseWriter, v *visit) error {
	r, err := s.openWholeRegister(v)
	if err != nil {
		return err
	}
	return s.drawEventImport(w, v, r, web.EventImportValues{Lang: string(v.lang)}, nil)
}

func (s *Site) drawEventImport(w http.ResponseWriter, v *visit, r register, values web.EventImportValues, errs []web.FieldError) error {
	here := "/mandates/" + r.Mandate.Code + "/events"
	view := web.EventImportView{
		Frame: s.frame(v, v.print.T("event.import.title"), s.registerCrumbs(v, r)...), Mandate: headOf(v, r.Mandate),
		Action: v.path(here + "/import"), BackURL: v.path(here), Limit: eventlist.MaxFile, Values: values,
	}
	for _, k := range r.kinds {
		label := v.say(k.Name)
		for _, t := range r.Mandate.Targets() {
			if k.Opens(t.Deadline.Reading) {
				label = v.print.T("event.import.kind_awaited", "Kind", label)
				break
			}
		}
		view.Kinds = append(view.Kinds, web.Option{Value: k.Code, Label: label})
	}
	for _, t := range r.Mandate.Targets() {
		view.Targets = append(view.Targets, web.EventTarget{Code: t.Code, Text: t.Text, Chosen: slices.Contains(values.Chosen, t.Code), Awaits: duty.AwaitsEvents(t.Deadline.Reading)})
	}
	view.Errors = errs
	return s.render(w, v, statusOf(view.Errors), web.EventImportPage(view))
}

func (s *Site) registerCrumbs(v *visit, r register) []web.Crumb {
	return append(v.crumbs(r.Mandate), web.Crumb{Label: v.print.T("event.register"), URL: v.path("/mandates/" + r.Mandate.Code + "/events")})
}

// listing is a list that was read, with what it is to be recorded as.
type listing struct {
	register
	values  web.EventImportValues
	name    string // of the file
	data    []byte
	reading eventlist.Reading
	plan    eventlist.Plan
	chosen  []int64 // targets that a person ticked
}

func (s *Site) previewEvents(w http.ResponseWriter, v *visit) error {
	r, err := s.openWholeRegister(v)
	if err != nil {
		return err
	}
	f, done, err := v.upload(map[string]int{"file": 1}, "kind", "lang", "target.*")
	if err != nil {
		return err
	}
	defer done()
	f.label(map[string]string{"file": "import.file", "kind": "event.import.kind", "lang": "event.import.lang", "targets": "event.targets"})
	l := listing{register: r}
	if l.name, l.data, err = listFile(f); err != nil {
		return err
	}
	if err := s.readListing(v, f, &l); err != nil {
		return err
	}
	if !f.ok() {
		return s.drawEventImport(w, v, r, l.values, f.errs)
	}
	return s.drawEventPreview(w, v, l, nil)
}

// listFile gives the file that was sent; one that is missing is told.
func listFile(f *form) (name string, data []byte, err error) {
	header := f.file()
	if header == nil || header.Filename == "" {
		f.refuse("file", "event.import.no_file")
		return "", nil, nil
	}
	file, err := header.Open()
	if err != nil {
		return "", nil, fmt.Errorf("open the uploaded list: %w", err)
	}
	defer file.Close()
	if data, err = io.ReadAll(io.LimitReader(file, eventlist.MaxFile+1)); err != nil {
		return "", nil, fmt.Errorf("read the uploaded list: %w", err)
	}
	return safeName(header.Filename), data, nil
}

// readListing reads the list and sets it against the register. What a person
// must mend is noted in the form.
func (s *Site) readListing(v *visit, f *form, l *listing) error {
	l.chosen = nil
	l.values = web.EventImportValues{Kind: f.line("kind", 41), Lang: f.required("lang", f.choice("lang", "nl", "fr"))}
	kind, known := l.kind(l.values.Kind)
	if !known {
		f.refuse("kind", "event.import.no_kind")
	}
	for _, t := range l.Mandate.Targets() {
		if f.raw("target."+t.Code.String()) != "" {
			l.values.Chosen = append(l.values.Chosen, t.Code)
			l.chosen = append(l.chosen, t.ID)
		}
	}
	if !f.ok() {
		return nil
	}
	var err error
	l.reading, err = eventlist.Read(l.name, l.data, eventlist.Options{
		Kinds: l.kinds, Kind: kind, From: v.today.AddMonths(-seriesBack), To: v.today.AddMonths(seriesAhead),
	})
	var refusal interface {
		error
		Key() string
		Words(bilingual.Lang) []any
	}
	if errors.As(err, &refusal) {
		f.refuse("file", refusal.Key(), refusal.Words(v.lang)...)
		return nil
	}
	if err != nil {
		return err
	}
	events, err := s.Store.Register(v.Context(), l.Mandate.ID)
	if err != nil {
		return err
	}
	l.plan = eventlist.Compare(l.reading.Rows, events)
	for _, line := range l.plan {
		if (line.State == eventlist.New || line.State.Asks()) && len(l.targetsOf(line)) == 0 {
			f.refuse("targets", "event.import.no_target", "Kind", v.say(line.Kind.Name))
		}
	}
	return nil
}

// targetsOf gives the targets of an event to record: those that were ticked,
// or else those that it had, or else those that wait for its kind.
func (l listing) targetsOf(line eventlist.Line) (targets []int64) {
	if len(l.chosen) > 0 {
		return l.chosen
	}
	if len(line.Event.Targets) > 0 {
		return line.Event.Targets
	}
	for _, t := range l.Mandate.Targets() {
		if line.Kind.Opens(t.Deadline.Reading) {
			targets = append(targets, t.ID)
		}
	}
	return targets
}

// changes tells what a plan does: what is new is recorded; what touches the
// register only counts where a person ticked it.
func (l listing) changes(plan eventlist.Plan, ticked func(row int) bool) (c store.EventChanges) {
	for i, line := range plan {
		if line.State != eventlist.New && !(line.State.Asks() && ticked(i)) {
			continue
		}
		if line.State == eventlist.Changed || line.State == eventlist.CalledOff {
			c.Cancel = append(c.Cancel, line.Event.ID)
		}
		if line.State != eventlist.CalledOff {
			c.Record = append(c.Record, duty.Event{
				UID: line.UID, Kind: line.Kind, Title: line.Title, From: line.From, Until: line.Until, Place: line.Place,
				Participants: line.Participants, Targets: l.targetsOf(line),
			})
		}
	}
	return c
}

// errOtherPlan says that the register is no longer what a person was shown.
var errOtherPlan = errors.New("the register has changed since the preview")

func (s *Site) confirmEvents(w http.ResponseWriter, v *visit) error {
	f, err := v.form("idempotency_key", "list", "name", "seen", "skip", "kind", "lang", "target.*", "take.*")
	if err != nil {
		return err
	}
	r, err := s.openWholeRegister(v)
	if err != nil {
		return err
	}
	sub, done, err := s.once(w, v, f.raw("idempotency_key"), "import events")
	if done || err != nil {
		return err
	}
	l := listing{register: r, name: safeName(f.line("name", 255))}
	if l.data, err = base64.RawURLEncoding.DecodeString(f.raw("list")); err != nil {
		return badRequest("error.form.field")
	}
	if err := s.readListing(v, f, &l); err != nil {
		return err
	}
	if !f.ok() {
		return s.drawEventImport(w, v, r, l.values, f.errs)
	}
	location, stored, err := s.storeListing(v, f, l, sub)
	if errors.Is(err, errOtherPlan) {
		err = s.readListing(v, f, &l)
		f.refuse("", "event.import.other_plan")
	}
	if err != nil {
		return err
	}
	if !f.ok() {
		return s.drawEventPreview(w, v, l, f)
	}
	tell(w, web.NoticeDone, "event.import.stored", "Recorded", strconv.Itoa(len(stored.Record)), "Cancelled", strconv.Itoa(len(stored.Cancel)))
	return redirect(w, location)
}

// storeListing stores what was shown and confirmed. What a person must mend
// is noted in the form, and then nothing is stored.
func (s *Site) storeListing(v *visit, f *form, l listing, sub store.Submission) (location string, c store.EventChanges, err error) {
	ticked := func(row int) bool { return f.raw("take."+strconv.Itoa(row)) != "" }
	seen := f.raw("seen")
	switch c = l.changes(l.plan, ticked); {
	case l.plan.Fingerprint() != seen:
		return "", c, errOtherPlan
	case l.plan.Count(eventlist.Wrong) > 0 && f.raw("skip") == "":
		f.refuse("skip", "event.import.skip_first")
	case len(c.Record)+len(c.Cancel) == 0:
		f.refuse("", "event.import.nothing_chosen")
	}
	if !f.ok() {
		return "", c, nil
	}
	list := store.EventList{
		FileName: l.name, SHA256: sha256.Sum256(l.data), Lang: bilingual.Lang(l.values.Lang), ByID: v.viewer.PersonID, At: s.Now(),
		Location: v.path("/mandates/" + l.Mandate.Code + "/events"),
	}
	list.BehalfOf, _ = access.ActsFor(v.viewer, v.today, access.RecordEvent, objectOf(l.Mandate))
	location, _, err = s.Store.ImportEvents(v.Context(), sub, l.Mandate.ID, list, func(events []duty.Event) (store.EventChanges, error) {
		plan := eventlist.Compare(l.reading.Rows, events)
		if plan.Fingerprint() != seen {
			return store.EventChanges{}, errOtherPlan
		}
		return l.changes(plan, ticked), nil
	})
	return location, c, err
}

// drawEventPreview shows what a list would do. f is the form that was sent
// from the preview, with what is wrong with it; nil for the first look.
func (s *Site) drawEventPreview(w http.ResponseWriter, v *visit, l listing, f *form) error {
	here := v.path("/mandates/" + l.Mandate.Code + "/events/import")
	view := web.EventPreviewView{
		Frame:   s.frame(v, v.print.T("event.import.preview_title"), append(s.registerCrumbs(v, l.register), web.Crumb{Label: v.print.T("event.import.title"), URL: here})...),
		Mandate: headOf(v, l.Mandate), Source: l.name, List: base64.RawURLEncoding.EncodeToString(l.data), Seen: l.plan.Fingerprint(), Values: l.values,
		Action: here + "/confirm", BackURL: here, IdempotencyKey: newKey(), Wrong: l.plan.Count(eventlist.Wrong), New: l.plan.Count(eventlist.New),
	}
	status := http.StatusOK
	if f != nil {
		view.IdempotencyKey, view.Errors, view.Skip, status = f.raw("idempotency_key"), f.errs, f.raw("skip") != "", http.StatusUnprocessableEntity
	}
	for _, state := range eventlist.States {
		if n := l.plan.Count(state); n > 0 {
			view.Counts = append(view.Counts, web.EventStateCount{State: string(state), Count: n})
		}
	}
	view.Findings = listFindings(v, l.reading.Findings)
	for i, line := range l.plan {
		row := web.EventRow{
			Number: i, Where: v.placeIn(line.At), Title: line.Title, Lang: bilingual.Lang(l.values.Lang), Kind: line.Kind.Name,
			From: line.From, Until: line.Until, Place: line.Place, Participants: line.Participants,
			State: string(line.State), Asks: line.State.Asks(), Findings: listFindings(v, line.Findings),
			Taken: f != nil && f.raw("take."+strconv.Itoa(i)) != "",
		}
		if line.State == eventlist.Changed {
			row.Before = &web.EventBefore{Title: line.Event.Title, From: line.Event.From, Until: line.Event.Until, URL: eventPath(v, l.Mandate, line.Event.ID)}
		}
		view.Asks = view.Asks || row.Asks
		view.Rows = append(view.Rows, row)
	}
	return s.render(w, v, status, web.EventPreviewPage(view))
}

// placeIn says where in a file something stands; "" for the file as a whole.
func (v *visit) placeIn(at eventlist.At) string {
	if at.Line > 0 {
		return v.print.T("import.line", "Line", at.Line)
	}
	return at.Cell
}

func listFindings(v *visit, all []eventlist.Finding) (shown []web.EventFinding) {
	for _, f := range all {
		words := f.Words()
		for i, word := range words {
			if d, err := calendar.ParseDate(fmt.Sprint(word)); err == nil && i%2 == 1 {
				words[i] = v.print.Date(d)
			}
		}
		shown = append(shown, web.EventFinding{Where: v.placeIn(f.At), Finding: web.Finding{Severity: web.Severity(f.Severity), Text: v.print.T(f.Key(), words...)}})
	}
	return shown
}
