// Package access answers one question: may this person do this to that, today?
// It is one pure function over one table; every page, command and export asks it.
package access

import (
	"slices"
	"strings"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
)

// Role is what a person is, between two dates, for a mandate, an institution or everywhere.
type Role string

// Roles. Holder, delegate and evaluator come from tenures, delegations and
// evaluations, and so does evaluated: whom an evaluation is about, also once they
// hold the mandate no more. The others are granted. A seat on a body that gets only what is
// addressed to it counts as one of the two addressed roles.
const (
	Holder             Role = "holder"
	Delegate           Role = "delegate"
	CommitteeMember    Role = "committee_member"
	Secretary          Role = "secretary"
	AddressedMember    Role = "addressed_member"
	AddressedSecretary Role = "addressed_secretary"
	HROfficer          Role = "hr_officer"
	Evaluator          Role = "evaluator"
	Evaluated          Role = "evaluated"
	Administrator      Role = "administrator"
)

// Granted lists the roles that an administrator can give.
var Granted = []Role{CommitteeMember, Secretary, HROfficer, Administrator}

// Grant is one role of one person. Both days are included; no Until is open-ended.
type Grant struct {
	Role          Role
	InstitutionID int64       // the institution it is limited to; 0 for all
	BodyID        int64       // the body of a member or secretary; 0 for every body of the institution
	MandateID     int64       // the mandate it is limited to (holder, delegate, evaluator); 0 for all
	Objectives    []string    // codes, such as S3, that a delegation is limited to; none for the whole mandate
	Addressed     []Addressed // what goes to the body of an addressed role, of any date
	EvaluationID  int64       // the one evaluation of an evaluator, or of whoever is evaluated; 0 for every other role
	ForID         int64       // the holder who gave a delegation, by number and name
	For           string
	From, Until   calendar.Date
}

// Addressed is a target that goes to a body between two days, both included; no
// Until is open-ended.
type Addressed struct {
	MandateID   int64
	Target      string // code, such as S3.2-1
	From, Until calendar.Date
}

// Viewer is a signed-in person with all their roles, also past and future ones.
type Viewer struct {
	PersonID int64
	Email    string
	Name     string
	Lang     bilingual.Lang
	Grants   []Grant
}

// Object is what an action is done to. The zero Object is Jalon itself.
type Object struct {
	MandateID     int64
	InstitutionID int64
	Objective     string // code of the objective of the mandate; "" for the mandate as such
	Target        string // code of one target; it needs no Objective beside it
	BodyID        int64  // one body of the institution, or its round; 0 for everything else
	EvaluationID  int64  // one evaluation of the holder; 0 for everything else
}

// Action is something a person may want to do.
type Action string

// Actions. See table for who may do them.
const (
	SeeTitle         Action = "see title"       // that a mandate exists, its title and holder
	ViewMandate      Action = "view mandate"    // letter, deadlines, recorded entries, tables
	ReportProgress   Action = "report progress" // drafts and entries
	SealTable        Action = "seal table"
	SubmitPart       Action = "submit part" // of a round, for its body
	ViewRound        Action = "view round"
	ManageRound      Action = "manage round" // open it, take its steps, return parts, nudge, seal the whole table; and the tables of a body that gets only what is addressed to it
	ViewOverview     Action = "view overview"
	ImportLetter     Action = "import letter"
	ConfirmReading   Action = "confirm reading" // of a deadline
	AmendLetter      Action = "amend letter"    // change words of the letter from a day on, or translate them
	ManagePeople     Action = "manage people"   // accounts and roles
	ManageOffices    Action = "manage offices"  // who holds a mandate from when to when
	ManageBodies     Action = "manage bodies"   // who sits on a body
	ViewDelegations  Action = "view delegations"
	GiveDelegation   Action = "give delegation" // let somebody report for the holder, and end that
	ManageMail       Action = "manage mail"     // outgoing mail, which holds no content
	ViewDue          Action = "view due"
	RecordEvent      Action = "record event"
	AnswerDuty       Action = "answer duty"
	WaiveDuty        Action = "waive duty"
	ReadConfidential Action = "read confidential evidence" // of others; who added it reads it as any other
	ViewEvaluation   Action = "view evaluation"
	ManageEvaluation Action = "manage evaluation" // plan it, name evaluators, take its steps
	SettleEvaluation Action = "settle evaluation" // days, sections and grades of an institution
	WriteActivity    Action = "write activity report"
	GiveOpinion      Action = "give opinion"          // one's own; an officer records what was received
	WriteNote        Action = "write evaluation note" // for oneself
	Conclude         Action = "conclude evaluation"   // the mention of the commission
	ReplyOpinion     Action = "reply to opinion"
	AddSigned        Action = "add signed document"
	ViewAudit        Action = "view audit"        // the audit trail, which holds no content
	ViewAccessLog    Action = "view access log"   // who read or exported a dossier
	SeeRetention     Action = "see retention"     // how long records are kept, and what could go
	DecideRetention  Action = "decide retention"  // change the rules, have records removed
	ViewBody         Action = "view body"         // its page, table and meeting
	RecordDecision   Action = "record decision"   // what a body notes, asks or decides on a row
	AnswerDecision   Action = "answer decision"   // what a body asked
	ManageAddressees Action = "manage addressees" // to which bodies a target goes
	DateTransmission Action = "date transmission" // when a report was given to a body
	DefineIndicator  Action = "define indicator"  // say what is measured, and where it must go
	RecordValue      Action = "record value"      // of an indicator; its source may be HR or the secretary
	ManageTokens     Action = "manage tokens"     // of machines, which deliver values and read nothing
	ViewScoreboard   Action = "view scoreboard"   // of a body: its rows as far as one sees their indicators
	ManageScoreboard Action = "manage scoreboard" // say what is on it
	CheckScoreboard  Action = "check scoreboard"  // look at it and conclude: the body, or a holder for their own rows
	TakeMeasure      Action = "take measure"      // about an indicator that is off its path, and remark on it
)

// table is the whole of who may do what. An administrator works on accounts and
// imports, and reads no progress: the role is technical. A delegate reports and
// nothing else: no reading of a deadline, no delegation in turn, and nothing of
// an evaluation, which is about the person of the holder.
var table = map[Action][]Role{
	SeeTitle:         {Holder, Delegate, CommitteeMember, Secretary, AddressedMember, AddressedSecretary, HROfficer, Administrator},
	ViewMandate:      {Holder, Delegate, CommitteeMember, Secretary, AddressedMember, AddressedSecretary, HROfficer},
	ReportProgress:   {Holder, Delegate},
	SealTable:        {Secretary},
	SubmitPart:       {Holder},
	ViewRound:        {CommitteeMember, Secretary, AddressedMember, AddressedSecretary},
	ManageRound:      {Secretary, AddressedSecretary},
	ViewOverview:     {CommitteeMember, Secretary, HROfficer},
	ImportLetter:     {HROfficer, Administrator},
	ConfirmReading:   {Holder, Secretary, HROfficer},
	AmendLetter:      {Secretary, HROfficer},
	ManagePeople:     {Administrator},
	ManageOffices:    {HROfficer, Administrator},
	ManageBodies:     {Administrator},
	ViewDelegations:  {Holder, Secretary, HROfficer},
	GiveDelegation:   {Holder},
	ManageMail:       {Administrator},
	ViewDue:          {Holder, Delegate},
	RecordEvent:      {Holder, Delegate},
	AnswerDuty:       {Holder, Delegate},
	WaiveDuty:        {Secretary},
	ReadConfidential: {Holder, CommitteeMember, AddressedMember, HROfficer},
	ViewEvaluation:   {HROfficer, Evaluator, Evaluated},
	ManageEvaluation: {HROfficer},
	SettleEvaluation: {HROfficer},
	WriteActivity:    {Evaluated},
	GiveOpinion:      {HROfficer, Evaluator},
	WriteNote:        {Evaluator},
	Conclude:         {HROfficer, Evaluator},
	ReplyOpinion:     {Evaluated},
	AddSigned:        {HROfficer, Evaluator, Evaluated},
	ViewAudit:        {Administrator},
	ViewAccessLog:    {Holder},
	SeeRetention:     {HROfficer, Administrator},
	DecideRetention:  {HROfficer},
	ViewBody:         {CommitteeMember, Secretary, AddressedMember, AddressedSecretary, HROfficer},
	RecordDecision:   {Secretary, AddressedSecretary},
	AnswerDecision:   {Holder, Delegate},
	ManageAddressees: {Secretary, HROfficer},
	DateTransmission: {Secretary, AddressedSecretary},
	DefineIndicator:  {Holder, Secretary, HROfficer},
	RecordValue:      {Holder, Delegate, Secretary, HROfficer},
	ManageTokens:     {Administrator},
	ViewScoreboard:   {Holder, Delegate, CommitteeMember, Secretary, AddressedMember, AddressedSecretary, HROfficer},
	ManageScoreboard: {Secretary, AddressedSecretary},
	CheckScoreboard:  {Holder, Delegate, Secretary, AddressedSecretary},
	TakeMeasure:      {Holder, Delegate, Secretary},
}

// Answer is what Decide says.
type Answer int

// Answers. Hidden means that the person may not even know that the object
// exists: the page answers "not found".
const (
	Hidden Answer = iota
	Forbidden
	Allowed
)

// Decide answers for one action on one object, on a Brussels day. For the zero
// Object it answers whether the person may do it to anything at all, and never Hidden.
func Decide(v Viewer, today calendar.Date, action Action, o Object) Answer {
	if v.holdsAny(table[action], today, o) {
		return Allowed
	}
	if o == (Object{}) || v.holdsAny(table[SeeTitle], today, o) || v.Evaluated(o) {
		return Forbidden
	}
	return Hidden
}

// Scope is the rule of Decide in a form that a list can be filtered with in SQL.
type Scope struct {
	All          bool
	Institutions []int64
	Mandates     []int64
}

// ScopeOf tells to which mandates a person may do the action today, in whole or
// in part: of a delegation limited to some objectives, Covers tells which.
func ScopeOf(v Viewer, today calendar.Date, action Action) Scope {
	s := Scope{Institutions: []int64{}, Mandates: []int64{}}
	for _, g := range v.Grants {
		switch {
		case !slices.Contains(table[action], g.Role) || !g.active(today) || g.EvaluationID != 0:
		case g.MandateID != 0:
			s.Mandates = append(s.Mandates, g.MandateID)
		case g.narrow():
			for _, a := range g.Addressed {
				if a.inForce(today) && !slices.Contains(s.Mandates, a.MandateID) {
					s.Mandates = append(s.Mandates, a.MandateID)
				}
			}
		case g.InstitutionID != 0:
			s.Institutions = append(s.Institutions, g.InstitutionID)
		default:
			s.All = true
		}
	}
	return s
}

// Evaluations lists the evaluations that a person may do the action to today
// beside those of the mandates in ScopeOf: the ones they were named for.
func Evaluations(v Viewer, today calendar.Date, action Action) []int64 {
	all := []int64{}
	for _, g := range v.Grants {
		if g.EvaluationID != 0 && slices.Contains(table[action], g.Role) && g.active(today) {
			all = append(all, g.EvaluationID)
		}
	}
	return all
}

// LookingBack gives the person as they look at a day of the past: what goes to
// their body today and did not on that day is out of their reach. It gives
// nobody more: all other rights hang on the office, with its history, and are
// those of today.
func (v Viewer) LookingBack(to calendar.Date) Viewer {
	v.Grants = slices.Clone(v.Grants)
	for i, g := range v.Grants {
		v.Grants[i].Addressed = slices.DeleteFunc(slices.Clone(g.Addressed), func(a Addressed) bool { return !a.inForce(to) })
	}
	return v
}

// Roles lists the roles that a person has today, each once, in the order of their grants.
func (v Viewer) Roles(today calendar.Date) []Role {
	var roles []Role
	for _, g := range v.Grants {
		if g.active(today) && !slices.Contains(roles, g.Role) {
			roles = append(roles, g.Role)
		}
	}
	return roles
}

// Active lists the grants that count today, in their order.
func (v Viewer) Active(today calendar.Date) []Grant {
	return slices.DeleteFunc(slices.Clone(v.Grants), func(g Grant) bool { return !g.active(today) })
}

// Mandates lists the mandates that a person holds or is delegate of today.
func (v Viewer) Mandates(today calendar.Date) []int64 {
	return ScopeOf(v, today, ReportProgress).Mandates
}

func (v Viewer) holdsAny(roles []Role, today calendar.Date, o Object) bool {
	return slices.ContainsFunc(v.Grants, func(g Grant) bool {
		return slices.Contains(roles, g.Role) && g.active(today) && g.covers(today, o) && v.unconflicted(g, o)
	})
}

// unconflicted keeps a person from doing anything to their own evaluation in
// another role than that of whoever is evaluated, whatever else they are.
func (v Viewer) unconflicted(g Grant, o Object) bool { return g.Role == Evaluated || !v.Evaluated(o) }

// Evaluated reports whether an evaluation is about the person.
func (v Viewer) Evaluated(o Object) bool {
	return o.EvaluationID != 0 && slices.ContainsFunc(v.Grants, func(g Grant) bool { return g.Role == Evaluated && g.EvaluationID == o.EvaluationID })
}

func (g Grant) active(today calendar.Date) bool {
	return !today.Before(g.From) && (g.Until.IsZero() || !today.After(g.Until))
}

// covers reports whether a grant reaches an object. A delegation of some
// objectives reaches the mandate as such: its page then shows those only; and so
// does a seat on a body to which some of its targets go. What belongs to an
// evaluation is out of reach of whoever has another one, and a body of whoever sits on another.
func (g Grant) covers(today calendar.Date, o Object) bool {
	return o == Object{} ||
		(g.MandateID == 0 || g.MandateID == o.MandateID) && (g.InstitutionID == 0 || g.InstitutionID == o.InstitutionID) &&
			(g.BodyID == 0 || o.BodyID == 0 || g.BodyID == o.BodyID) &&
			g.coversPart(today, o) &&
			(g.EvaluationID == 0 || g.EvaluationID == o.EvaluationID)
}

// coversPart reports whether a grant reaches the objective or the target of an object.
func (g Grant) coversPart(today calendar.Date, o Object) bool {
	if g.narrow() {
		return o.MandateID == 0 && o.BodyID != 0 || slices.ContainsFunc(g.Addressed, func(a Addressed) bool {
			return a.MandateID == o.MandateID && a.inForce(today) && (o.Target == "" || o.Target == a.Target) &&
				(o.Objective == "" || o.Objective == ObjectiveOf(a.Target))
		})
	}
	objective := o.Objective
	if o.Target != "" {
		objective = ObjectiveOf(o.Target)
	}
	return objective == "" || len(g.Objectives) == 0 || slices.Contains(g.Objectives, objective)
}

// narrow reports whether a grant reaches nothing but what is addressed to a body.
func (g Grant) narrow() bool { return g.Role == AddressedMember || g.Role == AddressedSecretary }

func (a Addressed) inForce(today calendar.Date) bool {
	return !today.Before(a.From) && (a.Until.IsZero() || !today.After(a.Until))
}

// ObjectiveOf gives the code of the objective that a target belongs to: S3 for S3.2-1.
func ObjectiveOf(target string) string {
	if at := strings.IndexAny(target, ".-"); at >= 0 {
		return target[:at]
	}
	return target
}
