"""The ring of the races: a province with fifty waiting tranches, and a copy of it for every test.

Races really commit and their controls take guards down, so each runs in a scratch database of its own.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from accounts.roles import Role
from accounts.scope import act_as
from programs import tranches
from programs.lifecycle import Purse, Source
from programs.workflow import Ask, take_all
from records.models import StoredFile
from tests import cast, database, evidence
from tests.factories import MILLION, PAPER, make_project

CLIENTS = 50
"""Simultaneous clients of a race; the server allows about a hundred connections in all."""

EXTRA = 12
"""Projects that passed appraisal and belong to no tranche yet."""

CEILING = 2_000 * MILLION
"""Admits some of the tranches below, which ask for 4,975 million together."""


def asked_vnd(place: int) -> int:
    return (60 + place * 7 % 80) * MILLION


def build() -> None:
    """Fifty tranches of one local project each, their approvers, and a ceiling for some of them."""
    centre = cast.person("centre", "Người Lập", Role.IMPL, cast.centre_of("Thanh Hóa"))
    cast.person("centre.two", "Người Lập Hai", Role.IMPL, cast.centre_of("Thanh Hóa"))
    officer = cast.person("officer", "Người Thẩm Định", Role.SO_OFFICER, cast.so_of("Thanh Hóa"))
    leader = cast.person("leader", "Lãnh Đạo Sở", Role.SO_LEADER, cast.so_of("Thanh Hóa"))
    for place in range(CLIENTS):
        cast.person(f"chair.{place}", f"Người Duyệt {place}", Role.UBND_VIEW, cast.ubnd_of("Thanh Hóa"))
    projects = []
    for place in range(CLIENTS + EXTRA):
        amounts = {Source.KCDP: asked_vnd(place), Source.OWN: 2 * asked_vnd(place)}
        projects.append(make_project(centre, purse=Purse.KCDP, title=f"Đề án {place}", amounts=amounts))
    sheet = replace(PAPER, file=StoredFile.objects.first())
    with act_as(officer):
        take_all([Ask("record_appraisal", project, officer, paper=sheet) for project in projects])
    with act_as(leader):
        opened = [tranches.open_tranche(project.plan, actor=leader) for project in projects[:CLIENTS]]
    with act_as(officer):
        pairs = zip(projects, opened, strict=False)
        take_all([Ask("plan", project, officer, tranche=tranche) for project, tranche in pairs])
    make_project(centre, title="Bản nháp")
    with act_as(leader):
        tranches.set_ceiling(projects[0].plan, Source.KCDP, CEILING, actor=leader)


@pytest.fixture(scope="session")
def ring(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of the database the arenas are copied from."""
    with django_db_blocker.unblock():
        usual = connections["default"].settings_dict["NAME"]
        with database.scratch(f"{usual}_ring") as name:
            build()
            database.point_to(usual)
            yield name


@pytest.fixture(params=range(evidence.size("race_rounds", 1)))
def arena(ring: str, django_db_blocker: DjangoDbBlocker, request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh ring to race in, one race at a time on this server. Gives the database's name."""
    with django_db_blocker.unblock(), _turn(), database.scratch(f"{ring}_arena", ring) as name:
        yield name
    evidence.count("race_rounds", 1, int(request.node.stash.get(FAILED, False)))


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@contextmanager
def _turn() -> Iterator[None]:
    """Two test processes must not open fifty connections each at once."""
    path = Path(tempfile.gettempdir()) / f"kc-race-{os.getuid()}-{database.OWNER['PORT']}.lock"
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def who(username: str) -> User:
    return User.objects.get(username=username)
