-- +goose Up

-- What the long words of a Dutch text end in is found in reports, questions,
-- answers and events as it is in letters. It bears a mark that nobody can type
-- and stands in the same index as the words: a question asks for all of its
-- words at once, each as it is or within a longer one.
DROP INDEX wording_version_endings, wording_version_words;

-- A loop: a report is not slower for it, which a question in every call would be.
-- It names its schema: an index is made and looked after without a search path.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION endings_of(words text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    word text;
    ends text[] := '{}';
BEGIN
    FOREACH word IN ARRAY string_to_array(public.fold("left"(words, 10000)), ' ') LOOP
        CONTINUE WHEN length(word) NOT BETWEEN 5 AND 40;
        ends := ends || ('~e' || word);
        FOR at IN 4 .. length(word) - 4 LOOP
            ends := ends || ('~e' || substr(word, at));
        END LOOP;
    END LOOP;
    RETURN array_to_tsvector(ends);
END
$$;
-- +goose StatementEnd

CREATE OR REPLACE FUNCTION marked_words_of(lang text, words text, of_mandate bigint, of_day date) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_tsvector(CASE lang WHEN 'fr' THEN 'pg_catalog.french'::regconfig ELSE 'pg_catalog.dutch'::regconfig END, fold(words))
    || CASE lang WHEN 'fr' THEN ''::tsvector ELSE endings_of(words) END
    || array_to_tsvector(ARRAY['~m' || of_mandate::text, '~h' || half_number(of_day)::text]);

CREATE INDEX wording_version_words ON wording_version USING gin ((words_of(nl, fr) || endings_of(nl)));
REINDEX INDEX progress_entry_words;
REINDEX INDEX decision_words;
REINDEX INDEX decision_answer_words;
REINDEX INDEX event_words;

-- The words that were typed, folded: all of them, in Dutch; one of five letters
-- or more also within a longer word. One that every text holds is left out.
CREATE FUNCTION search_within(words text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    SELECT COALESCE(string_agg(CASE WHEN length(w.word) < 5 THEN t.stem ELSE '(' || t.stem || ' | ' || regexp_replace(t.stem, '''([^'']+)''', '''~e\1'':*', 'g') || ')' END, ' & '), '')::tsquery
    FROM unnest(words) w (word), CAST(to_tsquery('pg_catalog.dutch', w.word) AS text) t (stem)
    WHERE t.stem <> '');

-- +goose Down
DROP FUNCTION search_within(text[]);
DROP INDEX wording_version_words;

CREATE OR REPLACE FUNCTION marked_words_of(lang text, words text, of_mandate bigint, of_day date) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_tsvector(CASE lang WHEN 'fr' THEN 'pg_catalog.french'::regconfig ELSE 'pg_catalog.dutch'::regconfig END, fold(words))
    || array_to_tsvector(ARRAY['~m' || of_mandate::text, '~h' || half_number(of_day)::text]);

CREATE OR REPLACE FUNCTION endings_of(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN array_to_tsvector(ARRAY(
    SELECT DISTINCT substr(w.word, n.at)
    FROM regexp_split_to_table(fold("left"(words, 10000)), ' +') w (word),
        generate_series(1, length(w.word) - 4) n (at)
    WHERE length(w.word) <= 40 AND (n.at = 1 OR n.at > 3)));

CREATE INDEX wording_version_words ON wording_version USING gin (words_of(nl, fr));
CREATE INDEX wording_version_endings ON wording_version USING gin (endings_of(nl));
REINDEX INDEX progress_entry_words;
REINDEX INDEX decision_words;
REINDEX INDEX decision_answer_words;
REINDEX INDEX event_words;
