-- name: LockSubmission :batchexec
-- The same form sent twice at once takes turns: the second finds the first one's answer.
SELECT pg_advisory_xact_lock(hashtextextended(@name::text, 0));

-- name: FindSubmission :batchone
SELECT person_id, action, location
FROM submission
WHERE key = @key;

-- name: RecordSubmission :batchexec
INSERT INTO submission (key, person_id, action, location)
VALUES (@key, @person_id, @action, @location);
