package site

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/deadline"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) amendmentRoutes() []route {
	const list = "/mandates/{m}/amendments"
	return []route{
		{method: http.MethodGet, pattern: list, action: access.ViewMandate, handler: s.showAmendments, past: true},
		{method: http.MethodGet, pattern: list + "/new", action: access.AmendLetter, handler: s.showAmendmentForm},
		{method: http.MethodPost, pattern: list, action: access.AmendLetter, handler: s.postAmendment},
		{method: http.MethodPost, pattern: list + "/translation", action: access.AmendLetter, handler: s.postTranslation},
	}
}

// amending is the letter of a mandate with its places.
type amending struct {
	mandate mandate.Mandate // as of the day of the page
	order   map[string]int  // of the codes that the visitor sees, as they follow each other in the letter
	amends  bool            // the visitor may amend it, today
	places  []mandate.Place // for whoever may, in the order of the letter
}

// openLetterOf reads the letter, and its places for whoever may amend it.
func (s *Site) openLetterOf(v *visit, action access.Action) (amending, error) {
	sheet, _, err := s.askSheet(v, action, store.SheetQuestion{})
	if err != nil {
		return amending{}, err
	}
	a := amending{mandate: sheet.Mandate, order: letterOrder(sheet.Mandate)}
	a.amends = !v.past() && v.may(access.AmendLetter, objectOf(a.mandate))
	if !a.amends {
		return a, nil
	}
	if a.places, err = s.Store.Places(v.Context(), a.mandate.ID); err != nil {
		return amending{}, err
	}
	a.places = slices.DeleteFunc(a.places, func(p mandate.Place) bool { return !a.sees(p.Kind, p.Name) })
	slices.SortStableFunc(a.places, func(x, y mandate.Place) int {
		if d := a.order[codeOfPlace(x)] - a.order[codeOfPlace(y)]; d != 0 {
			return d
		}
		if d := slices.Index(mandate.PlaceKinds, x.Kind) - slices.Index(mandate.PlaceKinds, y.Kind); d != 0 {
			return d
		}
		return strings.Compare(x.Name, y.Name)
	})
	return a, nil
}

// letterOrder numbers the codes of a mandate as they follow each other in the
// letter; a delegate of some objectives has those only.
func letterOrder(m mandate.Mandate) map[string]int {
	order := map[string]int{}
	next := func(c mandate.Code) { order[c.String()] = len(order) }
	for _, o := range m.Objectives {
		next(o.Code)
		for _, p := range o.Points {
			next(p.Code)
			for _, t := range p.Targets {
				next(t.Code)
			}
		}
		for _, k := range o.KPIs {
			next(k.Code)
		}
	}
	return order
}

func hasKey(m map[string]int, key string) bool { _, ok := m[key]; return ok }

// objectiveOfPassage gives S3 of S3/goal2.
func objectiveOfPassage(name string) string {
	code, _, _ := strings.Cut(name, "/")
	return code
}

func codeOfPlace(p mandate.Place) string { return objectiveOfPassage(p.Name) }

// sees reports whether the visitor sees a place on the day of the page.
func (a amending) sees(kind mandate.PlaceKind, name string) bool {
	return hasKey(a.order, name) || kind == mandate.OnPassage && hasKey(a.order, objectiveOfPassage(name))
}

func (a amending) find(key string) (mandate.Place, bool) {
	at := slices.IndexFunc(a.places, func(p mandate.Place) bool { return placeKey(p.Kind, p.Name) == key })
	if at < 0 {
		return mandate.Place{}, false
	}
	return a.places[at], true
}

// placeKey names a place in addresses and forms, such as target:S3.2-1.
func placeKey(kind mandate.PlaceKind, name string) string { return string(kind) + ":" + name }

func (s *Site) showAmendments(w http.ResponseWriter, v *visit) error {
	a, err := s.openLetterOf(v, access.ViewMandate)
	if err != nil {
		return err
	}
	view, err := s.amendmentsView(v, a)
	if err != nil {
		return err
	}
	return s.render(w, v, http.StatusOK, web.AmendmentsPage(view))
}

func (s *Site) amendmentsView(v *visit, a amending) (web.AmendmentsView, error) {
	m := a.mandate
	here := v.path("/mandates/" + m.Code + "/amendments")
	view := web.AmendmentsView{
		Frame: s.frame(v, v.print.T("amendment.title"), v.crumbs(m)...), Mandate: headOf(v, m), IdempotencyKey: newKey(),
	}
	done, err := s.Store.Amendments(v.Context(), m.ID, v.known)
	if err != nil {
		return view, err
	}
	whole := access.Covers(v.viewer, v.today, access.ViewMandate, objectOf(m)).Whole // who sees also what is not there yet
	for _, made := range done {
		if v.past() && !made.Counts(v.asOf, v.known) {
			continue
		}
		line := web.AmendmentLine{Amendment: made}
		line.Changes = nil
		line.Places = changesOf(v, slices.DeleteFunc(made.Changes, func(c mandate.Change) bool {
			return !whole && !a.sees(c.Kind, c.Name)
		}))
		if len(line.Places) > 0 {
			view.Amendments = append(view.Amendments, line)
		}
	}
	if !a.amends {
		return view, nil
	}
	view.NewURL, view.TranslateURL = here+"/new", here+"/translation"
	for _, lang := range bilingual.Langs {
		for _, p := range store.Untranslated(a.places, lang) {
			view.Untranslated = append(view.Untranslated, web.Untranslated{
				Key: placeKey(p.Kind, p.Name), Label: placeLabel(v, p.Kind, p.Name), Lang: lang, Words: p.Text.In(lang), Other: p.Text.In(lang.Other()), Seen: seenOf(p.Text),
			})
		}
	}
	return view, nil
}

// changesOf shows what one amendment did; a deadline that was added stands with
// the target or objective that it was added with.
func changesOf(v *visit, all []mandate.Change) (shown []web.ChangeOfPlace) {
	for i, c := range all {
		one := changeOf(v, c)
		if i > 0 && c.Kind == mandate.OnDeadline && c.Added() && all[i-1].Added() && all[i-1].Name == c.Name {
			shown[len(shown)-1].Deadline = &one
		} else {
			shown = append(shown, one)
		}
	}
	return shown
}

// changeOf shows what one amendment did to one place, language by language.
func changeOf(v *visit, c mandate.Change) web.ChangeOfPlace {
	shown := web.ChangeOfPlace{Label: placeLabel(v, c.Kind, c.Name)}
	if c.Deadline != nil {
		if read := monitoring.CellOfDeadline(*c.Deadline); !read.Words.IsZero() {
			shown.Read = &read
		}
	}
	for _, lang := range [2]bilingual.Lang{v.lang, v.lang.Other()} {
		if before, after := c.Before.In(lang), c.After.In(lang); before != after {
			shown.Texts = append(shown.Texts, web.TextChange{Lang: lang, Pieces: mandate.Difference(before, after)})
		} else if c.After.State(lang) == bilingual.Outdated {
			shown.Outdated = append(shown.Outdated, lang)
		}
	}
	return shown
}

func placeLabel(v *visit, kind mandate.PlaceKind, name string) string {
	shown := objectiveOfPassage(name)
	if code, err := mandate.ParseCode(shown); err == nil {
		shown = v.print.Code(code)
	}
	key := "amendment.place." + string(kind)
	if kind == mandate.OnPassage {
		_, passage, _ := strings.Cut(name, "/")
		number := strings.TrimLeft(passage, "abcdefghijklmnopqrstuvwxyz")
		return v.print.T("amendment.place."+strings.TrimSuffix(passage, number), "Code", shown, "Number", number)
	}
	return v.print.T(key, "Code", shown)
}

func (s *Site) showAmendmentForm(w http.ResponseWriter, v *visit) error {
	a, err := s.openLetterOf(v, access.AmendLetter)
	if err != nil {
		return err
	}
	in := amendmentForm{Place: v.URL.Query().Get("place")}
	if p, ok := a.find(in.Place); ok {
		in.NL, in.FR, in.Seen = p.Text.NL, p.Text.FR, seenOf(p.Text)
	} else {
		in.Place = ""
	}
	return s.render(w, v, http.StatusOK, web.AmendmentPage(s.amendmentView(v, a, in)))
}

type amendmentForm struct {
	Key       string `form:"idempotency_key,raw"`
	Do        string `form:"do,choice,preview|store"`
	Place     string `form:"place,line,60,required" label:"amendment.choose_place"`
	NL        string `form:"nl,text,20000"`
	FR        string `form:"fr,text,20000"`
	Effective string `form:"effective_on,line,20,required" label:"amendment.effective_on"`
	Authority string `form:"authority,line,500,required" label:"amendment.authority"`
	Reason    string `form:"reason,text,2000,required" label:"amendment.reason"`
	Scope     string `form:"scope,choice,own|all"`
	Seen      string `form:"seen,raw"` // what the words were when the form was drawn
}

// seenOf stands for words that a form showed, in both languages: somebody else
// may have changed them by the time that it is sent.
func seenOf(t bilingual.Text) string {
	return hashOf(fmt.Appendf(nil, "%q %s %q %s", t.NL, t.State(bilingual.NL), t.FR, t.State(bilingual.FR)))[:20]
}

// outdone reports whether words are no longer those that a form showed.
func outdone(seen string, now bilingual.Text) bool { return seen != "" && seen != seenOf(now) }

// amendmentView draws the form; without a place it asks for one.
func (s *Site) amendmentView(v *visit, a amending, in amendmentForm) web.AmendmentView {
	here := v.path("/mandates/" + a.mandate.Code + "/amendments")
	view := web.AmendmentView{
		Frame:   s.frame(v, v.print.T("amendment.new"), append(v.crumbs(a.mandate), web.Crumb{Label: v.print.T("amendment.title"), URL: here})...),
		Mandate: headOf(v, a.mandate), Action: here, FormURL: here + "/new", CancelURL: here, IdempotencyKey: newKey(),
		Place: in.Place, NL: in.NL, FR: in.FR, Effective: in.Effective, Authority: in.Authority, Reason: in.Reason, Scope: in.Scope, Seen: in.Seen,
	}
	for _, p := range a.places {
		view.Places = append(view.Places, web.Option{Value: placeKey(p.Kind, p.Name), Label: placeLabel(v, p.Kind, p.Name)})
	}
	if p, ok := a.find(in.Place); ok {
		view.PlaceLabel, view.Shared = placeLabel(v, p.Kind, p.Name), p.Shared
	}
	return view
}

// postAmendment shows what would change, or stores it.
func (s *Site) postAmendment(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[amendmentForm](v)
	if err != nil {
		return err
	}
	a, err := s.openLetterOf(v, access.AmendLetter)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "amend letter")
	if err != nil {
		return err
	}
	if in.Do == "store" { // a second click finds the words as the first one left them
		location, done, err := s.Store.Answered(v.Context(), sub)
		if err != nil {
			return err
		}
		if done {
			return redirect(w, location)
		}
	}
	place, ok := a.find(in.Place)
	if !ok {
		f.refuse("place", "error.form.choice")
	}
	day := f.date("effective_on", in.Effective)
	changed := changedWords(place.Text, in)
	if ok && changed.IsZero() {
		f.refuse("nl", "amendment.unchanged")
	}
	if !f.ok() {
		return s.redrawAmendment(w, v, a, in, f.errs)
	}
	if in.Do != "store" || outdone(in.Seen, place.Text) {
		return s.previewAmendment(w, v, a, place, changed, in)
	}
	location, _, err := s.Store.Amend(v.Context(), sub, store.AmendRequest{
		Code: a.mandate.Code, Kind: place.Kind, Place: place.Name, Before: place.Text, Text: changed, EffectiveOn: day, Authority: in.Authority, Reason: in.Reason, At: s.Now(),
		Everywhere: in.Scope == "all" && place.Shared, Read: readPhrase, Location: v.path("/mandates/" + a.mandate.Code + "/amendments"),
		May: func(o access.Object) bool {
			return v.may(access.AmendLetter, o)
		},
	})
	if err = refuseAmendment(f, err); err != nil {
		return err
	}
	if !f.ok() {
		return s.redrawAmendment(w, v, a, in, f.errs)
	}
	tell(w, web.NoticeDone, "amendment.stored", "Place", placeLabel(v, place.Kind, place.Name))
	return redirect(w, location)
}

// amended gives a text with the changed words in it. What was not changed in the
// other language no longer says the same.
func amended(before, changed bilingual.Text) bilingual.Text {
	after := before
	for _, lang := range bilingual.Langs {
		if words := changed.In(lang); words != "" {
			after = after.With(lang, words, bilingual.Original)
		} else if after.In(lang) != "" {
			after = after.With(lang, after.In(lang), bilingual.Outdated)
		}
	}
	return after
}

// refuseAmendment puts what the store refuses beside the field that it is about.
func refuseAmendment(f *form, err error) error {
	switch {
	case errors.Is(err, store.ErrChanged):
		f.refuse("nl", "amendment.changed_meanwhile")
	case errors.Is(err, store.ErrSealed):
		f.refuse("effective_on", "amendment.sealed")
	case errors.Is(err, store.ErrSameDay):
		f.refuse("effective_on", "amendment.same_day")
	case errors.Is(err, store.ErrAmendment):
		f.refuse("effective_on", "amendment.too_early")
	case errors.Is(err, store.ErrUnchanged):
		f.refuse("nl", "amendment.only_translation")
	case errors.Is(err, store.ErrNotFound) && f.raw("scope") == "all":
		f.refuse("scope", "amendment.not_everywhere")
	default:
		return err
	}
	return nil
}

// previewAmendment shows what would change of the words in force. When they are no
// longer those that the form showed, that has to be looked at again.
func (s *Site) previewAmendment(w http.ResponseWriter, v *visit, a amending, place mandate.Place, changed bilingual.Text, in amendmentForm) error {
	status, again := http.StatusOK, outdone(in.Seen, place.Text)
	in.Seen = seenOf(place.Text)
	view := s.amendmentView(v, a, in)
	view.IdempotencyKey = in.Key
	if again {
		status = http.StatusConflict
		view.Errors = []web.FieldError{{Field: "nl", Label: view.PlaceLabel, Text: v.print.T("amendment.changed_meanwhile")}}
	}
	preview := changeOf(v, mandate.Change{Kind: place.Kind, Name: place.Name, Before: place.Text, After: amended(place.Text, changed)})
	view.Preview = &preview
	if place.Kind == mandate.OnDeadline {
		view.Reading = readPhrase(changed).Render(v.lang)
	}
	return s.render(w, v, status, web.AmendmentPage(view))
}

// changedWords gives the words that a person typed in place of others. A
// language left empty, or as it was, is not changed.
func changedWords(now bilingual.Text, in amendmentForm) (changed bilingual.Text) {
	for lang, words := range map[bilingual.Lang]string{bilingual.NL: in.NL, bilingual.FR: in.FR} {
		if words != "" && words != now.In(lang) {
			changed = changed.With(lang, words, bilingual.Original)
		}
	}
	return changed
}

// readPhrase reads the words of a deadline, in Dutch where there are any.
func readPhrase(t bilingual.Text) deadline.Reading {
	words, lang, _ := t.For(bilingual.NL)
	return deadline.Read(words, lang)
}

func (s *Site) redrawAmendment(w http.ResponseWriter, v *visit, a amending, in amendmentForm, errs []web.FieldError) error {
	view := s.amendmentView(v, a, in)
	view.IdempotencyKey, view.Errors = in.Key, errs
	return s.render(w, v, http.StatusUnprocessableEntity, web.AmendmentPage(view))
}
