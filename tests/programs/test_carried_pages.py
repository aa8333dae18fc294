"""The pages of projects taken over from paper, and the mark they bear everywhere they are shown."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from openpyxl import load_workbook

from accounts.models import User
from accounts.scope import act_as
from programs import carrying
from programs.lifecycle import Purse
from programs.models import CarryOver, Project, Tranche
from programs.procedures import FormInForce
from programs.views import carrying as carrying_pages
from records.context import whole_country
from reports import figures, render
from tests import cast
from tests.api.client import Api
from tests.carried import begin_portal, confirmed, entered, give_ceiling, papers
from tests.factories import MILLION, make_project, tax_code
from tests.pages import signed_in

pytestmark = pytest.mark.django_db
MARK = "Số liệu chuyển tiếp, chưa kiểm tra theo quy định"


@pytest.fixture
def begun(thanh_hoa_leader: User) -> User:
    begin_portal(thanh_hoa_leader)
    give_ceiling(thanh_hoa_leader, Purse.KCDP, 2018)
    return thanh_hoa_leader


@pytest.fixture
def carried(begun: User, thanh_hoa_officer: User) -> Project:
    return confirmed(entered(papers(), thanh_hoa_officer), begun)


def body(**changes: Any) -> dict[str, Any]:
    """What an officer types: 100 million, of which 60 paid and 40 of them in advance."""
    formsets = {
        f"{name}-{part}_FORMS": number
        for name in ("advances", "firms")
        for part, number in (("TOTAL", 1), ("INITIAL", 0))
    }
    return {
        **formsets,
        "purse": "KCDP", "year": "2018", "province": str(cast.province("Thanh Hóa").pk),
        "title": "Hỗ trợ máy ép thử trên giấy", "kind": "SINGLE", "activity": "N3.3", "sector": "b",
        "implementer": str(cast.centre_of("Thanh Hóa").pk), "place_text": "xã Thiệu Nguyên, huyện Thiệu Hóa",
        "decision_number": "11/QĐ-TN", "decision_on": "01/02/2018", "decision_signer": "UBND tỉnh (thử)",
        "contract_number": "05/HĐ-TN", "contract_on": "01/03/2018", "contract_vnd": "100.000.000",
        "progress": "DOING", "as_of": "31/12/2025", "stop_number": "", "stop_on": "", "note": "",
        "kcdp_approved": "100.000.000", "kcdp_disbursed": "60.000.000", "kcdp_balance": "40.000.000",
        "own_approved": "150.000.000",
        "advances-0-source": "KCDP", "advances-0-paid_on": "04/05/2018", "advances-0-amount": "40.000.000",
        "firms-0-name": "HTX Ép Thử Giả Định", "firms-0-tax_code": tax_code(4242), "firms-0-address": "",
        **changes,
    }  # fmt: skip


def test_an_officer_enters_and_the_leader_confirms_in_the_browser_without_scripts(
    begun: User, thanh_hoa_officer: User
) -> None:
    thanh_hoa_officer.money_unit = "dong"
    thanh_hoa_officer.save()
    officer, leader = signed_in(thanh_hoa_officer), signed_in(begun)
    assert "Chỉ quyết định ký trước ngày 01/01/2026" in officer.get("/chuyen-tiep/nhap/").text
    page = officer.post("/chuyen-tiep/nhap/", body(), follow=True)
    assert "người thứ hai" in page.text and MARK in page.text
    with whole_country():
        entry = CarryOver.objects.get()
        assert entry.commune is not None and entry.commune.name == "Xã Thiệu Nguyên"
    assert 'value="confirm"' not in page.text
    address = f"/chuyen-tiep/{entry.uuid}/"
    assert entry.title in leader.get("/chuyen-tiep/").text
    done = leader.post(address, {"action": "confirm", "note": ""}, follow=True)
    assert "Đã ghi nhận." in done.text
    with whole_country():
        project = Project.objects.get()
    shown = leader.get(f"/de-an/{project.code}/").text
    assert MARK in shown and "Chuyển tiếp từ hồ sơ giấy" in shown and "05/HĐ-TN" in shown
    assert "Không có quy định nào" not in shown


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"kcdp_balance": "41.000.000"}, "Số dư phải là 40.000.000 đồng"),
        ({"decision_on": "01/01/2026", "as_of": "02/01/2026"}, "phải qua các bước trên cổng"),
        ({"kcdp_disbursed": "100.000.001", "kcdp_balance": ""}, "nhiều hơn được phê duyệt"),
        ({"advances-0-amount": ""}, "Hãy ghi đủ ngày và số tiền."),
        ({"year": "2014", "activity": "N10"}, "không có hiệu lực trong năm kế hoạch"),
        ({"firms-0-name": ""}, "Hãy ghi tên cơ sở."),
        ({"starts_on": "02/06/2018", "ends_on": "01/06/2018"}, "Ngày kết thúc phải sau ngày bắt đầu."),
        ({"progress": "STOPPED"}, "hãy ghi số và ngày văn bản ngừng"),
    ],
)
def test_a_wrong_figure_is_told_and_what_was_typed_stays(
    begun: User, thanh_hoa_officer: User, changes: dict[str, Any], told: str
) -> None:
    thanh_hoa_officer.money_unit = "dong"
    thanh_hoa_officer.save()
    page = signed_in(thanh_hoa_officer).post("/chuyen-tiep/nhap/", body(**changes))
    assert page.status_code == 422 and told in page.text
    assert "Hỗ trợ máy ép thử trên giấy" in page.text
    with whole_country():
        assert not CarryOver.objects.exists()


def test_a_refused_entry_is_entered_anew_from_what_it_said(begun: User, thanh_hoa_officer: User) -> None:
    entry = entered(papers(), thanh_hoa_officer)
    leader, officer = signed_in(begun), signed_in(thanh_hoa_officer)
    page = leader.post(f"/chuyen-tiep/{entry.uuid}/", {"action": "refuse", "note": ""}, follow=True)
    assert "Hãy ghi vì sao không đồng ý." in page.text
    leader.post(f"/chuyen-tiep/{entry.uuid}/", {"action": "refuse", "note": "Sai năm."})
    again = officer.get(f"/chuyen-tiep/nhap/?tu={entry.uuid}").text
    assert 'value="11/QĐ-TN"' in again and "HTX Thử Chuyển Tiếp Giả Định" in again


def test_lists_that_are_cut_say_so_and_lose_neither_the_oldest_nor_what_is_begun_from(
    begun: User, thanh_hoa_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"Đề án giấy thứ {number}" for number in "abcdef"]
    entries = [entered(papers(title=name), thanh_hoa_officer) for name in names]
    officer = signed_in(thanh_hoa_officer)
    assert "Chỉ hiện" not in officer.get("/chuyen-tiep/").text
    monkeypatch.setattr(carrying_pages, "SHOWN", 2)
    page = officer.get("/chuyen-tiep/").text
    assert shown_of(page, names) == names[:2]  # whoever waits longest comes first
    assert 'Chờ xác nhận <span class="muted">6</span>' in page
    assert "Chỉ hiện 2 bản nhập chờ lâu nhất trong 6" in page
    for entry in entries[:4]:
        with act_as(thanh_hoa_officer):
            carrying.withdraw(entry, actor=thanh_hoa_officer)
    page = officer.get("/chuyen-tiep/").text
    assert shown_of(page, names) == [*names[4:], names[3], names[2]]
    assert "Chỉ hiện 2 bản nhập mới xử lý nhất trong 4." in page and "chờ lâu nhất" not in page
    assert f'value="{names[0]}"' in officer.get(f"/chuyen-tiep/nhap/?tu={entries[0].uuid}").text
    for other in (str(entries[5].uuid), "x"):
        again = officer.get(f"/chuyen-tiep/nhap/?tu={other}")
        assert again.status_code == 200 and "Đề án giấy thứ" not in again.text


def shown_of(page: str, names: list[str]) -> list[str]:
    """These names in the order in which the page has them."""
    return sorted((name for name in names if name in page), key=page.index)


def test_the_leader_says_from_which_day_the_office_decides_here(
    thanh_hoa_leader: User, thanh_hoa_officer: User
) -> None:
    client = signed_in(thanh_hoa_leader)
    sent = {"day": "01/01/2026", "document_number": "", "reason": ""}
    assert "Hãy ghi số văn bản" in client.post("/chuyen-tiep/ngay/", sent).text
    page = client.post("/chuyen-tiep/ngay/", sent | {"document_number": "1/TB"}, follow=True)
    assert "Đã ghi ngày bắt đầu dùng cổng." in page.text
    later = {"day": "02/01/2026", "document_number": "2/TB", "reason": "x"}
    assert "ngày sớm hơn" in client.post("/chuyen-tiep/ngay/", later).text
    assert signed_in(thanh_hoa_officer).post("/chuyen-tiep/ngay/", later).status_code == 403


def test_lists_their_files_and_the_api_mark_it(
    carried: Project, thanh_hoa_officer: User, begun: User
) -> None:
    client = signed_in(thanh_hoa_officer)
    for page in ("/de-an/", "/de-an/?carried=true", f"/dot/{tranche_of(carried)}/", "/ke-hoach/"):
        assert "số liệu chuyển tiếp" in client.get(page).text, page
    plain = file_of(client.get("/de-an/?xuat=csv"))
    assert "Số liệu chuyển tiếp đến ngày" in plain and "31/12/2025" in plain
    [row] = Api(thanh_hoa_officer).get("/api/v1/projects/?carried=true").body["results"]
    assert row["carried_as_of"] == "2025-12-31"
    [tranche] = Api(thanh_hoa_officer).get("/api/v1/tranches/").body["results"]
    assert tranche["carried"] is True
    assert Api(thanh_hoa_officer).get(f"/api/v1/projects/{carried.code}/checks/").body == []


def test_a_partner_reads_the_papers_figures_and_none_where_there_were_no_papers(
    carried: Project, thanh_hoa_officer: User, thanh_hoa_centre: User
) -> None:
    told = Api(thanh_hoa_officer).get(f"/api/v1/projects/{carried.code}/").body["carried"]
    entry = carried.carried_over
    assert (told["as_of"], told["decision_number"]) == ("2025-12-31", entry.decision_number)
    assert told["contract_vnd"] == entry.contract_vnd
    with act_as(thanh_hoa_officer):
        money = {row.source: row.balance_vnd for row in entry.money.all()}
        paid = [row.amount_vnd for row in entry.advances.all()]
    assert {row["source"]: row["balance_vnd"] for row in told["money"]} == money and money
    assert [row["amount_vnd"] for row in told["advances"]] == paid and paid
    for row in told["money"]:
        assert row["balance_vnd"] == row["approved_vnd"] - row["disbursed_vnd"] + row["refunded_vnd"]
    own = make_project(thanh_hoa_centre)
    assert Api(thanh_hoa_officer).get(f"/api/v1/projects/{own.code}/").body["carried"] is None


def file_of(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def tranche_of(project: Project) -> str:
    with whole_country():
        return str(Tranche.objects.get(projects=project).uuid)


def test_the_yearly_list_marks_its_row_and_sums_it_apart(
    carried: Project, thanh_hoa_officer: User, begun: User
) -> None:
    with act_as(begun):
        table = figures.registration_list(Project.objects.filter(year=2018), 2018)
    out = io.BytesIO()
    heading = render.Heading(
        "Sở",
        "KCĐP",
        2018,
        "Thanh Hóa",
        "mọi trạng thái",
        dt.datetime(2026, 1, 2),
        "Ai",
        FormInForce(),
    )
    render.registration_list(table, heading, out)
    sheet = load_workbook(out).active
    assert sheet is not None
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any("số liệu chuyển tiếp đến 31/12/2025, chưa kiểm tra theo quy định" in text for text in cells)
    at = cells.index("Trong đó 1 đề án là số liệu chuyển tiếp, chưa kiểm tra theo quy định")
    assert float(cells[at + 1]) == 250 * MILLION / 10**6


def test_others_see_neither_the_pages_nor_foreign_entries(
    begun: User, thanh_hoa_officer: User, thanh_hoa_centre: User, nghe_an_officer: User, cuc_officer: User
) -> None:
    entry = entered(papers(), thanh_hoa_officer)
    address = f"/chuyen-tiep/{entry.uuid}/"
    assert signed_in(thanh_hoa_centre).get("/chuyen-tiep/").status_code == 403
    assert signed_in(nghe_an_officer).get(address).status_code == 404
    assert entry.title not in signed_in(nghe_an_officer).get("/chuyen-tiep/").text
    assert signed_in(cuc_officer).get(address).status_code == 200
    assert "Lãnh đạo cơ quan nhập xác nhận" in signed_in(cuc_officer).get(address).text
