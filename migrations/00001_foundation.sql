-- +goose Up

-- The application works under this role: it owns nothing, so it can neither
-- switch a trigger off nor change or remove a row of an append-only table.
-- +goose StatementBegin
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jalon_app') THEN
        CREATE ROLE jalon_app NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- another database of this cluster made it at the same moment
END
$$;
-- +goose StatementEnd
GRANT jalon_app TO CURRENT_USER;

-- ─── People and offices ────────────────────────────────────────────────────

CREATE TABLE institution (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code    text NOT NULL UNIQUE CHECK (code ~ '^[A-Z][A-Z0-9-]{1,30}$'),
    name_nl text NOT NULL CHECK (name_nl <> ''),
    name_fr text NOT NULL CHECK (name_fr <> '')
);

-- The bodies that mandates report to, such as the Directieraad.
CREATE TABLE body (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    institution_id bigint NOT NULL REFERENCES institution,
    code           text NOT NULL CHECK (code ~ '^[A-Z]{1,10}$'),
    name_nl        text NOT NULL,
    name_fr        text NOT NULL,
    UNIQUE (institution_id, code)
);

CREATE TABLE person (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email         text NOT NULL UNIQUE CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    lang          text NOT NULL CHECK (lang IN ('nl', 'fr')),
    password_hash text,
    -- changes at every change of password or disabling: older sessions end
    credential_version integer NOT NULL DEFAULT 1,
    must_change_password boolean NOT NULL DEFAULT false,
    disabled_at   timestamptz,
    last_sign_in_at timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE role_grant (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id      bigint NOT NULL REFERENCES person,
    role           text NOT NULL CHECK (role IN ('administrator', 'committee_member', 'secretary', 'hr_officer', 'evaluator')),
    institution_id bigint REFERENCES institution, -- NULL: every institution
    starts_on      date NOT NULL,
    ends_on        date,
    CHECK (ends_on >= starts_on),
    UNIQUE NULLS NOT DISTINCT (person_id, role, institution_id, starts_on)
);

-- Objectives shared by all mandates come from a dated framework.
CREATE TABLE framework (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code       text NOT NULL UNIQUE,
    name_nl    text NOT NULL,
    name_fr    text NOT NULL,
    adopted_on date NOT NULL
);

CREATE TABLE mandate (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    institution_id bigint NOT NULL REFERENCES institution,
    framework_id   bigint NOT NULL REFERENCES framework,
    code           text NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9][A-Z0-9-]{1,40}$'),
    rank           text NOT NULL DEFAULT '',
    title_nl       text NOT NULL DEFAULT '',
    title_fr       text NOT NULL DEFAULT '',
    title_nl_state text NOT NULL DEFAULT '' CHECK (title_nl_state IN ('', 'original', 'translated', 'working', 'outdated')),
    title_fr_state text NOT NULL DEFAULT '' CHECK (title_fr_state IN ('', 'original', 'translated', 'working', 'outdated')),
    position       integer NOT NULL,
    version        bigint NOT NULL DEFAULT 1, -- rises with every write; makes the ETag
    created_at     timestamptz NOT NULL DEFAULT now(),
    CHECK (title_nl <> '' OR title_fr <> '')
);
CREATE INDEX ON mandate (institution_id);

-- A mandate outlives its holder: a tenure makes a person holder between two
-- days, both included. The ranges of one number let the built-in GiST operators
-- compare mandates without an extension.
CREATE TABLE tenure (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id bigint NOT NULL REFERENCES mandate,
    person_id  bigint NOT NULL REFERENCES person,
    starts_on  date NOT NULL,
    ends_on    date,
    interim    boolean NOT NULL DEFAULT false,
    CHECK (ends_on >= starts_on),
    CONSTRAINT tenure_one_holder EXCLUDE USING gist (
        int8range(mandate_id, mandate_id, '[]') WITH &&,
        daterange(starts_on, ends_on, '[]') WITH &&)
);
CREATE INDEX ON tenure (person_id);
CREATE INDEX ON tenure (mandate_id, starts_on);

CREATE TABLE delegation (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id bigint NOT NULL REFERENCES mandate,
    granted_by bigint NOT NULL REFERENCES person,
    person_id  bigint NOT NULL REFERENCES person,
    starts_on  date NOT NULL,
    ends_on    date NOT NULL,
    revoked_at timestamptz,
    CHECK (ends_on >= starts_on),
    CHECK (person_id <> granted_by)
);
CREATE INDEX ON delegation (person_id);
CREATE INDEX ON delegation (mandate_id);

-- ─── The letter ────────────────────────────────────────────────────────────

-- A wording is one passage of legal text. Mandates share the wordings of a
-- framework, which exist once; an amendment adds a version with its date.
CREATE TABLE wording (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    framework_id  bigint REFERENCES framework,
    framework_key text, -- the place in the framework, such as T4/goal3
    CHECK (num_nonnulls(framework_id, framework_key) IN (0, 2))
);
CREATE INDEX ON wording (framework_id, framework_key) WHERE framework_id IS NOT NULL;

CREATE TABLE amendment (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id   bigint NOT NULL REFERENCES mandate,
    effective_on date NOT NULL,
    reason       text NOT NULL,
    recorded_by  bigint REFERENCES person, -- NULL: from the command line
    recorded_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON amendment (mandate_id);

CREATE TABLE wording_version (
    wording_id   bigint NOT NULL REFERENCES wording,
    valid_from   date NOT NULL,
    nl           text NOT NULL DEFAULT '',
    fr           text NOT NULL DEFAULT '',
    nl_state     text NOT NULL DEFAULT '' CHECK (nl_state IN ('', 'original', 'translated', 'working', 'outdated')),
    fr_state     text NOT NULL DEFAULT '' CHECK (fr_state IN ('', 'original', 'translated', 'working', 'outdated')),
    amendment_id bigint REFERENCES amendment,
    recorded_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (wording_id, valid_from),
    CHECK (nl <> '' OR fr <> ''),
    CHECK ((nl = '') = (nl_state = '')),
    CHECK ((fr = '') = (fr_state = ''))
);

CREATE TABLE objective (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id bigint NOT NULL REFERENCES mandate,
    kind       text NOT NULL CHECK (kind IN ('strategic', 'transversal')),
    code       text NOT NULL,
    position   smallint NOT NULL,
    wording_id bigint NOT NULL REFERENCES wording,
    UNIQUE (mandate_id, code),
    UNIQUE (mandate_id, position),
    UNIQUE (mandate_id, id)
);

-- Context paragraphs and goals of an objective.
CREATE TABLE passage (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    objective_id bigint NOT NULL REFERENCES objective,
    kind         text NOT NULL CHECK (kind IN ('context', 'goal')),
    position     smallint NOT NULL,
    wording_id   bigint NOT NULL REFERENCES wording,
    UNIQUE (objective_id, kind, position)
);

CREATE TABLE measurement_point (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id   bigint NOT NULL,
    objective_id bigint NOT NULL,
    code         text NOT NULL,
    position     smallint NOT NULL,
    wording_id   bigint NOT NULL REFERENCES wording,
    UNIQUE (mandate_id, code),
    UNIQUE (mandate_id, id),
    FOREIGN KEY (mandate_id, objective_id) REFERENCES objective (mandate_id, id)
);
CREATE INDEX ON measurement_point (objective_id);

CREATE TABLE target (
    id                   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id           bigint NOT NULL,
    measurement_point_id bigint NOT NULL,
    code                 text NOT NULL,
    position             smallint NOT NULL,
    wording_id           bigint NOT NULL REFERENCES wording,
    UNIQUE (mandate_id, code),
    UNIQUE (mandate_id, id),
    FOREIGN KEY (mandate_id, measurement_point_id) REFERENCES measurement_point (mandate_id, id)
);
CREATE INDEX ON target (measurement_point_id);

CREATE TABLE kpi (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id   bigint NOT NULL,
    objective_id bigint NOT NULL,
    code         text NOT NULL,
    position     smallint NOT NULL,
    wording_id   bigint NOT NULL REFERENCES wording,
    UNIQUE (mandate_id, code),
    FOREIGN KEY (mandate_id, objective_id) REFERENCES objective (mandate_id, id)
);
CREATE INDEX ON kpi (objective_id);

-- The words of a deadline are kept as they stand in the letter; the reading
-- beside them is a proposal until a person confirms it.
CREATE TABLE deadline (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id      bigint NOT NULL,
    target_id       bigint,
    objective_id    bigint,
    valid_from      date NOT NULL,
    phrase_nl       text NOT NULL DEFAULT '',
    phrase_fr       text NOT NULL DEFAULT '',
    phrase_nl_state text NOT NULL DEFAULT '' CHECK (phrase_nl_state IN ('', 'original', 'translated', 'working', 'outdated')),
    phrase_fr_state text NOT NULL DEFAULT '' CHECK (phrase_fr_state IN ('', 'original', 'translated', 'working', 'outdated')),
    reading         jsonb NOT NULL,
    -- taken from the reading when it is written, for questions over many targets
    owed_from       date, -- nothing is owed before; NULL: from the start
    due             date, -- last day in time; NULL: never late, or at the end of the mandate
    due_at_end      boolean NOT NULL DEFAULT false, -- due on the last day of the tenure
    confirmed_by    bigint REFERENCES person,
    confirmed_at    timestamptz,
    CHECK (num_nonnulls(target_id, objective_id) = 1),
    CHECK (phrase_nl <> '' OR phrase_fr <> ''),
    CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
    UNIQUE (target_id, valid_from),
    UNIQUE (objective_id, valid_from),
    FOREIGN KEY (mandate_id, target_id) REFERENCES target (mandate_id, id),
    FOREIGN KEY (mandate_id, objective_id) REFERENCES objective (mandate_id, id)
);

CREATE TABLE letter_import (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id  bigint NOT NULL REFERENCES mandate,
    lang        text NOT NULL CHECK (lang IN ('nl', 'fr')),
    file_name   text NOT NULL,
    sha256      bytea NOT NULL CHECK (length(sha256) = 32),
    source      text NOT NULL, -- the text as read, with its lines
    findings    jsonb NOT NULL,
    imported_by bigint REFERENCES person, -- NULL: from the command line
    imported_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON letter_import (mandate_id);

-- ─── Progress ──────────────────────────────────────────────────────────────

-- Half-years are stored as their first day.
CREATE DOMAIN half_year AS date
    CHECK (extract(month FROM VALUE) IN (1, 7) AND extract(day FROM VALUE) = 1);

CREATE TABLE progress_entry (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id    bigint NOT NULL,
    target_id     bigint NOT NULL,
    as_of         date NOT NULL,
    recorded_at   timestamptz NOT NULL DEFAULT now(),
    author_id     bigint NOT NULL REFERENCES person,
    on_behalf_of  bigint REFERENCES person,
    lang          text NOT NULL CHECK (lang IN ('nl', 'fr')),
    status        text NOT NULL CHECK (status IN ('on_track', 'attention', 'support_needed', 'compromised', 'achieved', 'stopped', 'nothing_to_report')),
    percentage    numeric CHECK (percentage <> 'NaN' AND percentage BETWEEN 0 AND 100),
    value         numeric CHECK (value NOT IN ('NaN', 'Infinity', '-Infinity')),
    achieved      text NOT NULL DEFAULT '' CHECK (length(achieved) <= 20000),
    obstacles     text NOT NULL DEFAULT '' CHECK (length(obstacles) <= 20000),
    next_steps    text NOT NULL DEFAULT '' CHECK (length(next_steps) <= 20000),
    support_asked text NOT NULL DEFAULT '' CHECK (length(support_asked) <= 20000),
    support_of    text NOT NULL DEFAULT '' CHECK (length(support_of) <= 500),
    support_by    date,
    reason        text NOT NULL DEFAULT '' CHECK (length(reason) <= 20000),
    supersedes    bigint UNIQUE REFERENCES progress_entry,
    correction_reason text NOT NULL DEFAULT '' CHECK (length(correction_reason) <= 2000),
    CHECK (status <> 'nothing_to_report' OR reason <> ''),
    CHECK (status <> 'support_needed' OR (support_asked <> '' AND support_of <> '' AND support_by IS NOT NULL)),
    FOREIGN KEY (mandate_id, target_id) REFERENCES target (mandate_id, id)
);
-- The one index that every as-of question uses; id breaks ties of one day.
CREATE INDEX progress_entry_as_of ON progress_entry (target_id, as_of DESC, id DESC) INCLUDE (status, value);

-- What a holder and a delegate are still writing, target by target.
CREATE TABLE report_draft (
    mandate_id bigint NOT NULL,
    period     half_year NOT NULL,
    target_id  bigint NOT NULL,
    fields     jsonb NOT NULL,
    version    integer NOT NULL DEFAULT 1,
    saved_by   bigint NOT NULL REFERENCES person,
    saved_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (mandate_id, period, target_id),
    FOREIGN KEY (mandate_id, target_id) REFERENCES target (mandate_id, id)
);

-- One number per objective in the order of the letter, rewritten for one
-- mandate inside the transaction that records an entry. late_from holds, per
-- objective, the first day on which an open target is late: whether that day
-- has come is for the reader to say, so a cell does not go stale overnight.
CREATE TABLE mandate_period_cells (
    period     half_year NOT NULL,
    mandate_id bigint NOT NULL REFERENCES mandate,
    codes      text[] NOT NULL, -- of the objectives, in the order of the letter
    cells      integer[] NOT NULL,
    late_from  date[] NOT NULL,
    PRIMARY KEY (period, mandate_id),
    CHECK (cardinality(cells) = cardinality(codes) AND cardinality(cells) = cardinality(late_from))
);

CREATE TABLE seal (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id bigint NOT NULL REFERENCES mandate,
    body_id    bigint NOT NULL REFERENCES body,
    period     half_year NOT NULL,
    number     text NOT NULL,
    sealed_at  timestamptz NOT NULL,
    sealed_by  bigint NOT NULL REFERENCES person,
    document   bytea NOT NULL, -- the canonical bytes: never rebuilt, only rendered
    sha256     bytea NOT NULL CHECK (sha256 = sha256(document)),
    signature  text NOT NULL,
    key_id     text NOT NULL,
    public_key text NOT NULL,
    UNIQUE (mandate_id, period),
    UNIQUE (body_id, number)
);

-- ─── Traces ────────────────────────────────────────────────────────────────

-- Every write carries the key of its form: the same form sent twice, or
-- retried after a lost answer, is one write.
CREATE TABLE submission (
    key        uuid PRIMARY KEY,
    person_id  bigint NOT NULL REFERENCES person,
    action     text NOT NULL,
    location   text NOT NULL, -- where the answer sent the browser
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE audit_event (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL DEFAULT now(),
    actor_id   bigint REFERENCES person, -- NULL: the system, or nobody signed in
    action     text NOT NULL,
    object     text NOT NULL DEFAULT '', -- such as mandate/ACTIRIS-A4-EL/2026-H1
    mandate_id bigint REFERENCES mandate,
    request_id text NOT NULL DEFAULT '',
    detail     jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX ON audit_event (mandate_id, at);

CREATE TABLE sessions (
    token  text PRIMARY KEY, -- hashed
    data   bytea NOT NULL,
    expiry timestamptz NOT NULL
);
CREATE INDEX ON sessions (expiry);

-- ─── What the database itself refuses ──────────────────────────────────────

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'JA002';
END
$$;
-- +goose StatementEnd

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON progress_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON progress_entry EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON audit_event EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON seal FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON seal EXECUTE FUNCTION refuse_change();
ALTER TABLE progress_entry ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;
ALTER TABLE seal ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;

-- A sealed half-year takes no entry, whatever the application believes. The
-- writer has locked the mandate's row before, as sealing does.
-- +goose StatementBegin
CREATE FUNCTION refuse_sealed_period() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM seal s
        WHERE s.mandate_id = NEW.mandate_id
          AND NEW.as_of >= s.period
          AND NEW.as_of < s.period + interval '6 months'
    ) THEN
        RAISE EXCEPTION 'the half-year of % is sealed', NEW.as_of USING ERRCODE = 'JA001';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER sealed_period BEFORE INSERT ON progress_entry FOR EACH ROW EXECUTE FUNCTION refuse_sealed_period();
ALTER TABLE progress_entry ENABLE ALWAYS TRIGGER sealed_period;

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO jalon_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO jalon_app;
REVOKE UPDATE, DELETE, TRUNCATE ON progress_entry, audit_event, seal, submission FROM jalon_app;
REVOKE INSERT, UPDATE, DELETE ON goose_db_version FROM jalon_app;

-- +goose Down
DROP TABLE audit_event, submission, sessions, seal, mandate_period_cells, report_draft, progress_entry,
    letter_import, deadline, kpi, target, measurement_point, passage, objective, wording_version, amendment,
    wording, delegation, tenure, mandate, framework, role_grant, person, body, institution;
DROP FUNCTION refuse_change(), refuse_sealed_period();
DROP DOMAIN half_year;
