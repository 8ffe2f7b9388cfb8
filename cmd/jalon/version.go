package main

import (
	"fmt"
	"net/http"
	"time"

	"jalon/internal/store"
)

// VersionCmd shows what this program is.
type VersionCmd struct{}

// Run prints version, commit and schema version.
func (VersionCmd) Run(out *Output) error {
	_, err := fmt.Fprintf(out.Stdout, "jalon %s (%s), schema %d\n", version, commit, store.SchemaVersion())
	return err
}

// HealthcheckCmd asks a server on this machine whether it is ready, for containers.
type HealthcheckCmd struct {
	Addr string `env:"JALON_ADDR" default:"127.0.0.1:8080"`
}

// Run exits with 1 when the server is not ready.
func (c HealthcheckCmd) Run(*Output) error {
	client := http.Client{Timeout: 3 * time.Second}
	answer, err := client.Get("http://" + c.Addr + "/readyz")
	if err != nil {
		return Failure{Code: exitNo}
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return Failure{Code: exitNo}
	}
	return nil
}
