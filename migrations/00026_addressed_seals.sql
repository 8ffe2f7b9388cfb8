-- +goose Up

-- ─── The sealed table of a body that gets only what is addressed to it ──────

-- The targets of such a table. NULL is the table of a whole mandate, of which
-- there is one in a half-year; each body that gets a part of it has one more.
ALTER TABLE seal ADD COLUMN targets bigint[];
ALTER TABLE seal DROP CONSTRAINT seal_mandate_id_period_key;
CREATE UNIQUE INDEX seal_whole ON seal (mandate_id, period) WHERE targets IS NULL;
CREATE UNIQUE INDEX seal_part ON seal (mandate_id, body_id, period) WHERE targets IS NOT NULL;

-- What was sealed for one body takes no entry either: a target has one standing
-- in a half-year, whoever looks at it.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION refuse_sealed_period() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM seal s
        WHERE s.mandate_id = NEW.mandate_id
          AND (s.targets IS NULL OR NEW.target_id = ANY (s.targets))
          AND NEW.as_of >= s.period
          AND NEW.as_of < s.period + interval '6 months'
    ) THEN
        RAISE EXCEPTION 'the half-year of % is sealed', NEW.as_of USING ERRCODE = 'JA001';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd

-- A round of such a body closes nothing but what goes to it.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION part_is_closed(of_mandate bigint, on_day date) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT COALESCE(bool_or(s.step IS NOT DISTINCT FROM 'submitted' OR s.state = 'presented')
        AND NOT bool_or(s.step IS NOT DISTINCT FROM 'returned' AND (s.state <> 'presented' OR s.reopened)), false)
    FROM part_standing s
    JOIN body b ON b.id = s.body_id AND b.scope = 'all'
    WHERE s.mandate_id = of_mandate AND s.state <> 'sealed'
        AND s.period = date_trunc('month', on_day)::date - make_interval(months => (extract(month FROM on_day)::int - 1) % 6)
$$;
-- +goose StatementEnd

-- Whether one target takes no entry: the rounds of all bodies to which it goes today count.
-- +goose StatementBegin
CREATE FUNCTION target_is_closed(of_target bigint, on_day date, today date) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT COALESCE(bool_or(s.step IS NOT DISTINCT FROM 'submitted' OR s.state = 'presented')
        AND NOT bool_or(s.step IS NOT DISTINCT FROM 'returned' AND (s.state <> 'presented' OR s.reopened)), false)
    FROM target g
    JOIN part_standing s ON s.mandate_id = g.mandate_id
    WHERE g.id = of_target AND s.state <> 'sealed' AND addressed_to(g.id, s.body_id, today)
        AND s.period = date_trunc('month', on_day)::date - make_interval(months => (extract(month FROM on_day)::int - 1) % 6)
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION refuse_closed_part() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF target_is_closed(NEW.target_id, NEW.as_of, (NEW.recorded_at AT TIME ZONE 'Europe/Brussels')::date) THEN
        RAISE EXCEPTION 'the part of % is submitted', NEW.as_of USING ERRCODE = 'JA007';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd

-- ─── The second lock ────────────────────────────────────────────────────────

-- Who sits on the body has its tables as they were sealed, also when something
-- goes to it no more.
CREATE POLICY to_body ON seal FOR SELECT TO jalon_app USING (targets IS NOT NULL AND body_id IN (SELECT bodies_as('committee_member', 'secretary')));
CREATE POLICY from_body ON seal FOR INSERT TO jalon_app WITH CHECK (targets IS NOT NULL AND body_id IN (SELECT bodies_as('secretary')));

-- +goose StatementBegin
CREATE FUNCTION body_seals(VARIADIC roles text[]) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT s.id FROM seal s WHERE s.targets IS NOT NULL AND s.body_id IN (SELECT bodies_as(VARIADIC roles));
END
$$;
-- +goose StatementEnd
CREATE POLICY to_body ON erratum FOR SELECT TO jalon_app USING (seal_id IN (SELECT body_seals('committee_member', 'secretary')));
CREATE POLICY from_body ON erratum FOR INSERT TO jalon_app WITH CHECK (seal_id IN (SELECT body_seals('secretary')));

-- Why a part was returned row by row, by the body and to its members.
-- +goose StatementBegin
CREATE FUNCTION body_returns(VARIADIC roles text[]) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT p.id FROM part_step p WHERE p.step = 'returned' AND p.round_id IN (SELECT body_rounds(VARIADIC roles));
END
$$;
-- +goose StatementEnd
CREATE POLICY to_body ON part_return_row FOR SELECT TO jalon_app USING (part_step_id IN (SELECT body_returns('committee_member', 'secretary')));
CREATE POLICY from_body ON part_return_row FOR INSERT TO jalon_app WITH CHECK (part_step_id IN (SELECT body_returns('secretary')));

CREATE OR REPLACE VIEW seal_seen WITH (security_barrier) AS
    SELECT s.mandate_id, s.body_id, s.period, s.number, s.sealed_at, s.sealed_by, s.sha256, s.signature, s.key_id, s.public_key, s.targets
    FROM seal s
    WHERE (SELECT viewing_system()) OR s.mandate_id IN (SELECT visible_mandates()) OR s.mandate_id IN (SELECT addressed_mandates())
        OR s.targets IS NOT NULL AND s.body_id IN (SELECT bodies_as('committee_member', 'secretary'));

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION sealed_document(of_mandate bigint, of_period date) RETURNS bytea LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    whole bytea;
    part jsonb;
    codes text[];
    list text;
BEGIN
    SELECT s.document INTO whole FROM seal s WHERE s.mandate_id = of_mandate AND s.period = of_period AND s.targets IS NULL;
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

-- The half-years that are closed are those of whole tables; who sees a part of a
-- mandate knows of them as well.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION duty_record(of_mandate bigint, as_of_day date, known timestamptz) RETURNS jsonb LANGUAGE sql STABLE AS $$
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
            FROM seal_seen s
            WHERE s.mandate_id = of_mandate AND s.targets IS NULL AND s.sealed_at <= known),
        'reports', (
            -- those of two years, the latest one and those that closed a target:
            -- no question looks further back, and the record does not grow with the years
            SELECT jsonb_agg(jsonb_build_array(g.id, e.id, e.as_of, e.status IN ('achieved', 'stopped')) ORDER BY e.as_of, e.id)
            FROM target g
            JOIN LATERAL (
                SELECT r.id, r.as_of, r.status FROM progress_entry r
                WHERE r.target_id = g.id AND r.as_of <= as_of_day AND r.recorded_at <= known
                  AND (r.as_of > as_of_day - 731 OR r.status IN ('achieved', 'stopped'))
                UNION
                (SELECT r.id, r.as_of, r.status FROM progress_entry r
                WHERE r.target_id = g.id AND r.as_of <= as_of_day AND r.recorded_at <= known
                ORDER BY r.as_of DESC, r.id DESC
                LIMIT 1)
            ) e ON true
            WHERE g.mandate_id = of_mandate
              AND NOT EXISTS (SELECT FROM progress_entry c WHERE c.supersedes = e.id AND c.as_of <= as_of_day AND c.recorded_at <= known)),
        'events', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', v.id, 'kind', v.kind, 'kind_nl', k.name_nl, 'kind_fr', k.name_fr, 'triggers', k.triggers,
                'title', v.title, 'lang', v.lang, 'from', v.starts_on, 'until', v.ends_on, 'place', v.place, 'participants', v.participants,
                'targets', (SELECT jsonb_agg(t.target_id ORDER BY t.target_id) FROM event_target t WHERE t.event_id = v.id),
                'by_id', v.recorded_by, 'by', n.name, 'behalf_id', v.on_behalf_of, 'behalf', b.name,
                'at', v.recorded_at, 'cancelled_at', CASE WHEN v.cancelled_at <= known THEN v.cancelled_at END) ORDER BY v.starts_on, v.id)
            FROM event v
            JOIN event_kind k ON k.code = v.kind
            JOIN person n ON n.id = v.recorded_by
            LEFT JOIN person b ON b.id = v.on_behalf_of
            WHERE v.mandate_id = of_mandate AND v.recorded_at <= known),
        'answers', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', a.id, 'target', a.target_id, 'event', a.event_id, 'due', a.due, 'timing', a.timing, 'done_on', a.done_on,
                'note', a.note, 'link', a.link, 'lang', a.lang, 'by_id', a.author_id, 'by', n.name,
                'behalf_id', a.on_behalf_of, 'behalf', b.name, 'at', a.recorded_at, 'files', CASE WHEN a.files > 0 THEN evidence_of_answer(a.id) END) ORDER BY a.id)
            FROM duty_answer a
            JOIN person n ON n.id = a.author_id
            LEFT JOIN person b ON b.id = a.on_behalf_of
            WHERE a.mandate_id = of_mandate AND a.recorded_at <= known),
        'waivers', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', w.id, 'target', w.target_id, 'event', w.event_id, 'due', w.due, 'reason', w.reason, 'lang', w.lang,
                'by_id', w.waived_by, 'by', n.name, 'at', w.recorded_at) ORDER BY w.id)
            FROM duty_waiver w
            JOIN person n ON n.id = w.waived_by
            WHERE w.mandate_id = of_mandate AND w.recorded_at <= known))
$$;
-- +goose StatementEnd

GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO jalon_app;

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION duty_record(of_mandate bigint, as_of_day date, known timestamptz) RETURNS jsonb LANGUAGE sql STABLE AS $$
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
            WHERE s.mandate_id = of_mandate AND s.sealed_at <= known),
        'reports', (
            -- those of two years, the latest one and those that closed a target:
            -- no question looks further back, and the record does not grow with the years
            SELECT jsonb_agg(jsonb_build_array(g.id, e.id, e.as_of, e.status IN ('achieved', 'stopped')) ORDER BY e.as_of, e.id)
            FROM target g
            JOIN LATERAL (
                SELECT r.id, r.as_of, r.status FROM progress_entry r
                WHERE r.target_id = g.id AND r.as_of <= as_of_day AND r.recorded_at <= known
                  AND (r.as_of > as_of_day - 731 OR r.status IN ('achieved', 'stopped'))
                UNION
                (SELECT r.id, r.as_of, r.status FROM progress_entry r
                WHERE r.target_id = g.id AND r.as_of <= as_of_day AND r.recorded_at <= known
                ORDER BY r.as_of DESC, r.id DESC
                LIMIT 1)
            ) e ON true
            WHERE g.mandate_id = of_mandate
              AND NOT EXISTS (SELECT FROM progress_entry c WHERE c.supersedes = e.id AND c.as_of <= as_of_day AND c.recorded_at <= known)),
        'events', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', v.id, 'kind', v.kind, 'kind_nl', k.name_nl, 'kind_fr', k.name_fr, 'triggers', k.triggers,
                'title', v.title, 'lang', v.lang, 'from', v.starts_on, 'until', v.ends_on, 'place', v.place, 'participants', v.participants,
                'targets', (SELECT jsonb_agg(t.target_id ORDER BY t.target_id) FROM event_target t WHERE t.event_id = v.id),
                'by_id', v.recorded_by, 'by', n.name, 'behalf_id', v.on_behalf_of, 'behalf', b.name,
                'at', v.recorded_at, 'cancelled_at', CASE WHEN v.cancelled_at <= known THEN v.cancelled_at END) ORDER BY v.starts_on, v.id)
            FROM event v
            JOIN event_kind k ON k.code = v.kind
            JOIN person n ON n.id = v.recorded_by
            LEFT JOIN person b ON b.id = v.on_behalf_of
            WHERE v.mandate_id = of_mandate AND v.recorded_at <= known),
        'answers', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', a.id, 'target', a.target_id, 'event', a.event_id, 'due', a.due, 'timing', a.timing, 'done_on', a.done_on,
                'note', a.note, 'link', a.link, 'lang', a.lang, 'by_id', a.author_id, 'by', n.name,
                'behalf_id', a.on_behalf_of, 'behalf', b.name, 'at', a.recorded_at, 'files', CASE WHEN a.files > 0 THEN evidence_of_answer(a.id) END) ORDER BY a.id)
            FROM duty_answer a
            JOIN person n ON n.id = a.author_id
            LEFT JOIN person b ON b.id = a.on_behalf_of
            WHERE a.mandate_id = of_mandate AND a.recorded_at <= known),
        'waivers', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', w.id, 'target', w.target_id, 'event', w.event_id, 'due', w.due, 'reason', w.reason, 'lang', w.lang,
                'by_id', w.waived_by, 'by', n.name, 'at', w.recorded_at) ORDER BY w.id)
            FROM duty_waiver w
            JOIN person n ON n.id = w.waived_by
            WHERE w.mandate_id = of_mandate AND w.recorded_at <= known))
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION sealed_document(of_mandate bigint, of_period date) RETURNS bytea LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
DROP VIEW seal_seen;
CREATE VIEW seal_seen WITH (security_barrier) AS
    SELECT s.mandate_id, s.body_id, s.period, s.number, s.sealed_at, s.sealed_by, s.sha256, s.signature, s.key_id, s.public_key
    FROM seal s
    WHERE (SELECT viewing_system()) OR s.mandate_id IN (SELECT visible_mandates()) OR s.mandate_id IN (SELECT addressed_mandates());
GRANT SELECT ON seal_seen TO jalon_app;
DROP POLICY to_body ON part_return_row;
DROP POLICY from_body ON part_return_row;
DROP POLICY to_body ON erratum;
DROP POLICY from_body ON erratum;
DROP POLICY to_body ON seal;
DROP POLICY from_body ON seal;
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION refuse_closed_part() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF part_is_closed(NEW.mandate_id, NEW.as_of) THEN
        RAISE EXCEPTION 'the part of % is submitted', NEW.as_of USING ERRCODE = 'JA007';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
DROP FUNCTION target_is_closed(bigint, date, date), body_seals(text[]), body_returns(text[]);
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION part_is_closed(of_mandate bigint, on_day date) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT COALESCE(bool_or(s.step IS NOT DISTINCT FROM 'submitted' OR s.state = 'presented')
        AND NOT bool_or(s.step IS NOT DISTINCT FROM 'returned' AND (s.state <> 'presented' OR s.reopened)), false)
    FROM part_standing s
    WHERE s.mandate_id = of_mandate AND s.state <> 'sealed'
        AND s.period = date_trunc('month', on_day)::date - make_interval(months => (extract(month FROM on_day)::int - 1) % 6)
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION refuse_sealed_period() RETURNS trigger LANGUAGE plpgsql AS $$
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
-- what was sealed for such a body has no place in the schema of before
ALTER TABLE erratum DISABLE TRIGGER USER;
ALTER TABLE seal DISABLE TRIGGER USER;
DELETE FROM erratum e USING seal s WHERE s.id = e.seal_id AND s.targets IS NOT NULL;
DELETE FROM seal WHERE targets IS NOT NULL;
ALTER TABLE erratum ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;
ALTER TABLE seal ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;
DROP INDEX seal_whole, seal_part;
ALTER TABLE seal DROP COLUMN targets, ADD UNIQUE (mandate_id, period);
