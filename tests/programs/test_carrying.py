"""Projects under way when the office begins with the portal: taken over as their papers say, and marked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError, ProgrammingError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.policy import PermissionRefused
from accounts.scope import act_as
from programs import carrying, tranches
from programs.carry_values import AdvanceFigures, SourceFigures, require_sense
from programs.carryterms import Progress
from programs.drafting import plan_for
from programs.errors import CarryConflict, MissingDetail, OverCeiling, PlanBlocked
from programs.facts import verdicts_of
from programs.lifecycle import Purse, State
from programs.models import CarryDay, CarryOver, Ceiling, Commitment, Participation, Project, Tranche
from records import outbox
from records.context import whole_country
from records.models import AuditEntry, InboxItem
from tests.carried import FIRST_DAY, begin_portal, confirmed, entered, give_ceiling, papers
from tests.factories import MILLION, PAPER, advance_to, make_project, open_tranche, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(thanh_hoa_leader: User) -> User:
    """The Sở decides in the portal since 2026; its plan of 2018 had 1,000 million."""
    begin_portal(thanh_hoa_leader)
    give_ceiling(thanh_hoa_leader, Purse.KCDP, 2018)
    return thanh_hoa_leader


@pytest.fixture
def nation_begun(cuc_leader: User) -> User:
    begin_portal(cuc_leader)
    give_ceiling(cuc_leader, Purse.KCQG, 2018)
    return cuc_leader


def settle() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_project_stands_as_its_papers_say_once_a_second_person_has_confirmed_it(
    begun: User, thanh_hoa_officer: User
) -> None:
    entry = entered(papers(), thanh_hoa_officer)
    with whole_country():
        assert not Project.objects.exists()  # nothing before the second person
    project = confirmed(entry, begun)
    with act_as(begun):
        settle()
        assert (project.state, project.year, project.code) == ("APPROVED", 2018, "KCDP-2018-38-0001")
        assert (project.kcdp_vnd, project.own_vnd, project.total_vnd) == (
            100 * MILLION, 150 * MILLION, 250 * MILLION,
        )  # fmt: skip
        assert project.carried_as_of == dt.date(2025, 12, 31)
        assert project.owner.name == "Trung tâm Khuyến công Thanh Hóa"
        firm = project.beneficiaries.get().establishment
        assert firm.name == "HTX Thử Chuyển Tiếp Giả Định"


def test_whoever_entered_it_hears_of_the_answer_once(begun: User, thanh_hoa_officer: User) -> None:
    confirmed(entered(papers(), thanh_hoa_officer), begun)
    outbox.dispatch()
    with whole_country():
        told = InboxItem.objects.filter(user=thanh_hoa_officer).values_list("kind", "title")
        assert [kind for kind, _title in told] == ["project.carried"], list(told)


def test_its_history_begins_with_one_event_that_names_everybody_and_no_check(
    begun: User, thanh_hoa_officer: User
) -> None:
    project = confirmed(entered(papers(), thanh_hoa_officer), begun)
    with act_as(begun):
        [step] = project.transitions.all()
        assert (step.action, step.source, step.target) == ("carry_over", "DRAFT", "APPROVED")
        assert (step.actor, step.paper_number, step.effective_on) == (
            begun, "11/QĐ-TN", dt.date(2018, 2, 1),
        )  # fmt: skip
        assert step.data == {
            "as_of": "2025-12-31",
            "entered_by": str(thanh_hoa_officer),
            "progress": "Đang thực hiện",
        }
        assert step.verdicts == [] and verdicts_of(project) == []
        assert not Participation.objects.filter(project=project).exists()  # nobody drafted or decided here
    with whole_country():
        told = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"programs.enter_carried", "programs.carry_over", "programs.verified_carried"} <= told


@pytest.mark.parametrize(
    ("purse", "progress", "state"),
    [
        ("KCDP", Progress.APPROVED, State.APPROVED),
        ("KCDP", Progress.ACCEPTED, State.APPROVED),
        ("KCQG", Progress.APPROVED, State.APPROVED),
        ("KCQG", Progress.DOING, State.ASSIGNED),
        ("KCQG", Progress.STOPPED, State.STOPPED),
    ],
)
def test_the_workflow_goes_on_from_the_state_it_has(
    begun: User, thanh_hoa_officer: User, nation_begun: User, cuc_officer: User, purse: str, progress: str,
    state: str,
) -> None:  # fmt: skip
    stop: dict[str, Any] = (
        {"stop_number": "9/QĐ", "stop_on": dt.date(2019, 1, 2)} if progress == "STOPPED" else {}
    )
    enterer, leader = (cuc_officer, nation_begun) if purse == "KCQG" else (thanh_hoa_officer, begun)
    project = confirmed(entered(papers(purse, progress=progress, **stop), enterer), leader)
    with act_as(leader):
        settle()
    assert project.state == state


def test_the_next_step_is_the_ordinary_one(nation_begun: User, cuc_officer: User) -> None:
    unpaid = [SourceFigures("KCQG", 100 * MILLION), SourceFigures("OWN", 150 * MILLION)]
    values = papers("KCQG", progress=Progress.APPROVED, money=unpaid, advances=[])
    project = confirmed(entered(values, cuc_officer), nation_begun)
    with act_as(cuc_officer):
        assert project.tranche is not None
        tranches.assign(project.tranche, actor=cuc_officer, paper=PAPER)
        settle()
        project.refresh_from_db()
    assert project.state == State.ASSIGNED
    take("stop", project, nation_begun, note="Cơ sở ngừng hoạt động.", paper=PAPER)
    with act_as(nation_begun):
        settle()
        assert Ceiling.objects.get(plan=project.plan).committed_vnd == 0
        assert [step.verdicts for step in project.transitions.all()] == [[], [], []]


# --- who


def test_nobody_confirms_what_they_entered_nor_enters_for_others(
    begun: User, thanh_hoa_officer: User, thanh_hoa_centre: User, nghe_an_leader: User, nghe_an_officer: User,
    cuc_leader: User, thanh_hoa_chair: User,
) -> None:  # fmt: skip
    for stranger in (thanh_hoa_centre, nghe_an_leader, nghe_an_officer, cuc_leader, thanh_hoa_chair):
        with pytest.raises(PermissionRefused):
            entered(papers(), stranger)
    by_leader = entered(papers(), begun)
    with pytest.raises(PermissionRefused, match="người thứ hai"):
        confirmed(by_leader, begun)
    for stranger in (thanh_hoa_officer, nghe_an_leader, cuc_leader):
        with pytest.raises(PermissionRefused):
            confirmed(by_leader, stranger)
    with act_as(thanh_hoa_officer), pytest.raises(PermissionRefused):
        carrying.withdraw(by_leader, actor=thanh_hoa_officer)


def test_national_ones_are_the_cucs(begun: User, thanh_hoa_officer: User, nation_begun: User) -> None:
    with pytest.raises(PermissionRefused, match="do Cục nhập"):
        entered(papers("KCQG"), thanh_hoa_officer)
    assert entered(papers("KCQG"), nation_begun).office.kind == "CUC"


def test_a_refusal_says_why_and_the_papers_may_be_entered_anew(begun: User, thanh_hoa_officer: User) -> None:
    entry = entered(papers(), thanh_hoa_officer)
    with act_as(begun):
        with pytest.raises(MissingDetail):
            carrying.refuse(entry, note=" ", actor=begun)
        carrying.refuse(entry, note="Sai số hợp đồng.", actor=begun)
    with pytest.raises(CarryConflict, match="đã được xử lý"):
        confirmed(entry, begun)
    assert confirmed(entered(papers(), thanh_hoa_officer), begun).state == "APPROVED"


# --- no way past approval


def test_only_decisions_before_the_offices_day_are_taken_over(begun: User, thanh_hoa_officer: User) -> None:
    late: dict[str, Any] = {"contract_on": FIRST_DAY, "as_of": dt.date(2026, 2, 1), "advances": []}
    with pytest.raises(MissingDetail, match="từ ngày 01/01/2026") as caught:
        entered(papers(decision_on=FIRST_DAY, **late), thanh_hoa_officer)
    assert caught.value.field == "decision_on"
    last = FIRST_DAY - dt.timedelta(days=1)
    assert entered(papers(decision_on=last, **late), thanh_hoa_officer).is_open


def test_without_the_offices_day_nothing_is_taken_over(thanh_hoa_officer: User) -> None:
    with pytest.raises(MissingDetail, match="chưa ghi ngày"):
        entered(papers(), thanh_hoa_officer)


def test_the_offices_day_has_its_document_and_only_ever_moves_earlier(
    begun: User, thanh_hoa_officer: User
) -> None:
    entry = entered(papers(), thanh_hoa_officer)
    office = entry.office
    for day, document, reason, field in (
        (dt.date(2026, 6, 1), "3/TB", "x", "day"), (FIRST_DAY, "3/TB", "x", "day"),
        (dt.date(2099, 1, 1), "3/TB", "x", "day"), (dt.date(2018, 1, 1), "", "x", "document_number"),
        (dt.date(2018, 1, 1), "3/TB", "", "reason"),
    ):  # fmt: skip
        with act_as(begun), pytest.raises(MissingDetail) as caught:
            carrying.set_day(office, day, document, reason, actor=begun)
        assert caught.value.field == field
    with act_as(thanh_hoa_officer), pytest.raises(PermissionRefused):
        carrying.set_day(office, dt.date(2018, 1, 1), "3/TB", "x", actor=thanh_hoa_officer)
    with act_as(begun):
        carrying.set_day(office, dt.date(2018, 1, 1), "3/TB", "ghi nhầm năm", actor=begun)
    with pytest.raises(MissingDetail, match="từ ngày 01/01/2018"):
        confirmed(entry, begun)


def test_a_dossier_on_its_way_in_the_portal_goes_that_way(
    begun: User, thanh_hoa_officer: User, thanh_hoa_centre: User
) -> None:
    title = "Hỗ trợ máy sấy đang xét duyệt thử"
    make_project(thanh_hoa_centre, purse=Purse.KCDP, year=2018, title=title)
    with pytest.raises(MissingDetail) as caught:
        entered(papers(title=title), thanh_hoa_officer)
    assert caught.value.field == "title"


def test_one_project_of_one_decision_is_taken_over_once(begun: User, thanh_hoa_officer: User) -> None:
    first = entered(papers(), thanh_hoa_officer)
    with pytest.raises(CarryConflict, match="đã được nhập"):
        entered(papers(), thanh_hoa_officer)
    confirmed(first, begun)
    with pytest.raises(MissingDetail, match="đã có trên cổng"):
        entered(papers(decision_number="12/QĐ-TN"), thanh_hoa_officer)


def test_a_decision_taken_in_the_portal_gets_no_more_projects(
    begun: User, thanh_hoa_officer: User, thanh_hoa_centre: User, thanh_hoa_chair: User
) -> None:
    """Nor does what the portal decides ever share a tranche with what came from paper."""
    carried = confirmed(entered(papers(), thanh_hoa_officer), begun)
    project = make_project(thanh_hoa_centre, purse=Purse.KCDP, year=2018)
    tranche = open_tranche(project)
    advance_to(project, State.IN_PLAN, drafter=thanh_hoa_centre, tranche=tranche)
    with act_as(thanh_hoa_chair):
        tranches.decide(Tranche.objects.get(pk=tranche.pk), actor=thanh_hoa_chair, paper=PAPER)
    with act_as(begun):
        Tranche.objects.filter(pk=tranche.pk).update(decision_number="13/QĐ-TN", decision_date="2018-02-01")
    entry = entered(papers(title="Khác", decision_number="13/QĐ-TN"), thanh_hoa_officer)
    with pytest.raises(CarryConflict, match="đã được ghi trên cổng"):
        confirmed(entry, begun)
    with act_as(begun), pytest.raises(DatabaseError, match="tranche_of_carried"), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(tranche=carried.tranche_id)
    with act_as(thanh_hoa_chair), pytest.raises((PlanBlocked, PermissionRefused)):
        assert carried.tranche is not None
        tranches.decide(carried.tranche, actor=thanh_hoa_chair, paper=PAPER)


# --- ceilings


def test_its_money_counts_against_the_ceiling_like_any_other(begun: User, thanh_hoa_officer: User) -> None:
    first = confirmed(entered(papers(), thanh_hoa_officer), begun)
    second = confirmed(entered(papers(title="Đề án thứ hai của quyết định"), thanh_hoa_officer), begun)
    stopped = papers(
        title="Đã ngừng", progress="STOPPED", stop_number="9/QĐ", stop_on=dt.date(2018, 9, 1), advances=[]
    )
    confirmed(entered(stopped, thanh_hoa_officer), begun)
    with act_as(begun):
        settle()
        ceiling = Ceiling.objects.get(plan=first.plan)
        assert ceiling.committed_vnd == 200 * MILLION  # what was stopped holds nothing
        assert Commitment.objects.filter(project=first).get().amount_vnd == 100 * MILLION
        assert first.tranche_id == second.tranche_id  # one paper decision, one tranche
        assert second.tranche is not None
        assert (second.tranche.decision_number, second.tranche.carried) == ("11/QĐ-TN", True)


def test_a_ceiling_is_neither_missing_nor_passed(thanh_hoa_leader: User, thanh_hoa_officer: User) -> None:
    begin_portal(thanh_hoa_leader)
    entry = entered(papers(), thanh_hoa_officer)
    with pytest.raises(CarryConflict, match="chưa có trần"):
        confirmed(entry, thanh_hoa_leader)
    give_ceiling(thanh_hoa_leader, Purse.KCDP, 2018, 100 * MILLION - 1)
    with pytest.raises(OverCeiling):
        confirmed(entry, thanh_hoa_leader)
    with whole_country():
        assert not Project.objects.exists() and not Tranche.objects.exists()
    give_ceiling(thanh_hoa_leader, Purse.KCDP, 2018, 100 * MILLION)
    assert confirmed(entry, thanh_hoa_leader).state == "APPROVED"


# --- money


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("kcdp_approved", {"money": [SourceFigures("OWN", 5)]}),
    ("kcdp_disbursed", {"money": [SourceFigures("KCDP", 100, 101)]}),
    ("kcdp_settled", {"money": [SourceFigures("KCDP", 100, 0, 0, 101)]}),
    ("kcdp_refunded", {"money": [SourceFigures("KCDP", 100, 50, 51)]}),
    ("kcdp_balance", {"money": [SourceFigures("KCDP", 100, 60, 0, 0, 41)]}),
    ("kcdp_disbursed", {"advances": [AdvanceFigures("KCDP", dt.date(2018, 5, 4), 60 * MILLION + 1)]}),
    ("as_of", {"advances": [AdvanceFigures("KCDP", dt.date(2026, 1, 1), 1)]}),
    ("contract_vnd", {"contract_vnd": 100 * MILLION + 1}),
    ("contract_vnd", {"contract_vnd": 60 * MILLION - 1}),
    ("contract_number", {"contract_number": ""}),
    ("kcdp_settled", {"progress": Progress.SETTLED}),
    ("stop_number", {"progress": Progress.STOPPED}),
    ("ends_on", {"starts_on": dt.date(2018, 6, 2), "ends_on": dt.date(2018, 6, 1)}),
    ("as_of", {"as_of": dt.date(2018, 1, 1)}),
    ("as_of", {"as_of": dt.date(2099, 1, 1)}),
    ("decision_on", {"decision_on": dt.date(2012, 7, 4)}),
]


@pytest.mark.parametrize(("field", "changes"), WRONG)
def test_what_does_not_add_up_is_told_at_its_field(field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(MissingDetail) as caught:
        require_sense(papers(**({"advances": []} | changes)), FIRST_DAY)
    assert caught.value.field == field


AMOUNT = st.integers(0, 12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(AMOUNT, AMOUNT, AMOUNT, AMOUNT, AMOUNT, st.none() | st.integers(1, 12))
def test_verb_and_database_agree_on_every_figure(
    begun: User, thanh_hoa_officer: User, approved: int, paid: int, back: int, settled: int, ahead: int,
    contract: int | None,
) -> None:  # fmt: skip
    """What the form refuses the database refuses too, and the other way round."""
    row = SourceFigures("KCDP", approved, paid, back, settled)
    advances = [AdvanceFigures("KCDP", dt.date(2018, 5, 4), ahead)] if ahead else []
    signed: dict[str, Any] = {
        "contract_number": "5/HĐ",
        "contract_on": dt.date(2018, 3, 1),
        "contract_vnd": contract,
    }
    if contract is None:
        signed = {"contract_number": "", "contract_on": None, "contract_vnd": None}
    values = papers(money=[row], advances=advances, firms=[], **signed)
    adds_up = (
        approved > 0 and back <= paid <= approved and settled <= approved and ahead <= paid
        and (contract is None or max(paid, settled) <= contract <= approved)
    )  # fmt: skip
    try:
        require_sense(values, FIRST_DAY)
        said = True
    except MissingDetail:
        said = False
    assert (said and approved > 0) == adds_up
    assert kept(values, thanh_hoa_officer) == adds_up


def kept(values: Any, actor: User) -> bool:
    """Whether the database alone takes these figures; nothing stays."""
    with act_as(actor), transaction.atomic():
        try:
            with transaction.atomic():
                plan = plan_for(values.purse, values.year, values.province)
                office = actor.memberships.get().organisation
                entry = CarryOver.objects.create(
                    plan=plan, province=values.province, office=office, entered_by=actor, **values.fields
                )
                carrying._add_rows(entry, values)
                settle()
            done = True
        except DatabaseError:
            done = False
        transaction.set_rollback(True)
    return done


# --- hand-written SQL


def sql(actor: User, *statements: str) -> str:
    """What the database says to these; "" where it lets them."""
    with act_as(actor):
        settle()
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except DatabaseError as error:
            return str(error)
    return ""


def forged_step(project: Project, actor: User, action: str, target: str) -> tuple[str, str]:
    return (
        "INSERT INTO programs_transition (project_id, version, action, source, target, actor_id, note,"
        " data, lent_as, paper_number, paper_signer, effective_on, recorded_at, content, verdicts)"
        f" VALUES ({project.pk}, {project.version + 1}, '{action}', '{project.state}', '{target}',"
        f" {actor.pk}, '', '{{}}', '', '11/QĐ-TN', '', '2018-02-01', now(), '{{}}', '[]')",
        f"UPDATE programs_project SET state = '{target}', version = version + 1, tranche_id ="
        f" (SELECT max(id) FROM programs_tranche) WHERE id = {project.pk}",
    )


def test_no_draft_is_smuggled_past_approval(
    begun: User, thanh_hoa_officer: User, thanh_hoa_centre: User
) -> None:
    confirmed(entered(papers(), thanh_hoa_officer), begun)
    draft = make_project(thanh_hoa_centre, purse=Purse.KCDP, year=2018)
    assert "step_skips_approval" in sql(begun, *forged_step(draft, begun, "approve", "APPROVED"))
    assert "tranche_of_carried" in sql(begun, *forged_step(draft, begun, "carry_over", "APPROVED"))
    assert "carried_project_differs" in sql(begun, forged_step(draft, begun, "carry_over", "APPROVED")[0])
    dressed = f"UPDATE programs_project SET carried_as_of = '2018-12-31' WHERE id = {draft.pk}"
    assert "carried_is_fixed" in sql(begun, dressed)
    tranche = "UPDATE programs_tranche SET carried = false"
    assert "carried_is_fixed" in sql(begun, tranche)


CONFIRM = (
    "UPDATE programs_carryover SET outcome = 'VERIFIED', decided_by_id = {by}, decided_at = now(),"
    " project_id = {project} WHERE id = {entry}"
)


def test_an_entry_is_confirmed_by_another_for_its_own_project_and_never_changed(
    begun: User, thanh_hoa_officer: User, nghe_an_leader: User
) -> None:
    done = entered(papers(), thanh_hoa_officer)
    project = confirmed(done, begun)
    entry = entered(papers(title="Khác"), thanh_hoa_officer)

    def by(actor: User, signer: User) -> str:
        return sql(actor, CONFIRM.format(by=signer.pk, project=project.pk, entry=entry.pk))

    assert "carried_by_another" in by(thanh_hoa_officer, thanh_hoa_officer)
    assert "carry_over_in_own_name" in by(thanh_hoa_officer, begun)
    assert "programs_carryover" in by(begun, begun)  # the project is another entry's
    by(nghe_an_leader, nghe_an_leader)
    for change in ("title = 'x'", "decision_on = '2017-01-01'", "as_of = '2024-01-01'", "contract_vnd = 1"):
        for pk in (done.pk, entry.pk):
            said = sql(begun, f"UPDATE programs_carryover SET {change} WHERE id = {pk}")
            assert "carry_over_is_fixed" in said, change
    for table in ("programs_carriedmoney", "programs_carriedadvance", "programs_carriedfirm"):
        assert sql(begun, f"DELETE FROM {table}") and sql(begun, f"UPDATE {table} SET entry_id = entry_id")
    assert sql(begun, "DELETE FROM programs_carryover") and sql(begun, "DELETE FROM programs_carryday")
    with whole_country():
        entry.refresh_from_db()
    assert entry.is_open


def test_hand_written_entries_keep_the_offices_day_and_name(
    begun: User, thanh_hoa_officer: User, nghe_an_officer: User
) -> None:
    values = papers()

    def write(actor: User, by: User, **changes: Any) -> None:
        with act_as(actor), transaction.atomic():
            plan = plan_for("KCDP", 2018, values.province)
            office = changes.pop("office", None) or thanh_hoa_officer.memberships.get().organisation
            CarryOver.objects.create(
                plan=plan, province=values.province, office=office, entered_by=by, **values.fields | changes
            )

    for word, changes in (
        ("decided_in_the_portal", {"decision_on": FIRST_DAY, "contract_on": FIRST_DAY, "as_of": FIRST_DAY}),
        ("figures_to_come", {"as_of": dt.date(2099, 1, 1)}),
        ("carry_over_days_in_order", {"as_of": dt.date(2018, 1, 1)}),
        ("carry_over_ends_after_start", {"starts_on": dt.date(2018, 6, 2), "ends_on": dt.date(2018, 6, 1)}),
        ("carry_over_begins_open", {"outcome": "VERIFIED", "decided_by": thanh_hoa_officer}),
    ):
        with pytest.raises(IntegrityError, match=word):
            write(thanh_hoa_officer, thanh_hoa_officer, **changes)
    with pytest.raises(IntegrityError, match="carry_over_begins_open"):
        write(thanh_hoa_officer, begun)
    with pytest.raises(ProgrammingError, match="row-level security"):
        write(nghe_an_officer, nghe_an_officer)
    office = begun.memberships.get().organisation
    with act_as(begun):
        for day in (dt.date(2026, 6, 1), dt.date(2099, 1, 1)):
            with pytest.raises(IntegrityError, match="carry_day_moves_back"), transaction.atomic():
                CarryDay.objects.create(
                    office=office, number=2, day=day, document_number="x", reason="x", set_by=begun
                )
