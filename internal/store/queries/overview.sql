-- name: MoveRows :many
-- Every target of a scope as it stood on two days, each as known at the end of
-- that day: what somebody who looked then could see; and whether it was there. Of
-- several deadlines in force by a day the last one counts.
SELECT DISTINCT ON (m.position, m.code, o.position, p.position, g.position, g.id)
    m.code AS mandate_code, g.id AS target_id, g.code AS target_code,
    GREATEST(d1.owed_from, h1.held_from)::date AS from_owed_from, d1.due AS from_due, COALESCE(e1.status, '')::text AS from_status, e1.as_of AS from_as_of,
    GREATEST(d2.owed_from, h2.held_from)::date AS until_owed_from, d2.due AS until_due, COALESCE(e2.status, '')::text AS until_status, e2.as_of AS until_as_of,
    (g.valid_from <= @from_day::date AND g.told_from <= @from_known::timestamptz)::boolean AS from_there,
    (g.valid_from <= @until_day::date AND g.told_from <= @until_known::timestamptz)::boolean AS until_there
FROM mandate m
JOIN target g ON g.mandate_id = m.id
JOIN measurement_point p ON p.id = g.measurement_point_id
JOIN objective o ON o.id = p.objective_id
LEFT JOIN (
    SELECT t.mandate_id, min(t.starts_on) AS held_from
    FROM tenure_told t
    WHERE t.told_from <= @from_known::timestamptz AND t.told_until > @from_known::timestamptz
    GROUP BY t.mandate_id
) h1 ON h1.mandate_id = m.id
LEFT JOIN (
    SELECT t.mandate_id, min(t.starts_on) AS held_from
    FROM tenure_told t
    WHERE t.told_from <= @until_known::timestamptz AND t.told_until > @until_known::timestamptz
    GROUP BY t.mandate_id
) h2 ON h2.mandate_id = m.id
LEFT JOIN deadline_told d1 ON d1.target_id = g.id AND d1.valid_from <= @from_day::date AND d1.told_from <= @from_known::timestamptz AND d1.told_until > @from_known::timestamptz
LEFT JOIN deadline_told d2 ON d2.target_id = g.id AND d2.valid_from <= @until_day::date AND d2.told_from <= @until_known::timestamptz AND d2.told_until > @until_known::timestamptz
LEFT JOIN LATERAL (
    SELECT e.status, e.as_of FROM progress_entry e
    WHERE e.target_id = g.id AND e.as_of <= @from_day::date AND e.recorded_at <= @from_known::timestamptz
    ORDER BY e.as_of DESC, e.id DESC
    LIMIT 1
) e1 ON true
LEFT JOIN LATERAL (
    SELECT e.status, e.as_of FROM progress_entry e
    WHERE e.target_id = g.id AND e.as_of <= @until_day::date AND e.recorded_at <= @until_known::timestamptz
    ORDER BY e.as_of DESC, e.id DESC
    LIMIT 1
) e2 ON true
WHERE @everything::boolean OR m.institution_id = ANY (@institutions::bigint[]) OR m.id = ANY (@mandates::bigint[])
ORDER BY m.position, m.code, o.position, p.position, g.position, g.id, d1.valid_from DESC, d2.valid_from DESC;

-- name: TargetLines :many
-- What a list of targets of several mandates shows of each, as of a day.
SELECT
    g.id, g.code, m.code AS mandate_code, m.title_nl, m.title_fr, m.title_nl_state, m.title_fr_state,
    i.name_nl AS institution_nl, i.name_fr AS institution_fr, COALESCE(t.name, '')::text AS holder_name,
    COALESCE(w.nl, '')::text AS nl, COALESCE(w.fr, '')::text AS fr, COALESCE(w.nl_state, '')::text AS nl_state, COALESCE(w.fr_state, '')::text AS fr_state,
    COALESCE(e.lang, '')::text AS entry_lang, e.as_of AS entry_as_of,
    COALESCE(e.achieved, '')::text AS achieved, COALESCE(e.obstacles, '')::text AS obstacles, COALESCE(e.reason, '')::text AS reason,
    COALESCE(e.support_asked, '')::text AS support_asked, COALESCE(e.support_of, '')::text AS support_of, e.support_by
FROM target g
JOIN mandate m ON m.id = g.mandate_id
JOIN institution i ON i.id = m.institution_id
LEFT JOIN LATERAL (
    SELECT n.name FROM tenure_told t
    JOIN person n ON n.id = t.person_id
    WHERE t.mandate_id = m.id AND t.starts_on <= @as_of::date AND (t.ends_on IS NULL OR t.ends_on >= @as_of::date) AND t.told_from <= @known::timestamptz AND t.told_until > @known::timestamptz
    LIMIT 1
) t ON true
LEFT JOIN LATERAL (
    SELECT v.* FROM wording_version v
    WHERE v.wording_id = g.wording_id AND v.valid_from <= @as_of::date AND (v.amendment_id IS NULL OR v.recorded_at <= @known::timestamptz)
    ORDER BY v.valid_from DESC, v.recorded_at DESC
    LIMIT 1
) w ON true
LEFT JOIN LATERAL (
    SELECT e.* FROM progress_entry e
    WHERE e.target_id = g.id AND e.as_of <= @as_of::date AND e.recorded_at <= @known::timestamptz
    ORDER BY e.as_of DESC, e.id DESC
    LIMIT 1
) e ON true
WHERE g.id = ANY (@ids::bigint[]);

-- name: HappeningRows :many
-- What was recorded about the mandates of a scope after one instant and by
-- another, apart from reports: amendments, errata, questions of bodies and answers.
-- Each row tells the state of the scope, as OverviewRows does: one without a kind
-- when nothing was recorded, and none while that is the state asked about.
WITH stated AS MATERIALIZED (
    SELECT state_of_scope(@everything::boolean, @institutions::bigint[], @mandates::bigint[]) AS state
)
SELECT stated.state::text AS state,
    COALESCE(x.kind, '')::text AS kind, COALESCE(x.at, 'epoch')::timestamptz AS at, COALESCE(x.by, '')::text AS by,
    COALESCE(x.code, '')::text AS code, COALESCE(x.id, 0)::bigint AS id, x.day::date AS day,
    COALESCE(x.words, '')::text AS words, COALESCE(x.lang, '')::text AS lang, COALESCE(x.answer, '')::text AS answer, COALESCE(x.answer_lang, '')::text AS answer_lang,
    COALESCE(m.code, '')::text AS mandate_code, COALESCE(m.title_nl, '')::text AS title_nl, COALESCE(m.title_fr, '')::text AS title_fr,
    COALESCE(m.title_nl_state, '')::text AS title_nl_state, COALESCE(m.title_fr_state, '')::text AS title_fr_state
FROM stated
LEFT JOIN ((
    SELECT 'amendment' AS kind, a.mandate_id, a.recorded_at AS at, COALESCE(n.name, '') AS by, c.code, a.id, a.effective_on AS day,
        a.reason AS words, '' AS lang, '' AS answer, '' AS answer_lang
    FROM amendment a
    LEFT JOIN person n ON n.id = a.recorded_by
    LEFT JOIN LATERAL (
        -- where it changes something, when that is one place
        SELECT min(p.code) AS code
        FROM (
            SELECT g.code FROM wording_version v JOIN target g USING (wording_id) WHERE v.amendment_id = a.id AND g.mandate_id = a.mandate_id
            UNION ALL
            SELECT p.code FROM wording_version v JOIN measurement_point p USING (wording_id) WHERE v.amendment_id = a.id AND p.mandate_id = a.mandate_id
            UNION ALL
            SELECT o.code FROM wording_version v JOIN objective o USING (wording_id) WHERE v.amendment_id = a.id AND o.mandate_id = a.mandate_id
            UNION ALL
            SELECT o.code FROM wording_version v JOIN passage s USING (wording_id) JOIN objective o ON o.id = s.objective_id WHERE v.amendment_id = a.id AND o.mandate_id = a.mandate_id
            UNION ALL
            SELECT k.code FROM wording_version v JOIN kpi k USING (wording_id) WHERE v.amendment_id = a.id AND k.mandate_id = a.mandate_id
            UNION ALL
            SELECT COALESCE(g.code, o.code) FROM deadline d LEFT JOIN target g ON g.id = d.target_id LEFT JOIN objective o ON o.id = d.objective_id WHERE d.amendment_id = a.id
        ) p
        HAVING count(DISTINCT p.code) = 1) c ON true
    UNION ALL
    SELECT 'erratum', e.mandate_id, e.recorded_at, n.name, e.code, e.number, s.period, s.number, '', '', ''
    FROM erratum e
    JOIN seal s ON s.id = e.seal_id
    JOIN person n ON n.id = e.recorded_by
    UNION ALL
    SELECT 'question', d.mandate_id, d.recorded_at, n.name, g.code, d.id, d.due, d.text, d.lang, '', ''
    FROM decision d
    JOIN target g ON g.id = d.target_id
    JOIN person n ON n.id = d.recorded_by
    WHERE d.kind = 'asks'
    UNION ALL
    SELECT 'answer', a.mandate_id, a.recorded_at, n.name, g.code, d.id, d.due, d.text, d.lang, a.text, a.lang
    FROM decision_answer a
    JOIN decision d ON d.id = a.decision_id
    JOIN target g ON g.id = a.target_id
    JOIN person n ON n.id = a.author_id
    UNION ALL
    -- a request for support that the same words did not make before
    SELECT 'support', e.mandate_id, e.recorded_at, n.name, g.code, e.id, e.support_by, e.support_asked, e.lang, e.support_of, ''
    FROM progress_entry e
    JOIN target g ON g.id = e.target_id
    JOIN person n ON n.id = e.author_id
    WHERE e.status = 'support_needed' AND NOT EXISTS (
        SELECT FROM progress_entry l
        WHERE l.target_id = e.target_id AND l.support_asked = e.support_asked AND l.id < e.id)
) x
JOIN mandate m ON m.id = x.mandate_id AND (@everything::boolean OR m.institution_id = ANY (@institutions::bigint[]) OR m.id = ANY (@mandates::bigint[]))
) ON x.at > @after::timestamptz AND x.at <= @known::timestamptz
WHERE stated.state <> @known_state::text
ORDER BY x.at DESC, x.id DESC;
