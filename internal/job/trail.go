package job

import (
	"context"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"jalon/internal/calendar"
)

// signArgs is the job that checks the audit trail and signs the days that have ended.
type signArgs struct{}

func (signArgs) Kind() string { return "sign_trail" }

// InsertOpts keeps a second one from waiting behind the first.
func (signArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}}}
}

type signWorker struct {
	river.WorkerDefaults[signArgs]
	*Jobs
}

// Timeout is that of a check of many years of events.
func (signWorker) Timeout(*river.Job[signArgs]) time.Duration { return 30 * time.Minute }

func (w *signWorker) Work(ctx context.Context, _ *river.Job[signArgs]) error {
	return w.signTrail(ctx, w.Now())
}

// signTrail checks the trail and signs its days once a day, by whichever
// server. What it finds is told in the log once a day too, by number and
// never by content.
func (j *Jobs) signTrail(ctx context.Context, now time.Time) error {
	today := calendar.DateOf(now)
	due, err := j.Store.TrailToSign(ctx, today)
	if err != nil || !due {
		return err
	}
	state, err := j.Store.TrailState(ctx)
	if err != nil || state.Findings > 0 && !calendar.DateOf(state.CheckedAt).Before(today) {
		return err
	}
	signed, report, err := j.Store.SignTrail(ctx, j.Signer, today, now)
	if err != nil {
		return err
	}
	for _, d := range signed {
		// whoever keeps the log elsewhere keeps the heads with it
		j.Log.InfoContext(ctx, "audit trail signed", "day", d.Day.String(), "events", d.Events, "head", d.Head.String(), "key", d.KeyID)
	}
	for _, f := range report.Findings[:min(len(report.Findings), mostTold)] {
		j.Log.ErrorContext(ctx, "audit trail altered", "kind", string(f.Kind), "day", f.Day.String(), "place", f.Seq, "event", f.EventID)
	}
	return nil
}

// mostTold is how many findings go to the log; the command tells all.
const mostTold = 20
