"""Saved views are their owner's; what is shared with an office its people read, and nobody else writes."""

from django.db import migrations

from records.walls import SYSTEM, history_wall, no_personal_numbers, read_and_write

TABLE = "accounts_savedview"
OWN = f"user_id IS NOT DISTINCT FROM (SELECT kc_actor()) OR {SYSTEM}"
SHARED = (
    "office_id IN (SELECT m.organisation_id FROM accounts_membership m"
    " WHERE m.user_id = (SELECT kc_actor())"
    " AND m.valid @> (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)"
)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_saved_view"), ("records", "0001_initial")]
    operations = [
        *read_and_write(TABLE, f"{OWN} OR {SHARED}", OWN),
        *no_personal_numbers(TABLE, "name", "query"),
        *history_wall("accounts_savedviewevent", OWN),
    ]
