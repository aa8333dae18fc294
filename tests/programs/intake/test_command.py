"""``import_registration``: one object on standard output, 2 for a refusal, nothing kept when dry."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from accounts.scope import act_as
from programs.models import Project
from records.models import AuditEntry, StagedImport, StoredFile
from tests.programs.intake.books import Page, form_page, machine, xlsx
from tests.programs.intake.desk import HOUSEHOLD, page_of, project, projects, upload
from tests.programs.intake.test_matching import submitted

pytestmark = pytest.mark.django_db

ROW_KEYS = [
    "sheet", "row", "title", "beneficiary", "tax_code", "commune", "activity",
    "total_vnd", "kcqg_vnd", "kcdp_vnd", "own_vnd", "other_vnd", "problems",
]  # fmt: skip
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    return write(tmp_path, machine(), machine("bàn", tax_code="9928000217", own=300))


def write(folder: Path, *entries: Any, **more: Any) -> Path:
    path = folder / "Biểu đăng ký.xlsx"
    path.write_bytes(xlsx(page_of(*entries, **more)))
    return path


def run(*arguments: Any) -> tuple[int, str, str]:
    """Exit status, standard output, standard error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_registration", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as stop:
        return int(str(stop.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def told(*arguments: Any) -> dict[str, Any]:
    status, out, _err = run(*arguments, "--json")
    assert status == 0
    found: dict[str, Any] = json.loads(out)
    return found


def test_json_has_the_agreed_keys_and_kinds(workbook: Path) -> None:
    found = told(workbook, "--dry-run")
    assert list(found) == ["year", "province", "rows", "totals_vnd", "sheet_problems"]
    assert (found["year"], found["province"]) == (2027, "Tỉnh Thanh Hóa")
    first, second = found["rows"]
    assert list(first) == ROW_KEYS
    assert first == {
        "sheet": "Mẫu 2", "row": 11, "title": machine().title, "beneficiary": "Công ty TNHH Thử Giả Định",
        "tax_code": "9928000104", "commune": "Xã Thọ Xuân", "activity": "N3.3", "total_vnd": 600_000_000,
        "kcqg_vnd": 250_000_000, "kcdp_vnd": 0, "own_vnd": 350_000_000, "other_vnd": 0, "problems": [],
    }  # fmt: skip
    (problem,) = second["problems"]
    assert list(problem) == ["code", "severity", "message", "source"]
    assert (problem["code"], problem["severity"], problem["source"]) == ("sum_mismatch", "error", None)
    assert found["totals_vnd"] == {
        "total": 1_200_000_000, "kcqg": 500_000_000, "kcdp": 0, "own": 650_000_000, "other": 0,
    }  # fmt: skip


def test_what_is_not_written_is_null_and_money_is_zero(tmp_path: Path) -> None:
    entry = machine("bàn", tax_code=None, beneficiary="Sở lựa chọn sau", kcqg=None, total=350)
    entry.title = "Nội dung chưa rõ loại gì"
    path = tmp_path / "biểu.xlsx"
    path.write_bytes(xlsx(form_page([("I", "Hoạt động khác", [entry])])))
    (row,) = told(path, "--dry-run")["rows"]
    assert (row["tax_code"], row["activity"], row["kcqg_vnd"]) == (None, None, 0)


def test_a_wrong_subtotal_is_the_sheets_problem(tmp_path: Path) -> None:
    page = page_of(machine())
    page.cells[10, 8] = 700
    path = tmp_path / "biểu.xlsx"
    path.write_bytes(xlsx(page))
    found = told(path, "--dry-run")
    assert found["rows"][0]["problems"] == []
    (problem,) = found["sheet_problems"]
    assert list(problem) == ["sheet", "row", "code", "severity", "message", "source"]
    assert (problem["sheet"], problem["row"], problem["code"]) == ("Mẫu 2", 10, "sum_mismatch")


def test_a_dry_run_keeps_nothing_with_or_without_a_user(
    thanh_hoa_centre: User, workbook: Path, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    for who in ([], ["--user", thanh_hoa_centre.username]):
        told(workbook, "--dry-run", *who)
        run(workbook, "--dry-run", *who)
    with act_as(thanh_hoa_centre):
        kept = [model.objects.count() for model in (Project, StagedImport, StoredFile, AuditEntry)]
    assert kept == [0, 0, 0, 0]
    assert not (tmp_path / "media").exists()


def test_without_a_user_a_note_says_that_double_funding_was_not_checked(workbook: Path) -> None:
    _status, out, err = run(workbook, "--dry-run", "--json")
    json.loads(out)
    assert "Chưa kiểm tra trùng hỗ trợ" in err


def test_with_a_user_there_is_no_such_note(thanh_hoa_centre: User, workbook: Path) -> None:
    assert run(workbook, "--dry-run", "--user", thanh_hoa_centre.username)[2] == ""


def test_the_good_rows_become_the_users_drafts_and_once_only(thanh_hoa_centre: User, workbook: Path) -> None:
    status, out, err = run(workbook, "--user", thanh_hoa_centre.username, "--json")
    assert (status, len(json.loads(out)["rows"])) == (0, 2)
    assert "Đã tạo 1 bản nháp" in err
    assert project(thanh_hoa_centre).created_by == thanh_hoa_centre
    again = run(workbook, "--user", thanh_hoa_centre.username)[2]
    assert "Đã tạo 0 bản nháp, cập nhật 0, giữ nguyên 1; bỏ qua 1 dòng." in again
    assert len(projects(thanh_hoa_centre)) == 1


def test_a_row_left_alone_is_named_with_its_reason(thanh_hoa_centre: User, tmp_path: Path) -> None:
    run(write(tmp_path, machine()), "--user", thanh_hoa_centre.username)
    code = submitted(thanh_hoa_centre).code
    path = write(tmp_path, machine(total=700, own=450))
    _status, _out, err = run(path, "--user", thanh_hoa_centre.username)
    assert f"dòng 11 {code}: Hồ sơ đã nộp" in err


def test_the_table_names_rows_problems_and_totals_and_masks_households(tmp_path: Path) -> None:
    path = write(tmp_path, machine(own=300), machine("gốm", tax_code=HOUSEHOLD))
    _status, out, _err = run(path, "--dry-run")
    assert "Tỉnh Thanh Hóa, năm 2027" in out
    assert "khác tổng kinh phí" in out
    assert "[sum_mismatch]" in out
    assert "038******234" in out
    assert HOUSEHOLD not in out
    assert out.rstrip().endswith("Chỉ kiểm tra: chưa lưu gì.")


def test_without_a_user_only_a_dry_run_is_allowed(workbook: Path) -> None:
    with pytest.raises(CommandError, match="--user"):
        run(workbook)


@pytest.mark.parametrize("more", [[], ["--dry-run"], ["--json"]])
def test_a_user_without_the_right_gets_one_clear_line(
    cuc_officer: User, workbook: Path, more: list[str]
) -> None:
    with pytest.raises(CommandError) as refused:
        run(workbook, "--user", cuc_officer.username, *more)
    assert str(refused.value).startswith("Chỉ đơn vị thực hiện")
    assert "\n" not in str(refused.value)


def test_an_unknown_user_or_file_is_said(thanh_hoa_centre: User, workbook: Path) -> None:
    with pytest.raises(CommandError, match="ai.day"):
        run(workbook, "--user", "ai.day")
    with pytest.raises(CommandError, match="Không mở được"):
        run(workbook.with_name("khác.xlsx"), "--dry-run")


def test_a_refusal_is_one_object_and_exit_status_2(tmp_path: Path) -> None:
    path = tmp_path / "hỏng.xlsx"
    path.write_bytes(b"PK\x03\x04 not a zip")
    status, out, err = run(path, "--dry-run", "--json")
    assert (status, err) == (2, "")
    refusal = json.loads(out)
    assert list(refusal) == ["refused"]
    assert list(refusal["refused"]) == ["code", "message"]
    assert refusal["refused"]["code"] == "corrupt"
    status, out, err = run(path, "--dry-run")
    assert (status, out) == (2, "")
    assert err.startswith("Tệp hỏng")


def test_another_provinces_list_is_refused_for_the_user(nghe_an_centre: User, workbook: Path) -> None:
    status, out, _err = run(workbook, "--user", nghe_an_centre.username, "--json")
    assert (status, json.loads(out)["refused"]["code"]) == (2, "other_province")


def test_a_list_without_a_year_writes_nothing(thanh_hoa_centre: User, tmp_path: Path) -> None:
    path = write(tmp_path, machine(time="Quý II"), year=None)
    assert told(path, "--dry-run")["year"] is None
    with pytest.raises(CommandError, match="Chưa rõ năm"):
        run(path, "--user", thanh_hoa_centre.username)
    with act_as(thanh_hoa_centre):
        assert StagedImport.objects.count() == 0


def test_the_json_of_a_kept_list_is_that_of_the_dry_run(thanh_hoa_centre: User, workbook: Path) -> None:
    who = ["--user", thanh_hoa_centre.username]
    assert told(workbook, *who, "--dry-run") == told(workbook, *who)


def test_page_and_command_read_alike(thanh_hoa_centre: User, workbook: Path) -> None:
    staged = upload(thanh_hoa_centre, machine(), machine("bàn", tax_code="9928000217", own=300))
    rows = told(workbook, "--user", thanh_hoa_centre.username, "--dry-run")["rows"]
    assert [row["title"] for row in rows] == [row["title"] for row in staged.rows]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("pages", "status"), [([page_of(machine())], 0), ([Page().put(1, ["x"])], 2)])
def test_as_a_program_standard_output_is_json_alone(tmp_path: Path, pages: list[Page], status: int) -> None:
    path = tmp_path / "biểu.xlsx"
    path.write_bytes(xlsx(*pages))
    done = subprocess.run(
        [sys.executable, "manage.py", "import_registration", str(path), "--dry-run", "--json"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url_of_this_database()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stderr
    assert list(json.loads(done.stdout)) == (
        ["refused"] if status else ["year", "province", "rows", "totals_vnd", "sheet_problems"]
    )


def url_of_this_database() -> str:
    made = connection.settings_dict
    return f"postgres://{made['USER']}:{made['PASSWORD']}@{made['HOST']}:{made['PORT']}/{made['NAME']}"
