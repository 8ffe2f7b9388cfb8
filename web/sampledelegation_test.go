package web_test

import (
	"jalon/internal/mandate"
	"jalon/web"
)

func (s sampler) delegations(wrong bool) web.DelegationsView {
	here := s.url("/mandates/ACT-A4/delegations")
	some := []mandate.Code{parse("S3"), parse("T4")}
	v := web.DelegationsView{
		Frame: s.frame("delegation.title"), Mandate: s.head(), Action: here, IdempotencyKey: "k11",
		Given: []web.DelegationLine{
			{ID: "4", To: "Dalila Steekproef", Email: demoUser("delegate"), By: "Dirk Voorbeeld", From: day(2026, 1, 1), Until: day(2026, 12, 31), State: mandate.DelegationInForce, RevokeURL: here + "/4/revoke"},
			{ID: "5", To: "Ilias Monsterboek", Email: demoUser("delegate2"), By: "Dirk Voorbeeld", Objectives: some, From: day(2027, 1, 1), Until: day(2027, 6, 30), State: mandate.DelegationComing, RevokeURL: here + "/5/revoke"},
			{ID: "3", To: "Ilias Monsterboek", Email: demoUser("delegate2"), By: "Dirk Voorbeeld", Objectives: some, From: day(2026, 1, 1), Until: day(2026, 6, 30), State: mandate.DelegationRevoked, RevokedAt: now, RevokedBy: "Dirk Voorbeeld"},
			{ID: "2", To: "Ilias Monsterboek", Email: demoUser("delegate2"), By: "Dirk Voorbeeld", From: day(2025, 1, 1), Until: day(2025, 6, 30), State: mandate.DelegationRevoked, RevokedAt: now},
			{ID: "1", To: "Dalila Steekproef", Email: demoUser("delegate"), By: "Anneke Toonbeeld", From: day(2024, 1, 1), Until: day(2024, 6, 30), State: mandate.DelegationPast},
		},
		Objectives: []web.DelegationObjective{{Code: some[0], Title: wordings[0].target}, {Code: some[1], Title: wordings[7].target}},
		Form:       web.DelegationForm{From: "24/11/2026"},
	}
	if wrong {
		v.Form = web.DelegationForm{Email: "niemand@jalon.example", Scope: "some", From: "24/11/2026", Until: "31/02/2027", Chosen: some[:1]}
		v.Errors = []web.FieldError{{Field: "email", Text: s.p.T("delegation.unknown")}, {Field: "scope", Text: s.p.T("delegation.no_objective")}, {Field: "until", Text: s.p.T("error.date.invalid")}}
	}
	return v
}

// partly makes the head of a mandate of which the reader sees two objectives.
func (s sampler) partly() web.MandateHead {
	h := s.head()
	h.Part = []mandate.Code{parse("S3"), parse("T4")}
	return h
}

func (s sampler) dueForAnother() web.DueView {
	v := s.due()
	v.Delegations = []web.DueDelegation{
		{Mandate: s.head().Title, URL: s.url("/mandates/ACT-A4"), For: "Dirk Voorbeeld", Objectives: s.partly().Part, Until: day(2026, 12, 31)},
		{Mandate: both("Directeur", "Directrice"), URL: s.url("/mandates/B-A4"), For: "Anneke Toonbeeld", Until: day(2027, 1, 31)},
	}
	return v
}

func (s sampler) partOfTable() web.MonitoringView {
	v := s.monitoring(true)
	v.Mandate = s.partly()
	return v
}
