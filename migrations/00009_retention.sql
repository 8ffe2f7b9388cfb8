-- +goose Up

-- How long each class of records is kept. Nothing goes unless a person said so:
-- a rule starts as "keep" until the data protection officer was asked.
CREATE TABLE retention_rule (
    class          text PRIMARY KEY CHECK (class ~ '^[a-z_]{1,40}$'),
    position       smallint NOT NULL,
    removable      boolean NOT NULL, -- whether Jalon can remove records of this class at all
    suggested_days integer CHECK (suggested_days BETWEEN 1 AND 36500),
    days           integer CHECK (days BETWEEN 1 AND 36500), -- after the event of the class; NULL: keep
    approved_by    bigint REFERENCES person,
    approved_at    timestamptz,
    CHECK (days IS NULL OR removable),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    CHECK (days IS NULL OR approved_by IS NOT NULL)
);

INSERT INTO retention_rule (position, class, removable, suggested_days) VALUES
    (1, 'draft', true, 90),          -- of a report, after its half-year was sealed
    (2, 'mail', true, 90),           -- the text of a mail, after it was sent, kept or given up
    (3, 'entry', false, NULL),       -- history stays with the mandate
    (4, 'sealed_table', false, NULL),
    (5, 'letter', false, NULL),
    (6, 'audit_event', false, NULL), -- each is part of the chain
    (7, 'account', false, NULL);     -- names stay on what people recorded

-- What could go, as of a moment. A person decides; what became eligible later waits for the next list.
CREATE TABLE deletion_list (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    made_at    timestamptz NOT NULL,
    made_by    bigint REFERENCES person, -- NULL: the nightly job
    decided_by bigint REFERENCES person,
    decided_at timestamptz,
    approved   boolean,
    CHECK (num_nonnulls(decided_by, decided_at, approved) IN (0, 3))
);
CREATE UNIQUE INDEX deletion_list_open ON deletion_list ((true)) WHERE decided_at IS NULL;

CREATE TABLE deletion_item (
    list_id bigint NOT NULL REFERENCES deletion_list,
    class   text NOT NULL REFERENCES retention_rule,
    before  timestamptz NOT NULL, -- records whose event lies before go
    found   bigint NOT NULL CHECK (found > 0),
    removed bigint CHECK (removed >= 0), -- NULL: not decided, or dropped
    PRIMARY KEY (list_id, class)
);

GRANT SELECT, UPDATE (days, approved_by, approved_at) ON retention_rule TO jalon_app;
GRANT SELECT, INSERT, UPDATE (decided_by, decided_at, approved) ON deletion_list TO jalon_app;
GRANT SELECT, INSERT, UPDATE (removed) ON deletion_item TO jalon_app;
GRANT USAGE ON SEQUENCE deletion_list_id_seq TO jalon_app;

-- +goose Down
DROP TABLE deletion_item, deletion_list, retention_rule;
