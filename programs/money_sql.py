"""The database's guard over a project's money after approval.

Ledger lines alone move a fund; requests alone set money aside in it; a contract, a payment and their lines
come together or not at all. No đồng passes contract or approval, whoever writes the statement.
"""

from __future__ import annotations

FUNDS = """
-- A fund is what the project's own purse gives it.
CREATE FUNCTION programs_guard_fund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF (NEW.contract_vnd, NEW.due_vnd, NEW.paid_vnd, NEW.refunded_vnd) <> (0, 0, 0, 0)
            OR NOT EXISTS (SELECT 1 FROM public.programs_project p
                            WHERE p.id = NEW.project_id AND p.purse = NEW.source) THEN
            RAISE EXCEPTION 'fund_by_rows: a fund of the project''s purse, and it begins empty'
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
CREATE TRIGGER fund_stays BEFORE DELETE ON programs_projectfund
    FOR EACH ROW EXECUTE FUNCTION kc_refuse_change();
CREATE TRIGGER request_stays BEFORE DELETE ON programs_paymentrequest
    FOR EACH ROW EXECUTE FUNCTION kc_refuse_change();

-- Whether the post through which somebody signs is of one of these roles: the signer's own, or the one its
-- holder has lent. A province's signs where the caller may write.
CREATE FUNCTION programs_signs(signer bigint, holder bigint, roles text[], province bigint) RETURNS boolean
    LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM accounts_membership m
         WHERE m.user_id = coalesce(holder, signer) AND m.role = ANY(roles)
           AND m.valid @> (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
           AND (m.role LIKE 'CUC%' OR province = ANY(kc_scope()))
           AND (holder IS NULL OR EXISTS (
                SELECT 1 FROM accounts_delegation d WHERE d.membership_id = m.id AND d.delegate_id = signer
                   AND d.valid @> (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)))
$$;

-- Whether somebody signs for the office that holds the purse of this fund.
CREATE FUNCTION programs_signs_for(fund bigint, signer bigint, holder bigint) RETURNS boolean
    LANGUAGE sql STABLE AS $$
    SELECT programs_signs(signer, holder, (CASE f.source WHEN 'KCQG' THEN '{CUC_OFFICER,CUC_LEADER}'
                                           ELSE '{SO_OFFICER,SO_LEADER}' END)::text[], p.province_id)
      FROM programs_projectfund f JOIN programs_project p ON p.id = f.project_id WHERE f.id = fund
$$;

CREATE FUNCTION programs_guard_contract() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.recorded_by_id IS DISTINCT FROM public.kc_actor()
        OR NOT public.programs_signs_for(NEW.fund_id, NEW.recorded_by_id, NEW.recorded_for_id) THEN
        RAISE EXCEPTION 'not_this_hand: the office that holds the purse records, in one''s own name'
            USING ERRCODE = 'check_violation';
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

CREATE FUNCTION programs_guard_fund_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE signed date;
BEGIN
    IF NEW.actor_id IS DISTINCT FROM public.kc_actor()
        OR NOT public.programs_signs_for(NEW.fund_id, NEW.actor_id, NEW.on_behalf_of_id) THEN
        RAISE EXCEPTION 'not_this_hand: the office that holds the purse records, in one''s own name'
            USING ERRCODE = 'check_violation';
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
    SELECT c.signed_on INTO signed FROM public.programs_contract c
     WHERE c.fund_id = NEW.fund_id AND c.kind <> 'ANNEX';
    IF NEW.voucher_on < signed OR NEW.voucher_on > (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date THEN
        RAISE EXCEPTION 'voucher_out_of_time: between the contract and today'
            USING ERRCODE = 'check_violation';
    END IF;
    NEW.at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER guard_fund_entry BEFORE INSERT ON programs_fundentry
    FOR EACH ROW EXECUTE FUNCTION programs_guard_fund_entry();

CREATE FUNCTION programs_enter_fund_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
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

-- A request is signed hand by hand: each writes its own columns once, in its own name, in order; nobody signs
-- twice for what must be two people's, nor does whoever lent the authority.
CREATE FUNCTION programs_guard_request() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE p public.programs_project%ROWTYPE; own text[]; legal boolean; signer bigint; holder bigint;
    leader text; office text[]; before bigint[] := ARRAY[]::bigint[];
BEGIN
    SELECT p0.* INTO STRICT p FROM public.programs_project p0
      JOIN public.programs_projectfund f ON f.project_id = p0.id WHERE f.id = NEW.fund_id;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'REQUESTED' OR NEW.answer <> '' OR NEW.allowance <> ''
            OR NEW.requested_by_id IS DISTINCT FROM public.kc_actor() OR p.state <> 'CONTRACTED' THEN
            RAISE EXCEPTION 'request_begins_open: under a contract, and nobody approves what they ask for'
                USING ERRCODE = 'check_violation';
        END IF;
        NEW.needs_so := p.purse = 'KCQG' AND NOT EXISTS (SELECT 1 FROM public.accounts_organisation o
                                                          WHERE o.id = p.owner_id AND o.kind = 'REGION');
        NEW.requested_at := now();
        RETURN NEW;
    END IF;
    legal := CASE OLD.state
        WHEN 'REQUESTED' THEN CASE NEW.state WHEN 'CONFIRMED' THEN OLD.needs_so
                                             WHEN 'APPROVED' THEN NOT OLD.needs_so
                                             ELSE NEW.state IN ('RETURNED', 'WITHDRAWN') END
        WHEN 'CONFIRMED' THEN NEW.state IN ('APPROVED', 'RETURNED')
        WHEN 'APPROVED' THEN NEW.state IN ('PAID', 'RETURNED') ELSE false END;
    own := CASE NEW.state
        WHEN 'CONFIRMED' THEN '{state,confirmed_by_id,confirmed_for_id,confirmed_at}'
        WHEN 'APPROVED' THEN '{state,approved_by_id,approved_for_id,approved_at,allowance}'
        ELSE '{state,closed_by_id,closed_for_id,closed_at,answer}' END;
    IF NOT legal OR to_jsonb(NEW) - own IS DISTINCT FROM to_jsonb(OLD) - own
        OR (NEW.state <> 'RETURNED' AND p.state <> 'CONTRACTED') THEN
        RAISE EXCEPTION 'request_is_fixed: it is signed in order, as it was sent'
            USING ERRCODE = 'check_violation';
    END IF;
    leader := CASE p.purse WHEN 'KCQG' THEN 'CUC_LEADER' ELSE 'SO_LEADER' END;
    office := CASE p.purse WHEN 'KCQG' THEN '{CUC_OFFICER,CUC_LEADER}' ELSE '{SO_OFFICER,SO_LEADER}' END;
    CASE NEW.state
        WHEN 'CONFIRMED' THEN
            signer := NEW.confirmed_by_id; holder := NEW.confirmed_for_id; NEW.confirmed_at := now();
            before := ARRAY[OLD.requested_by_id, OLD.requested_for_id]; office := '{SO_LEADER}';
        WHEN 'APPROVED' THEN
            signer := NEW.approved_by_id; holder := NEW.approved_for_id; NEW.approved_at := now();
            before := ARRAY[OLD.requested_by_id, OLD.requested_for_id, OLD.confirmed_by_id,
                            OLD.confirmed_for_id]; office := ARRAY[leader];
        ELSE
            signer := NEW.closed_by_id; holder := NEW.closed_for_id; NEW.closed_at := now();
            IF NEW.state = 'PAID' THEN
                before := ARRAY[OLD.requested_by_id, OLD.requested_for_id, OLD.approved_by_id,
                                OLD.approved_for_id];
            ELSIF NEW.state = 'RETURNED' THEN
                office := CASE WHEN OLD.state = 'REQUESTED' AND OLD.needs_so THEN '{SO_LEADER}'
                               ELSE ARRAY[leader] END;
            ELSE
                office := NULL;  -- withdrawn by the office that asked: the portal asks who
            END IF;
    END CASE;
    IF signer IS DISTINCT FROM public.kc_actor() OR ARRAY[signer, holder] && before
        OR NOT public.programs_signs(signer, holder, office, p.province_id) AND office IS NOT NULL THEN
        RAISE EXCEPTION 'not_this_hand: each signs once, in their own name, for the office whose word it is'
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
    granted bigint; contract bigint; paid bigint; back bigint; due bigint; carried_paid bigint;
    carried_back bigint;
BEGIN
    -- Locked, so that a stop and a payment that have not seen each other do not both go through.
    SELECT * INTO STRICT f FROM public.programs_projectfund WHERE id = ident FOR UPDATE;
    SELECT * INTO STRICT p FROM public.programs_project WHERE id = f.project_id FOR SHARE;
    granted := CASE p.purse WHEN 'KCQG' THEN p.kcqg_vnd ELSE p.kcdp_vnd END;
    SELECT c.amount_vnd INTO contract FROM public.programs_contract c
     WHERE c.fund_id = f.id ORDER BY c.id DESC LIMIT 1;
    SELECT coalesce(sum(e.amount_vnd) FILTER (WHERE e.kind IN ('ADVANCE', 'PAYMENT', 'CARRIED_PAID')), 0),
           coalesce(sum(e.amount_vnd) FILTER (WHERE e.kind IN ('REFUND', 'CARRIED_REFUND')), 0),
           coalesce(sum(e.amount_vnd) FILTER (WHERE e.kind = 'CARRIED_PAID'), 0),
           coalesce(sum(e.amount_vnd) FILTER (WHERE e.kind = 'CARRIED_REFUND'), 0)
      INTO paid, back, carried_paid, carried_back FROM public.programs_fundentry e WHERE e.fund_id = f.id;
    SELECT coalesce(sum(r.amount_vnd), 0) INTO due FROM public.programs_paymentrequest r
     WHERE r.fund_id = f.id AND r.state = 'APPROVED';
    IF (f.granted_vnd, f.contract_vnd, f.paid_vnd, f.refunded_vnd, f.due_vnd)
            IS DISTINCT FROM (granted, contract, paid, back, due)
        OR EXISTS (SELECT 1 FROM public.programs_paymentrequest r WHERE r.fund_id = f.id AND r.state = 'PAID'
                    AND NOT EXISTS (SELECT 1 FROM public.programs_fundentry e WHERE e.request_id = r.id)) THEN
        RAISE EXCEPTION 'fund_differs: papers, payments and ledger of % do not agree', p.code
            USING ERRCODE = 'check_violation';
    END IF;
    -- What paper had paid and taken back stands in the ledger, neither more nor less.
    IF (carried_paid, carried_back) IS DISTINCT FROM (
            coalesce((SELECT m.disbursed_vnd FROM public.programs_carriedmoney m
              JOIN public.programs_carryover c ON c.id = m.entry_id AND c.outcome = 'VERIFIED'
             WHERE c.project_id = p.id AND m.source = f.source), 0),
            coalesce((SELECT m.refunded_vnd FROM public.programs_carriedmoney m
              JOIN public.programs_carryover c ON c.id = m.entry_id AND c.outcome = 'VERIFIED'
             WHERE c.project_id = p.id AND m.source = f.source), 0)) THEN
        RAISE EXCEPTION 'carried_line_differs: it says what the confirmed papers of % say', p.code
            USING ERRCODE = 'check_violation';
    END IF;
    IF p.state NOT IN ('CONTRACTED', 'STOPPED') THEN
        RAISE EXCEPTION 'fund_without_contract: % is in state %', p.code, p.state
            USING ERRCODE = 'check_violation';
    END IF;
    IF p.state = 'STOPPED' AND (f.paid_vnd <> f.refunded_vnd OR EXISTS (
        SELECT 1 FROM public.programs_paymentrequest r WHERE r.fund_id = f.id
           AND r.state IN ('REQUESTED', 'CONFIRMED', 'APPROVED'))) THEN
        RAISE EXCEPTION 'stopped_with_money_out: % has money out or a request without an answer', p.code
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
CREATE CONSTRAINT TRIGGER fund_agrees AFTER INSERT ON programs_fundentry
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
CREATE CONSTRAINT TRIGGER project_has_fund AFTER INSERT OR UPDATE ON programs_project
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state IN ('CONTRACTED', 'STOPPED'))
    EXECUTE FUNCTION programs_project_has_fund();
CREATE CONSTRAINT TRIGGER contracted_is_left AFTER UPDATE ON programs_project
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.state IN ('CONTRACTED', 'STOPPED') AND NEW.state NOT IN ('CONTRACTED', 'STOPPED'))
    EXECUTE FUNCTION programs_project_has_fund();
"""

FUNDS_DOWN = """
DROP FUNCTION programs_project_has_fund() CASCADE;
DROP FUNCTION programs_fund_agrees() CASCADE;
DROP FUNCTION programs_check_fund(bigint);
DROP FUNCTION programs_set_aside() CASCADE;
DROP FUNCTION programs_guard_request() CASCADE;
DROP FUNCTION programs_enter_fund_entry() CASCADE;
DROP FUNCTION programs_guard_fund_entry() CASCADE;
DROP FUNCTION programs_guard_contract() CASCADE;
DROP FUNCTION programs_signs_for(bigint, bigint, bigint);
DROP FUNCTION programs_signs(bigint, bigint, text[], bigint);
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
