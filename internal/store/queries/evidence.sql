-- name: InsertEvidence :exec
-- Adds the files of one answer or entry.
INSERT INTO evidence (mandate_id, target_id, answer_id, entry_id, sha256, size, kind, name, confidential, added_by, added_at)
SELECT
    @mandate_id::bigint, @target_id::bigint, sqlc.narg(answer_id)::bigint, sqlc.narg(entry_id)::bigint,
    unnest(@sha256::bytea[]), unnest(@sizes::integer[]), unnest(@kinds::text[]), unnest(@names::text[]), unnest(@confidential::boolean[]),
    @added_by::bigint, @added_at::timestamptz;

-- name: EvidenceSize :one
-- The bytes of all evidence of a mandate, also of what waits beside a draft.
SELECT ((SELECT COALESCE(sum(e.size), 0) FROM evidence e WHERE e.mandate_id = @mandate_id)
    + (SELECT COALESCE(sum(d.size), 0) FROM report_draft_evidence d WHERE d.mandate_id = @mandate_id))::bigint;

-- name: EvidenceRow :one
-- One file of a mandate, with what its target and its mandate are.
SELECT
    m.id AS mandate_id, m.institution_id, g.code AS target_code,
    encode(e.sha256, 'hex')::text AS sha256, e.size, e.kind, e.name, e.confidential, e.added_by, n.name AS added_name, e.added_at
FROM evidence e
JOIN mandate m ON m.id = e.mandate_id
JOIN target g ON g.id = e.target_id
JOIN person n ON n.id = e.added_by
WHERE e.id = @id AND m.code = @code;

-- name: EvidenceReferred :one
SELECT (EXISTS (SELECT FROM evidence e WHERE e.sha256 = @sha256::bytea)
    OR EXISTS (SELECT FROM report_draft_evidence d WHERE d.sha256 = @sha256::bytea)
    OR EXISTS (SELECT FROM evaluation_document d WHERE d.sha256 = @sha256::bytea)
    OR EXISTS (SELECT FROM export_job x WHERE x.sha256 = @sha256::bytea))::boolean;
