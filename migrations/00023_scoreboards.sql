-- +goose Up

-- ─── Indicators: of a target, and retired ──────────────────────────────────

-- An indicator may belong to one target: it is then for whoever that target goes to.
ALTER TABLE indicator
    ADD COLUMN target_id bigint,
    ADD CONSTRAINT indicator_target FOREIGN KEY (mandate_id, target_id) REFERENCES target (mandate_id, id),
    ADD CONSTRAINT indicator_target_objective CHECK (target_id IS NULL OR objective_id IS NOT NULL);
CREATE INDEX ON indicator (target_id);

-- From valid_from on it is followed no more; its figures stay.
ALTER TABLE indicator_version ADD COLUMN retired boolean NOT NULL DEFAULT false;

-- The indicators of targets that are addressed today to a body on which the viewer sits.
-- +goose StatementBegin
CREATE FUNCTION addressed_indicators() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT i.id FROM indicator i WHERE i.target_id IN (SELECT addressed_targets('committee_member', 'secretary'));
END
$$;
-- +goose StatementEnd

-- These stand beside the policies by mandate: one of them is enough.
CREATE POLICY to_body ON indicator FOR SELECT TO jalon_app USING (target_id IN (SELECT addressed_targets('committee_member', 'secretary')));
CREATE POLICY to_body ON indicator_version FOR SELECT TO jalon_app USING (indicator_id IN (SELECT addressed_indicators()));
CREATE POLICY to_body ON measurement FOR SELECT TO jalon_app USING (indicator_id IN (SELECT addressed_indicators()));
CREATE POLICY to_body ON milestone FOR SELECT TO jalon_app USING (version_id IN (SELECT v.id FROM indicator_version v WHERE v.indicator_id IN (SELECT addressed_indicators())));
CREATE POLICY to_body ON indicator_component FOR SELECT TO jalon_app USING (part_id IN (SELECT addressed_indicators())
    AND version_id IN (SELECT v.id FROM indicator_version v WHERE v.indicator_id IN (SELECT addressed_indicators())));

-- A token may be limited to the mandates of one institution.
ALTER TABLE api_token
    ADD COLUMN institution_id bigint REFERENCES institution,
    ADD CONSTRAINT api_token_place CHECK (num_nonnulls(mandate_id, institution_id) < 2),
    DROP CONSTRAINT api_token_check,
    ADD CONSTRAINT api_token_machine CHECK (person_id IS NOT NULL OR num_nonnulls(mandate_id, institution_id) = 1 AND scopes = ARRAY['values']);
CREATE INDEX ON api_token (institution_id);

-- ─── Scoreboards ───────────────────────────────────────────────────────────

-- A named set of indicators that a body looks at.
CREATE TABLE scoreboard (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body_id bigint NOT NULL REFERENCES body,
    code    text NOT NULL CHECK (code ~ '^[A-Z][A-Z0-9]{0,11}(-[A-Z0-9]{1,12})?$'),
    UNIQUE (body_id, code)
);

-- What is on it from a day on; of one day the last recorded counts. Who changes it
-- saw the version that theirs takes the place of.
CREATE TABLE scoreboard_version (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scoreboard_id bigint NOT NULL REFERENCES scoreboard,
    valid_from    date NOT NULL,
    name_nl       text NOT NULL CHECK (length(name_nl) BETWEEN 1 AND 200),
    name_fr       text NOT NULL CHECK (length(name_fr) BETWEEN 1 AND 200),
    check_every   text NOT NULL CHECK (check_every IN ('monthly', 'quarterly', 'half_yearly', 'yearly')),
    retired       boolean NOT NULL DEFAULT false,
    recorded_by   bigint NOT NULL REFERENCES person,
    recorded_at   timestamptz NOT NULL,
    supersedes    bigint UNIQUE,
    UNIQUE (scoreboard_id, id),
    FOREIGN KEY (scoreboard_id, supersedes) REFERENCES scoreboard_version (scoreboard_id, id)
);
CREATE UNIQUE INDEX scoreboard_version_first ON scoreboard_version (scoreboard_id) WHERE supersedes IS NULL;
CREATE INDEX ON scoreboard_version (scoreboard_id, valid_from DESC, id DESC);

CREATE TABLE scoreboard_item (
    version_id   bigint NOT NULL REFERENCES scoreboard_version,
    mandate_id   bigint NOT NULL,
    indicator_id bigint NOT NULL,
    position     smallint NOT NULL CHECK (position > 0),
    PRIMARY KEY (version_id, indicator_id),
    UNIQUE (version_id, position),
    FOREIGN KEY (mandate_id, indicator_id) REFERENCES indicator (mandate_id, id)
);
CREATE INDEX ON scoreboard_item (mandate_id);
CREATE INDEX ON scoreboard_item (indicator_id);

-- That somebody looked at the board, and what they concluded: the body, or the
-- holder of a mandate of which indicators are on it.
CREATE TABLE scoreboard_check (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scoreboard_id bigint NOT NULL REFERENCES scoreboard,
    mandate_id    bigint REFERENCES mandate, -- NULL: by the body
    checked_on    date NOT NULL,
    conclusion    text NOT NULL CHECK (length(conclusion) BETWEEN 1 AND 5000),
    lang          text NOT NULL CHECK (lang IN ('nl', 'fr')),
    recorded_by   bigint NOT NULL REFERENCES person,
    on_behalf_of  bigint REFERENCES person,
    recorded_at   timestamptz NOT NULL
);
CREATE INDEX ON scoreboard_check (scoreboard_id, checked_on DESC);
CREATE INDEX ON scoreboard_check (mandate_id);

-- What somebody says about where an indicator stands.
CREATE TABLE indicator_remark (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id   bigint NOT NULL,
    indicator_id bigint NOT NULL,
    on_date      date NOT NULL,
    text         text NOT NULL CHECK (length(text) BETWEEN 1 AND 2000),
    lang         text NOT NULL CHECK (lang IN ('nl', 'fr')),
    recorded_by  bigint NOT NULL REFERENCES person,
    on_behalf_of bigint REFERENCES person,
    recorded_at  timestamptz NOT NULL,
    FOREIGN KEY (mandate_id, indicator_id) REFERENCES indicator (mandate_id, id)
);
CREATE INDEX ON indicator_remark (indicator_id, on_date DESC, id DESC);
CREATE INDEX ON indicator_remark (mandate_id);

-- What is done about an indicator that is off its path.
CREATE TABLE measure (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id   bigint NOT NULL,
    indicator_id bigint NOT NULL,
    taken_on     date NOT NULL,
    cause        text NOT NULL CHECK (length(cause) BETWEEN 1 AND 2000),
    action       text NOT NULL CHECK (length(action) BETWEEN 1 AND 2000),
    effect       text NOT NULL DEFAULT '' CHECK (length(effect) <= 2000), -- that is expected
    owner_id     bigint NOT NULL REFERENCES person,
    due          date NOT NULL,
    lang         text NOT NULL CHECK (lang IN ('nl', 'fr')),
    recorded_by  bigint NOT NULL REFERENCES person,
    on_behalf_of bigint REFERENCES person,
    recorded_at  timestamptz NOT NULL,
    CHECK (due >= taken_on),
    UNIQUE (mandate_id, id),
    FOREIGN KEY (mandate_id, indicator_id) REFERENCES indicator (mandate_id, id)
);
CREATE INDEX ON measure (mandate_id);
CREATE INDEX ON measure (indicator_id);
CREATE INDEX ON measure (owner_id);

-- What became of it: it got another date, was done with an effect, or was given up.
CREATE TABLE measure_step (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id   bigint NOT NULL,
    measure_id   bigint NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('moved', 'done', 'dropped')),
    on_date      date NOT NULL,
    due          date, -- of a measure that was moved
    text         text NOT NULL CHECK (length(text) BETWEEN 1 AND 2000),
    lang         text NOT NULL CHECK (lang IN ('nl', 'fr')),
    recorded_by  bigint NOT NULL REFERENCES person,
    on_behalf_of bigint REFERENCES person,
    recorded_at  timestamptz NOT NULL,
    CHECK ((kind = 'moved') = (due IS NOT NULL)),
    CHECK (due >= on_date),
    FOREIGN KEY (mandate_id, measure_id) REFERENCES measure (mandate_id, id)
);
CREATE INDEX ON measure_step (measure_id, id);
CREATE INDEX ON measure_step (mandate_id);
-- A measure ends once.
CREATE UNIQUE INDEX measure_step_end ON measure_step (measure_id) WHERE kind IN ('done', 'dropped');

-- The boards that the viewer reaches: of the bodies on which they sit, and those
-- with indicators of mandates that they see.
-- +goose StatementBegin
CREATE FUNCTION reached_scoreboards() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 5 SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
        SELECT b.id FROM scoreboard b WHERE b.body_id IN (SELECT bodies_as('committee_member', 'secretary', 'hr_officer'))
        UNION
        SELECT v.scoreboard_id FROM scoreboard_item i JOIN scoreboard_version v ON v.id = i.version_id WHERE i.mandate_id IN (SELECT visible_mandates());
END
$$;
-- +goose StatementEnd

-- The boards that the viewer may change.
-- +goose StatementBegin
CREATE FUNCTION kept_scoreboards() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 5 SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT b.id FROM scoreboard b WHERE b.body_id IN (SELECT bodies_as('secretary'));
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['scoreboard', 'scoreboard_version', 'scoreboard_item', 'scoreboard_check', 'indicator_remark', 'measure', 'measure_step'] LOOP
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', t);
        EXECUTE format('CREATE TRIGGER append_only_table BEFORE TRUNCATE ON %I EXECUTE FUNCTION refuse_change()', t);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table', t);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO jalon_app', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['scoreboard_item', 'indicator_remark', 'measure', 'measure_step'] LOOP
        EXECUTE format('CREATE POLICY read ON %I FOR SELECT TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT visible_mandates()))', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['indicator_remark', 'measure', 'measure_step'] LOOP
        EXECUTE format('CREATE POLICY write ON %I FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system())
            OR mandate_id IN (SELECT reporting_mandates()) OR mandate_id IN (SELECT mandates_as(''secretary'')))', t);
    END LOOP;
END $$;
-- +goose StatementEnd

CREATE POLICY read ON scoreboard FOR SELECT TO jalon_app USING ((SELECT viewing_system())
    OR body_id IN (SELECT bodies_as('committee_member', 'secretary', 'hr_officer')) OR id IN (SELECT reached_scoreboards()));
CREATE POLICY write ON scoreboard FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR body_id IN (SELECT bodies_as('secretary')));
CREATE POLICY read ON scoreboard_version FOR SELECT TO jalon_app USING ((SELECT viewing_system()) OR scoreboard_id IN (SELECT reached_scoreboards()));
CREATE POLICY write ON scoreboard_version FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR scoreboard_id IN (SELECT kept_scoreboards()));
CREATE POLICY to_body ON scoreboard_item FOR SELECT TO jalon_app USING (indicator_id IN (SELECT addressed_indicators()));
CREATE POLICY write ON scoreboard_item FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system())
    OR version_id IN (SELECT v.id FROM scoreboard_version v WHERE v.scoreboard_id IN (SELECT kept_scoreboards()))
        AND (mandate_id IN (SELECT mandates_as('secretary')) OR indicator_id IN (SELECT addressed_indicators())));
-- What a body concludes is for those who sit on it; the holder of a mandate keeps checks of their own.
CREATE POLICY read ON scoreboard_check FOR SELECT TO jalon_app USING ((SELECT viewing_system())
    OR scoreboard_id IN (SELECT b.id FROM scoreboard b WHERE b.body_id IN (SELECT bodies_as('committee_member', 'secretary', 'hr_officer')))
        AND (mandate_id IS NULL OR mandate_id IN (SELECT visible_mandates()))
    OR mandate_id IN (SELECT visible_mandates()));
CREATE POLICY write ON scoreboard_check FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system())
    OR mandate_id IS NULL AND scoreboard_id IN (SELECT kept_scoreboards())
    OR mandate_id IN (SELECT reporting_mandates()) AND scoreboard_id IN (SELECT reached_scoreboards()));
CREATE POLICY to_body ON indicator_remark FOR SELECT TO jalon_app USING (indicator_id IN (SELECT addressed_indicators()));
CREATE POLICY to_body ON measure FOR SELECT TO jalon_app USING (indicator_id IN (SELECT addressed_indicators()));
CREATE POLICY to_body ON measure_step FOR SELECT TO jalon_app USING (measure_id IN (SELECT x.id FROM measure x WHERE x.indicator_id IN (SELECT addressed_indicators())));

GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO jalon_app;

-- +goose Down
DROP TABLE measure_step, measure, indicator_remark, scoreboard_check, scoreboard_item, scoreboard_version, scoreboard;
DROP FUNCTION kept_scoreboards(), reached_scoreboards();
ALTER TABLE api_token DROP CONSTRAINT api_token_machine, DROP CONSTRAINT api_token_place;
DELETE FROM api_token WHERE institution_id IS NOT NULL AND person_id IS NULL;
ALTER TABLE api_token DROP COLUMN institution_id,
    ADD CONSTRAINT api_token_check CHECK (person_id IS NOT NULL OR mandate_id IS NOT NULL AND scopes = ARRAY['values']);
DROP POLICY to_body ON indicator_component;
DROP POLICY to_body ON milestone;
DROP POLICY to_body ON measurement;
DROP POLICY to_body ON indicator_version;
DROP POLICY to_body ON indicator;
DROP FUNCTION addressed_indicators();
ALTER TABLE indicator_version DROP COLUMN retired;
ALTER TABLE indicator DROP COLUMN target_id;
