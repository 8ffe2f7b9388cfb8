-- +goose Up

-- ─── Sessions say whose they are ───────────────────────────────────────────

-- Those begun before cannot say it: their people sign in once more.
DELETE FROM sessions;
ALTER TABLE sessions
    ADD COLUMN id bigint NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE,
    ADD COLUMN person_id bigint REFERENCES person, -- NULL: not signed in yet, such as between the password and the code
    ADD COLUMN begun_at timestamptz NOT NULL,
    ADD COLUMN seen_at timestamptz NOT NULL, -- to the minute
    ADD COLUMN agent text NOT NULL DEFAULT '' CHECK (agent ~ '^[A-Za-z ,]{0,40}$'), -- family of browser and system
    ADD COLUMN network text NOT NULL DEFAULT '' CHECK (network ~ '^[0-9a-f.:/]{0,45}$'), -- a /24 or a /48, never the whole address
    ADD COLUMN second_factor_at timestamptz;
CREATE INDEX ON sessions (person_id) WHERE person_id IS NOT NULL;

-- ─── Second factor ─────────────────────────────────────────────────────────

-- The secret of RFC 6238 is encrypted under a key outside the database.
CREATE TABLE second_factor (
    person_id    bigint PRIMARY KEY REFERENCES person,
    secret       bytea NOT NULL CHECK (length(secret) BETWEEN 29 AND 200),
    key_id       text NOT NULL CHECK (key_id ~ '^[0-9a-f]{16}$'),
    begun_at     timestamptz NOT NULL,
    confirmed_at timestamptz CHECK (confirmed_at >= begun_at), -- NULL: no code was shown yet
    last_step    bigint NOT NULL DEFAULT 0 CHECK (last_step >= 0) -- of 30 s since 1970: a code serves once
);

-- What opens an account when the telephone is lost: 120 random bits each, hashed.
CREATE TABLE recovery_code (
    person_id bigint NOT NULL REFERENCES second_factor ON DELETE CASCADE,
    code_hash bytea NOT NULL CHECK (length(code_hash) = 32), -- SHA-256
    used_at   timestamptz,
    PRIMARY KEY (person_id, code_hash)
);

-- ─── One-time links ────────────────────────────────────────────────────────

-- A link with which a person chooses a password: 256 random bits, of which only
-- the SHA-256 is kept, for half an hour at most.
CREATE TABLE password_link (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    person_id  bigint NOT NULL REFERENCES person,
    made_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CHECK (expires_at > made_at AND expires_at <= made_at + interval '30 minutes')
);
CREATE INDEX ON password_link (person_id);

-- The mail with the link is kept without it: the link is made when it is sent.
ALTER TABLE outgoing_mail DROP CONSTRAINT outgoing_mail_kind_check;
ALTER TABLE outgoing_mail ADD CONSTRAINT outgoing_mail_kind_check
    CHECK (kind IN ('digest', 'escalation', 'delegation_end', 'storm', 'password_link'));

GRANT SELECT, INSERT, UPDATE, DELETE ON second_factor, recovery_code, password_link TO jalon_app;

-- +goose Down
DELETE FROM outgoing_mail WHERE kind = 'password_link';
ALTER TABLE outgoing_mail DROP CONSTRAINT outgoing_mail_kind_check;
ALTER TABLE outgoing_mail ADD CONSTRAINT outgoing_mail_kind_check
    CHECK (kind IN ('digest', 'escalation', 'delegation_end', 'storm'));
DROP TABLE password_link, recovery_code, second_factor;
ALTER TABLE sessions DROP COLUMN id, DROP COLUMN person_id, DROP COLUMN begun_at, DROP COLUMN seen_at,
    DROP COLUMN agent, DROP COLUMN network, DROP COLUMN second_factor_at;
