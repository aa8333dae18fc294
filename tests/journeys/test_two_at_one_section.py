"""Two people in the same section: what differs is shown in words, rows only the other has included."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.scope import act_as
from programs.drafting import DraftValues, LineValues, save_draft
from programs.models import Project
from tests.factories import MILLION, make_project
from tests.journeys.conftest import Seat
from tests.journeys.portal import autosaved, says, stored
from vietnam.models import AdminUnit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TECHNICAL = re.compile(r"lines-\d|-amount|-total|\bon\b|__|[a-z]+_[a-z]+")


def _change_elsewhere(project: Project, user: User, values: DraftValues) -> None:
    with act_as(user):
        save_draft(Project.objects.get(pk=project.pk), values, actor=user)


def _rows(page: Page) -> dict[str, tuple[str, str]]:
    expect(page.get_by_role("dialog", name="Có người khác đã lưu")).to_be_visible()
    cells = page.locator("#compare tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    assert not TECHNICAL.search(" ".join(word for row in cells for word in row)), cells
    return {label: (mine, theirs) for label, mine, theirs in cells}


def test_rows_only_the_other_has_are_shown_with_their_columns(seat: Seat, thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    page = seat(thanh_hoa_centre, f"/de-an/{project.code}/sua/kinh-phi/")
    first = page.get_by_label("Nội dung chi dòng 1")
    kept = first.input_value()
    lines = [LineValues(words, 5 * MILLION, {"OWN": 5 * MILLION}) for words in (kept, "Máy mài", "Máy khoan")]
    _change_elsewhere(project, thanh_hoa_centre, DraftValues(lines=lines))
    first.fill("Máy cắt đá")
    found = _rows(page)
    assert found["Nội dung chi dòng 1"] == ("Máy cắt đá", kept)
    assert found["Nội dung chi dòng 3"] == ("–", "Máy khoan")
    assert found["Được hỗ trợ dòng 3"] == ("–", "Có")
    assert found["Tổng chi phí dòng 3"][1].startswith("5")
    assert not any("dòng 4" in label for label in found), "blank rows are nothing"
    page.get_by_role("button", name="Giữ nội dung của tôi").click()
    expect(page.locator("[data-save-status]")).to_contain_text("Đã lưu nháp lúc")


def test_choices_both_have_made_are_shown_in_words_and_what_only_the_other_did_is_taken(
    seat: Seat, thanh_hoa_centre: User
) -> None:
    project = make_project(thanh_hoa_centre)
    page = seat(thanh_hoa_centre, f"/de-an/{project.code}/sua/thong-tin/")
    other = {"kind": "GROUP", "new_rural": not project.new_rural, "partner_name": "Hội Làng nghề"}
    _change_elsewhere(project, thanh_hoa_centre, DraftValues(fields=other))
    page.get_by_label("Loại đề án").select_option("FLAGSHIP")
    page.get_by_label("Đơn vị phối hợp").fill("Hội Nông dân")
    found = _rows(page)
    assert found == {
        "Loại đề án": ("Đề án điểm", "Đề án nhóm"),
        "Đơn vị phối hợp": ("Hội Nông dân", "Hội Làng nghề"),
    }
    with autosaved(page):
        page.get_by_role("button", name="Giữ nội dung của tôi").click()
    kept = stored(project.code, thanh_hoa_centre)
    assert (kept.kind, kept.partner_name) == ("FLAGSHIP", "Hội Nông dân")
    assert kept.new_rural is not project.new_rural, "only the other has touched it"


def test_two_people_at_different_fields_are_not_asked_and_both_are_kept(
    seat: Seat, thanh_hoa_centre: User
) -> None:
    project = make_project(thanh_hoa_centre)
    page = seat(thanh_hoa_centre, f"/de-an/{project.code}/sua/noi-dung/")
    _change_elsewhere(project, thanh_hoa_centre, DraftValues(fields={"scale": "Hai máy mới."}))
    page.get_by_label("Tổ chức thực hiện").fill("Trung tâm nghiệm thu.")
    says(page, "Đã nhận thay đổi của người khác")
    expect(page.locator("[data-save-status]")).to_contain_text("Đã lưu nháp lúc")
    expect(page.locator("#compare")).to_have_count(0)
    kept = stored(project.code, thanh_hoa_centre)
    assert (kept.scale, kept.organisation) == ("Hai máy mới.", "Trung tâm nghiệm thu.")


def test_two_places_of_one_name_are_a_difference(seat: Seat, thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre, place_text="Thôn Thử")
    _first, other, *_rest, last = AdminUnit.objects.on(dt.date(2027, 1, 1)).filter(
        level="commune", parent__code="38"
    )
    page = seat(thanh_hoa_centre, f"/de-an/{project.code}/sua/thong-tin/")
    _change_elsewhere(project, thanh_hoa_centre, DraftValues(fields={"commune": last}))
    page.locator("[name=commune]").evaluate("(box, id) => { box.value = id; }", str(other.pk))
    page.get_by_label("Tên đề án").fill("Đề án đổi tên ở đây")
    found = _rows(page)
    assert found["Địa điểm thực hiện"] == ("Thôn Thử", "Thôn Thử (nơi khác cùng tên)")


def test_the_same_words_on_both_sides_need_no_question(seat: Seat, thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    page = seat(thanh_hoa_centre, f"/de-an/{project.code}/sua/noi-dung/")
    _change_elsewhere(project, thanh_hoa_centre, DraftValues(fields={"necessity": "Máy cũ."}))
    page.get_by_label("Sự cần thiết").fill("Máy cũ.")
    expect(page.locator("[data-save-status]")).to_contain_text("Đã lưu nháp lúc")
    page.wait_for_timeout(2500)
    expect(page.locator("#compare")).to_have_count(0)
