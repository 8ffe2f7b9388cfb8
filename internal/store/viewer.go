package store

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"jalon/internal/calendar"
)

// viewer is in whose name the database is asked. It guards the tables that hold
// progress and evaluations by row, whatever a query forgets to ask (see
// migrations/00012_row_security.sql). The zero viewer is nobody: a guarded
// table then answers with an error.
type viewer struct {
	person string // number of a person, "0" for the system
	today  string // the day in Brussels, as 2006-01-02
}

type viewerKey struct{}

// As asks the database in the name of a person on a Brussels day.
func As(ctx context.Context, personID int64, today calendar.Date) context.Context {
	if personID <= 0 {
		return context.WithValue(ctx, viewerKey{}, viewer{})
	}
	return context.WithValue(ctx, viewerKey{}, viewer{strconv.FormatInt(personID, 10), today.String()})
}

// AsSystem asks in the name of Jalon itself, which sees everything: for jobs and
// commands, and for a request only where what it reads is public (site.publicKey).
func AsSystem(ctx context.Context) context.Context {
	return context.WithValue(ctx, viewerKey{}, viewer{person: "0"})
}

// heedless marks a question that reads no guarded table: its connection keeps
// the viewer of before, which saves a round trip in every request.
type heedless struct{}

func unguarded(ctx context.Context) context.Context {
	return context.WithValue(ctx, viewerKey{}, heedless{})
}

// introduced is where a connection keeps whom it last spoke for.
const introduced = "jalon viewer"

// introduce tells a connection in whose name it speaks from now on, when that
// is somebody else than before. A connection that cannot be told is not used.
func introduce(ctx context.Context, conn *pgx.Conn) (bool, error) {
	asked := ctx.Value(viewerKey{})
	if _, ok := asked.(heedless); ok {
		return true, nil
	}
	want, _ := asked.(viewer)
	known := conn.PgConn().CustomData()
	if is, ok := known[introduced].(viewer); ok && is == want {
		return true, nil
	}
	delete(known, introduced)
	const tell = `SELECT set_config('jalon.viewer', $1, false), set_config('jalon.today', $2, false)`
	if _, err := conn.PgConn().ExecParams(ctx, tell, [][]byte{[]byte(want.person), []byte(want.today)}, nil, nil, nil).Close(); err != nil {
		return false, fmt.Errorf("tell the database who asks: %w", err)
	}
	known[introduced] = want
	return true, nil
}

// inNameOfSystem lets the rest of a transaction see everything: for figures that
// are derived from what the person who writes may not read.
func inNameOfSystem(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `SELECT set_config('jalon.viewer', '0', true)`); err != nil {
		return fmt.Errorf("speak for the system: %w", err)
	}
	return nil
}
