-- name: FeedOwner :one
-- Whose calendar a secret opens.
SELECT person_id
FROM calendar_feed
WHERE secret_hash = @secret_hash AND revoked_at IS NULL;

-- name: FeedSince :one
SELECT created_at
FROM calendar_feed
WHERE person_id = @person_id AND revoked_at IS NULL;

-- name: LockPerson :one
SELECT id FROM person WHERE id = @id FOR NO KEY UPDATE;

-- name: EndFeed :execrows
UPDATE calendar_feed
SET revoked_at = GREATEST(@at::timestamptz, created_at)
WHERE person_id = @person_id AND revoked_at IS NULL;

-- name: EndFeedOf :exec
-- Ends the feed of a person whose account changes hands or is closed.
UPDATE calendar_feed
SET revoked_at = GREATEST(now(), created_at)
WHERE person_id = @person_id AND revoked_at IS NULL;

-- name: StartFeed :exec
INSERT INTO calendar_feed (person_id, secret_hash, created_at)
VALUES (@person_id, @secret_hash, @at);
