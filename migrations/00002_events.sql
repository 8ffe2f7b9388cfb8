-- +goose Up

-- ─── The register of events ────────────────────────────────────────────────

-- Kinds are data: an office adds its own. The triggers are the names that the
-- readings of deadlines use for them.
CREATE TABLE event_kind (
    code     text PRIMARY KEY CHECK (code ~ '^[a-z][a-z-]{1,40}$'),
    name_nl  text NOT NULL CHECK (name_nl <> ''),
    name_fr  text NOT NULL CHECK (name_fr <> ''),
    triggers text[] NOT NULL DEFAULT '{}',
    position smallint NOT NULL
);

INSERT INTO event_kind (position, code, name_nl, name_fr, triggers) VALUES
    (1, 'delegation-reception', 'Ontvangst van een delegatie', 'Accueil d''une délégation', '{delegation-reception,delegation}'),
    (2, 'mission-abroad', 'Missie naar het buitenland', 'Mission à l''étranger', '{mission-abroad,mission}'),
    (3, 'international-event', 'Internationaal evenement', 'Événement international', '{international-event,event}'),
    (4, 'body-meeting', 'Vergadering van een orgaan', 'Réunion d''un organe', '{meeting,board-meeting,management-board,committee}'),
    (5, 'infringement', 'Stap in een inbreukprocedure', 'Étape d''une procédure d''infraction', '{infringement,case}'),
    (6, 'court', 'Stap in een procedure voor het Hof', 'Étape d''une procédure devant la Cour', '{court}'),
    (7, 'directive-transposition', 'Omzetting van een richtlijn', 'Transposition d''une directive', '{directive-transposition,transposition(law)}'),
    (8, 'ratification', 'Bekrachtigingstermijn', 'Délai de ratification', '{ratification}'),
    (9, 'eu-international', 'Datum van de Europese of internationale kalender', 'Date du calendrier européen ou international', '{eu-international}'),
    (10, 'budget', 'Datum van de begrotingskalender', 'Date du calendrier budgétaire', '{budget,budget-adjustment,budget-preparation}'),
    (11, 'incident', 'Incident', 'Incident', '{incident,accident,crisis}'),
    (99, 'other', 'Andere gebeurtenis', 'Autre événement', '{}');

-- An event is never removed: one that does not take place is cancelled.
CREATE TABLE event (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id   bigint NOT NULL REFERENCES mandate,
    kind         text NOT NULL REFERENCES event_kind,
    title        text NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
    lang         text NOT NULL CHECK (lang IN ('nl', 'fr')),
    starts_on    date NOT NULL,
    ends_on      date NOT NULL,
    place        text NOT NULL DEFAULT '' CHECK (length(place) <= 200),
    participants integer CHECK (participants BETWEEN 1 AND 1000000),
    recorded_by  bigint NOT NULL REFERENCES person,
    recorded_at  timestamptz NOT NULL DEFAULT now(),
    cancelled_by bigint REFERENCES person,
    cancelled_at timestamptz,
    CHECK (ends_on >= starts_on),
    CHECK ((cancelled_by IS NULL) = (cancelled_at IS NULL)),
    UNIQUE (mandate_id, id)
);
CREATE INDEX ON event (mandate_id, starts_on);

CREATE TABLE event_target (
    mandate_id bigint NOT NULL,
    event_id   bigint NOT NULL,
    target_id  bigint NOT NULL,
    PRIMARY KEY (event_id, target_id),
    FOREIGN KEY (mandate_id, event_id) REFERENCES event (mandate_id, id),
    FOREIGN KEY (mandate_id, target_id) REFERENCES target (mandate_id, id)
);
CREATE INDEX ON event_target (target_id);

-- ─── What closes a duty beside a report ────────────────────────────────────

-- Duties are computed, not stored: a row names one by its target, its event,
-- why it is owed (before, after, half_year, …) and its due date.
CREATE TABLE duty_answer (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id   bigint NOT NULL,
    target_id    bigint NOT NULL,
    event_id     bigint,
    due          date NOT NULL,
    timing       text NOT NULL CHECK (timing ~ '^[a-z_]{1,20}$'),
    done_on      date NOT NULL, -- when it was done, which is not when it was recorded
    note         text NOT NULL DEFAULT '' CHECK (length(note) <= 5000),
    link         text NOT NULL DEFAULT '' CHECK (link = '' OR link ~ '^https://[^[:space:]]+$' AND length(link) <= 2000),
    lang         text NOT NULL CHECK (lang IN ('nl', 'fr')),
    author_id    bigint NOT NULL REFERENCES person,
    on_behalf_of bigint REFERENCES person,
    recorded_at  timestamptz NOT NULL DEFAULT now(),
    CHECK (note <> '' OR link <> ''),
    FOREIGN KEY (mandate_id, target_id) REFERENCES target (mandate_id, id),
    FOREIGN KEY (mandate_id, event_id) REFERENCES event (mandate_id, id)
);
CREATE INDEX ON duty_answer (mandate_id);

CREATE TABLE duty_waiver (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id  bigint NOT NULL,
    target_id   bigint NOT NULL,
    event_id    bigint,
    due         date NOT NULL,
    reason      text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    lang        text NOT NULL CHECK (lang IN ('nl', 'fr')),
    waived_by   bigint NOT NULL REFERENCES person,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (mandate_id, target_id) REFERENCES target (mandate_id, id),
    FOREIGN KEY (mandate_id, event_id) REFERENCES event (mandate_id, id)
);
CREATE INDEX ON duty_waiver (mandate_id);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON duty_answer FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON duty_answer EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON duty_waiver FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON duty_waiver EXECUTE FUNCTION refuse_change();
ALTER TABLE duty_answer ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;
ALTER TABLE duty_waiver ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;

-- ─── Everything that happened with a mandate's duties, up to a day ─────────

-- One value, so that the statements that show a mandate can carry it along.
-- +goose StatementBegin
CREATE FUNCTION duty_record(of_mandate bigint, as_of_day date) RETURNS jsonb LANGUAGE sql STABLE AS $$
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
            WHERE s.mandate_id = of_mandate),
        'reports', (
            -- those of two years, the latest one and those that closed a target:
            -- no question looks further back, and the record does not grow with the years
            SELECT jsonb_agg(jsonb_build_array(g.id, e.id, e.as_of, e.status IN ('achieved', 'stopped')) ORDER BY e.as_of, e.id)
            FROM target g
            JOIN LATERAL (
                SELECT r.id, r.as_of, r.status FROM progress_entry r
                WHERE r.target_id = g.id AND r.as_of <= as_of_day
                  AND (r.as_of > as_of_day - 731 OR r.status IN ('achieved', 'stopped'))
                UNION
                (SELECT r.id, r.as_of, r.status FROM progress_entry r
                WHERE r.target_id = g.id AND r.as_of <= as_of_day
                ORDER BY r.as_of DESC, r.id DESC
                LIMIT 1)
            ) e ON true
            WHERE g.mandate_id = of_mandate
              AND NOT EXISTS (SELECT FROM progress_entry c WHERE c.supersedes = e.id AND c.as_of <= as_of_day)),
        'events', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', v.id, 'kind', v.kind, 'kind_nl', k.name_nl, 'kind_fr', k.name_fr, 'triggers', k.triggers,
                'title', v.title, 'lang', v.lang, 'from', v.starts_on, 'until', v.ends_on, 'place', v.place, 'participants', v.participants,
                'targets', (SELECT jsonb_agg(t.target_id ORDER BY t.target_id) FROM event_target t WHERE t.event_id = v.id),
                'by_id', v.recorded_by, 'by', n.name, 'at', v.recorded_at, 'cancelled_at', v.cancelled_at) ORDER BY v.starts_on, v.id)
            FROM event v
            JOIN event_kind k ON k.code = v.kind
            JOIN person n ON n.id = v.recorded_by
            WHERE v.mandate_id = of_mandate),
        'answers', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', a.id, 'target', a.target_id, 'event', a.event_id, 'due', a.due, 'timing', a.timing, 'done_on', a.done_on,
                'note', a.note, 'link', a.link, 'lang', a.lang, 'by_id', a.author_id, 'by', n.name,
                'behalf_id', a.on_behalf_of, 'behalf', b.name, 'at', a.recorded_at) ORDER BY a.id)
            FROM duty_answer a
            JOIN person n ON n.id = a.author_id
            LEFT JOIN person b ON b.id = a.on_behalf_of
            WHERE a.mandate_id = of_mandate),
        'waivers', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', w.id, 'target', w.target_id, 'event', w.event_id, 'due', w.due, 'reason', w.reason, 'lang', w.lang,
                'by_id', w.waived_by, 'by', n.name, 'at', w.recorded_at) ORDER BY w.id)
            FROM duty_waiver w
            JOIN person n ON n.id = w.waived_by
            WHERE w.mandate_id = of_mandate))
$$;
-- +goose StatementEnd

GRANT SELECT ON event_kind TO jalon_app;
GRANT SELECT, INSERT ON event, event_target, duty_answer, duty_waiver TO jalon_app;
GRANT UPDATE (cancelled_by, cancelled_at) ON event TO jalon_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO jalon_app;

-- +goose Down
DROP FUNCTION duty_record(bigint, date);
DROP TABLE duty_waiver, duty_answer, event_target, event, event_kind;
