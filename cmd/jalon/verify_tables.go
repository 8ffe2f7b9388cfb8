package main

import (
	"fmt"
	"io"

	"jalon/internal/locale"
	"jalon/internal/monitoring"
	"jalon/internal/report"
)

// describeTables says of a file of all tables of a body what each is, by number
// and hash, and whether the sealed table of the body names it.
func describeTables(w io.Writer, c report.CheckedTables, print *locale.Printer) {
	body, period := c.Title()
	name, _, _ := body.Name.For(print.Lang)
	fmt.Fprintln(w, print.T("verify.tables.title", "Period", print.HalfYear(period), "Body", name))
	if c.Whole == nil {
		fmt.Fprintln(w, print.T("verify.tables.no_whole"))
	} else {
		fmt.Fprintln(w, print.T("verify.tables.whole", "Number", c.Whole.Seal.Number, "SHA256", c.Whole.Seal.SHA256))
	}
	keys := map[string]bool{} // each is named once
	key := func(v monitoring.Verdict) {
		if s := v.Seal; s.KeyID != "" && !keys[s.KeyID] {
			keys[s.KeyID] = true
			describeKey(w, v.Trusted, s, print)
		}
	}
	for _, t := range c.Each {
		if t.Outcome == monitoring.NotSealed {
			fmt.Fprintln(w, "- "+print.T("verify.tables.draft", "Mandate", t.Mandate))
			continue
		}
		line := print.T("verify.tables.table", "Mandate", t.Mandate, "Number", t.Seal.Number, "SHA256", t.Seal.SHA256)
		if t.Naming == monitoring.NotNamed {
			line += " (" + print.T("verify.tables.not_named") + ")"
		}
		if n := len(t.Errata); n > 0 {
			line += ". " + print.N("verify.errata", n)
		}
		fmt.Fprintln(w, "- "+line)
	}
	if c.Whole != nil {
		key(*c.Whole)
	}
	for _, t := range c.Each {
		key(t.Verdict)
	}
}
