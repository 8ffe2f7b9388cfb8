-- name: FirstBody :exec
-- Gives an institution the body that its tables go to, when it has none yet.
INSERT INTO body (institution_id, code, name_nl, name_fr)
SELECT @institution_id, @code, @name_nl, @name_fr
WHERE NOT EXISTS (SELECT FROM body b WHERE b.institution_id = @institution_id);


-- name: TryAlone :one
-- Takes a name for this connection, unless another process has it.
SELECT pg_try_advisory_lock(hashtextextended('jalon alone ' || @name::text, 0));

-- name: LeaveAlone :exec
SELECT pg_advisory_unlock(hashtextextended('jalon alone ' || @name::text, 0));

-- name: SubmissionStored :one
SELECT EXISTS (SELECT FROM submission WHERE key = @key);
