-- name: Scoreboards :many
-- A body by the code of its institution and its own, with its scoreboards, or one by its code, as they
-- were on a day and as known at an instant: what is on them as far as the reader sees it, and when they
-- were checked. A body without any has one row.
SELECT
    d.id AS body_id, d.code AS body_code, d.name_nl AS body_nl, d.name_fr AS body_fr, d.scope, d.kind,
    n.id AS institution_id, n.code AS institution_code, n.name_nl AS institution_nl, n.name_fr AS institution_fr,
    COALESCE(b.id, 0)::bigint AS id, COALESCE(b.code, '')::text AS code, COALESCE(b.version_id, 0)::bigint AS version_id, b.valid_from,
    COALESCE(b.name_nl, '')::text AS name_nl, COALESCE(b.name_fr, '')::text AS name_fr, COALESCE(b.check_every, '')::text AS check_every, COALESCE(b.retired, false)::boolean AS retired,
    COALESCE((SELECT max(x.id) FROM scoreboard_version x WHERE x.scoreboard_id = b.id), 0)::bigint AS newest,
    (SELECT jsonb_agg(jsonb_build_object('mandate', i.mandate_id, 'mandate_code', m.code, 'indicator', i.indicator_id, 'code', x.code) ORDER BY i.position)
        FROM scoreboard_item i JOIN mandate m ON m.id = i.mandate_id JOIN indicator x ON x.id = i.indicator_id WHERE i.version_id = b.version_id)::jsonb AS items,
    (SELECT jsonb_agg(jsonb_build_object(
        'id', c.id, 'on', c.checked_on, 'mandate', c.mandate_id, 'mandate_code', m.code, 'conclusion', c.conclusion, 'lang', c.lang,
        'by', p.name, 'behalf', h.name, 'at', c.recorded_at) ORDER BY c.checked_on DESC, c.id DESC)
        FROM scoreboard_check c
        JOIN person p ON p.id = c.recorded_by
        LEFT JOIN person h ON h.id = c.on_behalf_of
        LEFT JOIN mandate m ON m.id = c.mandate_id
        WHERE c.scoreboard_id = b.id AND c.checked_on <= @as_of::date AND c.recorded_at <= @known::timestamptz)::jsonb AS checks
FROM body d
JOIN institution n ON n.id = d.institution_id
LEFT JOIN LATERAL (
    SELECT b.id, b.code, v.id AS version_id, v.valid_from, v.name_nl, v.name_fr, v.check_every, v.retired
    FROM scoreboard b
    JOIN LATERAL (SELECT x.* FROM scoreboard_version x WHERE x.scoreboard_id = b.id AND x.valid_from <= @as_of::date AND x.recorded_at <= @known::timestamptz ORDER BY x.valid_from DESC, x.id DESC LIMIT 1) v ON true
    WHERE b.body_id = d.id AND (@code::text = '' OR b.code = @code::text)
) b ON true
WHERE n.code = @institution AND d.code = @body
ORDER BY b.code COLLATE "C";

-- name: AroundMeasures :one
-- What stands around the measures of an indicator: the scoreboards that it is on
-- on a day, and who reports on its mandate, to whom a measure can be given: its holder, and
-- delegates with the objectives that each delegation is about ('{}' for all).
SELECT
    (SELECT jsonb_agg(jsonb_build_object('code', b.code, 'nl', v.name_nl, 'fr', v.name_fr, 'body', d.code, 'institution', i.code) ORDER BY d.id, b.code COLLATE "C")
    FROM scoreboard b
    JOIN body d ON d.id = b.body_id
    JOIN institution i ON i.id = d.institution_id
    JOIN LATERAL (SELECT x.* FROM scoreboard_version x WHERE x.scoreboard_id = b.id AND x.valid_from <= @as_of::date AND x.recorded_at <= @known::timestamptz ORDER BY x.valid_from DESC, x.id DESC LIMIT 1) v ON NOT v.retired
    WHERE EXISTS (SELECT FROM scoreboard_item t WHERE t.version_id = v.id AND t.indicator_id = @indicator_id::bigint))::jsonb AS boards,
    (SELECT jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name, 'objectives', r.objectives) ORDER BY r.holds DESC, r.name, r.id)
    FROM (
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
    ) r)::jsonb AS reporters;

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
