-- +goose Up

-- An amendment says who decided it. Those that came with a letter say it in
-- their reason.
ALTER TABLE amendment ADD COLUMN authority text NOT NULL DEFAULT '' CHECK (length(authority) <= 500);
ALTER TABLE deadline ADD COLUMN amendment_id bigint REFERENCES amendment;
CREATE INDEX ON deadline (amendment_id) WHERE amendment_id IS NOT NULL;
CREATE INDEX ON wording_version (amendment_id) WHERE amendment_id IS NOT NULL;

-- A wrong amendment is followed by another one.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON amendment FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON amendment EXECUTE FUNCTION refuse_change();
ALTER TABLE amendment ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;
REVOKE UPDATE, DELETE, TRUNCATE ON amendment FROM jalon_app;

-- +goose Down
DROP TRIGGER append_only ON amendment;
DROP TRIGGER append_only_table ON amendment;
GRANT UPDATE, DELETE ON amendment TO jalon_app;
DROP INDEX wording_version_amendment_id_idx;
ALTER TABLE deadline DROP COLUMN amendment_id;
ALTER TABLE amendment DROP COLUMN authority;
