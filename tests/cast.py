"""The fixed cast of the tests: two provinces, the ministry, an auditor and two partners.

Everybody has one post unless a test gives them another; passwords are never needed
(``client.force_login``), except in the browser tests, which set one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from accounts.models import Membership, Organisation, OrganisationKind, User
from accounts.roles import Role
from vietnam.models import AdminUnit
from vietnam.units import find_province

ALWAYS = (dt.date(2020, 1, 1), None)


def province(name: str) -> AdminUnit:
    found = find_province(name)
    assert found is not None, f"units are not loaded: {name}"
    return found


def office(kind: OrganisationKind, name: str, unit: AdminUnit) -> Organisation:
    made, _new = Organisation.objects.get_or_create(
        kind=kind, name=name, province=unit, defaults={"valid": ALWAYS, "short_name": name}
    )
    return made


def person(username: str, full_name: str, role: Role, organisation: Organisation) -> User:
    user = User.objects.create(username=username, full_name=full_name, email=f"{username}@example.invalid")
    give_post(user, role, organisation)
    return user


def give_post(user: User, role: Role, organisation: Organisation) -> Membership:
    with nobody():
        return Membership.objects.create(user=user, organisation=organisation, role=role, valid=ALWAYS)


@contextmanager
def nobody() -> Iterator[None]:
    """As a command of the operator, whoever's page this test's transaction has just answered.

    The database lets nobody but an office's administrator give posts.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('kc.actor', true), '')")
        (before,) = cursor.fetchone()
        cursor.execute("SELECT set_config('kc.actor', '', true)")
        yield
        cursor.execute("SELECT set_config('kc.actor', %s, true)", [before])


def centre_of(name: str) -> Organisation:
    return office(OrganisationKind.TTKC, f"Trung tâm Khuyến công {name}", province(name))


def so_of(name: str) -> Organisation:
    return office(OrganisationKind.SO, f"Sở Công Thương {name}", province(name))


def ubnd_of(name: str) -> Organisation:
    return office(OrganisationKind.UBND, f"UBND {name}", province(name))


def cuc() -> Organisation:
    return office(OrganisationKind.CUC, "Cục Khuyến công", AdminUnit.nation())


def ministry() -> Organisation:
    return office(OrganisationKind.MINISTRY, "Bộ Công Thương", AdminUnit.nation())


@pytest.fixture
def thanh_hoa_centre(db: None) -> User:
    return person("th.centre", "Lê Văn Lập", Role.IMPL, centre_of("Thanh Hóa"))


@pytest.fixture
def thanh_hoa_officer(db: None) -> User:
    return person("th.officer", "Trần Thị Nhận", Role.SO_OFFICER, so_of("Thanh Hóa"))


@pytest.fixture
def thanh_hoa_leader(db: None) -> User:
    return person("th.leader", "Phạm Văn Ký", Role.SO_LEADER, so_of("Thanh Hóa"))


@pytest.fixture
def thanh_hoa_chair(db: None) -> User:
    return person("th.chair", "Hoàng Văn Duyệt", Role.UBND_VIEW, ubnd_of("Thanh Hóa"))


@pytest.fixture
def nghe_an_centre(db: None) -> User:
    return person("na.centre", "Nguyễn Văn Soạn", Role.IMPL, centre_of("Nghệ An"))


@pytest.fixture
def nghe_an_officer(db: None) -> User:
    return person("na.officer", "Đặng Thị Tiếp", Role.SO_OFFICER, so_of("Nghệ An"))


@pytest.fixture
def nghe_an_leader(db: None) -> User:
    return person("na.leader", "Vũ Văn Chốt", Role.SO_LEADER, so_of("Nghệ An"))


@pytest.fixture
def cuc_officer(db: None) -> User:
    return person("cuc.officer", "Trần Thu Hà", Role.CUC_OFFICER, cuc())


@pytest.fixture
def cuc_leader(db: None) -> User:
    return person("cuc.leader", "Bùi Văn Trình", Role.CUC_LEADER, cuc())


@pytest.fixture
def min_approver(db: None) -> User:
    return person("min.approver", "Đỗ Thị Phê", Role.MIN_APPROVER, ministry())


@pytest.fixture
def auditor(db: None) -> User:
    unit = AdminUnit.nation()
    return person("auditor", "Ngô Văn Soát", Role.AUDITOR, office(OrganisationKind.AUDIT, "Thanh tra", unit))


@pytest.fixture
def partner(db: None) -> User:
    unit = province("Thanh Hóa")
    return person(
        "partner", "Hệ thống đối tác", Role.API_CLIENT, office(OrganisationKind.PARTNER, "Đối tác tỉnh", unit)
    )


@pytest.fixture
def national_partner(db: None) -> User:
    unit = AdminUnit.nation()
    return person(
        "national.partner",
        "Hệ thống đối tác quốc gia",
        Role.API_CLIENT,
        office(OrganisationKind.PARTNER, "Đối tác quốc gia", unit),
    )
