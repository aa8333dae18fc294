"""One cell: one person, one route, one method, one object; what must be answered, and what was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from records import context
from tests import evidence
from tests.matrix import bodies, oracle, samples
from tests.matrix.facts import Row
from tests.matrix.people import Person
from tests.matrix.routes import METHODS
from tests.matrix.samples import Thing
from tests.matrix.table import ILLEGAL, MOST_QUERIES, MOST_WRITING, NO, ROUTES, YES, Act, Line, step
from tests.matrix.world import TOKEN, World

PAPERS = {
    "programs:attachment_download", "programs:step_paper",
    "programs:tranche_decision_file", "programs:tranche_notice_file",
    "programs:proposal_file", "programs:document_file", "programs:carried_file",
    "programs:contract_file", "programs:payment_file",
}  # fmt: skip
SIGN_IN = "/dang-nhap/"
VIETNAMESE = re.compile(r"[ăâđêôơưáàảãạếềệốộớợứựíìịýỳ]", re.IGNORECASE)
NONCE = re.compile(r"'nonce-[\w-]{16,}'")
BOOKKEEPING = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")
"""Statements that only a test's outer transaction makes of what is BEGIN and COMMIT elsewhere."""
PERCENT = evidence.size("cells_percent", 25)
"""Of a person's cells asked in one run, by the printed seed; ``./run evidence T1`` and ``T21`` ask all."""
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Cell:
    route: str
    method: str
    url: str
    about: str
    expected: frozenset[int]
    body: dict[str, Any] | None = None
    wanted: str = NO
    """YES where the person may: such a cell really writes, and is undone."""
    audited: bool = False
    queries: int = MOST_QUERIES
    foreign: bool = False
    """The object belongs to a province the person has no part in."""


@dataclass(slots=True)
class Answer:
    status: int
    text: str
    headers: Any
    queries: int
    context: Any = None
    audits: int = 0


@dataclass
class Asker:
    """A person at their browser, or a partner's program at the API."""

    world: World
    person: Person
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        if self.person.user is not None:
            self.client.force_login(self.person.user)

    def ask(self, method: str, url: str, body: dict[str, Any] | None = None) -> Answer:
        counted = [0]

        def count(execute: Any, sql: str, *arguments: Any) -> Any:
            counted[0] += not sql.startswith(BOOKKEEPING)
            return execute(sql, *arguments)

        cookies = self.client.cookies.output(header="")
        with connection.execute_wrapper(count):
            try:
                response: Any = self._send(method, url, body)
            except Exception as error:  # what a browser would get as 500
                return Answer(500, f"{type(error).__name__}: {error}", {}, counted[0])
            finally:
                # Signing out or choosing a language must not decide the next cell.
                self.client.cookies.clear()
                self.client.cookies.load(cookies)
        streamed = getattr(response, "streaming_content", None)
        content = b"".join(streamed) if streamed is not None else response.content
        return Answer(
            response.status_code,
            content.decode(errors="replace"),
            response.headers,
            counted[0],
            response.context,
        )

    def _send(self, method: str, url: str, body: dict[str, Any] | None) -> Any:
        send = getattr(self.client, method.lower())
        if not url.startswith("/api/"):
            return send(url, body or {}) if method == "POST" else send(url)
        headers = {"Authorization": f"Bearer {self.person.key}"} if self.person.key else {}
        if method == "GET":
            return send(url, headers=headers)
        return send(
            url, json.dumps(body or {}, default=str), content_type="application/json", headers=headers
        )


# --- what must be answered


def expected(
    world: World, person: Person, line: Line, act: Act, thing: Thing, api: bool
) -> tuple[str, set[int]]:
    """YES, NO or ILLEGAL, and the statuses that say so."""
    if not person.signed_in and not line.open:
        return NO, {401} if api else {302}
    if line.gate is not None and not line.gate(world, person, None):
        return NO, {403}
    if thing.kind and not thing.seen_by(world, person):
        return NO, {404}
    verdict = act.rule(world, person, thing.row)
    if verdict in (YES, True):
        return YES, {act.ok}
    return (ILLEGAL, set(act.illegal)) if verdict == ILLEGAL else (NO, {403})


def _cell(world: World, person: Person, name: str, method: str, thing: Thing) -> Cell | None:
    line, api = ROUTES[name], name.startswith("api:")
    try:
        url = reverse(name, kwargs=thing.kwargs)
    except NoReverseMatch:
        return None  # the address itself has no such shape
    act = line.acts.get(method)
    if act is None:
        wanted, statuses = NO, {405}
        if not person.signed_in and not line.open:
            statuses = {401} if api else {302, 405}
        elif name == "accounts:sign_in" and person.signed_in:
            wanted, statuses = ILLEGAL, {302}  # whatever they ask, they are sent on to the portal
    else:
        wanted, statuses = expected(world, person, line, act, thing, api)
    if api and method in WRITES and person.name == "reading_partner":
        wanted, statuses = NO, {403}
    return Cell(
        name, method, url, thing.label, frozenset(statuses),
        act.body(world, thing.row or _stand_in(world, thing)) if act and act.body else None,
        wanted, bool(act and act.audited), act.queries if act else MOST_QUERIES,
        is_foreign(world, person, thing),
    )  # fmt: skip


def _stand_in(world: World, thing: Thing) -> Any:
    """A row to take a body from, where the address names nothing."""
    return world.rows[thing.kind][0] if thing.kind in world.rows else {}


def is_foreign(world: World, person: Person, thing: Thing) -> bool:
    row = thing.row
    if row is None or row.get("province_id") is None:
        return False
    national_plan = oracle.SEES[thing.kind] is oracle.sees_plan and row["purse"] == "KCQG"
    return not national_plan and not oracle.in_province(world, person, row)


def route_cells(world: World, person: Person) -> Iterator[Cell]:
    """Declared methods on every sample object; the others once and by a few, they answer 405."""
    for name, line in ROUTES.items():
        if person.name in ONLY_BY_API and not name.startswith("api:"):
            continue
        found = samples.things(world, line.kind)
        others = found[:1] if person.name in TRY_OTHER_METHODS else []
        for method in METHODS:
            for thing in found if method in line.acts else others:
                cell = _cell(world, person, name, method, thing)
                if cell is not None:
                    yield cell


# --- every step of the life, through the page and the API

TRY_OTHER_METHODS = {"anonymous", "so_leader"}
ONLY_BY_API = {"reading_partner"}
STEP_ACTIONS = tuple(dict.fromkeys(action for action, *_rest in oracle.STEPS))
ONLY_ON_PAGES = {"record_appraisal"}
MOST_VARIANTS = 3


def step_cells(world: World, person: Person) -> Iterator[Cell]:
    """Each step from each state that knows it, by the API; each kind of it once by the page."""
    walks = any(person.role in roles for *_rest, roles in oracle.STEPS)
    for action in STEP_ACTIONS:
        legal = [row for row in world.rows["project"] if oracle.roles_for(action, row)]
        illegal = next(row for row in world.rows["project"] if not oracle.roles_for(action, row))
        if action not in ONLY_ON_PAGES:
            for row in [*_varied(legal, "purse", "state", "side"), illegal] if walks else legal[:1]:
                yield _step(world, person, action, row, api=True)
        for row in _varied(legal, "purse") if walks else []:
            yield _step(world, person, action, row, api=False)
    if person.name not in ONLY_BY_API:
        yield _step(world, person, "pass", world.project("here DRAFT"), api=False)


def _varied(rows: Iterable[Row], *columns: str) -> list[Row]:
    """The first project of each combination."""
    found: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        found.setdefault(tuple(row[column] for column in columns), row)
    return list(found.values())[:MOST_VARIANTS]


def _step(world: World, person: Person, action: str, row: Row, *, api: bool) -> Cell:
    thing = Thing("project", row["label"], {"code": row["code"]}, row)
    act = Act(step(action), 201 if api else 302, (409,) if api else (422,))
    wanted, statuses = expected(world, person, Line("project", {}), act, thing, api)
    if api and person.name == "reading_partner":
        wanted, statuses = NO, {403}
    name = "api:project-transitions" if api else "programs:transition_create"
    return Cell(
        name, "POST", reverse(name, kwargs=thing.kwargs), f"{action}: {thing.label}", frozenset(statuses),
        bodies.step(world, row, action, api=api), wanted, True, MOST_WRITING,
        is_foreign(world, person, thing),
    )  # fmt: skip


# --- what was answered


def run(asker: Asker, cell: Cell) -> Answer:
    """Ask; what the person may write is undone, what they may not is left for the fingerprint to find."""
    if cell.method == "GET" or cell.wanted != YES:
        answer = asker.ask(cell.method, cell.url, cell.body)
        if answer.queries > cell.queries:
            # What a process reads once (the law of a day, the units) is not the page's to pay.
            answer = asker.ask(cell.method, cell.url, cell.body)
        return answer
    with transaction.atomic():
        before = _audits()
        answer = asker.ask(cell.method, cell.url, cell.body)
        answer.audits = _audits() - before
        transaction.set_rollback(True)
    return answer


def _audits() -> int:
    with context.whole_country(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM records_auditentry WHERE action <> 'programs.look_across_provinces'"
        )
        return int(cursor.fetchone()[0])


def faults(asker: Asker, cell: Cell, answer: Answer, visible: frozenset[str]) -> Iterator[str]:
    """Everything wrong with this answer, in words."""
    if answer.status not in cell.expected:
        yield f"{answer.status} instead of {sorted(cell.expected)} {_excerpt(answer)}"
        return
    shown = set(TOKEN.findall(answer.text)) - visible
    if shown:
        yield f"shows {sorted(shown)} that are not this person's to see"
    if answer.queries > cell.queries:
        yield f"{answer.queries} queries, at most {cell.queries}"
    if cell.wanted == YES and cell.audited and answer.audits < 1:
        yield "was answered as done, yet nothing was written in the audit"
    yield from _headers(cell, answer, signed_in=asker.person.signed_in)
    yield from _manners(cell, answer)


def _excerpt(answer: Answer) -> str:
    words = re.sub(r"<[^>]+>|\s+", " ", answer.text)
    told = words[:300] if answer.status == 500 else re.sub(" +", " ", words)[-160:]
    return f"[{answer.headers.get('Location', '')}] {told}"


def _headers(cell: Cell, answer: Answer, *, signed_in: bool) -> Iterator[str]:
    policy = answer.headers.get("Content-Security-Policy", "")
    sandboxed = "sandbox" in policy and "default-src 'none'" in policy
    if _is_shown_beside(cell, answer):
        sandboxed = policy == "default-src 'none'; frame-ancestors 'self'"
    if "unsafe" in policy or not (sandboxed or (NONCE.search(policy) and "default-src 'none'" in policy)):
        yield f"content policy: {policy!r}"
    framed_by = "SAMEORIGIN" if _is_shown_beside(cell, answer) else "DENY"
    if answer.headers.get("X-Frame-Options") != framed_by:
        yield f"no X-Frame-Options: {framed_by}"
    if answer.headers.get("X-Content-Type-Options") != "nosniff":
        yield "no nosniff"
    if answer.headers.get("Referrer-Policy") != "same-origin":
        yield "no Referrer-Policy"
    cache = answer.headers.get("Cache-Control", "")
    if (signed_in or cell.route != "api:schema") and "no-store" not in cache:
        yield f"may be cached: {cache!r}"


def _is_shown_beside(cell: Cell, answer: Answer) -> bool:
    """The one kind of answer a page of ours may frame: a paper that is a PDF by its bytes."""
    return cell.route in PAPERS and answer.status == 200 and answer.text.startswith("%PDF-")


def _manners(cell: Cell, answer: Answer) -> Iterator[str]:
    """Where a refusal sends or what it says."""
    location = answer.headers.get("Location", "")
    to_sign_in = location.startswith(SIGN_IN)
    leaving = cell.route == "accounts:sign_out"
    if cell.expected == {302} and not leaving and to_sign_in != (cell.wanted == NO):
        yield f"goes to {location}"
    if answer.status == 403 and not VIETNAMESE.search(reason_of(answer)):
        yield f"refuses without a reason in Vietnamese: {reason_of(answer)!r}"
    refused = answer.status >= 400 and cell.route.startswith("api:") and cell.route != "api:docs"
    if refused and answer.headers.get("Content-Type") != "application/problem+json":
        yield f"is no problem+json: {answer.headers.get('Content-Type')}"


def reason_of(answer: Answer) -> str:
    if "json" in answer.headers.get("Content-Type", ""):
        body = json.loads(answer.text)
        return str(body.get("detail") or body.get("error") or "")
    main = answer.text.partition("<h1>")[2]
    return re.sub(r"<[^>]+>", " ", main.partition("</h1>")[2].partition("</p>")[0]).strip()


def visible_tokens(world: World, person: Person) -> frozenset[str]:
    """The tokens of every row this person may be shown."""
    found = {
        row["token"]
        for kind, sees in oracle.SEES.items()
        for row in world.rows[kind]
        if row["token"] and sees(world, person, row)
    }
    if person.user is not None:
        lists = [*world.rows["staged"], *world.rows["applied"]]
        staged = [str(row) for row in lists if oracle.sees_staged(world, person, row)]
        found |= set(TOKEN.findall(" ".join(staged)))
    return frozenset(found)
