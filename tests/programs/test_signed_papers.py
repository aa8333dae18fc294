"""What was signed on paper and scanned is opened by those who see the project or the tranche, on record."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from accounts.scope import act_as
from programs import tranches
from programs.dossier import attach
from programs.lifecycle import Purse, State
from programs.models import Project, Tranche
from programs.workflow import Paper
from records import files
from records.models import AuditEntry, StoredFile
from tests.factories import PAPER, advance_to, make_project, open_tranche
from tests.pages import signed_in

pytestmark = pytest.mark.django_db


def scan(text: str, name: str) -> StoredFile:
    return files.store(io.BytesIO(f"%PDF-1.4\n% {text}\n%%EOF\n".encode()), name)


def with_scan(text: str, name: str) -> Paper:
    return Paper(PAPER.number, PAPER.signed_on, PAPER.signer, scan(text, name))


def read(user: User, url: str) -> bytes:
    answer = signed_in(user).get(url)
    assert answer.status_code == 200, url
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a FileResponse


def readings() -> list[tuple[str, str]]:
    entries = AuditEntry.objects.filter(action="programs.fetch_paper").order_by("id")
    return [(entry.object_type, (entry.after or {})["sha256"]) for entry in entries]


@pytest.fixture
def assigned(thanh_hoa_centre: User, min_approver: User, cuc_officer: User) -> tuple[Project, Tranche]:
    project = make_project(thanh_hoa_centre)
    tranche = open_tranche(project)
    advance_to(project, State.IN_PLAN, drafter=thanh_hoa_centre, tranche=tranche)
    with act_as(min_approver):
        tranches.decide(tranche, actor=min_approver, paper=with_scan("decision", "quyet-dinh.pdf"))
    with act_as(cuc_officer):
        tranches.assign(tranche, actor=cuc_officer, paper=with_scan("notice", "thong-bao.pdf"))
        project.refresh_from_db()
    return project, tranche


def test_decision_and_notice_are_opened_from_the_tranche(
    assigned: tuple[Project, Tranche], cuc_officer: User
) -> None:
    _project, tranche = assigned
    page = signed_in(cuc_officer).get(f"/dot/{tranche.uuid}/").content.decode()
    for path, words in (("quyet-dinh/ban-ky", b"% decision"), ("giao/ban-ky", b"% notice")):
        url = f"/dot/{tranche.uuid}/{path}/"
        assert f'href="{url}"' in page
        assert words in read(cuc_officer, url)
    decision, notice = scan("decision", "x.pdf"), scan("notice", "x.pdf")
    assert [digest for _kind, digest in readings()] == [decision.sha256, notice.sha256]


def test_each_step_shows_the_scan_it_recorded(
    assigned: tuple[Project, Tranche], thanh_hoa_centre: User, nghe_an_officer: User
) -> None:
    project, _tranche = assigned
    page = signed_in(thanh_hoa_centre).get(f"/de-an/{project.code}/").content.decode()
    for behind, words in ((1, b"% decision"), (0, b"% notice")):
        url = f"/de-an/{project.code}/buoc/{project.version - behind}/ban-chup/"
        assert f'href="{url}"' in page
        assert words in read(thanh_hoa_centre, url)
        assert signed_in(nghe_an_officer).get(url).status_code == 404
    assert page.count("/ban-chup/") == 2
    assert signed_in(thanh_hoa_centre).get(f"/de-an/{project.code}/buoc/2/ban-chup/").status_code == 404
    assert len(readings()) == 2


def test_a_tranche_without_scans_or_of_another_province_has_none_to_open(
    thanh_hoa_centre: User, thanh_hoa_chair: User, nghe_an_officer: User
) -> None:
    project = make_project(thanh_hoa_centre, purse=Purse.KCDP)
    tranche = open_tranche(project)
    advance_to(project, State.IN_PLAN, drafter=thanh_hoa_centre, tranche=tranche)
    url = f"/dot/{tranche.uuid}/quyet-dinh/ban-ky/"
    assert signed_in(thanh_hoa_chair).get(url).status_code == 404
    with act_as(thanh_hoa_chair):
        tranches.decide(tranche, actor=thanh_hoa_chair, paper=with_scan("local", "qd.pdf"))
    assert b"% local" in read(thanh_hoa_chair, url)
    assert signed_in(nghe_an_officer).get(url).status_code == 404


def test_a_scan_is_shown_and_never_runs_as_a_page(
    assigned: tuple[Project, Tranche], cuc_officer: User
) -> None:
    _project, tranche = assigned
    answer = signed_in(cuc_officer).get(f"/dot/{tranche.uuid}/quyet-dinh/ban-ky/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none';")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_a_paper_of_the_dossier_is_opened_on_record_too(
    thanh_hoa_centre: User, thanh_hoa_officer: User, nghe_an_officer: User
) -> None:
    project = make_project(thanh_hoa_centre)
    with act_as(thanh_hoa_centre):
        upload = SimpleUploadedFile("bao-gia.pdf", b"%PDF-1.4\n% quote\n%%EOF\n")
        item = attach(project, upload, paper_code="", actor=thanh_hoa_centre)
    url = f"/de-an/{project.code}/tai-lieu/{item.uuid}/"
    assert b"% quote" in read(thanh_hoa_officer, url)
    assert signed_in(nghe_an_officer).get(url).status_code == 404
    with act_as(thanh_hoa_officer):
        [entry] = AuditEntry.objects.filter(action="programs.fetch_paper")
    assert (entry.actor_id, entry.object_id) == (thanh_hoa_officer.pk, str(project.pk))
    assert entry.after == {"sha256": item.file.sha256}
