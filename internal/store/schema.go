package store

import (
	"context"
	"fmt"
	"time"
)

// SchemaVersion asks the database for its newest migration, within a second.
func (s *Store) SchemaVersion(ctx context.Context) (version int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	err = s.pool.QueryRow(ctx, `SELECT COALESCE(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&version)
	if err != nil {
		return 0, fmt.Errorf("ask the schema version: %w", err)
	}
	return version, nil
}
