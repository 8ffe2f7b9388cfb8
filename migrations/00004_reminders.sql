-- +goose Up

-- ─── Reminders and the mail that carries them ──────────────────────────────

-- What a person chose; without a row everything is on.
CREATE TABLE reminder_preference (
    person_id bigint PRIMARY KEY REFERENCES person,
    digest    boolean NOT NULL, -- reminders; that a right ends is told in any case
    chosen_at timestamptz NOT NULL DEFAULT now()
);

-- A day is planned once, whatever the number of servers.
CREATE TABLE reminder_run (
    day        date PRIMARY KEY,
    mails      integer NOT NULL CHECK (mails >= 0),
    held       boolean NOT NULL DEFAULT false, -- far more than usual: an administrator decides
    planned_at timestamptz NOT NULL DEFAULT now()
);

-- The outbox. A mail is addressed when it is sent: the address is the person's.
CREATE TABLE outgoing_mail (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id       bigint NOT NULL REFERENCES person,
    kind            text NOT NULL CHECK (kind IN ('digest', 'escalation', 'delegation_end', 'storm')),
    key             text NOT NULL CHECK (key <> ''), -- what it is about: the day of a digest, the half-year of an escalation
    day             date NOT NULL,
    subject         text NOT NULL CHECK (subject <> '' AND subject !~ '[[:cntrl:]]'),
    text            text NOT NULL,
    html            text NOT NULL,
    unsubscribe_url text NOT NULL CHECK (unsubscribe_url !~ '[[:cntrl:]<>]'),
    message_id      text NOT NULL UNIQUE CHECK (message_id ~ '^[A-Za-z0-9._-]+@[A-Za-z0-9._-]+$'),
    state           text NOT NULL CHECK (state IN ('queued', 'sent', 'failed', 'kept', 'held')),
    attempts        integer NOT NULL DEFAULT 0,
    queued_at       timestamptz NOT NULL,
    next_attempt_at timestamptz,
    last_error      text NOT NULL DEFAULT '', -- a code, never what a server wrote
    sent_at         timestamptz,
    UNIQUE (person_id, kind, key),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX ON outgoing_mail (id) WHERE state = 'queued';
CREATE INDEX ON outgoing_mail (day DESC, id DESC);

GRANT SELECT, INSERT, UPDATE ON reminder_preference, reminder_run, outgoing_mail TO jalon_app;

-- ─── Jobs: the tables of River, as its migrations 1 to 8 leave them ────────
-- They are written here, so that one list of steps under one lock makes the
-- whole schema; a test compares them with what River itself would make.

CREATE TABLE river_migration (
    line       text NOT NULL,
    version    bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT line_length CHECK (char_length(line) > 0 AND char_length(line) < 128),
    CONSTRAINT version_gte_1 CHECK (version >= 1),
    PRIMARY KEY (line, version)
);
INSERT INTO river_migration (line, version) SELECT 'main', v FROM generate_series(1, 8) v;

CREATE TYPE river_job_state AS ENUM ('available', 'cancelled', 'completed', 'discarded', 'pending', 'retryable', 'running', 'scheduled');

CREATE TABLE river_job (
    id            bigserial PRIMARY KEY,
    state         river_job_state NOT NULL DEFAULT 'available',
    attempt       smallint NOT NULL DEFAULT 0,
    max_attempts  smallint NOT NULL DEFAULT 25,
    attempted_at  timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    finalized_at  timestamptz,
    scheduled_at  timestamptz NOT NULL DEFAULT now(),
    priority      smallint NOT NULL DEFAULT 1,
    args          jsonb NOT NULL,
    attempted_by  text[],
    errors        jsonb[],
    kind          text NOT NULL,
    metadata      jsonb NOT NULL DEFAULT '{}',
    queue         text NOT NULL DEFAULT 'default',
    tags          varchar(255)[] NOT NULL DEFAULT '{}',
    unique_key    bytea,
    unique_states bit(8),
    CONSTRAINT finalized_or_finalized_at_null CHECK (
        (finalized_at IS NULL AND state NOT IN ('cancelled', 'completed', 'discarded')) OR
        (finalized_at IS NOT NULL AND state IN ('cancelled', 'completed', 'discarded'))
    ),
    CONSTRAINT max_attempts_is_positive CHECK (max_attempts > 0),
    CONSTRAINT priority_in_range CHECK (priority >= 1 AND priority <= 4),
    CONSTRAINT queue_length CHECK (char_length(queue) > 0 AND char_length(queue) < 128),
    CONSTRAINT kind_length CHECK (char_length(kind) > 0 AND char_length(kind) < 128)
);
CREATE INDEX river_job_kind ON river_job USING btree (kind);
CREATE INDEX river_job_state_and_finalized_at_index ON river_job USING btree (state, finalized_at) WHERE finalized_at IS NOT NULL;
CREATE INDEX river_job_prioritized_fetching_index ON river_job USING btree (state, queue, priority, scheduled_at, id);
CREATE INDEX river_job_args_index ON river_job USING gin (args);
CREATE INDEX river_job_metadata_index ON river_job USING gin (metadata);

-- +goose StatementBegin
CREATE FUNCTION river_job_state_in_bitmask(bitmask bit(8), state river_job_state) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE state
        WHEN 'available' THEN get_bit(bitmask, 7)
        WHEN 'cancelled' THEN get_bit(bitmask, 6)
        WHEN 'completed' THEN get_bit(bitmask, 5)
        WHEN 'discarded' THEN get_bit(bitmask, 4)
        WHEN 'pending'   THEN get_bit(bitmask, 3)
        WHEN 'retryable' THEN get_bit(bitmask, 2)
        WHEN 'running'   THEN get_bit(bitmask, 1)
        WHEN 'scheduled' THEN get_bit(bitmask, 0)
        ELSE 0
    END = 1;
$$;
-- +goose StatementEnd

CREATE UNIQUE INDEX river_job_unique_idx ON river_job (unique_key)
    WHERE unique_key IS NOT NULL AND unique_states IS NOT NULL AND river_job_state_in_bitmask(unique_states, state);

CREATE UNLOGGED TABLE river_leader (
    elected_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    leader_id  text NOT NULL,
    name       text PRIMARY KEY DEFAULT 'default',
    CONSTRAINT name_length CHECK (name = 'default'),
    CONSTRAINT leader_id_length CHECK (char_length(leader_id) > 0 AND char_length(leader_id) < 128)
);

CREATE TABLE river_queue (
    name       text PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    metadata   jsonb NOT NULL DEFAULT '{}',
    paused_at  timestamptz,
    updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE river_notification (
    id         bigserial PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    payload    text NOT NULL,
    topic      text NOT NULL,
    CONSTRAINT topic_length CHECK (length(topic) > 0 AND length(topic) < 128)
);
CREATE INDEX river_notification_created_at_idx ON river_notification (created_at);
CREATE INDEX river_notification_topic_id_idx ON river_notification (topic, id);

GRANT SELECT, INSERT, UPDATE, DELETE ON river_job, river_leader, river_queue, river_notification TO jalon_app;
GRANT SELECT ON river_migration TO jalon_app;
GRANT USAGE ON SEQUENCE river_job_id_seq, river_notification_id_seq TO jalon_app;

-- +goose Down
DROP TABLE river_notification, river_queue, river_leader, river_job, river_migration;
DROP FUNCTION river_job_state_in_bitmask(bit, river_job_state);
DROP TYPE river_job_state;
DROP TABLE outgoing_mail, reminder_run, reminder_preference;
