-- name: ReminderPeople :many
-- Who answers for which mandate on a day: holders, delegates, and the
-- secretaries of its institution; also accounts that were closed.
SELECT
    m.id AS mandate_id, m.code AS mandate_code, a.role, a.objectives,
    p.id AS person_id, p.lang, (p.disabled_at IS NOT NULL)::boolean AS disabled, COALESCE(c.digest, true)::boolean AS digest
FROM mandate m
JOIN LATERAL (
    SELECT 'holder'::text AS role, t.person_id, '{}'::text[] AS objectives
    FROM tenure t
    WHERE t.mandate_id = m.id AND t.starts_on <= @today::date AND (t.ends_on IS NULL OR t.ends_on >= @today::date)
    UNION
    SELECT 'delegate', d.person_id, (
        SELECT COALESCE(array_agg(o.code ORDER BY o.position), '{}')
        FROM delegation_objective c
        JOIN objective o ON o.id = c.objective_id
        WHERE c.delegation_id = d.id)
    FROM delegation_in_force d
    WHERE d.mandate_id = m.id AND d.starts_on <= @today::date AND d.ends_on >= @today::date
    UNION
    SELECT r.role, r.person_id, '{}'
    FROM role_grant r
    WHERE r.role = 'secretary' AND (r.institution_id IS NULL OR r.institution_id = m.institution_id)
        AND r.starts_on <= @today::date AND (r.ends_on IS NULL OR r.ends_on >= @today::date)
) a ON true
JOIN person p ON p.id = a.person_id
LEFT JOIN reminder_preference c ON c.person_id = p.id
ORDER BY m.position, m.code, a.role, p.id;

-- name: OpenDelegations :many
-- The delegations that have not ended before a day.
SELECT
    d.id, d.mandate_id, m.code AS mandate_code, d.starts_on, d.ends_on,
    t.id AS to_id, t.lang AS to_lang, (t.disabled_at IS NOT NULL)::boolean AS to_disabled,
    b.id AS by_id, b.lang AS by_lang, (b.disabled_at IS NOT NULL)::boolean AS by_disabled
FROM delegation_in_force d
JOIN mandate m ON m.id = d.mandate_id
JOIN person t ON t.id = d.person_id
JOIN person b ON b.id = d.granted_by
WHERE d.ends_on >= @today::date
ORDER BY d.id;

-- name: Administrators :many
SELECT DISTINCT p.id, p.lang
FROM person p
JOIN role_grant r ON r.person_id = p.id
WHERE r.role = 'administrator' AND p.disabled_at IS NULL
    AND r.starts_on <= @today::date AND (r.ends_on IS NULL OR r.ends_on >= @today::date)
ORDER BY p.id;

-- name: ReminderRuns :one
-- Whether a day was planned, the last one planned before it, and the busiest of the year before.
SELECT
    EXISTS (SELECT FROM reminder_run r WHERE r.day = @today::date) AS planned,
    (SELECT r.day FROM reminder_run r WHERE r.day < @today::date ORDER BY r.day DESC LIMIT 1)::date AS last_day,
    COALESCE((SELECT max(r.mails) FROM reminder_run r WHERE NOT r.held AND r.day < @today::date AND r.day > @since::date), 0)::integer AS busiest;

-- name: StartReminderRun :execrows
INSERT INTO reminder_run (day, mails, held, planned_at)
VALUES (@day, @mails, @held, @planned_at)
ON CONFLICT (day) DO NOTHING;

-- name: InsertMail :batchexec
-- What was planned before stays as it is.
INSERT INTO outgoing_mail (person_id, kind, key, day, subject, text, html, unsubscribe_url, message_id, state, queued_at)
VALUES (@person_id, @kind, @key, @day, @subject, @text, @html, @unsubscribe_url, @message_id, @state, @queued_at)
ON CONFLICT DO NOTHING;

-- name: QueuedMails :many
SELECT id
FROM outgoing_mail
WHERE state = 'queued'
ORDER BY id;

-- name: MailToSend :one
SELECT
    o.id, o.person_id, o.kind, o.subject, o.text, o.html, o.unsubscribe_url, o.message_id, o.state, o.queued_at, o.attempts,
    p.email, p.lang, (p.disabled_at IS NOT NULL)::boolean AS disabled, COALESCE(c.digest, true)::boolean AS digest
FROM outgoing_mail o
JOIN person p ON p.id = o.person_id
LEFT JOIN reminder_preference c ON c.person_id = p.id
WHERE o.id = @id;

-- name: RecordMail :exec
-- The outcome of an attempt. One that ended stays so.
UPDATE outgoing_mail
SET state = @state,
    attempts = attempts + @attempted::integer,
    last_error = @last_error,
    next_attempt_at = sqlc.narg(next_attempt_at)::timestamptz,
    sent_at = CASE WHEN @state::text = 'sent' THEN @at::timestamptz END
WHERE id = @id AND state = 'queued';

-- name: OutgoingMails :many
SELECT
    o.id, o.person_id, o.kind, o.day, o.subject, o.text, o.state, o.attempts, o.next_attempt_at, o.last_error, o.sent_at,
    p.name, p.email, p.lang
FROM outgoing_mail o
JOIN person p ON p.id = o.person_id
ORDER BY o.day DESC, o.id DESC
LIMIT @most;

-- name: MailCounts :many
SELECT state, count(*) AS mails
FROM outgoing_mail
GROUP BY state
ORDER BY state;

-- name: ReleaseMails :execrows
UPDATE outgoing_mail
SET state = 'queued', queued_at = @at
WHERE state = 'held';

-- name: AcceptRuns :exec
-- What was released counts as usual from now on.
UPDATE reminder_run
SET held = false
WHERE held;

-- name: DiscardMails :execrows
UPDATE outgoing_mail
SET state = 'failed', last_error = 'discarded'
WHERE state = 'held';

-- name: Preferences :one
SELECT p.lang, COALESCE(c.digest, true)::boolean AS digest
FROM person p
LEFT JOIN reminder_preference c ON c.person_id = p.id
WHERE p.id = @id;

-- name: SetLang :exec
UPDATE person
SET lang = @lang
WHERE id = @id;

-- name: SetDigest :exec
INSERT INTO reminder_preference (person_id, digest)
VALUES (@person_id, @digest)
ON CONFLICT (person_id) DO UPDATE SET digest = EXCLUDED.digest, chosen_at = now();
