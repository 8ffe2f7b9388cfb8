-- +goose Up

-- ─── Bodies have members and a secretary, between two days ─────────────────

ALTER TABLE body ADD UNIQUE (institution_id, id);

-- An evaluator is named for one evaluation; the role by itself never opened anything.
DELETE FROM role_grant WHERE role = 'evaluator';

ALTER TABLE role_grant
    DROP CONSTRAINT role_grant_role_check,
    DROP CONSTRAINT role_grant_person_id_role_institution_id_starts_on_key,
    ADD CONSTRAINT role_grant_role_check CHECK (role IN ('administrator', 'committee_member', 'secretary', 'hr_officer')),
    ADD COLUMN body_id bigint, -- of a member or secretary of one body; NULL: of every body in the scope
    ADD CONSTRAINT role_grant_body_check CHECK (body_id IS NULL OR institution_id IS NOT NULL AND role IN ('committee_member', 'secretary')),
    ADD CONSTRAINT role_grant_body_fkey FOREIGN KEY (institution_id, body_id) REFERENCES body (institution_id, id);
CREATE INDEX ON role_grant (body_id) WHERE body_id IS NOT NULL;

-- The same right twice on one day is one right: such rows become one.
CREATE TEMPORARY TABLE role_grant_merged ON COMMIT DROP AS
    SELECT person_id, role, institution_id, range_agg(daterange(starts_on, ends_on, '[]')) AS days, array_agg(id) AS ids
    FROM role_grant
    GROUP BY person_id, role, institution_id
    HAVING count(*) > 1;
DELETE FROM role_grant r USING role_grant_merged m WHERE r.id = ANY (m.ids);
INSERT INTO role_grant (person_id, role, institution_id, starts_on, ends_on)
    SELECT m.person_id, m.role, m.institution_id, lower(d), upper(d) - 1
    FROM role_grant_merged m, unnest(m.days) d;

-- The ranges of one number let the built-in GiST operators compare without an extension.
ALTER TABLE role_grant
    ADD CONSTRAINT role_grant_once EXCLUDE USING gist (
        int8range(person_id, person_id, '[]') WITH &&,
        int4range(array_position(ARRAY['administrator', 'committee_member', 'secretary', 'hr_officer'], role),
                  array_position(ARRAY['administrator', 'committee_member', 'secretary', 'hr_officer'], role), '[]') WITH &&,
        int8range(COALESCE(institution_id, 0), COALESCE(institution_id, 0), '[]') WITH &&,
        int8range(COALESCE(body_id, 0), COALESCE(body_id, 0), '[]') WITH &&,
        daterange(starts_on, ends_on, '[]') WITH &&),
    ADD CONSTRAINT role_grant_one_secretary EXCLUDE USING gist (
        int8range(body_id, body_id, '[]') WITH &&,
        daterange(starts_on, ends_on, '[]') WITH &&) WHERE (role = 'secretary' AND body_id IS NOT NULL);

-- ─── A delegation covers the mandate, or the objectives named ──────────────

-- Two delegations of one mandate to one person that share a day become one.
-- +goose StatementBegin
DO $$
DECLARE
    pair record;
BEGIN
    LOOP
        SELECT a.id AS kept, b.id AS merged, LEAST(a.starts_on, b.starts_on) AS starts_on, GREATEST(a.ends_on, b.ends_on) AS ends_on INTO pair
        FROM delegation a
        JOIN delegation b ON b.mandate_id = a.mandate_id AND b.person_id = a.person_id AND b.id > a.id
            AND daterange(a.starts_on, a.ends_on, '[]') && daterange(b.starts_on, b.ends_on, '[]')
        WHERE a.revoked_at IS NULL AND b.revoked_at IS NULL
        LIMIT 1;
        EXIT WHEN NOT FOUND;
        UPDATE delegation SET revoked_at = now() WHERE id = pair.merged;
        UPDATE delegation SET starts_on = pair.starts_on, ends_on = pair.ends_on WHERE id = pair.kept;
    END LOOP;
END
$$;
-- +goose StatementEnd

ALTER TABLE delegation
    ADD UNIQUE (mandate_id, id),
    ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN revoked_by bigint REFERENCES person, -- NULL with a time: by the system, or before this was kept
    ADD CONSTRAINT delegation_revoked CHECK (revoked_by IS NULL OR revoked_at IS NOT NULL),
    ADD CONSTRAINT delegation_once EXCLUDE USING gist (
        int8range(mandate_id, mandate_id, '[]') WITH &&,
        int8range(person_id, person_id, '[]') WITH &&,
        daterange(starts_on, ends_on, '[]') WITH &&) WHERE (revoked_at IS NULL);

-- Without rows a delegation covers the whole mandate.
CREATE TABLE delegation_objective (
    mandate_id    bigint NOT NULL,
    delegation_id bigint NOT NULL,
    objective_id  bigint NOT NULL,
    PRIMARY KEY (delegation_id, objective_id),
    FOREIGN KEY (mandate_id, delegation_id) REFERENCES delegation (mandate_id, id),
    FOREIGN KEY (mandate_id, objective_id) REFERENCES objective (mandate_id, id)
);
GRANT SELECT, INSERT ON delegation_objective TO jalon_app;
REVOKE DELETE ON delegation FROM jalon_app;

-- A delegation is in force as far as it was not revoked, and while the person
-- who gave it holds the mandate: it ends with their tenure.
CREATE VIEW delegation_in_force AS
    SELECT d.id, d.mandate_id, d.granted_by, d.person_id,
        GREATEST(d.starts_on, t.starts_on)::date AS starts_on, LEAST(d.ends_on, t.ends_on)::date AS ends_on
    FROM delegation d
    JOIN tenure t ON t.mandate_id = d.mandate_id AND t.person_id = d.granted_by
        AND daterange(t.starts_on, t.ends_on, '[]') && daterange(d.starts_on, d.ends_on, '[]')
    WHERE d.revoked_at IS NULL;
GRANT SELECT ON delegation_in_force TO jalon_app;

-- Nobody reports for a mandate that they hold themself.
-- +goose StatementBegin
CREATE FUNCTION refuse_delegation() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM tenure t
        WHERE t.mandate_id = NEW.mandate_id AND t.person_id = NEW.person_id
          AND daterange(t.starts_on, t.ends_on, '[]') && daterange(NEW.starts_on, NEW.ends_on, '[]')
    ) OR EXISTS (
        SELECT FROM evaluator e
        WHERE e.mandate_id = NEW.mandate_id AND e.person_id = NEW.person_id
          AND daterange(e.starts_on, e.ends_on, '[]') && daterange(NEW.starts_on, NEW.ends_on, '[]')
    ) THEN
        RAISE EXCEPTION 'person % holds or evaluates the mandate', NEW.person_id USING ERRCODE = 'JA003';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER no_own_delegation BEFORE INSERT ON delegation FOR EACH ROW EXECUTE FUNCTION refuse_delegation();

-- Events say for whom they were recorded, as entries and answers do.
ALTER TABLE event ADD COLUMN on_behalf_of bigint REFERENCES person;
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION duty_record(of_mandate bigint, as_of_day date) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'since', (
            -- the first report of each target, found at the end of the index
            SELECT (LEAST(m.created_at, min(e.recorded_at)) AT TIME ZONE 'Europe/Brussels')::date
            FROM mandate m
            LEFT JOIN target g ON g.mandate_id = m.id
            LEFT JOIN LATERAL (
                SELECT f.recorded_at FROM progress_entry f
                WHERE f.target_id = g.id
                ORDER BY f.as_of, f.id
                LIMIT 1
            ) e ON true
            WHERE m.id = of_mandate
            GROUP BY m.created_at),
        'sealed_until', (
            SELECT (max(s.period) + interval '6 months' - interval '1 day')::date
            FROM seal s
            WHERE s.mandate_id = of_mandate),
        'reports', (
            -- those of two years, the latest one and those that closed a target:
            -- no question looks further back, and the record does not grow with the years
            SELECT jsonb_agg(jsonb_build_array(g.id, e.id, e.as_of, e.status IN ('achieved', 'stopped')) ORDER BY e.as_of, e.id)
            FROM target g
            JOIN LATERAL (
                SELECT r.id, r.as_of, r.status FROM progress_entry r
                WHERE r.target_id = g.id AND r.as_of <= as_of_day
                  AND (r.as_of > as_of_day - 731 OR r.status IN ('achieved', 'stopped'))
                UNION
                (SELECT r.id, r.as_of, r.status FROM progress_entry r
                WHERE r.target_id = g.id AND r.as_of <= as_of_day
                ORDER BY r.as_of DESC, r.id DESC
                LIMIT 1)
            ) e ON true
            WHERE g.mandate_id = of_mandate
              AND NOT EXISTS (SELECT FROM progress_entry c WHERE c.supersedes = e.id AND c.as_of <= as_of_day)),
        'events', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', v.id, 'kind', v.kind, 'kind_nl', k.name_nl, 'kind_fr', k.name_fr, 'triggers', k.triggers,
                'title', v.title, 'lang', v.lang, 'from', v.starts_on, 'until', v.ends_on, 'place', v.place, 'participants', v.participants,
                'targets', (SELECT jsonb_agg(t.target_id ORDER BY t.target_id) FROM event_target t WHERE t.event_id = v.id),
                'by_id', v.recorded_by, 'by', n.name, 'behalf_id', v.on_behalf_of, 'behalf', b.name,
                'at', v.recorded_at, 'cancelled_at', v.cancelled_at) ORDER BY v.starts_on, v.id)
            FROM event v
            JOIN event_kind k ON k.code = v.kind
            JOIN person n ON n.id = v.recorded_by
            LEFT JOIN person b ON b.id = v.on_behalf_of
            WHERE v.mandate_id = of_mandate),
        'answers', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', a.id, 'target', a.target_id, 'event', a.event_id, 'due', a.due, 'timing', a.timing, 'done_on', a.done_on,
                'note', a.note, 'link', a.link, 'lang', a.lang, 'by_id', a.author_id, 'by', n.name,
                'behalf_id', a.on_behalf_of, 'behalf', b.name, 'at', a.recorded_at, 'files', CASE WHEN a.files > 0 THEN evidence_of_answer(a.id) END) ORDER BY a.id)
            FROM duty_answer a
            JOIN person n ON n.id = a.author_id
            LEFT JOIN person b ON b.id = a.on_behalf_of
            WHERE a.mandate_id = of_mandate),
        'waivers', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', w.id, 'target', w.target_id, 'event', w.event_id, 'due', w.due, 'reason', w.reason, 'lang', w.lang,
                'by_id', w.waived_by, 'by', n.name, 'at', w.recorded_at) ORDER BY w.id)
            FROM duty_waiver w
            JOIN person n ON n.id = w.waived_by
            WHERE w.mandate_id = of_mandate))
$$;
-- +goose StatementEnd

-- ─── Evaluations, as far as rights hang on them ────────────────────────────

CREATE TABLE evaluation_kind (
    code     text PRIMARY KEY CHECK (code ~ '^[a-z][a-z-]{1,40}$'),
    name_nl  text NOT NULL CHECK (name_nl <> ''),
    name_fr  text NOT NULL CHECK (name_fr <> ''),
    position smallint NOT NULL
);
INSERT INTO evaluation_kind (position, code, name_nl, name_fr) VALUES
    (1, 'interim', 'Tussentijdse evaluatie', 'Évaluation intermédiaire'),
    (2, 'final', 'Eindevaluatie', 'Évaluation finale');

ALTER TABLE tenure ADD UNIQUE (mandate_id, id);

-- The evaluation of a person for the days of a tenure: a successor has their own.
CREATE TABLE evaluation (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id bigint NOT NULL,
    tenure_id  bigint NOT NULL,
    kind       text NOT NULL REFERENCES evaluation_kind,
    starts_on  date NOT NULL, -- the period that is evaluated, both days included
    ends_on    date NOT NULL,
    planned_on date NOT NULL, -- the day of the interview
    created_by bigint NOT NULL REFERENCES person,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (ends_on >= starts_on),
    UNIQUE (mandate_id, id),
    UNIQUE (tenure_id, kind, starts_on),
    FOREIGN KEY (mandate_id, tenure_id) REFERENCES tenure (mandate_id, id)
);
CREATE INDEX ON evaluation (mandate_id);

CREATE TABLE evaluator (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id    bigint NOT NULL,
    evaluation_id bigint NOT NULL,
    person_id     bigint NOT NULL REFERENCES person,
    starts_on     date NOT NULL,
    ends_on       date NOT NULL,
    named_by      bigint NOT NULL REFERENCES person,
    named_at      timestamptz NOT NULL DEFAULT now(),
    CHECK (ends_on >= starts_on),
    FOREIGN KEY (mandate_id, evaluation_id) REFERENCES evaluation (mandate_id, id),
    CONSTRAINT evaluator_once EXCLUDE USING gist (
        int8range(evaluation_id, evaluation_id, '[]') WITH &&,
        int8range(person_id, person_id, '[]') WITH &&,
        daterange(starts_on, ends_on, '[]') WITH &&)
);
CREATE INDEX ON evaluator (person_id);

-- Nobody evaluates themself, nor somebody for whom they report.
-- +goose StatementBegin
CREATE FUNCTION refuse_self_evaluation() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.ends_on <= OLD.ends_on THEN
        RETURN NEW; -- who must stop may always stop
    END IF;
    IF EXISTS (
        SELECT FROM evaluation e
        JOIN tenure t ON t.id = e.tenure_id
        WHERE e.id = NEW.evaluation_id AND t.person_id = NEW.person_id
    ) OR EXISTS (
        SELECT FROM delegation d
        WHERE d.mandate_id = NEW.mandate_id AND d.person_id = NEW.person_id AND d.revoked_at IS NULL
          AND daterange(d.starts_on, d.ends_on, '[]') && daterange(NEW.starts_on, NEW.ends_on, '[]')
    ) THEN
        RAISE EXCEPTION 'person % would evaluate their own work', NEW.person_id USING ERRCODE = 'JA003';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER no_self_evaluation BEFORE INSERT OR UPDATE ON evaluator FOR EACH ROW EXECUTE FUNCTION refuse_self_evaluation();

-- What was in force for a day stays: of such a tenure or evaluator, only the
-- last day may change. What was not can be corrected and withdrawn.
-- +goose StatementBegin
CREATE FUNCTION keep_what_has_begun() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.starts_on < (now() AT TIME ZONE 'Europe/Brussels')::date
        AND (TG_OP = 'DELETE' OR to_jsonb(NEW) - 'ends_on' <> to_jsonb(OLD) - 'ends_on') THEN
        RAISE EXCEPTION '% % was in force', TG_TABLE_NAME, OLD.id USING ERRCODE = 'JA004';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER keep_begun_tenure BEFORE UPDATE OR DELETE ON tenure FOR EACH ROW EXECUTE FUNCTION keep_what_has_begun();
CREATE TRIGGER keep_begun_evaluator BEFORE UPDATE OR DELETE ON evaluator FOR EACH ROW EXECUTE FUNCTION keep_what_has_begun();

GRANT SELECT ON evaluation_kind TO jalon_app;
GRANT SELECT, INSERT, UPDATE (planned_on) ON evaluation TO jalon_app;
GRANT SELECT, INSERT, UPDATE (ends_on), DELETE ON evaluator TO jalon_app;

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION duty_record(of_mandate bigint, as_of_day date) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'since', (
            -- the first report of each target, found at the end of the index
            SELECT (LEAST(m.created_at, min(e.recorded_at)) AT TIME ZONE 'Europe/Brussels')::date
            FROM mandate m
            LEFT JOIN target g ON g.mandate_id = m.id
            LEFT JOIN LATERAL (
                SELECT f.recorded_at FROM progress_entry f
                WHERE f.target_id = g.id
                ORDER BY f.as_of, f.id
                LIMIT 1
            ) e ON true
            WHERE m.id = of_mandate
            GROUP BY m.created_at),
        'sealed_until', (
            SELECT (max(s.period) + interval '6 months' - interval '1 day')::date
            FROM seal s
            WHERE s.mandate_id = of_mandate),
        'reports', (
            -- those of two years, the latest one and those that closed a target:
            -- no question looks further back, and the record does not grow with the years
            SELECT jsonb_agg(jsonb_build_array(g.id, e.id, e.as_of, e.status IN ('achieved', 'stopped')) ORDER BY e.as_of, e.id)
            FROM target g
            JOIN LATERAL (
                SELECT r.id, r.as_of, r.status FROM progress_entry r
                WHERE r.target_id = g.id AND r.as_of <= as_of_day
                  AND (r.as_of > as_of_day - 731 OR r.status IN ('achieved', 'stopped'))
                UNION
                (SELECT r.id, r.as_of, r.status FROM progress_entry r
                WHERE r.target_id = g.id AND r.as_of <= as_of_day
                ORDER BY r.as_of DESC, r.id DESC
                LIMIT 1)
            ) e ON true
            WHERE g.mandate_id = of_mandate
              AND NOT EXISTS (SELECT FROM progress_entry c WHERE c.supersedes = e.id AND c.as_of <= as_of_day)),
        'events', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', v.id, 'kind', v.kind, 'kind_nl', k.name_nl, 'kind_fr', k.name_fr, 'triggers', k.triggers,
                'title', v.title, 'lang', v.lang, 'from', v.starts_on, 'until', v.ends_on, 'place', v.place, 'participants', v.participants,
                'targets', (SELECT jsonb_agg(t.target_id ORDER BY t.target_id) FROM event_target t WHERE t.event_id = v.id),
                'by_id', v.recorded_by, 'by', n.name, 'at', v.recorded_at, 'cancelled_at', v.cancelled_at) ORDER BY v.starts_on, v.id)
            FROM event v
            JOIN event_kind k ON k.code = v.kind
            JOIN person n ON n.id = v.recorded_by
            WHERE v.mandate_id = of_mandate),
        'answers', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', a.id, 'target', a.target_id, 'event', a.event_id, 'due', a.due, 'timing', a.timing, 'done_on', a.done_on,
                'note', a.note, 'link', a.link, 'lang', a.lang, 'by_id', a.author_id, 'by', n.name,
                'behalf_id', a.on_behalf_of, 'behalf', b.name, 'at', a.recorded_at, 'files', CASE WHEN a.files > 0 THEN evidence_of_answer(a.id) END) ORDER BY a.id)
            FROM duty_answer a
            JOIN person n ON n.id = a.author_id
            LEFT JOIN person b ON b.id = a.on_behalf_of
            WHERE a.mandate_id = of_mandate),
        'waivers', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', w.id, 'target', w.target_id, 'event', w.event_id, 'due', w.due, 'reason', w.reason, 'lang', w.lang,
                'by_id', w.waived_by, 'by', n.name, 'at', w.recorded_at) ORDER BY w.id)
            FROM duty_waiver w
            JOIN person n ON n.id = w.waived_by
            WHERE w.mandate_id = of_mandate))
$$;
-- +goose StatementEnd
ALTER TABLE event DROP COLUMN on_behalf_of;
DROP TRIGGER no_own_delegation ON delegation;
DROP FUNCTION refuse_delegation();
DROP VIEW delegation_in_force;
DROP TRIGGER keep_begun_tenure ON tenure;
DROP TABLE evaluator, evaluation, evaluation_kind, delegation_objective;
DROP FUNCTION refuse_self_evaluation(), keep_what_has_begun();
ALTER TABLE tenure DROP CONSTRAINT tenure_mandate_id_id_key;
ALTER TABLE delegation
    DROP CONSTRAINT delegation_once, DROP CONSTRAINT delegation_mandate_id_id_key, DROP CONSTRAINT delegation_revoked,
    DROP COLUMN revoked_by, DROP COLUMN created_at;
GRANT DELETE ON delegation TO jalon_app;
DELETE FROM role_grant WHERE body_id IS NOT NULL;
ALTER TABLE role_grant
    DROP CONSTRAINT role_grant_one_secretary, DROP CONSTRAINT role_grant_once, DROP CONSTRAINT role_grant_body_fkey, DROP CONSTRAINT role_grant_body_check,
    DROP COLUMN body_id,
    DROP CONSTRAINT role_grant_role_check,
    ADD CONSTRAINT role_grant_role_check CHECK (role IN ('administrator', 'committee_member', 'secretary', 'hr_officer', 'evaluator')),
    ADD UNIQUE NULLS NOT DISTINCT (person_id, role, institution_id, starts_on);
ALTER TABLE body DROP CONSTRAINT body_institution_id_id_key;
