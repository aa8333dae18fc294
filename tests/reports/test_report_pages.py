"""The list of one's reports, the page of one while it is made and after, and what works without scripts."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest

from accounts.models import User
from accounts.scope import act_as
from records.context import whole_country
from records.leases import JobStatus
from records.models import InboxItem
from reports import workflow
from reports.models import Report
from tests import cast
from tests.factories import make_project
from tests.pages import BACK_BUTTON, HTMX, cost_of, signed_in, text_of
from tests.reports.conftest import ask, fresh, made, read_sheet

pytestmark = pytest.mark.django_db
real = pytest.mark.django_db(transaction=True)
FORM = {"kind": "registration_list", "year": "2027", "purse": "KCQG", "province": "38", "stage": "all"}


def set_row(report: Report, **values: Any) -> None:
    with whole_country():
        Report.objects.filter(pk=report.pk).update(**values)


def running(report: Report, pct: int, step: str) -> None:
    with whole_country():
        claimed = Report.claim(report.pk)
        assert claimed is not None
        claimed.heartbeat(claimed.token, pct, step)


def page_of(report: Report) -> str:
    return f"/bao-cao/{report.uuid}/"


@real
def test_from_the_form_to_the_file(thanh_hoa_centre: User, thanh_hoa_officer: User, rung: list[Any]) -> None:
    project = make_project(thanh_hoa_centre)
    client = signed_in(thanh_hoa_officer)
    answer = client.post("/bao-cao/lap/", FORM, follow=True)
    (address, _status) = answer.redirect_chain[-1]
    report = fresh(Report(pk=rung[0][1]))
    assert rung == [("reports.tasks.build_report", report.pk)] and address == page_of(report)
    assert "Đang chờ đến lượt" in answer.content.decode()
    made(report)
    page = client.get(address).content.decode()
    assert "Đã lập xong" in page and "<b>1 đề án</b>" in page
    assert "<b>600\N{NO-BREAK SPACE}triệu đồng</b>" in page
    file = client.get(f"{address}tep/")
    assert "attachment" in file["Content-Disposition"] and file["Content-Security-Policy"].endswith("sandbox")
    sheet = read_sheet(b"".join(file.streaming_content))  # type: ignore[attr-defined]
    assert sheet.projects[0][1] == project.title


@real
def test_a_finished_report_leaves_a_message_that_leads_to_it(thanh_hoa_officer: User) -> None:
    report = made(ask(thanh_hoa_officer))
    with act_as(thanh_hoa_officer):
        (item,) = InboxItem.objects.all()
    assert item.user == thanh_hoa_officer and item.url == page_of(report)
    assert item.title == "Báo cáo đã lập xong: Biểu tổng hợp đề án KCQG 2027 – Thanh Hóa"


def test_the_form_offers_the_areas_of_ones_own_scope(thanh_hoa_officer: User, cuc_officer: User) -> None:
    mine = text_of(thanh_hoa_officer, "/bao-cao/")
    assert '<option value="38" selected>Tỉnh Thanh Hóa</option>' in mine
    assert "Tỉnh Nghệ An" not in mine and "Toàn quốc" not in mine
    national = text_of(cuc_officer, "/bao-cao/")
    assert (
        len(re.findall(r"<option", national.partition('name="province"')[2].partition("</select>")[0])) == 35
    )
    assert '<option value="00" selected>Toàn quốc</option>' in national


def test_a_person_without_a_post_is_told_why_there_is_no_form(db: None) -> None:
    nobody = User.objects.create(username="nobody", full_name="Người Chưa Có Việc")
    page = text_of(nobody, "/bao-cao/")
    assert "Bạn chưa giữ vị trí công tác" in page and 'action="/bao-cao/lap/"' not in page
    assert signed_in(nobody).post("/bao-cao/lap/", FORM).status_code == 403


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("province", "40"),
        ("province", "00"),
        ("year", "x"),
        ("year", ""),
        ("purse", "Z"),
        ("kind", ""),
        ("stage", "?"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_made(thanh_hoa_officer: User, name: str, value: str) -> None:
    answer = signed_in(thanh_hoa_officer).post("/bao-cao/lap/", FORM | {name: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'<a href="#id_{name}">' in page and 'role="alert"' in page
    assert not Report.objects.exists()


def test_the_same_request_while_it_runs_joins_the_first(
    thanh_hoa_officer: User, thanh_hoa_leader: User, rung: list[Any]
) -> None:
    client = signed_in(thanh_hoa_officer)
    first = client.post("/bao-cao/lap/", FORM)["Location"]
    again = client.post("/bao-cao/lap/", FORM, follow=True)
    assert again.redirect_chain[-1][0] == first
    assert "đang được lập; đây là báo cáo đó" in again.content.decode()
    assert client.post("/bao-cao/lap/", FORM | {"year": "2026"})["Location"] != first
    assert signed_in(thanh_hoa_leader).post("/bao-cao/lap/", FORM)["Location"] != first, (
        "another person's own"
    )


def test_after_it_has_ended_the_same_request_makes_a_new_one(thanh_hoa_officer: User) -> None:
    first = ask(thanh_hoa_officer)
    set_row(first, status=JobStatus.CANCELLED)
    assert ask(thanh_hoa_officer) != first


def test_progress_is_shown_with_step_and_percent_and_asks_again_ever_more_slowly(
    thanh_hoa_officer: User,
) -> None:
    report = ask(thanh_hoa_officer)
    running(report, 40, "Đang đọc đề án")
    client = signed_in(thanh_hoa_officer)
    page = client.get(page_of(report)).content.decode()
    assert '<progress id="report-progress" max="100" value="40"></progress>' in page
    assert "Đang đọc đề án" in page and "40%" in page
    delays = []
    for look in range(12):
        part = client.get(f"{page_of(report)}?lan={look}", headers=HTMX).content.decode()
        assert "<html" not in part and f"?lan={look + 1}" in part
        (delay,) = re.findall(r"load delay:([0-9.]+)s", part)
        delays.append(float(delay))
    assert delays[0] == 1 and delays == sorted(delays) and delays[-1] == 3
    assert "load delay:1s" in client.get(f"{page_of(report)}?lan=rác", headers=HTMX).content.decode()


def test_coming_back_by_the_back_button_shows_the_whole_page(thanh_hoa_officer: User) -> None:
    report = ask(thanh_hoa_officer)
    answer = signed_in(thanh_hoa_officer).get(page_of(report), headers=BACK_BUTTON)
    assert "<html" in answer.content.decode()


@real
def test_the_asking_ends_with_the_report_and_the_page_is_loaded_anew(thanh_hoa_officer: User) -> None:
    report = made(ask(thanh_hoa_officer))
    client = signed_in(thanh_hoa_officer)
    assert client.get(page_of(report), headers=HTMX)["HX-Refresh"] == "true"
    assert (
        "hx-get"
        not in client.get(page_of(report)).content.decode().partition("<main")[2].partition("</main")[0]
    )


def test_without_scripts_a_link_reloads_the_page(thanh_hoa_officer: User) -> None:
    report = ask(thanh_hoa_officer)
    page = text_of(thanh_hoa_officer, page_of(report))
    assert f'<p class="without-js"><a href="{page_of(report)}">' in page


def test_cancel_and_retry_are_plain_forms(thanh_hoa_officer: User, rung: list[Any]) -> None:
    report = ask(thanh_hoa_officer)
    client = signed_in(thanh_hoa_officer)
    assert client.post(f"{page_of(report)}huy/").status_code == 302
    page = client.get(page_of(report)).content.decode()
    assert fresh(report).status == JobStatus.CANCELLED and "không có tệp nào được giữ" in page
    assert f'action="{page_of(report)}lap-lai/"' in page
    assert client.post(f"{page_of(report)}lap-lai/").status_code == 302
    assert fresh(report).status == JobStatus.PENDING


def test_a_step_that_is_not_open_says_why_and_changes_nothing(thanh_hoa_officer: User) -> None:
    report = ask(thanh_hoa_officer)
    client = signed_in(thanh_hoa_officer)
    assert "Chỉ lập lại được báo cáo bị lỗi hoặc đã hủy" in (
        client.post(f"{page_of(report)}lap-lai/", follow=True).content.decode()
    )
    assert "chưa lập xong" in client.get(f"{page_of(report)}tep/", follow=True).content.decode()
    set_row(report, status=JobStatus.FAILED, error="Có lỗi khi lập báo cáo.")
    assert "đã kết thúc nên không hủy được" in (
        client.post(f"{page_of(report)}huy/", follow=True).content.decode()
    )
    assert fresh(report).status == JobStatus.FAILED


def test_a_retry_beside_a_running_twin_leads_to_the_twin(thanh_hoa_officer: User) -> None:
    old = ask(thanh_hoa_officer)
    set_row(old, status=JobStatus.FAILED)
    twin = ask(thanh_hoa_officer)
    answer = signed_in(thanh_hoa_officer).post(f"{page_of(old)}lap-lai/")
    assert answer["Location"] == page_of(twin)
    assert fresh(old).status == JobStatus.FAILED


def test_the_page_leads_to_the_list_of_the_same_projects(
    thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    report = ask(thanh_hoa_officer, stage="approved")
    page = text_of(thanh_hoa_officer, page_of(report))
    states = "&amp;".join(f"state={state}" for state in ("APPROVED", "ASSIGNED", "CONTRACTED"))
    assert f'href="/de-an/?year=2027&amp;purse=KCQG&amp;province=38&amp;{states}"' in page


def test_ones_reports_cost_the_same_however_many_there_are(thanh_hoa_officer: User) -> None:
    ask(thanh_hoa_officer)
    before = cost_of(thanh_hoa_officer, "/bao-cao/")
    for year in range(2016, 2026):
        ask(thanh_hoa_officer, year=year)
    assert cost_of(thanh_hoa_officer, "/bao-cao/") == before


def test_the_list_is_paged_newest_first(thanh_hoa_officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("records.paging.PAGE_SIZE", 2)
    asked = [ask(thanh_hoa_officer, year=year) for year in (2024, 2025, 2026)]
    client = signed_in(thanh_hoa_officer)
    first = client.get("/bao-cao/").context["page"]
    second = client.get(f"/bao-cao/?cursor={first.next}").context["page"]
    assert [row.pk for row in [*first.rows, *second.rows]] == [report.pk for report in reversed(asked)]


def test_an_unknown_report_is_a_plain_404(thanh_hoa_officer: User) -> None:
    assert signed_in(thanh_hoa_officer).get(f"/bao-cao/{uuid.uuid4()}/").status_code == 404


def test_two_requests_in_the_same_moment_make_one_report(thanh_hoa_officer: User, monkeypatch: Any) -> None:
    """The second has looked before the first was there; the database tells it."""
    first = ask(thanh_hoa_officer)
    looks = iter([None])
    seen = workflow._twin
    monkeypatch.setattr(workflow, "_twin", lambda asked: next(looks, ...) and seen(asked))
    with act_as(thanh_hoa_officer):
        joined, new = workflow.request_report(
            actor=thanh_hoa_officer, kind=first.kind, area=cast.province("Thanh Hóa"), year=2027, purse="KCQG"
        )
    assert (joined, new) == (first, False)
    with whole_country():
        assert Report.objects.count() == 1
