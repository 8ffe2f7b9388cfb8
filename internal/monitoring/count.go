package monitoring

import "jalon/internal/progress"

// Reported tells whether a report on the row was owed in the table's
// half-year, and whether there is one: an entry whose as-of date lies in it.
// A target that was closed before, or that is not expected yet, owes nothing.
func (t Table) Reported(r Row) (owed, reported bool) {
	reported = r.Now.Entry != nil && t.Period.Contains(r.Now.Entry.AsOf)
	closed := r.Now.Status.Closed() || r.Now.Status == progress.NotExpected
	return reported || !closed, reported
}

// Counts gives the rows per status, how many were owed a report, and how many got one.
func (t Table) Counts() (byStatus map[progress.Status]int, reported, owed int) {
	byStatus = map[progress.Status]int{}
	for _, r := range t.Rows {
		byStatus[r.Now.Status]++
		isOwed, isReported := t.Reported(r)
		if isOwed {
			owed++
		}
		if isReported {
			reported++
		}
	}
	return byStatus, reported, owed
}
