"""Chains, append-only tables and row policies of this floor."""

from django.db import migrations

from records.audit_sql import TRIGGER_DOWN, TRIGGER_UP
from records.walls import (
    append_only,
    no_personal_numbers,
    own_or_system,
    province_wall,
    row_security,
    system_only,
)


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial"), ("vietnam", "0002_sql")]

    operations = [
        migrations.RunSQL(TRIGGER_UP, TRIGGER_DOWN),
        *append_only("records_auditentry"),
        *append_only("records_auditanchor"),
        # 0: entries written before any unit was loaded; only whole-country work sees them. Everyone adds.
        *row_security(
            "records_auditentry",
            "coalesce(province_id, 0) = ANY((SELECT kc_scope())::int[])",
            "true",
        ),
        *no_personal_numbers("records_auditentry", "before", "after", "reason"),
        *province_wall("records_stagedimport"),
        *own_or_system("records_idempotencykey", "actor_id"),
        *own_or_system("records_inboxitem", "user_id"),
        *system_only("records_outboxmessage"),
    ]
