-- +goose Up

-- A duty that was done more than two years ago is done: of the reports from before
-- then only those that closed a target were read, or the latest one, and what they
-- had answered counted as missed.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION duty_record(of_mandate bigint, as_of_day date, known timestamptz, of_targets bigint[] DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    corrected bigint[] := ARRAY(
        SELECT c.supersedes FROM progress_entry c
        WHERE c.mandate_id = of_mandate AND c.supersedes IS NOT NULL AND c.as_of <= as_of_day AND c.recorded_at <= known);
BEGIN
    RETURN (
    SELECT jsonb_build_object(
        'since', (
            -- the first report of each target, found at the end of the index
            SELECT (LEAST(m.created_at, min(e.recorded_at)) AT TIME ZONE 'Europe/Brussels')::date
            FROM mandate m
            LEFT JOIN target g ON g.mandate_id = m.id AND (of_targets IS NULL OR g.id = ANY (of_targets))
            LEFT JOIN LATERAL (
                SELECT f.recorded_at FROM progress_entry f
                WHERE f.target_id = g.id
                ORDER BY f.as_of, f.id
                LIMIT 1
            ) e ON true
            WHERE m.id = of_mandate
            GROUP BY m.created_at),
        'sealed_until', (
            SELECT (max(s.period) + interval '6 months' - interval '1 day')::date
            FROM seal_seen s
            WHERE s.mandate_id = of_mandate AND s.targets IS NULL AND s.sealed_at <= known),
        'reports', (
            -- of each target, by column: what was owed long ago is judged by what was reported
            -- then. There are many, so each column is one text; days count from 1 January 1970.
            SELECT jsonb_agg(jsonb_build_object('target', g.id, 'ids', e.ids, 'days', e.days, 'closing', e.closing))
            FROM target g
            JOIN LATERAL (
                SELECT string_agg(x.id::text, ' ') AS ids, string_agg((x.as_of - '1970-01-01'::date)::text, ' ') AS days,
                    string_agg(x.id::text, ' ') FILTER (WHERE x.status IN ('achieved', 'stopped')) AS closing
                FROM (
                    SELECT r.id, r.as_of, r.status FROM progress_entry r
                    WHERE r.target_id = g.id AND r.as_of <= as_of_day AND r.recorded_at <= known AND r.id <> ALL (corrected)
                    ORDER BY r.as_of, r.id
                ) x
            ) e ON e.ids IS NOT NULL
            WHERE g.mandate_id = of_mandate AND (of_targets IS NULL OR g.id = ANY (of_targets))),
        'events', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', v.id, 'kind', v.kind, 'kind_nl', k.name_nl, 'kind_fr', k.name_fr, 'triggers', k.triggers,
                'title', v.title, 'lang', v.lang, 'from', v.starts_on, 'until', v.ends_on, 'place', v.place, 'participants', v.participants,
                'targets', (SELECT jsonb_agg(t.target_id ORDER BY t.target_id) FROM event_target t WHERE t.event_id = v.id),
                'by_id', v.recorded_by, 'by', n.name, 'behalf_id', v.on_behalf_of, 'behalf', b.name,
                'at', v.recorded_at, 'cancelled_at', CASE WHEN v.cancelled_at <= known THEN v.cancelled_at END) ORDER BY v.starts_on, v.id)
            FROM event v
            JOIN event_kind k ON k.code = v.kind
            JOIN person n ON n.id = v.recorded_by
            LEFT JOIN person b ON b.id = v.on_behalf_of
            WHERE v.mandate_id = of_mandate AND v.recorded_at <= known
              AND (of_targets IS NULL OR EXISTS (SELECT FROM event_target t WHERE t.event_id = v.id AND t.target_id = ANY (of_targets)))),
        'answers', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', a.id, 'target', a.target_id, 'event', a.event_id, 'due', a.due, 'timing', a.timing, 'done_on', a.done_on,
                'note', a.note, 'link', a.link, 'lang', a.lang, 'by_id', a.author_id, 'by', n.name,
                'behalf_id', a.on_behalf_of, 'behalf', b.name, 'at', a.recorded_at, 'files', CASE WHEN a.files > 0 THEN evidence_of_answer(a.id) END) ORDER BY a.id)
            FROM duty_answer a
            JOIN person n ON n.id = a.author_id
            LEFT JOIN person b ON b.id = a.on_behalf_of
            WHERE a.mandate_id = of_mandate AND a.recorded_at <= known AND (of_targets IS NULL OR a.target_id = ANY (of_targets))),
        'waivers', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', w.id, 'target', w.target_id, 'event', w.event_id, 'due', w.due, 'reason', w.reason, 'lang', w.lang,
                'by_id', w.waived_by, 'by', n.name, 'at', w.recorded_at) ORDER BY w.id)
            FROM duty_waiver w
            JOIN person n ON n.id = w.waived_by
            WHERE w.mandate_id = of_mandate AND w.recorded_at <= known AND (of_targets IS NULL OR w.target_id = ANY (of_targets)))));
END
$$;
-- +goose StatementEnd

DROP INDEX progress_entry_closing;

-- +goose Down
CREATE INDEX progress_entry_closing ON progress_entry (target_id, as_of DESC, id DESC) INCLUDE (status, mandate_id, recorded_at)
    WHERE status IN ('achieved', 'stopped');

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION duty_record(of_mandate bigint, as_of_day date, known timestamptz, of_targets bigint[] DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    corrected bigint[] := ARRAY(
        SELECT c.supersedes FROM progress_entry c
        WHERE c.mandate_id = of_mandate AND c.supersedes IS NOT NULL AND c.as_of <= as_of_day AND c.recorded_at <= known);
BEGIN
    RETURN (
    SELECT jsonb_build_object(
        'since', (
            -- the first report of each target, found at the end of the index
            SELECT (LEAST(m.created_at, min(e.recorded_at)) AT TIME ZONE 'Europe/Brussels')::date
            FROM mandate m
            LEFT JOIN target g ON g.mandate_id = m.id AND (of_targets IS NULL OR g.id = ANY (of_targets))
            LEFT JOIN LATERAL (
                SELECT f.recorded_at FROM progress_entry f
                WHERE f.target_id = g.id
                ORDER BY f.as_of, f.id
                LIMIT 1
            ) e ON true
            WHERE m.id = of_mandate
            GROUP BY m.created_at),
        'sealed_until', (
            SELECT (max(s.period) + interval '6 months' - interval '1 day')::date
            FROM seal_seen s
            WHERE s.mandate_id = of_mandate AND s.targets IS NULL AND s.sealed_at <= known),
        'reports', (
            -- by column; of each target those of two years and, of the time before, what it stood
            -- at: the report that closed it, or else the latest one. No question looks further
            -- back, and the record does not grow with the years.
            SELECT jsonb_build_object('targets', array_agg(x.target_id), 'ids', array_agg(x.id), 'days', array_agg(x.as_of), 'closes', array_agg(x.closes))
            FROM (
                SELECT g.id AS target_id, e.id, e.as_of, e.status IN ('achieved', 'stopped') AS closes
                FROM target g
                JOIN LATERAL (
                    SELECT r.id, r.as_of, r.status FROM progress_entry r
                    WHERE r.target_id = g.id AND r.as_of <= as_of_day AND r.as_of > as_of_day - 731 AND r.recorded_at <= known AND r.id <> ALL (corrected)
                    UNION ALL
                    (SELECT r.id, r.as_of, r.status FROM progress_entry r
                    LEFT JOIN LATERAL (
                        SELECT o.id, o.as_of FROM progress_entry o
                        WHERE o.target_id = g.id AND o.as_of <= as_of_day - 731 AND o.recorded_at <= known AND o.status NOT IN ('achieved', 'stopped') AND o.id <> ALL (corrected)
                        ORDER BY o.as_of DESC, o.id DESC
                        LIMIT 1
                    ) open ON true
                    WHERE r.target_id = g.id AND r.as_of <= as_of_day - 731 AND r.recorded_at <= known AND r.id <> ALL (corrected)
                      AND (open.id IS NULL OR (r.as_of, r.id) >= (open.as_of, open.id))
                    ORDER BY r.id = open.id, r.as_of, r.id
                    LIMIT 1)
                ) e ON true
                WHERE g.mandate_id = of_mandate AND (of_targets IS NULL OR g.id = ANY (of_targets))
                ORDER BY e.as_of, e.id
            ) x),
        'events', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', v.id, 'kind', v.kind, 'kind_nl', k.name_nl, 'kind_fr', k.name_fr, 'triggers', k.triggers,
                'title', v.title, 'lang', v.lang, 'from', v.starts_on, 'until', v.ends_on, 'place', v.place, 'participants', v.participants,
                'targets', (SELECT jsonb_agg(t.target_id ORDER BY t.target_id) FROM event_target t WHERE t.event_id = v.id),
                'by_id', v.recorded_by, 'by', n.name, 'behalf_id', v.on_behalf_of, 'behalf', b.name,
                'at', v.recorded_at, 'cancelled_at', CASE WHEN v.cancelled_at <= known THEN v.cancelled_at END) ORDER BY v.starts_on, v.id)
            FROM event v
            JOIN event_kind k ON k.code = v.kind
            JOIN person n ON n.id = v.recorded_by
            LEFT JOIN person b ON b.id = v.on_behalf_of
            WHERE v.mandate_id = of_mandate AND v.recorded_at <= known
              AND (of_targets IS NULL OR EXISTS (SELECT FROM event_target t WHERE t.event_id = v.id AND t.target_id = ANY (of_targets)))),
        'answers', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', a.id, 'target', a.target_id, 'event', a.event_id, 'due', a.due, 'timing', a.timing, 'done_on', a.done_on,
                'note', a.note, 'link', a.link, 'lang', a.lang, 'by_id', a.author_id, 'by', n.name,
                'behalf_id', a.on_behalf_of, 'behalf', b.name, 'at', a.recorded_at, 'files', CASE WHEN a.files > 0 THEN evidence_of_answer(a.id) END) ORDER BY a.id)
            FROM duty_answer a
            JOIN person n ON n.id = a.author_id
            LEFT JOIN person b ON b.id = a.on_behalf_of
            WHERE a.mandate_id = of_mandate AND a.recorded_at <= known AND (of_targets IS NULL OR a.target_id = ANY (of_targets))),
        'waivers', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', w.id, 'target', w.target_id, 'event', w.event_id, 'due', w.due, 'reason', w.reason, 'lang', w.lang,
                'by_id', w.waived_by, 'by', n.name, 'at', w.recorded_at) ORDER BY w.id)
            FROM duty_waiver w
            JOIN person n ON n.id = w.waived_by
            WHERE w.mandate_id = of_mandate AND w.recorded_at <= known AND (of_targets IS NULL OR w.target_id = ANY (of_targets)))));
END
$$;
-- +goose StatementEnd
