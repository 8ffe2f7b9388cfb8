-- +goose Up

-- The state of all that pages over several mandates show, as the reader may see
-- it. Versions only grow and mandates stay, so that every write to one is another
-- sum or count; what has no version is summed up itself.
CREATE FUNCTION state_of_scope(everything boolean, institutions bigint[], mandates bigint[]) RETURNS text LANGUAGE sql STABLE AS $$
SELECT md5(ROW(
    count(*), sum(m.version),
    (SELECT sum(hashtextextended(n.name || n.lang, n.id)) FROM person n),
    (SELECT sum(hashtextextended(ROW(i.code, i.name_nl, i.name_fr)::text, i.id)) FROM institution i),
    (SELECT sum(hashtextextended(ROW(b.institution_id, b.code, b.name_nl, b.name_fr, b.scope)::text, b.id)) FROM body b),
    (SELECT sum(hashtextextended(ROW(r.body_id, r.meets_on)::text, r.id)) FROM round r)
)::text)
FROM mandate m
WHERE everything OR m.institution_id = ANY (institutions) OR m.id = ANY (mandates)
$$;

-- +goose Down
DROP FUNCTION state_of_scope(boolean, bigint[], bigint[]);
