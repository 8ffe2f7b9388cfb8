// Package demo loads the example office: one real mandate letter, three
// invented ones, invented people for every role and two years of reports.
//
// All of it is fixed, down to the hour, and ends in the second half of 2026:
// it does not move with the clock. Loaded later it stays true to itself, and
// shows what an office that stopped reporting looks like: in 2027 the sealed
// tables are the same, and more targets are late or not reported.
package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/shelf"
	"jalon/internal/store"
)

// Summary counts what a load made; it is zero when the office was there.
type Summary struct {
	Mandates, People, Entries, Seals, Events, Indicators, Values int
}

// opened is the day from which the granted roles count.
var opened = calendar.MustDate(2025, 1, 1)

// Load fills the store with the example office, once: it does nothing in a
// store that holds the first mandate from elsewhere. Of processes that load at
// once, one does and the others wait. A load that was cut off is finished by
// the next one. The tables are sealed with the signer's key; the current
// half-year is that of now. The files of the office are drawn and laid on the
// shelf. hash makes the stored form of a password.
func Load(ctx context.Context, s *store.Store, files *shelf.Shelf, signer monitoring.Signer, now time.Time, hash func(password string) string) (Summary, error) {
	ctx = store.AsSystem(ctx)
	l := loader{store: s, shelf: files, signer: signer, people: map[string]store.Credentials{}}
	err := s.Alone(ctx, "load the example office", func(ctx context.Context) error {
		wanted, err := l.wanted(ctx)
		if err != nil || !wanted {
			return err
		}
		for _, step := range []func(context.Context) error{
			func(ctx context.Context) error { return l.hire(ctx, hash) },
			l.seat, l.storeLetters, l.address, l.relive, l.rounds, l.register, l.follow, l.watch, l.evaluate,
		} {
			if err := step(ctx); err != nil {
				return err
			}
		}
		if _, err := s.FillCells(ctx, calendar.HalfYearOf(calendar.DateOf(now))); err != nil {
			return err
		}
		return l.finish(ctx)
	})
	if err != nil {
		return Summary{}, fmt.Errorf("load the example office: %w", err)
	}
	return l.summary, nil
}

type loader struct {
	store   *store.Store
	shelf   *shelf.Shelf
	signer  monitoring.Signer
	people  map[string]store.Credentials // by address
	offices []office
	ids     map[string]int64 // of the mandates, by code
	targets map[string]map[mandate.Code]int64
	summary Summary
}

// Every step has a key of its own, so that a repeated load skips what was stored.
var keys = uuid.MustParse("6a1d5c1e-6c2f-4e57-9b70-0d6f1f3f2b1a")

func key(step string) uuid.UUID { return uuid.NewSHA1(keys, []byte(step)) }

const (
	administrator = "admin@jalon.example"
	whole         = "the whole office"
)

func (l *loader) submission(by, action, step string) store.Submission {
	return store.Submission{Key: key(action + " " + step), PersonID: l.people[by].PersonID, Action: action}
}

// wanted reports whether there is anything to load.
func (l *loader) wanted(ctx context.Context) (bool, error) {
	var err error
	if l.offices, err = read[[]office]("mandates.json"); err != nil {
		return false, err
	}
	done, err := l.store.Submitted(ctx, key("load "+whole))
	if err != nil || done {
		return false, err
	}
	first := l.offices[0].Code
	_, _, err = l.store.MandateObject(ctx, first)
	if errors.Is(err, store.ErrNotFound) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return l.store.Submitted(ctx, key("import letter "+first)) // else it is somebody's real mandate
}

// finish notes that the office is whole.
func (l *loader) finish(ctx context.Context) error {
	return l.store.Note(ctx, l.submission(administrator, "load", whole), "demo")
}

// hire makes the institutions and the accounts.
func (l *loader) hire(ctx context.Context, hash func(string) string) error {
	institutions, err := read[[]institution]("institutions.json")
	if err != nil {
		return err
	}
	system := store.Submission{Action: "load the example office"}
	for _, i := range institutions {
		var bodies []monitoring.Body
		for _, b := range i.Bodies {
			if b.Scope == "" {
				bodies = append(bodies, monitoring.Body{Code: b.Code, Name: b.Name.name()})
			}
		}
		if err := l.store.AddInstitution(ctx, system, mandate.Institution{Code: i.Code, Name: i.Name.name()}, bodies); err != nil {
			return err
		}
		for _, b := range i.Bodies {
			if b.Scope == "" {
				continue
			}
			err := l.store.AddBody(ctx, system, i.Code, store.NewBody{Body: monitoring.Body{Code: b.Code, Name: b.Name.name()}, Scope: b.Scope, External: b.External}, "")
			if err != nil && !errors.Is(err, store.ErrExists) { // a load that was cut off made it
				return err
			}
		}
	}
	people, err := read[[]person]("people.json")
	if err != nil {
		return err
	}
	hashed := hash(Password)
	for _, p := range people {
		if err := l.account(ctx, p, hashed); err != nil {
			return fmt.Errorf("account of %s: %w", p.Email, err)
		}
	}
	return nil
}

// account makes the account of one person, unless there is one.
func (l *loader) account(ctx context.Context, p person, hashed string) error {
	c, err := l.store.CredentialsByEmail(ctx, p.Email)
	if errors.Is(err, store.ErrNotFound) {
		n := store.NewPerson{Email: p.Email, Name: p.Name, Lang: p.Lang, PasswordHash: hashed, Today: opened}
		for _, role := range p.Roles {
			if slices.Contains(access.Granted, role) { // the others come from tenures, delegations and evaluations
				n.Role, n.Institution = role, p.Scope
			}
		}
		if _, _, err := l.store.CreatePerson(ctx, store.Submission{Action: "create person"}, n, ""); err != nil {
			return err
		}
		l.summary.People++
		c, err = l.store.CredentialsByEmail(ctx, p.Email)
	}
	l.people[p.Email] = c
	return err
}

// storeLetters makes the mandates in the order of their list, with their holders.
func (l *loader) storeLetters(ctx context.Context) error {
	l.ids, l.targets = map[string]int64{}, map[string]map[mandate.Code]int64{}
	institutions, err := l.store.Institutions(ctx)
	if err != nil {
		return err
	}
	byCode := map[string]mandate.Institution{}
	for _, i := range institutions {
		byCode[i.Code] = i
	}
	for _, o := range l.offices {
		m, reading, source, err := readLetter(o)
		if err != nil {
			return err
		}
		_, _, repeated, err := l.store.StoreLetter(ctx, l.submission(administrator, "import letter", o.Code), store.Letter{
			Mandate: m, Institution: byCode[o.Institution.Code], Lang: bilingual.NL, FileName: o.Letter, Source: source, Findings: reading.Findings,
		})
		if err != nil {
			return err
		}
		if !repeated {
			l.summary.Mandates++
		}
		sheet, _, err := l.store.Sheet(ctx, store.SheetQuestion{Code: o.Code, AsOf: opened})
		if err != nil {
			return err
		}
		l.ids[o.Code], l.targets[o.Code] = sheet.Mandate.ID, map[mandate.Code]int64{}
		for _, t := range sheet.Mandate.Targets() {
			l.targets[o.Code][t.Code] = t.ID
		}
		if err := l.appoint(ctx, o); err != nil {
			return fmt.Errorf("holders of %s: %w", o.Code, err)
		}
	}
	return nil
}

func (l *loader) appoint(ctx context.Context, o office) error {
	for _, t := range o.Tenures {
		sub := l.submission(administrator, "appoint", o.Code+" "+t.From.String())
		sub.At = t.From.Time()
		err := l.store.Appoint(ctx, sub, l.ids[o.Code], mandate.Tenure{PersonID: l.people[t.Holder].PersonID, From: t.From, Until: t.Until, Interim: t.Interim})
		if err != nil {
			return err
		}
	}
	for _, d := range o.Delegations {
		sub := l.submission(d.By, "delegate", o.Code+" "+d.To+" "+d.From.String())
		given := mandate.Delegation{ByID: l.people[d.By].PersonID, ToID: l.people[d.To].PersonID, From: d.From, Until: d.Until, Objectives: d.Objectives}
		_, _, err := l.store.Delegate(ctx, sub, l.ids[o.Code], given, d.From.Time(), "")
		if err != nil {
			return err
		}
	}
	return nil
}

// relive records the reports and seals the tables in the order in which it happened.
func (l *loader) relive(ctx context.Context) error {
	events, err := history(l.offices)
	if err != nil {
		return err
	}
	for _, e := range events {
		switch {
		case e.said != nil:
			err = l.decide(ctx, *e.said)
		case e.session.entries == nil:
			err = l.seal(ctx, e.seal)
		default:
			err = l.report(ctx, e.session)
		}
		if err != nil {
			return fmt.Errorf("what happened at %s: %w", e.at.Format(time.DateTime), err)
		}
	}
	return nil
}

func (l *loader) report(ctx context.Context, s session) error {
	r := store.Report{MandateID: l.ids[s.mandate], Period: s.entries[0].Period}
	for _, e := range s.entries {
		recorded, err := l.entry(ctx, s.mandate, e)
		if err != nil {
			return fmt.Errorf("%s: %w", e.Target, err)
		}
		r.Entries = append(r.Entries, recorded)
	}
	sub := l.submission(s.entries[0].Author, "record report", fmt.Sprintf("%s %s %s", s.mandate, r.Period, s.at().Format(time.RFC3339)))
	done, err := l.store.Submitted(ctx, sub.Key)
	if err != nil || done {
		return err
	}
	if err := l.prove(ctx, s); err != nil {
		return err
	}
	_, repeated, err := l.store.RecordReport(ctx, sub, r)
	if err == nil && !repeated {
		l.summary.Entries += len(r.Entries)
	}
	return err
}

func (l *loader) entry(ctx context.Context, code string, e entry) (progress.Entry, error) {
	target, ok := l.targets[code][e.Target]
	if !ok {
		return progress.Entry{}, fmt.Errorf("mandate %s has no such target", code)
	}
	recorded := progress.Entry{
		TargetID: target, Status: e.Status, AsOf: e.AsOf, RecordedAt: e.RecordedAt, Lang: e.Lang,
		AuthorID: l.people[e.Author].PersonID, OnBehalfOfID: l.people[e.OnBehalfOf].PersonID,
		Percentage: e.Percentage, Value: e.Value, Achieved: e.Achieved, Obstacles: e.Obstacles, NextSteps: e.NextSteps,
		SupportAsked: e.SupportAsked, SupportOf: e.SupportOf, SupportBy: e.SupportBy,
		Reason: e.Reason, CorrectionReason: e.CorrectionReason,
	}
	if !e.Corrects {
		return recorded, nil
	}
	sheet, _, err := l.store.Sheet(ctx, store.SheetQuestion{Code: code, AsOf: e.AsOf})
	if err != nil {
		return recorded, err
	}
	if was := sheet.Latest[target]; was != nil && was.AsOf == e.AsOf {
		recorded.Supersedes = was.ID
		return recorded, nil
	}
	return recorded, fmt.Errorf("there is no entry as of %s to correct", e.AsOf)
}

func (l *loader) seal(ctx context.Context, s seal) error {
	by := l.people[s.By]
	_, repeated, err := l.store.SealTable(ctx, l.submission(s.By, "seal table", s.Mandate+" "+s.Period.String()), store.SealRequest{
		Code: s.Mandate, ID: l.ids[s.Mandate], Period: s.Period, At: s.SealedAt, By: by.Name, Software: "demo", Signer: l.signer,
	})
	if err == nil && !repeated {
		l.summary.Seals++
	}
	return err
}
