-- +goose Up

-- A person's calendar can be read without signing in by whoever knows a secret
-- address: the one address of Jalon that is a key by itself. Only the hash of
-- the secret is kept, and what it shows follows the rights of the moment.
CREATE TABLE calendar_feed (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id   bigint NOT NULL REFERENCES person,
    secret_hash bytea NOT NULL UNIQUE CHECK (length(secret_hash) = 32), -- SHA-256
    created_at  timestamptz NOT NULL,
    revoked_at  timestamptz CHECK (revoked_at >= created_at)
);
-- A new address ends the one before.
CREATE UNIQUE INDEX calendar_feed_in_use ON calendar_feed (person_id) WHERE revoked_at IS NULL;

-- A feed only ever comes and ends.
GRANT SELECT, INSERT, UPDATE (revoked_at) ON calendar_feed TO jalon_app;

-- +goose Down
DROP TABLE calendar_feed;
