package job

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"golang.org/x/sync/errgroup"

	"jalon/internal/calendar"
	"jalon/internal/demo"
	"jalon/internal/monitoring"
	"jalon/internal/store"
	"jalon/internal/testing/pgtest"
)

// furnished is an outbox with the example office in it.
func furnished(t testing.TB) *outbox {
	t.Helper()
	o := newOutbox(t)
	signer, err := monitoring.NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := demo.Load(store.AsSystem(t.Context()), o.Store, newShelf(t), signer, morning, func(string) string { return "" }); err != nil {
		t.Fatal(err)
	}
	return o
}

// mails lists what was planned: day, kind and language of each, the newest first.
func (o *outbox) mails() (lines []string) {
	o.t.Helper()
	all, _, err := o.OutgoingMails(store.AsSystem(context.Background()), 1000)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, m := range all {
		lines = append(lines, fmt.Sprintf("%s %s %s %s: %s", m.Day, m.Kind, m.Lang, m.Email, m.Subject))
	}
	return lines
}

// On 1 December 2026 the reports of the half-year are fifteen days and more
// away; on 16 December they are fifteen days away.
func TestAMorningInTheOffice(t *testing.T) {
	t.Parallel()
	o := furnished(t)
	j := o.jobs(nil)
	if err := o.at(j, "2026-12-16T06:59:00"); err != nil || len(o.mails()) != 0 {
		t.Fatalf("before seven: %v, %v", o.mails(), err)
	}
	if err := o.at(j, "2026-12-16T07:00:00"); err != nil {
		t.Fatal(err)
	}
	got := o.mails()
	if len(got) == 0 || o.in(store.MailKept) != len(got) {
		t.Fatalf("fifteen days before the end of the half-year: %v", got)
	}
	people := map[string]bool{}
	for _, line := range got {
		who, _, _ := strings.Cut(line, ": ")
		if people[who] || !strings.HasPrefix(line, "2026-12-16 digest ") {
			t.Errorf("unexpected: %s", line)
		}
		people[who] = true
	}
	for _, time := range []string{"2026-12-16T07:05:00", "2026-12-16T23:59:59"} {
		if err := o.at(j, time); err != nil || len(o.mails()) != len(got) {
			t.Errorf("%s: %v, %v", time, o.mails(), err)
		}
	}
}

// at plans as at a time in Brussels.
func (o *outbox) at(j *Jobs, when string) error {
	o.t.Helper()
	now, err := time.ParseInLocation("2006-01-02T15:04:05", when, calendar.Brussels)
	if err != nil {
		o.t.Fatal(err)
	}
	o.turn(now)
	return j.plan(store.AsSystem(context.Background()), now)
}

func TestServersThatPlanAtOncePlanOnce(t *testing.T) {
	t.Parallel()
	o := furnished(t)
	var all errgroup.Group
	for range 4 {
		j := o.jobs(nil)
		all.Go(func() error {
			return j.plan(store.AsSystem(context.Background()), time.Date(2026, 12, 16, 8, 0, 0, 0, time.UTC))
		})
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, line := range o.mails() {
		if seen[line] {
			t.Errorf("twice: %s", line)
		}
		seen[line] = true
	}
	if len(seen) == 0 {
		t.Error("nothing planned")
	}
}

// A clock that jumps a year ahead and back again makes no storm: one digest
// per person and day, whatever it shows.
func TestAClockThatJumpsMakesNoStorm(t *testing.T) {
	t.Parallel()
	o := furnished(t)
	j := o.jobs(nil)
	for _, when := range []string{
		"2026-12-16T07:00:00", "2027-12-16T07:00:00", "2026-12-16T08:00:00", "2026-12-17T07:00:00", "2026-12-31T07:00:00",
		"2025-06-15T07:00:00", "2027-03-28T07:00:00", "2026-10-25T07:00:00", "2028-02-29T07:00:00", "2026-12-31T09:00:00",
	} {
		if err := o.at(j, when); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]bool{}
	for _, line := range o.mails() {
		who, _, _ := strings.Cut(line, ": ")
		if seen[who] {
			t.Errorf("twice: %s", line)
		}
		seen[who] = true
	}
	if o.in(store.MailHeld) != 0 {
		t.Error("taken for a storm")
	}
}

func TestFarMoreMailsThanUsualWaitForAnAdministrator(t *testing.T) {
	t.Parallel()
	o, s := furnished(t), newSink(t)
	j := o.jobs(s.settings())
	// three hundred and one delegates of one mandate
	if _, err := o.Pool().Exec(store.AsSystem(t.Context()), `
		WITH p AS (INSERT INTO person (email, name, lang) SELECT 'd' || n || '@jalon.example', 'D' || n, 'fr' FROM generate_series(1, 301) n RETURNING id)
		INSERT INTO delegation (mandate_id, granted_by, person_id, starts_on, ends_on)
		SELECT t.mandate_id, t.person_id, p.id, '2026-01-01', '2027-12-31' FROM p, (SELECT * FROM tenure WHERE ends_on IS NULL OR ends_on > '2027-01-01' ORDER BY id LIMIT 1) t`); err != nil {
		t.Fatal(err)
	}
	if err := o.at(j, "2026-12-16T07:00:00"); err != nil {
		t.Fatal(err)
	}
	held := o.in(store.MailHeld)
	if held < 301 || o.in(store.MailQueued) != 1 {
		t.Fatalf("%d held, %d queued; want all held but the one that tells the administrator", held, o.in(store.MailQueued))
	}
	if err := j.Start(store.AsSystem(t.Context())); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = j.Stop(store.AsSystem(context.Background())) }()
	o.until("the administrator knows", func() bool { return o.in(store.MailSent) == 1 })
	if got := s.got(); len(got) != 1 || !strings.HasPrefix(got[0].messageID, "<storm.") {
		t.Fatalf("%d mails came", len(got))
	}
	if _, err := o.DecideHeld(store.AsSystem(t.Context()), store.Submission{Action: "release mail"}, true, o.clock(), ""); err != nil {
		t.Fatal(err)
	}
	o.until("those released are sent", func() bool { return o.in(store.MailSent) == held+1 })
	book, err := o.ReminderBook(store.AsSystem(t.Context()), calendar.MustDate(2026, 12, 17))
	if err != nil || book.Busiest != held {
		t.Errorf("the busiest day is %d, want %d: what was released is usual now (%v)", book.Busiest, held, err)
	}
}

// The migration is written out; River must find its own schema in it.
func TestTheSchemaIsTheOneThatRiverWouldMake(t *testing.T) {
	t.Parallel()
	ctx := store.AsSystem(t.Context())
	shape := func(dsn string, migrate bool) (lines []string) {
		pool, err := pgxpool.New(ctx, dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer pool.Close()
		m, err := rivermigrate.New(riverpgxv5.New(pool), nil)
		if err != nil {
			t.Fatal(err)
		}
		if migrate {
			if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
				t.Fatal(err)
			}
		}
		if v, err := m.Validate(ctx, nil); err != nil || !v.OK {
			t.Fatalf("River misses steps: %v, %v", v, err)
		}
		rows, _ := pool.Query(ctx, `
			SELECT concat_ws(' ', table_name, column_name, udt_name, character_maximum_length, is_nullable, column_default) AS line FROM information_schema.columns WHERE table_name LIKE 'river_%'
			UNION ALL
			SELECT indexdef FROM pg_indexes WHERE tablename LIKE 'river_%'
			UNION ALL
			SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE conrelid::regclass::text LIKE 'river_%'
			UNION ALL
			SELECT concat_ws(' ', enumlabel, enumsortorder > 0) FROM pg_enum e JOIN pg_type y ON y.oid = e.enumtypid WHERE y.typname = 'river_job_state'
			UNION ALL
			SELECT concat_ws(' ', version) FROM river_migration
			ORDER BY line`)
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				t.Fatal(err)
			}
			// their steps make this table twice, so the key of the second has another name
			lines = append(lines, strings.ReplaceAll(line, "river_migration_pkey1", "river_migration_pkey"))
		}
		return lines
	}
	theirs := shape(pgtest.Database(t, func(context.Context, string) error { return nil }, "empty"), true)
	ours := shape(newOutbox(t).dsn, false)
	if diff := cmp.Diff(theirs, ours); diff != "" || len(ours) < 40 {
		t.Errorf("what River makes (-) and what the migration makes (+), %d lines:\n%s", len(ours), diff)
	}
}
