package site

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/shopspring/decimal"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/indicator"
	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/store"
	"jalon/web"
)

type definitionForm struct {
	Key        string `form:"idempotency_key,raw"`
	Code       string `form:"code,line,50" label:"indicator.code"`
	Objective  string `form:"objective,line,20" label:"indicator.objective"`
	Target     string `form:"target,line,20" label:"indicator.target"`
	KPI        string `form:"kpi,line,20" label:"indicator.kpi"`
	ValidFrom  string `form:"valid_from,line,20,required" label:"indicator.valid_from"`
	NameNL     string `form:"name_nl,line,300,required" label:"indicator.name_nl"`
	NameFR     string `form:"name_fr,line,300,required" label:"indicator.name_fr"`
	UnitNL     string `form:"unit_nl,line,60" label:"indicator.unit_nl"`
	UnitFR     string `form:"unit_fr,line,60" label:"indicator.unit_fr"`
	Direction  string `form:"direction,choice,up|down|at_least|at_most|between,required" label:"indicator.direction"`
	Baseline   string `form:"baseline,line,40" label:"indicator.baseline"`
	BaselineOn string `form:"baseline_on,line,20" label:"indicator.baseline_on"`
	Milestones string `form:"milestones,text,4000" label:"indicator.milestones"`
	Origin     string `form:"origin,choice,measured|formula|events|duties|parts_apart,required" label:"indicator.origin"`
	Per        string `form:"per,choice,0|1|100|1000,required" label:"indicator.per"`
	Decimals   string `form:"decimals,line,2" label:"indicator.decimals"`
	MinGroup   string `form:"min_group,line,6" label:"indicator.min_group"`
	Cadence    string `form:"cadence,choice,monthly|quarterly|half_yearly|yearly,required" label:"indicator.cadence"`
	Formula    string `form:"formula,line,300" label:"indicator.formula"`
	EventKind  string `form:"event_kind,line,41" label:"indicator.event_kind"`
	EventCount string `form:"event_count,choice,count|before|after|both" label:"indicator.event_count"`
	Parts      string `form:"parts,line,500" label:"indicator.parts"`
	AddsUp     string `form:"adds_up,choice,1" label:"indicator.adds_up"`
	Source     string `form:"source,line,500" label:"indicator.source"`
	Owner      string `form:"owner,line,200" label:"indicator.owner"`
	Retired    string `form:"retired,choice,1" label:"indicator.retire"`
	Seen       string `form:"seen,raw"`
}

func (s *Site) showNewIndicator(w http.ResponseWriter, v *visit) error {
	sheet, err := s.openIndicators(v, access.DefineIndicator)
	if err != nil {
		return err
	}
	typed := definitionForm{ValidFrom: v.print.Date(v.today), Direction: "up", Per: "0", Decimals: "0", Cadence: "half_yearly", Origin: "measured"}
	return s.drawDefinition(w, v, sheet, nil, typed, nil)
}

func (s *Site) showDefinition(w http.ResponseWriter, v *visit) error {
	sheet, series, err := s.openIndicator(v, access.DefineIndicator)
	if err != nil {
		return err
	}
	return s.drawDefinition(w, v, sheet, series, definedAs(v, series.Indicator), nil)
}

// definedAs gives a definition as a person would type it.
func definedAs(v *visit, i indicator.Indicator) definitionForm {
	in := definitionForm{
		Code: i.Code, ValidFrom: v.print.Date(v.today), NameNL: i.Name.NL, NameFR: i.Name.FR, UnitNL: i.Unit.NL, UnitFR: i.Unit.FR,
		Objective: i.Objective, KPI: i.KPICode, Direction: string(i.Direction), Per: strconv.Itoa(i.Per), Decimals: strconv.Itoa(i.Decimals),
		BaselineOn: v.print.Date(i.BaselineOn), Source: i.Source, Owner: i.Owner, Cadence: string(i.Cadence), Origin: string(i.Origin),
		Formula: i.Formula, EventKind: i.EventKind, EventCount: i.EventCount, Parts: strings.Join(i.Parts, "; "), Target: i.Target,
		Seen: strconv.FormatInt(i.Newest, 10),
	}
	if i.Retired {
		in.Retired = "1"
	}
	if i.MinGroup > 0 {
		in.MinGroup = strconv.Itoa(i.MinGroup)
	}
	if i.Baseline != nil {
		in.Baseline = v.print.Number(*i.Baseline)
	}
	if i.AddsUp {
		in.AddsUp = "1"
	}
	for _, m := range i.Milestones {
		in.Milestones += v.print.Date(m.On) + "; " + v.print.Number(m.Value)
		if i.Direction == indicator.Between {
			in.Milestones += "; " + v.print.Number(m.Upper)
		}
		in.Milestones += "\n"
	}
	return in
}

func (s *Site) defineIndicator(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[definitionForm](v)
	if err != nil {
		return err
	}
	var sheet store.IndicatorSheet
	var series *indicator.Series
	if chi.URLParam(v.Request, "code") == "" {
		sheet, err = s.openIndicators(v, access.DefineIndicator)
	} else {
		sheet, series, err = s.openIndicator(v, access.DefineIndicator)
	}
	if err != nil {
		return err
	}
	sub, done, err := s.once(w, v, in.Key, "define indicator")
	if done || err != nil {
		return err
	}
	i := f.indicator(in)
	var stood indicator.Definition
	if series != nil {
		stood = series.Definition
		i.ID, i.Code, i.Objective, i.KPICode, i.Target = series.ID, series.Code, series.Objective, series.KPICode, series.Target
		i.Newest, _ = strconv.ParseInt(in.Seen, 10, 64)
		f.sameKind(i, series)
	}
	f.ofOrigin(in, stood)
	f.judge(i, sheet, series == nil, v)
	f.placed(i, definable(v, sheet))
	if !f.ok() {
		return s.drawDefinition(w, v, sheet, series, in, f)
	}
	location, _, err := s.Store.DefineIndicator(v.Context(), sub, sheet.Mandate.ID, i, s.Now(), indicatorsPath(v, sheet.Mandate)+"/"+i.Code)
	switch {
	case errors.Is(err, store.ErrConflict):
		f.refuse("", "indicator.changed_meanwhile")
		in.Seen = strconv.FormatInt(series.Newest, 10)
	case errors.Is(err, store.ErrExists):
		f.refuse("code", "indicator.fault.code_taken")
	case err != nil:
		return err
	}
	if !f.ok() {
		return s.drawDefinition(w, v, sheet, series, in, f)
	}
	if i.ValidFrom.Before(stood.ValidFrom) {
		tell(w, web.NoticeWarning, "indicator.defined_before", "Date", v.print.Date(stood.ValidFrom))
	} else {
		tell(w, web.NoticeDone, "indicator.defined")
	}
	return redirect(w, location)
}

// sameKind refuses to take values that were recorded as numerator and denominator
// for values by themselves: 7 of 100 would turn from 7 % into 0.07.
func (f *form) sameKind(i indicator.Indicator, stood *indicator.Series) {
	share := func(m indicator.Measurement) bool { return m.Numerator != nil || m.Hidden && stood.Per > 0 }
	if i.Origin == indicator.Measured && i.Per == 0 && slices.ContainsFunc(stood.History, share) {
		f.refuse("per", "indicator.fault.per_recorded")
	}
}

// indicator reads the form field by field.
func (f *form) indicator(in definitionForm) indicator.Indicator {
	text := func(nl, fr string) (t bilingual.Text) {
		if nl != "" {
			t = t.With(bilingual.NL, nl, bilingual.Original)
		}
		if fr != "" {
			t = t.With(bilingual.FR, fr, bilingual.Original)
		}
		return t
	}
	per, _ := strconv.Atoi(in.Per)
	i := indicator.Indicator{
		Code: in.Code, Objective: in.Objective, KPICode: in.KPI, Target: strings.ToUpper(in.Target), MinGroup: f.whole("min_group", in.MinGroup, 0, 100_000),
		Definition: indicator.Definition{
			ValidFrom: f.date("valid_from", in.ValidFrom), Name: text(in.NameNL, in.NameFR), Unit: text(in.UnitNL, in.UnitFR),
			Direction: indicator.Direction(in.Direction), Per: per, Decimals: f.whole("decimals", in.Decimals, 0, indicator.MaxDecimals),
			Baseline: f.number("baseline", in.Baseline), BaselineOn: f.date("baseline_on", in.BaselineOn), Source: in.Source, Owner: in.Owner,
			Cadence: indicator.Cadence(in.Cadence), Origin: indicator.Origin(in.Origin), AddsUp: in.AddsUp != "", Retired: in.Retired != "",
			Parts: strings.FieldsFunc(strings.ToUpper(in.Parts), func(r rune) bool { return r == ';' || r == ',' || r == ' ' }),
		},
	}
	if i.Target != "" && i.Objective == "" {
		i.Objective = access.ObjectiveOf(i.Target)
	}
	i.Milestones = f.milestones(in.Milestones, i.Direction == indicator.Between)
	switch i.Origin { // what belongs to another origin does not count
	case indicator.FromFormula:
		if f.required("formula", in.Formula) != "" {
			i.Formula = f.formula(in.Formula)
		}
	case indicator.FromEvents:
		i.EventKind, i.EventCount = in.EventKind, f.required("event_count", in.EventCount)
	case indicator.InParts:
		i.AddsUp = false
	}
	if i.Origin == indicator.FromDuties && i.Per == 0 {
		i.Per = 100
	}
	return i
}

// ofOrigin refuses what is typed for another origin than the one that is chosen:
// it would not count. What stood there before the origin changed goes with it.
func (f *form) ofOrigin(in definitionForm, stood indicator.Definition) {
	for _, of := range []struct {
		field, typed, stood string
		origin              indicator.Origin
	}{
		{"formula", in.Formula, stood.Formula, indicator.FromFormula},
		{"event_kind", in.EventKind, stood.EventKind, indicator.FromEvents},
		{"event_count", in.EventCount, stood.EventCount, indicator.FromEvents},
	} {
		if isNew(of.typed, of.stood) && in.Origin != string(of.origin) {
			f.refuse(of.field, "indicator.fault.other_origin", "Origin", f.print.T("indicator.origin."+string(of.origin)))
		}
	}
}

func (f *form) formula(typed string) string {
	formula, err := indicator.ParseFormula(typed)
	var wrong *indicator.FormulaError
	if errors.As(err, &wrong) {
		f.refuse("formula", "indicator.formula."+wrong.Key, "At", strconv.Itoa(wrong.At))
		return typed
	}
	return formula.String()
}

// milestones reads one line per milestone: a day and a value, or two, with semicolons between them.
func (f *form) milestones(typed string, two bool) (all []indicator.Milestone) {
	want := 2
	if two {
		want = 3
	}
	for n, line := range strings.Split(typed, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		parts := strings.FieldsFunc(line, func(r rune) bool { return r == ';' || r == '\t' })
		var numbers []decimal.Decimal
		on, err := locale.ParseDate(strings.TrimSpace(parts[0]))
		for _, part := range parts[1:] {
			n, wrong := locale.ParseDecimal(part)
			err = errors.Join(err, wrong)
			numbers = append(numbers, n)
		}
		if err != nil || len(parts) != want {
			f.refuse("milestones", "indicator.fault.milestone_line", "Line", strconv.Itoa(n+1))
			return nil
		}
		m := indicator.Milestone{On: on, Value: numbers[0]}
		if two {
			m.Upper = numbers[1]
		}
		all = append(all, m)
	}
	return all
}

// judge looks at the definition as a whole, among its siblings.
func (f *form) judge(i indicator.Indicator, sheet store.IndicatorSheet, fresh bool, v *visit) {
	others := map[string]indicator.Definition{}
	for _, one := range sheet.Sheet.All {
		if one.Code != i.Code {
			others[one.Code] = one.Definition
		} else if fresh {
			f.refuse("code", "indicator.fault.code_taken")
		}
	}
	for _, fault := range i.Check(i.Code, others) {
		f.refuse(fault.Field, "indicator.fault."+fault.Key)
	}
	if i.ValidFrom.After(v.today) || i.ValidFrom.Before(calendar.Date{Year: calendar.MinYear, Month: 1, Day: 1}) {
		f.refuse("valid_from", "indicator.fault.valid_from")
	}
	if i.Origin == indicator.FromEvents {
		known := false
		for _, k := range sheet.Kinds {
			known = known || k.Code == i.EventKind
		}
		if !known {
			f.refuse("event_kind", "indicator.fault.event_kind")
		}
	}
}

func (s *Site) drawDefinition(w http.ResponseWriter, v *visit, sheet store.IndicatorSheet, series *indicator.Series, in definitionForm, f *form) error {
	m := sheet.Mandate
	list := indicatorsPath(v, m)
	view := web.DefinitionView{Mandate: headOf(v, m), Action: list, BackURL: list, IdempotencyKey: newKey(), Form: web.DefinitionForm(in)}
	title := v.print.T("indicator.new")
	crumbs := append(v.crumbs(m), web.Crumb{Label: v.print.T("indicator.title"), URL: list})
	if series != nil {
		title = v.print.T("indicator.define_title", "Code", series.Code)
		view.Known, view.Action, view.BackURL = true, list+"/"+series.Code+"/definition", list+"/"+series.Code
	}
	view.Frame = s.frame(v, title, crumbs...)
	for _, o := range definable(v, sheet).Objectives {
		view.Objectives = append(view.Objectives, web.Option{Value: o.Code.String(), Label: v.print.Code(o.Code) + " " + v.say(o.Title)})
		view.KPIs = append(view.KPIs, kpiOptions(v, o)...)
	}
	for _, k := range sheet.Kinds {
		view.Kinds = append(view.Kinds, web.Option{Value: k.Code, Label: v.say(k.Name)})
	}
	if f != nil {
		view.Errors, view.IdempotencyKey = f.errs, f.raw("idempotency_key")
	}
	return s.render(w, v, statusOf(view.Errors), web.DefinitionPage(view))
}

// definable is the part of the mandate that the visitor may define indicators for.
func definable(v *visit, sheet store.IndicatorSheet) mandate.Mandate {
	if c := v.covers(access.DefineIndicator, sheet.Mandate); !c.Whole {
		return sheet.Mandate.Only(c.Has)
	}
	return sheet.Mandate
}

// placed refuses an objective or a KPI that the form does not offer, and a KPI of another objective.
func (f *form) placed(i indicator.Indicator, offered mandate.Mandate) {
	objective, kpi := i.Objective == "", i.KPICode == ""
	for _, o := range offered.Objectives {
		objective = objective || o.Code.String() == i.Objective
		for _, k := range o.KPIs {
			kpi = kpi || k.Code.String() == i.KPICode && o.Code.String() == i.Objective
		}
	}
	target := i.Target == ""
	for _, t := range offered.Targets() {
		target = target || t.Code.String() == i.Target && access.ObjectiveOf(i.Target) == i.Objective
	}
	if !target {
		f.refuse("target", "indicator.fault.target")
	}
	if !objective {
		f.refuse("objective", "error.form.choice")
	}
	if !kpi {
		f.refuse("kpi", "indicator.fault.kpi")
	}
}

func kpiOptions(v *visit, o mandate.Objective) (all []web.Option) {
	for _, k := range o.KPIs {
		all = append(all, web.Option{Value: k.Code.String(), Label: v.print.Code(k.Code) + " " + v.say(k.Text)})
	}
	return all
}
