-- name: FindSession :one
-- Finds a session that is still in use, and puts its end off when that was
-- last done a while ago: one statement, and a write only once in a while.
WITH found AS (
    SELECT f.token, f.data, f.expiry
    FROM sessions f
    WHERE f.token = @token AND f.expiry > @now::timestamptz
), extended AS (
    UPDATE sessions s
    SET expiry = @until::timestamptz
    FROM found
    WHERE s.token = found.token AND found.expiry < @stale_before::timestamptz
)
SELECT found.data
FROM found;

-- name: SaveSession :exec
INSERT INTO sessions (token, data, expiry)
VALUES (@token, @data, @expiry)
ON CONFLICT (token) DO UPDATE SET data = EXCLUDED.data, expiry = EXCLUDED.expiry;

-- name: DeleteSession :exec
DELETE FROM sessions
WHERE token = @token;

-- name: DeleteExpiredSessions :exec
DELETE FROM sessions
WHERE expiry <= @now;
