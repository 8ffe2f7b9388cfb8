-- +goose Up

-- ─── Evidence: files that prove what was said ──────────────────────────────

-- The content lies outside the database, under its hash. A file belongs to the
-- answer of a duty or to an entry, of the same mandate and target.
ALTER TABLE duty_answer ADD UNIQUE (mandate_id, target_id, id);
ALTER TABLE progress_entry ADD UNIQUE (mandate_id, target_id, id);

CREATE TABLE evidence (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id   bigint NOT NULL REFERENCES mandate,
    target_id    bigint NOT NULL,
    answer_id    bigint,
    entry_id     bigint,
    sha256       bytea NOT NULL CHECK (length(sha256) = 32),
    size         integer NOT NULL CHECK (size BETWEEN 1 AND 26214400), -- bytes
    kind         text NOT NULL CHECK (kind IN ('pdf', 'docx', 'xlsx', 'odt', 'ods', 'png', 'jpg', 'txt', 'csv')),
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 150 AND name !~ '[[:cntrl:]/\\]'),
    confidential boolean NOT NULL,
    added_by     bigint NOT NULL REFERENCES person,
    added_at     timestamptz NOT NULL,
    CHECK (num_nonnulls(answer_id, entry_id) = 1),
    FOREIGN KEY (mandate_id, target_id) REFERENCES target (mandate_id, id),
    FOREIGN KEY (mandate_id, target_id, answer_id) REFERENCES duty_answer (mandate_id, target_id, id),
    FOREIGN KEY (mandate_id, target_id, entry_id) REFERENCES progress_entry (mandate_id, target_id, id)
);
CREATE INDEX ON evidence (mandate_id);
CREATE INDEX ON evidence (answer_id) WHERE answer_id IS NOT NULL;
CREATE INDEX ON evidence (entry_id) WHERE entry_id IS NOT NULL;
CREATE INDEX ON evidence (sha256);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON evidence FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON evidence EXECUTE FUNCTION refuse_change();
ALTER TABLE evidence ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;

-- A file closes a duty as well as a note or a link does. How many there are is
-- said with the answer; when it is committed they must be there.
ALTER TABLE duty_answer ADD COLUMN files smallint NOT NULL DEFAULT 0 CHECK (files BETWEEN 0 AND 5);
ALTER TABLE duty_answer DROP CONSTRAINT duty_answer_check;
ALTER TABLE duty_answer ADD CONSTRAINT duty_answer_says_something CHECK (note <> '' OR link <> '' OR files > 0);

-- +goose StatementBegin
CREATE FUNCTION refuse_other_number_of_files() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said smallint;
    kept bigint;
    answer bigint;
BEGIN
    IF TG_TABLE_NAME = 'evidence' THEN answer := NEW.answer_id; ELSE answer := NEW.id; END IF;
    SELECT a.files INTO said FROM duty_answer a WHERE a.id = answer;
    SELECT count(*) INTO kept FROM evidence e WHERE e.answer_id = answer;
    IF kept <> said THEN
        RAISE EXCEPTION 'answer % says % files and has %', answer, said, kept USING ERRCODE = 'check_violation', CONSTRAINT = 'duty_answer_files';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER files_are_there AFTER INSERT ON duty_answer DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.files > 0) EXECUTE FUNCTION refuse_other_number_of_files();
CREATE CONSTRAINT TRIGGER files_were_said AFTER INSERT ON evidence DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.answer_id IS NOT NULL) EXECUTE FUNCTION refuse_other_number_of_files();

-- +goose StatementBegin
CREATE FUNCTION evidence_of_answer(of_answer bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_agg(jsonb_build_object(
        'id', e.id, 'sha256', encode(e.sha256, 'hex'), 'size', e.size, 'kind', e.kind, 'name', e.name,
        'confidential', e.confidential, 'by_id', e.added_by, 'by', n.name, 'at', e.added_at) ORDER BY e.id)
    FROM evidence e
    JOIN person n ON n.id = e.added_by
    WHERE e.answer_id = of_answer
$$;
-- +goose StatementEnd

-- The record of duties carries the files of each answer; the rest of it stays as it is.
-- +goose StatementBegin
DO $$
DECLARE
    before text := pg_get_functiondef('duty_record(bigint, date)'::regprocedure);
    after  text := replace(before, '''behalf'', b.name, ''at'', a.recorded_at)',
        '''behalf'', b.name, ''at'', a.recorded_at, ''files'', CASE WHEN a.files > 0 THEN evidence_of_answer(a.id) END)');
BEGIN
    IF after = before THEN
        RAISE EXCEPTION 'the record of duties has another form than expected';
    END IF;
    EXECUTE after;
END $$;
-- +goose StatementEnd

GRANT SELECT, INSERT ON evidence TO jalon_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO jalon_app;

-- +goose Down
-- +goose StatementBegin
DO $$
BEGIN
    EXECUTE replace(pg_get_functiondef('duty_record(bigint, date)'::regprocedure), ', ''files'', CASE WHEN a.files > 0 THEN evidence_of_answer(a.id) END', '');
END $$;
-- +goose StatementEnd
DROP FUNCTION evidence_of_answer(bigint);
DROP TABLE evidence;
DROP TRIGGER files_are_there ON duty_answer;
DROP FUNCTION refuse_other_number_of_files();
ALTER TABLE duty_answer DROP CONSTRAINT duty_answer_says_something;
ALTER TABLE duty_answer DROP COLUMN files;
ALTER TABLE duty_answer ADD CONSTRAINT duty_answer_check CHECK (note <> '' OR link <> '') NOT VALID;
ALTER TABLE duty_answer DROP CONSTRAINT duty_answer_mandate_id_target_id_id_key;
ALTER TABLE progress_entry DROP CONSTRAINT progress_entry_mandate_id_target_id_id_key;
