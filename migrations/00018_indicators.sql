-- +goose Up

-- ─── Indicators: figures that are followed over time ───────────────────────

ALTER TABLE kpi ADD UNIQUE (mandate_id, id);

CREATE TABLE indicator (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id   bigint NOT NULL REFERENCES mandate,
    code         text NOT NULL CHECK (code ~ '^[A-Z][A-Z0-9]{0,11}([.-][A-Z0-9]{1,12}){0,3}$'),
    objective_id bigint, -- NULL: of the mandate as such
    kpi_id       bigint, -- of the letter, that it measures
    UNIQUE (mandate_id, code),
    UNIQUE (mandate_id, id),
    FOREIGN KEY (mandate_id, objective_id) REFERENCES objective (mandate_id, id),
    FOREIGN KEY (mandate_id, kpi_id) REFERENCES kpi (mandate_id, id)
);
CREATE INDEX ON indicator (objective_id);
CREATE INDEX ON indicator (kpi_id);

-- What an indicator is from a day on; of one day the last recorded counts.
CREATE TABLE indicator_version (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id   bigint NOT NULL,
    indicator_id bigint NOT NULL,
    valid_from   date NOT NULL,
    name_nl      text NOT NULL CHECK (length(name_nl) <= 300),
    name_fr      text NOT NULL CHECK (length(name_fr) <= 300),
    unit_nl      text NOT NULL CHECK (length(unit_nl) <= 60),
    unit_fr      text NOT NULL CHECK (length(unit_fr) <= 60),
    direction    text NOT NULL CHECK (direction IN ('up', 'down', 'at_least', 'at_most', 'between')),
    per          integer NOT NULL CHECK (per IN (0, 1, 100, 1000)), -- 0: no numerator and denominator
    decimals     smallint NOT NULL CHECK (decimals BETWEEN 0 AND 6),
    min_group    integer NOT NULL DEFAULT 0 CHECK (min_group BETWEEN 0 AND 100000), -- people; 0: no rule
    baseline     numeric CHECK (baseline NOT IN ('NaN', 'Infinity', '-Infinity')),
    baseline_on  date,
    source       text NOT NULL DEFAULT '' CHECK (length(source) <= 500),
    owner        text NOT NULL DEFAULT '' CHECK (length(owner) <= 200),
    cadence      text NOT NULL CHECK (cadence IN ('monthly', 'quarterly', 'half_yearly', 'yearly')),
    origin       text NOT NULL CHECK (origin IN ('measured', 'formula', 'events', 'duties', 'parts_apart')),
    formula      text NOT NULL DEFAULT '' CHECK (length(formula) <= 300),
    event_kind   text REFERENCES event_kind (code),
    event_count  text NOT NULL DEFAULT '' CHECK (event_count IN ('', 'count', 'before', 'after', 'both')),
    adds_up      boolean NOT NULL DEFAULT false, -- its components add up to it
    recorded_by  bigint NOT NULL REFERENCES person,
    recorded_at  timestamptz NOT NULL,
    CHECK (name_nl <> '' OR name_fr <> ''),
    CHECK ((baseline IS NULL) = (baseline_on IS NULL)),
    CHECK ((origin = 'formula') = (formula <> '')),
    CHECK ((origin = 'events') = (event_kind IS NOT NULL) AND (origin = 'events') = (event_count <> '')),
    CHECK (origin <> 'duties' OR per > 0),
    CHECK (NOT (adds_up AND origin = 'parts_apart')),
    UNIQUE (mandate_id, id),
    FOREIGN KEY (mandate_id, indicator_id) REFERENCES indicator (mandate_id, id)
);
CREATE INDEX ON indicator_version (indicator_id, valid_from DESC, id DESC);

-- The parts of an indicator: others of the same mandate, that add up to it or
-- have units of their own.
CREATE TABLE indicator_component (
    mandate_id bigint NOT NULL,
    version_id bigint NOT NULL,
    part_id    bigint NOT NULL,
    position   smallint NOT NULL,
    PRIMARY KEY (version_id, part_id),
    UNIQUE (version_id, position),
    FOREIGN KEY (mandate_id, version_id) REFERENCES indicator_version (mandate_id, id),
    FOREIGN KEY (mandate_id, part_id) REFERENCES indicator (mandate_id, id)
);
CREATE INDEX ON indicator_component (part_id);

CREATE TABLE milestone (
    mandate_id bigint NOT NULL,
    version_id bigint NOT NULL,
    on_date    date NOT NULL,
    value      numeric NOT NULL CHECK (value NOT IN ('NaN', 'Infinity', '-Infinity')),
    upper      numeric CHECK (upper NOT IN ('NaN', 'Infinity', '-Infinity') AND upper >= value), -- of a direction "between"
    PRIMARY KEY (version_id, on_date),
    FOREIGN KEY (mandate_id, version_id) REFERENCES indicator_version (mandate_id, id)
);

-- A key to the interface for programs. Only its hash is kept. That of a person
-- does what the person may, within its scopes. A machine delivers values of one
-- mandate and reads nothing: an administrator hands it out, who sees no progress.
CREATE TABLE api_token (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id    bigint REFERENCES person, -- NULL: a machine
    mandate_id   bigint REFERENCES mandate, -- that it is limited to
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    secret_hash  bytea NOT NULL UNIQUE CHECK (length(secret_hash) = 32), -- SHA-256
    hint         text NOT NULL CHECK (length(hint) = 4), -- its last characters, to know it again
    scopes       text[] NOT NULL CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['read', 'values']),
    created_by   bigint NOT NULL REFERENCES person,
    created_at   timestamptz NOT NULL,
    expires_on   date NOT NULL, -- the last day
    revoked_at   timestamptz,
    revoked_by   bigint REFERENCES person,
    last_used_on date,
    CHECK (person_id IS NOT NULL OR mandate_id IS NOT NULL AND scopes = ARRAY['values']),
    CHECK (person_id IS NULL OR person_id = created_by),
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE INDEX ON api_token (person_id);
CREATE INDEX ON api_token (mandate_id);

-- One value of one day. A later one of the same day supersedes it; both stay.
CREATE TABLE measurement (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id   bigint NOT NULL,
    indicator_id bigint NOT NULL,
    on_date      date NOT NULL,
    value        numeric CHECK (value NOT IN ('NaN', 'Infinity', '-Infinity')),
    numerator    numeric CHECK (numerator NOT IN ('NaN', 'Infinity', '-Infinity')),
    denominator  numeric CHECK (denominator NOT IN ('NaN', 'Infinity', '-Infinity')),
    people       integer CHECK (people BETWEEN 1 AND 10000000), -- in the group that the figure is about
    withdrawn    boolean NOT NULL DEFAULT false, -- there is no value of that day after all
    note         text NOT NULL DEFAULT '' CHECK (length(note) <= 1000),
    lang         text NOT NULL CHECK (lang IN ('nl', 'fr')),
    channel      text NOT NULL CHECK (channel IN ('page', 'import', 'api')),
    recorded_by  bigint REFERENCES person, -- NULL: a machine
    token_id     bigint REFERENCES api_token,
    recorded_at  timestamptz NOT NULL,
    supersedes   bigint UNIQUE,
    CHECK (num_nonnulls(value, numerator) = CASE WHEN withdrawn THEN 0 ELSE 1 END),
    CHECK ((numerator IS NULL) = (denominator IS NULL)),
    CHECK (num_nonnulls(recorded_by, token_id) > 0),
    UNIQUE (indicator_id, on_date, id),
    FOREIGN KEY (mandate_id, indicator_id) REFERENCES indicator (mandate_id, id),
    FOREIGN KEY (indicator_id, on_date, supersedes) REFERENCES measurement (indicator_id, on_date, id)
);
CREATE UNIQUE INDEX measurement_first ON measurement (indicator_id, on_date) WHERE supersedes IS NULL;
CREATE INDEX ON measurement (mandate_id);
CREATE INDEX ON measurement (recorded_by);
CREATE INDEX ON measurement (token_id);

-- +goose StatementBegin
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['indicator', 'indicator_version', 'indicator_component', 'milestone', 'measurement'] LOOP
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', t);
        EXECUTE format('CREATE TRIGGER append_only_table BEFORE TRUNCATE ON %I EXECUTE FUNCTION refuse_change()', t);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table', t);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY read ON %I FOR SELECT TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT visible_mandates()))', t);
        EXECUTE format('CREATE POLICY write ON %I FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system())
            OR mandate_id IN (SELECT reporting_mandates()) OR mandate_id IN (SELECT mandates_as(''secretary'', ''hr_officer'')))', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO jalon_app', t);
    END LOOP;
END $$;
-- +goose StatementEnd

GRANT SELECT, INSERT, UPDATE (revoked_at, revoked_by, last_used_on) ON api_token TO jalon_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO jalon_app;

-- +goose Down
DROP TABLE measurement, milestone, indicator_component, indicator_version, indicator, api_token;
ALTER TABLE kpi DROP CONSTRAINT kpi_mandate_id_id_key;
