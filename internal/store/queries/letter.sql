-- name: TakeLetterTurn :exec
-- Letters share words: whoever writes one holds its mandate and then needs those
-- of the others, so they take turns.
SELECT pg_advisory_xact_lock(hashtextextended('jalon letter', 0));

-- name: PutInstitution :one
-- Finds an institution by its code, or makes it.
INSERT INTO institution AS i (code, name_nl, name_fr)
VALUES (@code, @name_nl, @name_fr)
ON CONFLICT (code) DO UPDATE SET code = i.code
RETURNING id;

-- name: PutBody :exec
INSERT INTO body (institution_id, code, name_nl, name_fr)
VALUES (@institution_id, @code, @name_nl, @name_fr)
ON CONFLICT (institution_id, code) DO NOTHING;

-- name: PutFramework :one
INSERT INTO framework AS f (code, name_nl, name_fr, adopted_on)
VALUES (@code, @name_nl, @name_fr, @adopted_on)
ON CONFLICT (code) DO UPDATE SET code = f.code
RETURNING id;

-- name: InsertMandate :one
INSERT INTO mandate (institution_id, framework_id, code, rank, title_nl, title_fr, title_nl_state, title_fr_state, position)
SELECT @institution_id, @framework_id, @code, @rank, @title_nl, @title_fr, @title_nl_state, @title_fr_state, COALESCE(max(position), 0) + 1
FROM mandate
RETURNING id;

-- name: MandateForUpdate :one
SELECT id, framework_id, institution_id FROM mandate WHERE code = @code FOR UPDATE;

-- name: SetTitle :exec
UPDATE mandate
SET title_nl = @title_nl, title_fr = @title_fr, title_nl_state = @title_nl_state, title_fr_state = @title_fr_state
WHERE id = @id;

-- name: SharedWording :many
-- The wordings of one place in a framework, as they are in force.
SELECT w.id, v.nl, v.fr
FROM wording w
JOIN LATERAL (SELECT * FROM wording_version v WHERE v.wording_id = w.id ORDER BY v.valid_from DESC, v.recorded_at DESC LIMIT 1) v ON true
WHERE w.framework_id = @framework_id AND w.framework_key = @framework_key::text
ORDER BY w.id;

-- name: InsertWording :one
INSERT INTO wording (framework_id, framework_key)
VALUES (sqlc.narg(framework_id), sqlc.narg(framework_key))
RETURNING id;

-- name: InsertWordingVersion :exec
-- Words of an amendment are known from when it was. Of one day those recorded last count.
INSERT INTO wording_version (wording_id, valid_from, nl, fr, nl_state, fr_state, amendment_id, recorded_at)
VALUES (@wording_id, @valid_from, @nl, @fr, @nl_state, @fr_state, sqlc.narg(amendment_id),
    COALESCE((SELECT a.recorded_at FROM amendment a WHERE a.id = sqlc.narg(amendment_id)), now()));

-- name: CopyWordingVersions :exec
-- Everything that shared words were, for a place that gets words of its own.
INSERT INTO wording_version (wording_id, valid_from, nl, fr, nl_state, fr_state, amendment_id, recorded_at)
SELECT @to_id::bigint, v.valid_from, v.nl, v.fr, v.nl_state, v.fr_state, v.amendment_id, v.recorded_at
FROM wording_version v
WHERE v.wording_id = @from_id;

-- name: FillTranslation :execrows
-- Gives the version in force the words of a language that it lacks, or has
-- only in a working translation.
UPDATE wording_version v
SET nl = CASE WHEN v.nl = '' OR v.nl_state = 'working' AND @nl_state::text NOT IN ('', 'working') THEN @nl::text ELSE v.nl END,
    nl_state = CASE WHEN v.nl = '' OR v.nl_state = 'working' AND @nl_state::text NOT IN ('', 'working') THEN @nl_state::text ELSE v.nl_state END,
    fr = CASE WHEN v.fr = '' OR v.fr_state = 'working' AND @fr_state::text NOT IN ('', 'working') THEN @fr::text ELSE v.fr END,
    fr_state = CASE WHEN v.fr = '' OR v.fr_state = 'working' AND @fr_state::text NOT IN ('', 'working') THEN @fr_state::text ELSE v.fr_state END
WHERE v.wording_id = @wording_id
  AND NOT EXISTS (SELECT FROM wording_version x WHERE x.wording_id = v.wording_id AND (x.valid_from, x.recorded_at) > (v.valid_from, v.recorded_at))
  AND (v.nl = '' AND @nl::text <> '' OR v.nl_state = 'working' AND @nl_state::text NOT IN ('', 'working')
    OR v.fr = '' AND @fr::text <> '' OR v.fr_state = 'working' AND @fr_state::text NOT IN ('', 'working'));

-- name: MakeRoom :one
-- Where an objective that is added stands, by its code: before the first one that
-- comes after it. That one and those after it move up.
WITH place AS (
    SELECT COALESCE(
        min(o.position) FILTER (WHERE (o.kind, substring(o.code FROM 2)::integer) > (@kind::text, @number::integer)),
        max(o.position) + 1, 1)::smallint AS position
    FROM objective o
    WHERE o.mandate_id = @mandate_id
), moved AS (
    UPDATE objective o
    SET position = o.position + 1
    FROM place
    WHERE o.mandate_id = @mandate_id AND o.position >= place.position
)
SELECT position FROM place;

-- name: InsertObjective :one
INSERT INTO objective (mandate_id, kind, code, position, wording_id, valid_from, told_from)
VALUES (@mandate_id, @kind, @code, @position, @wording_id, @valid_from, CAST(@told_from::text AS timestamptz))
RETURNING id;

-- name: InsertPassage :exec
INSERT INTO passage (objective_id, kind, position, wording_id, valid_from, told_from)
VALUES (@objective_id, @kind, @position, @wording_id, @valid_from, CAST(@told_from::text AS timestamptz));

-- name: InsertPoint :one
INSERT INTO measurement_point (mandate_id, objective_id, code, position, wording_id, valid_from, told_from)
VALUES (@mandate_id, @objective_id, @code, @position, @wording_id, @valid_from, CAST(@told_from::text AS timestamptz))
RETURNING id;

-- name: InsertTarget :one
INSERT INTO target (mandate_id, measurement_point_id, code, position, wording_id, valid_from, told_from)
VALUES (@mandate_id, @measurement_point_id, @code, @position, @wording_id, @valid_from, CAST(@told_from::text AS timestamptz))
RETURNING id;

-- name: InsertKPI :exec
INSERT INTO kpi (mandate_id, objective_id, code, position, wording_id, valid_from, told_from)
VALUES (@mandate_id, @objective_id, @code, @position, @wording_id, @valid_from, CAST(@told_from::text AS timestamptz));

-- name: InsertDeadline :exec
INSERT INTO deadline (mandate_id, target_id, objective_id, valid_from, phrase_nl, phrase_fr, phrase_nl_state, phrase_fr_state, reading, owed_from, due, due_at_end, amendment_id, told_from)
VALUES (@mandate_id, sqlc.narg(target_id), sqlc.narg(objective_id), @valid_from, @phrase_nl, @phrase_fr, @phrase_nl_state, @phrase_fr_state, @reading, @owed_from, @due, @due_at_end, sqlc.narg(amendment_id), CAST(@told_from::text AS timestamptz));

-- name: ReplaceDeadline :exec
-- A deadline amended on the day that its present version began, or a phrase translated.
UPDATE deadline
SET phrase_nl = @phrase_nl, phrase_fr = @phrase_fr, phrase_nl_state = @phrase_nl_state, phrase_fr_state = @phrase_fr_state,
    reading = @reading, owed_from = @owed_from, due = @due, due_at_end = @due_at_end,
    amendment_id = COALESCE(sqlc.narg(amendment_id), amendment_id),
    confirmed_by = CASE WHEN sqlc.narg(amendment_id)::bigint IS NULL THEN confirmed_by END, confirmed_at = CASE WHEN sqlc.narg(amendment_id)::bigint IS NULL THEN confirmed_at END
WHERE id = @id;

-- name: Places :many
-- Every place of a mandate that has words, with those in force. A deadline has its own, no wording.
SELECT p.kind::text AS kind, p.id::bigint AS id, p.place::text AS place, p.since::date AS since, p.wording_id::bigint AS wording_id,
    (w.framework_id IS NOT NULL)::boolean AS shared, v.valid_from, v.nl, v.fr, v.nl_state, v.fr_state
FROM (
    SELECT 'objective' AS kind, o.id, o.code AS place, o.wording_id, o.valid_from AS since FROM objective o WHERE o.mandate_id = @mandate_id
    UNION ALL
    SELECT 'passage', s.id, o.code || '/' || s.kind || s.position, s.wording_id, s.valid_from FROM passage s JOIN objective o ON o.id = s.objective_id WHERE o.mandate_id = @mandate_id
    UNION ALL
    SELECT 'point', m.id, m.code, m.wording_id, m.valid_from FROM measurement_point m WHERE m.mandate_id = @mandate_id
    UNION ALL
    SELECT 'target', g.id, g.code, g.wording_id, g.valid_from FROM target g WHERE g.mandate_id = @mandate_id
    UNION ALL
    SELECT 'kpi', k.id, k.code, k.wording_id, k.valid_from FROM kpi k WHERE k.mandate_id = @mandate_id
) p
JOIN wording w ON w.id = p.wording_id
JOIN LATERAL (SELECT * FROM wording_version v WHERE v.wording_id = w.id ORDER BY v.valid_from DESC, v.recorded_at DESC LIMIT 1) v ON true
UNION ALL
SELECT 'deadline', d.id, d.place, d.valid_from, 0, false, d.valid_from, d.phrase_nl, d.phrase_fr, d.phrase_nl_state, d.phrase_fr_state
FROM (
    SELECT DISTINCT ON (place) COALESCE(g.code, o.code) AS place, l.*
    FROM deadline l
    LEFT JOIN target g ON g.id = l.target_id
    LEFT JOIN objective o ON o.id = l.objective_id
    WHERE l.mandate_id = @mandate_id
    ORDER BY place, l.valid_from DESC
) d;

-- name: Deadlines :many
-- The deadlines of a mandate that are in force, by the code of what they belong to.
SELECT DISTINCT ON (place)
    COALESCE(g.code, o.code)::text AS place, d.id, d.target_id, d.objective_id, d.valid_from,
    d.phrase_nl, d.phrase_fr, d.phrase_nl_state, d.phrase_fr_state, d.reading
FROM deadline d
LEFT JOIN target g ON g.id = d.target_id
LEFT JOIN objective o ON o.id = d.objective_id
WHERE d.mandate_id = @mandate_id
ORDER BY place, d.valid_from DESC;

-- name: MovePlace :exec
-- Gives one place a wording of its own when a shared one is amended for one mandate.
WITH o AS (UPDATE objective SET wording_id = @wording_id WHERE @kind::text = 'objective' AND objective.id = @id),
     s AS (UPDATE passage SET wording_id = @wording_id WHERE @kind::text = 'passage' AND passage.id = @id),
     m AS (UPDATE measurement_point SET wording_id = @wording_id WHERE @kind::text = 'point' AND measurement_point.id = @id),
     g AS (UPDATE target SET wording_id = @wording_id WHERE @kind::text = 'target' AND target.id = @id)
UPDATE kpi SET wording_id = @wording_id WHERE @kind::text = 'kpi' AND kpi.id = @id;

-- name: InsertAmendment :one
INSERT INTO amendment (mandate_id, effective_on, authority, reason, recorded_by, recorded_at)
VALUES (@mandate_id, @effective_on, @authority, @reason, sqlc.narg(recorded_by), COALESCE(sqlc.narg(recorded_at), now()))
RETURNING id;

-- name: InsertImport :exec
-- Keeps the source of a letter once.
INSERT INTO letter_import (mandate_id, lang, file_name, sha256, source, findings, imported_by)
SELECT @mandate_id, @lang, @file_name, @sha256, @source, @findings, sqlc.narg(imported_by)
WHERE NOT EXISTS (SELECT FROM letter_import i WHERE i.mandate_id = @mandate_id AND i.lang = @lang AND i.sha256 = @sha256);

-- name: Passages :many
-- Context and goals of every objective of a mandate, as of a day.
SELECT o.code, s.kind, v.nl, v.fr, v.nl_state, v.fr_state
FROM passage s
JOIN objective o ON o.id = s.objective_id
JOIN LATERAL (
    SELECT * FROM wording_version v
    WHERE v.wording_id = s.wording_id AND v.valid_from <= @as_of::date
    ORDER BY v.valid_from DESC, v.recorded_at DESC
    LIMIT 1
) v ON true
WHERE o.mandate_id = @mandate_id AND s.valid_from <= @as_of::date
ORDER BY o.position, s.kind, s.position;

-- name: ConfirmDeadline :execrows
UPDATE deadline
SET reading = @reading, owed_from = @owed_from, due = @due, due_at_end = @due_at_end,
    confirmed_by = @confirmed_by, confirmed_at = @confirmed_at
WHERE id = @id AND mandate_id = @mandate_id;
