package site

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/duty"
	"jalon/internal/indicator"
	"jalon/internal/mandate"
	"jalon/internal/progress"
	"jalon/internal/store"
	"jalon/internal/valuelist"
	"jalon/web"
)

func (s *Site) indicatorRoutes() []route {
	const list, one = "/mandates/{m}/indicators", "/mandates/{m}/indicators/{code}"
	return []route{
		{method: http.MethodGet, pattern: list, action: access.ViewMandate, handler: s.showIndicators, past: true},
		{method: http.MethodGet, pattern: list + "/new", action: access.DefineIndicator, handler: s.showNewIndicator},
		{method: http.MethodPost, pattern: list, action: access.DefineIndicator, handler: s.defineIndicator},
		{method: http.MethodGet, pattern: one, action: access.ViewMandate, handler: s.showIndicator, past: true},
		{method: http.MethodGet, pattern: one + "/definition", action: access.DefineIndicator, handler: s.showDefinition},
		{method: http.MethodPost, pattern: one + "/definition", action: access.DefineIndicator, handler: s.defineIndicator},
		{method: http.MethodPost, pattern: one + "/values", action: access.RecordValue, handler: s.recordValue},
		{method: http.MethodGet, pattern: one + "/import", action: access.RecordValue, handler: s.showValueImport},
		{method: http.MethodPost, pattern: one + "/import", action: access.RecordValue, handler: s.previewValues, body: valuelist.MaxFile + 1<<20},
		{method: http.MethodPost, pattern: one + "/import/confirm", action: access.RecordValue, handler: s.confirmValues, body: 2*valuelist.MaxFile + 1<<18},
	}
}

func indicatorsPath(v *visit, m mandate.Mandate) string {
	return v.path("/mandates/" + m.Code + "/indicators")
}

// openIndicators reads the mandate of the address with its indicators, once the
// visitor may do the action to it.
func (s *Site) openIndicators(v *visit, action access.Action) (store.IndicatorSheet, error) {
	sheet, err := s.readIndicators(v, action)
	if err != nil {
		return sheet, err
	}
	return sheet, s.allow(v, action, objectOf(sheet.Mandate))
}

// readIndicators reads the mandate of the address for an action: who defines an
// indicator is offered what the letter names.
func (s *Site) readIndicators(v *visit, action access.Action) (store.IndicatorSheet, error) {
	code := chi.URLParam(v.Request, "m")
	if action == access.DefineIndicator {
		return s.Store.LetterIndicators(v.Context(), store.SheetQuestion{Code: code, AsOf: v.asOf, Known: v.known})
	}
	sheets, err := s.Store.Indicators(v.Context(), store.DutyQuestion{Scope: access.Scope{All: true}, Code: code, AsOf: v.asOf, Known: v.known})
	if err != nil {
		return store.IndicatorSheet{}, err
	}
	if len(sheets) == 0 {
		return store.IndicatorSheet{}, store.ErrNotFound
	}
	return sheets[0], nil
}

// reaches reports whether the visitor may do an action to an indicator: one that
// belongs to no objective is for who reaches the whole mandate.
func (v *visit) reaches(action access.Action, m mandate.Mandate, i indicator.Indicator) bool {
	return reachesIndicator(v.covers(action, m), i)
}

// reachesIndicator is the rule of reaches for a part of a mandate: one of a target is
// for who reaches that target, one of an objective for who reaches all of that.
func reachesIndicator(c access.Cover, i indicator.Indicator) bool {
	return c.Whole || i.Target != "" && c.Has(i.Target) || i.Objective != "" && c.Has(i.Objective)
}

// openIndicator finds the indicator of the address.
func (s *Site) openIndicator(v *visit, action access.Action) (store.IndicatorSheet, *indicator.Series, error) {
	sheet, err := s.readIndicators(v, action)
	if err != nil {
		return sheet, nil, err
	}
	if err := s.allow(v, access.ViewMandate, objectOf(sheet.Mandate)); err != nil {
		return sheet, nil, err
	}
	series := sheet.Sheet.Find(chi.URLParam(v.Request, "code"))
	if series == nil || !v.reaches(access.ViewMandate, sheet.Mandate, series.Indicator) {
		return sheet, nil, errNotFound
	}
	if action != access.ViewMandate && !v.reaches(action, sheet.Mandate, series.Indicator) {
		s.auditRefusal(v, action, objectOf(sheet.Mandate))
		return sheet, nil, errForbidden
	}
	return sheet, series, nil
}

func (s *Site) showIndicators(w http.ResponseWriter, v *visit) error {
	sheet, err := s.openIndicators(v, access.ViewMandate)
	if err != nil {
		return err
	}
	m := sheet.Mandate
	view := web.IndicatorsView{Frame: s.frame(v, v.print.T("indicator.title"), v.crumbs(m)...), Mandate: headOf(v, m)}
	if !v.past() && v.covers(access.DefineIndicator, m).Whole {
		view.NewURL = indicatorsPath(v, m) + "/new"
	}
	parts := map[string]bool{}
	for _, one := range sheet.Sheet.All {
		for _, code := range one.Parts {
			parts[code] = true
		}
	}
	for _, one := range sheet.Sheet.All {
		if v.reaches(access.ViewMandate, m, one.Indicator) {
			line := indicatorLine(v, m, one)
			line.IsPart = parts[one.Code]
			view.Lines = append(view.Lines, line)
		}
	}
	return s.render(w, v, http.StatusOK, web.IndicatorsPage(view))
}

func indicatorLine(v *visit, m mandate.Mandate, s *indicator.Series) web.IndicatorLine {
	return web.IndicatorLine{
		Code: s.Code, Name: s.Name, Unit: s.Unit, URL: v.dated(indicatorsPath(v, m) + "/" + s.Code), Decimals: s.Decimals,
		Direction: s.Direction, Origin: s.Origin, Goal: s.Goal(), Standing: s.Stand(), Retired: s.Retired,
	}
}

// besideKPIs puts the indicators of the KPIs of the letter beside them. Where there
// are none of either it asks nothing.
func (s *Site) besideKPIs(v *visit, sheet progress.Sheet, blocks []web.ObjectiveBlock) error {
	m := sheet.Mandate
	if len(sheet.Indicators) == 0 || !slices.ContainsFunc(blocks, func(b web.ObjectiveBlock) bool { return len(b.KPIs) > 0 }) {
		return nil
	}
	whole := m
	if !v.covers(access.ViewMandate, m).Whole { // a figure counts the whole mandate, whoever looks
		questions, _, err := s.Store.Duties(v.Context(), store.DutyQuestion{Scope: access.Scope{All: true}, Code: m.Code, AsOf: sheet.AsOf, Known: v.known})
		if err != nil {
			return err
		}
		whole = questions[0].Mandate
	}
	sheets, err := s.Store.IndicatorsOf(v.Context(), []mandate.Mandate{whole}, sheet.Indicators, store.Moment{Day: sheet.AsOf, Known: v.known})
	if err != nil {
		return err
	}
	for _, b := range blocks {
		for i := range b.KPIs {
			for _, one := range sheets[0].All {
				if one.KPICode == b.KPIs[i].Code.String() {
					b.KPIs[i].Indicators = append(b.KPIs[i].Indicators, indicatorLine(v, m, one))
				}
			}
		}
	}
	return nil
}

// codeOf reads a code that the store gave; "" is the zero code.
func codeOf(s string) mandate.Code {
	c, _ := mandate.ParseCode(s)
	return c
}

func (s *Site) showIndicator(w http.ResponseWriter, v *visit) error {
	sheet, series, err := s.openIndicator(v, access.ViewMandate)
	if err != nil {
		return err
	}
	return s.drawIndicator(w, v, sheet, series, web.ValueForm{}, nil)
}

func (s *Site) drawIndicator(w http.ResponseWriter, v *visit, sheet store.IndicatorSheet, series *indicator.Series, typed web.ValueForm, f *form) error {
	m := sheet.Mandate
	here := indicatorsPath(v, m) + "/" + series.Code
	view := web.IndicatorView{
		Frame:   s.frame(v, v.print.T("indicator.page_title", "Code", series.Code, "Name", v.say(series.Name)), append(v.crumbs(m), web.Crumb{Label: v.print.T("indicator.title"), URL: v.dated(indicatorsPath(v, m))})...),
		Mandate: headOf(v, m), Line: indicatorLine(v, m, series), Series: series, IdempotencyKey: newKey(), Form: typed,
	}
	view.MeasuresURL = v.dated(here + "/measures")
	if series.Target != "" {
		view.TargetURL = v.dated(v.path("/mandates/" + m.Code + "/targets/" + series.Target))
	}
	if series.KPICode != "" {
		view.KPI, view.KPIURL = codeOf(series.KPICode), v.dated(v.path("/mandates/"+m.Code+"/objectives/"+series.Objective))
	}
	for _, code := range series.Parts {
		if part := sheet.Sheet.Find(code); part != nil && v.reaches(access.ViewMandate, m, part.Indicator) {
			view.Parts = append(view.Parts, indicatorLine(v, m, part))
		}
	}
	view.Sources, view.Counted = sourcesOf(v, sheet, series), countedOf(v, sheet, series)
	if series.Origin == indicator.FromEvents {
		for _, k := range sheet.Kinds {
			if k.Code == series.EventKind {
				view.EventKind, view.EventsURL = k.Name, v.dated(v.path("/mandates/"+m.Code+"/events"))
			}
		}
	}
	if !v.past() {
		if v.reaches(access.DefineIndicator, m, series.Indicator) {
			view.DefineURL = here + "/definition"
		}
		if series.Origin == indicator.Measured && !series.Retired && v.reaches(access.RecordValue, m, series.Indicator) {
			view.RecordURL, view.ImportURL = here+"/values", here+"/import"
		}
	}
	if f != nil {
		view.Errors, view.IdempotencyKey = f.errs, f.raw("idempotency_key")
	}
	return s.render(w, v, statusOf(view.Errors), web.IndicatorPage(view))
}

// sourcesOf lists the indicators that a formula names.
func sourcesOf(v *visit, sheet store.IndicatorSheet, series *indicator.Series) (links []web.Link) {
	if series.Origin != indicator.FromFormula {
		return nil
	}
	formula, err := indicator.ParseFormula(series.Formula)
	if err != nil {
		return nil
	}
	for _, code := range formula.Codes() {
		if one := sheet.Sheet.Find(code); one != nil && v.reaches(access.ViewMandate, sheet.Mandate, one.Indicator) {
			links = append(links, web.Link{Label: code + " " + v.say(one.Name), URL: v.dated(indicatorsPath(v, sheet.Mandate) + "/" + code)})
		}
	}
	return links
}

// countedOf lists the events behind the figures that the visitor sees.
func countedOf(v *visit, sheet store.IndicatorSheet, series *indicator.Series) (all []web.CountedEvent) {
	seen := withinAll(v.viewer, v, access.ViewMandate, []duty.Question{sheet.Question})[0].Record.Events
	for _, source := range series.Sources {
		e := source.Event
		if slices.ContainsFunc(seen, func(one duty.Event) bool { return one.ID == e.ID }) {
			all = append(all, web.CountedEvent{
				Title: e.Title, Lang: e.Lang, From: e.From, Of: source.Of, Counts: source.Counts, URL: v.dated(eventPath(v, sheet.Mandate, e.ID)),
			})
		}
	}
	return all
}

type valueForm struct {
	Key         string `form:"idempotency_key,raw"`
	On          string `form:"on,line,20,required" label:"indicator.date"`
	Value       string `form:"value,line,40" label:"indicator.value"`
	Numerator   string `form:"numerator,line,40" label:"indicator.numerator"`
	Denominator string `form:"denominator,line,40" label:"indicator.denominator"`
	People      string `form:"people,line,12" label:"indicator.people"`
	Note        string `form:"note,line,1000" label:"indicator.note"`
	Withdraw    string `form:"withdraw,choice,1" label:"indicator.value.withdraw"`
	Seen        string `form:"seen,raw"`
}

// recordValue stores a value that a person typed. One that takes the place of
// another is asked about first.
func (s *Site) recordValue(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[valueForm](v)
	if err != nil {
		return err
	}
	sheet, series, err := s.openIndicator(v, access.RecordValue)
	if err != nil {
		return err
	}
	if series.Origin != indicator.Measured || series.Retired {
		return errForbidden
	}
	sub, done, err := s.once(w, v, in.Key, "record values")
	if done || err != nil {
		return err
	}
	m := f.measurement(in, series.Indicator, v)
	typed := web.ValueForm{On: in.On, Value: in.Value, Numerator: in.Numerator, Denominator: in.Denominator, People: in.People, Note: in.Note, Withdraw: in.Withdraw != "", Seen: in.Seen}
	if f.ok() {
		s.askOverwrite(v, f, series, &m, &typed)
	}
	if !f.ok() {
		return s.drawIndicator(w, v, sheet, series, typed, f)
	}
	batch := s.valueBatch(v, sheet.Mandate, series.Indicator, "page", []indicator.Measurement{m})
	_, location, _, err := s.Store.RecordValues(v.Context(), sub, batch)
	if err != nil {
		return err
	}
	tell(w, web.NoticeDone, "indicator.value.stored")
	return redirect(w, location)
}

// askOverwrite warns of the value of the day that would be superseded, once.
func (s *Site) askOverwrite(v *visit, f *form, series *indicator.Series, m *indicator.Measurement, typed *web.ValueForm) {
	at := slices.IndexFunc(series.History, func(old indicator.Measurement) bool { return old.On == m.On })
	if at < 0 || series.History[at].Withdrawn && !m.Withdrawn {
		if m.Withdrawn {
			f.refuse("withdraw", "indicator.value.nothing_to_withdraw")
		} else if at >= 0 {
			m.Supersedes = series.History[at].ID
		}
		return
	}
	old := series.History[at]
	m.Supersedes = old.ID
	if typed.Seen == strconv.FormatInt(old.ID, 10) {
		return
	}
	typed.Seen = strconv.FormatInt(old.ID, 10)
	key, pairs := "indicator.value.overwrite", []any{"Date", v.print.Date(old.On), "Value", web.Measured(v.print, series.Indicator, old)}
	if old.Hidden {
		key = "indicator.value.overwrite_hidden"
	}
	f.refuse("on", key, pairs...)
}

func (s *Site) valueBatch(v *visit, m mandate.Mandate, i indicator.Indicator, channel string, values []indicator.Measurement) store.ValueBatch {
	b := store.ValueBatch{
		MandateID: m.ID, IndicatorID: i.ID, Code: i.Code, Values: values, Seen: true, Channel: channel, Lang: v.lang, ByID: v.viewer.PersonID, At: s.Now(),
		Location: indicatorsPath(v, m) + "/" + i.Code,
	}
	b.BehalfOf, _ = access.ActsFor(v.viewer, v.today, access.RecordValue, objectOf(m))
	return b
}
