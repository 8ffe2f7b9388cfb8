-- +goose Up

-- Indicators are found by the words of their names, also within longer ones, and
-- by their codes.
CREATE INDEX indicator_version_words ON indicator_version USING gin ((words_of(name_nl, name_fr) || endings_of(name_nl)));
CREATE INDEX indicator_code ON indicator (code);

-- Rules of rows keep a search from the index of words: this looks in it for whoever
-- asks, and gives those that they may see.
-- +goose StatementBegin
CREATE FUNCTION search_indicators(words tsquery, until date, known timestamptz) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp AS $$
BEGIN
    IF numnode(words) = 0 THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT v.indicator_id
        FROM indicator_version v
        WHERE (words_of(v.name_nl, v.name_fr) || endings_of(v.name_nl)) @@ words AND v.valid_from <= until AND v.recorded_at <= known
            AND NOT EXISTS (
                SELECT FROM indicator_version x
                WHERE x.indicator_id = v.indicator_id AND (x.valid_from, x.id) > (v.valid_from, v.id) AND x.valid_from <= until AND x.recorded_at <= known)
            AND (viewing_system() OR v.mandate_id IN (SELECT visible_mandates()) OR v.indicator_id IN (SELECT addressed_indicators()));
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION search_indicators(tsquery, date, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_indicators(tsquery, date, timestamptz) TO jalon_app;

-- +goose Down
DROP FUNCTION search_indicators(tsquery, date, timestamptz);
DROP INDEX indicator_code;
DROP INDEX indicator_version_words;
