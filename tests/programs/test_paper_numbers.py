"""Printed papers take their number from the office's register, and say "đóng dấu" where a seal holds."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError
from django.utils import timezone

from accounts.models import IssuedNumber, Organisation, PaperKind, RegisterKind, Seal, SealKind, User, today
from accounts.numbering import open_register
from accounts.offices import Time
from accounts.policy import PermissionRefused
from accounts.roles import Role
from accounts.scope import act_as
from accounts.seals import end_seal, record_seal
from programs.appraisal import fill
from programs.council import name_council
from programs.errors import IllegalMove
from programs.lifecycle import State
from programs.models import Holding, PaperNumber, Project
from programs.numbering import number_paper
from programs.printing.forms import place_and_day
from tests import cast
from tests.factories import advance_to, make_project, take
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Organisation:
    so = cast.so_of("Thanh Hóa")
    Organisation.objects.filter(pk=so.pk).update(head_symbol="SCT")
    so.refresh_from_db()
    return so


@pytest.fixture
def keeper(office: Organisation) -> User:
    return cast.person("quantri.so", "Lê Thị Quản", Role.OFFICE_ADMIN, office)


@pytest.fixture
def registers(office: Organisation, keeper: User) -> None:
    with act_as(keeper):
        for kind in RegisterKind:
            open_register(office, kind=kind, year=today().year, actor=keeper)


@pytest.fixture
def project(thanh_hoa_centre: User, thanh_hoa_officer: User) -> Project:
    made = make_project(thanh_hoa_centre)
    advance_to(made, State.SUBMITTED_PROV, drafter=thanh_hoa_centre)
    return made


def receipt(project: Project, reader: User) -> str:
    return text_of(reader, f"/de-an/{project.code}/giay-tiep-nhan/")


def test_a_receipt_has_its_number_and_day_at_the_reception(
    registers: None, project: Project, thanh_hoa_officer: User, thanh_hoa_centre: User
) -> None:
    take("receive", project, thanh_hoa_officer)
    page = receipt(project, thanh_hoa_centre)  # whoever handed it in reads the number too
    day = timezone.localdate()
    assert "Số: 01/GTN-SCT" in page and f"ngày {day.day:02d} tháng" in page and f"năm {day.year}" in page
    assert "Cấp số" not in page
    answer = signed_in(thanh_hoa_centre).get(f"/de-an/{project.code}/giay-tiep-nhan/?dang=pdf")
    assert answer.content.startswith(b"%PDF-")


def test_without_a_register_the_receipt_leaves_the_number_to_the_pen(
    office: Organisation, keeper: User, project: Project, thanh_hoa_officer: User, thanh_hoa_centre: User
) -> None:
    take("receive", project, thanh_hoa_officer)
    assert "Số: ……/SCT" in receipt(project, thanh_hoa_officer)
    with act_as(thanh_hoa_officer), pytest.raises(IllegalMove, match="chưa mở “Sổ tiếp nhận hồ sơ”"):
        number_paper(project, PaperKind.RECEIPT, actor=thanh_hoa_officer)
    with act_as(keeper):
        open_register(office, kind=RegisterKind.RECEPTION, year=today().year, begins_at=12, actor=keeper)
    assert "Cấp số" in receipt(project, thanh_hoa_officer)
    assert "Cấp số" not in receipt(project, thanh_hoa_centre)
    address = f"/de-an/{project.code}/cap-so/"
    for _again in range(2):  # a second click draws no second number
        answer = signed_in(thanh_hoa_officer).post(address, {"paper": "RECEIPT"})
        assert answer["Location"] == f"/de-an/{project.code}/giay-tiep-nhan/"
    assert "Số: 12/GTN-SCT" in receipt(project, thanh_hoa_officer)
    assert signed_in(thanh_hoa_centre).post(address, {"paper": "RECEIPT"}).status_code == 403
    assert signed_in(thanh_hoa_officer).post(address, {"paper": "KHAC"}).status_code == 404
    with act_as(thanh_hoa_officer):
        assert IssuedNumber.objects.count() == 1


def test_an_undone_reception_gives_its_number_up(
    registers: None, project: Project, thanh_hoa_officer: User
) -> None:
    take("receive", project, thanh_hoa_officer)
    take("undo", project, thanh_hoa_officer)
    with act_as(thanh_hoa_officer):
        assert IssuedNumber.objects.get().void_reason == "Hoàn tác bước tiếp nhận."
    take("receive", project, thanh_hoa_officer)
    assert "Số: 02/GTN-SCT" in receipt(project, thanh_hoa_officer)


def test_sheet_and_minutes_are_numbered_when_the_appraiser_asks(
    registers: None, project: Project, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    take("receive", project, thanh_hoa_officer)
    with act_as(thanh_hoa_officer):
        with pytest.raises(IllegalMove, match="chưa có đánh giá"):
            number_paper(project, PaperKind.SHEET, actor=thanh_hoa_officer)
        fill(project, {"need": ("PASS", "")}, actor=thanh_hoa_officer)
        number_paper(project, PaperKind.SHEET, actor=thanh_hoa_officer)
    with act_as(thanh_hoa_leader):
        number_paper(project, PaperKind.MINUTES, actor=thanh_hoa_leader)
    assert "Số: 01/PTĐ-SCT" in text_of(thanh_hoa_officer, f"/de-an/{project.code}/phieu/mau-in/")
    for reader in (thanh_hoa_officer, thanh_hoa_leader):
        assert "Số: 02/BB-SCT" in text_of(reader, f"/de-an/{project.code}/bien-ban/")
    # A colleague's sheet is another paper.
    assert "Số: ……/SCT" in text_of(thanh_hoa_leader, f"/de-an/{project.code}/phieu/mau-in/")


def test_while_a_councils_sheets_are_sealed_no_number_tells_that_one_is_begun(
    registers: None, project: Project, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    take("receive", project, thanh_hoa_officer)
    with act_as(thanh_hoa_leader):
        seats = {"chair": thanh_hoa_leader.pk, "secretary": thanh_hoa_officer.pk, "members": []}
        name_council(project, **seats, actor=thanh_hoa_leader)  # type: ignore[arg-type]
    with act_as(thanh_hoa_officer):
        fill(project, {"need": ("PASS", "")}, actor=thanh_hoa_officer)
        for paper in (PaperKind.SHEET, PaperKind.MINUTES):
            with pytest.raises(PermissionRefused, match="chưa đóng phiếu"):
                number_paper(project, paper, actor=thanh_hoa_officer)


def test_the_list_shows_the_offices_own_numbers_and_lets_them_be_voided(
    registers: None,
    project: Project,
    thanh_hoa_officer: User,
    thanh_hoa_centre: User,
    nghe_an_officer: User,
    keeper: User,
) -> None:
    take("receive", project, thanh_hoa_officer)
    here = signed_in(thanh_hoa_officer)
    for address in ("/so-van-ban/", "/so-van-ban/?q=1", f"/so-van-ban/?q={project.code}&kind=RECEPTION"):
        assert "01/GTN-SCT" in here.get(address).content.decode(), address
        for stranger in (thanh_hoa_centre, nghe_an_officer, keeper):
            assert "GTN-SCT" not in text_of(stranger, address)
    for address in ("/so-van-ban/?q=2", "/so-van-ban/?year=2014", "/so-van-ban/?void=on"):
        assert "01/GTN-SCT" not in here.get(address).content.decode(), address
    file = b"".join(here.get("/so-van-ban/?xuat=csv"))
    assert "01/GTN-SCT" in file.decode("utf-8-sig") and project.code in file.decode("utf-8-sig")
    with act_as(thanh_hoa_officer):
        entry = IssuedNumber.objects.get()
    void = f"/so-van-ban/{entry.uuid}/huy/"
    assert signed_in(nghe_an_officer).get(void).status_code == 404
    assert here.post(void, {"reason": " "}).status_code == 422
    assert here.post(void, {"reason": "In hỏng"}).status_code == 302
    again = here.post(void, {"reason": "In hỏng"})
    assert again.status_code == 422 and "đã hủy rồi" in again.content.decode()
    assert "In hỏng" in here.get("/so-van-ban/?void=on").content.decode()
    assert "Số: ……/SCT" in receipt(project, thanh_hoa_officer), "a void number stands on no paper"


def test_what_stands_on_a_paper_is_not_rewritten_and_is_written_by_its_office_alone(
    registers: None, project: Project, thanh_hoa_officer: User, thanh_hoa_centre: User
) -> None:
    take("receive", project, thanh_hoa_officer)
    with pytest.raises(ProgrammingError), act_as(thanh_hoa_officer):
        PaperNumber.objects.update(sign="99/GTN-SCT")
    with act_as(thanh_hoa_centre):
        assert PaperNumber.objects.get().sign == "01/GTN-SCT"
        assert PaperNumber.objects.update(is_void=True) == 0


def test_days_and_months_are_written_as_the_decree_has_them() -> None:
    assert place_and_day("Hạc Thành", dt.date(2027, 2, 3)) == "Hạc Thành, ngày 03 tháng 02 năm 2027"
    assert place_and_day("Hạc Thành", dt.date(2027, 3, 15)) == "Hạc Thành, ngày 15 tháng 3 năm 2027"


# --- seals


def seal(office: Organisation, keeper: User, first: dt.date, last: dt.date | None = None) -> Seal:
    with act_as(keeper):
        return record_seal(
            office, kind=SealKind.STAMP, number="0123", source="Giấy chứng nhận 45/2026", actor=keeper,
            time=Time(first, last),
        )  # fmt: skip


def test_the_sheet_says_stamped_only_while_a_stamp_holds(
    office: Organisation, keeper: User, project: Project, thanh_hoa_officer: User
) -> None:
    take("receive", project, thanh_hoa_officer)
    address, now = f"/de-an/{project.code}/phieu/mau-in/", today()
    assert "(Ký, đóng dấu)" in text_of(thanh_hoa_officer, address), (
        "the form's own words, where nothing is known"
    )
    old = seal(office, keeper, now - dt.timedelta(days=90))
    assert "(Ký, đóng dấu)" in text_of(thanh_hoa_officer, address)
    with act_as(keeper):
        end_seal(old, now - dt.timedelta(days=1), actor=keeper)
    page = text_of(thanh_hoa_officer, address)
    assert "(Ký)" in page and "đóng dấu" not in page
    seal(office, keeper, now)
    assert "(Ký, đóng dấu)" in text_of(thanh_hoa_officer, address)


def test_two_stamps_of_an_office_never_hold_on_one_day(office: Organisation, keeper: User) -> None:
    made = seal(office, keeper, today())
    with pytest.raises(ValidationError) as refused:
        seal(office, keeper, today() - dt.timedelta(days=3))
    assert "first" in refused.value.message_dict
    with pytest.raises(IntegrityError), act_as(keeper):
        Seal.objects.create(office=office, kind=SealKind.STAMP, number="9", source="x", valid=made.valid)


def test_seals_are_kept_by_the_offices_own_administrator(
    office: Organisation, keeper: User, thanh_hoa_officer: User, nghe_an_officer: User
) -> None:
    made = seal(office, keeper, today())
    base = f"/co-quan/{office.uuid}/so-va-con-dau/"
    assert "0123" in text_of(thanh_hoa_officer, base)
    assert signed_in(nghe_an_officer).get(base).status_code == 404
    assert signed_in(thanh_hoa_officer).get(f"{base}con-dau/").status_code == 403
    for stranger in (thanh_hoa_officer, nghe_an_officer):
        with act_as(stranger), pytest.raises(PermissionRefused):
            end_seal(made, today(), actor=stranger)
        with pytest.raises(ProgrammingError, match="seal_by_stranger"), act_as(stranger):
            Seal.objects.filter(pk=made.pk).update(number="1")
    there = signed_in(keeper)
    twin = {"kind": "STAMP", "number": "7", "source": "x", "first": "01/01/2020", "last": ""}
    answer = there.post(f"{base}con-dau/", twin)
    assert answer.status_code == 422 and "trong thời gian đó" in answer.content.decode()
    assert there.post(f"{base}con-dau/{made.pk}/", {"last": f"{today():%d/%m/%Y}"}).status_code == 302


def test_a_register_is_opened_and_begun_on_the_offices_page(office: Organisation, keeper: User) -> None:
    base, there = f"/co-quan/{office.uuid}/so-va-con-dau/", signed_in(keeper)
    given = {"kind": "RECEPTION", "year": today().year, "begins_at": "0"}
    assert there.post(f"{base}mo-so/", given).status_code == 422
    assert there.post(f"{base}mo-so/", given | {"begins_at": "31"}).status_code == 302
    twice = there.post(f"{base}mo-so/", given | {"begins_at": "31"})
    assert twice.status_code == 422 and "đã có sổ" in twice.content.decode()
    register = office.registers.get()
    assert there.post(f"{base}so/{register.pk}/", {"begins_at": "40"}).status_code == 302
    assert "chưa cấp số nào" in there.get(base).content.decode()
    assert not Holding.objects.exists()
