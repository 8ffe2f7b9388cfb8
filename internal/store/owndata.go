package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/shopspring/decimal"
)

// OwnSection is one kind of what is kept about a person: rows under columns.
// Key and columns are names for the catalogues and for programs.
type OwnSection struct {
	Key     string
	Columns []string
	Rows    [][]any // string, bool, int64, time.Time (a moment or, at midnight UTC, a day) or nil
}

// ownQueries say what is kept about a person ($1). Other people are named where
// the row makes no sense without them (who delegated to whom), and nowhere else.
var ownQueries = slices.Concat(ownOfficeQueries, ownEvaluationQueries)

// ownQuery is one kind, under its name for the catalogues and for programs.
type ownQuery struct{ key, sql string }

// OwnSections lists the kinds in the order of OwnData.
func OwnSections() (keys []string) {
	for _, q := range ownQueries {
		keys = append(keys, q.key)
	}
	return keys
}

var ownOfficeQueries = []ownQuery{
	{"account", `SELECT name, email, lang, created_at, last_sign_in_at, disabled_at FROM person WHERE id = $1`},
	{"preferences", `SELECT p.lang, COALESCE(r.digest, true) AS digest, r.chosen_at FROM person p LEFT JOIN reminder_preference r ON r.person_id = p.id WHERE p.id = $1`},
	{"roles", `SELECT r.role, COALESCE(i.code, '') AS institution, r.starts_on, r.ends_on
		FROM role_grant r LEFT JOIN institution i ON i.id = r.institution_id WHERE r.person_id = $1 ORDER BY r.starts_on, r.id`},
	{"tenures", `SELECT m.code AS mandate, t.starts_on, t.ends_on, t.interim, NULLIF(t.told_from, '-infinity') AS recorded_at, NULLIF(t.told_until, 'infinity') AS replaced_at
		FROM tenure_told t JOIN mandate m ON m.id = t.mandate_id WHERE t.person_id = $1 ORDER BY t.told_until DESC, t.starts_on, t.id`},
	{"delegations", `SELECT m.code AS mandate, g.name AS given_by, r.name AS given_to, d.starts_on, d.ends_on, d.revoked_at
		FROM delegation d JOIN mandate m ON m.id = d.mandate_id JOIN person g ON g.id = d.granted_by JOIN person r ON r.id = d.person_id
		WHERE $1 IN (d.granted_by, d.person_id) ORDER BY d.starts_on, d.id`},
	{"entries", `SELECT m.code AS mandate, t.code AS target, e.as_of, e.recorded_at, e.author_id = $1 AS by_me, e.on_behalf_of IS NOT NULL AS for_holder, e.status, e.percentage, e.value,
			e.achieved, e.obstacles, e.outside_control, e.next_steps, e.support_asked, e.support_of, e.support_by, e.reason, e.correction_reason
		FROM progress_entry e JOIN mandate m ON m.id = e.mandate_id JOIN target t ON t.id = e.target_id
		WHERE $1 IN (e.author_id, e.on_behalf_of) ORDER BY e.id`},
	{"drafts", `SELECT m.code AS mandate, d.period::date AS period, t.code AS target, d.saved_at, d.fields::text AS fields
		FROM report_draft d JOIN mandate m ON m.id = d.mandate_id JOIN target t ON t.id = d.target_id WHERE d.saved_by = $1 ORDER BY d.period, t.id`},
	{"replaced_drafts", `SELECT m.code AS mandate, d.period::date AS period, t.code AS target, d.written_at AS saved_at, d.fields::text AS fields
		FROM report_draft_text d JOIN mandate m ON m.id = d.mandate_id JOIN target t ON t.id = d.target_id WHERE d.written_by = $1 ORDER BY d.id`},
	{"events", `SELECT m.code AS mandate, v.kind, v.title, v.starts_on, v.ends_on, v.place, v.participants::bigint AS participants, v.recorded_at, v.cancelled_at
		FROM event v JOIN mandate m ON m.id = v.mandate_id WHERE v.recorded_by = $1 ORDER BY v.id`},
	{"answers", `SELECT m.code AS mandate, t.code AS target, a.due, a.done_on, a.note, a.link, a.recorded_at, a.author_id = $1 AS by_me
		FROM duty_answer a JOIN mandate m ON m.id = a.mandate_id JOIN target t ON t.id = a.target_id WHERE $1 IN (a.author_id, a.on_behalf_of) ORDER BY a.id`},
	{"waivers", `SELECT m.code AS mandate, t.code AS target, w.due, w.reason, w.recorded_at
		FROM duty_waiver w JOIN mandate m ON m.id = w.mandate_id JOIN target t ON t.id = w.target_id WHERE w.waived_by = $1 ORDER BY w.id`},
	{"decisions", `SELECT m.code AS mandate, t.code AS target, d.period::date AS period, d.kind, d.text, d.due, d.recorded_at
		FROM decision d JOIN mandate m ON m.id = d.mandate_id JOIN target t ON t.id = d.target_id WHERE d.recorded_by = $1 ORDER BY d.id`},
	{"replies", `SELECT m.code AS mandate, t.code AS target, a.text, a.recorded_at, a.author_id = $1 AS by_me
		FROM decision_answer a JOIN mandate m ON m.id = a.mandate_id JOIN target t ON t.id = a.target_id WHERE $1 IN (a.author_id, a.on_behalf_of) ORDER BY a.id`},
	{"addressees", `SELECT m.code AS mandate, t.code AS target, b.code AS body, a.form, a.valid_from AS starts_on, a.valid_until AS ends_on, a.set_at AS recorded_at
		FROM addressee a JOIN mandate m ON m.id = a.mandate_id JOIN target t ON t.id = a.target_id JOIN body b ON b.id = a.body_id WHERE a.set_by = $1 ORDER BY a.id`},
	{"transmissions", `SELECT m.code AS mandate, t.code AS target, x.covers, x.given_on, x.recorded_at
		FROM transmission x JOIN mandate m ON m.id = x.mandate_id JOIN target t ON t.id = x.target_id WHERE x.recorded_by = $1 ORDER BY x.id`},
	{"letters", `SELECT m.code AS mandate, l.file_name, l.lang, l.imported_at FROM letter_import l JOIN mandate m ON m.id = l.mandate_id WHERE l.imported_by = $1 ORDER BY l.id`},
	{"seals", `SELECT m.code AS mandate, s.period::date AS period, s.number, s.sealed_at FROM seal s JOIN mandate m ON m.id = s.mandate_id WHERE s.sealed_by = $1 ORDER BY s.id`},
	{"rounds", `SELECT b.code AS body, r.period::date AS period, s.to_state AS state, s.at AS recorded_at, s.reason
		FROM round_step s JOIN round r ON r.id = s.round_id JOIN body b ON b.id = r.body_id WHERE s.by = $1 ORDER BY s.id`},
	{"round_changes", `SELECT b.code AS body, r.period::date AS period, c.at AS recorded_at, c.reason
		FROM round_change c JOIN round r ON r.id = c.round_id JOIN body b ON b.id = r.body_id WHERE c.by = $1 ORDER BY c.id`},
	{"parts", `SELECT m.code AS mandate, r.period::date AS period, s.step, s.at AS recorded_at, s.reason
		FROM part_step s JOIN round r ON r.id = s.round_id JOIN mandate m ON m.id = s.mandate_id WHERE s.by = $1 ORDER BY s.id`},
	{"part_reasons", `SELECT m.code AS mandate, t.code AS target, w.reason
		FROM part_return_row w JOIN part_step s ON s.id = w.part_step_id JOIN mandate m ON m.id = w.mandate_id JOIN target t ON t.id = w.target_id
		WHERE s.by = $1 ORDER BY s.id, t.id`},
	{"nudges", `SELECT b.code AS body, r.period::date AS period, n.at AS recorded_at, n.by = $1 AS by_me
		FROM nudge n JOIN round r ON r.id = n.round_id JOIN body b ON b.id = r.body_id WHERE $1 IN (n.person_id, n.by) ORDER BY n.id`},
	{"body_seals", `SELECT b.code AS body, r.period::date AS period, s.number, s.sealed_at
		FROM round_seal s JOIN round r ON r.id = s.round_id JOIN body b ON b.id = r.body_id WHERE s.sealed_by = $1 ORDER BY s.id`},
	{"errata", `SELECT m.code AS mandate, s.period::date AS period, s.number || '/' || e.number AS number, convert_from(e.document, 'UTF8')::json->>'text' AS text,
			convert_from(e.document, 'UTF8')::json->>'reason' AS reason, e.recorded_at
		FROM erratum e JOIN seal s ON s.id = e.seal_id JOIN mandate m ON m.id = e.mandate_id WHERE e.recorded_by = $1 ORDER BY e.id`},
	{"evidence", `SELECT m.code AS mandate, t.code AS target, v.name AS file_name, v.added_at AS recorded_at
		FROM evidence v JOIN mandate m ON m.id = v.mandate_id JOIN target t ON t.id = v.target_id WHERE v.added_by = $1 ORDER BY v.id`},
	{"chosen_evidence", `SELECT m.code AS mandate, t.code AS target, v.period::date AS period, v.name AS file_name, COALESCE(v.url, '') AS link, v.added_at AS recorded_at
		FROM report_draft_evidence v JOIN mandate m ON m.id = v.mandate_id JOIN target t ON t.id = v.target_id WHERE v.added_by = $1 ORDER BY v.id`},
	{"evidence_links", `SELECT m.code AS mandate, t.code AS target, v.title, v.url AS link, v.added_at AS recorded_at
		FROM evidence_link v JOIN mandate m ON m.id = v.mandate_id JOIN target t ON t.id = v.target_id WHERE v.added_by = $1 ORDER BY v.id`},
	{"event_lists", `SELECT m.code AS mandate, l.file_name, l.imported_at FROM event_list l JOIN mandate m ON m.id = l.mandate_id WHERE l.imported_by = $1 ORDER BY l.id`},
	{"nominations", `SELECT m.code AS mandate, e.starts_on, e.ends_on FROM evaluator e JOIN mandate m ON m.id = e.mandate_id WHERE e.person_id = $1 ORDER BY e.starts_on, e.id`},
	{"identities", `SELECT issuer, subject AS identifier, linked_at, last_used_at FROM person_identity WHERE person_id = $1 ORDER BY id`},
	{"second_factor", `SELECT begun_at, confirmed_at FROM second_factor WHERE person_id = $1`},
	{"sessions", `SELECT begun_at, seen_at, agent, network AS address FROM sessions WHERE person_id = $1 ORDER BY begun_at, id`},
	{"mails", `SELECT day, kind, subject, state, sent_at FROM outgoing_mail WHERE person_id = $1 ORDER BY id`},
	{"feeds", `SELECT created_at, revoked_at FROM calendar_feed WHERE person_id = $1 ORDER BY id`},
	{"indicators", `SELECT m.code AS mandate, i.code AS identifier, v.valid_from AS starts_on, v.recorded_at
		FROM indicator_version v JOIN indicator i ON i.id = v.indicator_id JOIN mandate m ON m.id = v.mandate_id WHERE v.recorded_by = $1 ORDER BY v.id`},
	{"measurements", `SELECT m.code AS mandate, i.code AS identifier, e.on_date AS as_of, e.value, e.note, e.recorded_at
		FROM measurement e JOIN indicator i ON i.id = e.indicator_id JOIN mandate m ON m.id = e.mandate_id WHERE e.recorded_by = $1 ORDER BY e.id`},
	{"tokens", `SELECT name, created_at, expires_on AS ends_on, last_used_on AS last_used_at, revoked_at FROM api_token WHERE $1 IN (person_id, created_by) ORDER BY id`},
	{"documents", `SELECT kind, asked_at AS recorded_at, state, file_name, expires_at AS ends_on FROM export_job WHERE person_id = $1 ORDER BY id`},
	{"trail", `SELECT e.at, e.action, COALESCE(e.actor_id = $1, false) AS by_me, COALESCE(m.code, '') AS mandate, e.object, e.address
		FROM audit_event e LEFT JOIN mandate m ON m.id = e.mandate_id
		WHERE e.actor_id = $1 OR e.on_behalf_of = $1 OR e.object = 'person/' || $1::text ORDER BY e.at, e.id`},
	{"readings", `SELECT e.at, m.code AS mandate, e.action, COALESCE(e.detail->>'role', '') AS role, COALESCE(e.detail->>'purpose', '') AS purpose
		FROM audit_event e JOIN mandate m ON m.id = e.mandate_id
		WHERE e.mandate_id IN (SELECT mandate_id FROM tenure WHERE person_id = $1) AND (` + readInTenure + ` OR ` + readOfEvaluation + `)
			AND e.action IN ('` + ActionRead + `', '` + ActionExportTable + `', '` + ActionExportEvaluation + `') AND e.actor_id IS DISTINCT FROM $1 ORDER BY e.at, e.id`},
}

// A reading is of somebody when it was of the mandate while they held it, or of
// an evaluation that is about them, whenever that was.
const (
	readInTenure = `e.object NOT LIKE 'evaluation/%' AND EXISTS (SELECT FROM tenure t WHERE t.mandate_id = e.mandate_id AND t.person_id = $1
		AND (e.at AT TIME ZONE 'Europe/Brussels')::date BETWEEN t.starts_on AND COALESCE(t.ends_on, 'infinity'::date))`
	readOfEvaluation = `EXISTS (SELECT FROM evaluation v JOIN tenure h ON h.id = v.tenure_id WHERE v.mandate_id = e.mandate_id AND h.person_id = $1
		AND (e.object = 'evaluation/' || v.id OR e.object LIKE 'evaluation/' || v.id || '/%'))`
)

// OwnData reads everything that is kept about a person, as of one moment.
func (s *Store) OwnData(ctx context.Context, personID int64) (sections []OwnSection, err error) {
	err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		// What somebody wrote in an office they have left is theirs to ask for all
		// the same: every question here is bound to the person by itself.
		if err := inNameOfSystem(ctx, tx); err != nil {
			return err
		}
		for _, q := range ownQueries {
			section, err := ownSection(ctx, tx, q.key, q.sql, personID)
			if err != nil {
				return fmt.Errorf("%s: %w", q.key, err)
			}
			sections = append(sections, section)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read what is kept about person %d: %w", personID, err)
	}
	return sections, nil
}

func ownSection(ctx context.Context, tx pgx.Tx, key, sql string, personID int64) (OwnSection, error) {
	section := OwnSection{Key: key, Rows: [][]any{}}
	rows, err := tx.Query(ctx, sql, personID)
	if err != nil {
		return section, err
	}
	defer rows.Close()
	for _, f := range rows.FieldDescriptions() {
		section.Columns = append(section.Columns, f.Name)
	}
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return section, err
		}
		for i, v := range values {
			if n, ok := v.(pgtype.Numeric); ok {
				if values[i] = nil; n.Valid {
					values[i] = decimal.NewFromBigInt(n.Int, n.Exp).String()
				}
			}
			if t, ok := v.(time.Time); ok {
				values[i] = t.UTC()
			}
		}
		section.Rows = append(section.Rows, values)
	}
	return section, rows.Err()
}
