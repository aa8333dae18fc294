"""The one question that looks across provinces: what it leaves behind, and what personal data never does."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from accounts.models import User
from accounts.scope import act_as
from beneficiaries.models import Establishment
from programs.drafting import BeneficiaryValues, DraftValues, save_draft
from programs.facts import past_support
from programs.models import BudgetLine, Project, SupportNorm
from records import personal
from records.context import whole_country
from records.history import events_of
from records.models import AuditEntry
from tests.factories import MILLION, make_project, take
from tests.pages import signed_in
from vietnam.money import MAX_VND

pytestmark = pytest.mark.django_db
CITIZEN = "079203012345"
CODE = "9900000019"


def looks_across() -> list[Any]:
    with whole_country():
        rows = AuditEntry.objects.filter(action="programs.look_across_provinces").order_by("id")
        return list(rows.values_list("actor_id", "after"))


def test_who_is_told_of_another_province_leaves_whom_they_asked_for_and_what_they_learnt(
    thanh_hoa_centre: User, nghe_an_centre: User
) -> None:
    firm = [BeneficiaryValues(name="Công ty TNHH Thử Hai Tỉnh", tax_code=CODE)]
    mine, theirs, draft = (
        make_project(who, beneficiaries=firm) for who in (thanh_hoa_centre, nghe_an_centre, nghe_an_centre)
    )
    take("submit", theirs, nghe_an_centre)
    before = len(looks_across())
    with act_as(thanh_hoa_centre):
        told = past_support([personal.lookup(CODE), personal.lookup("9900000027")], excluding=mine.pk)
        assert past_support([]) == ()
    assert [past.code for past in told] == [theirs.code], "a draft is nobody's support yet"
    assert looks_across()[before:] == [
        (
            thanh_hoa_centre.pk,
            {
                "lookups": sorted([personal.lookup(CODE), personal.lookup("9900000027")]),
                "projects": [theirs.code],
            },
        )
    ]
    with act_as(nghe_an_centre):
        past_support([personal.lookup(CODE)], excluding=draft.pk)
    assert len(looks_across()) == before + 1, "one's own province is no look across"


def test_the_same_answer_to_the_same_person_is_recorded_once_a_day(
    thanh_hoa_centre: User, thanh_hoa_officer: User, nghe_an_centre: User
) -> None:
    firm = [BeneficiaryValues(name="Công ty TNHH Thử Hai Tỉnh", tax_code=CODE)]
    mine = make_project(thanh_hoa_centre, beneficiaries=firm)
    take("submit", make_project(nghe_an_centre, beneficiaries=firm), nghe_an_centre)
    for _view in range(5):
        assert signed_in(thanh_hoa_centre).get(f"/de-an/{mine.code}/").status_code == 200
    assert [actor for actor, _after in looks_across()] == [thanh_hoa_centre.pk]
    signed_in(thanh_hoa_officer).get(f"/de-an/{mine.code}/")
    assert [actor for actor, _after in looks_across()] == [thanh_hoa_centre.pk, thanh_hoa_officer.pk]
    take("submit", make_project(nghe_an_centre, beneficiaries=firm), nghe_an_centre)
    signed_in(thanh_hoa_centre).get(f"/de-an/{mine.code}/")
    assert [len(after["projects"]) for _actor, after in looks_across()] == [1, 1, 2], "something new was told"


@pytest.mark.parametrize("box", ["name", "address"])
def test_a_personal_number_typed_beside_the_tax_code_is_refused_at_its_box(
    thanh_hoa_centre: User, box: str
) -> None:
    project = make_project(thanh_hoa_centre)
    form = {
        "beneficiaries-TOTAL_FORMS": "1", "beneficiaries-INITIAL_FORMS": "0", "version": str(project.version),
        "beneficiaries-0-name": "Hộ kinh doanh Thử", "beneficiaries-0-tax_code": "",
        "beneficiaries-0-address": "Xóm Thử",
    } | {f"beneficiaries-0-{box}": f"Bà Thử {CITIZEN}"}  # fmt: skip
    answer = signed_in(thanh_hoa_centre).post(f"/de-an/{project.code}/sua/thu-huong/", form)
    assert answer.status_code == 422
    assert "Không ghi số định danh cá nhân 12 chữ số ở đây" in answer.content.decode()


def test_a_writer_without_a_form_is_refused_before_the_database(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    household = [BeneficiaryValues(name=f"Hộ Thử {CITIZEN}")]
    for changes in (DraftValues({"content": f"CCCD {CITIZEN}"}), DraftValues(beneficiaries=household)):
        with act_as(thanh_hoa_centre), pytest.raises(ValidationError), transaction.atomic():
            save_draft(project, changes, actor=thanh_hoa_centre)
    with act_as(thanh_hoa_centre):
        assert not Establishment.objects.filter(name__contains=CITIZEN).exists()


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("programs_project", "title"),
        ("programs_project", "effectiveness"),
        ("beneficiaries_establishment", "head_name"),
        ("beneficiaries_productionsite", "address"),
    ],
)
def test_the_database_refuses_a_personal_number_in_running_text(
    thanh_hoa_centre: User, table: str, column: str
) -> None:
    make_project(thanh_hoa_centre)
    with act_as(thanh_hoa_centre), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = 'máy 300000000000, KCQG-2027-38-0012'")  # noqa: S608
        assert cursor.rowcount
        with pytest.raises(IntegrityError, match="_no_pii"), transaction.atomic():
            cursor.execute(f"UPDATE {table} SET {column} = 'bà Thử {CITIZEN}'")  # noqa: S608


def test_no_line_and_no_total_passes_the_limit_of_an_amount(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    with act_as(thanh_hoa_centre):
        lines = BudgetLine.objects.filter(project=project)
        for change in ({"unit_price_vnd": -1}, {"unit_price_vnd": MAX_VND + 1}, {"total_vnd": MAX_VND + 1}):
            with pytest.raises(IntegrityError, match="programs_budgetline_vnd"), transaction.atomic():
                lines.update(**change)
        BudgetLine.objects.create(project=project, position=2, description="Máy", total_vnd=1)
        with pytest.raises(IntegrityError, match="programs_project_vnd"), transaction.atomic():
            lines.update(total_vnd=MAX_VND)
        assert Project.objects.get(pk=project.pk).total_vnd < MAX_VND


@pytest.mark.owner_role
def test_a_norm_that_is_changed_keeps_what_it_was() -> None:
    norm: Any = SupportNorm.objects.filter(cap_vnd__isnull=False).order_by("pk")[0]
    events: Any = events_of(SupportNorm)._default_manager
    SupportNorm.objects.filter(pk=norm.pk).update(cap_vnd=F("cap_vnd") + MILLION)
    history = events.filter(pgh_obj_id=norm.pk).order_by("-pgh_id")
    assert [event.cap_vnd for event in history[:2]] == [norm.cap_vnd + MILLION, norm.cap_vnd]
