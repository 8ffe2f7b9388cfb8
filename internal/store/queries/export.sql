-- name: OrderExport :one
INSERT INTO export_job (person_id, kind, parameters, lang, asked_at, touched_at, expires_at)
VALUES (@person_id, @kind, @parameters, @lang, @asked_at, @asked_at, @expires_at)
RETURNING id;

-- name: OpenExports :one
-- How many documents of a person wait or are being made.
SELECT count(*) FROM export_job WHERE person_id = @person_id AND state IN ('waiting', 'making');

-- name: SameExport :one
-- The same document, asked for by the same person and not made yet.
SELECT id FROM export_job
WHERE person_id = @person_id AND kind = @kind AND parameters = @parameters AND lang = @lang AND state IN ('waiting', 'making')
ORDER BY id LIMIT 1;

-- name: Exports :many
-- The documents of a person that have not expired, the newest first; of one alone, when it is named.
SELECT
    e.id, e.person_id, e.kind, e.parameters, e.lang, e.asked_at, e.state, e.attempts, e.done, e.steps,
    e.file_name, e.content_type, e.size, COALESCE(encode(e.sha256, 'hex'), '')::text AS sha256, e.expires_at
FROM export_job e
WHERE e.person_id = @person_id AND e.expires_at > @at AND (@id::bigint = 0 OR e.id = @id)
ORDER BY e.id DESC
LIMIT 200;

-- name: LockExports :exec
-- Whoever takes up a document takes this turn first, until the end of the transaction.
SELECT pg_advisory_xact_lock(hashtext('jalon export_job'));

-- name: ReviveExports :exec
-- What nobody gives a sign of life of waits again: its server has gone. One that
-- took so many servers with it has failed.
UPDATE export_job SET state = CASE WHEN attempts >= @most::integer THEN 'failed' ELSE 'waiting' END, done = 0, steps = 0
WHERE state = 'making' AND touched_at < @stale::timestamptz;

-- name: ExportsUnderWay :one
SELECT count(*) FROM export_job WHERE state = 'making';

-- name: TakeExport :one
-- Takes up the document that has waited longest.
UPDATE export_job SET state = 'making', attempts = attempts + 1, touched_at = @at, done = 0, steps = 0
WHERE id = (SELECT e.id FROM export_job e WHERE e.state = 'waiting' AND e.expires_at > @at ORDER BY e.id LIMIT 1)
RETURNING id, person_id, kind, parameters, lang, asked_at, attempts, expires_at;

-- name: TouchExport :execrows
-- Tells that a document is still being made, and how far it is.
UPDATE export_job SET touched_at = @at, done = @done, steps = @steps
WHERE id = @id AND state = 'making' AND attempts = @attempts;

-- name: FinishExport :execrows
UPDATE export_job
SET state = 'ready', touched_at = @at, file_name = @file_name, content_type = @content_type, size = @size, sha256 = @sha256::bytea, expires_at = @expires_at
WHERE id = @id AND state = 'making' AND attempts = @attempts;

-- name: GiveUpExport :execrows
-- Lets a document wait for another attempt, or ends it.
UPDATE export_job SET state = @state, touched_at = @at, done = 0, steps = 0
WHERE id = @id AND state = 'making' AND attempts = @attempts;

-- name: WaitingExports :one
-- How many documents wait, or have lost whoever made them.
SELECT count(*) FROM export_job WHERE state = 'waiting' OR state = 'making' AND touched_at < @stale::timestamptz;

-- name: ExportsBefore :one
-- How many documents of anybody wait or are being made before one.
SELECT count(*) FROM export_job WHERE state IN ('waiting', 'making') AND id < @id;

-- name: RemoveExpiredExports :execrows
DELETE FROM export_job WHERE expires_at <= @at;

-- name: CountTargets :one
-- The targets of some mandates.
SELECT count(*) FROM target WHERE mandate_id = ANY (@mandates::bigint[]);
