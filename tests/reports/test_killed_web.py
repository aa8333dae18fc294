"""A web server that is killed loses no report that was promised and doubles none that is asked for again."""

from __future__ import annotations

import json
import threading
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from accounts import tokens
from accounts.models import ApiScope, User
from records.context import whole_country
from reports import building
from reports.models import Report
from tests import database
from tests.journeys.server import Server
from tests.reports.conftest import fresh
from tests.reports.worker import until

pytestmark = pytest.mark.django_db(transaction=True)

BODY = {"kind": "registration_list", "year": 2027, "purse": "KCDP", "province": "38", "stage": "all"}


class Asker:
    """A partner program that asks for one report, and for the same one again, by one Idempotency-Key."""

    def __init__(self, user: User) -> None:
        scopes = [ApiScope.READ, ApiScope.WRITE]
        _token, text = tokens.issue(user, "kiểm thử", scopes=scopes)
        self.headers = {
            "Authorization": f"Bearer {text}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid.uuid4().hex,
        }

    def ask(self, address: str) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{address}/api/v1/reports/", json.dumps(BODY).encode(), self.headers, method="POST"
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            found: dict[str, Any] = json.load(answer)
        return found


@contextmanager
def reports_held() -> Iterator[None]:
    """No other connection can write a report: a request waits there, in the middle of asking."""
    connection = database.owner_connection(database.FLUSH.database)
    connection.autocommit = False
    try:
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE reports_report IN SHARE MODE")
        yield
    finally:
        connection.rollback()
        connection.close()


def waits_to_write() -> bool:
    with database.owner_cursor(database.FLUSH.database) as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND query LIKE '%reports_report%' AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0])


def reports() -> list[Report]:
    with whole_country():
        return list(Report.objects.all())


def test_killed_in_the_middle_of_asking_nothing_is_promised_and_asking_again_makes_one(
    thanh_hoa_centre: User, tmp_path: Path
) -> None:
    asker = Asker(thanh_hoa_centre)
    server = Server(tmp_path)
    try:
        with reports_held():
            thread = threading.Thread(target=_ask_in_vain, args=(asker, server.address))
            thread.start()
            until(waits_to_write, server.log.read_text)
            server.kill()
            thread.join()
        assert reports() == []
        server = Server(tmp_path)
        promised = asker.ask(server.address)
        assert asker.ask(server.address)["uuid"] == promised["uuid"], "asked again, as after a lost answer"
        server.kill()
        [report] = reports()
        assert promised["uuid"] == str(report.uuid)
        building.build(report.pk)
        assert fresh(report).status == "done"
    finally:
        server.stop()


def _ask_in_vain(asker: Asker, address: str) -> None:
    with pytest.raises(OSError):
        asker.ask(address)
