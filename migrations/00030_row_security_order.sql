-- +goose Up

-- Each table that a statement reads asks for the rights of the viewer by
-- itself: a page of one mandate does so a dozen times. What most viewers are
-- decided by comes first now, and costs less:
--
--   whoever sees every mandate is known by one question, and no list of mandates is made;
--   the list is one query, and not three functions that call each other;
--   what goes to a body is looked at last: of several policies the server asks
--   the one whose name comes last in the alphabet first.
--
-- Nobody sees more or less than before.

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION viewer() RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF COALESCE(pg_catalog.current_setting('jalon.viewer', true), '') OPERATOR(pg_catalog.=) '' THEN
        RAISE EXCEPTION 'a guarded table was asked in nobody''s name' USING ERRCODE = 'JA006';
    END IF;
    RETURN pg_catalog.current_setting('jalon.viewer')::pg_catalog.int8;
END
$$;
-- +goose StatementEnd

-- Whether the viewer sees every mandate: the system, and who has a role without an institution.
-- +goose StatementBegin
CREATE FUNCTION viewing_all() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    who CONSTANT bigint := viewer();
    today CONSTANT date := NULLIF(current_setting('jalon.today', true), ''); -- the system has none
BEGIN
    RETURN who = 0 OR EXISTS (
        SELECT FROM role_grant r
        LEFT JOIN body b ON b.id = r.body_id
        WHERE r.person_id = who AND r.role IN ('committee_member', 'secretary', 'hr_officer') AND r.institution_id IS NULL
            AND b.scope IS DISTINCT FROM 'addressed' AND r.starts_on <= today AND (r.ends_on IS NULL OR r.ends_on >= today));
END
$$;
-- +goose StatementEnd

-- The mandates that reporting_mandates and mandates_as give to who reads progress.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION visible_mandates() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp AS $$
DECLARE
    who CONSTANT bigint := viewer();
    today CONSTANT date := current_setting('jalon.today');
BEGIN
    RETURN QUERY
        SELECT t.mandate_id FROM tenure t
        WHERE t.person_id = who AND t.starts_on <= today AND (t.ends_on IS NULL OR t.ends_on >= today)
        UNION ALL
        SELECT d.mandate_id FROM delegation_in_force d
        WHERE d.person_id = who AND d.starts_on <= today AND d.ends_on >= today
        UNION ALL
        SELECT m.id FROM role_grant r
        LEFT JOIN body b ON b.id = r.body_id
        JOIN mandate m ON r.institution_id IS NULL OR m.institution_id = r.institution_id
        WHERE r.person_id = who AND r.role IN ('committee_member', 'secretary', 'hr_officer') AND b.scope IS DISTINCT FROM 'addressed'
            AND r.starts_on <= today AND (r.ends_on IS NULL OR r.ends_on >= today);
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
DECLARE
    p record;
BEGIN
    FOR p IN
        SELECT tablename, policyname FROM pg_policies
        WHERE schemaname = 'public'
            AND qual = '(( SELECT viewing_system() AS viewing_system) OR (mandate_id IN ( SELECT visible_mandates() AS visible_mandates)))'
    LOOP
        EXECUTE format('ALTER POLICY %I ON %I USING ((SELECT viewing_all()) OR mandate_id IN (SELECT visible_mandates()))', p.policyname, p.tablename);
    END LOOP;
    FOR p IN SELECT tablename FROM pg_policies WHERE schemaname = 'public' AND policyname = 'to_body' AND cmd = 'SELECT' LOOP
        EXECUTE format('ALTER POLICY to_body ON %I RENAME TO at_body', p.tablename);
    END LOOP;
END
$$;
-- +goose StatementEnd

-- The view over the seals, which shows more of them than the table does, asks in the same order.
CREATE OR REPLACE VIEW seal_seen WITH (security_barrier) AS
    SELECT s.mandate_id, s.body_id, s.period, s.number, s.sealed_at, s.sealed_by, s.sha256, s.signature, s.key_id, s.public_key, s.targets
    FROM seal s
    WHERE (SELECT viewing_all())
        OR s.mandate_id IN (SELECT visible_mandates())
        OR s.mandate_id IN (SELECT addressed_mandates())
        OR s.targets IS NOT NULL AND s.body_id IN (SELECT bodies_as('committee_member', 'secretary'));

-- +goose Down
CREATE OR REPLACE VIEW seal_seen WITH (security_barrier) AS
    SELECT s.mandate_id, s.body_id, s.period, s.number, s.sealed_at, s.sealed_by, s.sha256, s.signature, s.key_id, s.public_key, s.targets
    FROM seal s
    WHERE (SELECT viewing_system()) OR s.mandate_id IN (SELECT visible_mandates()) OR s.mandate_id IN (SELECT addressed_mandates())
        OR s.targets IS NOT NULL AND s.body_id IN (SELECT bodies_as('committee_member', 'secretary'));

-- +goose StatementBegin
DO $$
DECLARE
    p record;
BEGIN
    FOR p IN SELECT tablename FROM pg_policies WHERE schemaname = 'public' AND policyname = 'at_body' AND cmd = 'SELECT' LOOP
        EXECUTE format('ALTER POLICY at_body ON %I RENAME TO to_body', p.tablename);
    END LOOP;
    FOR p IN
        SELECT tablename, policyname FROM pg_policies
        WHERE schemaname = 'public'
            AND qual = '(( SELECT viewing_all() AS viewing_all) OR (mandate_id IN ( SELECT visible_mandates() AS visible_mandates)))'
    LOOP
        EXECUTE format('ALTER POLICY %I ON %I USING ((SELECT viewing_system()) OR mandate_id IN (SELECT visible_mandates()))', p.policyname, p.tablename);
    END LOOP;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION visible_mandates() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY INVOKER ROWS 50 SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
        SELECT reporting_mandates()
        UNION ALL
        SELECT mandates_as('committee_member', 'secretary', 'hr_officer');
END
$$;
-- +goose StatementEnd

DROP FUNCTION viewing_all();

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION viewer() RETURNS bigint LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF COALESCE(current_setting('jalon.viewer', true), '') = '' THEN
        RAISE EXCEPTION 'a guarded table was asked in nobody''s name' USING ERRCODE = 'JA006';
    END IF;
    RETURN current_setting('jalon.viewer')::bigint;
END
$$;
-- +goose StatementEnd
