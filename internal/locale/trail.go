package locale

import "jalon/internal/trail"

// TrailFinding says what was altered in the audit trail, and where.
func (p *Printer) TrailFinding(f trail.Finding) string {
	key := "audit.finding." + string(f.Kind)
	switch {
	case f.Kind == trail.Missing && f.Seq == 0:
		key = "audit.finding.missing_before"
	case f.Kind == trail.Missing && f.EventID == 0:
		key = "audit.finding.missing_place"
	}
	return p.T(key, "Event", f.EventID, "Day", p.Date(f.Day), "Place", f.Seq, "Until", max(f.Seq, f.Until))
}
