package job

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"jalon/internal/store"
)

// mailArgs is the job that sends one mail.
type mailArgs struct {
	ID int64 `json:"id" river:"unique"`
}

func (mailArgs) Kind() string { return "send_mail" }

// InsertOpts gives a mail one job at a time. Time, not the number of attempts,
// ends it.
func (mailArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 1000, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}}}
}

// retries are the waits between attempts; the last one repeats until giveUp.
var retries = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour}

// giveUp is how long a mail is tried. A reminder that is older helps nobody;
// the administrator sees that it failed.
const giveUp = 72 * time.Hour

type mailWorker struct {
	river.WorkerDefaults[mailArgs]
	*Jobs
}

// Timeout leaves room to record what became of the mail.
func (w *mailWorker) Timeout(*river.Job[mailArgs]) time.Duration { return 2 * time.Minute }

// Work makes one attempt at a mail, and comes back later when it fails. River
// gives a job to one worker of one server at a time.
func (w *mailWorker) Work(ctx context.Context, job *river.Job[mailArgs]) error {
	m, err := w.Store.MailToSend(ctx, job.Args.ID)
	if err != nil || m.State != store.MailQueued {
		return err
	}
	now := w.Now()
	switch {
	case m.Unwanted:
		m.State, m.LastError = store.MailFailed, "unwanted"
		return w.Store.RecordMail(ctx, m, false, now)
	case m.Kind == store.KindPasswordLink && now.Sub(m.QueuedAt) > store.PasswordLinkLife:
		m.State, m.LastError = store.MailFailed, "late" // who still wants it asks again
		return w.Store.RecordMail(ctx, m, false, now)
	case w.SMTP == nil:
		m.State = store.MailKept
		return w.Store.RecordMail(ctx, m, false, now)
	}
	patience := giveUp
	if m.Kind == store.KindPasswordLink {
		patience = store.PasswordLinkLife
		if m, err = w.withLink(ctx, m, now); err != nil {
			return err
		}
	}
	sendErr := sender{*w.SMTP}.send(ctx, m, m.QueuedAt)
	// whatever happened to the job meanwhile, what became of the mail is noted
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if sendErr == nil {
		m.State, m.LastError = store.MailSent, ""
		return w.Store.RecordMail(ctx, m, true, now)
	}
	var coded *sendError
	if errors.As(sendErr, &coded) {
		m.LastError = coded.code
	}
	wait := w.Retries[min(m.Attempts, len(w.Retries)-1)]
	m.NextAttempt = now.Add(wait)
	if m.NextAttempt.Sub(m.QueuedAt) > patience {
		m.State, m.NextAttempt = store.MailFailed, time.Time{}
	}
	w.Log.WarnContext(ctx, "mail not sent", "mail", m.ID, "attempt", m.Attempts+1, "error", m.LastError, "state", m.State)
	if err := w.Store.RecordMail(ctx, m, true, now); err != nil || m.State != store.MailQueued {
		return err
	}
	return river.JobSnooze(wait)
}
