package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"jalon/internal/store/db"
)

// together asks several questions in one round trip. Statements made for a
// batch wait until the answer of the first of them is read, and then go out in
// their order; their answers are read in that order, each once. Any other
// statement goes out at once, and so before those that wait. Close it at last.
type together struct {
	db.DBTX // where the statements go
	ctx     context.Context
	batch   pgx.Batch
	sent    pgx.BatchResults
}

// SendBatch lets the statements wait.
func (t *together) SendBatch(_ context.Context, b *pgx.Batch) pgx.BatchResults {
	t.batch.QueuedQueries = append(t.batch.QueuedQueries, b.QueuedQueries...)
	return answers{t}
}

func (t *together) send() pgx.BatchResults {
	if t.sent == nil {
		t.sent = t.DBTX.SendBatch(t.ctx, &t.batch)
	}
	return t.sent
}

// close reads what was not read, and gives the first error of all.
func (t *together) close() error { return t.send().Close() }

// answers are read by each statement for itself; together closes them.
type answers struct{ of *together }

func (a answers) Exec() (pgconn.CommandTag, error) { return a.of.send().Exec() }
func (a answers) Query() (pgx.Rows, error)         { return a.of.send().Query() }
func (a answers) QueryRow() pgx.Row                { return a.of.send().QueryRow() }
func (a answers) Tx() pgx.Tx                       { return a.of.send().Tx() }
func (a answers) Close() error                     { return nil }
