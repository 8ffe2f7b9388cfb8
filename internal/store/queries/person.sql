-- name: PersonByEmail :one
SELECT id, email, name, lang, COALESCE(password_hash, '')::text AS password_hash, credential_version, must_change_password, disabled_at
FROM person
WHERE email = @email;

-- name: PersonByID :one
SELECT id, email, name, lang, COALESCE(password_hash, '')::text AS password_hash, credential_version, must_change_password, disabled_at
FROM person
WHERE id = @id;

-- name: ViewerRows :many
-- Who asks, by the token of a session that is still in use, or by number: once
-- for each right, of any date; once without a right when there is none; and
-- without a person for a session of nobody yet. The end of a session is put off
-- when that was last done a while ago: one statement, and a write only once in a while.
WITH found AS (
    SELECT f.token, f.data, f.expiry, f.person_id
    FROM sessions f
    WHERE f.token = @token AND f.expiry > @now::timestamptz
), extended AS (
    UPDATE sessions s
    SET expiry = @until::timestamptz, seen_at = @now::timestamptz
    FROM found
    WHERE s.token = found.token AND found.expiry < @stale_before::timestamptz
), asked AS (
    SELECT found.data, found.person_id
    FROM found
    UNION ALL
    SELECT ''::bytea, @person_id::bigint
    WHERE @person_id::bigint <> 0
)
SELECT
    asked.data::bytea AS data,
    COALESCE(p.id, 0)::bigint AS id, COALESCE(p.email, '')::text AS email, COALESCE(p.name, '')::text AS name, COALESCE(p.lang, '')::text AS lang,
    COALESCE(p.credential_version, 0)::integer AS credential_version, COALESCE(p.must_change_password, false)::boolean AS must_change_password, p.disabled_at,
    COALESCE(g.role, '')::text AS role,
    COALESCE(g.institution_id, 0)::bigint AS institution_id,
    COALESCE(g.body_id, 0)::bigint AS body_id,
    COALESCE(g.mandate_id, 0)::bigint AS mandate_id,
    COALESCE(m.code, '')::text AS mandate_code,
    COALESCE(g.evaluation_id, 0)::bigint AS evaluation_id,
    COALESCE(g.objectives, '{}')::text[] AS objectives,
    -- a seat on a body that gets only what is addressed to it comes with that
    (SELECT jsonb_agg(jsonb_build_array(a.mandate_id, t.code, a.valid_from, a.valid_until) ORDER BY t.mandate_id, t.id, a.valid_from)
    FROM body y
    JOIN addressee a ON a.body_id = y.id
    JOIN target t ON t.id = a.target_id
    WHERE y.id = g.body_id AND y.scope = 'addressed')::jsonb AS addressed,
    COALESCE(b.id, 0)::bigint AS for_id, COALESCE(b.name, '')::text AS for_name,
    g.starts_on, g.ends_on
FROM asked
LEFT JOIN person p ON p.id = asked.person_id
LEFT JOIN LATERAL (
    SELECT 'holder' AS role, NULL::bigint AS institution_id, NULL::bigint AS body_id, t.mandate_id, NULL::bigint AS evaluation_id, NULL::text[] AS objectives,
        NULL::bigint AS granted_by, t.starts_on, t.ends_on
    FROM tenure t
    WHERE t.person_id = p.id
    UNION ALL
    SELECT 'delegate', NULL, NULL, d.mandate_id, NULL,
        (SELECT array_agg(o.code ORDER BY o.position)
        FROM delegation_objective c
        JOIN objective o ON o.id = c.objective_id
        WHERE c.delegation_id = d.id),
        d.granted_by, d.starts_on, d.ends_on
    FROM delegation_in_force d
    WHERE d.person_id = p.id
    UNION ALL
    SELECT 'evaluator', NULL, NULL, e.mandate_id, e.evaluation_id, NULL, NULL, e.starts_on, e.ends_on
    FROM evaluator e
    WHERE e.person_id = p.id
    UNION ALL
    -- whom an evaluation is about, from its first day on and for good
    SELECT 'evaluated', NULL, NULL, w.mandate_id, w.evaluation_id, NULL, NULL, w.starts_on, NULL
    FROM evaluated_person(p.id) w
    UNION ALL
    SELECT CASE WHEN y.scope = 'addressed' THEN CASE r.role WHEN 'secretary' THEN 'addressed_secretary' ELSE 'addressed_member' END ELSE r.role END,
        r.institution_id, r.body_id, NULL, NULL, NULL, NULL, r.starts_on, r.ends_on
    FROM role_grant r
    LEFT JOIN body y ON y.id = r.body_id
    WHERE r.person_id = p.id
) g ON true
LEFT JOIN mandate m ON m.id = g.mandate_id
LEFT JOIN person b ON b.id = g.granted_by
ORDER BY g.starts_on, g.role, g.mandate_id, g.institution_id, g.body_id;

-- name: PeopleRows :many
-- Everybody, once for each role that has not ended.
SELECT
    p.id, p.email, p.name, p.lang, p.disabled_at, p.last_sign_in_at,
    (f.person_id IS NOT NULL)::boolean AS second_factor,
    COALESCE(g.role, '')::text AS role,
    COALESCE(g.scope, '')::text AS scope,
    COALESCE(g.grant_id, 0)::bigint AS grant_id,
    COALESCE(g.source, '')::text AS source,
    g.starts_on, g.ends_on
FROM person p
LEFT JOIN second_factor f ON f.person_id = p.id AND f.confirmed_at IS NOT NULL
LEFT JOIN LATERAL (
    SELECT 'holder' AS role, m.code AS scope, NULL::bigint AS grant_id, NULL::text AS source, t.starts_on, t.ends_on
    FROM tenure t
    JOIN mandate m ON m.id = t.mandate_id
    WHERE t.person_id = p.id
    UNION ALL
    SELECT 'delegate', m.code, NULL, NULL, d.starts_on, d.ends_on
    FROM delegation_in_force d
    JOIN mandate m ON m.id = d.mandate_id
    WHERE d.person_id = p.id
    UNION ALL
    SELECT 'evaluator', m.code, NULL, NULL, e.starts_on, e.ends_on
    FROM evaluator e
    JOIN mandate m ON m.id = e.mandate_id
    WHERE e.person_id = p.id
    UNION ALL
    SELECT r.role, concat_ws(' · ', i.code, b.code), r.id, r.source, r.starts_on, r.ends_on
    FROM role_grant r
    LEFT JOIN institution i ON i.id = r.institution_id
    LEFT JOIN body b ON b.id = r.body_id
    WHERE r.person_id = p.id
) g ON g.ends_on IS NULL OR g.ends_on >= @today::date
ORDER BY p.name COLLATE "nl-x-icu", p.id, g.starts_on, g.role, g.scope;

-- name: CreatePerson :one
INSERT INTO person (email, name, lang, password_hash, must_change_password)
VALUES (@email, @name, @lang, NULLIF(@password_hash::text, ''), @must_change_password)
RETURNING id;

-- name: SetDisabled :one
-- Disabling ends the sessions of the person; so does enabling, which leaves none to revive.
UPDATE person
SET disabled_at = CASE WHEN @disabled::boolean THEN COALESCE(disabled_at, @at::timestamptz) END,
    credential_version = credential_version + 1
WHERE id = @id
RETURNING credential_version;

-- name: SetPassword :one
UPDATE person
SET password_hash = @password_hash::text, must_change_password = @must_change_password,
    credential_version = credential_version + 1
WHERE id = @id
RETURNING credential_version;

-- name: RecordSignIn :exec
UPDATE person
SET last_sign_in_at = @at::timestamptz
WHERE id = @id;

-- name: Rehash :exec
UPDATE person
SET password_hash = @hash::text
WHERE id = @id AND password_hash = @old::text;

-- name: GrantRole :one
INSERT INTO role_grant (person_id, role, institution_id, body_id, starts_on, ends_on)
SELECT @person_id, @role, i.id, b.id, @starts_on, sqlc.narg(ends_on)::date
FROM (SELECT) one
LEFT JOIN institution i ON i.code = @institution_code::text
LEFT JOIN body b ON b.institution_id = i.id AND b.code = @body_code::text
WHERE (i.id IS NOT NULL OR @institution_code::text = '') AND (b.id IS NOT NULL OR @body_code::text = '')
RETURNING id;

-- name: RoleGrantByID :one
SELECT
    r.id, r.person_id, r.role, COALESCE(i.code, '')::text AS institution_code, COALESCE(b.code, '')::text AS body_code,
    COALESCE(r.body_id, 0)::bigint AS body_id, r.starts_on, r.ends_on, r.source
FROM role_grant r
LEFT JOIN institution i ON i.id = r.institution_id
LEFT JOIN body b ON b.id = r.body_id
WHERE r.id = @id
FOR UPDATE OF r;

-- name: OpenRoleGrants :many
-- The grants of one role that have not ended, whatever their institution and
-- body when none is named.
SELECT r.id
FROM role_grant r
LEFT JOIN institution i ON i.id = r.institution_id
LEFT JOIN body b ON b.id = r.body_id
WHERE r.person_id = @person_id AND r.role = @role
    AND (@institution_code::text = '' OR i.code = @institution_code::text)
    AND (@body_code::text = '' OR b.code = @body_code::text)
    AND (r.ends_on IS NULL OR r.ends_on >= @today::date)
ORDER BY r.id;

-- name: HoldsRole :one
-- Whether a person was given a role for exactly this scope, on every day from one to
-- another (NULL: without an end).
SELECT EXISTS (
    SELECT FROM role_grant r
    LEFT JOIN institution i ON i.id = r.institution_id
    LEFT JOIN body b ON b.id = r.body_id
    WHERE r.person_id = @person_id AND r.role = @role AND r.source = 'manual'
        AND COALESCE(i.code, '') = @institution_code::text AND COALESCE(b.code, '') = @body_code::text
        AND daterange(r.starts_on, r.ends_on, '[]') @> daterange(@starts_on::date, sqlc.narg(ends_on)::date, '[]')
);

-- name: EndRoleGrant :exec
UPDATE role_grant
SET ends_on = @ends_on::date
WHERE id = @id;

-- name: RemoveRoleGrant :exec
-- For a grant that has not been in force for a whole day: the audit trail remembers it.
DELETE FROM role_grant
WHERE id = @id;

-- name: LockAdministrators :exec
-- Two administrators who remove each other at once take turns here.
SELECT pg_advisory_xact_lock(hashtextextended('jalon administrators', 0));

-- name: CountAdministrators :one
-- How many administrators can sign in today at all, and with a password, since
-- an identity provider may be out of reach; and whether there is one on every
-- day from today on.
SELECT
    count(DISTINCT p.id) FILTER (WHERE p.password_hash IS NOT NULL AND r.starts_on <= @today::date AND (r.ends_on IS NULL OR r.ends_on >= @today::date)) AS with_password,
    count(DISTINCT p.id) FILTER (WHERE r.starts_on <= @today::date AND (r.ends_on IS NULL OR r.ends_on >= @today::date)) AS at_all,
    COALESCE(range_agg(daterange(r.starts_on, r.ends_on, '[]')) @> daterange(@today::date, NULL), false)::boolean AS always
FROM person p
JOIN role_grant r ON r.person_id = p.id
WHERE r.role = 'administrator' AND r.institution_id IS NULL
    AND p.disabled_at IS NULL
    AND (p.password_hash IS NOT NULL OR EXISTS (SELECT FROM person_identity i WHERE i.person_id = p.id));

-- name: ActivePeople :many
-- Everybody who can be given an office, by name.
SELECT id, email, name
FROM person
WHERE disabled_at IS NULL
ORDER BY name COLLATE "nl-x-icu", id;

-- name: HangsOn :many
-- What hangs on a person and has not ended: tenures, delegations given and
-- received, roles, and evaluations in which they evaluate or are evaluated.
SELECT h.kind::text AS kind, h.mandate_code::text AS mandate_code, h.scope::text AS scope, h.role::text AS role, h.starts_on, h.ends_on
FROM (
    SELECT 1 AS rank, 'tenure' AS kind, t.id, m.code AS mandate_code, '' AS scope, 'holder' AS role, t.starts_on, t.ends_on
    FROM tenure t
    JOIN mandate m ON m.id = t.mandate_id
    WHERE t.person_id = @person_id
    UNION ALL
    SELECT 2, 'delegation_given', d.id, m.code, '', 'holder', d.starts_on, d.ends_on
    FROM delegation_in_force d
    JOIN mandate m ON m.id = d.mandate_id
    WHERE d.granted_by = @person_id
    UNION ALL
    SELECT 3, 'delegation', d.id, m.code, '', 'delegate', d.starts_on, d.ends_on
    FROM delegation_in_force d
    JOIN mandate m ON m.id = d.mandate_id
    WHERE d.person_id = @person_id
    UNION ALL
    SELECT 4, 'evaluator', e.id, m.code, '', 'evaluator', e.starts_on, e.ends_on
    FROM evaluator e
    JOIN mandate m ON m.id = e.mandate_id
    WHERE e.person_id = @person_id
    UNION ALL
    SELECT 5, CASE WHEN r.body_id IS NULL THEN 'role' ELSE 'body' END, r.id, '', concat_ws(' · ', i.code, b.code), r.role, r.starts_on, r.ends_on
    FROM role_grant r
    LEFT JOIN institution i ON i.id = r.institution_id
    LEFT JOIN body b ON b.id = r.body_id
    WHERE r.person_id = @person_id
) h
WHERE h.ends_on IS NULL OR h.ends_on >= @today::date
ORDER BY h.rank, h.starts_on, h.mandate_code, h.scope, h.id;
