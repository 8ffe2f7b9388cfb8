package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

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
	print := out.Print()
	if errors.Is(err, store.ErrExists) {
		return Failure{exitNo, print.T("command.generate.exists")}
	}
	if err != nil {
		return err
	}
	seconds := decimal.NewFromInt(time.Since(began).Milliseconds()).Shift(-3).Round(1)
	fmt.Fprintln(out.Stdout, print.T("command.generate.done", "Mandates", c.Mandates, "Entries", entries, "Seconds", print.Number(seconds)))
	return nil
}
