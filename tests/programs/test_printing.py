"""The official forms of a project, filled in, as a page to print and as PDF."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from accounts.models import Delegation, User
from accounts.roles import Role
from accounts.scope import act_as
from programs.appraisal import fill
from programs.lifecycle import State
from programs.models import Project
from programs.printing.dossier import dossiers
from tests import cast
from tests.factories import advance_to, make_project, take
from tests.pages import cost_of, signed_in, text_of

pytestmark = pytest.mark.django_db

PARTS = (
    "1. Đơn vị thực hiện, phối hợp, thụ hưởng; địa điểm", "2. Sự cần thiết và căn cứ", "3. Mục tiêu",
    "4. Quy mô", "5. Nội dung và tiến độ", "6. Dự toán kinh phí (Mẫu số 1)",
    "7. Tổ chức thực hiện", "8. Hiệu quả",
)  # fmt: skip


@pytest.fixture
def project(thanh_hoa_centre: User) -> Project:
    return make_project(thanh_hoa_centre, effectiveness="", partner_name="")


def test_the_form_has_its_eight_parts_in_the_circulars_order(
    project: Project, thanh_hoa_centre: User
) -> None:
    page = text_of(thanh_hoa_centre, f"/de-an/{project.code}/mau-in/")
    places = [page.index(part) for part in PARTS]
    assert places == sorted(places)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in page and project.title in page
    assert "600.000.000" in page and "Sáu trăm triệu đồng." in page
    assert "chưa đối chiếu với tệp mẫu chính thức" in page
    assert "……………" in page[page.index(PARTS[7]) :], "an empty part is left for the pen"
    assert cost_of(thanh_hoa_centre, f"/de-an/{project.code}/mau-in/") <= 23


def test_the_place_names_each_unit_once(project: Project, thanh_hoa_centre: User) -> None:
    """The office may have written the commune or the province itself, in its own capitals."""
    with act_as(thanh_hoa_centre):
        commune = project.commune
        assert commune is not None
        wrote = f"Thôn 3, {commune.name.upper()}, tỉnh Thanh Hóa"
        Project.objects.filter(pk=project.pk).update(place_text=wrote)
    assert f"Địa điểm thực hiện: <b>{wrote}</b>" in text_of(
        thanh_hoa_centre, f"/de-an/{project.code}/mau-in/"
    )


def test_the_page_has_nothing_of_the_portals_frame_and_is_vietnamese_for_every_reader(
    project: Project, thanh_hoa_centre: User
) -> None:
    thanh_hoa_centre.language = "en"
    thanh_hoa_centre.save(update_fields=["language"])
    page = text_of(thanh_hoa_centre, f"/de-an/{project.code}/mau-in/")
    assert "sidebar" not in page and "<nav" not in page and "Sự cần thiết và căn cứ" in page


def test_the_same_form_comes_as_a_pdf(project: Project, thanh_hoa_centre: User) -> None:
    answer: Any = signed_in(thanh_hoa_centre).get(f"/de-an/{project.code}/mau-in/?dang=pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="de-an-{project.code}.pdf"'
    assert answer.content.startswith(b"%PDF-")


def test_sheet_and_minutes_are_printed_by_those_who_appraise(
    project: Project, thanh_hoa_centre: User, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    advance_to(project, State.REVIEW_PROV, drafter=thanh_hoa_centre)
    with act_as(thanh_hoa_officer):
        fill(project, {"need": ("FAIL", "Chưa có báo giá.")}, actor=thanh_hoa_officer)
    sheet = text_of(thanh_hoa_officer, f"/de-an/{project.code}/phieu/mau-in/")
    assert "PHIẾU THẨM ĐỊNH CẤP CƠ SỞ" in sheet and "Mẫu số 4b" in sheet and "Chưa có báo giá." in sheet
    minutes = text_of(thanh_hoa_leader, f"/de-an/{project.code}/bien-ban/")
    assert "BIÊN BẢN THẨM ĐỊNH CẤP CƠ SỞ" in minutes and thanh_hoa_officer.full_name in minutes
    assert signed_in(thanh_hoa_centre).get(f"/de-an/{project.code}/phieu/mau-in/").status_code == 403


def test_an_offices_head_stands_above_its_papers(project: Project, thanh_hoa_centre: User) -> None:
    office = project.owner
    office.head_parent, office.head_place = "Sở Công Thương thử", "Hạc Thành"
    office.save()
    page = text_of(thanh_hoa_centre, f"/de-an/{project.code}/mau-in/")
    head = page.partition("paper__head")[2].partition("</header>")[0]
    assert head.index("SỞ CÔNG THƯƠNG THỬ") < head.index(office.name.upper())
    assert "Hạc Thành, ngày" in head and "Số:" not in head


def test_minutes_have_the_symbol_of_the_office_that_appraises(
    project: Project, thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    advance_to(project, State.REVIEW_PROV, drafter=thanh_hoa_centre)
    office = thanh_hoa_leader.memberships.get().organisation
    office.head_name, office.head_symbol = "Sở Công Thương tỉnh thử", "SCT-QLCN"
    office.save()
    address = f"/de-an/{project.code}/bien-ban/"
    page = text_of(thanh_hoa_leader, address)
    assert "SỞ CÔNG THƯƠNG TỈNH THỬ" in page and "Số: ……/SCT-QLCN" in page
    assert signed_in(thanh_hoa_leader).get(f"{address}?dang=pdf").content.startswith(b"%PDF-")


def test_a_step_taken_with_lent_authority_names_its_form_and_holder_everywhere(
    project: Project, thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    advance_to(project, State.REVIEW_PROV, drafter=thanh_hoa_centre)
    deputy = cast.person("th.pho", "Vũ Thị Phó", Role.SO_OFFICER, cast.so_of("Thanh Hóa"))
    Delegation.objects.create(
        membership=thanh_hoa_leader.memberships.get(),
        delegate=deputy,
        form="KT",
        decision_number="15/QĐ-SCT",
        valid=(dt.date(2020, 1, 1), None),
    )
    take("pass", project, deputy)
    said = "Vũ Thị Phó (ký KT., thay Phạm Văn Ký)"
    assert said in text_of(thanh_hoa_leader, f"/de-an/{project.code}/")
    with act_as(thanh_hoa_leader):
        [_form, account] = dossiers([project], lambda _done: None)
    assert said in str(account.plain())
    step = (
        signed_in(thanh_hoa_leader).get(f"/api/v1/projects/{project.code}/transitions/").json()["results"][0]
    )
    assert (step["actor"], step["on_behalf_of"], step["lent_as"]) == ("Vũ Thị Phó", "Phạm Văn Ký", "KT")
