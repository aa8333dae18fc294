"""The law's only writer in a running portal: a proposal that a second person has verified.

The runtime role merely reads the tables of the law; this trigger of the owner ends the old version and
enters the new one in the statement that verifies the proposal, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping

# The offices of the nation's law and its administrator; for a province's own rules, its Sở.
KEEPS_LAW = """
CREATE FUNCTION programs_keeps_law(province bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM accounts_membership m
          LEFT JOIN accounts_delegation d ON d.membership_id = m.id AND d.delegate_id = kc_actor()
           AND d.valid @> (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
           AND EXISTS (SELECT 1 FROM accounts_membership b WHERE b.user_id = d.delegate_id
               AND b.organisation_id = m.organisation_id AND b.role NOT IN ('ADMIN', 'OFFICE_ADMIN')
               AND b.valid @> (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)
         WHERE m.valid @> (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
           AND (m.user_id = kc_actor() OR d.id IS NOT NULL)
           AND CASE WHEN province IS NULL
               THEN m.role IN ('CUC_OFFICER', 'CUC_LEADER', 'MIN_APPROVER', 'ADMIN')
               ELSE m.role IN ('SO_OFFICER', 'SO_LEADER') AND province = ANY(kc_scope()) END)
$$;
"""
KEEPS_LAW_DOWN = "DROP FUNCTION programs_keeps_law(bigint);"

DOCUMENT = """
CREATE FUNCTION programs_enact_document(p programs_ruleproposal) RETURNS bigint LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE cols text; plain jsonb := p."values" - 'relations'; made bigint; since date;
BEGIN
    SELECT string_agg(quote_ident(key), ', ') INTO cols FROM jsonb_object_keys(plain) key;
    EXECUTE format('INSERT INTO public.vietnam_legaldocument (%1$s) SELECT %1$s FROM'
        ' jsonb_populate_record(NULL::public.vietnam_legaldocument, $1) RETURNING id, lower(valid)', cols)
        INTO made, since USING plain;
    INSERT INTO public.vietnam_documentrelation (document_id, kind, target_id)
        SELECT made, r->>0, (r->>1)::bigint FROM jsonb_array_elements(p."values"->'relations') r;
    IF p.province_id IS NOT NULL AND EXISTS (SELECT 1 FROM public.vietnam_documentrelation r
        JOIN public.vietnam_legaldocument d ON d.id = r.target_id WHERE r.document_id = made
         AND r.kind IN ('replaces', 'amends') AND d.issuer <> plain->>'issuer') THEN
        RAISE EXCEPTION 'foreign_document: a province changes no document of others'
            USING ERRCODE = 'check_violation';
    END IF;
    -- What is replaced ends the day before, where its end was not known.
    UPDATE public.vietnam_legaldocument d SET replaced_by_id = made,
           valid = CASE WHEN since IS NOT NULL AND upper_inf(d.valid)
                             AND (lower_inf(d.valid) OR lower(d.valid) < since)
                        THEN daterange(lower(d.valid), since) ELSE d.valid END
     WHERE d.replaced_by_id IS NULL AND EXISTS (SELECT 1 FROM public.vietnam_documentrelation r
        WHERE r.document_id = made AND r.target_id = d.id AND r.kind = 'replaces');
    IF p.file_id IS NOT NULL THEN
        INSERT INTO public.programs_documentfile (uuid, document_id, file_id, name, added_by_id, added_at)
            SELECT gen_random_uuid(), made, f.id, f.name, p.proposed_by_id, p.proposed_at
              FROM public.records_storedfile f WHERE f.id = p.file_id;
    END IF;
    RETURN made;
END $$;
REVOKE ALL ON FUNCTION programs_enact_document(programs_ruleproposal) FROM PUBLIC;

"""
RULE = """CREATE FUNCTION programs_enact_rule(p programs_ruleproposal) RETURNS bigint LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE target text; cols text; new jsonb := p."values"; old jsonb; made bigint; held daterange;
    span daterange := daterange(p.valid_from, p.valid_to + 1);
BEGIN
    -- Who keeps a province's rules keeps no others: what is written lies where the proposal says.
    IF (new->>'province_id')::bigint IS DISTINCT FROM p.province_id THEN
        RAISE EXCEPTION 'rule_of_another_place: the proposal is made for one place, its rule for another'
            USING ERRCODE = 'check_violation';
    END IF;
    target := @TARGET@;
    -- Read by one person and verified by another: only so does a rule become "verified".
    IF new->>'confidence' = 'seen' THEN
        new := jsonb_set(new, '{confidence}', '"verified"');
    END IF;
    SELECT string_agg(quote_ident(key), ', ') INTO cols FROM jsonb_object_keys(new) key;
    IF p.old_id IS NOT NULL THEN
        EXECUTE format('SELECT to_jsonb(t) FROM public.%I t WHERE id = $1 AND valid @> $2 FOR UPDATE', target)
            INTO old USING p.old_id, p.valid_from;
        IF old IS NULL THEN
            RAISE EXCEPTION 'rule_moved: version % is not in force on %', p.old_id, p.valid_from
                USING ERRCODE = 'check_violation';
        END IF;
        IF (old->>'province_id')::bigint IS DISTINCT FROM p.province_id THEN
            RAISE EXCEPTION 'rule_of_another_place: version % is not of the place proposed for', p.old_id
                USING ERRCODE = 'check_violation';
        END IF;
        held := (old->>'valid')::daterange;
        IF lower(held) = p.valid_from THEN
            IF p.ends OR coalesce(old->>'confidence', 'verified') IN ('seen', 'verified') THEN
                RAISE EXCEPTION 'verified_version_stays: a new version begins on a later day'
                    USING ERRCODE = 'check_violation';
            END IF;
            EXECUTE format('UPDATE public.%1$I t SET (%2$s, valid) = (SELECT %2$s, $3 FROM'
                ' jsonb_populate_record(NULL::public.%1$I, $1)) WHERE id = $2', target, cols)
                USING new, p.old_id, span;
            RETURN p.old_id;
        END IF;
        EXECUTE format('UPDATE public.%I SET valid = $2 WHERE id = $1', target)
            USING p.old_id, daterange(lower(held), p.valid_from);
    END IF;
    IF NOT p.ends THEN
        EXECUTE format('INSERT INTO public.%1$I (%2$s, valid) SELECT %2$s, $2 FROM'
            ' jsonb_populate_record(NULL::public.%1$I, $1) RETURNING id', target, cols)
            INTO made USING new, span;
    END IF;
    RETURN made;
END $$;
REVOKE ALL ON FUNCTION programs_enact_rule(programs_ruleproposal) FROM PUBLIC;

"""
GUARD = """CREATE FUNCTION programs_guard_proposal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.outcome <> '' OR NEW.new_id IS NOT NULL OR NEW."values" ? 'id'
            OR NEW."values"->>'confidence' = 'verified'
            OR NEW.proposed_by_id IS DISTINCT FROM public.kc_actor() THEN
            RAISE EXCEPTION 'proposal_begins_open: nobody verifies what he proposes'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.outcome <> '' OR (NEW.uuid, NEW.kind, NEW.title, NEW.province_id, NEW."values", NEW.old_id,
            NEW.ends, NEW.valid_from, NEW.valid_to, NEW.reason, NEW.file_id, NEW.proposed_by_id,
            NEW.proposed_for_id, NEW.proposed_at)
        IS DISTINCT FROM (OLD.uuid, OLD.kind, OLD.title, OLD.province_id, OLD."values", OLD.old_id,
            OLD.ends, OLD.valid_from, OLD.valid_to, OLD.reason, OLD.file_id, OLD.proposed_by_id,
            OLD.proposed_for_id, OLD.proposed_at) THEN
        RAISE EXCEPTION 'proposal_is_fixed: it is decided once, as it was made'
            USING ERRCODE = 'check_violation';
    END IF;
    NEW.new_id := NULL;
    IF NEW.outcome = 'VERIFIED' THEN
        IF NEW.decided_by_id IS DISTINCT FROM public.kc_actor()
            OR NEW.decided_by_id IN (NEW.proposed_by_id, NEW.proposed_for_id) THEN
            RAISE EXCEPTION 'proposal_verified_by_another: a second person verifies'
                USING ERRCODE = 'check_violation';
        END IF;
        NEW.new_id := CASE NEW.kind WHEN 'document' THEN public.programs_enact_document(NEW)
                      ELSE public.programs_enact_rule(NEW) END;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_proposal BEFORE INSERT OR UPDATE ON programs_ruleproposal
    FOR EACH ROW EXECUTE FUNCTION programs_guard_proposal();
"""
FIRST_TARGET = """CASE p.kind
        WHEN 'norm' THEN 'programs_supportnorm' WHEN 'activity' THEN 'programs_activitykind'
        WHEN 'paper' THEN 'programs_requiredpaper' WHEN 'sector' THEN 'programs_sector'
        WHEN 'exclusion' THEN 'programs_exclusionrule' WHEN 'area' THEN 'programs_areaeligibility'
        WHEN 'milestone' THEN 'programs_planmilestone' WHEN 'clock' THEN 'programs_stageclock' END"""
ENACT = DOCUMENT + RULE.replace("@TARGET@", FIRST_TARGET) + GUARD
ENACT_DOWN = """
DROP TRIGGER guard_proposal ON programs_ruleproposal;
DROP FUNCTION programs_guard_proposal();
DROP FUNCTION programs_enact_rule(programs_ruleproposal);
DROP FUNCTION programs_enact_document(programs_ruleproposal);
"""

# Kinds that came later: which table a kind is kept in is one small function, replaced with each.
FIRST_TABLES = {
    "norm": "programs_supportnorm",
    "activity": "programs_activitykind",
    "paper": "programs_requiredpaper",
    "sector": "programs_sector",
    "exclusion": "programs_exclusionrule",
    "area": "programs_areaeligibility",
    "milestone": "programs_planmilestone",
    "clock": "programs_stageclock",
    "priority": "programs_priorityrule",
    "ward": "programs_wardrule",
}
AGAIN = RULE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
BY_TABLE = AGAIN.replace("@TARGET@", "public.programs_rule_table(p.kind)")
BY_TABLE_DOWN = AGAIN.replace("@TARGET@", FIRST_TARGET) + "DROP FUNCTION programs_rule_table(text);"


def rule_tables(tables: Mapping[str, str]) -> str:
    """The function that tells the table of a kind of rule; nothing for a kind it does not know."""
    known = " ".join(f"WHEN '{kind}' THEN '{table}'" for kind, table in tables.items())
    return (
        "CREATE OR REPLACE FUNCTION programs_rule_table(kind text) RETURNS text LANGUAGE sql IMMUTABLE"
        f" AS $$ SELECT CASE kind {known} END $$;"
    )
