-- name: TenureRows :many
-- Every tenure of some mandates, the earliest first.
SELECT t.id, t.mandate_id, t.person_id, p.name, (p.disabled_at IS NOT NULL)::boolean AS disabled, t.starts_on, t.ends_on, t.interim
FROM tenure t
JOIN person p ON p.id = t.person_id
WHERE t.mandate_id = ANY (@mandates::bigint[])
ORDER BY t.mandate_id, t.starts_on;

-- name: InsertTenure :one
INSERT INTO tenure (mandate_id, person_id, starts_on, ends_on, interim)
VALUES (@mandate_id, @person_id, @starts_on, sqlc.narg(ends_on), @interim)
RETURNING id;

-- name: TenureForUpdate :one
SELECT id, person_id, starts_on, ends_on, interim
FROM tenure
WHERE id = @id AND mandate_id = @mandate_id
FOR UPDATE;

-- name: EndTenure :exec
UPDATE tenure
SET ends_on = @ends_on::date
WHERE id = @id;

-- name: CorrectTenure :exec
UPDATE tenure
SET person_id = @person_id, starts_on = @starts_on, ends_on = sqlc.narg(ends_on), interim = @interim
WHERE id = @id;

-- name: WithdrawTenure :exec
-- For a tenure that has not begun: the past keeps what it was.
DELETE FROM tenure
WHERE id = @id;

-- name: OverlappingTenure :one
-- The first other tenure of a mandate that shares a day with these.
SELECT t.id, p.name, t.starts_on, t.ends_on
FROM tenure t
JOIN person p ON p.id = t.person_id
WHERE t.mandate_id = @mandate_id AND t.id <> @besides::bigint
    AND daterange(t.starts_on, t.ends_on, '[]') && daterange(@starts_on::date, sqlc.narg(ends_on)::date, '[]')
ORDER BY t.starts_on
LIMIT 1;

-- name: TellAt :exec
-- What the rest of the transaction records in place was known from this instant on.
SELECT set_config('jalon.told_at', CAST(@instant::timestamptz AS text), true);
