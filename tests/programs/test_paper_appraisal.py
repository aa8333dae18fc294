"""A list whose dossiers the Sở appraised on paper enters at "passed" with the scan of the sheet."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from accounts.scope import act_as
from programs.intake.apply import apply_import, outcome_of
from programs.intake.stage import stage_workbook
from programs.lifecycle import State
from programs.models import Project
from records import outbox
from records.context import whole_country
from records.models import InboxItem, StagedImport
from tests.factories import take
from tests.programs.intake.books import form_page, machine, xlsx

pytestmark = pytest.mark.django_db

SHEET = {
    "paper_number": "12/PTĐ-SCT",
    "paper_date": "10/06/2026",
    "paper_signer": "Người Ký Thử",
}


@pytest.fixture
def applied(thanh_hoa_officer: User) -> StagedImport:
    """Three drafts of the Sở's own list; the third asks for more than the norm."""
    entries = [
        machine("đồ gỗ"),
        machine("chiếu cói", tax_code="9928000305"),
        machine("ván ép", tax_code="9928000400", total=2400, kcqg=350, own=2050),
    ]
    with act_as(thanh_hoa_officer):
        book = io.BytesIO(xlsx(form_page([("I", "Máy móc", entries)])))
        staged = stage_workbook(book, "bieu.xlsx", actor=thanh_hoa_officer)
        apply_import(staged, actor=thanh_hoa_officer)
    assert len(outcome_of(staged).codes) == 3
    return staged


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("phieu.pdf", b"%PDF-1.4\n%%EOF\n")


def send(user: User, staged: StagedImport, **changes: Any) -> Any:
    client = Client()
    client.force_login(user)
    with whole_country():
        drafts = Project.objects.filter(code__in=outcome_of(staged).codes)
        rows = [f"{draft.code}:{draft.version}" for draft in drafts]
    data = {"code": rows, **SHEET, "paper_file": scan(), **changes}
    return client.post(f"/nhap-bieu/{staged.uuid}/tham-dinh/", data)


def test_drafts_enter_as_passed_with_number_date_signer_and_scan(
    applied: StagedImport, thanh_hoa_leader: User
) -> None:
    answer = send(thanh_hoa_leader, applied)
    assert answer.status_code == 200
    assert "2/3 hồ sơ đã chuyển" in answer.content.decode()
    first = Project.objects.earliest("id")
    step = first.transitions.get()
    assert (first.state, step.action) == (State.PASSED_PROV, "record_appraisal")
    assert (step.paper_number, step.paper_signer) == (SHEET["paper_number"], SHEET["paper_signer"])
    assert step.effective_on.isoformat() == "2026-06-10"
    assert step.paper_file is not None


def test_a_norm_seen_in_its_circular_blocks_also_what_was_appraised_on_paper(
    applied: StagedImport, thanh_hoa_leader: User
) -> None:
    page = send(thanh_hoa_leader, applied).content.decode()
    assert Project.objects.latest("id").state == State.DRAFT
    assert "300 triệu" in page


def test_what_only_the_paper_dossier_says_does_not_block_the_registration_either(
    applied: StagedImport, thanh_hoa_leader: User, thanh_hoa_officer: User
) -> None:
    send(thanh_hoa_leader, applied)
    first = Project.objects.earliest("id")
    excused = first.overrides.get(code="missing_sector")
    assert excused.document_number == SHEET["paper_number"]
    assert take("register", first, thanh_hoa_officer).state == State.REGISTERED


def test_whoever_made_the_list_may_not_record_its_appraisal(
    applied: StagedImport, thanh_hoa_officer: User
) -> None:
    page = send(thanh_hoa_officer, applied).content.decode()
    assert "0/3 hồ sơ đã chuyển" in page
    assert not Project.objects.exclude(state=State.DRAFT).exists()


def test_without_the_scan_nothing_moves_and_the_typed_words_stay(
    applied: StagedImport, thanh_hoa_leader: User
) -> None:
    answer = send(thanh_hoa_leader, applied, paper_file="")
    assert answer.status_code == 422
    assert SHEET["paper_signer"] in answer.content.decode()
    assert not Project.objects.exclude(state=State.DRAFT).exists()


@pytest.mark.parametrize("who", ["nghe_an_leader", "thanh_hoa_centre", "cuc_leader"])
def test_nobody_outside_the_provinces_so_finds_the_list(
    applied: StagedImport, who: str, request: pytest.FixtureRequest
) -> None:
    assert send(request.getfixturevalue(who), applied).status_code == 404


def test_the_sos_leaders_are_told_of_the_list_and_led_to_it(
    thanh_hoa_leader: User, nghe_an_leader: User, applied: StagedImport
) -> None:
    outbox.dispatch()
    with whole_country():
        (item,) = InboxItem.objects.all()
    assert item.user_id == thanh_hoa_leader.pk
    assert item.url == f"/nhap-bieu/{applied.uuid}/tham-dinh/"
