-- name: DutyRows :many
-- Everything that a question about duties needs, one row per mandate of a
-- scope: targets with their deadlines in the order of the letter, and what
-- happened with their duties. Where asked for, the kinds of events come along,
-- which indicators the reader sees and what was said about them, and what else the
-- list of who reports on them shows.
SELECT
    m.id, m.code, m.rank, m.version, m.title_nl, m.title_fr, m.title_nl_state, m.title_fr_state,
    i.id AS institution_id, i.code AS institution_code, i.name_nl AS institution_nl, i.name_fr AS institution_fr,
    COALESCE(t.person_id, 0)::bigint AS holder_id, COALESCE(t.name, '')::text AS holder_name,
    t.starts_on AS held_from, t.ends_on AS held_until, COALESCE(t.interim, false)::boolean AS interim,
    (
        SELECT jsonb_agg(jsonb_build_object(
            'id', g.id, 'code', g.code, 'nl', w.nl, 'fr', w.fr, 'nl_state', w.nl_state, 'fr_state', w.fr_state,
            'since', g.valid_from, 'deadline', to_jsonb(d), 'confirmed_by', c.name) ORDER BY o.position, p.position, g.position)
        FROM objective o
        JOIN measurement_point p ON p.objective_id = o.id
        JOIN target g ON g.measurement_point_id = p.id
        JOIN LATERAL (SELECT v.* FROM wording_version v WHERE v.wording_id = g.wording_id AND v.valid_from <= @as_of::date AND (v.amendment_id IS NULL OR v.recorded_at <= @known::timestamptz) ORDER BY v.valid_from DESC, v.recorded_at DESC LIMIT 1) w ON true
        LEFT JOIN LATERAL (SELECT l.* FROM deadline_told l WHERE l.target_id = g.id AND l.valid_from <= @as_of::date AND l.told_from <= @known::timestamptz AND l.told_until > @known::timestamptz ORDER BY l.valid_from DESC LIMIT 1) d ON true
        LEFT JOIN person c ON c.id = d.confirmed_by
        WHERE o.mandate_id = m.id AND o.valid_from <= @as_of::date AND o.told_from <= @known::timestamptz
            AND p.valid_from <= @as_of::date AND p.told_from <= @known::timestamptz
            AND g.valid_from <= @as_of::date AND g.told_from <= @known::timestamptz
    )::jsonb AS targets,
    (duty_record(m.id, @as_of::date, @known::timestamptz) || asked_of(m.id, @as_of::date, @known::timestamptz))::jsonb AS record,
    (CASE WHEN @with_kinds::boolean THEN (
        SELECT jsonb_agg(jsonb_build_object('code', k.code, 'nl', k.name_nl, 'fr', k.name_fr, 'triggers', k.triggers) ORDER BY k.position, k.code)
        FROM event_kind k) END)::jsonb AS kinds,
    -- the indicators of the mandate that the reader sees: the second lock, by row
    (CASE WHEN @with_indicators::boolean THEN ARRAY(SELECT x.id FROM indicator x WHERE x.mandate_id = m.id) END)::bigint[] AS indicators,
    (CASE WHEN @with_notes::boolean THEN indicator_notes(m.id, @as_of::date, @known::timestamptz) END)::jsonb AS notes,
    -- for who reports on the mandate: what lies with them since it was returned, and who held it when
    (CASE WHEN @for_holder::boolean THEN (
        SELECT jsonb_agg(jsonb_build_object('period', s.period, 'at', s.at, 'reason', s.reason) ORDER BY s.period)
        FROM part_standing s
        WHERE s.mandate_id = m.id AND s.step = 'returned' AND s.state <> 'sealed' AND (s.state <> 'presented' OR s.reopened)) END)::jsonb AS returned,
    (CASE WHEN @for_holder::boolean THEN (
        SELECT jsonb_agg(jsonb_build_object(
            'id', h.id, 'person_id', h.person_id, 'name', n.name, 'disabled', n.disabled_at IS NOT NULL, 'from', h.starts_on, 'until', h.ends_on, 'interim', h.interim) ORDER BY h.starts_on)
        FROM tenure_told h
        JOIN person n ON n.id = h.person_id
        WHERE h.mandate_id = m.id AND h.told_from <= @known::timestamptz AND h.told_until > @known::timestamptz) END)::jsonb AS tenures
FROM mandate m
JOIN institution i ON i.id = m.institution_id
LEFT JOIN LATERAL (
    SELECT t.person_id, n.name, t.starts_on, t.ends_on, t.interim
    FROM tenure_told t
    JOIN person n ON n.id = t.person_id
    WHERE t.mandate_id = m.id AND t.starts_on <= @as_of::date AND (t.ends_on IS NULL OR t.ends_on >= @as_of::date) AND t.told_from <= @known::timestamptz AND t.told_until > @known::timestamptz
    LIMIT 1
) t ON true
WHERE (@code::text = '' OR m.code = @code::text)
  AND (@everything::boolean OR m.institution_id = ANY (@institutions::bigint[]) OR m.id = ANY (@mandates::bigint[]))
ORDER BY m.position, m.code;

-- name: InsertEvent :one
INSERT INTO event (mandate_id, kind, title, lang, starts_on, ends_on, place, participants, recorded_by, on_behalf_of, recorded_at)
VALUES (@mandate_id, @kind, @title, @lang, @starts_on, @ends_on, @place, sqlc.narg(participants), @recorded_by, sqlc.narg(on_behalf_of), @recorded_at)
RETURNING id;

-- name: InsertEventTargets :exec
INSERT INTO event_target (mandate_id, event_id, target_id)
SELECT @mandate_id::bigint, @event_id::bigint, unnest(@targets::bigint[]);

-- name: CancelEvent :execrows
UPDATE event
SET cancelled_by = @by::bigint, cancelled_at = @at::timestamptz
WHERE id = @id AND mandate_id = @mandate_id AND cancelled_at IS NULL;

-- name: InsertDutyAnswer :one
INSERT INTO duty_answer (mandate_id, target_id, event_id, due, timing, done_on, note, link, lang, author_id, on_behalf_of, recorded_at, files)
VALUES (@mandate_id, @target_id, sqlc.narg(event_id), @due, @timing, @done_on, @note, @link, @lang, @author_id, sqlc.narg(on_behalf_of), @recorded_at, @files)
RETURNING id;

-- name: InsertDutyWaiver :one
INSERT INTO duty_waiver (mandate_id, target_id, event_id, due, reason, lang, waived_by, recorded_at)
VALUES (@mandate_id, @target_id, sqlc.narg(event_id), @due, @reason, @lang, @waived_by, @recorded_at)
RETURNING id;
