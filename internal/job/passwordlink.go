package job

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"jalon/internal/calendar"
	"jalon/internal/onetime"
	"jalon/internal/store"
)

// linkArgs is the job that writes somebody a mail with which they choose a
// password. Person 0 is nobody: who asks cannot tell whether an account exists.
type linkArgs struct {
	PersonID int64 `json:"person"`
}

func (linkArgs) Kind() string { return "mail_password_link" }

// InsertOpts lets a database that is away for a while come back.
func (linkArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 5} }

// MailPasswordLink asks for a mail to a person with a link to choose a password.
func (j *Jobs) MailPasswordLink(ctx context.Context, personID int64) error {
	if _, err := j.client.Insert(ctx, linkArgs{personID}, nil); err != nil {
		return fmt.Errorf("ask for the mail with a password link: %w", err)
	}
	return nil
}

type linkWorker struct {
	river.WorkerDefaults[linkArgs]
	*Jobs
}

// Work puts the mail in the outbox, without its link.
func (w *linkWorker) Work(ctx context.Context, job *river.Job[linkArgs]) error {
	if job.Args.PersonID == 0 {
		return nil
	}
	who, err := w.Store.CredentialsByID(ctx, job.Args.PersonID)
	if errors.Is(err, store.ErrNotFound) || err == nil && who.Disabled {
		return nil
	}
	if err != nil {
		return err
	}
	m, err := w.writer.write(notice{
		Recipient: store.Recipient{PersonID: who.PersonID, Lang: who.Lang}, Kind: store.KindPasswordLink, Key: strconv.FormatInt(job.ID, 10),
	})
	if err != nil {
		return err
	}
	now := w.Now()
	m.State, m.Day = store.MailQueued, calendar.DateOf(now)
	if err := w.Store.QueueMail(ctx, m, now); err != nil {
		return err
	}
	return sendQueued(ctx, w.Store, river.ClientFromContext[pgx.Tx](ctx))
}

// linkPlace stands in a kept mail where the sent one has the token.
const linkPlace = "not-kept"

// withLink puts a new link in a mail that is about to be sent. The token exists
// in that mail alone: the outbox has the mail without it, the database its hash.
// It serves for half an hour from now, however long the mail has waited.
func (j *Jobs) withLink(ctx context.Context, m store.Mail, now time.Time) (store.Mail, error) {
	token := onetime.NewToken()
	if _, err := j.Store.MakePasswordLink(ctx, store.Submission{Action: "mail password link"}, m.PersonID, token.Hash(), now, ""); err != nil {
		return m, err
	}
	place, link := "/reset/"+linkPlace, "/reset/"+token.String()
	m.Text, m.HTML = strings.ReplaceAll(m.Text, place, link), strings.ReplaceAll(m.HTML, place, link)
	return m, nil
}
