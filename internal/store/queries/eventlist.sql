-- name: Register :many
-- The events of a mandate, also those that were cancelled, in the order in
-- which they were recorded.
SELECT
    v.id, COALESCE(v.uid, '')::text AS uid, v.kind, v.title, v.starts_on, v.ends_on, v.cancelled_at,
    ARRAY(SELECT t.target_id FROM event_target t WHERE t.event_id = v.id ORDER BY t.target_id)::bigint[] AS targets
FROM event v
WHERE v.mandate_id = @mandate_id
ORDER BY v.id;

-- name: InsertEventList :one
INSERT INTO event_list (mandate_id, file_name, sha256, recorded, cancelled, imported_by, imported_at)
VALUES (@mandate_id, @file_name, @sha256, @recorded, @cancelled, @imported_by, @imported_at)
RETURNING id;

-- name: InsertListedEvents :exec
-- The events of a list with their targets, all in one statement.
WITH listed AS MATERIALIZED (
    SELECT
        nextval(pg_get_serial_sequence('event', 'id')) AS id, e.value ->> 'uid' AS uid, e.value ->> 'kind' AS kind, e.value ->> 'title' AS title,
        (e.value ->> 'from')::date AS starts_on, (e.value ->> 'until')::date AS ends_on, e.value ->> 'place' AS place,
        (e.value ->> 'participants')::integer AS participants, e.value -> 'targets' AS targets
    FROM jsonb_array_elements(@events::jsonb) AS e
), recorded AS (
    INSERT INTO event (id, mandate_id, list_id, uid, kind, title, lang, starts_on, ends_on, place, participants, recorded_by, on_behalf_of, recorded_at)
    OVERRIDING SYSTEM VALUE
    SELECT l.id, @mandate_id::bigint, @list_id::bigint, l.uid, l.kind, l.title, @lang::text, l.starts_on, l.ends_on, l.place, l.participants, @recorded_by::bigint, sqlc.narg(on_behalf_of)::bigint, @recorded_at::timestamptz
    FROM listed l
)
INSERT INTO event_target (mandate_id, event_id, target_id)
SELECT @mandate_id::bigint, l.id, t.value::bigint
FROM listed l, jsonb_array_elements_text(l.targets) AS t;

-- name: CancelEvents :execrows
UPDATE event
SET cancelled_by = @by::bigint, cancelled_at = @at::timestamptz
WHERE mandate_id = @mandate_id AND id = ANY (@ids::bigint[]) AND cancelled_at IS NULL;
