"""The database's guard over a project's money after approval.

Ledger lines alone move a fund; requests alone set money aside in it; a contract, a payment and their lines
come together or not at all. No đồng passes contract or approval, whoever writes the statement.
"""

from __future__ import annotations

FUNDS = """
CREATE FUNCTION programs_guard_fund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF (NEW.contract_vnd, NEW.due_vnd, NEW.paid_vnd, NEW.refunded_vnd) <> (0, 0, 0, 0)
            OR NOT EXISTS (SELECT 1 FROM public.programs_project p WHERE p.id = NEW.project_id
                AND NEW.granted_vnd = CASE NEW.source WHEN 'KCQG' THEN p.kcqg_vnd ELSE p.kcdp_vnd END) THEN
            RAISE EXCEPTION 'fund_by_rows: a fund begins empty, with what was approved'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NOT public.programs_by_trigger(TG_RELID)
        OR (NEW.project_id, NEW.source, NEW.granted_vnd)
            IS DISTINCT FROM (OLD.project_id, OLD.source, OLD.granted_vnd) THEN
        RAISE EXCEPTION 'fund_by_rows: the ledger alone moves a fund' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_fund BEFORE INSERT OR UPDATE ON programs_projectfund
    FOR EACH ROW EXECUTE FUNCTION programs_guard_fund();

CREATE FUNCTION programs_guard_contract() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.recorded_by_id IS DISTINCT FROM public.kc_actor() THEN
        RAISE EXCEPTION 'contract_in_own_name: whoever records signs' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.kind = 'ANNEX' AND NOT EXISTS (SELECT 1 FROM public.programs_contract c
                                           WHERE c.fund_id = NEW.fund_id AND c.kind <> 'ANNEX') THEN
        RAISE EXCEPTION 'annex_of_nothing: an annex changes a contract' USING ERRCODE = 'check_violation';
    END IF;
    NEW.recorded_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER guard_contract BEFORE INSERT ON programs_contract
    FOR EACH ROW EXECUTE FUNCTION programs_guard_contract();

CREATE FUNCTION programs_enter_fund_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.actor_id IS DISTINCT FROM public.kc_actor() THEN
        RAISE EXCEPTION 'entry_in_own_name: whoever records signs' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.request_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM public.programs_paymentrequest r
        WHERE r.id = NEW.request_id AND r.fund_id = NEW.fund_id AND r.state = 'PAID'
          AND r.kind = NEW.kind AND r.amount_vnd = NEW.amount_vnd AND r.closed_by_id = NEW.actor_id) THEN
        RAISE EXCEPTION 'payment_differs: what was approved is paid, once' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.contract_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM public.programs_contract c
        WHERE c.id = NEW.contract_id AND c.fund_id = NEW.fund_id) THEN
        RAISE EXCEPTION 'contract_of_other_fund' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.kind IN ('CARRIED_PAID', 'CARRIED_REFUND') AND NOT EXISTS (
        SELECT 1 FROM public.programs_projectfund f
          JOIN public.programs_carryover e ON e.project_id = f.project_id AND e.outcome = 'VERIFIED'
          JOIN public.programs_carriedmoney m ON m.entry_id = e.id AND m.source = f.source
         WHERE f.id = NEW.fund_id AND NEW.amount_vnd = CASE NEW.kind WHEN 'CARRIED_PAID'
               THEN m.disbursed_vnd ELSE m.refunded_vnd END) THEN
        RAISE EXCEPTION 'carried_line_differs: it says what the confirmed papers say'
            USING ERRCODE = 'check_violation';
    END IF;
    UPDATE public.programs_projectfund SET
        contract_vnd = contract_vnd + CASE NEW.kind WHEN 'CONTRACT_UP' THEN NEW.amount_vnd
                                                    WHEN 'CONTRACT_DOWN' THEN -NEW.amount_vnd ELSE 0 END,
        paid_vnd = paid_vnd + CASE WHEN NEW.kind IN ('ADVANCE', 'PAYMENT', 'CARRIED_PAID')
                                   THEN NEW.amount_vnd ELSE 0 END,
        refunded_vnd = refunded_vnd + CASE WHEN NEW.kind IN ('REFUND', 'CARRIED_REFUND')
                                           THEN NEW.amount_vnd ELSE 0 END
     WHERE id = NEW.fund_id;
    RETURN NULL;
END $$;
CREATE TRIGGER enter_fund_entry AFTER INSERT ON programs_fundentry
    FOR EACH ROW EXECUTE FUNCTION programs_enter_fund_entry();
CREATE UNIQUE INDEX one_carried_line_a_fund ON programs_fundentry (fund_id, kind)
    WHERE kind IN ('CARRIED_PAID', 'CARRIED_REFUND');

CREATE FUNCTION programs_guard_request() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE signed text[] := '{state,confirmed_by_id,confirmed_for_id,confirmed_at,approved_by_id,'
    'approved_for_id,approved_at,closed_by_id,closed_for_id,closed_at,answer}'; hand bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'REQUESTED' OR NEW.requested_by_id IS DISTINCT FROM public.kc_actor() THEN
            RAISE EXCEPTION 'request_begins_open: nobody approves what they ask for'
                USING ERRCODE = 'check_violation';
        END IF;
        NEW.requested_at := now();
        RETURN NEW;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('REQUESTED', 'CONFIRMED'), ('REQUESTED', 'APPROVED'),
            ('REQUESTED', 'RETURNED'), ('REQUESTED', 'WITHDRAWN'), ('CONFIRMED', 'APPROVED'),
            ('CONFIRMED', 'RETURNED'), ('APPROVED', 'PAID'), ('APPROVED', 'RETURNED'))
        OR to_jsonb(NEW) - signed IS DISTINCT FROM to_jsonb(OLD) - signed
        OR (OLD.confirmed_by_id IS NOT NULL AND (NEW.confirmed_by_id, NEW.confirmed_for_id, NEW.confirmed_at)
            IS DISTINCT FROM (OLD.confirmed_by_id, OLD.confirmed_for_id, OLD.confirmed_at))
        OR (OLD.approved_by_id IS NOT NULL AND (NEW.approved_by_id, NEW.approved_for_id, NEW.approved_at)
            IS DISTINCT FROM (OLD.approved_by_id, OLD.approved_for_id, OLD.approved_at)) THEN
        RAISE EXCEPTION 'request_is_fixed: it is signed in order, as it was sent'
            USING ERRCODE = 'check_violation';
    END IF;
    hand := CASE NEW.state WHEN 'CONFIRMED' THEN NEW.confirmed_by_id WHEN 'APPROVED' THEN NEW.approved_by_id
                           ELSE NEW.closed_by_id END;
    IF hand IS DISTINCT FROM public.kc_actor() THEN
        RAISE EXCEPTION 'request_in_own_name: whoever answers signs' USING ERRCODE = 'check_violation';
    END IF;
    -- Whoever lent the authority has signed too.
    IF (NEW.state IN ('CONFIRMED', 'APPROVED')
        AND ARRAY[NEW.requested_by_id, NEW.requested_for_id]
            && ARRAY[NEW.confirmed_by_id, NEW.confirmed_for_id, NEW.approved_by_id, NEW.approved_for_id])
        OR (NEW.state = 'PAID' AND ARRAY[NEW.approved_by_id, NEW.approved_for_id]
            && ARRAY[NEW.closed_by_id, NEW.closed_for_id]) THEN
        RAISE EXCEPTION 'nobody_approves_their_own_payment: nor does whoever lent the authority'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_request BEFORE INSERT OR UPDATE ON programs_paymentrequest
    FOR EACH ROW EXECUTE FUNCTION programs_guard_request();

-- Approved money is set aside until it is paid, so that two approvals never promise the same đồng.
CREATE FUNCTION programs_set_aside() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (OLD.state = 'APPROVED') <> (NEW.state = 'APPROVED') THEN
        UPDATE public.programs_projectfund SET due_vnd = due_vnd
            + CASE NEW.state WHEN 'APPROVED' THEN NEW.amount_vnd ELSE -NEW.amount_vnd END
         WHERE id = NEW.fund_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER set_aside AFTER UPDATE ON programs_paymentrequest
    FOR EACH ROW EXECUTE FUNCTION programs_set_aside();

-- At the end of the transaction, whichever row came last.
CREATE FUNCTION programs_check_fund(ident bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE f public.programs_projectfund%ROWTYPE; p public.programs_project%ROWTYPE;
    contract bigint; paid bigint; back bigint; due bigint;
BEGIN
    -- Locked, so that a stop and a payment that have not seen each other do not both go through.
    SELECT * INTO STRICT f FROM public.programs_projectfund WHERE id = ident FOR UPDATE;
    SELECT * INTO STRICT p FROM public.programs_project WHERE id = f.project_id FOR SHARE;
    SELECT c.amount_vnd INTO contract FROM public.programs_contract c
     WHERE c.fund_id = f.id ORDER BY c.id DESC LIMIT 1;
    SELECT coalesce(sum(e.amount_vnd) FILTER (WHERE e.kind IN ('ADVANCE', 'PAYMENT', 'CARRIED_PAID')), 0),
           coalesce(sum(e.amount_vnd) FILTER (WHERE e.kind IN ('REFUND', 'CARRIED_REFUND')), 0)
      INTO paid, back FROM public.programs_fundentry e WHERE e.fund_id = f.id;
    SELECT coalesce(sum(r.amount_vnd), 0) INTO due FROM public.programs_paymentrequest r
     WHERE r.fund_id = f.id AND r.state = 'APPROVED';
    IF (f.contract_vnd, f.paid_vnd, f.refunded_vnd, f.due_vnd) IS DISTINCT FROM (contract, paid, back, due)
        OR EXISTS (SELECT 1 FROM public.programs_paymentrequest r WHERE r.fund_id = f.id AND r.state = 'PAID'
                    AND NOT EXISTS (SELECT 1 FROM public.programs_fundentry e WHERE e.request_id = r.id)) THEN
        RAISE EXCEPTION 'fund_differs: papers, payments and ledger of % do not agree', p.code
            USING ERRCODE = 'check_violation';
    END IF;
    IF p.state NOT IN ('CONTRACTED', 'STOPPED') THEN
        RAISE EXCEPTION 'fund_without_contract: % is in state %', p.code, p.state
            USING ERRCODE = 'check_violation';
    END IF;
    IF p.state = 'STOPPED' AND (f.paid_vnd <> f.refunded_vnd OR f.due_vnd <> 0) THEN
        RAISE EXCEPTION 'stopped_with_money_out: % has money that is not given back', p.code
            USING ERRCODE = 'check_violation';
    END IF;
END $$;
REVOKE ALL ON FUNCTION programs_check_fund(bigint) FROM PUBLIC;
CREATE FUNCTION programs_fund_agrees() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM public.programs_check_fund(CASE TG_TABLE_NAME WHEN 'programs_projectfund'
        THEN (to_jsonb(NEW)->>'id')::bigint ELSE (to_jsonb(NEW)->>'fund_id')::bigint END);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER fund_agrees AFTER INSERT OR UPDATE ON programs_projectfund
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION programs_fund_agrees();
CREATE CONSTRAINT TRIGGER fund_agrees AFTER INSERT ON programs_contract
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION programs_fund_agrees();
CREATE CONSTRAINT TRIGGER fund_agrees AFTER INSERT OR UPDATE ON programs_paymentrequest
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION programs_fund_agrees();

CREATE FUNCTION programs_project_has_fund() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE ident bigint;
BEGIN
    IF NEW.state = 'CONTRACTED' AND NOT EXISTS (SELECT 1 FROM public.programs_projectfund f
                        WHERE f.project_id = NEW.id AND f.source = NEW.purse AND f.contract_vnd > 0) THEN
        RAISE EXCEPTION 'contracted_without_contract: % has no contract', NEW.code
            USING ERRCODE = 'check_violation';
    END IF;
    FOR ident IN SELECT f.id FROM public.programs_projectfund f WHERE f.project_id = NEW.id LOOP
        PERFORM public.programs_check_fund(ident);
    END LOOP;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER project_has_fund AFTER INSERT OR UPDATE OF state ON programs_project
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state IN ('CONTRACTED', 'STOPPED'))
    EXECUTE FUNCTION programs_project_has_fund();
"""

FUNDS_DOWN = """
DROP FUNCTION programs_project_has_fund() CASCADE;
DROP FUNCTION programs_fund_agrees() CASCADE;
DROP FUNCTION programs_check_fund(bigint);
DROP FUNCTION programs_set_aside() CASCADE;
DROP FUNCTION programs_guard_request() CASCADE;
DROP FUNCTION programs_enter_fund_entry() CASCADE;
DROP FUNCTION programs_guard_contract() CASCADE;
DROP FUNCTION programs_guard_fund() CASCADE;
"""

# As in walls_sql and carry_sql, with the state that follows the contract. Nothing to take back: without that
# state they say what they said before.
CONTRACTED = """
CREATE OR REPLACE FUNCTION programs_check_held(project bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE p public.programs_project%ROWTYPE; approved boolean; wrong text;
BEGIN
    SELECT * INTO STRICT p FROM public.programs_project WHERE id = project;
    approved := p.state IN ('APPROVED', 'ASSIGNED', 'CONTRACTED');
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
DROP TRIGGER approved_is_held ON programs_project;
CREATE CONSTRAINT TRIGGER approved_is_held AFTER INSERT OR UPDATE ON programs_project
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.state IN ('APPROVED', 'ASSIGNED', 'CONTRACTED', 'STOPPED'))
    EXECUTE FUNCTION programs_project_is_held();
DROP TRIGGER left_is_released ON programs_project;
CREATE CONSTRAINT TRIGGER left_is_released AFTER UPDATE ON programs_project
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.state IN ('APPROVED', 'ASSIGNED', 'CONTRACTED')
          AND NEW.state NOT IN ('APPROVED', 'ASSIGNED', 'CONTRACTED', 'STOPPED'))
    EXECUTE FUNCTION programs_project_is_held();

CREATE OR REPLACE FUNCTION programs_step_passes_approval() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE national boolean; sources text[];
BEGIN
    SELECT p.purse = 'KCQG' INTO STRICT national FROM public.programs_project p WHERE p.id = NEW.project_id;
    sources := CASE NEW.target
        WHEN 'IN_PLAN' THEN CASE WHEN national THEN '{PASSED_MIN}' ELSE '{PASSED_PROV}' END
        WHEN 'APPROVED' THEN '{IN_PLAN}'
        WHEN 'ASSIGNED' THEN CASE WHEN national THEN '{APPROVED}' ELSE '{}' END
        WHEN 'CONTRACTED' THEN CASE WHEN national THEN '{ASSIGNED}' ELSE '{APPROVED}' END
        ELSE CASE WHEN national THEN '{APPROVED,ASSIGNED,CONTRACTED}' ELSE '{APPROVED,CONTRACTED}' END END;
    IF NEW.source <> ALL (sources) THEN
        RAISE EXCEPTION 'step_skips_approval: % is not reached from %', NEW.target, NEW.source
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER step_passes_approval ON programs_transition;
CREATE TRIGGER step_passes_approval BEFORE INSERT ON programs_transition FOR EACH ROW
    WHEN (NEW.action <> 'carry_over'
          AND NEW.target IN ('IN_PLAN', 'APPROVED', 'ASSIGNED', 'CONTRACTED', 'STOPPED'))
    EXECUTE FUNCTION programs_step_passes_approval();
"""
