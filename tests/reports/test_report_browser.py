"""A running report in a real browser: followed to its file, stopped, and the same without scripts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import User
from records.context import whole_country
from records.leases import JobStatus
from reports.models import Report
from tests.factories import make_project
from tests.reports.conftest import fresh, made, read_sheet

pytestmark = pytest.mark.django_db(transaction=True)


def sign_in(context: BrowserContext, url: str, user: User) -> None:
    client = Client()
    client.force_login(user)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])


def the_report() -> Report:
    with whole_country():
        return Report.objects.get()


def worker_is_at(report: Report, pct: int, step: str) -> None:
    """What a worker would show; claims the report the first time."""
    with whole_country():
        running = Report.claim(report.pk) or Report.objects.get(pk=report.pk)
    running.heartbeat(running.token, pct, step)


def put_back(report: Report) -> None:
    with whole_country():
        Report.objects.filter(pk=report.pk).update(status=JobStatus.PENDING, lease_until=None)


def test_a_report_is_followed_left_found_again_and_fetched(
    live_server: Any, page: Page, thanh_hoa_centre: User, thanh_hoa_officer: User
) -> None:
    project = make_project(thanh_hoa_centre)
    sign_in(page.context, live_server.url, thanh_hoa_officer)
    page.goto(f"{live_server.url}/bao-cao/")
    page.get_by_label("Trạng thái đề án").select_option("all")
    page.get_by_role("button", name="Lập báo cáo").click()
    expect(page.get_by_text("Đang chờ đến lượt")).to_be_visible()
    address = page.url

    report = the_report()
    worker_is_at(report, 42, "Đang đọc đề án")
    bar = page.get_by_role("progressbar", name="Đang đọc đề án")
    expect(bar).to_have_attribute("value", "42")
    worker_is_at(report, 80, "Đang ghi biểu")
    expect(page.get_by_role("progressbar", name="Đang ghi biểu")).to_have_attribute("value", "80")

    page.goto(f"{live_server.url}/bao-cao/")
    expect(page.get_by_role("row").filter(has_text="KCQG 2027")).to_contain_text("80%")
    page.get_by_role("link", name=report.title).click()
    assert page.url == address
    expect(page.get_by_text("80%")).to_be_visible()

    put_back(report)
    made(report)
    expect(page.get_by_text("Đã lập xong")).to_be_visible()
    expect(page.get_by_role("link", name="Thông báo, 1 chưa đọc")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải tệp Excel").click()
    assert download.value.suggested_filename == f"{report.title}.xlsx"
    assert read_sheet(Path(download.value.path()).read_bytes()).projects[0][1] == project.title


def test_a_lost_answer_does_not_end_the_following(
    live_server: Any, page: Page, thanh_hoa_officer: User
) -> None:
    """One look fails (a restart, a lost packet): the clock asks again."""
    sign_in(page.context, live_server.url, thanh_hoa_officer)
    page.goto(f"{live_server.url}/bao-cao/")
    page.clock.install()
    page.get_by_role("button", name="Lập báo cáo").click()
    expect(page.get_by_text("Đang chờ đến lượt")).to_be_visible()
    looks = re.compile(r"\?lan=")
    page.route(looks, lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.clock.fast_forward(1500)
    page.unroute(looks)
    worker_is_at(the_report(), 33, "Đang đọc đề án")
    page.clock.fast_forward(15_000)
    expect(page.get_by_text("33%")).to_be_visible()


def test_cancel_stops_it_and_asking_again_is_one_press(
    live_server: Any, page: Page, thanh_hoa_officer: User
) -> None:
    sign_in(page.context, live_server.url, thanh_hoa_officer)
    page.goto(f"{live_server.url}/bao-cao/")
    page.get_by_role("button", name="Lập báo cáo").click()
    worker_is_at(the_report(), 10, "Đang đọc đề án")
    page.get_by_role("button", name="Hủy báo cáo").click()
    expect(page.get_by_text("không có tệp nào được giữ")).to_be_visible()
    assert fresh(the_report()).status == JobStatus.CANCELLED
    page.get_by_role("button", name="Lập lại").click()
    expect(page.get_by_text("Đang chờ đến lượt")).to_be_visible()


def test_everything_works_without_scripts(
    live_server: Any, browser: Browser, browser_context_args: dict[str, Any], thanh_hoa_officer: User
) -> None:
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})
    sign_in(context, live_server.url, thanh_hoa_officer)
    page = context.new_page()
    page.goto(f"{live_server.url}/bao-cao/")
    page.get_by_label("Năm kế hoạch").select_option("2026")
    page.get_by_role("button", name="Lập báo cáo").click()
    expect(page.get_by_text("Đang chờ đến lượt")).to_be_visible()
    made(the_report())
    page.get_by_role("link", name="Tải lại trang để xem tiến độ").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải tệp Excel").click()
    assert read_sheet(Path(download.value.path()).read_bytes()).projects == []
    context.close()
