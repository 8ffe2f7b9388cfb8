-- +goose Up

-- ─── Whom an event was for, and from where ─────────────────────────────────

ALTER TABLE audit_event
    ADD COLUMN on_behalf_of bigint REFERENCES person,
    -- shortened, /24 or /48: it tells an office from elsewhere, and not a person's line
    ADD COLUMN address text NOT NULL DEFAULT '' CHECK (address = '' OR length(address) <= 43 AND address ~ '^[0-9a-f.:]+/(24|48)$');

CREATE INDEX ON audit_event (at, id);
CREATE INDEX ON audit_event (actor_id, at, id);
CREATE INDEX ON audit_event (action, at, id);

-- Number and time are the database's: the application cannot back-date an event.
REVOKE INSERT ON audit_event FROM jalon_app;
GRANT INSERT (actor_id, on_behalf_of, action, object, mandate_id, request_id, address, detail) ON audit_event TO jalon_app;

-- ─── The chain ─────────────────────────────────────────────────────────────

-- One link per event, in the order in which the events were committed. Its hash
-- covers the event and the hash before it, so that nothing in the middle can be
-- altered, taken out, put in or moved. The chain is made anew in Go, by the
-- package trail, which must agree with audit_hash to the byte.
CREATE TABLE audit_link (
    event_id bigint PRIMARY KEY, -- of audit_event; only the trigger below writes here
    day      date NOT NULL,      -- of Brussels, on which it was linked
    seq      integer NOT NULL CHECK (seq > 0), -- within the day
    prev     bytea NOT NULL CHECK (length(prev) = 32), -- of the link before, also of an earlier day; zeros for the first of all
    hash     bytea NOT NULL CHECK (length(hash) = 32),
    UNIQUE (day, seq)
);

-- The last hash of a day that has ended, signed with the key that seals tables.
CREATE TABLE audit_day (
    day        date PRIMARY KEY,
    events     integer NOT NULL CHECK (events > 0),
    head       bytea NOT NULL CHECK (length(head) = 32),
    signed_at  timestamptz NOT NULL,
    signature  text NOT NULL,
    key_id     text NOT NULL,
    public_key text NOT NULL
);

-- What the checks of the chain found, for the page of the trail.
CREATE TABLE audit_check (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       timestamptz NOT NULL,
    events   bigint NOT NULL CHECK (events >= 0),
    findings integer NOT NULL CHECK (findings >= 0), -- 0: intact
    first    jsonb NOT NULL DEFAULT '[]'             -- the first of the findings
);

-- Every part stands behind its length in bytes, so that no two events have the
-- same bytes. The detail goes in as its own hash: the chain would hold without it.
-- +goose StatementBegin
CREATE FUNCTION audit_hash(prev bytea, day date, seq integer, e audit_event) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
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

-- The turn is taken for the rest of the transaction. A day that was signed gets
-- no more events, whatever a clock says.
-- +goose StatementBegin
CREATE FUNCTION audit_append(e audit_event, on_day date) RETURNS void LANGUAGE plpgsql AS $$
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
CREATE FUNCTION link_audit_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM audit_append(NEW, (clock_timestamp() AT TIME ZONE 'Europe/Brussels')::date);
    RETURN NULL;
END
$$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION audit_append(audit_event, date) FROM PUBLIC;

-- The chain of what was there already.
-- +goose StatementBegin
DO $$
DECLARE
    e audit_event;
BEGIN
    FOR e IN SELECT * FROM audit_event ORDER BY id LOOP
        PERFORM audit_append(e, (e.at AT TIME ZONE 'Europe/Brussels')::date);
    END LOOP;
END
$$;
-- +goose StatementEnd

-- At the commit and not before: the turn is held for as short as can be, and is
-- the last lock that any transaction takes.
CREATE CONSTRAINT TRIGGER link AFTER INSERT ON audit_event DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION link_audit_event();
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER link;

-- Only what stands at the end of a chained day can be signed as its head.
-- +goose StatementBegin
CREATE FUNCTION check_audit_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('jalon audit chain', 0));
    IF NOT EXISTS (
        SELECT FROM audit_link l
        WHERE l.day = NEW.day AND l.seq = NEW.events AND l.hash = NEW.head
          AND NOT EXISTS (SELECT FROM audit_link later WHERE later.day = l.day AND later.seq > l.seq)
    ) THEN
        RAISE EXCEPTION 'the audit trail of % does not end like this', NEW.day USING ERRCODE = 'JA005';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER true_head BEFORE INSERT ON audit_day FOR EACH ROW EXECUTE FUNCTION check_audit_day();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_link FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON audit_link EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_day FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON audit_day EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_check FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON audit_check EXECUTE FUNCTION refuse_change();
ALTER TABLE audit_link ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;
ALTER TABLE audit_day ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table, ENABLE ALWAYS TRIGGER true_head;
ALTER TABLE audit_check ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;

GRANT SELECT ON audit_link TO jalon_app;
GRANT SELECT, INSERT ON audit_day, audit_check TO jalon_app;
GRANT USAGE ON SEQUENCE audit_check_id_seq TO jalon_app;

-- +goose Down
DROP TRIGGER link ON audit_event;
DROP TABLE audit_check, audit_day, audit_link;
DROP FUNCTION check_audit_day(), link_audit_event(), audit_append(audit_event, date), audit_hash(bytea, date, integer, audit_event);
DROP INDEX audit_event_at_id_idx, audit_event_actor_id_at_id_idx, audit_event_action_at_id_idx;
REVOKE INSERT (actor_id, on_behalf_of, action, object, mandate_id, request_id, address, detail) ON audit_event FROM jalon_app;
GRANT INSERT ON audit_event TO jalon_app;
ALTER TABLE audit_event DROP COLUMN address, DROP COLUMN on_behalf_of;
