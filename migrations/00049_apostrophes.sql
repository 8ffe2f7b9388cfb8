-- +goose Up

-- The kinds of events have the apostrophe that all other French words have.
UPDATE event_kind SET name_fr = replace(name_fr, '''', '’');

-- +goose Down
UPDATE event_kind SET name_fr = replace(name_fr, '’', '''');
