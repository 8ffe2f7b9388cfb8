-- name: InsertToken :one
INSERT INTO api_token (person_id, mandate_id, institution_id, name, secret_hash, hint, scopes, created_by, created_at, expires_on)
VALUES (sqlc.narg(person_id), sqlc.narg(mandate_id), sqlc.narg(institution_id), @name, @secret_hash, @hint, @scopes, @created_by, @created_at, @expires_on)
RETURNING id;

-- name: TokenByHash :one
SELECT id, COALESCE(person_id, 0)::bigint AS person_id, COALESCE(mandate_id, 0)::bigint AS mandate_id, COALESCE(institution_id, 0)::bigint AS institution_id, name, scopes, last_used_on
FROM api_token
WHERE secret_hash = @secret_hash AND revoked_at IS NULL AND expires_on >= @today::date;

-- name: TouchToken :exec
UPDATE api_token SET last_used_on = @today::date WHERE id = @id;

-- name: ListTokens :many
-- The tokens of a person, or those of machines for 0, the newest first.
SELECT t.id, t.name, t.hint, t.scopes, COALESCE(m.code, '')::text AS mandate_code, COALESCE(i.code, '')::text AS institution_code, n.name AS created_by, t.created_at, t.expires_on, t.revoked_at, t.last_used_on
FROM api_token t
JOIN person n ON n.id = t.created_by
LEFT JOIN mandate m ON m.id = t.mandate_id
LEFT JOIN institution i ON i.id = t.institution_id
WHERE COALESCE(t.person_id, 0) = @person_id::bigint
ORDER BY t.id DESC;

-- name: RevokeToken :execrows
UPDATE api_token
SET revoked_at = @at::timestamptz, revoked_by = @by::bigint
WHERE id = @id AND COALESCE(person_id, 0) = @person_id::bigint AND revoked_at IS NULL;

-- name: RevokeTokensOf :exec
-- Ends every token of a person. 0 revokes in their own name.
UPDATE api_token
SET revoked_at = now(), revoked_by = COALESCE(NULLIF(@by::bigint, 0), person_id)
WHERE person_id = @person_id::bigint AND revoked_at IS NULL;
