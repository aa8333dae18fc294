"""An uploaded list is kept for the preview, its file by hash, and nothing else happens."""

from __future__ import annotations

import hashlib
import io

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import User
from accounts.policy import PermissionRefused
from accounts.scope import act_as
from programs.intake.appraise import read_workbook
from programs.intake.refusals import Refused
from programs.intake.stage import appraise_for, discard, stage_workbook, workbook_of
from programs.lifecycle import State
from programs.models import Project
from records.files import open_file
from records.models import AuditEntry, StagedImport, StagedImportStatus, StoredFile
from tests.factories import advance_to, make_project
from tests.programs.intake.books import machine, xls, xlsx
from tests.programs.intake.desk import HOUSEHOLD, MASKED, apply, mend, page_of, send, stage, upload

pytestmark = pytest.mark.django_db


def test_the_original_is_kept_by_its_hash_and_no_project_is_made(thanh_hoa_centre: User) -> None:
    data = xlsx(page_of(machine(), machine("bàn", tax_code="9928000217")))
    staged = stage(thanh_hoa_centre, data, "Biểu 2027.xlsx")
    assert (staged.name, staged.year, len(staged.rows)) == ("Biểu 2027.xlsx", 2027, 2)
    assert staged.file.sha256 == hashlib.sha256(data).hexdigest()
    with open_file(staged.file) as original:
        assert original.read() == data
    with act_as(thanh_hoa_centre):
        assert Project.objects.count() == 0
        entry = AuditEntry.objects.get(action="programs.stage_import")
    assert entry.after is not None
    assert entry.after["file"] == staged.file.sha256


def test_the_kind_is_told_by_the_bytes_whatever_the_name_says(thanh_hoa_centre: User) -> None:
    assert stage(thanh_hoa_centre, xls(page_of(machine())), "Biểu.xlsx").name == "Biểu.xls"
    assert stage(thanh_hoa_centre, xlsx(page_of(machine())), "../../biểu.XLS").name == "biểu.xlsx"


def test_what_was_read_comes_back_from_the_database_as_it_was(thanh_hoa_centre: User) -> None:
    entries = [machine(), machine("bàn", tax_code=HOUSEHOLD, own=100), machine("ghế", total="x")]
    data = xlsx(page_of(*entries))
    with act_as(thanh_hoa_centre):
        read = appraise_for(read_workbook(data), actor=thanh_hoa_centre)
    assert workbook_of(stage(thanh_hoa_centre, data)) == read


def test_whoever_may_not_draft_may_not_upload(cuc_officer: User) -> None:
    with pytest.raises(PermissionRefused), act_as(cuc_officer):
        stage_workbook(io.BytesIO(xlsx(page_of(machine()))), "Biểu.xlsx", actor=cuc_officer)
    assert StoredFile.objects.count() == 0


def test_the_list_of_another_province_is_refused_by_both_names(nghe_an_centre: User) -> None:
    with pytest.raises(Refused) as refused:
        upload(nghe_an_centre)
    assert refused.value.refusal.code == "other_province"
    assert "Tỉnh Thanh Hóa" in str(refused.value)
    assert "Tỉnh Nghệ An" in str(refused.value)
    assert StoredFile.objects.count() == 0


def test_a_dry_look_writes_no_row_anywhere(thanh_hoa_centre: User) -> None:
    with act_as(thanh_hoa_centre):
        before = rows_written()
        appraise_for(read_workbook(xlsx(page_of(machine()))), actor=thanh_hoa_centre)
        assert rows_written() == before


def rows_written() -> dict[str, int]:
    """How many rows the running transaction has put into each table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd FROM pg_stat_xact_user_tables")
        return dict(cursor.fetchall())


def tables_with(text: str) -> list[str]:
    """Every table of the database that shows the text anywhere in a row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'r' AND n.nspname = 'public' AND has_table_privilege(c.oid, 'SELECT')"
        )
        found = []
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table} t WHERE t::text LIKE %s)", [f"%{text}%"])
            found += [table] if cursor.fetchone()[0] else []
    return found


def test_a_households_number_is_nowhere_in_clear_from_upload_to_draft(thanh_hoa_centre: User) -> None:
    said = f"Hộ bà Thử, CCCD {HOUSEHOLD}, hồ sơ kèm theo"
    entries = [
        machine("gốm", beneficiary="Hộ kinh doanh Gốm Giả Định", tax_code=HOUSEHOLD, note=said),
        machine(f"lụa của hộ {HOUSEHOLD}", beneficiary="Hộ kinh doanh Lụa Giả Định", tax_code=said),
        machine("nón", beneficiary="Hộ A; Hộ B", tax_code=f"{HOUSEHOLD}; 9928000104"),
    ]
    staged = upload(thanh_hoa_centre, *entries, name=f"Hộ {HOUSEHOLD}.xlsx")
    mend(staged, thanh_hoa_centre, row_1_title=f"Lụa tơ tằm của hộ {HOUSEHOLD}", row_0_own_vnd="1")
    mend(staged, thanh_hoa_centre, row_0_own_vnd="350000000", row_1_tax_code=HOUSEHOLD)
    assert apply(staged, thanh_hoa_centre).counts["created"] == 3
    with act_as(thanh_hoa_centre):
        assert tables_with(HOUSEHOLD) == []
        assert "records_stagedimport" in tables_with(MASKED)
        assert "beneficiaries_establishment" in tables_with(MASKED)


def test_a_dossier_the_list_already_names_is_not_its_own_double_funding(thanh_hoa_centre: User) -> None:
    send(thanh_hoa_centre, machine())
    staged = upload(thanh_hoa_centre, machine())
    assert [problem.code for row in workbook_of(staged).rows for problem in row.problems] == []


def test_support_another_province_gave_the_same_holder_is_warned_about(
    thanh_hoa_centre: User, nghe_an_centre: User
) -> None:
    other = make_project(nghe_an_centre)
    advance_to(other, State.SUBMITTED_PROV, drafter=nghe_an_centre)
    with act_as(nghe_an_centre):
        code = other.beneficiaries.get().establishment.tax_code
    (row,) = workbook_of(upload(thanh_hoa_centre, machine(tax_code=code))).rows
    assert [problem.code for problem in row.problems] == ["double_funding"]
    assert other.code in row.problems[0].message


def test_a_list_put_aside_is_closed_for_good(thanh_hoa_centre: User) -> None:
    staged = upload(thanh_hoa_centre)
    with act_as(thanh_hoa_centre):
        discard(staged, actor=thanh_hoa_centre)
        assert AuditEntry.objects.filter(action="programs.discard_import").count() == 1
    assert staged.status == StagedImportStatus.DISCARDED
    for closed in (lambda: apply(staged, thanh_hoa_centre), lambda: mend(staged, thanh_hoa_centre)):
        with pytest.raises(ValidationError, match="đã bỏ"):
            closed()
    with pytest.raises(ValidationError), act_as(thanh_hoa_centre):
        discard(staged, actor=thanh_hoa_centre)


def test_another_office_of_the_province_sees_the_row_but_no_other_province_does(
    thanh_hoa_centre: User, nghe_an_centre: User
) -> None:
    staged = upload(thanh_hoa_centre)
    with act_as(nghe_an_centre):
        assert not StagedImport.objects.filter(pk=staged.pk).exists()
