package site

import (
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/monitoring"
	"jalon/internal/store"
	"jalon/web"
)

// bodyRoutes are the administrator's: the bodies, and who sits on them.
func (s *Site) bodyRoutes() []route {
	const bodies = "/admin/bodies"
	post := func(pattern string, h handler) route {
		return route{method: http.MethodPost, pattern: bodies + pattern, action: access.ManageBodies, handler: h}
	}
	return []route{
		{method: http.MethodGet, pattern: bodies, action: access.ManageBodies, handler: s.showBodies, past: true},
		post("", s.addBody),
		post("/seats", s.giveSeat),
		{method: http.MethodGet, pattern: bodies + "/seats/{person}/{grant}", action: access.ManageBodies, handler: s.showSeat},
		post("/seats/{person}/{grant}/end", s.endSeat),
	}
}

func (s *Site) showBodies(w http.ResponseWriter, v *visit) error {
	return s.drawBodies(w, v, web.BodiesView{IdempotencyKey: newKey()})
}

// drawBodies completes the view with the bodies of every institution.
func (s *Site) drawBodies(w http.ResponseWriter, v *visit, view web.BodiesView) error {
	institutions, err := s.Store.Bodies(v.Context(), v.asOf)
	if err != nil {
		return err
	}
	page := v.path("/admin/bodies")
	view.Frame = s.frame(v, v.print.T("body.title")).Refusing(view.Errors)
	view.AddURL, view.SeatURL = page, page+"/seats"
	for _, i := range institutions {
		name, _, _ := i.Name.For(v.lang)
		group := web.InstitutionBodies{Code: i.Code, Name: i.Name}
		view.Institutions = append(view.Institutions, web.Option{Value: i.Code, Label: name})
		for _, b := range i.Bodies {
			view.Bodies = append(view.Bodies, web.Option{Value: strconv.FormatInt(b.ID, 10), Label: name + " · " + v.say(b.Name)})
			group.Bodies = append(group.Bodies, v.bodyLine(b))
		}
		for _, seat := range i.Everywhere {
			if !(v.past() && seat.From.After(v.asOf)) {
				group.Everywhere = append(group.Everywhere, v.seatLine(seat))
			}
		}
		view.Groups = append(view.Groups, group)
	}
	if v.past() {
		view.AddURL, view.SeatURL = "", ""
		return s.render(w, v, statusOf(view.Errors), web.BodiesPage(view))
	}
	if view.People, err = s.people(v); err != nil {
		return err
	}
	own := strconv.FormatInt(v.viewer.PersonID, 10)
	view.People = slices.DeleteFunc(view.People, func(o web.Option) bool { return o.Value == own }) // nobody gives a role to themself
	return s.render(w, v, statusOf(view.Errors), web.BodiesPage(view))
}

func (v *visit) bodyLine(b store.Body) web.BodyLine {
	line := web.BodyLine{ID: strconv.FormatInt(b.ID, 10), Code: b.Code, Name: b.Name}
	for _, seat := range b.Seats {
		if v.past() && seat.From.After(v.asOf) {
			continue
		}
		l := v.seatLine(seat)
		if seat.PersonID != v.viewer.PersonID && !v.past() {
			l.URL = v.path("/admin/bodies/seats/" + strconv.FormatInt(seat.PersonID, 10) + "/" + strconv.FormatInt(seat.GrantID, 10))
		}
		line.Seats = append(line.Seats, l)
		if seat.Role == access.Secretary && !seat.From.After(v.asOf) {
			line.HasSecretary = true
		}
	}
	return line
}

func (v *visit) seatLine(s store.Seat) web.SeatLine {
	return web.SeatLine{Name: s.Name, Role: string(s.Role), From: s.From, Until: s.Until, Future: s.From.After(v.asOf), Disabled: s.Disabled}
}

type bodyForm struct {
	Institution string `form:"institution,line,40,required" label:"people.institution"`
	Code        string `form:"code,line,10,required" label:"body.code"`
	NL          string `form:"name_nl,line,200,required" label:"body.name_nl"`
	FR          string `form:"name_fr,line,200,required" label:"body.name_fr"`
	Reach       string `form:"reach,choice,all|addressed|external" label:"body.reach"`
	Key         string `form:"idempotency_key,raw"`
}

// bodyCode is the code of a body, such as DR.
var bodyCode = regexp.MustCompile(`^[A-Z]{1,10}$`)

func (s *Site) addBody(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[bodyForm](v)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "add body")
	if err != nil {
		return err
	}
	if in.Code != "" && !bodyCode.MatchString(in.Code) {
		f.refuse("code", "body.code_wrong")
	}
	if f.ok() {
		name := bilingual.New(bilingual.NL, in.NL).With(bilingual.FR, in.FR, bilingual.Original)
		err = s.Store.AddBody(v.Context(), sub, in.Institution, newBody(in, name), v.path("/admin/bodies"))
		switch {
		case errors.Is(err, store.ErrExists):
			f.refuse("code", "body.exists")
		case errors.Is(err, store.ErrNotFound):
			f.refuse("institution", "error.form.choice")
		case err != nil:
			return err
		}
	}
	if !f.ok() {
		view := web.BodiesView{New: web.BodyValues{Institution: in.Institution, Code: in.Code, NL: in.NL, FR: in.FR, Reach: in.Reach}, IdempotencyKey: in.Key}
		view.Errors = f.errs
		return s.drawBodies(w, v, view)
	}
	tell(w, web.NoticeDone, "body.added")
	return redirect(w, v.path("/admin/bodies"))
}

// newBody reads what goes to a body: everything of its institution, what is
// addressed to it, or that without anybody here. Nothing chosen is everything.
func newBody(in bodyForm, name bilingual.Text) store.NewBody {
	b := store.NewBody{Body: monitoring.Body{Code: in.Code, Name: name}, Scope: store.ScopeAll, External: in.Reach == "external"}
	if in.Reach != "" && in.Reach != store.ScopeAll {
		b.Scope = store.ScopeAddressed
	}
	return b
}

type seatForm struct {
	Body   string `form:"body,line,20,required" label:"body.body"`
	Person string `form:"person,line,20,required" label:"people.person"`
	Role   string `form:"seat_role,choice,committee_member|secretary,required" label:"people.role"`
	From   string `form:"from,line,20,required" label:"tenure.from"`
	Until  string `form:"until,line,20" label:"tenure.until"`
	Key    string `form:"idempotency_key,raw"`
}

// giveSeat makes somebody a member or the secretary of a body.
func (s *Site) giveSeat(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[seatForm](v)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "grant role")
	if err != nil {
		return err
	}
	from, until := f.date("from", in.From), f.date("until", in.Until)
	f.order(from, until)
	body, err := strconv.ParseInt(in.Body, 10, 64)
	if err != nil && in.Body != "" {
		f.refuse("body", "error.form.choice")
	}
	person, err := s.chosen(v, f, "person", in.Person)
	if err != nil {
		return err
	}
	if f.ok() {
		err = s.Store.Seat(v.Context(), sub, body, person, access.Role(in.Role), from, until, v.path("/admin/bodies"))
		switch {
		case errors.Is(err, store.ErrNotFound):
			f.refuse("body", "error.form.choice")
		case err != nil && !f.seatOverlaps(err):
			return err
		}
	}
	if !f.ok() {
		view := web.BodiesView{Seat: web.SeatValues{Body: in.Body, Person: in.Person, Role: in.Role, From: in.From, Until: in.Until}, IdempotencyKey: in.Key}
		view.Errors = f.errs
		return s.drawBodies(w, v, view)
	}
	tell(w, web.NoticeDone, "body.seated")
	return redirect(w, v.path("/admin/bodies"))
}

// seatOverlaps says that the body has another secretary then, or that the
// person sits on it already; it reports whether err was one of those.
func (f *form) seatOverlaps(err error) bool {
	var other *store.OverlapError
	switch {
	case errors.As(err, &other) && other.Until.IsZero():
		f.refuse("from", "body.secretary_open", "Name", other.Name, "From", f.print.Date(other.From))
	case errors.As(err, &other):
		f.refuse("from", "body.secretary", "Name", other.Name, "From", f.print.Date(other.From), "Until", f.print.Date(other.Until))
	case errors.Is(err, store.ErrOverlap):
		f.refuse("from", "body.seated_already")
	default:
		return false
	}
	return true
}

// openSeat finds the membership of the address.
func (s *Site) openSeat(v *visit) (b store.Body, seat store.Seat, err error) {
	person, err := v.number("person")
	if err != nil {
		return b, seat, err
	}
	grant, err := v.number("grant")
	if err != nil {
		return b, seat, err
	}
	institutions, err := s.Store.Bodies(v.Context(), v.asOf)
	if err != nil {
		return b, seat, err
	}
	for _, i := range institutions {
		for _, b := range i.Bodies {
			for _, seat := range b.Seats {
				if seat.GrantID == grant && seat.PersonID == person {
					return b, seat, nil
				}
			}
		}
	}
	return b, seat, errNotFound
}

func (s *Site) showSeat(w http.ResponseWriter, v *visit) error {
	b, seat, err := s.openSeat(v)
	if err != nil {
		return err
	}
	return s.drawSeat(w, v, b, seat, web.SeatView{Until: v.print.Date(v.today), IdempotencyKey: newKey()})
}

func (s *Site) drawSeat(w http.ResponseWriter, v *visit, b store.Body, seat store.Seat, view web.SeatView) error {
	page := v.path("/admin/bodies")
	view.Frame = s.frame(v, v.print.T("body.seat_title", "Name", seat.Name), web.Crumb{Label: v.print.T("body.title"), URL: page}).Refusing(view.Errors)
	view.Institution, view.Body, view.Seat = b.Institution.Name, b.Name, v.seatLine(seat)
	view.EndURL = page + "/seats/" + strconv.FormatInt(seat.PersonID, 10) + "/" + strconv.FormatInt(seat.GrantID, 10) + "/end"
	return s.render(w, v, statusOf(view.Errors), web.SeatPage(view))
}

type endSeatForm struct {
	Until string `form:"until,line,20,required" label:"tenure.last_day"`
	Key   string `form:"idempotency_key,raw"`
}

// endSeat sets the last day of a membership: yesterday ends it at once.
func (s *Site) endSeat(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[endSeatForm](v)
	if err != nil {
		return err
	}
	sub, done, err := s.once(w, v, in.Key, "revoke role")
	if done || err != nil {
		return err
	}
	b, seat, err := s.openSeat(v)
	if err != nil {
		return err
	}
	until := f.date("until", in.Until)
	if yesterday := v.today.AddDays(-1); !until.IsZero() && until.Before(yesterday) {
		f.refuse("until", "body.end_past", "Date", v.print.Date(yesterday))
	}
	if f.ok() {
		err = s.Store.EndRole(v.Context(), sub, seat.PersonID, seat.GrantID, until, v.today, v.path("/admin/bodies"))
		if err != nil && !f.seatOverlaps(err) {
			return err
		}
	}
	if !f.ok() {
		view := web.SeatView{Until: in.Until, IdempotencyKey: in.Key}
		view.Errors = f.errs
		return s.drawSeat(w, v, b, seat, view)
	}
	tell(w, web.NoticeDone, "body.seat_ended")
	return redirect(w, v.path("/admin/bodies"))
}
