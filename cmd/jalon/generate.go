package main

import (
	"context"
	"fmt"
	"time"

	"jalon/internal/calendar"
	"jalon/internal/generate"
	"jalon/internal/store"
)

// GenerateCmd fills the database with a large data set for tests and measurements.
type GenerateCmd struct {
	Mandates      int    `default:"500"`
	Years         int    `default:"2"`
	Seed          uint64 `default:"1"`
	DatabaseFlags `group:"database"`
}

// Run makes the data set and says what it made.
func (c GenerateCmd) Run(out *Output) error {
	if c.Mandates < 1 || c.Mandates > 5000 || c.Years < 1 || c.Years > 20 {
		return Failure{exitUsage, out.Print().T("command.generate.bounds")}
	}
	ctx, began := store.AsSystem(context.Background()), time.Now()
	s, giveUp, err := c.open(ctx, quiet())
	if err != nil {
		return err
	}
	defer giveUp()
	entries, err := s.CopyIn(ctx, generate.Make(generate.Options{
		Mandates: c.Mandates, Years: c.Years, Seed: c.Seed, Until: calendar.HalfYearOf(calendar.DateOf(began)),
	}))
	if err != nil {
		return err
	}
	fmt.Fprintln(out.Stdout, out.Print().T("command.generate.done", "Mandates", c.Mandates, "Entries", entries, "Seconds", fmt.Sprintf("%.1f", time.Since(began).Seconds())))
	return nil
}
