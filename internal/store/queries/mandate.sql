-- name: SheetRows :many
-- Mandates as of a day, one row per target, with the latest entry of each
-- target and the latest one as of an earlier day. This is the one as-of shape:
-- pages, exports and seals all read it. What was recorded after the instant
-- known is left out; the letter itself was known from the start, and what another one
-- added to it from when it was stored. Nothing is owed before somebody held the mandate.
SELECT
    m.id AS mandate_id, m.code AS mandate_code, m.rank, m.version,
    m.title_nl, m.title_fr, m.title_nl_state, m.title_fr_state,
    i.id AS institution_id, i.code AS institution_code, i.name_nl AS institution_nl, i.name_fr AS institution_fr,
    COALESCE(t.person_id, 0)::bigint AS holder_id, COALESCE(t.name, '')::text AS holder_name,
    t.starts_on AS held_from, t.ends_on AS held_until, COALESCE(t.interim, false)::boolean AS interim,
    COALESCE(o.id, 0)::bigint AS objective_id, COALESCE(o.code, '')::text AS objective_code,
    COALESCE(ow.nl, '')::text AS objective_nl, COALESCE(ow.fr, '')::text AS objective_fr,
    COALESCE(ow.nl_state, '')::text AS objective_nl_state, COALESCE(ow.fr_state, '')::text AS objective_fr_state,
    -- what belongs to the objective as a whole comes with its first row only
    (CASE WHEN row_number() OVER (PARTITION BY o.id ORDER BY p.position, p.id, g.position, g.id) = 1 THEN (
        SELECT jsonb_agg(jsonb_build_object('id', k.id, 'code', k.code, 'nl', w.nl, 'fr', w.fr, 'nl_state', w.nl_state, 'fr_state', w.fr_state) ORDER BY k.position)
        FROM kpi k
        JOIN LATERAL (SELECT * FROM wording_version v WHERE v.wording_id = k.wording_id AND v.valid_from <= @as_of::date AND (v.amendment_id IS NULL OR v.recorded_at <= @known::timestamptz) ORDER BY v.valid_from DESC, v.recorded_at DESC LIMIT 1) w ON true
        WHERE k.objective_id = o.id AND k.valid_from <= @as_of::date AND k.told_from <= @known::timestamptz) END)::jsonb AS kpis,
    (CASE WHEN o.code = @passages_of::text AND row_number() OVER (PARTITION BY o.id ORDER BY p.position, p.id, g.position, g.id) = 1 THEN (
        SELECT jsonb_agg(jsonb_build_object('kind', s.kind, 'nl', w.nl, 'fr', w.fr, 'nl_state', w.nl_state, 'fr_state', w.fr_state) ORDER BY s.kind, s.position)
        FROM passage s
        JOIN LATERAL (SELECT * FROM wording_version v WHERE v.wording_id = s.wording_id AND v.valid_from <= @as_of::date AND (v.amendment_id IS NULL OR v.recorded_at <= @known::timestamptz) ORDER BY v.valid_from DESC, v.recorded_at DESC LIMIT 1) w ON true
        WHERE s.objective_id = o.id AND s.valid_from <= @as_of::date AND s.told_from <= @known::timestamptz) END)::jsonb AS passages,
    (CASE WHEN row_number() OVER (PARTITION BY o.id ORDER BY p.position, p.id, g.position, g.id) = 1 THEN (
        SELECT to_jsonb(d)
        FROM deadline_told d
        WHERE d.objective_id = o.id AND d.valid_from <= @as_of::date AND d.told_from <= @known::timestamptz AND d.told_until > @known::timestamptz
        ORDER BY d.valid_from DESC
        LIMIT 1) END)::jsonb AS objective_deadline,
    COALESCE(p.id, 0)::bigint AS point_id, COALESCE(p.code, '')::text AS point_code,
    COALESCE(pw.nl, '')::text AS point_nl, COALESCE(pw.fr, '')::text AS point_fr,
    COALESCE(pw.nl_state, '')::text AS point_nl_state, COALESCE(pw.fr_state, '')::text AS point_fr_state,
    COALESCE(g.id, 0)::bigint AS target_id, g.valid_from AS target_since, COALESCE(g.code, '')::text AS target_code,
    COALESCE(gw.nl, '')::text AS target_nl, COALESCE(gw.fr, '')::text AS target_fr,
    COALESCE(gw.nl_state, '')::text AS target_nl_state, COALESCE(gw.fr_state, '')::text AS target_fr_state,
    COALESCE(d.id, 0)::bigint AS deadline_id,
    COALESCE(d.phrase_nl, '')::text AS phrase_nl, COALESCE(d.phrase_fr, '')::text AS phrase_fr,
    COALESCE(d.phrase_nl_state, '')::text AS phrase_nl_state, COALESCE(d.phrase_fr_state, '')::text AS phrase_fr_state,
    COALESCE(d.reading, '{}')::jsonb AS reading, GREATEST(d.owed_from, h.held_from)::date AS owed_from, d.due, COALESCE(d.due_at_end, false)::boolean AS due_at_end,
    COALESCE(d.confirmed_name, '')::text AS confirmed_by, COALESCE(d.confirmed_at, to_timestamp(0))::timestamptz AS confirmed_at,
    COALESCE(e.id, 0)::bigint AS entry_id, e.as_of AS entry_as_of, COALESCE(e.recorded_at, to_timestamp(0))::timestamptz AS entry_recorded_at,
    COALESCE(e.author_id, 0)::bigint AS entry_author_id, COALESCE(ea.name, '')::text AS entry_author,
    COALESCE(e.on_behalf_of, 0)::bigint AS entry_behalf_id, COALESCE(eb.name, '')::text AS entry_behalf,
    COALESCE(e.lang, '')::text AS entry_lang, COALESCE(e.status, '')::text AS entry_status,
    e.percentage AS entry_percentage, e.value AS entry_value,
    COALESCE(e.achieved, '')::text AS entry_achieved, COALESCE(e.obstacles, '')::text AS entry_obstacles, COALESCE(e.outside_control, false)::boolean AS entry_outside_control, COALESCE(e.next_steps, '')::text AS entry_next_steps,
    COALESCE(e.support_asked, '')::text AS entry_support_asked, COALESCE(e.support_of, '')::text AS entry_support_of, e.support_by AS entry_support_by,
    COALESCE(e.reason, '')::text AS entry_reason, COALESCE(e.supersedes, 0)::bigint AS entry_supersedes, COALESCE(e.correction_reason, '')::text AS entry_correction_reason,
    COALESCE(b.id, 0)::bigint AS before_id, b.as_of AS before_as_of, COALESCE(b.recorded_at, to_timestamp(0))::timestamptz AS before_recorded_at,
    COALESCE(b.author_id, 0)::bigint AS before_author_id, COALESCE(ba.name, '')::text AS before_author,
    COALESCE(b.on_behalf_of, 0)::bigint AS before_behalf_id, COALESCE(bb.name, '')::text AS before_behalf,
    COALESCE(b.lang, '')::text AS before_lang, COALESCE(b.status, '')::text AS before_status,
    b.percentage AS before_percentage, b.value AS before_value,
    COALESCE(b.achieved, '')::text AS before_achieved, COALESCE(b.obstacles, '')::text AS before_obstacles, COALESCE(b.outside_control, false)::boolean AS before_outside_control, COALESCE(b.next_steps, '')::text AS before_next_steps,
    COALESCE(b.support_asked, '')::text AS before_support_asked, COALESCE(b.support_of, '')::text AS before_support_of, b.support_by AS before_support_by,
    COALESCE(b.reason, '')::text AS before_reason, COALESCE(b.supersedes, 0)::bigint AS before_supersedes, COALESCE(b.correction_reason, '')::text AS before_correction_reason,
    (CASE WHEN g.code = @history_of::text THEN (
        SELECT jsonb_agg(to_jsonb(h) || jsonb_build_object('author', ha.name, 'behalf', hb.name) ORDER BY h.as_of DESC, h.id DESC)
        FROM progress_entry h
        JOIN person ha ON ha.id = h.author_id
        LEFT JOIN person hb ON hb.id = h.on_behalf_of
        WHERE h.target_id = g.id AND h.as_of <= @as_of::date AND h.recorded_at <= @known::timestamptz) END)::jsonb AS history,
    -- and every wording that it had
    (CASE WHEN g.code = @history_of::text THEN (
        SELECT jsonb_agg(jsonb_build_object('from', v.valid_from, 'nl', v.nl, 'fr', v.fr, 'nl_state', v.nl_state, 'fr_state', v.fr_state) ORDER BY v.valid_from)
        FROM wording_version v
        WHERE v.wording_id = g.wording_id AND (v.amendment_id IS NULL OR v.recorded_at <= @known::timestamptz) AND NOT EXISTS (
            SELECT FROM wording_version x
            WHERE x.wording_id = v.wording_id AND x.valid_from = v.valid_from AND x.recorded_at > v.recorded_at AND x.recorded_at <= @known::timestamptz)) END)::jsonb AS wordings,
    -- what happened with the duties of the mandate comes with its first row
    (CASE WHEN row_number() OVER (PARTITION BY m.id ORDER BY o.position, p.position, p.id, g.position, g.id) = 1 THEN duty_record(m.id, @as_of::date, @known::timestamptz) || asked_of(m.id, @as_of::date, @known::timestamptz) END)::jsonb AS record,
    -- and, for the table of a half-year, what a body decided on it up to then, and the evidence
    (CASE WHEN @period::date IS NOT NULL AND row_number() OVER (PARTITION BY m.id ORDER BY o.position, p.position, p.id, g.position, g.id) = 1 THEN jsonb_build_object(
        'decisions', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', x.id, 'code', xg.code, 'period', x.period, 'kind', x.kind, 'text', x.text, 'lang', x.lang, 'due', x.due, 'by', xn.name, 'at', x.recorded_at,
                'answer', (
                    SELECT jsonb_build_object('text', a.text, 'lang', a.lang, 'by', an.name, 'behalf', ab.name, 'at', a.recorded_at)
                    FROM decision_answer a
                    JOIN person an ON an.id = a.author_id
                    LEFT JOIN person ab ON ab.id = a.on_behalf_of
                    WHERE a.decision_id = x.id AND a.recorded_at <= @acts::timestamptz)) ORDER BY x.id)
            FROM decision x
            JOIN target xg ON xg.id = x.target_id
            JOIN person xn ON xn.id = x.recorded_by
            WHERE x.mandate_id = m.id AND x.body_id = @body_id::bigint AND x.period <= @period::date AND x.recorded_at <= @acts::timestamptz),
        'evidence', (
            SELECT jsonb_agg(jsonb_build_object('entry', v.entry_id, 'name', v.name, 'sha256', encode(v.sha256, 'hex'), 'confidential', v.confidential) ORDER BY v.id)
            FROM evidence v
            WHERE v.mandate_id = m.id AND v.entry_id IS NOT NULL AND v.added_at <= @acts::timestamptz)) END)::jsonb AS notes,
    -- the indicators of the mandate that the reader sees: the second lock, by row
    (CASE WHEN @with_indicators::boolean THEN ARRAY(SELECT k.id FROM indicator k WHERE k.mandate_id = m.id) END)::bigint[] AS indicators,
    (CASE WHEN @with_kinds::boolean AND row_number() OVER (PARTITION BY m.id ORDER BY o.position, p.position, p.id, g.position, g.id) = 1 THEN (
        SELECT jsonb_agg(jsonb_build_object('code', k.code, 'nl', k.name_nl, 'fr', k.name_fr, 'triggers', k.triggers) ORDER BY k.position, k.code)
        FROM event_kind k) END)::jsonb AS kinds
FROM mandate m
JOIN institution i ON i.id = m.institution_id
LEFT JOIN LATERAL (
    SELECT t.person_id, n.name, t.starts_on, t.ends_on, t.interim
    FROM tenure_told t
    JOIN person n ON n.id = t.person_id
    WHERE t.mandate_id = m.id AND t.starts_on <= @as_of::date AND (t.ends_on IS NULL OR t.ends_on >= @as_of::date) AND t.told_from <= @known::timestamptz AND t.told_until > @known::timestamptz
    LIMIT 1
) t ON true
CROSS JOIN LATERAL (
    SELECT min(t.starts_on) AS held_from
    FROM tenure_told t
    WHERE t.mandate_id = m.id AND t.told_from <= @known::timestamptz AND t.told_until > @known::timestamptz
) h
LEFT JOIN objective o ON o.mandate_id = m.id AND o.valid_from <= @as_of::date AND o.told_from <= @known::timestamptz
LEFT JOIN LATERAL (SELECT v.* FROM wording_version v WHERE v.wording_id = o.wording_id AND v.valid_from <= @as_of::date AND (v.amendment_id IS NULL OR v.recorded_at <= @known::timestamptz) ORDER BY v.valid_from DESC, v.recorded_at DESC LIMIT 1) ow ON true
LEFT JOIN measurement_point p ON p.objective_id = o.id AND p.valid_from <= @as_of::date AND p.told_from <= @known::timestamptz
LEFT JOIN LATERAL (SELECT v.* FROM wording_version v WHERE v.wording_id = p.wording_id AND v.valid_from <= @as_of::date AND (v.amendment_id IS NULL OR v.recorded_at <= @known::timestamptz) ORDER BY v.valid_from DESC, v.recorded_at DESC LIMIT 1) pw ON true
LEFT JOIN target g ON g.measurement_point_id = p.id AND g.valid_from <= @as_of::date AND g.told_from <= @known::timestamptz
LEFT JOIN LATERAL (SELECT v.* FROM wording_version v WHERE v.wording_id = g.wording_id AND v.valid_from <= @as_of::date AND (v.amendment_id IS NULL OR v.recorded_at <= @known::timestamptz) ORDER BY v.valid_from DESC, v.recorded_at DESC LIMIT 1) gw ON true
LEFT JOIN LATERAL (
    SELECT d.*, c.name AS confirmed_name
    FROM deadline_told d
    LEFT JOIN person c ON c.id = d.confirmed_by
    WHERE d.target_id = g.id AND d.valid_from <= @as_of::date AND d.told_from <= @known::timestamptz AND d.told_until > @known::timestamptz
    ORDER BY d.valid_from DESC
    LIMIT 1
) d ON true
LEFT JOIN LATERAL (
    SELECT e.* FROM progress_entry e
    WHERE e.target_id = g.id AND e.as_of <= @as_of::date AND e.recorded_at <= @known::timestamptz
    ORDER BY e.as_of DESC, e.id DESC
    LIMIT 1
) e ON true
LEFT JOIN person ea ON ea.id = e.author_id
LEFT JOIN person eb ON eb.id = e.on_behalf_of
LEFT JOIN LATERAL (
    SELECT b.* FROM progress_entry b
    WHERE b.target_id = g.id AND b.as_of <= (@befores::date[])[array_position(@codes::text[], m.code)] AND b.recorded_at <= @known::timestamptz
    ORDER BY b.as_of DESC, b.id DESC
    LIMIT 1
) b ON true
LEFT JOIN person ba ON ba.id = b.author_id
LEFT JOIN person bb ON bb.id = b.on_behalf_of
WHERE m.code = ANY (@codes::text[])
ORDER BY m.position, m.code, o.position, p.position, p.id, g.position, g.id;

-- name: PostedRows :many
-- What a form about a half-year is set against: SheetRows as of now for the targets
-- that the form names, without words. The record of their duties, which tells a
-- correction from the next report, comes along when one of them was reported on
-- an earlier day of the half-year. Without such targets one row tells of the mandate.
SELECT
    m.id AS mandate_id, m.code AS mandate_code, m.version, m.institution_id,
    COALESCE(t.person_id, 0)::bigint AS holder_id, t.starts_on AS held_from, t.ends_on AS held_until,
    COALESCE(o.id, 0)::bigint AS objective_id, COALESCE(o.code, '')::text AS objective_code,
    COALESCE(p.id, 0)::bigint AS point_id, COALESCE(p.code, '')::text AS point_code,
    COALESCE(g.id, 0)::bigint AS target_id, COALESCE(g.code, '')::text AS target_code, g.valid_from AS target_since,
    COALESCE(d.reading, '{}')::jsonb AS reading, GREATEST(d.owed_from, h.held_from)::date AS owed_from, d.due, COALESCE(d.due_at_end, false)::boolean AS due_at_end,
    COALESCE(e.id, 0)::bigint AS entry_id, e.as_of AS entry_as_of, COALESCE(e.recorded_at, to_timestamp(0))::timestamptz AS entry_recorded_at,
    COALESCE(e.author_id, 0)::bigint AS entry_author_id, COALESCE(ea.name, '')::text AS entry_author,
    COALESCE(e.on_behalf_of, 0)::bigint AS entry_behalf_id, COALESCE(eb.name, '')::text AS entry_behalf,
    COALESCE(e.lang, '')::text AS entry_lang, COALESCE(e.status, '')::text AS entry_status,
    e.percentage AS entry_percentage, e.value AS entry_value,
    COALESCE(e.achieved, '')::text AS entry_achieved, COALESCE(e.obstacles, '')::text AS entry_obstacles, COALESCE(e.outside_control, false)::boolean AS entry_outside_control, COALESCE(e.next_steps, '')::text AS entry_next_steps,
    COALESCE(e.support_asked, '')::text AS entry_support_asked, COALESCE(e.support_of, '')::text AS entry_support_of, e.support_by AS entry_support_by,
    COALESCE(e.reason, '')::text AS entry_reason, COALESCE(e.supersedes, 0)::bigint AS entry_supersedes, COALESCE(e.correction_reason, '')::text AS entry_correction_reason,
    COALESCE(b.id, 0)::bigint AS before_id, b.as_of AS before_as_of, COALESCE(b.recorded_at, to_timestamp(0))::timestamptz AS before_recorded_at,
    COALESCE(b.author_id, 0)::bigint AS before_author_id, COALESCE(ba.name, '')::text AS before_author,
    COALESCE(b.on_behalf_of, 0)::bigint AS before_behalf_id, COALESCE(bb.name, '')::text AS before_behalf,
    COALESCE(b.lang, '')::text AS before_lang, COALESCE(b.status, '')::text AS before_status,
    b.percentage AS before_percentage, b.value AS before_value,
    COALESCE(b.achieved, '')::text AS before_achieved, COALESCE(b.obstacles, '')::text AS before_obstacles, COALESCE(b.outside_control, false)::boolean AS before_outside_control, COALESCE(b.next_steps, '')::text AS before_next_steps,
    COALESCE(b.support_asked, '')::text AS before_support_asked, COALESCE(b.support_of, '')::text AS before_support_of, b.support_by AS before_support_by,
    COALESCE(b.reason, '')::text AS before_reason, COALESCE(b.supersedes, 0)::bigint AS before_supersedes, COALESCE(b.correction_reason, '')::text AS before_correction_reason,
    (CASE WHEN bool_or(e.as_of >= @period::date AND e.as_of < @as_of::date) OVER () AND row_number() OVER (ORDER BY o.position, p.position, p.id, g.position, g.id) = 1
        THEN duty_record(m.id, @as_of::date, 'infinity', ARRAY(SELECT x.id FROM target x WHERE x.mandate_id = m.id AND x.code = ANY (@targets::text[]))) END)::jsonb AS record
FROM mandate m
LEFT JOIN LATERAL (
    SELECT t.person_id, t.starts_on, t.ends_on
    FROM tenure t
    WHERE t.mandate_id = m.id AND t.starts_on <= @as_of::date AND (t.ends_on IS NULL OR t.ends_on >= @as_of::date)
    LIMIT 1
) t ON true
CROSS JOIN LATERAL (SELECT min(t.starts_on) AS held_from FROM tenure t WHERE t.mandate_id = m.id) h
LEFT JOIN target g ON g.mandate_id = m.id AND g.code = ANY (@targets::text[]) AND g.valid_from <= @as_of::date
LEFT JOIN measurement_point p ON p.id = g.measurement_point_id
LEFT JOIN objective o ON o.id = p.objective_id
LEFT JOIN LATERAL (
    SELECT l.reading, l.owed_from, l.due, l.due_at_end FROM deadline l
    WHERE l.target_id = g.id AND l.valid_from <= @as_of::date
    ORDER BY l.valid_from DESC
    LIMIT 1
) d ON true
LEFT JOIN LATERAL (
    SELECT e.* FROM progress_entry e
    WHERE e.target_id = g.id AND e.as_of <= @as_of::date
    ORDER BY e.as_of DESC, e.id DESC
    LIMIT 1
) e ON true
LEFT JOIN person ea ON ea.id = e.author_id
LEFT JOIN person eb ON eb.id = e.on_behalf_of
LEFT JOIN LATERAL (
    SELECT b.* FROM progress_entry b
    WHERE b.target_id = g.id AND b.as_of < @period::date
    ORDER BY b.as_of DESC, b.id DESC
    LIMIT 1
) b ON true
LEFT JOIN person ba ON ba.id = b.author_id
LEFT JOIN person bb ON bb.id = b.on_behalf_of
WHERE m.code = @code
ORDER BY o.position, p.position, p.id, g.position, g.id;

-- name: TargetCodes :one
-- A mandate with the codes of its targets, for the access rules and for whoever reads a form.
SELECT m.id, m.institution_id, ARRAY(SELECT g.code FROM target g WHERE g.mandate_id = m.id)::text[] AS targets
FROM mandate m
WHERE m.code = @code;

-- name: MandateObject :one
-- What the access rules need to know of a mandate.
SELECT id, institution_id, version
FROM mandate
WHERE code = @code;

-- name: BumpVersion :one
-- Locks the mandate until the transaction ends: entries and seals take turns here.
UPDATE mandate
SET version = version + 1
WHERE id = @id
RETURNING version;

-- name: RenewMandates :exec
-- The same for several, in one order.
UPDATE mandate
SET version = version + 1
WHERE id IN (
    SELECT l.id FROM mandate l
    WHERE l.id = ANY (@ids::bigint[])
    ORDER BY l.id
    FOR UPDATE);

-- name: TakeTurn :batchone
-- BumpVersion for whoever asks other questions along with it.
UPDATE mandate
SET version = version + 1
WHERE id = @id
RETURNING version;

-- name: ListMandates :many
-- Mandates of a scope with their holder on a day, as known at an instant, in the order of the list.
SELECT
    m.id, m.code, m.rank, m.title_nl, m.title_fr, m.title_nl_state, m.title_fr_state, m.version,
    i.id AS institution_id, i.code AS institution_code, i.name_nl AS institution_nl, i.name_fr AS institution_fr,
    COALESCE(t.person_id, 0)::bigint AS holder_id, COALESCE(t.name, '')::text AS holder_name,
    t.starts_on AS held_from, t.ends_on AS held_until, COALESCE(t.interim, false)::boolean AS interim
FROM mandate m
JOIN institution i ON i.id = m.institution_id
LEFT JOIN LATERAL (
    SELECT t.person_id, n.name, t.starts_on, t.ends_on, t.interim
    FROM tenure_told t
    JOIN person n ON n.id = t.person_id
    WHERE t.mandate_id = m.id AND t.starts_on <= @as_of::date AND (t.ends_on IS NULL OR t.ends_on >= @as_of::date) AND t.told_from <= @known::timestamptz AND t.told_until > @known::timestamptz
    LIMIT 1
) t ON true
WHERE @everything::boolean OR m.institution_id = ANY (@institutions::bigint[]) OR m.id = ANY (@mandates::bigint[])
ORDER BY m.position, m.code;

-- name: ListInstitutions :many
SELECT id, code, name_nl, name_fr
FROM institution
ORDER BY code;

-- name: LockMandate :one
-- Takes a turn with entries and seals without being a write of the mandate.
SELECT id FROM mandate WHERE id = @id FOR UPDATE;
