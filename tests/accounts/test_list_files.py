"""The file of a list: exactly the rows on screen, in their order, for whom they are visible."""

from __future__ import annotations

import csv
import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection

from accounts import lists
from accounts.models import User
from accounts.scope import act_as
from programs.models import Project
from records.context import whole_country
from tests.beneficiaries.test_establishment_list import PERSONAL
from tests.beneficiaries.test_establishment_list import keep as keep_firm
from tests.clusters.test_cluster_pages import keep as keep_cluster
from tests.factories import make_project
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.django_db


def csv_of(user: User, url: str) -> list[list[str]]:
    answer = signed_in(user).get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def test_the_file_of_projects_holds_the_filtered_rows_in_the_lists_order(
    thanh_hoa_centre: User, thanh_hoa_officer: User, nghe_an_centre: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("records.paging.PAGE_SIZE", 2)
    monkeypatch.setattr(lists, "AT_ONCE", 2)
    wanted = [make_project(thanh_hoa_centre, title=f"Hỗ trợ máy dệt thử {number}") for number in range(5)]
    make_project(thanh_hoa_centre, title="Hỗ trợ máy xay thử")
    make_project(nghe_an_centre, title="Hỗ trợ máy dệt thử xứ Nghệ")
    rows = csv_of(thanh_hoa_officer, "/de-an/?q=det&purse=KCQG&cursor=x&xuat=csv")
    with act_as(thanh_hoa_officer):
        order = Project.objects.filter(pk__in=[it.pk for it in wanted]).order_by("-updated_at", "-id")
        assert [row[0] for row in rows[1:-1]] == [project.code for project in order]
    assert rows[-1][0].startswith("Điều kiện lọc: Tìm: det; Nguồn: ")
    assert "Xuất lúc " in rows[-1][0]


def test_amounts_and_days_of_the_workbook_are_real(thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    answer = signed_in(thanh_hoa_centre).get("/de-an/?xuat=xlsx")
    assert answer["Content-Disposition"].startswith('attachment; filename="de-an-')
    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    assert "Tổng kinh phí (đồng)" in titles
    row = dict(zip(titles, sheet[2], strict=True))
    assert row["Tổng kinh phí (đồng)"].value == project.total_vnd == 600_000_000
    assert isinstance(row["Cập nhật"].value, dt.datetime)
    assert row["Mã đề án"].value == project.code


def test_a_file_is_audited_with_its_filters(thanh_hoa_officer: User) -> None:
    csv_of(thanh_hoa_officer, "/de-an/?overdue=true&xuat=csv")
    with whole_country(), connection.cursor() as cursor:
        cursor.execute("SELECT after FROM records_auditentry WHERE action = 'accounts.export_list'")
        rows = [row[0] for row in cursor.fetchall()]
    assert len(rows) == 1
    assert "Quá hạn xử lý" in str(rows[0])


def test_a_personal_number_leaves_only_masked(thanh_hoa_officer: User) -> None:
    keep_firm(thanh_hoa_officer, "Hộ kinh doanh Thử", code=PERSONAL)
    rows = csv_of(thanh_hoa_officer, "/co-so/?xuat=csv")
    assert rows[1][0] == "Hộ kinh doanh Thử"
    assert PERSONAL not in str(rows)
    assert "038******123" in rows[1]


def test_the_file_of_clusters_says_what_narrowed_it(thanh_hoa_officer: User) -> None:
    keep_cluster(thanh_hoa_officer, "Cụm Thử Một", type="craft_village")
    keep_cluster(thanh_hoa_officer, "Cụm Thử Hai")
    rows = csv_of(thanh_hoa_officer, "/cum-cong-nghiep/?type=craft_village&province=38&xuat=csv")
    assert [row[0] for row in rows[1:-1]] == ["Cụm Thử Một"]
    assert rows[-1][0].startswith("Điều kiện lọc: Tỉnh, thành phố: Thanh Hóa; Loại: Làng nghề. Xuất lúc ")


def test_the_cost_of_a_file_does_not_grow_with_each_row(
    thanh_hoa_centre: User, django_assert_max_num_queries: object
) -> None:
    for _number in range(12):
        make_project(thanh_hoa_centre)
    client = signed_in(thanh_hoa_centre)
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        client.get("/de-an/?xuat=csv").getvalue()


def test_conditions_stand_above_the_list_and_each_can_be_let_go(thanh_hoa_officer: User) -> None:
    keep_firm(thanh_hoa_officer, "Cơ sở Thử", legal_form="HTX")
    page = text_of(thanh_hoa_officer, "/co-so/?q=thu&legal_form=HTX&province=zz")
    assert "Tìm: thu" in page
    assert 'href="?legal_form=HTX&amp;province=zz"' in page
    assert "Loại hình: Hợp tác xã" in page
    assert "Tỉnh, thành phố: " not in page, "what makes no sense narrows nothing"
    assert "/co-so/?q=thu&amp;legal_form=HTX&amp;province=zz&amp;xuat=xlsx" in page
