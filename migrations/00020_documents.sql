-- +goose Up

-- ─── Big documents, made apart from the request that asks for them ─────────

-- One row per document that somebody asked for. The file lies on the shelf of
-- the evidence under its hash, for a day; then row and file go. Only who asked
-- sees the row. What a kind is, and what its parameters mean, the program knows.
CREATE TABLE export_job (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id    bigint NOT NULL REFERENCES person, -- who asked
    kind         text NOT NULL CHECK (kind ~ '^[a-z]+(_[a-z]+)*$' AND length(kind) <= 40),
    parameters   jsonb NOT NULL CHECK (jsonb_typeof(parameters) = 'object'),
    lang         text NOT NULL CHECK (lang IN ('nl', 'fr')),
    asked_at     timestamptz NOT NULL,
    state        text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'making', 'ready', 'failed')),
    attempts     smallint NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    done         integer NOT NULL DEFAULT 0 CHECK (done >= 0), -- of the steps
    steps        integer NOT NULL DEFAULT 0 CHECK (steps >= done), -- 0: not known yet
    touched_at   timestamptz NOT NULL, -- a sign of life of who makes it
    file_name    text NOT NULL DEFAULT '' CHECK (length(file_name) <= 200),
    content_type text NOT NULL DEFAULT '',
    size         bigint NOT NULL DEFAULT 0 CHECK (size >= 0),
    sha256       bytea CHECK (length(sha256) = 32),
    expires_at   timestamptz NOT NULL CHECK (expires_at > asked_at),
    CHECK ((state = 'ready') = (sha256 IS NOT NULL)),
    CHECK ((state = 'ready') = (file_name <> '' AND content_type <> ''))
);
CREATE INDEX ON export_job (person_id, id);
CREATE INDEX ON export_job (expires_at);
CREATE INDEX ON export_job (sha256) WHERE sha256 IS NOT NULL;
-- Those that are being made, and those that wait in their order.
CREATE INDEX export_job_open ON export_job (state, id) WHERE state IN ('waiting', 'making');

ALTER TABLE export_job ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON export_job TO jalon_app USING ((SELECT viewing_system()) OR person_id = (SELECT viewer()));

GRANT SELECT, INSERT, UPDATE, DELETE ON export_job TO jalon_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO jalon_app;

-- +goose Down
DROP TABLE export_job;
