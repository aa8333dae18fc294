"""Who may see and do what, said a second time from the law and the scope rules, over raw rows.

Nothing of ``accounts.scope``, ``programs.policy``, ``programs.lifecycle`` or any ``visible_to`` is used:
an oracle that reads the table under test finds nothing.
"""

from __future__ import annotations

from tests.matrix.facts import Row
from tests.matrix.people import Person
from tests.matrix.world import World

NATIONAL = {"CUC_OFFICER", "CUC_LEADER", "MIN_APPROVER", "FIN", "AUDITOR"}
PROVINCIAL = {"SO_OFFICER", "SO_LEADER", "UBND_VIEW"}
OWN_WORK = {"IMPL", "REGION"}
AT_DESKS = {"", "ADMIN", "OFFICE_ADMIN"}
"""Who has accounts to look after, or nothing at all: no territory."""
DRAFTERS = {"IMPL", "REGION", "SO_OFFICER"}
SO, CUC = {"SO_OFFICER", "SO_LEADER"}, {"CUC_OFFICER", "CUC_LEADER"}


def whole_country(world: World, person: Person) -> bool:
    partner_of_all = person.role == "API_CLIENT" and person.province_id == world.nation_id
    return person.role in NATIONAL or partner_of_all


def in_province(world: World, person: Person, row: Row) -> bool:
    """The row's province is one of the person's, predecessors included (an administrator has none)."""
    if whole_country(world, person):
        return True
    known = person.role not in AT_DESKS
    return known and row["province_id"] in world.provinces[person.province_id]


def owns(world: World, person: Person, row: Row) -> bool:
    """Drafted by the person's office, or by one it has succeeded."""
    return person.role != "" and row["owner_id"] in world.offices[person.office_id]


def carries_out(world: World, person: Person, row: Row) -> bool:
    return owns(world, person, row) or row["implementer_id"] in world.offices[person.office_id]


def sees_project(world: World, person: Person, row: Row) -> bool:
    if not in_province(world, person, row):
        return False
    return carries_out(world, person, row) if person.role in OWN_WORK else True


def sees_plan(world: World, person: Person, row: Row) -> bool:
    """National plans: every office with a territory. Local ones: their province."""
    return person.role not in AT_DESKS and (row["purse"] == "KCQG" or in_province(world, person, row))


def sees_staged(world: World, person: Person, row: Row) -> bool:
    """One's own upload, for one's own province."""
    mine = person.user is not None and row["uploaded_by_id"] == person.user.pk
    return mine and in_province(world, person, row)


def sees_applied(world: World, person: Person, row: Row) -> bool:
    """A list that became drafts: the Sở of its province records the appraisal on paper."""
    return person.role in SO and in_province(world, person, row)


def sees_report(world: World, person: Person, row: Row) -> bool:
    """One's own, and only while the province it is about is still one's own."""
    mine = person.user is not None and bool(row["owner_id"] == person.user.pk)
    return mine and in_province(world, person, row)


def sees_message(world: World, person: Person, row: Row) -> bool:
    return person.user is not None and bool(row["user_id"] == person.user.pk)


def keeps(world: World, person: Person, row: Row) -> bool:
    """One's own saved filters."""
    return person.user is not None and bool(row["user_id"] == person.user.pk)


def sees_view(world: World, person: Person, row: Row) -> bool:
    """One's own, and what a colleague shares with the office."""
    return keeps(world, person, row) or (person.signed_in and row["office_id"] == person.office_id)


def sees_remark(world: World, person: Person, row: Row) -> bool:
    """Said for everybody who sees the dossier, or within the person's own office."""
    if not sees_project(world, person, row):
        return False
    return row["audience"] == "DOSSIER" or row["office_id"] in world.offices[person.office_id]


def sees_mark(world: World, person: Person, row: Row) -> bool:
    """An appraiser's sheet is read in the appraiser's office."""
    return sees_project(world, person, row) and row["office_id"] in world.offices[person.office_id]


def sees_place(world: World, person: Person, row: Row) -> bool:
    """The country's units are public to everybody who is signed in."""
    return person.signed_in


def sees_reform(world: World, person: Person, row: Row) -> bool:
    return person.role == "ADMIN"


def places(world: World, person: Person, row: Row) -> bool:
    """The Sở of the record's province says where it lies now."""
    return person.role in SO and in_province(world, person, row)


def sees_carried(world: World, person: Person, row: Row) -> bool:
    """The Sở, the Cục and the auditors, of the provinces they see."""
    return reads_carried(world, person, row) and in_province(world, person, row)


def reads_carried(world: World, person: Person, row: Row | None) -> bool:
    return person.role in SO | CUC | {"AUDITOR"}


def takes_over(world: World, person: Person, row: Row | None) -> bool:
    return person.role in SO | CUC


def sets_day(world: World, person: Person, row: Row | None) -> bool:
    return person.role in {"SO_LEADER", "CUC_LEADER"}


def confirms(world: World, person: Person, row: Row) -> bool:
    """The leader of the office whose projects they are; the enterer is nobody of this matrix."""
    return person.role == ("CUC_LEADER" if row["purse"] == "KCQG" else "SO_LEADER")


LAW_KEEPERS = CUC | {"MIN_APPROVER", "ADMIN"}


def sees_proposal(world: World, person: Person, row: Row) -> bool:
    """The nation's: its offices and the administrator. A province's: who sees the whole of it, too."""
    if row["province_id"] is None:
        return person.role == "ADMIN" or whole_country(world, person)
    return person.role not in OWN_WORK and in_province(world, person, row)


def keeps_law(world: World, person: Person, home_id: int | None) -> bool:
    if home_id is None:
        return person.role in LAW_KEEPERS
    return person.role in SO and home_id in world.provinces[person.province_id]


def keeps_the_nations_law(world: World, person: Person, row: Row | None) -> bool:
    return person.role in LAW_KEEPERS


def keeps_some_law(world: World, person: Person, row: Row | None) -> bool:
    return person.role in LAW_KEEPERS | SO


def verifies(world: World, person: Person, row: Row) -> bool:
    return keeps_law(world, person, row["province_id"])


def changes_rule(world: World, person: Person, row: Row) -> bool:
    return keeps_law(world, person, row["home_id"])


def makes_rules(world: World, person: Person, row: Row) -> bool:
    """A new rule of this kind: the nation's keepers any, a Sở what a province may have of its own."""
    return person.role in LAW_KEEPERS or (person.role in SO and row["provincial"])


def everybody_sees(world: World, person: Person, row: Row) -> bool:
    return person.signed_in


def sees_office(world: World, person: Person, row: Row) -> bool:
    """One's own office; the system's administrator runs them all."""
    return person.role == "ADMIN" or (person.role != "" and row["office_id"] == person.office_id)


def runs_office(world: World, person: Person, row: Row) -> bool:
    """The system's administrator everywhere, an office's own at home."""
    at_home = person.role == "OFFICE_ADMIN" and row["office_id"] == person.office_id
    return person.role == "ADMIN" or at_home


def runs_person(world: World, person: Person, row: Row) -> bool:
    """Nobody for oneself."""
    return runs_office(world, person, row) and person.user is not None and person.user.pk != row["user_id"]


def works_in(world: World, person: Person, row: Row) -> bool:
    """In the office or its heir, not at its desk of accounts."""
    here = person.role not in AT_DESKS | {"API_CLIENT"}
    return here and row["office_id"] in world.offices[person.office_id]


def gives_files(world: World, person: Person, row: Row) -> bool:
    """The leader of the office at whose desk it lies; a draft, whoever drafts it."""
    if row["state"] in {"DRAFT", "RETURNED_PROV", "RETURNED_MIN"}:
        if person.role in OWN_WORK:
            return carries_out(world, person, row)
        return person.role == "SO_OFFICER" and owns(world, person, row)
    if row["state"] in {"SUBMITTED_PROV", "REVIEW_PROV", "PASSED_PROV"}:
        return person.role == "SO_LEADER"
    return person.role == "CUC_LEADER" and row["purse"] == "KCQG"


def proposes(world: World, person: Person, row: Row) -> bool:
    """An officer at the desk, where the next step is the leader's."""
    return person.role == {"REVIEW_PROV": "SO_OFFICER", "REVIEW_MIN": "CUC_OFFICER"}.get(row["state"])


def returns_proposals(world: World, person: Person, row: Row) -> bool:
    """The leader of the office that has the file."""
    return person.role == {"REVIEW_PROV": "SO_LEADER", "REVIEW_MIN": "CUC_LEADER"}.get(row["state"])


def lends(world: World, person: Person, row: Row) -> bool:
    """A post that signs: whoever holds it, and whoever runs the office's people."""
    held = person.user is not None and person.user.pk == row["user_id"]
    signs = row["role"] in {"SO_LEADER", "UBND_VIEW", "CUC_LEADER", "MIN_APPROVER"}
    return signs and (held or runs_office(world, person, row))


SEES = {
    "carried": sees_carried,
    "scanned carried": sees_carried,
    "proposal": sees_proposal,
    "open proposal": sees_proposal,
    "scanned proposal": sees_proposal,
    "document": everybody_sees,
    "rule": everybody_sees,
    "rule kind": everybody_sees,
    "office": sees_office,
    "member": sees_office,
    "register": sees_office,
    "number": works_in,
    "view": sees_view,
    "project": sees_project,
    "plan": sees_plan,
    "tranche": sees_plan,
    "decided": sees_plan,
    "noticed": sees_plan,
    "scanned step": sees_project,
    "attachment": sees_project,
    "mark": sees_mark,
    "remark": sees_remark,
    "payment": sees_project,
    "scanned payment": sees_project,
    "scanned contract": sees_project,
    "establishment": in_province,
    "cluster": in_province,
    "staged": sees_staged,
    "applied": sees_applied,
    "report": sees_report,
    "inbox": sees_message,
    "unit": sees_place,
    "unplaced": sees_project,
    "reform": sees_reform,
}

# --- steps: (action, purse or both, states, roles). Căn cứ: Thông tư 36/2013/TT-BCT; khuyencong.md §6

BOTH = {"KCQG", "KCDP"}
UNDECIDED = {
    "DRAFT", "SUBMITTED_PROV", "RETURNED_PROV", "REVIEW_PROV", "PASSED_PROV", "REGISTERED",
    "RETURNED_MIN", "REVIEW_MIN", "PASSED_MIN", "IN_PLAN",
}  # fmt: skip
STEPS: tuple[tuple[str, set[str], set[str], set[str]], ...] = (
    ("submit", BOTH, {"DRAFT", "RETURNED_PROV"}, {"IMPL", "SO_OFFICER"}),
    ("submit", {"KCQG"}, {"DRAFT"}, {"REGION"}),
    ("submit", {"KCQG"}, {"RETURNED_MIN"}, DRAFTERS),
    ("recall", BOTH, {"SUBMITTED_PROV"}, DRAFTERS),
    ("recall", {"KCQG"}, {"REGISTERED"}, SO | {"REGION"}),
    ("receive", BOTH, {"SUBMITTED_PROV"}, SO),
    ("receive", {"KCQG"}, {"REGISTERED"}, CUC),
    ("return", BOTH, {"SUBMITTED_PROV", "REVIEW_PROV"}, SO),
    ("return", {"KCQG"}, {"REGISTERED", "REVIEW_MIN"}, CUC),
    ("pass", BOTH, {"REVIEW_PROV"}, {"SO_LEADER"}),
    ("pass", {"KCQG"}, {"REVIEW_MIN"}, {"CUC_LEADER"}),
    ("reject", BOTH, {"REVIEW_PROV"}, {"SO_LEADER"}),
    ("reject", {"KCQG"}, {"REVIEW_MIN"}, {"CUC_LEADER"}),
    ("record_appraisal", BOTH, {"DRAFT"}, SO),
    ("register", {"KCQG"}, {"PASSED_PROV"}, SO),
    ("plan", {"KCQG"}, {"PASSED_MIN"}, CUC),
    ("plan", {"KCDP"}, {"PASSED_PROV"}, SO),
    ("unplan", {"KCQG"}, {"IN_PLAN"}, CUC),
    ("unplan", {"KCDP"}, {"IN_PLAN"}, SO),
    ("contract", {"KCQG"}, {"ASSIGNED"}, CUC),
    ("contract", {"KCDP"}, {"APPROVED"}, SO),
    ("stop", {"KCQG"}, {"APPROVED", "ASSIGNED", "CONTRACTED"}, {"CUC_LEADER", "MIN_APPROVER"}),
    ("stop", {"KCDP"}, {"APPROVED", "CONTRACTED"}, {"UBND_VIEW"}),
    ("withdraw", BOTH, UNDECIDED, DRAFTERS | SO),
    ("undo", BOTH, {"DRAFT"}, DRAFTERS),  # a recall
    ("undo", BOTH, {"REVIEW_PROV", "PASSED_PROV"}, SO),  # a reception; a recall or an unplan
    ("undo", {"KCQG"}, {"REVIEW_MIN", "IN_PLAN", "PASSED_MIN"}, CUC),
    ("undo", {"KCDP"}, {"IN_PLAN"}, SO),
)


def roles_for(action: str, row: Row) -> set[str]:
    """Who may take this step of this project now; empty where no such step leaves its state."""
    return {
        role
        for name, purses, states, roles in STEPS
        if name == action and row["purse"] in purses and row["state"] in states
        for role in roles
    }


def takes(world: World, person: Person, row: Row, action: str) -> bool:
    """The step is open to this person, who sees the project."""
    if person.role not in roles_for(action, row):
        return False
    if action == "undo":
        return False  # nobody here has just taken the step
    if person.role in NATIONAL:
        return bool(row["purse"] == "KCQG")
    if person.role == "REGION" and action == "recall" and row["state"] == "REGISTERED":
        return owns(world, person, row)  # what it has sent to the Cục itself
    # The Sở acts for its province, but what the drafting side does it does only with its own drafts.
    drafting = action in {"submit", "recall"} and row["state"] != "REGISTERED"
    return owns(world, person, row) if person.role in SO and drafting else True


def edits(world: World, person: Person, row: Row) -> bool:
    open_ = row["state"] in {"DRAFT", "RETURNED_PROV", "RETURNED_MIN"}
    mine = owns(world, person, row) if person.role == "SO_OFFICER" else carries_out(world, person, row)
    return open_ and person.role in DRAFTERS and mine


def overrides(world: World, person: Person, row: Row) -> bool:
    """Only the leader of the office that is appraising it now."""
    return person.role == {"REVIEW_PROV": "SO_LEADER", "REVIEW_MIN": "CUC_LEADER"}.get(row["state"])


def appraises(world: World, person: Person, row: Row) -> bool:
    """Those of the office that is appraising it now."""
    return person.role in {"REVIEW_PROV": SO, "REVIEW_MIN": CUC}.get(row["state"], set())


def remarks(world: World, person: Person, row: Row) -> bool:
    """Those who draft or appraise; the Cục has no say in local money."""
    return person.role in SO | DRAFTERS or (person.role in CUC and row["purse"] == "KCQG")


def works_on(world: World, person: Person, row: Row) -> bool:
    """Those of the office in whose hands the dossier is, whose working days run."""
    if row["state"] in {"REGISTERED", "REVIEW_MIN"}:
        return person.role in CUC and row["purse"] == "KCQG"
    return row["state"] in {"SUBMITTED_PROV", "REVIEW_PROV"} and person.role in SO


AT_THE_CUC = {
    "REGISTERED", "REVIEW_MIN", "PASSED_MIN", "REJECTED_MIN", "IN_PLAN", "APPROVED", "ASSIGNED", "CONTRACTED",
}  # fmt: skip


def corrects(world: World, person: Person, row: Row) -> bool:
    """The leader of the office that holds the dossier; nobody while its drafter may simply edit it."""
    if row["state"] in {"DRAFT", "RETURNED_PROV", "RETURNED_MIN"}:
        return False
    at_the_cuc = row["purse"] == "KCQG" and row["state"] in AT_THE_CUC
    return person.role == ("CUC_LEADER" if at_the_cuc else "SO_LEADER")


def composes(world: World, person: Person, row: Row) -> bool:
    return person.role in (CUC if row["purse"] == "KCQG" else SO)


def limits(world: World, person: Person, row: Row) -> bool:
    """Sets the ceiling of this plan."""
    return person.role == ("CUC_LEADER" if row["purse"] == "KCQG" else "SO_LEADER")


def approves(world: World, person: Person, row: Row) -> bool:
    return person.role in ({"CUC_LEADER", "MIN_APPROVER"} if row["purse"] == "KCQG" else {"UBND_VIEW"})


def assigns(world: World, person: Person, row: Row) -> bool:
    return row["purse"] == "KCQG" and person.role in CUC


# --- money after the contract. Căn cứ: Thông tư 36/2013/TT-BCT, Điều 12–16; khuyencong.md §6.4


def holds_purse(world: World, person: Person, row: Row) -> bool:
    return person.role in (CUC if row["purse"] == "KCQG" else SO)


def amends(world: World, person: Person, row: Row) -> bool:
    return row["state"] == "CONTRACTED" and holds_purse(world, person, row)


def asks_for_money(world: World, person: Person, row: Row) -> bool:
    """Whoever carries it out; the Sở for what it has drafted itself."""
    if row["state"] != "CONTRACTED" or person.role not in DRAFTERS:
        return False
    return owns(world, person, row) if person.role == "SO_OFFICER" else carries_out(world, person, row)


def next_hand(world: World, person: Person, row: Row) -> bool:
    """Whose signature a request waits for. All others who signed here are nobody of this matrix."""
    national = row["purse"] == "KCQG"
    if row["state"] == "REQUESTED" and row["needs_so"]:
        return person.role == "SO_LEADER"
    if row["state"] in {"REQUESTED", "CONFIRMED"}:
        return person.role == ("CUC_LEADER" if national else "SO_LEADER")
    return row["state"] == "APPROVED" and person.role in (CUC if national else SO)


# --- the work queue: whose next step it is

WAITS: dict[str, tuple[set[str], set[str]]] = {
    "IMPL": ({"DRAFT", "RETURNED_PROV", "RETURNED_MIN"}, BOTH),
    "REGION": ({"DRAFT", "RETURNED_MIN"}, BOTH),
    "SO_OFFICER": ({"SUBMITTED_PROV", "PASSED_PROV"}, BOTH),
    "SO_LEADER": ({"REVIEW_PROV"}, BOTH),
    "UBND_VIEW": ({"IN_PLAN"}, {"KCDP"}),
    "CUC_OFFICER": ({"REGISTERED", "PASSED_MIN"}, {"KCQG"}),
    "CUC_LEADER": ({"REVIEW_MIN"}, {"KCQG"}),
    "MIN_APPROVER": ({"IN_PLAN"}, {"KCQG"}),
}


def waits_for(world: World, person: Person, row: Row) -> bool:
    states, purses = WAITS.get(person.role, (set(), set()))
    if not sees_project(world, person, row):
        return False
    if person.role == "SO_OFFICER" and owns(world, person, row) and row["state"] in WAITS["IMPL"][0]:
        return True
    if person.role in OWN_WORK and not owns(world, person, row):
        return False
    return row["state"] in states and row["purse"] in purses
