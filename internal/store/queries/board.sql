-- name: BodiesList :many
-- Every body, by institution.
SELECT b.id, b.code, b.name_nl, b.name_fr, b.scope, b.kind,
    i.id AS institution_id, i.code AS institution_code, i.name_nl AS institution_nl, i.name_fr AS institution_fr
FROM body b
JOIN institution i ON i.id = b.institution_id
ORDER BY i.code, b.id;

-- name: BodyMandates :many
-- A body by the code of its institution and its own, once for each mandate of
-- which something goes to it on a day, as known at an instant, with the codes of the
-- targets that do ('{}' when all do) and the table before a half-year that was sealed
-- by the instant of acts; once without when there is none. The tables of one mandate
-- that were sealed for it come along in the first row where asked for, the latest
-- first, that of the half-year with its document and what was said of it afterwards.
SELECT
    b.id AS body_id, b.code AS body_code, b.name_nl, b.name_fr, b.scope, b.kind,
    i.id AS institution_id, i.code AS institution_code, i.name_nl AS institution_nl, i.name_fr AS institution_fr,
    COALESCE(m.id, 0)::bigint AS mandate_id, COALESCE(m.code, '')::text AS mandate_code, m.codes::text[] AS codes,
    COALESCE(s.number, '')::text AS previous_number, s.period::date AS previous_period, COALESCE(encode(s.sha256, 'hex'), '')::text AS previous_sha256,
    (CASE WHEN @seals_of::text <> '' AND row_number() OVER (ORDER BY m.position, m.code) = 1 THEN (
        SELECT jsonb_agg(jsonb_build_object(
            'mandate_id', x.mandate_id, 'period', x.period, 'number', x.number, 'sealed_at', x.sealed_at, 'sealed_by', n.name,
            'sha256', encode(x.sha256, 'hex'), 'signature', x.signature, 'key_id', x.key_id, 'public_key', x.public_key,
            'document', encode(d.document, 'base64'), 'errata', d.errata) ORDER BY x.period DESC)
        FROM seal_seen x
        JOIN mandate y ON y.id = x.mandate_id AND y.code = @seals_of::text
        JOIN person n ON n.id = x.sealed_by
        LEFT JOIN LATERAL (
            SELECT z.document, (
                SELECT jsonb_agg(jsonb_build_object('document', encode(e.document, 'base64'), 'signature', e.signature, 'key_id', e.key_id, 'public_key', e.public_key) ORDER BY e.number)
                FROM erratum e
                WHERE e.seal_id = z.id) AS errata
            FROM seal z
            WHERE z.mandate_id = x.mandate_id AND z.body_id = x.body_id AND z.period = x.period AND z.targets IS NOT NULL AND z.period = @period::date
        ) d ON true
        WHERE x.body_id = b.id AND x.targets IS NOT NULL) END)::jsonb AS seals
FROM body b
JOIN institution i ON i.id = b.institution_id
LEFT JOIN LATERAL (
    SELECT m.id, m.code, m.position, '{}'::text[] AS codes
    FROM mandate m
    WHERE m.institution_id = b.institution_id AND b.scope = 'all'
    UNION ALL
    SELECT m.id, m.code, m.position, array_agg(DISTINCT g.code)
    FROM addressee_told a
    JOIN target g ON g.id = a.target_id AND g.valid_from <= @on_day::date AND g.told_from <= @known::timestamptz
    JOIN mandate m ON m.id = a.mandate_id
    WHERE a.body_id = b.id AND b.scope = 'addressed' AND a.valid_from <= @on_day::date AND (a.valid_until IS NULL OR a.valid_until >= @on_day::date)
        AND a.told_from <= @known::timestamptz AND a.told_until > @known::timestamptz
    GROUP BY m.id
) m ON true
LEFT JOIN LATERAL (
    SELECT s.number, s.period, s.sha256
    FROM seal_seen s
    WHERE s.mandate_id = m.id AND s.period < @period::date AND s.sealed_at <= @acts::timestamptz
        -- a body that gets some targets compares with its own: its members cannot open that of the whole mandate
        AND (b.scope = 'all' AND s.targets IS NULL OR b.scope = 'addressed' AND s.targets IS NOT NULL AND s.body_id = b.id)
    ORDER BY s.period DESC
    LIMIT 1
) s ON true
WHERE i.code = @institution AND b.code = @code
ORDER BY m.position, m.code;

-- name: InsertDecision :one
INSERT INTO decision (mandate_id, target_id, body_id, period, kind, text, lang, due, recorded_by, recorded_at)
VALUES (@mandate_id, @target_id, @body_id, @period::date, @kind, @text, @lang, @due, @recorded_by, @recorded_at)
RETURNING id;

-- name: InsertDecisionAnswer :exec
INSERT INTO decision_answer (decision_id, mandate_id, target_id, text, lang, author_id, on_behalf_of, recorded_at)
VALUES (@decision_id, @mandate_id, @target_id, @text, @lang, @author_id, sqlc.narg(on_behalf_of), @recorded_at);

-- name: AddresseeRows :many
-- The bodies of the institution of a target, each with every step by which the target
-- goes or went to it, as known at an instant, and when that was dated. A body to which it never went has one row, without a step.
SELECT
    b.id AS body_id, b.code AS body_code, b.name_nl, b.name_fr, b.kind AS body_kind,
    COALESCE(a.id, 0)::bigint AS id, COALESCE(a.form, '')::text AS form, COALESCE(a.cadence, '')::text AS cadence, COALESCE(a.after_id, 0)::bigint AS after_id,
    a.valid_from, a.valid_until, COALESCE(n.name, '')::text AS set_name, COALESCE(a.set_at, to_timestamp(0))::timestamptz AS set_at,
    (SELECT jsonb_agg(jsonb_build_object('covers', t.covers, 'given_on', t.given_on, 'by', tn.name, 'at', t.recorded_at) ORDER BY t.covers DESC)
    FROM transmission t
    JOIN person tn ON tn.id = t.recorded_by
    WHERE t.addressee_id = a.id AND t.recorded_at <= @known::timestamptz)::jsonb AS given
FROM target g
JOIN mandate m ON m.id = g.mandate_id
JOIN body b ON b.institution_id = m.institution_id
LEFT JOIN addressee_told a ON a.target_id = g.id AND a.body_id = b.id AND a.told_from <= @known::timestamptz AND a.told_until > @known::timestamptz
LEFT JOIN person n ON n.id = a.set_by
WHERE g.id = @target_id
ORDER BY COALESCE(a.after_id, a.id), a.id, b.id;

-- name: InsertAddressee :one
INSERT INTO addressee (mandate_id, target_id, body_id, form, cadence, after_id, valid_from, valid_until, set_by, set_at)
VALUES (@mandate_id, @target_id, @body_id, @form, @cadence, sqlc.narg(after_id), @valid_from, @valid_until, sqlc.narg(set_by), @set_at)
RETURNING id;

-- name: EndAddressee :execrows
UPDATE addressee
SET valid_until = @valid_until::date
WHERE id = @id AND mandate_id = @mandate_id AND (valid_until IS NULL OR valid_until > @valid_until::date);

-- name: InsertTransmission :one
INSERT INTO transmission (mandate_id, target_id, addressee_id, covers, given_on, recorded_by, recorded_at)
VALUES (@mandate_id, @target_id, @addressee_id, @covers, @given_on, @recorded_by, @recorded_at)
RETURNING id;

-- name: TargetByCode :one
SELECT g.id
FROM target g
JOIN mandate m ON m.id = g.mandate_id
WHERE m.code = @mandate AND g.code = @code;

-- name: TargetIDs :many
-- The targets of a mandate with these codes.
SELECT g.id
FROM target g
WHERE g.mandate_id = @mandate_id AND g.code = ANY (@codes::text[])
ORDER BY g.id;
