-- name: DossierRows :one
-- What a dossier tells of a mandate beside its sheets, up to a day: every entry
-- with all its versions, what was added to entries and answers, what bodies said,
-- the deadlines that amendments replaced, and the context and goals of the objectives as they were on the first day.
SELECT
    (SELECT jsonb_agg(to_jsonb(h) || jsonb_build_object('author', ha.name, 'behalf', hb.name) ORDER BY h.target_id, h.as_of, h.id)
    FROM progress_entry h
    JOIN person ha ON ha.id = h.author_id
    LEFT JOIN person hb ON hb.id = h.on_behalf_of
    WHERE h.mandate_id = m.id AND h.as_of <= @as_of::date)::jsonb AS entries,
    (SELECT jsonb_agg(jsonb_build_object(
        'target', v.target_id, 'entry', v.entry_id, 'answer', v.answer_id,
        'id', v.id, 'sha256', encode(v.sha256, 'hex'), 'size', v.size, 'kind', v.kind, 'name', v.name,
        'confidential', v.confidential, 'by_id', v.added_by, 'by', n.name, 'at', v.added_at) ORDER BY v.id)
    FROM evidence v
    JOIN person n ON n.id = v.added_by
    WHERE v.mandate_id = m.id)::jsonb AS files,
    (SELECT jsonb_agg(jsonb_build_object(
        'target', v.target_id, 'entry', v.entry_id, 'id', v.id, 'url', v.url, 'title', v.title, 'by', n.name, 'at', v.added_at) ORDER BY v.id)
    FROM evidence_link v
    JOIN person n ON n.id = v.added_by
    WHERE v.mandate_id = m.id)::jsonb AS links,
    (SELECT jsonb_agg(jsonb_build_object(
        'id', d.id, 'code', g.code, 'period', d.period, 'kind', d.kind, 'text', d.text, 'lang', d.lang, 'due', d.due, 'by', n.name, 'at', d.recorded_at,
        'body_nl', b.name_nl, 'body_fr', b.name_fr,
        'answer', (
            SELECT jsonb_build_object('text', a.text, 'lang', a.lang, 'by', an.name, 'behalf', ab.name, 'at', a.recorded_at)
            FROM decision_answer a
            JOIN person an ON an.id = a.author_id
            LEFT JOIN person ab ON ab.id = a.on_behalf_of
            WHERE a.decision_id = d.id)) ORDER BY d.id)
    FROM decision d
    JOIN target g ON g.id = d.target_id
    JOIN body b ON b.id = d.body_id
    JOIN person n ON n.id = d.recorded_by
    WHERE d.mandate_id = m.id)::jsonb AS decisions,
    (SELECT jsonb_agg(jsonb_build_object('code', o.code, 'kind', s.kind, 'nl', w.nl, 'fr', w.fr, 'nl_state', w.nl_state, 'fr_state', w.fr_state) ORDER BY o.position, s.kind, s.position)
    FROM objective o
    JOIN passage s ON s.objective_id = o.id
    JOIN LATERAL (SELECT * FROM wording_version v WHERE v.wording_id = s.wording_id AND v.valid_from <= @fixed_on::date ORDER BY v.valid_from DESC, v.recorded_at DESC LIMIT 1) w ON true
    WHERE o.mandate_id = m.id AND s.valid_from <= @fixed_on::date)::jsonb AS passages,
    (SELECT jsonb_agg(jsonb_build_object('target', x.target_id, 'until', x.next - 1, 'reading', x.reading) ORDER BY x.valid_from)
    FROM (
        SELECT d.target_id, d.reading, d.valid_from, lead(d.valid_from) OVER (PARTITION BY d.target_id ORDER BY d.valid_from) AS next
        FROM deadline d
        WHERE d.mandate_id = m.id AND d.target_id IS NOT NULL AND d.valid_from <= @as_of::date) x
    WHERE x.next IS NOT NULL)::jsonb AS earlier
FROM mandate m
WHERE m.id = @mandate_id;

-- name: DossierTables :many
-- The sealed tables of a mandate for the half-years between two days, as signed, the earliest first.
SELECT s.period::date AS period, s.number, s.sealed_at, n.name AS sealed_by, s.sha256, s.signature, s.key_id, s.public_key,
    sealed_document(s.mandate_id, s.period::date)::bytea AS document
FROM seal_seen s
JOIN person n ON n.id = s.sealed_by
WHERE s.mandate_id = @mandate_id AND s.targets IS NULL AND s.period >= @since::date AND s.period <= @until::date
ORDER BY s.period;

-- name: DossierErrata :many
SELECT s.period::date AS period, e.document, e.signature, e.key_id, e.public_key
FROM erratum e
JOIN seal s ON s.id = e.seal_id AND s.targets IS NULL
WHERE e.mandate_id = @mandate_id
ORDER BY s.period, e.number;
