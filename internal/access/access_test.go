package access

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jalon/internal/calendar"
)

var (
	today    = calendar.MustDate(2026, time.November, 24)
	own      = Object{MandateID: 1, InstitutionID: 10}
	sibling  = Object{MandateID: 2, InstitutionID: 10}
	stranger = Object{MandateID: 3, InstitutionID: 20}
	always   = calendar.MustDate(2020, time.January, 1)
)

func with(role Role, institution, mandate int64) Viewer {
	return Viewer{PersonID: 1, Grants: []Grant{{Role: role, InstitutionID: institution, MandateID: mandate, From: always}}}
}

// seated gives a seat on body 4 of the institution, to which two targets of
// the own mandate go today, and none of the sibling's.
func seated(role Role) Viewer {
	return Viewer{PersonID: 1, Grants: []Grant{{Role: role, InstitutionID: 10, BodyID: 4, From: always, Addressed: []Addressed{
		{MandateID: 1, Target: "S3.2-2", From: always},
		{MandateID: 1, Target: "T3.1-1", From: always, Until: today},
		{MandateID: 1, Target: "S1.1-1", From: always, Until: today.AddDays(-1)},
		{MandateID: 2, Target: "S1.1-1", From: today.AddDays(1)},
	}}}}
}

// The whole table, role by role: own mandate, another of the same institution, one elsewhere.
func TestWhoMayDoWhat(t *testing.T) {
	type answers [3]Answer
	yes, hid, no := Allowed, Hidden, Forbidden
	for name, c := range map[string]struct {
		viewer Viewer
		want   map[Action]answers
	}{
		"holder": {with(Holder, 0, 1), map[Action]answers{
			SeeTitle: {yes, hid, hid}, ViewMandate: {yes, hid, hid}, ReportProgress: {yes, hid, hid}, SealTable: {no, hid, hid}, SubmitPart: {yes, hid, hid}, ViewRound: {no, hid, hid}, ManageRound: {no, hid, hid},
			ViewOverview: {no, hid, hid}, ImportLetter: {no, hid, hid}, ConfirmReading: {yes, hid, hid}, AmendLetter: {no, hid, hid}, ManagePeople: {no, hid, hid}, ManageMail: {no, hid, hid}, ViewDue: {yes, hid, hid}, RecordEvent: {yes, hid, hid}, AnswerDuty: {yes, hid, hid}, WaiveDuty: {no, hid, hid},
			ViewAudit: {no, hid, hid}, ViewAccessLog: {yes, hid, hid}, SeeRetention: {no, hid, hid}, DecideRetention: {no, hid, hid},
			ViewDelegations: {yes, hid, hid}, GiveDelegation: {yes, hid, hid}, ManageOffices: {no, hid, hid}, ManageBodies: {no, hid, hid}, ViewEvaluation: {no, hid, hid}, ManageEvaluation: {no, hid, hid}, SettleEvaluation: {no, hid, hid}, GiveOpinion: {no, hid, hid}, WriteNote: {no, hid, hid}, Conclude: {no, hid, hid}, AddSigned: {no, hid, hid}, WriteActivity: {no, hid, hid}, ReplyOpinion: {no, hid, hid},
			ReadConfidential: {yes, hid, hid},
			ViewBody:         {no, hid, hid}, RecordDecision: {no, hid, hid}, AnswerDecision: {yes, hid, hid}, ManageAddressees: {no, hid, hid}, DateTransmission: {no, hid, hid},
			DefineIndicator: {yes, hid, hid}, RecordValue: {yes, hid, hid}, ManageTokens: {no, hid, hid},
			ViewScoreboard: {yes, hid, hid}, ManageScoreboard: {no, hid, hid}, CheckScoreboard: {yes, hid, hid}, TakeMeasure: {yes, hid, hid},
		}},
		"delegate": {with(Delegate, 0, 1), map[Action]answers{
			SeeTitle: {yes, hid, hid}, ViewMandate: {yes, hid, hid}, ReportProgress: {yes, hid, hid}, SealTable: {no, hid, hid}, SubmitPart: {no, hid, hid}, ViewRound: {no, hid, hid}, ManageRound: {no, hid, hid},
			ViewOverview: {no, hid, hid}, ImportLetter: {no, hid, hid}, ConfirmReading: {no, hid, hid}, AmendLetter: {no, hid, hid}, ManagePeople: {no, hid, hid}, ManageMail: {no, hid, hid}, ViewDue: {yes, hid, hid}, RecordEvent: {yes, hid, hid}, AnswerDuty: {yes, hid, hid}, WaiveDuty: {no, hid, hid},
			ViewAudit: {no, hid, hid}, ViewAccessLog: {no, hid, hid}, SeeRetention: {no, hid, hid}, DecideRetention: {no, hid, hid},
			ViewDelegations: {no, hid, hid}, GiveDelegation: {no, hid, hid}, ManageOffices: {no, hid, hid}, ManageBodies: {no, hid, hid}, ViewEvaluation: {no, hid, hid}, ManageEvaluation: {no, hid, hid}, SettleEvaluation: {no, hid, hid}, GiveOpinion: {no, hid, hid}, WriteNote: {no, hid, hid}, Conclude: {no, hid, hid}, AddSigned: {no, hid, hid}, WriteActivity: {no, hid, hid}, ReplyOpinion: {no, hid, hid},
			ReadConfidential: {no, hid, hid},
			ViewBody:         {no, hid, hid}, RecordDecision: {no, hid, hid}, AnswerDecision: {yes, hid, hid}, ManageAddressees: {no, hid, hid}, DateTransmission: {no, hid, hid},
			DefineIndicator: {no, hid, hid}, RecordValue: {yes, hid, hid}, ManageTokens: {no, hid, hid},
			ViewScoreboard: {yes, hid, hid}, ManageScoreboard: {no, hid, hid}, CheckScoreboard: {yes, hid, hid}, TakeMeasure: {yes, hid, hid},
		}},
		"committee member of the institution": {with(CommitteeMember, 10, 0), map[Action]answers{
			SeeTitle: {yes, yes, hid}, ViewMandate: {yes, yes, hid}, ReportProgress: {no, no, hid}, SealTable: {no, no, hid}, SubmitPart: {no, no, hid}, ViewRound: {yes, yes, hid}, ManageRound: {no, no, hid},
			ViewOverview: {yes, yes, hid}, ImportLetter: {no, no, hid}, ConfirmReading: {no, no, hid}, AmendLetter: {no, no, hid}, ManagePeople: {no, no, hid}, ManageMail: {no, no, hid}, ViewDue: {no, no, hid}, RecordEvent: {no, no, hid}, AnswerDuty: {no, no, hid}, WaiveDuty: {no, no, hid},
			ViewAudit: {no, no, hid}, ViewAccessLog: {no, no, hid}, SeeRetention: {no, no, hid}, DecideRetention: {no, no, hid},
			ViewDelegations: {no, no, hid}, GiveDelegation: {no, no, hid}, ManageOffices: {no, no, hid}, ManageBodies: {no, no, hid}, ViewEvaluation: {no, no, hid}, ManageEvaluation: {no, no, hid}, SettleEvaluation: {no, no, hid}, GiveOpinion: {no, no, hid}, WriteNote: {no, no, hid}, Conclude: {no, no, hid}, AddSigned: {no, no, hid}, WriteActivity: {no, no, hid}, ReplyOpinion: {no, no, hid},
			ReadConfidential: {yes, yes, hid},
			ViewBody:         {yes, yes, hid}, RecordDecision: {no, no, hid}, AnswerDecision: {no, no, hid}, ManageAddressees: {no, no, hid}, DateTransmission: {no, no, hid},
			DefineIndicator: {no, no, hid}, RecordValue: {no, no, hid}, ManageTokens: {no, no, hid},
			ViewScoreboard: {yes, yes, hid}, ManageScoreboard: {no, no, hid}, CheckScoreboard: {no, no, hid}, TakeMeasure: {no, no, hid},
		}},
		"secretary of the institution": {with(Secretary, 10, 0), map[Action]answers{
			SeeTitle: {yes, yes, hid}, ViewMandate: {yes, yes, hid}, ReportProgress: {no, no, hid}, SealTable: {yes, yes, hid}, SubmitPart: {no, no, hid}, ViewRound: {yes, yes, hid}, ManageRound: {yes, yes, hid},
			ViewOverview: {yes, yes, hid}, ImportLetter: {no, no, hid}, ConfirmReading: {yes, yes, hid}, AmendLetter: {yes, yes, hid}, ManagePeople: {no, no, hid}, ManageMail: {no, no, hid}, ViewDue: {no, no, hid}, RecordEvent: {no, no, hid}, AnswerDuty: {no, no, hid}, WaiveDuty: {yes, yes, hid},
			ViewAudit: {no, no, hid}, ViewAccessLog: {no, no, hid}, SeeRetention: {no, no, hid}, DecideRetention: {no, no, hid},
			ViewDelegations: {yes, yes, hid}, GiveDelegation: {no, no, hid}, ManageOffices: {no, no, hid}, ManageBodies: {no, no, hid}, ViewEvaluation: {no, no, hid}, ManageEvaluation: {no, no, hid}, SettleEvaluation: {no, no, hid}, GiveOpinion: {no, no, hid}, WriteNote: {no, no, hid}, Conclude: {no, no, hid}, AddSigned: {no, no, hid}, WriteActivity: {no, no, hid}, ReplyOpinion: {no, no, hid},
			ReadConfidential: {no, no, hid},
			ViewBody:         {yes, yes, hid}, RecordDecision: {yes, yes, hid}, AnswerDecision: {no, no, hid}, ManageAddressees: {yes, yes, hid}, DateTransmission: {yes, yes, hid},
			DefineIndicator: {yes, yes, hid}, RecordValue: {yes, yes, hid}, ManageTokens: {no, no, hid},
			ViewScoreboard: {yes, yes, hid}, ManageScoreboard: {yes, yes, hid}, CheckScoreboard: {yes, yes, hid}, TakeMeasure: {yes, yes, hid},
		}},
		"member of a body with addressed targets": {seated(AddressedMember), map[Action]answers{
			SeeTitle: {yes, hid, hid}, ViewMandate: {yes, hid, hid}, ReportProgress: {no, hid, hid}, SealTable: {no, hid, hid}, ViewOverview: {no, hid, hid}, ImportLetter: {no, hid, hid}, ConfirmReading: {no, hid, hid}, ManagePeople: {no, hid, hid},
			ManageMail: {no, hid, hid}, ViewDue: {no, hid, hid}, RecordEvent: {no, hid, hid}, AnswerDuty: {no, hid, hid}, WaiveDuty: {no, hid, hid}, ViewAudit: {no, hid, hid}, ViewAccessLog: {no, hid, hid}, SeeRetention: {no, hid, hid},
			DecideRetention: {no, hid, hid}, ViewDelegations: {no, hid, hid}, GiveDelegation: {no, hid, hid}, ManageOffices: {no, hid, hid}, ManageBodies: {no, hid, hid}, ViewEvaluation: {no, hid, hid}, ManageEvaluation: {no, hid, hid}, ReadConfidential: {yes, hid, hid}, SettleEvaluation: {no, hid, hid}, GiveOpinion: {no, hid, hid}, WriteNote: {no, hid, hid}, Conclude: {no, hid, hid}, AddSigned: {no, hid, hid}, WriteActivity: {no, hid, hid}, ReplyOpinion: {no, hid, hid},
			SubmitPart: {no, hid, hid}, ViewRound: {yes, hid, hid}, ManageRound: {no, hid, hid}, AmendLetter: {no, hid, hid}, DefineIndicator: {no, hid, hid}, RecordValue: {no, hid, hid}, ManageTokens: {no, hid, hid}, ViewScoreboard: {yes, hid, hid}, ManageScoreboard: {no, hid, hid}, CheckScoreboard: {no, hid, hid}, TakeMeasure: {no, hid, hid}, ViewBody: {yes, hid, hid}, RecordDecision: {no, hid, hid}, AnswerDecision: {no, hid, hid}, ManageAddressees: {no, hid, hid}, DateTransmission: {no, hid, hid},
		}},
		"secretary of a body with addressed targets": {seated(AddressedSecretary), map[Action]answers{
			SeeTitle: {yes, hid, hid}, ViewMandate: {yes, hid, hid}, ReportProgress: {no, hid, hid}, SealTable: {no, hid, hid}, ViewOverview: {no, hid, hid}, ImportLetter: {no, hid, hid}, ConfirmReading: {no, hid, hid}, ManagePeople: {no, hid, hid},
			ManageMail: {no, hid, hid}, ViewDue: {no, hid, hid}, RecordEvent: {no, hid, hid}, AnswerDuty: {no, hid, hid}, WaiveDuty: {no, hid, hid}, ViewAudit: {no, hid, hid}, ViewAccessLog: {no, hid, hid}, SeeRetention: {no, hid, hid},
			DecideRetention: {no, hid, hid}, ViewDelegations: {no, hid, hid}, GiveDelegation: {no, hid, hid}, ManageOffices: {no, hid, hid}, ManageBodies: {no, hid, hid}, ViewEvaluation: {no, hid, hid}, ManageEvaluation: {no, hid, hid}, ReadConfidential: {no, hid, hid}, SettleEvaluation: {no, hid, hid}, GiveOpinion: {no, hid, hid}, WriteNote: {no, hid, hid}, Conclude: {no, hid, hid}, AddSigned: {no, hid, hid}, WriteActivity: {no, hid, hid}, ReplyOpinion: {no, hid, hid},
			SubmitPart: {no, hid, hid}, ViewRound: {yes, hid, hid}, ManageRound: {yes, hid, hid}, AmendLetter: {no, hid, hid}, DefineIndicator: {no, hid, hid}, RecordValue: {no, hid, hid}, ManageTokens: {no, hid, hid}, ViewScoreboard: {yes, hid, hid}, ManageScoreboard: {yes, hid, hid}, CheckScoreboard: {yes, hid, hid}, TakeMeasure: {no, hid, hid}, ViewBody: {yes, hid, hid}, RecordDecision: {yes, hid, hid}, AnswerDecision: {no, hid, hid}, ManageAddressees: {no, hid, hid}, DateTransmission: {yes, hid, hid},
		}},
		"HR officer everywhere": {with(HROfficer, 0, 0), map[Action]answers{
			SeeTitle: {yes, yes, yes}, ViewMandate: {yes, yes, yes}, ReportProgress: {no, no, no}, SealTable: {no, no, no}, SubmitPart: {no, no, no}, ViewRound: {no, no, no}, ManageRound: {no, no, no},
			ViewOverview: {yes, yes, yes}, ImportLetter: {yes, yes, yes}, ConfirmReading: {yes, yes, yes}, AmendLetter: {yes, yes, yes}, ManagePeople: {no, no, no}, ManageMail: {no, no, no}, ViewDue: {no, no, no}, RecordEvent: {no, no, no}, AnswerDuty: {no, no, no}, WaiveDuty: {no, no, no},
			ViewAudit: {no, no, no}, ViewAccessLog: {no, no, no}, SeeRetention: {yes, yes, yes}, DecideRetention: {yes, yes, yes},
			ViewDelegations: {yes, yes, yes}, GiveDelegation: {no, no, no}, ManageOffices: {yes, yes, yes}, ManageBodies: {no, no, no}, ViewEvaluation: {yes, yes, yes}, ManageEvaluation: {yes, yes, yes}, SettleEvaluation: {yes, yes, yes}, GiveOpinion: {yes, yes, yes}, WriteNote: {no, no, no}, Conclude: {yes, yes, yes}, AddSigned: {yes, yes, yes}, WriteActivity: {no, no, no}, ReplyOpinion: {no, no, no},
			ReadConfidential: {yes, yes, yes},
			ViewBody:         {yes, yes, yes}, RecordDecision: {no, no, no}, AnswerDecision: {no, no, no}, ManageAddressees: {yes, yes, yes}, DateTransmission: {no, no, no},
			DefineIndicator: {yes, yes, yes}, RecordValue: {yes, yes, yes}, ManageTokens: {no, no, no},
			ViewScoreboard: {yes, yes, yes}, ManageScoreboard: {no, no, no}, CheckScoreboard: {no, no, no}, TakeMeasure: {no, no, no},
		}},
		"administrator": {with(Administrator, 0, 0), map[Action]answers{
			SeeTitle: {yes, yes, yes}, ViewMandate: {no, no, no}, ReportProgress: {no, no, no}, SealTable: {no, no, no}, SubmitPart: {no, no, no}, ViewRound: {no, no, no}, ManageRound: {no, no, no},
			ViewOverview: {no, no, no}, ImportLetter: {yes, yes, yes}, ConfirmReading: {no, no, no}, AmendLetter: {no, no, no}, ManagePeople: {yes, yes, yes}, ManageMail: {yes, yes, yes}, ViewDue: {no, no, no}, RecordEvent: {no, no, no}, AnswerDuty: {no, no, no}, WaiveDuty: {no, no, no},
			ViewAudit: {yes, yes, yes}, ViewAccessLog: {no, no, no}, SeeRetention: {yes, yes, yes}, DecideRetention: {no, no, no},
			ViewDelegations: {no, no, no}, GiveDelegation: {no, no, no}, ManageOffices: {yes, yes, yes}, ManageBodies: {yes, yes, yes}, ViewEvaluation: {no, no, no}, ManageEvaluation: {no, no, no}, SettleEvaluation: {no, no, no}, GiveOpinion: {no, no, no}, WriteNote: {no, no, no}, Conclude: {no, no, no}, AddSigned: {no, no, no}, WriteActivity: {no, no, no}, ReplyOpinion: {no, no, no},
			ReadConfidential: {no, no, no},
			ViewBody:         {no, no, no}, RecordDecision: {no, no, no}, AnswerDecision: {no, no, no}, ManageAddressees: {no, no, no}, DateTransmission: {no, no, no},
			DefineIndicator: {no, no, no}, RecordValue: {no, no, no}, ManageTokens: {yes, yes, yes},
			ViewScoreboard: {no, no, no}, ManageScoreboard: {no, no, no}, CheckScoreboard: {no, no, no}, TakeMeasure: {no, no, no},
		}},
		"evaluator of one evaluation": {Viewer{PersonID: 1, Grants: []Grant{{Role: Evaluator, MandateID: 1, EvaluationID: 7, From: always}}}, map[Action]answers{
			SeeTitle: {hid, hid, hid}, ViewMandate: {hid, hid, hid}, ReportProgress: {hid, hid, hid}, SealTable: {hid, hid, hid}, SubmitPart: {hid, hid, hid}, ViewRound: {hid, hid, hid}, ManageRound: {hid, hid, hid},
			ViewOverview: {hid, hid, hid}, ImportLetter: {hid, hid, hid}, ConfirmReading: {hid, hid, hid}, AmendLetter: {hid, hid, hid}, ManagePeople: {hid, hid, hid}, ManageMail: {hid, hid, hid}, ViewDue: {hid, hid, hid}, RecordEvent: {hid, hid, hid}, AnswerDuty: {hid, hid, hid}, WaiveDuty: {hid, hid, hid},
			ViewAudit: {hid, hid, hid}, ViewAccessLog: {hid, hid, hid}, SeeRetention: {hid, hid, hid}, DecideRetention: {hid, hid, hid},
			ViewDelegations: {hid, hid, hid}, GiveDelegation: {hid, hid, hid}, ManageOffices: {hid, hid, hid}, ManageBodies: {hid, hid, hid}, ViewEvaluation: {hid, hid, hid}, ManageEvaluation: {hid, hid, hid}, SettleEvaluation: {hid, hid, hid}, GiveOpinion: {hid, hid, hid}, WriteNote: {hid, hid, hid}, Conclude: {hid, hid, hid}, AddSigned: {hid, hid, hid}, WriteActivity: {hid, hid, hid}, ReplyOpinion: {hid, hid, hid},
			ReadConfidential: {hid, hid, hid},
			ViewBody:         {hid, hid, hid}, RecordDecision: {hid, hid, hid}, AnswerDecision: {hid, hid, hid}, ManageAddressees: {hid, hid, hid}, DateTransmission: {hid, hid, hid},
			DefineIndicator: {hid, hid, hid}, RecordValue: {hid, hid, hid}, ManageTokens: {hid, hid, hid},
			ViewScoreboard: {hid, hid, hid}, ManageScoreboard: {hid, hid, hid}, CheckScoreboard: {hid, hid, hid}, TakeMeasure: {hid, hid, hid},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got := map[Action]answers{}
			for action := range table {
				for i, o := range []Object{own, sibling, stranger} {
					a := got[action]
					a[i] = Decide(c.viewer, today, action, o)
					got[action] = a
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
}

func TestARoleHoldsOnItsFirstAndLastDayOnly(t *testing.T) {
	v := Viewer{PersonID: 1, Grants: []Grant{{Role: Delegate, MandateID: 1, From: today, Until: today.AddDays(7)}}}
	for days, want := range map[int]Answer{-1: Hidden, 0: Allowed, 7: Allowed, 8: Hidden} {
		if got := Decide(v, today.AddDays(days), ReportProgress, own); got != want {
			t.Errorf("%d days after the first: %v, want %v", days, got, want)
		}
	}
}

func TestNobodyWithoutARole(t *testing.T) {
	for action := range table {
		if got := Decide(Viewer{PersonID: 1}, today, action, own); got != Hidden {
			t.Errorf("%s: %v, want hidden", action, got)
		}
	}
}

// A list filtered with the scope holds exactly the objects that Decide allows:
// mandates, their objectives, and their evaluations. Evaluations 10 and 11 are of mandate 1, and so on.
func TestTheScopeOfAListAgreesWithDecide(t *testing.T) {
	roles := append([]Role{Holder, Delegate, Evaluator}, Granted...)
	rapid.Check(t, func(t *rapid.T) {
		grant := rapid.Custom(func(t *rapid.T) Grant {
			g := Grant{Role: rapid.SampledFrom(roles).Draw(t, "role"), From: today.AddDays(rapid.IntRange(-3, 3).Draw(t, "from"))}
			switch g.Role {
			case Holder, Delegate, Evaluator:
				g.MandateID = rapid.Int64Range(1, 4).Draw(t, "mandate")
			default:
				if g.narrow() || rapid.Bool().Draw(t, "scoped") {
					g.InstitutionID = rapid.Int64Range(10, 12).Draw(t, "institution")
					g.BodyID = rapid.Int64Range(0, 2).Draw(t, "body")
				}
			}
			switch g.Role {
			case Delegate:
				g.Objectives = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"S1", "S2", "T1"}), 0, 2, rapid.ID[string]).Draw(t, "objectives")
			case Evaluator:
				g.EvaluationID = g.MandateID*10 + rapid.Int64Range(0, 1).Draw(t, "evaluation")
			}
			if rapid.Bool().Draw(t, "ends") {
				g.Until = g.From.AddDays(rapid.IntRange(0, 3).Draw(t, "days"))
			}
			return g
		})
		v := Viewer{PersonID: 1, Grants: rapid.SliceOfN(grant, 0, 5).Draw(t, "grants")}
		for action := range table {
			scope, evaluations := ScopeOf(v, today, action), Evaluations(v, today, action)
			for m := int64(1); m <= 4; m++ {
				for i := int64(10); i <= 12; i++ {
					listed := scope.All || slices.Contains(scope.Institutions, i) || slices.Contains(scope.Mandates, m)
					allowed := Decide(v, today, action, Object{MandateID: m, InstitutionID: i}) == Allowed
					if listed != allowed {
						t.Fatalf("%s on mandate %d of %d: listed %v, allowed %v", action, m, i, listed, allowed)
					}
					for e := m * 10; e <= m*10+1; e++ {
						listed := listed || slices.Contains(evaluations, e)
						allowed := Decide(v, today, action, Object{MandateID: m, InstitutionID: i, EvaluationID: e}) == Allowed
						if listed != allowed {
							t.Fatalf("%s on evaluation %d: listed %v, allowed %v", action, e, listed, allowed)
						}
					}
					for _, objective := range []string{"S1", "S2", "T1"} {
						part := Decide(v, today, action, Object{MandateID: m, InstitutionID: i, Objective: objective}) == Allowed
						if part && !allowed {
							t.Fatalf("%s on %s of mandate %d, but not on the mandate", action, objective, m)
						}
						if want := slices.ContainsFunc(v.Grants, func(g Grant) bool {
							whole := Viewer{Grants: []Grant{g}}
							return Decide(whole, today, action, Object{MandateID: m, InstitutionID: i}) == Allowed &&
								(len(g.Objectives) == 0 || slices.Contains(g.Objectives, objective))
						}); want != part {
							t.Fatalf("%s on %s of mandate %d: %v, want %v", action, objective, m, part, want)
						}
					}
				}
			}
		}
	})
}

// An evaluator reads the one evaluation they were named for, between their two dates.
func TestAnEvaluatorReachesOneEvaluation(t *testing.T) {
	v := Viewer{PersonID: 1, Grants: []Grant{{Role: Evaluator, MandateID: 1, EvaluationID: 7, From: today, Until: today.AddDays(7)}}}
	of := func(mandate, evaluation int64) Object {
		return Object{MandateID: mandate, InstitutionID: 10, EvaluationID: evaluation}
	}
	for name, c := range map[string]struct {
		days   int
		action Action
		object Object
		want   Answer
	}{
		"on the first day":    {0, ViewEvaluation, of(1, 7), Allowed},
		"on the last day":     {7, ViewEvaluation, of(1, 7), Allowed},
		"the day before":      {-1, ViewEvaluation, of(1, 7), Hidden},
		"the day after":       {8, ViewEvaluation, of(1, 7), Hidden},
		"another one":         {0, ViewEvaluation, of(1, 8), Hidden},
		"of another mandate":  {0, ViewEvaluation, of(2, 7), Hidden},
		"to name evaluators":  {0, ManageEvaluation, of(1, 7), Hidden},
		"the mandate as such": {0, ViewMandate, of(1, 0), Hidden},
	} {
		if got := Decide(v, today.AddDays(c.days), c.action, c.object); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Who sits on a body that gets single targets reaches those, on the days on
// which they go to it, and no others.
func TestASeatReachesWhatIsAddressed(t *testing.T) {
	for name, c := range map[string]struct {
		days   int
		object Object
		want   Answer
	}{
		"a target":                       {0, Object{MandateID: 1, InstitutionID: 10, Target: "S3.2-2"}, Allowed},
		"on its last day":                {0, Object{MandateID: 1, InstitutionID: 10, Target: "T3.1-1"}, Allowed},
		"on the day after":               {1, Object{MandateID: 1, InstitutionID: 10, Target: "T3.1-1"}, Hidden},
		"another of the same point":      {0, Object{MandateID: 1, InstitutionID: 10, Target: "S3.2-1"}, Hidden},
		"one that went to it before":     {0, Object{MandateID: 1, InstitutionID: 10, Target: "S1.1-1"}, Hidden},
		"an objective, in part":          {0, Object{MandateID: 1, InstitutionID: 10, Objective: "S3"}, Allowed},
		"another objective":              {0, Object{MandateID: 1, InstitutionID: 10, Objective: "S1"}, Hidden},
		"a mandate from tomorrow, today": {0, Object{MandateID: 2, InstitutionID: 10}, Hidden},
		"a mandate from tomorrow, then":  {1, Object{MandateID: 2, InstitutionID: 10}, Allowed},
		"the body":                       {0, Object{InstitutionID: 10, BodyID: 4}, Allowed},
		"another body":                   {0, Object{InstitutionID: 10, BodyID: 5}, Hidden},
		"the body and a target":          {0, Object{MandateID: 1, InstitutionID: 10, BodyID: 4, Target: "S3.2-2"}, Allowed},
		"another body and a target":      {0, Object{MandateID: 1, InstitutionID: 10, BodyID: 5, Target: "S3.2-2"}, Hidden},
		"of another institution":         {0, Object{MandateID: 1, InstitutionID: 20, Target: "S3.2-2"}, Hidden},
	} {
		if got := Decide(seated(AddressedSecretary), today.AddDays(c.days), ViewBody, c.object); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	got := Covers(seated(AddressedMember), today, ViewMandate, own)
	if got.Whole || got.Has("S3") || !got.Has("S3.2-2") || got.Has("S3.2-1") || len(got.Targets) != 2 {
		t.Errorf("the part of the mandate is %+v", got)
	}
	// a delegation of an objective beside it adds the rest of that objective
	both := seated(AddressedMember)
	both.Grants = append(both.Grants, Grant{Role: Delegate, MandateID: 1, Objectives: []string{"S3"}, From: always})
	if got := Covers(both, today, ViewMandate, own); !got.Has("S3.2-1") || !got.Has("T3.1-1") || got.Has("T3.1-2") {
		t.Errorf("with a delegation: %+v", got)
	}
	if got := Decide(Viewer{Grants: []Grant{{Role: Delegate, MandateID: 1, Objectives: []string{"S3"}, From: always}}}, today, ReportProgress, Object{MandateID: 1, Target: "T3.1-1"}); got != Hidden {
		t.Errorf("a delegate of S3 on a target of T3: %v", got)
	}
}

func TestARoundIsOfItsOwnBody(t *testing.T) {
	secretary := Viewer{PersonID: 1, Grants: []Grant{{Role: Secretary, InstitutionID: 10, BodyID: 5, From: always}}}
	for name, c := range map[string]struct {
		o    Object
		want Answer
	}{
		"their body":            {Object{InstitutionID: 10, BodyID: 5}, Allowed},
		"another of the same":   {Object{InstitutionID: 10, BodyID: 6}, Hidden},
		"elsewhere":             {Object{InstitutionID: 20, BodyID: 7}, Hidden},
		"a mandate, of no body": {own, Allowed},
	} {
		if got := Decide(secretary, today, ManageRound, c.o); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Whom an evaluation is about reads and answers in it, also once they hold the
// mandate no more, and does nothing else to it whatever else they are.
func TestWhoIsEvaluatedIsNothingElseInTheirOwnCase(t *testing.T) {
	former := Grant{Role: Evaluated, MandateID: 1, EvaluationID: 7, From: always}
	of := func(evaluation int64) Object {
		return Object{MandateID: 1, InstitutionID: 10, EvaluationID: evaluation}
	}
	for name, c := range map[string]struct {
		grants []Grant
		action Action
		object Object
		want   Answer
	}{
		"reads":                            {[]Grant{former}, ViewEvaluation, of(7), Allowed},
		"writes the report":                {[]Grant{former}, WriteActivity, of(7), Allowed},
		"replies":                          {[]Grant{former}, ReplyOpinion, of(7), Allowed},
		"another one of the mandate":       {[]Grant{former}, ViewEvaluation, of(8), Hidden},
		"gives no opinion":                 {[]Grant{former}, GiveOpinion, of(7), Forbidden},
		"nor as an officer":                {[]Grant{former, {Role: HROfficer, From: always}}, GiveOpinion, of(7), Forbidden},
		"prepares nothing as an officer":   {[]Grant{former, {Role: HROfficer, From: always}}, ManageEvaluation, of(7), Forbidden},
		"prepares another's as an officer": {[]Grant{former, {Role: HROfficer, From: always}}, ManageEvaluation, of(8), Allowed},
		"a successor reads nothing":        {[]Grant{{Role: Holder, MandateID: 1, From: always}}, ViewEvaluation, of(7), Forbidden},
		"a delegate writes nothing":        {[]Grant{{Role: Delegate, MandateID: 1, From: always}}, WriteActivity, of(7), Forbidden},
	} {
		if got := Decide(Viewer{PersonID: 1, Grants: c.grants}, today, c.action, c.object); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
