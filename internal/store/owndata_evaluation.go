package store

// What an evaluation holds about a person. Of their own evaluation somebody gets
// what its pages show them, and no more: opinions from the stage that it names,
// the conclusion once they were told. Of another's evaluation they get what they
// wrote themself; that they recorded what somebody else said is told without the words.
const (
	ownCase  = ` JOIN evaluation e ON e.id = x.evaluation_id JOIN tenure h ON h.id = e.tenure_id JOIN mandate m ON m.id = e.mandate_id `
	ofStage  = `EXISTS (SELECT FROM evaluation_step s WHERE s.evaluation_id = e.id AND stage_rank(s.to_stage) >= stage_rank(`
	shown    = `h.person_id = $1 AND ` + ofStage + `e.shown_from))`
	told     = `h.person_id = $1 AND ` + ofStage + `'concluded'))`
	myOpined = `x.recorded_by = $1 AND x.author = (SELECT p.name FROM person p WHERE p.id = $1)`
)

var ownEvaluationQueries = []ownQuery{
	{"evaluations", `SELECT m.code AS mandate, e.kind, e.starts_on, e.ends_on, e.planned_on AS day, e.lang
		FROM evaluation e JOIN tenure h ON h.id = e.tenure_id JOIN mandate m ON m.id = e.mandate_id WHERE h.person_id = $1 ORDER BY e.id`},
	{"evaluation_steps", `SELECT m.code AS mandate, x.to_stage AS stage, x.on_day AS day, x.reason, x.at AS recorded_at, x.by = $1 AS by_me
		FROM evaluation_step x` + ownCase + `WHERE $1 IN (h.person_id, x.by) ORDER BY x.id`},
	{"activity_drafts", `SELECT m.code AS mandate, x.part, x.texts::text AS fields, x.saved_at FROM activity_draft x` + ownCase + `WHERE x.saved_by = $1 ORDER BY x.evaluation_id, x.part`},
	{"activity_reports", `SELECT m.code AS mandate, x.number::bigint AS number, x.lang, x.texts::text AS fields, x.submitted_at AS recorded_at
		FROM activity_report x` + ownCase + `WHERE x.submitted_by = $1 ORDER BY x.id`},
	{"opinions", `SELECT m.code AS mandate, x.capacity, x.author AS name, x.given_on,
			CASE WHEN ` + shown + ` OR ` + myOpined + ` THEN x.text ELSE '' END AS text, x.recorded_at, x.recorded_by = $1 AS by_me
		FROM evaluation_opinion x` + ownCase + `WHERE ` + shown + ` OR x.recorded_by = $1 ORDER BY x.id`},
	{"evaluation_notes", `SELECT m.code AS mandate, e.kind, x.text, x.saved_at FROM evaluation_note x` + ownCase + `WHERE x.person_id = $1 ORDER BY x.evaluation_id`},
	{"opinion_replies", `SELECT m.code AS mandate, x.text, x.recorded_at FROM evaluation_reply x` + ownCase + `WHERE x.author_id = $1 ORDER BY x.id`},
	{"conclusions", `SELECT m.code AS mandate, x.decided_on AS day, CASE WHEN ` + told + ` THEN g.name_nl || ' / ' || g.name_fr ELSE '' END AS name,
			CASE WHEN ` + told + ` THEN x.text ELSE '' END AS text, x.recorded_at, x.recorded_by = $1 AS by_me
		FROM evaluation_conclusion x` + ownCase + `JOIN evaluation_grade g ON g.id = x.grade_id WHERE ` + told + ` OR x.recorded_by = $1 ORDER BY x.id`},
	{"signed_documents", `SELECT m.code AS mandate, x.name AS file_name, x.added_at AS recorded_at, x.added_by = $1 AS by_me FROM evaluation_document x` + ownCase + `
		WHERE x.added_by = $1 OR h.person_id = $1 AND (x.about IN ('report', 'reply', 'appeal') OR x.about = 'opinion' AND ` + shown + ` OR x.about = 'conclusion' AND ` + told + `) ORDER BY x.id`},
	{"evaluation_reminders", `SELECT m.code AS mandate, x.day, x.at AS recorded_at, x.by = $1 AS by_me FROM evaluation_reminder x` + ownCase + `WHERE $1 IN (h.person_id, x.by) ORDER BY x.at`},
	{"measures", `SELECT m.code AS mandate, i.code AS identifier, x.taken_on AS day, x.cause AS reason, x.action AS text, x.effect AS note, x.due, x.owner_id = $1 AS mine, x.recorded_by = $1 AS by_me, x.recorded_at
		FROM measure x JOIN indicator i ON i.id = x.indicator_id JOIN mandate m ON m.id = x.mandate_id WHERE $1 IN (x.owner_id, x.recorded_by, x.on_behalf_of) ORDER BY x.id`},
	{"measure_steps", `SELECT m.code AS mandate, x.kind, x.on_date AS day, x.text, x.due, x.recorded_at
		FROM measure_step x JOIN mandate m ON m.id = x.mandate_id WHERE $1 IN (x.recorded_by, x.on_behalf_of) ORDER BY x.id`},
	{"indicator_remarks", `SELECT m.code AS mandate, i.code AS identifier, x.on_date AS day, x.text, x.recorded_at
		FROM indicator_remark x JOIN indicator i ON i.id = x.indicator_id JOIN mandate m ON m.id = x.mandate_id WHERE $1 IN (x.recorded_by, x.on_behalf_of) ORDER BY x.id`},
	{"scoreboard_checks", `SELECT b.code AS body, s.code AS identifier, x.checked_on AS day, x.conclusion AS text, x.recorded_at
		FROM scoreboard_check x JOIN scoreboard s ON s.id = x.scoreboard_id JOIN body b ON b.id = s.body_id WHERE $1 IN (x.recorded_by, x.on_behalf_of) ORDER BY x.id`},
}
