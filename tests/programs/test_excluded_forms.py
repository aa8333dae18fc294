"""Who is left out by the kind of establishment: dated, hard where it was read, a warning where it was not."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import User
from accounts.scope import act_as
from beneficiaries.models import Establishment
from programs.dossier_checks import exclusion_verdicts
from programs.facts import verdicts_of
from programs.lawbook import LawBook
from programs.models import Project
from programs.verdicts import Asking, Verdict
from tests.factories import make_project
from tests.programs.lawkit import facts

pytestmark = pytest.mark.django_db


def said(
    day: tuple[int, int, int], form: str, workers: int | None = None, activity: str = "N3.3"
) -> list[Verdict]:
    law = LawBook.load(dt.date(*day), "KCQG", None)
    return exclusion_verdicts(facts(activity, asking=(Asking("Cơ sở Thử", form, workers),)), law)


@pytest.mark.parametrize(
    ("form", "day", "outcome"),
    [
        ("TC_DV", (2013, 2, 9), None),
        ("TC_DV", (2013, 2, 10), "blocks"),
        ("TC_DV", (2027, 1, 1), "blocks"),
        ("CDT_CCN", (2025, 10, 14), "blocks"),
        ("CDT_CCN", (2025, 10, 15), None),
        ("NGHE_NHAN", (2025, 10, 14), "blocks"),
        ("NGHE_NHAN", (2025, 10, 15), None),
        ("THT", (2025, 10, 14), None),
        ("THT", (2025, 10, 15), "warns"),
        ("HTX", (2027, 1, 1), None),
        ("HKD", (2027, 1, 1), None),
        ("SXSH", (2027, 1, 1), None),
    ],
)
def test_a_form_is_left_out_from_the_day_of_its_document_to_its_last(
    form: str, day: tuple[int, int, int], outcome: str | None
) -> None:
    found = said(day, form)
    assert [("blocks" if each.blocks_from else "warns") for each in found] == ([outcome] if outcome else [])
    assert all(each.code == "excluded_case" and each.field == "beneficiaries" for each in found)


@pytest.mark.parametrize(
    ("form", "workers", "warned"),
    [("DNNVV", 200, False), ("DNNVV", 201, True), ("DNNVV", None, False), ("SXSH", 900, False)],
)
def test_a_large_enterprise_warns_by_an_unverified_rule_and_one_of_unknown_size_does_not(
    form: str, workers: int | None, warned: bool
) -> None:
    found = said((2027, 1, 1), form, workers)
    assert [(each.blocks_from, each.unverified) for each in found] == ([(None, True)] if warned else [])


def test_forms_matter_only_where_production_is_supported() -> None:
    assert said((2027, 1, 1), "TC_DV", activity="N3.3")
    assert not said((2027, 1, 1), "TC_DV", activity="N1")
    assert not said((2024, 1, 1), "CDT_CCN", activity="N7.4")


def test_the_register_tells_the_checks_of_a_project(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    with act_as(thanh_hoa_centre):
        Establishment.objects.filter(supports__project=project).update(legal_form="TC_DV")
        found = verdicts_of(Project.objects.get(pk=project.pk))
    [verdict] = [each for each in found if each.code == "excluded_case"]
    assert verdict.blocks_from == "PASSED_PROV"
    assert "là đơn vị thực hiện, không phải cơ sở được hỗ trợ" in verdict.message
    assert verdict.source == "46/2012/TT-BCT, Điều 3"
