package store

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Unreachable is why no connection to the database could be made.
type Unreachable struct {
	Kind   UnreachableKind
	Reason string // in the words of the driver or the server: one line, without a password
}

// UnreachableKind is what somebody can do about it.
type UnreachableKind string

// Kinds of an unreachable database.
const (
	NoServer UnreachableKind = "no_server" // nothing answers at the address
	NoEntry  UnreachableKind = "no_entry"  // the server does not know the database or the account, or the password is another one
	NoPlace  UnreachableKind = "no_place"  // the server starts, stops or has connections enough
)

// UnreachableBy tells whether an error is that no connection could be made, and why; nil for another error.
func UnreachableBy(err error) *Unreachable {
	var connect *pgconn.ConnectError
	if !errors.As(err, &connect) {
		return nil
	}
	var server *pgconn.PgError
	if !errors.As(connect, &server) {
		reason, _, _ := strings.Cut(connect.Unwrap().Error(), "\n") // the same again for each way to try it
		return &Unreachable{NoServer, reason}
	}
	kind := NoPlace
	if strings.HasPrefix(server.Code, "28") || strings.HasPrefix(server.Code, "3D") || strings.HasPrefix(server.Code, "42") { // authorization, catalog name, right to connect
		kind = NoEntry
	}
	return &Unreachable{kind, server.Message}
}
