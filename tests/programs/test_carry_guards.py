"""What the database refuses of projects from paper, whoever writes the SQL, and who may still act on them."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from accounts.models import Membership, OrganisationKind, User
from accounts.policy import PermissionRefused, decide
from accounts.roles import Role
from accounts.scope import act_as
from programs import carrying
from programs.carry_values import require_sense
from programs.errors import MissingDetail
from programs.lifecycle import STEPS, Purse, State
from programs.models import CarriedAdvance, CarriedMoney, CarryOver, Project
from tests import cast
from tests.carried import FIRST_DAY, begin_portal, confirmed, entered, give_ceiling, papers
from tests.factories import MILLION, make_project, open_tranche
from vietnam.models import AdminUnit

pytestmark = pytest.mark.django_db
GUARDED = (State.IN_PLAN, State.APPROVED, State.ASSIGNED, State.STOPPED)


@pytest.fixture
def begun(thanh_hoa_leader: User) -> User:
    begin_portal(thanh_hoa_leader)
    give_ceiling(thanh_hoa_leader, Purse.KCDP, 2018)
    return thanh_hoa_leader


def sql(actor: User, *statements: str) -> str:
    """What the database says to these at the transaction's end; "" where it lets them. Nothing stays."""
    with act_as(actor), transaction.atomic():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except DatabaseError as error:
            return str(error)
        finally:
            transaction.set_rollback(True)
    return ""


def steps(project: Project, actor: User, *states: str) -> list[str]:
    """Hand-written history of a project through these states, one after the other."""
    found = []
    for number, (source, target) in enumerate(itertools.pairwise(states), start=project.version + 1):
        found += [
            "INSERT INTO programs_transition (project_id, version, action, source, target, actor_id, note,"
            " data, lent_as, paper_number, paper_signer, effective_on, recorded_at, content, verdicts)"
            f" VALUES ({project.pk}, {number}, 'x', '{source}', '{target}', {actor.pk}, '', '{{}}', '', '1',"
            " '', '2026-11-02', now(), '{}', '[]')",
            f"UPDATE programs_project SET state = '{target}', version = {number}, tranche_id ="
            f" (SELECT max(id) FROM programs_tranche) WHERE id = {project.pk}",
        ]
    return found


@pytest.mark.parametrize("purse", [Purse.KCQG, Purse.KCDP])
def test_the_plan_and_what_follows_are_reached_by_the_arrows_of_the_map_alone(
    thanh_hoa_centre: User, thanh_hoa_leader: User, purse: str
) -> None:
    """Both ways: every arrow of the workflow passes, undoing included, and no other."""
    project = make_project(thanh_hoa_centre, purse=purse)
    arrows = {(source, step.target) for step in STEPS[purse] for source in step.sources}
    for source, target in itertools.product(State, GUARDED):
        step, _move = steps(project, thanh_hoa_leader, source, target)
        refused = "step_skips_approval" in sql(thanh_hoa_leader, step)
        assert refused != ((source, target) in arrows), (source, target)


@pytest.mark.parametrize(
    "road",
    [
        ("DRAFT", "IN_PLAN", "APPROVED"),
        ("DRAFT", "APPROVED"),
        ("DRAFT", "WITHDRAWN", "APPROVED"),
        ("DRAFT", "REJECTED_PROV", "APPROVED"),
        ("DRAFT", "REJECTED_MIN", "IN_PLAN", "APPROVED"),
        ("DRAFT", "STOPPED", "APPROVED"),
        ("DRAFT", "WITHDRAWN", "ASSIGNED"),
        ("DRAFT", "WITHDRAWN", "STOPPED"),
    ],
)
def test_no_hand_written_road_leads_around_the_plan(
    thanh_hoa_centre: User, thanh_hoa_leader: User, road: tuple[str, ...]
) -> None:
    project = make_project(thanh_hoa_centre, purse=Purse.KCDP)
    open_tranche(project)
    assert "step_skips_approval" in sql(thanh_hoa_leader, *steps(project, thanh_hoa_leader, *road))


# --- money that comes after its entry was checked

LATER = {
    "an advance": (
        "INSERT INTO programs_carriedadvance (entry_id, source, paid_on, amount_vnd)"
        " VALUES ({entry}, 'KCDP', '{day}', {vnd})"
    ),
    "a source": (
        "INSERT INTO programs_carriedmoney (entry_id, source, approved_vnd, disbursed_vnd, refunded_vnd,"
        " settled_vnd, balance_vnd) VALUES ({entry}, 'KCQG', {vnd}, {vnd}, 0, 0, 0)"
    ),
}


@pytest.mark.parametrize(
    ("kind", "vnd", "day", "fits"),
    [
        ("an advance", 20 * MILLION, "2018-06-01", True),
        ("an advance", 20 * MILLION + 1, "2018-06-01", False),
        ("an advance", 1, "2026-01-01", False),
        ("a source", 40 * MILLION, "", True),
        ("a source", 40 * MILLION + 1, "", False),  # paid more than the contract
    ],
)
def test_what_is_added_once_the_entry_was_checked_is_checked_too(
    begun: User, thanh_hoa_officer: User, kind: str, vnd: int, day: str, fits: bool
) -> None:
    with act_as(thanh_hoa_officer):
        entry = carrying.enter(papers(), actor=thanh_hoa_officer)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        before = CarriedAdvance.objects.count() + CarriedMoney.objects.count()
        said = sql(thanh_hoa_officer, LATER[kind].format(entry=entry.pk, vnd=vnd, day=day))
        assert CarriedAdvance.objects.count() + CarriedMoney.objects.count() == before
    assert said == "" if fits else "carried_money_differs" in said


# --- days and offices


def test_a_project_of_one_day_is_confirmed(begun: User, thanh_hoa_officer: User) -> None:
    day = dt.date(2018, 6, 1)
    assert confirmed(entered(papers(starts_on=day, ends_on=day), thanh_hoa_officer), begun).ends_on == day


def test_its_office_of_today_is_of_its_province_or_of_a_whole_region() -> None:
    """A province's project for its own centre; that of a province which is no more for its successor's."""
    with pytest.raises(MissingDetail, match="không thuộc") as caught:
        require_sense(papers(implementer=cast.centre_of("Nghệ An")), FIRST_DAY)
    assert caught.value.field == "implementer"
    region = cast.office(OrganisationKind.REGION, "Trung tâm Khuyến công vùng Thử", AdminUnit.nation())
    require_sense(papers(implementer=region), FIRST_DAY)
    then = AdminUnit.objects.get(level="province", name="Tỉnh Yên Bái")
    require_sense(papers(province=then, implementer=cast.centre_of("Lào Cai")), FIRST_DAY)
    with pytest.raises(MissingDetail, match="không thuộc Tỉnh Yên Bái"):
        require_sense(papers(province=then), FIRST_DAY)


def test_whoever_has_left_the_office_no_longer_withdraws_its_entries(
    begun: User, thanh_hoa_officer: User
) -> None:
    entry = entered(papers(), thanh_hoa_officer)
    assert decide(thanh_hoa_officer, "programs.withdraw_carried", entry)
    today = timezone.localdate()
    with cast.nobody():
        Membership.objects.filter(user=thanh_hoa_officer).update(valid=(dt.date(2020, 1, 1), today))
        Membership.objects.create(
            user=thanh_hoa_officer, organisation=cast.cuc(), role=Role.CUC_OFFICER, valid=(today, None)
        )
    moved = User.objects.get(pk=thanh_hoa_officer.pk)
    with act_as(moved):
        seen = CarryOver.objects.visible_to(moved).select_related("plan").get()
        with pytest.raises(PermissionRefused, match="không còn làm ở cơ quan đã nhập"):
            carrying.withdraw(seen, actor=moved)
