-- name: AnyErrata :one
-- Whether anything was said of the whole tables of some mandates after they
-- were sealed, up to a moment.
SELECT EXISTS (
    SELECT FROM erratum e
    JOIN seal s ON s.id = e.seal_id
    WHERE s.mandate_id = ANY(@mandates::bigint[]) AND s.period = @period::date AND s.targets IS NULL
        AND e.recorded_at <= @until::timestamptz
);

-- name: AnyBodyErrata :one
-- Whether anything was said of the tables of what goes to a body after they were
-- sealed, up to a moment.
SELECT EXISTS (
    SELECT FROM erratum e
    JOIN seal s ON s.id = e.seal_id
    WHERE s.body_id = @body_id AND s.period = @period::date AND s.targets IS NOT NULL
        AND e.recorded_at <= @until::timestamptz
);

-- name: SealForErratum :one
-- The sealed table, and how many errata it has. The caller holds the lock of the mandate.
SELECT s.id, s.number, s.sha256, (SELECT count(*) FROM erratum e WHERE e.seal_id = s.id) AS errata
FROM seal s
WHERE s.mandate_id = @mandate_id AND s.period = @period::date
    AND (s.targets IS NULL AND @body_id::bigint = 0 OR s.targets IS NOT NULL AND s.body_id = @body_id);

-- name: InsertErratum :exec
INSERT INTO erratum (mandate_id, seal_id, number, code, recorded_by, recorded_at, document, signature, key_id, public_key)
VALUES (@mandate_id, @seal_id, @number, @code, @recorded_by, @recorded_at, @document, @signature, @key_id, @public_key);
