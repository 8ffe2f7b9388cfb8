package web_test

import (
	"strings"

	"jalon/internal/calendar"
	"jalon/web"
)

// audit shows an intact trail, and one that was altered.
func (s sampler) audit(altered bool) web.AuditView {
	v := web.AuditView{
		Frame: s.frame("audit.title"), Action: s.url("/admin/audit"), CSVURL: s.url("/admin/audit.csv"), JSONURL: s.url("/admin/audit.json"),
		NewerURL: s.url("/admin/audit?after=1-1"), OlderURL: s.url("/admin/audit?before=1-1"),
		People: []web.Option{{Value: "1", Label: "Ada Beheer"}}, Actions: []web.Option{{Value: "sign in", Label: s.p.T("audit.did.sign_in")}}, Mandates: []web.Option{{Value: "ACT-A4", Label: "ACT-A4"}},
		State: web.TrailState{Checked: now, Events: 35408, LastSigned: day(2026, 11, 23), Head: strings.Repeat("5f0c9a41", 8), KeyID: "E7620F1842B4E81F"},
		Events: []web.AuditLine{
			{At: now, Who: "Gaëlle Delegué", OnBehalfOf: "Dirk Voorbeeld", What: s.p.T("audit.did.record_report"), Mandate: "ACT-A4", Object: "report/2026-H2", Details: []string{s.p.T("audit.detail.entries") + ": 4"}, RequestID: "q3m5k7a2c4e6g8i0", Address: "192.0.2.0/24", Place: "2026-11-24 · 17"},
			{At: now, Who: "Dirk Voorbeeld", What: s.p.T("audit.did.refused"), Refused: true, Object: "page/mandates/ELDERS-A4", RequestID: "q3m5k7a2c4e6g8i0", Place: "2026-11-24 · 16"},
			{At: now, What: s.p.T("audit.did.plan_mails"), Place: "2026-11-24 · 15"},
		},
	}
	if altered {
		v.State.Findings, v.State.First, v.Events = 2, []string{s.p.T("audit.finding.bad_signature", "Day", "23/11/2026")}, nil
		v.NewerURL, v.OlderURL, v.State.LastSigned = "", "", calendar.Date{}
		v.Errors = []web.FieldError{{Field: "from", Text: s.p.T("error.date.invalid")}}
	}
	return v
}

func (s sampler) accessLog(lines bool) web.AccessLogView {
	v := web.AccessLogView{Frame: s.frame("access_log.title")}
	if lines {
		v.More = true
		v.Lines = []web.AccessLine{
			{At: now, Role: s.p.T("role.secretary"), Body: both("Directieraad", "Conseil de direction"), What: s.p.T("access_log.table", "Period", s.p.HalfYear(h1of2026)), Purpose: s.p.T("audit.purpose.export")},
			{At: now, Self: true, What: s.p.T("access_log.table", "Period", s.p.HalfYear(h1of2026)), Purpose: s.p.T("audit.purpose.export")},
			{At: now, What: s.p.T("audit.did.read_dossier"), Purpose: s.p.T("audit.purpose.unknown")},
		}
	}
	return v
}

// retention shows the page to whoever decides, with an open list, and to whoever looks.
func (s sampler) retention(decides bool) web.RetentionView {
	v := web.RetentionView{
		Frame: s.frame("retention.title"), IdempotencyKey: "k10", Rules: []web.RetentionRule{
			{Class: "draft", Removable: true, Suggested: 90},
			{Class: "mail", Removable: true, Suggested: 90, Days: 90, ApprovedBy: "Hanne HR", ApprovedAt: now},
			{Class: "entry"},
			{Class: "sealed_table"},
			{Class: "letter"},
			{Class: "audit_event"},
			{Class: "account"},
		},
		Lists: []web.DeletionList{
			{MadeAt: now, Items: []web.DeletionItem{{Class: "mail", Before: now, Found: 12}}},
			{MadeAt: now, MadeBy: "Hanne HR", DecidedBy: "Hugo HR", DecidedAt: now, Approved: true, Items: []web.DeletionItem{{Class: "draft", Before: now, Found: 1, Removed: 1}}},
			{MadeAt: now, MadeBy: "Hanne HR", DecidedBy: "Hugo HR", DecidedAt: now, Items: []web.DeletionItem{{Class: "draft", Before: now, Found: 3}}},
		},
	}
	if decides {
		v.Action, v.TwoPeople, v.Class, v.Days = s.url("/admin/retention"), true, "draft", "nul"
		v.Lists[0].ApproveURL, v.Lists[0].DropURL = s.url("/admin/retention/1/approve"), s.url("/admin/retention/1/drop")
		v.Errors = []web.FieldError{{Field: "days", Text: s.p.T("retention.days_wrong")}}
	}
	return v
}
