"""Establishments are seen by their own province only; the database says so too."""

from django.db import migrations

from records.walls import by_parent, by_province, child_wall, history_wall, no_personal_numbers, province_wall

TEXTS = ("name", "tax_code", "head_name", "address", "phone")


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0001_initial"), ("records", "0001_initial")]
    operations = [
        *province_wall("beneficiaries_establishment"),
        *child_wall("beneficiaries_productionsite", "establishment_id", "beneficiaries_establishment"),
        *history_wall("beneficiaries_establishmentevent", by_province()),
        *history_wall(
            "beneficiaries_productionsiteevent",
            by_parent("beneficiaries_productionsiteevent", "establishment_id", "beneficiaries_establishment"),
        ),
        *no_personal_numbers("beneficiaries_establishment", *TEXTS),
        *no_personal_numbers("beneficiaries_establishmentevent", *TEXTS),
        *no_personal_numbers("beneficiaries_productionsite", "address"),
        *no_personal_numbers("beneficiaries_productionsiteevent", "address"),
    ]
