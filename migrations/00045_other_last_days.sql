-- +goose Up

-- The last days of open targets that nobody can be late for, and the place of
-- their objective, as in dues and due_of: those in danger, and those that end with
-- the tenure, for which 31 December 2100 stands. NULL in cells of before they were
-- kept, which the program makes anew when it starts.
ALTER TABLE mandate_period_cells
    ADD COLUMN others date[],
    ADD COLUMN other_of bytea,
    ADD CONSTRAINT mandate_period_cells_others CHECK (num_nonnulls(others, other_of) IN (0, 2) AND cardinality(others) = length(other_of));

-- +goose Down
ALTER TABLE mandate_period_cells DROP COLUMN other_of, DROP COLUMN others;
