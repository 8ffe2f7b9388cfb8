package web_test

import (
	"github.com/shopspring/decimal"

	"jalon/internal/indicator"
	"jalon/web"
)

func number(s string) *decimal.Decimal {
	d := decimal.RequireFromString(s)
	return &d
}

// series is a line with a figure that is kept back, a value that was corrected and a formula, an event or a bound.
func (s sampler) series(change func(*indicator.Recorded)) *indicator.Series {
	r := indicator.Recorded{Indicator: indicator.Indicator{
		ID: 1, Code: "T2-V", Objective: "T2", MinGroup: 10, KPICode: "T5-K2", KPI: both("percentage op tijd gerealiseerde acties", "pourcentage d’actions réalisées à temps"),
		Definition: indicator.Definition{
			ValidFrom: day(2024, 7, 1), Name: both("Ziekteverzuim in de directie", "Absentéisme pour maladie dans la direction"), Unit: both("%", "%"), Direction: indicator.Down,
			Per: 100, Decimals: 1, Baseline: number("8.4"), BaselineOn: day(2024, 6, 30), Milestones: []indicator.Milestone{{On: day(2025, 12, 31), Value: *number("7.5")}, {On: day(2026, 12, 31), Value: *number("7")}},
			Source: "Personeelsdienst", Owner: "HR", Cadence: indicator.Quarterly, Origin: indicator.Measured,
		},
	}, Measurements: []indicator.Measurement{
		{ID: 1, On: day(2025, 6, 30), Numerator: number("412"), Denominator: number("5220"), People: 87, By: "Hilde Voorbeeld", Channel: "page", At: now, Lang: "nl"},
		{ID: 2, On: day(2025, 12, 31), Numerator: number("30"), Denominator: number("540"), People: 9, By: "Hilde Voorbeeld", Channel: "import", At: now, Lang: "nl"},
		{ID: 3, On: day(2026, 6, 30), Numerator: number("500"), Denominator: number("5340"), People: 89, Machine: "Personeelssysteem", Channel: "api", At: now, Lang: "nl"},
		{ID: 4, On: day(2026, 6, 30), Numerator: number("390"), Denominator: number("5340"), People: 89, By: "Hilde Voorbeeld", Machine: "Excel", Channel: "api", At: now, Lang: "fr", Note: "Correction", Supersedes: 3},
	}}
	if change != nil {
		change(&r)
	}
	all := []indicator.Recorded{r}
	return indicator.Assemble(all, indicator.Facts{}, day(2026, 11, 24), indicator.KeptBack(all)).All[0]
}

func (s sampler) indicatorLine() web.IndicatorLine { return s.lineOf(s.series(nil)) }

func (s sampler) lineOf(one *indicator.Series) web.IndicatorLine {
	return web.IndicatorLine{
		Code: one.Code, Name: one.Name, Unit: one.Unit, URL: s.url("/mandates/ACT-A4/indicators/" + one.Code), Decimals: one.Decimals,
		Direction: one.Direction, Origin: one.Origin, Goal: one.Goal(), Standing: one.Stand(),
	}
}

func (s sampler) indicator(one *indicator.Series) web.IndicatorView {
	here := s.url("/mandates/ACT-A4/indicators/" + one.Code)
	return web.IndicatorView{
		Frame: s.frame("indicator.page_title", "Code", one.Code, "Name", one.Name.In(s.lang)), Mandate: s.head(), Line: s.lineOf(one), Series: one,
		DefineURL: here + "/definition", IdempotencyKey: "k20",
	}
}

func (s sampler) indicators() []sample {
	list := web.IndicatorsView{Frame: s.frame("indicator.title"), Mandate: s.head(), NewURL: s.url("/mandates/ACT-A4/indicators/new")}
	bound := s.series(func(r *indicator.Recorded) {
		r.Code, r.Direction, r.MinGroup = "S1-1", indicator.Between, 0
		r.Milestones = []indicator.Milestone{{On: day(2025, 1, 1), Value: *number("5"), Upper: *number("8")}}
	})
	apart := s.series(func(r *indicator.Recorded) { r.Code, r.Origin, r.Measurements = "T5-K1", indicator.InParts, nil })
	formula := s.series(func(r *indicator.Recorded) {
		r.Code, r.Origin, r.Formula, r.Measurements = "S2-3", indicator.FromFormula, "S2-1 ÷ S2-2 × 100", nil
	})
	events := s.series(func(r *indicator.Recorded) {
		r.Code, r.Origin, r.EventCount, r.Measurements = "T4-D", indicator.FromEvents, indicator.ReportBoth, nil
	})
	duties := s.series(func(r *indicator.Recorded) { r.Code, r.Origin, r.Measurements = "T5-K2", indicator.FromDuties, nil })
	for _, one := range []*indicator.Series{s.series(nil), bound, apart, formula, events, duties} {
		list.Lines = append(list.Lines, s.lineOf(one))
	}
	list.Lines[0].IsPart = true
	full := s.indicator(s.series(nil))
	full.RecordURL, full.KPI, full.KPIURL = s.url("/mandates/ACT-A4/indicators/T2-V/values"), parse("T5-K2"), s.url("/mandates/ACT-A4/objectives/T5")
	wrong := full
	wrong.Form = web.ValueForm{On: "30/06/2026", Numerator: "1.234", Denominator: "0", People: "nul", Seen: "4", Withdraw: true}
	wrong.Errors = []web.FieldError{{Field: "on", Text: s.p.T("indicator.value.overwrite", "Date", "30/06/2026", "Value", "390 van 5.340")}, {Field: "numerator", Text: s.p.T("error.number.ambiguous")}}
	whole := s.indicator(apart)
	whole.Parts = []web.IndicatorLine{s.lineOf(bound), s.indicatorLine()}
	computed := s.indicator(formula)
	computed.Sources = []web.Link{{Label: "S2-1 Modules", URL: s.url("/mandates/ACT-A4/indicators/S2-1")}}
	counted := s.indicator(events)
	counted.EventKind, counted.EventsURL = both("Ontvangst van een delegatie", "Accueil d’une délégation"), s.url("/mandates/ACT-A4/events")
	fresh := web.DefinitionView{
		Frame: s.frame("indicator.new"), Mandate: s.head(), Action: s.url("/mandates/ACT-A4/indicators"), BackURL: s.url("/mandates/ACT-A4/indicators"), IdempotencyKey: "k21",
		Objectives: []web.Option{{Value: "T5", Label: "TD5"}}, KPIs: []web.Option{{Value: "T5-K1", Label: "TD5-K1"}}, Kinds: []web.Option{{Value: "meeting", Label: "x"}},
		Form: web.DefinitionForm{Direction: "up", Per: "0", Cadence: "yearly", Origin: "measured"},
	}
	mend := fresh
	mend.Frame, mend.Known = s.frame("indicator.define_title", "Code", "S2-3"), true
	mend.Form = web.DefinitionForm{Direction: "up", Per: "0", Cadence: "yearly", Origin: "formula", Formula: "A +", AddsUp: "1"}
	mend.Errors = []web.FieldError{{Field: "formula", Text: s.p.T("indicator.formula.end", "At", "4")}, {Field: "milestones", Text: s.p.T("indicator.fault.milestone_line", "Line", "2")}}
	return []sample{
		{"indicators", web.IndicatorsPage(list)},
		{"indicators-empty", web.IndicatorsPage(web.IndicatorsView{Frame: s.frame("indicator.title"), Mandate: s.head()})},
		{"indicator", web.IndicatorPage(full)},
		{"indicator-error", web.IndicatorPage(wrong)},
		{"indicator-between", web.IndicatorPage(s.indicator(bound))},
		{"indicator-parts", web.IndicatorPage(whole)},
		{"indicator-formula", web.IndicatorPage(computed)},
		{"indicator-events", web.IndicatorPage(counted)},
		{"indicator-duties", web.IndicatorPage(s.indicator(duties))},
		{"indicator-new", web.DefinitionPage(fresh)},
		{"indicator-definition", web.DefinitionPage(mend)},
		{"indicator-import", web.ValueImportPage(s.valueImport(false))},
		{"indicator-import-error", web.ValueImportPage(s.valueImport(true))},
		{"indicator-preview", web.ValuePreviewPage(s.valuePreview(false))},
		{"indicator-preview-error", web.ValuePreviewPage(s.valuePreview(true))},
	}
}

func (s sampler) tokens() []sample {
	own := web.TokensView{
		MayRecord: true,
		Frame:     s.frame("token.title"), Action: s.url("/account/tokens"), APIURL: "https://jalon.example/api/v1", IdempotencyKey: "k22", Secret: "jalon_abcdefghijklmnopqrstuvwxyz",
		Tokens: []web.TokenLine{
			{Key: "1", Name: "Power BI", Hint: "wxyz", Scopes: []string{"read", "values"}, By: "Dirk Voorbeeld", Created: now, ExpiresOn: day(2027, 2, 1), LastUsed: day(2026, 11, 24), EndURL: s.url("/account/tokens/1/end")},
			{Key: "2", Name: "Excel", Hint: "abcd", Scopes: []string{"read"}, By: "Dirk Voorbeeld", Created: now, ExpiresOn: day(2027, 2, 1)},
		},
	}
	machines := web.TokensView{
		Frame: s.frame("token.machines"), Machines: true, Action: s.url("/admin/tokens"), APIURL: "https://jalon.example/api/v1", IdempotencyKey: "k23",
		Mandates: []web.Option{{Value: "ACT-A4", Label: "x"}}, Form: web.TokenForm{Name: "Personeelssysteem"},
		Tokens: []web.TokenLine{{Key: "3", Name: "Personeelssysteem", Hint: "abcd", Mandate: "ACT-A4", Scopes: []string{"values"}, By: "Ada Voorbeeld", Created: now, ExpiresOn: day(2026, 2, 1), Expired: true}},
	}
	machines.Errors = []web.FieldError{{Field: "mandate", Text: s.p.T("error.form.required")}}
	return []sample{{"tokens", web.TokensPage(own)}, {"tokens-machines", web.TokensPage(machines)}}
}

func (s sampler) valueImport(wrong bool) web.ValueImportView {
	v := web.ValueImportView{Frame: s.frame("indicator.import.of", "Code", "T2-V"), Mandate: s.head(), Action: s.url("/mandates/ACT-A4/indicators/T2-V/import"), BackURL: s.url("/mandates/ACT-A4/indicators/T2-V"), Share: true, People: true}
	if wrong {
		v.Share, v.People, v.Pasted = false, false, "Beste,"
		v.Errors = []web.FieldError{{Field: "text", Text: s.p.T("indicator.import.error.no_header")}, {Field: "file", Text: s.p.T("indicator.import.error.broken", "Line", "3")}}
	}
	return v
}

func (s sampler) valuePreview(wrong bool) web.ValuePreviewView {
	v := web.ValuePreviewView{
		Frame: s.frame("indicator.import.preview", "Code", "T2-V"), Mandate: s.head(), Action: s.url("/mandates/ACT-A4/indicators/T2-V/import/confirm"), BackURL: s.url("/mandates/ACT-A4/indicators/T2-V/import"),
		Source: "verzuim.xlsx", Name: "verzuim.xlsx", List: "x", Seen: "y", New: 1, Replaced: 1, Wrong: 1, IdempotencyKey: "k24",
		Rows: []web.ValuePreviewLine{
			{Where: "2", On: day(2026, 6, 30), Value: "12,5", Note: "goed", State: "new"},
			{Where: "3", On: day(2026, 3, 31), Value: "12", State: "same"},
			{Where: "4", On: day(2025, 12, 31), Value: "12", Old: "13", State: "replaces"},
			{Where: "5", On: day(2025, 6, 30), State: "wrong", Findings: []string{s.p.T("indicator.import.finding.ambiguous", "Cell", "B5", "Text", "1.234")}},
		},
	}
	if wrong {
		v.Replace = true
		v.Errors = []web.FieldError{{Field: "skip", Text: s.p.T("indicator.import.skip_first")}}
	}
	return v
}
