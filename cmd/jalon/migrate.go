package main

import (
	"context"
	"fmt"

	"jalon/internal/store"
)

// MigrateCmd works on the schema.
type MigrateCmd struct {
	Direction     string `arg:"" enum:"up,down,status"`
	DatabaseFlags `group:"database"`
}

// Run does one direction.
func (c MigrateCmd) Run(out *Output) error {
	ctx := context.Background()
	dsn, giveUp, err := c.connect(ctx, quiet())
	if err != nil {
		return err
	}
	defer giveUp()
	switch c.Direction {
	case "up":
		err = store.Migrate(ctx, dsn)
	case "down":
		err = store.MigrateDown(ctx, dsn)
	}
	if err != nil {
		return err
	}
	steps, err := store.MigrationStatus(ctx, dsn)
	for _, step := range steps {
		state := out.Print().T("command.migrate.pending")
		if step.Applied {
			state = out.Print().T("command.migrate.applied")
		}
		fmt.Fprintf(out.Stdout, "%05d  %s  %s\n", step.Version, state, step.Name)
	}
	return err
}
