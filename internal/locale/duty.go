package locale

import "jalon/internal/duty"

// DutyState prints how a duty stands.
func (p *Printer) DutyState(s duty.State) string { return p.T("duty.state." + string(s)) }
