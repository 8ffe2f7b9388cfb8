-- +goose Up

-- Nothing is owed before somebody held the mandate: the cells of half-years that
-- ended by then say otherwise. Who asks for one of them looks every target up.
DELETE FROM mandate_period_cells c
USING (SELECT t.mandate_id, min(t.starts_on) AS held_from FROM tenure t GROUP BY t.mandate_id) h
WHERE h.mandate_id = c.mandate_id AND h.held_from >= c.period + interval '6 months';

-- +goose Down
SELECT 1;
