-- name: InsertPasswordLink :exec
INSERT INTO password_link (token_hash, person_id, made_at, expires_at)
VALUES (@token_hash, @person_id, @made_at, @expires_at);

-- name: PasswordLink :one
-- Whose link this is, while it serves.
SELECT l.person_id
FROM password_link l
JOIN person p ON p.id = l.person_id
WHERE l.token_hash = @token_hash AND l.expires_at > @now AND p.disabled_at IS NULL;

-- name: UsePasswordLink :one
-- Of two uses at the same moment one finds nothing.
DELETE FROM password_link l
USING person p
WHERE l.token_hash = @token_hash AND l.expires_at > @now AND p.id = l.person_id AND p.disabled_at IS NULL
RETURNING l.person_id;

-- name: DeletePasswordLinksOf :exec
DELETE FROM password_link
WHERE person_id = @person_id;

-- name: DeleteExpiredPasswordLinks :exec
DELETE FROM password_link
WHERE expires_at <= @now;
