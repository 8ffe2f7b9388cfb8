-- +goose Up

-- ─── Errata: what is said of a table after its seal ────────────────────────

-- The table stays as it was sealed. An erratum is numbered within its table and
-- signed; what it says is in its document, and beside it only what is searched.
ALTER TABLE seal ADD UNIQUE (mandate_id, id);

CREATE TABLE erratum (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id  bigint NOT NULL REFERENCES mandate,
    seal_id     bigint NOT NULL,
    number      smallint NOT NULL CHECK (number >= 1),
    code        text NOT NULL DEFAULT '', -- of the target, as the sealed table calls it; '' for the table as a whole
    recorded_by bigint NOT NULL REFERENCES person,
    recorded_at timestamptz NOT NULL,
    document    bytea NOT NULL,
    signature   text NOT NULL,
    key_id      text NOT NULL,
    public_key  text NOT NULL,
    UNIQUE (seal_id, number),
    FOREIGN KEY (mandate_id, seal_id) REFERENCES seal (mandate_id, id)
);
CREATE INDEX ON erratum (mandate_id);
CREATE INDEX ON erratum (recorded_by);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON erratum FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON erratum EXECUTE FUNCTION refuse_change();
ALTER TABLE erratum ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;

ALTER TABLE erratum ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON erratum FOR SELECT TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT visible_mandates()));
CREATE POLICY write ON erratum FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR mandate_id IN (SELECT mandates_as('secretary')));

GRANT SELECT, INSERT ON erratum TO jalon_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO jalon_app;

-- +goose Down
DROP TABLE erratum;
ALTER TABLE seal DROP CONSTRAINT seal_mandate_id_id_key;
