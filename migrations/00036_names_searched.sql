-- +goose Up

-- Titles of mandates and names of their holders are found by an index, as all
-- other words are: every search made the words of all of them anew.
CREATE INDEX mandate_words ON mandate USING gin (words_of(title_nl, title_fr));
CREATE INDEX person_words ON person USING gin (words_of(name, name));

-- +goose Down
DROP INDEX mandate_words, person_words;
