-- name: InsertEntry :batchone
INSERT INTO progress_entry (
    mandate_id, target_id, as_of, recorded_at, author_id, on_behalf_of, lang, status, percentage, value,
    achieved, obstacles, next_steps, support_asked, support_of, support_by, reason, supersedes, correction_reason)
VALUES (
    @mandate_id, @target_id, @as_of, @recorded_at, @author_id, sqlc.narg(on_behalf_of), @lang, @status, @percentage, @value,
    @achieved, @obstacles, @next_steps, @support_asked, @support_of, @support_by, @reason, sqlc.narg(supersedes), @correction_reason)
RETURNING id;

-- name: StandingRows :many
-- Where every target of one mandate stood at the end of each half-year asked for.
SELECT
    d.period::date AS period, o.code AS objective_code,
    COALESCE(g.id, 0)::bigint AS target_id,
    dl.owed_from, (CASE WHEN dl.due_at_end THEN t.ends_on ELSE dl.due END)::date AS due,
    COALESCE(e.status, '')::text AS status, e.as_of
FROM (
    SELECT p::date AS period, (p + interval '6 months' - interval '1 day')::date AS ends
    FROM unnest(@periods::date[]) AS p
) d
JOIN objective o ON o.mandate_id = @mandate_id
LEFT JOIN measurement_point p ON p.objective_id = o.id
LEFT JOIN target g ON g.measurement_point_id = p.id
LEFT JOIN LATERAL (
    SELECT t.ends_on FROM tenure t
    WHERE t.mandate_id = o.mandate_id AND t.starts_on <= d.ends AND (t.ends_on IS NULL OR t.ends_on >= d.ends)
    LIMIT 1
) t ON true
LEFT JOIN LATERAL (
    SELECT l.owed_from, l.due, l.due_at_end FROM deadline l
    WHERE l.target_id = g.id AND l.valid_from <= d.ends
    ORDER BY l.valid_from DESC
    LIMIT 1
) dl ON true
LEFT JOIN LATERAL (
    SELECT e.status, e.as_of FROM progress_entry e
    WHERE e.target_id = g.id AND e.as_of <= d.ends
    ORDER BY e.as_of DESC, e.id DESC
    LIMIT 1
) e ON true
ORDER BY d.period, o.position, p.position, g.position;

-- name: CellPeriods :many
-- The half-years from one on that have cells: a back-dated entry changes them too.
SELECT period::date AS period
FROM mandate_period_cells
WHERE mandate_id = @mandate_id AND period >= @since::date
ORDER BY period;

-- name: PutCells :batchexec
INSERT INTO mandate_period_cells (period, mandate_id, codes, cells, late_from)
VALUES (@period, @mandate_id, @codes::text[], @cells::integer[], @late_from::date[])
ON CONFLICT (period, mandate_id) DO UPDATE
SET codes = EXCLUDED.codes, cells = EXCLUDED.cells, late_from = EXCLUDED.late_from;

-- name: MandatesWithoutCells :many
SELECT m.id
FROM mandate m
WHERE NOT EXISTS (SELECT FROM mandate_period_cells c WHERE c.mandate_id = m.id AND c.period = @period::date)
ORDER BY m.id;

-- name: OverviewRows :many
-- The committee's overview from the cells, with those of the half-year to compare with.
SELECT
    m.code, m.title_nl, m.title_fr, m.title_nl_state, m.title_fr_state,
    i.code AS institution_code, i.name_nl AS institution_nl, i.name_fr AS institution_fr,
    COALESCE(t.name, '')::text AS holder_name,
    (c.mandate_id IS NOT NULL)::boolean AS filled,
    COALESCE(c.codes, '{}')::text[] AS codes, COALESCE(c.cells, '{}')::integer[] AS cells, COALESCE(c.late_from, '{}')::date[] AS late_from,
    COALESCE(b.codes, '{}')::text[] AS before_codes, COALESCE(b.cells, '{}')::integer[] AS before_cells, COALESCE(b.late_from, '{}')::date[] AS before_late_from
FROM mandate m
JOIN institution i ON i.id = m.institution_id
LEFT JOIN LATERAL (
    SELECT n.name
    FROM tenure t
    JOIN person n ON n.id = t.person_id
    WHERE t.mandate_id = m.id AND t.starts_on <= @as_of::date AND (t.ends_on IS NULL OR t.ends_on >= @as_of::date)
    LIMIT 1
) t ON true
LEFT JOIN mandate_period_cells c ON c.mandate_id = m.id AND c.period = @period::date
LEFT JOIN mandate_period_cells b ON b.mandate_id = m.id AND b.period = @before::date
    AND EXISTS (SELECT FROM seal s WHERE s.mandate_id = m.id AND s.period = b.period)
WHERE @everything::boolean OR m.institution_id = ANY (@institutions::bigint[]) OR m.id = ANY (@mandates::bigint[])
ORDER BY m.position, m.code;

-- name: OverviewAsOfRows :many
-- The same for any day: every target of the scope with its latest entry.
SELECT
    m.code AS mandate_code, o.code AS objective_code,
    COALESCE(g.id, 0)::bigint AS target_id,
    dl.owed_from, (CASE WHEN dl.due_at_end THEN t.ends_on ELSE dl.due END)::date AS due,
    COALESCE(e.status, '')::text AS status, e.as_of
FROM mandate m
JOIN objective o ON o.mandate_id = m.id
LEFT JOIN measurement_point p ON p.objective_id = o.id
LEFT JOIN target g ON g.measurement_point_id = p.id
LEFT JOIN LATERAL (
    SELECT t.ends_on FROM tenure t
    WHERE t.mandate_id = m.id AND t.starts_on <= @as_of::date AND (t.ends_on IS NULL OR t.ends_on >= @as_of::date)
    LIMIT 1
) t ON true
-- not LATERAL: few deadlines were ever amended, and one hash of them all costs
-- half of a look-up per target
LEFT JOIN (
    SELECT l.target_id, l.owed_from, l.due, l.due_at_end FROM deadline l
    WHERE l.valid_from <= @as_of::date AND NOT EXISTS (
        SELECT FROM deadline x
        WHERE x.target_id = l.target_id AND x.valid_from > l.valid_from AND x.valid_from <= @as_of::date
    )
) dl ON dl.target_id = g.id
LEFT JOIN LATERAL (
    SELECT e.status, e.as_of FROM progress_entry e
    WHERE e.target_id = g.id AND e.as_of <= @as_of::date
    ORDER BY e.as_of DESC, e.id DESC
    LIMIT 1
) e ON true
WHERE @everything::boolean OR m.institution_id = ANY (@institutions::bigint[]) OR m.id = ANY (@mandates::bigint[])
ORDER BY m.position, m.code, o.position, p.position, g.position;

-- name: DraftRows :many
SELECT g.code, r.target_id, r.fields, r.version, r.saved_by, n.name AS saved_name, r.saved_at
FROM report_draft r
JOIN target g ON g.id = r.target_id
JOIN person n ON n.id = r.saved_by
WHERE r.mandate_id = @mandate_id AND r.period = @period::date;

-- name: PutDraft :batchone
-- Keeps a row's text unless somebody saved it since the version that was read:
-- then no row comes back.
INSERT INTO report_draft AS r (mandate_id, period, target_id, fields, saved_by, saved_at)
VALUES (@mandate_id, @period::date, @target_id, @fields, @saved_by, @saved_at)
ON CONFLICT (mandate_id, period, target_id) DO UPDATE
SET fields = EXCLUDED.fields, version = r.version + 1, saved_by = EXCLUDED.saved_by, saved_at = EXCLUDED.saved_at
WHERE r.version = @read_version::integer
RETURNING version;

-- name: DropDrafts :exec
DELETE FROM report_draft
WHERE mandate_id = @mandate_id AND period = @period::date AND target_id = ANY (@targets::bigint[]);

-- name: Seals :many
-- The sealed half-years of a mandate, the latest first, without their documents.
SELECT s.period::date AS period, s.number, s.sealed_at, n.name AS sealed_by, s.sha256, s.signature, s.key_id, s.public_key
FROM seal_seen s
JOIN person n ON n.id = s.sealed_by
WHERE s.mandate_id = @mandate_id
ORDER BY s.period DESC;

-- name: SealOf :one
-- The document holds the rows that the viewer may see.
SELECT s.period::date AS period, s.number, s.sealed_at, n.name AS sealed_by, s.sha256, s.signature, s.key_id, s.public_key,
    sealed_document(s.mandate_id, s.period::date)::bytea AS document
FROM seal_seen s
JOIN person n ON n.id = s.sealed_by
WHERE s.mandate_id = @mandate_id AND s.period = @period::date;

-- name: InsertSeal :exec
INSERT INTO seal (mandate_id, body_id, period, number, sealed_at, sealed_by, document, sha256, signature, key_id, public_key)
VALUES (@mandate_id, @body_id, @period::date, @number, @sealed_at, @sealed_by, @document, @sha256, @signature, @key_id, @public_key);

-- name: TableHead :one
-- What stands above the tables of a mandate: whom it goes to, and the sealed
-- ones, the latest first, without their documents.
SELECT
    m.id, m.institution_id,
    COALESCE(b.id, 0)::bigint AS body_id, COALESCE(b.code, '')::text AS body_code,
    COALESCE(b.name_nl, '')::text AS body_nl, COALESCE(b.name_fr, '')::text AS body_fr,
    (SELECT COALESCE(jsonb_agg(jsonb_build_object(
        'period', s.period, 'number', s.number, 'sealed_at', s.sealed_at, 'sealed_by', n.name,
        'sha256', encode(s.sha256, 'hex'), 'signature', s.signature, 'key_id', s.key_id, 'public_key', s.public_key
    ) ORDER BY s.period DESC), '[]')
    FROM seal_seen s
    JOIN person n ON n.id = s.sealed_by
    WHERE s.mandate_id = m.id)::jsonb AS seals
FROM mandate m
LEFT JOIN LATERAL (SELECT * FROM body b WHERE b.institution_id = m.institution_id AND b.scope = 'all' ORDER BY b.id LIMIT 1) b ON true
WHERE m.code = @code;

-- name: CountSeals :one
SELECT count(*) FROM seal
WHERE body_id = @body_id AND period = @period::date;

-- name: LockBody :exec
-- Numbers are given out one at a time.
SELECT id FROM body WHERE id = @id FOR UPDATE;
