package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/store"
)

// MandatesCmd lists the mandates, in the order of the list on the site.
type MandatesCmd struct {
	JSON          bool `name:"json"`
	DatabaseFlags `group:"database"`
}

type mandateLine struct {
	Code        string         `json:"code"`
	Institution string         `json:"institution"`
	Title       bilingual.Text `json:"title"`
	Holder      string         `json:"holder"`
}

// Run prints one line per mandate.
func (c MandatesCmd) Run(out *Output) error {
	ctx := store.AsSystem(context.Background())
	s, giveUp, err := c.open(ctx, quiet())
	if err != nil {
		return err
	}
	defer giveUp()
	mandates, err := s.Mandates(ctx, access.Scope{All: true}, store.Moment{Day: calendar.DateOf(time.Now())})
	if err != nil {
		return err
	}
	lines := make([]mandateLine, len(mandates))
	for i, m := range mandates {
		lines[i] = mandateLine{m.Code, m.Institution.Code, m.Title, m.Holder.Name}
	}
	if c.JSON {
		return printJSON(out, lines)
	}
	for _, l := range lines {
		words, _, _ := l.Title.For(out.Lang)
		holder := l.Holder
		if holder == "" {
			holder = out.Print().T("command.vacant")
		}
		fmt.Fprintf(out.Stdout, "%-18s  %-12s  %s · %s\n", l.Code, l.Institution, words, holder)
	}
	return nil
}

func printJSON(out *Output, v any) error {
	e := json.NewEncoder(out.Stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
