"""One world for the whole matrix: offices that must not see one another's work, in every state.

It is made by helpers through the product's own verbs, so that no principal has a duty in it; then it is
read back as raw rows. Whatever may be shown carries a token ("zqpr012") that no request ever contains:
a token in an answer is a row that was shown.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
import re
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from accounts.models import Delegation, Organisation, OrganisationKind, User
from accounts.roles import Role
from accounts.saved import save_view
from accounts.scope import act_as
from beneficiaries.models import Establishment
from clusters.models import Cluster
from programs import paying, tranches
from programs.appraisal import fill
from programs.documents import add_file
from programs.drafting import BeneficiaryValues
from programs.intake.apply import apply_import
from programs.intake.stage import stage_workbook
from programs.lifecycle import Purse, State
from programs.models import Attachment, PaymentRequest, Project, SupportNorm, Tranche
from programs.proposals import propose
from programs.reforms import verbs
from programs.remarks import remark
from programs.reviewterms import Audience
from programs.workflow import Paper
from records import context, files
from records.inbox import notify
from reports.lifecycle import ReportKind, Stage
from reports.workflow import request_report
from tests import cast, factories, money
from tests.carried import begin_portal, entered, give_ceiling, papers
from tests.matrix import facts, numbers, people
from tests.matrix.facts import Row
from tests.matrix.people import FORMER, HERE, MERGED, THERE, Person
from tests.programs import rulekit
from tests.programs.intake.books import form_page, machine, xlsx
from tests.programs.test_reforms import book, change
from vietnam.models import AdminUnit, LegalDocument, UnitSuccession

TOKEN = re.compile(r"zq(?:pr|es|cl|im|at|rm)\d{3}")
MIXED = {"KCQG": 200 * factories.MILLION, "KCDP": 50 * factories.MILLION, "OWN": 350 * factories.MILLION}
_count = itertools.count(1)


def token(kind: str) -> str:
    return f"zq{kind}{next(_count):03d}"


@dataclass
class World:
    """``rows`` by kind (see ``facts.SQL``), every row with its token where it has one."""

    people: dict[str, Person]
    rows: dict[str, list[Row]] = field(default_factory=dict)
    provinces: Any = None
    offices: Any = None
    nation_id: int = 0

    def one(self, kind: str, **wanted: Any) -> Row:
        """The first row of this kind with these values."""
        return next(row for row in self.rows[kind] if all(row[name] == it for name, it in wanted.items()))

    def project(self, label: str) -> Row:
        return self.one("project", label=label)


# Labels say whose the project is and in which state it stands.
LATE = ("SUBMITTED_PROV", "REVIEW_MIN", "there REGISTERED")
ROADS: dict[str, tuple[str, tuple[tuple[str, Role], ...]]] = {
    State.RETURNED_PROV: (State.SUBMITTED_PROV, (("return", Role.SO_LEADER),)),
    State.REJECTED_PROV: (State.REVIEW_PROV, (("reject", Role.SO_LEADER),)),
    State.RETURNED_MIN: (State.REGISTERED, (("return", Role.CUC_OFFICER),)),
    State.REJECTED_MIN: (State.REVIEW_MIN, (("reject", Role.CUC_LEADER),)),
    State.WITHDRAWN: (State.SUBMITTED_PROV, (("withdraw", Role.SO_OFFICER),)),
}
"""States off the ordinary road: where they branch off, and the steps from there."""


class Builder:
    def __init__(self) -> None:
        self.labels: dict[str, str] = {}
        self.drafters: dict[int, User] = {}
        self.kept = files.store(io.BytesIO(b"%PDF-1.4\n%%EOF\n"), "giay-to.pdf")

    def drafter(self, office: Organisation) -> User:
        if office.pk not in self.drafters:
            role = {"SO": Role.SO_OFFICER, "REGION": Role.REGION}.get(office.kind, Role.IMPL)
            self.drafters[office.pk] = cast.person(f"drafter.{office.pk}", "Người Soạn Thử", role, office)
        return self.drafters[office.pk]

    def draft(self, label: str, office: Organisation, purse: str = Purse.KCQG, **changes: Any) -> Project:
        changes.setdefault("title", f"Hỗ trợ ứng dụng máy móc thử {token('pr')}")
        firm = BeneficiaryValues(f"Công ty TNHH Thử {token('es')}", factories.tax_code(7000 + next(_count)))
        changes.setdefault("beneficiaries", [firm])
        changes.setdefault("claims", [factories.claim("export")])
        drafter = self.drafter(office)
        project = factories.make_project(drafter, purse=purse, **changes)
        with act_as(drafter):
            Attachment.objects.create(
                project=project, file=self.kept, name=f"{token('at')}.pdf", uploaded_by=drafter
            )
        self.labels[project.code] = label
        return project

    def bring(self, label: str, office: Organisation, state: str, purse: str = Purse.KCQG) -> Project:
        # Under review there is an objection that an authority can lift: both purses pay one cost.
        changes = {"amounts": MIXED} if (purse, state) == (Purse.KCQG, State.REVIEW_PROV) else {}
        project = self.draft(label, office, purse, **changes)
        main, detour = ROADS.get(state, (state, ()))
        drafter = self.drafter(office)
        factories.advance_to(project, main, drafter=drafter)
        for action, role in detour:
            helper = factories.helper_person(role, project.province.bare_name)
            factories.take(action, project, helper, note="Lý do thử.")
        return project

    def tranche(self, names: list[str], office: Organisation, purse: str) -> tuple[Tranche, list[Project]]:
        """A tranche of an office's projects, all IN_PLAN."""
        projects = [self.draft(name, office, purse) for name in names]
        tranche = factories.open_tranche(projects[0])
        for project in projects:
            factories.advance_to(project, State.IN_PLAN, drafter=self.drafter(office), tranche=tranche)
        return tranche, projects


def signed_paper() -> Paper:
    scan = files.store(io.BytesIO(b"%PDF-1.4\n%%EOF\n"), "van-ban.pdf")
    return Paper("01/QĐ-THỬ", dt.date(2026, 1, 5), "Người Ký Thử", scan)


def decide(tranche: Tranche, approver: Role, unit: str) -> None:
    helper = factories.helper_person(approver, unit)
    with act_as(helper):
        tranches.decide(tranche, actor=helper, paper=signed_paper())


def _national(build: Builder) -> None:
    here, there = cast.centre_of(HERE), cast.centre_of(THERE)
    for state in State:
        if state not in {State.IN_PLAN, State.APPROVED, State.ASSIGNED, State.CONTRACTED, State.STOPPED}:
            build.bring(f"here {state}", here, state)
    for state in (State.DRAFT, State.REVIEW_PROV, State.REGISTERED, State.PASSED_MIN):
        build.bring(f"there {state}", there, state)
    build.tranche(["here IN_PLAN"], here, Purse.KCQG)
    build.tranche(["there IN_PLAN"], there, Purse.KCQG)
    decided, _projects = build.tranche(["here APPROVED"], here, Purse.KCQG)
    decide(decided, Role.MIN_APPROVER, "cuc")
    assigned, _projects = build.tranche(
        ["here ASSIGNED", "here STOPPED", "here CONTRACTED"], here, Purse.KCQG
    )
    decide(assigned, Role.MIN_APPROVER, "cuc")
    helper = factories.helper_person(Role.CUC_LEADER, "cuc")
    with act_as(helper):
        tranches.assign(assigned, actor=helper, paper=signed_paper())
    stopped = _projects[1]
    factories.take("stop", stopped, helper, note="Lý do thử.", paper=signed_paper())
    _money(build, _projects[2])


def _local(build: Builder) -> None:
    here, there = cast.centre_of(HERE), cast.centre_of(THERE)
    for state in (State.DRAFT, State.SUBMITTED_PROV, State.REVIEW_PROV, State.PASSED_PROV):
        build.bring(f"here local {state}", here, state, Purse.KCDP)
    build.bring("there local PASSED_PROV", there, State.PASSED_PROV, Purse.KCDP)
    build.tranche(["here local IN_PLAN"], here, Purse.KCDP)
    build.tranche(["there local IN_PLAN"], there, Purse.KCDP)
    decided, ours = build.tranche(["here local APPROVED", "here local CONTRACTED"], here, Purse.KCDP)
    decide(decided, Role.UBND_VIEW, HERE)
    decided, theirs = build.tranche(["there local APPROVED", "there local CONTRACTED"], there, Purse.KCDP)
    decide(decided, Role.UBND_VIEW, THERE)
    _money(build, ours[1])
    _money(build, theirs[1])


def _money(build: Builder, project: Project) -> None:
    """Under contract, with a request in each state somebody still has to answer; national money is out."""
    factories.take("contract", project, money.office_of(project), paper=signed_paper())
    drafter = build.drafter(project.owner)

    def ask(**changes: Any) -> PaymentRequest:
        reason = f"Đã đặt cọc máy {token('pr')}"
        return money.ask(project, drafter, 5 * factories.MILLION, reason=reason, **changes)

    ask(file=build.kept)
    money.approved(ask())
    if project.purse == Purse.KCQG:
        money.paid(ask())
        leader = factories.helper_person(Role.SO_LEADER, project.province.bare_name)
        with act_as(leader):
            paying.confirm(ask(), actor=leader)


def _offices(build: Builder) -> None:
    """Work that only the own-office part of the scope tells apart."""
    second = people.second_centre()
    for state in (State.DRAFT, State.SUBMITTED_PROV, State.REVIEW_PROV):
        build.bring(f"second {state}", second, state)
    build.draft("closed office DRAFT", people.closed_centre())
    build.draft("so DRAFT", cast.so_of(HERE))
    build.draft("so DRAFT, centre carries out", cast.so_of(HERE), implementer=cast.centre_of(HERE))
    build.draft("region DRAFT", people.region_office(), commune=factories.commune("Thọ Xuân", HERE))
    former = AdminUnit.objects.get(level="province", name__contains=FORMER)
    office = cast.office(OrganisationKind.TTKC, f"Trung tâm Khuyến công {FORMER}", former)
    old = dt.date(2025, 3, 1)
    build.draft("former DRAFT", office, year=2025, commune=None, starts_on=old, ends_on=old)
    build.draft("merged DRAFT", cast.centre_of(MERGED))
    for label, name, unit in (("here split", HERE, cast.centre_of(HERE)), ("former split", FORMER, office)):
        split = _split_commune(name)
        build.draft(label, unit, year=2025, commune=split, starts_on=old, ends_on=old)


def _split_commune(province: str) -> AdminUnit:
    """A commune of before 01/07/2025 that went to several."""
    steps = UnitSuccession.objects.filter(kind="split", old__level="commune", is_default=True)
    step = steps.filter(old__parent__parent__bare_name=province).order_by("old__code").first()
    assert step is not None
    return step.old


def _reform() -> None:
    """A list of changes of units that an administrator outside this matrix has sent."""
    helper = cast.person("matrix.helper.admin", "Người Thử Gửi", Role.ADMIN, cast.ministry())
    code = factories.commune("Thọ Xuân", HERE).code
    with act_as(helper):
        verbs.stage(io.BytesIO(book(change(code, code, "Phường Thử"))), "thay-doi.xlsx", actor=helper)


def _other_rows(build: Builder) -> None:
    with context.whole_country():
        for unit in (cast.province(HERE), cast.province(THERE), cast.province(MERGED)):
            Cluster.objects.create(
                province=unit, name=f"Cụm công nghiệp Thử {token('cl')}", legal_status="ESTABLISHED",
                phase="OPERATING", area_ha="25.50",
            )  # fmt: skip
            Establishment.objects.create(
                province=unit, name=f"Hợp tác xã Thử {token('es')}", legal_form="HTX"
            )
        overdue = [code for code, label in build.labels.items() if label.endswith(LATE)]
        Project.objects.filter(code__in=overdue).update(due_on=timezone.localdate() - dt.timedelta(days=5))


def _remarks(build: Builder) -> None:
    """Of each office that may speak something for itself, and something for all; sheets of the appraisers."""
    by_label = {label: code for code, label in build.labels.items()}
    so = (Role.SO_OFFICER, HERE)
    for label, speaker in (
        ("here REVIEW_PROV", so),
        ("here REVIEW_MIN", (Role.CUC_OFFICER, "cuc")),
        ("here local REVIEW_PROV", so),
        ("there REVIEW_PROV", (Role.SO_OFFICER, THERE)),
        ("here DRAFT", None),
        ("second DRAFT", None),
    ):
        project = Project.objects.get(code=by_label[label])
        helper = factories.helper_person(*speaker) if speaker else build.drafters[project.owner_id]
        with act_as(helper):
            if project.state in {State.REVIEW_PROV, State.REVIEW_MIN}:
                fill(project, {"need": ("FAIL", f"Chưa rõ {token('rm')}")}, actor=helper)
            if speaker and project.state in {State.REVIEW_PROV, State.REVIEW_MIN}:
                propose(project, "pass", actor=helper, note=f"Đề xuất {token('rm')}")
            for audience in Audience:
                remark(project, actor=helper, text=f"Xem lại {token('rm')}", audience=audience)


def _staged(everybody: dict[str, Person]) -> None:
    """A registration workbook read by each of these people, waiting to be applied."""
    for name, province, place in (
        ("impl", "TỈNH THANH HÓA", "Xã Thọ Xuân, Tỉnh Thanh Hóa"),
        ("impl_there", "TỈNH NGHỆ AN", "Xã Đô Lương, Tỉnh Nghệ An"),
    ):
        user = everybody[name].user
        assert user is not None
        entry = machine(f"đồ gỗ {token('im')}", place=place, tax_code=factories.tax_code(9000 + next(_count)))
        book = xlsx(form_page([("I", "Hỗ trợ máy móc", [entry])], province=province))
        with act_as(user):
            stage_workbook(io.BytesIO(book), f"bieu {token('im')}.xlsx", actor=user)
            applied = stage_workbook(io.BytesIO(book), f"bieu {token('im')}.xlsx", actor=user)
            apply_import(applied, actor=user)


def _inbox(everybody: dict[str, Person]) -> None:
    with context.whole_country():
        for person in everybody.values():
            if person.user is not None:
                notify([person.user], "test", f"Tin thử {token('im')}", url="/")


def _loan(everybody: dict[str, Person]) -> None:
    """Lent for a month to come, so that it changes nobody's rights here."""
    leader, officer = everybody["so_leader"].user, everybody["so_officer"].user
    assert leader is not None and officer is not None
    month = (dt.date(2099, 1, 1), dt.date(2099, 2, 1))
    post = leader.memberships.get()
    Delegation.objects.create(membership=post, delegate=officer, decision_number="09/QĐ-THỬ", valid=month)


def _views(everybody: dict[str, Person]) -> None:
    """Saved filters: some kept for oneself, some shared with the office."""
    for name in ("impl", "impl_there", "so_officer", "so_officer_there"):
        user = everybody[name].user
        assert user is not None
        with act_as(user):
            for shared in (False, True):
                query = f"q={token('im')}"
                save_view(actor=user, listing="de-an", name=f"Bộ lọc {shared}", query=query, shared=shared)


def _reports(everybody: dict[str, Person]) -> None:
    for name in ("impl", "so_officer", "so_officer_there", "cuc_officer"):
        user = everybody[name].user
        assert user is not None
        with act_as(user):
            area = AdminUnit.objects.get(pk=everybody[name].province_id)
            request_report(
                actor=user,
                kind=ReportKind.REGISTRATION_LIST,
                area=area,
                year=2027,
                purse="KCQG",
                stage=Stage.ALL,
            )


def _law() -> None:
    """Of the nation and of two provinces: a norm proposed and waiting; the provinces' first is in force."""
    cuc = factories.helper_person(Role.CUC_OFFICER, "cuc")
    rulekit.proposed(cuc, dt.date(2027, 1, 1), cap_vnd=310 * factories.MILLION)
    for name in (HERE, THERE):
        officer, leader = (factories.helper_person(role, name) for role in (Role.SO_OFFICER, Role.SO_LEADER))
        rulekit.verified(rulekit.local_norm(officer, name, 200 * factories.MILLION), leader)
        with act_as(officer):
            own = SupportNorm.objects.get(province__name__contains=name)
        rulekit.proposed(officer, dt.date(2028, 1, 1), of=own, pct=40)

    _documents(cuc)


def _carried(build: Builder) -> None:
    """Projects from paper that wait for a second person: the nation's and two provinces', with scans."""
    cuc = factories.helper_person(Role.CUC_LEADER, "cuc")
    begin_portal(cuc)
    give_ceiling(cuc, Purse.KCQG, 2018)
    entered(papers("KCQG", decision_file=build.kept, title=f"Đề án giấy thử {token('pr')}"), cuc)
    for name in (HERE, THERE):
        leader, unit = factories.helper_person(Role.SO_LEADER, name), cast.province(name)
        begin_portal(leader)
        give_ceiling(leader, Purse.KCDP, 2018)
        named: dict[str, Any] = {
            "title": f"Đề án giấy thử {token('pr')}",
            "implementer": cast.centre_of(name),
        }
        entered(papers(province=unit, decision_file=build.kept, firms=[], **named), leader)


def _documents(cuc: User) -> None:
    """A scan of a document, and documents with scans waiting: the nation's and two provinces'."""
    with act_as(cuc):
        add_file(LegalDocument.objects.get(number="28/2018/TT-BTC"), rulekit.scan(), actor=cuc)
    rulekit.proposed_document(cuc, "01/2027/TT-THỬ")
    for name in (HERE, THERE):
        officer = factories.helper_person(Role.SO_OFFICER, name)
        rulekit.proposed_document(officer, "02/2027/NQ-THỬ", province=cast.province(name))


def build() -> World:
    everybody = {person.name: person for person in people.everybody()}
    builder = Builder()
    _national(builder)
    _local(builder)
    _offices(builder)
    _other_rows(builder)
    with context.whole_country():
        _remarks(builder)
    _staged(everybody)
    _inbox(everybody)
    _views(everybody)
    _loan(everybody)
    _reports(everybody)
    _reform()
    _law()
    _carried(builder)
    numbers.build(builder.labels)
    world = World(everybody, nation_id=AdminUnit.nation().pk)
    refresh(world, builder.labels)
    return world


def refresh(world: World, labels: dict[str, str]) -> None:
    world.provinces, world.offices = facts.province_families(), facts.office_families()
    for kind in facts.SQL:
        world.rows[kind] = facts.read(kind)
    for row in itertools.chain.from_iterable(world.rows.values()):
        known = row.get("title") or row.get("query") or row.get("name") or row.get("text")
        found = TOKEN.search(str(known or ""))
        row["token"] = found.group() if found else ""
    for row in world.rows["project"]:
        row["label"] = labels.get(row["code"], "imported")
        row["side"] = row["label"].partition(" ")[0]
