-- +goose Up

-- ─── The second clock of who holds a mandate, and of what goes to which body ──

-- The instant of what a transaction records: as the application tells it, or
-- else the hour of the database.
-- +goose StatementBegin
CREATE FUNCTION told_at() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT COALESCE(NULLIF(current_setting('jalon.told_at', true), '')::timestamptz, now())
$$;
-- +goose StatementEnd

-- A tenure is ended, corrected and withdrawn in place: what it was before is kept
-- here, with the instants between which it was what was known. Those of before
-- this step were known from the start.
ALTER TABLE tenure ADD COLUMN told_from timestamptz NOT NULL DEFAULT '-infinity';
ALTER TABLE tenure ALTER COLUMN told_from SET DEFAULT told_at();

CREATE TABLE tenure_past (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenure_id  bigint NOT NULL, -- refers to nothing: one that was withdrawn is only here
    mandate_id bigint NOT NULL REFERENCES mandate,
    person_id  bigint NOT NULL REFERENCES person,
    starts_on  date NOT NULL,
    ends_on    date,
    interim    boolean NOT NULL,
    told_from  timestamptz NOT NULL,
    told_until timestamptz NOT NULL,
    CHECK (ends_on >= starts_on),
    CHECK (told_until >= told_from)
);
CREATE INDEX ON tenure_past (mandate_id, starts_on);
CREATE INDEX ON tenure_past (person_id);

-- +goose StatementBegin
CREATE FUNCTION keep_past_tenure() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    replaced CONSTANT timestamptz := GREATEST(OLD.told_from, told_at());
BEGIN
    INSERT INTO tenure_past (tenure_id, mandate_id, person_id, starts_on, ends_on, interim, told_from, told_until)
    VALUES (OLD.id, OLD.mandate_id, OLD.person_id, OLD.starts_on, OLD.ends_on, OLD.interim, OLD.told_from, replaced);
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    NEW.told_from := replaced;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
-- By its name it comes after keep_begun_tenure, which compares all but the last day.
CREATE TRIGGER keep_past BEFORE UPDATE OR DELETE ON tenure FOR EACH ROW EXECUTE FUNCTION keep_past_tenure();
ALTER TABLE tenure ENABLE ALWAYS TRIGGER keep_past;

-- Every tenure with the instants between which it read so; like tenures
-- themselves it is not guarded by row.
CREATE VIEW tenure_told AS
SELECT t.id, t.mandate_id, t.person_id, t.starts_on, t.ends_on, t.interim, t.told_from, 'infinity'::timestamptz AS told_until
FROM tenure t
UNION ALL
SELECT p.tenure_id, p.mandate_id, p.person_id, p.starts_on, p.ends_on, p.interim, p.told_from, p.told_until
FROM tenure_past p;

-- Of a step to which a target goes, only the last day changes in place. That of
-- a step of before was known since the step was set.
ALTER TABLE addressee ADD COLUMN told_from timestamptz;
UPDATE addressee SET told_from = set_at;
ALTER TABLE addressee ALTER COLUMN told_from SET NOT NULL;

CREATE TABLE addressee_past (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    addressee_id bigint NOT NULL REFERENCES addressee,
    valid_until  date,
    told_from    timestamptz NOT NULL,
    told_until   timestamptz NOT NULL,
    CHECK (told_until >= told_from)
);
CREATE INDEX ON addressee_past (addressee_id);

-- +goose StatementBegin
CREATE FUNCTION keep_past_addressee() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.told_from := NEW.set_at;
        RETURN NEW;
    END IF;
    NEW.told_from := GREATEST(OLD.told_from, told_at());
    INSERT INTO addressee_past (addressee_id, valid_until, told_from, told_until)
    VALUES (OLD.id, OLD.valid_until, OLD.told_from, NEW.told_from);
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER keep_past BEFORE INSERT OR UPDATE ON addressee FOR EACH ROW EXECUTE FUNCTION keep_past_addressee();
ALTER TABLE addressee ENABLE ALWAYS TRIGGER keep_past;

CREATE VIEW addressee_told AS
SELECT a.id, a.mandate_id, a.target_id, a.body_id, a.form, a.cadence, a.after_id, a.valid_from, a.valid_until, a.set_by, a.set_at,
    a.told_from, 'infinity'::timestamptz AS told_until
FROM addressee a
UNION ALL
SELECT a.id, a.mandate_id, a.target_id, a.body_id, a.form, a.cadence, a.after_id, a.valid_from, p.valid_until, a.set_by, a.set_at,
    p.told_from, p.told_until
FROM addressee_past p
JOIN addressee a ON a.id = p.addressee_id;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON tenure_past FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON tenure_past EXECUTE FUNCTION refuse_change();
ALTER TABLE tenure_past ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON addressee_past FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON addressee_past EXECUTE FUNCTION refuse_change();
ALTER TABLE addressee_past ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;

GRANT SELECT ON tenure_past, tenure_told, addressee_past, addressee_told TO jalon_app;

-- +goose Down
DROP VIEW tenure_told, addressee_told;
DROP TRIGGER keep_past ON tenure;
DROP TRIGGER keep_past ON addressee;
DROP TABLE tenure_past, addressee_past;
DROP FUNCTION keep_past_tenure(), keep_past_addressee();
ALTER TABLE tenure DROP COLUMN told_from;
ALTER TABLE addressee DROP COLUMN told_from;
DROP FUNCTION told_at();
