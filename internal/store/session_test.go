package store

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/access"
	"jalon/internal/calendar"
)

func TestSessionEndsWhenItIsNotUsed(t *testing.T) {
	ctx := AsSystem(context.Background())
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	sessions := open(t).Sessions(func() time.Time { return now }, 30*time.Minute)
	begun := now
	if err := sessions.CommitCtx(ctx, "hashed", []byte("data"), begun.Add(10*time.Hour)); err != nil {
		t.Fatal(err)
	}
	find := func() bool {
		data, found, err := sessions.FindCtx(ctx, "hashed")
		if err != nil || found && string(data) != "data" {
			t.Fatalf("got %q, %v", data, err)
		}
		return found
	}
	for _, step := range []struct {
		pass time.Duration
		want bool
	}{{29 * time.Minute, true}, {29 * time.Minute, true}, {30 * time.Second, true}, {29 * time.Minute, true}, {31 * time.Minute, false}, {0, false}} {
		now = now.Add(step.pass)
		if got := find(); got != step.want {
			t.Errorf("%v after the start: found %v, want %v", now.Sub(begun), got, step.want)
		}
	}
	if err := sessions.RemoveExpired(ctx); err != nil {
		t.Fatal(err)
	}
	now = begun
	if find() {
		t.Error("an ended session was not removed")
	}
}

func TestEndedSessionIsNotRevivedByItsUse(t *testing.T) {
	ctx := AsSystem(context.Background())
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	sessions := open(t).Sessions(func() time.Time { return now }, 30*time.Minute)
	for _, token := range []string{"a", "b"} {
		if err := sessions.CommitCtx(ctx, token, []byte(token), now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	now = now.Add(10 * time.Minute)
	if err := sessions.DeleteCtx(ctx, "a"); err != nil {
		t.Fatal(err)
	}
	for token, want := range map[string]bool{"a": false, "b": true, "c": false} {
		if _, found, err := sessions.FindCtx(ctx, token); found != want || err != nil {
			t.Errorf("%s: found %v, %v; want %v", token, found, err, want)
		}
	}
}

// The account of whoever asks comes with their session, the same as when it is read by itself.
func TestWhoAsksComesWithTheSession(t *testing.T) {
	s := open(t)
	system, now := AsSystem(context.Background()), time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	id, _, err := s.CreatePerson(system, Submission{Action: "create person"}, NewPerson{
		Email: "lid@jalon.example", Name: "Lies Voorbeeld", Lang: "nl", PasswordHash: "x", Role: access.CommitteeMember, Today: calendar.DateOf(now),
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	sessions := s.Sessions(func() time.Time { return now }, time.Hour)
	if err := sessions.CommitCtx(Begun{PersonID: id}.In(system), "hashed", []byte("data"), now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := sessions.CommitCtx(system, "nobody", []byte("pending"), now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	want, err := s.Account(system, id)
	if err != nil {
		t.Fatal(err)
	}
	asking, asker := Asking(system)
	if data, found, err := sessions.FindCtx(asking, "hashed"); err != nil || !found || string(data) != "data" {
		t.Fatalf("the session of a person: %q %v %v", data, found, err)
	}
	if diff := cmp.Diff(want, asker.account); diff != "" || len(want.Viewer.Grants) != 1 {
		t.Errorf("with the session comes another account (-read +found):\n%s", diff)
	}
	asking, asker = Asking(system)
	if data, found, err := sessions.FindCtx(asking, "nobody"); err != nil || !found || string(data) != "pending" || asker.account.PersonID != 0 {
		t.Errorf("the session of nobody yet: %q %v %v of %d", data, found, err, asker.account.PersonID)
	}
}
