"""The objects a route is tried on: own, of another office, of another province, missing, malformed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.matrix import oracle
from tests.matrix.facts import Row
from tests.matrix.people import Person
from tests.matrix.world import World

PROJECTS = ("here DRAFT", "here REVIEW_PROV", "second DRAFT", "there DRAFT")
"""Own, own past its draft, of another office of the province, of another province."""
MORE_PROJECTS = (
    *PROJECTS,
    "here APPROVED",
    "here local PASSED_PROV",
    "closed office DRAFT",
    "so DRAFT, centre carries out",
    "region DRAFT",
    "former DRAFT",
    "there local IN_PLAN",
)
RECEIVED = ("here DRAFT", "here REVIEW_PROV", "there local IN_PLAN")
"""One that nobody has received, and those with a receipt, here and there."""
CONTRACTS = (
    *PROJECTS[:2],
    "here ASSIGNED",
    "here local APPROVED",
    "here CONTRACTED",
    "there local CONTRACTED",
)
"""Before a contract, where one may be recorded, and under contract, here and there."""
ATTACHED_TO = ("here DRAFT", "here REVIEW_PROV", "second DRAFT", "there DRAFT")


@dataclass(frozen=True, slots=True)
class Thing:
    """What an address names; ``row`` is None where there is no such thing."""

    kind: str
    label: str
    kwargs: dict[str, Any]
    row: Row | None = None

    def seen_by(self, world: World, person: Person) -> bool:
        return self.row is not None and oracle.SEES[self.kind](world, person, self.row)


NO_OBJECT = Thing("", "", {})


def things(world: World, kind: str) -> list[Thing]:
    maker = MAKERS.get(kind)
    return maker(world) if maker else _by_uuid(world, kind)


def _projects(world: World, labels: tuple[str, ...] = PROJECTS) -> list[Thing]:
    known = [
        Thing("project", label, {"code": row["code"]}, row)
        for label in labels
        for row in [world.project(label)]
    ]
    return [*known, Thing("project", "missing", {"code": "KCQG-2027-38-9999"})]


def _every_project(world: World) -> list[Thing]:
    strange = ("kcqg-2027-38-0001", "1", "0" * 30)
    more = [Thing("project", f"missing {code}", {"code": code}) for code in strange]
    return [*_projects(world, MORE_PROJECTS), *more]


def _sections(world: World) -> list[Thing]:
    return [
        Thing(thing.kind, thing.label, {**thing.kwargs, "section": "noi-dung"}, thing.row)
        for thing in _projects(world)
    ]


def _addresses(world: World) -> list[Thing]:
    return [Thing("address", text, {"address": text}) for text in ("users", "projects/x/y", "admin")]


def _by_uuid(world: World, kind: str) -> list[Thing]:
    """One of each purse, province and state, and one that does not exist."""
    rows = world.rows[kind]
    apart = {tuple(row.get(name) for name in ("purse", "province_id", "state")): row for row in rows}
    known = [Thing(kind, str(key), {"uuid": row["uuid"]}, row) for key, row in apart.items()]
    return [*known, Thing(kind, "missing", {"uuid": uuid.UUID(int=7)})]


def _within(world: World, kind: str) -> list[Thing]:
    """Rows of a project, asked for by its code; one of each purse, province and state, a stranger's code."""
    rows = world.rows[kind]
    apart = {tuple(row.get(name) for name in ("purse", "province_id", "state")): row for row in rows}
    known = [Thing(kind, str(key), {"code": r["code"], "uuid": r["uuid"]}, r) for key, r in apart.items()]
    other = {"code": world.project("second DRAFT")["code"], "uuid": rows[0]["uuid"]}
    return [*known, Thing(kind, "of another project", other)]


def _attachments(world: World) -> list[Thing]:
    found = []
    for label in ATTACHED_TO:
        code = world.project(label)["code"]
        row = next(row for row in world.rows["attachment"] if row["code"] == code and row["token"])
        found.append(Thing("attachment", label, {"code": code, "uuid": row["uuid"]}, row))
    mine, theirs = found[0].kwargs, found[-1].kwargs
    return [
        *found,
        Thing("attachment", "missing", {**mine, "uuid": uuid.UUID(int=7)}),
        # The paper of another province under one's own project's address, and the other way round.
        Thing("attachment", "foreign paper, own project", {**mine, "uuid": theirs["uuid"]}),
        Thing("attachment", "own paper, foreign project", {**theirs, "uuid": mine["uuid"]}),
    ]


def _scanned_steps(world: World) -> list[Thing]:
    """Of each project one step with a scan; one without, and none at all."""
    rows = {row["code"]: row for row in world.rows["scanned step"]}
    known = [
        Thing("scanned step", code, {"code": code, "version": row["version"]}, row)
        for code, row in rows.items()
    ]
    first = known[0].kwargs
    return [*known, *(Thing("scanned step", "missing", {**first, "version": n}) for n in (1, 99))]


def _remarks(world: World) -> list[Thing]:
    """Each remark there is, one of another project under this address, and none at all."""
    known = [
        Thing("remark", f"{row['audience']} {row['text']}", {"code": row["code"], "uuid": row["uuid"]}, row)
        for row in world.rows["remark"]
    ]
    first, last = known[0].kwargs, known[-1].kwargs
    return [
        *known,
        Thing("remark", "missing", {**first, "uuid": uuid.UUID(int=7)}),
        Thing("remark", "of another project", {**first, "uuid": last["uuid"]}),
    ]


def _unplaced(world: World) -> list[Thing]:
    """Projects of split communes; one whose commune was not split has nothing to be placed."""
    known = [
        Thing("unplaced", row["code"], {"kind": "de-an", "uuid": row["uuid"]}, row)
        for row in world.rows["unplaced"]
    ]
    whole = world.project("here DRAFT")["uuid"]
    strange = (("de-an", whole), ("de-an", uuid.UUID(int=7)), ("khong-co", known[0].kwargs["uuid"]))
    return [*known, *(Thing("unplaced", "missing", {"kind": kind, "uuid": key}) for kind, key in strange)]


def _places(world: World) -> list[Thing]:
    known = [Thing("unit", code, {"code": code}, {"code": code}) for code in ("38", "397", "14797")]
    return [*known, Thing("unit", "missing", {"code": "99999"})]


def _rules(world: World) -> list[Thing]:
    """A norm of the nation, of each province that has its own, and none at all."""
    known = [
        Thing("rule", f"norm of {row['home_id']}", {"kind": "dinh-muc", "pk": row["id"]}, row)
        for row in world.rows["rule"]
    ]
    return [
        *known,
        Thing("rule", "missing", {"kind": "dinh-muc", "pk": 0}),
        Thing("rule", "of no kind", {"kind": "khong-co", "pk": known[0].kwargs["pk"]}),
    ]


def _documents(world: World) -> list[Thing]:
    row = world.rows["document"][0]
    known = Thing("document", "with a scan", {"pk": row["id"]}, row)
    return [known, Thing("document", "missing", {"pk": 0})]


def _document_files(world: World) -> list[Thing]:
    """A document's scan, one under another document's address, and none at all."""
    row = world.rows["document"][0]
    mine = {"pk": row["id"], "uuid": row["uuid"]}
    return [
        Thing("document", "scan", mine, row),
        Thing("document", "of another document", {**mine, "pk": row["id"] + 1}),
        Thing("document", "missing", {**mine, "uuid": uuid.UUID(int=7)}),
    ]


def _rule_kinds(world: World) -> list[Thing]:
    known = [Thing("rule kind", row["slug"], {"kind": row["slug"]}, row) for row in world.rows["rule kind"]]
    return [*known, Thing("rule kind", "missing", {"kind": "khong-co"})]


OFFICES = ("so_officer", "so_officer_there", "impl")
STAFF = ("so_officer", "office_admin", "so_officer_there", "admin")


def _offices(world: World) -> list[Thing]:
    """The Sở here, with an administrator of its own; another province's; the centre here; none."""
    rows = {row["office_id"]: row for row in world.rows["office"]}
    known = [rows[world.people[name].office_id] for name in OFFICES]
    found = [Thing("office", row["name"], {"uuid": row["uuid"]}, row) for row in known]
    return [*found, Thing("office", "missing", {"uuid": uuid.UUID(int=7)})]


def _registers(world: World, key: str = "id") -> list[Thing]:
    """The Sở's here, another province's; that one under the Sở's address here; none."""
    rows = {row["office_id"]: row for row in world.rows["register"]}
    here, there = (rows[world.people[name].office_id] for name in ("so_officer", "so_officer_there"))
    found = [
        Thing("register", str(row["uuid"]), {"uuid": row["uuid"], "pk": row[key]}, row)
        for row in (here, there)
    ]
    astray = {"uuid": here["uuid"], "pk": there[key]}
    return [*found, Thing("register", "of another office", astray)]


def _members(world: World) -> list[Thing]:
    rows = {row["username"]: row for row in world.rows["member"]}
    known = [rows[f"matrix.{name}"] for name in STAFF]
    found = [
        Thing("member", row["username"], {"uuid": row["uuid"], "username": row["username"]}, row)
        for row in known
    ]
    here, there = found[0].kwargs, found[2].kwargs
    # Somebody of another office under this one's address: nobody there, for whoever may ask.
    astray = Thing("member", "of another office", {**here, "username": there["username"]})
    return [*found, astray]


def _posts(world: World) -> list[Thing]:
    return [
        Thing(
            "member", thing.label, {**thing.kwargs, "pk": thing.row["post_id"] if thing.row else 1}, thing.row
        )
        for thing in _members(world)
    ]


def _signing(world: World) -> list[Thing]:
    """A post that signs and one that does not, of the Sở here; one of another office under its address."""
    rows = {row["username"]: row for row in world.rows["member"]}
    known = [rows["matrix.so_leader"], rows["matrix.so_officer"]]
    found = [
        Thing("member", row["username"], {"uuid": row["uuid"], "pk": row["post_id"]}, row) for row in known
    ]
    there = rows["matrix.cuc_leader"]["post_id"]
    return [*found, Thing("member", "of another office", {**found[0].kwargs, "pk": there})]


def _loans(world: World) -> list[Thing]:
    """What the Sở's leader has lent for a month to come."""
    rows = {row["username"]: row for row in world.rows["member"]}
    leader = rows["matrix.so_leader"]
    lent = {"uuid": leader["uuid"], "pk": leader["loan_id"]}
    elsewhere = {**lent, "uuid": rows["matrix.so_officer_there"]["uuid"]}
    return [Thing("member", "lent", lent, leader), Thing("member", "of another office", elsewhere)]


def _proposals(world: World) -> list[Thing]:
    """What a helper of the Sở proposed; a remark that proposes nothing; one under another's address."""
    proposed = [thing for thing in _remarks(world) if thing.row and thing.row["proposes"]]
    astray = {**proposed[0].kwargs, "code": world.project("there DRAFT")["code"]}
    return [*proposed, Thing("remark", "under another project", astray)]


MAKERS: dict[str, Callable[[World], list[Thing]]] = {
    "": lambda _world: [NO_OBJECT],
    "project": _projects,
    "every project": _every_project,
    "contract project": lambda world: _projects(world, CONTRACTS),
    "payment": lambda world: _within(world, "payment"),
    "scanned payment": lambda world: _within(world, "scanned payment"),
    "scanned contract": lambda world: _within(world, "scanned contract"),
    "received project": lambda world: _projects(world, RECEIVED),
    "section": _sections,
    "address": _addresses,
    "attachment": _attachments,
    "scanned step": _scanned_steps,
    "remark": _remarks,
    "calendar": lambda _world: [Thing("calendar", "missing", {"secret": "khong-co"})],
    "unplaced": _unplaced,
    "unit": _places,
    "rule": _rules,
    "document": _documents,
    "document file": _document_files,
    "rule kind": _rule_kinds,
    "step proposal": _proposals,
    "office": _offices,
    "member": _members,
    "register": _registers,
    "seal": lambda world: _registers(world, "seal_id"),
    "post": _posts,
    "signing post": _signing,
    "loan": _loans,
}
"""Kinds with samples of their own; the others are rows with a uuid, see ``facts.SQL``."""
