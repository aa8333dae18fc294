"""Posts and lent authority are written by whoever runs the office's people: the database asks too."""

from django.db import migrations
from django.db.migrations.operations import RunSQL

# Commands and loaders act for nobody. SECURITY INVOKER: what it reads, everybody reads.
UP = """
CREATE FUNCTION accounts_runs(office bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT kc_actor() IS NULL OR EXISTS (
        SELECT 1 FROM public.accounts_membership m JOIN public.accounts_organisation o
            ON o.id = m.organisation_id
         WHERE m.user_id = kc_actor() AND (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date <@ m.valid
           AND (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date <@ o.valid
           AND (m.role = 'ADMIN' OR (m.role = 'OFFICE_ADMIN' AND m.organisation_id = office)))
$$;
CREATE FUNCTION accounts_runs_all() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT kc_actor() IS NULL OR EXISTS (
        SELECT 1 FROM public.accounts_membership m JOIN public.accounts_organisation o
            ON o.id = m.organisation_id
         WHERE m.user_id = kc_actor() AND (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date <@ m.valid
           AND (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date <@ o.valid AND m.role = 'ADMIN')
$$;
-- As accounts.models.ROLES_OF_KIND; a test compares the two.
CREATE FUNCTION accounts_office_has(office bigint, role text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM public.accounts_organisation o WHERE o.id = office AND (o.kind, role) IN (
        ('SO', 'SO_OFFICER'), ('SO', 'SO_LEADER'), ('TTKC', 'IMPL'), ('UBND', 'UBND_VIEW'),
        ('REGION', 'REGION'), ('CUC', 'CUC_OFFICER'), ('CUC', 'CUC_LEADER'),
        ('MINISTRY', 'MIN_APPROVER'), ('MINISTRY', 'FIN'), ('AUDIT', 'AUDITOR'), ('OTHER', 'IMPL')))
$$;
CREATE FUNCTION accounts_guard_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (TG_OP <> 'INSERT' AND NOT public.accounts_runs(OLD.organisation_id))
        OR (TG_OP <> 'DELETE' AND NOT public.accounts_runs(NEW.organisation_id))
        OR (TG_OP <> 'INSERT' AND OLD.user_id = kc_actor())
        OR (TG_OP <> 'DELETE' AND NEW.user_id = kc_actor())
    THEN
        RAISE EXCEPTION 'post_by_stranger: posts are given by whoever runs the office, and to others'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF public.accounts_runs_all() THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    -- A post that is another's to give may still be cut short here, but for the system's administrator's.
    IF (TG_OP <> 'INSERT' AND OLD.role = 'ADMIN')
        OR (TG_OP <> 'DELETE' AND NOT public.accounts_office_has(NEW.organisation_id, NEW.role)
            AND NOT (TG_OP = 'UPDATE' AND NEW.valid <@ OLD.valid
                AND (NEW.user_id, NEW.organisation_id, NEW.role)
                  = (OLD.user_id, OLD.organisation_id, OLD.role)))
    THEN
        RAISE EXCEPTION 'post_beyond_office: an office gives no role that its kind has not'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER guard_post BEFORE INSERT OR UPDATE OR DELETE ON accounts_membership
    FOR EACH ROW EXECUTE FUNCTION accounts_guard_post();
CREATE FUNCTION accounts_guard_loan() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lent bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.membership_id ELSE NEW.membership_id END;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.accounts_membership m WHERE m.id = lent
        AND (m.user_id = kc_actor() OR public.accounts_runs(m.organisation_id)))
        OR (TG_OP = 'INSERT' AND NEW.delegate_id = kc_actor())
        OR (TG_OP = 'UPDATE' AND (NEW.membership_id, NEW.delegate_id)
            IS DISTINCT FROM (OLD.membership_id, OLD.delegate_id))
    THEN
        RAISE EXCEPTION 'loan_by_stranger: a post is lent by its holder or whoever runs the office'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER guard_loan BEFORE INSERT OR UPDATE OR DELETE ON accounts_delegation
    FOR EACH ROW EXECUTE FUNCTION accounts_guard_loan();
"""
DOWN = """
DROP FUNCTION accounts_guard_loan() CASCADE;
DROP FUNCTION accounts_guard_post() CASCADE;
DROP FUNCTION accounts_office_has(bigint, text);
DROP FUNCTION accounts_runs_all();
DROP FUNCTION accounts_runs(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_office_desk"), ("records", "0001_initial")]
    operations = [RunSQL(UP, DOWN)]
