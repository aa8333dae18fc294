"""A mark of the law: every change of its tables gives a new one, so that books read once may be kept."""

import uuid

from django.db import migrations, models

TABLES = (
    "programs_activitykind", "programs_exclusionrule", "programs_planmilestone", "programs_requiredpaper",
    "programs_sector", "programs_stageclock", "programs_supportnorm", "vietnam_legaldocument",
)  # fmt: skip
CHANGED = """
INSERT INTO programs_lawstamp (mark) VALUES (gen_random_uuid());
CREATE FUNCTION programs_law_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.programs_lawstamp SET mark = pg_catalog.gen_random_uuid();
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION programs_law_changed() FROM PUBLIC;
"""


def on_change(table):
    return migrations.RunSQL(
        f"CREATE TRIGGER law_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION programs_law_changed()",
        f"DROP TRIGGER law_changed ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("programs", "0021_temporary_objects_last"),
        ("vietnam", "0003_calendar_versions"),
    ]

    operations = [
        migrations.CreateModel(
            name="LawStamp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.UUIDField(default=uuid.uuid4, editable=False)),
            ],
            options={"verbose_name": "dấu của luật", "verbose_name_plural": "dấu của luật"},
        ),
        migrations.RunSQL(CHANGED, "DROP FUNCTION programs_law_changed()"),
        *(on_change(table) for table in TABLES),
    ]
