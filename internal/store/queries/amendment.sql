-- name: AmendmentRows :many
-- What was amended in the letter of a mandate, the latest first: the words of
-- each place before and after, and how those of a deadline were read as known at
-- an instant. Shared words count for every mandate that has them.
SELECT a.id, a.effective_on, a.authority, a.reason, COALESCE(n.name, '')::text AS recorded_by, a.recorded_at,
    c.kind::text AS kind, c.place::text AS place,
    c.nl::text AS nl, c.fr::text AS fr, c.nl_state::text AS nl_state, c.fr_state::text AS fr_state,
    COALESCE(c.old_nl, '')::text AS old_nl, COALESCE(c.old_fr, '')::text AS old_fr,
    COALESCE(c.old_nl_state, '')::text AS old_nl_state, COALESCE(c.old_fr_state, '')::text AS old_fr_state,
    c.reading::jsonb AS reading, COALESCE(c.confirmed_by, '')::text AS confirmed_by, COALESCE(c.confirmed_at, to_timestamp(0))::timestamptz AS confirmed_at
FROM (
    SELECT v.amendment_id, p.kind, p.place, v.nl, v.fr, v.nl_state, v.fr_state,
        b.nl AS old_nl, b.fr AS old_fr, b.nl_state AS old_nl_state, b.fr_state AS old_fr_state, NULL::jsonb AS reading, NULL::text AS confirmed_by, NULL::timestamptz AS confirmed_at
    FROM (
        SELECT 'objective' AS kind, o.code AS place, o.wording_id FROM objective o WHERE o.mandate_id = @mandate_id
        UNION ALL
        SELECT 'passage', o.code || '/' || s.kind || s.position, s.wording_id FROM passage s JOIN objective o ON o.id = s.objective_id WHERE o.mandate_id = @mandate_id
        UNION ALL
        SELECT 'point', m.code, m.wording_id FROM measurement_point m WHERE m.mandate_id = @mandate_id
        UNION ALL
        SELECT 'target', g.code, g.wording_id FROM target g WHERE g.mandate_id = @mandate_id
        UNION ALL
        SELECT 'kpi', k.code, k.wording_id FROM kpi k WHERE k.mandate_id = @mandate_id
    ) p
    JOIN wording_version v ON v.wording_id = p.wording_id AND v.amendment_id IS NOT NULL
    LEFT JOIN LATERAL (SELECT * FROM wording_version x WHERE x.wording_id = v.wording_id AND (x.valid_from, x.recorded_at) < (v.valid_from, v.recorded_at) ORDER BY x.valid_from DESC, x.recorded_at DESC LIMIT 1) b ON true
    UNION ALL
    SELECT d.amendment_id, 'deadline', COALESCE(g.code, o.code), d.phrase_nl, d.phrase_fr, d.phrase_nl_state, d.phrase_fr_state,
        b.phrase_nl, b.phrase_fr, b.phrase_nl_state, b.phrase_fr_state, d.reading, y.name, d.confirmed_at
    FROM (
        -- the words of each amendment as they stood last, also where another one took its place on the same day
        SELECT DISTINCT ON (x.id, x.amendment_id) x.*, min(x.told_from) OVER (PARTITION BY x.id, x.amendment_id) AS first_told
        FROM (
            SELECT n.id, n.mandate_id, n.target_id, n.objective_id, n.valid_from, n.phrase_nl, n.phrase_fr, n.phrase_nl_state, n.phrase_fr_state,
                n.reading, n.confirmed_by, n.confirmed_at,
                n.amendment_id, n.told_from, 'infinity'::timestamptz AS told_until
            FROM deadline n
            UNION ALL
            SELECT p.deadline_id, p.mandate_id, p.target_id, p.objective_id, p.valid_from, p.phrase_nl, p.phrase_fr, p.phrase_nl_state, p.phrase_fr_state,
                p.reading, p.confirmed_by, p.confirmed_at, p.amendment_id, p.told_from, p.told_until
            FROM deadline_past p
        ) x
        WHERE x.mandate_id = @mandate_id AND x.amendment_id IS NOT NULL AND x.told_from <= @known::timestamptz
        ORDER BY x.id, x.amendment_id, x.told_until DESC
    ) d
    LEFT JOIN target g ON g.id = d.target_id
    LEFT JOIN objective o ON o.id = d.objective_id
    LEFT JOIN person y ON y.id = d.confirmed_by
    LEFT JOIN LATERAL (
        SELECT * FROM deadline_told x
        WHERE (x.target_id = d.target_id OR x.objective_id = d.objective_id) AND (x.valid_from, x.told_from) < (d.valid_from, d.first_told)
        ORDER BY x.valid_from DESC, x.told_from DESC
        LIMIT 1) b ON true
) c
JOIN amendment a ON a.id = c.amendment_id
LEFT JOIN person n ON n.id = a.recorded_by
ORDER BY a.effective_on DESC, a.id DESC, c.place, c.kind = 'deadline', c.kind;

-- name: MandatesOfWordings :many
-- The mandates that have words of some places, in the order in which they are locked.
SELECT m.id, m.code, m.institution_id
FROM mandate m
WHERE m.id IN (
    SELECT o.mandate_id FROM objective o WHERE o.wording_id = ANY (@wordings::bigint[])
    UNION SELECT o.mandate_id FROM passage s JOIN objective o ON o.id = s.objective_id WHERE s.wording_id = ANY (@wordings::bigint[])
    UNION SELECT p.mandate_id FROM measurement_point p WHERE p.wording_id = ANY (@wordings::bigint[])
    UNION SELECT g.mandate_id FROM target g WHERE g.wording_id = ANY (@wordings::bigint[])
    UNION SELECT k.mandate_id FROM kpi k WHERE k.wording_id = ANY (@wordings::bigint[]))
ORDER BY m.id;

-- name: TranslateWording :execrows
-- Gives the version in force the words of a language that are missing, outdated or a working translation.
UPDATE wording_version v
SET nl = CASE WHEN @lang::text = 'nl' THEN @words::text ELSE v.nl END,
    nl_state = CASE WHEN @lang::text = 'nl' THEN 'translated' ELSE v.nl_state END,
    fr = CASE WHEN @lang::text = 'fr' THEN @words::text ELSE v.fr END,
    fr_state = CASE WHEN @lang::text = 'fr' THEN 'translated' ELSE v.fr_state END
WHERE v.wording_id = @wording_id
  AND NOT EXISTS (SELECT FROM wording_version x WHERE x.wording_id = v.wording_id AND (x.valid_from, x.recorded_at) > (v.valid_from, v.recorded_at))
  AND (CASE WHEN @lang::text = 'nl' THEN v.nl_state ELSE v.fr_state END) IN ('', 'outdated', 'working');

-- name: TranslateDeadline :execrows
UPDATE deadline d
SET phrase_nl = CASE WHEN @lang::text = 'nl' THEN @words::text ELSE d.phrase_nl END,
    phrase_nl_state = CASE WHEN @lang::text = 'nl' THEN 'translated' ELSE d.phrase_nl_state END,
    phrase_fr = CASE WHEN @lang::text = 'fr' THEN @words::text ELSE d.phrase_fr END,
    phrase_fr_state = CASE WHEN @lang::text = 'fr' THEN 'translated' ELSE d.phrase_fr_state END
WHERE d.id = @id AND d.mandate_id = @mandate_id
  AND (CASE WHEN @lang::text = 'nl' THEN d.phrase_nl_state ELSE d.phrase_fr_state END) IN ('', 'outdated', 'working');

-- name: SealedUntil :one
-- The last day of the latest sealed half-year of a mandate.
SELECT (max(s.period) + interval '6 months' - interval '1 day')::date AS until
FROM seal s
WHERE s.mandate_id = @mandate_id AND s.targets IS NULL;
