-- name: EvaluationKinds :many
SELECT code, name_nl, name_fr
FROM evaluation_kind
ORDER BY position;

-- name: EvaluationRows :many
-- The evaluations of a scope and those with these numbers, once for each
-- evaluator, the latest interview first.
SELECT
    e.id, e.mandate_id, m.institution_id, m.code AS mandate_code, m.title_nl, m.title_fr, m.title_nl_state, m.title_fr_state,
    i.code AS institution_code, i.name_nl AS institution_nl, i.name_fr AS institution_fr,
    e.tenure_id, t.person_id, p.name, t.interim, t.starts_on AS held_from, t.ends_on AS held_until,
    e.kind, k.name_nl AS kind_nl, k.name_fr AS kind_fr, e.starts_on, e.ends_on, e.planned_on,
    COALESCE(v.id, 0)::bigint AS evaluator_id, COALESCE(v.person_id, 0)::bigint AS evaluator_person_id, COALESCE(n.name, '')::text AS evaluator_name,
    v.starts_on AS evaluator_from, v.ends_on AS evaluator_until
FROM evaluation e
JOIN mandate m ON m.id = e.mandate_id
JOIN institution i ON i.id = m.institution_id
JOIN tenure t ON t.id = e.tenure_id
JOIN person p ON p.id = t.person_id
JOIN evaluation_kind k ON k.code = e.kind
LEFT JOIN evaluator v ON v.evaluation_id = e.id
LEFT JOIN person n ON n.id = v.person_id
WHERE (@id::bigint = 0 OR e.id = @id::bigint)
  AND (@everything::boolean OR m.institution_id = ANY (@institutions::bigint[]) OR m.id = ANY (@mandates::bigint[]) OR e.id = ANY (@evaluations::bigint[]))
ORDER BY e.planned_on DESC, e.id DESC, v.starts_on, v.id;

-- name: EvaluationObject :one
-- What the access rules need to know of an evaluation.
SELECT e.id, e.mandate_id, m.institution_id
FROM evaluation e
JOIN mandate m ON m.id = e.mandate_id
WHERE e.id = @id;

-- name: TenuresToEvaluate :many
-- The tenures of a scope that have begun, by mandate, the latest first.
SELECT t.id, t.mandate_id, m.institution_id, m.code AS mandate_code, t.person_id, p.name, t.starts_on, t.ends_on, t.interim
FROM tenure t
JOIN mandate m ON m.id = t.mandate_id
JOIN person p ON p.id = t.person_id
WHERE t.starts_on <= @today::date
  AND (@everything::boolean OR m.institution_id = ANY (@institutions::bigint[]) OR m.id = ANY (@mandates::bigint[]))
ORDER BY m.position, m.code, t.starts_on DESC;

-- name: PlanEvaluation :one
INSERT INTO evaluation (mandate_id, tenure_id, kind, starts_on, ends_on, planned_on, created_by)
VALUES (@mandate_id, @tenure_id, @kind, @starts_on, @ends_on, @planned_on, @created_by)
RETURNING id;

-- name: MoveEvaluation :execrows
UPDATE evaluation
SET planned_on = @planned_on
WHERE id = @id;

-- name: NameEvaluator :one
INSERT INTO evaluator (mandate_id, evaluation_id, person_id, starts_on, ends_on, named_by)
VALUES (@mandate_id, @evaluation_id, @person_id, @starts_on, @ends_on, @named_by)
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
