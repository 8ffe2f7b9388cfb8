package store

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"jalon/internal/calendar"
	"jalon/internal/monitoring"
	"jalon/internal/trail"
)

// chained is a store with a trail of three days, the first two signed, and a
// connection for somebody who owns the database.
type chained struct {
	*Store
	t      *testing.T
	owner  *pgx.Conn
	signer monitoring.Signer
	ids    []int64 // of the events, five a day
	days   []calendar.Date
}

// chain makes a trail. The days before today are made by moving the links of
// today back, which only an owner can.
func chain(t *testing.T) *chained {
	t.Helper()
	ctx, dsn := AsSystem(context.Background()), database(t)
	c := &chained{Store: openAt(t, dsn), t: t}
	var err error
	if c.owner, err = pgx.Connect(ctx, dsn); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.owner.Close(ctx) })
	if c.signer, err = monitoring.NewSigner(); err != nil {
		t.Fatal(err)
	}
	today := calendar.DateOf(time.Now())
	c.days = []calendar.Date{today.AddDays(-2), today.AddDays(-1), today}
	for i := range 15 {
		if err := c.Audit(ctx, Event{Action: "sign in", Object: fmt.Sprintf("person/%d", i), Detail: map[string]any{"n": i, "é": "ü"}}); err != nil {
			t.Fatal(err)
		}
		var id int64
		c.row(&id, `SELECT max(id) FROM audit_event`)
		c.ids = append(c.ids, id)
	}
	// what SQL computes here must be what the trigger computes
	c.alter(`DELETE FROM audit_link`)
	for i, id := range c.ids {
		c.alter(`SELECT audit_append(e, $2::date) FROM audit_event e WHERE id = $1`, id, c.days[i/5].String())
	}
	if signed, r, err := c.SignTrail(ctx, c.signer, today, time.Now()); err != nil || len(signed) != 2 || !r.Intact() {
		t.Fatalf("signed %d days: %v %+v", len(signed), err, r)
	}
	return c
}

func (c *chained) row(into any, sql string, args ...any) {
	c.t.Helper()
	if err := c.owner.QueryRow(AsSystem(context.Background()), sql, args...).Scan(into); err != nil {
		c.t.Fatalf("%s: %v", sql, err)
	}
}

// alter runs a statement as an owner who has switched every trigger off.
func (c *chained) alter(sql string, args ...any) {
	c.t.Helper()
	ctx := AsSystem(context.Background())
	for _, table := range []string{"audit_event", "audit_link", "audit_day"} {
		if _, err := c.owner.Exec(ctx, `ALTER TABLE `+table+` DISABLE TRIGGER ALL`); err != nil {
			c.t.Fatal(err)
		}
	}
	if _, err := c.owner.Exec(ctx, sql, args...); err != nil {
		c.t.Fatalf("%s: %v", sql, err)
	}
	for _, table := range []string{"audit_event", "audit_link", "audit_day"} {
		if _, err := c.owner.Exec(ctx, `ALTER TABLE `+table+` ENABLE TRIGGER ALL`); err != nil {
			c.t.Fatal(err)
		}
	}
}

func (c *chained) check() trail.Report {
	c.t.Helper()
	r, err := c.CheckTrail(AsSystem(context.Background()), calendar.Date{}, calendar.Date{})
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// rechain computes all links anew from a place on, as an owner could.
const rechain = `DO $$
DECLARE
    l audit_link;
    e audit_event;
    p bytea := (SELECT hash FROM audit_link WHERE event_id = %[1]d - 1);
BEGIN
    FOR l IN SELECT * FROM audit_link WHERE event_id >= %[1]d ORDER BY day, seq LOOP
        SELECT * INTO e FROM audit_event WHERE id = l.event_id;
        UPDATE audit_link SET prev = p, hash = audit_hash(p, l.day, l.seq, e) WHERE event_id = l.event_id;
        p := audit_hash(p, l.day, l.seq, e);
    END LOOP;
END
$$`

func TestWhoeverOwnsTheDatabaseCannotAlterTheTrailUnseen(t *testing.T) {
	base := chain(t)
	if r := base.check(); !r.Intact() || r.Events != 15 || r.Days != 3 || r.SignedDays != 2 {
		t.Fatalf("untouched: %+v", r)
	}
	for _, c := range []struct {
		name  string
		alter func(c *chained)
		want  func(c *chained) []trail.Finding
	}{
		{
			"detail edited", func(c *chained) { c.alter(`UPDATE audit_event SET detail = '{"n": 99}' WHERE id = $1`, c.ids[6]) },
			func(c *chained) []trail.Finding {
				return []trail.Finding{{Kind: trail.Changed, Day: c.days[1], Seq: 2, EventID: c.ids[6]}}
			},
		},
		{
			"time moved by a microsecond", func(c *chained) {
				c.alter(`UPDATE audit_event SET at = at + interval '1 microsecond' WHERE id = $1`, c.ids[12])
			},
			func(c *chained) []trail.Finding {
				return []trail.Finding{{Kind: trail.Changed, Day: c.days[2], Seq: 3, EventID: c.ids[12]}}
			},
		},
		{
			"middle event deleted", func(c *chained) { c.alter(`DELETE FROM audit_event WHERE id = $1`, c.ids[7]) },
			func(c *chained) []trail.Finding {
				return []trail.Finding{{Kind: trail.Missing, Day: c.days[1], Seq: 3, EventID: c.ids[7]}}
			},
		},
		{"middle event deleted with its link", func(c *chained) {
			c.alter(`DELETE FROM audit_event WHERE id = $1`, c.ids[7])
			c.alter(`DELETE FROM audit_link WHERE event_id = $1`, c.ids[7])
			c.alter(`UPDATE audit_link SET seq = -seq + 99 WHERE day = $1 AND seq > 3`, c.days[1].String())
			c.alter(`UPDATE audit_link SET seq = 99 - seq - 1 WHERE day = $1 AND seq > 50`, c.days[1].String())
		}, func(c *chained) []trail.Finding {
			return []trail.Finding{{Kind: trail.Missing, Day: c.days[1], Seq: 3, Until: 3}}
		}},
		{"last event of a signed day deleted", func(c *chained) {
			c.alter(`DELETE FROM audit_event WHERE id = $1`, c.ids[9])
			c.alter(`DELETE FROM audit_link WHERE event_id = $1`, c.ids[9])
		}, func(c *chained) []trail.Finding {
			return []trail.Finding{{Kind: trail.CutOff, Day: c.days[1], Seq: 5, Until: 5}}
		}},
		{"event put in", func(c *chained) {
			c.alter(`INSERT INTO audit_event (id, at, action) OVERRIDING SYSTEM VALUE VALUES (900, $1::date + interval '12 hours', 'sign in')`, c.days[1].String())
		}, func(c *chained) []trail.Finding {
			return []trail.Finding{{Kind: trail.Inserted, Day: c.days[1], EventID: 900}}
		}},
		{"two events changed places", func(c *chained) {
			c.alter(`UPDATE audit_link SET event_id = -event_id WHERE event_id IN ($1, $2)`, c.ids[6], c.ids[8])
			c.alter(`UPDATE audit_link SET event_id = $1::bigint + $2::bigint + event_id WHERE event_id < 0`, c.ids[6], c.ids[8])
		}, func(c *chained) []trail.Finding {
			return []trail.Finding{{Kind: trail.Moved, Day: c.days[1], Seq: 2, EventID: c.ids[6]}, {Kind: trail.Moved, Day: c.days[1], Seq: 4, EventID: c.ids[8]}}
		}},
		{"the whole tail rewritten with its links", func(c *chained) {
			c.alter(`UPDATE audit_event SET actor_id = NULL, object = 'person/0' WHERE id = $1`, c.ids[7])
			c.alter(fmt.Sprintf(rechain, c.ids[7]))
		}, func(c *chained) []trail.Finding {
			return []trail.Finding{{Kind: trail.Rewritten, Day: c.days[1], EventID: c.ids[9]}}
		}},
		{"signature changed", func(c *chained) {
			c.alter(`UPDATE audit_day SET signature = (SELECT signature FROM audit_day WHERE day = $1) WHERE day = $2`, c.days[0].String(), c.days[1].String())
		}, func(c *chained) []trail.Finding {
			return []trail.Finding{{Kind: trail.BadSignature, Day: c.days[1]}}
		}},
		{"signed day forgotten and its events removed", func(c *chained) {
			c.alter(`DELETE FROM audit_event WHERE id BETWEEN $1 AND $2`, c.ids[5], c.ids[9])
			c.alter(`DELETE FROM audit_link WHERE day = $1`, c.days[1].String())
			c.alter(`DELETE FROM audit_day WHERE day = $1`, c.days[1].String())
		}, func(c *chained) []trail.Finding {
			return []trail.Finding{{Kind: trail.Rewritten, Day: c.days[0]}}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr := chain(t)
			c.alter(tr)
			if diff := cmp.Diff(c.want(tr), tr.check().Findings); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if signed, _, err := tr.SignTrail(AsSystem(context.Background()), tr.signer, tr.days[2].AddDays(1), time.Now()); err != nil || len(signed) > 0 {
				t.Errorf("an altered trail was signed: %v, %v", signed, err)
			}
		})
	}
}

// The application itself can do none of it.
func TestApplicationCannotTouchTheTrail(t *testing.T) {
	c := chain(t)
	for _, sql := range []string{
		`UPDATE audit_event SET action = 'x'`, `DELETE FROM audit_event`, `TRUNCATE audit_event`,
		`INSERT INTO audit_event (at, action) VALUES ('2020-01-01', 'x')`,
		`INSERT INTO audit_event (action, address) VALUES ('x', '192.0.2.17')`,
		`INSERT INTO audit_link (event_id, day, seq, prev, hash) SELECT 900, day, seq + 1, prev, hash FROM audit_link`,
		`UPDATE audit_link SET seq = 9`, `DELETE FROM audit_link`, `TRUNCATE audit_link`,
		`UPDATE audit_day SET signature = ''`, `DELETE FROM audit_day`,
		`INSERT INTO audit_day (day, events, head, signed_at, signature, key_id, public_key) SELECT day + 9, events, head, now(), '', '', '' FROM audit_day LIMIT 1`,
		`SELECT audit_append(e, '2026-01-01') FROM audit_event e`,
		`ALTER TABLE audit_event DISABLE TRIGGER link`,
		`DELETE FROM audit_check`,
	} {
		if _, err := c.Pool().Exec(AsSystem(context.Background()), sql); err == nil {
			t.Errorf("%s: done", sql)
		}
	}
	if r := c.check(); !r.Intact() || r.Events != 15 {
		t.Errorf("%+v", r)
	}
}

// A day that was signed ahead of its end stays as it was signed.
func TestSignedDayGetsNoMoreEvents(t *testing.T) {
	c, ctx := chain(t), AsSystem(context.Background())
	tomorrow := c.days[2].AddDays(1)
	if signed, _, err := c.SignTrail(ctx, c.signer, tomorrow, time.Now()); err != nil || len(signed) != 1 {
		t.Fatal(signed, err)
	}
	if err := c.Audit(ctx, Event{Action: "sign in"}); err != nil {
		t.Fatal(err)
	}
	if r := c.check(); !r.Intact() || r.LastDay != tomorrow || r.SignedDays != 3 {
		t.Errorf("%+v", r)
	}
	again, _, err := c.SignTrail(ctx, c.signer, tomorrow, time.Now())
	if err != nil || len(again) > 0 {
		t.Errorf("signed again: %v, %v", again, err)
	}
}

// Old days stay verifiable with the key that signed them, and the report names it.
func TestTrailOutlivesItsKey(t *testing.T) {
	c, ctx := chain(t), AsSystem(context.Background())
	other, err := monitoring.NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.SignTrail(ctx, other, c.days[2].AddDays(1), time.Now()); err != nil {
		t.Fatal(err)
	}
	want := []trail.KeyUse{
		{KeyID: c.signer.KeyID(), PublicKey: c.signer.Public().String(), First: c.days[0], Last: c.days[1], Days: 2},
		{KeyID: other.KeyID(), PublicKey: other.Public().String(), First: c.days[2], Last: c.days[2], Days: 1},
	}
	if diff := cmp.Diff(want, c.check().Keys); diff != "" {
		t.Error(diff)
	}
}

// Many write at once, some of them fail: the chain has no gap and no fork.
func TestChainHoldsUnderManyWriters(t *testing.T) {
	c, ctx := chain(t), AsSystem(context.Background())
	var all sync.WaitGroup
	for w := range 16 {
		all.Go(func() {
			for i := range 20 {
				if (w+i)%5 == 0 {
					_ = pgx.BeginFunc(ctx, c.Pool(), func(tx pgx.Tx) error {
						_ = audit(ctx, c.queries.WithTx(tx), Event{Action: "sign in"})
						return context.Canceled
					})
					continue
				}
				if err := c.Audit(ctx, Event{Action: "sign in", ActorID: 0}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if r := c.check(); !r.Intact() || r.Events != 15+16*16 {
		t.Errorf("%+v", r)
	}
}

func TestPartOfATrailCanBeChecked(t *testing.T) {
	c, ctx := chain(t), AsSystem(context.Background())
	c.alter(`UPDATE audit_event SET detail = '{}' WHERE id IN ($1, $2)`, c.ids[2], c.ids[12])
	for _, p := range []struct {
		from, until calendar.Date
		events      int
		found       int
	}{
		{c.days[1], c.days[1], 5, 0}, {c.days[1], calendar.Date{}, 10, 1}, {calendar.Date{}, c.days[1], 10, 1}, {c.days[2].AddDays(1), calendar.Date{}, 0, 0},
	} {
		r, err := c.CheckTrail(ctx, p.from, p.until)
		if err != nil || r.Events != p.events || len(r.Findings) != p.found {
			t.Errorf("%s to %s: %v, %+v", p.from, p.until, err, r)
		}
	}
}

// Events per second of sixteen writers, each event in a transaction of its own.
func BenchmarkEvents(b *testing.B) {
	ctx := AsSystem(context.Background())
	for _, linked := range []bool{false, true} {
		b.Run(fmt.Sprintf("linked=%v", linked), func(b *testing.B) {
			dsn := database(b)
			s, err := Open(ctx, dsn, Options{Conns: 16})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			if !linked {
				owner, err := pgx.Connect(ctx, dsn)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := owner.Exec(ctx, `ALTER TABLE audit_event DISABLE TRIGGER link`); err != nil {
					b.Fatal(err)
				}
				defer owner.Close(ctx)
			}
			work := make(chan int)
			var all sync.WaitGroup
			for range 16 {
				all.Go(func() {
					for range work {
						if err := s.Audit(ctx, Event{Action: "sign in", Object: "person/1", Detail: map[string]any{"a": 1}}); err != nil {
							b.Error(err)
						}
					}
				})
			}
			b.ResetTimer()
			for i := range b.N {
				work <- i
			}
			close(work)
			all.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

// What was recorded before there was a chain gets one, in its order.
func TestEventsOfBeforeTheChainAreChained(t *testing.T) {
	ctx, dsn := AsSystem(context.Background()), emptyDatabase(t)
	if err := Migrate(ctx, dsn); err != nil {
		t.Fatal(err)
	}
	owner, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close(ctx)
	for chained := true; chained; {
		if err := MigrateDown(ctx, dsn); err != nil {
			t.Fatal(err)
		}
		if err := owner.QueryRow(ctx, `SELECT to_regclass('audit_link') IS NOT NULL`).Scan(&chained); err != nil {
			t.Fatal(err)
		}
	}
	// the third began in a transaction that had started the day before
	for _, at := range []string{"2026-03-01 10:00Z", "2026-03-02 00:30Z", "2026-03-01 22:59:59Z", "2026-03-03 10:00Z"} {
		if _, err := owner.Exec(ctx, `INSERT INTO audit_event (at, action) VALUES ($1::timestamptz, 'sign in')`, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := Migrate(ctx, dsn); err != nil {
		t.Fatal(err)
	}
	r, err := openAt(t, dsn).CheckTrail(ctx, calendar.Date{}, calendar.Date{})
	if err != nil || !r.Intact() || r.Events != 4 || r.Days != 3 || r.LastDay != calendar.MustDate(2026, time.March, 3) {
		t.Errorf("%+v, %v", r, err)
	}
}
