package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"jalon/internal/calendar"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
	"jalon/internal/store"
	"jalon/internal/trail"
)

// AuditCmd works on the audit trail.
type AuditCmd struct {
	Verify AuditVerifyCmd `cmd:""`
	Sign   AuditSignCmd   `cmd:""`
}

// KeyFlags say where the key is that seals tables and signs days.
type KeyFlags struct {
	SealKeyFile string `env:"JALON_SEAL_KEY_FILE" placeholder:"file"`
}

func (k KeyFlags) path(dataDir string) string {
	if k.SealKeyFile != "" {
		return k.SealKeyFile
	}
	return filepath.Join(dataDir, "seal.key")
}

// AuditVerifyCmd computes the chain anew.
type AuditVerifyCmd struct {
	From    string   `placeholder:"date"`
	Until   string   `placeholder:"date"`
	Key     []string `placeholder:"key"`  // may have signed days
	Against string   `placeholder:"file"` // signed days as --json printed them before
	JSON    bool     `name:"json"`
	KeyFlags
	DatabaseFlags `group:"database"`
}

// signedDay is a day as it is printed, and read back with --against.
type signedDay struct {
	Day       string `json:"day"`
	Events    int    `json:"events"`
	Head      string `json:"head"`
	KeyID     string `json:"key_id"`
	PublicKey string `json:"public_key"`
	Signature string `json:"signature"`
}

type foundLine struct {
	Kind  trail.Kind `json:"kind"`
	Day   string     `json:"day,omitempty"`
	Seq   int        `json:"seq,omitempty"`
	Until int        `json:"until,omitempty"`
	Event int64      `json:"event,omitempty"`
	Words string     `json:"words"`
}

type auditAnswer struct {
	Intact     bool        `json:"intact"`
	Events     int         `json:"events"`
	Days       int         `json:"days"`
	SignedDays int         `json:"signed_days"`
	LastSigned string      `json:"last_signed,omitempty"`
	Head       string      `json:"head,omitempty"`
	Findings   []foundLine `json:"findings"`
	OtherKeys  []string    `json:"other_keys"` // public keys that signed days, and are not the present one or given
	Signed     []signedDay `json:"signed"`
}

// Run checks and says what it found.
func (c AuditVerifyCmd) Run(out *Output) error {
	print := out.Print()
	from, err := day(c.From, print)
	if err != nil {
		return err
	}
	until, err := day(c.Until, print)
	if err != nil {
		return err
	}
	if !until.IsZero() && until.Before(from) {
		return Failure{exitUsage, print.T("deadline.command.reversed")}
	}
	keys, err := VerifyCmd{Key: c.Key}.keys(print)
	if err != nil {
		return err
	}
	strict := len(keys) > 0
	if present, err := monitoring.LoadSigner(c.path(c.dataDir())); err == nil {
		keys = append(keys, present.Public())
	}
	published, err := c.published(print)
	if err != nil {
		return err
	}
	return c.with(func(ctx context.Context, s *store.Store) error {
		report, err := s.CheckTrail(ctx, from, until)
		if err != nil {
			return err
		}
		if from.IsZero() && until.IsZero() {
			if err := s.RecordCheck(ctx, report, time.Now()); err != nil {
				return err
			}
		}
		signed, err := s.AuditDays(ctx, from, until)
		if err != nil {
			return err
		}
		a := answer(report, signed, keys, print)
		if strict {
			for _, d := range signed {
				if slices.Contains(a.OtherKeys, d.PublicKey) {
					a.add(foundLine{Kind: "unknown_key", Day: d.Day.String(), Words: print.T("audit.command.unknown_key", "Day", print.Date(d.Day), "Key", d.KeyID)})
				}
			}
		}
		for _, p := range published {
			if !slices.ContainsFunc(a.Signed, func(d signedDay) bool { return d == p }) && inside(p.Day, from, until) {
				a.add(foundLine{Kind: "not_published", Day: p.Day, Words: print.T("audit.command.not_published", "Day", p.Day)})
			}
		}
		return c.say(out, a)
	})
}

func (a *auditAnswer) add(f foundLine) { a.Intact, a.Findings = false, append(a.Findings, f) }

func inside(written string, from, until calendar.Date) bool {
	d, err := calendar.ParseDate(written)
	return err == nil && !d.Before(from) && (until.IsZero() || !d.After(until))
}

func answer(r trail.Report, signed []trail.Day, keys []monitoring.PublicKey, print *locale.Printer) auditAnswer {
	a := auditAnswer{
		Intact: r.Intact(), Events: r.Events, Days: r.Days, SignedDays: r.SignedDays, Findings: []foundLine{}, OtherKeys: []string{}, Signed: []signedDay{},
	}
	if !r.LastSigned.IsZero() {
		a.LastSigned = r.LastSigned.String()
	}
	if r.Events > 0 {
		a.Head = r.Head.String()
	}
	for _, f := range r.Findings {
		a.Findings = append(a.Findings, foundLine{f.Kind, f.Day.String(), f.Seq, f.Until, f.EventID, print.TrailFinding(f)})
	}
	for _, k := range r.Keys {
		if !slices.ContainsFunc(keys, func(known monitoring.PublicKey) bool { return known.String() == k.PublicKey }) {
			a.OtherKeys = append(a.OtherKeys, k.PublicKey)
		}
	}
	for _, d := range signed {
		a.Signed = append(a.Signed, signedDay{d.Day.String(), d.Events, d.Head.String(), d.KeyID, d.PublicKey, d.Signature})
	}
	return a
}

func (c AuditVerifyCmd) say(out *Output, a auditAnswer) error {
	print := out.Print()
	if c.JSON {
		if err := printJSON(out, a); err != nil {
			return err
		}
	} else {
		key := "audit.command.intact"
		if !a.Intact {
			key = "audit.command.altered"
		}
		fmt.Fprintln(out.Stdout, print.N(key, a.Days, "Events", a.Events, "Signed", a.SignedDays))
		for _, f := range a.Findings {
			fmt.Fprintln(out.Stdout, "- "+f.Words)
		}
		for _, k := range a.OtherKeys {
			fmt.Fprintln(out.Stdout, print.T("audit.command.other_key", "Key", k))
		}
	}
	if !a.Intact {
		return Failure{Code: exitNo}
	}
	return nil
}

// published reads what was printed before.
func (c AuditVerifyCmd) published(print *locale.Printer) ([]signedDay, error) {
	if c.Against == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(c.Against)
	if err != nil {
		return nil, Failure{exitUsage, print.T("verify.no_file", "File", c.Against)}
	}
	var before auditAnswer
	if err := json.Unmarshal(raw, &before); err != nil || len(before.Signed) == 0 {
		return nil, Failure{exitUsage, print.T("audit.command.not_days", "File", c.Against)}
	}
	return before.Signed, nil
}

// day reads an optional day.
func day(typed string, print *locale.Printer) (calendar.Date, error) {
	if typed == "" {
		return calendar.Date{}, nil
	}
	d, err := locale.ParseDate(typed)
	if err != nil {
		return d, Failure{exitUsage, print.T("error.date.invalid")}
	}
	return d, nil
}

// AuditSignCmd signs the days that have ended.
type AuditSignCmd struct {
	JSON bool `name:"json"`
	KeyFlags
	DatabaseFlags `group:"database"`
}

// Run checks the trail and signs. It makes no key: a day must be signed with that of the server.
func (c AuditSignCmd) Run(out *Output) error {
	print := out.Print()
	signer, err := monitoring.LoadSigner(c.path(c.dataDir()))
	if errors.Is(err, monitoring.ErrExposed) {
		return err
	}
	if err != nil {
		return Failure{exitFault, print.T("audit.command.no_key", "Reason", err.Error())}
	}
	return c.with(func(ctx context.Context, s *store.Store) error {
		now := time.Now()
		signed, report, err := s.SignTrail(ctx, signer, calendar.DateOf(now), now)
		if err != nil {
			return err
		}
		a := answer(report, signed, []monitoring.PublicKey{signer.Public()}, print)
		if !a.Intact {
			return AuditVerifyCmd{JSON: c.JSON}.say(out, a)
		}
		if c.JSON {
			return printJSON(out, a)
		}
		for _, d := range a.Signed {
			fmt.Fprintln(out.Stdout, d.Day, d.Events, d.Head)
		}
		fmt.Fprintln(out.Stdout, print.N("audit.command.signed", len(a.Signed)))
		return nil
	})
}
