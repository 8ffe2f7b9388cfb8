-- name: SearchPlaces :many
-- Where the places of a code are on a day, as known at an instant, in the mandates of a scope: the code as such,
-- or a mandate's or an indicator's own. The parts are those of mandates that are seen in part.
SELECT m.id AS mandate_id, m.code AS mandate_code, m.title_nl, m.title_fr, m.title_nl_state, m.title_fr_state, x.kind::text AS kind, x.code::text AS code
FROM mandate m
JOIN LATERAL (
    SELECT 'objective' AS kind, o.code, o.code AS part FROM objective o WHERE o.mandate_id = m.id AND o.code = ANY (@codes::text[]) AND o.valid_from <= @as_of::date AND o.told_from <= @known::timestamptz
    UNION ALL
    SELECT 'point', p.code, p.code FROM measurement_point p WHERE p.mandate_id = m.id AND p.code = ANY (@codes::text[]) AND p.valid_from <= @as_of::date AND p.told_from <= @known::timestamptz
    UNION ALL
    SELECT 'target', g.code, g.code FROM target g WHERE g.mandate_id = m.id AND g.code = ANY (@codes::text[]) AND g.valid_from <= @as_of::date AND g.told_from <= @known::timestamptz
    UNION ALL
    SELECT 'kpi', k.code, k.code FROM kpi k WHERE k.mandate_id = m.id AND k.code = ANY (@codes::text[]) AND k.valid_from <= @as_of::date AND k.told_from <= @known::timestamptz
    UNION ALL
    SELECT 'mandate', '', '' WHERE cardinality(@codes::text[]) = 0
    UNION ALL
    SELECT 'indicator', k.code, COALESCE(g.code, o.code, '')
    FROM indicator k LEFT JOIN objective o ON o.id = k.objective_id LEFT JOIN target g ON g.id = k.target_id
    WHERE k.mandate_id = m.id AND k.code = @indicator::text
        AND EXISTS (SELECT FROM indicator_version v WHERE v.indicator_id = k.id AND v.valid_from <= @as_of::date AND v.recorded_at <= @known::timestamptz)
) x ON true
WHERE (@mandate::text = '' OR m.code = @mandate::text OR x.kind = 'indicator')
    AND (@everything::boolean OR m.institution_id = ANY (@institutions::bigint[]) OR m.id = ANY (@mandates::bigint[])
        OR m.id || ':' || x.part = ANY (@parts::text[]) OR m.id || ':' || substring(x.part FROM '^[ST][0-9]+') = ANY (@parts::text[])
        OR x.kind = 'mandate' AND m.id || '' = ANY (SELECT split_part(part, ':', 1) FROM unnest(@parts::text[]) part))
ORDER BY m.position, m.code, x.code
LIMIT @most::integer;

-- name: Search :many
-- What holds the words that were typed, by kind; in Dutch also within longer
-- ones. Letters are read as in force on a day, and all as known at an instant. A
-- text of the framework comes once, with the number of mandates that share it.
WITH asked AS MATERIALIZED (
    SELECT search_query(@first_words::text, @last_word::text, @beginning::text) || search_within(@words::text[]) AS words
), scope AS MATERIALIZED (
    SELECT m.id, m.code, m.position, m.title_nl, m.title_fr, m.title_nl_state, m.title_fr_state,
        (@everything::boolean OR m.institution_id = ANY (@institutions::bigint[]) OR m.id = ANY (@mandates::bigint[])) AS whole
    FROM mandate m
    WHERE @everything::boolean OR m.institution_id = ANY (@institutions::bigint[]) OR m.id = ANY (@mandates::bigint[])
        OR m.id IN (SELECT split_part(part, ':', 1)::bigint FROM unnest(@parts::text[]) part)
), letter AS MATERIALIZED (
    SELECT v.wording_id, v.valid_from, v.recorded_at -- the texts themselves are read at last, of the few that are shown
    FROM asked a
    JOIN wording_version v ON (words_of(v.nl, v.fr) || endings_of(v.nl)) @@ a.words
    WHERE v.valid_from <= @as_of::date AND (v.amendment_id IS NULL OR v.recorded_at <= @known::timestamptz) AND NOT EXISTS (
        SELECT FROM wording_version x
        WHERE x.wording_id = v.wording_id AND (x.valid_from, x.recorded_at) > (v.valid_from, v.recorded_at) AND x.valid_from <= @as_of::date
            AND (x.amendment_id IS NULL OR x.recorded_at <= @known::timestamptz))
), placed AS (
    SELECT 'objective' AS kind, o.mandate_id, o.code, o.position, l.* FROM letter l JOIN objective o ON o.wording_id = l.wording_id WHERE o.valid_from <= @as_of::date AND o.told_from <= @known::timestamptz
    UNION ALL
    SELECT 'passage', o.mandate_id, o.code, o.position, l.* FROM letter l JOIN passage s ON s.wording_id = l.wording_id JOIN objective o ON o.id = s.objective_id WHERE s.valid_from <= @as_of::date AND s.told_from <= @known::timestamptz
    UNION ALL
    SELECT 'point', p.mandate_id, p.code, 0, l.* FROM letter l JOIN measurement_point p ON p.wording_id = l.wording_id WHERE p.valid_from <= @as_of::date AND p.told_from <= @known::timestamptz
    UNION ALL
    SELECT 'target', g.mandate_id, g.code, 0, l.* FROM letter l JOIN target g ON g.wording_id = l.wording_id WHERE g.valid_from <= @as_of::date AND g.told_from <= @known::timestamptz
    UNION ALL
    SELECT 'kpi', k.mandate_id, k.code, 0, l.* FROM letter l JOIN kpi k ON k.wording_id = l.wording_id WHERE k.valid_from <= @as_of::date AND k.told_from <= @known::timestamptz
), ranked AS (
    SELECT p.*, s.position AS place,
        count(*) OVER (PARTITION BY p.kind, p.wording_id) AS shared,
        row_number() OVER (PARTITION BY p.kind, p.wording_id ORDER BY s.position, s.code) AS nth
    FROM placed p
    JOIN scope s ON s.id = p.mandate_id
    WHERE s.whole OR p.mandate_id || ':' || p.code = ANY (@parts::text[])
        OR p.mandate_id || ':' || substring(p.code FROM '^[ST][0-9]+') = ANY (@parts::text[])
), numbered AS (
    SELECT r.*, row_number() OVER (PARTITION BY r.kind ORDER BY r.place, r.mandate_id, r.position, r.code, r.wording_id) AS number
    FROM ranked r
    WHERE r.nth = 1
), guarded AS MATERIALIZED (
    SELECT f.kind, f.id
    FROM asked a,
        search_guarded(a.words, @everything::boolean, ARRAY(SELECT s.id FROM scope s WHERE s.whole), @parts::text[], @as_of::date, @known::timestamptz, @most::integer) AS f (kind, id)
), found AS MATERIALIZED (
    SELECT n.kind, n.mandate_id, n.code, 0::bigint AS ref, n.shared, NULL::date AS day, NULL::date AS period, '' AS status, '' AS who, v.nl, v.fr, n.number
    FROM numbered n
    JOIN wording_version v ON v.wording_id = n.wording_id AND v.valid_from = n.valid_from AND v.recorded_at = n.recorded_at
    WHERE n.number <= @most::integer
    UNION ALL
    SELECT 'entry', e.mandate_id, g.code, e.id, 1, e.as_of, NULL, e.status, n.name,
        CASE e.lang WHEN 'nl' THEN e.story ELSE '' END, CASE e.lang WHEN 'fr' THEN e.story ELSE '' END, row_number() OVER (ORDER BY e.as_of DESC, e.id DESC)
    FROM guarded f
    JOIN LATERAL (
        SELECT p.*, concat_ws(E'\n', NULLIF(p.achieved, ''), NULLIF(p.obstacles, ''), NULLIF(p.next_steps, ''), NULLIF(p.support_asked, ''), NULLIF(p.support_of, ''), NULLIF(p.reason, '')) AS story
        FROM progress_entry p WHERE p.id = f.id
    ) e ON true
    JOIN target g ON g.id = e.target_id
    JOIN person n ON n.id = e.author_id
    WHERE f.kind = 'entry'
    UNION ALL
    SELECT 'decision', d.mandate_id, g.code, d.id, 1, (d.recorded_at AT TIME ZONE 'Europe/Brussels')::date, d.period::date, d.kind, '',
        CASE d.lang WHEN 'nl' THEN d.text ELSE '' END, CASE d.lang WHEN 'fr' THEN d.text ELSE '' END, row_number() OVER (ORDER BY d.id DESC)
    FROM guarded f
    JOIN decision d ON d.id = f.id
    JOIN target g ON g.id = d.target_id
    WHERE f.kind = 'decision'
    UNION ALL
    SELECT 'answer', a.mandate_id, g.code, a.decision_id, 1, (a.recorded_at AT TIME ZONE 'Europe/Brussels')::date, NULL, '', n.name,
        CASE a.lang WHEN 'nl' THEN a.text ELSE '' END, CASE a.lang WHEN 'fr' THEN a.text ELSE '' END, row_number() OVER (ORDER BY a.id DESC)
    FROM guarded f
    JOIN decision_answer a ON a.id = f.id
    JOIN target g ON g.id = a.target_id
    JOIN person n ON n.id = a.author_id
    WHERE f.kind = 'answer'
    UNION ALL
    SELECT 'event', v.mandate_id, '', v.id, 1, v.starts_on, NULL, CASE WHEN v.cancelled_at <= @known::timestamptz AND (v.cancelled_at AT TIME ZONE 'Europe/Brussels')::date <= @as_of::date THEN 'cancelled' ELSE '' END, '',
        CASE v.lang WHEN 'nl' THEN concat_ws(', ', v.title, NULLIF(v.place, '')) ELSE '' END, CASE v.lang WHEN 'fr' THEN concat_ws(', ', v.title, NULLIF(v.place, '')) ELSE '' END, row_number() OVER (ORDER BY v.starts_on DESC, v.id DESC)
    FROM guarded f
    JOIN event v ON v.id = f.id
    WHERE f.kind = 'event'
    UNION ALL
    (SELECT 'indicator', k.mandate_id, k.code, k.id, 1, NULL, NULL, '', '', v.name_nl, v.name_fr, row_number() OVER (ORDER BY s.position, s.code, k.code)
    FROM asked a
    CROSS JOIN LATERAL (SELECT i FROM search_indicators(a.words, @as_of::date, @known::timestamptz) i UNION SELECT c.id FROM indicator c WHERE c.code = @indicator::text) w (id)
    JOIN indicator k ON k.id = w.id
    JOIN scope s ON s.id = k.mandate_id
    JOIN LATERAL (
        SELECT x.name_nl, x.name_fr FROM indicator_version x
        WHERE x.indicator_id = k.id AND x.valid_from <= @as_of::date AND x.recorded_at <= @known::timestamptz
        ORDER BY x.valid_from DESC, x.id DESC
        LIMIT 1
    ) v ON true
    LEFT JOIN objective o ON o.id = k.objective_id
    LEFT JOIN target g ON g.id = k.target_id
    WHERE s.whole OR s.id || ':' || COALESCE(g.code, o.code) = ANY (@parts::text[]) OR s.id || ':' || o.code = ANY (@parts::text[])
    LIMIT @most::integer)
    UNION ALL
    (SELECT 'mandate', s.id, '', 0, 1, NULL, NULL, '', COALESCE(t.name, ''), s.title_nl, s.title_fr, row_number() OVER (ORDER BY s.position, s.code)
    FROM (
        SELECT m.id FROM asked a JOIN mandate m ON words_of(m.title_nl, m.title_fr) @@ a.words
        UNION
        SELECT t.mandate_id FROM asked a JOIN person n ON words_of(n.name, n.name) @@ a.words JOIN tenure_told t ON t.person_id = n.id
        WHERE t.starts_on <= @as_of::date AND (t.ends_on IS NULL OR t.ends_on >= @as_of::date) AND t.told_from <= @known::timestamptz AND t.told_until > @known::timestamptz
    ) w
    JOIN scope s ON s.id = w.id
    LEFT JOIN LATERAL (
        SELECT n.name FROM tenure_told t JOIN person n ON n.id = t.person_id
        WHERE t.mandate_id = s.id AND t.starts_on <= @as_of::date AND (t.ends_on IS NULL OR t.ends_on >= @as_of::date) AND t.told_from <= @known::timestamptz AND t.told_until > @known::timestamptz
        LIMIT 1
    ) t ON true
    LIMIT @most::integer)
)
SELECT f.kind::text AS kind, s.code AS mandate_code, s.title_nl, s.title_fr, s.title_nl_state, s.title_fr_state,
    f.code::text AS code, f.ref::bigint AS ref, f.shared::bigint AS shared, f.day::date AS day, f.period::date AS period, f.status::text AS status, f.who::text AS who, f.nl::text AS nl, f.fr::text AS fr,
    ts_headline('pg_catalog.dutch', fold(f.nl), a.words, E'HighlightAll=true, StartSel=\x02, StopSel=\x03')::text AS marked_nl,
    ts_headline('pg_catalog.french', fold(f.fr), a.words, E'HighlightAll=true, StartSel=\x02, StopSel=\x03')::text AS marked_fr
FROM found f
CROSS JOIN asked a
JOIN scope s ON s.id = f.mandate_id
ORDER BY f.kind, f.number;

-- name: SearchNodes :one
-- How many words of a question are left, in the language that leaves fewer,
-- without those that every text holds.
SELECT least(numnode(to_tsquery('pg_catalog.dutch', @words::text)), numnode(to_tsquery('pg_catalog.french', @words::text)))::integer;
