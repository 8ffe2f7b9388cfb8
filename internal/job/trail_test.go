package job

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/calendar"
	"jalon/internal/monitoring"
	"jalon/internal/store"
)

// Two servers sign a day that has ended once; an altered trail is told once a day and not signed.
func TestDaysOfTheTrailAreSignedOnce(t *testing.T) {
	o, ctx := newOutbox(t), store.AsSystem(context.Background())
	signer, err := monitoring.NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	j := o.jobs(nil)
	j.Signer = signer
	if err := o.Audit(ctx, store.Event{Action: "sign in"}); err != nil {
		t.Fatal(err)
	}
	now := time.Now() // the database has no other clock
	if err := j.signTrail(ctx, now); err != nil {
		t.Fatal(err)
	}
	if state, err := o.TrailState(ctx); err != nil || !state.LastSigned.IsZero() {
		t.Errorf("a day that goes on was signed: %+v, %v", state, err)
	}
	tomorrow := now.AddDate(0, 0, 1)
	for range 3 {
		if err := j.signTrail(ctx, tomorrow); err != nil {
			t.Fatal(err)
		}
	}
	state, err := o.TrailState(ctx)
	if err != nil || state.LastSigned != calendar.DateOf(now) || state.Findings != 0 || strings.Count(o.log.String(), "audit trail signed") != 1 {
		t.Errorf("%+v, %v\n%s", state, err, o.log)
	}

	conn, err := pgx.Connect(ctx, o.dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if err := o.Audit(ctx, store.Event{Action: "sign in"}); err != nil { // of the day after
		t.Fatal(err)
	}
	for _, sql := range []string{`ALTER TABLE audit_event DISABLE TRIGGER append_only`, `UPDATE audit_event SET action = 'sign out' WHERE id = 1`} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := j.signTrail(ctx, now.AddDate(0, 0, 2)); err != nil {
			t.Fatal(err)
		}
	}
	if state, err = o.TrailState(ctx); err != nil || state.Findings != 1 || state.LastSigned != calendar.DateOf(now) {
		t.Errorf("%+v, %v", state, err)
	}
	if n := strings.Count(o.log.String(), `"audit trail altered"`); n != 1 {
		t.Errorf("told %d times", n)
	}
}

// The nightly list is made once a day, and removes nothing.
func TestListsOfWhatCouldGoAreMadeOnceADay(t *testing.T) {
	o, ctx := newOutbox(t), store.AsSystem(context.Background())
	hr := o.person("hr", "nl")
	if err := o.SetRetention(ctx, store.Submission{Key: [16]byte{1}, PersonID: hr, Action: "set retention"}, "mail", 90, morning, ""); err != nil {
		t.Fatal(err)
	}
	o.post(3)
	j := o.jobs(nil)
	late := morning.AddDate(0, 0, 91)
	for _, id := range []int64{1, 2, 3} {
		if err := o.RecordMail(ctx, store.Mail{ID: id, State: store.MailSent}, true, morning); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		for _, now := range []time.Time{morning.AddDate(0, 0, 80), late, late.Add(time.Hour), late.AddDate(0, 0, 1)} {
			if err := j.listDeletions(ctx, now); err != nil {
				t.Fatal(err)
			}
		}
	}
	lists, err := o.DeletionLists(ctx)
	if err != nil || len(lists) != 1 || lists[0].MadeByID != 0 || len(lists[0].Items) != 1 || lists[0].Items[0].Found != 3 || !lists[0].MadeAt.Equal(late) {
		t.Errorf("%+v, %v", lists, err)
	}
	if m, err := o.MailToSend(ctx, 1); err != nil || m.Text == "" {
		t.Errorf("a list removed something: %v", err)
	}
}
