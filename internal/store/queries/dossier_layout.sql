-- name: DossierChapters :one
-- The chapters that an institution chose last.
SELECT chapters
FROM dossier_layout
WHERE institution_id = @institution_id
ORDER BY id DESC
LIMIT 1;

-- name: SetDossierChapters :exec
INSERT INTO dossier_layout (institution_id, chapters, set_by, set_at)
VALUES (@institution_id, @chapters, @set_by, @set_at);

-- name: ChangeGrade :execrows
UPDATE evaluation_grade
SET position = @position, valid_until = @valid_until
WHERE id = @id;
