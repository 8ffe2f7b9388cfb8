package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"

	_ "github.com/jackc/pgx/v5/stdlib" // goose speaks database/sql
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"jalon/migrations"
)

// Step is one migration and whether it was applied.
type Step struct {
	Version int64
	Name    string
	Applied bool
}

// Migrate brings the schema up to date. Processes that start at once wait for
// each other on an advisory lock.
func Migrate(ctx context.Context, dsn string) error {
	return withProvider(dsn, func(p *goose.Provider) error {
		_, err := p.Up(ctx)
		return err
	})
}

// MigrateDown takes the last step back.
func MigrateDown(ctx context.Context, dsn string) error {
	return withProvider(dsn, func(p *goose.Provider) error {
		_, err := p.Down(ctx)
		return err
	})
}

// MigrationStatus lists every step known to the program.
func MigrationStatus(ctx context.Context, dsn string) (steps []Step, err error) {
	err = withProvider(dsn, func(p *goose.Provider) error {
		states, err := p.Status(ctx)
		for _, s := range states {
			steps = append(steps, Step{s.Source.Version, s.Source.Path, s.State == goose.StateApplied})
		}
		return err
	})
	return steps, err
}

// SchemaVersion is the newest migration in the program.
func SchemaVersion() int64 {
	names, _ := fs.Glob(migrations.Files, "*.sql")
	return int64(len(names)) // steps are numbered without gaps; a test holds that
}

func withProvider(dsn string, do func(*goose.Provider) error) error {
	conn, err := sql.Open("pgx", dsn)
	if err != nil {
		return fmt.Errorf("read the database address: %w", err)
	}
	defer conn.Close()
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return fmt.Errorf("prepare the migration lock: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, conn, migrations.Files, goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if err := do(p); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return nil
}
