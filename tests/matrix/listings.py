"""What each list must show, counted a second time from raw rows.

A new list needs one line in ``LISTINGS``: how to ask for it, how to read the ids from the answer, which
rows it is about, and whose ``visible_to`` it stands on. Filters are lines too: an address with a
condition of its own, foreign values among them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.utils import timezone

from tests.matrix import oracle
from tests.matrix.cells import Asker
from tests.matrix.facts import Row
from tests.matrix.people import Person
from tests.matrix.world import World

CODE = r"KC(?:QG|DP)-\d{4}-\d{2}-\d{4}"
NEXT_PAGE = re.compile(r'rel="next" href="(\?[^"]+)"')
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
Where = Callable[[World, Person, Row], bool]
Ids = set[str]


@dataclass(frozen=True, slots=True)
class Listing:
    """``path`` may name foreign things: ``{there}`` and the like, see ``places``."""

    path: str
    kind: str
    models: tuple[str, ...]
    """Models whose ``visible_to`` guards it, each is taken away once to see that this check notices."""
    where: Where = lambda world, person, row: True
    sees: Where | None = None
    pattern: str = ""
    """On a page: the links that stand for rows. The API's rows name themselves."""

    def expected(self, world: World, person: Person) -> Ids:
        sees = self.sees or oracle.SEES[self.kind]
        return {
            name_of(self.kind, row)
            for row in world.rows[self.kind]
            if sees(world, person, row) and self.where(world, person, row)
        }


def name_of(kind: str, row: Row) -> str:
    return str(row["code"] if kind == "project" else row["uuid"])


def shown(asker: Asker, listing: Listing) -> Ids:
    """The ids on every page of the list."""
    path: str | None = listing.path.format(**places(asker.world))
    if not path or not path.startswith("/api/"):
        return _on_pages(asker, listing, path or "")
    found: list[str] = []
    while path:
        answer = asker.ask("GET", path)
        assert answer.status == 200, f"{path}: {answer.status} {answer.text}"
        body = json.loads(answer.text)
        found += [str(row["code"] if listing.kind == "project" else row["uuid"]) for row in body["results"]]
        path = (body["next"] or "").replace("http://testserver", "")
    assert len(found) == len(set(found)), f"{listing.path}: a row twice"
    return set(found)


def _on_pages(asker: Asker, listing: Listing, path: str) -> Ids:
    found: Ids = set()
    cursor = ""
    while True:
        answer = asker.ask("GET", path + cursor)
        if answer.status in (403, 404) and not listing.expected(asker.world, asker.person):
            return set()  # the page itself is of something, or an office's, this person does not see
        if answer.status == 302:
            return set(re.findall(listing.pattern, answer.headers["Location"]))  # one thing, opened at once
        assert answer.status == 200, f"{path}{cursor}: {answer.status}"
        found |= set(re.findall(listing.pattern, answer.text))
        following = NEXT_PAGE.search(answer.text)
        if following is None:
            return found
        path, cursor = path.partition("?")[0], unescape(following[1])


def places(world: World) -> dict[str, Any]:
    """Things of here and there to be named in an address."""
    there, here = world.project("there DRAFT"), world.project("here DRAFT")
    codes = {row["id"]: row["code"] for row in world.rows["unit"]}
    local = world.one("tranche", purse="KCDP", province_id=there["province_id"], state="DRAFT")
    own = world.one("tranche", purse="KCDP", province_id=here["province_id"], state="DRAFT")
    return {
        "here": codes[here["province_id"]],
        "there": codes[there["province_id"]],
        "foreign_code": there["code"],
        "draft_code": here["code"],
        "foreign_word": there["token"],
        "their_tranche": local["uuid"],
        "foreign_plan": local["plan_uuid"],
        "own_tranche": own["uuid"],
        "joint_tranche": world.project("there IN_PLAN")["tranche_uuid"],
    }


# --- conditions


def of_year(year: int) -> Where:
    return lambda world, person, row: row["year"] == year


def in_place(name: str) -> Where:
    """Rows of the province that ``places`` calls so, and of those it has absorbed."""

    def where(world: World, person: Person, row: Row) -> bool:
        province = world.project(f"{name} DRAFT")["province_id"]
        return row["province_id"] in world.provinces[province]

    return where


def named(label: str) -> Where:
    return lambda world, person, row: row["label"] == label


def late(world: World, person: Person, row: Row) -> bool:
    return row["due_on"] is not None and row["due_on"] < timezone.localdate()


def both(*conditions: Where) -> Where:
    return lambda world, person, row: all(each(world, person, row) for each in conditions)


def in_tranche(name: str) -> Where:
    return lambda world, person, row: row["tranche_uuid"] == places(world)[name]


def waits_for(world: World, person: Person, row: Row) -> bool:
    """A tranche with projects in it, for those who record its decision; decided, for those who assign it."""
    held = {(project["tranche_id"], project["state"]) for project in world.rows["project"]}
    if row["state"] == "DRAFT":
        return (row["id"], "IN_PLAN") in held and oracle.approves(world, person, row)
    decided = row["state"] == "DECIDED" and (row["id"], "APPROVED") in held
    return decided and oracle.assigns(world, person, row)


def on_the_tranche_page(world: World, person: Person, row: Row) -> bool:
    """What is in the tranche and, for those who compose it, what may be put in."""
    if in_tranche("joint_tranche")(world, person, row):
        return True
    ready = row["purse"] == "KCQG" and row["state"] == "PASSED_MIN" and row["year"] == 2027
    return ready and person.role in oracle.CUC


def of_purse(purse: str) -> Where:
    return lambda world, person, row: row["purse"] == purse


def in_plan(name: str) -> Where:
    return lambda world, person, row: row["plan_uuid"] == places(world)[name]


PROJECT, FIRM, CLUSTER = ("Project",), ("Establishment",), ("Cluster",)
OWN_LIMITS: tuple[str, ...] = ()
"""The queue: its own conditions are as narrow as the scope, so that taking the scope away shows no more."""
PAYMENT = rf'data-request="({UUID})"'
NUMBER = rf'data-number="({UUID})"'
ROW_LINK = rf'/de-an/({CODE})/" data-row-link'
CSV_ROW = rf"\b({CODE}),"
QUEUE_LINK = rf"/de-an/({CODE})/(?:sua|tham-dinh)/"
PLAN_LINK, CLUSTER_LINK, FIRM_LINK = (
    rf"/ke-hoach/({UUID})/",
    rf"/cum-cong-nghiep/({UUID})/",
    rf"/co-so/({UUID})/",
)

LISTINGS: tuple[Listing, ...] = (
    # --- pages
    Listing("/", "project", OWN_LIMITS, oracle.waits_for, pattern=QUEUE_LINK),
    Listing("/?loc=qua-han", "project", OWN_LIMITS, both(oracle.waits_for, late), pattern=QUEUE_LINK),
    Listing("/", "tranche", OWN_LIMITS, waits_for, pattern=rf'href="/dot/({UUID})/'),
    Listing("/de-an/", "project", PROJECT, pattern=ROW_LINK),
    Listing("/de-an/?mine=true", "project", OWN_LIMITS, oracle.waits_for, pattern=ROW_LINK),
    Listing("/de-an/?overdue=true", "project", PROJECT, late, pattern=ROW_LINK),
    Listing("/de-an/?purse=KCDP", "project", PROJECT, of_purse("KCDP"), pattern=ROW_LINK),
    Listing("/de-an/?province={there}", "project", PROJECT, in_place("there"), pattern=ROW_LINK),
    Listing("/de-an/?q={foreign_code}", "project", PROJECT, named("there DRAFT"), pattern=ROW_LINK),
    Listing("/de-an/?q={foreign_word}", "project", PROJECT, named("there DRAFT"), pattern=ROW_LINK),
    Listing(
        "/de-an/?tranche={their_tranche}", "project", PROJECT, in_tranche("their_tranche"), pattern=ROW_LINK
    ),
    Listing(
        "/dot/{joint_tranche}/", "project", PROJECT, on_the_tranche_page,
        pattern=ROW_LINK,
    ),
    Listing(
        "/de-an/{draft_code}/tham-dinh/", "remark", ("Remark",),
        lambda world, person, row: row["code"] == places(world)["draft_code"], pattern=rf'id="nx-({UUID})"',
    ),
    Listing(
        "/co-quan/?ended=on", "office", ("Organisation",),
        sees=oracle.sees_office, pattern=rf'/co-quan/({UUID})/',
    ),
    Listing("/so-van-ban/", "number", ("IssuedNumber",), pattern=NUMBER),
    Listing("/so-van-ban/?q=01", "number", ("IssuedNumber",), pattern=NUMBER),
    Listing("/so-van-ban/?kind=OUTGOING", "number", (), lambda world, person, row: False, pattern=NUMBER),
    Listing("/ke-hoach/?nam=2027", "plan", ("YearPlan",), of_year(2027), pattern=PLAN_LINK),
    Listing("/ke-hoach/?nam=2025", "plan", (), of_year(2025), pattern=PLAN_LINK),
    Listing("/tam-ung-thanh-toan/", "payment", ("PaymentRequest",), pattern=PAYMENT),
    Listing("/tam-ung-thanh-toan/?mine=true", "payment", OWN_LIMITS, oracle.next_hand, pattern=PAYMENT),
    Listing(
        "/tam-ung-thanh-toan/?province={there}", "payment", ("PaymentRequest",), in_place("there"),
        pattern=PAYMENT,
    ),
    Listing("/chuyen-tiep/", "carried", ("CarryOver",), pattern=rf'data-carried="({UUID})"'),
    Listing("/quy-dinh/de-xuat/", "proposal", ("RuleProposal",), pattern=rf'data-proposal="({UUID})"'),
    Listing("/cum-cong-nghiep/", "cluster", CLUSTER, pattern=CLUSTER_LINK),
    Listing(
        "/cum-cong-nghiep/?province={there}", "cluster", CLUSTER, in_place("there"), pattern=CLUSTER_LINK
    ),
    Listing("/co-so/", "establishment", FIRM, pattern=FIRM_LINK),
    Listing("/co-so/?province={there}", "establishment", FIRM, in_place("there"), pattern=FIRM_LINK),
    Listing(
        "/tim/co-so/?q=hop tac xa", "establishment", FIRM,
        lambda world, person, row: row["name"].startswith("Hợp tác xã"), pattern=rf'"id": "({UUID})"',
    ),
    Listing("/de-an/", "view", ("SavedView",), pattern=rf'data-view="({UUID})"'),
    # --- files of the lists
    Listing("/de-an/?xuat=csv", "project", PROJECT, pattern=CSV_ROW),
    Listing("/de-an/?xuat=csv&province={there}", "project", PROJECT, in_place("there"), pattern=CSV_ROW),
    # --- the search box
    Listing("/tim/?q={foreign_word}", "project", PROJECT, named("there DRAFT"), pattern=ROW_LINK),
    Listing(
        "/tim/?q=hop tac xa", "establishment", FIRM,
        lambda world, person, row: row["name"].startswith("Hợp tác xã"), pattern=FIRM_LINK,
    ),
    Listing("/tim/?q=cum cong nghiep thu", "cluster", CLUSTER, pattern=CLUSTER_LINK),
    Listing("/thong-bao/", "inbox", ("InboxItem",), pattern=rf"/thong-bao/({UUID})/mo/"),
    Listing("/bao-cao/", "report", ("Report",), pattern=rf"/bao-cao/({UUID})/"),
    Listing("/api/v1/reports/", "report", ("Report",)),
    # --- API
    Listing("/api/v1/projects/", "project", PROJECT),
    Listing("/api/v1/projects/?page_size=3", "project", PROJECT),
    Listing("/api/v1/projects/?mine=true", "project", OWN_LIMITS, oracle.waits_for),
    Listing("/api/v1/projects/?overdue=true", "project", PROJECT, late),
    Listing("/api/v1/projects/?province={there}", "project", PROJECT, in_place("there")),
    Listing("/api/v1/projects/?q={foreign_word}", "project", PROJECT, named("there DRAFT")),
    Listing("/api/v1/projects/?tranche={their_tranche}", "project", PROJECT, in_tranche("their_tranche")),
    Listing("/api/v1/projects/?tranche={joint_tranche}", "project", PROJECT, in_tranche("joint_tranche")),
    Listing("/api/v1/plans/", "plan", ("YearPlan",)),
    Listing("/api/v1/plans/?province={there}", "plan", ("YearPlan",), in_place("there")),
    Listing("/api/v1/tranches/", "tranche", ("Tranche",)),
    Listing("/api/v1/tranches/?plan={foreign_plan}", "tranche", ("Tranche",), in_plan("foreign_plan")),
    Listing("/api/v1/establishments/", "establishment", FIRM),
    Listing("/api/v1/establishments/?province={there}", "establishment", FIRM, in_place("there")),
    Listing("/api/v1/clusters/", "cluster", CLUSTER),
    Listing("/api/v1/clusters/?province={there}", "cluster", CLUSTER, in_place("there")),
)  # fmt: skip


def differences(asker: Asker, listings: tuple[Listing, ...] = LISTINGS) -> Iterator[str]:
    """Where a list shows something else than the raw rows say."""
    person = asker.person
    for listing in listings:
        is_, ought = shown(asker, listing), listing.expected(asker.world, person)
        if is_ != ought:
            extra, missing = sorted(is_ - ought), sorted(ought - is_)
            yield f"{person.name}: {listing.path}: too many {extra}, missing {missing}"
