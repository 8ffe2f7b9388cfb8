-- +goose Up

-- ─── Bodies that get every target, and bodies that get what is addressed to them ─

ALTER TABLE body
    ADD COLUMN scope text NOT NULL DEFAULT 'all' CHECK (scope IN ('all', 'addressed')),
    -- an external body, such as the minister, has nobody here: others record what was sent to it
    ADD COLUMN kind text NOT NULL DEFAULT 'internal' CHECK (kind IN ('internal', 'external')),
    ADD CONSTRAINT body_external CHECK (kind = 'internal' OR scope = 'addressed');

-- To whom a target goes, in which form and how often, between two days, both
-- included. A step with after_id waits for that one: it is dated later.
CREATE TABLE addressee (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id  bigint NOT NULL,
    target_id   bigint NOT NULL,
    body_id     bigint NOT NULL REFERENCES body,
    form        text NOT NULL CHECK (form IN ('table', 'report', 'scoreboard', 'note')),
    cadence     text NOT NULL CHECK (cadence IN ('half_year', 'year', 'occasion')),
    after_id    bigint,
    valid_from  date NOT NULL,
    valid_until date,
    set_by      bigint REFERENCES person, -- NULL: by the system
    set_at      timestamptz NOT NULL DEFAULT now(),
    CHECK (valid_until >= valid_from),
    UNIQUE (mandate_id, target_id, id),
    FOREIGN KEY (mandate_id, target_id) REFERENCES target (mandate_id, id),
    FOREIGN KEY (mandate_id, target_id, after_id) REFERENCES addressee (mandate_id, target_id, id),
    CONSTRAINT addressee_once EXCLUDE USING gist (
        int8range(target_id, target_id, '[]') WITH &&,
        int8range(body_id, body_id, '[]') WITH &&,
        int4range(array_position(ARRAY['table', 'report', 'scoreboard', 'note'], form),
                  array_position(ARRAY['table', 'report', 'scoreboard', 'note'], form), '[]') WITH &&,
        daterange(valid_from, valid_until, '[]') WITH &&)
);
CREATE INDEX ON addressee (body_id, target_id);
CREATE INDEX ON addressee (target_id);

-- +goose StatementBegin
CREATE FUNCTION refuse_addressee() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM body b JOIN mandate m ON m.institution_id = b.institution_id WHERE b.id = NEW.body_id AND m.id = NEW.mandate_id) THEN
        RAISE EXCEPTION 'body % is of another institution', NEW.body_id USING ERRCODE = 'check_violation', CONSTRAINT = 'addressee_institution';
    END IF;
    IF NEW.after_id IS NOT NULL AND NOT EXISTS (SELECT FROM addressee a WHERE a.id = NEW.after_id AND a.cadence = NEW.cadence AND a.body_id <> NEW.body_id) THEN
        RAISE EXCEPTION 'a step goes to another body, as often as the one before it' USING ERRCODE = 'check_violation', CONSTRAINT = 'addressee_after';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER fits BEFORE INSERT ON addressee FOR EACH ROW EXECUTE FUNCTION refuse_addressee();
ALTER TABLE addressee ENABLE ALWAYS TRIGGER fits;

-- Whether a target goes to a body on a day.
-- +goose StatementBegin
CREATE FUNCTION addressed_to(of_target bigint, of_body bigint, on_day date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM body b
        JOIN mandate m ON m.institution_id = b.institution_id
        JOIN target g ON g.mandate_id = m.id
        WHERE b.id = of_body AND g.id = of_target
            AND (b.scope = 'all' OR EXISTS (
                SELECT FROM addressee a
                WHERE a.target_id = g.id AND a.body_id = b.id AND a.valid_from <= on_day AND (a.valid_until IS NULL OR a.valid_until >= on_day))))
$$;
-- +goose StatementEnd

-- ─── What a body says about a row of its table ─────────────────────────────

CREATE TABLE decision (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id  bigint NOT NULL,
    target_id   bigint NOT NULL,
    body_id     bigint NOT NULL REFERENCES body,
    period      half_year NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('noted', 'asks', 'decides')),
    text        text NOT NULL DEFAULT '' CHECK (length(text) <= 5000),
    lang        text NOT NULL CHECK (lang IN ('nl', 'fr')),
    due         date, -- until when the holder of the mandate answers what was asked
    recorded_by bigint NOT NULL REFERENCES person,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CHECK (kind = 'noted' OR text <> ''),
    CHECK ((kind = 'asks') = (due IS NOT NULL)),
    UNIQUE (mandate_id, target_id, id, kind),
    FOREIGN KEY (mandate_id, target_id) REFERENCES target (mandate_id, id)
);
CREATE INDEX ON decision (mandate_id);
CREATE INDEX ON decision (target_id);
CREATE INDEX ON decision (body_id, period);

CREATE TABLE decision_answer (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    decision_id  bigint NOT NULL UNIQUE,
    mandate_id   bigint NOT NULL,
    target_id    bigint NOT NULL,
    kind         text NOT NULL DEFAULT 'asks' CHECK (kind = 'asks'), -- only a question is answered
    text         text NOT NULL CHECK (length(text) BETWEEN 1 AND 5000),
    lang         text NOT NULL CHECK (lang IN ('nl', 'fr')),
    author_id    bigint NOT NULL REFERENCES person,
    on_behalf_of bigint REFERENCES person,
    recorded_at  timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (mandate_id, target_id, decision_id, kind) REFERENCES decision (mandate_id, target_id, id, kind)
);
CREATE INDEX ON decision_answer (mandate_id);
CREATE INDEX ON decision_answer (target_id);

-- What was sealed for a body keeps the decisions that it was sealed with; what
-- is not addressed to a body is not its to decide on.
-- +goose StatementBegin
CREATE FUNCTION refuse_decision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM seal s WHERE s.mandate_id = NEW.mandate_id AND s.body_id = NEW.body_id AND s.period = NEW.period) THEN
        RAISE EXCEPTION 'the table of % is sealed', NEW.period USING ERRCODE = 'JA001';
    END IF;
    IF NOT addressed_to(NEW.target_id, NEW.body_id, (NEW.recorded_at AT TIME ZONE 'Europe/Brussels')::date) THEN
        RAISE EXCEPTION 'target % is not addressed to body %', NEW.target_id, NEW.body_id USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_addressed';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER fits BEFORE INSERT ON decision FOR EACH ROW EXECUTE FUNCTION refuse_decision();
ALTER TABLE decision ENABLE ALWAYS TRIGGER fits;

-- ─── When a report was given to whom ───────────────────────────────────────

CREATE TABLE transmission (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id   bigint NOT NULL,
    target_id    bigint NOT NULL,
    addressee_id bigint NOT NULL,
    covers       text NOT NULL CHECK (covers ~ '^2[0-9]{3}(-H[12])?$'), -- the year or half-year that it is about
    given_on     date NOT NULL,
    recorded_by  bigint NOT NULL REFERENCES person,
    recorded_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT transmission_once UNIQUE (addressee_id, covers),
    FOREIGN KEY (mandate_id, target_id, addressee_id) REFERENCES addressee (mandate_id, target_id, id)
);
CREATE INDEX ON transmission (mandate_id);
CREATE INDEX ON transmission (target_id);

-- A second step is dated only after the first, and not before it.
-- +goose StatementBegin
CREATE FUNCTION refuse_transmission() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    step addressee;
BEGIN
    SELECT * INTO step FROM addressee a WHERE a.id = NEW.addressee_id;
    IF step.cadence = 'year' AND length(NEW.covers) <> 4 OR step.cadence = 'half_year' AND length(NEW.covers) <> 7 THEN
        RAISE EXCEPTION 'step % does not go by %', step.id, NEW.covers USING ERRCODE = 'check_violation', CONSTRAINT = 'transmission_cadence';
    END IF;
    IF step.after_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM transmission t WHERE t.addressee_id = step.after_id AND t.covers = NEW.covers AND t.given_on <= NEW.given_on
    ) THEN
        RAISE EXCEPTION 'the step before % is not dated for %', step.id, NEW.covers USING ERRCODE = 'JA015';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER in_turn BEFORE INSERT ON transmission FOR EACH ROW EXECUTE FUNCTION refuse_transmission();
ALTER TABLE transmission ENABLE ALWAYS TRIGGER in_turn;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON decision FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON decision EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON decision_answer FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON decision_answer EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON transmission FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON transmission EXECUTE FUNCTION refuse_change();
ALTER TABLE decision ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;
ALTER TABLE decision_answer ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;
ALTER TABLE transmission ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;

-- ─── The second lock, by target ────────────────────────────────────────────

-- A seat on a body that gets only what is addressed to it opens no mandate as a whole.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION mandates_as(VARIADIC roles text[]) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp AS $$
DECLARE
    who CONSTANT bigint := viewer();
    today CONSTANT date := current_setting('jalon.today');
BEGIN
    RETURN QUERY
        SELECT m.id FROM role_grant r
        LEFT JOIN body b ON b.id = r.body_id
        JOIN mandate m ON r.institution_id IS NULL OR m.institution_id = r.institution_id
        WHERE r.person_id = who AND r.role = ANY (roles) AND b.scope IS DISTINCT FROM 'addressed'
            AND r.starts_on <= today AND (r.ends_on IS NULL OR r.ends_on >= today);
END
$$;
-- +goose StatementEnd

-- The targets addressed today to the bodies on which the viewer has one of these seats.
-- +goose StatementBegin
CREATE FUNCTION addressed_targets(VARIADIC roles text[]) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp AS $$
DECLARE
    who CONSTANT bigint := viewer();
    today CONSTANT date := NULLIF(current_setting('jalon.today'), ''); -- the system has none, and sits nowhere
BEGIN
    RETURN QUERY
        SELECT a.target_id FROM role_grant r
        JOIN body b ON b.id = r.body_id AND b.scope = 'addressed'
        JOIN addressee a ON a.body_id = b.id
        WHERE r.person_id = who AND r.role = ANY (roles)
            AND r.starts_on <= today AND (r.ends_on IS NULL OR r.ends_on >= today)
            AND a.valid_from <= today AND (a.valid_until IS NULL OR a.valid_until >= today);
END
$$;
-- +goose StatementEnd

-- The bodies that the viewer sits on in one of these roles.
-- +goose StatementBegin
CREATE FUNCTION bodies_as(VARIADIC roles text[]) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 5 SET search_path = public, pg_temp AS $$
DECLARE
    who CONSTANT bigint := viewer();
    today CONSTANT date := NULLIF(current_setting('jalon.today'), '');
BEGIN
    RETURN QUERY
        SELECT b.id FROM role_grant r
        JOIN body b ON (r.institution_id IS NULL OR b.institution_id = r.institution_id) AND (r.body_id IS NULL OR b.id = r.body_id)
        WHERE r.person_id = who AND r.role = ANY (roles)
            AND r.starts_on <= today AND (r.ends_on IS NULL OR r.ends_on >= today);
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION addressed_events() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT t.event_id FROM event_target t WHERE t.target_id IN (SELECT addressed_targets('committee_member', 'secretary'));
END
$$;
-- +goose StatementEnd

-- These stand beside the policies by mandate: one of them is enough.
CREATE POLICY to_body ON progress_entry FOR SELECT TO jalon_app USING (target_id IN (SELECT addressed_targets('committee_member', 'secretary')));
CREATE POLICY to_body ON event FOR SELECT TO jalon_app USING (id IN (SELECT addressed_events()));
CREATE POLICY to_body ON event_target FOR SELECT TO jalon_app USING (target_id IN (SELECT addressed_targets('committee_member', 'secretary')));
CREATE POLICY to_body ON duty_answer FOR SELECT TO jalon_app USING (target_id IN (SELECT addressed_targets('committee_member', 'secretary')));
CREATE POLICY to_body ON duty_waiver FOR SELECT TO jalon_app USING (target_id IN (SELECT addressed_targets('committee_member', 'secretary')));
CREATE POLICY to_body ON evidence FOR SELECT TO jalon_app USING (target_id IN (SELECT addressed_targets('committee_member', 'secretary')));

ALTER TABLE decision ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON decision FOR SELECT TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT visible_mandates()));
CREATE POLICY to_body ON decision FOR SELECT TO jalon_app USING (target_id IN (SELECT addressed_targets('committee_member', 'secretary')));
CREATE POLICY write ON decision FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR body_id IN (SELECT bodies_as('secretary'))
    AND (mandate_id IN (SELECT mandates_as('secretary')) OR target_id IN (SELECT addressed_targets('secretary'))));

ALTER TABLE decision_answer ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON decision_answer FOR SELECT TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT visible_mandates()));
CREATE POLICY to_body ON decision_answer FOR SELECT TO jalon_app USING (target_id IN (SELECT addressed_targets('committee_member', 'secretary')));
CREATE POLICY write ON decision_answer FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR mandate_id IN (SELECT reporting_mandates()));

ALTER TABLE transmission ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON transmission FOR SELECT TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT visible_mandates()));
CREATE POLICY to_body ON transmission FOR SELECT TO jalon_app USING (target_id IN (SELECT addressed_targets('committee_member', 'secretary')));
CREATE POLICY write ON transmission FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system())
    OR mandate_id IN (SELECT mandates_as('secretary')) OR target_id IN (SELECT addressed_targets('secretary')));

-- Rights are read from the addressees before anybody is known, so these are
-- not guarded, as tenures and delegations are not.
GRANT SELECT, INSERT ON addressee, decision, decision_answer, transmission TO jalon_app;
GRANT UPDATE (valid_until) ON addressee TO jalon_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO jalon_app;

-- +goose StatementBegin
CREATE FUNCTION addressed_mandates() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT DISTINCT g.mandate_id FROM target g WHERE g.id IN (SELECT addressed_targets('committee_member', 'secretary'));
END
$$;
-- +goose StatementEnd

-- The seals of a mandate, without their documents, for who sees all or part of
-- it: a number and a hash tell nothing of the rows. Like every view it reads
-- with the rights of its owner, so it asks by itself.
CREATE VIEW seal_seen WITH (security_barrier) AS
    SELECT s.mandate_id, s.body_id, s.period, s.number, s.sealed_at, s.sealed_by, s.sha256, s.signature, s.key_id, s.public_key
    FROM seal s
    WHERE (SELECT viewing_system()) OR s.mandate_id IN (SELECT visible_mandates()) OR s.mandate_id IN (SELECT addressed_mandates());
GRANT SELECT ON seal_seen TO jalon_app;

-- The document of a seal: as signed for who sees the mandate, with the rows
-- addressed to them for who sees a part of it, and NULL for everybody else.
-- +goose StatementBegin
CREATE FUNCTION sealed_document(of_mandate bigint, of_period date) RETURNS bytea LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    whole bytea;
    part jsonb;
    codes text[];
    list text;
BEGIN
    SELECT s.document INTO whole FROM seal s WHERE s.mandate_id = of_mandate AND s.period = of_period;
    IF whole IS NULL OR viewing_system() OR of_mandate IN (SELECT visible_mandates()) THEN
        RETURN whole;
    END IF;
    SELECT array_agg(g.code) INTO codes FROM target g
    WHERE g.mandate_id = of_mandate AND g.id IN (SELECT addressed_targets('committee_member', 'secretary'));
    IF codes IS NULL THEN
        RETURN NULL;
    END IF;
    part := convert_from(whole, 'UTF8')::jsonb;
    FOREACH list IN ARRAY ARRAY['rows', 'questions'] LOOP
        IF part ? list THEN
            part := jsonb_set(part, ARRAY[list], (
                SELECT COALESCE(jsonb_agg(x.r ORDER BY x.n), '[]')
                FROM jsonb_array_elements(part -> list) WITH ORDINALITY x (r, n)
                WHERE x.r ->> CASE list WHEN 'rows' THEN 'code' ELSE 'target' END = ANY (codes)));
        END IF;
    END LOOP;
    RETURN convert_to(part::text, 'UTF8');
END
$$;
-- +goose StatementEnd

-- What bodies asked the holder of a mandate up to a day, and the answers up to
-- it. It goes along with duty_record.
-- +goose StatementBegin
CREATE FUNCTION asked_of(of_mandate bigint, as_of_day date) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('asked', (
        SELECT jsonb_agg(jsonb_build_object(
            'id', d.id, 'target', d.target_id, 'body_id', d.body_id, 'body_code', b.code, 'body_nl', b.name_nl, 'body_fr', b.name_fr,
            'period', d.period, 'text', d.text, 'lang', d.lang, 'due', d.due, 'by', n.name, 'at', d.recorded_at,
            'answer', (
                SELECT jsonb_build_object('text', a.text, 'lang', a.lang, 'by', an.name, 'behalf', ab.name, 'at', a.recorded_at)
                FROM decision_answer a
                JOIN person an ON an.id = a.author_id
                LEFT JOIN person ab ON ab.id = a.on_behalf_of
                WHERE a.decision_id = d.id AND (a.recorded_at AT TIME ZONE 'Europe/Brussels')::date <= as_of_day)) ORDER BY d.id)
        FROM decision d
        JOIN body b ON b.id = d.body_id
        JOIN person n ON n.id = d.recorded_by
        WHERE d.mandate_id = of_mandate AND d.kind = 'asks' AND (d.recorded_at AT TIME ZONE 'Europe/Brussels')::date <= as_of_day))
$$;
-- +goose StatementEnd

-- +goose Down
DROP VIEW seal_seen;
DROP FUNCTION asked_of(bigint, date), sealed_document(bigint, date), addressed_mandates();
DROP TABLE transmission, decision_answer, decision;
DROP POLICY to_body ON progress_entry;
DROP POLICY to_body ON event;
DROP POLICY to_body ON event_target;
DROP POLICY to_body ON duty_answer;
DROP POLICY to_body ON duty_waiver;
DROP POLICY to_body ON evidence;
DROP FUNCTION addressed_events(), addressed_targets(text[]), bodies_as(text[]), refuse_transmission(), refuse_decision(), addressed_to(bigint, bigint, date);
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION mandates_as(VARIADIC roles text[]) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp AS $$
DECLARE
    who CONSTANT bigint := viewer();
    today CONSTANT date := current_setting('jalon.today');
BEGIN
    RETURN QUERY
        SELECT m.id FROM role_grant r
        JOIN mandate m ON r.institution_id IS NULL OR m.institution_id = r.institution_id
        WHERE r.person_id = who AND r.role = ANY (roles)
            AND r.starts_on <= today AND (r.ends_on IS NULL OR r.ends_on >= today);
END
$$;
-- +goose StatementEnd
DROP TABLE addressee;
DROP FUNCTION refuse_addressee();
ALTER TABLE body DROP CONSTRAINT body_external, DROP COLUMN scope, DROP COLUMN kind;
