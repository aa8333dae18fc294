"""The people of the machine: one post, two posts, a lent post, another province, and none that counts."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Delegation, User
from accounts.roles import Role
from tests import cast
from tests.trust.oracle import ABROAD, CENTRE, CUC, SO, UBND, Capacity, Person

PEOPLE = [
    Person("lap.mot", (Capacity("IMPL", CENTRE),)),
    Person("lap.hai", (Capacity("IMPL", CENTRE),)),
    Person("so.mot", (Capacity("SO_OFFICER", SO),)),
    Person("so.hai", (Capacity("SO_OFFICER", SO),)),
    Person("so.truong", (Capacity("SO_LEADER", SO),)),
    Person("chu.tich", (Capacity("UBND_VIEW", UBND),)),
    Person("cuc.mot", (Capacity("CUC_OFFICER", CUC),)),
    Person("cuc.truong", (Capacity("CUC_LEADER", CUC),)),
    Person("cuc.pho", (Capacity("CUC_LEADER", CUC),)),
    Person("bo.truong", (Capacity("MIN_APPROVER", CUC),)),
    Person("ngoai.tinh", tuple(Capacity(role, ABROAD) for role in ("SO_LEADER", "IMPL", "UBND_VIEW"))),
    Person("thanh.tra", (Capacity("AUDITOR", CUC),)),
    Person("hai.vai", (Capacity("IMPL", CENTRE), Capacity("SO_LEADER", SO), Capacity("UBND_VIEW", UBND))),
    Person("thay.so", (Capacity("SO_OFFICER", SO), Capacity("SO_LEADER", SO, "so.truong"))),
    Person("thay.cuc", (Capacity("CUC_OFFICER", CUC), Capacity("CUC_LEADER", CUC, "cuc.truong"))),
]  # fmt: skip


@dataclass
class World:
    """The accounts behind the names; made once, outside the runs."""

    users: dict[str, User]

    @classmethod
    def create(cls) -> World:
        offices = {
            CENTRE: cast.centre_of("Thanh Hóa"),
            SO: cast.so_of("Thanh Hóa"),
            UBND: cast.ubnd_of("Thanh Hóa"),
            CUC: cast.cuc(),
            ABROAD: cast.so_of("Nghệ An"),
        }
        users = {p.name: User.objects.create(username=p.name, full_name=p.name) for p in PEOPLE}
        for person in PEOPLE:
            for post in person.posts:
                if not post.lender:
                    cast.give_post(users[person.name], Role(post.role), offices[post.office])
        for person in PEOPLE:
            for post in person.posts:
                if post.lender:
                    Delegation.objects.create(
                        membership=users[post.lender].memberships.get(),
                        delegate=users[person.name],
                        decision_number="01/QĐ-TN",
                        valid=cast.ALWAYS,
                    )
        return cls(users)
