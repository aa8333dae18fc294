"""THE table: each route, whom it lets do what, and on which kind of object.

A line for a new route reads ``"app:name": on("kind of object", GET=read())``:
the object kinds are in ``samples.py``; ``read(rule)`` and ``write(rule, body)`` say for one method who of
those that see the object may (``oracle.py`` has the rules). A method not named answers 405.
Those who do not see the object get 404, those the rule refuses 403 with the reason, strangers the
sign-in page or 401. ``gate`` is a rule asked before any object is looked up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.matrix import bodies, oracle
from tests.matrix.facts import Row
from tests.matrix.people import Person
from tests.matrix.world import World

MOST_QUERIES, MOST_WRITING = 40, 60
YES, NO, ILLEGAL = "yes", "no", "illegal"
Rule = Callable[[World, Person, Any], Any]
"""True or YES, False or NO; ILLEGAL where nobody may, because of the object's state."""
Body = Callable[[World, Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Act:
    """One method of a route. ``audited``: doing it leaves an audit entry (and being refused leaves none)."""

    rule: Rule
    ok: int
    illegal: tuple[int, ...] = ()
    body: Body | None = None
    audited: bool = False
    queries: int = MOST_QUERIES


@dataclass(frozen=True, slots=True)
class Line:
    kind: str
    acts: dict[str, Act]
    gate: Rule | None = None
    open: bool = False
    """Answered to people who are not signed in too."""


def anyone(world: World, person: Person, row: Row | None) -> bool:
    return True


def drafts(world: World, person: Person, row: Row | None) -> bool:
    return person.role in oracle.DRAFTERS


def administers(world: World, person: Person, row: Row | None) -> bool:
    return person.role == "ADMIN"


def has_one_office(world: World, person: Person, row: Row | None) -> Any:
    """A list of one office is that office's page."""
    return YES if person.role in {"", "ADMIN"} else ILLEGAL


def stranger(world: World, person: Person, row: Row | None) -> str:
    """Signing in is for those who have not yet; others are sent on to the portal."""
    return ILLEGAL if person.signed_in else YES


def never(world: World, person: Person, row: Row | None) -> str:
    """Nobody: the object is in no state for it (a report that is still waiting)."""
    return ILLEGAL


def refused_to_all(world: World, person: Person, row: Row | None) -> str:
    """Nobody: what it is about is not there (a council)."""
    return NO


def has_area(world: World, person: Person, row: Row | None) -> bool:
    return person.role not in oracle.AT_DESKS


def asks_here(world: World, person: Person, row: Row | None) -> bool:
    return oracle.in_province(world, person, world.project("here DRAFT"))


def report_here(world: World, person: Person, row: Row | None) -> str:
    """The form offers one's own areas only: another is no choice of it."""
    return YES if asks_here(world, person, row) else ILLEGAL


def sees_here(world: World, person: Person, row: Row | None) -> str:
    """What one does not see is not among the ticked; nothing ticked is refused in words."""
    return YES if oracle.SEES["project"](world, person, world.project("here REVIEW_PROV")) else ILLEGAL


def edits_open(world: World, person: Person, row: Row) -> Any:
    """Editing where the state is asked before the person."""
    open_ = row["state"] in {"DRAFT", "RETURNED_PROV", "RETURNED_MIN"}
    return oracle.edits(world, person, row) if open_ else ILLEGAL


def step(action: str) -> Rule:
    def rule(world: World, person: Person, row: Row) -> Any:
        if not oracle.roles_for(action, row):
            return ILLEGAL
        may = oracle.takes(world, person, row, action)
        # Every contract here has money out or promised, which must come back before a stop.
        return ILLEGAL if may and (action, row["state"]) == ("stop", "CONTRACTED") else may

    return rule


def was_received(world: World, person: Person, row: Row) -> str:
    """Only what an office has received has a receipt."""
    return ILLEGAL if row["state"] == "DRAFT" else YES


def numbers_receipt(world: World, person: Person, row: Row) -> bool:
    """The Sở that received it; a draft nobody has received."""
    return row["state"] != "DRAFT" and person.role in oracle.SO and oracle.in_province(world, person, row)


def gives_back(world: World, person: Person, row: Row) -> Any:
    """The purse's office, where there is a contract and money of it out."""
    if row["state"] != "CONTRACTED":
        return ILLEGAL
    if not oracle.holds_purse(world, person, row):
        return NO
    return YES if row["purse"] == "KCQG" else ILLEGAL  # nothing local is paid here


def hands_over(world: World, person: Person, row: Row | None) -> bool:
    return person.role in {"SO_LEADER", "CUC_LEADER", "IMPL", "REGION"}


def decides(action: str, state: str) -> Rule:
    """Approving or assigning a tranche: who asks comes first, then the tranche's state."""
    allowed = {"approve": oracle.approves, "assign": oracle.assigns}[action]

    def rule(world: World, person: Person, row: Row) -> Any:
        if not allowed(world, person, row):
            return NO
        return YES if row["state"] == state else ILLEGAL

    return rule


def runs_on(world: World, person: Person, row: Row) -> Any:
    """Whoever might stop the clock; but it stands still nowhere here."""
    return ILLEGAL if oracle.works_on(world, person, row) else NO


def opens_windows(world: World, person: Person, row: Row | None) -> Any:
    """A Sở's leader at home; elsewhere the place is no choice of theirs, nor is the Sở's door the Cục's."""
    if person.role not in {"SO_LEADER", "CUC_LEADER"}:
        return NO
    return YES if person.role == "SO_LEADER" and asks_here(world, person, row) else ILLEGAL


def orders(world: World, person: Person, row: Row) -> Any:
    """Whoever composes the tranche or decides it gives the places of its annex, until it is decided."""
    if not (oracle.composes(world, person, row) or oracle.approves(world, person, row)):
        return NO
    return YES if row["state"] == "DRAFT" else ILLEGAL


def on(kind: str = "", *, gate: Rule | None = None, open: bool = False, **acts: Act) -> Line:
    return Line(kind, acts, gate, open)


def read(rule: Rule = anyone, ok: int = 200) -> Act:
    return Act(rule, ok)


def write(rule: Rule, body: Body = bodies.nothing, ok: int = 302, *, audited: bool = True) -> Act:
    """A page's form: it answers a redirect; in a wrong state, a redirect with the reason or 422."""
    return Act(rule, ok, (302, 409, 422), body, audited, MOST_WRITING)


def fails(rule: Rule, body: Body = bodies.nothing) -> Act:
    """A page's form with nothing right in it: who may is told so, at its fields."""
    return write(rule, body, ok=422, audited=False)


def send(rule: Rule, body: Body, ok: int = 201) -> Act:
    """A JSON body."""
    return Act(rule, ok, (409,), body, audited=True, queries=MOST_WRITING)


def kept(kind: str, body: Body) -> Line:
    """A form of whoever runs the office."""
    return on(kind, GET=read(oracle.runs_office), POST=write(oracle.runs_office, body))


ROUTES: dict[str, Line] = {
    # --- the frame
    "healthz": on(open=True, GET=read()),
    "readyz": on(open=True, GET=read()),
    "guide": on(GET=read()),
    "pieces": on(GET=read(administers)),
    "status": on(GET=read(administers)),
    "accounts:sign_in": on(
        open=True, GET=Act(stranger, 200, (302,)), POST=write(stranger, bodies.nothing, ok=200, audited=False)
    ),
    "accounts:sign_out": on(open=True, POST=write(anyone, audited=False)),
    "accounts:account": on(GET=read(), POST=write(anyone, bodies.notice_ways, audited=False)),
    "accounts:change_password": on(GET=read(), POST=fails(anyone, bodies.wrong_password)),
    "accounts:inbox": on(GET=read()),
    "accounts:inbox_bell": on(GET=read()),
    "accounts:inbox_read": on(POST=write(anyone, audited=False)),
    "accounts:inbox_open": on("inbox", POST=write(anyone, audited=False)),
    "accounts:set_preference": on(POST=write(anyone, bodies.preference, audited=False)),
    "accounts:view_save": on(POST=write(anyone, bodies.saved_view, audited=False)),
    "accounts:view_change": on("view", POST=write(oracle.keeps, bodies.unshare, audited=False)),
    # --- offices and their people
    "accounts:office_list": on(GET=Act(has_one_office, 200, (302,))),
    "accounts:office_create": on(gate=administers, GET=read(), POST=write(anyone, bodies.new_office)),
    "accounts:office_detail": on("office", GET=read()),
    "accounts:office_edit": on("office", GET=read(administers), POST=write(administers, bodies.office)),
    "accounts:office_head": kept("office", bodies.head),
    "accounts:office_papers": on("office", GET=read()),
    "accounts:register_open": kept("office", bodies.register),
    "accounts:register_begin": kept("register", bodies.number_9),
    "accounts:seal_record": kept("office", bodies.seal),
    "accounts:seal_end": kept("seal", bodies.last_day),
    "accounts:member_add": on(
        "office", GET=read(oracle.runs_office), POST=write(oracle.runs_office, bodies.newcomer, ok=200)
    ),
    "accounts:member_detail": on(
        "member", GET=read(oracle.runs_office), POST=write(oracle.runs_person, bodies.contact)
    ),
    "accounts:post_give": on("member", POST=write(oracle.runs_person, bodies.post)),
    "accounts:post_end": on("post", POST=write(oracle.runs_person, bodies.last_day)),
    "accounts:member_leave": on("member", POST=write(oracle.runs_person, bodies.reason)),
    "accounts:member_reset": on("member", POST=write(oracle.runs_person, bodies.nothing, ok=200)),
    "accounts:delegation_list": on("office", GET=read()),
    "accounts:post_lend": on("signing post", GET=read(oracle.lends), POST=write(oracle.lends, bodies.loan)),
    "accounts:post_take_back": on("loan", POST=write(oracle.lends)),
    # --- projects
    "programs:work_queue": on(GET=read()),
    "programs:project_list": on(GET=read()),
    "programs:project_create": on(gate=drafts, GET=read(), POST=write(anyone, bodies.new_project)),
    "programs:project_detail": on("every project", GET=read()),
    "programs:project_copy": on("every project", GET=read(drafts), POST=write(drafts, bodies.copy_for_2028)),
    "programs:project_edit": on(
        "project", GET=read(oracle.edits), POST=write(oracle.edits, bodies.general_section)
    ),
    "programs:project_section": on(
        "section", GET=read(oracle.edits), POST=write(oracle.edits, bodies.text_section)
    ),
    "programs:project_autosave": on("project", POST=write(edits_open, bodies.autosave, ok=200)),
    "programs:transition_create": on("project", POST=write(step("withdraw"), bodies.withdrawal)),
    "programs:project_review": on("project", GET=read()),
    "programs:project_compare": on("every project", GET=read()),
    "programs:appraisal_fill": on("project", POST=write(oracle.appraises, bodies.sheet)),
    "programs:claim_judge": on("project", POST=write(oracle.appraises, bodies.ruling)),
    "programs:project_print": on("every project", GET=read()),
    "programs:sheet_print": on("project", GET=read(oracle.appraises)),
    "programs:council_name": on("project", POST=fails(oracle.overrides, bodies.empty_council)),
    "programs:council_close": on("project", POST=write(refused_to_all)),
    "programs:appraisal_minutes": on("project", GET=read(oracle.appraises)),
    "programs:remark_create": on("every project", POST=write(oracle.remarks, bodies.remark)),
    "programs:remark_thread": on("remark", GET=read(ok=302), POST=write(oracle.remarks, bodies.answer)),
    "programs:file_assign": on("project", POST=write(oracle.gives_files, bodies.nothing, audited=False)),
    "programs:receipt_print": on("received project", GET=Act(was_received, 200, (404,))),
    "programs:paper_number": on("received project", POST=write(numbers_receipt, bodies.receipt_number)),
    "programs:number_list": on(GET=read()),
    "programs:number_spoil": on("number", GET=read(), POST=write(anyone, bodies.reason)),
    "programs:project_money": on("every project", GET=read()),
    "programs:contract_record": on("contract project", POST=write(step("contract"), bodies.contract)),
    "programs:contract_amend": on("contract project", POST=write(oracle.amends, bodies.annex)),
    "programs:contract_file": on("scanned contract", GET=read()),
    "programs:payment_request": on(
        "contract project", POST=write(oracle.asks_for_money, bodies.money_request)
    ),
    "programs:payment_detail": on("payment", GET=read(), POST=write(oracle.next_hand, bodies.payment_answer)),
    "programs:payment_file": on("scanned payment", GET=read()),
    "programs:refund_record": on("contract project", POST=write(gives_back, bodies.refund)),
    "programs:payment_list": on(GET=read()),
    "programs:handover": on(GET=read(hands_over), POST=fails(hands_over)),
    "programs:step_proposal_create": on("project", POST=write(oracle.proposes, bodies.proposal)),
    "programs:step_proposal_return": on("step proposal", POST=write(oracle.returns_proposals, bodies.reason)),
    "programs:override_create": on("project", POST=write(oracle.overrides, bodies.override)),
    "programs:project_correct": on(
        "every project", GET=read(oracle.corrects), POST=write(oracle.corrects, bodies.correction)
    ),
    "programs:clock_pause": on("project", POST=write(oracle.works_on, bodies.pause)),
    "programs:clock_resume": on("project", POST=write(runs_on)),
    "programs:attachment_create": on("project", POST=write(edits_open, bodies.paper_file)),
    "programs:attachment_download": on("attachment", GET=read()),
    "programs:attachment_delete": on("attachment", POST=write(edits_open)),
    "programs:step_paper": on("scanned step", GET=read()),
    "programs:transition_bulk": on(POST=write(anyone, bodies.bulk_abroad, ok=200, audited=False)),
    # --- plans and tranches
    "programs:plan_list": on(GET=read()),
    "programs:window_list": on(GET=read()),
    "programs:window_set": on(POST=write(opens_windows, bodies.window)),
    "programs:carried_list": on(gate=oracle.reads_carried, GET=read()),
    "programs:carry_day_set": on(POST=write(oracle.sets_day, bodies.carry_day)),
    "programs:carried_create": on(gate=oracle.takes_over, GET=read(), POST=fails(anyone, bodies.empty_entry)),
    "programs:carried_detail": on(
        "carried", gate=oracle.reads_carried, GET=read(), POST=write(oracle.confirms, bodies.confirmation)
    ),
    "programs:carried_file": on("scanned carried", gate=oracle.reads_carried, GET=read()),
    "programs:agenda": on(GET=read()),
    "programs:feed_renew": on(POST=write(anyone)),
    "programs:feed_drop": on(POST=write(anyone, audited=False)),
    "programs:feed": on("calendar", open=True, GET=read()),
    "programs:plan_detail": on("plan", GET=read()),
    "programs:ceiling_set": on("plan", POST=write(oracle.limits, bodies.ceiling)),
    "programs:tranche_open": on("plan", POST=write(oracle.composes)),
    "programs:tranche_detail": on("tranche", GET=read()),
    "programs:tranche_add": on("tranche", POST=write(oracle.composes, bodies.no_codes, audited=False)),
    "programs:tranche_remove": on("tranche", POST=write(oracle.composes, bodies.no_codes, audited=False)),
    "programs:tranche_decide": on("tranche", POST=write(decides("approve", "DRAFT"), bodies.paper)),
    "programs:tranche_assign": on("tranche", POST=write(decides("assign", "DECIDED"), bodies.paper)),
    "programs:tranche_order": on("tranche", POST=write(orders, bodies.seen_version)),
    "programs:tranche_decision_file": on("decided", GET=read()),
    "programs:tranche_notice_file": on("noticed", GET=read()),
    # --- registers
    "beneficiaries:establishment_list": on(GET=read()),
    "programs:establishment_detail": on("establishment", GET=read()),
    "clusters:cluster_list": on(GET=read()),
    "clusters:cluster_detail": on("cluster", GET=read()),
    # --- registration workbooks
    "programs:import_upload": on(
        gate=drafts, GET=read(), POST=write(anyone, bodies.broken_book, ok=422, audited=False)
    ),
    "programs:import_preview": on("staged", gate=drafts, GET=read()),
    "programs:import_mend": on(
        "staged", gate=drafts, GET=read(ok=302), POST=write(anyone, bodies.seen_version, audited=False)
    ),
    "programs:import_apply": on(
        "staged", gate=drafts, GET=read(ok=302), POST=write(anyone, bodies.seen_version)
    ),
    "programs:import_errors": on("staged", gate=drafts, GET=read()),
    "programs:import_discard": on("staged", gate=drafts, POST=write(anyone)),
    "programs:paper_appraisal": on(
        "applied", GET=read(), POST=write(anyone, bodies.unsigned_paper, ok=422, audited=False)
    ),
    # --- reports
    "reports:report_list": on(GET=read()),
    "reports:report_create": on(gate=has_area, POST=write(report_here, bodies.report_here)),
    "reports:dossiers_create": on(gate=has_area, POST=write(sees_here, bodies.dossier_here)),
    "reports:report_detail": on("report", GET=read()),
    "reports:report_cancel": on("report", POST=write(anyone)),
    "reports:report_retry": on("report", POST=write(never)),
    "reports:report_download": on("report", GET=Act(never, 200, (302,))),
    # --- look-ups
    "programs:search": on(GET=read()),
    "programs:lookup_units": on(GET=read()),
    "programs:lookup_establishments": on(GET=read()),
    # --- the law
    "programs:norm_list": on(GET=read()),
    # --- units of the country
    "programs:unit_list": on(GET=read()),
    "programs:unit_detail": on("unit", GET=read()),
    "programs:address_convert": on(GET=read(), POST=write(anyone, bodies.addresses, ok=200, audited=False)),
    "programs:unplaced_list": on(GET=read()),
    "programs:place_record": on(
        "unplaced", GET=read(oracle.places), POST=write(oracle.places, bodies.placement)
    ),
    "programs:reform_list": on(
        GET=read(administers), POST=write(administers, bodies.broken_book, ok=422, audited=False)
    ),
    "programs:reform_detail": on("reform", gate=administers, GET=read()),
    "programs:reform_apply": on("reform", gate=administers, POST=write(anyone)),
    "programs:reform_discard": on("reform", gate=administers, POST=write(anyone)),
    "programs:rule_detail": on("rule", GET=read()),
    "programs:rule_change": on(
        "rule",
        GET=read(oracle.changes_rule),
        POST=write(oracle.changes_rule, bodies.new_version, ok=422, audited=False),
    ),
    "programs:rule_create": on(
        "rule kind",
        GET=read(oracle.makes_rules),
        POST=write(oracle.makes_rules, bodies.new_version, ok=422, audited=False),
    ),
    "programs:proposal_list": on(GET=read()),
    "programs:proposal_detail": on(
        "open proposal", GET=read(), POST=write(oracle.verifies, bodies.verification)
    ),
    "programs:proposal_file": on("scanned proposal", GET=read()),
    "programs:document_list": on(GET=read()),
    "programs:document_detail": on("document", GET=read()),
    "programs:document_create": on(
        gate=oracle.keeps_some_law,
        GET=read(),
        POST=write(anyone, bodies.unnamed_document, ok=422, audited=False),
    ),
    "programs:document_file_add": on("document", POST=write(oracle.keeps_the_nations_law, bodies.scan)),
    "programs:document_file": on("document file", GET=read()),
    # --- API
    "api:docs": on(open=True, GET=read()),
    "api:schema": on(open=True, GET=read()),
    "api:unknown": on("address", open=True, GET=read(), POST=read(), PUT=read(), PATCH=read(), DELETE=read()),
    "api:me": on(GET=read()),
    "api:project-list": on(GET=read(), POST=send(drafts, bodies.new_project)),
    "api:project-detail": on("every project", GET=read(), PATCH=send(edits_open, bodies.changes, ok=200)),
    "api:project-transitions": on("project", GET=read(), POST=send(step("withdraw"), bodies.withdraw_json)),
    "api:project-checks": on("project", GET=read()),
    "api:plan-list": on(GET=read()),
    "api:plan-detail": on("plan", GET=read()),
    "api:tranche-list": on(GET=read()),
    "api:tranche-detail": on("tranche", GET=read()),
    "api:tranche-transitions": on("tranche", POST=send(decides("approve", "DRAFT"), bodies.approval_json)),
    "api:norm-list": on(GET=read()),
    "api:establishment-list": on(GET=read()),
    "api:establishment-detail": on("establishment", GET=read()),
    "api:cluster-list": on(GET=read()),
    "api:cluster-detail": on("cluster", GET=read()),
    "api:unit-list": on(GET=read()),
    "api:unit-convert": on(GET=read()),
    "api:report-list": on(GET=read(), POST=send(asks_here, bodies.report_here)),
    "api:report-detail": on("report", GET=read()),
    "api:report-cancel": on("report", POST=send(anyone, bodies.nothing, ok=200)),
    "api:report-retry": on("report", POST=send(never, bodies.nothing)),
    "api:report-file": on("report", GET=Act(never, 200, (409,))),
}
