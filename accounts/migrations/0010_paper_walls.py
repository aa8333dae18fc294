"""Numbers are given by the database, in the register's order; registers and seals are their office's own."""

from django.db import migrations
from django.db.migrations.operations import RunSQL

from records.walls import (
    SYSTEM,
    begun_and_ended,
    by_parent,
    fixed_columns,
    grant_execute,
    history_wall,
    no_personal_numbers,
    read_and_write,
)

REGISTER, NUMBER, SEAL = "accounts_paperregister", "accounts_issuednumber", "accounts_seal"

# Today's people of the office, and of the one that has succeeded it: own posts and lent ones, but no desk of
# accounts and no partner's key.
WORKS_IN = """
CREATE FUNCTION accounts_works_in(office bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    WITH RECURSIVE heirs(id) AS (
        SELECT office UNION SELECT o.successor_id FROM public.accounts_organisation o
          JOIN heirs h ON o.id = h.id WHERE o.successor_id IS NOT NULL)
    SELECT EXISTS (
        SELECT 1 FROM public.accounts_membership m JOIN heirs h ON h.id = m.organisation_id
          LEFT JOIN public.accounts_delegation d ON d.membership_id = m.id AND d.delegate_id = kc_actor()
           AND d.valid @> (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
         WHERE m.valid @> (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
           AND m.role NOT IN ('ADMIN', 'OFFICE_ADMIN', 'API_CLIENT')
           AND (m.user_id = kc_actor() OR d.id IS NOT NULL))
$$;
"""

# The lock makes those who draw from one register wait for each other, so what is counted afterwards is whole;
# a transaction that fails takes its number back before the next one counts.
DRAW = """
CREATE FUNCTION accounts_lock_register(register bigint) RETURNS void LANGUAGE sql VOLATILE AS $$
    SELECT pg_advisory_xact_lock(hashtextextended('accounts_paperregister', register))
$$;
CREATE FUNCTION accounts_draw_number() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    book public.accounts_paperregister;
BEGIN
    PERFORM public.accounts_lock_register(NEW.register_id);
    SELECT * INTO STRICT book FROM public.accounts_paperregister r WHERE r.id = NEW.register_id;
    IF extract(year FROM NEW.issued_on) <> book.year THEN
        RAISE EXCEPTION 'number_of_other_year: the register is of %', book.year
            USING ERRCODE = 'check_violation';
    END IF;
    SELECT coalesce(max(n.number) + 1, book.begins_at) INTO NEW.number
      FROM public.accounts_issuednumber n WHERE n.register_id = NEW.register_id;
    RETURN NEW;
END $$;
CREATE TRIGGER draw_number BEFORE INSERT ON accounts_issuednumber
    FOR EACH ROW EXECUTE FUNCTION accounts_draw_number();
-- Who keeps the register may know this much of it, and no more.
CREATE FUNCTION accounts_register_begun(register bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM public.accounts_issuednumber n WHERE n.register_id = register)
$$;
CREATE FUNCTION accounts_guard_beginning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public.accounts_lock_register(NEW.id);
    IF public.accounts_register_begun(NEW.id) THEN
        RAISE EXCEPTION 'register_begun: its first number has been issued'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_beginning BEFORE UPDATE ON accounts_paperregister
    FOR EACH ROW WHEN (OLD.begins_at <> NEW.begins_at) EXECUTE FUNCTION accounts_guard_beginning();
CREATE FUNCTION accounts_guard_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (TG_OP <> 'INSERT' AND NOT public.accounts_runs(OLD.office_id))
        OR (TG_OP <> 'DELETE' AND NOT public.accounts_runs(NEW.office_id))
    THEN
        RAISE EXCEPTION 'seal_by_stranger: seals are kept by whoever runs the office'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER guard_seal BEFORE INSERT OR UPDATE OR DELETE ON accounts_seal
    FOR EACH ROW EXECUTE FUNCTION accounts_guard_seal();
"""
DRAW_DOWN = """
DROP FUNCTION accounts_guard_seal() CASCADE;
DROP FUNCTION accounts_guard_beginning() CASCADE;
DROP FUNCTION accounts_register_begun(bigint);
DROP FUNCTION accounts_draw_number() CASCADE;
DROP FUNCTION accounts_lock_register(bigint);
"""

RUNS = f"((SELECT kc_actor()) IS NOT NULL AND accounts_runs(office_id) OR {SYSTEM})"
OWN = f"(accounts_works_in(office_id) OR {RUNS})"
# Whoever draws the first number of a new year opens its register, at one.
OPENS = f"({RUNS} OR (accounts_works_in(office_id) AND begins_at = 1))"
SEEN = by_parent(NUMBER, "register_id", REGISTER, f"(accounts_works_in(seen.office_id) OR {SYSTEM})")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_papers"), ("records", "0001_initial")]
    operations = [
        RunSQL(WORKS_IN, "DROP FUNCTION accounts_works_in(bigint)"),
        RunSQL(DRAW, DRAW_DOWN),
        *grant_execute("accounts_register_begun(bigint)"),
        *read_and_write(REGISTER, OWN, RUNS, OPENS),
        *fixed_columns(REGISTER, "id", "office_id", "kind", "year", "opened_at"),
        *begun_and_ended(NUMBER, SEEN, "issued_by_id", "voided_by_id", "voided_at"),
        *fixed_columns(
            NUMBER, "id", "uuid", "register_id", "number", "suffix", "paper", "project_code", "about",
            "issued_on", "issued_by_id", "issued_at",
        ),
        *no_personal_numbers(NUMBER, "about", "void_reason"),
        *fixed_columns(SEAL, "id", "office_id", "kind"),
        *history_wall("accounts_paperregisterevent", OWN),
        *history_wall("accounts_sealevent"),
    ]  # fmt: skip
