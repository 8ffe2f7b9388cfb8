package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"jalon/internal/store"
	"jalon/internal/store/localpg"
)

// DatabaseFlags say where the data is. Every command that needs the database
// takes the same ones, and joins the private server when it is running.
type DatabaseFlags struct {
	DataDir         string `env:"JALON_DATA_DIR" default:"./var"`
	DatabaseURL     string `env:"JALON_DATABASE_URL" placeholder:"url"`
	DatabaseURLFile string `name:"database-url-file" env:"JALON_DATABASE_URL_FILE" placeholder:"file"`
	PGBin           string `name:"pg-bin" env:"JALON_PG_BIN" placeholder:"folder"`

	address string // from one of the two settings, once it was read
}

func (f DatabaseFlags) url() secretSetting {
	return secretSetting{"JALON_DATABASE_URL", f.DatabaseURL, f.DatabaseURLFile}
}

// readAddress finds the address of a server, if one is set. What is wrong with it
// is not quoted: a password may be part of it.
func (f *DatabaseFlags) readAddress() (err error) {
	if f.address != "" {
		return nil
	}
	if f.address, err = f.url().read(); err != nil || f.address == "" {
		return err
	}
	if store.CheckAddress(f.address) != nil {
		name := f.url().name
		if f.DatabaseURLFile != "" {
			name = f.url().fileName()
		}
		return &settingError{key: "command.setting.database_url", name: name}
	}
	return nil
}

// dataDir gives the folder in use.
func (f DatabaseFlags) dataDir() string {
	_, set := os.LookupEnv("JALON_DATA_DIR")
	return localpg.DataDir(f.DataDir, set || f.DataDir != "./var")
}

// connect gives the address of a database that answers, and a function that
// gives it up again. Until then, or until ctx ends, a private server is kept running.
func (f DatabaseFlags) connect(ctx context.Context, log *slog.Logger) (dsn string, giveUp func(), err error) {
	if err := f.readAddress(); err != nil {
		return "", nil, err
	}
	if f.address != "" {
		return f.address, func() {}, nil
	}
	server, err := localpg.Start(ctx, localpg.Options{
		Dir: filepath.Join(f.dataDir(), "db"), BinDir: f.PGBin, Look: []string{".", "var/postgres"}, Log: log,
	})
	if err != nil {
		return "", nil, err
	}
	keep, stop := context.WithCancel(ctx)
	kept := make(chan struct{})
	go func() { server.Keep(keep); close(kept) }()
	return server.DSN, func() {
		stop()
		<-kept
		if err := server.Stop(); err != nil {
			log.Error("stop the private server", "error", err.Error())
		}
	}, nil
}

// open migrates the database and opens the store.
func (f DatabaseFlags) open(ctx context.Context, log *slog.Logger) (s *store.Store, giveUp func(), err error) {
	dsn, stop, err := f.connect(ctx, log)
	if err != nil {
		return nil, nil, err
	}
	if err := store.Migrate(ctx, dsn); err != nil {
		stop()
		return nil, nil, err
	}
	s, err = store.Open(ctx, dsn, store.Options{Conns: 12})
	if err != nil {
		stop()
		return nil, nil, fmt.Errorf("open the store: %w", err)
	}
	return s, func() { s.Close(); stop() }, nil
}

// quiet is the log of commands that answer on standard output.
func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
