-- +goose Up

-- The second lock. What a person may see is decided by the application, in one
-- table of rights; here the database decides once more, from the offices
-- themselves, for every statement under the application's role. A query that
-- forgets to ask shows nothing of another's mandate.
--
-- The store tells who asks with two settings of the connection:
--   jalon.viewer  number of the person; 0 for the system (jobs, commands)
--   jalon.today   the day in Brussels on which they ask
-- The offices themselves (tenures, delegations, roles, evaluators by name) are
-- not guarded: rights are read from them before anybody is known. Without the settings a guarded table answers with an error, never with a gap.

-- +goose StatementBegin
CREATE FUNCTION viewer() RETURNS bigint LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF COALESCE(current_setting('jalon.viewer', true), '') = '' THEN
        RAISE EXCEPTION 'a guarded table was asked in nobody''s name' USING ERRCODE = 'JA006';
    END IF;
    RETURN current_setting('jalon.viewer')::bigint;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION viewing_system() RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN viewer() = 0;
END
$$;
-- +goose StatementEnd

-- The mandates that the viewer reports on: as holder, or for the holder.
-- +goose StatementBegin
CREATE FUNCTION reporting_mandates() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 2 SET search_path = public, pg_temp AS $$
DECLARE
    who CONSTANT bigint := viewer();
    today CONSTANT date := current_setting('jalon.today');
BEGIN
    RETURN QUERY
        SELECT t.mandate_id FROM tenure t
        WHERE t.person_id = who AND t.starts_on <= today AND (t.ends_on IS NULL OR t.ends_on >= today)
        UNION ALL
        SELECT d.mandate_id FROM delegation_in_force d
        WHERE d.person_id = who AND d.starts_on <= today AND d.ends_on >= today;
END
$$;
-- +goose StatementEnd

-- The mandates that the viewer sees in one of these roles, in their institution or everywhere.
-- +goose StatementBegin
CREATE FUNCTION mandates_as(VARIADIC roles text[]) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp AS $$
DECLARE
    who CONSTANT bigint := viewer();
    today CONSTANT date := current_setting('jalon.today');
BEGIN
    RETURN QUERY
        SELECT m.id FROM role_grant r
        JOIN mandate m ON r.institution_id IS NULL OR m.institution_id = r.institution_id
        WHERE r.person_id = who AND r.role = ANY (roles)
            AND r.starts_on <= today AND (r.ends_on IS NULL OR r.ends_on >= today);
END
$$;
-- +goose StatementEnd

-- The mandates of which the viewer sees the progress. An administrator sees none.
-- +goose StatementBegin
CREATE FUNCTION visible_mandates() RETURNS SETOF bigint LANGUAGE plpgsql STABLE ROWS 50 SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
        SELECT reporting_mandates()
        UNION ALL
        SELECT mandates_as('committee_member', 'secretary', 'hr_officer');
END
$$;
-- +goose StatementEnd

-- The evaluations that the viewer was named for, as an evaluator.
-- +goose StatementBegin
CREATE FUNCTION judged_evaluations() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 5 SET search_path = public, pg_temp AS $$
DECLARE
    who CONSTANT bigint := viewer();
    today CONSTANT date := current_setting('jalon.today');
BEGIN
    RETURN QUERY
        SELECT e.evaluation_id FROM evaluator e
        WHERE e.person_id = who AND e.starts_on <= today AND e.ends_on >= today;
END
$$;
-- +goose StatementEnd

-- Each function stands in a subquery that does not depend on the row, so that
-- a statement asks it once, however many rows it reads.

ALTER TABLE progress_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON progress_entry FOR SELECT TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT visible_mandates()));
CREATE POLICY write ON progress_entry FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR mandate_id IN (SELECT reporting_mandates()));

ALTER TABLE report_draft ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON report_draft TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT reporting_mandates()));

ALTER TABLE event ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON event FOR SELECT TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT visible_mandates()));
CREATE POLICY write ON event FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR mandate_id IN (SELECT reporting_mandates()));
CREATE POLICY change ON event FOR UPDATE TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT reporting_mandates()));

ALTER TABLE event_list ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON event_list FOR SELECT TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT visible_mandates()));
CREATE POLICY write ON event_list FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR mandate_id IN (SELECT reporting_mandates()));

ALTER TABLE event_target ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON event_target FOR SELECT TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT visible_mandates()));
CREATE POLICY write ON event_target FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR mandate_id IN (SELECT reporting_mandates()));

ALTER TABLE duty_answer ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON duty_answer FOR SELECT TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT visible_mandates()));
CREATE POLICY write ON duty_answer FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR mandate_id IN (SELECT reporting_mandates()));

ALTER TABLE evidence ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON evidence FOR SELECT TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT visible_mandates()));
CREATE POLICY write ON evidence FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR mandate_id IN (SELECT reporting_mandates()));

ALTER TABLE duty_waiver ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON duty_waiver TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT visible_mandates()));

ALTER TABLE seal ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON seal TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT visible_mandates()));

ALTER TABLE mandate_period_cells ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON mandate_period_cells TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT visible_mandates()));

-- Nobody prepares or judges their own, whatever else they are.
ALTER TABLE evaluation ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON evaluation FOR SELECT TO jalon_app USING ((SELECT viewing_system())
    OR (mandate_id IN (SELECT mandates_as('hr_officer')) OR id IN (SELECT judged_evaluations()))
        AND tenure_id NOT IN (SELECT t.id FROM tenure t WHERE t.person_id = (SELECT viewer())));
CREATE POLICY write ON evaluation FOR INSERT TO jalon_app WITH CHECK ((SELECT viewing_system()) OR mandate_id IN (SELECT mandates_as('hr_officer')));
CREATE POLICY change ON evaluation FOR UPDATE TO jalon_app USING ((SELECT viewing_system()) OR mandate_id IN (SELECT mandates_as('hr_officer')));

-- The index of every as-of question answers the policy too, without the row.
CREATE INDEX progress_entry_guarded ON progress_entry (target_id, as_of DESC, id DESC) INCLUDE (status, value, mandate_id);
DROP INDEX progress_entry_as_of;
ALTER INDEX progress_entry_guarded RENAME TO progress_entry_as_of;

-- +goose Down
CREATE INDEX progress_entry_unguarded ON progress_entry (target_id, as_of DESC, id DESC) INCLUDE (status, value);
DROP INDEX progress_entry_as_of;
ALTER INDEX progress_entry_unguarded RENAME TO progress_entry_as_of;
DROP POLICY read ON evaluation;
DROP POLICY write ON evaluation;
DROP POLICY change ON evaluation;
DROP POLICY own ON mandate_period_cells;
DROP POLICY own ON seal;
DROP POLICY own ON duty_waiver;
DROP POLICY read ON evidence;
DROP POLICY write ON evidence;
DROP POLICY read ON duty_answer;
DROP POLICY write ON duty_answer;
DROP POLICY read ON event_list;
DROP POLICY write ON event_list;
DROP POLICY read ON event_target;
DROP POLICY write ON event_target;
DROP POLICY read ON event;
DROP POLICY write ON event;
DROP POLICY change ON event;
DROP POLICY own ON report_draft;
DROP POLICY read ON progress_entry;
DROP POLICY write ON progress_entry;
ALTER TABLE evaluation DISABLE ROW LEVEL SECURITY;
ALTER TABLE mandate_period_cells DISABLE ROW LEVEL SECURITY;
ALTER TABLE seal DISABLE ROW LEVEL SECURITY;
ALTER TABLE duty_waiver DISABLE ROW LEVEL SECURITY;
ALTER TABLE evidence DISABLE ROW LEVEL SECURITY;
ALTER TABLE duty_answer DISABLE ROW LEVEL SECURITY;
ALTER TABLE event_list DISABLE ROW LEVEL SECURITY;
ALTER TABLE event_target DISABLE ROW LEVEL SECURITY;
ALTER TABLE event DISABLE ROW LEVEL SECURITY;
ALTER TABLE report_draft DISABLE ROW LEVEL SECURITY;
ALTER TABLE progress_entry DISABLE ROW LEVEL SECURITY;
DROP FUNCTION judged_evaluations(), visible_mandates(), mandates_as(text[]), reporting_mandates(), viewing_system(), viewer();
