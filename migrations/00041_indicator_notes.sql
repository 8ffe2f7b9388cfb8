-- +goose Up

-- What was said about the indicators of a mandate up to a day, and done when they
-- were off their path, as known at an instant and as the reader may see it; those
-- without any of that are left out.
CREATE FUNCTION indicator_notes(of_mandate bigint, as_of_day date, known timestamptz) RETURNS jsonb LANGUAGE sql STABLE AS $$
SELECT jsonb_agg(to_jsonb(n))
FROM (
    SELECT
        k.id, k.code, v.name_nl AS nl, v.name_fr AS fr, b.code AS objective, g.code AS target,
        (SELECT jsonb_agg(jsonb_build_object(
            'id', r.id, 'on', r.on_date, 'text', r.text, 'lang', r.lang, 'by', p.name, 'behalf', h.name, 'at', r.recorded_at) ORDER BY r.on_date DESC, r.id DESC)
            FROM indicator_remark r JOIN person p ON p.id = r.recorded_by LEFT JOIN person h ON h.id = r.on_behalf_of
            WHERE r.indicator_id = k.id AND r.on_date <= as_of_day AND r.recorded_at <= known)::jsonb AS remarks,
        (SELECT jsonb_agg(jsonb_build_object(
            'id', x.id, 'on', x.taken_on, 'cause', x.cause, 'action', x.action, 'effect', x.effect, 'owner_id', x.owner_id, 'owner', o.name, 'due', x.due,
            -- its owner does not report on the indicator on the day: neither as holder, nor as delegate of the part that it belongs to
            'gone', (o.disabled_at AT TIME ZONE 'Europe/Brussels')::date <= as_of_day
                OR NOT EXISTS (
                    SELECT FROM tenure_told t
                    WHERE t.mandate_id = k.mandate_id AND t.person_id = x.owner_id AND t.starts_on <= as_of_day AND (t.ends_on IS NULL OR t.ends_on >= as_of_day)
                        AND t.told_from <= known AND t.told_until > known)
                AND NOT EXISTS (
                    SELECT FROM delegation_in_force d
                    WHERE d.mandate_id = k.mandate_id AND d.person_id = x.owner_id AND d.starts_on <= as_of_day AND d.ends_on >= as_of_day
                        AND (NOT EXISTS (SELECT FROM delegation_objective c WHERE c.delegation_id = d.id)
                            OR EXISTS (SELECT FROM delegation_objective c WHERE c.delegation_id = d.id AND c.objective_id = COALESCE(k.objective_id, mp.objective_id)))),
            'lang', x.lang, 'by', p.name, 'behalf', h.name, 'at', x.recorded_at,
            'steps', (SELECT jsonb_agg(jsonb_build_object(
                'id', s.id, 'kind', s.kind, 'on', s.on_date, 'due', s.due, 'text', s.text, 'lang', s.lang, 'by', sp.name, 'behalf', sh.name, 'at', s.recorded_at) ORDER BY s.id)
                FROM measure_step s JOIN person sp ON sp.id = s.recorded_by LEFT JOIN person sh ON sh.id = s.on_behalf_of
                WHERE s.measure_id = x.id AND s.on_date <= as_of_day AND s.recorded_at <= known)) ORDER BY x.taken_on, x.id)
            FROM measure x JOIN person o ON o.id = x.owner_id JOIN person p ON p.id = x.recorded_by LEFT JOIN person h ON h.id = x.on_behalf_of
            WHERE x.indicator_id = k.id AND x.taken_on <= as_of_day AND x.recorded_at <= known)::jsonb AS measures
    FROM indicator k
    LEFT JOIN LATERAL (SELECT y.* FROM indicator_version y WHERE y.indicator_id = k.id AND y.valid_from <= as_of_day AND y.recorded_at <= known ORDER BY y.valid_from DESC, y.id DESC LIMIT 1) v ON true
    LEFT JOIN objective b ON b.id = k.objective_id
    LEFT JOIN target g ON g.id = k.target_id
    LEFT JOIN measurement_point mp ON mp.id = g.measurement_point_id
    WHERE k.mandate_id = of_mandate
) n
WHERE n.remarks IS NOT NULL OR n.measures IS NOT NULL
$$;

-- +goose Down
DROP FUNCTION indicator_notes(bigint, date, timestamptz);
