"""The database's guard over projects carried over from paper: the one way around the steps."""

from __future__ import annotations

CARRY = """
CREATE FUNCTION programs_carry_day(office bigint) RETURNS date LANGUAGE sql STABLE
    SET search_path = pg_catalog, public AS $$
    SELECT d.day FROM public.programs_carryday d WHERE d.office_id = office ORDER BY d.number DESC LIMIT 1
$$;

CREATE FUNCTION programs_guard_carry_day() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public AS $$
DECLARE before public.programs_carryday%ROWTYPE;
BEGIN
    SELECT * INTO before FROM public.programs_carryday d WHERE d.office_id = NEW.office_id
     ORDER BY d.number DESC LIMIT 1;
    IF NEW.number <> coalesce(before.number, 0) + 1 OR NEW.set_by_id IS DISTINCT FROM public.kc_actor()
        OR NOT EXISTS (SELECT 1 FROM public.accounts_organisation o
                        WHERE o.id = NEW.office_id AND o.kind IN ('SO', 'CUC')) THEN
        RAISE EXCEPTION 'carry_day_astray: the next word of the office, in one''s own name'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.day > (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date OR NEW.day >= before.day THEN
        RAISE EXCEPTION 'carry_day_moves_back: not in the future, and later only ever earlier'
            USING ERRCODE = 'check_violation';
    END IF;
    NEW.set_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER guard_carry_day BEFORE INSERT ON programs_carryday
    FOR EACH ROW EXECUTE FUNCTION programs_guard_carry_day();

CREATE FUNCTION programs_guard_carry_over() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public AS $$
DECLARE y public.programs_yearplan%ROWTYPE;
    decision text[] := '{outcome,decided_by_id,decided_for_id,decided_at,answer,project_id}';
BEGIN
    SELECT * INTO STRICT y FROM public.programs_yearplan WHERE id = NEW.plan_id;
    IF TG_OP = 'INSERT' THEN
        IF NEW.outcome <> '' OR NEW.entered_by_id IS DISTINCT FROM public.kc_actor() THEN
            RAISE EXCEPTION 'carry_over_begins_open: nobody confirms what they enter'
                USING ERRCODE = 'check_violation';
        END IF;
        IF NOT EXISTS (SELECT 1 FROM public.accounts_organisation o WHERE o.id = NEW.office_id
                AND o.kind = CASE y.purse WHEN 'KCQG' THEN 'CUC' ELSE 'SO' END)
            OR (y.purse = 'KCDP' AND y.province_id <> NEW.province_id) THEN
            RAISE EXCEPTION 'carry_over_of_others: national ones are the Cuc''s, local ones the So''s'
                USING ERRCODE = 'check_violation';
        END IF;
        NEW.entered_at := now();
    ELSE
        IF OLD.outcome <> '' OR NEW.outcome = '' OR to_jsonb(NEW) - decision
            IS DISTINCT FROM to_jsonb(OLD) - decision THEN
            RAISE EXCEPTION 'carry_over_is_fixed: it is decided once, as it was entered'
                USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.decided_by_id IS DISTINCT FROM public.kc_actor() THEN
            RAISE EXCEPTION 'carry_over_in_own_name: whoever decides signs' USING ERRCODE = 'check_violation';
        END IF;
        NEW.decided_at := now();
        IF NEW.outcome <> 'VERIFIED' THEN
            RETURN NEW;
        END IF;
        IF NEW.decided_by_id = NEW.entered_by_id OR NEW.decided_by_id = NEW.entered_for_id
            OR NEW.decided_for_id = NEW.entered_by_id OR NEW.decided_for_id = NEW.entered_for_id THEN
            RAISE EXCEPTION 'carried_by_another: a second person confirms' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF NEW.decision_on < public.programs_carry_day(NEW.office_id) IS NOT TRUE THEN
        RAISE EXCEPTION 'decided_in_the_portal: only decisions before the office''s day are carried over'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.as_of > (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date THEN
        RAISE EXCEPTION 'figures_to_come: figures stand on a day that has been'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_carry_over BEFORE INSERT OR UPDATE ON programs_carryover
    FOR EACH ROW EXECUTE FUNCTION programs_guard_carry_over();

-- Rows of an entry come with it, in its own transaction: what is confirmed is what was read.
CREATE FUNCTION programs_guard_carried_row() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.programs_carryover c
                    WHERE c.id = NEW.entry_id AND c.outcome = '' AND c.entered_at = now()) THEN
        RAISE EXCEPTION 'carry_over_is_fixed: its rows are entered with it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_carried_row BEFORE INSERT ON programs_carriedmoney
    FOR EACH ROW EXECUTE FUNCTION programs_guard_carried_row();
CREATE TRIGGER guard_carried_row BEFORE INSERT ON programs_carriedadvance
    FOR EACH ROW EXECUTE FUNCTION programs_guard_carried_row();
CREATE TRIGGER guard_carried_row BEFORE INSERT ON programs_carriedfirm
    FOR EACH ROW EXECUTE FUNCTION programs_guard_carried_row();

-- At the end of the entering transaction, whichever row came last: the purse pays, advances are within
-- what was paid, state money paid and settled within the contract, the contract within what was approved.
CREATE FUNCTION programs_carried_money_adds_up() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
DECLARE e public.programs_carryover%ROWTYPE; purse text; approved numeric; paid numeric; settled numeric;
BEGIN
    SELECT * INTO STRICT e FROM public.programs_carryover
     WHERE id = (to_jsonb(NEW)->>CASE TG_TABLE_NAME WHEN 'programs_carryover' THEN 'id'
                                                    ELSE 'entry_id' END)::bigint;
    SELECT y.purse INTO STRICT purse FROM public.programs_yearplan y WHERE y.id = e.plan_id;
    SELECT coalesce(sum(m.approved_vnd), 0), coalesce(sum(m.disbursed_vnd), 0),
           coalesce(sum(m.settled_vnd), 0)
      INTO approved, paid, settled
      FROM public.programs_carriedmoney m WHERE m.entry_id = e.id AND m.source IN ('KCQG', 'KCDP');
    IF NOT EXISTS (SELECT 1 FROM public.programs_carriedmoney m WHERE m.entry_id = e.id AND m.source = purse)
        OR EXISTS (
        SELECT 1 FROM (SELECT a.source, sum(a.amount_vnd) AS vnd FROM public.programs_carriedadvance a
                        WHERE a.entry_id = e.id GROUP BY a.source) a
          LEFT JOIN public.programs_carriedmoney m ON m.entry_id = e.id AND m.source = a.source
         WHERE a.vnd > coalesce(m.disbursed_vnd, 0))
        OR EXISTS (SELECT 1 FROM public.programs_carriedadvance a
                    WHERE a.entry_id = e.id AND a.paid_on > e.as_of)
        OR e.contract_vnd > approved OR paid > e.contract_vnd OR settled > e.contract_vnd
        OR (e.progress = 'SETTLED' AND settled = 0) THEN
        RAISE EXCEPTION 'carried_money_differs: the figures of % do not add up', e.title
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER carried_money_adds_up AFTER INSERT ON programs_carryover
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION programs_carried_money_adds_up();
CREATE CONSTRAINT TRIGGER carried_money_adds_up AFTER INSERT ON programs_carriedmoney
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION programs_carried_money_adds_up();
CREATE CONSTRAINT TRIGGER carried_money_adds_up AFTER INSERT ON programs_carriedadvance
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION programs_carried_money_adds_up();

-- A carried project is what its confirmed entry says: state, money, plan, place, decision. Both ways.
CREATE FUNCTION programs_check_carried(ident bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
DECLARE p public.programs_project%ROWTYPE; e public.programs_carryover%ROWTYPE;
    s public.programs_transition%ROWTYPE; wanted text;
BEGIN
    SELECT * INTO STRICT p FROM public.programs_project WHERE id = ident;
    SELECT * INTO e FROM public.programs_carryover WHERE project_id = ident AND outcome = 'VERIFIED';
    IF e.id IS NULL AND p.carried_as_of IS NULL
        AND NOT EXISTS (SELECT 1 FROM public.programs_transition t
                         WHERE t.project_id = ident AND t.action = 'carry_over') THEN
        RETURN;
    END IF;
    SELECT * INTO s FROM public.programs_transition t WHERE t.project_id = ident ORDER BY t.version LIMIT 1;
    wanted := CASE WHEN e.progress = 'STOPPED' THEN 'STOPPED'
                   WHEN p.purse = 'KCQG' AND e.progress <> 'APPROVED' THEN 'ASSIGNED' ELSE 'APPROVED' END;
    IF e.id IS NULL OR p.carried_as_of IS DISTINCT FROM e.as_of OR s.action IS DISTINCT FROM 'carry_over'
        OR s.target <> wanted OR s.paper_number <> e.decision_number OR s.effective_on <> e.decision_on
        OR (SELECT count(*) FROM public.programs_transition t
             WHERE t.project_id = ident AND t.action = 'carry_over') <> 1
        OR (p.plan_id, p.province_id) IS DISTINCT FROM (e.plan_id, e.province_id)
        OR NOT EXISTS (SELECT 1 FROM public.programs_tranche t WHERE t.id = p.tranche_id AND t.carried
                        AND t.decision_number = e.decision_number AND t.decision_date = e.decision_on)
        OR p.total_vnd <> p.kcqg_vnd + p.kcdp_vnd + p.own_vnd + p.other_vnd
        OR EXISTS (SELECT 1 FROM (VALUES ('KCQG', p.kcqg_vnd), ('KCDP', p.kcdp_vnd), ('OWN', p.own_vnd),
                                         ('OTHER', p.other_vnd)) has(source, vnd)
                     LEFT JOIN public.programs_carriedmoney m ON m.entry_id = e.id AND m.source = has.source
                    WHERE has.vnd <> coalesce(m.approved_vnd, 0)) THEN
        RAISE EXCEPTION 'carried_project_differs: project % is not what was entered and confirmed', p.code
            USING ERRCODE = 'check_violation';
    END IF;
END $$;
REVOKE ALL ON FUNCTION programs_check_carried(bigint) FROM PUBLIC;
CREATE FUNCTION programs_carried_agrees() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM public.programs_check_carried(CASE WHEN TG_TABLE_NAME = 'programs_project'
        THEN (to_jsonb(NEW)->>'id')::bigint ELSE (to_jsonb(NEW)->>'project_id')::bigint END);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER carried_agrees AFTER INSERT OR UPDATE ON programs_project
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.carried_as_of IS NOT NULL)
    EXECUTE FUNCTION programs_carried_agrees();
CREATE CONSTRAINT TRIGGER carried_agrees AFTER UPDATE ON programs_carryover
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.project_id IS NOT NULL)
    EXECUTE FUNCTION programs_carried_agrees();
CREATE CONSTRAINT TRIGGER carried_agrees AFTER INSERT ON programs_transition
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.action = 'carry_over')
    EXECUTE FUNCTION programs_carried_agrees();

-- Into the draft plan only from the last appraisal of its purse (lifecycle.STEPS, undoing "unplan" included),
-- to approval only from the draft plan, and on only from there; but for carry_over, which is held to its
-- confirmed entry above. Who appraised, and by what tranche it was decided, the portal asks and not this.
CREATE FUNCTION programs_step_passes_approval() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE national boolean; sources text[];
BEGIN
    SELECT p.purse = 'KCQG' INTO STRICT national FROM public.programs_project p WHERE p.id = NEW.project_id;
    sources := CASE NEW.target
        WHEN 'IN_PLAN' THEN CASE WHEN national THEN '{PASSED_MIN}' ELSE '{PASSED_PROV}' END
        WHEN 'APPROVED' THEN '{IN_PLAN}'
        WHEN 'ASSIGNED' THEN CASE WHEN national THEN '{APPROVED}' ELSE '{}' END
        ELSE CASE WHEN national THEN '{APPROVED,ASSIGNED}' ELSE '{APPROVED}' END END;
    IF NEW.source <> ALL (sources) THEN
        RAISE EXCEPTION 'step_skips_approval: % is not reached from %', NEW.target, NEW.source
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER step_passes_approval BEFORE INSERT ON programs_transition FOR EACH ROW
    WHEN (NEW.action <> 'carry_over' AND NEW.target IN ('IN_PLAN', 'APPROVED', 'ASSIGNED', 'STOPPED'))
    EXECUTE FUNCTION programs_step_passes_approval();

CREATE FUNCTION programs_carried_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'carried_is_fixed: what was carried over stays so, and nothing else becomes it'
        USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER carried_is_fixed BEFORE UPDATE ON programs_project FOR EACH ROW
    WHEN (OLD.carried_as_of IS DISTINCT FROM NEW.carried_as_of
          OR (OLD.carried_as_of IS NOT NULL AND OLD.tranche_id IS NOT NULL
              AND NEW.tranche_id IS DISTINCT FROM OLD.tranche_id))
    EXECUTE FUNCTION programs_carried_is_fixed();
CREATE TRIGGER carried_is_fixed BEFORE UPDATE ON programs_tranche FOR EACH ROW
    WHEN (OLD.carried IS DISTINCT FROM NEW.carried OR (OLD.carried
          AND (OLD.decision_number, OLD.decision_date)
              IS DISTINCT FROM (NEW.decision_number, NEW.decision_date)))
    EXECUTE FUNCTION programs_carried_is_fixed();

-- What the portal decides and what it took over from paper never share a tranche.
CREATE FUNCTION programs_tranche_apart() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM public.programs_tranche t WHERE t.id = NEW.tranche_id
                AND t.carried <> (NEW.carried_as_of IS NOT NULL)) THEN
        RAISE EXCEPTION 'tranche_of_carried: carried projects have tranches of their own'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tranche_apart AFTER INSERT OR UPDATE OF tranche_id ON programs_project FOR EACH ROW
    WHEN (NEW.tranche_id IS NOT NULL) EXECUTE FUNCTION programs_tranche_apart();
"""

CARRY_DOWN = """
DROP TRIGGER step_passes_approval ON programs_transition;
DROP FUNCTION programs_step_passes_approval();
DROP FUNCTION programs_tranche_apart() CASCADE;
DROP FUNCTION programs_carried_is_fixed() CASCADE;
DROP FUNCTION programs_carried_agrees() CASCADE;
DROP FUNCTION programs_check_carried(bigint);
DROP FUNCTION programs_carried_money_adds_up() CASCADE;
DROP FUNCTION programs_guard_carried_row() CASCADE;
DROP FUNCTION programs_guard_carry_over() CASCADE;
DROP FUNCTION programs_guard_carry_day() CASCADE;
DROP FUNCTION programs_carry_day(bigint);
"""
