-- +goose Up

-- What somebody who judges an evaluation notes for themself. It is no part of
-- the evaluation: nobody else reads it, and it goes when the evaluation is closed.
CREATE TABLE evaluation_note (
    mandate_id    bigint NOT NULL,
    evaluation_id bigint NOT NULL,
    person_id     bigint NOT NULL REFERENCES person,
    version       integer NOT NULL CHECK (version > 0),
    text          text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 20000),
    saved_at      timestamptz NOT NULL,
    PRIMARY KEY (evaluation_id, person_id),
    FOREIGN KEY (mandate_id, evaluation_id) REFERENCES evaluation (mandate_id, id)
);
CREATE INDEX ON evaluation_note (person_id);

-- The author reads and writes it in the days for which they were named. The
-- system reads it, for the author's copy of their own data, and writes none.
ALTER TABLE evaluation_note ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON evaluation_note FOR SELECT TO jalon_app USING ((SELECT viewing_system())
    OR person_id = (SELECT viewer()) AND evaluation_id IN (SELECT judged_evaluations()) AND evaluation_id NOT IN (SELECT own_evaluations()));
CREATE POLICY write ON evaluation_note FOR INSERT TO jalon_app WITH CHECK (
    person_id = (SELECT viewer()) AND evaluation_id IN (SELECT judged_evaluations()) AND evaluation_id NOT IN (SELECT own_evaluations()));
CREATE POLICY change ON evaluation_note FOR UPDATE TO jalon_app USING (
    person_id = (SELECT viewer()) AND evaluation_id IN (SELECT judged_evaluations()));
CREATE POLICY remove ON evaluation_note FOR DELETE TO jalon_app USING (
    person_id = (SELECT viewer()) AND evaluation_id IN (SELECT judged_evaluations()));
GRANT SELECT, INSERT, DELETE, UPDATE (version, text, saved_at) ON evaluation_note TO jalon_app;

-- Notes are destroyed once they served: with the closing, and not before, so
-- that they are there during an appeal.
-- +goose StatementBegin
CREATE FUNCTION forget_evaluation_notes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM evaluation_note WHERE evaluation_id = NEW.evaluation_id;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER forget_notes AFTER INSERT ON evaluation_step FOR EACH ROW WHEN (NEW.to_stage = 'closed') EXECUTE FUNCTION forget_evaluation_notes();

-- +goose Down
DROP TRIGGER forget_notes ON evaluation_step;
DROP FUNCTION forget_evaluation_notes();
DROP TABLE evaluation_note;
