"""Functions that run with the owner's rights look for names among temporary objects last.

Unnamed, pg_temp is searched first for tables and types: a session could put a type of its own in front of one
that such a function uses, and have its code run as the owner.
"""

from django.db import migrations

PIN = """
DO $$
DECLARE f record;
BEGIN
    FOR f IN SELECT p.oid::regprocedure AS name,
                    coalesce((SELECT substr(c, 13) FROM unnest(p.proconfig) c WHERE c LIKE 'search_path=%'),
                             'pg_catalog, public') AS path
               FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
              WHERE p.prosecdef AND n.nspname = 'public'
    LOOP
        IF f.path NOT LIKE '%pg_temp' THEN
            EXECUTE format('ALTER FUNCTION %s SET search_path = %s, pg_temp', f.name, f.path);
        END IF;
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_post_guard"),
        ("beneficiaries", "0002_walls"),
        ("clusters", "0002_walls"),
        ("programs", "0020_carry_over"),
        ("records", "0005_units_walls"),
        ("reports", "0003_dossiers"),
        ("vietnam", "0003_calendar_versions"),
    ]

    operations = [migrations.RunSQL(PIN, migrations.RunSQL.noop)]
