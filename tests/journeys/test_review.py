"""The reviewer's desk: what changed, the papers beside it, what others say about it, the decision."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import Role
from accounts.scope import act_as
from programs.dossier import attach
from programs.drafting import DraftValues, save_draft
from programs.lifecycle import State
from programs.models import Project
from records import outbox
from tests import cast
from tests.factories import advance_to, make_project, take
from tests.journeys.conftest import Seat
from tests.journeys.portal import fits, says
from tests.programs.test_paper_beside import PDF, PNG

pytestmark = pytest.mark.django_db(transaction=True)


def sent_twice(centre: User, leader: User) -> Project:
    project = make_project(centre, necessity="Máy cũ, hao phí nguyên liệu.")
    advance_to(project, State.REVIEW_PROV, drafter=centre)
    take("return", project, leader, note="Nêu rõ hao phí.")
    with act_as(centre):
        mended = DraftValues(fields={"necessity": "Máy cũ, hao phí 12% nguyên liệu."})
        project = save_draft(project, mended, actor=centre)
    advance_to(project, State.REVIEW_PROV, drafter=centre)
    return project


def test_two_submissions_stand_side_by_side_with_their_changes_marked(
    seat: Seat, thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    project = sent_twice(thanh_hoa_centre, thanh_hoa_leader)
    page = seat(thanh_hoa_leader, f"/de-an/{project.code}/tham-dinh/")
    expect(page.locator("main h2").first).to_have_text("Thay đổi kể từ lần gửi trước")
    page.get_by_role("link", name="So sánh các lần gửi").click()
    row = page.get_by_role("row").filter(has_text="Sự cần thiết")
    expect(row.locator("ins")).to_have_text("thêm: 12%")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="Toàn bộ hồ sơ").click()
    expect(page.get_by_role("row").filter(has_text="Không đổi").first).to_be_visible()
    page.get_by_label("Bản sau").select_option("1")
    page.get_by_role("button", name="So sánh").click()
    expect(page.get_by_text("Hai bản giống nhau")).to_be_visible()
    fits(page)


def test_a_remark_at_a_field_reaches_the_colleague_and_the_drafter(
    seat: Seat, thanh_hoa_centre: User, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    project = sent_twice(thanh_hoa_centre, thanh_hoa_leader)
    officer = seat(thanh_hoa_officer, f"/de-an/{project.code}/tham-dinh/")
    officer.get_by_role("link", name="Nhận xét về Sự cần thiết và căn cứ").click()
    officer.wait_for_load_state()
    expect(officer.get_by_label("Mục")).to_have_value("necessity")
    words = officer.get_by_role("textbox", name="Nhận xét", exact=True)
    words.press_sequentially("Nêu nguồn số liệu 12% @ky")
    officer.keyboard.press("Tab")
    officer.keyboard.press("Space")
    expect(words).to_have_value(f"Nêu nguồn số liệu 12% @{thanh_hoa_leader.full_name} ")
    officer.get_by_label("Đơn vị lập đề án và mọi người thấy hồ sơ").check()
    officer.get_by_role("button", name="Ghi nhận xét").click()
    while outbox.dispatch():
        pass
    leader = seat(thanh_hoa_leader, "/thong-bao/")
    leader.get_by_text("Sự cần thiết và căn cứ").first.click()
    expect(leader.get_by_role("article").filter(has_text="Nêu nguồn số liệu")).to_be_visible()
    assert "#nx-" in leader.url
    leader.get_by_role("radio", name="Yêu cầu bổ sung").check()
    leader.get_by_role("button", name="Xác nhận").click()
    drafter = seat(thanh_hoa_centre, f"/de-an/{project.code}/sua/noi-dung/")
    expect(drafter.get_by_text("1 nhận xét đang mở trong phần này")).to_be_visible()
    expect(drafter.get_by_text("– Sự cần thiết và căn cứ: Nêu nguồn số liệu")).to_be_visible()


def test_a_sheet_is_saved_while_ticking_and_goes_with_the_rejection(
    seat: Seat, thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    project = advance_to(make_project(thanh_hoa_centre), State.REVIEW_PROV, drafter=thanh_hoa_centre)
    page = seat(thanh_hoa_leader, f"/de-an/{project.code}/tham-dinh/")
    page.get_by_role("group", name="Năng lực").get_by_label("Đạt", exact=True).check()
    expect(page.locator("[data-sheet-status]")).to_contain_text("Đã lưu")
    page.get_by_role("radio", name="Không đạt thẩm định").check()
    page.get_by_label("Ý kiến").fill("Chưa cần thiết.")
    page.get_by_role("group", name="Sự cần thiết").get_by_label("Không đạt").check()
    page.get_by_role("button", name="Xác nhận").click()  # at once: the step waits for the sheet
    expect(page.get_by_role("status").filter(has_text=project.code)).to_be_visible()
    with act_as(thanh_hoa_leader):
        marks = project.transitions.get(action="reject").data["criteria"]
    graded = {mark["criterion"]: mark["grade"] for mark in marks}
    assert (graded["capacity"], graded["need"]) == ("PASS", "FAIL")


def test_a_council_judges_sealed_and_its_opinions_then_stand_side_by_side(
    seat: Seat, thanh_hoa_centre: User, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    project = advance_to(make_project(thanh_hoa_centre), State.REVIEW_PROV, drafter=thanh_hoa_centre)
    expert = cast.person("th.expert", "Cao Thị Soi", Role.SO_OFFICER, cast.so_of("Thanh Hóa"))
    address = f"/de-an/{project.code}/tham-dinh/"
    leader = seat(thanh_hoa_leader, address)
    leader.get_by_role("link", name="Lập hội đồng").click()
    leader.get_by_label("Chủ tịch").select_option(label=str(thanh_hoa_officer))
    leader.get_by_label("Thư ký").select_option(label=str(expert))
    leader.get_by_role("button", name="Lập hội đồng").click()
    says(leader, "Đã lập hội đồng")
    for person, grade in ((thanh_hoa_officer, "Đạt"), (expert, "Chưa rõ")):
        page = seat(person, address)
        for criterion in page.locator("fieldset.criterion").all():
            criterion.get_by_label(grade, exact=True).check()
        page.get_by_role("button", name="Lưu phiếu").click()
        says(page, "Đã lưu phiếu")
        expect(page.get_by_text("Phiếu của các thành viên")).to_have_count(0)
    page.get_by_label("Kết luận của hội đồng").fill("Cần làm rõ chi phí.")
    page.get_by_role("button", name="Đóng phiếu").click()
    says(page, "Đã đóng phiếu")
    leader.goto(address)
    expect(leader.get_by_text("Còn khác nhau")).to_have_count(5)
    fits(leader)


def test_a_reception_is_undone_from_its_notice(
    seat: Seat, thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    project = advance_to(make_project(thanh_hoa_centre), State.SUBMITTED_PROV, drafter=thanh_hoa_centre)
    page = seat(thanh_hoa_officer, f"/de-an/{project.code}/tham-dinh/")
    page.get_by_role("radio", name="Tiếp nhận").check()
    page.get_by_role("button", name="Xác nhận").click()
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_role("status").filter(has_text="Đã nộp Sở")).to_be_visible()
    expect(page.get_by_role("button", name="Hoàn tác")).to_have_count(0)


def with_papers(centre: User) -> Project:
    project = make_project(centre)
    with act_as(centre):
        for name, content in (("bao-gia.pdf", PDF), ("mat-bang.png", PNG)):
            attach(project, SimpleUploadedFile(name, content), paper_code="", actor=centre)
    return advance_to(project, State.REVIEW_PROV, drafter=centre)


def open_beside(page: Page, name: str) -> None:
    link = page.get_by_role("link", name=f"Đọc bên cạnh {name}")
    assert link.evaluate("link => link.offsetHeight") < 30, "its words stand in one line"
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=name)).to_be_focused()


def test_a_paper_is_read_beside_the_dossier_while_the_sheet_is_filled_in(
    seat: Seat, thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    project = with_papers(thanh_hoa_centre)
    page = seat(thanh_hoa_leader, f"/de-an/{project.code}/tham-dinh/")
    words = page.get_by_role("textbox", name="Nhận xét", exact=True)
    words.fill("Đang viết dở")
    open_beside(page, "mat-bang.png")
    picture = page.get_by_role("img", name="Bản chụp: mat-bang.png")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 40
    summary, paper = page.locator("#summary-title"), page.locator("#giay-to")
    assert summary.bounding_box()["x"] < paper.bounding_box()["x"], "side by side"  # type: ignore[index]
    expect(words).to_have_value("Đang viết dở")
    page.get_by_role("link", name="Phiếu của tôi").click()
    page.get_by_role("group", name="Năng lực").get_by_label("Đạt", exact=True).check()
    expect(page.locator("[data-sheet-status]")).to_contain_text("Đã lưu")
    expect(picture).to_be_in_viewport()
    with page.expect_response(lambda answer: "/tai-lieu/" in answer.url) as framed:
        page.get_by_role("link", name="Giấy tờ trước:").click()
    assert framed.value.ok  # and the watch has heard of nothing refused
    expect(page.locator("iframe.beside__view")).to_have_attribute("title", "bao-gia.pdf")
    page.go_back()
    page.go_back()
    expect(picture).to_be_visible()
    page.get_by_role("link", name="Đóng giấy tờ").click()
    expect(paper).to_be_hidden()
    expect(words).to_have_value("Đang viết dở")


def test_the_address_of_a_paper_opens_it_and_a_phone_opens_the_file_alone(
    seat: Seat, thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    project = with_papers(thanh_hoa_centre)
    with act_as(thanh_hoa_leader):
        item = project.attachments.get(name="mat-bang.png")
    address = f"/de-an/{project.code}/tham-dinh/?giay-to={item.uuid}"
    page = seat(thanh_hoa_leader, address, java_script_enabled=False)
    expect(page.get_by_role("img", name="Bản chụp: mat-bang.png")).to_be_visible()
    page.get_by_text("10 giấy tờ").click()
    page.locator("#giay-to").get_by_role("link", name="bao-gia.pdf", exact=True).click()
    expect(page.get_by_role("heading", name="bao-gia.pdf")).to_be_visible()
    fits(page)
    expect(page.get_by_text("Đọc bên cạnh").first).to_be_hidden()
    with page.expect_popup() as opened:
        page.locator(".files").get_by_role("link", name="mat-bang.png", exact=True).last.click()
    assert "/tai-lieu/" in opened.value.url


def test_the_decision_is_in_sight_when_the_review_opens(
    seat: Seat, thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    project = with_papers(thanh_hoa_centre)
    page = seat(thanh_hoa_leader, f"/de-an/{project.code}/tham-dinh/")
    expect(page.get_by_role("button", name="Xác nhận")).to_be_in_viewport()
    page.get_by_role("heading", name="Tài liệu kèm theo").scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Xác nhận")).to_be_in_viewport()


def test_the_printed_form_is_a4_with_the_portals_line_left_out(
    seat: Seat, thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    project = with_papers(thanh_hoa_centre)
    page = seat(thanh_hoa_leader, f"/de-an/{project.code}/tham-dinh/")
    page.get_by_role("link", name="Xem mẫu in").click()
    expect(page.get_by_role("heading", name="ĐỀ ÁN KHUYẾN CÔNG")).to_be_visible()
    fits(page)
    page.emulate_media(media="print")
    expect(page.locator(".bar")).to_be_hidden()
    sheet = page.pdf(prefer_css_page_size=True)
    assert re.search(rb"/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]", sheet), "A4, upright"
    with page.expect_download() as saved:
        page.emulate_media(media="screen")
        page.get_by_role("link", name="Tải tệp PDF").click()
    assert saved.value.suggested_filename == f"de-an-{project.code}.pdf"


def test_ticked_dossiers_are_asked_for_from_the_queue(
    seat: Seat, thanh_hoa_centre: User, thanh_hoa_leader: User
) -> None:
    project = with_papers(thanh_hoa_centre)
    page = seat(thanh_hoa_leader, "/")
    page.get_by_role("checkbox", name=project.code).check()
    page.get_by_role("button", name="In hồ sơ (PDF)").click()
    expect(page.get_by_role("heading", name="Hồ sơ 1 đề án")).to_be_visible()
    expect(page.get_by_role("link", name=project.code)).to_be_visible()
