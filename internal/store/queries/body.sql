-- name: BodyRows :many
-- Every body with those who sit on it: once for each membership that has not
-- ended, once without when there is none.
SELECT
    i.id AS institution_id, i.code AS institution_code, i.name_nl AS institution_nl, i.name_fr AS institution_fr,
    b.id, b.code, b.name_nl, b.name_fr,
    COALESCE(r.id, 0)::bigint AS grant_id, COALESCE(r.role, '')::text AS role, COALESCE(r.person_id, 0)::bigint AS person_id,
    COALESCE(p.name, '')::text AS name, (p.disabled_at IS NOT NULL)::boolean AS disabled, r.starts_on, r.ends_on
FROM body b
JOIN institution i ON i.id = b.institution_id
LEFT JOIN role_grant r ON r.body_id = b.id AND (r.ends_on IS NULL OR r.ends_on >= @today::date)
LEFT JOIN person p ON p.id = r.person_id
ORDER BY i.code, b.id, (r.role = 'secretary') DESC NULLS LAST, p.name COLLATE "nl-x-icu", r.starts_on;

-- name: EveryBodyRows :many
-- Who sits on every body of an institution, or everywhere, and has not ended.
SELECT r.role, COALESCE(i.code, '')::text AS institution_code, p.name, r.starts_on, r.ends_on
FROM role_grant r
JOIN person p ON p.id = r.person_id
LEFT JOIN institution i ON i.id = r.institution_id
WHERE r.role IN ('committee_member', 'secretary') AND r.body_id IS NULL AND (r.ends_on IS NULL OR r.ends_on >= @today::date)
    AND p.disabled_at IS NULL
ORDER BY (r.role = 'secretary') DESC, p.name COLLATE "nl-x-icu", r.starts_on;

-- name: AddBody :one
INSERT INTO body (institution_id, code, name_nl, name_fr, scope, kind)
SELECT i.id, @code, @name_nl, @name_fr, @scope, @kind
FROM institution i
WHERE i.code = @institution_code::text
RETURNING id;

-- name: BodyByID :one
SELECT b.id, b.code, i.code AS institution_code
FROM body b
JOIN institution i ON i.id = b.institution_id
WHERE b.id = @id;

-- name: OtherSecretary :one
-- The secretary of a body on one of these days.
SELECT p.name, r.starts_on, r.ends_on
FROM role_grant r
JOIN person p ON p.id = r.person_id
WHERE r.role = 'secretary' AND r.body_id = @body_id::bigint
    AND daterange(r.starts_on, r.ends_on, '[]') && daterange(@starts_on::date, sqlc.narg(ends_on)::date, '[]')
ORDER BY r.starts_on
LIMIT 1;
