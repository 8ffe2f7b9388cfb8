-- name: IndicatorRows :many
-- The indicators of mandates as they were defined on a day, with everything that
-- was recorded of each up to an instant, and what happened with the duties of a
-- mandate where some are counted from that: in its first row. Where a minimum group
-- applies to any of a mandate, then once more as they are at the end of time: last,
-- with the parts of each other way in which they once added up.
SELECT
    t.last::boolean AS last, i.id, i.mandate_id, i.code, COALESCE(o.code, '')::text AS objective_code, COALESCE(k.code, '')::text AS kpi_code, COALESCE(g.code, '')::text AS target_code,
    COALESCE(w.nl, '')::text AS kpi_nl, COALESCE(w.fr, '')::text AS kpi_fr, COALESCE(w.nl_state, '')::text AS kpi_nl_state, COALESCE(w.fr_state, '')::text AS kpi_fr_state,
    v.valid_from, v.name_nl, v.name_fr, v.unit_nl, v.unit_fr, v.direction, v.per, v.decimals, v.baseline, v.baseline_on, v.source, v.owner,
    v.cadence, v.origin, v.formula, COALESCE(v.event_kind, '')::text AS event_kind, v.event_count, v.adds_up, v.retired,
    (SELECT max(x.min_group) FROM indicator_version x WHERE x.indicator_id = i.id)::integer AS min_group,
    (SELECT max(x.id) FROM indicator_version x WHERE x.indicator_id = i.id)::bigint AS newest,
    (SELECT jsonb_agg(jsonb_build_object('on', s.on_date, 'value', s.value::text, 'upper', s.upper::text) ORDER BY s.on_date)
        FROM milestone s WHERE s.version_id = v.id)::jsonb AS milestones,
    ARRAY(SELECT p.code FROM indicator_component c JOIN indicator p ON p.id = c.part_id WHERE c.version_id = v.id ORDER BY c.position)::text[] AS parts,
    (CASE WHEN t.last THEN (
        SELECT jsonb_agg(DISTINCT w.parts)
        FROM indicator_version x
        JOIN LATERAL (SELECT jsonb_agg(p.code ORDER BY p.code) AS parts FROM indicator_component c JOIN indicator p ON p.id = c.part_id WHERE c.version_id = x.id) w ON w.parts IS NOT NULL
        WHERE x.indicator_id = i.id AND x.id <> v.id AND x.adds_up) END)::jsonb AS added_up,
    (SELECT jsonb_agg(jsonb_build_object(
        'id', m.id, 'on', m.on_date, 'value', m.value::text, 'numerator', m.numerator::text, 'denominator', m.denominator::text, 'people', m.people,
        'withdrawn', m.withdrawn, 'note', m.note, 'lang', m.lang, 'by', n.name, 'machine', a.name, 'channel', m.channel, 'at', m.recorded_at,
        'supersedes', m.supersedes) ORDER BY m.id)
        FROM measurement m LEFT JOIN person n ON n.id = m.recorded_by LEFT JOIN api_token a ON a.id = m.token_id
        WHERE m.indicator_id = i.id AND m.recorded_at <= t.known)::jsonb AS measurements,
    (CASE WHEN NOT t.last AND bool_or(v.origin IN ('events', 'duties')) OVER (PARTITION BY t.last, i.mandate_id)
        AND row_number() OVER (PARTITION BY t.last, i.mandate_id ORDER BY i.code COLLATE "C") = 1
        THEN duty_record(i.mandate_id, t.as_of, t.known) || asked_of(i.mandate_id, t.as_of, t.known) || jsonb_build_object(
            -- what was owed then, whoever had the mandate and whatever the deadlines are now
            'held', (SELECT min(y.starts_on) FROM tenure_told y WHERE y.mandate_id = i.mandate_id AND y.told_from <= t.known AND y.told_until > t.known),
            'earlier', (SELECT jsonb_agg(jsonb_build_object('target', x.target_id, 'until', x.next - 1, 'reading', x.reading) ORDER BY x.valid_from)
            FROM (
                SELECT w.target_id, w.reading, w.valid_from, lead(w.valid_from) OVER (PARTITION BY w.target_id ORDER BY w.valid_from) AS next
                FROM (
                    SELECT DISTINCT ON (d.target_id, d.valid_from) d.target_id, d.reading, d.valid_from
                    FROM deadline_told d
                    WHERE d.mandate_id = i.mandate_id AND d.target_id IS NOT NULL AND d.valid_from <= t.as_of AND d.told_from <= t.known AND d.told_until > t.known
                    ORDER BY d.target_id, d.valid_from, d.told_from DESC) w) x
            WHERE x.next IS NOT NULL)) END)::jsonb AS record
FROM (VALUES (false, @as_of::date, @known::timestamptz), (true, @last_day::date, @last_instant::timestamptz)) t (last, as_of, known)
CROSS JOIN indicator i
JOIN LATERAL (SELECT x.* FROM indicator_version x WHERE x.indicator_id = i.id AND x.valid_from <= t.as_of AND x.recorded_at <= t.known ORDER BY x.valid_from DESC, x.id DESC LIMIT 1) v ON true
LEFT JOIN objective o ON o.id = i.objective_id
LEFT JOIN kpi k ON k.id = i.kpi_id
LEFT JOIN target g ON g.id = i.target_id
LEFT JOIN LATERAL (SELECT y.* FROM wording_version y WHERE y.wording_id = k.wording_id AND y.valid_from <= t.as_of AND (y.amendment_id IS NULL OR y.recorded_at <= t.known) ORDER BY y.valid_from DESC, y.recorded_at DESC LIMIT 1) w ON true
WHERE i.mandate_id = ANY (@mandates::bigint[])
    AND (NOT t.last OR EXISTS (SELECT FROM indicator_version x WHERE x.mandate_id = i.mandate_id AND x.min_group > 0))
ORDER BY t.last, i.mandate_id, i.code COLLATE "C";

-- name: InsertIndicator :one
INSERT INTO indicator (mandate_id, code, objective_id, kpi_id, target_id)
VALUES (@mandate_id, @code,
    (SELECT o.id FROM objective o WHERE o.mandate_id = @mandate_id AND o.code = @objective::text),
    (SELECT k.id FROM kpi k WHERE k.mandate_id = @mandate_id AND k.code = @kpi::text),
    (SELECT g.id FROM target g WHERE g.mandate_id = @mandate_id AND g.code = @target::text))
RETURNING id;

-- name: InsertIndicatorVersion :one
INSERT INTO indicator_version (
    mandate_id, indicator_id, valid_from, name_nl, name_fr, unit_nl, unit_fr, direction, per, decimals, min_group, baseline, baseline_on,
    source, owner, cadence, origin, formula, event_kind, event_count, adds_up, retired, recorded_by, recorded_at)
VALUES (
    @mandate_id, @indicator_id, @valid_from, @name_nl, @name_fr, @unit_nl, @unit_fr, @direction, @per, @decimals, @min_group, @baseline, @baseline_on,
    @source, @owner, @cadence, @origin, @formula, sqlc.narg(event_kind), @event_count, @adds_up, @retired, @recorded_by, @recorded_at)
RETURNING id;

-- name: InsertIndicatorParts :execrows
INSERT INTO indicator_component (mandate_id, version_id, part_id, position)
SELECT @mandate_id::bigint, @version_id::bigint, i.id, p.position
FROM unnest(@parts::text[]) WITH ORDINALITY AS p (code, position)
JOIN indicator i ON i.mandate_id = @mandate_id::bigint AND i.code = p.code;

-- name: InsertMilestone :exec
INSERT INTO milestone (mandate_id, version_id, on_date, value, upper)
VALUES (@mandate_id, @version_id, @on_date, @value, @upper);

-- name: NewestDefinition :one
-- The number of the definition of an indicator that was recorded last.
SELECT COALESCE(max(v.id), 0)::bigint FROM indicator_version v WHERE v.mandate_id = @mandate_id AND v.indicator_id = @indicator_id;

-- name: IndicatorID :one
SELECT id FROM indicator WHERE mandate_id = @mandate_id AND code = @code;

-- name: LastMeasurement :one
-- The value of a day that counts: the one that nothing supersedes.
SELECT m.id, m.value, m.numerator, m.denominator, m.people, m.withdrawn, m.note
FROM measurement m
WHERE m.indicator_id = @indicator_id AND m.on_date = @on_date
ORDER BY m.id DESC
LIMIT 1;

-- name: InsertMeasurement :one
INSERT INTO measurement (mandate_id, indicator_id, on_date, value, numerator, denominator, people, withdrawn, note, lang, channel, recorded_by, token_id, recorded_at, supersedes)
VALUES (@mandate_id, @indicator_id, @on_date, @value, @numerator, @denominator, sqlc.narg(people), @withdrawn, @note, @lang, @channel,
    sqlc.narg(recorded_by), sqlc.narg(token_id), @recorded_at, sqlc.narg(supersedes))
RETURNING id;
