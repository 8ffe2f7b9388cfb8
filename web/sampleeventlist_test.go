package web_test

import (
	"jalon/internal/bilingual"
	"jalon/internal/mandate"
	"jalon/web"
)

func (s sampler) eventImport(wrong bool) web.EventImportView {
	r := s.register(false)
	here := s.url("/mandates/ACT-A4/events")
	v := web.EventImportView{
		Frame: s.frame("event.import.title"), Mandate: s.head(), Action: here + "/import", BackURL: here, Limit: 2 << 20,
		Kinds: []web.Option{{Value: "infringement", Label: "Stap in een inbreukprocedure"}}, Targets: r.Targets, Values: web.EventImportValues{Lang: string(s.lang)},
	}
	if wrong {
		v.Errors = []web.FieldError{
			{Field: "file", Text: s.p.T("event.import.no_file")},
			{Field: "kind", Text: s.p.T("event.import.no_kind")},
			{Field: "targets", Text: s.p.T("event.import.no_target", "Kind", "x")},
		}
	}
	return v
}

func (s sampler) eventPreview(wrong bool) web.EventPreviewView {
	here := s.url("/mandates/ACT-A4/events/import")
	kind := both("Stap in een inbreukprocedure", "Étape d’une procédure d’infraction")
	row := func(n int, state string, change ...func(*web.EventRow)) web.EventRow {
		r := web.EventRow{Number: n, Where: "Blad1!B3", Title: "Antwoord op de ingebrekestelling", Lang: bilingual.NL, Kind: kind, From: day(2026, 12, 14), Until: day(2026, 12, 14), State: state}
		for _, c := range change {
			c(&r)
		}
		return r
	}
	asks := func(r *web.EventRow) { r.Asks = true }
	v := web.EventPreviewView{
		Frame: s.frame("event.import.preview_title"), Mandate: s.head(), Source: "inbreuk.xlsx", List: "QUJD", Seen: "abc", Action: here + "/confirm", BackURL: here, IdempotencyKey: "k11",
		Values: web.EventImportValues{Kind: "infringement", Lang: "nl", Chosen: []mandate.Code{parse("T4.3-1")}}, New: 1, Wrong: 1, Asks: true,
		Findings: []web.EventFinding{{Finding: web.Finding{Severity: web.SeverityInfo, Text: s.p.T("event.import.finding.windows_1252")}}},
		Rows: []web.EventRow{
			row(0, "new", func(r *web.EventRow) {
				r.Until, r.Place, r.Participants = day(2026, 12, 16), "Brussel", 12
				r.Findings = []web.EventFinding{{Where: "Blad1!A3", Finding: web.Finding{Severity: web.SeverityWarning, Text: s.p.T("event.import.finding.formula")}}}
			}),
			row(1, "changed", asks, func(r *web.EventRow) {
				r.Before = &web.EventBefore{Title: "Antwoord", From: day(2026, 12, 1), Until: day(2026, 12, 1), URL: s.url("/mandates/ACT-A4/events/7")}
			}),
			row(2, "cancelled", asks), row(3, "withdrawn", asks, func(r *web.EventRow) { r.Taken = true }), row(4, "known"), row(5, "absent"), row(6, "repeated"),
			{Number: 7, Where: "Blad1!B9", State: "wrong", Findings: []web.EventFinding{{Where: "Blad1!A9", Finding: web.Finding{Severity: web.SeverityError, Text: s.p.T("event.import.finding.no_date")}}}},
		},
	}
	for _, r := range v.Rows {
		v.Counts = append(v.Counts, web.EventStateCount{State: r.State, Count: 1})
	}
	if wrong {
		v.Errors = []web.FieldError{{Field: "skip", Text: s.p.T("event.import.skip_first")}}
	}
	return v
}

func (s sampler) eventPreviewKnown() web.EventPreviewView {
	v := s.eventPreview(false)
	v.Rows, v.Counts, v.Findings, v.New, v.Wrong, v.Asks = v.Rows[4:5], []web.EventStateCount{{State: "known", Count: 1}}, nil, 0, 0, false
	return v
}
