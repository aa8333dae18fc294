from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.db.migrations.operations.special import RunSQL

from records import context, grants, walls
from records.models import StagedImport, StoredFile
from tests import database
from tests.records.conftest import person, province, scope, set_scope

pytestmark = pytest.mark.django_db


def stage(code: str) -> StagedImport:
    file, _new = StoredFile.objects.get_or_create(sha256="0" * 64, defaults={"size": 1, "name": "a.pdf"})
    return StagedImport.objects.create(
        kind="registration", province=province(code), uploaded_by=person(f"n{code}"), file=file
    )


def run(*operations: Any, backwards: bool = False) -> None:
    for operation in reversed(operations) if backwards else operations:
        assert isinstance(operation, RunSQL)
        sql = operation.reverse_sql if backwards else operation.sql
        assert isinstance(sql, str)
        with connection.cursor() as cursor:
            cursor.execute(sql)


def fetch(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def test_without_a_scope_no_row_is_seen() -> None:
    with scope(province("38").pk):
        stage("38")
    assert not StagedImport.objects.exists()


def test_a_scope_shows_its_own_provinces_only() -> None:
    with context.whole_country():
        here, there = stage("38"), stage("40")
    with scope(here.province_id):
        assert list(StagedImport.objects.all()) == [here]
        assert StagedImport.objects.update(year=2030) == 1
        assert StagedImport.objects.filter(pk=there.pk).delete()[0] == 0
    with scope(here.province_id, there.province_id):
        assert StagedImport.objects.count() == 2


def test_a_row_cannot_be_written_into_another_province() -> None:
    here, there = province("38"), province("40")
    with context.whole_country():
        mine = stage("38")
    with scope(here.pk):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            stage("40")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            StagedImport.objects.filter(pk=mine.pk).update(province=there)


def test_the_policy_reads_the_scope_once_a_statement() -> None:
    set_scope(province("38").pk)
    plan = "\n".join(row[0] for row in fetch("EXPLAIN SELECT * FROM records_stagedimport"))
    assert "InitPlan" in plan


def test_the_whole_country_ends_where_the_block_ends() -> None:
    with context.whole_country():
        stage("38")
        with context.whole_country():
            assert StagedImport.objects.count() == 1
        assert StagedImport.objects.count() == 1
    assert not StagedImport.objects.exists()
    with scope(province("40").pk):
        before = fetch("SELECT kc_scope()")
        with context.whole_country():
            pass
        assert fetch("SELECT kc_scope()") == before
        with pytest.raises(ZeroDivisionError), context.whole_country():
            raise ZeroDivisionError
        assert fetch("SELECT kc_scope()") == before


@pytest.mark.django_db(transaction=True)
def test_a_scope_never_outlives_its_transaction() -> None:
    with transaction.atomic():
        set_scope(province("38").pk)
        assert fetch("SELECT kc_scope()") != [([],)]
    assert fetch("SELECT kc_scope()") == [([],)]


@pytest.mark.parametrize("name", ["", "x; DROP TABLE y", 'a"b', "Upper", "a.b", "a" * 64])
def test_only_plain_identifiers_become_sql(name: str) -> None:
    for helper in (walls.province_wall, walls.append_only, walls.history_wall, walls.no_personal_numbers):
        with pytest.raises(ValueError, match="identifier"):
            helper(name)
    with pytest.raises(ValueError, match="identifier"):
        walls.by_parent("a", "b", name)


# --- operations on tables of their own, as the owner -----------------------------------------------


@pytest.fixture
def tables(db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t_parent (id bigint PRIMARY KEY, province_id bigint)")
        cursor.execute("CREATE TABLE t_child (id bigint PRIMARY KEY, parent_id bigint, note text)")
        cursor.execute("INSERT INTO t_parent VALUES (1, 38), (2, 40)")
        cursor.execute("INSERT INTO t_child VALUES (1, 1, ''), (2, 2, '')")
    yield


def as_runtime(sql: str, province_id: int = 0) -> Any:
    """Rows as the runtime role sees them (the owner is a member of it)."""
    with transaction.atomic(), connection.cursor() as cursor:
        set_scope(province_id)
        cursor.execute(f'SET LOCAL ROLE "{database.RUNTIME["USER"]}"')
        try:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else cursor.rowcount
        finally:
            if not connection.needs_rollback and not _failed():
                cursor.execute("RESET ROLE")


def _failed() -> bool:
    return bool(connection.connection.get_transaction_status() == 3)


@pytest.mark.owner_role
def test_a_child_row_is_seen_with_its_parent_and_walls_can_be_taken_down(tables: None) -> None:
    operations = [
        *walls.province_wall("t_parent"),
        *walls.child_wall("t_child", "parent_id", "t_parent"),
    ]
    run(*operations)
    grants.reconcile(connection)
    assert as_runtime("SELECT id FROM t_child", 38) == [(1,)]
    assert as_runtime("SELECT id FROM t_child", 99) == []
    with pytest.raises(ProgrammingError, match="row-level security"):
        as_runtime("INSERT INTO t_child VALUES (3, 2, '')", 38)
    assert as_runtime("INSERT INTO t_child VALUES (3, 1, '')", 38) == 1
    run(*operations, backwards=True)
    assert as_runtime("SELECT count(*) FROM t_child", 99) == [(3,)]


@pytest.mark.owner_role
def test_append_only_rows_are_added_and_read_and_the_operation_is_reversible(tables: None) -> None:
    grants.reconcile(connection)
    assert as_runtime("UPDATE t_child SET note = 'x'") == 2
    operations = walls.append_only("t_child")
    run(*operations)
    assert as_runtime("INSERT INTO t_child VALUES (3, 1, '')") == 1
    for refused in ("UPDATE t_child SET note = 'y'", "DELETE FROM t_child", "TRUNCATE t_child"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            as_runtime(refused)
        if not refused.startswith("TRUNCATE"):
            with pytest.raises(ProgrammingError, match="append_only"), transaction.atomic():
                fetch(refused)
    with connection.cursor() as cursor:
        # A right given by mistake does not open the table either.
        cursor.execute(f'GRANT UPDATE, DELETE, TRUNCATE ON t_child TO "{database.RUNTIME["USER"]}"')
    for refused in ("UPDATE t_child SET note = 'y'", "DELETE FROM t_child", "TRUNCATE t_child"):
        with pytest.raises(ProgrammingError, match="append_only"):
            as_runtime(refused)
    run(*operations, backwards=True)
    assert as_runtime("DELETE FROM t_child") == 3


@pytest.mark.owner_role
def test_personal_numbers_are_refused_by_a_table_that_says_so(tables: None) -> None:
    operations = walls.no_personal_numbers("t_child", "note")
    run(*operations)
    with connection.cursor() as cursor:
        for harmless in ("150000000000", "ab079203012345", "0101234567", "0792030123456"):
            cursor.execute("UPDATE t_child SET note = %s", [harmless])
        with pytest.raises(Exception, match="no_pii"), transaction.atomic():
            cursor.execute("UPDATE t_child SET note = 'số 079203012345'")
    run(*operations, backwards=True)


@pytest.mark.owner_role
def test_rights_follow_the_marks_of_the_tables_and_settle_at_once(tables: None) -> None:
    run(*walls.append_only("t_parent"))
    with connection.cursor() as cursor:
        cursor.execute(f'GRANT TRUNCATE ON t_child TO "{database.RUNTIME["USER"]}"')
    changed = grants.reconcile(connection)
    assert any("REVOKE TRUNCATE" in statement and "t_child" in statement for statement in changed)
    assert grants.reconcile(connection) == []
    assert rights("t_parent") == {"SELECT", "INSERT"}
    assert rights("t_child") == {"SELECT", "INSERT", "UPDATE", "DELETE"}


def rights(table: str) -> set[str]:
    words = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
    role = database.RUNTIME["USER"]
    return {
        word for word in words if fetch("SELECT has_table_privilege(%s, %s, %s)", role, table, word)[0][0]
    }


def test_the_runtime_role_cannot_give_itself_rights() -> None:
    assert grants.reconcile(connection) == []


def test_every_table_has_exactly_the_rights_its_kind_allows() -> None:
    history = grants.history_tables()
    for (table,) in fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        has = rights(table)
        assert not has & {"TRUNCATE", "REFERENCES", "TRIGGER"}, table
        if table.startswith("vietnam_") or table in walls.READ_ONLY:
            assert has == {"SELECT"}, table
        if table in history or table in {"records_auditentry", "records_auditanchor"}:
            assert has == {"SELECT", "INSERT"}, table
    assert rights("django_session") == {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_every_history_table_is_behind_row_security() -> None:
    open_tables = [
        table
        for table in sorted(grants.history_tables())
        if not fetch(
            "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", table
        )[0][0]
    ]
    assert open_tables == [], "call records.walls.history_wall for these in the app's walls migration"


def test_every_table_with_a_province_is_behind_row_security() -> None:
    from records.invariants import rows_are_walled

    assert list(rows_are_walled()) == [], "call records.walls.province_wall in the app's walls migration"


@pytest.mark.owner_role
def test_the_last_migrations_can_be_taken_back_and_made_again() -> None:
    policies = "SELECT tablename, policyname FROM pg_policies WHERE tablename LIKE 'records%%' ORDER BY 1, 2"
    before = fetch(policies)
    for target in ("0001_initial", "0002_walls"):
        sql = StringIO()
        call_command("sqlmigrate", "records", "0002_walls", backwards=target == "0001_initial", stdout=sql)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(sql.getvalue().replace("BEGIN;", "").replace("COMMIT;", "").replace("%%", "%"))
    assert before and fetch(policies) == before
