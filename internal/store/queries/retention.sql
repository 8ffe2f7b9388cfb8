-- name: RetentionRules :many
SELECT r.class, r.removable, COALESCE(r.suggested_days, 0)::integer AS suggested_days, COALESCE(r.days, 0)::integer AS days,
    COALESCE(p.name, '')::text AS approved_by, r.approved_at
FROM retention_rule r
LEFT JOIN person p ON p.id = r.approved_by
ORDER BY r.position;

-- name: SetRetentionRule :one
-- Gives the days that the rule had.
UPDATE retention_rule r
SET days = NULLIF(@days::integer, 0), approved_by = @approved_by::bigint, approved_at = @approved_at::timestamptz
FROM (SELECT o.class, o.days FROM retention_rule o WHERE o.class = @class FOR UPDATE) was
WHERE r.class = was.class AND (r.removable OR @days::integer = 0)
RETURNING COALESCE(was.days, 0)::integer AS days;

-- name: CountDrafts :one
-- Drafts with what waits beside them and what they took the place of.
SELECT count(*)
FROM (
    SELECT mandate_id, period FROM report_draft
    UNION ALL SELECT mandate_id, period FROM report_draft_text
    UNION ALL SELECT mandate_id, period FROM report_draft_evidence
) d
JOIN seal s ON s.mandate_id = d.mandate_id AND s.period = d.period AND s.targets IS NULL
WHERE s.sealed_at < @before::timestamptz;

-- name: RemoveDrafts :one
WITH past AS (
    SELECT s.mandate_id, s.period FROM seal s WHERE s.sealed_at < @before::timestamptz AND s.targets IS NULL
), drafts AS (
    DELETE FROM report_draft d USING past WHERE d.mandate_id = past.mandate_id AND d.period = past.period RETURNING d.target_id
), texts AS (
    DELETE FROM report_draft_text d USING past WHERE d.mandate_id = past.mandate_id AND d.period = past.period RETURNING d.target_id
), chosen AS (
    DELETE FROM report_draft_evidence d USING past WHERE d.mandate_id = past.mandate_id AND d.period = past.period RETURNING d.target_id
)
SELECT ((SELECT count(*) FROM drafts) + (SELECT count(*) FROM texts) + (SELECT count(*) FROM chosen))::bigint AS removed;

-- name: CountMails :one
SELECT count(*)
FROM outgoing_mail
WHERE state IN ('sent', 'failed', 'kept') AND COALESCE(sent_at, queued_at) < @before::timestamptz AND (text <> '' OR html <> '');

-- name: EmptyMails :execrows
-- That somebody got a mail of a kind on a day stays; what it said goes.
UPDATE outgoing_mail
SET text = '', html = '', unsubscribe_url = ''
WHERE state IN ('sent', 'failed', 'kept') AND COALESCE(sent_at, queued_at) < @before::timestamptz AND (text <> '' OR html <> '');

-- name: DeletionLists :many
-- The latest lists with their items, the newest first.
SELECT l.id, l.made_at, COALESCE(l.made_by, 0)::bigint AS made_by_id, COALESCE(m.name, '')::text AS made_by, COALESCE(d.name, '')::text AS decided_by,
    l.decided_at, COALESCE(l.approved, false)::boolean AS approved, i.class, i.before, i.found, COALESCE(i.removed, 0)::bigint AS removed
FROM (SELECT * FROM deletion_list ORDER BY id DESC LIMIT 10) l
JOIN deletion_item i ON i.list_id = l.id
JOIN retention_rule r ON r.class = i.class
LEFT JOIN person m ON m.id = l.made_by
LEFT JOIN person d ON d.id = l.decided_by
ORDER BY l.id DESC, r.position;

-- name: DeletionListForUpdate :one
SELECT id, COALESCE(made_by, 0)::bigint AS made_by
FROM deletion_list
WHERE id = @id AND decided_at IS NULL
FOR UPDATE;

-- name: ListedSince :one
-- Whether a list is open, or was made since a moment.
SELECT EXISTS (SELECT FROM deletion_list WHERE decided_at IS NULL OR made_at >= @since::timestamptz);

-- name: InsertDeletionList :one
INSERT INTO deletion_list (made_at, made_by)
VALUES (@made_at, NULLIF(@made_by::bigint, 0))
RETURNING id;

-- name: InsertDeletionItem :exec
INSERT INTO deletion_item (list_id, class, before, found)
VALUES (@list_id, @class, @before, @found);

-- name: DeletionItems :many
SELECT class, before
FROM deletion_item
WHERE list_id = @list_id
ORDER BY class;

-- name: RecordRemoved :exec
UPDATE deletion_item
SET removed = @removed::bigint
WHERE list_id = @list_id AND class = @class;

-- name: DecideDeletion :exec
UPDATE deletion_list
SET decided_by = @decided_by::bigint, decided_at = @decided_at::timestamptz, approved = @approved::boolean
WHERE id = @id;
