-- +goose Up

-- ─── Obstacles that lie outside the holder's control ───────────────────────

ALTER TABLE progress_entry ADD COLUMN outside_control boolean NOT NULL DEFAULT false;
-- the mark is about the obstacles: without them it says nothing
ALTER TABLE progress_entry ADD CONSTRAINT progress_entry_outside_what CHECK (NOT outside_control OR obstacles <> '') NOT VALID;
ALTER TABLE progress_entry VALIDATE CONSTRAINT progress_entry_outside_what;

-- ─── Links as evidence of an entry ─────────────────────────────────────────

CREATE TABLE evidence_link (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id bigint NOT NULL REFERENCES mandate,
    target_id  bigint NOT NULL,
    entry_id   bigint NOT NULL,
    url        text NOT NULL CHECK (url ~ '^https://[^[:space:][:cntrl:]]+$' AND length(url) <= 2000),
    title      text NOT NULL CHECK (length(title) BETWEEN 1 AND 200 AND title !~ '[[:cntrl:]]'),
    added_by   bigint NOT NULL REFERENCES person,
    added_at   timestamptz NOT NULL,
    FOREIGN KEY (mandate_id, target_id) REFERENCES target (mandate_id, id),
    FOREIGN KEY (mandate_id, target_id, entry_id) REFERENCES progress_entry (mandate_id, target_id, id)
);
CREATE INDEX ON evidence_link (mandate_id);
CREATE INDEX ON evidence_link (entry_id);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON evidence_link FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON evidence_link EXECUTE FUNCTION refuse_change();
ALTER TABLE evidence_link ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;

ALTER TABLE evidence_link ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON evidence_link FOR SELECT TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT visible_mandates()));
CREATE POLICY write ON evidence_link FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR mandate_id IN (SELECT reporting_mandates()));

-- ─── What was chosen as evidence and is not recorded yet ───────────────────

-- A file or a link that waits beside a draft; it moves to the entry when that
-- is recorded. The same one twice is one.
CREATE TABLE report_draft_evidence (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id   bigint NOT NULL,
    period       half_year NOT NULL,
    target_id    bigint NOT NULL,
    sha256       bytea CHECK (length(sha256) = 32),
    size         integer CHECK (size BETWEEN 1 AND 26214400), -- bytes
    kind         text CHECK (kind IN ('pdf', 'docx', 'xlsx', 'odt', 'ods', 'png', 'jpg', 'txt', 'csv')),
    url          text CHECK (url ~ '^https://[^[:space:][:cntrl:]]+$' AND length(url) <= 2000),
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 200 AND name !~ '[[:cntrl:]]'), -- of the file, or title of the link
    confidential boolean NOT NULL DEFAULT false,
    added_by     bigint NOT NULL REFERENCES person,
    added_at     timestamptz NOT NULL,
    CHECK (num_nonnulls(sha256, url) = 1 AND num_nonnulls(sha256, size, kind) IN (0, 3)),
    CHECK (url IS NULL OR NOT confidential),
    UNIQUE (mandate_id, period, target_id, sha256),
    UNIQUE (mandate_id, period, target_id, url),
    FOREIGN KEY (mandate_id, target_id) REFERENCES target (mandate_id, id)
);
CREATE INDEX ON report_draft_evidence (sha256);

ALTER TABLE report_draft_evidence ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON report_draft_evidence TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT reporting_mandates()));

-- ─── What was replaced in a draft ──────────────────────────────────────────

-- Of two texts of the same field one stands in the draft; the other one stays
-- here. It is never changed, and goes when drafts go by a retention rule.
CREATE TABLE report_draft_text (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id  bigint NOT NULL,
    period      half_year NOT NULL,
    target_id   bigint NOT NULL,
    fields      jsonb NOT NULL,
    written_by  bigint NOT NULL REFERENCES person,
    written_at  timestamptz NOT NULL,
    kept_at     timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (mandate_id, target_id) REFERENCES target (mandate_id, id)
);
CREATE INDEX ON report_draft_text (mandate_id, period, target_id, id);

ALTER TABLE report_draft_text ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON report_draft_text FOR SELECT TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT reporting_mandates()));
CREATE POLICY write ON report_draft_text FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR mandate_id IN (SELECT reporting_mandates()));
CREATE POLICY retention ON report_draft_text FOR DELETE TO jalon_app USING ((SELECT viewing_system()));

GRANT SELECT, INSERT ON evidence_link TO jalon_app;
GRANT SELECT, INSERT, DELETE ON report_draft_evidence, report_draft_text TO jalon_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO jalon_app;

-- +goose Down
DROP TABLE report_draft_text, report_draft_evidence, evidence_link;
ALTER TABLE progress_entry DROP CONSTRAINT progress_entry_outside_what;
ALTER TABLE progress_entry DROP COLUMN outside_control;
