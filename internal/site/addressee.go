package site

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/store"
	"jalon/web"
)

// addresseeRoutes are the page of to whom a target goes, and when it was given.
func (s *Site) addresseeRoutes() []route {
	const page = "/mandates/{m}/targets/{code}/addressees"
	return []route{
		{method: http.MethodGet, pattern: page, action: access.ViewMandate, handler: s.showAddressees, past: true},
		{method: http.MethodPost, pattern: page, action: access.ManageAddressees, handler: s.addAddressee},
		{method: http.MethodPost, pattern: page + "/{addressee}/end", action: access.ManageAddressees, handler: s.endAddressee},
		{method: http.MethodPost, pattern: page + "/{addressee}/given", action: access.DateTransmission, handler: s.dateTransmission},
	}
}

// addressed is a target with the steps to which it goes, and the bodies to which it can.
type addressed struct {
	mandate mandate.Mandate
	target  mandate.Target
	steps   []store.Addressee
	bodies  []store.Body
}

// openAddressees reads them once the visitor may do the action to the target.
func (s *Site) openAddressees(v *visit, action access.Action) (a addressed, err error) {
	sheet, _, err := s.askSheet(v, access.ViewMandate, store.SheetQuestion{})
	if err != nil {
		return a, err
	}
	targets := sheet.Mandate.Targets()
	at := slices.IndexFunc(targets, func(t mandate.Target) bool { return t.Code.String() == chi.URLParam(v.Request, "code") })
	if at < 0 {
		return a, errNotFound
	}
	a.mandate, a.target = sheet.Mandate, targets[at]
	if err := s.allow(v, action, a.object()); err != nil {
		return a, err
	}
	a.steps, a.bodies, err = s.Store.Addressees(v.Context(), a.target.ID, v.known)
	if v.past() {
		a.steps = store.AddresseesBy(a.steps, v.asOf)
	}
	return a, err
}

func (a addressed) object() access.Object {
	o := objectOf(a.mandate)
	o.Target = a.target.Code.String()
	return o
}

// step finds a step by its number; nil when the target has no such step.
func (a addressed) step(id int64) *store.Addressee {
	for i := range a.steps {
		if a.steps[i].ID == id {
			return &a.steps[i]
		}
	}
	return nil
}

// dater is what dating a step is asked for: it is for the secretary of its body,
// and for an external body, which has none, for that of the body before it.
func (a addressed) dater(step store.Addressee) access.Object {
	o := a.object()
	o.BodyID = step.BodyID
	if before := a.step(step.AfterID); step.External && before != nil {
		o.BodyID = before.BodyID
	}
	return o
}

func (s *Site) showAddressees(w http.ResponseWriter, v *visit) error {
	a, err := s.openAddressees(v, access.ViewMandate)
	if err != nil {
		return err
	}
	return s.drawAddressees(w, v, a, web.AddresseesView{
		New: web.AddresseeValues{From: v.print.Date(v.today)}, IdempotencyKey: newKey(), Open: v.URL.Query().Get("step"), GivenOn: v.print.Date(v.today),
	})
}

// drawAddressees completes the view, which may hold what was typed and what must be mended.
func (s *Site) drawAddressees(w http.ResponseWriter, v *visit, a addressed, view web.AddresseesView) error {
	m := a.mandate
	base := v.path("/mandates/" + m.Code + "/targets/" + a.target.Code.String())
	view.Frame = s.frame(v, v.print.T("addressee.title", "Code", v.print.Code(a.target.Code)), append(v.crumbs(m), web.Crumb{Label: v.print.Code(a.target.Code), URL: v.dated(base)})...).Refusing(view.Errors)
	view.Mandate, view.Code, view.Text, view.TargetURL = headOf(v, m), a.target.Code, a.target.Text, v.dated(base)
	manages := !v.past() && v.may(access.ManageAddressees, a.object())
	for _, step := range a.steps {
		line := web.AddresseeLine{
			ID: strconv.FormatInt(step.ID, 10), Body: step.Body.Name, External: step.External, Form: step.Form, Cadence: step.Cadence,
			From: step.From, Until: step.Until, SetBy: step.SetBy, SetAt: step.SetAt, InForce: step.InForce(v.asOf), Future: v.asOf.Before(step.From),
		}
		if before := a.step(step.AfterID); before != nil {
			line.After = before.Body.Name
		}
		for _, g := range step.Given {
			line.Given = append(line.Given, web.GivenLine{Covers: coversWords(v, g.Covers), On: g.GivenOn, By: g.By})
		}
		if !v.past() {
			s.stepForms(v, a, step, &line, manages, base+"/addressees")
		}
		if line.ID != view.Open && (line.EndURL != "" || line.GiveURL != "") {
			line.OpenURL, line.EndURL, line.GiveURL = base+"/addressees?step="+line.ID+"#step-"+line.ID, "", ""
		}
		view.Steps = append(view.Steps, line)
	}
	if !manages {
		return s.render(w, v, statusOf(view.Errors), web.AddresseesPage(view))
	}
	view.Action = base + "/addressees"
	for _, b := range a.bodies {
		view.Bodies = append(view.Bodies, web.Option{Value: strconv.FormatInt(b.ID, 10), Label: v.say(b.Name)})
	}
	for _, step := range a.steps {
		if step.InForce(v.today) {
			view.Before = append(view.Before, web.Option{Value: strconv.FormatInt(step.ID, 10), Label: v.say(step.Body.Name) + " · " + v.print.T("addressee.form."+step.Form)})
		}
	}
	return s.render(w, v, statusOf(view.Errors), web.AddresseesPage(view))
}

// stepForms gives the forms of a step that the visitor may use.
func (s *Site) stepForms(v *visit, a addressed, step store.Addressee, line *web.AddresseeLine, manages bool, base string) {
	if manages && (line.InForce || line.Future) && step.Until.IsZero() {
		line.EndURL = base + "/" + line.ID + "/end"
	}
	if !line.InForce {
		return
	}
	line.Choices, line.Waits = v.coverChoices(a, step)
	if len(line.Choices) > 0 && v.may(access.DateTransmission, a.dater(step)) {
		line.GiveURL = base + "/" + line.ID + "/given"
	}
}

// coverChoices are the years or half-years that a step can be dated for today:
// not dated yet, and dated in the step before. Waits tells that one of them waits for that.
func (v *visit) coverChoices(a addressed, step store.Addressee) (choices []web.Option, waits bool) {
	before := a.step(step.AfterID)
	for _, covers := range coversOf(step.Cadence, v.today) {
		if step.GivenFor(covers) != nil {
			continue
		}
		if before != nil && before.GivenFor(covers) == nil {
			waits = true
			continue
		}
		choices = append(choices, web.Option{Value: covers, Label: coversWords(v, covers)})
	}
	return choices, waits
}

// coversOf lists the running year or half-year and those before it.
func coversOf(cadence string, today calendar.Date) (all []string) {
	const years = 3
	if cadence != store.CadenceHalfYear {
		for i := range years {
			all = append(all, strconv.Itoa(today.Year-i))
		}
	}
	if cadence != store.CadenceYear {
		for i, p := 0, calendar.HalfYearOf(today); i < 2*years; i, p = i+1, p.Previous() {
			all = append(all, p.String())
		}
	}
	return all
}

// coversWords shows a year or a half-year.
func coversWords(v *visit, covers string) string {
	if p, err := calendar.ParseHalfYear(covers); err == nil {
		return v.print.HalfYear(p)
	}
	return covers
}

type addresseeForm struct {
	Body    string `form:"body,line,20,required" label:"addressee.body"`
	Form    string `form:"form,choice,table|report|scoreboard|note,required" label:"addressee.form"`
	Cadence string `form:"cadence,choice,half_year|year|occasion,required" label:"addressee.cadence"`
	After   string `form:"after,line,20" label:"addressee.after"`
	From    string `form:"from,line,20,required" label:"tenure.from"`
	Until   string `form:"until,line,20" label:"tenure.until"`
	Key     string `form:"idempotency_key,raw"`
}

func (s *Site) addAddressee(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[addresseeForm](v)
	if err != nil {
		return err
	}
	a, err := s.openAddressees(v, access.ManageAddressees)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "add addressee")
	if err != nil {
		return err
	}
	step := store.Addressee{Form: in.Form, Cadence: in.Cadence, From: f.date("from", in.From), Until: f.date("until", in.Until), SetAt: s.Now()}
	f.order(step.From, step.Until)
	if at := slices.IndexFunc(a.bodies, func(b store.Body) bool { return strconv.FormatInt(b.ID, 10) == in.Body }); at >= 0 {
		step.BodyID, step.Body = a.bodies[at].ID, a.bodies[at].Body
	} else if in.Body != "" {
		f.refuse("body", "error.form.choice")
	}
	if in.After != "" {
		id, _ := strconv.ParseInt(in.After, 10, 64)
		before := a.step(id)
		switch {
		case before == nil || !before.InForce(v.today):
			f.refuse("after", "error.form.choice")
		case before.BodyID == step.BodyID:
			f.refuse("after", "addressee.after_same")
		case before.Cadence != in.Cadence && in.Cadence != "":
			f.refuse("cadence", "addressee.after_cadence")
		}
		step.AfterID = id
	}
	if f.ok() {
		err = s.Store.Address(v.Context(), sub, a.mandate.ID, a.target.ID, step, addresseesPath(v, a))
		switch {
		case errors.Is(err, store.ErrOverlap):
			f.refuse("body", "addressee.twice")
		case err != nil:
			return err
		}
	}
	if !f.ok() {
		view := web.AddresseesView{New: web.AddresseeValues{Body: in.Body, Form: in.Form, Cadence: in.Cadence, After: in.After, From: in.From, Until: in.Until}, IdempotencyKey: in.Key}
		view.Errors = f.errs
		return s.drawAddressees(w, v, a, view)
	}
	tell(w, web.NoticeDone, "addressee.added")
	return redirect(w, addresseesPath(v, a))
}

func addresseesPath(v *visit, a addressed) string {
	return v.path("/mandates/" + a.mandate.Code + "/targets/" + a.target.Code.String() + "/addressees")
}

// openStep finds the step of the address.
func (s *Site) openStep(v *visit, action access.Action) (a addressed, step store.Addressee, err error) {
	id, err := v.number("addressee")
	if err != nil {
		return a, step, err
	}
	if a, err = s.openAddressees(v, action); err != nil {
		return a, step, err
	}
	found := a.step(id)
	if found == nil {
		return a, step, errNotFound
	}
	return a, *found, nil
}

type endAddresseeForm struct {
	Until string `form:"last_day,line,20,required" label:"tenure.last_day"`
	Key   string `form:"idempotency_key,raw"`
}

// endAddressee sets the last day on which the target goes to the body.
func (s *Site) endAddressee(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[endAddresseeForm](v)
	if err != nil {
		return err
	}
	a, step, err := s.openStep(v, access.ManageAddressees)
	if err != nil {
		return err
	}
	sub, done, err := s.once(w, v, in.Key, "end addressee")
	if done || err != nil {
		return err
	}
	until := f.date("last_day", in.Until)
	if yesterday := v.today.AddDays(-1); !until.IsZero() && (until.Before(yesterday) || until.Before(step.From)) {
		f.refuse("last_day", "addressee.end_past")
	}
	if !f.ok() {
		view := web.AddresseesView{IdempotencyKey: in.Key, Open: strconv.FormatInt(step.ID, 10), LastDay: in.Until}
		view.Errors = f.errs
		return s.drawAddressees(w, v, a, view)
	}
	if err := s.Store.EndAddress(v.Context(), sub, a.mandate.ID, step, until, addresseesPath(v, a)); err != nil {
		return err
	}
	tell(w, web.NoticeDone, "addressee.ended")
	return redirect(w, addresseesPath(v, a))
}

type givenForm struct {
	Covers string `form:"covers,line,10,required" label:"transmission.covers"`
	On     string `form:"given_on,line,20,required" label:"transmission.on"`
	Key    string `form:"idempotency_key,raw"`
}

// dateTransmission records the day on which a step was given. A second step
// waits for the first: the page does not offer it, and the database refuses it.
func (s *Site) dateTransmission(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[givenForm](v)
	if err != nil {
		return err
	}
	a, step, err := s.openStep(v, access.DateTransmission)
	if err != nil {
		return err
	}
	if err := s.allow(v, access.DateTransmission, a.dater(step)); err != nil {
		return err
	}
	sub, done, err := s.once(w, v, in.Key, "date transmission")
	if done || err != nil {
		return err
	}
	on := f.date("given_on", in.On)
	s.judgeTransmission(v, f, a, step, in.Covers, on)
	if f.ok() {
		err = s.Store.Transmit(v.Context(), sub, a.mandate.ID, a.target.ID, step, store.Transmission{Covers: in.Covers, GivenOn: on, At: s.Now()}, addresseesPath(v, a))
		switch {
		case errors.Is(err, store.ErrNotYet):
			f.refuse("covers", "transmission.not_yet")
		case errors.Is(err, store.ErrExists):
			f.refuse("covers", "transmission.twice")
		case err != nil:
			return err
		}
	}
	if !f.ok() {
		view := web.AddresseesView{IdempotencyKey: in.Key, Open: strconv.FormatInt(step.ID, 10), Covers: in.Covers, GivenOn: in.On}
		view.Errors = f.errs
		return s.drawAddressees(w, v, a, view)
	}
	tell(w, web.NoticeDone, "transmission.done", "Body", v.say(step.Body.Name))
	return redirect(w, addresseesPath(v, a))
}

func (s *Site) judgeTransmission(v *visit, f *form, a addressed, step store.Addressee, covers string, on calendar.Date) {
	before := a.step(step.AfterID)
	switch {
	case covers != "" && !slices.Contains(coversOf(step.Cadence, v.today), covers):
		f.refuse("covers", "error.form.choice")
	case on.After(v.today):
		f.refuse("given_on", "transmission.future")
	case before == nil || covers == "" || on.IsZero():
	case before.GivenFor(covers) == nil:
		f.refuse("covers", "transmission.not_yet")
	case on.Before(before.GivenFor(covers).GivenOn):
		f.refuse("given_on", "transmission.before_first", "Date", v.print.Date(before.GivenFor(covers).GivenOn))
	}
}
