import pytest
from django.apps import apps
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from vietnam.dbroles import Grant, grant_sql
from vietnam.models import AdminUnit

pytestmark = pytest.mark.django_db

TABLES = [model._meta.db_table for model in apps.get_app_config("vietnam").get_models()]


@pytest.mark.parametrize("table", TABLES)
def test_the_portal_may_read_but_not_write_reference_tables(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%s, 'SELECT'),"
            " has_table_privilege(%s, 'INSERT, UPDATE, DELETE, TRUNCATE')",
            [table, table],
        )
        assert cursor.fetchone() == (True, False)


def test_an_attempt_to_rename_a_province_from_the_portal_fails() -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        AdminUnit.objects.filter(code="38").update(name="x")


def test_grants_name_the_runtime_role_and_refuse_unknown_privileges() -> None:
    assert grant_sql(["t"], "select, insert") == [
        f'GRANT SELECT, INSERT ON TABLE "t" TO "{settings.RUNTIME_ROLE}"'
    ]
    with pytest.raises(ValueError, match="DROP"):
        grant_sql(["t"], "SELECT; DROP TABLE t")


def test_a_grant_operation_can_be_written_into_a_migration() -> None:
    operation = Grant("vietnam", "SELECT", models=["AdminUnit"])
    name, args, kwargs = operation.deconstruct()
    assert (name, args, kwargs) == ("Grant", ["vietnam", "SELECT"], {"models": ["adminunit"]})
    assert operation._tables(apps) == ["vietnam_adminunit"]
