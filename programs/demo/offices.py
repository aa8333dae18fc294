"""Offices with their dates and successors, and the people who hold their posts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from django.contrib.auth.hashers import make_password

from accounts.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from accounts.models import Membership, Organisation, OrganisationKind, User
from accounts.roles import Role
from programs.demo.words import person_name
from vietnam.models import AdminUnit, Level, UnitSuccession
from vietnam.periods import period
from vietnam.text import sort_key, squeeze

NEW_CUC = dt.date(2025, 3, 1)
SINCE = dt.date(2020, 1, 1)
Kind = OrganisationKind

OFFICE_NAMES = {
    Kind.TTKC: ("Trung tâm Khuyến công {unit}", "TTKC {bare}"),
    Kind.SO: ("Sở Công Thương {unit}", "Sở Công Thương {bare}"),
    Kind.UBND: ("Ủy ban nhân dân {unit}", "UBND {unit}"),
}
POSTS = (
    ("ttkc", Kind.TTKC, Role.IMPL, "Chuyên viên"),
    ("so", Kind.SO, Role.SO_OFFICER, "Chuyên viên"),
    ("lanhdao", Kind.SO, Role.SO_LEADER, "Phó Giám đốc"),
    ("ubnd", Kind.UBND, Role.UBND_VIEW, "Chuyên viên"),
)
NATIONAL = (
    ("cuc.chuyenvien", "CUC", Role.CUC_OFFICER, "Chuyên viên chính"),
    ("cuc.lanhdao", "CUC", Role.CUC_LEADER, "Phó Cục trưởng"),
    ("bo.lanhdao", "MINISTRY", Role.MIN_APPROVER, "Lãnh đạo Bộ"),
    ("vu.kehoach", "MINISTRY", Role.FIN, "Chuyên viên"),
    ("quantri", "MINISTRY", Role.ADMIN, "Quản trị viên"),
    ("ttkc.vung1", "REGION1", Role.REGION, "Chuyên viên"),
    ("ttkc.vung2", "REGION2", Role.REGION, "Chuyên viên"),
    ("ttkc.vung3", "REGION3", Role.REGION, "Chuyên viên"),
    ("thanhtra", "AUDIT", Role.AUDITOR, "Thanh tra viên"),
    ("cuc.quantri", "CUC", Role.OFFICE_ADMIN, "Chánh Văn phòng"),
    ("doitac.api", "PARTNER", Role.API_CLIENT, "Hệ thống"),
)


@dataclass(frozen=True, slots=True)
class Staff:
    """The people of one province's offices, and its centre (the office that drafts)."""

    centre: Organisation
    drafter: User
    officer: User
    leader: User
    chair: User


class Offices:
    """Who works where: asked by province unit, or by user name for the national offices."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._offices: dict[tuple[str, int], Organisation] = {}
        self._people: dict[str, User] = {}
        self._drafts: list[tuple[User, Organisation, Role, str]] = []
        self._slugs: dict[int, str] = {}
        # One slow hash serves all: the password is public.
        self._password = make_password(DEMO_PASSWORD)

    def user(self, username: str) -> User:
        return self._people[username]

    def staff(self, unit: AdminUnit) -> Staff:
        slug = self._slugs[unit.pk]
        drafter, officer, leader, chair = (self._people[f"{name}.{slug}"] for name, *_rest in POSTS)
        return Staff(self._offices[Kind.TTKC, unit.pk], drafter, officer, leader, chair)

    def open(self) -> Offices:
        """Write offices, people and posts."""
        units = list(AdminUnit.objects.provinces().order_by("code", "valid"))
        self._open_provincial(units)
        self._open_national(AdminUnit.nation())
        self._staff_provinces(units)
        User.objects.bulk_create(self._people.values())
        Membership.objects.bulk_create(
            Membership(user=user, organisation=office, role=role, title=title, valid=_post_time(office))
            for user, office, role, title in self._drafts
        )
        return self

    def known(self) -> Offices:
        """The offices and people of a demonstration that was loaded before."""
        for office in Organisation.objects.filter(kind__in=OFFICE_NAMES):
            self._offices[office.kind, office.province_id] = office
        self._people = {user.username: user for user in User.objects.all()}
        for chain in _chains(list(AdminUnit.objects.provinces().order_by("code", "valid"))):
            self._name(chain)
        return self

    def _open_provincial(self, units: list[AdminUnit]) -> None:
        made = [
            Organisation(
                kind=kind,
                name=name.format(unit=unit.name_in_text),
                short_name=short.format(unit=unit.name_in_text, bare=unit.bare_name),
                province=unit,
                valid=unit.valid,
            )
            for unit in units
            for kind, (name, short) in OFFICE_NAMES.items()
        ]
        Organisation.objects.bulk_create(made)
        self._offices |= {(office.kind, office.province_id): office for office in made}
        following = _following()
        moved = [office for office in made if office.province_id in following]
        for office in moved:
            office.successor = self._offices[office.kind, following[office.province_id]]
        Organisation.objects.bulk_update(moved, ["successor"])

    def _open_national(self, nation: AdminUnit) -> None:
        always = period(SINCE, None)
        new = Organisation.objects.create(
            kind=Kind.CUC,
            name="Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công",
            short_name="Cục ĐCK",
            province=nation,
            valid=period(NEW_CUC, None),
        )
        old = Organisation.objects.create(
            kind=Kind.CUC,
            name="Cục Công Thương địa phương",
            short_name="Cục CTĐP",
            province=nation,
            valid=period(SINCE, NEW_CUC),
            successor=new,
        )
        names = {
            "MINISTRY": (Kind.MINISTRY, "Bộ Công Thương"),
            "AUDIT": (Kind.AUDIT, "Đoàn thanh tra, kiểm toán (thử nghiệm)"),
            "PARTNER": (Kind.PARTNER, "Hệ thống đối tác (thử nghiệm)"),
            **{f"REGION{n}": (Kind.REGION, f"Trung tâm Khuyến công quốc gia vùng {n}") for n in (1, 2, 3)},
        }
        offices = {
            key: Organisation.objects.create(
                kind=kind, name=name, short_name=name, province=nation, valid=always
            )
            for key, (kind, name) in names.items()
        }
        for username, key, role, title in NATIONAL:
            for office in (old, new) if key == "CUC" else (offices[key],):
                self._give_post(username, office, role, title)

    def _staff_provinces(self, units: list[AdminUnit]) -> None:
        """Four people a province of 2021; each goes with the office into what succeeds it."""
        for chain in _chains(units):
            slug = self._name(chain)
            for unit in chain:
                for name, kind, role, title in POSTS:
                    self._give_post(f"{name}.{slug}", self._offices[kind, unit.pk], role, title)

    def _name(self, chain: list[AdminUnit]) -> str:
        """How its people's accounts end."""
        slug = squeeze(chain[0].bare_name)
        for unit in chain:
            if unit.bare_name == chain[0].bare_name:
                self._slugs[unit.pk] = slug  # the office goes on under its old name
            self._slugs.setdefault(unit.pk, slug)
        return slug

    def _give_post(self, username: str, office: Organisation, role: Role, title: str) -> None:
        if username not in self._people:
            self._people[username] = self._person(username)
        self._drafts.append((self._people[username], office, role, title))

    def _person(self, username: str) -> User:
        name = "Hệ thống đối tác" if username == "doitac.api" else person_name(self._random)
        words = name.split()
        signs_in = username in {account.username for account in DEMO_ACCOUNTS}
        return User(
            username=username,
            full_name=name,
            sort_name=sort_key(" ".join([*words[-1:], *words[:-1]])),
            email=f"{username}@example.invalid",
            phone=f"0000 {len(self._people):03d} 000",  # no such number: nobody is called by mistake
            password=self._password if signs_in else make_password(None),
        )


def _chains(units: list[AdminUnit]) -> Iterator[list[AdminUnit]]:
    """Each province of 2021 with what it went into, one after the other."""
    following, by_pk = _following(), {unit.pk: unit for unit in units}
    begun = set(following.values())
    for first in units:
        if first.pk not in begun:
            chain = [first]
            while (after := by_pk.get(following.get(chain[-1].pk, 0))) is not None:
                chain.append(after)
            yield chain


def _following() -> dict[int, int]:
    """Province → the province that took it over."""
    steps = UnitSuccession.objects.filter(old__level=Level.PROVINCE, is_default=True)
    return dict(steps.values_list("old", "new"))


def _post_time(office: Organisation) -> tuple[dt.date, dt.date | None]:
    begun: dt.date | None = office.valid.lower
    ended: dt.date | None = office.valid.upper
    return max(begun or SINCE, SINCE), ended
