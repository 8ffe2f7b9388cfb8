-- +goose Up

-- ─── The round of a body: one half-year from opening to seal ────────────────

CREATE TABLE round (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body_id     bigint NOT NULL REFERENCES body,
    period      half_year NOT NULL,
    state       text NOT NULL CHECK (state IN ('open', 'collecting', 'grace', 'presented', 'sealed')),
    due_on      date NOT NULL,  -- the last day on which a part is in time
    grace_until date NOT NULL,  -- the last day of grace
    meets_on    date,           -- on which the body meets, when that is known
    opened_at   timestamptz NOT NULL,
    opened_by   bigint NOT NULL REFERENCES person,
    UNIQUE (body_id, period),
    CHECK (due_on >= period AND grace_until >= due_on AND meets_on >= period)
);

-- The mandates whose part is asked for.
CREATE TABLE round_mandate (
    round_id   bigint NOT NULL REFERENCES round,
    mandate_id bigint NOT NULL REFERENCES mandate,
    PRIMARY KEY (round_id, mandate_id)
);
CREATE INDEX ON round_mandate (mandate_id);

-- Who took it from which state to which; the first step, from nothing, opens it.
CREATE TABLE round_step (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    round_id   bigint NOT NULL REFERENCES round,
    from_state text NOT NULL,
    to_state   text NOT NULL,
    at         timestamptz NOT NULL,
    by         bigint NOT NULL REFERENCES person,
    reason     text NOT NULL DEFAULT '' CHECK (length(reason) <= 2000),
    UNIQUE (round_id, id)
);

-- What happened to the part of a mandate. round_step is the latest step of the
-- round at that moment: it tells what was returned before the meeting from what
-- was returned since.
CREATE TABLE part_step (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    round_id      bigint NOT NULL,
    mandate_id    bigint NOT NULL,
    round_step_id bigint NOT NULL,
    step          text NOT NULL CHECK (step IN ('submitted', 'returned')),
    by            bigint NOT NULL REFERENCES person,
    at            timestamptz NOT NULL,
    reason        text NOT NULL DEFAULT '' CHECK (length(reason) <= 2000),
    UNIQUE (mandate_id, id),
    FOREIGN KEY (round_id, mandate_id) REFERENCES round_mandate,
    FOREIGN KEY (round_id, round_step_id) REFERENCES round_step (round_id, id)
);
CREATE INDEX ON part_step (round_id, mandate_id, id DESC);

-- Why a part was returned, row by row.
CREATE TABLE part_return_row (
    part_step_id bigint NOT NULL,
    mandate_id   bigint NOT NULL,
    target_id    bigint NOT NULL,
    reason       text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    PRIMARY KEY (part_step_id, target_id),
    FOREIGN KEY (mandate_id, part_step_id) REFERENCES part_step (mandate_id, id),
    FOREIGN KEY (mandate_id, target_id) REFERENCES target (mandate_id, id)
);

-- A person is nudged about a round at most once a day.
CREATE TABLE nudge (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    round_id  bigint NOT NULL REFERENCES round,
    person_id bigint NOT NULL REFERENCES person,
    day       date NOT NULL,
    at        timestamptz NOT NULL,
    by        bigint NOT NULL REFERENCES person,
    UNIQUE (round_id, person_id, day)
);

-- The seal over the whole table of a body: it names the sealed table of each mandate.
CREATE TABLE round_seal (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    round_id   bigint NOT NULL UNIQUE REFERENCES round,
    number     text NOT NULL,
    sealed_at  timestamptz NOT NULL,
    sealed_by  bigint NOT NULL REFERENCES person,
    document   bytea NOT NULL, -- the canonical bytes: never rebuilt, only rendered
    sha256     bytea NOT NULL CHECK (sha256 = sha256(document)),
    signature  text NOT NULL,
    key_id     text NOT NULL,
    public_key text NOT NULL
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON round_step FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON round_step EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON part_step FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON part_step EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON part_return_row FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON part_return_row EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON round_seal FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON round_seal EXECUTE FUNCTION refuse_change();
ALTER TABLE round_step ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;
ALTER TABLE part_step ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;
ALTER TABLE part_return_row ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;
ALTER TABLE round_seal ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;

-- What became of each part: the latest step, and whether it came after the round was presented.
CREATE VIEW part_standing WITH (security_invoker = true) AS
SELECT
    rm.round_id, rm.mandate_id, r.body_id, r.period, r.state,
    s.id AS part_step_id, s.step, s.by, s.at, s.reason,
    COALESCE(s.round_step_id >= (SELECT max(p.id) FROM round_step p WHERE p.round_id = r.id AND p.to_state = 'presented'), false) AS reopened
FROM round_mandate rm
JOIN round r ON r.id = rm.round_id
LEFT JOIN LATERAL (
    SELECT * FROM part_step x
    WHERE x.round_id = rm.round_id AND x.mandate_id = rm.mandate_id
    ORDER BY x.id DESC
    LIMIT 1
) s ON true;

-- A part that lies elsewhere takes no entry, whatever the application believes:
-- one that is submitted, or whose round is presented, unless it was returned
-- (since). A part that one of several bodies has returned is open. The writer
-- has locked the mandate's row before, as who submits and presents does.
-- +goose StatementBegin
CREATE FUNCTION part_is_closed(of_mandate bigint, on_day date) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT COALESCE(bool_or(s.step IS NOT DISTINCT FROM 'submitted' OR s.state = 'presented')
        AND NOT bool_or(s.step IS NOT DISTINCT FROM 'returned' AND (s.state <> 'presented' OR s.reopened)), false)
    FROM part_standing s
    WHERE s.mandate_id = of_mandate AND s.state <> 'sealed'
        AND s.period = date_trunc('month', on_day)::date - make_interval(months => (extract(month FROM on_day)::int - 1) % 6)
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION refuse_closed_part() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF part_is_closed(NEW.mandate_id, NEW.as_of) THEN
        RAISE EXCEPTION 'the part of % is submitted', NEW.as_of USING ERRCODE = 'JA007';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd

-- after sealed_period in the alphabet, and so after it in turn: sealed is the stronger word
CREATE TRIGGER submitted_part BEFORE INSERT ON progress_entry FOR EACH ROW EXECUTE FUNCTION refuse_closed_part();
ALTER TABLE progress_entry ENABLE ALWAYS TRIGGER submitted_part;

ALTER TABLE part_step ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON part_step FOR SELECT TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT visible_mandates()));
CREATE POLICY write ON part_step FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system())
    OR step = 'submitted' AND mandate_id IN (SELECT reporting_mandates())
    OR step = 'returned' AND mandate_id IN (SELECT mandates_as('secretary')));

ALTER TABLE part_return_row ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON part_return_row FOR SELECT TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT visible_mandates()));
CREATE POLICY write ON part_return_row FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR mandate_id IN (SELECT mandates_as('secretary')));

ALTER TABLE outgoing_mail DROP CONSTRAINT outgoing_mail_kind_check;
ALTER TABLE outgoing_mail ADD CONSTRAINT outgoing_mail_kind_check
    CHECK (kind IN ('digest', 'escalation', 'delegation_end', 'storm', 'password_link', 'nudge'));

GRANT SELECT, INSERT, UPDATE ON round TO jalon_app;
GRANT SELECT, INSERT ON round_mandate, round_step, part_step, part_return_row, nudge, round_seal TO jalon_app;
GRANT SELECT ON part_standing TO jalon_app;

-- +goose Down
DELETE FROM outgoing_mail WHERE kind = 'nudge';
ALTER TABLE outgoing_mail DROP CONSTRAINT outgoing_mail_kind_check;
ALTER TABLE outgoing_mail ADD CONSTRAINT outgoing_mail_kind_check
    CHECK (kind IN ('digest', 'escalation', 'delegation_end', 'storm', 'password_link'));
DROP TRIGGER submitted_part ON progress_entry;
DROP FUNCTION refuse_closed_part(), part_is_closed(bigint, date);
DROP VIEW part_standing;
DROP TABLE round_seal, nudge, part_return_row, part_step, round_step, round_mandate, round;
