-- +goose Up

-- ─── What an institution settles about evaluations, each from a day on ─────

-- The statute says that a mandate of five years is evaluated half-way and at its
-- end; the exact months, the days and who sees what when are for the institution.
-- A row without institution counts where none has its own.
CREATE TABLE evaluation_setting (
    id                   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    institution_id       bigint REFERENCES institution,
    valid_from           date NOT NULL,
    interim_after_months smallint NOT NULL CHECK (interim_after_months BETWEEN 0 AND 120), -- after the start of a tenure; 0: none is planned
    final_before_months  smallint NOT NULL CHECK (final_before_months BETWEEN 0 AND 24),   -- before its last day
    report_due_days      smallint NOT NULL CHECK (report_due_days BETWEEN 0 AND 365),      -- before the interview
    opinions_due_days    smallint NOT NULL CHECK (opinions_due_days BETWEEN 0 AND 365),    -- before the interview
    opinions_shown_from  text NOT NULL CHECK (opinions_shown_from IN ('report_in', 'opinions_in', 'interview', 'concluded')),
    minimum_group        smallint NOT NULL CHECK (minimum_group BETWEEN 3 AND 1000),       -- of which grades are counted
    set_by               bigint REFERENCES person, -- NULL: as Jalon came
    set_at               timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON evaluation_setting (institution_id, valid_from, id);
INSERT INTO evaluation_setting (valid_from, interim_after_months, final_before_months, report_due_days, opinions_due_days, opinions_shown_from, minimum_group)
    VALUES ('2018-01-01', 30, 3, 30, 14, 'opinions_in', 5);

-- Which mentions a conclusion can have. The names are as found for Brussels;
-- the Dutch name of the second one was not. An institution ends one and adds another.
CREATE TABLE evaluation_grade (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name_nl     text NOT NULL CHECK (length(name_nl) BETWEEN 1 AND 100),
    name_fr     text NOT NULL CHECK (length(name_fr) BETWEEN 1 AND 100),
    position    smallint NOT NULL,
    valid_from  date NOT NULL,
    valid_until date CHECK (valid_until >= valid_from),
    added_by    bigint REFERENCES person,
    added_at    timestamptz NOT NULL DEFAULT now()
);
INSERT INTO evaluation_grade (name_nl, name_fr, position, valid_from) VALUES
    ('gunstig', 'favorable', 1, '2018-03-21'),
    ('voldoende', 'satisfaisante', 2, '2018-03-21'),
    ('ongunstig', 'défavorable', 3, '2018-03-21');

-- The sections of an activity report, in their order, with their titles. The
-- latest row of an institution counts; without one, the latest of all.
CREATE TABLE report_layout (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    institution_id bigint REFERENCES institution,
    sections       jsonb NOT NULL CHECK (jsonb_typeof(sections) = 'array' AND jsonb_array_length(sections) BETWEEN 1 AND 40),
    set_by         bigint REFERENCES person,
    set_at         timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON report_layout (institution_id, id);
INSERT INTO report_layout (sections) VALUES ('[
    {"code": "summary", "of": "report", "nl": "Samenvatting van de periode", "fr": "Synthèse de la période"},
    {"code": "targets", "of": "objective", "record": true, "nl": "Streefwaarden en termijnen", "fr": "Cibles et échéances"},
    {"code": "statuses", "of": "objective", "record": true, "nl": "Stand per halfjaar", "fr": "Situation par semestre"},
    {"code": "result", "of": "objective", "nl": "Resultaat", "fr": "Résultat"},
    {"code": "how", "of": "objective", "nl": "Wijze waarop het resultaat werd bereikt", "fr": "Manière dont le résultat a été atteint"},
    {"code": "contribution", "of": "objective", "nl": "Eigen bijdrage", "fr": "Contribution personnelle"},
    {"code": "causes", "of": "objective", "nl": "Oorzaken buiten de macht van de mandaathouder", "fr": "Causes indépendantes de la volonté du ou de la titulaire"},
    {"code": "entries", "of": "objective", "record": true, "nl": "Gerapporteerd", "fr": "Rapporté"},
    {"code": "decisions", "of": "objective", "record": true, "nl": "Beslissingen van de organen", "fr": "Décisions des organes"},
    {"code": "evidence", "of": "objective", "record": true, "nl": "Bewijsstukken", "fr": "Pièces justificatives"},
    {"code": "competences", "of": "report", "nl": "Ontwikkeling van competenties", "fr": "Développement des compétences"}
]');

GRANT SELECT, INSERT ON evaluation_setting, report_layout TO jalon_app;
GRANT SELECT, INSERT, UPDATE (valid_until) ON evaluation_grade TO jalon_app;

-- ─── The evaluation itself ─────────────────────────────────────────────────

-- The language of record is the language role of the holder, as it was when the
-- evaluation was planned. From which stage on the holder reads opinions is
-- settled then too: nobody moves it during the procedure.
ALTER TABLE evaluation
    ADD COLUMN lang text CHECK (lang IN ('nl', 'fr')),
    ADD COLUMN shown_from text NOT NULL DEFAULT 'opinions_in' CHECK (shown_from IN ('report_in', 'opinions_in', 'interview', 'concluded'));
UPDATE evaluation e SET lang = p.lang FROM tenure t JOIN person p ON p.id = t.person_id WHERE t.id = e.tenure_id;
ALTER TABLE evaluation ALTER COLUMN lang SET NOT NULL;
GRANT UPDATE (lang) ON evaluation TO jalon_app;

-- As what somebody reads the evaluation and gives an opinion.
ALTER TABLE evaluator ADD COLUMN capacity text NOT NULL DEFAULT 'commission' CHECK (capacity IN ('superior', 'minister', 'commission'));

CREATE TABLE evaluation_step (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id    bigint NOT NULL,
    evaluation_id bigint NOT NULL,
    from_stage    text NOT NULL,
    to_stage      text NOT NULL CHECK (to_stage IN ('planned', 'preparing', 'report_in', 'opinions_in', 'interview', 'concluded', 'appeal', 'closed')),
    on_day        date NOT NULL, -- on which it happened
    reason        text NOT NULL DEFAULT '' CHECK (length(reason) <= 2000),
    by            bigint NOT NULL REFERENCES person,
    at            timestamptz NOT NULL,
    CHECK (from_stage <> to_stage),
    FOREIGN KEY (mandate_id, evaluation_id) REFERENCES evaluation (mandate_id, id)
);
CREATE INDEX ON evaluation_step (evaluation_id, id);

-- What the holder is still writing: nobody else reads it. A part is the code of
-- an objective, or "general" for the report as a whole.
CREATE TABLE activity_draft (
    mandate_id    bigint NOT NULL,
    evaluation_id bigint NOT NULL,
    part          text NOT NULL CHECK (part ~ '^(general|[ST][0-9]{1,2})$'),
    version       integer NOT NULL CHECK (version > 0),
    texts         jsonb NOT NULL CHECK (jsonb_typeof(texts) = 'object'), -- by code of the section
    saved_by      bigint NOT NULL REFERENCES person,
    saved_at      timestamptz NOT NULL,
    PRIMARY KEY (evaluation_id, part),
    FOREIGN KEY (mandate_id, evaluation_id) REFERENCES evaluation (mandate_id, id)
);

-- What the holder submitted, with the sections as they were called then.
CREATE TABLE activity_report (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id    bigint NOT NULL,
    evaluation_id bigint NOT NULL,
    number        integer NOT NULL CHECK (number > 0),
    lang          text NOT NULL CHECK (lang IN ('nl', 'fr')),
    sections      jsonb NOT NULL,
    texts         jsonb NOT NULL, -- [{part, section, text}]
    submitted_by  bigint NOT NULL REFERENCES person,
    submitted_at  timestamptz NOT NULL,
    UNIQUE (evaluation_id, number),
    UNIQUE (mandate_id, evaluation_id, id),
    FOREIGN KEY (mandate_id, evaluation_id) REFERENCES evaluation (mandate_id, id)
);

-- The entries that a submitted report quotes, each under the number of its
-- footnote, as they read then.
CREATE TABLE activity_quote (
    mandate_id    bigint NOT NULL,
    evaluation_id bigint NOT NULL,
    report_id     bigint NOT NULL,
    number        integer NOT NULL CHECK (number > 0),
    target_id     bigint NOT NULL,
    entry_id      bigint NOT NULL,
    version       integer NOT NULL CHECK (version > 0), -- 1, and one more for each correction
    PRIMARY KEY (report_id, number),
    UNIQUE (report_id, entry_id),
    FOREIGN KEY (mandate_id, evaluation_id, report_id) REFERENCES activity_report (mandate_id, evaluation_id, id),
    FOREIGN KEY (mandate_id, target_id, entry_id) REFERENCES progress_entry (mandate_id, target_id, id)
);

CREATE TABLE evaluation_opinion (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id    bigint NOT NULL,
    evaluation_id bigint NOT NULL,
    capacity      text NOT NULL CHECK (capacity IN ('superior', 'minister', 'commission')),
    author        text NOT NULL CHECK (length(author) BETWEEN 1 AND 200), -- whose opinion it is; they may have no account
    given_on      date NOT NULL,
    text          text NOT NULL CHECK (length(text) BETWEEN 1 AND 20000),
    lang          text NOT NULL CHECK (lang IN ('nl', 'fr')),
    recorded_by   bigint NOT NULL REFERENCES person,
    recorded_at   timestamptz NOT NULL,
    UNIQUE (mandate_id, evaluation_id, id),
    FOREIGN KEY (mandate_id, evaluation_id) REFERENCES evaluation (mandate_id, id)
);
CREATE INDEX ON evaluation_opinion (evaluation_id);

-- The mention that the commission gave; a later row corrects the one before.
CREATE TABLE evaluation_conclusion (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id    bigint NOT NULL,
    evaluation_id bigint NOT NULL,
    grade_id      bigint NOT NULL REFERENCES evaluation_grade,
    decided_on    date NOT NULL,
    text          text NOT NULL CHECK (length(text) BETWEEN 1 AND 20000), -- the reasons
    lang          text NOT NULL CHECK (lang IN ('nl', 'fr')),
    recorded_by   bigint NOT NULL REFERENCES person,
    recorded_at   timestamptz NOT NULL,
    FOREIGN KEY (mandate_id, evaluation_id) REFERENCES evaluation (mandate_id, id)
);
CREATE INDEX ON evaluation_conclusion (evaluation_id, id);

-- What the holder answers: to one opinion, or to the evaluation as a whole.
CREATE TABLE evaluation_reply (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id    bigint NOT NULL,
    evaluation_id bigint NOT NULL,
    opinion_id    bigint,
    text          text NOT NULL CHECK (length(text) BETWEEN 1 AND 20000),
    lang          text NOT NULL CHECK (lang IN ('nl', 'fr')),
    author_id     bigint NOT NULL REFERENCES person,
    recorded_at   timestamptz NOT NULL,
    FOREIGN KEY (mandate_id, evaluation_id) REFERENCES evaluation (mandate_id, id),
    FOREIGN KEY (mandate_id, evaluation_id, opinion_id) REFERENCES evaluation_opinion (mandate_id, evaluation_id, id)
);
CREATE INDEX ON evaluation_reply (evaluation_id);

-- Documents that came back signed. The content lies on the shelf under its hash.
CREATE TABLE evaluation_document (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mandate_id    bigint NOT NULL,
    evaluation_id bigint NOT NULL,
    about         text NOT NULL CHECK (about IN ('report', 'opinion', 'reply', 'conclusion', 'appeal')),
    sha256        bytea NOT NULL CHECK (length(sha256) = 32),
    size          integer NOT NULL CHECK (size > 0),
    kind          text NOT NULL,
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 150),
    compared      boolean NOT NULL, -- with a hash that the signatory gave
    added_by      bigint NOT NULL REFERENCES person,
    added_at      timestamptz NOT NULL,
    FOREIGN KEY (mandate_id, evaluation_id) REFERENCES evaluation (mandate_id, id)
);
CREATE INDEX ON evaluation_document (evaluation_id);
CREATE INDEX ON evaluation_document (sha256);

-- A holder is reminded of a report at most once a day.
CREATE TABLE evaluation_reminder (
    mandate_id    bigint NOT NULL,
    evaluation_id bigint NOT NULL,
    day           date NOT NULL,
    by            bigint NOT NULL REFERENCES person,
    at            timestamptz NOT NULL,
    PRIMARY KEY (evaluation_id, day),
    FOREIGN KEY (mandate_id, evaluation_id) REFERENCES evaluation (mandate_id, id)
);

ALTER TABLE outgoing_mail DROP CONSTRAINT outgoing_mail_kind_check;
ALTER TABLE outgoing_mail ADD CONSTRAINT outgoing_mail_kind_check
    CHECK (kind IN ('digest', 'escalation', 'delegation_end', 'storm', 'password_link', 'nudge', 'evaluation_report'));

-- ─── What stays as it is ───────────────────────────────────────────────────

-- +goose StatementBegin
CREATE FUNCTION follow_evaluation_step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.from_stage <> COALESCE((SELECT s.to_stage FROM evaluation_step s WHERE s.evaluation_id = NEW.evaluation_id ORDER BY s.id DESC LIMIT 1), 'planned') THEN
        RAISE EXCEPTION 'evaluation % is not at stage %', NEW.evaluation_id, NEW.from_stage USING ERRCODE = 'JA004';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER follows BEFORE INSERT ON evaluation_step FOR EACH ROW EXECUTE FUNCTION follow_evaluation_step();

-- What was written in an evaluation is never changed. It goes as a whole, by
-- remove_evaluations, which the application may call and which holds the rules.
-- +goose StatementBegin
CREATE FUNCTION keep_evaluation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF current_setting('jalon.removing', true) = 'evaluation ' || OLD.evaluation_id THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'JA002';
END
$$;
-- +goose StatementEnd

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON evaluation_step FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON evaluation_step EXECUTE FUNCTION refuse_change();
ALTER TABLE evaluation_step ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON activity_report FOR EACH ROW EXECUTE FUNCTION keep_evaluation();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON activity_report EXECUTE FUNCTION refuse_change();
ALTER TABLE activity_report ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON activity_quote FOR EACH ROW EXECUTE FUNCTION keep_evaluation();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON activity_quote EXECUTE FUNCTION refuse_change();
ALTER TABLE activity_quote ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON evaluation_opinion FOR EACH ROW EXECUTE FUNCTION keep_evaluation();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON evaluation_opinion EXECUTE FUNCTION refuse_change();
ALTER TABLE evaluation_opinion ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON evaluation_conclusion FOR EACH ROW EXECUTE FUNCTION keep_evaluation();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON evaluation_conclusion EXECUTE FUNCTION refuse_change();
ALTER TABLE evaluation_conclusion ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON evaluation_reply FOR EACH ROW EXECUTE FUNCTION keep_evaluation();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON evaluation_reply EXECUTE FUNCTION refuse_change();
ALTER TABLE evaluation_reply ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON evaluation_document FOR EACH ROW EXECUTE FUNCTION keep_evaluation();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON evaluation_document EXECUTE FUNCTION refuse_change();
ALTER TABLE evaluation_document ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_table;

-- ─── Who sees what ─────────────────────────────────────────────────────────

-- The stages in their order, to compare them.
-- +goose StatementBegin
CREATE FUNCTION stage_rank(stage text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT array_position(ARRAY['planned', 'preparing', 'report_in', 'opinions_in', 'interview', 'concluded', 'appeal', 'closed'], stage)
$$;
-- +goose StatementEnd

-- The tenures of the viewer, also those that have ended: an evaluation is about
-- a person, and stays theirs to read.
-- +goose StatementBegin
CREATE FUNCTION own_tenures() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 2 SET search_path = public, pg_temp AS $$
DECLARE
    who CONSTANT bigint := viewer();
BEGIN
    RETURN QUERY SELECT t.id FROM tenure t WHERE t.person_id = who;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION own_evaluations() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 2 SET search_path = public, pg_temp AS $$
DECLARE
    who CONSTANT bigint := viewer();
BEGIN
    RETURN QUERY SELECT e.id FROM evaluation e JOIN tenure t ON t.id = e.tenure_id WHERE t.person_id = who;
END
$$;
-- +goose StatementEnd

-- Those of the viewer that have been at this stage. 'shown' stands for the one
-- from which the holder reads opinions. What was shown once stays so.
-- +goose StatementBegin
CREATE FUNCTION own_evaluations_at(stage text) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 2 SET search_path = public, pg_temp AS $$
DECLARE
    who CONSTANT bigint := viewer();
BEGIN
    RETURN QUERY
        SELECT e.id FROM evaluation e
        JOIN tenure t ON t.id = e.tenure_id
        WHERE t.person_id = who
          AND EXISTS (SELECT FROM evaluation_step s WHERE s.evaluation_id = e.id
              AND stage_rank(s.to_stage) >= stage_rank(CASE WHEN stage = 'shown' THEN e.shown_from ELSE stage END));
END
$$;
-- +goose StatementEnd

-- Whom which evaluation is about. Rights are read from it before anybody is
-- known, as they are from tenures and evaluators.
-- +goose StatementBegin
CREATE FUNCTION evaluated_person(who bigint) RETURNS TABLE (mandate_id bigint, evaluation_id bigint, starts_on date) LANGUAGE sql STABLE SECURITY DEFINER ROWS 2 SET search_path = public, pg_temp AS $$
    SELECT e.mandate_id, e.id, e.starts_on
    FROM evaluation e
    JOIN tenure t ON t.id = e.tenure_id
    WHERE t.person_id = who
$$;
-- +goose StatementEnd

-- The evaluations of others that the viewer prepares or judges.
-- +goose StatementBegin
CREATE FUNCTION case_evaluations() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
        SELECT e.id FROM evaluation e
        WHERE (e.mandate_id IN (SELECT mandates_as('hr_officer')) OR e.id IN (SELECT judged_evaluations()))
          AND e.tenure_id NOT IN (SELECT own_tenures());
END
$$;
-- +goose StatementEnd

-- Holders read their own; nobody prepares or judges it.
DROP POLICY read ON evaluation;
DROP POLICY write ON evaluation;
DROP POLICY change ON evaluation;
CREATE POLICY read ON evaluation FOR SELECT TO jalon_app USING ((SELECT viewing_system())
    OR mandate_id IN (SELECT mandates_as('hr_officer')) OR id IN (SELECT judged_evaluations()) OR tenure_id IN (SELECT own_tenures()));
CREATE POLICY write ON evaluation FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system())
    OR mandate_id IN (SELECT mandates_as('hr_officer')) AND tenure_id NOT IN (SELECT own_tenures()));
CREATE POLICY change ON evaluation FOR UPDATE TO jalon_app USING ((SELECT viewing_system())
    OR mandate_id IN (SELECT mandates_as('hr_officer')) AND tenure_id NOT IN (SELECT own_tenures()));

ALTER TABLE evaluation_step ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON evaluation_step FOR SELECT TO jalon_app USING ((SELECT viewing_system())
    OR evaluation_id IN (SELECT case_evaluations()) OR evaluation_id IN (SELECT own_evaluations()));
-- handing in a report is a step of the holder; every other one is of an officer
CREATE POLICY write ON evaluation_step FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system())
    OR evaluation_id IN (SELECT case_evaluations())
    OR to_stage = 'report_in' AND from_stage = 'preparing' AND evaluation_id IN (SELECT own_evaluations()));

ALTER TABLE activity_draft ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON activity_draft TO jalon_app USING ((SELECT viewing_system()) OR evaluation_id IN (SELECT own_evaluations()));

ALTER TABLE activity_report ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON activity_report FOR SELECT TO jalon_app USING ((SELECT viewing_system())
    OR evaluation_id IN (SELECT case_evaluations()) OR evaluation_id IN (SELECT own_evaluations()));
CREATE POLICY write ON activity_report FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR evaluation_id IN (SELECT own_evaluations()));

ALTER TABLE activity_quote ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON activity_quote FOR SELECT TO jalon_app USING ((SELECT viewing_system())
    OR evaluation_id IN (SELECT case_evaluations()) OR evaluation_id IN (SELECT own_evaluations()));
CREATE POLICY write ON activity_quote FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR evaluation_id IN (SELECT own_evaluations()));

ALTER TABLE evaluation_opinion ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON evaluation_opinion FOR SELECT TO jalon_app USING ((SELECT viewing_system())
    OR evaluation_id IN (SELECT case_evaluations()) OR evaluation_id IN (SELECT own_evaluations_at('shown')));
CREATE POLICY write ON evaluation_opinion FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR evaluation_id IN (SELECT case_evaluations()));

ALTER TABLE evaluation_conclusion ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON evaluation_conclusion FOR SELECT TO jalon_app USING ((SELECT viewing_system())
    OR evaluation_id IN (SELECT case_evaluations()) OR evaluation_id IN (SELECT own_evaluations_at('concluded')));
CREATE POLICY write ON evaluation_conclusion FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR evaluation_id IN (SELECT case_evaluations()));

ALTER TABLE evaluation_reply ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON evaluation_reply FOR SELECT TO jalon_app USING ((SELECT viewing_system())
    OR evaluation_id IN (SELECT case_evaluations()) OR evaluation_id IN (SELECT own_evaluations()));
CREATE POLICY write ON evaluation_reply FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR evaluation_id IN (SELECT own_evaluations()));

ALTER TABLE evaluation_document ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON evaluation_document FOR SELECT TO jalon_app USING ((SELECT viewing_system())
    OR evaluation_id IN (SELECT case_evaluations())
    OR about IN ('report', 'reply', 'appeal') AND evaluation_id IN (SELECT own_evaluations())
    OR about = 'opinion' AND evaluation_id IN (SELECT own_evaluations_at('shown'))
    OR about = 'conclusion' AND evaluation_id IN (SELECT own_evaluations_at('concluded')));
CREATE POLICY write ON evaluation_document FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system())
    OR evaluation_id IN (SELECT case_evaluations())
    OR about IN ('report', 'reply', 'appeal') AND evaluation_id IN (SELECT own_evaluations()));

ALTER TABLE evaluation_reminder ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON evaluation_reminder TO jalon_app USING ((SELECT viewing_system()) OR evaluation_id IN (SELECT case_evaluations()));

GRANT SELECT, INSERT ON evaluation_step, activity_report, activity_quote, evaluation_opinion, evaluation_conclusion, evaluation_reply, evaluation_document, evaluation_reminder TO jalon_app;
GRANT SELECT, INSERT, UPDATE (version, texts, saved_by, saved_at) ON activity_draft TO jalon_app;

-- The record of the period of an evaluation, for who prepares or judges it and
-- for the person it is about, also once they hold the mandate no more: what was
-- said as of a day of the period, and nothing else of the mandate.
-- +goose StatementBegin
CREATE FUNCTION evaluation_record(of_evaluation bigint) RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v evaluation;
BEGIN
    IF NOT (viewing_system() OR of_evaluation IN (SELECT own_evaluations()) OR of_evaluation IN (SELECT case_evaluations())) THEN
        RETURN NULL;
    END IF;
    SELECT * INTO v FROM evaluation WHERE id = of_evaluation;
    RETURN jsonb_build_object(
        'entries', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', e.id, 'target_id', e.target_id, 'as_of', e.as_of, 'recorded_at', e.recorded_at, 'author_id', e.author_id, 'author', a.name,
                'on_behalf_of', COALESCE(e.on_behalf_of, 0), 'behalf', COALESCE(b.name, ''), 'lang', e.lang, 'status', e.status,
                'percentage', e.percentage, 'value', e.value, 'achieved', e.achieved, 'obstacles', e.obstacles, 'outside_control', e.outside_control,
                'next_steps', e.next_steps, 'support_asked', e.support_asked, 'support_of', e.support_of, 'support_by', e.support_by,
                'reason', e.reason, 'supersedes', COALESCE(e.supersedes, 0), 'correction_reason', e.correction_reason) ORDER BY e.as_of, e.id)
            FROM progress_entry e
            JOIN person a ON a.id = e.author_id
            LEFT JOIN person b ON b.id = e.on_behalf_of
            WHERE e.mandate_id = v.mandate_id AND e.as_of BETWEEN v.starts_on AND v.ends_on),
        'tables', (
            SELECT jsonb_agg(jsonb_build_object('period', s.period, 'number', s.number, 'sha256', encode(s.sha256, 'hex'), 'sealed_at', s.sealed_at, 'body_nl', o.name_nl, 'body_fr', o.name_fr) ORDER BY s.period, s.id)
            FROM seal s
            JOIN body o ON o.id = s.body_id
            WHERE s.mandate_id = v.mandate_id AND s.period <= v.ends_on AND s.period + interval '6 months' > v.starts_on),
        'decisions', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', d.id, 'target_id', d.target_id, 'period', d.period, 'kind', d.kind, 'text', d.text, 'lang', d.lang, 'due', d.due, 'recorded_at', d.recorded_at,
                'body_nl', o.name_nl, 'body_fr', o.name_fr, 'answer', COALESCE(r.text, ''), 'answer_lang', COALESCE(r.lang, ''), 'answered_at', r.recorded_at) ORDER BY d.recorded_at, d.id)
            FROM decision d
            JOIN body o ON o.id = d.body_id
            LEFT JOIN decision_answer r ON r.decision_id = d.id
            WHERE d.mandate_id = v.mandate_id AND (d.recorded_at AT TIME ZONE 'Europe/Brussels')::date BETWEEN v.starts_on AND v.ends_on),
        'evidence', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', f.id, 'target_id', f.target_id, 'entry_id', COALESCE(f.entry_id, 0), 'sha256', encode(f.sha256, 'hex'), 'size', f.size, 'kind', f.kind,
                'name', f.name, 'confidential', f.confidential, 'by_id', f.added_by, 'by', n.name, 'at', f.added_at) ORDER BY f.added_at, f.id)
            FROM evidence f
            JOIN person n ON n.id = f.added_by
            LEFT JOIN progress_entry e ON e.id = f.entry_id
            WHERE f.mandate_id = v.mandate_id AND COALESCE(e.as_of, (f.added_at AT TIME ZONE 'Europe/Brussels')::date) BETWEEN v.starts_on AND v.ends_on),
        'links', (
            SELECT jsonb_agg(jsonb_build_object('id', l.id, 'target_id', l.target_id, 'entry_id', l.entry_id, 'url', l.url, 'title', l.title, 'by_id', l.added_by, 'by', n.name, 'at', l.added_at) ORDER BY l.added_at, l.id)
            FROM evidence_link l
            JOIN person n ON n.id = l.added_by
            JOIN progress_entry e ON e.id = l.entry_id
            WHERE l.mandate_id = v.mandate_id AND e.as_of BETWEEN v.starts_on AND v.ends_on));
END
$$;
-- +goose StatementEnd

-- ─── How long it is kept ───────────────────────────────────────────────────

INSERT INTO retention_rule (position, class, removable, suggested_days) VALUES
    (8, 'evaluation', true, 1826); -- the content of an evaluation, after it was closed; five years are usual

-- The evaluations whose latest step closed them before a moment. One in appeal,
-- or that was opened again, is held.
CREATE VIEW evaluation_closed AS
    SELECT s.evaluation_id, s.at
    FROM (SELECT DISTINCT ON (evaluation_id) evaluation_id, to_stage, at FROM evaluation_step ORDER BY evaluation_id, id DESC) s
    WHERE s.to_stage = 'closed';

-- Removes what was written in them, and says of how many. That each was held,
-- when and by whom stays. With counting alone nothing goes.
-- +goose StatementBegin
CREATE FUNCTION remove_evaluations(before timestamptz, counting boolean) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone bigint := 0;
    one bigint;
BEGIN
    IF NOT viewing_system() THEN
        RAISE EXCEPTION 'evaluations are removed by the system alone' USING ERRCODE = 'JA006';
    END IF;
    FOR one IN
        SELECT c.evaluation_id FROM evaluation_closed c
        WHERE c.at < before
          AND (EXISTS (SELECT FROM activity_report x WHERE x.evaluation_id = c.evaluation_id)
            OR EXISTS (SELECT FROM activity_draft x WHERE x.evaluation_id = c.evaluation_id)
            OR EXISTS (SELECT FROM evaluation_opinion x WHERE x.evaluation_id = c.evaluation_id)
            OR EXISTS (SELECT FROM evaluation_conclusion x WHERE x.evaluation_id = c.evaluation_id)
            OR EXISTS (SELECT FROM evaluation_reply x WHERE x.evaluation_id = c.evaluation_id)
            OR EXISTS (SELECT FROM evaluation_document x WHERE x.evaluation_id = c.evaluation_id))
    LOOP
        gone := gone + 1;
        CONTINUE WHEN counting;
        PERFORM set_config('jalon.removing', 'evaluation ' || one, true);
        DELETE FROM activity_quote WHERE evaluation_id = one;
        DELETE FROM activity_report WHERE evaluation_id = one;
        DELETE FROM activity_draft WHERE evaluation_id = one;
        DELETE FROM evaluation_reply WHERE evaluation_id = one;
        DELETE FROM evaluation_opinion WHERE evaluation_id = one;
        DELETE FROM evaluation_conclusion WHERE evaluation_id = one;
        DELETE FROM evaluation_document WHERE evaluation_id = one;
        PERFORM set_config('jalon.removing', '', true);
    END LOOP;
    RETURN gone;
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION remove_evaluations(timestamptz, boolean);
DROP VIEW evaluation_closed;
DELETE FROM deletion_item WHERE class = 'evaluation';
DELETE FROM retention_rule WHERE class = 'evaluation';
DROP FUNCTION evaluation_record(bigint);
DELETE FROM outgoing_mail WHERE kind = 'evaluation_report';
ALTER TABLE outgoing_mail DROP CONSTRAINT outgoing_mail_kind_check;
ALTER TABLE outgoing_mail ADD CONSTRAINT outgoing_mail_kind_check
    CHECK (kind IN ('digest', 'escalation', 'delegation_end', 'storm', 'password_link', 'nudge'));
DROP TABLE evaluation_reminder, evaluation_document, evaluation_reply, evaluation_conclusion, evaluation_opinion, activity_quote, activity_report, activity_draft, evaluation_step;
DROP POLICY read ON evaluation;
DROP POLICY write ON evaluation;
DROP POLICY change ON evaluation;
CREATE POLICY read ON evaluation FOR SELECT TO jalon_app USING ((SELECT viewing_system())
    OR (mandate_id IN (SELECT mandates_as('hr_officer')) OR id IN (SELECT judged_evaluations()))
        AND tenure_id NOT IN (SELECT t.id FROM tenure t WHERE t.person_id = (SELECT viewer())));
CREATE POLICY write ON evaluation FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR mandate_id IN (SELECT mandates_as('hr_officer')));
CREATE POLICY change ON evaluation FOR UPDATE TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT mandates_as('hr_officer')));
DROP FUNCTION case_evaluations(), evaluated_person(bigint), own_evaluations_at(text), own_evaluations(), own_tenures(), stage_rank(text), keep_evaluation(), follow_evaluation_step();
ALTER TABLE evaluator DROP COLUMN capacity;
ALTER TABLE evaluation DROP COLUMN lang, DROP COLUMN shown_from;
DROP TABLE report_layout, evaluation_grade, evaluation_setting;
