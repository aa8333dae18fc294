"""Last year's values as help at the form's fields."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.scope import act_as
from programs.copying import copy_project
from programs.draft_values import DraftValues, ResultValues
from programs.drafting import BeneficiaryValues, save_draft
from programs.models import ActivityKind, Project
from programs.precedent import precedent_for, precedent_of
from tests.factories import make_project, tax_code
from tests.pages import cost_of, text_of

pytestmark = pytest.mark.django_db
FIRM = BeneficiaryValues("Công ty TNHH Lặp Lại Giả Định", tax_code(8_800_001))


def earlier_of(project: Project, reader: User) -> Project | None:
    with act_as(reader):
        return precedent_of(reader, Project.objects.select_related("activity").get(pk=project.pk))


def test_the_same_firm_goes_before_the_same_activity_and_the_later_year_before_the_earlier(
    thanh_hoa_centre: User,
) -> None:
    with act_as(thanh_hoa_centre):
        other = ActivityKind.objects.get(code="N5")
    same_firm = make_project(thanh_hoa_centre, year=2025, beneficiaries=[FIRM], activity=other)
    older, same_activity = (make_project(thanh_hoa_centre, year=year) for year in (2024, 2026))
    mine = make_project(thanh_hoa_centre, beneficiaries=[FIRM])
    assert earlier_of(mine, thanh_hoa_centre) == same_firm
    assert earlier_of(make_project(thanh_hoa_centre), thanh_hoa_centre) == same_activity
    assert earlier_of(same_activity, thanh_hoa_centre) == older
    assert earlier_of(older, thanh_hoa_centre) is None


def test_what_it_was_copied_from_goes_before_everything(thanh_hoa_centre: User) -> None:
    source = make_project(thanh_hoa_centre, year=2025, beneficiaries=[FIRM])
    make_project(thanh_hoa_centre, year=2026, beneficiaries=[FIRM])
    with act_as(thanh_hoa_centre):
        made = copy_project(Project.objects.get(pk=source.pk), actor=thanh_hoa_centre, year=2027)
    assert earlier_of(made, thanh_hoa_centre) == source


def test_no_help_comes_from_behind_the_walls(thanh_hoa_centre: User, thanh_hoa_officer: User) -> None:
    """The Sở sees its province's centre; the centre does not see what the Sở drafted itself."""
    make_project(thanh_hoa_officer, year=2026, beneficiaries=[FIRM])
    mine = make_project(thanh_hoa_centre, beneficiaries=[FIRM])
    assert earlier_of(mine, thanh_hoa_centre) is None
    assert earlier_of(mine, thanh_hoa_officer) is not None


def test_each_section_shows_last_years_values_with_their_source(thanh_hoa_centre: User) -> None:
    earlier = make_project(thanh_hoa_centre, year=2026, beneficiaries=[FIRM], place_text="Làng nghề Thử")
    with act_as(thanh_hoa_centre):
        results = DraftValues(results=[ResultValues("Lao động", "12", "người")])
        save_draft(earlier, results, actor=thanh_hoa_centre)
    mine = make_project(thanh_hoa_centre, beneficiaries=[FIRM])
    shown = {
        "thong-tin": "Năm trước: Làng nghề Thử",
        "thu-huong": "Năm trước: 1 cơ sở (Công ty TNHH Lặp Lại Giả Định)",
        "kinh-phi": "Năm trước: 600\N{NO-BREAK SPACE}triệu đồng (KCQG 250; đối ứng 350)",
        "tien-do": "Năm trước: Lao động: 12 người",
    }
    for section, words in shown.items():
        page = text_of(thanh_hoa_centre, f"/de-an/{mine.code}/sua/{section}/")
        assert words in page
        assert "“Năm trước” là đề án" in page
        assert earlier.code in page
    assert "(8 tháng)" in text_of(thanh_hoa_centre, f"/de-an/{mine.code}/sua/kinh-phi/")
    assert "Năm trước" not in text_of(thanh_hoa_centre, f"/de-an/{earlier.code}/sua/kinh-phi/")


@pytest.mark.parametrize("section", ["thong-tin", "thu-huong", "kinh-phi", "tien-do"])
def test_the_help_costs_a_few_queries_a_page(thanh_hoa_centre: User, section: str) -> None:
    make_project(thanh_hoa_centre, year=2026)
    mine = make_project(thanh_hoa_centre)
    with act_as(thanh_hoa_centre), CaptureQueriesContext(connection) as asked:
        precedent_for(thanh_hoa_centre, Project.objects.get(pk=mine.pk), section, "dong")
    assert len(asked) <= 6  # the project itself, its activity, two ways to a precedent, two kinds of rows
    cost_of(thanh_hoa_centre, f"/de-an/{mine.code}/sua/{section}/")
