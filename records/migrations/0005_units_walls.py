"""Placements are their province's; lists of changes any signed-in person may read, as units are public."""

from django.db import migrations

from records.reform_sql import APPLY_REFORM, APPLY_REFORM_DOWN, GUARD_REFORM, GUARD_REFORM_DOWN
from records.walls import (
    SYSTEM,
    by_province,
    grant_execute,
    history_wall,
    no_personal_numbers,
    province_wall,
    row_security,
)


class Migration(migrations.Migration):
    dependencies = [("records", "0004_units")]

    operations = [
        *province_wall("records_placement"),
        *history_wall("records_placementevent", by_province()),
        *no_personal_numbers("records_placement", "reason", "document"),
        *row_security("records_unitreform", f"(SELECT kc_actor()) IS NOT NULL OR {SYSTEM}"),
        migrations.RunSQL(GUARD_REFORM, GUARD_REFORM_DOWN),
        migrations.RunSQL(APPLY_REFORM, APPLY_REFORM_DOWN),
        *grant_execute("kc_apply_reform(bigint)"),
    ]
