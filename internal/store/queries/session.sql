-- name: SaveSession :exec
INSERT INTO sessions (token, data, expiry, person_id, begun_at, seen_at, agent, network, second_factor_at)
VALUES (@token, @data, @expiry, NULLIF(@person_id::bigint, 0), @now, @now, @agent, @network, sqlc.narg(second_factor_at)::timestamptz)
ON CONFLICT (token) DO UPDATE SET data = EXCLUDED.data, expiry = EXCLUDED.expiry, seen_at = EXCLUDED.seen_at;

-- name: DeleteSession :exec
DELETE FROM sessions
WHERE token = @token;

-- name: DeleteExpiredSessions :exec
DELETE FROM sessions
WHERE expiry <= @now;

-- name: SessionsOf :many
-- The sessions of a person that go on, the one used last first.
SELECT id, token, begun_at, seen_at, agent, network, second_factor_at
FROM sessions
WHERE person_id = @person_id::bigint AND expiry > @now
ORDER BY seen_at DESC, id DESC;

-- name: DeleteSessionOf :execrows
DELETE FROM sessions
WHERE id = @id AND person_id = @person_id::bigint;

-- name: DeleteSessionsOf :execrows
DELETE FROM sessions
WHERE person_id = @person_id::bigint;

-- name: RenewCredentials :one
-- Whatever session a person has, it is of an older version now.
UPDATE person
SET credential_version = credential_version + 1
WHERE id = @id
RETURNING credential_version;
