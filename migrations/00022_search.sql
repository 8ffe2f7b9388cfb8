-- +goose Up

-- ─── Words as they are searched ────────────────────────────────────────────

-- Full text in Dutch and French, without accents, capitals and punctuation. It
-- needs no extension: a server may have none. Each letter of a text is looked
-- up from the left, so the frequent ones stand first. The package search does
-- the same in Go; a test compares the two.
CREATE FUNCTION fold(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(
    replace(replace(replace(replace(replace(replace(replace(words, 'œ', 'oe'), 'Œ', 'oe'), 'æ', 'ae'), 'Æ', 'ae'), 'ß', 'ss'), 'ĳ', 'ij'), 'Ĳ', 'ij'),
    ' enatirodslghvkmubpwcfjzyxqéèàçêôîûëâï’.,-''ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝáãäåìíñòóõöùúüýÿĀāĂăĄąĆćĈĉĊċČčĎďĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĨĩĪīĬĭĮįİĴĵĶķĹĺĻļĽľŃńŅņŇňŌōŎŏŐőŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžȘșȚțØøĐđŁłıĦħ'
    || E'!"#$%&()*+/:;<=>?@[\\]^_`{|}~\u0009\u000a\u000d\u00a0¡§«°´·»¿×\u2009\u2010\u2011–—‘‚“”„•…\u202f‹›€→'
    || E'\u00ad\u200b\u200c\u200d\ufeff\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327\u0328', -- not seen: nothing stands for these
    ' enatirodslghvkmubpwcfjzyxqeeaceoiueai     abcdefghijklmnopqrstuvwxyz0123456789aaaaaaceeeeiiiinooooouuuuyaaaaiinoooouuuyyaaaaaaccccccccddeeeeeeeeeegggggggghhiiiiiiiiijjkkllllllnnnnnnoooooorrrrrrssssssssttttuuuuuuuuuuuuwwyyyzzzzzzssttooddllihh'
    || repeat(' ', 58));

-- The words of a text in both languages.
CREATE FUNCTION words_of(nl text, fr text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_tsvector('pg_catalog.dutch', fold(nl)) || to_tsvector('pg_catalog.french', fold(fr));

-- The number of a half-year: they follow each other without a gap.
CREATE FUNCTION half_number(day date) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN extract(year FROM day)::integer * 2 + (extract(month FROM day)::integer - 1) / 6;

-- The words of a text in one language, with two marks that nobody can type:
-- the mandate, and the half-year of its day. With these the index itself keeps
-- to what somebody may see, and to the latest of what all holds the same word.
CREATE FUNCTION marked_words_of(lang text, words text, of_mandate bigint, of_day date) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_tsvector(CASE lang WHEN 'fr' THEN 'pg_catalog.french'::regconfig ELSE 'pg_catalog.dutch'::regconfig END, fold(words))
    || array_to_tsvector(ARRAY['~m' || of_mandate::text, '~h' || half_number(of_day)::text]);

-- What was typed, as a query: all words, in one of the languages. The words are
-- folded, with & between them. Of a last word that may not be finished its
-- beginning is enough; that is given as lexemes, and left out where the word is
-- one that every text holds.
CREATE FUNCTION search_query(first_words text, last_word text, beginning text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (to_tsquery('pg_catalog.dutch', first_words) && (to_tsquery('pg_catalog.dutch', last_word)
        || CASE WHEN numnode(to_tsquery('pg_catalog.dutch', last_word)) = 0 THEN ''::tsquery ELSE to_tsquery('pg_catalog.simple', beginning) END))
    || (to_tsquery('pg_catalog.french', first_words) && (to_tsquery('pg_catalog.french', last_word)
        || CASE WHEN numnode(to_tsquery('pg_catalog.french', last_word)) = 0 THEN ''::tsquery ELSE to_tsquery('pg_catalog.simple', beginning) END));

CREATE INDEX wording_version_words ON wording_version USING gin (words_of(nl, fr));
CREATE INDEX objective_wording ON objective (wording_id);
CREATE INDEX passage_wording ON passage (wording_id);
CREATE INDEX measurement_point_wording ON measurement_point (wording_id);
CREATE INDEX target_wording ON target (wording_id);
CREATE INDEX kpi_wording ON kpi (wording_id);

-- An entry is not slower for being searchable: it waits in a list until there
-- are enough of them, which stays short enough to be read by every search.
CREATE INDEX progress_entry_words ON progress_entry USING gin (
    marked_words_of(lang, achieved || ' ' || obstacles || ' ' || next_steps || ' ' || support_asked || ' ' || support_of || ' ' || reason, mandate_id, as_of)
) WITH (gin_pending_list_limit = 512);
CREATE INDEX decision_words ON decision USING gin (marked_words_of(lang, text, mandate_id, (recorded_at AT TIME ZONE 'Europe/Brussels')::date));
CREATE INDEX decision_answer_words ON decision_answer USING gin (marked_words_of(lang, text, mandate_id, (recorded_at AT TIME ZONE 'Europe/Brussels')::date));
CREATE INDEX event_words ON event USING gin (marked_words_of(lang, title || ' ' || place, mandate_id, starts_on));

-- ─── Search in what is guarded by row ──────────────────────────────────────

-- Behind a policy an index on words is of no use: a condition that could tell
-- something of a row it refuses is asked after the policy, row by row. So this
-- reads with the rights of its owner and asks by itself, twice: what the policies
-- ask, and what the caller says that the viewer may see (whole mandates, and
-- parts of others such as 12:S3 or 12:S3.2-1). It gives numbers only; the rows
-- are read behind their policies.
-- +goose StatementBegin
CREATE FUNCTION search_guarded(words tsquery, everything boolean, whole bigint[], parts text[], until date, most integer)
RETURNS TABLE (kind text, id bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp AS $$
DECLARE
    mandates bigint[];
    targets bigint[];
    near bigint[];
    asked tsquery;
    high integer := half_number(until);
    span integer := 1;
    found integer := 0;
    n integer;
BEGIN
    IF numnode(words) = 0 THEN
        RETURN;
    END IF;
    targets := ARRAY(
        SELECT g.id FROM unnest(parts) p
        JOIN target g ON g.mandate_id = split_part(p, ':', 1)::bigint
        WHERE split_part(p, ':', 2) IN (g.code, substring(g.code FROM '^[ST][0-9]+')));
    IF viewing_system() THEN
        mandates := CASE WHEN everything THEN ARRAY(SELECT m.id FROM mandate m) ELSE whole END;
    ELSE
        mandates := ARRAY(SELECT v FROM visible_mandates() v WHERE everything OR v = ANY (whole));
        targets := ARRAY(
            SELECT g.id FROM target g
            WHERE g.id = ANY (targets) AND g.mandate_id IN (SELECT visible_mandates())
            UNION
            SELECT g.id FROM target g
            WHERE g.id IN (SELECT addressed_targets('committee_member', 'secretary'))
                AND (everything OR g.id = ANY (targets) OR g.mandate_id = ANY (whole)));
    END IF;
    near := ARRAY(SELECT unnest(mandates) UNION SELECT g.mandate_id FROM target g WHERE g.id = ANY (targets));
    IF cardinality(near) = 0 THEN
        RETURN;
    END IF;
    asked := words;
    IF cardinality(near) <= 60 THEN
        asked := asked && (SELECT string_agg('''~m' || m || '''', '|') FROM unnest(near) m)::tsquery;
    END IF;

    LOOP -- one half-year, then two before it, then four, until there are enough
        RETURN QUERY
            SELECT 'entry', e.id
            FROM progress_entry e
            WHERE marked_words_of(e.lang, e.achieved || ' ' || e.obstacles || ' ' || e.next_steps || ' ' || e.support_asked || ' ' || e.support_of || ' ' || e.reason, e.mandate_id, e.as_of)
                    @@ (asked && (SELECT string_agg('''~h' || h || '''', '|') FROM generate_series(high - span + 1, high) h)::tsquery)
                AND e.as_of <= until
                AND (e.mandate_id IN (SELECT unnest(mandates)) OR e.target_id IN (SELECT unnest(targets)))
                AND NOT EXISTS (SELECT FROM progress_entry x WHERE x.supersedes = e.id)
            ORDER BY e.as_of DESC, e.id DESC
            LIMIT most - found;
        GET DIAGNOSTICS n = ROW_COUNT;
        found := found + n;
        high := high - span;
        span := span * 2;
        EXIT WHEN found >= most OR high < half_number('2000-01-01');
    END LOOP;

    RETURN QUERY
        SELECT 'decision', d.id
        FROM decision d
        WHERE marked_words_of(d.lang, d.text, d.mandate_id, (d.recorded_at AT TIME ZONE 'Europe/Brussels')::date) @@ asked
            AND (d.recorded_at AT TIME ZONE 'Europe/Brussels')::date <= until
            AND (d.mandate_id IN (SELECT unnest(mandates)) OR d.target_id IN (SELECT unnest(targets)))
        ORDER BY d.id DESC
        LIMIT most;
    RETURN QUERY
        SELECT 'answer', a.id
        FROM decision_answer a
        WHERE marked_words_of(a.lang, a.text, a.mandate_id, (a.recorded_at AT TIME ZONE 'Europe/Brussels')::date) @@ asked
            AND (a.recorded_at AT TIME ZONE 'Europe/Brussels')::date <= until
            AND (a.mandate_id IN (SELECT unnest(mandates)) OR a.target_id IN (SELECT unnest(targets)))
        ORDER BY a.id DESC
        LIMIT most;
    RETURN QUERY
        SELECT 'event', v.id
        FROM event v
        WHERE marked_words_of(v.lang, v.title || ' ' || v.place, v.mandate_id, v.starts_on) @@ asked
            AND (v.recorded_at AT TIME ZONE 'Europe/Brussels')::date <= until
            AND (v.mandate_id IN (SELECT unnest(mandates)) OR EXISTS (SELECT FROM event_target t WHERE t.event_id = v.id AND t.target_id IN (SELECT unnest(targets))))
        ORDER BY v.starts_on DESC, v.id DESC
        LIMIT most;
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION search_guarded(tsquery, boolean, bigint[], text[], date, integer);
DROP INDEX event_words, decision_answer_words, decision_words, progress_entry_words,
    kpi_wording, target_wording, measurement_point_wording, passage_wording, objective_wording, wording_version_words;
DROP FUNCTION search_query(text, text, text), marked_words_of(text, text, bigint, date), half_number(date), words_of(text, text);
DROP FUNCTION fold(text);
