-- +goose Up

-- The chapters of the dossiers of an institution, in their order, with their
-- titles. The latest row counts; without one they are the usual ones.
CREATE TABLE dossier_layout (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    institution_id bigint NOT NULL REFERENCES institution,
    chapters       jsonb NOT NULL CHECK (jsonb_typeof(chapters) = 'array' AND jsonb_array_length(chapters) BETWEEN 1 AND 40),
    set_by         bigint NOT NULL REFERENCES person,
    set_at         timestamptz NOT NULL
);
CREATE INDEX ON dossier_layout (institution_id, id);
GRANT SELECT, INSERT ON dossier_layout TO jalon_app;

-- Grades are put in another order; their names stay, since conclusions have them.
GRANT UPDATE (position) ON evaluation_grade TO jalon_app;

-- +goose Down
REVOKE UPDATE (position) ON evaluation_grade FROM jalon_app;
DROP TABLE dossier_layout;
