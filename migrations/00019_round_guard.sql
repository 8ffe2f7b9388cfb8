-- +goose Up

-- ─── The days of a round, and what changed in it ────────────────────────────

-- The first day on which a part is taken while the round is only open. Rounds
-- of before took parts from the day on which they were opened.
ALTER TABLE round ADD COLUMN opens_on date;
UPDATE round SET opens_on = GREATEST(period, LEAST(due_on, (opened_at AT TIME ZONE 'Europe/Brussels')::date));
ALTER TABLE round
    ALTER COLUMN opens_on SET NOT NULL,
    ADD CONSTRAINT round_opens CHECK (opens_on BETWEEN period AND due_on);

ALTER TABLE round_step
    ADD CONSTRAINT round_step_from CHECK (from_state IN ('', 'open', 'collecting', 'grace', 'presented')),
    ADD CONSTRAINT round_step_to CHECK (to_state IN ('open', 'collecting', 'grace', 'presented', 'sealed')),
    ADD CONSTRAINT round_step_moves CHECK (from_state <> to_state);

-- Why days or mandates of a round were changed after it was opened.
CREATE TABLE round_change (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    round_id bigint NOT NULL REFERENCES round,
    at       timestamptz NOT NULL,
    by       bigint NOT NULL REFERENCES person,
    reason   text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    was      jsonb NOT NULL CHECK (jsonb_typeof(was) = 'object'), -- opens, due, grace, meets: days; mandates: codes
    became   jsonb NOT NULL CHECK (jsonb_typeof(became) = 'object' AND became <> was)
);
CREATE INDEX ON round_change (round_id);
CREATE INDEX ON round_change (by);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON round_change FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON round_change EXECUTE FUNCTION refuse_change();
ALTER TABLE round_change ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;

-- ─── A round goes one step at a time, and a sealed one stays as it is ───────

-- +goose StatementBegin
CREATE FUNCTION refuse_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'sealed' THEN
        RAISE EXCEPTION 'round % is sealed', OLD.id USING ERRCODE = 'JA001';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('open', 'collecting'), ('collecting', 'grace'), ('grace', 'presented'), ('presented', 'sealed'),
        ('collecting', 'open'), ('grace', 'collecting'), ('presented', 'grace')
    ) THEN
        RAISE EXCEPTION 'round % does not go from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation', CONSTRAINT = 'round_steps';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER in_turn BEFORE UPDATE ON round FOR EACH ROW EXECUTE FUNCTION refuse_round();
ALTER TABLE round ENABLE ALWAYS TRIGGER in_turn;

-- What belongs to a sealed round stays as well.
-- +goose StatementBegin
CREATE FUNCTION refuse_in_sealed_round() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    what record;
    of_round round%ROWTYPE;
BEGIN
    IF TG_OP = 'DELETE' THEN what := OLD; ELSE what := NEW; END IF;
    SELECT * INTO of_round FROM round r WHERE r.id = what.round_id;
    IF of_round.state = 'sealed' THEN
        RAISE EXCEPTION 'round % is sealed', of_round.id USING ERRCODE = 'JA001';
    END IF;
    IF TG_TABLE_NAME = 'part_step' THEN
        IF NEW.step = 'submitted' AND of_round.state = 'open' AND (NEW.at AT TIME ZONE 'Europe/Brussels')::date < of_round.opens_on THEN
            RAISE EXCEPTION 'round % takes parts from % on', of_round.id, of_round.opens_on USING ERRCODE = 'JA019';
        END IF;
    END IF;
    RETURN what;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER not_sealed BEFORE INSERT OR DELETE ON round_mandate FOR EACH ROW EXECUTE FUNCTION refuse_in_sealed_round();
CREATE TRIGGER not_sealed BEFORE INSERT ON round_change FOR EACH ROW EXECUTE FUNCTION refuse_in_sealed_round();
CREATE TRIGGER not_sealed BEFORE INSERT ON part_step FOR EACH ROW EXECUTE FUNCTION refuse_in_sealed_round();
CREATE TRIGGER not_sealed BEFORE INSERT ON nudge FOR EACH ROW EXECUTE FUNCTION refuse_in_sealed_round();
ALTER TABLE round_mandate ENABLE ALWAYS TRIGGER not_sealed;
ALTER TABLE round_change ENABLE ALWAYS TRIGGER not_sealed;
ALTER TABLE part_step ENABLE ALWAYS TRIGGER not_sealed;
ALTER TABLE nudge ENABLE ALWAYS TRIGGER not_sealed;

-- ─── The second lock ────────────────────────────────────────────────────────

-- The rounds of the bodies on which the viewer has one of these seats.
-- +goose StatementBegin
CREATE FUNCTION body_rounds(VARIADIC roles text[]) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT r.id FROM round r WHERE r.body_id IN (SELECT bodies_as(VARIADIC roles));
END
$$;
-- +goose StatementEnd

-- The rounds that the viewer knows of: of their own bodies, and those that ask
-- a mandate that they see.
-- +goose StatementBegin
CREATE FUNCTION seen_rounds() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
        SELECT body_rounds('committee_member', 'secretary')
        UNION
        SELECT rm.round_id FROM round_mandate rm WHERE rm.mandate_id IN (SELECT visible_mandates());
END
$$;
-- +goose StatementEnd

-- A new round is not among those that a function finds: its own body says who may see it.
ALTER TABLE round ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON round FOR SELECT TO jalon_app USING ((SELECT viewing_system()) OR id IN (SELECT seen_rounds()) OR body_id IN (SELECT bodies_as('secretary')));
CREATE POLICY write ON round FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR body_id IN (SELECT bodies_as('secretary')));
CREATE POLICY change ON round FOR UPDATE TO jalon_app USING ((SELECT viewing_system()) OR body_id IN (SELECT bodies_as('secretary')));

ALTER TABLE round_mandate ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON round_mandate FOR SELECT TO jalon_app USING ((SELECT viewing_system())
    OR mandate_id IN (SELECT visible_mandates()) OR round_id IN (SELECT body_rounds('committee_member', 'secretary')));
CREATE POLICY write ON round_mandate FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR round_id IN (SELECT body_rounds('secretary')));
CREATE POLICY remove ON round_mandate FOR DELETE TO jalon_app USING ((SELECT viewing_system()) OR round_id IN (SELECT body_rounds('secretary')));

ALTER TABLE round_step ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON round_step FOR SELECT TO jalon_app USING ((SELECT viewing_system()) OR round_id IN (SELECT seen_rounds()));
CREATE POLICY write ON round_step FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR round_id IN (SELECT body_rounds('secretary')));

ALTER TABLE round_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON round_change FOR SELECT TO jalon_app USING ((SELECT viewing_system()) OR round_id IN (SELECT body_rounds('committee_member', 'secretary')));
CREATE POLICY write ON round_change FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR round_id IN (SELECT body_rounds('secretary')));

ALTER TABLE nudge ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON nudge FOR SELECT TO jalon_app USING ((SELECT viewing_system()) OR round_id IN (SELECT body_rounds('secretary')));
CREATE POLICY write ON nudge FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR round_id IN (SELECT body_rounds('secretary')));

ALTER TABLE round_seal ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON round_seal FOR SELECT TO jalon_app USING ((SELECT viewing_system()) OR round_id IN (SELECT body_rounds('committee_member', 'secretary')));
CREATE POLICY write ON round_seal FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR round_id IN (SELECT body_rounds('secretary')));

-- Beside the policies by mandate: who sits on the body of a round knows how far each part of it is.
CREATE POLICY to_body ON part_step FOR SELECT TO jalon_app USING (round_id IN (SELECT body_rounds('committee_member', 'secretary')));
CREATE POLICY from_body ON part_step FOR INSERT TO jalon_app WITH CHECK (step = 'returned' AND round_id IN (SELECT body_rounds('secretary')));

REVOKE UPDATE ON round FROM jalon_app;
GRANT UPDATE (state, opens_on, due_on, grace_until, meets_on) ON round TO jalon_app;
GRANT DELETE ON round_mandate TO jalon_app;
GRANT SELECT, INSERT ON round_change TO jalon_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO jalon_app;

-- +goose Down
REVOKE DELETE ON round_mandate FROM jalon_app;
REVOKE UPDATE (state, opens_on, due_on, grace_until, meets_on) ON round FROM jalon_app;
GRANT UPDATE ON round TO jalon_app;
DROP POLICY from_body ON part_step;
DROP POLICY to_body ON part_step;
DROP POLICY read ON round_seal;
DROP POLICY write ON round_seal;
ALTER TABLE round_seal DISABLE ROW LEVEL SECURITY;
DROP POLICY read ON nudge;
DROP POLICY write ON nudge;
ALTER TABLE nudge DISABLE ROW LEVEL SECURITY;
DROP POLICY read ON round_step;
DROP POLICY write ON round_step;
ALTER TABLE round_step DISABLE ROW LEVEL SECURITY;
DROP POLICY read ON round_mandate;
DROP POLICY write ON round_mandate;
DROP POLICY remove ON round_mandate;
ALTER TABLE round_mandate DISABLE ROW LEVEL SECURITY;
DROP POLICY read ON round;
DROP POLICY write ON round;
DROP POLICY change ON round;
ALTER TABLE round DISABLE ROW LEVEL SECURITY;
DROP TRIGGER not_sealed ON nudge;
DROP TRIGGER not_sealed ON part_step;
DROP TRIGGER not_sealed ON round_mandate;
DROP TRIGGER in_turn ON round;
DROP TABLE round_change;
DROP FUNCTION seen_rounds(), body_rounds(text[]), refuse_in_sealed_round(), refuse_round();
ALTER TABLE round_step DROP CONSTRAINT round_step_from, DROP CONSTRAINT round_step_to, DROP CONSTRAINT round_step_moves;
ALTER TABLE round DROP COLUMN opens_on;
