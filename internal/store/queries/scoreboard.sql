-- name: Scoreboards :many
-- The scoreboards of a body, or one by its code, as they were on a day and as known at an instant, with
-- what is on them as far as the reader sees it, and when they were checked.
SELECT
    b.id, b.code, v.id AS version_id, v.valid_from, v.name_nl, v.name_fr, v.check_every, v.retired,
    (SELECT max(x.id) FROM scoreboard_version x WHERE x.scoreboard_id = b.id)::bigint AS newest,
    (SELECT jsonb_agg(jsonb_build_object('mandate', i.mandate_id, 'mandate_code', m.code, 'indicator', i.indicator_id, 'code', n.code) ORDER BY i.position)
        FROM scoreboard_item i JOIN mandate m ON m.id = i.mandate_id JOIN indicator n ON n.id = i.indicator_id WHERE i.version_id = v.id)::jsonb AS items,
    (SELECT jsonb_agg(jsonb_build_object(
        'id', c.id, 'on', c.checked_on, 'mandate', c.mandate_id, 'mandate_code', m.code, 'conclusion', c.conclusion, 'lang', c.lang,
        'by', p.name, 'behalf', h.name, 'at', c.recorded_at) ORDER BY c.checked_on DESC, c.id DESC)
        FROM scoreboard_check c
        JOIN person p ON p.id = c.recorded_by
        LEFT JOIN person h ON h.id = c.on_behalf_of
        LEFT JOIN mandate m ON m.id = c.mandate_id
        WHERE c.scoreboard_id = b.id AND c.checked_on <= @as_of::date AND c.recorded_at <= @known::timestamptz)::jsonb AS checks
FROM scoreboard b
JOIN LATERAL (SELECT x.* FROM scoreboard_version x WHERE x.scoreboard_id = b.id AND x.valid_from <= @as_of::date AND x.recorded_at <= @known::timestamptz ORDER BY x.valid_from DESC, x.id DESC LIMIT 1) v ON true
WHERE b.body_id = @body_id AND (@code::text = '' OR b.code = @code::text)
ORDER BY b.code COLLATE "C";

-- name: ScoreboardsOfMandate :many
-- The scoreboards with an indicator of a mandate on a day.
SELECT b.code, v.name_nl, v.name_fr, d.code AS body_code, d.name_nl AS body_nl, d.name_fr AS body_fr, i.code AS institution_code
FROM scoreboard b
JOIN body d ON d.id = b.body_id
JOIN institution i ON i.id = d.institution_id
JOIN LATERAL (SELECT x.* FROM scoreboard_version x WHERE x.scoreboard_id = b.id AND x.valid_from <= @as_of::date AND x.recorded_at <= @known::timestamptz ORDER BY x.valid_from DESC, x.id DESC LIMIT 1) v ON NOT v.retired
WHERE EXISTS (SELECT FROM scoreboard_item t WHERE t.version_id = v.id AND t.mandate_id = @mandate_id)
ORDER BY d.id, b.code COLLATE "C";

-- name: IndicatorNotes :many
-- What was said about the indicators of mandates up to a day, and what was done
-- when they were off their path. Indicators without any of that are left out.
SELECT * FROM (
    SELECT
        i.id, i.mandate_id, i.code, COALESCE(v.name_nl, '')::text AS name_nl, COALESCE(v.name_fr, '')::text AS name_fr,
        COALESCE(b.code, '')::text AS objective_code, COALESCE(g.code, '')::text AS target_code,
        (SELECT jsonb_agg(jsonb_build_object(
            'id', r.id, 'on', r.on_date, 'text', r.text, 'lang', r.lang, 'by', p.name, 'behalf', h.name, 'at', r.recorded_at) ORDER BY r.on_date DESC, r.id DESC)
            FROM indicator_remark r JOIN person p ON p.id = r.recorded_by LEFT JOIN person h ON h.id = r.on_behalf_of
            WHERE r.indicator_id = i.id AND r.on_date <= @as_of::date AND r.recorded_at <= @known::timestamptz)::jsonb AS remarks,
        (SELECT jsonb_agg(jsonb_build_object(
            'id', x.id, 'on', x.taken_on, 'cause', x.cause, 'action', x.action, 'effect', x.effect, 'owner_id', x.owner_id, 'owner', o.name, 'due', x.due,
            -- its owner does not report on the indicator on the day: neither as holder, nor as delegate of the part that it belongs to
            'gone', (o.disabled_at AT TIME ZONE 'Europe/Brussels')::date <= @as_of::date
                OR NOT EXISTS (
                    SELECT FROM tenure_told t
                    WHERE t.mandate_id = i.mandate_id AND t.person_id = x.owner_id AND t.starts_on <= @as_of::date AND (t.ends_on IS NULL OR t.ends_on >= @as_of::date)
                        AND t.told_from <= @known::timestamptz AND t.told_until > @known::timestamptz)
                AND NOT EXISTS (
                    SELECT FROM delegation_in_force d
                    WHERE d.mandate_id = i.mandate_id AND d.person_id = x.owner_id AND d.starts_on <= @as_of::date AND d.ends_on >= @as_of::date
                        AND (NOT EXISTS (SELECT FROM delegation_objective c WHERE c.delegation_id = d.id)
                            OR EXISTS (SELECT FROM delegation_objective c WHERE c.delegation_id = d.id AND c.objective_id = COALESCE(i.objective_id, mp.objective_id)))),
            'lang', x.lang, 'by', p.name, 'behalf', h.name, 'at', x.recorded_at,
            'steps', (SELECT jsonb_agg(jsonb_build_object(
                'id', s.id, 'kind', s.kind, 'on', s.on_date, 'due', s.due, 'text', s.text, 'lang', s.lang, 'by', sp.name, 'behalf', sh.name, 'at', s.recorded_at) ORDER BY s.id)
                FROM measure_step s JOIN person sp ON sp.id = s.recorded_by LEFT JOIN person sh ON sh.id = s.on_behalf_of
                WHERE s.measure_id = x.id AND s.on_date <= @as_of::date AND s.recorded_at <= @known::timestamptz)) ORDER BY x.taken_on, x.id)
            FROM measure x JOIN person o ON o.id = x.owner_id JOIN person p ON p.id = x.recorded_by LEFT JOIN person h ON h.id = x.on_behalf_of
            WHERE x.indicator_id = i.id AND x.taken_on <= @as_of::date AND x.recorded_at <= @known::timestamptz)::jsonb AS measures
    FROM indicator i
    LEFT JOIN LATERAL (SELECT y.* FROM indicator_version y WHERE y.indicator_id = i.id AND y.valid_from <= @as_of::date AND y.recorded_at <= @known::timestamptz ORDER BY y.valid_from DESC, y.id DESC LIMIT 1) v ON true
    LEFT JOIN objective b ON b.id = i.objective_id
    LEFT JOIN target g ON g.id = i.target_id
    LEFT JOIN measurement_point mp ON mp.id = g.measurement_point_id
    WHERE i.mandate_id = ANY (@mandates::bigint[])
) n
WHERE n.remarks IS NOT NULL OR n.measures IS NOT NULL
ORDER BY n.id;

-- name: InsertScoreboard :one
INSERT INTO scoreboard (body_id, code) VALUES (@body_id, @code) RETURNING id;

-- name: InsertScoreboardVersion :one
INSERT INTO scoreboard_version (scoreboard_id, valid_from, name_nl, name_fr, check_every, retired, recorded_by, recorded_at, supersedes)
VALUES (@scoreboard_id, @valid_from, @name_nl, @name_fr, @check_every, @retired, @recorded_by, @recorded_at, sqlc.narg(supersedes))
RETURNING id;

-- name: InsertScoreboardItem :exec
INSERT INTO scoreboard_item (version_id, mandate_id, indicator_id, position) VALUES (@version_id, @mandate_id, @indicator_id, @position);

-- name: InsertScoreboardCheck :exec
INSERT INTO scoreboard_check (scoreboard_id, mandate_id, checked_on, conclusion, lang, recorded_by, on_behalf_of, recorded_at)
VALUES (@scoreboard_id, sqlc.narg(mandate_id), @checked_on, @conclusion, @lang, @recorded_by, sqlc.narg(on_behalf_of), @recorded_at);

-- name: InsertRemark :exec
INSERT INTO indicator_remark (mandate_id, indicator_id, on_date, text, lang, recorded_by, on_behalf_of, recorded_at)
VALUES (@mandate_id, @indicator_id, @on_date, @text, @lang, @recorded_by, sqlc.narg(on_behalf_of), @recorded_at);

-- name: InsertMeasure :one
INSERT INTO measure (mandate_id, indicator_id, taken_on, cause, action, effect, owner_id, due, lang, recorded_by, on_behalf_of, recorded_at)
VALUES (@mandate_id, @indicator_id, @taken_on, @cause, @action, @effect, @owner_id, @due, @lang, @recorded_by, sqlc.narg(on_behalf_of), @recorded_at)
RETURNING id;

-- name: MeasureEnded :one
SELECT EXISTS (SELECT FROM measure_step WHERE measure_id = @measure_id AND kind IN ('done', 'dropped'));

-- name: InsertMeasureStep :exec
INSERT INTO measure_step (mandate_id, measure_id, kind, on_date, due, text, lang, recorded_by, on_behalf_of, recorded_at)
VALUES (@mandate_id, @measure_id, @kind, @on_date, @due, @text, @lang, @recorded_by, sqlc.narg(on_behalf_of), @recorded_at);

-- name: ReportersOf :many
-- Who reports on a mandate on a day: its holder, and delegates with the objectives
-- that each delegation is about ('{}' for all). An action is theirs to take on.
SELECT p.id, p.name, true AS holds, '{}'::text[] AS objectives
FROM tenure t JOIN person p ON p.id = t.person_id
WHERE t.mandate_id = @mandate_id AND t.starts_on <= @on_day::date AND (t.ends_on IS NULL OR t.ends_on >= @on_day::date)
UNION
SELECT p.id, p.name, false, (
    SELECT COALESCE(array_agg(o.code ORDER BY o.position), '{}')
    FROM delegation_objective c
    JOIN objective o ON o.id = c.objective_id
    WHERE c.delegation_id = d.id)
FROM delegation_in_force d JOIN person p ON p.id = d.person_id
WHERE d.mandate_id = @mandate_id AND d.starts_on <= @on_day::date AND d.ends_on >= @on_day::date
ORDER BY 3 DESC, 2, 1;

-- name: IndicatorNames :many
-- The indicators of an institution that are followed on a day, as far as the reader sees them.
SELECT i.id, i.mandate_id, m.code AS mandate_code, i.code, COALESCE(o.code, '')::text AS objective_code, COALESCE(g.code, '')::text AS target_code, v.name_nl, v.name_fr
FROM indicator i
JOIN mandate m ON m.id = i.mandate_id
JOIN LATERAL (SELECT x.* FROM indicator_version x WHERE x.indicator_id = i.id AND x.valid_from <= @as_of::date ORDER BY x.valid_from DESC, x.id DESC LIMIT 1) v ON NOT v.retired
LEFT JOIN objective o ON o.id = i.objective_id
LEFT JOIN target g ON g.id = i.target_id
WHERE m.institution_id = @institution_id
ORDER BY m.position, m.code, i.code COLLATE "C";
