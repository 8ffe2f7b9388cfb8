package site

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) deadlineRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/mandates/{m}/targets/{code}/deadline", action: access.ConfirmReading, handler: s.showDeadline},
		{method: http.MethodPost, pattern: "/mandates/{m}/targets/{code}/deadline", action: access.ConfirmReading, handler: s.postDeadline},
	}
}

// checking is one deadline whose reading is looked at.
type checking struct {
	sheet  progress.Sheet
	target mandate.Target
}

func (s *Site) openDeadline(v *visit) (checking, error) {
	sheet, _, err := s.askSheet(v, access.ConfirmReading, store.SheetQuestion{AsOf: v.today})
	if err != nil {
		return checking{}, err
	}
	targets := sheet.Mandate.Targets()
	at := slices.IndexFunc(targets, func(t mandate.Target) bool { return t.Code.String() == chi.URLParam(v.Request, "code") })
	if at < 0 || targets[at].Deadline.ID == 0 {
		return checking{}, errNotFound
	}
	return checking{sheet, targets[at]}, nil
}

func (s *Site) showDeadline(w http.ResponseWriter, v *visit) error {
	c, err := s.openDeadline(v)
	if err != nil {
		return err
	}
	return s.render(w, v, http.StatusOK, web.DeadlinePage(s.deadlineView(v, c, "", "stored")))
}

// otherWords is the choice of what a person typed in place of the letter's words.
const otherWords = "other"

type deadlineForm struct {
	Key    string `form:"idempotency_key,raw"`
	Do     string `form:"do,choice,read|confirm"`
	Choice string `form:"choice,raw"`
	Seen   string `form:"seen,raw"` // what the deadline and its reading were when the form was drawn
	Words  string `form:"words,line,500" label:"deadline.other_words"`
}

func (s *Site) postDeadline(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[deadlineForm](v)
	if err != nil {
		return err
	}
	c, err := s.openDeadline(v)
	if err != nil {
		return err
	}
	if in.Do == "read" || !f.ok() {
		chosen := otherWords
		if f.required("words", in.Words); !f.ok() {
			chosen = in.Choice
		}
		return s.redrawDeadline(w, v, c, in, chosen, f.errs)
	}
	sub, done, err := s.once(w, v, in.Key, "confirm reading") // a second click finds the reading as the first one left it
	if err != nil || done {
		return err
	}
	if in.Seen != "" && in.Seen != seenDeadline(c.target.Deadline) {
		f.refuse("choice", "deadline.changed_meanwhile")
		return s.redrawDeadline(w, v, c, in, "", f.errs)
	}
	reading, ok := chosenReading(v, c.target.Deadline, in)
	if !ok || len(reading.Parts) == 0 {
		f.refuse("choice", "deadline.choose")
		return s.redrawDeadline(w, v, c, in, in.Choice, f.errs)
	}
	location, _, err := s.Store.ConfirmReading(v.Context(), sub, store.Confirmation{
		MandateID: c.sheet.Mandate.ID, DeadlineID: c.target.Deadline.ID, Reading: reading, At: s.Now(),
		Object:   "deadline/" + c.sheet.Mandate.Code + "/" + c.target.Code.String(),
		Location: v.path("/mandates/" + c.sheet.Mandate.Code + "/targets/" + c.target.Code.String()),
	})
	if err != nil {
		return err
	}
	tell(w, web.NoticeDone, "deadline.confirmed", "Code", v.print.Code(c.target.Code))
	return redirect(w, location)
}

// seenDeadline stands for the words of a deadline and their reading, which
// somebody else may change or confirm while the form is looked at.
func seenDeadline(d mandate.Deadline) string {
	return hashOf(fmt.Appendf(nil, "%d %s %q %s %s", d.ID, seenOf(d.Text), d.Reading.Reading, d.ConfirmedBy, d.ConfirmedAt))[:20]
}

func (s *Site) redrawDeadline(w http.ResponseWriter, v *visit, c checking, in deadlineForm, chosen string, errs []web.FieldError) error {
	view := s.deadlineView(v, c, in.Words, chosen)
	view.IdempotencyKey = in.Key
	view.Errors = errs
	status := http.StatusOK
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return s.render(w, v, status, web.DeadlinePage(view))
}

// chosenReading gives the reading that a person chose: the stored one, one of
// its alternatives, or that of other words.
func chosenReading(v *visit, d mandate.Deadline, in deadlineForm) (deadline.Reading, bool) {
	switch in.Choice {
	case "stored":
		return d.Reading, len(d.Reading.Alternatives) == 0
	case otherWords:
		r := deadline.Read(in.Words, v.lang)
		return r, len(r.Alternatives) == 0
	}
	i, err := strconv.Atoi(in.Choice)
	if err != nil || i < 0 || i >= len(d.Reading.Alternatives) {
		return deadline.Reading{}, false
	}
	return d.Reading.Choose(i), true
}

func (s *Site) deadlineView(v *visit, c checking, words, chosen string) web.DeadlineView {
	m, d := c.sheet.Mandate, c.target.Deadline
	base := v.path("/mandates/" + m.Code + "/targets/" + c.target.Code.String())
	view := web.DeadlineView{
		Frame: s.frame(v, v.print.T("deadline.page_title", "Code", v.print.Code(c.target.Code)),
			append(v.crumbs(m), web.Crumb{Label: v.print.Code(c.target.Code), URL: base})...),
		Mandate: headOf(v, m), Code: c.target.Code, Text: c.target.Text, Deadline: monitoring.CellOfDeadline(d),
		Chosen: chosen, Words: words, Seen: seenDeadline(d), ConfirmedBy: d.ConfirmedBy, Action: base + "/deadline", CancelURL: base, IdempotencyKey: newKey(),
	}
	if d.Confirmed() {
		view.ConfirmedOn = calendar.DateOf(d.ConfirmedAt)
	}
	if len(d.Reading.Alternatives) == 0 {
		view.Readings = append(view.Readings, readingChoice(v, c, "stored", "deadline.from_letter", d.Reading))
	}
	for i := range d.Reading.Alternatives {
		view.Readings = append(view.Readings, readingChoice(v, c, strconv.Itoa(i), "deadline.possible", d.Reading.Choose(i)))
	}
	if words != "" {
		view.Readings = append(view.Readings, readingChoice(v, c, otherWords, "deadline.from_other", deadline.Read(words, v.lang)))
	}
	return view
}

// shownDuties is how many of a reading's duties the page lists.
const shownDuties = 6

func readingChoice(v *visit, c checking, value, label string, r deadline.Reading) web.ReadingChoice {
	choice := web.ReadingChoice{Value: value, Label: v.print.T(label), Words: r.Render(v.lang)}
	if choice.Words == "" {
		choice.Words = v.print.T("deadline.unread")
	}
	for _, f := range r.Findings {
		choice.Findings = append(choice.Findings, v.print.DeadlineFinding(f))
	}
	holder := c.sheet.Mandate.Holder
	duties := r.Duties(deadline.Horizon{From: v.today, Until: v.today.AddMonths(12), MandateBegin: holder.From, MandateEnd: holder.Until})
	for i, d := range duties {
		if i == shownDuties {
			choice.More = len(duties) - shownDuties
			break
		}
		choice.Duties = append(choice.Duties, web.ReadingDuty{Due: d.Due, Reason: v.print.DutyReason(d.Reason)})
	}
	return choice
}
