package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/calendar"
	"jalon/internal/progress"
	"jalon/internal/store/db"
)

// refreshCells rewrites the cells of one mandate for a half-year and for every
// later one that has cells: a back-dated entry shows there too.
func refreshCells(ctx context.Context, q *db.Queries, mandateID int64, since calendar.HalfYear) error {
	return putCells(ctx, q, askStandings(ctx, q, mandateID, []calendar.Date{since.Start()}, since.Next().Start()))
}

// refreshAllCells rewrites all cells that one mandate has: its letter changed, or
// who holds it, and with it what is owed and when. (What is due at the end of a
// tenure is in time on every day of it, but nothing is owed before the first one.)
func refreshAllCells(ctx context.Context, q *db.Queries, mandateID int64) error {
	return putCells(ctx, q, askStandings(ctx, q, mandateID, nil, since))
}

func putCells(ctx context.Context, q *db.Queries, of standings) error {
	cells, err := of.cells()
	if err != nil {
		return err
	}
	return execAll(q.PutCells(ctx, cells))
}

// standings are where the targets of a mandate stand, in the half-years whose cells are made anew.
type standings struct {
	mandateID int64
	periods   []calendar.Date // that get cells whether they have any or not
	rows      *db.StandingRowsBatchResults
}

// askStandings asks for some half-years, and for those from a day on that have
// cells already; zero for no others.
func askStandings(ctx context.Context, q *db.Queries, mandateID int64, periods []calendar.Date, withCellsFrom calendar.Date) standings {
	return standings{mandateID, periods, q.StandingRows(ctx, []db.StandingRowsParams{{MandateID: mandateID, Periods: periods, WithCellsFrom: withCellsFrom}})}
}

func (s standings) cells() ([]db.PutCellsParams, error) {
	byPeriod := map[calendar.Date][]db.StandingRowsRow{}
	for _, p := range s.periods {
		byPeriod[p] = nil // also of a mandate that has no objectives yet
	}
	var failed error
	s.rows.Query(func(_ int, rows []db.StandingRowsRow, err error) {
		for _, r := range rows {
			byPeriod[r.Period] = append(byPeriod[r.Period], r)
		}
		failed = err
	})
	if failed != nil {
		return nil, fmt.Errorf("read standings: %w", failed)
	}
	var cells []db.PutCellsParams
	for _, period := range slices.SortedFunc(maps.Keys(byPeriod), calendar.Date.Compare) {
		cells = append(cells, periodCells(s.mandateID, calendar.HalfYearOf(period), byPeriod[period]))
	}
	return cells, nil
}

// periodCells packs the rows of one half-year, which come objective by
// objective. A mandate without objectives gets a row without cells. The cells
// hold from the last day on which something began within the half-year.
func periodCells(mandateID int64, period calendar.HalfYear, rows []db.StandingRowsRow) db.PutCellsParams {
	p := db.PutCellsParams{
		Period: period.Start(), MandateID: mandateID, Codes: []string{}, Cells: []int32{}, LateFrom: []calendar.Date{},
		Tallies: []byte{}, Quiet: []calendar.Date{}, Dues: []calendar.Date{}, DueOf: []byte{}, Others: []calendar.Date{}, OtherOf: []byte{},
	}
	for len(rows) > 0 {
		code := rows[0].ObjectiveCode
		var standings []progress.Standing
		var tally progress.Tally
		for len(rows) > 0 && rows[0].ObjectiveCode == code {
			r := rows[0]
			if r.Began.After(period.Start()) && r.Began.After(p.HoldsFrom) {
				p.HoldsFrom = r.Began
			}
			if r.TargetID != 0 {
				// Whether a target is late depends on the reader's day, so the
				// cell is packed as of the first day, and carries LateFrom.
				latest, duty := progress.Latest{Status: progress.Status(r.Status), AsOf: r.AsOf}, progress.Duty{OwedFrom: r.OwedFrom, Due: r.Due}
				standing := progress.Stand(latest, duty, period, progress.Never)
				standings = append(standings, standing)
				tally.Count(latest, duty, standing, period)
				switch of := byte(len(p.Codes)); {
				case standing.CanBeLate():
					p.Dues, p.DueOf = append(p.Dues, r.Due), append(p.DueOf, of)
				case !standing.LateFrom.IsZero():
					p.Others, p.OtherOf = append(p.Others, r.Due), append(p.OtherOf, of)
				case r.DueAtEnd && !latest.Status.Closed():
					p.Others, p.OtherOf = append(p.Others, tenureEnd), append(p.OtherOf, of)
				}
			}
			rows = rows[1:]
		}
		roll := progress.Roll(standings)
		p.Codes = append(p.Codes, code)
		p.Cells = append(p.Cells, int32(roll.Pack()))
		p.LateFrom = append(p.LateFrom, roll.LateFrom)
		p.Tallies = append(p.Tallies, packTally(tally)...)
		p.Quiet = append(p.Quiet, tally.Quiet)
	}
	return p
}

// tenureEnd stands among the last days of cells for that of the tenure, which the
// reader's day decides.
var tenureEnd = calendar.Date{Year: calendar.MaxYear, Month: time.December, Day: 31}

// tallyBytes is how many bytes a tally takes in a row of cells.
const tallyBytes = 6

// packTally packs the counts of a tally; they stop at 255, as those of a cell do.
func packTally(t progress.Tally) []byte {
	count := func(n int) byte { return byte(min(n, 255)) }
	return []byte{count(t.Targets), count(t.Compromised), count(t.SupportAsked), count(t.Achieved), byte(t.Present >> 8), byte(t.Present)}
}

func unpackTally(b []byte, quiet calendar.Date) progress.Tally {
	return progress.Tally{
		Targets: int(b[0]), Compromised: int(b[1]), SupportAsked: int(b[2]), Achieved: int(b[3]),
		Present: progress.Presence(b[4])<<8 | progress.Presence(b[5]), Quiet: quiet,
	}
}

// FillCells makes the cells of a half-year for every mandate that has none
// yet, as when a half-year begins. It gives the number of mandates filled.
func (s *Store) FillCells(ctx context.Context, period calendar.HalfYear) (int, error) {
	ids, err := s.queries.MandatesWithoutCells(ctx, period.Start())
	if err != nil {
		return 0, fmt.Errorf("find mandates without cells of %s: %w", period, err)
	}
	for _, id := range ids {
		err := s.inTx(ctx, func(_ pgx.Tx, q *db.Queries) error {
			if _, err := q.BumpVersion(ctx, id); err != nil {
				return err
			}
			return refreshCells(ctx, q, id, period)
		})
		if err != nil {
			return 0, fmt.Errorf("fill cells of mandate %d: %w", id, err)
		}
	}
	return len(ids), nil
}

// batch is what sqlc makes of every :batchexec statement.
type batch interface{ Exec(func(int, error)) }

func execAll(b batch) (failed error) {
	b.Exec(func(_ int, err error) {
		if failed == nil {
			failed = err
		}
	})
	return failed
}
