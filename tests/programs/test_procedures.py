"""Official forms and who decides a change: by their day, edited like every rule."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from accounts.models import User
from accounts.scope import act_as
from programs.lawterms import ChangeKind, Decider
from programs.lifecycle import Kind, Purse, State
from programs.models import ChangeAuthority, OfficialForm, Project
from programs.procedures import authorities, form_on
from programs.rule_effects import effects_of
from programs.rulekinds import BY_CODE, KINDS, RuleKind
from programs.rules import wish
from records.context import whole_country
from tests.factories import advance_to, make_project
from tests.pages import signed_in, text_of
from tests.programs.rulekit import proposed, verified

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 27)
ORDERED = dt.date(2014, 2, 10)
"""Circular 36/2013 came into force."""
ORDERED_FORMS = "1 2 3a 3b 4a 4b 5a 5b 5c 6 7 8a 8b 9 10 11 12 13"


def test_a_form_is_known_from_the_day_its_circular_holds() -> None:
    before, since = (
        form_on("appraisal_named", ORDERED - dt.timedelta(days=1)),
        form_on("appraisal_named", ORDERED),
    )
    assert (before.bracketed, since.bracketed) == ("", "(Mẫu số 4b)")
    assert "chưa biết văn bản" in before.note
    assert "Thông tư 36/2013/TT-BCT, chưa đối chiếu" in since.note


def test_every_form_of_the_circular_is_in_the_register() -> None:
    numbers = OfficialForm.objects.filter(valid__contains=TODAY).values_list("number", flat=True)
    assert sorted(numbers) == sorted(ORDERED_FORMS.split())


def test_a_form_numbered_anew_is_on_papers_from_its_day(
    cuc_officer: User, cuc_leader: User, thanh_hoa_centre: User
) -> None:
    project = make_project(thanh_hoa_centre)
    address = f"/de-an/{project.code}/mau-in/"
    assert "6. Dự toán kinh phí (Mẫu số 1)" in text_of(thanh_hoa_centre, address)
    row = OfficialForm.objects.get(code="budget_estimate")
    verified(proposed(cuc_officer, TODAY - dt.timedelta(days=30), of=row, number="01-KC"), cuc_leader)
    assert "6. Dự toán kinh phí (Mẫu số 01-KC)" in text_of(thanh_hoa_centre, address)
    assert form_on("budget_estimate", dt.date(2020, 1, 1)).label == "Mẫu số 1"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
def test_the_database_knows_where_each_kind_of_rule_is_kept(kind: RuleKind) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT programs_rule_table(%s)", [str(kind.code)])
        assert cursor.fetchone() == (kind.model._meta.db_table,)


@pytest.mark.parametrize(
    ("kind", "change", "who"),
    [
        (Kind.SINGLE, ChangeKind.RAISE_TOTAL, Decider.MINISTER),
        (Kind.SINGLE, ChangeKind.SITE, Decider.CUC),
        (Kind.GROUP, ChangeKind.SITE, Decider.SO),
        (Kind.GROUP, ChangeKind.PARTNER, Decider.SO),
        (Kind.GROUP, ChangeKind.TIME_IN_YEAR, Decider.CUC),
        (Kind.FLAGSHIP, ChangeKind.STOP, Decider.MINISTER),
    ],
)
def test_a_change_is_decided_by_whom_the_circular_says(kind: Kind, change: ChangeKind, who: Decider) -> None:
    found = authorities(Project(purse=Purse.KCQG, kind=kind), TODAY)
    assert [row.change for row in found] == ChangeKind.values, "every change once, in one order"
    assert {row.change: row.decided_by for row in found}[change] == who


def test_for_local_money_the_portal_says_nothing_it_does_not_know() -> None:
    assert authorities(Project(purse=Purse.KCDP, kind=Kind.SINGLE), TODAY) == []


def test_who_puts_a_slip_right_reads_who_decides_what_is_no_slip(
    thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    project = make_project(thanh_hoa_centre)
    advance_to(project, State.PASSED_PROV, drafter=thanh_hoa_centre)
    page = text_of(thanh_hoa_leader, f"/de-an/{project.code}/dinh-chinh/")
    assert "Thay đổi khác: ai quyết định" in page and "Bộ trưởng (Cục trình)" in page
    assert "36/2013/TT-BCT, Điều 11" in page


def test_a_new_authority_says_that_no_project_is_judged_otherwise(cuc_officer: User) -> None:
    with whole_country():
        row = ChangeAuthority.objects.get(change=ChangeKind.STOP, project_kind="")
    row.decided_by = Decider.CUC
    with act_as(cuc_officer):
        effects = effects_of(wish(BY_CODE["change"], row, TODAY), cuc_officer)
    assert effects.judged == 0 and effects.touched == ()
    sent = {
        "valid_from": "01/12/2026", "decided_by": "cuc", "clause": "Điều 2", "confidence": "seen",
        "source_document": row.source_document_id, "reason": "Thông tư mới (thử).",
    }  # fmt: skip
    answer = signed_in(cuc_officer).post(f"/quy-dinh/tham-quyen/{row.pk}/sua/", sent)
    assert "không đổi kết quả kiểm tra, thời hạn hay thứ tự" in answer.content.decode()
