-- +goose Up

-- ─── From when a place of a letter is there ─────────────────────────────────

-- A letter that is read again may add places to its mandate. These are there from
-- the day on from which the letter counts, and are known from the instant at
-- which it was stored. Those of the first letter were there, and known, from the
-- start; so are all of before this step, of which nobody kept a day.
ALTER TABLE objective
    ADD COLUMN valid_from date NOT NULL DEFAULT '1990-01-01',
    ADD COLUMN told_from timestamptz NOT NULL DEFAULT '-infinity';
ALTER TABLE passage
    ADD COLUMN valid_from date NOT NULL DEFAULT '1990-01-01',
    ADD COLUMN told_from timestamptz NOT NULL DEFAULT '-infinity';
ALTER TABLE measurement_point
    ADD COLUMN valid_from date NOT NULL DEFAULT '1990-01-01',
    ADD COLUMN told_from timestamptz NOT NULL DEFAULT '-infinity';
ALTER TABLE target
    ADD COLUMN valid_from date NOT NULL DEFAULT '1990-01-01',
    ADD COLUMN told_from timestamptz NOT NULL DEFAULT '-infinity';
ALTER TABLE kpi
    ADD COLUMN valid_from date NOT NULL DEFAULT '1990-01-01',
    ADD COLUMN told_from timestamptz NOT NULL DEFAULT '-infinity';

-- The planner knows at once that nearly every place is there.
ANALYZE objective, passage, measurement_point, target, kpi;

-- An objective that is added moves those after it up by one, all at once.
ALTER TABLE objective
    DROP CONSTRAINT objective_mandate_id_position_key,
    ADD CONSTRAINT objective_mandate_id_position_key UNIQUE (mandate_id, position) DEFERRABLE INITIALLY IMMEDIATE;

-- +goose Down
ALTER TABLE objective
    DROP CONSTRAINT objective_mandate_id_position_key,
    ADD CONSTRAINT objective_mandate_id_position_key UNIQUE (mandate_id, position);
ALTER TABLE objective DROP COLUMN valid_from, DROP COLUMN told_from;
ALTER TABLE passage DROP COLUMN valid_from, DROP COLUMN told_from;
ALTER TABLE measurement_point DROP COLUMN valid_from, DROP COLUMN told_from;
ALTER TABLE target DROP COLUMN valid_from, DROP COLUMN told_from;
ALTER TABLE kpi DROP COLUMN valid_from, DROP COLUMN told_from;
