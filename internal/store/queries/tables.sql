-- name: BodyHead :one
-- A body with its institution, found by its number, or by both codes.
SELECT b.id, b.code, b.name_nl, b.name_fr, b.scope, i.id AS institution_id, i.code AS institution_code, i.name_nl AS institution_nl, i.name_fr AS institution_fr
FROM body b
JOIN institution i ON i.id = b.institution_id
WHERE b.id = @id OR (i.code = @institution::text AND b.code = @body::text);
