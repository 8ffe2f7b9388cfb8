package site

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/internal/store"
	"jalon/web"
)

// tenureRoutes are about who holds a mandate from when to when.
func (s *Site) tenureRoutes() []route {
	const list, one = "/mandates/{m}/tenures", "/mandates/{m}/tenures/{tenure}"
	return []route{
		{method: http.MethodGet, pattern: list, action: access.ManageOffices, handler: s.showTenures},
		{method: http.MethodPost, pattern: list, action: access.ManageOffices, handler: s.appoint},
		{method: http.MethodGet, pattern: one, action: access.ManageOffices, handler: s.showTenure},
		{method: http.MethodPost, pattern: one + "/end", action: access.ManageOffices, handler: s.endTenure},
		{method: http.MethodPost, pattern: one + "/correct", action: access.ManageOffices, handler: s.correctTenure},
		{method: http.MethodPost, pattern: one + "/withdraw", action: access.ManageOffices, handler: s.withdrawTenure},
	}
}

// held is a mandate with all its tenures.
type held struct {
	mandate mandate.Mandate // with its holder of today
	tenures []store.Tenure  // the earliest first
	owes    duty.Question   // what a holder takes over is found from this
}

// openTenures reads the mandate of the address with its tenures, once the
// visitor may say who holds it.
func (s *Site) openTenures(v *visit) (held, error) {
	owed, err := s.Store.Owed(v.Context(), store.DutyQuestion{Scope: access.Scope{All: true}, Code: chi.URLParam(v.Request, "m"), AsOf: v.today})
	if err != nil {
		return held{}, err
	}
	if len(owed.Questions) == 0 {
		return held{}, store.ErrNotFound
	}
	m := owed.Questions[0].Mandate
	return held{m, owed.Tenures[m.ID], owed.Questions[0]}, s.allow(v, access.ManageOffices, objectOf(m))
}

// openTenure finds the tenure of the address as well.
func (s *Site) openTenure(v *visit) (held, store.Tenure, error) {
	h, err := s.openTenures(v)
	if err != nil {
		return h, store.Tenure{}, err
	}
	id, err := v.number("tenure")
	if err != nil {
		return h, store.Tenure{}, err
	}
	at := slices.IndexFunc(h.tenures, func(t store.Tenure) bool { return t.ID == id })
	if at < 0 {
		return h, store.Tenure{}, errNotFound
	}
	return h, h.tenures[at], nil
}

func tenuresPath(v *visit, m mandate.Mandate) string {
	return v.path("/mandates/" + m.Code + "/tenures")
}

func (s *Site) showTenures(w http.ResponseWriter, v *visit) error {
	h, err := s.openTenures(v)
	if err != nil {
		return err
	}
	return s.drawTenures(w, v, h, web.TenuresView{IdempotencyKey: newKey()})
}

// drawTenures completes the view with the list and what the holder of today took over.
func (s *Site) drawTenures(w http.ResponseWriter, v *visit, h held, view web.TenuresView) error {
	view.Frame = s.frame(v, v.print.T("tenure.title"), v.officeCrumbs(h.mandate)...).Refusing(view.Errors)
	view.Mandate, view.Action = headOf(v, h.mandate), tenuresPath(v, h.mandate)
	for _, t := range slices.Backward(h.tenures) {
		view.Tenures = append(view.Tenures, v.tenureLine(h.mandate, t))
	}
	var err error
	if view.People, err = s.people(v); err != nil {
		return err
	}
	if h.mandate.Holder.PersonID != 0 {
		view.Handover = v.handover(h, h.mandate.Holder)
	}
	return s.render(w, v, statusOf(view.Errors), web.TenuresPage(view))
}

// officeCrumbs leads to the pages about a mandate that the visitor may open: an
// administrator sees its title, and not its content.
func (v *visit) officeCrumbs(m mandate.Mandate) []web.Crumb {
	crumbs := v.crumbs(m)
	if !v.may(access.ViewMandate, objectOf(m)) {
		return crumbs[:1]
	}
	return crumbs
}

func (v *visit) tenureLine(m mandate.Mandate, t store.Tenure) web.TenureLine {
	return web.TenureLine{
		Name: t.Name, From: t.From, Until: t.Until, Interim: t.Interim, Disabled: t.Disabled,
		Current: !t.From.After(v.today) && (t.Until.IsZero() || !t.Until.Before(v.today)), Future: t.From.After(v.today),
		URL: tenuresPath(v, m) + "/" + t.Key(),
	}
}

// people lists whom an office can be given to.
func (s *Site) people(v *visit) ([]web.Option, error) {
	people, err := s.Store.ActivePeople(v.Context())
	if err != nil {
		return nil, err
	}
	options := make([]web.Option, len(people))
	for i, p := range people {
		options[i] = web.Option{Value: strconv.FormatInt(p.ID, 10), Label: p.Name + " (" + p.Email + ")"}
	}
	return options, nil
}

// chosen reads the person chosen from that list; 0 with an error noted when
// there is no such person in it.
func (s *Site) chosen(v *visit, f *form, field, value string) (int64, error) {
	if value == "" {
		return 0, nil
	}
	options, err := s.people(v)
	if err != nil {
		return 0, err
	}
	if !slices.ContainsFunc(options, func(o web.Option) bool { return o.Value == value }) {
		f.refuse(field, "error.form.choice")
		return 0, nil
	}
	return strconv.ParseInt(value, 10, 64)
}

type tenureForm struct {
	Person   string `form:"person,line,20,required" label:"people.person"`
	From     string `form:"from,line,20,required" label:"tenure.from"`
	Until    string `form:"until,line,20" label:"tenure.until"`
	Capacity string `form:"capacity,choice,holder|interim,required" label:"tenure.capacity"`
	Key      string `form:"idempotency_key,raw"`
}

func (in tenureForm) values() web.TenureValues {
	return web.TenureValues{Person: in.Person, From: in.From, Until: in.Until, Capacity: in.Capacity}
}

// tenure reads the form; what is wrong with it is noted.
func (s *Site) tenure(v *visit, f *form, in tenureForm) (t mandate.Tenure, err error) {
	t = mandate.Tenure{From: f.date("from", in.From), Until: f.date("until", in.Until), Interim: in.Capacity == "interim"}
	f.order(t.From, t.Until)
	t.PersonID, err = s.chosen(v, f, "person", in.Person)
	return t, err
}

// overlaps says on which days somebody else has what was asked; it reports
// whether err was that.
func (f *form) overlaps(field string, err error) bool {
	var other *store.OverlapError
	switch {
	case errors.As(err, &other) && other.Until.IsZero():
		f.refuse(field, "tenure.overlap_open", "Name", other.Name, "From", f.print.Date(other.From))
	case errors.As(err, &other):
		f.refuse(field, "tenure.overlap", "Name", other.Name, "From", f.print.Date(other.From), "Until", f.print.Date(other.Until))
	case errors.Is(err, store.ErrOverlap):
		f.refuse(field, "tenure.overlap_somebody")
	default:
		return false
	}
	return true
}

// appoint makes somebody holder of the mandate.
func (s *Site) appoint(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[tenureForm](v)
	if err != nil {
		return err
	}
	h, err := s.openTenures(v)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "appoint")
	if err != nil {
		return err
	}
	t, err := s.tenure(v, f, in)
	if err != nil {
		return err
	}
	if f.ok() {
		err = s.Store.Appoint(v.Context(), sub, h.mandate.ID, t)
		if err != nil && !f.overlaps("from", err) {
			return err
		}
	}
	if !f.ok() {
		view := web.TenuresView{Values: in.values(), IdempotencyKey: in.Key}
		view.Errors = f.errs
		return s.drawTenures(w, v, h, view)
	}
	tell(w, web.NoticeDone, "tenure.appointed")
	return redirect(w, tenuresPath(v, h.mandate))
}

func (s *Site) showTenure(w http.ResponseWriter, v *visit) error {
	h, t, err := s.openTenure(v)
	if err != nil {
		return err
	}
	view := web.TenureView{IdempotencyKey: newKey(), Values: web.TenureValues{
		Person: strconv.FormatInt(t.PersonID, 10), From: v.print.Date(t.From), Until: v.print.Date(t.Until), Capacity: capacity(t.Interim),
	}}
	return s.drawTenure(w, v, h, t, view)
}

func capacity(interim bool) string {
	if interim {
		return "interim"
	}
	return "holder"
}

// drawTenure completes the view of one tenure: of one that has begun the last
// day can be set, one to come can be corrected or withdrawn.
func (s *Site) drawTenure(w http.ResponseWriter, v *visit, h held, t store.Tenure, view web.TenureView) (err error) {
	here := tenuresPath(v, h.mandate)
	view.Frame = s.frame(v, v.print.T("tenure.page_title", "Name", t.Name), append(v.officeCrumbs(h.mandate), web.Crumb{Label: v.print.T("tenure.title"), URL: here})...).Refusing(view.Errors)
	view.Mandate, view.Line = headOf(v, h.mandate), v.tenureLine(h.mandate, t)
	if view.Line.Future {
		view.CorrectURL, view.WithdrawURL = here+"/"+t.Key()+"/correct", here+"/"+t.Key()+"/withdraw"
	} else {
		view.EndURL = here + "/" + t.Key() + "/end"
	}
	if view.People, err = s.people(v); err != nil {
		return err
	}
	view.Handover = v.handover(h, t.Tenure)
	return s.render(w, v, statusOf(view.Errors), web.TenurePage(view))
}

type endTenureForm struct {
	Until        string `form:"until,line,20,required" label:"tenure.last_day"`
	Next         string `form:"next,line,20" label:"people.person"`
	NextUntil    string `form:"next_until,line,20" label:"tenure.until"`
	NextCapacity string `form:"next_capacity,choice,holder|interim" label:"tenure.capacity"`
	Key          string `form:"idempotency_key,raw"`
}

// endTenure sets the last day of a tenure; the next holder begins the day after.
func (s *Site) endTenure(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[endTenureForm](v)
	if err != nil {
		return err
	}
	h, t, err := s.openTenure(v)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "end tenure")
	if err != nil {
		return err
	}
	until := f.date("until", in.Until)
	f.order(t.From, until)
	next, err := s.nextHolder(v, f, in, until)
	if err != nil {
		return err
	}
	if f.ok() {
		err = s.Store.EndTenure(v.Context(), sub, h.mandate.ID, t.ID, until, next, tenuresPath(v, h.mandate))
		if err != nil && !f.overlaps("until", err) {
			return err
		}
	}
	if !f.ok() {
		view := web.TenureView{IdempotencyKey: in.Key, Values: web.TenureValues{Until: in.Until, Next: in.Next, NextUntil: in.NextUntil, NextCapacity: in.NextCapacity}}
		view.Errors = f.errs
		return s.drawTenure(w, v, h, t, view)
	}
	said := "tenure.ended"
	if next != nil {
		said = "tenure.ended_next"
	}
	tell(w, web.NoticeDone, said, "Date", v.print.Date(until))
	return redirect(w, tenuresPath(v, h.mandate))
}

// nextHolder reads who comes after; nil for nobody yet.
func (s *Site) nextHolder(v *visit, f *form, in endTenureForm, until calendar.Date) (*mandate.Tenure, error) {
	if in.Next == "" {
		return nil, nil
	}
	f.required("next_capacity", in.NextCapacity)
	t := mandate.Tenure{From: until.AddDays(1), Until: f.date("next_until", in.NextUntil), Interim: in.NextCapacity == "interim"}
	if !until.IsZero() && !t.Until.IsZero() && t.Until.Before(t.From) {
		f.refuse("next_until", "tenure.reversed")
	}
	var err error
	t.PersonID, err = s.chosen(v, f, "next", in.Next)
	return &t, err
}

func (s *Site) correctTenure(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[tenureForm](v)
	if err != nil {
		return err
	}
	h, t, err := s.openTenure(v)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "correct tenure")
	if err != nil {
		return err
	}
	wanted, err := s.tenure(v, f, in)
	if err != nil {
		return err
	}
	if f.ok() {
		err = s.Store.CorrectTenure(v.Context(), sub, h.mandate.ID, t.ID, wanted, v.today, tenuresPath(v, h.mandate))
		if err != nil && !f.overlaps("from", err) {
			return err
		}
	}
	if !f.ok() {
		view := web.TenureView{Values: in.values(), IdempotencyKey: in.Key}
		view.Errors = f.errs
		return s.drawTenure(w, v, h, t, view)
	}
	tell(w, web.NoticeDone, "tenure.corrected")
	return redirect(w, tenuresPath(v, h.mandate))
}

func (s *Site) withdrawTenure(w http.ResponseWriter, v *visit) error {
	in, _, err := decode[buttonForm](v)
	if err != nil {
		return err
	}
	h, err := s.openTenures(v)
	if err != nil {
		return err
	}
	id, err := v.number("tenure")
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "withdraw tenure")
	if err != nil {
		return err
	}
	if err := s.Store.WithdrawTenure(v.Context(), sub, h.mandate.ID, id, v.today, tenuresPath(v, h.mandate)); err != nil {
		return err
	}
	tell(w, web.NoticeDone, "tenure.withdrawn")
	return redirect(w, tenuresPath(v, h.mandate))
}
