-- +goose Up

-- The long words of a Dutch text, and what each ends in from its fourth letter
-- on, down to five letters: Dutch writes "ziekteverzuim" as one word, and people
-- search "verzuim". A word is found within another when one of these begins with
-- it. A text without end, or a word, would have more of them than an index takes:
-- they are those of the first ten thousand letters, and of words of up to forty.
CREATE FUNCTION endings_of(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN array_to_tsvector(ARRAY(
    SELECT DISTINCT substr(w.word, n.at)
    FROM regexp_split_to_table(fold("left"(words, 10000)), ' +') w (word),
        generate_series(1, length(w.word) - 4) n (at)
    WHERE length(w.word) <= 40 AND (n.at = 1 OR n.at > 3)));

CREATE INDEX wording_version_endings ON wording_version USING gin (endings_of(nl));

-- +goose Down
DROP INDEX wording_version_endings;
DROP FUNCTION endings_of(text);
