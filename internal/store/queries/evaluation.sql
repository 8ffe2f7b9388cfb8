-- name: EvaluationRows :many
-- The evaluations of a scope and those with these numbers, the latest interview
-- first, with what is settled for its day. When asked whole: all of them that
-- their reader may see, where each table shows what is theirs, and in which roles the
-- trail has it that they read it within so many minutes (see AuditRead).
SELECT
    e.id, e.mandate_id, m.institution_id, m.code AS mandate_code, m.title_nl, m.title_fr, m.title_nl_state, m.title_fr_state,
    i.code AS institution_code, i.name_nl AS institution_nl, i.name_fr AS institution_fr,
    e.tenure_id, t.person_id, p.name, t.interim, t.starts_on AS held_from, t.ends_on AS held_until,
    e.kind, k.name_nl AS kind_nl, k.name_fr AS kind_fr, e.starts_on, e.ends_on, e.planned_on, e.lang, e.shown_from,
    COALESCE(l.to_stage, 'planned')::text AS stage,
    EXISTS (SELECT FROM activity_report r WHERE r.evaluation_id = e.id) AS reported,
    ARRAY(SELECT DISTINCT o.capacity FROM evaluation_opinion o WHERE o.evaluation_id = e.id)::text[] AS given,
    (SELECT jsonb_agg(jsonb_build_object('id', v.id, 'person_id', v.person_id, 'name', n.name, 'from', v.starts_on, 'until', v.ends_on, 'capacity', v.capacity) ORDER BY v.starts_on, v.id)
    FROM evaluator v JOIN person n ON n.id = v.person_id
    WHERE v.evaluation_id = e.id)::jsonb AS evaluators,
    (SELECT to_jsonb(s)
    FROM evaluation_setting s
    WHERE (s.institution_id = m.institution_id OR s.institution_id IS NULL) AND s.valid_from <= GREATEST(e.planned_on, (SELECT min(x.valid_from) FROM evaluation_setting x WHERE x.institution_id IS NULL))
    ORDER BY s.institution_id IS NULL, s.valid_from DESC, s.id DESC
    LIMIT 1)::jsonb AS settings,
    w.steps::jsonb AS steps, w.reports::jsonb AS reports, w.opinions::jsonb AS opinions, w.replies::jsonb AS replies, w.conclusions::jsonb AS conclusions,
    w.documents::jsonb AS documents, w.record::jsonb AS record, w.layout::jsonb AS layout, w.drafts::jsonb AS drafts,
    w.read_as::text[] AS read_as
FROM evaluation e
JOIN mandate m ON m.id = e.mandate_id
JOIN institution i ON i.id = m.institution_id
JOIN tenure t ON t.id = e.tenure_id
JOIN person p ON p.id = t.person_id
JOIN evaluation_kind k ON k.code = e.kind
LEFT JOIN LATERAL (SELECT s.to_stage FROM evaluation_step s WHERE s.evaluation_id = e.id ORDER BY s.id DESC LIMIT 1) l ON true
LEFT JOIN LATERAL (
    SELECT
        (SELECT jsonb_agg(jsonb_build_object('from', s.from_stage, 'to', s.to_stage, 'on', s.on_day, 'reason', s.reason, 'by', p.name) ORDER BY s.id)
        FROM evaluation_step s JOIN person p ON p.id = s.by
        WHERE s.evaluation_id = e.id) AS steps,
        (SELECT jsonb_agg(jsonb_build_object('id', r.id, 'number', r.number, 'lang', r.lang, 'sections', r.sections, 'texts', r.texts, 'by', p.name, 'at', r.submitted_at,
            'quotes', (SELECT jsonb_agg(jsonb_build_object('number', q.number, 'entry_id', q.entry_id, 'version', q.version, 'target', g.code) ORDER BY q.number)
                FROM activity_quote q JOIN target g ON g.id = q.target_id
                WHERE q.report_id = r.id)) ORDER BY r.number)
        FROM activity_report r JOIN person p ON p.id = r.submitted_by
        WHERE r.evaluation_id = e.id) AS reports,
        (SELECT jsonb_agg(jsonb_build_object('id', o.id, 'capacity', o.capacity, 'author', o.author, 'on', o.given_on, 'text', o.text, 'lang', o.lang, 'by', p.name, 'at', o.recorded_at) ORDER BY o.given_on, o.id)
        FROM evaluation_opinion o JOIN person p ON p.id = o.recorded_by
        WHERE o.evaluation_id = e.id) AS opinions,
        (SELECT jsonb_agg(jsonb_build_object('id', r.id, 'opinion_id', COALESCE(r.opinion_id, 0), 'text', r.text, 'lang', r.lang, 'by', p.name, 'at', r.recorded_at) ORDER BY r.id)
        FROM evaluation_reply r JOIN person p ON p.id = r.author_id
        WHERE r.evaluation_id = e.id) AS replies,
        (SELECT jsonb_agg(jsonb_build_object('id', c.id, 'grade_id', g.id, 'nl', g.name_nl, 'fr', g.name_fr, 'order', g.position, 'from', g.valid_from, 'until', g.valid_until,
            'on', c.decided_on, 'text', c.text, 'lang', c.lang, 'by', p.name, 'at', c.recorded_at) ORDER BY c.id)
        FROM evaluation_conclusion c JOIN evaluation_grade g ON g.id = c.grade_id JOIN person p ON p.id = c.recorded_by
        WHERE c.evaluation_id = e.id) AS conclusions,
        (SELECT jsonb_agg(jsonb_build_object('id', d.id, 'about', d.about, 'sha256', encode(d.sha256, 'hex'), 'size', d.size, 'kind', d.kind, 'name', d.name, 'compared', d.compared,
            'by_id', d.added_by, 'by', p.name, 'at', d.added_at) ORDER BY d.id)
        FROM evaluation_document d JOIN person p ON p.id = d.added_by
        WHERE d.evaluation_id = e.id) AS documents,
        evaluation_record(e.id) AS record,
        (SELECT l.sections FROM report_layout l WHERE l.institution_id = m.institution_id OR l.institution_id IS NULL ORDER BY l.institution_id IS NULL, l.id DESC LIMIT 1) AS layout,
        (SELECT jsonb_agg(jsonb_build_object('part', d.part, 'version', d.version, 'texts', d.texts, 'at', d.saved_at)) FROM activity_draft d WHERE d.evaluation_id = e.id) AS drafts,
        ARRAY(SELECT a.detail->>'role' FROM audit_event a
        WHERE a.actor_id = (SELECT viewer()) AND a.at > now() - make_interval(mins => @minutes::integer) AND a.action = @reading::text
            AND a.object = 'evaluation/' || e.id AND a.mandate_id = e.mandate_id AND a.detail->>'purpose' = 'evaluation') AS read_as
    WHERE @whole::boolean) w ON true
WHERE (@id::bigint = 0 OR e.id = @id::bigint)
  AND (@everything::boolean OR m.institution_id = ANY (@institutions::bigint[]) OR m.id = ANY (@mandates::bigint[]) OR e.id = ANY (@evaluations::bigint[]))
ORDER BY e.planned_on DESC, e.id DESC;

-- name: EvaluationObject :one
-- What the access rules need to know of an evaluation.
SELECT e.id, e.mandate_id, m.institution_id
FROM evaluation e
JOIN mandate m ON m.id = e.mandate_id
WHERE e.id = @id;

-- name: PlanningRows :one
-- What evaluations are planned from: the tenures of a scope that have begun, by
-- mandate, the latest first; the kinds; and of each institution what is settled
-- for a day, and how many of its evaluations were concluded with each grade.
SELECT
    (SELECT jsonb_agg(jsonb_build_object('id', t.id, 'mandate_id', t.mandate_id, 'institution_id', m.institution_id, 'mandate', m.code, 'person_id', t.person_id, 'name', p.name,
        'from', t.starts_on, 'until', t.ends_on, 'interim', t.interim) ORDER BY m.position, m.code, t.starts_on DESC)
    FROM tenure t JOIN mandate m ON m.id = t.mandate_id JOIN person p ON p.id = t.person_id
    WHERE t.starts_on <= @today::date
      AND (@everything::boolean OR m.institution_id = ANY (@institutions::bigint[]) OR m.id = ANY (@mandates::bigint[])))::jsonb AS tenures,
    (SELECT jsonb_agg(jsonb_build_object('code', k.code, 'nl', k.name_nl, 'fr', k.name_fr) ORDER BY k.position)
    FROM evaluation_kind k)::jsonb AS kinds,
    (SELECT jsonb_agg(jsonb_build_object('id', i.id, 'code', i.code, 'nl', i.name_nl, 'fr', i.name_fr,
        'settings', (SELECT to_jsonb(s)
            FROM evaluation_setting s
            WHERE (s.institution_id = i.id OR s.institution_id IS NULL) AND s.valid_from <= @today::date
            ORDER BY s.institution_id IS NULL, s.valid_from DESC, s.id DESC
            LIMIT 1),
        'grades', (SELECT jsonb_agg(jsonb_build_object('grade_id', g.id, 'nl', g.name_nl, 'fr', g.name_fr, 'order', g.position, 'from', g.valid_from, 'until', g.valid_until, 'number', given.number) ORDER BY g.position, g.id)
            FROM (SELECT last.grade_id, count(*) AS number
                FROM (SELECT DISTINCT ON (c.evaluation_id) c.grade_id
                    FROM evaluation_conclusion c JOIN mandate m ON m.id = c.mandate_id
                    WHERE m.institution_id = i.id AND EXISTS (SELECT FROM evaluation_step s WHERE s.evaluation_id = c.evaluation_id AND s.to_stage = 'concluded')
                    ORDER BY c.evaluation_id, c.id DESC) last
                GROUP BY last.grade_id) given
            JOIN evaluation_grade g ON g.id = given.grade_id)) ORDER BY i.code)
    FROM institution i
    WHERE @everything::boolean OR i.id = ANY (@institutions::bigint[]))::jsonb AS institutions;

-- name: PlanEvaluation :one
-- The language of record is that of the holder unless another is given; from
-- which stage on they read opinions is what is settled on that day; before
-- anything was settled, what was settled first.
INSERT INTO evaluation (mandate_id, tenure_id, kind, starts_on, ends_on, planned_on, created_by, lang, shown_from)
SELECT @mandate_id, t.id, @kind, @starts_on, @ends_on, @planned_on, @created_by,
    COALESCE(NULLIF(@lang::text, ''), p.lang),
    (SELECT s.opinions_shown_from FROM evaluation_setting s
    WHERE (s.institution_id = m.institution_id OR s.institution_id IS NULL) AND s.valid_from <= GREATEST(@planned_on, (SELECT min(x.valid_from) FROM evaluation_setting x WHERE x.institution_id IS NULL))
    ORDER BY s.institution_id IS NULL, s.valid_from DESC, s.id DESC
    LIMIT 1)
FROM tenure t
JOIN person p ON p.id = t.person_id
JOIN mandate m ON m.id = t.mandate_id
WHERE t.id = @tenure_id
RETURNING id;

-- name: MoveEvaluation :execrows
UPDATE evaluation
SET planned_on = @planned_on
WHERE id = @id;

-- name: NameEvaluator :one
INSERT INTO evaluator (mandate_id, evaluation_id, person_id, starts_on, ends_on, named_by, capacity)
VALUES (@mandate_id, @evaluation_id, @person_id, @starts_on, @ends_on, @named_by, @capacity)
RETURNING id;

-- name: EvaluatorForUpdate :one
SELECT id, person_id, starts_on, ends_on
FROM evaluator
WHERE id = @id AND evaluation_id = @evaluation_id
FOR UPDATE;

-- name: EndEvaluator :exec
UPDATE evaluator
SET ends_on = @ends_on
WHERE id = @id;

-- name: WithdrawEvaluator :exec
-- For an evaluator who has not been one for a whole day: the audit trail remembers it.
DELETE FROM evaluator
WHERE id = @id;

-- name: SettledRows :one
-- What is settled for an institution on a day, the sections of its reports and
-- the chapters of its dossiers: its own, else those of all.
SELECT i.id, i.code, i.name_nl, i.name_fr,
    (SELECT to_jsonb(s)
    FROM evaluation_setting s
    WHERE (s.institution_id = i.id OR s.institution_id IS NULL) AND s.valid_from <= @today::date
    ORDER BY s.institution_id IS NULL, s.valid_from DESC, s.id DESC
    LIMIT 1)::jsonb AS settings,
    (SELECT l.sections FROM report_layout l WHERE l.institution_id = i.id OR l.institution_id IS NULL ORDER BY l.institution_id IS NULL, l.id DESC LIMIT 1)::jsonb AS sections,
    (SELECT l.chapters FROM dossier_layout l WHERE l.institution_id = i.id ORDER BY l.id DESC LIMIT 1)::jsonb AS chapters
FROM institution i
WHERE i.code = @code;

-- name: SetEvaluationSetting :exec
INSERT INTO evaluation_setting (institution_id, valid_from, interim_after_months, final_before_months, report_due_days, opinions_due_days, opinions_shown_from, minimum_group, set_by, set_at)
VALUES (@institution_id::bigint, @valid_from, @interim_after_months, @final_before_months, @report_due_days, @opinions_due_days, @opinions_shown_from, @minimum_group, @set_by::bigint, @set_at);

-- name: EvaluationGrades :many
SELECT id, name_nl, name_fr, position, valid_from, valid_until
FROM evaluation_grade
ORDER BY position, id;

-- name: AddGrade :one
INSERT INTO evaluation_grade (name_nl, name_fr, position, valid_from, added_by, added_at)
SELECT @name_nl, @name_fr, COALESCE(max(g.position), 0) + 1, @valid_from, @added_by::bigint, @added_at
FROM evaluation_grade g
RETURNING id;

-- name: SetReportLayout :exec
INSERT INTO report_layout (institution_id, sections, set_by, set_at)
VALUES (@institution_id::bigint, @sections, @set_by::bigint, @set_at);

-- name: EvaluationStage :one
-- The stage under the lock of the mandate, with what steps ask for.
SELECT
    COALESCE((SELECT s.to_stage FROM evaluation_step s WHERE s.evaluation_id = @evaluation_id ORDER BY s.id DESC LIMIT 1), 'planned')::text AS stage,
    EXISTS (SELECT FROM activity_report r WHERE r.evaluation_id = @evaluation_id) AS reported,
    EXISTS (SELECT FROM evaluation_opinion o WHERE o.evaluation_id = @evaluation_id) AS opinions,
    EXISTS (SELECT FROM evaluation_conclusion c WHERE c.evaluation_id = @evaluation_id) AS concluded;

-- name: InsertEvaluationStep :exec
INSERT INTO evaluation_step (mandate_id, evaluation_id, from_stage, to_stage, on_day, reason, by, at)
VALUES (@mandate_id, @evaluation_id, @from_stage, @to_stage, @on_day, @reason, @by, @at);

-- name: SetEvaluationLang :execrows
UPDATE evaluation AS e
SET lang = @lang
WHERE e.id = @id AND NOT EXISTS (SELECT FROM activity_report r WHERE r.evaluation_id = e.id);

-- name: PutActivityDraft :one
-- Keeps a part that nobody saved since it was read; no row when somebody did.
INSERT INTO activity_draft AS d (mandate_id, evaluation_id, part, version, texts, saved_by, saved_at)
SELECT @mandate_id, @evaluation_id, @part, 1, @texts, @saved_by, @saved_at
WHERE @read_version::integer = 0 OR EXISTS (SELECT FROM activity_draft x WHERE x.evaluation_id = @evaluation_id AND x.part = @part)
ON CONFLICT (evaluation_id, part) DO UPDATE
SET version = d.version + 1, texts = EXCLUDED.texts, saved_by = EXCLUDED.saved_by, saved_at = EXCLUDED.saved_at
WHERE d.version = @read_version::integer
RETURNING version;

-- name: EvaluationNote :one
SELECT text, version
FROM evaluation_note
WHERE evaluation_id = @evaluation_id AND person_id = @person_id;

-- name: PutEvaluationNote :execrows
-- Keeps a note that nobody saved since it was read; no row when somebody did.
INSERT INTO evaluation_note AS n (mandate_id, evaluation_id, person_id, version, text, saved_at)
SELECT @mandate_id, @evaluation_id, @person_id, 1, @text, @saved_at
WHERE @read_version::integer = 0 OR EXISTS (SELECT FROM evaluation_note x WHERE x.evaluation_id = @evaluation_id AND x.person_id = @person_id)
ON CONFLICT (evaluation_id, person_id) DO UPDATE
SET version = n.version + 1, text = EXCLUDED.text, saved_at = EXCLUDED.saved_at
WHERE n.version = @read_version::integer;

-- name: DropEvaluationNote :execrows
DELETE FROM evaluation_note
WHERE evaluation_id = @evaluation_id AND person_id = @person_id AND version = @read_version::integer;

-- name: InsertActivityReport :one
INSERT INTO activity_report (mandate_id, evaluation_id, number, lang, sections, texts, submitted_by, submitted_at)
SELECT @mandate_id, @evaluation_id, COALESCE(max(r.number), 0) + 1, @lang, @sections, @texts, @submitted_by, @submitted_at
FROM activity_report r
WHERE r.evaluation_id = @evaluation_id
RETURNING id, number;

-- name: InsertActivityQuote :batchexec
INSERT INTO activity_quote (mandate_id, evaluation_id, report_id, number, target_id, entry_id, version)
VALUES (@mandate_id, @evaluation_id, @report_id, @number, @target_id, @entry_id, @version);

-- name: InsertOpinion :one
INSERT INTO evaluation_opinion (mandate_id, evaluation_id, capacity, author, given_on, text, lang, recorded_by, recorded_at)
VALUES (@mandate_id, @evaluation_id, @capacity, @author, @given_on, @text, @lang, @recorded_by, @recorded_at)
RETURNING id;

-- name: InsertReply :one
INSERT INTO evaluation_reply (mandate_id, evaluation_id, opinion_id, text, lang, author_id, recorded_at)
VALUES (@mandate_id, @evaluation_id, NULLIF(@opinion_id::bigint, 0), @text, @lang, @author_id, @recorded_at)
RETURNING id;

-- name: InsertConclusion :one
INSERT INTO evaluation_conclusion (mandate_id, evaluation_id, grade_id, decided_on, text, lang, recorded_by, recorded_at)
VALUES (@mandate_id, @evaluation_id, @grade_id, @decided_on, @text, @lang, @recorded_by, @recorded_at)
RETURNING id;

-- name: InsertEvaluationDocument :one
INSERT INTO evaluation_document (mandate_id, evaluation_id, about, sha256, size, kind, name, compared, added_by, added_at)
VALUES (@mandate_id, @evaluation_id, @about, @sha256, @size, @kind, @name, @compared, @added_by, @added_at)
RETURNING id;

-- name: EvaluationDocument :one
SELECT d.id, d.about, encode(d.sha256, 'hex')::text AS sha256, d.size, d.kind, d.name, d.compared, d.added_by, p.name AS added_name, d.added_at
FROM evaluation_document d
JOIN person p ON p.id = d.added_by
WHERE d.id = @id AND d.evaluation_id = @evaluation_id;

-- name: InsertEvaluationReminder :execrows
INSERT INTO evaluation_reminder (mandate_id, evaluation_id, day, by, at)
VALUES (@mandate_id, @evaluation_id, @day, @by, @at)
ON CONFLICT DO NOTHING;

-- name: EvaluationReadings :many
-- Who read an evaluation, or had it exported, the latest first.
SELECT a.at, COALESCE(a.actor_id, 0)::bigint AS actor_id, COALESCE(a.detail->>'role', '')::text AS role, COALESCE(a.detail->>'purpose', '')::text AS purpose
FROM audit_event a
WHERE a.mandate_id = @mandate_id::bigint AND (a.object = @object::text OR a.object LIKE @object::text || '/%')
  AND a.action = ANY (@actions::text[])
ORDER BY a.at DESC, a.id DESC
LIMIT @most::integer;

-- name: RemoveEvaluations :one
SELECT remove_evaluations(@before::timestamptz, @counting::boolean)::bigint AS removed;
