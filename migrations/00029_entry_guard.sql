-- +goose Up

-- What guards an entry is planned once by each connection and not anew for each
-- entry: a function in SQL is planned by each call, one in PL/pgSQL is not.

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION target_is_closed(of_target bigint, on_day date, today date) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (
    SELECT COALESCE(bool_or(s.step IS NOT DISTINCT FROM 'submitted' OR s.state = 'presented')
        AND NOT bool_or(s.step IS NOT DISTINCT FROM 'returned' AND (s.state <> 'presented' OR s.reopened)), false)
    FROM target g
    JOIN part_standing s ON s.mandate_id = g.mandate_id
    WHERE g.id = of_target AND s.state <> 'sealed' AND addressed_to(g.id, s.body_id, today)
        AND s.period = date_trunc('month', on_day)::date - make_interval(months => (extract(month FROM on_day)::int - 1) % 6));
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION addressed_to(of_target bigint, of_body bigint, on_day date) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM body b
        JOIN mandate m ON m.institution_id = b.institution_id
        JOIN target g ON g.mandate_id = m.id
        WHERE b.id = of_body AND g.id = of_target
            AND (b.scope = 'all' OR EXISTS (
                SELECT FROM addressee a
                WHERE a.target_id = g.id AND a.body_id = b.id AND a.valid_from <= on_day AND (a.valid_until IS NULL OR a.valid_until >= on_day))));
END
$$;
-- +goose StatementEnd

-- What the chain says of an event is put into bytes before the turn is taken,
-- and what depends on the place in the chain after it: others wait for that alone.

-- +goose StatementBegin
CREATE FUNCTION audit_part(part text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT octet_length(part) || ':' || part || ','
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION audit_place(day date, seq integer) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN audit_part('jalon audit 1') || audit_part(to_char(day, 'YYYY-MM-DD')) || audit_part(seq::text);
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION audit_told(e audit_event) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN audit_part(e.id::text) || audit_part(to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
        || audit_part(COALESCE(e.actor_id::text, '')) || audit_part(COALESCE(e.on_behalf_of::text, '')) || audit_part(e.action) || audit_part(e.object)
        || audit_part(COALESCE(e.mandate_id::text, '')) || audit_part(e.request_id) || audit_part(e.address)
        || audit_part(encode(sha256(convert_to(e.detail::text, 'UTF8')), 'hex'));
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION audit_hash(prev bytea, day date, seq integer, e audit_event) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN sha256(prev || convert_to(audit_place(day, seq) || audit_told(e), 'UTF8'));
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION audit_append(e audit_event, on_day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    told CONSTANT text := audit_told(e);
    last   audit_link;
    signed date;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('jalon audit chain', 0));
    SELECT * INTO last FROM audit_link ORDER BY day DESC, seq DESC LIMIT 1;
    SELECT max(d.day) INTO signed FROM audit_day d;
    last.day := GREATEST(last.day, signed);
    on_day := GREATEST(on_day, last.day, signed + 1);
    IF last.seq IS NULL OR on_day > last.day THEN
        last.seq := 0;
    END IF;
    last.hash := COALESCE(last.hash, decode(repeat('00', 32), 'hex'));
    INSERT INTO audit_link (event_id, day, seq, prev, hash)
    VALUES (e.id, on_day, last.seq + 1, last.hash, sha256(last.hash || convert_to(audit_place(on_day, last.seq + 1) || told, 'UTF8')));
END
$$;
-- +goose StatementEnd

-- +goose Down

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION audit_append(e audit_event, on_day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    last   audit_link;
    signed date;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('jalon audit chain', 0));
    SELECT * INTO last FROM audit_link ORDER BY day DESC, seq DESC LIMIT 1;
    SELECT max(d.day) INTO signed FROM audit_day d;
    last.day := GREATEST(last.day, signed);
    on_day := GREATEST(on_day, last.day, signed + 1);
    IF last.seq IS NULL OR on_day > last.day THEN
        last.seq := 0;
    END IF;
    last.hash := COALESCE(last.hash, decode(repeat('00', 32), 'hex'));
    INSERT INTO audit_link (event_id, day, seq, prev, hash)
    VALUES (e.id, on_day, last.seq + 1, last.hash, audit_hash(last.hash, on_day, last.seq + 1, e));
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION audit_hash(prev bytea, day date, seq integer, e audit_event) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
DECLARE
    part  text;
    bytes text := '';
BEGIN
    FOREACH part IN ARRAY ARRAY[
        'jalon audit 1', to_char(day, 'YYYY-MM-DD'), seq::text,
        e.id::text, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        COALESCE(e.actor_id::text, ''), COALESCE(e.on_behalf_of::text, ''), e.action, e.object,
        COALESCE(e.mandate_id::text, ''), e.request_id, e.address, encode(sha256(convert_to(e.detail::text, 'UTF8')), 'hex')
    ] LOOP
        bytes := bytes || octet_length(part) || ':' || part || ',';
    END LOOP;
    RETURN sha256(prev || convert_to(bytes, 'UTF8'));
END
$$;
-- +goose StatementEnd
DROP FUNCTION audit_told(audit_event), audit_place(date, integer), audit_part(text);

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION addressed_to(of_target bigint, of_body bigint, on_day date) RETURNS boolean LANGUAGE sql STABLE AS $$
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

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION target_is_closed(of_target bigint, on_day date, today date) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT COALESCE(bool_or(s.step IS NOT DISTINCT FROM 'submitted' OR s.state = 'presented')
        AND NOT bool_or(s.step IS NOT DISTINCT FROM 'returned' AND (s.state <> 'presented' OR s.reopened)), false)
    FROM target g
    JOIN part_standing s ON s.mandate_id = g.mandate_id
    WHERE g.id = of_target AND s.state <> 'sealed' AND addressed_to(g.id, s.body_id, today)
        AND s.period = date_trunc('month', on_day)::date - make_interval(months => (extract(month FROM on_day)::int - 1) % 6)
$$;
-- +goose StatementEnd
