package store

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/progress"
	"jalon/internal/store/db"
)

// Bulk is a large data set to be stored at once, into a database that has none
// of its mandates.
type Bulk struct {
	Institutions []mandate.Institution
	Holders      []BulkHolder // of the mandate of the same number
	Mandates     []mandate.Mandate
	Entries      func(mandate int) iter.Seq[BulkEntry] // in the order of recording
}

// BulkHolder holds one mandate, which was known from the first day on; the account has no password.
type BulkHolder struct {
	Email, Name string
	Lang        bilingual.Lang
	From, Until calendar.Date
}

// BulkEntry is an entry of the holder on a target, counted from 0 in the order
// of the letter; ids and author are not used.
type BulkEntry struct {
	Target int
	progress.Entry
}

// CopyIn stores a data set in one transaction, with the cells of every
// half-year that has entries. ErrExists when a mandate or account is there
// already. It gives the number of entries.
func (s *Store) CopyIn(ctx context.Context, b Bulk) (entries int, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx, q *db.Queries) error {
		w := bulkWriter{ctx: ctx, tx: tx, q: q, bulk: b, shared: map[string]int64{}, halves: map[calendar.HalfYear]bool{}}
		for _, step := range []func() error{w.open, w.offices, w.letters, w.copyLetters, w.copyEntries, w.fillCells} {
			if err := step(); err != nil {
				return err
			}
		}
		entries = w.entries
		return audit(ctx, q, Event{Action: "copy in", Object: "bulk", Detail: map[string]any{"mandates": len(b.Mandates), "entries": entries}})
	})
	if err != nil {
		return 0, fmt.Errorf("copy %d mandates in: %w", len(b.Mandates), refusal(err))
	}
	return entries, s.settleStatistics(ctx)
}

// settleStatistics lets the planner know what was copied, as the owner if
// this connection may be it.
func (s *Store) settleStatistics(ctx context.Context) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer func() {
		_ = conn.Conn().Close(ctx) // its settings were changed: not for others
		conn.Release()
	}()
	for _, sql := range []string{`SET ROLE none`, `SET statement_timeout = 0`, `VACUUM (ANALYZE)`} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	return nil
}

// bulkWriter takes ids first, then copies table by table.
type bulkWriter struct {
	ctx         context.Context
	tx          pgx.Tx
	q           *db.Queries
	bulk        Bulk
	frameworkID int64
	mandates    []int64 // ids, in the order of the bulk
	holders     []int64
	targets     [][]int64        // ids by mandate, in the order of the letter
	shared      map[string]int64 // wordings of the framework, by place and words
	rows        map[string][][]any
	ids         map[string][]int64 // taken and not yet given
	halves      map[calendar.HalfYear]bool
	entries     int
}

func (w *bulkWriter) open() (err error) {
	for _, sql := range []string{`SET LOCAL statement_timeout = 0`, `SET LOCAL idle_in_transaction_session_timeout = 0`} {
		if _, err := w.tx.Exec(w.ctx, sql); err != nil {
			return err
		}
	}
	w.rows, w.ids = map[string][][]any{}, map[string][]int64{}
	w.frameworkID, err = w.q.PutFramework(w.ctx, framework)
	return err
}

// id gives a new id of a table; ids are taken a thousand at a time.
func (w *bulkWriter) id(table string) (int64, error) {
	if len(w.ids[table]) == 0 {
		rows, _ := w.tx.Query(w.ctx, `SELECT nextval(pg_get_serial_sequence($1, 'id')) FROM generate_series(1, 1000)`, table)
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return 0, fmt.Errorf("take ids of %s: %w", table, err)
		}
		w.ids[table] = ids
	}
	id := w.ids[table][0]
	w.ids[table] = w.ids[table][1:]
	return id, nil
}

// columns are those that are copied, the id first.
var columns = map[string][]string{
	"person":            {"id", "email", "name", "lang"},
	"mandate":           {"id", "institution_id", "framework_id", "code", "rank", "title_nl", "title_fr", "title_nl_state", "title_fr_state", "position"},
	"tenure":            {"id", "mandate_id", "person_id", "starts_on", "ends_on", "told_from"},
	"wording":           {"id", "framework_id", "framework_key"},
	"wording_version":   {"wording_id", "valid_from", "nl", "fr", "nl_state", "fr_state"},
	"objective":         {"id", "mandate_id", "kind", "code", "position", "wording_id"},
	"passage":           {"id", "objective_id", "kind", "position", "wording_id"},
	"measurement_point": {"id", "mandate_id", "objective_id", "code", "position", "wording_id"},
	"target":            {"id", "mandate_id", "measurement_point_id", "code", "position", "wording_id"},
	"kpi":               {"id", "mandate_id", "objective_id", "code", "position", "wording_id"},
	"deadline":          {"id", "mandate_id", "target_id", "objective_id", "valid_from", "phrase_nl", "phrase_fr", "phrase_nl_state", "phrase_fr_state", "reading", "owed_from", "due", "due_at_end"},
}

// add keeps a row for its copy, with a new id before the values.
func (w *bulkWriter) add(table string, values ...any) (int64, error) {
	id, err := w.id(table)
	if err != nil {
		return 0, err
	}
	w.rows[table] = append(w.rows[table], append([]any{id}, values...))
	return id, nil
}

// offices makes institutions, accounts and mandates. A mandate goes to the
// institution of its code.
func (w *bulkWriter) offices() error {
	institutions := map[string]int64{}
	for _, i := range w.bulk.Institutions {
		id, err := w.q.PutInstitution(w.ctx, db.PutInstitutionParams{Code: i.Code, NameNl: i.Name.NL, NameFr: i.Name.FR})
		if err != nil {
			return err
		}
		institutions[i.Code] = id
		if err := w.q.FirstBody(w.ctx, db.FirstBodyParams{InstitutionID: id, Code: "DR", NameNl: "Directieraad", NameFr: "Conseil de direction"}); err != nil {
			return err
		}
	}
	var position int
	if err := w.tx.QueryRow(w.ctx, `SELECT COALESCE(max(position), 0) FROM mandate`).Scan(&position); err != nil {
		return err
	}
	for i, m := range w.bulk.Mandates {
		h := w.bulk.Holders[i]
		holder, err := w.add("person", h.Email, h.Name, string(h.Lang))
		if err != nil {
			return err
		}
		id, err := w.add("mandate", institutions[m.Institution.Code], w.frameworkID, m.Code, m.Rank,
			m.Title.NL, m.Title.FR, string(m.Title.NLState), string(m.Title.FRState), position+i+1)
		if err != nil {
			return err
		}
		if _, err := w.add("tenure", id, holder, h.From, h.Until, h.From.Time()); err != nil {
			return err
		}
		w.mandates, w.holders = append(w.mandates, id), append(w.holders, holder)
	}
	return nil
}

func (w *bulkWriter) letters() error {
	w.targets = make([][]int64, len(w.bulk.Mandates))
	for i, m := range w.bulk.Mandates {
		for n, o := range m.Objectives {
			if err := w.objective(i, n+1, o); err != nil {
				return fmt.Errorf("%s %s: %w", m.Code, o.Code, err)
			}
		}
	}
	return nil
}

// wording adds words; those of a framework once.
func (w *bulkWriter) wording(place string, t bilingual.Text, shared bool) (id int64, err error) {
	key := place + "\x00" + t.NL
	if shared && w.shared[key] != 0 {
		return w.shared[key], nil
	}
	if shared {
		id, err = w.add("wording", w.frameworkID, place)
		w.shared[key] = id
	} else {
		id, err = w.add("wording", nil, nil)
	}
	w.rows["wording_version"] = append(w.rows["wording_version"], []any{id, since, t.NL, t.FR, string(t.NLState), string(t.FRState)})
	return id, err
}

func (w *bulkWriter) objective(i, position int, o mandate.Objective) error {
	shared := o.Code.Kind == mandate.Transversal
	words, err := w.wording(o.Code.String(), o.Title, shared)
	if err != nil {
		return err
	}
	id, err := w.add("objective", w.mandates[i], string(o.Code.Kind), o.Code.String(), position, words)
	if err != nil {
		return err
	}
	for kind, texts := range map[string][]bilingual.Text{"context": o.Context, "goal": o.Goals} {
		for n, t := range texts {
			if words, err = w.wording(fmt.Sprintf("%s/%s%d", o.Code, kind, n+1), t, shared); err != nil {
				return err
			}
			if _, err := w.add("passage", id, kind, n+1, words); err != nil {
				return err
			}
		}
	}
	for n, k := range o.KPIs {
		if words, err = w.wording(k.Code.String(), k.Text, shared); err != nil {
			return err
		}
		if _, err := w.add("kpi", w.mandates[i], id, k.Code.String(), n+1, words); err != nil {
			return err
		}
	}
	for n, p := range o.Points {
		if words, err = w.wording(p.Code.String(), p.Text, shared); err != nil {
			return err
		}
		point, err := w.add("measurement_point", w.mandates[i], id, p.Code.String(), n+1, words)
		if err != nil {
			return err
		}
		for n, t := range p.Targets {
			if err := w.target(i, point, n+1, t, shared); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *bulkWriter) target(i int, point int64, position int, t mandate.Target, shared bool) error {
	words, err := w.wording(t.Code.String(), t.Text, shared)
	if err != nil {
		return err
	}
	id, err := w.add("target", w.mandates[i], point, t.Code.String(), position, words)
	if err != nil {
		return err
	}
	w.targets[i] = append(w.targets[i], id)
	d := t.Deadline
	if d.Text.IsZero() {
		return nil
	}
	reading, due, dueAtEnd, err := packReading(d.Reading)
	if err != nil {
		return err
	}
	_, err = w.add("deadline", w.mandates[i], id, nil, since, d.Text.NL, d.Text.FR, string(d.Text.NLState), string(d.Text.FRState),
		reading, d.Reading.OwedFrom(), due, dueAtEnd)
	return err
}

// copyLetters sends the rows, those that others refer to first.
func (w *bulkWriter) copyLetters() error {
	for _, table := range []string{
		"person", "mandate", "tenure", "wording", "wording_version", "objective", "passage", "measurement_point", "target", "kpi", "deadline",
	} {
		if _, err := w.tx.CopyFrom(w.ctx, pgx.Identifier{table}, columns[table], pgx.CopyFromRows(w.rows[table])); err != nil {
			return fmt.Errorf("copy %s: %w", table, err)
		}
	}
	return nil
}

// copyEntries takes the entries over a table of this transaction: PostgreSQL
// copies into no table that row security guards.
func (w *bulkWriter) copyEntries() error {
	for _, sql := range []string{
		`CREATE TEMPORARY TABLE copied_entry (LIKE progress_entry INCLUDING DEFAULTS) ON COMMIT DROP`,
		`ALTER TABLE copied_entry DROP COLUMN id`,
	} {
		if _, err := w.tx.Exec(w.ctx, sql); err != nil {
			return fmt.Errorf("make room for the entries: %w", err)
		}
	}
	next, stop := iter.Pull(w.entryRows())
	defer stop()
	names := []string{
		"mandate_id", "target_id", "as_of", "recorded_at", "author_id", "lang", "status", "percentage", "value",
		"achieved", "obstacles", "outside_control", "next_steps", "support_asked", "support_of", "support_by", "reason",
	}
	n, err := w.tx.CopyFrom(w.ctx, pgx.Identifier{"copied_entry"}, names, pgx.CopyFromFunc(func() ([]any, error) {
		row, ok := next()
		if !ok {
			return nil, nil
		}
		return row, nil
	}))
	w.entries = int(n)
	if err != nil {
		return fmt.Errorf("copy entries: %w", err)
	}
	list := strings.Join(names, ", ")
	if _, err := w.tx.Exec(w.ctx, `INSERT INTO progress_entry (`+list+`) SELECT `+list+` FROM copied_entry`); err != nil {
		return fmt.Errorf("store the entries: %w", err)
	}
	return nil
}

// entryRows gives the entries as they are copied, mandate by mandate.
func (w *bulkWriter) entryRows() iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for i, id := range w.mandates {
			for e := range w.bulk.Entries(i) {
				w.halves[calendar.HalfYearOf(e.AsOf)] = true
				if !yield([]any{
					id, w.targets[i][e.Target], e.AsOf, e.RecordedAt, w.holders[i], string(e.Lang), string(e.Status), nullDecimal(e.Percentage), nullDecimal(e.Value),
					e.Achieved, e.Obstacles, e.OutsideControl, e.NextSteps, e.SupportAsked, e.SupportOf, e.SupportBy, e.Reason,
				}) {
					return
				}
			}
		}
	}
}

func (w *bulkWriter) fillCells() error {
	var periods []calendar.Date
	for half := range w.halves {
		periods = append(periods, half.Start())
	}
	if len(periods) == 0 {
		return nil
	}
	// A mandate's rows are found by index only when the planner knows that there are many.
	if _, err := w.tx.Exec(w.ctx, `SET LOCAL enable_seqscan = off`); err != nil {
		return err
	}
	var cells []db.PutCellsParams
	for _, id := range w.mandates {
		own, err := askStandings(w.ctx, w.q, id, periods, calendar.Date{}).cells()
		if err != nil {
			return fmt.Errorf("cells of mandate %d: %w", id, err)
		}
		cells = append(cells, own...)
	}
	// Half-year by half-year, as in years of use: the overview of one reads pages that hold no other.
	slices.SortStableFunc(cells, func(a, b db.PutCellsParams) int { return a.Period.Compare(b.Period) })
	for some := range slices.Chunk(cells, 1000) {
		if err := execAll(w.q.PutCells(w.ctx, some)); err != nil {
			return fmt.Errorf("put cells: %w", err)
		}
	}
	return nil
}
