-- +goose Up

-- Cells hold a half-year as it stands at its end. Before the last day within it on
-- which a place or a deadline begins, they tell of what is not there yet: a reader
-- of such a day looks every target up. NULL: they hold on every day.
ALTER TABLE mandate_period_cells ADD COLUMN holds_from date;

UPDATE mandate_period_cells c
SET holds_from = s.day
FROM (
    SELECT x.mandate_id, x.period, max(b.valid_from) AS day
    FROM mandate_period_cells x
    JOIN (
        SELECT mandate_id, valid_from FROM objective
        UNION ALL SELECT mandate_id, valid_from FROM measurement_point
        UNION ALL SELECT mandate_id, valid_from FROM target
        UNION ALL SELECT mandate_id, valid_from FROM deadline WHERE target_id IS NOT NULL
    ) b ON b.mandate_id = x.mandate_id AND b.valid_from > x.period AND b.valid_from < x.period + interval '6 months'
    GROUP BY x.mandate_id, x.period
) s
WHERE c.mandate_id = s.mandate_id AND c.period = s.period;

-- +goose Down
ALTER TABLE mandate_period_cells DROP COLUMN holds_from;
