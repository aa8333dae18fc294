"""The list we write can be sent back to us: our own reader of registration workbooks understands it."""

from __future__ import annotations

import io

import pytest
from django.utils import translation

from accounts.models import User
from programs.intake.appraise import appraise, read_workbook
from programs.models import ActivityKind
from tests.factories import MILLION, make_project
from tests.reports.conftest import ask, fresh, paper_of

pytestmark = pytest.mark.django_db


def test_a_written_list_reads_back_as_the_same_projects(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    brand = ActivityKind.objects.filter(code="N4.5").latest("id")
    made = [
        make_project(
            thanh_hoa_centre, title="Hỗ trợ ứng dụng máy móc thiết bị tiên tiến trong sản xuất đồ gỗ"
        ),
        make_project(thanh_hoa_centre, amounts={"KCQG": 123_456_789, "OWN": 300 * MILLION, "OTHER": 1}),
        make_project(thanh_hoa_centre, activity=brand, title="Xây dựng và đăng ký nhãn hiệu nem chua"),
    ]
    out = io.BytesIO()
    paper_of(fresh(ask(thanh_hoa_officer))).write(out, lambda pct, step: None)
    with translation.override("vi"):
        workbook = appraise(read_workbook(out.getvalue()))
    assert (workbook.year, workbook.purse) == (2027, "KCQG")
    assert workbook.province == "Tỉnh Thanh Hóa"
    assert [row.title for row in workbook.rows] == [project.title for project in made]
    assert [row.money.total for row in workbook.rows] == [project.total_vnd for project in made]
    assert [row.money.kcqg for row in workbook.rows] == [project.kcqg_vnd for project in made]
    assert [row.money.own for row in workbook.rows] == [project.own_vnd for project in made]
    assert [row.starts_on for row in workbook.rows] == [project.starts_on for project in made]
    assert not [each for each in workbook.sheet_problems if each.code == "sum_mismatch"]
