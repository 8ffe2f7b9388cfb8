-- +goose Up

-- Words can be amended twice from the same day on: what was recorded first is
-- kept, and is what was known until the second. Of one day the last recorded counts.
ALTER TABLE wording_version DROP CONSTRAINT wording_version_pkey;
ALTER TABLE wording_version ADD PRIMARY KEY (wording_id, valid_from, recorded_at);

-- An amended deadline is known from when its amendment was, also in the place of another one.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION keep_past_deadline() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.amendment_id IS NOT NULL THEN
            NEW.told_from := (SELECT a.recorded_at FROM amendment a WHERE a.id = NEW.amendment_id);
        END IF;
        RETURN NEW;
    END IF;
    -- an amendment and a confirmation bear the hour of whoever records them; everything else that of the database
    NEW.told_from := GREATEST(OLD.told_from, CASE
        WHEN NEW.amendment_id IS DISTINCT FROM OLD.amendment_id THEN (SELECT a.recorded_at FROM amendment a WHERE a.id = NEW.amendment_id)
        WHEN NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at AND NEW.confirmed_at IS NOT NULL THEN NEW.confirmed_at
        ELSE now() END);
    INSERT INTO deadline_past (deadline_id, mandate_id, target_id, objective_id, valid_from, phrase_nl, phrase_fr, phrase_nl_state, phrase_fr_state,
        reading, owed_from, due, due_at_end, confirmed_by, confirmed_at, amendment_id, told_from, told_until)
    VALUES (OLD.id, OLD.mandate_id, OLD.target_id, OLD.objective_id, OLD.valid_from, OLD.phrase_nl, OLD.phrase_fr, OLD.phrase_nl_state, OLD.phrase_fr_state,
        OLD.reading, OLD.owed_from, OLD.due, OLD.due_at_end, OLD.confirmed_by, OLD.confirmed_at, OLD.amendment_id, OLD.told_from, NEW.told_from);
    RETURN NEW;
END
$$;
-- +goose StatementEnd

-- Search of a past day: as known at an instant as well.
DROP FUNCTION search_guarded(tsquery, boolean, bigint[], text[], date, integer);
-- +goose StatementBegin
CREATE FUNCTION search_guarded(words tsquery, everything boolean, whole bigint[], parts text[], until date, known timestamptz, most integer)
RETURNS TABLE (kind text, id bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp AS $$
DECLARE
    mandates bigint[];
    targets bigint[];
    near bigint[];
    asked tsquery;
    high integer := half_number(until);
    span integer := 1;
    found integer := 0;
    n integer;
BEGIN
    IF numnode(words) = 0 THEN
        RETURN;
    END IF;
    targets := ARRAY(
        SELECT g.id FROM unnest(parts) p
        JOIN target g ON g.mandate_id = split_part(p, ':', 1)::bigint
        WHERE split_part(p, ':', 2) IN (g.code, substring(g.code FROM '^[ST][0-9]+')));
    IF viewing_system() THEN
        mandates := CASE WHEN everything THEN ARRAY(SELECT m.id FROM mandate m) ELSE whole END;
    ELSE
        mandates := ARRAY(SELECT v FROM visible_mandates() v WHERE everything OR v = ANY (whole));
        targets := ARRAY(
            SELECT g.id FROM target g
            WHERE g.id = ANY (targets) AND g.mandate_id IN (SELECT visible_mandates())
            UNION
            SELECT g.id FROM target g
            WHERE g.id IN (SELECT addressed_targets('committee_member', 'secretary'))
                AND (everything OR g.id = ANY (targets) OR g.mandate_id = ANY (whole)));
    END IF;
    near := ARRAY(SELECT unnest(mandates) UNION SELECT g.mandate_id FROM target g WHERE g.id = ANY (targets));
    IF cardinality(near) = 0 THEN
        RETURN;
    END IF;
    asked := words;
    IF cardinality(near) <= 60 THEN
        asked := asked && (SELECT string_agg('''~m' || m || '''', '|') FROM unnest(near) m)::tsquery;
    END IF;

    LOOP -- one half-year, then two before it, then four, until there are enough
        RETURN QUERY
            SELECT 'entry', e.id
            FROM progress_entry e
            WHERE marked_words_of(e.lang, e.achieved || ' ' || e.obstacles || ' ' || e.next_steps || ' ' || e.support_asked || ' ' || e.support_of || ' ' || e.reason, e.mandate_id, e.as_of)
                    @@ (asked && (SELECT string_agg('''~h' || h || '''', '|') FROM generate_series(high - span + 1, high) h)::tsquery)
                AND e.as_of <= until AND e.recorded_at <= known
                AND (e.mandate_id IN (SELECT unnest(mandates)) OR e.target_id IN (SELECT unnest(targets)))
                AND NOT EXISTS (SELECT FROM progress_entry x WHERE x.supersedes = e.id AND x.as_of <= until AND x.recorded_at <= known)
            ORDER BY e.as_of DESC, e.id DESC
            LIMIT most - found;
        GET DIAGNOSTICS n = ROW_COUNT;
        found := found + n;
        high := high - span;
        span := span * 2;
        EXIT WHEN found >= most OR high < half_number('2000-01-01');
    END LOOP;

    RETURN QUERY
        SELECT 'decision', d.id
        FROM decision d
        WHERE marked_words_of(d.lang, d.text, d.mandate_id, (d.recorded_at AT TIME ZONE 'Europe/Brussels')::date) @@ asked
            AND (d.recorded_at AT TIME ZONE 'Europe/Brussels')::date <= until AND d.recorded_at <= known
            AND (d.mandate_id IN (SELECT unnest(mandates)) OR d.target_id IN (SELECT unnest(targets)))
        ORDER BY d.id DESC
        LIMIT most;
    RETURN QUERY
        SELECT 'answer', a.id
        FROM decision_answer a
        WHERE marked_words_of(a.lang, a.text, a.mandate_id, (a.recorded_at AT TIME ZONE 'Europe/Brussels')::date) @@ asked
            AND (a.recorded_at AT TIME ZONE 'Europe/Brussels')::date <= until AND a.recorded_at <= known
            AND (a.mandate_id IN (SELECT unnest(mandates)) OR a.target_id IN (SELECT unnest(targets)))
        ORDER BY a.id DESC
        LIMIT most;
    RETURN QUERY
        SELECT 'event', v.id
        FROM event v
        WHERE marked_words_of(v.lang, v.title || ' ' || v.place, v.mandate_id, v.starts_on) @@ asked
            AND (v.recorded_at AT TIME ZONE 'Europe/Brussels')::date <= until AND v.recorded_at <= known
            AND (v.mandate_id IN (SELECT unnest(mandates)) OR EXISTS (SELECT FROM event_target t WHERE t.event_id = v.id AND t.target_id IN (SELECT unnest(targets))))
        ORDER BY v.starts_on DESC, v.id DESC
        LIMIT most;
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION search_guarded(tsquery, boolean, bigint[], text[], date, timestamptz, integer);
-- +goose StatementBegin
CREATE FUNCTION search_guarded(words tsquery, everything boolean, whole bigint[], parts text[], until date, most integer)
RETURNS TABLE (kind text, id bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp AS $$
DECLARE
    mandates bigint[];
    targets bigint[];
    near bigint[];
    asked tsquery;
    high integer := half_number(until);
    span integer := 1;
    found integer := 0;
    n integer;
BEGIN
    IF numnode(words) = 0 THEN
        RETURN;
    END IF;
    targets := ARRAY(
        SELECT g.id FROM unnest(parts) p
        JOIN target g ON g.mandate_id = split_part(p, ':', 1)::bigint
        WHERE split_part(p, ':', 2) IN (g.code, substring(g.code FROM '^[ST][0-9]+')));
    IF viewing_system() THEN
        mandates := CASE WHEN everything THEN ARRAY(SELECT m.id FROM mandate m) ELSE whole END;
    ELSE
        mandates := ARRAY(SELECT v FROM visible_mandates() v WHERE everything OR v = ANY (whole));
        targets := ARRAY(
            SELECT g.id FROM target g
            WHERE g.id = ANY (targets) AND g.mandate_id IN (SELECT visible_mandates())
            UNION
            SELECT g.id FROM target g
            WHERE g.id IN (SELECT addressed_targets('committee_member', 'secretary'))
                AND (everything OR g.id = ANY (targets) OR g.mandate_id = ANY (whole)));
    END IF;
    near := ARRAY(SELECT unnest(mandates) UNION SELECT g.mandate_id FROM target g WHERE g.id = ANY (targets));
    IF cardinality(near) = 0 THEN
        RETURN;
    END IF;
    asked := words;
    IF cardinality(near) <= 60 THEN
        asked := asked && (SELECT string_agg('''~m' || m || '''', '|') FROM unnest(near) m)::tsquery;
    END IF;

    LOOP -- one half-year, then two before it, then four, until there are enough
        RETURN QUERY
            SELECT 'entry', e.id
            FROM progress_entry e
            WHERE marked_words_of(e.lang, e.achieved || ' ' || e.obstacles || ' ' || e.next_steps || ' ' || e.support_asked || ' ' || e.support_of || ' ' || e.reason, e.mandate_id, e.as_of)
                    @@ (asked && (SELECT string_agg('''~h' || h || '''', '|') FROM generate_series(high - span + 1, high) h)::tsquery)
                AND e.as_of <= until
                AND (e.mandate_id IN (SELECT unnest(mandates)) OR e.target_id IN (SELECT unnest(targets)))
                AND NOT EXISTS (SELECT FROM progress_entry x WHERE x.supersedes = e.id)
            ORDER BY e.as_of DESC, e.id DESC
            LIMIT most - found;
        GET DIAGNOSTICS n = ROW_COUNT;
        found := found + n;
        high := high - span;
        span := span * 2;
        EXIT WHEN found >= most OR high < half_number('2000-01-01');
    END LOOP;

    RETURN QUERY
        SELECT 'decision', d.id
        FROM decision d
        WHERE marked_words_of(d.lang, d.text, d.mandate_id, (d.recorded_at AT TIME ZONE 'Europe/Brussels')::date) @@ asked
            AND (d.recorded_at AT TIME ZONE 'Europe/Brussels')::date <= until
            AND (d.mandate_id IN (SELECT unnest(mandates)) OR d.target_id IN (SELECT unnest(targets)))
        ORDER BY d.id DESC
        LIMIT most;
    RETURN QUERY
        SELECT 'answer', a.id
        FROM decision_answer a
        WHERE marked_words_of(a.lang, a.text, a.mandate_id, (a.recorded_at AT TIME ZONE 'Europe/Brussels')::date) @@ asked
            AND (a.recorded_at AT TIME ZONE 'Europe/Brussels')::date <= until
            AND (a.mandate_id IN (SELECT unnest(mandates)) OR a.target_id IN (SELECT unnest(targets)))
        ORDER BY a.id DESC
        LIMIT most;
    RETURN QUERY
        SELECT 'event', v.id
        FROM event v
        WHERE marked_words_of(v.lang, v.title || ' ' || v.place, v.mandate_id, v.starts_on) @@ asked
            AND (v.recorded_at AT TIME ZONE 'Europe/Brussels')::date <= until
            AND (v.mandate_id IN (SELECT unnest(mandates)) OR EXISTS (SELECT FROM event_target t WHERE t.event_id = v.id AND t.target_id IN (SELECT unnest(targets))))
        ORDER BY v.starts_on DESC, v.id DESC
        LIMIT most;
END
$$;
-- +goose StatementEnd
DELETE FROM wording_version v
WHERE EXISTS (SELECT FROM wording_version x WHERE x.wording_id = v.wording_id AND x.valid_from = v.valid_from AND x.recorded_at > v.recorded_at);
ALTER TABLE wording_version DROP CONSTRAINT wording_version_pkey;
ALTER TABLE wording_version ADD PRIMARY KEY (wording_id, valid_from);
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION keep_past_deadline() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.amendment_id IS NOT NULL THEN
            NEW.told_from := (SELECT a.recorded_at FROM amendment a WHERE a.id = NEW.amendment_id);
        END IF;
        RETURN NEW;
    END IF;
    NEW.told_from := GREATEST(OLD.told_from, CASE WHEN NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at AND NEW.confirmed_at IS NOT NULL THEN NEW.confirmed_at ELSE now() END);
    INSERT INTO deadline_past (deadline_id, mandate_id, target_id, objective_id, valid_from, phrase_nl, phrase_fr, phrase_nl_state, phrase_fr_state,
        reading, owed_from, due, due_at_end, confirmed_by, confirmed_at, amendment_id, told_from, told_until)
    VALUES (OLD.id, OLD.mandate_id, OLD.target_id, OLD.objective_id, OLD.valid_from, OLD.phrase_nl, OLD.phrase_fr, OLD.phrase_nl_state, OLD.phrase_fr_state,
        OLD.reading, OLD.owed_from, OLD.due, OLD.due_at_end, OLD.confirmed_by, OLD.confirmed_at, OLD.amendment_id, OLD.told_from, NEW.told_from);
    RETURN NEW;
END
$$;
-- +goose StatementEnd
