"""The demonstration: lively, plainly fictitious, and true to every rule of the portal. Loaded once."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from accounts.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from accounts.models import Organisation, OrganisationKind, User
from accounts.roles import Role
from accounts.scope import act_as
from beneficiaries.models import Establishment, LegalForm
from clusters.models import Cluster
from programs.checks import first_blockers
from programs.demo import country
from programs.demo.registers import Sizes
from programs.demo.years import LAST, units_of
from programs.facts import verdicts_of
from programs.lifecycle import KCDP_STEPS, KCQG_STEPS, Kind, Purse, State
from programs.models import CarryOver, Ceiling, Project, TrancheState, Transition, YearPlan
from programs.querysets import ProjectQuerySet
from programs.selectors import waiting_for
from records import context
from records.history import events_of
from tests import database
from vietnam import taxcode
from vietnam.models import AdminUnit
from vietnam.units import find_province
from vietnam.workdays import add_working_days, load_calendar

pytestmark = pytest.mark.django_db

WITHOUT_A_QUEUE = {"vu.kehoach", "thanhtra", "quantri", "doitac.api", "cuc.quantri"}
"""They look on, keep accounts or read over the API."""

MERGER = dt.date(2025, 7, 1)


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """As ``./run`` loads it: by the owner, committed; taken away when this file is done."""
    with django_db_blocker.unblock():
        database.become(database.OWNER)
        try:
            call_command("load_demo", stdout=io.StringIO())
        finally:
            database.become(database.RUNTIME)
    yield
    with django_db_blocker.unblock():
        database.FLUSH()


@pytest.fixture
def projects() -> Iterator[ProjectQuerySet]:
    with context.whole_country():
        yield Project.objects.select_related("province", "owner__province", "activity")


def account(username: str) -> User:
    return User.objects.get(username=username)


def home(projects: ProjectQuerySet, **conditions: object) -> ProjectQuerySet:
    return projects.filter(province__code="38", year=2027, **conditions)


def test_about_six_hundred_projects_of_seven_years(projects: ProjectQuerySet) -> None:
    years = Counter(projects.values_list("year", flat=True))
    on_paper = {2016, 2018, 2019, 2020}
    assert set(years) == set(range(2021, 2028)) | on_paper
    assert 560 <= years.total() <= 660
    assert min(number for year, number in years.items() if year not in on_paper) >= 45
    assert 300 <= Establishment.objects.count() <= 400
    assert Cluster.objects.count() == 60


def test_every_state_of_both_purses_is_there(projects: ProjectQuerySet) -> None:
    for purse, steps in ((Purse.KCQG, KCQG_STEPS), (Purse.KCDP, KCDP_STEPS)):
        reachable = {State.DRAFT, *(step.target for step in steps)}
        assert set(projects.filter(purse=purse).values_list("state", flat=True)) == reachable
    assert set(projects.values_list("kind", flat=True)) == set(Kind)


def test_every_province_of_then_and_now_has_projects(projects: ProjectQuerySet) -> None:
    then = projects.filter(year__lte=2025).exclude(province__level="nation")
    before = AdminUnit.objects.provinces().on(MERGER - dt.timedelta(days=1))
    assert {project.province.bare_name for project in then} >= {unit.bare_name for unit in before}
    assert all(project.province.exists_on(dt.date(project.year, 1, 1)) for project in then)
    now = AdminUnit.objects.provinces().on(dt.date(2027, 1, 1))
    assert set(projects.filter(year=2027).values_list("province", flat=True)) >= {unit.pk for unit in now}


def test_offices_of_before_the_merger_are_succeeded_and_their_work_is_seen(projects: ProjectQuerySet) -> None:
    kinds = (OrganisationKind.SO, OrganisationKind.TTKC, OrganisationKind.UBND)
    for kind in kinds:
        assert Organisation.objects.on(MERGER - dt.timedelta(days=1)).filter(kind=kind).count() == 63
        assert Organisation.objects.on(MERGER).filter(kind=kind).count() == 34
        ended = Organisation.objects.filter(kind=kind, valid__endswith__isnull=False)
        assert not ended.filter(successor=None).exists()
    yen_bai = find_province("Yên Bái", dt.date(2022, 1, 1))
    old = projects.filter(province=yen_bai).first()
    assert old is not None
    assert "Yên Bái" in old.implementer_name
    of_lao_cai, of_nghe_an = account("so.laocai"), account("so.nghean")
    with act_as(of_lao_cai):
        assert Project.objects.visible_to(of_lao_cai).filter(pk=old.pk).exists()
    with act_as(of_nghe_an):
        assert not Project.objects.visible_to(of_nghe_an).filter(pk=old.pk).exists()


def test_every_role_has_an_account() -> None:
    roles = set(
        User.objects.filter(username__in=[row.username for row in DEMO_ACCOUNTS]).values_list(
            "memberships__role", flat=True
        )
    )
    assert roles == set(Role)


@pytest.mark.parametrize("username", [row.username for row in DEMO_ACCOUNTS])
def test_an_account_signs_in_and_finds_its_work(username: str) -> None:
    client = Client()
    assert client.login(username=username, password=DEMO_PASSWORD)
    page = client.get("/")
    assert page.status_code == 200
    assert (page.context["counts"].all > 0) is (username not in WITHOUT_A_QUEUE)


@pytest.mark.parametrize("office", ["ttkc", "so", "lanhdao", "ubnd"])
def test_thanh_hoas_accounts_have_five_to_twenty_things_to_do(office: str) -> None:
    user = account(f"{office}.thanhhoa")
    today = timezone.localdate()
    soon = add_working_days(today, 2, load_calendar())
    with act_as(user):
        work = list(waiting_for(user))
    days = [project.due_on for project in work if project.due_on]
    assert 5 <= len(work) <= 20
    if office != "ubnd":  # no rule gives the Chairman a day
        assert any(day < today for day in days)
        assert any(today <= day <= soon for day in days)
        assert any(day > soon for day in days)


def test_the_ministrys_open_tranche_nearly_meets_its_ceiling(projects: ProjectQuerySet) -> None:
    plan = YearPlan.objects.get(purse=Purse.KCQG, year=2027)
    ceiling = Ceiling.objects.get(plan=plan, source=Purse.KCQG)
    asked = sum(project.kcqg_vnd for project in projects.filter(plan=plan, state=State.IN_PLAN))
    waiting = sum(project.kcqg_vnd for project in projects.filter(plan=plan, state=State.PASSED_MIN))
    assert 0.9 * ceiling.amount_vnd < asked <= ceiling.amount_vnd < asked + waiting
    states = set(YearPlan.objects.filter(purse=Purse.KCQG).values_list("tranches__state", flat=True))
    assert states == set(TrancheState)


def test_steps_carry_the_days_they_were_taken_on(projects: ProjectQuerySet) -> None:
    now = timezone.now()
    last: dict[int, Transition] = {}
    for step in Transition.objects.order_by("project", "version"):
        before = last.get(step.project_id)
        assert step.recorded_at < now
        assert before is None or before.recorded_at < step.recorded_at
        last[step.project_id] = step
    for project in projects.filter(year=2022, state=State.ASSIGNED):
        assert project.created_at.year == 2021
        assert project.state_since.year in {2022, 2023}


def test_nobody_had_two_duties_in_one_project(projects: ProjectQuerySet) -> None:
    decided = projects.filter(state__in=[State.ASSIGNED, State.APPROVED], carried_as_of__isnull=True)
    for project in decided.prefetch_related("participations"):
        people = [row.user_id for row in project.participations.all()]
        duties = {row.duty for row in project.participations.all()}
        assert len(people) == len(set(people))
        assert duties == {"DRAFT", "APPRAISE", "APPROVE"}


def test_the_programme_before_the_portal_came_from_paper(projects: ProjectQuerySet) -> None:
    """A flagship of three years among them; one more waits for its second person."""
    rows = projects.filter(carried_as_of__isnull=False)
    assert Counter(rows.values_list("year", flat=True)) == {2016: 1, 2018: 1, 2019: 2, 2020: 1}
    assert {project.province.name for project in rows} == {"Tỉnh Thanh Hóa"}
    flagship = rows.get(kind=Kind.FLAGSHIP)
    assert flagship.starts_on is not None and flagship.ends_on is not None
    assert (flagship.purse, flagship.starts_on.year, flagship.ends_on.year) == (Purse.KCQG, 2018, 2020)
    assert CarryOver.objects.filter(outcome="").count() == 1


def test_firms_are_plainly_invented(projects: ProjectQuerySet) -> None:
    for firm in Establishment.objects.all():
        assert firm.name.endswith("Giả Định") or firm.legal_form == LegalForm.HOUSEHOLD
        if firm.tax_code:
            assert firm.tax_code.startswith("99")
            assert taxcode.normalise(firm.tax_code).valid_check
        else:
            assert firm.personal_code_masked.startswith("001******")


def test_the_records_satisfy_every_invariant() -> None:
    call_command("verify", stdout=io.StringIO())


def test_a_second_run_adds_nothing() -> None:
    def counted() -> list[int]:
        with context.whole_country():
            return [model.objects.count() for model in (Project, Transition, User, Establishment)]

    before, said = counted(), io.StringIO()
    call_command("load_demo", stdout=said)
    assert counted() == before
    assert "đã có" in said.getvalue()


@override_settings(KC_ENV="production")
def test_a_production_system_refuses_it() -> None:
    with pytest.raises(CommandError, match="production"):
        call_command("load_demo", stdout=io.StringIO())


def test_an_over_norm_dossier_waits_and_cannot_pass(projects: ProjectQuerySet) -> None:
    project = home(projects, state=State.REVIEW_PROV, kcqg_vnd=350_000_000).get()
    blockers = first_blockers(verdicts_of(project), State.PASSED_PROV)
    assert [verdict.code for verdict in blockers] == ["norm_cap"]


def test_one_firm_asks_in_two_provinces_and_both_are_told(projects: ProjectQuerySet) -> None:
    codes = Counter(Establishment.objects.exclude(tax_lookup="").values_list("tax_lookup", flat=True))
    [twice] = [code for code, count in codes.items() if count == 2]
    claims = projects.filter(year=2027, beneficiaries__establishment__tax_lookup=twice)
    assert {project.province.bare_name for project in claims} == {"Thanh Hóa", "Nghệ An"}
    for project in claims:
        assert "double_funding" in {verdict.code for verdict in verdicts_of(project)}


def test_two_purses_on_one_line_are_warned_of(projects: ProjectQuerySet) -> None:
    project = home(projects, kcqg_vnd__gt=0, kcdp_vnd__gt=0).get()
    assert "mixed_state_sources" in {verdict.code for verdict in verdicts_of(project)}


def test_a_group_names_no_firm_and_a_flagship_runs_for_three_years(projects: ProjectQuerySet) -> None:
    groups = projects.filter(kind=Kind.GROUP)
    assert groups
    assert not groups.filter(beneficiaries__isnull=False).exists()
    for project in projects.filter(kind=Kind.FLAGSHIP):
        assert project.starts_on and project.ends_on
        assert project.ends_on.year - project.starts_on.year == 2


def test_a_household_that_became_a_firm_keeps_its_past(projects: ProjectQuerySet) -> None:
    events: Any = events_of(Establishment)._default_manager
    grown = events.filter(pgh_label="update", legal_form="DNNVV").values_list("pgh_obj_id", flat=True)
    firm = Establishment.objects.get(pk=grown.get())
    years = projects.filter(beneficiaries__establishment=firm).values_list("year", flat=True)
    assert {2024, 2027} <= set(years)
    step = Transition.objects.filter(project__year=2024, project__beneficiaries__establishment=firm).first()
    assert step is not None
    assert step.content["beneficiaries"][0]["name"].startswith("Hộ kinh doanh")


def test_a_corrected_dossier_shows_what_changed(projects: ProjectQuerySet) -> None:
    corrected = home(projects, state=State.REVIEW_PROV).filter(transitions__action="return").get()
    first, second = corrected.transitions.filter(action="submit")
    assert first.content["scale"] != second.content["scale"]
    assert first.content["amounts_vnd"]["KCQG"] - second.content["amounts_vnd"]["KCQG"] == 5_000_000


def test_the_rest_of_the_country_is_taken_up_where_it_was_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(country, "SIZES", Sizes(2, 2, 1, 4, codes_after=1_000, second_names=("Ví Dụ",)))
    monkeypatch.setattr(country, "PROJECTS_A_PLAN", 2)
    monkeypatch.setattr(country, "PLANS_AT_ONCE", 1)
    monkeypatch.setattr(country, "FIRST", LAST)
    monkeypatch.setattr(country, "units_of", lambda year: units_of(year)[:4])
    heard: list[str] = []

    def stop(line: str) -> None:
        heard.append(line)
        raise KeyboardInterrupt

    def counted() -> list[int]:
        with context.whole_country():
            return [model.objects.count() for model in (Project, Establishment, Cluster)]

    before = counted()
    with pytest.raises(KeyboardInterrupt):
        country.grow(stop)
    stopped = counted()
    assert stopped[1:] == [before[1] + 63 * 2, before[2] + 5], "the registers are kept"
    assert stopped[0] == before[0], "the plan under way is not kept in half"
    call_command("load_demo", "--country", stdout=io.StringIO())
    grown = counted()
    assert grown[0] > before[0] and (grown[0] - before[0]) % 2 == 0 and grown[1:] == stopped[1:]
    call_command("load_demo", "--country", stdout=io.StringIO())
    assert counted() == grown
    call_command("verify", stdout=io.StringIO())
