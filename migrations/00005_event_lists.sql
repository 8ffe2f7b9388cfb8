-- +goose Up

-- A list of events that a person read into a register: a calendar file or a
-- table. The file itself is not kept.
CREATE TABLE event_list (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id  bigint NOT NULL REFERENCES mandate,
    file_name   text NOT NULL CHECK (length(file_name) <= 200),
    sha256      bytea NOT NULL CHECK (length(sha256) = 32), -- of the file
    recorded    integer NOT NULL CHECK (recorded >= 0),
    cancelled   integer NOT NULL CHECK (cancelled >= 0),
    imported_by bigint NOT NULL REFERENCES person,
    imported_at timestamptz NOT NULL,
    CHECK (recorded + cancelled > 0),
    UNIQUE (mandate_id, id)
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON event_list FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON event_list EXECUTE FUNCTION refuse_change();
ALTER TABLE event_list ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;

-- Events typed by hand have neither; a program that does not know the columns
-- goes on recording such events.
ALTER TABLE event
    ADD COLUMN list_id bigint,
    ADD COLUMN uid     text CHECK (length(uid) BETWEEN 1 AND 300), -- in the calendar it comes from (RFC 5545, 3.8.4.7)
    ADD CHECK (uid IS NULL OR list_id IS NOT NULL),
    ADD FOREIGN KEY (mandate_id, list_id) REFERENCES event_list (mandate_id, id);

-- The same list read twice makes no doubles. A change in the calendar cancels
-- the event that stands and records another one under the same uid.
CREATE UNIQUE INDEX event_uid_stands_once ON event (mandate_id, uid) WHERE uid IS NOT NULL AND cancelled_at IS NULL;
CREATE UNIQUE INDEX event_listed_once ON event (mandate_id, kind, title, starts_on, ends_on)
    WHERE list_id IS NOT NULL AND uid IS NULL AND cancelled_at IS NULL;

GRANT SELECT, INSERT ON event_list TO jalon_app;

-- +goose Down
ALTER TABLE event DROP COLUMN uid, DROP COLUMN list_id;
DROP TABLE event_list;
