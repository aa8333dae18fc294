"""Ticked rows, live sums, a double press: what the pages do between two answers of the server."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.models import User
from accounts.scope import act_as
from programs.lifecycle import Source, State
from programs.models import Project
from tests.factories import MILLION, advance_to, make_project, open_tranche
from tests.journeys.conftest import Seat
from tests.journeys.portal import PHONE, autosaved, keep_download, stored
from tests.journeys.test_accessibility import violations

pytestmark = pytest.mark.django_db(transaction=True)


def _three(centre: User) -> list[Project]:
    """Two dossiers the leader may pass, and one over the norm."""
    over = make_project(centre, amounts={Source.KCQG: 350 * MILLION, Source.OWN: 650 * MILLION})
    rows = [make_project(centre), make_project(centre), over]
    return [advance_to(row, State.REVIEW_PROV, drafter=centre) for row in rows]


def test_ticked_rows_are_judged_in_a_dialog_before_they_move(
    seat: Seat, thanh_hoa_centre: User, thanh_hoa_leader: User, tmp_path_factory: pytest.TempPathFactory
) -> None:
    *good, over = _three(thanh_hoa_centre)
    page = seat(thanh_hoa_leader)
    page.goto("/")
    page.get_by_label("Chọn tất cả").check()
    page.get_by_role("button", name="Đạt thẩm định cấp cơ sở").click()
    dialog = page.get_by_role("dialog", name="2 sẽ chuyển, 1 không")
    expect(dialog).to_contain_text("vượt mức tối đa")
    assert violations(page, "preview of several steps") == []
    assert stored(good[0].code, thanh_hoa_leader).state == State.REVIEW_PROV
    dialog.get_by_role("button", name="Chuyển 2 hồ sơ").click()
    expect(page.get_by_role("heading", name="2/2 hồ sơ đã chuyển")).to_be_visible()
    file = keep_download(page, "Tải kết quả", tmp_path_factory.mktemp("files"))
    assert good[0].code in file.read_text(encoding="utf-8-sig")
    assert stored(over.code, thanh_hoa_leader).state == State.REVIEW_PROV


def test_without_scripts_the_preview_is_a_page(
    seat: Seat, thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    code = _three(thanh_hoa_centre)[0].code
    page = seat(thanh_hoa_leader, java_script_enabled=False)
    page.get_by_label(f"Chọn {code}").check()
    page.get_by_role("button", name="Đạt thẩm định cấp cơ sở").click()
    page.get_by_role("button", name="Chuyển 1 hồ sơ").click()
    expect(page.get_by_role("heading", name="1/1 hồ sơ đã chuyển")).to_be_visible()


def test_ticking_candidates_moves_what_a_tranche_would_leave(
    seat: Seat, thanh_hoa_centre: User, cuc_officer: User
) -> None:
    waiting = [make_project(thanh_hoa_centre) for _number in range(2)]
    address = f"/dot/{open_tranche(waiting[0], ceiling_vnd=400 * MILLION).uuid}/"
    for project in waiting:
        advance_to(project, State.PASSED_MIN, drafter=thanh_hoa_centre)
    page = seat(cuc_officer)
    page.set_viewport_size(PHONE)
    page.goto(address)
    bar = page.locator(".save-bar")
    page.get_by_label(waiting[0].code).check()
    expect(bar).to_contain_text("còn lại 150")
    expect(bar).to_be_in_viewport()
    page.get_by_label(waiting[1].code).check()
    expect(bar).to_contain_text("vượt trần 100")
    expect(page.locator(".sums")).to_contain_text("Vượt trần")
    page.get_by_label(waiting[1].code).uncheck()
    expect(bar).to_contain_text("còn lại 150")


def test_a_double_press_creates_one_record(seat: Seat, thanh_hoa_centre: User) -> None:
    page = seat(thanh_hoa_centre)
    page.goto("/de-an/tao/")
    page.get_by_label("Tên đề án").fill("Đề án bấm đúp")
    page.get_by_role("button", name="Tạo bản nháp").dblclick()
    page.wait_for_url("**/sua/**")
    with act_as(thanh_hoa_centre):
        assert Project.objects.filter(title="Đề án bấm đúp").count() == 1


def test_the_place_beside_the_field_is_the_one_typed_last(seat: Seat, thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre)
    page = seat(thanh_hoa_centre)
    page.goto(f"/de-an/{project.code}/sua/thong-tin/")
    with autosaved(page):
        page.locator("#id_place_text").fill("Xã Nga Sơn")
    expect(page.locator("#place-now")).to_contain_text("Xã Nga Sơn, tỉnh Thanh Hóa")
