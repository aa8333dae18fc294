"""A report is its owner's alone, within the provinces the owner may see today; the database says so too."""

from django.db import migrations

from records.walls import by_province, row_security

OWN = "owner_id = (SELECT kc_actor())"
SYSTEM = "0 = ANY((SELECT kc_scope())::int[])"
"""0 is in the scope of ``records.context.whole_country`` alone: workers and sweeps act for nobody."""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("records", "0001_initial")]
    operations = row_security("reports_report", f"{by_province()} AND ({OWN} OR {SYSTEM})")
