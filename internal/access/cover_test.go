package access

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func partly(mandate int64, objectives ...string) Grant {
	return Grant{Role: Delegate, MandateID: mandate, Objectives: objectives, ForID: 8, For: "Dirk", From: always}
}

// Who is shown a part of a mandate is shown exactly what Decide allows.
func TestACoverIsWhatDecideAllows(t *testing.T) {
	objectives := []string{"S1", "S2", "T1", "T2"}
	anyGrant := rapid.Custom(func(t *rapid.T) Grant {
		g := Grant{
			Role: rapid.SampledFrom([]Role{Holder, Delegate, CommitteeMember, Secretary, HROfficer, Evaluator, Administrator}).Draw(t, "role"),
			From: today.AddDays(rapid.IntRange(-2, 1).Draw(t, "from")),
		}
		if rapid.Bool().Draw(t, "ends") {
			g.Until = g.From.AddDays(rapid.IntRange(0, 3).Draw(t, "days"))
		}
		switch g.Role {
		case Holder, Delegate, Evaluator:
			g.MandateID = rapid.Int64Range(1, 3).Draw(t, "mandate")
		default:
			g.InstitutionID = rapid.SampledFrom([]int64{0, 10, 20}).Draw(t, "institution")
		}
		if g.Role == Delegate {
			g.Objectives = rapid.SliceOfDistinct(rapid.SampledFrom(objectives), rapid.ID).Draw(t, "objectives")
		}
		if g.Role == Evaluator {
			g.EvaluationID = 5
		}
		return g
	})
	rapid.Check(t, func(t *rapid.T) {
		v := Viewer{PersonID: 1, Grants: rapid.SliceOfN(anyGrant, 0, 5).Draw(t, "grants")}
		o := rapid.SampledFrom([]Object{own, sibling, stranger}).Draw(t, "object")
		for action := range table {
			cover := Covers(v, today, action, o)
			for _, code := range objectives {
				one := o
				one.Objective = code
				if want := Decide(v, today, action, one) == Allowed; cover.Has(code) != want {
					t.Fatalf("%s on %s of mandate %d: covered %t, decided %t", action, code, o.MandateID, cover.Has(code), want)
				}
			}
			if reaches := cover.Whole || len(cover.Objectives) > 0; reaches != (Decide(v, today, action, o) == Allowed) {
				t.Fatalf("%s on mandate %d: covered %t", action, o.MandateID, reaches)
			}
			scope := ScopeOf(v, today, action)
			listed := scope.All || slices.Contains(scope.Mandates, o.MandateID) || slices.Contains(scope.Institutions, o.InstitutionID)
			if listed != (Decide(v, today, action, o) == Allowed) {
				t.Fatalf("%s on mandate %d: listed %t", action, o.MandateID, listed)
			}
		}
	})
}

func TestSeveralRightsReachWhatAnyOfThemReaches(t *testing.T) {
	member := Grant{Role: CommitteeMember, InstitutionID: 10, From: always}
	for name, c := range map[string]struct {
		grants      []Grant
		view, write Cover
	}{
		"some objectives":           {[]Grant{partly(1, "S3", "T4")}, Cover{Objectives: []string{"S3", "T4"}}, Cover{Objectives: []string{"S3", "T4"}}},
		"two delegations":           {[]Grant{partly(1, "T4"), partly(1, "S3", "T4")}, Cover{Objectives: []string{"S3", "T4"}}, Cover{Objectives: []string{"S3", "T4"}}},
		"some, and the whole":       {[]Grant{partly(1, "T4"), partly(1)}, Cover{Whole: true}, Cover{Whole: true}},
		"some, and a committee":     {[]Grant{partly(1, "T4"), member}, Cover{Whole: true}, Cover{Objectives: []string{"T4"}}},
		"of another mandate":        {[]Grant{partly(2)}, Cover{}, Cover{}},
		"a committee and no office": {[]Grant{member}, Cover{Whole: true}, Cover{}},
	} {
		v := Viewer{PersonID: 1, Grants: c.grants}
		same := func(a, b Cover) bool { return a.Whole == b.Whole && slices.Equal(a.Objectives, b.Objectives) }
		if got := Covers(v, today, ViewMandate, own); !same(got, c.view) {
			t.Errorf("%s: sees %+v", name, got)
		}
		if got := Covers(v, today, ReportProgress, own); !same(got, c.write) {
			t.Errorf("%s: reports on %+v", name, got)
		}
	}
}

func TestADelegateActsForWhoGaveTheDelegation(t *testing.T) {
	for name, c := range map[string]struct {
		grants []Grant
		want   int64
	}{
		"delegate":            {[]Grant{partly(1)}, 8},
		"of some objectives":  {[]Grant{partly(1, "S3")}, 8},
		"of another mandate":  {[]Grant{partly(2)}, 0},
		"holder":              {[]Grant{{Role: Holder, MandateID: 1, From: always}}, 0},
		"holder and delegate": {[]Grant{partly(1), {Role: Holder, MandateID: 1, From: always}}, 0},
		"delegate, and committee member, who may not report": {[]Grant{partly(1), {Role: CommitteeMember, From: always}}, 8},
	} {
		if got, _ := ActsFor(Viewer{PersonID: 1, Grants: c.grants}, today, ReportProgress, own); got != c.want {
			t.Errorf("%s: acts for %d, want %d", name, got, c.want)
		}
	}
}

// The parts by mandate are those that Covers tells of each mandate.
func TestThePartsOfAllMandatesAreThoseOfEach(t *testing.T) {
	limited := with(Delegate, 0, 1)
	limited.Grants[0].Objectives = []string{"S3"}
	for name, v := range map[string]Viewer{
		"holder": with(Holder, 0, 1), "delegate of an objective": limited, "seat": seated(AddressedMember), "secretary": with(Secretary, 10, 0), "administrator": with(Administrator, 0, 0),
	} {
		all := CoversAll(v, today, ViewMandate)
		for _, o := range []Object{own, sibling, stranger} {
			want := Covers(v, today, ViewMandate, o)
			if got := all[o.MandateID]; !got.Whole && !want.Whole && !slices.Equal(got.Parts(), want.Parts()) || got.Whole && !want.Whole {
				t.Errorf("%s of mandate %d: %+v, want %+v", name, o.MandateID, got, want)
			}
		}
	}
}

// The past opens nothing: who looks back reaches what they reach today, and of
// what goes to a body only what went to it on the day looked at as well.
func TestLookingBackReachesNoMoreThanToday(t *testing.T) {
	targets := []string{"S1.1-1", "S1.1-2", "S2.1-1"}
	span := rapid.Custom(func(t *rapid.T) Addressed {
		a := Addressed{MandateID: rapid.Int64Range(1, 2).Draw(t, "mandate"), Target: rapid.SampledFrom(targets).Draw(t, "target"), From: today.AddDays(rapid.IntRange(-9, 1).Draw(t, "from"))}
		if rapid.Bool().Draw(t, "ends") {
			a.Until = a.From.AddDays(rapid.IntRange(0, 9).Draw(t, "days"))
		}
		return a
	})
	rapid.Check(t, func(t *rapid.T) {
		seat := Grant{Role: AddressedMember, InstitutionID: 10, BodyID: 1, From: always, Addressed: rapid.SliceOfN(span, 0, 4).Draw(t, "addressed")}
		v := Viewer{PersonID: 1, Grants: []Grant{seat, partly(2, "S2")}}
		to := today.AddDays(rapid.IntRange(-10, 0).Draw(t, "looks back to"))
		back := v.LookingBack(to)
		for mandate := int64(1); mandate <= 2; mandate++ {
			for _, target := range targets {
				o := Object{MandateID: mandate, InstitutionID: 10, Target: target}
				went := slices.ContainsFunc(seat.Addressed, func(a Addressed) bool {
					return a.MandateID == mandate && a.Target == target && a.inForce(today) && a.inForce(to)
				})
				want := went || mandate == 2 && ObjectiveOf(target) == "S2"
				if got := Decide(back, today, ViewMandate, o) == Allowed; got != want {
					t.Fatalf("%s of mandate %d on %s: %t, want %t", target, mandate, to, got, want)
				}
				if want && Decide(v, today, ViewMandate, o) != Allowed {
					t.Fatalf("%s of mandate %d is seen on %s and not today", target, mandate, to)
				}
			}
		}
	})
}
