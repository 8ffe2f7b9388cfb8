-- name: Delegations :many
-- Every delegation of a mandate. Each ends with the tenure of its giver, also
-- one that was revoked before.
SELECT
    d.id, d.granted_by, b.name AS by_name, d.person_id, p.name AS to_name, p.email AS to_email,
    d.starts_on, d.ends_on, d.created_at, d.revoked_at, COALESCE(r.name, '')::text AS revoked_by,
    COALESCE((
        SELECT max(LEAST(d.ends_on, t.ends_on)) FROM tenure t
        WHERE t.mandate_id = d.mandate_id AND t.person_id = d.granted_by
            AND daterange(t.starts_on, t.ends_on, '[]') && daterange(d.starts_on, d.ends_on, '[]')
    ), d.starts_on - 1)::date AS last_day,
    (
        SELECT COALESCE(array_agg(o.code ORDER BY o.position), '{}')
        FROM delegation_objective c
        JOIN objective o ON o.id = c.objective_id
        WHERE c.delegation_id = d.id
    )::text[] AS objectives
FROM delegation d
JOIN person b ON b.id = d.granted_by
JOIN person p ON p.id = d.person_id
LEFT JOIN person r ON r.id = d.revoked_by
WHERE d.mandate_id = @mandate_id
ORDER BY d.starts_on DESC, d.id DESC;

-- name: EndOutlivedDelegations :exec
-- What a former holder gave beyond their tenure has ended with it: it must not
-- stand in the way of what their successor gives.
UPDATE delegation d
SET revoked_at = @at::timestamptz
WHERE d.mandate_id = @mandate_id AND d.person_id = @person_id AND d.revoked_at IS NULL AND d.ends_on >= @today::date
    AND NOT EXISTS (SELECT FROM delegation_in_force f WHERE f.id = d.id AND f.ends_on >= @today::date);

-- name: InsertDelegation :one
INSERT INTO delegation (mandate_id, granted_by, person_id, starts_on, ends_on, created_at)
VALUES (@mandate_id, @granted_by, @person_id, @starts_on, @ends_on, @created_at)
RETURNING id;

-- name: InsertDelegationObjectives :execrows
INSERT INTO delegation_objective (mandate_id, delegation_id, objective_id)
SELECT o.mandate_id, @delegation_id::bigint, o.id
FROM objective o
WHERE o.mandate_id = @mandate_id AND o.code = ANY (@codes::text[]);

-- name: RevokeDelegation :one
-- One that was revoked before keeps its time; no row comes back for one that
-- the mandate does not have.
WITH revoked AS (
    UPDATE delegation
    SET revoked_at = @at::timestamptz, revoked_by = @by::bigint
    WHERE id = @id AND mandate_id = @mandate_id AND revoked_at IS NULL
    RETURNING id
)
SELECT d.person_id, EXISTS (SELECT FROM revoked) AS now
FROM delegation d
WHERE d.id = @id AND d.mandate_id = @mandate_id;
