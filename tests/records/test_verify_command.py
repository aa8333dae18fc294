from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from records import audit
from tests.records.conftest import person

pytestmark = pytest.mark.django_db
HERE = "tests.records.test_verify_command"


def holds() -> Iterable[str]:
    return []


def broken() -> Iterable[str]:
    return (f"lỗi {number}" for number in range(30))


def test_a_healthy_database_passes() -> None:
    audit.record("tests.act", person(), actor=None)
    out = StringIO()
    call_command("verify", stdout=out)
    assert "records.invariants.audit_chains" in out.getvalue()
    assert "BROKEN" not in out.getvalue()


def test_registered_invariants_are_run_and_their_faults_named(settings: Any) -> None:
    settings.INVARIANTS = [f"{HERE}.holds", f"{HERE}.broken"]
    out = StringIO()
    with pytest.raises(CommandError, match="test_verify_command.broken") as stopped:
        call_command("verify", "--show", "2", stdout=out)
    assert stopped.value.returncode == 1
    assert f"ok     {HERE}.holds" in out.getvalue()
    assert "- lỗi 1" in out.getvalue() and "lỗi 2" not in out.getvalue()
    assert "and 28 more" in out.getvalue()


@pytest.mark.owner_role
def test_a_tampered_trail_fails_the_command() -> None:
    audit.record("tests.act", person(), actor=None)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE records_auditentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE records_auditentry SET action = 'khác'")
    with pytest.raises(CommandError, match="audit_chains"):
        call_command("verify", "--only", "records.invariants.audit_chains", stdout=StringIO())
