"""After a test that really committed, the reference data stands as it did."""

from __future__ import annotations

import pytest

from tests import database
from vietnam.models import AdminUnit

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_a_test_changed_of_the_units_is_put_back() -> None:
    unit = AdminUnit.objects.provinces().on().order_by("pk")[0]
    with database.owner_cursor(database.FLUSH.database) as cursor:
        cursor.execute(
            "UPDATE vietnam_adminunit SET valid = '[2020-01-01,2021-01-01)' WHERE id = %s", [unit.pk]
        )
    assert AdminUnit.objects.get(pk=unit.pk).valid != unit.valid
    database.FLUSH()
    assert AdminUnit.objects.get(pk=unit.pk).valid == unit.valid
