-- +goose Up

-- The overview of any day asks of every target what is due when: the index of
-- the deadline in force answers that without the row, which holds the words.
ALTER TABLE deadline
    DROP CONSTRAINT deadline_target_id_valid_from_key,
    ADD CONSTRAINT deadline_target_id_valid_from_key UNIQUE (target_id, valid_from) INCLUDE (told_from, owed_from, due);

-- +goose Down
ALTER TABLE deadline
    DROP CONSTRAINT deadline_target_id_valid_from_key,
    ADD CONSTRAINT deadline_target_id_valid_from_key UNIQUE (target_id, valid_from);
