package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/shelf"
	"jalon/internal/store"
)

// order asks for a document in the name of a person.
func (o *outbox) order(person int64, kind, parameters string) (id int64) {
	o.t.Helper()
	o.t.Helper()
	ctx := store.AsSystem(context.Background())
	_, err := o.OrderExport(ctx, store.Submission{Action: "order document"}, store.Export{
		PersonID: person, Kind: kind, Parameters: json.RawMessage(parameters), Lang: bilingual.FR, AskedAt: o.clock(),
	}, func(n int64) string { id = n; return "" })
	if err != nil {
		o.t.Fatal(err)
	}
	return id
}

func (o *outbox) export(id, person int64) store.Export {
	o.t.Helper()
	e, err := o.Export(store.AsSystem(context.Background()), id, person, o.clock())
	if err != nil {
		o.t.Fatal(err)
	}
	return e
}

// maker gives the jobs of one more server with a shelf, which makes documents so.
func (o *outbox) maker(files *shelf.Shelf, make Maker) *Jobs {
	o.t.Helper()
	j, err := New(Options{Store: o.open(), Catalogues: catalogues, Log: o.jobs(nil).Log, Now: o.clock, BaseURL: "https://jalon.example", Shelf: files, Every: time.Second, Poll: 50 * time.Millisecond})
	if err != nil {
		o.t.Fatal(err)
	}
	j.MakeExports(map[string]Maker{"letters": make})
	return j
}

func newShelf(t testing.TB) *shelf.Shelf {
	t.Helper()
	files, err := shelf.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	return files
}

// plain writes the parameters.
func plain(_ context.Context, e store.Export, w io.Writer, step func(done, of int)) (store.ExportFile, error) {
	step(1, 2)
	_, err := w.Write(e.Parameters)
	return store.ExportFile{Name: "letters.json", ContentType: "application/json"}, err
}

func TestADocumentIsMadeApartAndKeptForADay(t *testing.T) {
	o, files := newOutbox(t), newShelf(t)
	who := o.person("anna", bilingual.FR)
	first, second := o.order(who, "letters", `{"n": 1}`), o.order(who, "letters", `{"n": 2}`)
	if again := o.order(who, "letters", `{"n":1}`); again != first {
		t.Errorf("asked for twice it is made twice: %d and %d", first, again)
	}
	j := o.maker(files, plain)
	if err := j.Start(store.AsSystem(t.Context())); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Stop(context.Background()) })
	o.until("both are made", func() bool {
		return o.export(first, who).State == store.ExportReady && o.export(second, who).State == store.ExportReady
	})
	e := o.export(first, who)
	content, err := files.Get(e.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	if got, err := io.ReadAll(content); err != nil || string(got) != `{"n": 1}` || e.File.Size != int64(len(got)) || e.File.Name != "letters.json" {
		t.Errorf("%q, %v, %+v", got, err, e.File)
	}
	ctx := store.AsSystem(context.Background())
	if used, err := o.EvidenceReferred(ctx, e.SHA256); err != nil || !used {
		t.Errorf("the shelf may sweep the file: %v", err)
	}
	o.turn(morning.Add(25 * time.Hour))
	if _, err := o.Export(ctx, first, who, o.clock()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after a day: %v", err)
	}
	if err := o.RemoveExpiredExports(ctx, o.clock()); err != nil {
		t.Fatal(err)
	}
	if used, err := o.EvidenceReferred(ctx, e.SHA256); err != nil || used {
		t.Errorf("the shelf keeps the file: %v", err)
	}
}

// Two servers with many hands: never more than two at once, each made once.
func TestNoMoreThanTwoDocumentsAreMadeAtOnce(t *testing.T) {
	o, files := newOutbox(t), newShelf(t)
	ctx := store.AsSystem(t.Context())
	var running, most, made atomic.Int32
	gate := make(chan struct{})
	patient := func(ctx context.Context, e store.Export, w io.Writer, step func(done, of int)) (store.ExportFile, error) {
		most.Store(max(most.Load(), running.Add(1)))
		defer running.Add(-1)
		<-gate
		made.Add(1)
		return plain(ctx, e, w, step)
	}
	var ids, people []int64
	for n := range 6 {
		people = append(people, o.person(fmt.Sprintf("asker%d", n), bilingual.NL))
		ids = append(ids, o.order(people[n], "letters", `{}`))
	}
	for range 2 {
		j := o.maker(files, patient)
		if err := j.Start(ctx); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = j.Stop(context.Background()) })
		for range ids {
			if err := j.WakeExports(ctx); err != nil {
				t.Fatal(err)
			}
		}
	}
	o.until("two are being made", func() bool { return running.Load() == store.MaxExports })
	if e, taken, err := o.TakeExport(ctx, o.clock()); taken || err != nil {
		t.Errorf("a third one is taken: %+v, %v", e, err)
	}
	if n, err := o.ExportsBefore(ctx, ids[5]); n != 5 || err != nil {
		t.Errorf("%d before the last one, %v", n, err)
	}
	close(gate)
	o.until("all are made", func() bool {
		for n, id := range ids {
			if o.export(id, people[n]).State != store.ExportReady {
				return false
			}
		}
		return true
	})
	if most.Load() > store.MaxExports || made.Load() != int32(len(ids)) {
		t.Errorf("%d at once, %d made of %d", most.Load(), made.Load(), len(ids))
	}
}

// A server that is killed in the middle says nothing more; another one makes
// the document, and what the first would still hand in is not taken.
func TestADocumentSurvivesItsServer(t *testing.T) {
	o, files := newOutbox(t), newShelf(t)
	ctx, who := store.AsSystem(t.Context()), o.person("anna", bilingual.NL)
	id := o.order(who, "letters", `{}`)
	dead, taken, err := o.TakeExport(ctx, o.clock()) // and then nothing more
	if err != nil || !taken || dead.ID != id {
		t.Fatalf("%v %+v: %v", taken, dead, err)
	}
	j := o.maker(files, plain)
	if made, err := j.makeExport(ctx); made || err != nil {
		t.Fatalf("taken from who still makes it: %v", err)
	}
	o.turn(morning.Add(store.ExportStale + time.Second))
	if made, err := j.makeExport(ctx); !made || err != nil {
		t.Fatalf("nobody takes it up: %v", err)
	}
	if e := o.export(id, who); e.State != store.ExportReady || e.Attempts != 2 {
		t.Errorf("%+v", e)
	}
	if err := o.TouchExport(ctx, dead, o.clock()); !errors.Is(err, store.ErrConflict) {
		t.Errorf("the dead still speaks: %v", err)
	}
}

func TestADocumentThatCannotBeMadeSaysSo(t *testing.T) {
	o, files := newOutbox(t), newShelf(t)
	ctx, who := store.AsSystem(t.Context()), o.person("anna", bilingual.NL)
	wrong := fmt.Errorf("the disk is away")
	j := o.maker(files, func(context.Context, store.Export, io.Writer, func(int, int)) (store.ExportFile, error) {
		return store.ExportFile{}, wrong
	})
	id := o.order(who, "letters", `{}`)
	for n, want := range []store.ExportState{store.ExportWaiting, store.ExportWaiting, store.ExportFailed} {
		if made, err := j.makeExport(ctx); !made || err != nil {
			t.Fatalf("attempt %d: %v, %v", n+1, made, err)
		}
		if e := o.export(id, who); e.State != want {
			t.Errorf("after attempt %d it is %s, want %s", n+1, e.State, want)
		}
	}
	wrong = fmt.Errorf("no such body: %w", ErrNever)
	other, unknown := o.order(who, "letters", `{"n": 2}`), o.order(who, "poems", `{}`)
	for _, id := range []int64{other, unknown} {
		if made, err := j.makeExport(ctx); !made || err != nil {
			t.Fatal(made, err)
		}
		if e := o.export(id, who); e.State != store.ExportFailed || e.Attempts != 1 {
			t.Errorf("tried again in vain: %+v", e)
		}
	}
}

func TestOnePersonWaitsForFiveDocumentsAtMost(t *testing.T) {
	o := newOutbox(t)
	who := o.person("anna", bilingual.NL)
	for n := range store.MaxOpenExports {
		o.order(who, "letters", fmt.Sprintf(`{"n": %d}`, n))
	}
	_, err := o.OrderExport(store.AsSystem(t.Context()), store.Submission{}, store.Export{
		PersonID: who, Kind: "letters", Parameters: json.RawMessage(`{"n": 9}`), Lang: bilingual.NL, AskedAt: o.clock(),
	}, func(int64) string { return "" })
	if !errors.Is(err, store.ErrTooManyExports) {
		t.Errorf("one more: %v", err)
	}
	o.order(o.person("ben", bilingual.NL), "letters", `{}`)
}
