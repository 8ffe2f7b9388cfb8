-- +goose Up

-- What is shown beside indicators, the state of a scope and whether a part is
-- closed are planned once by each connection too, not anew by each statement.

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION state_of_scope(everything boolean, institutions bigint[], mandates bigint[]) RETURNS text LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN (
    SELECT md5(ROW(
        count(*), sum(m.version),
        (SELECT sum(hashtextextended(n.name || n.lang, n.id)) FROM person n),
        (SELECT sum(hashtextextended(ROW(i.code, i.name_nl, i.name_fr)::text, i.id)) FROM institution i),
        (SELECT sum(hashtextextended(ROW(b.institution_id, b.code, b.name_nl, b.name_fr, b.scope)::text, b.id)) FROM body b),
        (SELECT sum(hashtextextended(ROW(r.body_id, r.meets_on)::text, r.id)) FROM round r)
    )::text)
    FROM mandate m
    WHERE everything OR m.institution_id = ANY (institutions) OR m.id = ANY (mandates));
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION indicator_notes(of_mandate bigint, as_of_day date, known timestamptz) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN (
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
    WHERE n.remarks IS NOT NULL OR n.measures IS NOT NULL);
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION part_is_closed(of_mandate bigint, on_day date) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN (
    SELECT COALESCE(bool_or(s.step IS NOT DISTINCT FROM 'submitted' OR s.state = 'presented')
        AND NOT bool_or(s.step IS NOT DISTINCT FROM 'returned' AND (s.state <> 'presented' OR s.reopened)), false)
    FROM part_standing s
    JOIN body b ON b.id = s.body_id AND b.scope = 'all'
    WHERE s.mandate_id = of_mandate AND s.state <> 'sealed'
        AND s.period = date_trunc('month', on_day)::date - make_interval(months => (extract(month FROM on_day)::int - 1) % 6));
END
$$;
-- +goose StatementEnd

-- +goose Down
CREATE OR REPLACE FUNCTION state_of_scope(everything boolean, institutions bigint[], mandates bigint[]) RETURNS text LANGUAGE sql STABLE AS $$
SELECT md5(ROW(
    count(*), sum(m.version),
    (SELECT sum(hashtextextended(n.name || n.lang, n.id)) FROM person n),
    (SELECT sum(hashtextextended(ROW(i.code, i.name_nl, i.name_fr)::text, i.id)) FROM institution i),
    (SELECT sum(hashtextextended(ROW(b.institution_id, b.code, b.name_nl, b.name_fr, b.scope)::text, b.id)) FROM body b),
    (SELECT sum(hashtextextended(ROW(r.body_id, r.meets_on)::text, r.id)) FROM round r)
)::text)
FROM mandate m
WHERE everything OR m.institution_id = ANY (institutions) OR m.id = ANY (mandates)
$$;

CREATE OR REPLACE FUNCTION indicator_notes(of_mandate bigint, as_of_day date, known timestamptz) RETURNS jsonb LANGUAGE sql STABLE AS $$
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

CREATE OR REPLACE FUNCTION part_is_closed(of_mandate bigint, on_day date) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT COALESCE(bool_or(s.step IS NOT DISTINCT FROM 'submitted' OR s.state = 'presented')
        AND NOT bool_or(s.step IS NOT DISTINCT FROM 'returned' AND (s.state <> 'presented' OR s.reopened)), false)
    FROM part_standing s
    JOIN body b ON b.id = s.body_id AND b.scope = 'all'
    WHERE s.mandate_id = of_mandate AND s.state <> 'sealed'
        AND s.period = date_trunc('month', on_day)::date - make_interval(months => (extract(month FROM on_day)::int - 1) % 6)
$$;
