package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/jackc/pgx/v5"
)

// A copy of a template takes a while, and so does dropping it. Both happen
// beside the tests: while one runs, the database of the next is made.
var (
	spares struct {
		sync.Mutex
		asked map[string]int          // how often, by template
		next  map[string]<-chan named // by template
	}
	drops  sync.WaitGroup
	failed struct {
		sync.Mutex
		err error
	}
)

type named struct {
	name string
	err  error
}

// take gives a new copy of a template. From the second on it is the one that
// was made meanwhile: a package with one database makes no more.
func take(ctx context.Context, dsn, template string) (string, error) {
	spares.Lock()
	if spares.asked == nil {
		spares.asked, spares.next = map[string]int{}, map[string]<-chan named{}
	}
	ready := spares.next[template]
	delete(spares.next, template)
	if spares.asked[template]++; spares.asked[template] > 1 {
		coming := make(chan named, 1)
		spares.next[template] = coming
		go func() {
			name, err := duplicate(ctx, dsn, template)
			coming <- named{name, err}
		}()
	}
	spares.Unlock()
	if ready == nil {
		return duplicate(ctx, dsn, template)
	}
	made := <-ready
	return made.name, made.err
}

func duplicate(ctx context.Context, dsn, template string) (string, error) {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	name := fmt.Sprintf("t_%d_%d", os.Getpid(), count.Add(1))
	// A killed run may have left one of this name.
	for _, sql := range []string{`DROP DATABASE IF EXISTS ` + name + ` WITH (FORCE)`, `CREATE DATABASE ` + name + ` TEMPLATE ` + template} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return "", fmt.Errorf("%s: %w", sql, err)
		}
	}
	return name, nil
}

// drop removes a database; what went wrong is told by tidy.
func drop(ctx context.Context, dsn, name string) {
	conn, err := pgx.Connect(ctx, dsn)
	if err == nil {
		_, err = conn.Exec(ctx, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`)
		_ = conn.Close(ctx)
	}
	if err != nil {
		failed.Lock()
		defer failed.Unlock()
		failed.err = errors.Join(failed.err, fmt.Errorf("pgtest: drop %s: %w", name, err))
	}
}

// tidy removes the databases that were made for a next test, and waits until
// all others are gone.
func tidy(dsn string) error {
	spares.Lock()
	for template, ready := range spares.next {
		delete(spares.next, template)
		if made := <-ready; made.err == nil {
			drop(context.Background(), dsn, made.name)
		}
	}
	spares.Unlock()
	drops.Wait()
	failed.Lock()
	defer failed.Unlock()
	return failed.err
}
