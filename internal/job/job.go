// Package job does what happens without a visitor: it plans the reminders of
// each day, sends the mails, signs the days of the audit trail, makes big
// documents and lists what could be removed. Its jobs live in PostgreSQL, so that several
// servers share the work, and a stop or a crash loses none of it.
package job

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"jalon/internal/locale"
	"jalon/internal/monitoring"
	"jalon/internal/shelf"
	"jalon/internal/store"
)

// Options are what the jobs need from outside.
type Options struct {
	Store      *store.Store
	Catalogues *locale.Catalogues
	Log        *slog.Logger
	Now        func() time.Time
	BaseURL    string            // scheme and host that people use; every link of a mail starts with it
	SMTP       *SMTP             // nil: mails are kept for the administrator to read
	Signer     monitoring.Signer // signs the days of the audit trail; a zero one signs none
	Shelf      *shelf.Shelf      // takes the documents that are made here; nil: none are

	Every   time.Duration   // between two looks at what is to be planned or sent; 0 means 5 minutes
	Poll    time.Duration   // between two looks for jobs; 0 means 5 seconds
	Retries []time.Duration // before the second, third, … attempt; the last one repeats; nil means retries
}

// Jobs are the jobs of one server. Several servers on one database share them.
type Jobs struct {
	Options
	writer writer
	client *river.Client[pgx.Tx]
	makers map[string]Maker // of documents, by kind
}

// softStop is how long a mail under way may take to finish at a stop. What is
// cut off then is sent again later.
const softStop = 10 * time.Second

// New prepares the jobs; Start runs them.
func New(o Options) (*Jobs, error) {
	if o.Every == 0 {
		o.Every = 5 * time.Minute
	}
	if o.Poll == 0 {
		o.Poll = 5 * time.Second
	}
	if o.Retries == nil {
		o.Retries = retries
	}
	j := &Jobs{Options: o}
	var err error
	if j.writer, err = newWriter(o.Catalogues, o.BaseURL); err != nil {
		return nil, err
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &planWorker{Jobs: j})
	river.AddWorker(workers, &mailWorker{Jobs: j})
	river.AddWorker(workers, &linkWorker{Jobs: j})
	river.AddWorker(workers, &signWorker{Jobs: j})
	river.AddWorker(workers, &listWorker{Jobs: j})
	queues := map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 2}}
	if o.Shelf != nil {
		river.AddWorker(workers, &exportWorker{Jobs: j})
		river.AddWorker(workers, &wakeWorker{Jobs: j})
		queues[exportQueue] = river.QueueConfig{MaxWorkers: store.MaxExports, FetchPollInterval: min(j.Poll, time.Second)} // somebody waits
	}
	j.client, err = river.NewClient(riverpgxv5.New(o.Store.Pool()), &river.Config{
		Queues:       queues,
		Workers:      workers,
		Logger:       slog.New(quieter{o.Log.Handler()}),
		PeriodicJobs: j.periodic(),
		// Nothing here is in a hurry, and listening would keep a connection.
		PollOnly: true, FetchPollInterval: o.Poll, FetchCooldown: min(o.Poll, 100*time.Millisecond),
		JobTimeout: 2 * time.Minute, SoftStopTimeout: softStop, RescueStuckJobsAfter: 10 * time.Minute,
		// Reindexing is for the owner of the tables, which we are not.
		ReindexerSchedule: river.NeverSchedule(), ReindexerIndexNames: []string{},
	})
	if err != nil {
		return nil, fmt.Errorf("prepare the jobs: %w", err)
	}
	return j, nil
}

// periodic lists what is looked at again and again.
func (j *Jobs) periodic() []*river.PeriodicJob {
	every := func(args river.JobArgs) *river.PeriodicJob {
		return river.NewPeriodicJob(river.PeriodicInterval(j.Every), func() (river.JobArgs, *river.InsertOpts) { return args, nil },
			&river.PeriodicJobOpts{RunOnStart: true})
	}
	all := []*river.PeriodicJob{every(planArgs{}), every(listArgs{})}
	if j.Signer.CanSign() {
		all = append(all, every(signArgs{}))
	}
	if j.Shelf != nil {
		all = append(all, river.NewPeriodicJob(river.PeriodicInterval(min(j.Every, store.ExportStale)), func() (river.JobArgs, *river.InsertOpts) { return wakeArgs{}, nil },
			&river.PeriodicJobOpts{RunOnStart: true}))
	}
	return all
}

// Start begins to work. Stop ends it, whatever becomes of the context.
func (j *Jobs) Start(ctx context.Context) error {
	if err := j.client.Start(store.AsSystem(context.WithoutCancel(ctx))); err != nil {
		return fmt.Errorf("start the jobs: %w", err)
	}
	return nil
}

// Stop takes no more work, lets what is under way finish for a while, and
// returns when nothing runs any more or the context ends.
func (j *Jobs) Stop(ctx context.Context) error {
	if err := j.client.Stop(ctx); err != nil {
		return fmt.Errorf("stop the jobs: %w", err)
	}
	return nil
}

// quieter passes on what asks for attention: River tells of every job that
// fails, and those of ours are told where they fail.
type quieter struct{ slog.Handler }

func (q quieter) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && q.Handler.Enabled(ctx, l)
}

func (q quieter) WithAttrs(a []slog.Attr) slog.Handler { return quieter{q.Handler.WithAttrs(a)} }
func (q quieter) WithGroup(name string) slog.Handler   { return quieter{q.Handler.WithGroup(name)} }
