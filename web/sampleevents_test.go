package web_test

import (
	"jalon/internal/bilingual"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/web"
)

func (s sampler) dutyLine(state duty.State) web.DutyLine {
	line := web.DutyLine{
		Code: parse("T4.3-1"), Due: day(2026, 10, 15), State: state, Reason: web.Reason{Text: s.p.T("deadline.reason.before", "Title", "Delegatie uit Riga"), Title: "Delegatie uit Riga", TitleLang: "nl"},
		URL: s.url("/mandates/ACT-A4/duties/1.0.7.before.2026-10-15"),
	}
	switch state {
	case duty.Done:
		line.Closed, line.InTime, line.By, line.OnBehalfOf = day(2026, 10, 1), true, "Dalila Steekproef", "Dirk Voorbeeld"
		line.Said, line.Lang, line.Link = "Nota aan de Directieraad.", bilingual.NL, "https://example.org/nota"
	case duty.Waived:
		line.Closed, line.By, line.Said, line.Lang = day(2026, 10, 1), "Saar Specimen", "Geen dossier.", bilingual.NL
	}
	return line
}

func (s sampler) events() []web.EventLine {
	targets := []web.Ancestor{{Code: parse("T4.3-1"), Text: wordings[6].target, URL: s.path(parse("T4.3-1"))}}
	kind := both("Ontvangst van een delegatie", "Accueil d’une délégation")
	url := s.url("/mandates/ACT-A4/events/7")
	return []web.EventLine{
		{Title: "Delegatie uit Riga", Lang: bilingual.NL, Kind: kind, From: day(2026, 10, 16), Until: day(2026, 10, 18), Place: "Brussel", Participants: 12, Targets: targets, Duties: 2, Open: 1, Late: true, URL: url},
		{Title: "Mission à Vienne", Lang: bilingual.FR, Kind: kind, From: day(2026, 5, 4), Until: day(2026, 5, 4), Targets: targets, Duties: 2, URL: url},
		{Title: "Delegatie uit Lissabon", Lang: bilingual.NL, Kind: kind, From: day(2026, 3, 4), Until: day(2026, 3, 4), Targets: targets, Cancelled: true, URL: url},
	}
}

func (s sampler) register(wrong bool) web.EventsView {
	here := s.url("/mandates/ACT-A4/events")
	v := web.EventsView{
		Frame: s.frame("event.register"), Mandate: s.head(), URL: here, Action: here, IdempotencyKey: "k8", Events: s.events(),
		Kinds: []web.EventKind{
			{Code: "delegation-reception", Name: both("Ontvangst van een delegatie", "Accueil d’une délégation"), Awaited: true, URL: here + "?kind=delegation-reception#record"},
			{Code: "other", Name: both("Andere gebeurtenis", "Autre événement"), URL: here + "?kind=other#record"},
		},
		Targets: []web.EventTarget{{Code: parse("T4.3-1"), Text: wordings[6].target, Chosen: !wrong, Awaits: true}, {Code: parse("S1.1-1"), Text: wordings[0].target}},
		Form:    web.EventForm{Kind: "delegation-reception"},
	}
	if wrong {
		v.Form.Title, v.Form.From, v.Form.Chosen = "Delegatie", "31/02/2026", []mandate.Code{}
		v.Errors = []web.FieldError{{Field: "from", Text: s.p.T("error.date.invalid")}, {Field: "targets", Text: s.p.T("event.no_target")}}
	}
	return v
}

func (s sampler) event(cancelled bool) web.EventView {
	f := s.frame("event.register")
	f.Title = "Delegatie uit Riga"
	v := web.EventView{
		Frame: f, Mandate: s.head(), Event: s.events()[0], RecordedBy: "Dirk Voorbeeld", RecordedAt: now,
		Duties: []web.DutyLine{s.dutyLine(duty.Done), s.dutyLine(duty.Waived), s.dutyLine(duty.Late)}, CancelURL: s.url("/mandates/ACT-A4/events/7/cancel"), IdempotencyKey: "k9",
	}
	if cancelled {
		v.Event, v.CancelledAt, v.CancelURL, v.Duties = s.events()[2], now, "", nil
	}
	return v
}

func (s sampler) duty(state duty.State) web.DutyView {
	f := s.frame("duty.what")
	v := web.DutyView{
		Frame: f, Mandate: s.head(), Code: parse("T4.3-1"), Text: wordings[6].target, TargetURL: s.path(parse("T4.3-1")), Line: s.dutyLine(state),
		LateFrom: day(2026, 10, 16), Event: "Delegatie uit Riga", EventLang: bilingual.NL, EventURL: s.url("/mandates/ACT-A4/events/7"), IdempotencyKey: "k10",
		Values: web.DutyValues{DoneOn: "24/11/2026"},
	}
	if state != duty.Done {
		v.AnswerURL, v.WaiveURL = v.Line.URL+"/answer", v.Line.URL+"/waive"
	}
	return v
}
