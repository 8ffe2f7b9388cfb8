package job

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"jalon/internal/calendar"
	"jalon/internal/store"
)

// Maker writes a document that somebody asked for, and tells what it is. The
// context speaks to the database in the name of who asked, so that the document
// holds nothing that they may not see. step tells how far it is. A maker may
// run again from the start after a crash; its error is logged, and the asker is
// told that it failed once there were several, or at once with ErrNever.
type Maker = func(ctx context.Context, e store.Export, w io.Writer, step func(done, of int)) (store.ExportFile, error)

// ErrNever ends a document that another attempt would not make either.
var ErrNever = store.ErrNotFound

// exportTime is how long a document may take. River takes up after ten minutes
// what seems stuck; this ends before.
const exportTime = 9 * time.Minute

// exportQueue is apart from the mails: a big document lets nobody's mail wait.
const exportQueue = "exports"

// exportArgs is one hand for the documents that wait. It takes up the one that
// has waited longest; which one is decided then, in the database.
type exportArgs struct{}

func (exportArgs) Kind() string { return "make_export" }

// InsertOpts puts it in the queue of the documents. Attempts are counted by the document.
func (exportArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 1, Queue: exportQueue}
}

// wakeArgs is the job that looks for documents without a hand: their server has gone.
type wakeArgs struct{}

func (wakeArgs) Kind() string { return "wake_exports" }

func (wakeArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 1, Queue: exportQueue}
}

// MakeExports tells which documents this server makes: a maker for each kind.
// Call it before Start.
func (j *Jobs) MakeExports(makers map[string]Maker) { j.makers = makers }

// WakeExports asks for a hand for the documents that wait.
func (j *Jobs) WakeExports(ctx context.Context) error {
	return wakeExports(ctx, j.client)
}

func wakeExports(ctx context.Context, client *river.Client[pgx.Tx]) error {
	if _, err := client.Insert(ctx, exportArgs{}, nil); err != nil {
		return fmt.Errorf("ask for a hand for the documents: %w", err)
	}
	return nil
}

type wakeWorker struct {
	river.WorkerDefaults[wakeArgs]
	*Jobs
}

func (w *wakeWorker) Work(ctx context.Context, _ *river.Job[wakeArgs]) error {
	waiting, err := w.Store.WaitingExports(ctx, w.Now())
	if err != nil || !waiting {
		return err
	}
	return wakeExports(ctx, river.ClientFromContext[pgx.Tx](ctx))
}

type exportWorker struct {
	river.WorkerDefaults[exportArgs]
	*Jobs
}

func (*exportWorker) Timeout(*river.Job[exportArgs]) time.Duration { return exportTime }

// Work makes one document, and asks for the next hand when there was one.
func (w *exportWorker) Work(ctx context.Context, _ *river.Job[exportArgs]) error {
	made, err := w.makeExport(ctx)
	if made {
		err = errors.Join(err, wakeExports(context.WithoutCancel(ctx), river.ClientFromContext[pgx.Tx](ctx)))
	}
	return err
}

// makeExport takes up a document and makes it; made is false when none waits,
// or when enough are being made.
func (j *Jobs) makeExport(ctx context.Context) (made bool, err error) {
	e, taken, err := j.Store.TakeExport(ctx, j.Now())
	if err != nil || !taken {
		return false, err
	}
	maker, known := j.makers[e.Kind]
	if !known {
		err = fmt.Errorf("no maker of %q: %w", e.Kind, ErrNever)
	} else {
		err = j.produce(ctx, &e, maker)
	}
	end := context.WithoutCancel(ctx) // what a stop of the server cuts off, it gives back
	if err == nil {
		return true, j.Store.FinishExport(end, e, j.Now())
	}
	if errors.Is(ctx.Err(), context.Canceled) { // no fault of the document
		return true, j.Store.GiveUpExport(end, e, false, j.Now())
	}
	j.Log.Error("make a document", "export", e.ID, "kind", e.Kind, "attempt", e.Attempts, "error", err.Error())
	return true, j.Store.GiveUpExport(end, e, errors.Is(err, ErrNever), j.Now())
}

// produce lays the file of a document on the shelf, while the database hears now
// and then that it is being made.
func (j *Jobs) produce(ctx context.Context, e *store.Export, maker Maker) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var progress progress
	done := progress.tell(func(done, of int) {
		now := *e
		now.Done, now.Steps = done, of
		if err := j.Store.TouchExport(ctx, now, j.Now()); errors.Is(err, store.ErrConflict) {
			cancel(err) // somebody else makes it
		}
	})
	defer done()
	var file store.ExportFile
	sum, size, err := j.Shelf.Keep(func(w io.Writer) (err error) {
		file, err = maker(store.As(ctx, e.PersonID, calendar.DateOf(j.Now())), *e, w, progress.step)
		return errors.Join(err, context.Cause(ctx))
	})
	if err != nil {
		return err
	}
	file.Size = size
	e.File, e.SHA256 = file, sum
	return nil
}

// exportBeat is how often the database hears that a document is being made.
const exportBeat = time.Second

// progress is how far a document is.
type progress struct {
	mu       sync.Mutex
	done, of int
}

func (p *progress) step(done, of int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.of = min(done, of), of
}

// tell tells it at every beat, until done is called.
func (p *progress) tell(touch func(done, of int)) (done func()) {
	stop := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		beat := time.NewTicker(exportBeat)
		defer beat.Stop()
		for {
			select {
			case <-stop:
				return
			case <-beat.C:
				p.mu.Lock()
				done, of := p.done, p.of
				p.mu.Unlock()
				touch(done, of)
			}
		}
	})
	return func() {
		close(stop)
		running.Wait()
	}
}
