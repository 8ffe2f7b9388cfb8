-- name: RoundRows :many
-- Every round, the latest half-year first, with how many parts are in.
SELECT
    r.id, r.period::date AS period, r.state, r.opens_on, r.due_on, r.grace_until, r.meets_on,
    b.id AS body_id, b.institution_id, b.code AS body_code, b.name_nl AS body_nl, b.name_fr AS body_fr, b.scope,
    i.code AS institution_code, i.name_nl AS institution_nl, i.name_fr AS institution_fr,
    COALESCE(n.mandates, 0)::bigint AS mandates, COALESCE(n.submitted, 0)::bigint AS submitted
FROM round r
JOIN body b ON b.id = r.body_id
JOIN institution i ON i.id = b.institution_id
LEFT JOIN LATERAL (
    SELECT count(*) AS mandates, count(*) FILTER (WHERE s.step = 'submitted') AS submitted
    FROM part_standing s
    WHERE s.round_id = r.id
) n ON true
ORDER BY r.period DESC, i.code, b.id;

-- name: RoundHead :one
-- A round with what was done to it: its steps and its changes, each in their order, and its seal.
SELECT
    r.id, r.period::date AS period, r.state, r.opens_on, r.due_on, r.grace_until, r.meets_on,
    b.id AS body_id, b.institution_id, b.code AS body_code, b.name_nl AS body_nl, b.name_fr AS body_fr, b.scope,
    i.code AS institution_code, i.name_nl AS institution_nl, i.name_fr AS institution_fr,
    (SELECT jsonb_agg(jsonb_build_object('from', s.from_state, 'to', s.to_state, 'at', s.at, 'by', p.name, 'reason', s.reason) ORDER BY s.id)
    FROM round_step s
    JOIN person p ON p.id = s.by
    WHERE s.round_id = r.id)::jsonb AS steps,
    (SELECT jsonb_agg(jsonb_build_object('at', c.at, 'by', p.name, 'reason', c.reason, 'was', c.was, 'became', c.became) ORDER BY c.id)
    FROM round_change c
    JOIN person p ON p.id = c.by
    WHERE c.round_id = r.id)::jsonb AS changes,
    (SELECT jsonb_build_object(
        'number', s.number, 'sealed_at', s.sealed_at, 'sealed_by', n.name,
        'sha256', encode(s.sha256, 'hex'), 'signature', s.signature, 'key_id', s.key_id, 'public_key', s.public_key)
    FROM round_seal s
    JOIN person n ON n.id = s.sealed_by
    WHERE s.round_id = r.id)::jsonb AS seal
FROM body b
JOIN institution i ON i.id = b.institution_id
JOIN round r ON r.body_id = b.id
WHERE i.code = @institution::text AND b.code = @body::text AND r.period = @period::date;

-- name: RoundRowsThen :many
-- Every round that was open by an instant, or one of them, as it was then: its
-- last step by then, and what a later change says that there was before it.
SELECT
    r.id, r.period::date AS period, st.to_state AS state,
    COALESCE((c.was ->> 'opens')::date, r.opens_on)::date AS opens_on,
    COALESCE((c.was ->> 'due')::date, r.due_on)::date AS due_on,
    COALESCE((c.was ->> 'grace')::date, r.grace_until)::date AS grace_until,
    (CASE WHEN c.was IS NULL THEN r.meets_on ELSE (c.was ->> 'meets')::date END)::date AS meets_on,
    b.id AS body_id, b.institution_id, b.code AS body_code, b.name_nl AS body_nl, b.name_fr AS body_fr, b.scope,
    i.code AS institution_code, i.name_nl AS institution_nl, i.name_fr AS institution_fr,
    (CASE WHEN c.was IS NULL
        THEN ARRAY(SELECT m.code FROM round_mandate rm JOIN mandate m ON m.id = rm.mandate_id WHERE rm.round_id = r.id)
        ELSE ARRAY(SELECT jsonb_array_elements_text(c.was -> 'mandates')) END)::text[] AS asked,
    (SELECT count(*)
    FROM (SELECT DISTINCT ON (x.mandate_id) x.step FROM part_step x WHERE x.round_id = r.id AND x.at <= @acts::timestamptz ORDER BY x.mandate_id, x.id DESC) p
    WHERE p.step = 'submitted')::bigint AS submitted
FROM round r
JOIN body b ON b.id = r.body_id
JOIN institution i ON i.id = b.institution_id
JOIN LATERAL (SELECT s.to_state FROM round_step s WHERE s.round_id = r.id AND s.at <= @acts::timestamptz ORDER BY s.id DESC LIMIT 1) st ON true
LEFT JOIN LATERAL (SELECT x.was FROM round_change x WHERE x.round_id = r.id AND x.at > @acts::timestamptz ORDER BY x.id LIMIT 1) c ON true
WHERE @round_id::bigint = 0 OR r.id = @round_id
ORDER BY r.period DESC, i.code, b.id;

-- name: LockRound :one
-- The round stays locked until the transaction ends: steps take turns here.
SELECT state FROM round WHERE id = @id FOR UPDATE;

-- name: RoundPartRows :many
-- Every mandate of a round with its counts from the cells; for a day also who
-- reports on it then, with their last nudge of the day. One statement.
SELECT
    m.id, m.code, m.title_nl, m.title_fr, m.title_nl_state, m.title_fr_state,
    COALESCE(t.name, '')::text AS holder_name, COALESCE(t.interim, false)::boolean AS interim,
    (c.mandate_id IS NOT NULL AND (c.holds_from IS NULL OR c.holds_from <= @as_of::date))::boolean AS filled,
    COALESCE(c.cells, '{}')::integer[] AS cells,
    COALESCE(s.step, '')::text AS step, COALESCE(s.at, 'epoch')::timestamptz AS step_at, COALESCE(y.name, '')::text AS step_by,
    COALESCE(s.reason, '')::text AS reason, s.reopened::boolean AS reopened,
    (CASE WHEN s.step = 'returned' THEN (
        SELECT jsonb_agg(jsonb_build_object('code', g.code, 'reason', w.reason) ORDER BY g.id)
        FROM part_return_row w
        JOIN target g ON g.id = w.target_id
        WHERE w.part_step_id = s.part_step_id) END)::jsonb AS returned,
    COALESCE(a.last_at, 'epoch')::timestamptz AS last_at,
    (CASE WHEN @people_on::date IS NOT NULL THEN (
        SELECT jsonb_agg(jsonb_build_object('id', q.id, 'name', q.name, 'lang', q.lang, 'role', w.role, 'nudged_at', n.at)
            ORDER BY w.role DESC, q.name COLLATE "nl-x-icu", q.id)
        FROM (
            SELECT 'holder'::text AS role, h.person_id
            FROM tenure h
            WHERE h.mandate_id = m.id AND h.starts_on <= @people_on::date AND (h.ends_on IS NULL OR h.ends_on >= @people_on::date)
            UNION
            SELECT 'delegate', d.person_id
            FROM delegation_in_force d
            WHERE d.mandate_id = m.id AND d.starts_on <= @people_on::date AND d.ends_on >= @people_on::date
        ) w
        JOIN person q ON q.id = w.person_id AND q.disabled_at IS NULL
        LEFT JOIN nudge n ON n.round_id = s.round_id AND n.person_id = q.id AND n.day = @people_on::date) END)::jsonb AS people,
    COALESCE(e.number, '')::text AS number
FROM part_standing s
JOIN mandate m ON m.id = s.mandate_id
LEFT JOIN LATERAL (
    SELECT n.name, t.interim
    FROM tenure t
    JOIN person n ON n.id = t.person_id
    WHERE t.mandate_id = m.id AND t.starts_on <= @as_of::date AND (t.ends_on IS NULL OR t.ends_on >= @as_of::date)
    LIMIT 1
) t ON true
LEFT JOIN mandate_period_cells c ON c.mandate_id = m.id AND c.period = s.period
LEFT JOIN person y ON y.id = s.by
LEFT JOIN LATERAL (
    SELECT max(p.recorded_at) AS last_at
    FROM target g
    JOIN progress_entry p ON p.target_id = g.id AND p.as_of >= s.period AND p.as_of < s.period + interval '6 months'
    WHERE g.mandate_id = m.id
) a ON true
JOIN body b ON b.id = s.body_id
-- a body that gets only what is addressed to it has tables of its own
LEFT JOIN seal e ON e.mandate_id = m.id AND e.period = s.period
    AND (b.scope = 'all' AND e.targets IS NULL OR b.scope = 'addressed' AND e.targets IS NOT NULL AND e.body_id = b.id)
WHERE s.round_id = @round_id
ORDER BY m.position, m.code;

-- name: RoundPartRowsThen :many
-- The columns of RoundPartRows, as they were at an instant: the last step of
-- each part by then, what was recorded by then, and a seal of then. The cells
-- keep no past, and nobody is nudged in it.
SELECT
    m.id, m.code, m.title_nl, m.title_fr, m.title_nl_state, m.title_fr_state,
    COALESCE(t.name, '')::text AS holder_name, COALESCE(t.interim, false)::boolean AS interim,
    false::boolean AS filled,
    '{}'::integer[] AS cells,
    COALESCE(s.step, '')::text AS step, COALESCE(s.at, 'epoch')::timestamptz AS step_at, COALESCE(y.name, '')::text AS step_by,
    COALESCE(s.reason, '')::text AS reason,
    COALESCE(s.round_step_id >= (SELECT max(p.id) FROM round_step p WHERE p.round_id = r.id AND p.to_state = 'presented' AND p.at <= @acts::timestamptz), false)::boolean AS reopened,
    (CASE WHEN s.step = 'returned' THEN (
        SELECT jsonb_agg(jsonb_build_object('code', g.code, 'reason', w.reason) ORDER BY g.id)
        FROM part_return_row w
        JOIN target g ON g.id = w.target_id
        WHERE w.part_step_id = s.id) END)::jsonb AS returned,
    COALESCE(a.last_at, 'epoch')::timestamptz AS last_at,
    NULL::jsonb AS people,
    COALESCE(e.number, '')::text AS number
FROM round r
JOIN body b ON b.id = r.body_id
JOIN mandate m ON m.institution_id = b.institution_id AND m.code = ANY (@codes::text[])
LEFT JOIN LATERAL (
    SELECT x.* FROM part_step x
    WHERE x.round_id = r.id AND x.mandate_id = m.id AND x.at <= @acts::timestamptz
    ORDER BY x.id DESC
    LIMIT 1
) s ON true
LEFT JOIN LATERAL (
    SELECT n.name, t.interim
    FROM tenure_told t
    JOIN person n ON n.id = t.person_id
    WHERE t.mandate_id = m.id AND t.starts_on <= @as_of::date AND (t.ends_on IS NULL OR t.ends_on >= @as_of::date) AND t.told_from <= @acts::timestamptz AND t.told_until > @acts::timestamptz
    LIMIT 1
) t ON true
LEFT JOIN person y ON y.id = s.by
LEFT JOIN LATERAL (
    SELECT max(p.recorded_at) AS last_at
    FROM target g
    JOIN progress_entry p ON p.target_id = g.id AND p.as_of >= r.period AND p.as_of < r.period + interval '6 months' AND p.recorded_at <= @acts::timestamptz
    WHERE g.mandate_id = m.id
) a ON true
LEFT JOIN seal e ON e.mandate_id = m.id AND e.period = r.period AND e.sealed_at <= @acts::timestamptz
    AND (b.scope = 'all' AND e.targets IS NULL OR b.scope = 'addressed' AND e.targets IS NOT NULL AND e.body_id = b.id)
WHERE r.id = @round_id
ORDER BY m.position, m.code;

-- name: HalfYearWritten :one
-- What stands beside a half-year of a mandate while it is written: drafts, the
-- evidence that waits and that is recorded, and what was replaced; the part of
-- the mandate in every round; whether it is sealed, the whole of it or what goes
-- to a body; and the targets that take no entry because of a body that gets only
-- some of them: they lie before it, or are sealed for it.
SELECT
    (SELECT jsonb_agg(to_jsonb(w)) FROM (
        SELECT
            g.id AS target_id, g.code, COALESCE(r.fields, '{}')::jsonb AS fields, COALESCE(r.version, 0)::integer AS version,
            COALESCE(r.saved_by, 0)::bigint AS saved_by, COALESCE(n.name, '')::text AS saved_name, COALESCE(r.saved_at, to_timestamp(0))::timestamptz AS saved_at,
            c.chosen::jsonb AS chosen, f.files::jsonb AS files, l.links::jsonb AS links, x.replaced::jsonb AS replaced
        FROM target g
        LEFT JOIN report_draft r ON r.mandate_id = g.mandate_id AND r.target_id = g.id AND r.period = @period::date
        LEFT JOIN person n ON n.id = r.saved_by
        LEFT JOIN (
            SELECT e.target_id, jsonb_agg(jsonb_build_object(
                'id', e.id, 'sha256', encode(e.sha256, 'hex'), 'size', e.size, 'kind', e.kind, 'url', e.url, 'name', e.name,
                'confidential', e.confidential, 'by_id', e.added_by, 'by', p.name, 'at', e.added_at) ORDER BY e.id) AS chosen
            FROM report_draft_evidence e
            JOIN person p ON p.id = e.added_by
            WHERE e.mandate_id = @mandate_id AND e.period = @period::date
            GROUP BY e.target_id
        ) c ON c.target_id = g.id
        LEFT JOIN (
            SELECT e.target_id, jsonb_agg(jsonb_build_object(
                'id', e.id, 'sha256', encode(e.sha256, 'hex'), 'size', e.size, 'kind', e.kind, 'name', e.name,
                'confidential', e.confidential, 'by_id', e.added_by, 'by', p.name, 'at', e.added_at) ORDER BY e.id) AS files
            FROM evidence e
            JOIN progress_entry o ON o.id = e.entry_id
            JOIN person p ON p.id = e.added_by
            WHERE e.mandate_id = @mandate_id AND o.as_of >= @period::date AND o.as_of <= @until::date
            GROUP BY e.target_id
        ) f ON f.target_id = g.id
        LEFT JOIN (
            SELECT e.target_id, jsonb_agg(jsonb_build_object(
                'id', e.id, 'url', e.url, 'name', e.title, 'by_id', e.added_by, 'by', p.name, 'at', e.added_at) ORDER BY e.id) AS links
            FROM evidence_link e
            JOIN progress_entry o ON o.id = e.entry_id
            JOIN person p ON p.id = e.added_by
            WHERE e.mandate_id = @mandate_id AND o.as_of >= @period::date AND o.as_of <= @until::date
            GROUP BY e.target_id
        ) l ON l.target_id = g.id
        LEFT JOIN (
            SELECT t.target_id, jsonb_agg(jsonb_build_object('fields', t.fields, 'by', p.name, 'at', t.written_at) ORDER BY t.id DESC) AS replaced
            FROM (
                SELECT x.*, row_number() OVER (PARTITION BY x.target_id ORDER BY x.id DESC) AS nth
                FROM report_draft_text x
                WHERE x.mandate_id = @mandate_id AND x.period = @period::date
            ) t
            JOIN person p ON p.id = t.written_by
            WHERE t.nth <= @most::integer
            GROUP BY t.target_id
        ) x ON x.target_id = g.id
        WHERE g.mandate_id = @mandate_id AND (r.target_id IS NOT NULL OR c.chosen IS NOT NULL OR f.files IS NOT NULL OR l.links IS NOT NULL OR x.replaced IS NOT NULL)
    ) w)::jsonb AS drafts,
    (SELECT jsonb_agg(jsonb_build_object(
        'round_id', s.round_id, 'state', s.state, 'step', s.step, 'at', s.at, 'by', y.name, 'reason', s.reason, 'reopened', s.reopened,
        'opens', r.opens_on, 'due', r.due_on, 'grace', r.grace_until, 'meets', r.meets_on,
        'body_nl', b.name_nl, 'body_fr', b.name_fr, 'scope', b.scope,
        'rows', CASE WHEN s.step = 'returned' THEN (
            SELECT jsonb_agg(jsonb_build_object('code', g.code, 'reason', w.reason) ORDER BY g.id)
            FROM part_return_row w
            JOIN target g ON g.id = w.target_id
            WHERE w.part_step_id = s.part_step_id) END) ORDER BY b.id)
    FROM part_standing s
    JOIN round r ON r.id = s.round_id
    JOIN body b ON b.id = s.body_id
    LEFT JOIN person y ON y.id = s.by
    WHERE s.mandate_id = @mandate_id AND s.period = @period::date)::jsonb AS parts,
    EXISTS (SELECT FROM seal_seen s WHERE s.mandate_id = @mandate_id AND s.period = @period::date AND s.targets IS NULL) AS sealed,
    ARRAY(
        SELECT g.id
        FROM target g
        WHERE g.mandate_id = @mandate_id AND (
            (SELECT COALESCE(bool_or(b.scope = 'addressed'), false)
            FROM part_standing s
            JOIN body b ON b.id = s.body_id
            WHERE s.mandate_id = @mandate_id AND s.period = @period::date) AND target_is_closed(g.id, @period::date, @today::date)
            OR g.id IN (
                SELECT unnest(s.targets) FROM seal_seen s
                WHERE s.mandate_id = @mandate_id AND s.period = @period::date AND s.targets IS NOT NULL))
        ORDER BY g.id)::bigint[] AS closed;

-- name: InsertRound :one
INSERT INTO round (body_id, period, state, opens_on, due_on, grace_until, meets_on, opened_at, opened_by)
VALUES (@body_id, @period::date, 'open', @opens_on, @due_on, @grace_until, @meets_on, @opened_at, @opened_by)
RETURNING id;

-- name: InsertRoundMandates :execrows
INSERT INTO round_mandate (round_id, mandate_id)
SELECT @round_id, m.id
FROM mandate m
JOIN body b ON b.institution_id = m.institution_id
WHERE b.id = @body_id AND m.code = ANY (@codes::text[]);

-- name: InsertRoundStep :exec
INSERT INTO round_step (round_id, from_state, to_state, at, by, reason)
VALUES (@round_id, @from_state, @to_state, @at, @by, @reason);

-- name: SetRoundState :exec
UPDATE round SET state = @state WHERE id = @id;

-- name: SetRoundDates :exec
UPDATE round SET opens_on = @opens_on, due_on = @due_on, grace_until = @grace_until, meets_on = @meets_on WHERE id = @id;

-- name: AskedMandates :many
-- The mandates of a round, and whether their part was ever submitted or returned.
SELECT m.code, EXISTS (SELECT FROM part_step p WHERE p.round_id = rm.round_id AND p.mandate_id = rm.mandate_id)::boolean AS begun
FROM round_mandate rm
JOIN mandate m ON m.id = rm.mandate_id
WHERE rm.round_id = @round_id
ORDER BY m.position, m.code;

-- name: DeleteRoundMandates :exec
DELETE FROM round_mandate rm
USING mandate m
WHERE rm.round_id = @round_id AND m.id = rm.mandate_id AND m.code = ANY (@codes::text[]);

-- name: InsertRoundChange :exec
INSERT INTO round_change (round_id, at, by, reason, was, became)
VALUES (@round_id, @at, @by, @reason, @was, @became);

-- name: LockRoundMandates :exec
-- All in one order, so that nobody waits for somebody who waits.
UPDATE mandate
SET version = version + 1
WHERE id IN (
    SELECT l.id FROM mandate l
    WHERE l.id IN (SELECT rm.mandate_id FROM round_mandate rm WHERE rm.round_id = @round_id)
    ORDER BY l.id
    FOR UPDATE);

-- name: InsertPartStep :one
INSERT INTO part_step (round_id, mandate_id, round_step_id, step, by, at, reason)
SELECT @round_id, @mandate_id, (SELECT max(s.id) FROM round_step s WHERE s.round_id = @round_id), @step, @by, @at, @reason
RETURNING id;

-- name: InsertReturnRows :execrows
INSERT INTO part_return_row (part_step_id, mandate_id, target_id, reason)
SELECT @part_step_id, g.mandate_id, g.id, w.reason
FROM (SELECT unnest(@codes::text[]) AS code, unnest(@reasons::text[]) AS reason) w
JOIN target g ON g.mandate_id = @mandate_id AND g.code = w.code;

-- name: InsertNudge :execrows
INSERT INTO nudge (round_id, person_id, day, at, by)
VALUES (@round_id, @person_id, @day, @at, @by)
ON CONFLICT (round_id, person_id, day) DO NOTHING;

-- name: NudgeAt :one
SELECT at FROM nudge WHERE round_id = @round_id AND person_id = @person_id AND day = @day;

-- name: RoundCandidates :many
-- The mandates of the institution of a body that somebody holds on a day, and of
-- which something goes to it; and those that a round of it asks, whoever holds them,
-- with whether their part was ever submitted or returned.
SELECT m.code, m.title_nl, m.title_fr, m.title_nl_state, m.title_fr_state, COALESCE(n.name, '')::text AS holder_name,
    (q.round_id IS NOT NULL)::boolean AS asked,
    EXISTS (SELECT FROM part_step p WHERE p.round_id = q.round_id AND p.mandate_id = m.id)::boolean AS begun
FROM mandate m
JOIN body b ON b.institution_id = m.institution_id
LEFT JOIN tenure t ON t.mandate_id = m.id AND t.starts_on <= @as_of::date AND (t.ends_on IS NULL OR t.ends_on >= @as_of::date)
LEFT JOIN person n ON n.id = t.person_id
LEFT JOIN round_mandate q ON q.mandate_id = m.id AND q.round_id = @round_id
WHERE b.id = @body_id AND (q.round_id IS NOT NULL OR t.id IS NOT NULL AND (b.scope = 'all' OR EXISTS (
    SELECT FROM addressee a
    WHERE a.body_id = b.id AND a.mandate_id = m.id AND a.valid_from <= @as_of::date AND (a.valid_until IS NULL OR a.valid_until >= @as_of::date))))
ORDER BY m.position, m.code;

-- name: InsertRoundSeal :exec
INSERT INTO round_seal (round_id, number, sealed_at, sealed_by, document, sha256, signature, key_id, public_key)
VALUES (@round_id, @number, @sealed_at, @sealed_by, @document, @sha256, @signature, @key_id, @public_key);

-- name: RoundSealOf :one
SELECT s.number, s.sealed_at, n.name AS sealed_by, s.document, s.sha256, s.signature, s.key_id, s.public_key
FROM round_seal s
JOIN person n ON n.id = s.sealed_by
WHERE s.round_id = @round_id;

-- name: RoundDueRows :many
-- The parts that are still to be submitted, with the due date of their round.
SELECT s.mandate_id, s.period::date AS period, min(r.due_on)::date AS due_on
FROM part_standing s
JOIN round r ON r.id = s.round_id
WHERE s.state IN ('open', 'collecting', 'grace') AND s.step IS DISTINCT FROM 'submitted'
GROUP BY s.mandate_id, s.period
ORDER BY s.mandate_id, s.period;
