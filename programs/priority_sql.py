"""Walls of the claims of priority: closed with their dossier, their papers the dossier's own; and the law's
one writer, taught the new table."""

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
