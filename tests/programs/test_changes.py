"""What the reviewer is told has changed since the last reading: all of it and nothing else."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from accounts.models import User
from accounts.scope import act_as
from programs.changes import changes_since_last_submission, compare
from programs.content import contents_of
from programs.lifecycle import State
from tests.factories import MILLION, make_project, take
from tests.pages import text_of

pytestmark = pytest.mark.django_db

DOSSIER: dict[str, Any] = {
    "kind": "SINGLE", "priority_areas": "", "new_rural": False, "starts_on": "2027-03-01",
    "total_vnd": 600 * MILLION,
    "amounts_vnd": {"KCQG": 250 * MILLION, "OWN": 350 * MILLION},
    "lines": [
        {"description": "Mua máy", "total_vnd": 600 * MILLION, "supported": True,
         "amounts_vnd": {"KCQG": 250 * MILLION, "OWN": 350 * MILLION}},
        {"description": "Tập huấn", "total_vnd": 0, "supported": True, "amounts_vnd": {}},
    ],
    "schedule": [{"content": "Lắp đặt", "doer": "Cơ sở", "starts_on": "2027-03-01", "ends_on": "2027-04-30"}],
    "results": [{"indicator": "Công suất", "unit": "tấn", "value": "10"}],
    "beneficiaries": [{"name": "Công ty TNHH Thử", "tax_code": "9900000017"}],
    "attachments": [{"name": "bao-gia.pdf", "paper": "quote", "sha256": "a" * 64}],
}  # fmt: skip


def told(change: Any) -> list[tuple[str, Any, Any]]:
    """What is said once ``change`` was made to the dossier."""
    after = copy.deepcopy(DOSSIER)
    change(after)
    return [(str(row.label), row.before, row.after) for row in compare(DOSSIER, after)]


def test_kind_area_and_dates_are_told_in_words() -> None:
    assert told(lambda d: d.update(kind="GROUP")) == [("Loại đề án", "Đề án đơn lẻ", "Đề án nhóm")]
    assert told(lambda d: d.update(new_rural=True)) == [("Xã nông thôn mới", "Không", "Có")]
    assert told(lambda d: d.update(priority_areas="b")) == [
        ("Địa bàn ưu tiên", "", "Huyện nghèo (theo quyết định trước đây)")
    ]
    assert told(lambda d: d.update(starts_on="2027-05-02")) == [("Bắt đầu", "01/03/2027", "02/05/2027")]


def test_a_line_is_told_whole_when_its_money_or_its_support_changes() -> None:
    sources = "Khuyến công quốc gia 250.000.000; Đối ứng của đơn vị thụ hưởng 350.000.000"
    before = f"Mua máy: 600.000.000 đồng; {sources}"
    [(label, old, new)] = told(lambda d: d["lines"][0]["amounts_vnd"].update(KCQG=200 * MILLION))
    assert (label, old) == ("Dòng dự toán", f"{before}; có hỗ trợ")
    assert "Khuyến công quốc gia 200.000.000" in new
    [(label, old, new)] = told(lambda d: d["lines"][0].update(supported=False))
    assert (old, new) == (f"{before}; có hỗ trợ", f"{before}; không hỗ trợ")


def test_rows_of_every_list_are_told_with_all_they_say() -> None:
    assert told(lambda d: d["schedule"][0].update(ends_on="2027-05-31")) == [
        ("Tiến độ", "Lắp đặt · Cơ sở · 01/03/2027 – 30/04/2027", "Lắp đặt · Cơ sở · 01/03/2027 – 31/05/2027")
    ]
    assert told(lambda d: d["results"][0].update(value="12")) == [
        ("Kết quả dự kiến", "Công suất: 10 tấn", "Công suất: 12 tấn")
    ]
    assert told(lambda d: d["attachments"][0].update(sha256="b" * 64)) == [
        ("Tài liệu", "bao-gia.pdf · quote · aaaaaaaa", "bao-gia.pdf · quote · bbbbbbbb")
    ]
    assert told(lambda d: d["beneficiaries"].clear()) == [
        ("Đơn vị thụ hưởng", "Công ty TNHH Thử (9900000017)", "")
    ]
    assert told(lambda d: d["lines"].append({**d["lines"][1]})) == [
        ("Dòng dự toán", "", "Tập huấn: 0 đồng; có hỗ trợ")
    ]
    assert told(lambda d: d["lines"].reverse()) == []


def test_no_part_of_a_dossier_changes_unnoticed(thanh_hoa_centre: User) -> None:
    with act_as(thanh_hoa_centre):
        [content] = contents_of([make_project(thanh_hoa_centre)])
    other: dict[str, Any] = {"kind": "GROUP", "starts_on": "2027-04-01", "ends_on": "2027-11-01"}
    row = {"description": "x", "content": "x", "indicator": "x", "name": "x"}
    for key, value in content.items():
        changed: Any = other.get(key, "khác")
        if isinstance(value, bool):
            changed = not value
        elif isinstance(value, int):
            changed = value + 1
        elif isinstance(value, dict):
            changed = {**value, "KCQG": 1}
        elif isinstance(value, list):
            changed = [*value, row]
        assert compare(content, {**content, key: changed}), key


def test_the_same_dossier_sent_again_says_so(
    thanh_hoa_centre: User, thanh_hoa_officer: User, thanh_hoa_leader: User
) -> None:
    project = make_project(thanh_hoa_centre)
    take("submit", project, thanh_hoa_centre)
    take("return", project, thanh_hoa_officer, note="Xem lại.")
    take("submit", project, thanh_hoa_centre)
    with act_as(thanh_hoa_officer):
        found = changes_since_last_submission(project)
    assert (found.first_time, found.changes) == (False, [])
    assert project.state == State.SUBMITTED_PROV
    page = text_of(thanh_hoa_leader, f"/de-an/{project.code}/tham-dinh/")
    assert "Nội dung giống lần gửi trước." in page
