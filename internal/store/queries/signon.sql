-- name: PersonByIdentity :one
SELECT p.id, p.email, p.name, p.lang, COALESCE(p.password_hash, '')::text AS password_hash, p.credential_version, p.must_change_password, p.disabled_at
FROM person_identity i
JOIN person p ON p.id = i.person_id
WHERE i.issuer = @issuer AND i.subject = @subject;

-- name: IdentitiesOf :many
SELECT i.id, i.issuer, i.subject, i.linked_at, i.last_used_at, COALESCE(b.name, '')::text AS linked_by
FROM person_identity i
LEFT JOIN person b ON b.id = i.linked_by
WHERE i.person_id = @person_id
ORDER BY i.id;

-- name: LinkIdentity :one
INSERT INTO person_identity (person_id, issuer, subject, linked_by, linked_at)
VALUES (@person_id, @issuer, @subject, NULLIF(@linked_by::bigint, 0), @linked_at)
RETURNING id;

-- name: UnlinkIdentity :one
DELETE FROM person_identity
WHERE id = @id AND person_id = @person_id
RETURNING issuer, subject;

-- name: IdentityUsed :exec
UPDATE person_identity
SET last_used_at = @at::timestamptz
WHERE issuer = @issuer AND subject = @subject;

-- name: CreatePersonWithoutPassword :one
-- Makes nothing when the address has an account.
INSERT INTO person (email, name, lang)
VALUES (@email, @name, @lang)
ON CONFLICT (email) DO NOTHING
RETURNING id;

-- name: SignOnGrants :many
-- The roles that a person has today or later and where each comes from; held
-- are those that have begun. That they sit on one body is no matter of groups.
SELECT
    r.id, r.role, COALESCE(i.code, '')::text AS institution_code, r.source, (r.starts_on <= @today::date)::boolean AS held
FROM role_grant r
LEFT JOIN institution i ON i.id = r.institution_id
WHERE r.person_id = @person_id AND r.body_id IS NULL AND (r.ends_on IS NULL OR r.ends_on >= @today::date)
ORDER BY r.id;

-- name: GrantRoleBySignOn :one
INSERT INTO role_grant (person_id, role, institution_id, starts_on, source)
SELECT @person_id, @role, i.id, @starts_on, 'sso'
FROM (SELECT) one
LEFT JOIN institution i ON i.code = @institution_code::text
WHERE i.id IS NOT NULL OR @institution_code::text = ''
ON CONFLICT DO NOTHING
RETURNING id;

-- name: KeepRoleGrant :execrows
-- A role that came with a group becomes one that a person gave.
UPDATE role_grant r
SET source = 'manual'
WHERE r.person_id = @person_id AND r.role = @role AND r.ends_on IS NULL AND r.source = 'sso' AND r.body_id IS NULL
    AND r.institution_id IS NOT DISTINCT FROM (SELECT i.id FROM institution i WHERE i.code = @institution_code::text);

-- name: RenewSessions :one
-- Sessions of an older version end.
UPDATE person
SET credential_version = credential_version + 1
WHERE id = @id
RETURNING credential_version;

-- name: BeginSignOn :exec
INSERT INTO sign_on (id, person_id, issuer, sub, sid, id_token, began_at)
VALUES (@id, @person_id, @issuer, @sub, @sid, @id_token, @began_at);

-- name: SignOnLives :one
SELECT EXISTS (SELECT FROM sign_on s WHERE s.id = @id AND s.person_id = @person_id);

-- name: EndSignOn :one
DELETE FROM sign_on
WHERE id = @id
RETURNING id_token;

-- name: EndSignOnsOfIdentity :exec
DELETE FROM sign_on
WHERE person_id = @person_id AND issuer = @issuer;

-- name: EndSignOnsByNotice :many
-- A notice that names a session ends that one; else all of the person at the provider.
DELETE FROM sign_on
WHERE issuer = @issuer
    AND (@sub::text = '' OR sub = @sub::text)
    AND (@sid::text = '' OR sid = @sid::text)
    AND (@sub::text <> '' OR @sid::text <> '')
RETURNING person_id;

-- name: Spend :execrows
INSERT INTO sign_on_spent (hash, until)
VALUES (@hash, @until)
ON CONFLICT (hash) DO NOTHING;

-- name: ForgetSpent :exec
DELETE FROM sign_on_spent
WHERE until < @now;

-- name: ForgetSignOns :exec
DELETE FROM sign_on
WHERE began_at < @before;
