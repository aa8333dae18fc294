"""Walls of the claims of priority: closed with their dossier, their papers the dossier's own, ruled on by who
appraises it."""

from __future__ import annotations

CLAIM_GUARD = """
CREATE FUNCTION programs_guard_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.attachment_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM public.programs_attachment a
         WHERE a.id = NEW.attachment_id AND a.project_id = NEW.project_id) THEN
        RAISE EXCEPTION 'paper_of_other_dossier: a claim rests on papers of its own dossier'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_claim BEFORE INSERT OR UPDATE ON programs_priorityclaim
    FOR EACH ROW EXECUTE FUNCTION programs_guard_claim();
CREATE TRIGGER guard_dossier AFTER INSERT OR UPDATE OR DELETE ON programs_priorityclaim
    FOR EACH ROW EXECUTE FUNCTION programs_guard_dossier();
"""
CLAIM_GUARD_DOWN = """
DROP TRIGGER guard_dossier ON programs_priorityclaim;
DROP FUNCTION programs_guard_claim() CASCADE;
"""

# What ``programs.policy`` asks of who judges a claim, asked again of whoever writes the row: the desk that
# reviews the dossier now, in an office of theirs, as the dossier stands, and on record as its appraiser,
# which nobody is who drafts or decides it (one duty a person a project). The lock keeps the state.
RULING_GUARD = """
CREATE FUNCTION programs_guard_ruling() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE stands record;
BEGIN
    SELECT p.state, p.version INTO stands FROM public.programs_project p
     WHERE p.id = NEW.project_id FOR SHARE;
    IF NOT FOUND OR NEW.version <> stands.version OR NOT EXISTS (
        SELECT 1 FROM public.accounts_organisation o
         WHERE o.id = NEW.office_id
           AND (o.kind, stands.state) IN (('SO', 'REVIEW_PROV'), ('CUC', 'REVIEW_MIN'))
    ) OR NOT public.programs_of_office(NEW.office_id) OR NOT EXISTS (
        SELECT 1 FROM public.programs_participation d
         WHERE d.project_id = NEW.project_id AND d.user_id = NEW.actor_id AND d.duty = 'APPRAISE')
    THEN
        RAISE EXCEPTION 'ruling_by_stranger: a claim is judged by who reviews its dossier as it stands'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_ruling BEFORE INSERT ON programs_claimruling
    FOR EACH ROW EXECUTE FUNCTION programs_guard_ruling();
"""
RULING_GUARD_DOWN = "DROP FUNCTION programs_guard_ruling() CASCADE;"
