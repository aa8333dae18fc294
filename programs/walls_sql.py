"""The database's own guard over money and states, as SQL that the migrations run.

What is here holds against hand-written SQL too: totals follow the rows, a state moves only
with its step row, approved money is held against its ceiling exactly once.
"""

from __future__ import annotations

OPEN = "('DRAFT', 'RETURNED_PROV', 'RETURNED_MIN')"
"""``lifecycle.EDITABLE`` as the database knows it."""

TOTALS = """
CREATE FUNCTION programs_add_up(ids bigint[]) RETURNS void LANGUAGE sql AS $$
    UPDATE programs_project p
       SET total_vnd = t.total, kcqg_vnd = t.kcqg, kcdp_vnd = t.kcdp, own_vnd = t.own, other_vnd = t.other
      FROM (
        SELECT i.id,
               coalesce((SELECT sum(l.total_vnd) FROM programs_budgetline l WHERE l.project_id = i.id),
                   0) AS total,
               coalesce(sum(a.amount_vnd) FILTER (WHERE a.source = 'KCQG'), 0) AS kcqg,
               coalesce(sum(a.amount_vnd) FILTER (WHERE a.source = 'KCDP'), 0) AS kcdp,
               coalesce(sum(a.amount_vnd) FILTER (WHERE a.source = 'OWN'), 0) AS own,
               coalesce(sum(a.amount_vnd) FILTER (WHERE a.source = 'OTHER'), 0) AS other
          FROM unnest(ids) AS i(id)
          LEFT JOIN programs_budgetline l ON l.project_id = i.id
          LEFT JOIN programs_budgetamount a ON a.line_id = l.id
         GROUP BY i.id
      ) t
     WHERE p.id = t.id
       AND (p.total_vnd, p.kcqg_vnd, p.kcdp_vnd, p.own_vnd, p.other_vnd)
           IS DISTINCT FROM (t.total, t.kcqg, t.kcdp, t.own, t.other);
$$;
CREATE FUNCTION programs_lines_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE ids bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT project_id) INTO ids FROM fresh;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT project_id) INTO ids FROM gone;
    ELSE
        SELECT array_agg(DISTINCT project_id) INTO ids
          FROM (SELECT project_id FROM fresh UNION SELECT project_id FROM gone) both_sides;
    END IF;
    PERFORM programs_add_up(ids);
    RETURN NULL;
END $$;
CREATE FUNCTION programs_amounts_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE ids bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT l.project_id) INTO ids FROM fresh JOIN programs_budgetline l
            ON l.id = line_id;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT l.project_id) INTO ids FROM gone JOIN programs_budgetline l
            ON l.id = line_id;
    ELSE
        SELECT array_agg(DISTINCT l.project_id) INTO ids
          FROM (SELECT line_id FROM fresh UNION SELECT line_id FROM gone) both_sides
          JOIN programs_budgetline l ON l.id = line_id;
    END IF;
    PERFORM programs_add_up(ids);
    RETURN NULL;
END $$;
CREATE TRIGGER lines_added AFTER INSERT ON programs_budgetline REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION programs_lines_changed();
CREATE TRIGGER lines_edited AFTER UPDATE ON programs_budgetline
    REFERENCING NEW TABLE AS fresh OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION programs_lines_changed();
CREATE TRIGGER lines_removed AFTER DELETE ON programs_budgetline REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION programs_lines_changed();
CREATE TRIGGER amounts_added AFTER INSERT ON programs_budgetamount REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION programs_amounts_changed();
CREATE TRIGGER amounts_edited AFTER UPDATE ON programs_budgetamount
    REFERENCING NEW TABLE AS fresh OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION programs_amounts_changed();
CREATE TRIGGER amounts_removed AFTER DELETE ON programs_budgetamount REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION programs_amounts_changed();
"""

TOTALS_DOWN = """
DROP FUNCTION programs_lines_changed() CASCADE;
DROP FUNCTION programs_amounts_changed() CASCADE;
DROP FUNCTION programs_add_up(bigint[]) CASCADE;
"""

# What only the database's own triggers may write is known by its author: they run as the owner. The depth
# alone would not do, since anybody may hang a trigger of their own on a temporary table.
STATE_GUARD = """
CREATE FUNCTION programs_by_owner(changed regclass) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_class c
        WHERE c.oid = changed AND pg_catalog.pg_get_userbyid(c.relowner) = current_user)
$$;
CREATE FUNCTION programs_by_trigger(changed regclass) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT pg_catalog.pg_trigger_depth() > 1 AND public.programs_by_owner(changed)
$$;
CREATE FUNCTION programs_guard_project() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state IS DISTINCT FROM OLD.state AND NEW.version <> OLD.version + 1 THEN
        RAISE EXCEPTION 'state_needs_version: a state moves only with the next version'
            USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.code, NEW.purse, NEW.year, NEW.plan_id, NEW.province_id)
        IS DISTINCT FROM (OLD.code, OLD.purse, OLD.year, OLD.plan_id, OLD.province_id) THEN
        RAISE EXCEPTION 'project_identity_fixed: code, purse, year, plan and province never change'
            USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.total_vnd, NEW.kcqg_vnd, NEW.kcdp_vnd, NEW.own_vnd, NEW.other_vnd)
        IS DISTINCT FROM (OLD.total_vnd, OLD.kcqg_vnd, OLD.kcdp_vnd, OLD.own_vnd, OLD.other_vnd)
        AND (OLD.state NOT IN <open> OR NOT public.programs_by_trigger(TG_RELID)) THEN
        RAISE EXCEPTION 'budget_locked: money changes only by its rows, while the dossier is open'
            USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state NOT IN <open> AND NOT public.programs_by_owner(TG_RELID)
        AND (NEW.uuid, NEW.kind, NEW.owner_id, NEW.created_by_id, NEW.created_at, NEW.title, NEW.activity_id,
             NEW.sector_id, NEW.implementer_id, NEW.implementer_name, NEW.partner_name, NEW.commune_id,
             NEW.place_text, NEW.new_rural, NEW.priority_areas, NEW.starts_on, NEW.ends_on,
             NEW.counterpart_committed, NEW.no_other_state_money, NEW.necessity, NEW.objectives, NEW.scale,
             NEW.content, NEW.organisation, NEW.effectiveness)
        IS DISTINCT FROM
            (OLD.uuid, OLD.kind, OLD.owner_id, OLD.created_by_id, OLD.created_at, OLD.title, OLD.activity_id,
             OLD.sector_id, OLD.implementer_id, OLD.implementer_name, OLD.partner_name, OLD.commune_id,
             OLD.place_text, OLD.new_rural, OLD.priority_areas, OLD.starts_on, OLD.ends_on,
             OLD.counterpart_committed, OLD.no_other_state_money, OLD.necessity, OLD.objectives, OLD.scale,
             OLD.content, OLD.organisation, OLD.effectiveness) THEN
        RAISE EXCEPTION 'dossier_closed: what was handed in is not changed'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_project BEFORE UPDATE ON programs_project
    FOR EACH ROW EXECUTE FUNCTION programs_guard_project();

-- The dossier's rows, likewise: a step shows, and a decision holds for, what stood in them. Shared locks, so
-- that no row slips in while its project is being handed in.
CREATE FUNCTION programs_guard_dossier() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids bigint[]; is_open boolean;
BEGIN
    IF public.programs_by_owner(TG_RELID) THEN
        RETURN NULL;
    END IF;
    IF TG_TABLE_NAME = 'programs_budgetamount' THEN
        SELECT array_agg(l.project_id) INTO ids FROM public.programs_budgetline l
         WHERE l.id IN (OLD.line_id, NEW.line_id);
    ELSE
        ids := ARRAY[OLD.project_id, NEW.project_id];
    END IF;
    SELECT bool_and(p.state IN <open>) INTO is_open FROM (
        SELECT state FROM public.programs_project WHERE id = ANY(ids) ORDER BY id FOR SHARE) p;
    IF is_open IS NOT TRUE THEN
        RAISE EXCEPTION 'dossier_closed: what was handed in is not changed'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
<guards>

CREATE FUNCTION programs_state_has_step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.state = 'DRAFT' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.state IS NOT DISTINCT FROM OLD.state THEN
        RETURN NULL;
    END IF;
    -- The step of this very version: an older one to the same state would bring a stopped project back.
    IF NOT EXISTS (SELECT 1 FROM public.programs_transition t WHERE t.project_id = NEW.id
                   AND t.version = NEW.version AND t.target = NEW.state
                   AND (TG_OP = 'INSERT' OR t.source = OLD.state)) THEN
        RAISE EXCEPTION 'state_needs_step: no step leads project % to %', NEW.code, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER state_has_step AFTER INSERT OR UPDATE ON programs_project
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION programs_state_has_step();

CREATE FUNCTION programs_step_continues() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
DECLARE last_version integer; now_in text; came_from text; went_to text;
BEGIN
    SELECT p.version, p.state INTO STRICT last_version, now_in
      FROM public.programs_project p WHERE p.id = NEW.project_id;
    SELECT t.target INTO came_from FROM public.programs_transition t
     WHERE t.project_id = NEW.project_id AND t.version < NEW.version ORDER BY t.version DESC LIMIT 1;
    SELECT t.source INTO went_to FROM public.programs_transition t
     WHERE t.project_id = NEW.project_id AND t.version > NEW.version ORDER BY t.version LIMIT 1;
    IF NEW.version > last_version OR NEW.source = NEW.target
        OR NEW.source <> coalesce(came_from, 'DRAFT') OR NEW.target <> coalesce(went_to, now_in) THEN
        RAISE EXCEPTION 'step_out_of_line: history of project % does not lead from % to % at version %',
            NEW.project_id, NEW.source, NEW.target, NEW.version
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER step_continues AFTER INSERT ON programs_transition
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION programs_step_continues();
""".replace("<open>", OPEN).replace(
    "<guards>",
    "\n".join(
        f"CREATE TRIGGER guard_dossier AFTER INSERT OR UPDATE OR DELETE ON programs_{name}"
        " FOR EACH ROW EXECUTE FUNCTION programs_guard_dossier();"
        for name in (
            "budgetline",
            "budgetamount",
            "projectbeneficiary",
            "scheduleitem",
            "expectedresult",
            "attachment",
        )
    ),
)

STATE_GUARD_DOWN = """
DROP FUNCTION programs_guard_project() CASCADE;
DROP FUNCTION programs_state_has_step() CASCADE;
DROP FUNCTION programs_step_continues() CASCADE;
DROP FUNCTION programs_guard_dossier() CASCADE;
DROP FUNCTION programs_by_trigger(regclass);
DROP FUNCTION programs_by_owner(regclass);
"""

MONEY_GUARD = """
CREATE FUNCTION programs_enter_commitment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
DECLARE held bigint;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.programs_ceiling c JOIN public.programs_project p
        ON p.plan_id = c.plan_id
                   WHERE c.id = NEW.ceiling_id AND p.id = NEW.project_id AND c.source = NEW.source) THEN
        RAISE EXCEPTION 'commitment_of_other_plan: ceiling, project and source do not belong together'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.kind = 'RELEASE' THEN
        SELECT amount_vnd INTO held FROM public.programs_commitment
         WHERE project_id = NEW.project_id AND source = NEW.source AND kind = 'COMMIT'
           AND ceiling_id = NEW.ceiling_id;
        IF held IS DISTINCT FROM NEW.amount_vnd THEN
            RAISE EXCEPTION 'release_differs: only what is held can be released'
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    UPDATE public.programs_ceiling
       SET committed_vnd = committed_vnd + CASE NEW.kind
           WHEN 'COMMIT' THEN NEW.amount_vnd ELSE -NEW.amount_vnd END
     WHERE id = NEW.ceiling_id;
    RETURN NULL;
END $$;
CREATE TRIGGER enter_commitment AFTER INSERT ON programs_commitment
    FOR EACH ROW EXECUTE FUNCTION programs_enter_commitment();

CREATE FUNCTION programs_guard_ceiling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.committed_vnd <> 0 THEN
            RAISE EXCEPTION 'balance_by_rows: a new ceiling has nothing committed'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.committed_vnd <> OLD.committed_vnd AND NOT public.programs_by_trigger(TG_RELID) THEN
        RAISE EXCEPTION 'balance_by_rows: the balance moves only with commitments'
            USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.plan_id, NEW.source) IS DISTINCT FROM (OLD.plan_id, OLD.source) THEN
        RAISE EXCEPTION 'ceiling_identity_fixed: plan and source of a ceiling never change'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_ceiling BEFORE INSERT OR UPDATE ON programs_ceiling
    FOR EACH ROW EXECUTE FUNCTION programs_guard_ceiling();

-- Each ceiling of its plan holds exactly an approved project's money, and nothing of any other project.
CREATE FUNCTION programs_check_held(project bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
DECLARE p public.programs_project%ROWTYPE; approved boolean; wrong text;
BEGIN
    SELECT * INTO STRICT p FROM public.programs_project WHERE id = project;
    approved := p.state IN ('APPROVED', 'ASSIGNED');
    IF approved AND NOT EXISTS (SELECT 1 FROM public.programs_ceiling c
                                 WHERE c.plan_id = p.plan_id AND c.source = p.purse) THEN
        RAISE EXCEPTION 'approved_without_ceiling: plan has no ceiling for %', p.purse
            USING ERRCODE = 'check_violation';
    END IF;
    SELECT string_agg(c.source, ', ') INTO wrong
      FROM public.programs_ceiling c
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(CASE k.kind WHEN 'COMMIT' THEN k.amount_vnd ELSE -k.amount_vnd END), 0) AS vnd
          FROM public.programs_commitment k WHERE k.project_id = p.id AND k.ceiling_id = c.id) held
     WHERE c.plan_id = p.plan_id
       AND held.vnd <> CASE WHEN NOT approved THEN 0 WHEN c.source = 'KCQG' THEN p.kcqg_vnd
           ELSE p.kcdp_vnd END;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'money_held_differs: project % in state %, ceiling of %', p.code, p.state, wrong
            USING ERRCODE = 'check_violation';
    END IF;
END $$;
REVOKE ALL ON FUNCTION programs_check_held(bigint) FROM PUBLIC;
CREATE FUNCTION programs_project_is_held() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM public.programs_check_held(NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION programs_commitment_is_due() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM public.programs_check_held(NEW.project_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER approved_is_held AFTER INSERT OR UPDATE ON programs_project
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state IN ('APPROVED', 'ASSIGNED', 'STOPPED'))
    EXECUTE FUNCTION programs_project_is_held();
CREATE CONSTRAINT TRIGGER left_is_released AFTER UPDATE ON programs_project
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.state IN ('APPROVED', 'ASSIGNED') AND NEW.state NOT IN ('APPROVED', 'ASSIGNED', 'STOPPED'))
    EXECUTE FUNCTION programs_project_is_held();
CREATE CONSTRAINT TRIGGER commitment_is_due AFTER INSERT ON programs_commitment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION programs_commitment_is_due();
"""

MONEY_GUARD_DOWN = """
DROP FUNCTION programs_enter_commitment() CASCADE;
DROP FUNCTION programs_guard_ceiling() CASCADE;
DROP FUNCTION programs_project_is_held() CASCADE;
DROP FUNCTION programs_commitment_is_due() CASCADE;
DROP FUNCTION programs_check_held(bigint);
"""

# A province's project leaves a national tranche whose row only the national offices write: this is the one
# way it may touch that row. Locked in id order by everybody, as a decision locks it.
RECOMPOSE = """
CREATE FUNCTION kc_recompose(tranches bigint[]) RETURNS SETOF programs_tranche LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE mine bigint[];
BEGIN
    SELECT array_agg(held.id) INTO mine FROM (
        SELECT t.id FROM public.programs_tranche t JOIN public.programs_yearplan y ON y.id = t.plan_id
         WHERE t.id = ANY(tranches) AND t.state = 'DRAFT'
           AND (y.province_id = ANY(public.kc_scope()) OR EXISTS (
            SELECT 1 FROM public.programs_project p
             WHERE p.tranche_id = t.id AND p.province_id = ANY(public.kc_scope())))
         ORDER BY t.id FOR UPDATE OF t) held;
    RETURN QUERY UPDATE public.programs_tranche t SET version = t.version + 1
        WHERE t.id = ANY(mine) RETURNING t.*;
END $$;
"""

RECOMPOSE_DOWN = "DROP FUNCTION kc_recompose(bigint[]);"

# Whether the acting person holds a post, own or lent, in this office or in one that has succeeded it.
OF_OFFICE = """
CREATE FUNCTION programs_of_office(office bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    WITH RECURSIVE heirs(id) AS (
        SELECT office UNION SELECT o.successor_id FROM accounts_organisation o JOIN heirs h ON o.id = h.id
         WHERE o.successor_id IS NOT NULL)
    SELECT EXISTS (
        SELECT 1 FROM accounts_membership m JOIN heirs h ON h.id = m.organisation_id
          LEFT JOIN accounts_delegation d ON d.membership_id = m.id AND d.delegate_id = kc_actor()
           AND d.valid @> (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
         WHERE m.valid @> (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
           AND (m.user_id = kc_actor() OR d.id IS NOT NULL))
$$;
"""

OF_OFFICE_DOWN = "DROP FUNCTION programs_of_office(bigint);"

# An answer speaks to those who hear its thread, about the same thing.
REMARK_GUARD = """
CREATE FUNCTION programs_guard_remark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.thread_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM public.programs_remark r WHERE r.id = NEW.thread_id AND r.thread_id IS NULL
           AND (r.project_id, r.anchor, r.audience, r.office_id)
             = (NEW.project_id, NEW.anchor, NEW.audience, NEW.office_id)) THEN
        RAISE EXCEPTION 'answer_of_other_thread: project, anchor, audience and office are the thread''s'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_remark BEFORE INSERT ON programs_remark
    FOR EACH ROW EXECUTE FUNCTION programs_guard_remark();
"""

REMARK_GUARD_DOWN = "DROP FUNCTION programs_guard_remark() CASCADE;"
