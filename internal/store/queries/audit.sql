-- name: RecordEvent :exec
INSERT INTO audit_event (actor_id, action, object, mandate_id, request_id, detail)
VALUES (NULLIF(@actor_id::bigint, 0), @action, @object, NULLIF(@mandate_id::bigint, 0), @request_id, @detail);
