"""Who asks. Each principal holds one post, taken by nobody who helped to build the world."""

from __future__ import annotations

from dataclasses import dataclass

from accounts import tokens
from accounts.models import ApiScope, Organisation, OrganisationKind, User
from accounts.roles import Role
from tests import cast
from vietnam.models import AdminUnit

HERE, THERE = "Thanh Hóa", "Nghệ An"
MERGED, FORMER = "Phú Thọ", "Hòa Bình"
"""A province of today, and one it has absorbed whose old files are now its own."""


@dataclass(frozen=True, slots=True)
class Person:
    """A principal; ``user`` is None for somebody not signed in. ``key`` is a partner's bearer text."""

    name: str
    role: str = ""
    office_id: int = 0
    province_id: int = 0
    user: User | None = None
    key: str = ""

    @property
    def signed_in(self) -> bool:
        return self.user is not None


def _person(name: str, role: Role, office: Organisation) -> Person:
    user = cast.person(f"matrix.{name}", f"Người Thử {name}", role, office)
    key = ""
    if role == Role.API_CLIENT:
        scopes = [ApiScope.READ] if name == "reading_partner" else [ApiScope.READ, ApiScope.WRITE]
        key = tokens.issue(user, "kiểm thử", scopes=scopes)[1]
    return Person(name, role, office.pk, office.province_id, user, key)


def second_centre() -> Organisation:
    return cast.office(OrganisationKind.TTKC, "Trung tâm Khuyến công số 2", cast.province(HERE))


def closed_centre() -> Organisation:
    """An office that Thanh Hóa's centre has succeeded."""
    closed = cast.office(OrganisationKind.TTKC, "Trung tâm Khuyến công cũ", cast.province(HERE))
    closed.successor = cast.centre_of(HERE)
    closed.save(update_fields=["successor"])
    return closed


def region_office() -> Organisation:
    return cast.office(OrganisationKind.REGION, "Trung tâm Khuyến công vùng", AdminUnit.nation())


def everybody() -> list[Person]:
    nation = AdminUnit.nation()
    partner_here = cast.office(OrganisationKind.PARTNER, "Đối tác Thanh Hóa", cast.province(HERE))
    partner_all = cast.office(OrganisationKind.PARTNER, "Đối tác cả nước", nation)
    stranger = User.objects.create(username="matrix.no_post", full_name="Người Thử không việc")
    offices = [
        ("impl", Role.IMPL, cast.centre_of(HERE)),
        ("impl_second", Role.IMPL, second_centre()),
        ("impl_there", Role.IMPL, cast.centre_of(THERE)),
        ("so_officer", Role.SO_OFFICER, cast.so_of(HERE)),
        ("so_leader", Role.SO_LEADER, cast.so_of(HERE)),
        ("so_officer_there", Role.SO_OFFICER, cast.so_of(THERE)),
        ("so_officer_merged", Role.SO_OFFICER, cast.so_of(MERGED)),
        ("ubnd", Role.UBND_VIEW, cast.ubnd_of(HERE)),
        ("region", Role.REGION, region_office()),
        ("cuc_officer", Role.CUC_OFFICER, cast.cuc()),
        ("cuc_leader", Role.CUC_LEADER, cast.cuc()),
        ("min_approver", Role.MIN_APPROVER, cast.ministry()),
        ("finance", Role.FIN, cast.ministry()),
        ("auditor", Role.AUDITOR, cast.office(OrganisationKind.AUDIT, "Thanh tra", nation)),
        ("office_admin", Role.OFFICE_ADMIN, cast.so_of(HERE)),
        ("admin", Role.ADMIN, cast.office(OrganisationKind.OTHER, "Quản trị", nation)),
        ("partner", Role.API_CLIENT, partner_here),
        ("reading_partner", Role.API_CLIENT, partner_here),
        ("national_partner", Role.API_CLIENT, partner_all),
    ]
    return [
        Person("anonymous"),
        Person("no_post", user=stranger),
        *(_person(name, role, office) for name, role, office in offices),
    ]


NAMES = (
    "anonymous",
    "no_post",
    "impl",
    "impl_second",
    "impl_there",
    "so_officer",
    "so_leader",
    "so_officer_there",
    "so_officer_merged",
    "ubnd",
    "region",
    "cuc_officer",
    "cuc_leader",
    "min_approver",
    "finance",
    "auditor",
    "office_admin",
    "admin",
    "partner",
    "reading_partner",
    "national_partner",
)
"""The order of ``everybody()``, for parameters of tests (the people themselves need a database)."""
