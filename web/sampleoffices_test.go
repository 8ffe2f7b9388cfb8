package web_test

import (
	"time"

	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/evaluation"
	"jalon/web"
)

var somebody = []web.Option{{Value: "2", Label: "Dirk Voorbeeld (dirk@jalon.example)"}, {Value: "3", Label: "Nadia Spécimen (nadia@jalon.example)"}}

// handover shows a duty that was late by then and two that were open; open: as the successor sees it.
func (s sampler) handover(open bool) *web.Handover {
	h := &web.Handover{Code: "ACTIRIS-A4-EL", From: "Bart Proefmodel", Since: day(2026, 11, 1), Open: open}
	for i, state := range []duty.State{duty.Late, duty.Open, duty.Done} {
		if open && state == duty.Done {
			continue
		}
		line := web.HandoverLine{DueLine: web.DueLine{
			Code: parse("S2.1-1"), Text: wordings[i].target, Due: []calendar.Date{day(2026, 10, 31), day(2026, 12, 31), day(2026, 10, 31)}[i], Days: 7 - 31*(1-i%2), State: state,
			Reason: web.Reason{Text: "Elk halfjaar"}, URL: s.url("/mandates/ACTIRIS-A4-EL/targets/S2.1-1"), CloseURL: s.url("/mandates/ACTIRIS-A4-EL/report/2026-H2"),
		}}
		if state == duty.Late {
			line.FromBefore, line.Holder = true, "Bart Proefmodel"
		}
		h.Lines = append(h.Lines, line)
	}
	return h
}

func (s sampler) tenures(wrong bool) web.TenuresView {
	v := web.TenuresView{
		Frame: s.frame("tenure.title"), Mandate: s.head(), Action: s.url("/mandates/ACTIRIS-A4-EL/tenures"), People: somebody, IdempotencyKey: "k10", Handover: s.handover(false),
		Tenures: []web.TenureLine{
			{Name: "Dirk Voorbeeld", From: day(2027, 3, 1), Future: true, URL: s.url("/mandates/ACTIRIS-A4-EL/tenures/3")},
			{Name: "Nadia Spécimen", From: day(2026, 3, 1), Until: day(2027, 2, 28), Interim: true, Current: true, URL: s.url("/mandates/ACTIRIS-A4-EL/tenures/2")},
			{Name: "Bart Proefmodel", From: day(2022, 3, 1), Until: day(2026, 2, 28), Disabled: true, URL: s.url("/mandates/ACTIRIS-A4-EL/tenures/1")},
		},
	}
	if wrong {
		v.Values = web.TenureValues{Person: "2", From: "01/02/2027", Capacity: "holder"}
		v.Errors = []web.FieldError{{Field: "from", Text: s.p.T("tenure.overlap", "Name", "Nadia Spécimen", "From", "01/03/2026", "Until", "28/02/2027")}}
	}
	return v
}

func (s sampler) tenure(future bool) web.TenureView {
	v := web.TenureView{Frame: s.frame("tenure.title"), Mandate: s.head(), Line: s.tenures(false).Tenures[1], People: somebody, IdempotencyKey: "k11", Handover: s.handover(false), EndURL: s.url("/mandates/ACTIRIS-A4-EL/tenures/2/end")}
	if future {
		v.Line, v.Handover, v.EndURL = s.tenures(false).Tenures[0], nil, ""
		v.CorrectURL, v.WithdrawURL = s.url("/mandates/ACTIRIS-A4-EL/tenures/3/correct"), s.url("/mandates/ACTIRIS-A4-EL/tenures/3/withdraw")
		v.Values = web.TenureValues{Person: "2", From: "01/03/2027", Capacity: "holder"}
	}
	return v
}

func (s sampler) bodies(wrong bool) web.BodiesView {
	seats := []web.SeatLine{
		{Name: "Saar Specimen", Role: "secretary", From: day(2025, 1, 1), URL: s.url("/admin/bodies/seats/4/1")},
		{Name: "Chloé Exemple", Role: "committee_member", From: day(2027, 1, 1), Future: true, URL: s.url("/admin/bodies/seats/5/2")},
		{Name: "Oud Lid", Role: "committee_member", From: day(2025, 1, 1), Until: day(2026, 12, 31), Disabled: true},
	}
	v := web.BodiesView{
		Frame: s.frame("body.title"), AddURL: s.url("/admin/bodies"), SeatURL: s.url("/admin/bodies/seats"), IdempotencyKey: "k12", People: somebody,
		Institutions: []web.Option{{Value: "ACTIRIS", Label: "Actiris"}}, Bodies: []web.Option{{Value: "1", Label: "Actiris · Directieraad"}},
		Groups: []web.InstitutionBodies{
			{Code: "ACTIRIS", Name: s.head().Institution, Everywhere: seats[:1], Bodies: []web.BodyLine{
				{ID: "1", Code: "DR", Name: wordings[1].target, HasSecretary: true, Seats: seats}, {ID: "2", Code: "DC", Name: wordings[2].target},
			}},
			{Code: "ELDERS", Name: s.head().Institution},
		},
	}
	if wrong {
		v.Seat = web.SeatValues{Body: "1", Person: "2", Role: "secretary", From: "01/01/2026"}
		v.Errors = []web.FieldError{{Field: "from", Text: s.p.T("body.secretary_open", "Name", "Saar Specimen", "From", "01/01/2025")}}
	}
	return v
}

func (s sampler) person(disabled bool) web.PersonView {
	v := web.PersonView{Frame: s.frame("people.title"), Email: demoUser("director"), Disabled: disabled, IdempotencyKey: "k13"}
	v.Title = "Dirk Voorbeeld"
	if disabled {
		v.EnableURL = s.url("/admin/people/2/enable")
	} else {
		v.DisableURL = s.url("/admin/people/2/disable")
	}
	for i, kind := range []string{"tenure", "delegation_given", "delegation", "evaluator", "body", "role"} {
		h := web.HangingLine{Kind: kind, What: "ACTIRIS-A4-EL", From: day(2024, 10, 1), Future: i%2 == 1}
		if kind != "evaluator" {
			h.URL = s.url("/mandates/ACTIRIS-A4-EL/tenures")
		}
		v.Hanging = append(v.Hanging, h)
	}
	return v
}

func (s sampler) evaluationLine() web.EvaluationLine {
	return web.EvaluationLine{
		Mandate: s.head().Title, Institution: s.head().Institution, Code: "ACTIRIS-A4-EL", Person: "Dirk Voorbeeld", Kind: wordings[1].target,
		From: day(2024, 10, 1), Until: day(2026, 12, 31), PlannedOn: day(2027, 1, 20), Evaluators: 2, URL: s.url("/evaluations/1"), Stage: evaluation.Preparing, ReportDue: day(2026, 12, 21), Missing: []evaluation.Lack{evaluation.ReportDue, evaluation.NoAssessor},
	}
}

func (s sampler) evaluations(wrong bool) web.EvaluationsView {
	v := web.EvaluationsView{
		Frame: s.frame("evaluation.title"), PlanURL: s.url("/evaluations"), IdempotencyKey: "k14", Evaluations: []web.EvaluationLine{s.evaluationLine()},
		Tenures: []web.Option{{Value: "1", Label: "ACTIRIS-A4-EL · Dirk Voorbeeld"}}, Kinds: []web.Option{{Value: "interim", Label: "Tussentijdse evaluatie"}},
	}
	v.Officer, v.RemindURL, v.Remind = true, s.url("/evaluations/remind"), 1
	v.Unplanned = []web.PlannedLine{{Key: "2", Code: "ACTIRIS-A4-WG", Person: "Florence Essai", Kind: web.Option{Value: "final", Label: "x"}, From: day(2023, 2, 1), Until: day(2028, 1, 31), PlannedOn: day(2027, 10, 31)}}
	v.Figures = []web.FigureLine{{Institution: s.evaluationLine().Institution, Minimum: 5}}
	if wrong {
		v.Values = web.EvaluationValues{Tenure: "1", Kind: "interim", From: "01/01/2020", Until: "31/12/2026", PlannedOn: "20/01/2027"}
		v.Errors = []web.FieldError{{Field: "kind", Text: s.p.T("evaluation.exists")}}
	}
	return v
}

// moment is when things happened in the samples of evaluations.
var moment = time.Date(2026, time.November, 20, 9, 0, 0, 0, time.UTC)

func (s sampler) evaluationCase() evaluation.Case {
	return evaluation.Case{
		Lang: "nl", ShownFrom: evaluation.OpinionsIn,
		Steps:    []evaluation.Step{{From: evaluation.Planned, To: evaluation.Preparing, On: day(2026, 9, 1), By: "Hélène Modèle"}, {From: evaluation.Preparing, To: evaluation.OpinionsIn, On: day(2026, 11, 1), By: "Hélène Modèle", Reason: "x"}},
		Opinions: []evaluation.Opinion{{ID: 1, Capacity: evaluation.Superior, Author: "Lotte Proefstuk", On: day(2026, 11, 2), Text: "x", Lang: s.p.Lang, RecordedBy: "Hélène Modèle", RecordedAt: moment, Replies: []evaluation.Reply{{Text: "x", Lang: s.p.Lang, Author: "Dirk Voorbeeld", At: moment}}}},
	}
}

func (s sampler) evaluation(manages bool) web.EvaluationView {
	v := web.EvaluationView{Frame: s.frame("evaluation.title"), Line: s.evaluationLine(), IdempotencyKey: "k15", Holder: !manages, Case: s.evaluationCase()}
	v.Report = web.EvaluationReportLine{Due: day(2026, 12, 21), Versions: []web.VersionLine{{Number: 1, At: moment, URL: s.url("/evaluations/1/versions/1"), Changed: 1}}}
	if manages {
		v.StepURL, v.Steps = s.url("/evaluations/1/step"), []web.Option{{Value: "interview", Label: s.p.T("evaluation.stage.interview")}}
		v.LangURL, v.Capacities = s.url("/evaluations/1/language"), []web.Option{{Value: "superior", Label: s.p.T("evaluation.capacity.superior")}}
		v.Opinion, v.Conclusion = web.OpinionForm{URL: s.url("/evaluations/1/opinions")}, web.ConclusionForm{URL: s.url("/evaluations/1/conclusion"), Grades: []web.Option{{Value: "1", Label: "gunstig"}}}
		v.Note = web.NoteForm{URL: s.url("/evaluations/1/note"), Text: "x", Version: "2", Saved: "y"}
		v.Signed = web.SignedForm{URL: s.url("/evaluations/1/documents"), Abouts: []web.Option{{Value: "report", Label: s.p.T("evaluation.about.report")}}}
	} else {
		v.Reply = web.ReplyForm{URL: s.url("/evaluations/1/replies"), To: []web.Option{{Value: "1", Label: "x"}}}
		v.Readings = []web.ReadingLine{{At: moment, Role: s.p.T("role.hr_officer"), Purpose: s.p.T("audit.purpose.evaluation")}, {At: moment, Self: true, Role: s.p.T("role.evaluated"), Purpose: s.p.T("audit.purpose.evaluation")}}
	}
	v.Evaluators = []web.EvaluatorLine{{ID: "1", Name: "Émile Témoin", Capacity: evaluation.Commission, From: day(2026, 11, 1), Until: day(2027, 2, 28)}, {ID: "2", Name: "Oud Lid", Capacity: evaluation.Minister, From: day(2025, 1, 1), Until: day(2025, 12, 31), Past: true}}
	if manages {
		v.MandateURL, v.PlannedOn, v.People = s.url("/mandates/ACTIRIS-A4-EL"), "20/01/2027", somebody
		v.MoveURL, v.NameURL, v.Evaluators[0].EndURL = s.url("/evaluations/1/move"), s.url("/evaluations/1/evaluators"), s.url("/evaluations/1/evaluators/1/end")
	}
	return v
}
