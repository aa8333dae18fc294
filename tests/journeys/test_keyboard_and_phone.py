"""Without a mouse, on a phone, without scripts; language, money unit, signing out."""

from __future__ import annotations

import base64
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.scope import act_as
from programs.lifecycle import State
from tests.factories import advance_to, make_project, open_tranche, tax_code
from tests.journeys import world
from tests.journeys.conftest import FreshPage, Seat
from tests.journeys.portal import (
    CRITERIA,
    PASSWORD,
    PHONE,
    may_sign_in,
    paper_file,
    press_on,
    says,
    stored,
    take_step,
)
from tests.reports.conftest import TRIEU

pytestmark = pytest.mark.django_db(transaction=True)

FOCUS = """() => {
  const here = document.activeElement;
  const box = here.getBoundingClientRect();
  const seen = (x, y) => {
    const top = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
    return top && (here.contains(top) || top.contains(here) && top.matches("label, a, summary"));
  };
  const points = [0.02, 0.25, 0.5, 0.75, 0.98];
  const look = (element) => {
    const style = getComputedStyle(element);
    const outline = style.outlineColor.endsWith(", 0)") ? "" : style.outlineStyle + style.outlineWidth;
    return [style.boxShadow, outline, style.backgroundColor, style.stroke, style.strokeWidth].join();
  };
  const shape = [here, here.closest("label") || here, here.querySelector("rect") || here];
  const focused = shape.map(look).join();
  here.blur();
  const usual = shape.map(look).join();
  here.focus({ preventScroll: true });
  return {
    tag: here.tagName, name: here.name || "",
    text: here.getAttribute("aria-label") || here.labels?.[0]?.textContent || here.textContent || "",
    group: here.closest("fieldset")?.querySelector("legend")?.textContent || "",
    marked: focused !== usual,
    visible: points.some((x) => points.some((y) => seen(x, y))),
  };
}"""
"""What has the focus, whether it looks otherwise for it, and whether any of it can be seen."""


class Keyboard:
    """A person without a mouse: everything goes through keys, and what has the focus is always to be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        # Listening from the start: a listener that comes with the key press may come too late.
        page.on("filechooser", lambda chooser: chooser.set_files(paper_file()))

    def tab_to(self, words: str, *, group: str = "", most: int = 80) -> None:
        """Press Tab until a control whose label or text holds ``words`` (in this group) has the focus."""
        for _press in range(most):
            self.page.keyboard.press("Tab")
            here = self.page.evaluate(FOCUS)
            if here["tag"] == "BODY":  # past the last control: round through the browser's own
                continue
            assert here["marked"] and here["visible"], f"the focus cannot be seen: {here}"
            if words in here["text"] and group in here["group"]:
                return
        raise AssertionError(f"Tab never came to {words}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    def go_on(self, words: str, heading: str) -> None:
        """Press the button or link of these words; the next page has this heading."""
        self.tab_to(words)
        self.press("Enter")
        self.arrive(heading)

    def arrive(self, heading: str) -> None:
        """The page with this heading is there, its scripts too."""
        expect(self.page.get_by_role("heading", name=heading)).to_be_visible()
        self.page.wait_for_load_state()

    def choose(self, label: str, words: str) -> None:
        """By letters without diacritics; the first that is found."""
        self.tab_to(label)
        self.type(words)
        expect(self.page.locator("[role=option]:visible").first).to_be_visible()
        self.press("ArrowDown", "Enter")


def test_a_project_is_created_filled_in_and_submitted_with_the_keyboard_alone(
    fresh_page: FreshPage, thanh_hoa_centre: User
) -> None:
    may_sign_in(thanh_hoa_centre)
    page = fresh_page()
    keys = Keyboard(page)
    page.goto("/")
    expect(page.get_by_label("Tên đăng nhập")).to_be_focused()
    keys.type(thanh_hoa_centre.username)
    keys.tab_to("Mật khẩu")
    keys.type(PASSWORD)
    keys.press("Enter")
    keys.arrive("hôm nay có 0 việc")
    keys.press("n")
    expect(page.get_by_label("Tên đề án")).to_be_focused()
    keys.type("Hỗ trợ máy móc thử, không dùng chuột")
    keys.choose("Nội dung hoạt động", "may moc thiet bi")
    keys.go_on("Tạo bản nháp", "1. Thông tin chung")
    _fill_in(keys)
    code = page.url.split("/de-an/")[1].split("/")[0]
    keys.go_on("Nộp Sở Công Thương", "không dùng chuột")
    says(page, "Đã nộp Sở")
    project = stored(code, thanh_hoa_centre)
    assert (project.state, project.kcqg_vnd, project.total_vnd) == (
        State.SUBMITTED_PROV,
        200 * TRIEU,
        500 * TRIEU,
    )


def _fill_in(keys: Keyboard) -> None:
    """Each section in turn; Tab goes from the top of the page through all that is there."""
    keys.choose("Ngành nghề", "hang tieu dung")
    keys.choose("Địa điểm", "tho xuan")
    keys.go_on("Lưu và tiếp tục", "2. Cơ sở thụ hưởng")
    keys.tab_to("Tên cơ sở")
    keys.type("Công ty TNHH Bàn Phím Giả Định")
    keys.tab_to("Mã số thuế")
    keys.type(tax_code(7_400_001))
    keys.go_on("Lưu và tiếp tục", "3. Kinh phí thực hiện")
    for label, words in {
        "Bắt đầu": "1/3/27",
        "Kết thúc": "311027",
        "Nội dung chi dòng 1": "Máy cắt",
        "Tổng chi phí dòng 1": "500",
        "KC quốc gia dòng 1": "200",
        "Đối ứng dòng 1": "300",
    }.items():
        keys.tab_to(label)
        keys.type(words)
    for box in ("bố trí đủ vốn đối ứng", "chưa nhận vốn nhà nước khác"):
        keys.tab_to(box)
        keys.press("Space")
    keys.go_on("Lưu và tiếp tục", "4. Thuyết minh")
    keys.go_on("Lưu và tiếp tục", "5. Tiến độ và kết quả")
    keys.go_on("Lưu và tiếp tục", "6. Tài liệu kèm theo")
    _attach(keys)
    keys.go_on("Tiếp tục", "7. Kiểm tra và nộp")


def _attach(keys: Keyboard) -> None:
    """A file for each missing paper, chosen in the window that Enter opens."""
    missing = keys.page.get_by_text("Còn thiếu", exact=True)
    here = keys.page.locator("section.panel").filter(has=keys.page.locator("input[type=file]:focus"))
    for left in range(missing.count() - 1, -1, -1):
        keys.tab_to("Chọn tệp")
        while not here.get_by_text("Còn thiếu", exact=True).count():
            keys.tab_to("Chọn tệp")
        keys.press("Enter")
        expect(missing).to_have_count(left)
        keys.page.wait_for_load_state()


def test_a_dossier_is_found_appraised_and_approved_with_the_keyboard_alone(
    fresh_page: FreshPage, thanh_hoa_centre: User, thanh_hoa_leader: User, min_approver: User
) -> None:
    may_sign_in(thanh_hoa_leader, min_approver)
    project = make_project(thanh_hoa_centre, title="Hỗ trợ máy móc thử, duyệt không chuột")
    advance_to(project, State.REVIEW_PROV, drafter=thanh_hoa_centre)
    _pass_with_keys(_signed_in_with_keys(fresh_page(), thanh_hoa_leader))
    assert stored(project.code, thanh_hoa_leader).state == State.PASSED_PROV
    chosen = make_project(thanh_hoa_centre, title="Hỗ trợ máy móc thử, quyết định không chuột")
    advance_to(chosen, State.IN_PLAN, drafter=thanh_hoa_centre, tranche=open_tranche(chosen))
    _decide_with_keys(_signed_in_with_keys(fresh_page(), min_approver))
    assert stored(chosen.code, min_approver).state == State.APPROVED


def _signed_in_with_keys(page: Page, user: User) -> Keyboard:
    keys = Keyboard(page)
    page.goto("/")
    keys.type(user.username)
    keys.tab_to("Mật khẩu")
    keys.type(PASSWORD)
    keys.press("Enter")
    keys.arrive("hôm nay có 1 việc")
    return keys


def _pass_with_keys(keys: Keyboard) -> None:
    """The first row of the queue, its criteria, the decision."""
    keys.press("j", "Enter")
    keys.arrive("duyệt không chuột")
    keys.tab_to("Bỏ qua đến nội dung chính", most=1)
    keys.press("Enter")
    keys.tab_to("Đạt thẩm định cấp cơ sở", most=70)
    keys.press("Space")
    for criterion in CRITERIA:
        keys.tab_to("Đạt", group=criterion)
        keys.press("Space")
    keys.tab_to("Xác nhận")
    keys.press("Enter")
    says(keys.page, "Đạt thẩm định cấp cơ sở")


def _decide_with_keys(keys: Keyboard) -> None:
    keys.tab_to("đợt 1")
    keys.press("Enter")
    keys.arrive("đợt 1")
    for label, words in {
        "Số văn bản": "99/QĐ-THỬ",
        "Ngày văn bản": "2/11/2026",
        "Người ký": "Người Ký Thử",
    }.items():
        keys.tab_to(label)
        keys.type(words)
    keys.tab_to("Bản chụp văn bản")
    keys.press("Enter")
    expect(keys.page.get_by_text("giay-to.pdf")).to_be_visible()
    keys.tab_to("Phê duyệt cả đợt")
    keys.press("Enter")
    says(keys.page, "Đã ghi quyết định phê duyệt")


# --- on a phone


def test_a_decision_is_taken_on_a_phone(
    seat: Seat, thanh_hoa_centre: User, thanh_hoa_leader: User, cuc_leader: User
) -> None:
    _own, of_the_leader, *_others = world.build(thanh_hoa_centre, thanh_hoa_leader, cuc_leader)
    page = seat(thanh_hoa_leader, size=PHONE, has_touch=True)
    page.goto(of_the_leader.path("review"))
    page.get_by_role("radio", name=re.compile("^Đạt thẩm định")).tap()
    for criterion in CRITERIA:
        page.get_by_role("group", name=criterion).get_by_label("Đạt", exact=True).tap()
    confirm = page.get_by_role("button", name="Xác nhận")
    box = confirm.bounding_box()
    assert box and box["height"] >= 44, "a thumb needs 44 px"
    confirm.tap()
    says(page, "Đạt thẩm định cấp cơ sở")


PHOTO = """async () => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 3000, height: 4000 });
  const pen = canvas.getContext("2d");
  for (let n = 0; n < 20000; n += 1) {
    pen.fillStyle = `hsl(${(n * 47) % 360} 60% ${(n * 31) % 100}%)`;
    pen.fillRect((n * 97) % 3000, (n * 61) % 4000, 60, 40);
  }
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.95));
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}"""
"""A busy picture of twelve million points, as a phone's camera makes it."""


def test_a_paper_is_photographed_with_the_phone_and_arrives_small_enough_for_a_weak_line(
    seat: Seat, thanh_hoa_centre: User
) -> None:
    project = make_project(thanh_hoa_centre, title="Hỗ trợ máy móc thử, chụp giấy tờ")
    page = seat(
        thanh_hoa_centre, f"/de-an/{project.code}/sua/tai-lieu/", size=PHONE, has_touch=True, is_mobile=True
    )
    photo = base64.b64decode(page.evaluate(PHOTO))
    page.get_by_text("Thêm tệp nữa").first.tap()
    with page.expect_file_chooser() as choosing:
        page.get_by_text("Chụp ảnh giấy tờ").first.tap()
    with page.expect_response(lambda answer: "/tai-lieu/" in answer.url and answer.request.method == "POST"):
        choosing.value.set_files({"name": "image.jpg", "mimeType": "image/jpeg", "buffer": photo})
    expect(page.get_by_role("link", name=re.compile(r"^Ảnh chụp .*\.jpg$"))).to_be_visible()
    with act_as(thanh_hoa_centre):
        kept = project.attachments.select_related("file").get(name__startswith="Ảnh chụp").file
    assert kept.media_type == "image/jpeg"
    assert kept.size < len(photo) / 2, (kept.size, len(photo))


def test_a_desk_is_not_offered_a_camera(seat: Seat, thanh_hoa_centre: User) -> None:
    project = make_project(thanh_hoa_centre, title="Hỗ trợ máy móc thử, không chụp")
    page = seat(thanh_hoa_centre, f"/de-an/{project.code}/sua/tai-lieu/")
    page.wait_for_load_state()
    page.get_by_text("Thêm tệp nữa").first.click()
    expect(page.get_by_text("Chọn các tệp").first).to_be_visible()
    expect(page.get_by_text("Chụp ảnh giấy tờ").first).to_be_hidden()


# --- without scripts


def test_without_scripts_a_project_is_created_filled_in_submitted_and_received(
    seat: Seat, thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    page = seat(thanh_hoa_centre, java_script_enabled=False)
    page.get_by_role("link", name="Tạo đề án").click()
    page.get_by_label("Tên đề án").fill("Hỗ trợ máy móc thử, không có script")
    page.get_by_label("Nội dung hoạt động").select_option(label="N3.3 Máy móc thiết bị tiên tiến")
    page.get_by_role("button", name="Tạo bản nháp").click()
    page.get_by_label("Ngành nghề").select_option(index=2)
    page.get_by_label("Địa điểm").fill("Xã Thọ Xuân")
    press_on(page)
    page.get_by_label("Tên cơ sở").fill("Công ty TNHH Giấy Giả Định")
    page.get_by_label("Mã số thuế").fill(tax_code(7_400_011))
    press_on(page)
    page.get_by_label("Bắt đầu").fill("01/03/2027")
    page.get_by_label("Kết thúc").fill("31/10/2027")
    page.get_by_label("Nội dung chi dòng 1").fill("Máy xeo giấy")
    page.get_by_label("Tổng chi phí dòng 1").fill("500")
    page.get_by_label("KC quốc gia dòng 1").fill("200")
    page.get_by_label("Đối ứng dòng 1").fill("300")
    page.get_by_label("Đơn vị thụ hưởng cam kết bố trí đủ vốn đối ứng").check()
    page.get_by_label("Cam kết chưa nhận vốn nhà nước khác").check()
    press_on(page)
    page.get_by_role("link", name="Tài liệu kèm theo").click()
    missing = page.locator("section.panel").filter(has=page.get_by_text("Còn thiếu", exact=True))
    while missing.count():
        missing.first.locator("input[type=file]:not([data-camera])").set_input_files(paper_file())
        missing.first.get_by_role("button", name="Tải lên").click()
    page.get_by_role("link", name="Tiếp tục").click()
    page.get_by_role("button", name="Nộp Sở Công Thương").click()
    says(page, "Đã nộp Sở")
    code = page.url.split("/de-an/")[1].split("/")[0]
    officer = seat(thanh_hoa_officer, java_script_enabled=False)
    take_step(officer, code, "Tiếp nhận, bắt đầu thẩm định")
    assert stored(code, thanh_hoa_officer).state == State.REVIEW_PROV


# --- one's own preferences


def test_language_and_money_unit_stay_on_the_page_and_signing_out_ends_it(
    seat: Seat, thanh_hoa_centre: User
) -> None:
    make_project(thanh_hoa_centre, title="Hỗ trợ máy móc thử, hai thứ tiếng")
    page = seat(thanh_hoa_centre, "/de-an/?purse=KCQG")
    document, address = page.locator("html"), page.url
    expect(document).to_have_attribute("lang", "vi")
    page.get_by_role("button", name="English").click()
    expect(document).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Đề án khuyến công")
    expect(page.get_by_role("link", name="Hỗ trợ máy móc thử, hai thứ tiếng")).to_be_visible()
    page.get_by_role("button", name="Tiếng Việt").click()
    expect(document).to_have_attribute("lang", "vi")
    total = page.locator("td[data-label=Tổng]")
    expect(total).to_have_text("600")
    page.get_by_role("button", name="đồng", exact=True).click()
    expect(total).to_have_text("600.000.000")
    expect(page.get_by_role("button", name="đồng", exact=True)).to_have_attribute("aria-pressed", "true")
    assert page.url == address
    page.get_by_role("button", name="Đăng xuất").first.click()
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    page.goto(address)
    assert urlsplit(page.url).path == "/dang-nhap/"
