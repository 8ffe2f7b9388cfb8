package job

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/store"
)

// hour of Brussels from which the mails of a day are made.
const hour = 7

// planArgs is the job that makes the mails of a day, and takes care that each
// queued mail has a job.
type planArgs struct{}

func (planArgs) Kind() string { return "plan_mails" }

// InsertOpts keeps a second one from waiting behind the first.
func (planArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}}}
}

type planWorker struct {
	river.WorkerDefaults[planArgs]
	*Jobs
}

// Work plans the day, then gives each queued mail a job: also those that were
// released, and those whose job was lost. A mail that has one gets no other.
func (w *planWorker) Work(ctx context.Context, _ *river.Job[planArgs]) error {
	if err := w.plan(ctx, w.Now()); err != nil {
		return err
	}
	return sendQueued(ctx, w.Store, river.ClientFromContext[pgx.Tx](ctx))
}

// sendQueued gives each queued mail a job; one that has one gets no other.
func sendQueued(ctx context.Context, s *store.Store, client *river.Client[pgx.Tx]) error {
	ids, err := s.QueuedMails(ctx)
	if err != nil || len(ids) == 0 {
		return err
	}
	params := make([]river.InsertManyParams, len(ids))
	for i, id := range ids {
		params[i] = river.InsertManyParams{Args: mailArgs{ID: id}}
	}
	if _, err := client.InsertMany(ctx, params); err != nil {
		return fmt.Errorf("queue the mails: %w", err)
	}
	return nil
}

// plan makes the mails of the Brussels day of an instant, from seven o'clock
// on. It does nothing on a day that was planned before, by whichever server.
func (j *Jobs) plan(ctx context.Context, now time.Time) error {
	today := calendar.DateOf(now)
	if now.In(calendar.Brussels).Hour() < hour {
		return nil
	}
	book, err := j.Store.ReminderBook(ctx, today)
	if err != nil || book.Planned {
		return err
	}
	d := day{Today: today, LastDay: book.LastDay, ReminderBook: book}
	if d.Mandates, d.Noted, err = j.owed(ctx, today); err != nil {
		return err
	}
	due := notices(d)
	unusual, usual := storm(len(due), book.Busiest)
	state := store.MailQueued
	if j.SMTP == nil {
		state = store.MailKept
	}
	var mails []store.Mail
	if unusual {
		j.Log.ErrorContext(ctx, "far more mails than usual: they wait for an administrator", "mails", len(due), "usual", usual)
		if mails, err = j.write(nil, d.stormNotices(len(due), usual), state); err != nil {
			return err
		}
		state = store.MailHeld
	}
	if mails, err = j.write(mails, due, state); err != nil {
		return err
	}
	planned, err := j.Store.PlanMails(ctx, today, unusual, mails, now)
	if planned && len(due) > 0 {
		j.Log.InfoContext(ctx, "mails planned", "day", today.String(), "mails", len(due), "state", state)
	}
	return err
}

// owed gives what every mandate owes around today: from so far back that a
// count over a whole year is seen, to as far ahead as anybody is reminded. And what
// is done about its indicators.
func (j *Jobs) owed(ctx context.Context, today calendar.Date) ([]mandateDuties, []store.NotedIndicator, error) {
	owed, err := j.Store.Owed(ctx, store.DutyQuestion{Scope: access.Scope{All: true}, AsOf: today})
	if err != nil {
		return nil, nil, err
	}
	all := make([]mandateDuties, len(owed.Questions))
	for i, q := range owed.Questions {
		q.From, q.Until = today.AddDays(-400), today.AddDays(daysBefore)
		all[i] = mandateDuties{q.Mandate.ID, q.Mandate.Code, duty.Of(q)}
	}
	return all, noted(owed.Notes, today), nil
}

// write adds the mails of notices to those written before.
func (j *Jobs) write(mails []store.Mail, all []notice, state string) ([]store.Mail, error) {
	for _, n := range all {
		m, err := j.writer.write(n)
		if err != nil {
			return nil, err
		}
		m.State = state
		mails = append(mails, m)
	}
	return mails, nil
}
