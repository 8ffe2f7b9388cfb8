package job

import (
	"context"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"jalon/internal/calendar"
	"jalon/internal/store"
)

// listArgs is the job that lists what could go. It removes nothing: a person decides.
type listArgs struct{}

func (listArgs) Kind() string { return "list_deletions" }

// InsertOpts keeps a second one from waiting behind the first.
func (listArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}}}
}

type listWorker struct {
	river.WorkerDefaults[listArgs]
	*Jobs
}

func (w *listWorker) Work(ctx context.Context, _ *river.Job[listArgs]) error {
	return w.listDeletions(ctx, w.Now())
}

// listDeletions makes at most one list a day, and none while one is open.
func (j *Jobs) listDeletions(ctx context.Context, now time.Time) error {
	today := calendar.DateOf(now)
	midnight := time.Date(today.Year, today.Month, today.Day, 0, 0, 0, 0, calendar.Brussels)
	if listed, err := j.Store.ListedSince(ctx, midnight); err != nil || listed {
		return err
	}
	_, err := j.Store.ListDeletions(ctx, store.Submission{Action: "list deletions"}, now, "")
	return err
}
