"""Several dossiers in one PDF: ticked on a list, made by the worker, within what its owner may see."""

from __future__ import annotations

import re
from typing import Any

import pytest

from accounts.models import Membership, User
from accounts.roles import Role
from accounts.scope import act_as
from programs.errors import MissingDetail
from programs.lifecycle import Purse, State
from programs.models import Project
from records.context import whole_country
from records.leases import JobStatus
from records.models import InboxItem
from records.sniff import PDF
from reports import kinds, workflow
from reports.models import Report
from tests import cast
from tests.factories import advance_to, make_project
from tests.pages import signed_in
from tests.reports.conftest import file_of, made

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def projects(thanh_hoa_centre: User) -> list[Project]:
    found = [make_project(thanh_hoa_centre), make_project(thanh_hoa_centre, purse=Purse.KCDP)]
    return [advance_to(each, State.REVIEW_PROV, drafter=thanh_hoa_centre) for each in found]


def tick(user: User, *projects: Project) -> Any:
    ticked = [f"{project.code}:{project.version}" for project in projects]
    return signed_in(user).post("/bao-cao/ho-so/", {"code": ticked}, follow=True)


def only() -> Report:
    with whole_country():
        return Report.objects.select_related("owner", "province").get()


def papers_of(report: Report) -> list[Any]:
    with act_as(report.owner):
        paper = kinds.KINDS[report.kind](report, lambda pct, step: None)
    assert isinstance(paper, kinds.DossiersPaper)
    return [each.plain() for each in paper.papers]


def test_ticked_dossiers_become_one_pdf_with_contents_and_a_notice(
    projects: list[Project], thanh_hoa_officer: User
) -> None:
    page = tick(thanh_hoa_officer, *projects).content.decode()
    assert "Hồ sơ 2 đề án" in page and projects[1].code in page
    report = made(only())
    assert report.status == JobStatus.DONE, report.error
    file = file_of(report)
    assert report.result is not None and report.result.media_type == PDF
    assert file.startswith(b"%PDF-") and len(re.findall(rb"/Type\s*/Page\b(?!s)", file)) >= 5
    assert report.summary["projects"] == 2
    assert report.summary["total_vnd"] == sum(project.total_vnd for project in projects)
    with whole_country():
        assert InboxItem.objects.get(user=thanh_hoa_officer).title.startswith("Báo cáo đã lập xong: Hồ sơ 2")
    answer = signed_in(thanh_hoa_officer).get(f"/bao-cao/{report.uuid}/tep/")
    assert answer["Content-Type"] == PDF and ".pdf" in answer["Content-Disposition"]


def test_each_dossier_holds_form_checks_steps_and_list_of_papers(
    projects: list[Project], thanh_hoa_officer: User
) -> None:
    tick(thanh_hoa_officer, *projects)
    papers = papers_of(only())
    assert [each["entry"] for each in papers if each["entry"]] == [
        f"{project.code} – {project.title}" for project in sorted(projects, key=lambda p: p.code)
    ]
    account = papers[1]["blocks"]
    heads = [block["text"] for block in account if block["kind"] == "heading"]
    assert heads == ["Kiểm tra tự động", "Quá trình xử lý", "Danh mục giấy tờ kèm theo"]
    steps, listed = account[3]["rows"], account[5]["rows"]
    assert [row[1] for row in steps] == ["Nộp Sở Công Thương", "Tiếp nhận, bắt đầu thẩm định"]
    assert all(row[1].endswith(".pdf") for row in listed) and listed


def test_a_dossier_of_another_province_is_never_in_it(
    projects: list[Project], nghe_an_officer: User, nghe_an_centre: User
) -> None:
    own = advance_to(make_project(nghe_an_centre), State.REVIEW_PROV, drafter=nghe_an_centre)
    tick(nghe_an_officer, own, *projects)
    report = only()
    assert report.codes == [own.code]
    assert [each["entry"][:17] for each in papers_of(report) if each["entry"]] == [own.code]


def test_who_lost_the_post_meanwhile_gets_the_reason_and_no_file(
    projects: list[Project], thanh_hoa_officer: User
) -> None:
    tick(thanh_hoa_officer, *projects)
    Membership.objects.filter(user=thanh_hoa_officer).delete()
    cast.give_post(thanh_hoa_officer, Role.SO_OFFICER, cast.so_of("Nghệ An"))
    report = made(only())
    assert (report.status, report.result) == (JobStatus.FAILED, None)
    assert signed_in(thanh_hoa_officer).get(f"/bao-cao/{report.uuid}/").status_code == 404


def test_a_finished_file_is_closed_to_its_owner_who_has_changed_provinces(
    projects: list[Project], thanh_hoa_officer: User
) -> None:
    tick(thanh_hoa_officer, *projects)
    report = made(only())
    assert report.whole_ids == [projects[0].province_id]
    Membership.objects.filter(user=thanh_hoa_officer).delete()
    cast.give_post(thanh_hoa_officer, Role.SO_OFFICER, cast.so_of("Nghệ An"))
    assert signed_in(thanh_hoa_officer).get(f"/bao-cao/{report.uuid}/tep/").status_code == 404


def test_none_ticked_or_too_many_is_told_in_words(
    projects: list[Project], thanh_hoa_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Hãy chọn ít nhất một đề án" in tick(thanh_hoa_officer).content.decode()
    asked_on = {"next": "/ke-hoach/"}
    refused = signed_in(thanh_hoa_officer).post("/bao-cao/ho-so/", asked_on)
    assert refused.headers["Location"] == "/ke-hoach/", "told on the page where it was asked"
    monkeypatch.setattr(workflow, "MOST_DOSSIERS", 1)
    with act_as(thanh_hoa_officer), pytest.raises(MissingDetail, match="tối đa 1 đề án"):
        workflow.request_dossiers(actor=thanh_hoa_officer, projects=projects)


def test_the_same_choice_joins_the_file_being_made_and_can_be_cancelled(
    projects: list[Project], thanh_hoa_officer: User
) -> None:
    tick(thanh_hoa_officer, *projects)
    tick(thanh_hoa_officer, *reversed(projects))
    report = only()
    signed_in(thanh_hoa_officer).post(f"/bao-cao/{report.uuid}/huy/")
    assert made(report).status == JobStatus.CANCELLED


def test_the_api_lists_it_without_year_purse_or_stage(
    projects: list[Project], thanh_hoa_officer: User
) -> None:
    tick(thanh_hoa_officer, *projects)
    row = signed_in(thanh_hoa_officer).get("/api/v1/reports/").json()["results"][0]
    assert (row["kind"], row["year"], row["purse"], row["stage"]) == ("dossiers", None, None, None)
    assert row["codes"] == sorted(project.code for project in projects)
