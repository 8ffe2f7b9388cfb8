package locale

import "jalon/internal/duty"

// ReasonOf says why a duty exists: what its deadline says, or who asked.
func (p *Printer) ReasonOf(d duty.Duty) string {
	if d.Ask == nil {
		return p.DutyReason(d.Reason)
	}
	body, _, _ := d.Ask.Body.For(p.Lang)
	return p.T("decision.duty", "Body", body)
}

// DutyState prints how a duty stands.
func (p *Printer) DutyState(s duty.State) string { return p.T("duty.state." + string(s)) }
