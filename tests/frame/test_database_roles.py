"""The tests themselves stand on the right role."""

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction


def _role() -> tuple[str, bool, bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        row: tuple[str, bool, bool] = cursor.fetchone()
    return row


@pytest.mark.django_db
def test_bodies_run_as_the_runtime_role_without_privileges() -> None:
    name, superuser, bypass = _role()
    assert name == settings.RUNTIME_ROLE
    assert not superuser
    assert not bypass


@pytest.mark.django_db
@pytest.mark.owner_role
def test_a_test_of_loaders_may_run_as_the_owner() -> None:
    name, superuser, bypass = _role()
    assert name != settings.RUNTIME_ROLE
    assert not superuser
    assert bypass


@pytest.mark.django_db(transaction=True)
@pytest.mark.owner_role
def test_rows_committed_by_a_test_are_removed_afterwards_part_one() -> None:
    ContentType.objects.create(app_label="frame", model="leftover")


@pytest.mark.django_db(transaction=True)
def test_rows_committed_by_a_test_are_removed_afterwards_part_two() -> None:
    assert not ContentType.objects.filter(app_label="frame").exists()
    assert ContentType.objects.exists(), "reference data survives the flush"


@pytest.mark.django_db
def test_the_runtime_role_may_not_truncate_or_change_the_schema() -> None:
    for statement in ("TRUNCATE accounts_user", "CREATE TABLE mine (id int)", "DROP TABLE accounts_user"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
