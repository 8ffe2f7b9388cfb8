-- name: InsertEntry :batchone
INSERT INTO progress_entry (
    mandate_id, target_id, as_of, recorded_at, author_id, on_behalf_of, lang, status, percentage, value,
    achieved, obstacles, outside_control, next_steps, support_asked, support_of, support_by, reason, supersedes, correction_reason)
VALUES (
    @mandate_id, @target_id, @as_of, @recorded_at, @author_id, sqlc.narg(on_behalf_of), @lang, @status, @percentage, @value,
    @achieved, @obstacles, @outside_control, @next_steps, @support_asked, @support_of, @support_by, @reason, sqlc.narg(supersedes), @correction_reason)
RETURNING id;

-- name: StandingRows :batchmany
-- Where every target of one mandate stood at the end of each half-year asked for,
-- and of each that has cells from a day on. What is due at the end of a tenure is
-- in time on every day of it, and has no due date here but a mark. Nothing is owed before
-- somebody held the mandate. Began is the last day on which something of the row did.
SELECT
    d.period::date AS period, o.code AS objective_code,
    COALESCE(g.id, 0)::bigint AS target_id,
    GREATEST(dl.owed_from, h.held_from)::date AS owed_from, (CASE WHEN NOT dl.due_at_end THEN dl.due END)::date AS due, COALESCE(dl.due_at_end, false)::boolean AS due_at_end, GREATEST(o.valid_from, p.valid_from, g.valid_from, dl.valid_from)::date AS began,
    COALESCE(e.status, '')::text AS status, e.as_of
FROM (
    SELECT p::date AS period, (p + interval '6 months' - interval '1 day')::date AS ends
    FROM unnest(@periods::date[] || ARRAY(
        SELECT c.period::date FROM mandate_period_cells c
        WHERE c.mandate_id = @mandate_id AND c.period >= @with_cells_from::date)) AS p
) d
CROSS JOIN (SELECT min(t.starts_on) AS held_from FROM tenure t WHERE t.mandate_id = @mandate_id) h
JOIN objective o ON o.mandate_id = @mandate_id AND o.valid_from <= d.ends
LEFT JOIN measurement_point p ON p.objective_id = o.id AND p.valid_from <= d.ends
LEFT JOIN target g ON g.measurement_point_id = p.id AND g.valid_from <= d.ends
LEFT JOIN LATERAL (
    SELECT l.owed_from, l.due, l.due_at_end, l.valid_from FROM deadline l
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

-- name: PutCells :batchexec
INSERT INTO mandate_period_cells (period, mandate_id, codes, cells, late_from, tallies, quiet, dues, due_of, others, other_of, holds_from)
VALUES (@period, @mandate_id, @codes::text[], @cells::integer[], @late_from::date[], @tallies::bytea, @quiet::date[], @dues::date[], @due_of::bytea, @others::date[], @other_of::bytea, sqlc.narg(holds_from))
ON CONFLICT (period, mandate_id) DO UPDATE
SET codes = EXCLUDED.codes, cells = EXCLUDED.cells, late_from = EXCLUDED.late_from,
    tallies = EXCLUDED.tallies, quiet = EXCLUDED.quiet, dues = EXCLUDED.dues, due_of = EXCLUDED.due_of, others = EXCLUDED.others, other_of = EXCLUDED.other_of, holds_from = EXCLUDED.holds_from;

-- name: MandatesWithoutCells :many
-- Those without cells, or with cells of before last days that nobody can be late for were kept.
SELECT m.id
FROM mandate m
WHERE NOT EXISTS (SELECT FROM mandate_period_cells c WHERE c.mandate_id = m.id AND c.period = @period::date AND c.others IS NOT NULL)
ORDER BY m.id;

-- name: OverviewRows :many
-- The committee's overview from the cells, with those of the half-year to compare
-- with where it was sealed by the day asked for, when the bodies of the
-- institution last met, which objectives go to the body asked for, and, in the
-- first row, the bodies there are and the state of all that pages over the scope
-- show; no row while that is the state asked about.
WITH asked AS (
    SELECT b.id, b.scope, b.institution_id
    FROM body b
    JOIN institution bi ON bi.id = b.institution_id
    WHERE bi.code = @body_of::text AND b.code = @body::text
), stated AS (
    SELECT state_of_scope(@everything::boolean, @institutions::bigint[], @mandates::bigint[]) AS state
)
SELECT
    m.id, m.code, m.title_nl, m.title_fr, m.title_nl_state, m.title_fr_state,
    i.code AS institution_code, i.name_nl AS institution_nl, i.name_fr AS institution_fr,
    COALESCE(t.name, '')::text AS holder_name, COALESCE(t.lang, '')::text AS holder_lang, t.ends_on AS held_until,
    (c.others IS NOT NULL AND (c.holds_from IS NULL OR c.holds_from <= @as_of::date))::boolean AS filled,
    COALESCE(c.codes, '{}')::text[] AS codes, COALESCE(c.cells, '{}')::integer[] AS cells, COALESCE(c.late_from, '{}')::date[] AS late_from,
    COALESCE(c.tallies, '')::bytea AS tallies, COALESCE(c.quiet, '{}')::date[] AS quiet, COALESCE(c.dues, '{}')::date[] AS dues, COALESCE(c.due_of, '')::bytea AS due_of,
    COALESCE(c.others, '{}')::date[] AS others, COALESCE(c.other_of, '')::bytea AS other_of,
    COALESCE(b.codes, '{}')::text[] AS before_codes, COALESCE(b.cells, '{}')::integer[] AS before_cells, COALESCE(b.late_from, '{}')::date[] AS before_late_from,
    k.met_on::date AS met_on,
    COALESCE(asked.institution_id = m.institution_id AND asked.scope = 'all', false)::boolean AS all_to_body,
    (CASE WHEN asked.scope = 'addressed' THEN ARRAY(
        SELECT DISTINCT o.code
        FROM addressee_told a
        JOIN target g ON g.id = a.target_id AND g.valid_from <= @as_of::date AND g.told_from <= @known::timestamptz
        JOIN measurement_point p ON p.id = g.measurement_point_id
        JOIN objective o ON o.id = p.objective_id
        WHERE a.mandate_id = m.id AND a.body_id = asked.id AND a.valid_from <= @as_of::date AND (a.valid_until IS NULL OR a.valid_until >= @as_of::date)
            AND a.told_from <= @known::timestamptz AND a.told_until > @known::timestamptz
    ) ELSE '{}' END)::text[] AS to_body,
    (CASE WHEN row_number() OVER (ORDER BY m.position, m.code) = 1 THEN (
        SELECT jsonb_agg(jsonb_build_object('of', ii.code, 'code', bb.code, 'nl', bb.name_nl, 'fr', bb.name_fr) ORDER BY ii.code, bb.id)
        FROM body bb
        JOIN institution ii ON ii.id = bb.institution_id) END)::jsonb AS bodies,
    (CASE WHEN row_number() OVER (ORDER BY m.position, m.code) = 1 THEN (SELECT state FROM stated) ELSE '' END)::text AS state
FROM mandate m
JOIN institution i ON i.id = m.institution_id
LEFT JOIN asked ON true
LEFT JOIN LATERAL (
    SELECT n.name, n.lang, t.ends_on
    FROM tenure_told t
    JOIN person n ON n.id = t.person_id
    WHERE t.mandate_id = m.id AND t.starts_on <= @as_of::date AND (t.ends_on IS NULL OR t.ends_on >= @as_of::date) AND t.told_from <= @known::timestamptz AND t.told_until > @known::timestamptz
    LIMIT 1
) t ON true
LEFT JOIN (
    SELECT x.institution_id, max(r.meets_on) AS met_on
    FROM round r
    JOIN body x ON x.id = r.body_id
    WHERE r.meets_on < @as_of::date
    GROUP BY x.institution_id
) k ON k.institution_id = m.institution_id
LEFT JOIN mandate_period_cells c ON c.mandate_id = m.id AND c.period = @period::date
LEFT JOIN mandate_period_cells b ON b.mandate_id = m.id AND b.period = @before::date
    AND EXISTS (SELECT FROM seal s WHERE s.mandate_id = m.id AND s.targets IS NULL AND s.period = b.period AND s.sealed_at <= @acts::timestamptz)
WHERE (SELECT state FROM stated) <> @known_state::text
    AND (@everything::boolean OR m.institution_id = ANY (@institutions::bigint[]) OR m.id = ANY (@mandates::bigint[]))
ORDER BY m.position, m.code;

-- name: OverviewAsOfRows :many
-- The same for any day, as known at an instant: every target of the scope with
-- its latest entry, once for each deadline of it that was in force by the day, in
-- no order. The store sorts, and keeps the last deadline: done here, that takes as
-- long as the look-ups.
SELECT
    m.place AS mandate_place, m.code AS mandate_code, o.code AS objective_code,
    ((o.position::bigint << 32) | (COALESCE(p.position, 0)::bigint << 16) | COALESCE(g.position, 0)::bigint)::bigint AS place,
    COALESCE(g.id, 0)::bigint AS target_id, COALESCE(g.code, '')::text AS target_code,
    l.valid_from, GREATEST(l.owed_from, h.held_from)::date AS owed_from, (CASE WHEN l.due_at_end THEN h.held_until ELSE l.due END)::date AS due,
    COALESCE(e.status, '')::text AS status, e.as_of
FROM (
    SELECT n.id, n.code, row_number() OVER (ORDER BY n.position, n.code) AS place
    FROM mandate n
    WHERE @everything::boolean OR n.institution_id = ANY (@institutions::bigint[]) OR n.id = ANY (@mandates::bigint[])
) m
LEFT JOIN (
    SELECT t.mandate_id, min(t.starts_on) AS held_from,
        max(t.ends_on) FILTER (WHERE t.starts_on <= @as_of::date AND t.ends_on >= @as_of::date) AS held_until
    FROM tenure_told t
    WHERE t.told_from <= @known::timestamptz AND t.told_until > @known::timestamptz
    GROUP BY t.mandate_id
) h ON h.mandate_id = m.id
JOIN objective o ON o.mandate_id = m.id AND o.valid_from <= @as_of::date AND o.told_from <= @known::timestamptz
LEFT JOIN measurement_point p ON p.objective_id = o.id AND p.valid_from <= @as_of::date AND p.told_from <= @known::timestamptz
LEFT JOIN target g ON g.measurement_point_id = p.id AND g.valid_from <= @as_of::date AND g.told_from <= @known::timestamptz
LEFT JOIN deadline_told l ON l.target_id = g.id AND l.valid_from <= @as_of::date AND l.told_from <= @known::timestamptz AND l.told_until > @known::timestamptz
LEFT JOIN LATERAL (
    SELECT e.status, e.as_of FROM progress_entry e
    WHERE e.target_id = g.id AND e.as_of <= @as_of::date AND e.recorded_at <= @known::timestamptz
    ORDER BY e.as_of DESC, e.id DESC
    LIMIT 1
) e ON true;

-- name: PutDraft :batchone
-- Keeps a row's text unless somebody saved it, or recorded it, since the version
-- that was read: then no row comes back. What the words of somebody else, or of
-- whoever chose between two texts, take the place of is kept apart.
WITH given_way AS (
    INSERT INTO report_draft_text (mandate_id, period, target_id, fields, written_by, written_at)
    SELECT d.mandate_id, d.period, d.target_id, d.fields, d.saved_by, d.saved_at
    FROM report_draft d
    WHERE d.mandate_id = @mandate_id AND d.period = @period::date AND d.target_id = @target_id AND d.version = @read_version::integer
      AND (d.saved_by <> @saved_by OR @resolves::boolean)
      AND EXISTS (SELECT FROM jsonb_each_text(d.fields) f WHERE f.value IS DISTINCT FROM (@fields::jsonb ->> f.key))
)
INSERT INTO report_draft AS r (mandate_id, period, target_id, fields, saved_by, saved_at)
SELECT @mandate_id, @period::date, @target_id, @fields::jsonb, @saved_by, @saved_at
WHERE @read_version::integer = 0 OR EXISTS (
    SELECT FROM report_draft d WHERE d.mandate_id = @mandate_id AND d.period = @period::date AND d.target_id = @target_id)
ON CONFLICT (mandate_id, period, target_id) DO UPDATE
SET fields = EXCLUDED.fields, version = r.version + 1, saved_by = EXCLUDED.saved_by, saved_at = EXCLUDED.saved_at
WHERE r.version = @read_version::integer
RETURNING version;

-- name: KeepText :batchexec
-- Keeps a text that did not get into its draft. The same one again is one.
INSERT INTO report_draft_text (mandate_id, period, target_id, fields, written_by, written_at)
SELECT @mandate_id, @period::date, @target_id, @fields::jsonb, @written_by, @written_at
WHERE NOT EXISTS (
    SELECT FROM report_draft_text x
    WHERE x.mandate_id = @mandate_id AND x.period = @period::date AND x.target_id = @target_id AND x.fields = @fields::jsonb);

-- name: AddDraftEvidence :batchexec
INSERT INTO report_draft_evidence (mandate_id, period, target_id, sha256, size, kind, url, name, confidential, added_by, added_at)
VALUES (@mandate_id, @period::date, @target_id, sqlc.narg(sha256), sqlc.narg(size), sqlc.narg(kind), sqlc.narg(url), @name, @confidential, @added_by, @added_at)
ON CONFLICT DO NOTHING;

-- name: DropDraftEvidence :exec
DELETE FROM report_draft_evidence
WHERE mandate_id = @mandate_id AND period = @period::date AND id = @id AND target_id = ANY (@targets::bigint[]);

-- name: RecordDraftEvidence :batchexec
-- What was chosen for the targets moves to their entries.
WITH of_entry AS (
    SELECT unnest(@targets::bigint[])::bigint AS target, unnest(@entries::bigint[])::bigint AS entry
), taken AS (
    DELETE FROM report_draft_evidence d
    WHERE d.mandate_id = @mandate_id AND d.period = @period::date AND d.target_id = ANY (@targets::bigint[])
    RETURNING d.id, d.mandate_id, d.target_id, d.sha256, d.size, d.kind, d.url, d.name, d.confidential, d.added_by, d.added_at
), files AS (
    INSERT INTO evidence (mandate_id, target_id, entry_id, sha256, size, kind, name, confidential, added_by, added_at)
    SELECT t.mandate_id, t.target_id, o.entry, t.sha256, t.size, t.kind, t.name, t.confidential, t.added_by, t.added_at
    FROM taken t
    JOIN of_entry o ON o.target = t.target_id
    WHERE t.sha256 IS NOT NULL
    ORDER BY t.id
)
INSERT INTO evidence_link (mandate_id, target_id, entry_id, url, title, added_by, added_at)
SELECT t.mandate_id, t.target_id, o.entry, t.url, t.name, t.added_by, t.added_at
FROM taken t
JOIN of_entry o ON o.target = t.target_id
WHERE t.url IS NOT NULL
ORDER BY t.id;

-- name: DropDrafts :batchmany
-- Ends the drafts of some targets, and gives the versions that they had.
DELETE FROM report_draft
WHERE mandate_id = @mandate_id AND period = @period::date AND target_id = ANY (@targets::bigint[])
RETURNING target_id, version;

-- name: Seals :many
-- The sealed half-years of a whole mandate, the latest first, without their documents.
SELECT s.period::date AS period, s.number, s.sealed_at, n.name AS sealed_by, s.sha256, s.signature, s.key_id, s.public_key
FROM seal_seen s
JOIN person n ON n.id = s.sealed_by
WHERE s.mandate_id = @mandate_id AND s.targets IS NULL
ORDER BY s.period DESC;

-- name: SealOf :one
-- The document holds the rows that the viewer may see. What was said of it afterwards comes along.
SELECT s.period::date AS period, s.number, s.sealed_at, n.name AS sealed_by, s.sha256, s.signature, s.key_id, s.public_key,
    sealed_document(s.mandate_id, s.period::date)::bytea AS document,
    (SELECT jsonb_agg(jsonb_build_object('document', encode(e.document, 'base64'), 'signature', e.signature, 'key_id', e.key_id, 'public_key', e.public_key) ORDER BY e.number)
    FROM erratum e
    JOIN seal x ON x.id = e.seal_id
    WHERE x.mandate_id = s.mandate_id AND x.period = s.period AND x.targets IS NULL)::jsonb AS errata
FROM seal_seen s
JOIN person n ON n.id = s.sealed_by
WHERE s.mandate_id = @mandate_id AND s.period = @period::date AND s.targets IS NULL;

-- name: BodySealsOf :many
-- The sealed tables of what goes to a body, for one half-year, with what was said of them afterwards.
SELECT s.mandate_id, s.period::date AS period, s.number, s.sealed_at, n.name AS sealed_by, s.sha256, s.signature, s.key_id, s.public_key, s.document,
    (SELECT jsonb_agg(jsonb_build_object('document', encode(e.document, 'base64'), 'signature', e.signature, 'key_id', e.key_id, 'public_key', e.public_key) ORDER BY e.number)
    FROM erratum e
    WHERE e.seal_id = s.id)::jsonb AS errata
FROM seal s
JOIN person n ON n.id = s.sealed_by
WHERE s.body_id = @body_id AND s.period = @period::date AND s.targets IS NOT NULL
ORDER BY s.number;

-- name: InsertSeal :exec
-- Without targets it is the table of the whole mandate.
INSERT INTO seal (mandate_id, body_id, period, number, sealed_at, sealed_by, document, sha256, signature, key_id, public_key, targets)
VALUES (@mandate_id, @body_id, @period::date, @number, @sealed_at, @sealed_by, @document, @sha256, @signature, @key_id, @public_key, sqlc.narg(targets)::bigint[]);

-- name: TableHeads :many
-- What stands above the tables of mandates: whom they go to, and the sealed
-- ones, the latest first, those of some half-years with their documents (see SealOf).
SELECT
    m.id, m.code, m.institution_id, m.version,
    COALESCE(b.id, 0)::bigint AS body_id, COALESCE(b.code, '')::text AS body_code,
    COALESCE(b.name_nl, '')::text AS body_nl, COALESCE(b.name_fr, '')::text AS body_fr,
    (SELECT COALESCE(jsonb_agg(jsonb_build_object(
        'period', s.period, 'number', s.number, 'sealed_at', s.sealed_at, 'sealed_by', n.name,
        'sha256', encode(s.sha256, 'hex'), 'signature', s.signature, 'key_id', s.key_id, 'public_key', s.public_key,
        'document', CASE WHEN s.period = ANY (@documents_of::date[]) THEN encode(sealed_document(s.mandate_id, s.period::date), 'base64') END,
        'errata', CASE WHEN s.period = ANY (@documents_of::date[]) THEN (
            SELECT jsonb_agg(jsonb_build_object('document', encode(e.document, 'base64'), 'signature', e.signature, 'key_id', e.key_id, 'public_key', e.public_key) ORDER BY e.number)
            FROM erratum e
            JOIN seal x ON x.id = e.seal_id
            WHERE x.mandate_id = s.mandate_id AND x.period = s.period AND x.targets IS NULL) END
    ) ORDER BY s.period DESC), '[]')
    FROM seal_seen s
    JOIN person n ON n.id = s.sealed_by
    WHERE s.mandate_id = m.id AND s.targets IS NULL)::jsonb AS seals
FROM mandate m
LEFT JOIN LATERAL (SELECT * FROM body b WHERE b.institution_id = m.institution_id AND b.scope = 'all' ORDER BY b.id LIMIT 1) b ON true
WHERE m.code = ANY(@codes::text[]);

-- name: CountSeals :one
SELECT count(*) FROM seal
WHERE body_id = @body_id AND period = @period::date;

-- name: LockBody :exec
-- Numbers are given out one at a time.
SELECT id FROM body WHERE id = @id FOR UPDATE;
