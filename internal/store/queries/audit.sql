-- name: RecordEvent :batchexec
INSERT INTO audit_event (actor_id, on_behalf_of, action, object, mandate_id, request_id, address, detail)
VALUES (NULLIF(@actor_id::bigint, 0), NULLIF(@on_behalf_of::bigint, 0), @action, @object, NULLIF(@mandate_id::bigint, 0), @request_id, @address, @detail);

-- name: RecordEventOnce :exec
-- Unless the same was recorded within so many minutes.
INSERT INTO audit_event (actor_id, on_behalf_of, action, object, mandate_id, request_id, address, detail)
SELECT @actor_id::bigint, NULLIF(@on_behalf_of::bigint, 0), @action::text, @object::text, NULLIF(@mandate_id::bigint, 0), @request_id::text, @address::text, @detail::jsonb
WHERE NOT EXISTS (
    SELECT FROM audit_event e
    WHERE e.actor_id = @actor_id::bigint AND e.at > now() - make_interval(mins => @minutes::integer)
      AND e.action = @action::text AND e.object = @object::text AND e.detail = @detail::jsonb
      AND COALESCE(e.mandate_id, 0) = @mandate_id::bigint);

-- name: LockReading :exec
-- Two pages that a person opens at once take turns here.
SELECT pg_advisory_xact_lock(hashtextextended('jalon reading ' || @what::text, 0));

-- name: TrailLinks :many
-- The chain in its order, each link with its event, after a place and up to a day.
SELECT
    l.event_id, l.day, l.seq, l.prev, l.hash,
    (e.id IS NOT NULL)::boolean AS found,
    e.at, COALESCE(e.actor_id, 0)::bigint AS actor_id, COALESCE(e.on_behalf_of, 0)::bigint AS on_behalf_of,
    COALESCE(e.action, '')::text AS action, COALESCE(e.object, '')::text AS object, COALESCE(e.mandate_id, 0)::bigint AS mandate_id,
    COALESCE(e.request_id, '')::text AS request_id, COALESCE(e.address, '')::text AS address, COALESCE(e.detail::text, '')::text AS detail
FROM audit_link l
LEFT JOIN audit_event e ON e.id = l.event_id
WHERE (l.day, l.seq) > (@after_day::date, @after_seq::integer) AND (@until::date IS NULL OR l.day <= @until::date)
ORDER BY l.day, l.seq
LIMIT @most::integer;

-- name: LooseEvents :many
-- Events without a link; there are none unless somebody put them in.
SELECT e.id, e.at
FROM audit_event e
WHERE NOT EXISTS (SELECT FROM audit_link l WHERE l.event_id = e.id)
ORDER BY e.id
LIMIT 1000;

-- name: LastLinkBefore :one
SELECT day, hash
FROM audit_link
WHERE day < @day::date
ORDER BY day DESC, seq DESC
LIMIT 1;

-- name: AuditDays :many
SELECT day, events, head, signed_at, signature, key_id, public_key
FROM audit_day
WHERE (@since::date IS NULL OR day >= @since::date) AND (@until::date IS NULL OR day <= @until::date)
ORDER BY day;

-- name: UnsignedDays :many
-- Days that have ended and are not signed, with their last link.
SELECT DISTINCT ON (l.day) l.day, l.seq, l.hash
FROM audit_link l
WHERE l.day > COALESCE((SELECT max(d.day) FROM audit_day d), '-infinity'::date) AND l.day < @before::date
ORDER BY l.day, l.seq DESC;

-- name: InsertAuditDay :execrows
INSERT INTO audit_day (day, events, head, signed_at, signature, key_id, public_key)
VALUES (@day, @events, @head, @signed_at, @signature, @key_id, @public_key)
ON CONFLICT (day) DO NOTHING;

-- name: InsertAuditCheck :exec
INSERT INTO audit_check (at, events, findings, first)
VALUES (@at, @events, @findings, @first);

-- name: TrailState :one
-- The last check of the trail, and its last signed day.
SELECT
    (SELECT to_jsonb(c) FROM audit_check c ORDER BY c.id DESC LIMIT 1)::jsonb AS checked,
    (SELECT jsonb_build_object('day', d.day, 'head', encode(d.head, 'hex'), 'key_id', d.key_id) FROM audit_day d ORDER BY d.day DESC LIMIT 1)::jsonb AS signed;

-- name: TrailChoices :one
-- What the audit trail can be asked for: everybody, the actions that occur, found
-- along the index and not by reading all, and the mandates of a scope. With TrailState.
WITH RECURSIVE known AS (
    (SELECT action FROM audit_event ORDER BY action LIMIT 1)
    UNION ALL
    SELECT (SELECT e.action FROM audit_event e WHERE e.action > k.action ORDER BY e.action LIMIT 1)
    FROM known k
    WHERE k.action IS NOT NULL
)
SELECT
    (SELECT jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name) ORDER BY p.name COLLATE "nl-x-icu", p.id) FROM person p)::jsonb AS people,
    ARRAY(SELECT k.action FROM known k WHERE k.action IS NOT NULL)::text[] AS actions,
    (SELECT jsonb_agg(jsonb_build_object(
        'code', m.code, 'nl', m.title_nl, 'fr', m.title_fr, 'nl_state', m.title_nl_state, 'fr_state', m.title_fr_state) ORDER BY m.position, m.code)
    FROM mandate m
    WHERE @everything::boolean OR m.institution_id = ANY (@institutions::bigint[]) OR m.id = ANY (@mandates::bigint[]))::jsonb AS mandates,
    (SELECT to_jsonb(c) FROM audit_check c ORDER BY c.id DESC LIMIT 1)::jsonb AS checked,
    (SELECT jsonb_build_object('day', d.day, 'head', encode(d.head, 'hex'), 'key_id', d.key_id) FROM audit_day d ORDER BY d.day DESC LIMIT 1)::jsonb AS signed;

-- name: SigningKeys :many
-- Every key that sealed a table, signed an erratum or signed a day, with its first and last day in
-- Brussels; the key that was used last comes first. It reads nothing else.
SELECT u.public_key, min(u.day)::date AS first, max(u.day)::date AS last
FROM (
    SELECT s.public_key, (s.sealed_at AT TIME ZONE 'Europe/Brussels')::date AS day FROM seal s
    UNION ALL
    SELECT r.public_key, (r.sealed_at AT TIME ZONE 'Europe/Brussels')::date FROM round_seal r
    UNION ALL
    SELECT e.public_key, (e.recorded_at AT TIME ZONE 'Europe/Brussels')::date FROM erratum e
    UNION ALL
    SELECT d.public_key, (d.signed_at AT TIME ZONE 'Europe/Brussels')::date FROM audit_day d
) u
GROUP BY u.public_key
ORDER BY max(u.day) DESC, min(u.day) DESC, u.public_key;
