"""The trigger that carries a correction out: the one way to change words of a dossier that was handed in."""

from __future__ import annotations

from programs.walls_sql import OPEN

# Runs as the tables' owner, whom the dossier's guard lets through; the caller's own policies have
# judged the row before it comes here.
CORRECT = f"""
CREATE FUNCTION programs_correct() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE stands text; in_state text;
BEGIN
    SELECT p.state, CASE NEW.field WHEN 'title' THEN p.title WHEN 'implementer_name' THEN p.implementer_name
            WHEN 'partner_name' THEN p.partner_name WHEN 'place_text' THEN p.place_text END
      INTO in_state, stands FROM programs_project p WHERE p.id = NEW.project_id FOR UPDATE;
    IF in_state IN {OPEN} THEN
        RAISE EXCEPTION 'correction_of_open: an open dossier is edited' USING ERRCODE = 'check_violation';
    END IF;
    IF stands IS DISTINCT FROM NEW.before THEN
        RAISE EXCEPTION 'correction_stale: something else stands there' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE programs_project SET
        title = CASE NEW.field WHEN 'title' THEN NEW.after ELSE title END,
        title_folded = CASE NEW.field WHEN 'title' THEN NEW.folded ELSE title_folded END,
        implementer_name = CASE NEW.field WHEN 'implementer_name' THEN NEW.after ELSE implementer_name END,
        partner_name = CASE NEW.field WHEN 'partner_name' THEN NEW.after ELSE partner_name END,
        place_text = CASE NEW.field WHEN 'place_text' THEN NEW.after ELSE place_text END,
        updated_at = NEW.at
     WHERE id = NEW.project_id;
    RETURN NULL;
END $$;
CREATE TRIGGER correct AFTER INSERT ON programs_correction
    FOR EACH ROW EXECUTE FUNCTION programs_correct();
"""  # noqa: S608 – constants
CORRECT_DOWN = "DROP FUNCTION programs_correct() CASCADE;"
