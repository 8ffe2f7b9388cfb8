package main

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// patience is how long a busy machine may take for what takes milliseconds.
const patience = time.Minute

// counted counts the connections that are open at once.
type counted struct {
	net.Listener
	open, most atomic.Int64
}

func (l *counted) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		l.most.Store(max(l.most.Load(), l.open.Add(1))) // one accepts at a time
		conn = &leaving{Conn: conn, from: l}
	}
	return conn, err
}

type leaving struct {
	net.Conn
	from *counted
	once sync.Once
}

func (c *leaving) Close() error {
	c.once.Do(func() { c.from.open.Add(-1) })
	return c.Conn.Close()
}

func TestAClientTooManyIsServedWhenOneLeaves(t *testing.T) {
	const most, clients = 2, 8
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	answered := make(chan error, clients)
	for range clients { // all stand at the door when it opens
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		go func() {
			_, err := http.ReadResponse(bufio.NewReader(conn), nil)
			answered <- err
		}()
	}
	entered, leave := make(chan struct{}, clients), make(chan struct{})
	server := &http.Server{ReadHeaderTimeout: patience, Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		entered <- struct{}{}
		<-leave
	})}
	ctx, stop := context.WithCancel(t.Context())
	stopped, door := make(chan error, 1), &counted{Listener: listener}
	go func() { stopped <- serve(ctx, server, door, most, slog.New(slog.DiscardHandler)) }()
	for range most {
		await(t, entered)
	}
	for served := range clients {
		leave <- struct{}{}
		if err := await(t, answered); err != nil {
			t.Fatal(err)
		}
		if most+served < clients {
			await(t, entered) // one has left, and the next has its place
		}
	}
	if n := door.most.Load(); n > most {
		t.Errorf("%d clients at once, at most %d have a place", n, most)
	}
	stop()
	if err := await(t, stopped); err != nil {
		t.Error(err)
	}
}

// await takes the next of what comes.
func await[T any](t *testing.T, from <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-from:
	case <-time.After(patience):
		t.Fatal("nothing comes")
	}
	return v
}
