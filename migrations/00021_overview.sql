-- +goose Up

-- ─── What the overview counts, beside its cells ────────────────────────────

-- tallies: six bytes per objective (targets, compromised, support asked, achieved
-- in the half-year, and two for the statuses that occur); quiet: per objective the
-- day of the oldest latest report on an open target, the first of days for one
-- never reported on, NULL when nothing is open; dues and due_of: the last day in
-- time of each open target that has one, with the place of its objective.
-- NULL in cells made before: the reader looks every target up until they are made again.
ALTER TABLE mandate_period_cells
    ADD COLUMN tallies bytea,
    ADD COLUMN quiet date[],
    ADD COLUMN dues date[],
    ADD COLUMN due_of bytea,
    ADD CONSTRAINT mandate_period_cells_whole CHECK (num_nonnulls(tallies, quiet, dues, due_of) IN (0, 4)),
    ADD CONSTRAINT mandate_period_cells_fit CHECK (length(tallies) = 6 * cardinality(codes) AND cardinality(quiet) = cardinality(codes) AND cardinality(dues) = length(due_of));

-- ─── As known at an instant ────────────────────────────────────────────────

-- What was recorded after an instant is left out of the index alone, without the row.
CREATE INDEX progress_entry_known ON progress_entry (target_id, as_of DESC, id DESC) INCLUDE (status, value, mandate_id, recorded_at);
DROP INDEX progress_entry_as_of;
ALTER INDEX progress_entry_known RENAME TO progress_entry_as_of;
-- What was asked lately, over all mandates.
CREATE INDEX progress_entry_support ON progress_entry (recorded_at) WHERE status = 'support_needed';

-- The reading of a deadline is corrected in place: what it was before is kept
-- here, with the instants between which it was what was known. Those of the
-- letter itself were known from the start.
ALTER TABLE deadline ADD COLUMN told_from timestamptz NOT NULL DEFAULT '-infinity';
UPDATE deadline d SET told_from = a.recorded_at FROM amendment a WHERE a.id = d.amendment_id;

CREATE TABLE deadline_past (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    deadline_id     bigint NOT NULL REFERENCES deadline,
    mandate_id      bigint NOT NULL,
    target_id       bigint,
    objective_id    bigint,
    valid_from      date NOT NULL,
    phrase_nl       text NOT NULL,
    phrase_fr       text NOT NULL,
    phrase_nl_state text NOT NULL,
    phrase_fr_state text NOT NULL,
    reading         jsonb NOT NULL,
    owed_from       date,
    due             date,
    due_at_end      boolean NOT NULL,
    confirmed_by    bigint REFERENCES person,
    confirmed_at    timestamptz,
    amendment_id    bigint REFERENCES amendment,
    told_from       timestamptz NOT NULL,
    told_until      timestamptz NOT NULL,
    CHECK (told_until >= told_from),
    CHECK (num_nonnulls(target_id, objective_id) = 1),
    FOREIGN KEY (mandate_id, target_id) REFERENCES target (mandate_id, id),
    FOREIGN KEY (mandate_id, objective_id) REFERENCES objective (mandate_id, id)
);
CREATE INDEX ON deadline_past (target_id, valid_from DESC) WHERE target_id IS NOT NULL;
CREATE INDEX ON deadline_past (objective_id, valid_from DESC) WHERE objective_id IS NOT NULL;
CREATE INDEX ON deadline_past (deadline_id);
CREATE INDEX ON deadline_past (confirmed_by);
CREATE INDEX ON deadline_past (amendment_id);

-- +goose StatementBegin
CREATE FUNCTION keep_past_deadline() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.amendment_id IS NOT NULL THEN
            NEW.told_from := (SELECT a.recorded_at FROM amendment a WHERE a.id = NEW.amendment_id);
        END IF;
        RETURN NEW;
    END IF;
    -- a confirmation bears the hour of whoever confirms; everything else that of the database
    NEW.told_from := GREATEST(OLD.told_from, CASE WHEN NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at AND NEW.confirmed_at IS NOT NULL THEN NEW.confirmed_at ELSE now() END);
    INSERT INTO deadline_past (deadline_id, mandate_id, target_id, objective_id, valid_from, phrase_nl, phrase_fr, phrase_nl_state, phrase_fr_state,
        reading, owed_from, due, due_at_end, confirmed_by, confirmed_at, amendment_id, told_from, told_until)
    VALUES (OLD.id, OLD.mandate_id, OLD.target_id, OLD.objective_id, OLD.valid_from, OLD.phrase_nl, OLD.phrase_fr, OLD.phrase_nl_state, OLD.phrase_fr_state,
        OLD.reading, OLD.owed_from, OLD.due, OLD.due_at_end, OLD.confirmed_by, OLD.confirmed_at, OLD.amendment_id, OLD.told_from, NEW.told_from);
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER keep_past BEFORE INSERT OR UPDATE ON deadline FOR EACH ROW EXECUTE FUNCTION keep_past_deadline();
ALTER TABLE deadline ENABLE ALWAYS TRIGGER keep_past;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON deadline_past FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON deadline_past EXECUTE FUNCTION refuse_change();
ALTER TABLE deadline_past ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;

-- Every deadline with the instants between which it read so; the letter, and
-- so its deadlines, is not guarded by row.
CREATE VIEW deadline_told AS
SELECT d.id, d.mandate_id, d.target_id, d.objective_id, d.valid_from, d.phrase_nl, d.phrase_fr, d.phrase_nl_state, d.phrase_fr_state,
    d.reading, d.owed_from, d.due, d.due_at_end, d.confirmed_by, d.confirmed_at, d.told_from, 'infinity'::timestamptz AS told_until
FROM deadline d
UNION ALL
SELECT p.deadline_id, p.mandate_id, p.target_id, p.objective_id, p.valid_from, p.phrase_nl, p.phrase_fr, p.phrase_nl_state, p.phrase_fr_state,
    p.reading, p.owed_from, p.due, p.due_at_end, p.confirmed_by, p.confirmed_at, p.told_from, p.told_until
FROM deadline_past p;

-- What happened with the duties of a mandate, as of a day and as known at an instant.
-- +goose StatementBegin
CREATE FUNCTION duty_record(of_mandate bigint, as_of_day date, known timestamptz) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'since', (
            -- the first report of each target, found at the end of the index
            SELECT (LEAST(m.created_at, min(e.recorded_at)) AT TIME ZONE 'Europe/Brussels')::date
            FROM mandate m
            LEFT JOIN target g ON g.mandate_id = m.id
            LEFT JOIN LATERAL (
                SELECT f.recorded_at FROM progress_entry f
                WHERE f.target_id = g.id
                ORDER BY f.as_of, f.id
                LIMIT 1
            ) e ON true
            WHERE m.id = of_mandate
            GROUP BY m.created_at),
        'sealed_until', (
            SELECT (max(s.period) + interval '6 months' - interval '1 day')::date
            FROM seal s
            WHERE s.mandate_id = of_mandate AND s.sealed_at <= known),
        'reports', (
            -- those of two years, the latest one and those that closed a target:
            -- no question looks further back, and the record does not grow with the years
            SELECT jsonb_agg(jsonb_build_array(g.id, e.id, e.as_of, e.status IN ('achieved', 'stopped')) ORDER BY e.as_of, e.id)
            FROM target g
            JOIN LATERAL (
                SELECT r.id, r.as_of, r.status FROM progress_entry r
                WHERE r.target_id = g.id AND r.as_of <= as_of_day AND r.recorded_at <= known
                  AND (r.as_of > as_of_day - 731 OR r.status IN ('achieved', 'stopped'))
                UNION
                (SELECT r.id, r.as_of, r.status FROM progress_entry r
                WHERE r.target_id = g.id AND r.as_of <= as_of_day AND r.recorded_at <= known
                ORDER BY r.as_of DESC, r.id DESC
                LIMIT 1)
            ) e ON true
            WHERE g.mandate_id = of_mandate
              AND NOT EXISTS (SELECT FROM progress_entry c WHERE c.supersedes = e.id AND c.as_of <= as_of_day AND c.recorded_at <= known)),
        'events', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', v.id, 'kind', v.kind, 'kind_nl', k.name_nl, 'kind_fr', k.name_fr, 'triggers', k.triggers,
                'title', v.title, 'lang', v.lang, 'from', v.starts_on, 'until', v.ends_on, 'place', v.place, 'participants', v.participants,
                'targets', (SELECT jsonb_agg(t.target_id ORDER BY t.target_id) FROM event_target t WHERE t.event_id = v.id),
                'by_id', v.recorded_by, 'by', n.name, 'behalf_id', v.on_behalf_of, 'behalf', b.name,
                'at', v.recorded_at, 'cancelled_at', CASE WHEN v.cancelled_at <= known THEN v.cancelled_at END) ORDER BY v.starts_on, v.id)
            FROM event v
            JOIN event_kind k ON k.code = v.kind
            JOIN person n ON n.id = v.recorded_by
            LEFT JOIN person b ON b.id = v.on_behalf_of
            WHERE v.mandate_id = of_mandate AND v.recorded_at <= known),
        'answers', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', a.id, 'target', a.target_id, 'event', a.event_id, 'due', a.due, 'timing', a.timing, 'done_on', a.done_on,
                'note', a.note, 'link', a.link, 'lang', a.lang, 'by_id', a.author_id, 'by', n.name,
                'behalf_id', a.on_behalf_of, 'behalf', b.name, 'at', a.recorded_at, 'files', CASE WHEN a.files > 0 THEN evidence_of_answer(a.id) END) ORDER BY a.id)
            FROM duty_answer a
            JOIN person n ON n.id = a.author_id
            LEFT JOIN person b ON b.id = a.on_behalf_of
            WHERE a.mandate_id = of_mandate AND a.recorded_at <= known),
        'waivers', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', w.id, 'target', w.target_id, 'event', w.event_id, 'due', w.due, 'reason', w.reason, 'lang', w.lang,
                'by_id', w.waived_by, 'by', n.name, 'at', w.recorded_at) ORDER BY w.id)
            FROM duty_waiver w
            JOIN person n ON n.id = w.waived_by
            WHERE w.mandate_id = of_mandate AND w.recorded_at <= known))
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION asked_of(of_mandate bigint, as_of_day date, known timestamptz) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('asked', (
        SELECT jsonb_agg(jsonb_build_object(
            'id', d.id, 'target', d.target_id, 'body_id', d.body_id, 'body_code', b.code, 'body_nl', b.name_nl, 'body_fr', b.name_fr,
            'period', d.period, 'text', d.text, 'lang', d.lang, 'due', d.due, 'by', n.name, 'at', d.recorded_at,
            'answer', (
                SELECT jsonb_build_object('text', a.text, 'lang', a.lang, 'by', an.name, 'behalf', ab.name, 'at', a.recorded_at)
                FROM decision_answer a
                JOIN person an ON an.id = a.author_id
                LEFT JOIN person ab ON ab.id = a.on_behalf_of
                WHERE a.decision_id = d.id AND a.recorded_at <= known AND (a.recorded_at AT TIME ZONE 'Europe/Brussels')::date <= as_of_day)) ORDER BY d.id)
        FROM decision d
        JOIN body b ON b.id = d.body_id
        JOIN person n ON n.id = d.recorded_by
        WHERE d.mandate_id = of_mandate AND d.kind = 'asks' AND d.recorded_at <= known AND (d.recorded_at AT TIME ZONE 'Europe/Brussels')::date <= as_of_day))
$$;
-- +goose StatementEnd

GRANT SELECT ON deadline_past, deadline_told TO jalon_app;

-- +goose Down
DROP FUNCTION duty_record(bigint, date, timestamptz), asked_of(bigint, date, timestamptz);
DROP VIEW deadline_told;
DROP TRIGGER keep_past ON deadline;
DROP TABLE deadline_past;
DROP FUNCTION keep_past_deadline();
ALTER TABLE deadline DROP COLUMN told_from;
CREATE INDEX progress_entry_unknown ON progress_entry (target_id, as_of DESC, id DESC) INCLUDE (status, value, mandate_id);
DROP INDEX progress_entry_as_of;
ALTER INDEX progress_entry_unknown RENAME TO progress_entry_as_of;
DROP INDEX progress_entry_support;
ALTER TABLE mandate_period_cells
    DROP CONSTRAINT mandate_period_cells_fit, DROP CONSTRAINT mandate_period_cells_whole,
    DROP COLUMN due_of, DROP COLUMN dues, DROP COLUMN quiet, DROP COLUMN tallies;
