-- name: InstitutionBodies :many
-- Every institution with its bodies and those who sit on them, and with those
-- who sit on every body: memberships that have not ended.
SELECT
    i.id, i.code, i.name_nl, i.name_fr,
    (SELECT jsonb_agg(jsonb_build_object('id', b.id, 'code', b.code, 'nl', b.name_nl, 'fr', b.name_fr, 'seats', (
        SELECT jsonb_agg(jsonb_build_object(
            'grant_id', r.id, 'role', r.role, 'person_id', r.person_id, 'name', p.name, 'disabled', p.disabled_at IS NOT NULL, 'from', r.starts_on, 'until', r.ends_on)
            ORDER BY (r.role = 'secretary') DESC, p.name COLLATE "nl-x-icu", r.starts_on)
        FROM role_grant r
        JOIN person p ON p.id = r.person_id
        WHERE r.body_id = b.id AND (r.ends_on IS NULL OR r.ends_on >= @today::date))) ORDER BY b.id)
    FROM body b
    WHERE b.institution_id = i.id)::jsonb AS bodies,
    (SELECT jsonb_agg(jsonb_build_object('role', r.role, 'name', p.name, 'from', r.starts_on, 'until', r.ends_on)
        ORDER BY (r.role = 'secretary') DESC, p.name COLLATE "nl-x-icu", r.starts_on)
    FROM role_grant r
    JOIN person p ON p.id = r.person_id
    WHERE r.role IN ('committee_member', 'secretary') AND r.body_id IS NULL AND (r.institution_id = i.id OR r.institution_id IS NULL)
        AND (r.ends_on IS NULL OR r.ends_on >= @today::date) AND p.disabled_at IS NULL)::jsonb AS everywhere
FROM institution i
ORDER BY i.code;

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
